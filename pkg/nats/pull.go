package nats

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// puller hands the messages of one consumer to its workers. Each worker has a pull of its own, of one message at a time, and asks for
// the next one when its handler has returned: nothing waits in a buffer while its AckWait runs, and several processes share the load by
// how fast they are.
type puller struct {
	bus     *Bus
	stream  string
	config  jetstream.ConsumerConfig
	handler func(context.Context, Message)
	workers int
}

// ensure makes the consumer, or finds it.
func (p *puller) ensure(ctx context.Context) (jetstream.Consumer, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	consumer, err := p.bus.js.CreateOrUpdateConsumer(ctx, p.stream, p.config)
	if err != nil {
		return nil, fmt.Errorf("consumer %s of %s: %w", p.config.Durable, p.stream, translate(err))
	}
	return consumer, nil
}

// run runs the workers until ctx ends and their handlers have returned. The handlers' context ends when no worker has a request at the
// server any more: what they give back then goes to another process.
func (p *puller) run(ctx context.Context, consumer jetstream.Consumer) {
	work, end := context.WithCancelCause(context.WithoutCancel(ctx))
	var asking, workers sync.WaitGroup
	asking.Add(p.workers)
	for range p.workers {
		workers.Go(func() {
			w := &pulling{puller: p, work: work, left: sync.OnceFunc(asking.Done)}
			w.run(ctx, consumer)
		})
	}
	<-ctx.Done()
	asking.Wait()
	end(context.Cause(ctx))
	workers.Wait()
}

// pulling is one worker.
type pulling struct {
	*puller
	work context.Context
	left func() // called when the worker has no request at the server, and will have none

	mu   sync.Mutex
	busy bool // its handler runs, so it has no request; guarded by mu
}

func (w *pulling) run(ctx context.Context, consumer jetstream.Consumer) {
	defer w.left()
	for ctx.Err() == nil {
		if err := w.pull(ctx, consumer); err != nil {
			consumer = w.recover(ctx, consumer, err)
		}
	}
}

// pull hands message after message to the handler, until ctx ends or something is wrong.
func (w *pulling) pull(ctx context.Context, consumer jetstream.Consumer) (err error) {
	wrong := make(chan error, 1)
	pull, err := consumer.Consume(func(m jetstream.Msg) { w.deliver(ctx, m) },
		jetstream.PullMaxMessages(1), jetstream.PullExpiry(pullWait), jetstream.PullHeartbeat(pullHeartbeat),
		jetstream.ConsumeErrHandler(func(_ jetstream.ConsumeContext, err error) {
			select {
			case wrong <- err:
			default: // one is enough
			}
		}))
	if err != nil {
		return err
	}
	closed := pull.Closed() // asked for later it may be closed while the handler runs
	select {
	case <-ctx.Done():
		w.mu.Lock()
		if w.busy {
			w.left()
		}
		w.mu.Unlock()
	case err = <-wrong:
	}
	if w.bus.conn.IsConnected() {
		pull.Drain() // what has come before the server knows it is delivered
	} else {
		pull.Stop() // the server has forgotten the request with the connection
	}
	<-closed
	return err
}

// deliver has the message handled, or gives it back where ctx has ended.
func (w *pulling) deliver(ctx context.Context, m jetstream.Msg) {
	w.mu.Lock()
	if w.busy = ctx.Err() == nil; !w.busy {
		w.mu.Unlock()
		w.report(m.Nak())
		return
	}
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		w.busy = false
		w.mu.Unlock()
	}()
	message, err := newMessage(m)
	if err != nil {
		w.report(err)
		return
	}
	w.handler(w.work, message)
}

func (w *pulling) report(err error) {
	if err != nil {
		w.bus.onError(fmt.Errorf("pull: %w", translate(err)))
	}
}

func newMessage(m jetstream.Msg) (Message, error) {
	meta, err := m.Metadata()
	if err != nil {
		return Message{}, err
	}
	return Message{
		Subject:    m.Subject(),
		Data:       m.Data(),
		MsgID:      m.Headers().Get(jetstream.MsgIDHeader),
		Deliveries: meta.NumDelivered,
		msg:        m,
	}, nil
}

// recover waits a moment and looks for the consumer again: the server may have lost it. A lost connection was reported by the
// connection.
func (w *pulling) recover(ctx context.Context, consumer jetstream.Consumer, err error) jetstream.Consumer {
	select {
	case <-ctx.Done():
		return consumer
	case <-time.After(retryWait):
	}
	if !w.bus.conn.IsConnected() {
		return consumer
	}
	found, again := w.ensure(ctx)
	if again == nil {
		return found
	}
	if ctx.Err() == nil {
		w.report(errors.Join(err, again))
	}
	return consumer
}
