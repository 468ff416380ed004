// Package turn bounds how many pieces of work that take memory and time are done at once, and does one at a time for each name: a name that
// asks for much waits for its own work, and the others do not.
package turn

import (
	"context"
	"sync"

	"huizong/pkg/reporting"
)

// maxWaiting of one name are let wait; more are refused.
const maxWaiting = 50

// Turns are safe for concurrent use.
type Turns struct {
	places chan struct{}

	mu    sync.Mutex
	names map[string]*queue // of those who wait or work
}

// queue are those of one name.
type queue struct {
	turn chan struct{} // holds the one who is let through
	size int
}

// New lets so many at a time through.
func New(places int) *Turns {
	return &Turns{places: make(chan struct{}, places), names: map[string]*queue{}}
}

// Take waits for a turn of the name, and returns how to give it back. Errors: canceled with ctx; too_many where the name has too many
// waiting already.
func (t *Turns) Take(ctx context.Context, name string) (leave func(), err error) {
	q, err := t.join(name)
	if err != nil {
		return nil, err
	}
	if err := take(ctx, q.turn); err != nil {
		t.part(name)
		return nil, err
	}
	if err := take(ctx, t.places); err != nil {
		<-q.turn
		t.part(name)
		return nil, err
	}
	return sync.OnceFunc(func() {
		<-t.places
		<-q.turn
		t.part(name)
	}), nil
}

func take(ctx context.Context, place chan<- struct{}) error {
	select {
	case place <- struct{}{}:
		return nil
	case <-ctx.Done():
		return reporting.Errorf(reporting.Canceled, "wait for a turn: %w", context.Cause(ctx))
	}
}

func (t *Turns) join(name string) (*queue, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	q := t.names[name]
	if q == nil {
		q = &queue{turn: make(chan struct{}, 1)}
		t.names[name] = q
	}
	if q.size == maxWaiting {
		return nil, reporting.Errorf(reporting.TooMany, "%d requests of %s wait to have a file read: wait for them first", maxWaiting, name)
	}
	q.size++
	return q, nil
}

func (t *Turns) part(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	q := t.names[name]
	if q.size--; q.size == 0 {
		delete(t.names, name)
	}
}
