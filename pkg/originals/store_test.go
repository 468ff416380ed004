package originals

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"huizong/pkg/durable"
	"huizong/pkg/durable/durabletest"
	"huizong/pkg/reporting"
)

func mustOpen(tb testing.TB, dir string) *Store {
	tb.Helper()
	s, err := Open(dir, Options{})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// mustSend puts a file and appends its envelope.
func mustSend(tb testing.TB, s *Store, org, text string) reporting.Envelope {
	tb.Helper()
	e, err := send(s, org, text)
	if err != nil {
		tb.Fatal(err)
	}
	return e
}

func send(s *Store, org, text string) (reporting.Envelope, error) {
	ctx := context.Background()
	sum, size, err := s.Put(ctx, strings.NewReader(text), 1<<20)
	if err != nil {
		return reporting.Envelope{}, err
	}
	return s.Append(ctx, reporting.Envelope{
		Kind: reporting.SubmissionReceived, Org: org, Form: "fund_monthly", FileName: "基金月报.xlsx",
		Period: reporting.MonthPeriod(reporting.NewMonth(2020, 1)), SHA256: sum, Size: size, Via: "http",
	})
}

// checkStore reads everything from zero and compares it with what the open store says.
func checkStore(tb testing.TB, s *Store, dir string) {
	tb.Helper()
	again := mustOpen(tb, dir)
	if err := again.Verify(context.Background()); err != nil {
		tb.Errorf("Verify after a restart: %v", err)
	}
	open, restarted := slices.Collect(s.Envelopes()), slices.Collect(again.Envelopes())
	if !reflect.DeepEqual(open, restarted) {
		tb.Errorf("the open store has %d envelopes %v, the restarted one %d %v", len(open), open, len(restarted), restarted)
	}
	for name, index := range map[string]func(*Store) any{
		"PeriodEvents": func(s *Store) any { return s.PeriodEvents() },
		"Deadlines":    func(s *Store) any { return s.Deadlines() },
		"reviews":      func(s *Store) any { return s.journal.reviews },
		"mapped":       func(s *Store) any { return s.journal.mapped },
		"received":     func(s *Store) any { return s.journal.received },
	} {
		if a, b := index(s), index(again); !reflect.DeepEqual(a, b) {
			tb.Errorf("%s of the open store = %v, of the restarted one %v", name, a, b)
		}
	}
	previous, prior := "", map[string]string{}
	for e := range again.Envelopes() {
		if e.Previous != previous {
			tb.Errorf("envelope %s: previous = %s, want %s", e.ID, e.Previous, previous)
		}
		previous = fileSum(tb, filepath.Join(dir, "envelopes", e.ID+".json"))
		if e.Kind != reporting.SubmissionReceived {
			continue
		}
		if e.Prior != prior[e.Org] {
			tb.Errorf("envelope %s: prior = %q, want %q", e.ID, e.Prior, prior[e.Org])
		}
		prior[e.Org] = e.ID
		if _, err := again.Original(e.SHA256); err != nil {
			tb.Error(err)
		}
	}
	if temps, _ := filepath.Glob(filepath.Join(dir, "*", durable.TempPrefix+"*")); len(temps) > 0 {
		tb.Errorf("temporary files remain: %v", temps)
	}
}

func fileSum(tb testing.TB, path string) string {
	tb.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func TestStore(t *testing.T) {
	t.Parallel()
	ctx := context.Background()

	t.Run("RoundTripAndRestart", func(t *testing.T) {
		t.Parallel()
		dir := filepath.Join(t.TempDir(), "new", "data")
		s := mustOpen(t, dir)
		first := mustSend(t, s, "A01", "one")
		closed, err := s.Append(ctx, reporting.Envelope{Kind: reporting.PeriodClosed, Org: "A01", Reason: "half-year"})
		if err != nil {
			t.Fatal(err)
		}
		second := mustSend(t, s, "B02", "two")

		s = mustOpen(t, dir)
		third := mustSend(t, s, "A01", "three")
		if third.Prior != first.ID || second.Prior != "" || closed.Prior != "" {
			t.Errorf("prior = %q, %q, %q; want the first, none, none", third.Prior, second.Prior, closed.Prior)
		}
		want := []reporting.Envelope{first, closed, second, third}
		if got := slices.Collect(s.Envelopes()); !reflect.DeepEqual(got, want) {
			t.Errorf("Envelopes() = %v, want %v", got, want)
		}
		if got := slices.Collect(s.Since(closed.ID)); !reflect.DeepEqual(got, want[2:]) {
			t.Errorf("Since(%s) = %v, want %v", closed.ID, got, want[2:])
		}
		if got := slices.Collect(s.Since(third.ID)); len(got) != 0 {
			t.Errorf("Since(last) = %v, want none", got)
		}
		if got, err := s.Envelope(second.ID); err != nil || !reflect.DeepEqual(got, second) {
			t.Errorf("Envelope(%s) = %v, %v", second.ID, got, err)
		}
		file, err := s.OpenFile(first.SHA256)
		if err != nil {
			t.Fatal(err)
		}
		if data, err := io.ReadAll(file); errors.Join(err, file.Close()) != nil || string(data) != "one" || file.Size() != 3 {
			t.Errorf("OpenFile = %q of %d bytes, %v", data, file.Size(), err)
		}
		if data, err := s.Original(first.SHA256); err != nil || string(data) != "one" {
			t.Errorf("Original = %q, %v", data, err)
		}
		if s.Len() != 4 {
			t.Errorf("Len = %d, want 4", s.Len())
		}
		checkStore(t, s, dir)
	})

	t.Run("StrayBytesInName", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		s := mustOpen(t, dir)
		if _, err := s.Append(ctx, reporting.Envelope{Kind: reporting.PeriodOpened, Reason: "\xb5\xff"}); err != nil {
			t.Fatal(err)
		}
		checkStore(t, s, dir)
	})

	t.Run("ErrNotFound", func(t *testing.T) {
		t.Parallel()
		s := mustOpen(t, t.TempDir())
		mustSend(t, s, "A01", "one")
		for _, id := range []string{"", "x", "../../etc/passwd", strings.Repeat("0", 64), strings.Repeat("../", 21) + "x"} {
			if _, err := s.OpenFile(id); reporting.CodeOf(err) != reporting.NotFound {
				t.Errorf("OpenFile(%q) = %v, want not_found", id, err)
			}
			if _, err := s.Original(id); reporting.CodeOf(err) != reporting.NotFound {
				t.Errorf("Original(%q) = %v, want not_found", id, err)
			}
			if _, err := s.Envelope(id); reporting.CodeOf(err) != reporting.NotFound {
				t.Errorf("Envelope(%q) = %v, want not_found", id, err)
			}
		}
	})

	t.Run("ErrInvalidEnvelope", func(t *testing.T) {
		t.Parallel()
		s := mustOpen(t, t.TempDir())
		sent := mustSend(t, s, "A01", "one")
		for _, e := range []reporting.Envelope{
			{},
			{Kind: reporting.SubmissionReceived},
			{Kind: reporting.SubmissionReceived, SHA256: "../../../x"},
			{Kind: reporting.SubmissionReceived, SHA256: strings.Repeat("0", 64)},
			{Kind: reporting.SubmissionReceived, SHA256: sent.SHA256, Size: sent.Size + 1},
			{Kind: "forgotten"},
		} {
			if _, err := s.Append(ctx, e); reporting.CodeOf(err) != reporting.Invalid {
				t.Errorf("Append(%v) = %v, want invalid", e, err)
			}
		}
	})

	t.Run("ErrCanceled", func(t *testing.T) {
		t.Parallel()
		s := mustOpen(t, t.TempDir())
		ctx, cancel := context.WithCancel(ctx)
		cancel()
		if _, err := s.Append(ctx, reporting.Envelope{Kind: reporting.PeriodClosed}); reporting.CodeOf(err) != reporting.Canceled {
			t.Errorf("Append = %v, want canceled", err)
		}
		if _, _, err := s.Put(ctx, strings.NewReader("x"), 10); reporting.CodeOf(err) != reporting.Canceled {
			t.Errorf("Put = %v, want canceled", err)
		}
	})
}

func TestPut(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	files := func(dir string) int {
		paths, _ := filepath.Glob(filepath.Join(dir, "originals", "??", "*"))
		temps, _ := filepath.Glob(filepath.Join(dir, "originals", ".*"))
		return len(paths) + len(temps)
	}

	t.Run("Duplicate", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		s := mustOpen(t, dir)
		a, n, err := s.Put(ctx, strings.NewReader("same"), 4)
		if err != nil || n != 4 {
			t.Fatalf("Put = %d, %v", n, err)
		}
		b, _, err := s.Put(ctx, strings.NewReader("same"), 4)
		if err != nil || a != b {
			t.Errorf("second Put = %s, %v; want %s", b, err, a)
		}
		if n := files(dir); n != 1 {
			t.Errorf("%d files, want 1", n)
		}
	})

	t.Run("RepairsAltered", func(t *testing.T) {
		t.Parallel()
		s := mustOpen(t, t.TempDir())
		sum, _, err := s.Put(ctx, strings.NewReader("right"), 10)
		if err != nil {
			t.Fatal(err)
		}
		overwrite(t, s.path(sum), "wrong")
		if _, err := s.Original(sum); err == nil || !strings.Contains(err.Error(), "altered") {
			t.Errorf("Original of an altered file = %v", err)
		}
		if _, err := s.OpenFile(sum); err == nil || !strings.Contains(err.Error(), "altered") {
			t.Errorf("OpenFile of an altered file = %v", err)
		}
		if _, _, err := s.Put(ctx, strings.NewReader("right"), 10); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Original(sum); err != nil {
			t.Errorf("Original after the right bytes came again = %v", err)
		}
	})

	t.Run("ErrTooLarge", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		s := mustOpen(t, dir)
		read := 0
		endless := readerFunc(func(p []byte) (int, error) { read += len(p); return len(p), nil })
		_, _, err := s.Put(ctx, endless, 1000)
		if !errors.Is(err, ErrTooLarge) || reporting.CodeOf(err) != reporting.Invalid {
			t.Errorf("Put = %v, want ErrTooLarge", err)
		}
		if read > 1001 {
			t.Errorf("read %d bytes of a sender whose limit is 1000", read)
		}
		if n := files(dir); n != 0 {
			t.Errorf("%d files remain", n)
		}
	})

	t.Run("ErrSender", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		s := mustOpen(t, dir)
		broken := io.MultiReader(strings.NewReader("half"), iotest.ErrReader(io.ErrUnexpectedEOF))
		if _, _, err := s.Put(ctx, broken, 1000); reporting.CodeOf(err) != reporting.Invalid {
			t.Errorf("Put = %v, want invalid", err)
		}
		if n := files(dir); n != 0 {
			t.Errorf("%d files remain", n)
		}
	})

	// Each step of the disk fails once, before or after it took effect.
	t.Run("Faults", func(t *testing.T) {
		t.Parallel()
		for step := 1; step <= 3; step++ {
			for _, persisted := range []bool{false, true} {
				dir := t.TempDir()
				s := mustOpen(t, dir)
				s.disk = durabletest.FailAt(step, persisted)
				if _, _, err := s.Put(ctx, strings.NewReader("x"), 10); reporting.CodeOf(err) != reporting.Unavailable {
					t.Errorf("step %d: Put = %v, want unavailable", step, err)
				}
				if _, err := send(s, "A01", "x"); err != nil {
					t.Errorf("step %d: the next Put = %v", step, err)
				}
				checkStore(t, s, dir)
			}
		}
	})
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func overwrite(tb testing.TB, path, text string) {
	tb.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
}

