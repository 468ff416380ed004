package confined

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"huizong/pkg/landlock"
)

// closeOnExec keeps a file that is handed over from a program that would be run.
const closeOnExec = unix.MSG_CMSG_CLOEXEC

// self is this very binary, also after an upgrade has put another one at its path.
const self = "/proc/self/exe"

// procAttr has the kernel kill the child with us, and keeps a Ctrl-C that is meant for us from it.
func procAttr() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// lifetimeCPU ends a child whatever else fails.
const lifetimeCPU = 3600

// confine limits this process, and takes all files from this thread but those that the program itself is made of. RLIMIT_AS would count what
// Go reserves and does not use; RLIMIT_DATA counts what can be written to. The stack's limit is what the C library gives each thread.
func confine(memory int64) error {
	for _, limit := range []struct {
		resource int
		most     uint64
	}{
		{unix.RLIMIT_DATA, uint64(memory)}, {unix.RLIMIT_STACK, 1 << 20}, {unix.RLIMIT_CPU, lifetimeCPU}, {unix.RLIMIT_FSIZE, 0}, {unix.RLIMIT_CORE, 0}, {unix.RLIMIT_NOFILE, 32},
		{unix.RLIMIT_MEMLOCK, 0}, {unix.RLIMIT_MSGQUEUE, 0},
	} {
		if err := unix.Setrlimit(limit.resource, &unix.Rlimit{Cur: limit.most, Max: limit.most}); err != nil {
			return fmt.Errorf("reader: limit %d: %w", limit.resource, err)
		}
	}
	files, err := ownFiles()
	if err != nil {
		return fmt.Errorf("reader: %w", err)
	}
	if err := landlock.Restrict(landlock.Rules{Files: files, Alone: true}); err != nil {
		return fmt.Errorf("reader: %w", err)
	}
	return nil
}

// ownFiles are what the kernel and the loader have to open to run this program again: itself and its libraries. It has them all in memory.
func ownFiles() (map[string]landlock.Access, error) {
	files := map[string]landlock.Access{self: landlock.Read | landlock.Run, "/etc/ld.so.cache": landlock.Read}
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(maps)) {
		if at := strings.Index(line, "/"); at >= 0 {
			files[strings.TrimSuffix(line[at:], "\n")] = landlock.Read | landlock.Run
		}
	}
	return files, nil
}

// calls are what Go's runtime asks of the kernel, and what reading a file and a socket takes. No call opens, connects or starts anything.
var calls = []uint32{
	unix.SYS_READ, unix.SYS_PREAD64, unix.SYS_WRITE, unix.SYS_RECVMSG, unix.SYS_SENDMSG, unix.SYS_CLOSE, unix.SYS_FCNTL, unix.SYS_LSEEK, unix.SYS_FSTAT,
	unix.SYS_MMAP, unix.SYS_MUNMAP, unix.SYS_MREMAP, unix.SYS_MPROTECT, unix.SYS_MADVISE, unix.SYS_MINCORE, unix.SYS_BRK,
	unix.SYS_FUTEX, unix.SYS_SET_ROBUST_LIST, unix.SYS_RSEQ, unix.SYS_SCHED_YIELD, unix.SYS_SCHED_GETAFFINITY, unix.SYS_NANOSLEEP, unix.SYS_CLOCK_NANOSLEEP,
	unix.SYS_CLOCK_GETTIME, unix.SYS_GETTIMEOFDAY, unix.SYS_GETRANDOM, unix.SYS_RESTART_SYSCALL,
	unix.SYS_RT_SIGACTION, unix.SYS_RT_SIGPROCMASK, unix.SYS_RT_SIGRETURN, unix.SYS_SIGALTSTACK, unix.SYS_TGKILL, unix.SYS_GETPID, unix.SYS_GETTID,
	unix.SYS_TIMER_CREATE, unix.SYS_TIMER_SETTIME, unix.SYS_TIMER_DELETE, unix.SYS_SETITIMER,
	unix.SYS_EPOLL_CREATE1, unix.SYS_EPOLL_CTL, unix.SYS_EPOLL_PWAIT, unix.SYS_EVENTFD2, unix.SYS_EXIT, unix.SYS_EXIT_GROUP,
}

var architectures = map[string]uint32{"amd64": unix.AUDIT_ARCH_X86_64, "arm64": unix.AUDIT_ARCH_AARCH64}

// filterCalls lets no thread of this process ask the kernel for anything but the calls. On a processor that we have no list for, or where the
// kernel has no such filter or a container forbids it, the other limits stand alone, and the administrator is told.
func filterCalls() (Confinement, error) {
	how := Confinement{Landlock: landlock.Version(), Limits: true}
	arch, known := architectures[runtime.GOARCH]
	if !known {
		return how, nil
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return how, fmt.Errorf("reader: %w", err)
	}
	program := filter(arch)
	f := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&f)))
	how.Calls = errno == 0
	return how, nil
}

// Where the kernel puts what a filter looks at.
const (
	numberAt = 0
	archAt   = 4
	flagsAt  = 16 // the lower half of the first argument
)

// filter is a program for the kernel: allowed are the calls, and a clone that is a thread. clone3, whose flags cannot be seen, does not exist.
func filter(arch uint32) []unix.SockFilter {
	load := func(at uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: at}
	}
	end := func(action uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: action}
	}
	unless := func(is uint32, skip uint8) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: is, Jf: skip}
	}
	no := func(errno syscall.Errno) uint32 { return unix.SECCOMP_RET_ERRNO | uint32(errno) }
	program := []unix.SockFilter{load(archAt), {Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: arch, Jt: 1}, end(unix.SECCOMP_RET_KILL_PROCESS), load(numberAt)}
	for _, call := range calls {
		program = append(program, unless(call, 1), end(unix.SECCOMP_RET_ALLOW))
	}
	program = append(program, unless(unix.SYS_CLONE3, 1), end(no(unix.ENOSYS)), unless(unix.SYS_CLONE, 4),
		load(flagsAt), unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K, K: unix.CLONE_THREAD, Jf: 1}, end(unix.SECCOMP_RET_ALLOW), end(no(unix.EPERM)))
	return append(program, end(no(unix.EPERM)))
}

// cpuOf is the processor time that the process has used.
func cpuOf(pid int) (time.Duration, bool) {
	var t unix.Timespec
	if err := unix.ClockGettime(int32(^pid<<3|2), &t); err != nil {
		return 0, false
	}
	return time.Duration(t.Nano()), true
}
