package clickhouse_test

import (
	"context"
	"errors"
	"net"
	"os"
	"sync"
	"testing"
	"time"

	"huizong/pkg/clickhouse"
	"huizong/pkg/engine"
	"huizong/pkg/reporting"
)

// TestServerKilled: the pool survives a server that is killed and comes back on another port. Every connection it holds is
// stale then.
func TestServerKilled(t *testing.T) {
	t.Parallel()
	e, err := engine.Start(t.Context(), engine.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	s := mustOpen(t, newDatabase(e))
	if err := s.Migrate(t.Context(), migrations()); err != nil {
		t.Fatal(err)
	}
	mustWrite(t, s, entry(1, "2020-01", jobs("2020-01", "10")))
	for n := range 3 {
		fillPool(t, s)
		mustKill(t, e)
		mustWrite(t, s, entry(n+2, "2020-02", jobs("2020-02", "20")))
		wantJobs(t, s, time.Time{}, "2020-01=10", "2020-02=20")
	}
}

// fillPool opens all connections that the pool may have.
func fillPool(t *testing.T, s *clickhouse.Store) {
	t.Helper()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := s.DecidedAll(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// mustKill kills the engine's child and returns when another one serves.
func mustKill(t *testing.T, e *engine.Engine) {
	t.Helper()
	pid := e.PID()
	child, err := os.FindProcess(pid)
	if err == nil {
		err = child.Kill()
	}
	if err != nil {
		t.Fatal(err)
	}
	for e.PID() == pid || e.PID() == 0 {
		if conn, err := e.DialContext(t.Context(), ""); err == nil {
			conn.Close()
		}
	}
}

// cutter hands out connections that it can break, or refuse.
type cutter struct {
	mu     sync.Mutex // guards what follows
	refuse error
	after  int // bytes written until the connection breaks; 0: never
}

func (c *cutter) set(refuse error, after int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.refuse, c.after = refuse, after
}

func (c *cutter) dial(ctx context.Context, addr string) (net.Conn, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.refuse != nil {
		return nil, c.refuse
	}
	conn, err := server.DialContext(ctx, addr)
	return &fragile{Conn: conn, cutter: c}, err
}

// fragile is a connection that dies with all the server's answers still in it.
type fragile struct {
	net.Conn
	cutter *cutter
}

func (f *fragile) Write(b []byte) (int, error) {
	n, err := f.Conn.Write(b)
	f.cutter.mu.Lock()
	defer f.cutter.mu.Unlock()
	if f.cutter.after > 0 {
		if f.cutter.after -= n; f.cutter.after <= 0 {
			f.cutter.after = 0 // one break
			f.Conn.Close()
		}
	}
	return n, err
}

// TestConnectionBreaks cuts the connection after every so many bytes of a submission's way: nothing is lost or doubled, and
// nobody above notices.
func TestConnectionBreaks(t *testing.T) {
	t.Parallel()
	cfg := newDatabase(server)
	c := new(cutter)
	cfg.DialContext = c.dial
	s := mustOpen(t, cfg)
	if err := s.Migrate(t.Context(), migrations()); err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= 20; n++ {
		c.set(nil, 400*n)
		e := full(n)
		mustWrite(t, s, e)
		if d, ok, err := s.Outcome(t.Context(), id(n)); err != nil || !ok || len(d.Findings) != 2 {
			t.Fatalf("cut after %d bytes: Outcome = %+v, %v, %v", 400*n, d, ok, err)
		}
		mustReadBack(t, s, e)
	}
	c.set(nil, 0)
	wantJobs(t, s, time.Time{}, "2020-01=10.25")
}

func TestErrorCodes(t *testing.T) {
	t.Parallel()
	cfg := newDatabase(server)
	c := new(cutter)
	cfg.DialContext = c.dial
	s := mustOpen(t, cfg)
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	late, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	refused := &net.OpError{Op: "dial", Err: errors.New("connection refused")}

	wantError(t, s.Ping(canceled), reporting.Canceled)
	wantError(t, s.Ping(late), reporting.Unavailable)
	wantError(t, s.Ping(t.Context()), reporting.Unavailable, "no database "+cfg.Database) // not yet
	if err := s.Migrate(t.Context(), migrations()); err != nil {
		t.Fatal(err)
	}
	if err := s.Ping(t.Context()); err != nil {
		t.Error(err)
	}
	wantError(t, s.Insert(canceled, []clickhouse.Entry{full(1)}, domainOf), reporting.Canceled)
	wantError(t, s.Commit(late, []clickhouse.Entry{full(1)}), reporting.Unavailable)

	c.set(refused, 0)
	down := mustOpen(t, cfg)
	wantError(t, down.Ping(t.Context()), reporting.Unavailable, "refused")
	_, err := down.DecidedAll(t.Context())
	wantError(t, err, reporting.Unavailable, "refused")
	wantError(t, down.Commit(t.Context(), []clickhouse.Entry{full(1)}), reporting.Unavailable, "submission_outcome", "refused")
	c.set(reporting.Errorf(reporting.Canceled, "engine is closed"), 0)
	wantError(t, down.Ping(t.Context()), reporting.Canceled, "closed")

	for name, cfg := range map[string]clickhouse.Config{"NoAddress": {}, "Database": {Addr: "x:1", Database: "a; DROP DATABASE b"}} {
		if _, err := clickhouse.Open(t.Context(), cfg); reporting.CodeOf(err) != reporting.Invalid {
			t.Errorf("%s: Open = %v, want invalid", name, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
