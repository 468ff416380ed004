package nats

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"huizong/pkg/lease"
	"huizong/pkg/reporting"
)

// The streams carry the name of the journal that they are about. It goes with them when they are deleted.
const (
	ownerKey     = "huizong-journal"
	directoryKey = "huizong-directory"
)

// leaseBucket holds the claims of the processes that use the streams. It is on disk, like the streams: a server that was started again knows
// who was at work a moment ago.
const (
	leaseBucket = "HUIZONG_LEASES"
	leaseAge    = time.Minute // a claim that was not renewed for so long is forgotten
)

// ErrOwned is in the chain of Own's error when the streams are about another journal.
var ErrOwned = errors.New("the streams are about another journal")

// Own says whose journal the streams are about from the next EnsureStreams on. Error: conflict with ErrOwned where they are about another
// one, named.
func (b *Bus) Own(ctx context.Context, journal, directory string) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	stream, err := b.js.Stream(ctx, Submissions)
	switch {
	case errors.Is(err, jetstream.ErrStreamNotFound):
	case err != nil:
		return fmt.Errorf("owner of stream %s: %w", Submissions, translate(err))
	default:
		has := stream.CachedInfo().Config.Metadata
		if other := has[ownerKey]; other != "" && other != journal {
			return reporting.Errorf(reporting.Conflict, "%w: %s, of %s", ErrOwned, other, has[directoryKey])
		}
	}
	b.owner = map[string]string{ownerKey: journal, directoryKey: directory}
	return nil
}

// Leases is the board for the claims of those who use the streams.
func (b *Bus) Leases() lease.Board { return leases{b} }

type leases struct{ bus *Bus }

// bucket finds the bucket, or makes it: also anew, after it was lost with the server's state.
func (l leases) bucket(ctx context.Context) (jetstream.KeyValue, error) {
	bucket, err := l.bus.js.KeyValue(ctx, leaseBucket)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		bucket, err = l.bus.js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: leaseBucket, Description: "who uses the streams", TTL: leaseAge})
	}
	return bucket, translate(err)
}

func (l leases) Claims(ctx context.Context) ([]lease.Claim, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	bucket, err := l.bucket(ctx)
	if err != nil {
		return nil, err
	}
	keys, err := bucket.Keys(ctx)
	if errors.Is(err, jetstream.ErrNoKeysFound) {
		return nil, nil
	}
	if err != nil {
		return nil, translate(err)
	}
	var claims []lease.Claim
	for _, key := range keys {
		entry, err := bucket.Get(ctx, key)
		if errors.Is(err, jetstream.ErrKeyNotFound) {
			continue
		}
		if err != nil {
			return nil, translate(err)
		}
		var c lease.Claim
		if err := json.Unmarshal(entry.Value(), &c); err != nil {
			return nil, reporting.Errorf(reporting.Internal, "claim %s: %w", key, err)
		}
		claims = append(claims, c)
	}
	return claims, nil
}

func (l leases) Put(ctx context.Context, c lease.Claim) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	value, err := json.Marshal(c)
	if err != nil {
		return err
	}
	bucket, err := l.bucket(ctx)
	if err == nil {
		_, err = bucket.Put(ctx, c.ID, value)
	}
	return translate(err)
}

func (l leases) Remove(ctx context.Context, id string) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	bucket, err := l.bucket(ctx)
	if err == nil {
		err = bucket.Delete(ctx, id)
	}
	return translate(err)
}
