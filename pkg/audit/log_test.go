package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"huizong/pkg/durable"
	"huizong/pkg/durable/durabletest"
	"huizong/pkg/reporting"
)

// clock is a time that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2020, 12, 31, 20, 0, 0, 5e6, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func mustOpen(tb testing.TB, dir string, c *clock) *Log {
	tb.Helper()
	l, err := Open(dir, c.now)
	if err != nil {
		tb.Fatal(err)
	}
	return l
}

func mustAppend(tb testing.TB, l *Log, e Event) Event {
	tb.Helper()
	e, err := l.Append(context.Background(), e)
	if err != nil {
		tb.Fatal(err)
	}
	return e
}

func mustEvents(tb testing.TB, l *Log, f Filter) []Event {
	tb.Helper()
	events, err := l.Events(context.Background(), f)
	if err != nil {
		tb.Fatal(err)
	}
	return events
}

func event(n int) Event {
	return Event{
		Who: fmt.Sprintf("clerk%d", n%3), Role: "clerk", Via: "session", Address: "10.0.0.1", Action: "session.begin", Outcome: OK,
		Object: fmt.Sprint("object ", n), Detail: map[string]string{"number": fmt.Sprint(n), "城市": "青山"},
	}
}

// mustFill writes events of two years.
func mustFill(tb testing.TB, dir string, c *clock) (*Log, []Event) {
	tb.Helper()
	l := mustOpen(tb, dir, c)
	var events []Event
	for n := range 8 {
		c.pass(time.Hour)
		events = append(events, mustAppend(tb, l, event(n)))
	}
	return l, events
}

// checkLog reads everything from zero and compares it with what the open log says.
func checkLog(tb testing.TB, l *Log, dir string, c *clock) {
	tb.Helper()
	if err := l.Verify(context.Background()); err != nil {
		tb.Errorf("Verify: %v", err)
	}
	again := mustOpen(tb, dir, c)
	open, restarted := mustEvents(tb, l, Filter{}), mustEvents(tb, again, Filter{})
	if !reflect.DeepEqual(open, restarted) {
		tb.Errorf("the open log has %d events, the restarted one %d", len(open), len(restarted))
	}
	previous := ""
	for i, e := range restarted {
		if e.Seq != uint64(i+1) || e.Previous != previous {
			tb.Errorf("event %d: number %d, previous %s, want %s", i+1, e.Seq, e.Previous, previous)
		}
		line, err := encode(e)
		if err != nil {
			tb.Fatal(err)
		}
		previous = sumOf(line)
	}
	if seq, sum := again.Head(); seq != uint64(len(restarted)) || sum != previous {
		tb.Errorf("Head = %d %s, want %d %s", seq, sum, len(restarted), previous)
	}
}

func wantCode(tb testing.TB, err error, want reporting.Code) {
	tb.Helper()
	if reporting.CodeOf(err) != want {
		tb.Errorf("error = %v of code %q, want %q", err, reporting.CodeOf(err), want)
	}
}

