package worker

import (
	"context"
	"sync/atomic"

	"huizong/pkg/clickhouse"
	"huizong/pkg/reporting"
)

// maxBatch is how many submissions share one round of inserts at most.
const maxBatch = 32

// committer stores the entries of several submissions together: each insert costs an fsync, and one for many is as good as one for
// each. A submission on its own is not kept waiting for others.
type committer struct {
	facts    *clickhouse.Store
	domainOf func(indicator string) reporting.Domain
	queue    chan pending
	stored   atomic.Int64 // entries
}

type pending struct {
	entry clickhouse.Entry
	alone bool // it shares its inserts with no other
	done  chan error
}

func newCommitter(facts *clickhouse.Store, c *reporting.Catalogue) *committer {
	return &committer{facts: facts, queue: make(chan pending), domainOf: func(code string) reporting.Domain {
		if i := c.Indicator(code); i != nil {
			return i.Domain
		}
		return ""
	}}
}

// commit returns when the entry's outcome is stored, or could not be. An entry that failed with others is to be stored alone.
func (c *committer) commit(ctx context.Context, entry clickhouse.Entry, alone bool) error {
	p := pending{entry: entry, alone: alone, done: make(chan error, 1)}
	select {
	case c.queue <- p:
	case <-ctx.Done():
		return reporting.Errorf(reporting.Canceled, "commit: %w", context.Cause(ctx))
	}
	select {
	case err := <-p.done:
		return err
	case <-ctx.Done():
		return reporting.Errorf(reporting.Canceled, "commit: %w", context.Cause(ctx))
	}
}

// run takes what is waiting, stores it, and goes on until ctx ends.
func (c *committer) run(ctx context.Context) {
	for {
		var batch []pending
		select {
		case <-ctx.Done():
			return
		case p := <-c.queue:
			batch = append(batch, p)
		}
		for more := !batch[0].alone; more && len(batch) < maxBatch; {
			select {
			case p := <-c.queue:
				if p.alone {
					c.store(ctx, []pending{p})
					continue
				}
				batch = append(batch, p)
			default:
				more = false
			}
		}
		c.store(ctx, batch)
	}
}

// store stores the batch, or, where something in it cannot be stored, each entry for itself, so that only the one at fault fails. A
// retried entry has a new attempt: what the first one left is never shown.
func (c *committer) store(ctx context.Context, batch []pending) {
	entries := make([]clickhouse.Entry, len(batch))
	for i, p := range batch {
		entries[i] = p.entry
	}
	err := c.write(ctx, entries)
	for i, p := range batch {
		if err != nil && len(batch) > 1 && reporting.CodeOf(err) == reporting.Internal {
			entries[i].Attempt = clickhouse.NewAttempt()
			p.done <- c.write(ctx, entries[i:i+1])
			continue
		}
		p.done <- err
	}
}

// write is the order that makes a submission visible whole or not at all: facts, read back, and the outcome last. If we crash before
// the outcome, nobody sees the facts; after it, everybody sees all of them.
func (c *committer) write(ctx context.Context, entries []clickhouse.Entry) error {
	if err := c.facts.Insert(ctx, entries, c.domainOf); err != nil {
		return err
	}
	if err := c.facts.ReadBack(ctx, entries); err != nil {
		return err
	}
	if err := c.facts.Commit(ctx, entries); err != nil {
		return err
	}
	c.stored.Add(int64(len(entries)))
	return nil
}
