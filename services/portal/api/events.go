package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/reporting"
)

// Event announces the outcome of a submission. The findings are a request of their own.
type Event struct {
	Submission string            `json:"submission"`
	Outcome    reporting.Outcome `json:"outcome"`
	Form       string            `json:"form"`
	Org        string            `json:"org"`
	Period     reporting.Period  `json:"period"`
	Errors     int               `json:"errors"`
	Warnings   int               `json:"warnings"`
}

// The bounds of the streams of events: how many an account may have open, how often one says that it lives and is looked at whether
// it still may, and how many events it may lag behind before it is ended. A stream that ended before the session's idle time and was
// asked for anew would count as use, and keep the session of an unattended page alive.
const (
	maxStreams     = 6
	heartbeat      = 20 * time.Second
	streamLifetime = access.SessionLimit
	maxLag         = 64
)

// listeners are the open streams of events. The zero value is ready.
type listeners struct {
	mu        sync.Mutex
	open      map[*listener]bool
	byAccount map[string]int
}

// listener is one open stream.
type listener struct {
	who    access.Principal
	events chan Event    // closed when it lags behind
	look   chan struct{} // has one in it when the session or token may have ended
}

// add opens a stream, and returns what closes it. An account that has too many is refused.
func (l *listeners) add(who access.Principal) (*listener, func(), error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open == nil {
		l.open, l.byAccount = map[*listener]bool{}, map[string]int{}
	}
	if l.byAccount[who.Account] >= maxStreams {
		return nil, nil, reporting.Errorf(reporting.TooMany, "%s has %d streams of events open: close one", who.Account, maxStreams)
	}
	one := &listener{who: who, events: make(chan Event, maxLag), look: make(chan struct{}, 1)}
	l.open[one] = true
	l.byAccount[who.Account]++
	return one, func() { l.remove(one) }, nil
}

func (l *listeners) remove(one *listener) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.open, one)
	if l.byAccount[one.who.Account]--; l.byAccount[one.who.Account] == 0 {
		delete(l.byAccount, one.who.Account)
	}
}

// recheck has each listener looked at again.
func (l *listeners) recheck() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for one := range l.open {
		select {
		case one.look <- struct{}{}:
		default: // it is being looked at
		}
	}
}

// publish passes an event on to all listeners that may see it. A listener that lags behind is ended: what it missed, it reads from the lists.
func (l *listeners) publish(e Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for one := range l.open {
		if !one.who.MaySee(e.Org) {
			continue
		}
		select {
		case one.events <- e:
		default:
			close(one.events)
			delete(l.open, one)
		}
	}
}

// eventOf is the event of a decision.
func eventOf(d reporting.Decided) Event {
	e := Event{Submission: d.Submission, Outcome: d.Outcome, Form: d.Form, Org: d.Org, Period: d.Period}
	for _, f := range d.Findings {
		switch f.Severity {
		case reporting.SeverityError:
			e.Errors++
		case reporting.SeverityWarning:
			e.Warnings++
		}
	}
	return e
}

// mayStill reports whether whoever listens could come in again: the session or token holds, and the account is what it was.
func (p *Service) mayStill(who access.Principal) bool {
	switch who.Via {
	case access.ViaSession:
		if !slices.ContainsFunc(p.Accounts.Sessions(who.Account), func(s access.Session) bool { return s.ID == who.Session }) {
			return false
		}
	case access.ViaToken:
		if now, err := p.Accounts.TokenHolder(who.Session); err != nil || now.Version != who.Version {
			return false
		}
	default:
		return who.Via == access.ViaLocal
	}
	account, err := p.Accounts.Find(who.Account)
	return err == nil && !account.Disabled && account.Role == who.Role && slices.Equal(account.Also, who.Also) && account.Unit == who.Unit
}

// events is a stream of outcomes, as they come. It ends with the session.
func (p *Service) events(w http.ResponseWriter, r *http.Request) error {
	one, leave, err := p.listeners.add(access.From(r.Context()))
	if err != nil {
		return err
	}
	defer leave()
	ctx, cancel := context.WithTimeout(r.Context(), streamLifetime)
	defer cancel()
	out := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	fmt.Fprint(w, "retry: 3000\n: welcome\n\n")
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		if err := out.Flush(); err != nil {
			return nil // there is no one to answer
		}
		select {
		case <-ctx.Done():
			return nil
		case <-p.stopped:
			return nil
		case <-one.look:
			if !p.mayStill(one.who) {
				return nil
			}
		case <-beat.C:
			if !p.mayStill(one.who) {
				return nil
			}
			fmt.Fprint(w, ": still here\n\n")
		case e, open := <-one.events:
			if !open || !p.mayStill(one.who) {
				return nil
			}
			data, err := json.Marshal(e)
			if err != nil {
				return err
			}
			fmt.Fprintf(w, "event: outcome\nid: %s\ndata: %s\n\n", e.Submission, data)
		}
	}
}
