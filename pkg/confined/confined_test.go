package confined_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
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

// reach tries what a child must not be able to do, and returns what it could.
func reach(folder string, inside bool) (could []string) {
	try := func(what string, err error) {
		if err == nil {
			could = append(could, what)
		}
	}
	_, err := os.ReadFile(filepath.Join(folder, "secret"))
	try("read a file", err)
	_, err = os.ReadFile("/etc/passwd")
	try("read /etc/passwd", err)
	_, err = os.ReadDir("/")
	try("list a folder", err)
	_, err = os.ReadFile("/proc/self/environ")
	try("read its environment", err)
	_, err = os.ReadFile("/proc/self/exe")
	try("read the program", err)
	try("write a file", os.WriteFile(filepath.Join(folder, "new"), nil, 0o600))
	try("remove a file", os.Remove(filepath.Join(folder, "secret")))
	try("make a folder", os.Mkdir(filepath.Join(folder, "folder"), 0o700))
	try("run a program", exec.Command("/bin/true").Run())
	if inside {
		try("become a program", syscall.Exec("/bin/true", []string{"true"}, nil))
		try("run itself", exec.Command("/proc/self/exe").Run())
		if _, _, errno := syscall.RawSyscall(syscall.SYS_PTRACE, syscall.PTRACE_ATTACH, uintptr(os.Getppid()), 0); errno == 0 {
			could = append(could, "trace its parent")
		}
	}
	address, _ := os.ReadFile(filepath.Join(folder, "address"))
	_, err = net.Dial("tcp", string(address))
	try("connect", err)
	for _, domain := range []int{syscall.AF_INET, syscall.AF_INET6, syscall.AF_UNIX, 16} {
		_, err = syscall.Socket(domain, syscall.SOCK_DGRAM, 0)
		try(fmt.Sprint("make a socket of ", domain), err)
	}
	_, err = net.Listen("tcp", "127.0.0.1:0")
	try("listen", err)
	try("signal its parent", syscall.Kill(os.Getppid(), 0))
	try("raise its limits", syscall.Setrlimit(syscall.RLIMIT_CPU, &syscall.Rlimit{Cur: 1 << 30, Max: 1 << 30}))
	if len(os.Environ()) > 0 {
		could = append(could, "see "+strings.Join(os.Environ(), " "))
	}
	return could
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

// TestReach: a child that a file has taken over can do nothing but answer.
func TestReach(t *testing.T) {
	p := start(t, confined.Limits{})
	if !p.Confinement().Whole() {
		t.Skipf("this kernel cannot do it: %s", p.Confinement())
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	folder := t.TempDir()
	for name, text := range map[string]string{"secret": "s", "address": listener.Addr().String()} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("HUIZONG_TOKEN", "secret")
	if could := reach(folder, false); len(could) < 10 {
		t.Errorf("out here only this can be done: %q", could)
	}
	if err := os.WriteFile(filepath.Join(folder, "secret"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if could, err := do(t, p, "reach", folder); err != nil || could != "" {
		t.Errorf("a child could:\n%s\n%v", could, err)
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

// TestKilled kills the child in the middle of its work: the work is done by another.
func TestKilled(t *testing.T) {
	p := start(t, confined.Limits{})
	for range 5 {
		pid, err := do(t, p, "pid", "")
		if err != nil {
			t.Fatal(err)
		}
		asked := 0
		b, err := p.Do(t.Context(), confined.Task{Who: "a", Name: "ask", File: onDisk(t, ""), Answer: func([]byte) ([]byte, error) {
			if asked++; asked == 1 {
				for _, child := range children(t) {
					syscall.Kill(child, syscall.SIGKILL)
				}
			}
			return []byte("answer"), nil
		}})
		if err != nil || string(b) != "answer!" || asked != 2 {
			t.Errorf("%q, %v after %d questions", b, err, asked)
		}
		if next, err := do(t, p, "pid", ""); err != nil || next == pid {
			t.Errorf("child %s after %s, %v", next, pid, err)
		}
	}
}

// children are the processes that this one has started.
func children(t *testing.T) (pids []int) {
	tasks, err := filepath.Glob("/proc/self/task/*/children")
	if err != nil || tasks == nil {
		t.Skip("this system does not tell who whose child is")
	}
	for _, task := range tasks {
		b, _ := os.ReadFile(task)
		for _, field := range bytes.Fields(b) {
			pid, _ := strconv.Atoi(string(field))
			pids = append(pids, pid)
		}
	}
	return pids
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
