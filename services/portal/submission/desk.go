// Package submission answers the portal's rooms what became of submissions: outcomes, also those that are still to come, what is due and what
// of it is there, tables, pictures, and what one of them changed. It knows no page and no route.
package submission

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/answers"
	"huizong/pkg/clickhouse"
	"huizong/pkg/difference"
	"huizong/pkg/judge"
	"huizong/pkg/nats"
	"huizong/pkg/originals"
	"huizong/pkg/picture"
	"huizong/pkg/reporting"
)

// Desk knows what became of submissions: it answers with outcomes, boards, tables and pictures, and wakes who waits for an outcome. Several
// rooms ask it; it knows none of them.
type Desk struct {
	Store     *originals.Store
	Facts     *clickhouse.Store
	Catalogue *reporting.Catalogue
	Reader    *judge.Room
	Answers   *answers.Answers
	OnDecided func(reporting.Decided) // is called with each decision that is announced; nil is nothing

	started time.Time // what was received from then on is announced to us
	mu      sync.Mutex
	waiting map[string][]chan struct{} // by submission; closed when its outcome is announced
	recent  recent
}

// New begins to know at once; its owner has to pass on what is decided.
func New(d *Desk) *Desk {
	d.started, d.waiting = time.Now(), map[string][]chan struct{}{}
	return d
}

// Decided takes an outcome in: it is kept for a while, and those who wait for it are woken.
func (k *Desk) Decided(ctx context.Context, m nats.Message) error {
	var decided reporting.Decided
	if json.Unmarshal(m.Data, &decided) == nil {
		k.announce(decided)
	}
	return m.Ack(context.WithoutCancel(ctx))
}

// announce keeps a decision for a while, and wakes those who wait for it.
func (k *Desk) announce(decided reporting.Decided) {
	k.mu.Lock()
	if decided.Findings != nil {
		k.recent.add(decided)
	}
	for _, waiter := range k.waiting[decided.Submission] {
		close(waiter)
	}
	delete(k.waiting, decided.Submission)
	k.mu.Unlock()
	if k.OnDecided != nil {
		k.OnDecided(decided)
	}
}

// recent are the last decisions that were announced. Senders ask for theirs at once, and then the database need not be asked.
type recent struct {
	byID  map[string]reporting.Decision
	order []string // a ring
	next  int
}

// maxRecent decisions are kept.
const maxRecent = 1024

func (r *recent) add(d reporting.Decision) {
	if r.byID == nil {
		r.byID, r.order = map[string]reporting.Decision{}, make([]string, maxRecent)
	}
	if _, there := r.byID[d.Submission]; there { // decided again: one that could not be
		r.byID[d.Submission] = d
		return
	}
	delete(r.byID, r.order[r.next])
	r.order[r.next], r.byID[d.Submission] = d.Submission, d
	r.next = (r.next + 1) % maxRecent
}

// State is a submission as its sender sees it: Outcome is "" while it waits.
type State struct {
	reporting.Decision
	Pending bool `json:"pending"`

	// Groups are the findings put together by their cause, for people. Answers have them; they are made when one is given.
	Groups []reporting.FindingGroup `json:"groups"`
}

// Answer is the state as it is shown, with the groups.
func (s State) Answer() State {
	s.Groups = reporting.GroupFindings(s.Findings)
	return s
}

// lookAgain is how long a waiter relies on announcements before it looks for itself.
const lookAgain = time.Second

// Await returns the submission's state, after at most patience if it has no outcome by then. What findings quote of persons is whole for the
// people of its unit, and for the one who runs the server.
func (k *Desk) Await(ctx context.Context, id string, patience time.Duration) (State, error) {
	e, err := k.Envelope(ctx, id)
	if err != nil {
		return State{}, err
	}
	s, err := k.stateOf(ctx, e, patience)
	if who := access.From(ctx); who.Unit != e.Org && who.Via != access.ViaLocal {
		s.Findings = picture.MaskFindings(s.Findings)
	}
	return s, err
}