func TestLog(t *testing.T) {
	t.Parallel()
	c, dir := newClock(), t.TempDir()
	l, want := mustFill(t, dir, c)

	t.Run("RoundTripAndRestart", func(t *testing.T) {
		checkLog(t, l, dir, c)
		if got := mustEvents(t, mustOpen(t, dir, c), Filter{}); !reflect.DeepEqual(got, want) {
			t.Errorf("Events = %+v, want %+v", got, want)
		}
		if l.Len() != len(want) {
			t.Errorf("Len = %d, want %d", l.Len(), len(want))
		}
	})
	t.Run("FileAYear", func(t *testing.T) {
		for name, lines := range map[string]int{"2020.jsonl": 3, "2021.jsonl": 5} {
			data, err := os.ReadFile(filepath.Join(dir, "audit", name))
			if err != nil || bytes.Count(data, []byte("\n")) != lines {
				t.Errorf("%s has %d lines, %v; want %d", name, bytes.Count(data, []byte("\n")), err, lines)
			}
		}
	})
	t.Run("Private", func(t *testing.T) {
		for path, want := range map[string]os.FileMode{"audit": 0o700, "audit/2020.jsonl": 0o600, "audit/head": 0o600} {
			if info, err := os.Stat(filepath.Join(dir, path)); err != nil || info.Mode().Perm() != want {
				t.Errorf("%s: %v, %v; want %v", path, info, err, want)
			}
		}
	})
	t.Run("Export", func(t *testing.T) {
		var out, files bytes.Buffer
		if err := l.Export(context.Background(), &out); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"2020.jsonl", "2021.jsonl"} {
			data, err := os.ReadFile(filepath.Join(dir, "audit", name))
			if err != nil {
				t.Fatal(err)
			}
			files.Write(data)
		}
		if out.String() != files.String() {
			t.Errorf("Export is not what is on disk:\n%s", out.String())
		}
	})
	t.Run("ClockSetBack", func(t *testing.T) {
		c.pass(-48 * time.Hour)
		e := mustAppend(t, l, event(9))
		if last := want[len(want)-1]; !e.At.Equal(last.At) || e.Seq != last.Seq+1 {
			t.Errorf("event %d at %s, want it at the time of the one before, %s", e.Seq, e.At, last.At)
		}
		checkLog(t, l, dir, c)
	})
	t.Run("ErrNoAction", func(t *testing.T) {
		_, err := l.Append(context.Background(), Event{Outcome: OK})
		wantCode(t, err, reporting.Invalid)
	})
	t.Run("ErrNoOutcome", func(t *testing.T) {
		_, err := l.Append(context.Background(), Event{Action: "session.begin"})
		wantCode(t, err, reporting.Invalid)
	})
	t.Run("ErrCanceled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_, err := l.Append(ctx, event(1))
		wantCode(t, err, reporting.Canceled)
		_, err = l.Events(ctx, Filter{})
		wantCode(t, err, reporting.Canceled)
		wantCode(t, l.Export(ctx, &bytes.Buffer{}), reporting.Canceled)
		wantCode(t, l.Verify(ctx), reporting.Canceled)
	})
}

func TestEvents(t *testing.T) {
	t.Parallel()
	c := newClock()
	l := mustOpen(t, t.TempDir(), c)
	start := c.now()
	for i, action := range []Action{"session.begin", "account.add", "account.add.more", "account.disable", "accountant.hire", "session.begin"} {
		e := event(i)
		e.Action = action
		mustAppend(t, l, e)
		c.pass(time.Hour)
	}
	at := func(h int) time.Time { return start.Add(time.Duration(h) * time.Hour) }
	for _, tt := range []struct {
		name   string
		filter Filter
		want   []uint64
	}{
		{"All", Filter{}, []uint64{1, 2, 3, 4, 5, 6}},
		{"Newest", Filter{Newest: true, Limit: 2}, []uint64{6, 5}},
		{"Limit", Filter{Limit: 2}, []uint64{1, 2}},
		{"After", Filter{After: 4}, []uint64{5, 6}},
		{"BeforeNewest", Filter{Before: 3, Newest: true}, []uint64{2, 1}},
		{"Who", Filter{Who: "clerk1"}, []uint64{2, 5}},
		{"Action", Filter{Action: "account.add"}, []uint64{2, 3}},
		{"Thing", Filter{Action: "account"}, []uint64{2, 3, 4}},
		{"FromTo", Filter{From: at(1), To: at(3)}, []uint64{2, 3}},
		{"Both", Filter{Who: "clerk0", Action: "account"}, []uint64{4}},
		{"None", Filter{Who: "x"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []uint64
			for _, e := range mustEvents(t, l, tt.filter) {
				got = append(got, e.Seq)
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("Events(%+v) = %v, want %v", tt.filter, got, tt.want)
			}
		})
	}
}

