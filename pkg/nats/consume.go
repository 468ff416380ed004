package nats

import (
	"cmp"
	"context"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"huizong/pkg/reporting"
)

// Defaults of a ConsumerConfig.
const (
	DefaultWorkers = 4
	DefaultAckWait = 30 * time.Second
)

const (
	// A pull waits so long for a message before it asks again, and takes the server for gone when it has been silent for
	// twice the heartbeat: a restart of the server costs a consumer two seconds at most.
	pullWait      = 30 * time.Second
	pullHeartbeat = time.Second
	retryWait     = 500 * time.Millisecond
)

// ConsumerConfig describes a durable consumer. Processes that give the same Durable share its messages.
type ConsumerConfig struct {
	Stream  string
	Durable string // letters, digits, - and _
	Filter  string // subject, wildcards allowed; "" is all of the stream

	Workers       int           // handlers at a time in this process; default DefaultWorkers
	AckWait       time.Duration // silence after which a message is delivered again; default DefaultAckWait
	MaxAckPending int           // messages in work in all processes together; default 1,000, the server's
}

func (c ConsumerConfig) withDefaults() ConsumerConfig {
	c.Workers = cmp.Or(c.Workers, DefaultWorkers)
	c.AckWait = cmp.Or(c.AckWait, DefaultAckWait)
	return c
}

func (c ConsumerConfig) validate() error {
	switch {
	case c.Stream == "":
		return reporting.Errorf(reporting.Invalid, "consumer: Stream is missing")
	case !validToken(c.Durable):
		return reporting.Errorf(reporting.Invalid, "consumer: Durable %q: want letters, digits, - and _", c.Durable)
	case c.Workers < 0:
		return reporting.Errorf(reporting.Invalid, "consumer %s: Workers is negative", c.Durable)
	case c.AckWait < 0:
		return reporting.Errorf(reporting.Invalid, "consumer %s: AckWait is negative", c.Durable)
	}
	return nil
}

// Subscription is a consumer or a responder at work. It ends with the context it was made with, or with Stop.
type Subscription struct {
	cancel context.CancelFunc
	done   chan struct{}
}

// Stop ends the work and waits until the last handler has returned. Stopping twice is harmless.
func (s *Subscription) Stop() {
	s.cancel()
	<-s.done
}

// Wait waits until the work has ended and the last handler has returned.
func (s *Subscription) Wait() { <-s.done }

// Message is one delivery. Its handler ends it with Ack, Nak or Terminate; one that it ends with nothing is delivered again after
// AckWait.
type Message struct {
	Subject    string
	Data       []byte
	MsgID      string // as given to Publish
	Deliveries uint64 // how often it was delivered, this time included: 1 at first
	msg        jetstream.Msg
}

// Ack says that the message is done and returns when the server has heard it. It may come again all the same when the server is
// killed right then: it writes down who has acknowledged what about ten times a second, and syncs only messages at once.
func (m Message) Ack(ctx context.Context) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	return translate(m.msg.DoubleAck(ctx))
}

// Nak asks for another delivery, not before the delay.
func (m Message) Nak(delay time.Duration) error { return translate(m.msg.NakWithDelay(delay)) }

// Terminate says that the message shall not come again although it was not handled.
func (m Message) Terminate(reason string) error {
	return translate(m.msg.TermWithReason(reason))
}

// InProgress starts AckWait anew: the work goes on.
func (m Message) InProgress() error { return translate(m.msg.InProgress()) }

// Consume delivers the messages of a stream to handler, from its beginning or where the durable consumer stood, with several
// handlers at a time and in no order one could rely on. It returns when the consumer stands, or an error.
//
// When ctx ends, no further message is asked for. As soon as the server knows that, the handlers' context ends with the same cause,
// so that what they Nak goes to another process and not back here. The Subscription ends when all have returned. A handler that
// wants to Ack then takes context.WithoutCancel.
//
// A message comes again without end until it has an Ack or Terminate. A handler may return without one, and settle the message later: it
// says InProgress meanwhile, or the message is delivered again.
func (b *Bus) Consume(ctx context.Context, c ConsumerConfig, handler func(context.Context, Message)) (*Subscription, error) {
	c = c.withDefaults()
	if err := c.validate(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	p := &puller{bus: b, stream: c.Stream, config: c.jetstream(), handler: handler, workers: c.Workers}
	consumer, err := p.ensure(ctx)
	if err != nil {
		cancel()
		return nil, err
	}
	sub := &Subscription{cancel: cancel, done: make(chan struct{})}
	go func() {
		p.run(ctx, consumer)
		close(sub.done)
	}()
	return sub, nil
}

func (c ConsumerConfig) jetstream() jetstream.ConsumerConfig {
	return jetstream.ConsumerConfig{
		Durable:       c.Durable,
		FilterSubject: c.Filter,
		DeliverPolicy: jetstream.DeliverAllPolicy,
		AckPolicy:     jetstream.AckExplicitPolicy,
		AckWait:       c.AckWait,
		MaxDeliver:    -1,
		MaxAckPending: c.MaxAckPending,
	}
}
