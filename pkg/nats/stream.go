package nats

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"huizong/pkg/reporting"
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
	if _, err := b.js.CreateOrUpdateStream(ctx, b.submissions(replicas)); err != nil {
		return fmt.Errorf("ensure stream %s: %w", Submissions, translate(err))
	}
	return b.deleteStreams(ctx, former...)
}

// submissions is the stream as this version wants it.
func (b *Bus) submissions(replicas int) jetstream.StreamConfig {
	return jetstream.StreamConfig{
		Name:        Submissions,
		Description: "submissions received and decided",
		Subjects:    []string{receivedSubject + ">", decidedSubject + ">"},
		Storage:     jetstream.FileStorage,
		Retention:   jetstream.LimitsPolicy,
		MaxAge:      submissionsAge,
		Duplicates:  duplicates,
		Replicas:    max(replicas, 1),
		Metadata:    b.owner,
	}
}

// lookEvery is how often it is looked whether the stream is there.
const lookEvery = time.Second

// KeepStreams makes the stream again when it is missing, until ctx ends: somebody may delete it on a server that is not ours alone, and of the
// embedded one its files may go. What was in it has to be announced again: see Restored.
func (b *Bus) KeepStreams(ctx context.Context, replicas int) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if !b.conn.IsConnected() {
			continue // the connection has reported it
		}
		if err := b.restore(ctx, replicas); err != nil && ctx.Err() == nil {
			b.onError(fmt.Errorf("keep streams: %w", err))
		}
	}
}

// Restored gets a value after KeepStreams has made the stream again: what is in the journal and waits has to be announced again.
func (b *Bus) Restored() <-chan struct{} { return b.restored }

func (b *Bus) restore(ctx context.Context, replicas int) error {
	bound, cancel := bounded(ctx)
	defer cancel()
	there, err := b.hasStream(bound)
	if err != nil || there {
		return err
	}
	b.onError(reporting.Errorf(reporting.Unavailable, "stream %s is gone and is made again", Submissions))
	if err := b.EnsureStreams(ctx, replicas); err != nil {
		return err
	}
	select {
	case b.restored <- struct{}{}:
	default: // it is being signalled already
	}
	return nil
}

func (b *Bus) hasStream(ctx context.Context) (bool, error) {
	_, err := b.js.Stream(ctx, Submissions)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for stream %s: %w", Submissions, translate(err))
	}
	return true, nil
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