func TestAppendFaults(t *testing.T) {
	t.Parallel()
	for _, size := range []int{1, 3} {
		steps := 4 // sync, rename, sync folder, sync head
		if size == 3 {
			steps = 9 // 3 syncs, sync folder, 3 renames, sync folder, sync head
		}
		for step := 1; step <= steps; step++ {
			for _, persisted := range []bool{false, true} {
				t.Run(fmt.Sprintf("Batch%dStep%dPersisted%t", size, step, persisted), func(t *testing.T) {
					t.Parallel()
					dir := t.TempDir()
					s := mustOpen(t, dir)
					first := mustSend(t, s, "A01", "one")
					s.disk = durabletest.FailAt(step, persisted)
					batch := make([]*appending, size)
					for i := range batch {
						batch[i] = &appending{envelope: first}
					}
					s.writeMu.Lock()
					s.write(batch)
					s.writeMu.Unlock()
					for _, a := range batch {
						if !a.done || reporting.CodeOf(a.err) != reporting.Unavailable {
							t.Errorf("Append = %v, want unavailable", a.err)
						}
					}
					if s.Len() != 1 {
						t.Errorf("Len after a failed Append = %d, want 1", s.Len())
					}
					mustOpen(t, dir) // a crash now leaves a journal that opens
					mustSend(t, s, "A01", "two")
					checkStore(t, s, dir)
				})
			}
		}
	}
}

