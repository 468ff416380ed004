package nats

import (
	"context"
	"testing"

	natsgo "github.com/nats-io/nats.go"

	"huizong/pkg/reporting"
)

// TestConfined: a unit's system sends and asks for its own unit, hears answers to itself alone, and reaches nothing else.
func TestConfined(t *testing.T) {
	t.Parallel()
	b := start(t, Config{Dir: t.TempDir(), Listen: "127.0.0.1:0"})
	serving, err := b.bus.Serve(b.ctx, ServeConfig{Subject: AllSend}, func(_ context.Context, r Request) (Reply, error) {
		return Reply{Data: r.Data}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(serving.Stop)
	unit, err := Dial(b.server.URL(), Options{Token: "token-a", Unit: "A01"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(unit.Close)
	if reply, err := unit.Request(b.ctx, sendSubject+"A01", []byte("x"), nil); err != nil || string(reply.Data) != "x" {
		t.Errorf("for the own unit: %q, %v", reply.Data, err)
	}
	for _, subject := range []string{sendSubject + "B02", outcomeSubject + "B02", compilerSubject + "figures", receivedSubject + "A01", "$JS.API.INFO"} {
		_, err := unit.Request(b.ctx, subject, []byte("x"), nil)
		wantCode(t, "a request to "+subject, err, reporting.Forbidden)
	}
	for _, subject := range []string{AllDecided, "_INBOX.>", "_INBOX.B02.>", ">"} {
		if !denied(t, b.server.URL(), "token-a", subject) {
			t.Errorf("%s can be heard", subject)
		}
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

// denied reports whether the server refuses a subscription.
func denied(t *testing.T, url, token, subject string) bool {
	t.Helper()
	refused := make(chan error, 1)
	conn, err := natsgo.Connect(url, natsgo.Token(token), natsgo.ErrorHandler(func(_ *natsgo.Conn, _ *natsgo.Subscription, err error) { refused <- err }))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.SubscribeSync(subject); err != nil {
		return true
	}
	if err := conn.FlushTimeout(patience); err != nil {
		t.Fatal(err)
	}
	select {
	case <-refused:
		return true
	default:
		return conn.LastError() != nil
	}
}
