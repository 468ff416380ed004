// Package engine runs ClickHouse for a machine that has none: a child process that answers HTTP on loopback for as long as its
// parent lives. The child is our own binary started again, with the chDB library loaded into it ([RunIfChild]), or a
// clickhouse binary where one is installed; both take the same arguments.
//
// It is not a client: it knows no tables and imports no driver. pkg/clickhouse connects through [Engine.DialContext] with the
// [Account] it is given, as it would to any server.
//
// What it keeps to:
//   - A data folder has one owner. A second Start fails with a conflict, and never waits for the first.
//   - The child never outlives its parent, whichever way the parent ends.
//   - A child that ends by itself is started again, for as long as the engine is not closed.
//   - Nobody reads data without a password: the passwordless `default` account that ClickHouse insists on may do nothing.
//   - Who may ask it something reads tables and no files: on Linux from 5.19 on the child is confined to its own files by the kernel (Landlock), from
//     6.7 on it opens no connection, and where it cannot be confined analysts have no way in.
//   - Analysts ask us and not the child ([Engine.SQL]): it is given what reads tables, and nothing that reaches a file or the network.
//
// What a crash may leave in the folder is the tables as of the last insert that returned; every other file is written anew at start,
// but for accounts.json, which is complete or absent.
package engine

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"go.uber.org/zap"

	"huizong/pkg/reporting"
)

// Config says where the engine lives and what runs it.
type Config struct {
	// Dir is the folder of everything the engine keeps: tables, accounts, log. It is made if missing, for this user only.
	Dir string

	// Path is the engine itself: a chDB library, a folder with one in it, or a clickhouse binary. Empty is what HUIZONG_ENGINE names, else the first of:
	// the library beside the running binary, in ../lib or in ../deploy/engine of it; in deploy/engine of the working folder or of its Go module;
	// clickhouse on PATH.
	Path string

	// SQLPort is the port, on loopback, on which programs of analysts ask with the account Analyst. 0 is none.
	SQLPort int

	// Log receives one line for each start, end and restart of the child. Nil is silence. ClickHouse's own log is Dir/engine.log.
	Log *zap.Logger
}

const (
	startWait = 3 * time.Minute       // for one child to serve: loading many parts from a slow disk takes long
	closeWait = 2 * time.Second       // for a child to end; without connections it takes 30 ms, with idle ones it would wait five seconds
	dialWait  = 30 * time.Second      // for a dial whose context has no deadline
	redial    = 20 * time.Millisecond // after a refused dial, until the end of the child has come to our ears

	dyingWords = 100 * time.Millisecond // for the log of a child that aborts

	backoffMin = 100 * time.Millisecond
	backoffMax = 10 * time.Second
	steady     = time.Minute // a child that ran this long ends the growth of the pauses
)

// Engine is a running ClickHouse and the care of it. Its methods may be called at any time from any goroutine.
type Engine struct {
	dir      string
	program  program
	accounts map[string]Account // with the passwords that people and services have
	inner    map[string]Account // with those that the child knows
	sql      *door
	locks    folderLocks
	log      *zap.Logger
	out      *logFile

	cancel context.CancelFunc // asks the keeper to end the child and itself
	done   chan struct{}      // closed when the keeper has ended

	mu      sync.Mutex
	now     *process      // the child that serves; nil while there is none
	err     error         // why there is none
	changed chan struct{} // closed, and replaced, whenever now or err changes
}

// Start makes the engine serve on cfg.Dir and returns when it does. ctx bounds the start only; [Engine.Close] ends the engine.
//
// Returns Conflict if another process holds the folder, Unavailable if no engine is found or the one found does not start (with the last lines of
// its log), Canceled if ctx ends first.
func Start(ctx context.Context, cfg Config) (*Engine, error) {
	dir, err := filepath.Abs(cfg.Dir)
	if err != nil {
		return nil, reporting.Errorf(reporting.Invalid, "engine folder %q: %w", cfg.Dir, err)
	}
	prog, err := find(cfg.Path)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, reporting.Errorf(reporting.Unavailable, "engine folder %s: %w", dir, err)
	}
	e := &Engine{dir: dir, program: prog, log: cfg.Log, done: make(chan struct{}), changed: make(chan struct{})}
	if e.log == nil {
		e.log = zap.NewNop()
	}
	if err := e.start(ctx); err != nil {
		e.release()
		return nil, err
	}
	if err := e.openDoor(ctx, cfg.SQLPort); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return e, nil
}

// start takes the folder, then starts the first child. On an error the caller releases what was taken.
func (e *Engine) start(ctx context.Context) (err error) {
	if err := e.locks.take(ctx, e.dir); err != nil {
		return err
	}
	analyst, err := loadAnalyst(e.dir)
	if err != nil {
		return err
	}
	e.inner = newInner()
	e.accounts = map[string]Account{Service: e.inner[Service], Analyst: analyst}
	if e.out, err = openLog(filepath.Join(e.dir, logName)); err != nil {
		return err
	}
	p, err := e.launch(ctx)
	if err != nil {
		return err
	}
	e.set(p, nil)
	life, cancel := context.WithCancel(context.Background())
	e.cancel = cancel
	go e.keep(life, p)
	return nil
}