// A crash among the renames of a batch may keep any of them on some file systems.
func TestCrashAmongRenames(t *testing.T) {
	t.Parallel()
	const batch = 3
	for kept := range 1 << batch {
		t.Run(fmt.Sprintf("Kept%03b", kept), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			s := mustOpen(t, dir)
			mustSend(t, s, "A01", "one")
			head, err := os.ReadFile(s.head.path)
			if err != nil {
				t.Fatal(err)
			}
			var ids []string
			for i := range batch {
				ids = append(ids, mustSend(t, s, "A01", fmt.Sprint(i)).ID)
			}
			want := 1
			for i, id := range ids {
				if kept&(1<<i) != 0 {
					want = i + 2 // all up to the last rename that was kept
					continue
				}
				if err := os.Rename(s.file(fileName(id)), s.file(tempName(id))); err != nil {
					t.Fatal(err)
				}
			}
			overwrite(t, s.file(tempName("01ARZ3NDEKTSV4RRFFQ69G5FAV")), "{half")
			overwrite(t, s.head.path, string(head)) // the crash came before it
			s = mustOpen(t, dir)
			if s.Len() != want {
				t.Errorf("Len = %d, want %d", s.Len(), want)
			}
			mustSend(t, s, "A01", "next")
			checkStore(t, s, dir)
		})
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		damage func(t *testing.T, s *Store, ids []string) (file string)
	}{
		{"ErrCut", func(t *testing.T, s *Store, ids []string) string {
			if err := os.Truncate(s.file(fileName(ids[1])), 20); err != nil {
				t.Fatal(err)
			}
			return ids[1]
		}},
		{"ErrMissing", func(t *testing.T, s *Store, ids []string) string {
			if err := os.Remove(s.file(fileName(ids[1]))); err != nil {
				t.Fatal(err)
			}
			return ids[2]
		}},
		{"ErrAltered", func(t *testing.T, s *Store, ids []string) string {
			data, err := os.ReadFile(s.file(fileName(ids[1])))
			if err != nil {
				t.Fatal(err)
			}
			overwrite(t, s.file(fileName(ids[1])), strings.Replace(string(data), `"A01"`, `"A02"`, 1))
			return ids[2]
		}},
		{"ErrRenamed", func(t *testing.T, s *Store, ids []string) string {
			name := fileName("01ARZ3NDEKTSV4RRFFQ69G5FAV")
			if err := os.Rename(s.file(fileName(ids[0])), s.file(name)); err != nil {
				t.Fatal(err)
			}
			return name
		}},
		{"ErrForeign", func(t *testing.T, s *Store, ids []string) string {
			overwrite(t, s.file("notes.json"), "{}")
			return "notes.json"
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			s := mustOpen(t, dir)
			var ids []string
			for i := range 3 {
				ids = append(ids, mustSend(t, s, "A01", fmt.Sprint(i)).ID)
			}
			file := test.damage(t, s, ids)
			if err := s.Verify(context.Background()); err == nil {
				t.Errorf("Verify of the open store = nil, want an error")
			}
			_, err := Open(dir, Options{})
			if reporting.CodeOf(err) != reporting.Internal || !strings.Contains(err.Error(), file) {
				t.Errorf("Open = %v, want internal naming %s", err, file)
			}
		})
	}
}

