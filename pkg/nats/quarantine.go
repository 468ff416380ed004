package nats

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"

	natsgo "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"

	"huizong/pkg/reporting"
)

// Headers of a message in the quarantine, beside those it came with.
const (
	headerReason     = "Huizong-Reason"
	headerSubject    = "Huizong-Subject"
	headerMsgID      = "Huizong-Msg-Id"
	headerDeliveries = "Huizong-Deliveries"
	// headerReplayOf is on a replayed message: the id it had in the quarantine, and gets there again.
	headerReplayOf = "Huizong-Replay-Of"
)

// Quarantined is a message that waits for a person, and why.
type Quarantined struct {
	ID         string    `json:"id"`
	Reason     string    `json:"reason"`
	Subject    string    `json:"subject"` // where it was published, and a Replay goes
	MsgID      string    `json:"msg_id"`
	Deliveries uint64    `json:"deliveries"`
	Time       time.Time `json:"time"` // when it came here
	Data       []byte    `json:"data"`

	sequence uint64
	header   natsgo.Header
}

// Quarantine stores a message for a person to look at. It does not end the delivery: Terminate it afterwards, in this order, so
// that a crash in between leaves it in both places and not in none. The id is the submission's; an id that is there already
// gets the new reason.
func (b *Bus) Quarantine(ctx context.Context, id, reason string, m Message) error {
	return b.quarantine(ctx, Quarantined{
		ID: id, Reason: reason, Subject: m.Subject, MsgID: m.MsgID, Deliveries: m.Deliveries, Data: m.Data, header: m.msg.Header,
	})
}

func (b *Bus) quarantine(ctx context.Context, q Quarantined) error {
	to, err := subject(quarantineSubject, q.ID)
	if err != nil {
		return fmt.Errorf("quarantine: %w", err)
	}
	m := natsgo.NewMsg(to)
	m.Data = q.Data
	copyHeader(m.Header, q.header)
	m.Header.Set(headerReason, q.Reason)
	m.Header.Set(headerSubject, q.Subject)
	m.Header.Set(headerMsgID, q.MsgID)
	m.Header.Set(headerDeliveries, strconv.FormatUint(q.Deliveries, 10))
	if err := b.publish(ctx, m); err != nil {
		return fmt.Errorf("quarantine %s: %w", q.ID, err)
	}
	return nil
}

// copyHeader copies what is not an instruction to the server.
func copyHeader(to, from natsgo.Header) {
	for key, values := range from {
		if !strings.HasPrefix(key, "Nats-") {
			to[key] = values
		}
	}
}

// Quarantined returns a message of the quarantine by its id, or not_found.
func (b *Bus) Quarantined(ctx context.Context, id string) (Quarantined, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	stream, err := b.quarantineStream(ctx)
	if err != nil {
		return Quarantined{}, err
	}
	return quarantined(ctx, stream, id)
}

func quarantined(ctx context.Context, stream jetstream.Stream, id string) (Quarantined, error) {
	if !validToken(id) {
		return Quarantined{}, reporting.Errorf(reporting.NotFound, "%q is not in the quarantine", id)
	}
	m, err := stream.GetLastMsgForSubject(ctx, quarantineSubject+id)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return Quarantined{}, reporting.Errorf(reporting.NotFound, "%q is not in the quarantine", id)
	}
	if err != nil {
		return Quarantined{}, fmt.Errorf("quarantine %s: %w", id, translate(err))
	}
	deliveries, _ := strconv.ParseUint(m.Header.Get(headerDeliveries), 10, 64) // 0 is unknown
	return Quarantined{
		ID: id, Reason: m.Header.Get(headerReason), Subject: m.Header.Get(headerSubject), MsgID: m.Header.Get(headerMsgID),
		Deliveries: deliveries, Time: m.Time.UTC(), Data: m.Data, sequence: m.Sequence, header: m.Header,
	}, nil
}

func (b *Bus) quarantineStream(ctx context.Context) (jetstream.Stream, error) {
	stream, err := b.js.Stream(ctx, quarantineStream)
	if err != nil {
		return nil, fmt.Errorf("quarantine: %w", translate(err))
	}
	return stream, nil
}

// ListQuarantine returns what is in the quarantine, the oldest first.
func (b *Bus) ListQuarantine(ctx context.Context) ([]Quarantined, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	stream, err := b.quarantineStream(ctx)
	if err != nil {
		return nil, err
	}
	info, err := stream.Info(ctx, jetstream.WithSubjectFilter(quarantineSubject+">"))
	if err != nil {
		return nil, fmt.Errorf("list quarantine: %w", translate(err))
	}
	list := make([]Quarantined, 0, len(info.State.Subjects))
	for subject := range info.State.Subjects {
		q, err := quarantined(ctx, stream, LastToken(subject))
		if reporting.CodeOf(err) == reporting.NotFound {
			continue // removed meanwhile
		}
		if err != nil {
			return nil, err
		}
		list = append(list, q)
	}
	sort.Slice(list, func(i, k int) bool { return list[i].sequence < list[k].sequence })
	return list, nil
}

