package confined

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"huizong/pkg/reporting"
)

// reader is a child, seen from the parent. It is for one goroutine at a time.
type reader struct {
	cmd    *exec.Cmd
	conn   *net.UnixConn
	words  *lastWords
	exited chan struct{} // closed when it has been waited for
	err    error         // how it ended; to be read after exited
	how    Confinement
	done   int // pieces of work
}

// startWait is how long a child may take to be ready. It is long: the machine may be busy with everything else that starts.
const startWait = 2 * time.Minute

// startReader starts a child with so much memory and waits until it is ready.
func startReader(memory int64, toSetUp []byte) (*reader, error) {
	r, err := spawn(memory)
	if err != nil {
		return nil, reporting.Errorf(reporting.Unavailable, "start reader: %w", err)
	}
	r.conn.SetDeadline(time.Now().Add(startWait))
	if err := r.greet(toSetUp); err != nil {
		r.end()
		return nil, reporting.Errorf(reporting.Unavailable, "start reader: %w: %w%s", err, r.err, r.words)
	}
	r.conn.SetDeadline(time.Time{})
	return r, nil
}

func (r *reader) greet(toSetUp []byte) error {
	if err := r.send(setup, toSetUp, nil); err != nil {
		return err
	}
	k, body, err := readFrame(r.conn)
	if err != nil {
		return err
	}
	if k != ready {
		return errForeign
	}
	return codec.Decode(body, &r.how, 1<<10)
}

func spawn(memory int64) (*reader, error) {
	ours, theirs, err := pair()
	if err != nil {
		return nil, err
	}
	defer theirs.Close()
	conn, err := net.FileConn(ours)
	ours.Close()
	if err != nil {
		return nil, err
	}
	words := &lastWords{}
	cmd := exec.Command(self, outerArg, strconv.FormatInt(memory, 10))
	cmd.Args[0] = os.Args[0]
	cmd.Env, cmd.Stderr, cmd.ExtraFiles, cmd.SysProcAttr = []string{}, words, []*os.File{theirs}, procAttr()
	cmd.Dir = "/"
	cmd.WaitDelay = time.Second
	r := &reader{cmd: cmd, conn: conn.(*net.UnixConn), words: words, exited: make(chan struct{})}
	started := make(chan error)
	go r.live(started)
	if err := <-started; err != nil {
		conn.Close()
		return nil, err
	}
	return r, nil
}

func pair() (ours, theirs *os.File, err error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		return nil, nil, err
	}
	for _, end := range ends {
		unix.CloseOnExec(end)
	}
	return os.NewFile(uintptr(ends[0]), "reader"), os.NewFile(uintptr(ends[1]), "parent"), nil
}

// live starts the child and waits for it, on a thread that does nothing else: the kernel sends the parent-death signal when the thread
// that forked ends, so it must not be one that the runtime lends to others.
func (r *reader) live(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := r.cmd.Start(); err != nil {
		started <- err
		return
	}
	started <- nil
	r.err = r.cmd.Wait()
	if r.err == nil {
		r.err = errors.New("exit status 0")
	}
	close(r.exited)
}

// end kills the child, which has nothing to lose, and waits for it.
func (r *reader) end() {
	r.cmd.Process.Kill() // an error here means that it has ended meanwhile
	<-r.exited
	r.conn.Close()
}

func (r *reader) send(k kind, body []byte, file *os.File) error {
	var rights []byte
	if file != nil {
		raw, err := file.SyscallConn()
		if err != nil {
			return err
		}
		if err := raw.Control(func(fd uintptr) { rights = unix.UnixRights(int(fd)) }); err != nil {
			return err
		}
		_, _, err = r.conn.WriteMsgUnix(head(k, len(body)), rights, nil)
		runtime.KeepAlive(file)
		if err != nil {
			return err
		}
	} else if _, err := r.conn.Write(head(k, len(body))); err != nil {
		return err
	}
	_, err := r.conn.Write(body)
	return err
}

// Overrun says that a child was ended, or ended itself, for want of what it may use.
type Overrun struct{ Of string } // memory or time

func (o Overrun) Error() string { return "the file takes more " + o.Of + " than it may to be read" }

// died says how a child ended in the middle of work.
type died struct {
	how   error
	words string
}

func (d died) Error() string { return fmt.Sprintf("the reader ended: %v%s", d.how, d.words) }

