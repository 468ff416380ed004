package nats

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// The stream.
const Submissions = "SUBMISSIONS" // what was received and decided

// former are streams of earlier versions. What was in them is in the journal without an outcome, and is decided from there.
var former = []string{"QUARANTINE", "MAX_DELIVERIES"}

const (
	submissionsAge = 30 * 24 * time.Hour // more than any outage; the sweeper drives what is older
	duplicates     = 2 * time.Minute
)

// EnsureStreams makes the stream, or brings it to what this version wants, on so many servers of a cluster (1 for the embedded server),
// and deletes those of earlier versions. Calling it again is harmless.
func (b *Bus) EnsureStreams(ctx context.Context, replicas int) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	_, err := b.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name:        Submissions,
		Description: "submissions received and decided",
		Subjects:    []string{receivedSubject + ">", decidedSubject + ">"},
		Storage:     jetstream.FileStorage,
		Retention:   jetstream.LimitsPolicy,
		MaxAge:      submissionsAge,
		Duplicates:  duplicates,
		Replicas:    max(replicas, 1),
		Metadata:    b.owner,
	})
	if err != nil {
		return fmt.Errorf("ensure stream %s: %w", Submissions, translate(err))
	}
	return b.deleteStreams(ctx, former...)
}

// DeleteState deletes the streams with all in them and all their consumers: the bus as it was before the first EnsureStreams. The
// journal of envelopes brings everything back.
func (b *Bus) DeleteState(ctx context.Context) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	return b.deleteStreams(ctx, Submissions)
}

func (b *Bus) deleteStreams(ctx context.Context, names ...string) error {
	for _, name := range names {
		if err := b.js.DeleteStream(ctx, name); err != nil && !errors.Is(err, jetstream.ErrStreamNotFound) {
			return fmt.Errorf("delete stream %s: %w", name, translate(err))
		}
	}
	return nil
}
