package nats

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	natsgo "github.com/nats-io/nats.go"

	"huizong/pkg/reporting"
)

// listening is a server for other programs, with a responder that says who asks.
func listening(t *testing.T, c Config) bundle {
	t.Helper()
	c.Dir, c.Listen = t.TempDir(), "127.0.0.1:0"
	b := start(t, c)
	for _, subject := range []string{AllSend, AllOutcome} {
		serving, err := b.bus.Serve(b.ctx, ServeConfig{Subject: subject}, func(_ context.Context, r Request) (Reply, error) {
			unit, id := Sender(r.Subject)
			return Reply{Data: []byte(unit + " " + id + " " + string(r.Data))}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(serving.Stop)
	}
	return b
}

func (b bundle) dialAs(t *testing.T, token string) *Bus {
	t.Helper()
	bus, err := Dial(b.server.URL(), Options{Token: token})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(bus.Close)
	return bus
}

// TestConfined: a unit's system sends and asks for its own unit, hears answers to itself alone, and reaches nothing else. The server says who asks.
func TestConfined(t *testing.T) {
	t.Parallel()
	b := listening(t, Config{})
	for token, unit := range map[string]string{"token-a": "A01", "token-a2": "A01", "token-b": "B02", "operator": "C03"} {
		for _, prefix := range served {
			reply, err := b.dialAs(t, token).Request(b.ctx, prefix+unit, []byte("x"), nil)
			if want := unit + " " + token + " x"; err != nil || string(reply.Data) != want {
				t.Errorf("%s as %s: %q, %v, want %q", prefix+unit, token, reply.Data, err, want)
			}
		}
	}
}

// TestAttackReply: the caller chooses where the answer goes. It goes nowhere but into the account of who asked: it does nothing to the streams, reaches
// no responder, and nobody else hears it, not even another program of the same unit that listens to all inboxes it can.
func TestAttackReply(t *testing.T) {
	t.Parallel()
	b := listening(t, Config{})
	b.mustPublish(t, "m1", "kept")
	heard := make(chan string, 100)
	for _, token := range []string{"token-b", "token-a2", "operator"} {
		listen(t, b, token, "_INBOX.>", heard)
	}
	all, err := b.bus.conn.Subscribe(">", func(m *natsgo.Msg) {
		if !strings.HasPrefix(m.Subject, "$JS.") && !strings.HasPrefix(m.Subject, "_INBOX.") && !strings.HasPrefix(m.Subject, accountReply) && !strings.HasSuffix(m.Subject, ".token-a") {
			heard <- "in our account " + m.Subject
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	defer all.Unsubscribe()
	raw, err := natsgo.Connect(b.server.URL(), natsgo.Token("token-a"), natsgo.ErrorHandler(func(*natsgo.Conn, *natsgo.Subscription, error) {}))
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	for _, reply := range []string{
		"$JS.API.STREAM.DELETE." + Submissions, "$JS.API.STREAM.PURGE." + Submissions, "$JS.API.CONSUMER.DELETE." + Submissions + ".worker",
		"$SYS.REQ.SERVER.PING", receivedSubject + "A01", decidedSubject + "A01",
		sendSubject + "B02", sendSubject + "B02.token-b", outcomeSubject + "B02", "_INBOX.anybody", "_R_.anybody", "",
	} {
		if err := raw.PublishMsg(&natsgo.Msg{Subject: sendSubject + "A01", Reply: reply, Data: []byte("x")}); err != nil {
			t.Errorf("%s: %v", reply, err) // the library refuses none of them
		}
	}
	if err := raw.FlushTimeout(patience); err != nil {
		t.Fatal(err)
	}
	if reply, err := b.dialAs(t, "token-a").Request(b.ctx, sendSubject+"A01", []byte("last"), nil); err != nil || string(reply.Data) != "A01 token-a last" {
		t.Errorf("a request after them: %q, %v", reply.Data, err)
	}
	if there, err := b.bus.hasStream(b.ctx); err != nil || !there {
		t.Errorf("the stream is gone: %v", err)
	}
	stream, err := b.bus.js.Stream(b.ctx, Submissions)
	if err != nil {
		t.Fatal(err)
	}
	if n := stream.CachedInfo().State.Msgs; n != 1 {
		t.Errorf("%d messages in %s, want the one of before", n, Submissions)
	}
	select {
	case who := <-heard:
		t.Errorf("heard: %s", who)
	default:
	}
}

// listen tells what a token's holder hears.
func listen(t *testing.T, b bundle, token, subject string, heard chan<- string) {
	t.Helper()
	conn, err := natsgo.Connect(b.server.URL(), natsgo.Token(token))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	if _, err := conn.Subscribe(subject, func(m *natsgo.Msg) { heard <- token + " " + m.Subject }); err != nil {
		t.Fatal(err)
	}
	if err := conn.FlushTimeout(patience); err != nil {
		t.Fatal(err)
	}
}

// TestAnswerable: in our own account too an answer goes to an inbox only, and what nobody could be answered is not done.
func TestAnswerable(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var done atomic.Int32
	serving, err := b.bus.Serve(b.ctx, ServeConfig{Subject: AllSend, Workers: 1}, func(context.Context, Request) (Reply, error) {
		done.Add(1)
		return Reply{}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(serving.Stop)
	for _, reply := range []string{"", "$JS.API.STREAM.DELETE." + Submissions, receivedSubject + "A01", "_INBOXES"} {
		if err := b.bus.conn.PublishMsg(&natsgo.Msg{Subject: sendSubject + "A01.x", Reply: reply}); err != nil {
			t.Fatal(err)
		}
		wantCode(t, "a request that is to be answered to "+reply, receive(t, b.faults), reporting.Forbidden)
	}
	if _, err := b.bus.Request(b.ctx, sendSubject+"A01.x", nil, nil); err != nil || done.Load() != 1 {
		t.Errorf("%d requests were done, %v, want the last one", done.Load(), err)
	}
}

// TestRecheck: who is no longer let in, or reaches another unit, is cut off at once; others stay.
func TestRecheck(t *testing.T) {
	t.Parallel()
	reaches := map[string]*atomic.Pointer[Reach]{"a": {}, "b": {}, "c": {}, "d": {}}
	for id, r := range reaches {
		r.Store(&Reach{ID: id, Unit: "A01"})
	}
	b := listening(t, Config{Admit: func(token string) (Reach, bool) {
		r := reaches[token]
		if r == nil || r.Load() == nil {
			return Reach{}, false
		}
		return *r.Load(), true
	}})
	ended := map[string]chan struct{}{}
	conns := map[string]*natsgo.Conn{}
	for token := range reaches {
		gone := make(chan struct{})
		ended[token] = gone
		conn, err := natsgo.Connect(b.server.URL(), natsgo.Token(token), natsgo.NoReconnect(), natsgo.ClosedHandler(func(*natsgo.Conn) { close(gone) }))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(conn.Close)
		conns[token] = conn
	}
	reaches["a"].Store(nil)
	reaches["b"].Store(&Reach{ID: "b", Unit: "B02"})
	reaches["c"].Store(&Reach{ID: "c", Unit: "A01", Version: 1})
	if err := b.server.Recheck(); err != nil {
		t.Fatal(err)
	}
	for _, token := range []string{"a", "b", "c"} {
		receive(t, ended[token])
	}
	if reply, err := conns["d"].Request(sendSubject+"A01", []byte("x"), patience); err != nil || string(reply.Data) != "A01 d x" {
		t.Errorf("the one that nothing changed for: %v, %v", reply, err)
	}
	moved := b.dialAs(t, "b")
	if reply, err := moved.Request(b.ctx, sendSubject+"B02", nil, nil); err != nil || string(reply.Data) != "B02 b " {
		t.Errorf("of its new unit: %q, %v", reply.Data, err)
	}
	_, err := moved.Request(b.ctx, sendSubject+"A01", nil, nil)
	wantCode(t, "of its old unit", err, reporting.Forbidden)
}

// TestTokenEnds: a connection does not outlive its token.
func TestTokenEnds(t *testing.T) {
	t.Parallel()
	until := time.Now().Add(2 * time.Second)
	b := listening(t, Config{Admit: func(token string) (Reach, bool) { return Reach{ID: token, Unit: "A01", Until: until}, true }})
	gone := make(chan struct{})
	conn, err := natsgo.Connect(b.server.URL(), natsgo.Token("a"), natsgo.NoReconnect(), natsgo.ClosedHandler(func(*natsgo.Conn) { close(gone) }))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	receive(t, gone)
	if time.Now().Before(until) {
		t.Error("it ended before its token")
	}
}

// TestStrangers: without a token, or with one that is none, nobody is let in.
func TestStrangers(t *testing.T) {
	t.Parallel()
	b := start(t, Config{Dir: t.TempDir(), Listen: "127.0.0.1:0"})
	for _, token := range []string{"", "no such token"} {
		bus, err := Dial(b.server.URL(), Options{Token: token})
		if err == nil {
			bus.Close()
			t.Errorf("token %q is let in", token)
		}
		wantCode(t, "Dial with token "+token, err, reporting.Unauthenticated)
	}
}
