package confined_test

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"huizong/pkg/confined"
	"huizong/pkg/landlock/landlocktest"
)

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

// TestReach: a child that a file has taken over can do nothing but answer.
func TestReach(t *testing.T) {
	p := start(t, confined.Limits{})
	landlocktest.Require(t, p.Confinement().Whole(), p.Confinement().String())
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
		t.Fatalf("the kernel does not tell who whose child is: %v", err)
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