// Replay publishes a message of the quarantine again where it was first published, and removes it here. Its message id is a new
// one, lest the server take it for a duplicate.
func (b *Bus) Replay(ctx context.Context, id string) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	stream, err := b.quarantineStream(ctx)
	if err != nil {
		return err
	}
	q, err := quarantined(ctx, stream, id)
	if err != nil {
		return err
	}
	m := natsgo.NewMsg(q.Subject)
	m.Data = q.Data
	copyHeader(m.Header, q.header)
	for _, key := range []string{headerReason, headerSubject, headerMsgID, headerDeliveries} {
		m.Header.Del(key)
	}
	m.Header.Set(jetstream.MsgIDHeader, nuid.Next())
	m.Header.Set(headerReplayOf, id)
	if err := b.publish(ctx, m); err != nil {
		return fmt.Errorf("replay %s: %w", id, err)
	}
	// Last: if we crash before, the message is in both places, and a second Replay is one more delivery. By sequence, since the
	// replayed message may be back here already.
	return b.remove(ctx, stream, q)
}

// Remove deletes a message from the quarantine: a person has decided that nothing has to be done.
func (b *Bus) Remove(ctx context.Context, id string) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	stream, err := b.quarantineStream(ctx)
	if err != nil {
		return err
	}
	q, err := quarantined(ctx, stream, id)
	if err != nil {
		return err
	}
	return b.remove(ctx, stream, q)
}

func (b *Bus) remove(ctx context.Context, stream jetstream.Stream, q Quarantined) error {
	err := stream.DeleteMsg(ctx, q.sequence)
	if err == nil || errors.Is(err, jetstream.ErrMsgNotFound) || errors.Is(err, jetstream.ErrMsgDeleteUnsuccessful) {
		return nil // gone, or replaced by a newer one of the same id
	}
	return fmt.Errorf("remove %s from the quarantine: %w", q.ID, translate(err))
}

// exceeded is the server's note that a consumer's message has reached its last delivery.
type exceeded struct {
	Stream     string `json:"stream"`
	Consumer   string `json:"consumer"`
	Sequence   uint64 `json:"stream_seq"`
	Deliveries uint64 `json:"deliveries"`
}

// exceededPuller consumes the notes about a consumer and moves each message they name into the quarantine.
func (b *Bus) exceededPuller(c ConsumerConfig) *puller {
	return &puller{
		bus:    b,
		stream: exceededStream,
		config: jetstream.ConsumerConfig{
			Durable:       c.Durable,
			FilterSubject: exceededSubject(c.Stream, c.Durable),
			AckPolicy:     jetstream.AckExplicitPolicy,
			AckWait:       DefaultAckWait,
			MaxDeliver:    -1, // until it is done
		},
		workers: 1,
		handler: func(ctx context.Context, m Message) {
			err := b.moveExceeded(ctx, m.Data)
			if err == nil {
				err = m.Ack(ctx) // if we crash before it, the move is repeated, and replaces itself
			}
			if err != nil && ctx.Err() == nil {
				b.onError(fmt.Errorf("message whose deliveries are used up: %w", errors.Join(err, m.Nak(DefaultAckWait))))
			}
		},
	}
}

func (b *Bus) moveExceeded(ctx context.Context, note []byte) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	var x exceeded
	if err := json.Unmarshal(note, &x); err != nil {
		b.onError(reporting.Errorf(reporting.Internal, "server's note about max deliveries: %w: %s", err, note))
		return nil // it will not become readable
	}
	stream, err := b.js.Stream(ctx, x.Stream)
	if err != nil {
		return translate(err)
	}
	m, err := stream.GetMsg(ctx, x.Sequence)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		b.onError(reporting.Errorf(reporting.NotFound, "message %d of %s is gone before it came into the quarantine", x.Sequence, x.Stream))
		return nil // nothing to show; the sweeper drives the submission
	}
	if err != nil {
		return translate(err)
	}
	return b.quarantine(ctx, Quarantined{
		ID:         exceededID(x, m.Header),
		Reason:     fmt.Sprintf("delivered %d times to %s without an answer", x.Deliveries, x.Consumer),
		Subject:    m.Subject,
		MsgID:      m.Header.Get(jetstream.MsgIDHeader),
		Deliveries: x.Deliveries,
		Data:       m.Data,
		header:     m.Header,
	})
}

// exceededID is the id of a message in the quarantine: the one it had there before its replay, or its message id, or its place.
func exceededID(x exceeded, h natsgo.Header) string {
	for _, id := range []string{h.Get(headerReplayOf), h.Get(jetstream.MsgIDHeader)} {
		if validToken(id) {
			return id
		}
	}
	return fmt.Sprintf("%s-%d", x.Stream, x.Sequence)
}
