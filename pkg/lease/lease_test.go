package lease

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"huizong/pkg/reporting"
)

// memory is a board.
type memory struct {
	mu     sync.Mutex
	claims map[string]Claim
	away   error
	slow   func() time.Duration // of each call
}

func newMemory() *memory { return &memory{claims: map[string]Claim{}} }

func (m *memory) call(act func()) error {
	if m.slow != nil {
		time.Sleep(m.slow())
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.away == nil {
		act()
	}
	return m.away
}

func (m *memory) Claims(context.Context) (all []Claim, err error) {
	err = m.call(func() {
		for _, c := range m.claims {
			all = append(all, c)
		}
	})
	return all, err
}

func (m *memory) Put(_ context.Context, c Claim) error { return m.call(func() { m.claims[c.ID] = c }) }

func (m *memory) Remove(_ context.Context, id string) error {
	return m.call(func() { delete(m.claims, id) })
}

func (m *memory) set(away error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.away = away
}

func claimOf(id string) Claim {
	return Claim{ID: id, Journal: "J", Place: "place " + id, Directory: "/data/" + id, Host: "h", PID: 1}
}

func mustAcquire(t *testing.T, m *memory, c Claim) *Lease {
	t.Helper()
	l, err := Acquire(t.Context(), m, "the server", c, func(Claim) {})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// running is a process with the lease.
func running(t *testing.T, l *Lease) (ended chan error, stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	ended = make(chan error, 1)
	go func() { ended <- l.Run(ctx, func(error) {}) }()
	return ended, cancel
}

func TestOneAtATime(t *testing.T) {
	for _, second := range []string{"a", "z"} { // below and above the one that holds it
		synctest.Test(t, func(t *testing.T) {
			m := newMemory()
			ended, stop := running(t, mustAcquire(t, m, claimOf("m")))
			time.Sleep(time.Minute)
			_, err := Acquire(t.Context(), m, "the server", claimOf(second), func(Claim) {})
			if reporting.CodeOf(err) != reporting.Conflict {
				t.Errorf("the second = %v, want conflict", err)
			}
			time.Sleep(time.Minute)
			select {
			case err := <-ended:
				t.Errorf("the first ended: %v", err)
			default:
			}
			stop()
			if err := <-ended; err != nil {
				t.Error(err)
			}
			begin := time.Now()
			mustAcquire(t, m, claimOf(second))
			if waited := time.Since(begin); waited > 0 {
				t.Errorf("after an orderly end the next one waits for %s", waited)
			}
		})
	}
}

func TestAfterACrash(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		mustAcquire(t, m, claimOf("a")) // and never renews
		begin := time.Now()
		mustAcquire(t, m, claimOf("b"))
		if waited := time.Since(begin); waited < Patience-Every || waited > Patience+Every {
			t.Errorf("the next one waits for %s, want about %s", waited, Patience)
		}
		again := claimOf("c")
		again.Place = "place b" // the directory of the one that crashed
		delete(m.claims, "a")
		begin = time.Now()
		mustAcquire(t, m, again)
		if waited := time.Since(begin); waited > 0 {
			t.Errorf("who has the lock of the directory waits for %s", waited)
		}
	})
}

// TestPaused: a process that stood still was taken for dead; when it wakes it finds another one and ends.
func TestPaused(t *testing.T) {
	for _, other := range []string{"a", "z"} {
		synctest.Test(t, func(t *testing.T) {
			m := newMemory()
			first := mustAcquire(t, m, claimOf("m"))
			second, stop := running(t, mustAcquire(t, m, claimOf(other)))
			defer stop()
			time.Sleep(time.Minute) // the first has slept through all of that
			ended, _ := running(t, first)
			if err := <-ended; reporting.CodeOf(err) != reporting.Conflict {
				t.Errorf("the paused one ends with %v, want conflict", err)
			}
			time.Sleep(time.Minute)
			select {
			case err := <-second:
				t.Errorf("the other one ended, too: %v", err)
			default:
			}
			stop()
			<-second
		})
	}
}

// TestServerAway: the server is away for long, or loses the claims. The one who holds the lease goes on.
func TestServerAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		ended, stop := running(t, mustAcquire(t, m, claimOf("a")))
		m.set(errors.New("away"))
		time.Sleep(5 * time.Minute)
		m.set(nil)
		m.mu.Lock()
		clear(m.claims)
		m.mu.Unlock()
		time.Sleep(2 * Every)
		if all, _ := m.Claims(t.Context()); len(all) != 1 || all[0].ID != "a" {
			t.Errorf("claims are %v", all)
		}
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// TestAtTheSameMoment starts many at once, on a board that answers after odd times: at most one holds the lease when all have settled, and
// the next one after them gets it.
func TestAtTheSameMoment(t *testing.T) {
	for seed := range int64(200) {
		synctest.Test(t, func(t *testing.T) {
			random := rand.New(rand.NewSource(seed))
			var mu sync.Mutex
			m := newMemory()
			m.slow = func() time.Duration {
				mu.Lock()
				defer mu.Unlock()
				return time.Duration(random.Intn(50)) * time.Millisecond
			}
			ctx, cancel := context.WithCancel(t.Context())
			var wg sync.WaitGroup
			for i := range 5 {
				wg.Go(func() {
					l, err := Acquire(ctx, m, "the server", claimOf(fmt.Sprint(i)), func(Claim) {})
					if err == nil {
						l.Run(ctx, func(error) {})
					}
				})
			}
			time.Sleep(time.Minute)
			all, _ := m.Claims(t.Context())
			if len(all) > 1 {
				t.Errorf("seed %d: %d hold the lease", seed, len(all))
			}
			cancel()
			wg.Wait()
			mustAcquire(t, m, claimOf("next"))
		})
	}
}