// TestTampering: there is no byte of the log that can be another one, no line that can be missing, doubled or moved.
func TestTampering(t *testing.T) {
	t.Parallel()
	c, dir := newClock(), t.TempDir()
	l, events := mustFill(t, dir, c)
	if n, err := Check(t.Context(), dir); n != len(events) || err != nil {
		t.Errorf("Check = %d, %v, want %d", n, err, len(events))
	}
	found := func(t *testing.T, what, name string, data []byte) {
		t.Helper()
		path := filepath.Join(dir, "audit", name)
		good, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		defer os.WriteFile(path, good, 0o600)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		verr := l.Verify(context.Background())
		_, cerr := Check(context.Background(), dir)
		_, oerr := Open(dir, c.now)
		for did, err := range map[string]error{"Verify": verr, "Check": cerr, "Open": oerr} {
			if reporting.CodeOf(err) != reporting.Internal || !strings.Contains(err.Error(), " line ") || !strings.Contains(err.Error(), dir) {
				t.Errorf("%s after %s = %v, want an error that names file and line", did, what, err)
			}
		}
		if now, _ := os.ReadFile(path); !bytes.Equal(now, data) {
			t.Errorf("after %s the file was altered", what)
		}
	}
	for _, name := range []string{"2020.jsonl", "2021.jsonl"} {
		t.Run(name, func(t *testing.T) {
			good, err := os.ReadFile(filepath.Join(dir, "audit", name))
			if err != nil {
				t.Fatal(err)
			}
			for i := range good {
				bad := bytes.Clone(good)
				bad[i] ^= 1 << (i % 8)
				found(t, fmt.Sprintf("flipping a bit at %d of %s", i, name), name, bad)
				if t.Failed() {
					return
				}
			}
			lines := bytes.SplitAfter(good, []byte("\n"))
			lines = lines[:len(lines)-1]
			for i := range lines {
				without := bytes.Join(append(append([][]byte{}, lines[:i]...), lines[i+1:]...), nil)
				found(t, fmt.Sprintf("removing line %d", i+1), name, without)
				twice := bytes.Join(append(append([][]byte{}, lines[:i+1]...), lines[i:]...), nil)
				found(t, fmt.Sprintf("doubling line %d", i+1), name, twice)
				found(t, fmt.Sprintf("cutting off behind line %d", i), name, bytes.Join(lines[:i], nil))
			}
			found(t, "swapping lines", name, bytes.Join(append([][]byte{lines[1], lines[0]}, lines[2:]...), nil))
			found(t, "cutting off within the last line", name, good[:len(good)-20])
			found(t, "adding a line", name, append(bytes.Clone(good), "{}\n"...))
		})
	}
	t.Run("FileRemoved", func(t *testing.T) {
		for _, name := range []string{"2020.jsonl", "2021.jsonl"} {
			path := filepath.Join(dir, "audit", name)
			if err := os.Rename(path, path+".away"); err != nil {
				t.Fatal(err)
			}
			if _, err := Open(dir, c.now); reporting.CodeOf(err) != reporting.Internal {
				t.Errorf("Open without %s: %v", name, err)
			}
			if err := os.Rename(path+".away", path); err != nil {
				t.Fatal(err)
			}
		}
	})
	t.Run("Head", func(t *testing.T) {
		good, err := os.ReadFile(filepath.Join(dir, "audit", headFile))
		if err != nil {
			t.Fatal(err)
		}
		for i := range good {
			bad := bytes.Clone(good)
			bad[i] ^= 1
			if err := os.WriteFile(filepath.Join(dir, "audit", headFile), bad, 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := Open(dir, c.now); reporting.CodeOf(err) != reporting.Internal {
				t.Fatalf("Open with byte %d of the head flipped: %v", i, err)
			}
		}
	})
}

// TestTornLine cuts the last line off at every byte, as a crash may where the head had not followed yet.
func TestTornLine(t *testing.T) {
	t.Parallel()
	c, dir := newClock(), t.TempDir()
	_, want := mustFill(t, dir, c)
	path, headPath := filepath.Join(dir, "audit", "2021.jsonl"), filepath.Join(dir, "audit", headFile)
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before := want[len(want)-2]
	headBefore := fmt.Sprintf(headFormat, before.Seq, want[len(want)-1].Previous)
	start := bytes.LastIndexByte(good[:len(good)-1], '\n') + 1
	for n := start; n <= len(good); n++ {
		if n > start+3 && n < len(good)-3 && n%9 != 0 {
			continue // each costs six syncs
		}
		if err := errors.Join(os.WriteFile(path, good[:n], 0o600), os.WriteFile(headPath, []byte(headBefore), 0o600)); err != nil {
			t.Fatal(err)
		}
		l := mustOpen(t, dir, c)
		got := mustEvents(t, l, Filter{})
		switch fragment := good[start:n]; {
		case n >= len(good)-1: // whole, with or without its line feed
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("a whole event was dropped at %d: %+v", n, got)
			}
		case n == start:
			if !reflect.DeepEqual(got, want[:len(want)-1]) {
				t.Fatalf("cut before the last line: %+v", got)
			}
		default:
			last := got[len(got)-1]
			if len(got) != len(want) || last.Action != Repaired || last.Detail["fragment"] != strings.ToValidUTF8(string(fragment), "�") || last.Detail["bytes"] != fmt.Sprint(len(fragment)) {
				t.Fatalf("cut at %d: %+v, want the fragment %q in an event", n, last, fragment)
			}
		}
		mustAppend(t, l, event(1))
		checkLog(t, l, dir, c)
	}
}