func TestOpenSweepsOriginals(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := mustOpen(t, dir)
	overwrite(t, filepath.Join(s.originals, durable.TempPrefix+"123"), "half")
	checkStore(t, s, dir)
}

func TestVerifyOriginals(t *testing.T) {
	t.Parallel()
	s := mustOpen(t, t.TempDir())
	a, b := mustSend(t, s, "A01", "one"), mustSend(t, s, "A01", "two")
	if err := s.Verify(context.Background()); err != nil {
		t.Fatal(err)
	}
	overwrite(t, s.path(a.SHA256), "One")
	if err := os.Remove(s.path(b.SHA256)); err != nil {
		t.Fatal(err)
	}
	err := s.Verify(context.Background())
	if err == nil || !strings.Contains(err.Error(), a.SHA256+" was altered") || !strings.Contains(err.Error(), b.SHA256+" of envelope") {
		t.Errorf("Verify = %v, want both originals named", err)
	}
}

func TestClock(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := mustOpen(t, dir)
	start := time.Date(2020, 7, 1, 0, 0, 0, 123456789, time.UTC)
	for _, step := range []struct{ clock, want time.Duration }{
		{0, 0},
		{0, time.Millisecond},              // stands still
		{-time.Hour, 2 * time.Millisecond}, // goes back
		{time.Minute, time.Minute},         // goes on
		{-time.Minute, time.Minute + time.Millisecond},
	} {
		s.now = func() time.Time { return start.Add(step.clock) }
		want := start.Truncate(time.Millisecond).Add(step.want)
		if e := mustSend(t, s, "A01", "x"); !e.ReceivedAt.Equal(want) {
			t.Errorf("clock %s: received_at = %s, want %s", step.clock, e.ReceivedAt, want)
		}
	}
	checkStore(t, s, dir)
	s = mustOpen(t, dir)
	s.now = func() time.Time { return start.Add(-24 * time.Hour) }
	mustSend(t, s, "A01", "after a restart")
	checkStore(t, s, dir)
}

