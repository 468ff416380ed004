package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"
)

const (
	// window is how long what was not done counts as the same as the first of its kind.
	window = 10 * time.Minute
	// maxAnonymous are the kinds that stand for themselves within a window, of callers that are not signed in: names and addresses are
	// easily made up. More of them are counted together, by action. Callers that are signed in are as many as the accounts.
	maxAnonymous = 100
	// maxKnown bounds the kinds of callers that are signed in, in the same way.
	maxKnown = 2000
)

// repeats are the kinds of what was not done within the last window.
type repeats struct {
	mu        sync.Mutex
	kinds     map[string]*repeat
	anonymous int
}

// repeat is one kind: its first event is in the log, the others are counted.
type repeat struct {
	event     Event // as the first, without what it was about
	anonymous bool
	began     time.Time
	last      time.Time
	times     int
}

// Note keeps what was done like Append. What was not done, refused or failed, is kept where it is the first of its kind within ten
// minutes: the same person, address, action and outcome, whatever it was about. The others are counted, and their number is an event when
// the ten minutes are over, or the log is closed; a crash loses that number, and never what was done. So whoever is refused a million
// times fills a few lines, and hides nobody else.
func (l *Log) Note(ctx context.Context, e Event) error {
	if e.Outcome == OK {
		_, err := l.Append(ctx, e)
		return err
	}
	if err := check(e); err != nil {
		return err
	}
	key, first := l.repeats.count(clean(e), l.now())
	if !first {
		return nil
	}
	_, err := l.Append(ctx, e)
	if err != nil {
		l.repeats.forget(key) // the next one is the first
	}
	return err
}

// count reports whether the event is the first of its kind within the window, and counts it where it is not.
func (r *repeats) count(e Event, now time.Time) (key string, first bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	kind := Event{Who: e.Who, Role: e.Role, Via: e.Via, Address: e.Address, Action: e.Action, Outcome: e.Outcome}
	for _, name := range []string{"error", "token_id", "factor"} {
		if text := e.Detail[name]; text != "" {
			if kind.Detail == nil {
				kind.Detail = map[string]string{}
			}
			kind.Detail[name] = text
		}
	}
	key = keyOf(kind)
	anonymous := e.Via == ""
	if r.kinds[key] == nil && (anonymous && r.anonymous >= maxAnonymous || len(r.kinds)-r.anonymous >= maxKnown) {
		kind = Event{Action: e.Action, Outcome: e.Outcome, Detail: map[string]string{"whose": "several"}}
		key, anonymous = keyOf(kind), false // as many as there are actions
	}
	if of := r.kinds[key]; of != nil {
		of.times++
		of.last = now
		return key, false
	}
	if r.kinds == nil {
		r.kinds = map[string]*repeat{}
	}
	r.kinds[key] = &repeat{event: kind, anonymous: anonymous, began: now, last: now}
	if anonymous {
		r.anonymous++
	}
	return key, true
}

func keyOf(kind Event) string {
	key, _ := json.Marshal(kind) // texts and a time: that does not fail
	return string(key)
}

func (r *repeats) forget(key string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.drop(key)
}

// drop takes a kind out. The caller holds mu.
func (r *repeats) drop(key string) {
	if of := r.kinds[key]; of != nil && of.anonymous {
		r.anonymous--
	}
	delete(r.kinds, key)
}

// over takes out the kinds that began before the moment.
func (r *repeats) over(before time.Time) []*repeat {
	r.mu.Lock()
	defer r.mu.Unlock()
	var list []*repeat
	for key, of := range r.kinds {
		if !of.began.After(before) {
			list = append(list, of)
			r.drop(key)
		}
	}
	return list
}

// Run writes down, every minute, how often what was not done was tried again, until ctx ends.
func (l *Log) Run(ctx context.Context) error {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := l.settle(l.now().Add(-window)); err != nil {
				return err
			}
		}
	}
}

// Close writes down what is counted and not yet in the log.
func (l *Log) Close() error { return l.settle(l.now()) }

// settle writes the numbers of the kinds that began before the moment.
func (l *Log) settle(before time.Time) error {
	var all error
	for _, of := range l.repeats.over(before) {
		if of.times == 0 {
			continue
		}
		e := of.event
		detail := map[string]string{"times": fmt.Sprint(of.times), "until": of.last.UTC().Format(time.RFC3339)}
		for key, value := range e.Detail {
			detail[key] = value
		}
		e.Detail = detail
		_, err := l.Append(context.Background(), e)
		all = errors.Join(all, err)
	}
	return all
}
