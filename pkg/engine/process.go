package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"go.uber.org/zap"

	"huizong/pkg/reporting"
)

// process is one life of the child.
type process struct {
	pid   int
	since time.Time
	addr  string // host:port on which it answers HTTP

	cmd    *exec.Cmd
	stdin  io.Closer     // the child ends when this is closed
	exited chan struct{} // closed when it has been waited for
	err    error         // how it ended; to be read after exited
}

// Files of the engine's folder, seen from inside: the child runs there, so that no path needs quoting in a query.
const (
	configName   = "config.xml"
	usersName    = "users.xml"
	accountsName = "accounts.json"
	servesName   = "serves.tsv"
	logName      = "engine.log"
	dataName     = "data"
)

// script is what the child runs. Its first statement opens the port, the next reports that it is open. The last reads standard input, to which
// nothing is ever written, and so ends with our end of the pipe: on Close, and when we die. INTO OUTFILE and FROM INFILE are done by the client half of
// `clickhouse local`, and need no right to files that a stranger on the port could use as well.
//
// It is HTTP, and not the native protocol: there this ClickHouse has no handler for what goes wrong outside a query, and aborts, at a wrong password, at
// garbage, at a client that is killed. Everybody on the machine reaches a port on loopback.
//
// No statement of it calls a function with an argument: the account of the start may not, see users.xml.tmpl. Two of them count for the quota
// there: a SELECT without a table does not.
const script = "SYSTEM START LISTEN HTTP; SELECT 1 INTO OUTFILE '" + servesName + "' FORMAT TSV; " +
	"INSERT INTO FUNCTION null('line String') FROM INFILE '/dev/stdin' FORMAT LineAsString"

const loopback = "127.0.0.1"

// ownFolder is a process's own name for the folder that it runs in, on Linux.
const ownFolder = "/proc/self/cwd"

// arguments are those of `clickhouse local`, without these two words. The data path is absolute: with a relative one
// fsync_part_directory looks for data/data. Where the kernel has another name for the folder that the child runs in, that is taken: ClickHouse shows the path to
// every caller (in system.databases, whatever is granted), and this name reveals nothing.
func arguments(dir string, port int) []string {
	if _, err := os.Stat(ownFolder); err == nil {
		dir = ownFolder
	}
	return []string{
		"--config-file", configName,
		"--path", filepath.Join(dir, dataName),
		"--listen_host", loopback, "--http_port", strconv.Itoa(port),
		"--logger.console", "--log-level", "warning",
		"--query", script,
	}
}

// launch starts a child and waits until it serves.
func (e *Engine) launch(ctx context.Context) (*process, error) {
	if err := e.clearStrays(); err != nil {
		return nil, err
	}
	if err := writeConfig(e.dir, e.inner); err != nil {
		return nil, err
	}
	if err := os.Mkdir(filepath.Join(e.dir, dataName), 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, reporting.Errorf(reporting.Unavailable, "folder of the engine's data: %w", err)
	}
	serves := filepath.Join(e.dir, servesName)
	if err := os.Remove(serves); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, reporting.Errorf(reporting.Unavailable, "remove the sign of an engine before: %w", err)
	}
	p, err := e.spawn()
	if err != nil {
		return nil, reporting.Errorf(reporting.Unavailable, "start engine %s: %w", e.program.path, err)
	}
	if err := e.await(ctx, p, serves); err != nil {
		p.end(0)
		return nil, err
	}
	e.log.Info("engine serves", zap.String("addr", p.addr), zap.Int("pid", p.pid), zap.Duration("after", time.Since(p.since)))
	return p, nil
}

// spawn starts the child and sees to its being waited for.
func (e *Engine) spawn() (*process, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	cmd := e.program.command(arguments(e.dir, port))
	cmd.Dir, cmd.Env = e.dir, environment()
	cmd.Stdout, cmd.Stderr = e.out, e.out
	cmd.ExtraFiles = []*os.File{e.locks.child}
	cmd.SysProcAttr = procAttr()
	cmd.WaitDelay = time.Second // its log may be held open by nobody else, but a Wait that hangs would be the end of all care
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	p := &process{addr: net.JoinHostPort(loopback, strconv.Itoa(port)), since: time.Now(), cmd: cmd, stdin: stdin, exited: make(chan struct{})}
	e.out.newChild(p.finish)
	started := make(chan error)
	go p.live(started)
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

// freePort is one for the child. Should another program take it in the moment before the child does, the child ends, and
// no password has been handed out.
func freePort() (int, error) {
	l, err := net.Listen("tcp", net.JoinHostPort(loopback, "0"))
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// environment is what the child gets of ours, which may hold passwords and tokens, of us and of others: the zone, and nothing else.
func environment() []string {
	env := []string{} // nil would be all
	if zone, set := os.LookupEnv("TZ"); set {
		env = append(env, "TZ="+zone)
	}
	return env
}

// live starts the child and waits for it, on a thread that does nothing else: the kernel sends the parent-death signal when the thread
// that forked ends, so it must not be one that the runtime lends to others.
func (p *process) live(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := p.cmd.Start(); err != nil {
		started <- err
		return
	}
	p.pid = p.cmd.Process.Pid
	started <- nil
	p.err = p.cmd.Wait()
	if p.err == nil {
		p.err = errors.New("exit status 0")
	}
	close(p.exited)
}

// finish kills a child that has said it is dying. Left alone it takes four seconds to write its last words, answering every query
// with an error meanwhile; the first of them are enough.
func (p *process) finish() {
	time.AfterFunc(dyingWords, func() { p.cmd.Process.Kill() })
}

// await waits for the file that the child writes when its port is open.
func (e *Engine) await(ctx context.Context, p *process, serves string) error {
	ctx, cancel := context.WithTimeout(ctx, startWait)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-p.exited:
			return e.refusal(p)
		case <-ctx.Done():
			return canceled(ctx, fmt.Errorf("%s does not serve yet: %w%s", e.program.path, context.Cause(ctx), e.out.lastLines()))
		case <-tick.C:
		}
		if _, err := os.Stat(serves); err == nil {
			return nil
		}
	}
}

// refusal is the error for a child that ended before it served.
func (e *Engine) refusal(p *process) error {
	lines := e.out.lastLines()
	code := reporting.Unavailable
	if strings.Contains(lines, "Cannot lock file") { // data/status is held by a ClickHouse that is none of ours
		code = reporting.Conflict
	}
	return reporting.Errorf(code, "start engine %s in %s: %w%s", e.program.path, e.dir, p.err, lines)
}

// end closes the child's input and waits for it; after the patience it is killed, which costs queries under way and no row of a finished insert.
func (p *process) end(patience time.Duration) {
	p.stdin.Close()
	select {
	case <-p.exited:
		return
	case <-time.After(patience):
	}
	p.cmd.Process.Signal(syscall.SIGKILL) // an error here means that it has ended meanwhile
	<-p.exited
}