func TestConcurrentAppends(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := mustOpen(t, dir)
	const n = 200
	got := make([]reporting.Envelope, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			var err error
			if got[i], err = send(s, fmt.Sprintf("U%02d", i%7), fmt.Sprint(i%20)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if s.Len() != n {
		t.Errorf("Len = %d, want %d", s.Len(), n)
	}
	for _, want := range got {
		if e, err := s.Envelope(want.ID); err != nil || !reflect.DeepEqual(e, want) {
			t.Errorf("Envelope(%s) = %v, %v; want %v", want.ID, e, err, want)
		}
	}
	checkStore(t, s, dir)
}

func TestLock(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	first, err := AcquireLock(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := AcquireLock(dir); reporting.CodeOf(err) != reporting.Conflict || !strings.Contains(err.Error(), "another huizong uses "+dir) {
		t.Errorf("second AcquireLock = %v, want conflict", err)
	}
	for range 2 {
		if err := first.Release(); err != nil {
			t.Error(err)
		}
	}
	second, err := AcquireLock(dir)
	if err != nil {
		t.Fatal(err)
	}
	second.Release()
}

// BenchmarkReceipt measures what stands between a file and its receipt: Put and Append of a 30 kB sheet, all fsyncs on.
func BenchmarkReceipt(b *testing.B) {
	body := strings.Repeat("x", 30_000)
	receipt := func(b *testing.B, s *Store, name string) {
		if _, err := send(s, "A01", name+body); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("Sequential", func(b *testing.B) {
		s := mustOpen(b, b.TempDir())
		for i := 0; b.Loop(); i++ {
			receipt(b, s, fmt.Sprint(i))
		}
	})
	for _, senders := range []int{8, 32} {
		b.Run(fmt.Sprintf("Parallel%d", senders), func(b *testing.B) {
			s := mustOpen(b, b.TempDir())
			var wg sync.WaitGroup
			next := make(chan int)
			for range senders {
				wg.Go(func() {
					for i := range next {
						receipt(b, s, fmt.Sprint(i))
					}
				})
			}
			for i := 0; b.Loop(); i++ {
				next <- i
			}
			close(next)
			wg.Wait()
		})
	}
}

// BenchmarkOpen measures a start with 10,000 envelopes, about a year and a half of a city.
func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	s := mustOpen(b, dir)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			for range 200 {
				if _, err := send(s, "A01", "x"); err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for b.Loop() {
		mustOpen(b, dir)
	}
}
