// Package nats is the bus of the system: a JetStream stream of what has happened to submissions, durable consumers of it, and requests
// with an answer. It is the only importer of nats.go and nats-server; no type and no error of theirs leaves it.
//
// The bus dispatches and does not decide: the handler decides what becomes of a message. It keeps three promises:
//
//   - A Publish that has returned is on disk, fsynced (by the embedded server; another one has to be set to sync always), and one of the
//     same message id within two minutes is not stored twice.
//   - A message is delivered until its handler has acknowledged it, without end. It may be delivered more than once, and out of order.
//   - Connections, consumers and responders outlive the server: they go on when it is back.
//
// It is no store. Everything in it may be deleted and comes again from the journal of package originals.
package nats

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	natsgo "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"huizong/pkg/reporting"
)

// MaxPayload is the largest body of a message, request or reply on the embedded server. Another server has to be set to at
// least a little more (max_payload: 9MB); where it carries less, what is too large is an error of code invalid.
const MaxPayload = 8 << 20

// DefaultTimeout bounds a call whose context has no deadline.
const DefaultTimeout = 30 * time.Second

// Servers older than this lack what we rely on. The design says 2.15.
const minMajor, minMinor = 2, 15

const (
	dialTimeout   = 5 * time.Second
	reconnectWait = 250 * time.Millisecond
)

// Options of a connection. The zero value is right for the embedded server.
type Options struct {
	Name           string // shown in the server's monitoring; default huizong
	User, Password string
	Credentials    string // file with a user's JWT and key, as `nsc` writes it
	Token          string // of an embedded server of ours
	RootCA         string // PEM file; "" is the system's

	// OnError gets what no call can return: the connection is lost, a request failed inside. It is called from many goroutines. nil drops them.
	OnError func(error)
}

// Bus is a connection to a server. Its methods may be called concurrently.
type Bus struct {
	conn    *natsgo.Conn
	js      jetstream.JetStream
	onError func(error)
	asked   asked
	owner   map[string]string // metadata of the streams: see Own

	restored chan struct{} // has one in it when the stream was made again
}

// Dial connects to the server at url (or several, separated by commas). Once connected it reconnects for ever. Errors:
// unavailable when nobody answers; conflict when the server is too old; invalid when it does not let us in.
func Dial(url string, o Options) (*Bus, error) {
	bus, err := connect(url, o)
	if err != nil {
		return nil, fmt.Errorf("connect to nats %s: %w", url, err)
	}
	if err := checkVersion(bus.conn.ConnectedServerVersion()); err != nil {
		bus.Close()
		return nil, fmt.Errorf("connect to nats %s: %w", url, err)
	}
	return bus, nil
}

func connect(url string, o Options, extra ...natsgo.Option) (*Bus, error) {
	b := &Bus{onError: o.OnError, restored: make(chan struct{}, 1)}
	if b.onError == nil {
		b.onError = func(error) {}
	}
	conn, err := natsgo.Connect(url, append(b.options(o), extra...)...)
	if err != nil {
		return nil, translate(err)
	}
	b.conn = conn
	if b.js, err = jetstream.New(conn, jetstream.WithDefaultTimeout(DefaultTimeout)); err != nil {
		conn.Close()
		return nil, translate(err)
	}
	return b, nil
}

func (b *Bus) options(o Options) []natsgo.Option {
	options := []natsgo.Option{
		natsgo.Name(cmp.Or(o.Name, "huizong")),
		natsgo.Timeout(dialTimeout),
		natsgo.MaxReconnects(-1),
		natsgo.ReconnectWait(reconnectWait),
		natsgo.ReconnectJitter(reconnectWait, reconnectWait),
		natsgo.DisconnectErrHandler(func(_ *natsgo.Conn, err error) {
			if err != nil { // nil is our own Close
				b.onError(fmt.Errorf("nats connection lost: %w", translate(err)))
			}
		}),
		natsgo.ErrorHandler(func(_ *natsgo.Conn, sub *natsgo.Subscription, err error) {
			if sub != nil {
				err = fmt.Errorf("subject %s: %w", sub.Subject, err)
			} else if errors.Is(err, natsgo.ErrPermissionViolation) {
				b.asked.refuse(err)
			}
			b.onError(fmt.Errorf("nats connection: %w", translate(err)))
		}),
	}
	if o.User != "" {
		options = append(options, natsgo.UserInfo(o.User, o.Password))
	}
	if o.Token != "" {
		options = append(options, natsgo.Token(o.Token))
	}
	if o.Credentials != "" {
		options = append(options, natsgo.UserCredentials(o.Credentials))
	}
	if o.RootCA != "" {
		options = append(options, natsgo.RootCAs(o.RootCA))
	}
	return options
}

// checkVersion refuses a server older than minMajor.minMinor.
func checkVersion(version string) error {
	major, rest, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	minor, _, _ := strings.Cut(rest, ".")
	a, err1 := strconv.Atoi(major)
	b, err2 := strconv.Atoi(minor)
	if err1 != nil || err2 != nil || a < minMajor || a == minMajor && b < minMinor {
		return reporting.Errorf(reporting.Conflict, "nats-server is version %q, but %d.%d or newer is needed", version, minMajor, minMinor)
	}
	return nil
}

// Close ends the connection. Stop the consumers and responders first; they end here otherwise, without finishing.
func (b *Bus) Close() { b.conn.Close() }

// Ready asks the server for a sign of life of the stream: unavailable while it is missing.
func (b *Bus) Ready(ctx context.Context) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	there, err := b.hasStream(ctx)
	if err == nil && !there {
		err = reporting.Errorf(reporting.Unavailable, "no stream %s: it is being made again", Submissions)
	}
	return err
}

// Publish stores a message in the stream of its subject and returns when it is there. Of several with the same msgID within two
// minutes one is kept, so a Publish whose end is unknown may be repeated.
func (b *Bus) Publish(ctx context.Context, subject, msgID string, payload []byte) error {
	m := natsgo.NewMsg(subject)
	m.Data = payload
	m.Header.Set(jetstream.MsgIDHeader, msgID)
	return b.publish(ctx, m)
}

func (b *Bus) publish(ctx context.Context, m *natsgo.Msg) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	if _, err := b.js.PublishMsg(ctx, m); err != nil {
		return fmt.Errorf("publish to %s: %w", m.Subject, translate(err))
	}
	return nil
}

// leave ends a subscription and returns what has come before the server knew it: nothing that was sent to it is lost in between.
func (b *Bus) leave(sub *natsgo.Subscription) []*natsgo.Msg {
	if !b.conn.IsConnected() || sub.Drain() != nil {
		return nil // the server has forgotten it with the connection
	}
	var left []*natsgo.Msg
	for {
		msg, err := sub.NextMsg(DefaultTimeout)
		if err != nil { // the end
			return left
		}
		left = append(left, msg)
	}
}

// bounded gives ctx a deadline where it has none.
func bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, DefaultTimeout)
}
