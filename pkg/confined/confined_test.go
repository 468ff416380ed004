package confined_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"huizong/pkg/confined"
	"huizong/pkg/reporting"
)

// TestMain is also the child: its handler does what a file could have it do that has taken it over.
func TestMain(m *testing.M) {
	confined.RunIfChild(func(setup []byte) (confined.Handler, error) {
		if string(setup) == "broken" {
			return nil, errors.New("no such setup")
		}
		return func(w confined.Work) ([]byte, error) { return handle(string(setup), w) }, nil
	})
	os.Exit(m.Run())
}

// hoard is reachable, so that it is not collected.
var hoard [][]byte

func handle(setup string, w confined.Work) ([]byte, error) {
	switch w.Name {
	case "read":
		b, err := io.ReadAll(w.File)
		return append([]byte(setup+" "), b...), err
	case "pid":
		return strconv.AppendInt(nil, int64(os.Getpid()), 10), nil
	case "ask":
		b, err := w.Ask(w.Request)
		return append(b, '!'), err
	case "ask on":
		for {
			if _, err := w.Ask(nil); err != nil {
				return nil, err
			}
		}
	case "finding":
		return nil, &reporting.FileError{Code: reporting.TooLarge, Cell: "B2", Offset: 7, Reason: reporting.Text{ZH: "太大", EN: "too large"}, Err: errors.New("cause")}
	case "panic":
		panic("a strange sheet")
	case "exit":
		fmt.Fprintln(os.Stderr, "something is wrong")
		os.Exit(3)
	case "memory":
		for {
			b := make([]byte, 1<<20)
			for i := range b {
				b[i] = byte(i)
			}
			hoard = append(hoard, b)
		}
	case "spin":
		for spinning := true; spinning; {
		}
	case "hang":
		time.Sleep(time.Hour)
	case "size":
		n, err := strconv.Atoi(string(w.Request))
		return make([]byte, n), err
	case "reach":
		return []byte(strings.Join(reach(string(w.Request), true), "\n")), nil
	}
	return nil, fmt.Errorf("work %q", w.Name)
}

