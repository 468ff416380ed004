package confined

import (
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// decide runs a filter as the kernel does, on the number of a call, the processor and the call's first argument.
func decide(t *testing.T, program []unix.SockFilter, number, arch, flags uint32) uint32 {
	t.Helper()
	data, a := map[uint32]uint32{numberAt: number, archAt: arch, flagsAt: flags}, uint32(0)
	for i := 0; i < len(program); i++ {
		at := program[i]
		jump := func(is bool) {
			if is {
				i += int(at.Jt)
			} else {
				i += int(at.Jf)
			}
		}
		switch at.Code {
		case unix.BPF_LD | unix.BPF_W | unix.BPF_ABS:
			a = data[at.K]
		case unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K:
			jump(a == at.K)
		case unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K:
			jump(a&at.K != 0)
		case unix.BPF_RET | unix.BPF_K:
			return at.K
		default:
			t.Fatalf("step %d is %#x", i, at.Code)
		}
	}
	t.Fatal("the filter does not end")
	return 0
}

// TestFilter: the calls of the list pass, and a thread; every other call of the first thousand, another process and another processor do not.
func TestFilter(t *testing.T) {
	for name, arch := range architectures {
		program := filter(arch)
		if len(program) > 4096 {
			t.Errorf("%s: the kernel takes no filter of %d steps", name, len(program))
		}
		allowed := map[uint32]bool{}
		for _, call := range calls {
			allowed[call] = true
		}
		for number := range uint32(1000) {
			got := decide(t, program, number, arch, 0)
			want := uint32(unix.SECCOMP_RET_ERRNO) | uint32(unix.EPERM)
			switch {
			case allowed[number]:
				want = unix.SECCOMP_RET_ALLOW
			case number == unix.SYS_CLONE3:
				want = unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)
			}
			if got != want {
				t.Errorf("%s: call %d gives %#x, want %#x", name, number, got, want)
			}
		}
		if got := decide(t, program, unix.SYS_CLONE, arch, unix.CLONE_THREAD|unix.CLONE_VM); got != unix.SECCOMP_RET_ALLOW {
			t.Errorf("%s: a thread gives %#x", name, got)
		}
		if got := decide(t, program, unix.SYS_READ, arch+1, 0); got != unix.SECCOMP_RET_KILL_PROCESS {
			t.Errorf("%s: another processor's call gives %#x", name, got)
		}
	}
	for _, call := range []uint32{unix.SYS_OPENAT, unix.SYS_SOCKET, unix.SYS_CONNECT, unix.SYS_EXECVE, unix.SYS_PTRACE, unix.SYS_PRLIMIT64, unix.SYS_IO_URING_SETUP, unix.SYS_KILL} {
		if got := decide(t, filter(architectures[runtime.GOARCH]), call, architectures[runtime.GOARCH], 0); got == unix.SECCOMP_RET_ALLOW {
			t.Errorf("call %d is allowed", call)
		}
	}
}

// TestOwnFiles: a child may open again what this program is made of, and nothing of anybody's.
func TestOwnFiles(t *testing.T) {
	files, err := ownFiles()
	if err != nil || files[self] == 0 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, other := range []string{"/", "/etc", "/etc/passwd", "/tmp", "/home", "/proc"} {
		if _, granted := files[other]; granted {
			t.Errorf("%s is granted", other)
		}
	}
}
