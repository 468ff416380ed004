package nats

import (
	"context"
	"errors"
	"strings"
	"sync"

	natsgo "github.com/nats-io/nats.go"
)

// asked are the requests that wait for an answer. The server says of the connection, and not of the request, that a subject may not be
// published to: without this they would wait until their time is over. The zero value is ready.
type asked struct {
	mu      sync.Mutex
	next    int
	waiting map[int]waiting
}

type waiting struct {
	subject string
	refuse  context.CancelCauseFunc
}

// add returns a context that ends when the subject is refused, and what to call when the request has its answer.
func (a *asked) add(ctx context.Context, subject string) (context.Context, func()) {
	ctx, refuse := context.WithCancelCause(ctx)
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.waiting == nil {
		a.waiting = map[int]waiting{}
	}
	a.next++
	id := a.next
	a.waiting[id] = waiting{subject, refuse}
	return ctx, func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		delete(a.waiting, id)
		refuse(nil)
	}
}

// refuse ends the requests to the subject that the server's error names.
func (a *asked) refuse(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, w := range a.waiting {
		if strings.Contains(err.Error(), `"`+w.subject+`"`) {
			w.refuse(err)
		}
	}
}

// refusalOf is why a request was refused, or nil.
func refusalOf(ctx context.Context) error {
	if cause := context.Cause(ctx); errors.Is(cause, natsgo.ErrPermissionViolation) {
		return cause
	}
	return nil
}
