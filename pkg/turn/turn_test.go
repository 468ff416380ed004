package turn_test

import (
	"context"
	"testing"

	"huizong/pkg/reporting"
	"huizong/pkg/turn"
)

func TestTake(t *testing.T) {
	turns := turn.New(2)
	first := mustTake(t, turns, "a")
	second := mustTake(t, turns, "b") // a's others do not keep b back
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, name := range []string{"a", "c"} { // a has one already; there is no place for c
		if _, err := turns.Take(ended, name); reporting.CodeOf(err) != reporting.Canceled {
			t.Errorf("Take(%s) = %v, want canceled", name, err)
		}
	}
	first()
	first() // twice is once
	third := mustTake(t, turns, "a")
	second()
	third()
}

func TestTooMany(t *testing.T) {
	turns := turn.New(1)
	leave := mustTake(t, turns, "a")
	errs := make(chan error)
	ctx, cancel := context.WithCancel(t.Context())
	for range 60 {
		go func() {
			_, err := turns.Take(ctx, "a")
			errs <- err
		}()
	}
	for range 11 { // of 61 fifty may wait or work
		if err := <-errs; reporting.CodeOf(err) != reporting.TooMany {
			t.Errorf("Take = %v, want too_many", err)
		}
	}
	cancel()
	for range 49 {
		if err := <-errs; reporting.CodeOf(err) != reporting.Canceled {
			t.Errorf("Take = %v, want canceled", err)
		}
	}
	leave()
	mustTake(t, turns, "a")()
}

func mustTake(tb testing.TB, turns *turn.Turns, name string) func() {
	tb.Helper()
	leave, err := turns.Take(tb.Context(), name)
	if err != nil {
		tb.Fatal(err)
	}
	return leave
}
