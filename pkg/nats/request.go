package nats

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"

	natsgo "github.com/nats-io/nats.go"

	"huizong/pkg/reporting"
)

// Headers of a reply that is an error.
const (
	headerCode  = "Huizong-Error-Code"
	headerError = "Huizong-Error"
)

// So much may wait for a free worker. What comes beyond is dropped, passed to OnError, and times out at its sender.
const (
	waitingRequests = 1024
	waitingBytes    = 256 << 20
)

// ServeConfig describes a responder.
type ServeConfig struct {
	Subject string // wildcards allowed
	Queue   string // of several responders with the same queue one gets each request; default huizong
	Workers int    // requests handled at a time; default DefaultWorkers
}

// Request is a question with headers.
type Request struct {
	Subject string
	Headers map[string]string
	Data    []byte
}

// Reply is the answer.
type Reply struct {
	Data []byte
}

// Serve answers requests with handler until ctx ends. It returns when the server has the subscription.
//
// An error of handler reaches the asker with its code and text, except that the text of an internal one stays here and goes to
// OnError. A panic is an internal error. When ctx ends the handlers' context ends too, and waiting requests are answered with
// canceled.
func (b *Bus) Serve(ctx context.Context, c ServeConfig, handler func(context.Context, Request) (Reply, error)) (*Subscription, error) {
	sub, err := b.conn.QueueSubscribeSync(c.Subject, cmp.Or(c.Queue, "huizong"))
	if err != nil {
		return nil, fmt.Errorf("serve %s: %w", c.Subject, translate(err))
	}
	if err := errors.Join(sub.SetPendingLimits(waitingRequests, waitingBytes), b.flush(ctx)); err != nil {
		sub.Unsubscribe()
		return nil, fmt.Errorf("serve %s: %w", c.Subject, translate(err))
	}
	ctx, cancel := context.WithCancel(ctx)
	r := responder{bus: b, requests: sub, handler: handler}
	s := &Subscription{cancel: cancel, done: make(chan struct{})}
	var workers sync.WaitGroup
	for range max(cmp.Or(c.Workers, DefaultWorkers), 1) {
		workers.Go(func() { r.run(ctx) })
	}
	go func() {
		workers.Wait()
		cancel()
		for _, m := range b.leave(sub) {
			if !answerable(m.Reply) {
				continue
			}
			r.respond(m, Reply{}, reporting.Errorf(reporting.Canceled, "the server is stopping"))
		}
		close(s.done)
	}()
	return s, nil
}

func (b *Bus) flush(ctx context.Context) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	return translate(b.conn.FlushWithContext(ctx))
}

// responder answers the requests of one subscription.
type responder struct {
	bus      *Bus
	requests *natsgo.Subscription
	handler  func(context.Context, Request) (Reply, error)
}

// run is one worker, until ctx ends or the connection is closed.
func (r responder) run(ctx context.Context) {
	for {
		m, err := r.requests.NextMsgWithContext(ctx)
		if errors.Is(err, natsgo.ErrSlowConsumer) {
			continue // some were dropped; the connection has reported it
		}
		if err != nil {
			return
		}
		if !answerable(m.Reply) {
			r.bus.onError(reporting.Errorf(reporting.Forbidden, "request %s: not done, since its answer would go to %q", m.Subject, m.Reply))
			continue
		}
		reply, err := r.handle(ctx, m)
		r.respond(m, reply, err)
	}
}

// answerable reports whether an answer may go to the subject, which the caller chooses: to an inbox, ours or the one that the server makes for a
// request of another account, and to nothing that does something. A request without an answer is not done either: no one would have the receipt.
func answerable(reply string) bool {
	return strings.HasPrefix(reply, natsgo.InboxPrefix) || strings.HasPrefix(reply, accountReply)
}

// accountReply begins the subject of an answer to another account: the server leads it to what that account has asked for, in that account.
const accountReply = "_R_."

// handle calls the handler and turns its panic into an error.
func (r responder) handle(ctx context.Context, m *natsgo.Msg) (reply Reply, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = reporting.Errorf(reporting.Internal, "panic: %v\n%s", p, debug.Stack())
		}
	}()
	return r.handler(ctx, Request{Subject: m.Subject, Headers: flat(m.Header), Data: m.Data})
}

func (r responder) respond(m *natsgo.Msg, reply Reply, err error) {
	answer := message(m.Reply, reply.Data, nil)
	if limit := r.bus.conn.MaxPayload(); err == nil && int64(answer.Size()) > limit {
		err = reporting.Errorf(reporting.Invalid, "the reply has %d bytes, more than the %d a message may have", len(reply.Data), limit)
	}
	if err != nil {
		answer = r.errorReply(m, err)
	}
	if err := r.bus.conn.PublishMsg(answer); err != nil {
		r.bus.onError(fmt.Errorf("reply to %s: %w", m.Subject, translate(err)))
	}
}

func (r responder) errorReply(m *natsgo.Msg, err error) *natsgo.Msg {
	code, text := reporting.CodeOf(err), err.Error()
	if code == reporting.Internal {
		r.bus.onError(fmt.Errorf("request %s: %w", m.Subject, err))
		text = "internal error"
	}
	return message(m.Reply, nil, map[string]string{headerCode: string(code), headerError: text})
}

// Request asks and waits for the answer, DefaultTimeout where ctx has no deadline. The error of the other side comes back with its
// code; unavailable is also that nobody serves the subject, or answers in time; invalid that the request is too large.
func (b *Bus) Request(ctx context.Context, subject string, payload []byte, headers map[string]string) (Reply, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	question := message(subject, payload, headers)
	if limit := b.conn.MaxPayload(); int64(question.Size()) > limit {
		return Reply{}, reporting.Errorf(reporting.Invalid, "request %s: it has %d bytes, more than the %d a message may have", subject, len(payload), limit)
	}
	ctx, answered := b.asked.add(ctx, subject)
	defer answered()
	answer, err := b.conn.RequestMsgWithContext(ctx, question)
	if err != nil {
		return Reply{}, fmt.Errorf("request %s: %w", subject, translate(cmp.Or(refusalOf(ctx), err)))
	}
	if code := answer.Header.Get(headerCode); code != "" {
		if reporting.Code(code) != reporting.Internal { // it is meant for the caller, to whom our subjects say nothing
			return Reply{}, reporting.Errorf(reporting.Code(code), "%s", answer.Header.Get(headerError))
		}
		return Reply{}, reporting.Errorf(reporting.Internal, "request %s: %s", subject, answer.Header.Get(headerError))
	}
	return Reply{Data: answer.Data}, nil
}

func message(subject string, data []byte, headers map[string]string) *natsgo.Msg {
	m := natsgo.NewMsg(subject)
	m.Data = data
	for key, value := range headers {
		m.Header.Set(key, value)
	}
	return m
}

// flat keeps the first value of each header.
func flat(h natsgo.Header) map[string]string {
	m := make(map[string]string, len(h))
	for key := range h {
		m[key] = h.Get(key)
	}
	return m
}
