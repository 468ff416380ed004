package audit

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"huizong/pkg/reporting"
)

func refusal(who, address, object string) Event {
	e := Event{Who: who, Address: address, Action: "route.refused", Object: object, Outcome: Refused}
	if who != "" {
		e.Role, e.Via = "clerk", "session"
	}
	return e
}

func mustNote(t *testing.T, l *Log, e Event) {
	t.Helper()
	if err := l.Note(context.Background(), e); err != nil {
		t.Fatal(err)
	}
}

// tried adds up how often it was tried: a line is once, or as often as it says.
func tried(t *testing.T, events []Event) int {
	t.Helper()
	n := 0
	for _, e := range events {
		if e.Outcome == OK {
			continue
		}
		times := 1
		if text := e.Detail["times"]; text != "" {
			var err error
			if times, err = strconv.Atoi(text); err != nil {
				t.Error(err)
			}
		}
		n += times
	}
	return n
}

// flood is how many requests are refused; make soak asks for a million.
func flood(t *testing.T) int {
	n := 20_000
	if text := os.Getenv("HUIZONG_FLOOD"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

// TestFlood: whoever has a great many requests refused, from addresses without number and for paths without number, within an hour, fills
// a bounded number of lines; each is counted, what others do and are refused stands there for itself, and the chain holds.
func TestFlood(t *testing.T) {
	t.Parallel()
	c, dir := newClock(), t.TempDir()
	l := mustOpen(t, dir, c)
	const windows = 6
	n := flood(t)
	for i := range n {
		switch {
		case i%2 == 0:
			mustNote(t, l, refusal("", fmt.Sprintf("2001:db8::%x", i), fmt.Sprint("GET /", i)))
		default:
			mustNote(t, l, refusal("mallory", "10.0.0.9", fmt.Sprint("GET /", i)))
		}
		if i%(n/windows/10) == 0 {
			mustNote(t, l, Event{Who: "zhou", Via: "session", Action: "session.begin", Outcome: OK, Object: fmt.Sprint(i)})
			c.pass(time.Minute)
			if err := l.settle(c.now().Add(-window)); err != nil {
				t.Fatal(err)
			}
		}
	}
	mustNote(t, l, refusal("wu", "10.0.0.7", "GET /api/v1/accounts"))
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	done := mustEvents(t, l, Filter{Who: "zhou"})
	if want := (n + n/windows/10 - 1) / (n / windows / 10); len(done) != want {
		t.Errorf("%d events are in the log, want %d", len(done), want)
	}
	if wu := mustEvents(t, l, Filter{Who: "wu"}); len(wu) != 1 || wu[0].Object != "GET /api/v1/accounts" {
		t.Errorf("what wu was refused: %+v", wu)
	}
	all := mustEvents(t, l, Filter{})
	if got := tried(t, all); got != n+1 {
		t.Errorf("%d refusals are counted, want %d", got, n+1)
	}
	if most := len(done) + (windows+2)*(maxAnonymous+2)*2; len(all) > most {
		t.Errorf("%d lines, want %d at most", len(all), most)
	}
	info, err := os.Stat(filepath.Join(dir, "audit", "2020.jsonl"))
	if err != nil || info.Size() > 1<<20 {
		t.Errorf("the file: %v, %d bytes", err, info.Size())
	}
	checkLog(t, l, dir, c)
}

// TestRepeats: what is the same, what is not, and when its number is written.
func TestRepeats(t *testing.T) {
	t.Parallel()
	c, dir := newClock(), t.TempDir()
	l := mustOpen(t, dir, c)
	failed := Event{Who: "zhou", Via: "session", Address: "10.0.0.1", Action: "submission.return", Outcome: Failed, Detail: map[string]string{"error": "invalid"}}
	other := failed
	other.Detail = map[string]string{"error": "conflict"}
	for range 3 {
		for _, e := range []Event{refusal("zhou", "10.0.0.1", "a"), refusal("zhou", "10.0.0.2", "b"), refusal("wu", "10.0.0.1", "c"), failed, other} {
			mustNote(t, l, e)
		}
	}
	if l.Len() != 5 {
		t.Errorf("%d lines at first, want one of each kind", l.Len())
	}
	if err := l.settle(c.now().Add(-window)); err != nil || l.Len() != 5 {
		t.Errorf("%v, %d lines before the window is over", err, l.Len())
	}
	c.pass(window)
	if err := l.settle(c.now().Add(-window)); err != nil || l.Len() != 10 {
		t.Errorf("%v, %d lines after the window, want the number of each kind as well", err, l.Len())
	}
	numbers := mustEvents(t, l, Filter{After: 5})
	for _, e := range numbers {
		if e.Detail["times"] != "2" || e.Who == "" || e.Outcome == Failed && e.Detail["error"] == "" {
			t.Errorf("%+v", e)
		}
	}
	mustNote(t, l, failed)
	if l.Len() != 11 {
		t.Errorf("%d lines, want the first of a new window", l.Len())
	}
	if err := l.Close(); err != nil || l.Len() != 11 { // once is no repeat
		t.Errorf("%v, %d lines after the close", err, l.Len())
	}
	wantCode(t, l.Note(context.Background(), Event{Outcome: Refused}), reporting.Invalid)
	checkLog(t, l, dir, c)
}

// TestRepeatsFail: where the first could not be written, the next one is the first.
func TestRepeatsFail(t *testing.T) {
	t.Parallel()
	c, dir := newClock(), t.TempDir()
	l := mustOpen(t, dir, c)
	real := l.disk
	l.disk.Write = func(*os.File, []byte) (int, error) { return 0, fmt.Errorf("injected") }
	wantCode(t, l.Note(context.Background(), refusal("zhou", "10.0.0.1", "a")), reporting.Unavailable)
	l.disk = real
	mustNote(t, l, refusal("zhou", "10.0.0.1", "b"))
	if l.Len() != 1 {
		t.Errorf("%d lines, want 1", l.Len())
	}
}

// TestRepeatsAtOnce: of many at once one is written and the others are counted.
func TestRepeatsAtOnce(t *testing.T) {
	t.Parallel()
	c, dir := newClock(), t.TempDir()
	l := mustOpen(t, dir, c)
	var all sync.WaitGroup
	for range 200 {
		all.Go(func() { mustNote(t, l, refusal("zhou", "10.0.0.1", "a")) })
	}
	all.Wait()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if events := mustEvents(t, l, Filter{}); len(events) != 2 || tried(t, events) != 200 {
		t.Errorf("%+v", events)
	}
	checkLog(t, l, dir, c)
}
