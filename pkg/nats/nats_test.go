package nats

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"huizong/pkg/reporting"
)

// patience bounds every wait of a test; a test that works waits for the event and not for the clock.
const patience = 20 * time.Second

// bundle is a server, a connection, and a context that ends with the test.
type bundle struct {
	ctx    context.Context
	server *Server
	bus    *Bus
	faults chan error
}

func setup(t testing.TB) bundle {
	t.Helper()
	return start(t, Config{Dir: t.TempDir()})
}

func start(t testing.TB, c Config) bundle {
	t.Helper()
	b := bundle{server: mustStart(t, c), faults: make(chan error, 100)}
	var cancel context.CancelFunc
	b.ctx, cancel = context.WithTimeout(context.Background(), 3*patience)
	t.Cleanup(cancel)
	b.bus = b.mustConnect(t)
	if err := b.bus.EnsureStreams(b.ctx, 1); err != nil {
		t.Fatal(err)
	}
	return b
}

// The tokens of the tests: of two programs of a unit, of one of another, and of the one who runs the server.
var units = map[string]string{"token-a": "A01", "token-a2": "A01", "token-b": "B02", "operator": ""}

// inside is the secret of the bus that every server of the tests has, so that one outlives a restart of the server.
const inside = "inside"

func mustStart(t testing.TB, c Config) *Server {
	t.Helper()
	if c.Admit == nil {
		c.Admit = func(token string) (Reach, bool) {
			unit, ok := units[token]
			return Reach{ID: token, Unit: unit}, ok
		}
	}
	c.own = inside
	if c.Log == nil {
		c.Log = zap.New(zapcore.NewCore(zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig()), zapcore.AddSync(complaints{t}), zap.ErrorLevel))
	}
	s, err := StartServer(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// complaints makes a fault of the server one of the test. What others are refused is none.
type complaints struct{ testing.TB }

func (c complaints) Write(b []byte) (int, error) {
	if text := string(b); strings.Contains(text, "Error setting up") {
		c.Errorf("the server says: %s", text)
	}
	return len(b), nil
}

func (b bundle) mustConnect(t testing.TB) *Bus {
	t.Helper()
	bus, err := b.server.Connect(Options{OnError: func(err error) {
		select {
		case b.faults <- err:
		default:
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(bus.Close)
	return bus
}

func (b bundle) mustPublish(t testing.TB, msgID, text string) {
	t.Helper()
	if err := b.bus.Publish(b.ctx, receivedSubject+"A01", msgID, []byte(text)); err != nil {
		t.Fatal(err)
	}
}

func (b bundle) mustConsume(t testing.TB, c ConsumerConfig, handler func(context.Context, Message)) *Subscription {
	t.Helper()
	c.Stream, c.Durable = Submissions, "worker"
	sub, err := b.bus.Consume(b.ctx, c, handler)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sub.Stop)
	return sub
}

func receive[T any](t testing.TB, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(patience):
		t.Fatal("nothing came")
		panic("unreachable")
	}
}

func wantCode(t testing.TB, what string, err error, want reporting.Code) {
	t.Helper()
	if reporting.CodeOf(err) != want {
		t.Errorf("%s = %v (%s), want %s", what, err, reporting.CodeOf(err), want)
	}
}

func TestConsume(t *testing.T) {
	t.Parallel()

	t.Run("Ack", func(t *testing.T) {
		t.Parallel()
		b := setup(t)
		got := make(chan Message, 10)
		sub := b.mustConsume(t, ConsumerConfig{Filter: AllReceived}, func(ctx context.Context, m Message) {
			if err := m.Ack(ctx); err != nil {
				t.Error(err)
			}
			got <- m
		})
		b.mustPublish(t, "m1", "one")
		m := receive(t, got)
		if m.Subject != "huizong.submission.received.A01" || string(m.Data) != "one" || m.MsgID != "m1" || m.Deliveries != 1 {
			t.Errorf("message = %+v", m)
		}
		sub.Stop()
		sub.Stop()
		// A consumer of the same name goes on behind what was acknowledged.
		b.mustConsume(t, ConsumerConfig{Filter: AllReceived}, func(ctx context.Context, m Message) { got <- m })
		b.mustPublish(t, "m2", "two")
		if m := receive(t, got); m.MsgID != "m2" {
			t.Errorf("after the restart of the consumer came %s, want m2", m.MsgID)
		}
	})

	t.Run("Nak", func(t *testing.T) {
		t.Parallel()
		b := setup(t)
		got := make(chan uint64, 10)
		b.mustConsume(t, ConsumerConfig{}, func(ctx context.Context, m Message) {
			if m.Deliveries < 3 {
				m.Nak(time.Duration(m.Deliveries-1) * time.Millisecond)
			} else {
				m.Ack(ctx)
			}
			got <- m.Deliveries
		})
		b.mustPublish(t, "m1", "one")
		for want := uint64(1); want <= 3; want++ {
			if n := receive(t, got); n != want {
				t.Errorf("delivery %d, want %d", n, want)
			}
		}
	})

	t.Run("AckWait", func(t *testing.T) {
		t.Parallel()
		b := setup(t)
		got := make(chan Message, 10)
		b.mustConsume(t, ConsumerConfig{AckWait: 50 * time.Millisecond}, func(_ context.Context, m Message) { got <- m })
		b.mustPublish(t, "m1", "one")
		receive(t, got)
		if m := receive(t, got); m.Deliveries != 2 {
			t.Errorf("deliveries = %d, want 2", m.Deliveries)
		}
	})

	t.Run("InProgressAndTerminate", func(t *testing.T) {
		t.Parallel()
		b := setup(t)
		got := make(chan Message, 10)
		b.mustConsume(t, ConsumerConfig{Workers: 1}, func(ctx context.Context, m Message) {
			if err := errors.Join(m.InProgress(), m.Terminate("unreadable")); err != nil {
				t.Error(err)
			}
			got <- m
		})
		b.mustPublish(t, "m1", "one")
		b.mustPublish(t, "m2", "two")
		for _, want := range []string{"m1", "m2"} {
			if m := receive(t, got); m.MsgID != want {
				t.Errorf("got %s, want %s", m.MsgID, want)
			}
		}
	})

	t.Run("Workers", func(t *testing.T) {
		t.Parallel()
		b := setup(t)
		const workers = 3
		var together sync.WaitGroup // all handlers meet, so all run at a time
		together.Add(workers)
		done := make(chan bool, workers)
		b.mustConsume(t, ConsumerConfig{Workers: workers}, func(ctx context.Context, m Message) {
			together.Done()
			together.Wait()
			m.Ack(ctx)
			done <- true
		})
		for i := range workers {
			b.mustPublish(t, fmt.Sprint(i), "x")
		}
		for range workers {
			receive(t, done)
		}
	})

	t.Run("Stop", func(t *testing.T) {
		t.Parallel()
		b := setup(t)
		started := make(chan bool)
		ctx, cancel := context.WithCancelCause(b.ctx)
		stopping := errors.New("stopping")
		sub, err := b.bus.Consume(ctx, ConsumerConfig{Stream: Submissions, Durable: "worker"}, func(ctx context.Context, m Message) {
			started <- true
			<-ctx.Done()
			if context.Cause(ctx) != stopping {
				t.Errorf("cause = %v, want %v", context.Cause(ctx), stopping)
			}
			m.Nak(0)
		})
		if err != nil {
			t.Fatal(err)
		}
		b.mustPublish(t, "m1", "one")
		receive(t, started)
		cancel(stopping)
		sub.Wait()
		got := make(chan Message, 1)
		b.mustConsume(t, ConsumerConfig{}, func(ctx context.Context, m Message) { m.Ack(ctx); got <- m })
		if m := receive(t, got); m.Deliveries != 2 {
			t.Errorf("deliveries = %d, want 2", m.Deliveries)
		}
	})

	t.Run("ErrConfig", func(t *testing.T) {
		t.Parallel()
		b := setup(t)
		for _, c := range []ConsumerConfig{
			{Durable: "worker"}, {Stream: Submissions}, {Stream: Submissions, Durable: "a.b"},
			{Stream: Submissions, Durable: "w", Workers: -1}, {Stream: Submissions, Durable: "w", AckWait: -1},
		} {
			_, err := b.bus.Consume(b.ctx, c, nil)
			wantCode(t, fmt.Sprintf("Consume(%+v)", c), err, reporting.Invalid)
		}
		_, err := b.bus.Consume(b.ctx, ConsumerConfig{Stream: "NONE", Durable: "w"}, nil)
		wantCode(t, "Consume of no stream", err, reporting.NotFound)
	})
}

func TestPublish(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.mustPublish(t, "m1", "one")
	b.mustPublish(t, "m1", "one again")
	b.mustPublish(t, "m2", "two")
	got := make(chan string, 10)
	b.mustConsume(t, ConsumerConfig{Workers: 1}, func(ctx context.Context, m Message) { m.Ack(ctx); got <- string(m.Data) })
	for _, want := range []string{"one", "two"} {
		if text := receive(t, got); text != want {
			t.Errorf("got %q, want %q", text, want)
		}
	}
	wantCode(t, "Publish without a stream", b.bus.Publish(b.ctx, "elsewhere", "m", nil), reporting.Unavailable)
	wantCode(t, "Publish of too much", b.bus.Publish(b.ctx, receivedSubject+"A01", "m", make([]byte, MaxPayload+headerRoom)), reporting.Invalid)
	canceled, cancel := context.WithCancel(b.ctx)
	cancel()
	wantCode(t, "Publish canceled", b.bus.Publish(canceled, receivedSubject+"A01", "m", nil), reporting.Canceled)
}

func TestRequest(t *testing.T) {
	t.Parallel()
	b := setup(t)
	other, err := b.server.Connect(Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(other.Close)
	serving, err := b.bus.Serve(b.ctx, ServeConfig{Subject: AllSend, Workers: 2}, func(ctx context.Context, r Request) (Reply, error) {
		switch _, token := Sender(r.Subject); token {
		case "echo":
			return Reply{Data: r.Data}, nil
		case "header":
			return Reply{Data: []byte(r.Headers["File"])}, nil
		case "large":
			return Reply{Data: make([]byte, MaxPayload+headerRoom)}, nil
		case "invalid":
			return Reply{}, reporting.Errorf(reporting.Invalid, "form %q is unknown", "x")
		case "internal":
			return Reply{}, errors.New("password is 123")
		}
		panic("oh")
	})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(token string, data []byte) (Reply, error) {
		return other.Request(b.ctx, sendSubject+"A01."+token, data, map[string]string{"File": "基金月报 6.xlsx"})
	}

	t.Run("EightMegabytes", func(t *testing.T) {
		data := bytes.Repeat([]byte("汇总 12"), MaxPayload/9)
		reply, err := ask("echo", data)
		if err != nil || !bytes.Equal(reply.Data, data) {
			t.Errorf("reply of %d bytes, %v", len(reply.Data), err)
		}
	})
	t.Run("Header", func(t *testing.T) {
		if reply, err := ask("header", nil); err != nil || string(reply.Data) != "基金月报 6.xlsx" {
			t.Errorf("the header came as %q, %v", reply.Data, err)
		}
	})
	t.Run("ErrRequestTooLarge", func(t *testing.T) {
		_, err := ask("echo", make([]byte, MaxPayload+headerRoom))
		wantCode(t, "Request", err, reporting.Invalid)
	})
	t.Run("ErrReplyTooLarge", func(t *testing.T) {
		_, err := ask("large", nil)
		wantCode(t, "Request", err, reporting.Invalid)
	})
	t.Run("ErrInvalid", func(t *testing.T) {
		_, err := ask("invalid", nil)
		wantCode(t, "Request", err, reporting.Invalid)
		if !strings.Contains(err.Error(), `form "x" is unknown`) {
			t.Errorf("text = %q", err)
		}
	})
	t.Run("ErrInternal", func(t *testing.T) {
		for _, token := range []string{"internal", "panic"} {
			_, err := ask(token, nil)
			wantCode(t, "Request", err, reporting.Internal)
			if strings.Contains(err.Error(), "password") {
				t.Errorf("text = %q shows the inside", err)
			}
			if fault := receive(t, b.faults); reporting.CodeOf(fault) != reporting.Internal {
				t.Errorf("OnError = %v", fault)
			}
		}
	})
	t.Run("ErrNobody", func(t *testing.T) {
		_, err := other.Request(b.ctx, "huizong.anything.else", nil, nil)
		wantCode(t, "Request", err, reporting.Unavailable)
	})
	t.Run("Stop", func(t *testing.T) {
		serving.Stop()
		_, err := ask("echo", nil)
		wantCode(t, "Request after Stop", err, reporting.Unavailable)
	})
}

func TestServeCancels(t *testing.T) {
	t.Parallel()
	b := setup(t)
	started := make(chan bool)
	serving, err := b.bus.Serve(b.ctx, ServeConfig{Subject: AllSend, Workers: 1}, func(ctx context.Context, r Request) (Reply, error) {
		started <- true
		<-ctx.Done()
		return Reply{}, reporting.Errorf(reporting.Canceled, "stopped")
	})
	if err != nil {
		t.Fatal(err)
	}
	answer := make(chan error)
	go func() {
		_, err := b.bus.Request(b.ctx, sendSubject+"A01.x", nil, nil)
		answer <- err
	}()
	receive(t, started)
	serving.Stop()
	wantCode(t, "Request of a stopped server", receive(t, answer), reporting.Canceled)
}

func TestRestart(t *testing.T) {
	t.Parallel()

	t.Run("Disk", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		b := start(t, Config{Dir: dir})
		b.mustPublish(t, "m1", "kept")
		b.bus.Close()
		if err := b.server.Close(); err != nil {
			t.Fatal(err)
		}
		b = start(t, Config{Dir: dir})
		got := make(chan Message, 1)
		b.mustConsume(t, ConsumerConfig{}, func(ctx context.Context, m Message) { m.Ack(ctx); got <- m })
		if m := receive(t, got); string(m.Data) != "kept" {
			t.Errorf("message = %+v", m)
		}
	})

	// The connection, the consumer and the responder of another process go on when the server is back at its address.
	t.Run("Reconnect", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		b := start(t, Config{Dir: dir, Listen: "127.0.0.1:0"})
		url := b.server.URL()
		remote := mustDial(t, url)
		got := make(chan string, 100)
		sub, err := remote.Consume(b.ctx, ConsumerConfig{Stream: Submissions, Durable: "worker"}, func(ctx context.Context, m Message) {
			m.Ack(ctx)
			got <- m.MsgID
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(sub.Stop)
		serving, err := remote.Serve(b.ctx, ServeConfig{Subject: AllSend}, func(_ context.Context, r Request) (Reply, error) {
			return Reply{Data: r.Data}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(serving.Stop)
		b.mustPublish(t, "m1", "before")
		receive(t, got)

		b.bus.Close()
		if err := b.server.Close(); err != nil {
			t.Fatal(err)
		}
		wantCode(t, "Ready without a server", expired(b.ctx, remote.Ready), reporting.Unavailable)
		b = start(t, Config{Dir: dir, Listen: strings.TrimPrefix(url, "nats://")})
		b.mustPublish(t, "m2", "after")
		for receive(t, got) != "m2" { // m1 comes again if its Ack was lost
		}
		if reply, err := b.bus.Request(b.ctx, sendSubject+"A01.x", []byte("x"), nil); err != nil || string(reply.Data) != "x" {
			t.Errorf("Request after the restart = %v, %v", reply, err)
		}
	})

	// A server that comes back empty has lost the consumer too: it is made again.
	t.Run("EmptyDisk", func(t *testing.T) {
		t.Parallel()
		b := setup(t)
		got := make(chan string, 10)
		b.mustConsume(t, ConsumerConfig{}, func(ctx context.Context, m Message) { m.Ack(ctx); got <- m.MsgID })
		b.mustPublish(t, "m1", "before")
		receive(t, got)
		if err := b.bus.DeleteState(b.ctx); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(b.bus.DeleteState(b.ctx), b.bus.EnsureStreams(b.ctx, 1)); err != nil {
			t.Fatal(err)
		}
		b.mustPublish(t, "m1", "same id, new stream")
		if id := receive(t, got); id != "m1" {
			t.Errorf("got %s, want m1", id)
		}
	})
}

// expired calls f with a context that has no time left.
func expired(ctx context.Context, f func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, 0)
	defer cancel()
	return f(ctx)
}

func mustDial(t testing.TB, url string) *Bus {
	t.Helper()
	bus, err := Dial(url, Options{Name: t.Name(), Token: inside})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(bus.Close)
	return bus
}

func TestServer(t *testing.T) {
	t.Parallel()

	t.Run("InProcessOnly", func(t *testing.T) {
		t.Parallel()
		b := setup(t)
		if url := b.server.URL(); url != "" {
			t.Errorf("URL = %q, want none", url)
		}
		if err := b.bus.Ready(b.ctx); err != nil {
			t.Error(err)
		}
		if err := errors.Join(b.server.Close(), b.server.Close()); err != nil {
			t.Error(err)
		}
	})

	t.Run("ErrPortInUse", func(t *testing.T) {
		t.Parallel()
		b := start(t, Config{Dir: t.TempDir(), Listen: "127.0.0.1:0"})
		_, err := StartServer(Config{Dir: t.TempDir(), Listen: strings.TrimPrefix(b.server.URL(), "nats://")})
		wantCode(t, "StartServer", err, reporting.Unavailable)
		if err == nil || !strings.Contains(err.Error(), "in use") {
			t.Errorf("text = %v", err)
		}
	})

	t.Run("ErrConfig", func(t *testing.T) {
		t.Parallel()
		for _, c := range []Config{{}, {Dir: "x", Listen: "nowhere"}, {Dir: "x", Listen: ":http"}, {Dir: "x", Listen: ":70000"}} {
			_, err := StartServer(c)
			wantCode(t, fmt.Sprintf("StartServer(%+v)", c), err, reporting.Invalid)
		}
	})

	t.Run("ErrFolder", func(t *testing.T) {
		t.Parallel()
		_, err := StartServer(Config{Dir: filepath.Join("/dev/null", "x")})
		wantCode(t, "StartServer", err, reporting.Unavailable)
	})

	t.Run("ErrNobody", func(t *testing.T) {
		t.Parallel()
		_, err := Dial("nats://127.0.0.1:1", Options{})
		wantCode(t, "Dial", err, reporting.Unavailable)
	})
}

func TestCheckVersion(t *testing.T) {
	t.Parallel()
	for version, ok := range map[string]bool{
		"2.15.0": true, "2.15.2": true, "v2.16.0-RC.1": true, "3.0.0": true,
		"2.14.9": false, "1.99.0": false, "": false, "two": false, "2": false,
	} {
		if err := checkVersion(version); (err == nil) != ok {
			t.Errorf("checkVersion(%q) = %v, want ok %t", version, err, ok)
		}
	}
}

func TestSubject(t *testing.T) {
	t.Parallel()
	for _, of := range []func(string) (string, error){ReceivedSubject, DecidedSubject, SendSubject, OutcomeSubject} {
		subject, err := of("A01_b-c")
		if err != nil || !strings.HasSuffix(subject, ".A01_b-c") {
			t.Errorf("subject = %q, %v", subject, err)
		}
		for _, token := range []string{"", "*", ">", "a.b", "a b", "a\r\nPUB x 0", "城关", strings.Repeat("a", 200)} {
			_, err := of(token)
			wantCode(t, fmt.Sprintf("subject of %q", token), err, reporting.Invalid)
		}
	}
}

// BenchmarkPublish measures a publish with its fsync; BenchmarkDispatch from publish to the end of the double ack.
func BenchmarkPublish(b *testing.B) {
	s := setup(b)
	ctx := context.Background()
	data := make([]byte, 500)
	for i := 0; b.Loop(); i++ {
		if err := s.bus.Publish(ctx, receivedSubject+"A01", fmt.Sprint(i), data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDispatch(b *testing.B) {
	s := setup(b)
	ctx := context.Background()
	done := make(chan error, 1)
	s.mustConsume(b, ConsumerConfig{Workers: 2}, func(ctx context.Context, m Message) { done <- m.Ack(ctx) })
	for i := 0; b.Loop(); i++ {
		if err := s.bus.Publish(ctx, receivedSubject+"A01", fmt.Sprint(i), []byte("x")); err != nil {
			b.Fatal(err)
		}
		if err := <-done; err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRequest(b *testing.B) {
	s := setup(b)
	ctx := context.Background()
	if _, err := s.bus.Serve(ctx, ServeConfig{Subject: AllSend}, func(_ context.Context, r Request) (Reply, error) { return Reply{}, nil }); err != nil {
		b.Fatal(err)
	}
	data := make([]byte, 30_000)
	for b.Loop() {
		if _, err := s.bus.Request(ctx, sendSubject+"A01.x", data, nil); err != nil {
			b.Fatal(err)
		}
	}
}
