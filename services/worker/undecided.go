package worker

import (
	"cmp"
	"context"
	"errors"
	"sync"

	"go.uber.org/zap"

	"huizong/pkg/clickhouse"
	"huizong/pkg/reporting"
)

// giveUp gives an entry that cannot be decided the outcome that says so. The journal is written first, so that a rebuild, also by a program
// that could decide it, comes to the same: what was judged after it was judged without it. A rebuild itself writes nothing there: what it
// fails at now it may have decided before.
func (w *Worker) giveUp(ctx context.Context, at reporting.Envelope, cause error) error {
	w.Log.Error("submission could not be decided, and is rejected through our own fault: mend it and replay it (huizong quarantine)",
		zap.String("submission", cmp.Or(at.Subject, at.ID)), zap.String("org", at.Org), zap.Error(cause))
	if _, said := w.Store.Undecided(at.ID); !said && w.Bus != nil {
		_, err := w.Store.Append(context.WithoutCancel(ctx), reporting.Envelope{Kind: reporting.SubmissionUndecided, Org: at.Org, Form: at.Form,
			Period: at.Period, Subject: at.ID, Reason: reporting.Shorten(cause.Error(), maxReason)})
		if err != nil {
			return err
		}
	}
	w.tries.gaveUp(at.ID, cause)
	if err := w.storeUndecided(ctx, at); err != nil {
		return err
	}
	w.tries.end(at.ID)
	return nil
}

// maxReason is how many letters of a reason the journal keeps: a panic has its stack in it.
const maxReason = 4 << 10

// storeUndecided stores the outcome of an entry that cannot be decided.
func (w *Worker) storeUndecided(ctx context.Context, at reporting.Envelope) error {
	e, err := w.judged(at)
	if err != nil {
		return err
	}
	d := reporting.Decision{Submission: cmp.Or(e.Subject, e.ID), Outcome: reporting.Rejected, Form: e.Form, Org: e.Org, Period: e.Period, SHA256: e.SHA256,
		FileName: e.FileName, ReceivedAt: e.ReceivedAt, Findings: []reporting.Finding{reporting.UndecidedFinding()}}
	if err := w.store(ctx, at, clickhouse.Entry{Decision: d, Attempt: clickhouse.NewAttempt()}); err != nil {
		return err
	}
	w.pasts.after(e, d, reporting.Reading{})
	return nil
}

// Undecided is a submission that could not be decided, and why.
type Undecided struct {
	reporting.Decision
	Reason string
}

// Replay decides every entry of the journal, without the bus: a rebuild. Units take turns, each one's entries in order. progress is called with how
// many of how many are done. It returns the submissions that could not be decided, now or when they came, and were not decided since; an
// error says that it did not come to the end.
func (w *Worker) Replay(ctx context.Context, progress func(done, total int)) ([]Undecided, error) {
	running, end := context.WithCancel(ctx)
	defer end()
	go w.commits.run(running)
	total, done := w.queue.load(nil), 0
	if total > 0 {
		var mu sync.Mutex // guards done, and orders the calls of progress
		<-w.work(running, func() {
			mu.Lock()
			defer mu.Unlock()
			done++
			if progress(done, total); done == total {
				end()
			}
		})
	}
	if err := ctx.Err(); err != nil {
		return nil, reporting.Errorf(reporting.Canceled, "replay: %w", errors.Join(err, context.Cause(ctx)))
	}
	found, err := w.Facts.Undecided(ctx)
	if err != nil {
		return nil, err
	}
	var undecided []Undecided
	for _, f := range found {
		undecided = append(undecided, Undecided{f.Decision, w.reason(f.Entry)})
	}
	return undecided, nil
}

// reason is why the entry could not be decided: as the journal has it, or as this process found.
func (w *Worker) reason(entry string) string {
	if said, there := w.Store.Undecided(entry); there {
		return said.Reason
	}
	return w.tries.cause(entry)
}
