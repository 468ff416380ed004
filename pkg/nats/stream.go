package nats

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// The streams.
const (
	Submissions      = "SUBMISSIONS"    // what was received and decided
	quarantineStream = "QUARANTINE"     // what waits for a person
	exceededStream   = "MAX_DELIVERIES" // the server's notes of messages it has given up on, until they are in the quarantine
)

const (
	submissionsAge = 30 * 24 * time.Hour // more than any outage; the sweeper drives what is older
	exceededAge    = 30 * 24 * time.Hour
	duplicates     = 2 * time.Minute
)

// exceededSubject is where the server says that a consumer's message has reached its last delivery.
func exceededSubject(stream, durable string) string {
	return "$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES." + stream + "." + durable
}

// EnsureStreams makes the streams, or brings them to what this version wants, on so many servers of a cluster (1 for the
// embedded server). Calling it again is harmless.
func (b *Bus) EnsureStreams(ctx context.Context, replicas int) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	for _, config := range streams(max(replicas, 1)) {
		if _, err := b.js.CreateOrUpdateStream(ctx, config); err != nil {
			return fmt.Errorf("ensure stream %s: %w", config.Name, translate(err))
		}
	}
	return nil
}

func streams(replicas int) []jetstream.StreamConfig {
	return []jetstream.StreamConfig{
		{
			Name:        Submissions,
			Description: "submissions received and decided",
			Subjects:    []string{receivedSubject + ">", decidedSubject + ">"},
			Storage:     jetstream.FileStorage,
			Retention:   jetstream.LimitsPolicy,
			MaxAge:      submissionsAge,
			Duplicates:  duplicates,
			Replicas:    replicas,
		},
		{
			Name:              quarantineStream,
			Description:       "messages that wait for a person",
			Subjects:          []string{quarantineSubject + ">"},
			Storage:           jetstream.FileStorage,
			Retention:         jetstream.LimitsPolicy, // without an age: until a person acts
			MaxMsgsPerSubject: 1,                      // an id is in it once, with its latest reason
			Duplicates:        duplicates,
			Replicas:          replicas,
		},
		{
			// A plain subscription to the notes would miss those sent while the process that should hear them is down, and
			// a message that kills its process is what they are about.
			Name:        exceededStream,
			Description: "messages whose deliveries are used up, on the way to QUARANTINE",
			Subjects:    []string{exceededSubject(Submissions, ">")},
			Storage:     jetstream.FileStorage,
			Retention:   jetstream.WorkQueuePolicy,
			MaxAge:      exceededAge,
			Duplicates:  duplicates,
			Replicas:    replicas,
		},
	}
}

// DeleteState deletes the streams with all in them and all their consumers: the bus as it was before the first EnsureStreams. The
// journal of envelopes brings everything back.
func (b *Bus) DeleteState(ctx context.Context) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	for _, config := range streams(1) {
		err := b.js.DeleteStream(ctx, config.Name)
		if err != nil && !errors.Is(err, jetstream.ErrStreamNotFound) {
			return fmt.Errorf("delete stream %s: %w", config.Name, translate(err))
		}
	}
	return nil
}