// keep replaces a child that ended, until life ends; then it ends the last one.
func (e *Engine) keep(life context.Context, p *process) {
	defer close(e.done)
	defer e.release()
	var failures int
	for {
		select {
		case <-life.Done():
			e.set(nil, errClosed)
			p.end(closeWait)
			return
		case <-p.exited:
		}
		e.set(nil, reporting.Errorf(reporting.Unavailable, "engine in %s ended by itself (%w) and is being restarted", e.dir, p.err))
		e.log.Warn("engine ended", zap.Int("pid", p.pid), zap.Error(p.err))
		if time.Since(p.since) > steady {
			failures = 0
		}
		if p = e.relaunch(life, &failures); p == nil {
			e.set(nil, errClosed)
			return
		}
		e.set(p, nil)
	}
}

// relaunch starts a child, again and again if need be, each time after a longer pause. It returns nil when life ends first.
func (e *Engine) relaunch(life context.Context, failures *int) *process {
	for {
		pause := min(backoffMin<<min(*failures, 20), backoffMax)
		*failures++
		select {
		case <-life.Done():
			return nil
		case <-time.After(pause):
		}
		p, err := e.launch(life)
		if err == nil {
			return p
		}
		if life.Err() != nil {
			return nil
		}
		e.set(nil, err)
		e.log.Warn("engine not restarted", zap.Int("attempt", *failures), zap.Error(err))
	}
}

// release gives the folder back. A child of ours has ended by then.
func (e *Engine) release() {
	if e.out != nil {
		e.out.Close()
	}
	e.locks.release()
}

var errClosed = reporting.Errorf(reporting.Canceled, "engine is closed")

// set makes p, or the reason why there is none, the present state, and wakes all who wait for it.
func (e *Engine) set(p *process, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.now, e.err = p, err
	close(e.changed)
	e.changed = make(chan struct{})
}

func (e *Engine) state() (p *process, changed <-chan struct{}, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.now, e.changed, e.err
}

// serving waits for a child that serves. It returns Canceled if the engine is closed, Unavailable with the reason if ctx ends first.
func (e *Engine) serving(ctx context.Context) (*process, error) {
	for {
		p, changed, err := e.state()
		switch {
		case p != nil:
			return p, nil
		case err == errClosed:
			return nil, err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, reporting.Errorf(reporting.Unavailable, "wait for the engine: %w: %w", context.Cause(ctx), err)
		}
	}
}

// Ready waits until the engine serves: at once, but for the moments of a restart. It returns Canceled if the engine is closed, Unavailable with the
// reason if ctx ends first.
func (e *Engine) Ready(ctx context.Context) error {
	_, err := e.serving(ctx)
	return err
}

// Addr is the child's address, host:port; "" while nothing serves. It changes with every restart of the child:
// connect through [Engine.DialContext] instead of keeping it.
func (e *Engine) Addr() string {
	if p, _, _ := e.state(); p != nil {
		return p.addr
	}
	return ""
}

// SQLAddr is the address of analysts' programs; "" where there is none.
func (e *Engine) SQLAddr() string {
	if e.sql.listener == nil {
		return ""
	}
	return e.sql.listener.Addr().String()
}

// PID is the process id of the child, 0 while there is none: for metrics, and for tests that kill it.
func (e *Engine) PID() int {
	if p, _, _ := e.state(); p != nil {
		return p.pid
	}
	return 0
}

// Account returns the account of that name, [Service] or [Analyst]. Another name gives the zero Account, with which nothing can be read.
func (e *Engine) Account(name string) Account { return e.accounts[name] }

// DialContext connects to the child wherever it is now, waiting through a restart for as long as ctx allows (half a minute where it has no
// deadline). The address is ignored. As clickhouse.Options.DialContext it makes a pool survive restarts.
func (e *Engine) DialContext(ctx context.Context, _ string) (net.Conn, error) {
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, dialWait)
		defer cancel()
	}
	for {
		p, err := e.serving(ctx)
		if err != nil {
			return nil, err
		}
		var d net.Dialer
		conn, err := d.DialContext(ctx, "tcp", p.addr)
		if err == nil {
			return conn, nil
		}
		// Most likely the child has just died. Its keeper sees that in a moment.
		select {
		case <-p.exited:
		case <-time.After(redial):
		case <-ctx.Done():
			return nil, reporting.Errorf(reporting.Unavailable, "dial engine at %s: %w", p.addr, err)
		}
	}
}

// Done is closed when the engine is closed and its child gone.
func (e *Engine) Done() <-chan struct{} { return e.done }

// Err says why nothing serves just now: nil while something does, a Canceled error once the engine is closed.
func (e *Engine) Err() error {
	_, _, err := e.state()
	return err
}

// Close ends the child, giving queries under way two seconds before it is killed, and gives the folder back. Close your connections first: then it
// is a matter of 30 ms. It may be called more than once; every call returns when the engine has ended.
func (e *Engine) Close() error {
	if e.sql != nil {
		e.sql.close()
	}
	e.cancel()
	<-e.done
	return nil
}

// canceled tells a start that was called off from one that failed.
func canceled(ctx context.Context, err error) error {
	if errors.Is(context.Cause(ctx), context.Canceled) {
		return reporting.Errorf(reporting.Canceled, "start engine: %w", err)
	}
	return reporting.Errorf(reporting.Unavailable, "start engine: %w", err)
}