func TestTornFirstLine(t *testing.T) {
	t.Parallel()
	c, dir := newClock(), t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "audit"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "audit", "2020.jsonl"), []byte(`{"seq":1,\x00\x00`), 0o600); err != nil {
		t.Fatal(err)
	}
	l := mustOpen(t, dir, c)
	if got := mustEvents(t, l, Filter{}); len(got) != 1 || got[0].Action != Repaired {
		t.Errorf("Events = %+v, want the repair", got)
	}
	checkLog(t, l, dir, c)
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	t.Run("ErrStrangeFile", func(t *testing.T) {
		t.Parallel()
		c, dir := newClock(), t.TempDir()
		mustFill(t, dir, c)
		if err := os.Rename(filepath.Join(dir, "audit", "2021.jsonl"), filepath.Join(dir, "audit", "2021.jsonl.bak")); err != nil {
			t.Fatal(err)
		}
		_, err := Open(dir, c.now)
		wantCode(t, err, reporting.Internal)
	})
	t.Run("ErrNoData", func(t *testing.T) {
		t.Parallel()
		_, err := Open(filepath.Join(t.TempDir(), "none", "none"), newClock().now)
		wantCode(t, err, reporting.Unavailable)
	})
	t.Run("HiddenFile", func(t *testing.T) {
		t.Parallel()
		c, dir := newClock(), t.TempDir()
		mustFill(t, dir, c)
		if err := os.WriteFile(filepath.Join(dir, "audit", ".DS_Store"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		mustOpen(t, dir, c)
	})
	t.Run("HeadLost", func(t *testing.T) { // the machine went down before its bytes were on disk
		t.Parallel()
		c, dir := newClock(), t.TempDir()
		_, want := mustFill(t, dir, c)
		path := filepath.Join(dir, "audit", headFile)
		for _, data := range []string{"", strings.Repeat("\x00", 86)} {
			if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
				t.Fatal(err)
			}
			if got := mustEvents(t, mustOpen(t, dir, c), Filter{}); !reflect.DeepEqual(got, want) {
				t.Errorf("Events = %+v", got)
			}
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		mustOpen(t, dir, c)
	})
}

// TestFaults lets a write fail at each of its steps, done, half done or not at all, and looks at this process and at the next.
func TestFaults(t *testing.T) {
	t.Parallel()
	half := func(f *os.File, data []byte) (int, error) {
		n, _ := f.Write(data[:len(data)/2])
		return n, durabletest.ErrFault
	}
	none := func(*os.File, []byte) (int, error) { return 0, durabletest.ErrFault }
	whole := func(f *os.File, data []byte) (int, error) {
		n, _ := f.Write(data)
		return n, durabletest.ErrFault
	}
	noSync := func(*os.File) error { return durabletest.ErrFault }
	synced := func(f *os.File) error { f.Sync(); return durabletest.ErrFault }
	for _, tt := range []struct {
		name  string
		disk  durable.Disk
		after int // events after a restart: 8 before, one more where it was written, and one where a repair is told
	}{
		{"WriteFails", durable.Disk{Write: none, Sync: durable.Real.Sync}, 8},
		{"WriteHalf", durable.Disk{Write: half, Sync: durable.Real.Sync}, 9},
		{"WriteFailsButDid", durable.Disk{Write: whole, Sync: durable.Real.Sync}, 9},
		{"SyncFails", durable.Disk{Write: durable.Real.Write, Sync: noSync}, 9},
		{"SyncFailsButDid", durable.Disk{Write: durable.Real.Write, Sync: synced}, 9},
	} {
		for _, year := range []string{"Same", "New"} {
			t.Run(tt.name+year+"Year", func(t *testing.T) {
				t.Parallel()
				c, dir := newClock(), t.TempDir()
				l, want := mustFill(t, dir, c)
				if year == "New" {
					c.pass(366 * 24 * time.Hour)
				}
				l.disk = tt.disk
				fails := func() {
					t.Helper()
					_, err := l.Append(context.Background(), event(9))
					wantCode(t, err, reporting.Unavailable)
					if !errors.Is(err, durabletest.ErrFault) {
						t.Errorf("error = %v", err)
					}
					if got := mustEvents(t, l, Filter{}); !reflect.DeepEqual(got, want) {
						t.Errorf("an event that failed is seen: %+v", got)
					}
				}
				fails()

				copied := t.TempDir() // killed here, and started again
				if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
					t.Fatal(err)
				}
				again := mustOpen(t, copied, c)
				if again.Len() != tt.after {
					t.Errorf("%d events after a restart, want %d", again.Len(), tt.after)
				}
				checkLog(t, again, copied, c)

				fails()
				l.disk = durable.Real // not killed, and the disk is back
				mustAppend(t, l, event(10))
				if l.Len() != len(want)+1 {
					t.Errorf("Len = %d, want %d", l.Len(), len(want)+1)
				}
				checkLog(t, l, dir, c)
			})
		}
	}
}

