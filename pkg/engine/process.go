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
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"go.uber.org/zap"

	"huizong/pkg/reporting"
)

// process is one life of the child.
type process struct {
	pid    int
	since  time.Time
	native string // address of the native protocol
	http   string // address of the HTTP interface; "" where it has none

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
	portsName    = "port.tsv"
	logName      = "engine.log"
	dataName     = "data"
)

// script is what the child runs. Its first statements open the ports, the next tells us that they are open. The last reads standard input, to which
// nothing is ever written, and so ends with our end of the pipe: on Close, and when we die. INTO OUTFILE and FROM INFILE are done by the client half of
// `clickhouse local`, and need no right to files that a stranger on the port could use as well.
//
// No statement of it calls a function with an argument: the account of the start may not, see users.xml.tmpl.
func script(httpPort int) string {
	listen := "SYSTEM START LISTEN TCP; "
	if httpPort != 0 {
		listen += "SYSTEM START LISTEN HTTP; "
	}
	return listen + "SELECT tcpPort() INTO OUTFILE '" + portsName + "' FORMAT TSV; " +
		"INSERT INTO FUNCTION null('line String') FROM INFILE '/dev/stdin' FORMAT LineAsString"
}

// statements is how many of the script count for the quota of its account: a SELECT without a table does not.
func statements(httpPort int) int {
	if httpPort != 0 {
		return 3
	}
	return 2
}

const loopback = "127.0.0.1"

// arguments are those of `clickhouse local`, without these two words. The data path is absolute: with a relative one
// fsync_part_directory looks for data/data.
//
// An HTTP port of 0 is not opened.
func arguments(dir string, nativePort, httpPort int) []string {
	return []string{
		"--config-file", configName,
		"--path", filepath.Join(dir, dataName),
		"--listen_host", loopback, "--tcp_port", strconv.Itoa(nativePort), "--http_port", strconv.Itoa(httpPort),
		"--logger.console", "--log-level", "warning",
		"--query", script(httpPort),
	}
}

// launch starts a child and waits until it serves.
func (e *Engine) launch(ctx context.Context) (*process, error) {
	if err := writeConfig(e.dir, e.accounts, e.httpPort); err != nil {
		return nil, err
	}
	if err := os.Mkdir(filepath.Join(e.dir, dataName), 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, reporting.Errorf(reporting.Unavailable, "folder of the engine's data: %w", err)
	}
	ports := filepath.Join(e.dir, portsName)
	if err := os.Remove(ports); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, reporting.Errorf(reporting.Unavailable, "remove old ports of the engine: %w", err)
	}
	p, err := e.spawn()
	if err != nil {
		return nil, reporting.Errorf(reporting.Unavailable, "start engine %s: %w", e.program.path, err)
	}
	if err := e.await(ctx, p, ports); err != nil {
		p.end(0)
		return nil, err
	}
	e.log.Info("engine serves", zap.String("addr", p.native), zap.Int("pid", p.pid), zap.Duration("after", time.Since(p.since)))
	return p, nil
}

// spawn starts the child and sees to its being waited for.
func (e *Engine) spawn() (*process, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	cmd := e.program.command(arguments(e.dir, port, e.httpPort))
	cmd.Dir, cmd.Env = e.dir, environment(os.Environ())
	cmd.Stdout, cmd.Stderr = e.out, e.out
	cmd.ExtraFiles = []*os.File{e.locks.child}
	cmd.SysProcAttr = procAttr()
	cmd.WaitDelay = time.Second // its log may be held open by nobody else, but a Wait that hangs would be the end of all care
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	p := &process{since: time.Now(), cmd: cmd, stdin: stdin, exited: make(chan struct{})}
	e.out.newChild(p.finish)
	started := make(chan error)
	go p.live(started)
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

// freePort is one for the native protocol. Should another program take it in the moment before the child does, the child ends, and
// nobody has been told a password.
func freePort() (int, error) {
	l, err := net.Listen("tcp", net.JoinHostPort(loopback, "0"))
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// environment is ours without what is meant for us: it may hold passwords and tokens.
func environment(ours []string) []string {
	return slices.DeleteFunc(ours, func(v string) bool { return strings.HasPrefix(v, "HUIZONG_") })
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

// await waits for the file that the child writes when its ports are open.
func (e *Engine) await(ctx context.Context, p *process, ports string) error {
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
		if port, ok := readPort(ports); ok {
			p.native = net.JoinHostPort(loopback, port)
			if e.httpPort != 0 {
				p.http = net.JoinHostPort(loopback, strconv.Itoa(e.httpPort))
			}
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

// readPort reads the native port. A file that is not there, or not whole, is none.
func readPort(path string) (port string, ok bool) {
	b, err := os.ReadFile(path)
	if err != nil || !strings.HasSuffix(string(b), "\n") {
		return "", false
	}
	port = strings.TrimSpace(string(b))
	n, err := strconv.ParseUint(port, 10, 16)
	return port, err == nil && n != 0
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