func start(t *testing.T, limits confined.Limits) *confined.Pool {
	t.Helper()
	p, err := confined.Start([]byte("set up"), limits)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func onDisk(t *testing.T, text string) *os.File {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func do(t *testing.T, p *confined.Pool, name, request string) (string, error) {
	t.Helper()
	b, err := p.Do(t.Context(), confined.Task{Who: t.Name(), Name: name, Request: []byte(request), File: onDisk(t, "bytes"),
		Answer: func(q []byte) ([]byte, error) {
			if string(q) == "away" {
				return nil, reporting.Errorf(reporting.Unavailable, "the database is away")
			}
			return append([]byte("answer to "), q...), nil
		}})
	return string(b), err
}

func TestDo(t *testing.T) {
	p := start(t, confined.Limits{})
	for _, test := range []struct{ name, request, want string }{{"read", "", "set up bytes"}, {"ask", "x", "answer to x!"}, {"size", "3000000", string(make([]byte, 3_000_000))}} {
		if got, err := do(t, p, test.name, test.request); err != nil || got != test.want {
			t.Errorf("%s: %.30q, %v", test.name, got, err)
		}
	}
	if _, err := do(t, p, "ask", "away"); reporting.CodeOf(err) != reporting.Unavailable || err.Error() != "the database is away" {
		t.Errorf("an answer's error came back as %v", err)
	}
	_, err := do(t, p, "finding", "")
	if f, ok := reporting.FindingOf(err); !ok || f.Code != reporting.TooLarge || f.Cell != "B2" || f.Message != "太大" || !strings.Contains(err.Error(), "cause") {
		t.Errorf("finding: %v", err)
	}
	if _, err := confined.Start([]byte("broken"), confined.Limits{}); reporting.CodeOf(err) != reporting.Unavailable || !strings.Contains(err.Error(), "no such setup") {
		t.Errorf("a setup that is none: %v", err)
	}
}

// TestBadWork: a child that ends, hangs or takes too much costs its own work, and says what it was; others are served.
func TestBadWork(t *testing.T) {
	p := start(t, confined.Limits{Memory: 96 << 20, Alone: 128 << 20, CPU: 500 * time.Millisecond, Idle: time.Second})
	for name, test := range map[string]struct {
		request string
		want    func(error) bool
	}{
		"memory": {"", overran("memory")},
		"spin":   {"", overran("time")},
		"hang":   {"", overran("time")},
		"exit":   {"", internal("exit status 3: something is wrong")},
		"panic":  {"", internal("a strange sheet")},
		"ask on": {"", internal("out of turn, or too much")},
		"none":   {"", internal(`work "none"`)},
	} {
		if _, err := do(t, p, name, test.request); !test.want(err) {
			t.Errorf("%s: %v", name, err)
		}
		if got, err := do(t, p, "read", ""); err != nil || got != "set up bytes" {
			t.Errorf("after %s: %q, %v", name, got, err)
		}
	}
}

// TestTooMuch: what no caller could hold is refused as the file's fault.
func TestTooMuch(t *testing.T) {
	p := start(t, confined.Limits{})
	if _, err := do(t, p, "size", "70000000"); !isFinding(err) {
		t.Errorf("70 MB came back: %v", err)
	}
}

func isFinding(err error) bool { _, ok := reporting.FindingOf(err); return ok }

func overran(of string) func(error) bool {
	return func(err error) bool {
		var o confined.Overrun
		return errors.As(err, &o) && o.Of == of
	}
}

func internal(words string) func(error) bool {
	return func(err error) bool {
		return reporting.CodeOf(err) == reporting.Internal && strings.Contains(err.Error(), words)
	}
}

// TestOthersMeanwhile: while one works without end, others have theirs done.
func TestOthersMeanwhile(t *testing.T) {
	p := start(t, confined.Limits{CPU: time.Hour})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	file := onDisk(t, "")
	go func() {
		_, err := p.Do(ctx, confined.Task{Who: "hostile", Name: "spin", File: file})
		ended <- err
	}()
	for range 50 {
		if got, err := do(t, p, "read", ""); err != nil || got != "set up bytes" {
			t.Fatalf("%q, %v", got, err)
		}
	}
	select {
	case err := <-ended:
		t.Fatalf("the endless work ended: %v", err)
	default:
	}
	cancel()
	if err := <-ended; reporting.CodeOf(err) != reporting.Canceled {
		t.Errorf("%v, want canceled", err)
	}
}

// TestReplaced: a child is replaced after so many pieces of work, and when nothing is left of the pool nothing is left of its children.
func TestReplaced(t *testing.T) {
	p := start(t, confined.Limits{Served: 3})
	seen := map[string]int{}
	for range 30 {
		pid, err := do(t, p, "pid", "")
		if err != nil {
			t.Fatal(err)
		}
		seen[pid]++
	}
	for pid, n := range seen {
		if n > 3 {
			t.Errorf("%s has worked %d times", pid, n)
		}
	}
	p.Close()
	p.Close()
	for pid := range seen {
		if n, _ := strconv.Atoi(pid); syscall.Kill(n, 0) == nil {
			t.Errorf("child %s is still there", pid)
		}
	}
	if _, err := do(t, p, "pid", ""); reporting.CodeOf(err) != reporting.Canceled {
		t.Errorf("Do after Close = %v, want canceled", err)
	}
}

// TestManyAtOnce has many callers.
func TestManyAtOnce(t *testing.T) {
	p := start(t, confined.Limits{Served: 20})
	var wait sync.WaitGroup
	for i := range 8 {
		file := onDisk(t, strconv.Itoa(i))
		wait.Go(func() {
			for range 40 {
				b, err := p.Do(t.Context(), confined.Task{Who: strconv.Itoa(i), Name: "read", File: file})
				if want := "set up " + strconv.Itoa(i); err != nil || string(b) != want {
					t.Errorf("%q, %v; want %q", b, err, want)
				}
			}
		})
	}
	wait.Wait()
}

func BenchmarkDo(b *testing.B) {
	p, err := confined.Start([]byte("set up"), confined.Limits{})
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	name := filepath.Join(b.TempDir(), "file")
	if err := os.WriteFile(name, []byte("bytes"), 0o600); err != nil {
		b.Fatal(err)
	}
	f, err := os.Open(name)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	for b.Loop() {
		if _, err := p.Do(b.Context(), confined.Task{Who: "a", Name: "read", File: f}); err != nil {
			b.Fatal(err)
		}
	}
}
