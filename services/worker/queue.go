package worker

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"huizong/pkg/nats"
	"huizong/pkg/originals"
	"huizong/pkg/reporting"
)

// queue holds the entries of the journal that are open, which is without an outcome: for each unit its own, in order. Units take turns,
// one entry each time, so that a unit which sends five hundred sheets holds up no other. No worker waits with a unit: one that has to
// wait, for another unit or after a failure, is put aside and gets its turn later.
//
// An entry that is not in the queue has its outcome, or is not known here yet: add makes it known. The queue grows with the open entries
// and the number of units, never with history.
type queue struct {
	journal *originals.Store

	mu     sync.Mutex // guards all below, and the fields of each unit
	units  map[string]*unit
	turns  []*unit            // whose turn comes, in order
	parked map[string][]*unit // entry → the units that wait for its outcome
	swept  string             // the journal is known up to here
	wake   chan struct{}      // closed when a turn has come
}

// unit is a unit's open entries. It is in turns, in parked, with a worker, resting, or has nothing open.
type unit struct {
	org    string
	open   []reporting.Envelope
	upTo   string // all entries of the unit up to this one are in open or decided
	queued bool   // it is in one of the places above

	// held is the newest message that names an open entry of the unit: it makes the earlier ones needless. It is acknowledged
	// when that entry, and so all before it, has its outcome.
	held   *nats.Message
	heldID string
}

func newQueue(journal *originals.Store) *queue {
	return &queue{journal: journal, units: map[string]*unit{}, parked: map[string][]*unit{}, wake: make(chan struct{})}
}

// load takes in the whole journal, but for what is decided, and returns how many entries are open.
func (q *queue) load(decided map[string]bool) (open int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for e := range q.journal.Envelopes() {
		q.swept = e.ID
		if !e.Kind.Decides() {
			continue
		}
		u := q.unit(e.Org)
		u.upTo = e.ID
		if !decided[e.ID] {
			u.open = append(u.open, e)
			open++
			q.queue(u)
		}
	}
	return open
}

// sweep takes in what has come into the journal since the last time, whether or not a message has named it.
func (q *queue) sweep() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for e := range q.journal.Since(q.swept) {
		q.swept = e.ID
		if e.Kind.Decides() {
			q.add(e)
		}
	}
}

// receive takes in an entry and the message that named it, and returns the message that has become needless, if any.
func (q *queue) receive(e reporting.Envelope, m nats.Message) (needless *nats.Message) {
	q.mu.Lock()
	defer q.mu.Unlock()
	u := q.add(e)
	switch {
	case u.held != nil && u.heldID == e.ID && u.held.MsgID == m.MsgID: // delivered again: the delivery before counts no more
		u.held = &m
		return nil
	case !u.isOpen(e.ID), u.held != nil && u.heldID >= e.ID:
		return &m
	default:
		needless, u.held, u.heldID = u.held, &m, e.ID
		return needless
	}
}

// add takes in an entry and the earlier ones of its unit that are not known yet. The caller holds mu.
func (q *queue) add(e reporting.Envelope) *unit {
	u := q.unit(e.Org)
	known := len(u.open)
	for at := e; at.ID > u.upTo; {
		u.open = append(u.open, at)
		prior, err := q.journal.Envelope(at.Prior)
		if err != nil {
			break // it is the unit's first: the journal is a chain, and whole
		}
		at = prior
	}
	slices.Reverse(u.open[known:])
	u.upTo = max(u.upTo, e.ID)
	if len(u.open) > 0 {
		q.queue(u)
	}
	return u
}

func (q *queue) unit(org string) *unit {
	u := q.units[org]
	if u == nil {
		u = &unit{org: org}
		q.units[org] = u
	}
	return u
}

func (u *unit) isOpen(id string) bool {
	_, open := slices.BinarySearchFunc(u.open, id, func(e reporting.Envelope, id string) int { return strings.Compare(e.ID, id) })
	return open
}

// queue gives the unit a turn, unless it has one or waits for something. The caller holds mu.
func (q *queue) queue(u *unit) {
	if !u.queued {
		u.queued = true
		q.turn(u)
	}
}

// turn puts the unit behind those whose turn comes. The caller holds mu.
func (q *queue) turn(u *unit) {
	q.turns = append(q.turns, u)
	close(q.wake)
	q.wake = make(chan struct{})
}

// next waits for the turn of a unit and returns it with its first open entry; false when ctx has ended. The unit is the caller's until he
// calls decided, rest or park.
func (q *queue) next(ctx context.Context) (*unit, reporting.Envelope, bool) {
	for {
		q.mu.Lock()
		if len(q.turns) > 0 && ctx.Err() == nil {
			u := q.turns[0]
			q.turns = q.turns[1:]
			e := u.open[0]
			q.mu.Unlock()
			return u, e, true
		}
		wake := q.wake
		q.mu.Unlock()
		select {
		case <-ctx.Done():
			return nil, reporting.Envelope{}, false
		case <-wake:
		}
	}
}

// decided takes out the unit's first entry, which has its outcome, gives the unit another turn where it has more, and those that waited for
// the entry theirs. It returns the message to be acknowledged, if any.
func (q *queue) decided(u *unit) (done *nats.Message) {
	q.mu.Lock()
	defer q.mu.Unlock()
	id := u.open[0].ID
	u.open = u.open[1:]
	if u.queued = len(u.open) > 0; u.queued {
		q.turn(u)
	} else {
		u.open = nil
	}
	for _, waits := range q.parked[id] {
		q.turn(waits)
	}
	delete(q.parked, id)
	if u.held != nil && u.heldID <= id {
		done, u.held = u.held, nil
	}
	return done
}

// rest gives the unit its next turn after a while.
func (q *queue) rest(u *unit, d time.Duration) {
	time.AfterFunc(d, func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		q.turn(u)
	})
}

// park gives the unit its next turn when the entry of another unit has its outcome.
func (q *queue) park(u *unit, other reporting.Envelope) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.unit(other.Org).isOpen(other.ID) { // decided meanwhile
		q.turn(u)
		return
	}
	q.parked[other.ID] = append(q.parked[other.ID], u)
}

// isOpen reports whether the entry has no outcome yet. One that is not known here is taken in.
func (q *queue) isOpen(e reporting.Envelope) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.add(e).isOpen(e.ID)
}

// held are the messages of entries that are open.
func (q *queue) held() []nats.Message {
	q.mu.Lock()
	defer q.mu.Unlock()
	var held []nats.Message
	for _, u := range q.units {
		if u.held != nil {
			held = append(held, *u.held)
		}
	}
	return held
}