// TestBatch: those who come while a write is under way are synced together, and each finds its own event.
func TestBatch(t *testing.T) {
	t.Parallel()
	c, dir := newClock(), t.TempDir()
	l := mustOpen(t, dir, c)
	mustAppend(t, l, event(0))
	syncs := 0
	l.disk.Sync = func(f *os.File) error { syncs++; return f.Sync() }
	const waiting = 200
	l.writeMu.Lock() // a write is under way
	var all sync.WaitGroup
	for n := range waiting {
		all.Go(func() {
			e := event(n)
			got, err := l.Append(context.Background(), e)
			if err != nil || got.Object != e.Object {
				t.Errorf("Append(%s) = %+v, %v", e.Object, got, err)
			}
		})
	}
	for queued := 0; queued < waiting; {
		l.queueMu.Lock()
		queued = len(l.queue)
		l.queueMu.Unlock()
	}
	l.writeMu.Unlock()
	all.Wait()
	if syncs != 1 {
		t.Errorf("%d events at once took %d syncs, want 1", waiting, syncs)
	}
	if l.Len() != waiting+1 {
		t.Errorf("Len = %d, want %d", l.Len(), waiting+1)
	}
	checkLog(t, l, dir, c)
}

// TestConcurrent reads, verifies and exports while others write; the race detector looks on.
func TestConcurrent(t *testing.T) {
	t.Parallel()
	c, dir := newClock(), t.TempDir()
	l := mustOpen(t, dir, c)
	var all sync.WaitGroup
	for n := range 20 {
		all.Go(func() {
			for range 5 {
				c.pass(40 * time.Hour) // over the end of the year
				if _, err := l.Append(context.Background(), event(n)); err != nil {
					t.Error(err)
				}
			}
			if err := l.Verify(context.Background()); err != nil {
				t.Error(err)
			}
			mustEvents(t, l, Filter{Newest: true, Limit: 10})
			if err := l.Export(context.Background(), &bytes.Buffer{}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	checkLog(t, l, dir, c)
}

func TestNoSecrets(t *testing.T) {
	t.Parallel()
	c, dir := newClock(), t.TempDir()
	l := mustOpen(t, dir, c)
	secrets := []string{
		"hz_" + strings.Repeat("aB3-_", 8) + "xyz",
		strings.Repeat("Zz9_", 10) + "abc",                     // a session
		"abcd-efgh-jkmn-pqrs", "abcd-efgh-jkmn-pqrs-tuvw-xyz2", // one-time password, recovery code
		"110101199003077758", "11010119900307775X", // ID numbers
	}
	for _, secret := range secrets {
		mustAppend(t, l, Event{
			Who: secret, Address: secret, Action: Action("x " + secret), Object: "身份证" + secret + "号", Outcome: Failed,
			Detail: map[string]string{"text": "it was " + secret + ".", secret: "key"},
		})
	}
	for _, key := range []string{"password", "Passwort", "new_password", "token", "secret", "code", "id_number", "身份证号", "Authorization", "cookie"} {
		mustAppend(t, l, Event{Action: "session.begin", Outcome: OK, Detail: map[string]string{key: "open sesame"}})
	}
	data, err := os.ReadFile(filepath.Join(dir, "audit", "2020.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range append(secrets, "sesame") {
		if bytes.Contains(data, []byte(secret)) {
			t.Errorf("the log holds %q", secret)
		}
	}
	kept := []string{"01J9ZQK3V8N4T2R7W5X6Y0ABCD", "a3f5c9" + strings.Repeat("0", 58), "2020-06", "4403", "13800138000", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"}
	for _, text := range kept { // ids and hashes of submissions, periods, units are no secrets
		if e := mustAppend(t, l, Event{Action: "x", Object: text, Outcome: OK}); e.Object != text {
			t.Errorf("%q is kept as %q", text, e.Object)
		}
	}
}

// TestOneLine: nothing that is logged can look like another line, or drive a terminal.
func TestOneLine(t *testing.T) {
	t.Parallel()
	c, dir := newClock(), t.TempDir()
	l := mustOpen(t, dir, c)
	nasty := "a\nb\r{\"seq\":2}\x00\x1b[2J\u0085\u009b\u2028\u202etxt.\x7f<script>\xff\U000e0001 青山 é"
	e := mustAppend(t, l, Event{Who: nasty, Action: "x", Object: nasty, Outcome: OK, Detail: map[string]string{nasty: nasty}})
	want := strings.ToValidUTF8(nasty, "�")
	if e.Object != want || e.Detail[want] != want {
		t.Errorf("kept as %q, want %q", e.Object, want)
	}
	data, err := os.ReadFile(filepath.Join(dir, "audit", "2020.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Count(data, []byte("\n")) != 1 || strings.ContainsAny(string(data), "\r\x00\x1b\x7f\u0085\u009b\u2028\u202e\U000e0001<>") {
		t.Errorf("the line is %q", data)
	}
	if !strings.Contains(string(data), "青山 é") {
		t.Errorf("the line cannot be read by a person: %s", data)
	}
	long := mustAppend(t, l, Event{Action: "x", Object: strings.Repeat("青", 5000), Outcome: OK})
	if n := len([]rune(long.Object)); n != maxText {
		t.Errorf("a long text is kept with %d letters, want %d", n, maxText)
	}
	checkLog(t, l, dir, c)
}

func FuzzEvent(f *testing.F) {
	f.Add("li", "a\nb", "\xff\u202e")
	f.Fuzz(func(t *testing.T, who, key, value string) {
		e := clean(Event{Seq: 1, At: time.Unix(0, 0).UTC(), Who: who, Action: "x", Outcome: OK, Detail: map[string]string{key: value}})
		line, err := encode(e)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.ContainsAny(line, "\n\r\x1b\x00") || !json.Valid(line) {
			t.Errorf("line %q", line)
		}
		got, err := decode(line)
		if err != nil || !reflect.DeepEqual(got, e) {
			t.Errorf("decode = %+v, %v; want %+v", got, err, e)
		}
	})
}

func BenchmarkAppend(b *testing.B) {
	l := mustOpen(b, b.TempDir(), newClock())
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			mustAppend(b, l, event(1))
		}
	})
}