// do has the child work. reusable says whether it can be given more. Errors: what the handler returned, or the question's; Overrun; died;
// canceled with stop.
func (r *reader) do(t Task, limits Limits, stop <-chan struct{}) (b []byte, reusable bool, err error) {
	r.done++
	var watch watch
	finished := make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() { watch.over(r, limits, stop, finished) })
	b, reusable, err = r.talk(t, &watch)
	close(finished)
	wait.Wait()
	var told handled
	var asked refused
	switch {
	case err == nil:
		return b, reusable, nil
	case errors.As(err, &told):
		_, ofFile := reporting.FindingOf(told.error)
		return nil, ofFile || reporting.CodeOf(told.error) != reporting.Internal, told.error
	case errors.As(err, &asked):
		return nil, false, asked.error
	case errors.Is(err, errForeign):
		return nil, false, err
	}
	r.end()
	if cause := watch.cause.Load(); cause != nil {
		return nil, false, *cause
	}
	if r.words.ofMemory() {
		return nil, false, Overrun{"memory"}
	}
	return nil, false, died{r.err, r.words.String()}
}

// handled is an error that the child has told.
type handled struct{ error }

// refused is the error of an answer. The child is not told, and is of no more use.
type refused struct{ error }

func (r *reader) talk(t Task, w *watch) (b []byte, reusable bool, err error) {
	info, err := t.File.Stat()
	if err != nil {
		return nil, false, handled{reporting.Errorf(reporting.Unavailable, "open for reading: %w", err)}
	}
	body, err := codec.Encode(nil, job{t.Name, t.Request, info.Size()})
	if err != nil {
		return nil, false, handled{err}
	}
	if err := r.send(work, body, t.File); err != nil {
		return nil, false, err
	}
	for range maxQuestions + 1 {
		k, body, err := readFrame(r.conn)
		if err != nil {
			return nil, false, err
		}
		switch k {
		case result:
			return body, true, nil
		case tired:
			return body, false, nil
		case failure:
			return nil, true, handled{decodeError(body)}
		case question:
			w.asked(true)
			answered, err := t.Answer(body)
			w.asked(false)
			if err != nil {
				return nil, false, refused{err}
			}
			if err := r.send(answer, answered, nil); err != nil {
				return nil, false, err
			}
		default:
			return nil, false, errForeign
		}
	}
	return nil, false, errForeign
}

// watch sees to it that a piece of work ends.
type watch struct {
	cause  atomic.Pointer[error]
	asking atomic.Bool
}

func (w *watch) asked(yes bool) { w.asking.Store(yes) }

// glance is how often the time that a child has used is looked at.
const glance = 50 * time.Millisecond

// over ends the child when it has used more processor time than it may, or has used none for too long without waiting for an answer.
// Wall time is not counted: on a busy machine a child waits through no fault of its own.
func (w *watch) over(r *reader, limits Limits, stop, finished <-chan struct{}) {
	began, _ := cpuOf(r.cmd.Process.Pid)
	last, moved := began, time.Now()
	ticker := time.NewTicker(glance)
	defer ticker.Stop()
	for {
		select {
		case <-finished:
			return
		case <-stop:
			w.kill(r, reporting.Errorf(reporting.Canceled, "reading a file: stopped"))
			return
		case now := <-ticker.C:
			used, known := cpuOf(r.cmd.Process.Pid)
			if used != last || w.asking.Load() {
				last, moved = used, now
			}
			if known && used-began > limits.CPU || now.Sub(moved) > limits.Idle {
				w.kill(r, Overrun{"time"})
				return
			}
		}
	}
}

func (w *watch) kill(r *reader, cause error) {
	w.cause.Store(&cause)
	r.cmd.Process.Kill()
}

// lastWords keeps the beginning of what a child has said: a fatal error stands there, and the goroutines come behind it.
type lastWords struct {
	mu    sync.Mutex
	first []byte
}

const wordsKept = 2 << 10

func (l *lastWords) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.first = append(l.first, b[:min(wordsKept-len(l.first), len(b))]...)
	return len(b), nil
}

func (l *lastWords) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.first) == 0 {
		return ""
	}
	return ": " + strings.ToValidUTF8(string(bytes.TrimSpace(l.first)), "?")
}

// ofMemory reports whether the child's runtime ended it for want of memory: for its heap, or for the stack of a thread.
func (l *lastWords) ofMemory() bool {
	text := l.String()
	for _, sign := range []string{"out of memory", "cannot allocate memory", "failed to create new OS thread", "pthread_create failed", "stack exceeds"} {
		if strings.Contains(text, sign) {
			return true
		}
	}
	return false
}
