package nats

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	natsgo "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"huizong/pkg/reporting"
)

// puller pulls the messages of one consumer. Each worker asks for one message when it is free to handle it: nothing waits in
// a buffer while its AckWait runs, and several processes share the load by how fast they are.
//
// It speaks the pull protocol itself. The library's Fetch forgets a request when its context ends, while the server may still answer
// it: a message that one worker gives back at shutdown would go to the forgotten request of another, and wait there for AckWait.
type puller struct {
	bus     *Bus
	stream  string
	config  jetstream.ConsumerConfig
	handler func(context.Context, Message)
	workers int

	// asking is held, shared, by each worker that has a request at the server. Who gets it alone after the end of the context
	// knows that there is none, and will be none.
	asking sync.RWMutex
}

// ensure makes the consumer, or finds it.
func (p *puller) ensure(ctx context.Context) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	if _, err := p.bus.js.CreateOrUpdateConsumer(ctx, p.stream, p.config); err != nil {
		return fmt.Errorf("consumer %s of %s: %w", p.config.Durable, p.stream, translate(err))
	}
	return nil
}

// run runs the workers until ctx ends and their handlers have returned.
func (p *puller) run(ctx context.Context) {
	work, end := context.WithCancelCause(context.WithoutCancel(ctx))
	var workers sync.WaitGroup
	for range p.workers {
		workers.Go(func() { p.work(ctx, work) })
	}
	<-ctx.Done()
	p.asking.Lock()
	end(context.Cause(ctx))
	p.asking.Unlock()
	workers.Wait()
}

// work is one worker.
func (p *puller) work(ctx, work context.Context) {
	for ctx.Err() == nil {
		if err := p.pull(ctx, work); err != nil {
			p.recover(ctx, err)
		}
	}
}

// pull handles message after message, until ctx ends or something is wrong.
func (p *puller) pull(ctx, work context.Context) error {
	sub, err := p.bus.conn.SubscribeSync(p.bus.conn.NewInbox())
	if err != nil {
		return err
	}
	defer sub.Unsubscribe() // an error is a closed connection, which has no subscriptions
	for {
		msg, err := p.next(ctx, sub)
		if msg == nil || err != nil {
			return err
		}
		m, err := newMessage(msg)
		if err != nil {
			return err
		}
		p.handler(work, m)
	}
}

func newMessage(msg *natsgo.Msg) (Message, error) {
	meta, err := msg.Metadata()
	if err != nil {
		return Message{}, err
	}
	return Message{
		Subject:    msg.Subject,
		Data:       msg.Data,
		MsgID:      msg.Header.Get(jetstream.MsgIDHeader),
		Deliveries: meta.NumDelivered,
		msg:        msg,
	}, nil
}

// next asks for a message and waits for it; nil when ctx has ended and none has come.
func (p *puller) next(ctx context.Context, sub *natsgo.Subscription) (*natsgo.Msg, error) {
	p.asking.RLock()
	defer p.asking.RUnlock()
	for ctx.Err() == nil {
		if err := p.ask(sub); err != nil {
			return nil, err
		}
		msg, err := p.await(ctx, sub)
		if msg != nil || err != nil && ctx.Err() == nil {
			return msg, err
		}
	}
	return p.leave(sub)
}

// ask sends the request for one message.
func (p *puller) ask(sub *natsgo.Subscription) error {
	request, err := json.Marshal(struct {
		Batch     int           `json:"batch"`
		Expires   time.Duration `json:"expires"`
		Heartbeat time.Duration `json:"idle_heartbeat"`
	}{1, pullWait, pullHeartbeat})
	if err != nil {
		return err
	}
	return p.bus.conn.PublishRequest("$JS.API.CONSUMER.MSG.NEXT."+p.stream+"."+p.config.Durable, sub.Subject, request)
}

// await waits for the answer to a request: a message, nil when the request has expired, or an error.
func (p *puller) await(ctx context.Context, sub *natsgo.Subscription) (*natsgo.Msg, error) {
	for {
		silence, cancel := context.WithTimeout(ctx, 2*pullHeartbeat)
		msg, err := sub.NextMsgWithContext(silence)
		cancel()
		if err != nil || isDelivery(msg) {
			return msg, err
		}
		switch status := msg.Header.Get("Status"); status {
		case "100": // heartbeat
		case "404", "408": // nothing there within pullWait
			return nil, nil
		case "503":
			return nil, natsgo.ErrNoResponders // the consumer is gone, or the server not ready
		default:
			return nil, reporting.Errorf(reporting.Unavailable, "server says %s %s", status, msg.Header.Get("Description"))
		}
	}
}

// leave takes back the request and returns the message that has come before the server knew it, if any.
func (p *puller) leave(sub *natsgo.Subscription) (*natsgo.Msg, error) {
	for _, msg := range p.bus.leave(sub) {
		if isDelivery(msg) {
			return msg, nil // one request, one message
		}
	}
	return nil, nil
}

// isDelivery tells a message from the server's words about a request, which have no place for an ack.
func isDelivery(msg *natsgo.Msg) bool { return strings.HasPrefix(msg.Reply, "$JS.ACK.") }

// recover waits a moment and looks for the consumer again: the server may have lost it. A lost connection was reported by the
// connection.
func (p *puller) recover(ctx context.Context, err error) {
	select {
	case <-ctx.Done():
		return
	case <-time.After(retryWait):
	}
	if !p.bus.conn.IsConnected() {
		return
	}
	if again := p.ensure(ctx); again != nil && ctx.Err() == nil {
		p.bus.onError(fmt.Errorf("pull: %w", errors.Join(translate(err), again)))
	}
}