// stateOf is await for a caller who may see the whole of it.
func (k *Desk) stateOf(ctx context.Context, e reporting.Envelope, patience time.Duration) (State, error) {
	id := e.ID
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	again := time.NewTicker(lookAgain)
	defer again.Stop()
	// What came in since we listen is announced to us: only what came before, and what is asked without patience, is looked up at once.
	look := patience == 0 || e.ReceivedAt.Before(k.started)
	for ; ; look = true {
		known, announced, leave := k.wait(id) // before looking, or an outcome in between would be missed
		if known != nil {
			leave()
			return State{Decision: *known}, nil
		}
		if look {
			found, decided, err := k.Facts.Outcome(ctx, id)
			if err == nil && decided || err != nil && patience == 0 {
				leave()
				return State{Decision: found}, err
			}
		}
		select {
		case <-announced:
		case <-again.C:
		case <-ctx.Done():
			leave()
			return State{}, reporting.Errorf(reporting.Canceled, "submission %s: %w", id, ctx.Err())
		case <-deadline.C:
			leave()
			return pending(e), nil
		}
		leave()
	}
}

// Envelope is the submission of the id, where the caller may see its unit: to others it is not there, in the same words.
func (k *Desk) Envelope(ctx context.Context, id string) (reporting.Envelope, error) {
	e, err := k.Store.Envelope(id)
	if err != nil && reporting.CodeOf(err) != reporting.NotFound {
		return e, err
	}
	if err != nil || e.Kind != reporting.SubmissionReceived || !access.From(ctx).MaySee(e.Org) {
		return reporting.Envelope{}, reporting.Errorf(reporting.NotFound, "%s is no submission", id)
	}
	return e, nil
}

func pending(e reporting.Envelope) State {
	return State{Pending: true, Decision: reporting.Decision{Submission: e.ID, Form: e.Form, Org: e.Org, Period: e.Period, SHA256: e.SHA256,
		FileName: e.FileName, ReceivedAt: e.ReceivedAt, Findings: []reporting.Finding{}}}
}

// wait returns the decision where it was announced a moment ago, else a channel that is closed when it is announced; and how to stop
// waiting.
func (k *Desk) wait(id string) (known *reporting.Decision, announced <-chan struct{}, leave func()) {
	waiter := make(chan struct{})
	k.mu.Lock()
	defer k.mu.Unlock()
	if one, there := k.recent.byID[id]; there {
		known = &one
	}
	k.waiting[id] = append(k.waiting[id], waiter)
	return known, waiter, func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.waiting[id] = slices.DeleteFunc(k.waiting[id], func(w chan struct{}) bool { return w == waiter })
		if len(k.waiting[id]) == 0 {
			delete(k.waiting, id)
		}
	}
}

// Changes reads both originals again and compares their tables.
func (k *Desk) Changes(ctx context.Context, against, submission string) ([]difference.Change, error) {
	older, err := k.Table(ctx, against)
	if err != nil {
		return nil, err
	}
	newer, err := k.Table(ctx, submission)
	if err != nil {
		return nil, err
	}
	if older.Form.ID != newer.Form.ID {
		return nil, reporting.Errorf(reporting.Invalid, "%s is a %s, %s a %s: they cannot be compared", submission, newer.Form.ID, against, older.Form.ID)
	}
	if changes := difference.Tables(older, newer); changes != nil {
		return changes, nil
	}
	return []difference.Change{}, nil
}

func (k *Desk) Table(ctx context.Context, submission string) (*reporting.Table, error) {
	e, err := k.Envelope(ctx, submission)
	if err != nil {
		return nil, err
	}
	file, err := k.Store.OpenFile(e.SHA256)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return k.Reader.Table(ctx, access.From(ctx).Account, file, e)
}

// CollectedIn is the month whose sheets are collected together with those of the form for the period.
func CollectedIn(f *reporting.Form, p reporting.Period) reporting.Month { return f.Due.Month(p) - 1 }

// Errors is how many errors a state has.
func (s State) Errors() int {
	return len(slices.DeleteFunc(slices.Clone(s.Findings), func(f reporting.Finding) bool { return f.Severity != reporting.SeverityError }))
}

// Warnings is how many warnings a state has.
func (s State) Warnings() int {
	return len(slices.DeleteFunc(slices.Clone(s.Findings), func(f reporting.Finding) bool { return f.Severity != reporting.SeverityWarning }))
}
