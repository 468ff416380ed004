// Package confined reads untrusted files in child processes of this program. The kernel lets a child use only the file that it is
// handed, and a bounded amount of memory and time: no other file, no network, no other program.
//
// A few children stand ready. Each does one piece of work at a time. A child that ends, hangs or takes too much fails its piece of work and
// is replaced. Work that overran is done once more in a fresh child, alone, with more memory: it is refused only where it overruns by itself.
//
// The parent does not trust what comes back: this package bounds its length, and the caller has to bound the memory of what it decodes.
package confined

import (
	"cmp"
	"context"
	"errors"
	"os"
	"runtime"
	"sync"
	"time"

	"huizong/pkg/reporting"
	"huizong/pkg/turn"
)

// Limits of a piece of work. A zero field is the default.
type Limits struct {
	Memory int64         // bytes that a child can write to
	Alone  int64         // the same of a child that does work which overran
	CPU    time.Duration // of the processor, for one piece of work
	Idle   time.Duration // without using any of it
	Served int           // pieces of work after which a child is replaced
}

// The defaults. However many children there are, only one works alone.
const (
	DefaultMemory = 224 << 20
	DefaultAlone  = 448 << 20
	DefaultCPU    = 30 * time.Second
	DefaultIdle   = time.Minute
	DefaultServed = 500
)

func (l Limits) withDefaults() Limits {
	return Limits{
		Memory: cmp.Or(l.Memory, DefaultMemory), Alone: cmp.Or(l.Alone, DefaultAlone), CPU: cmp.Or(l.CPU, DefaultCPU),
		Idle: cmp.Or(l.Idle, DefaultIdle), Served: cmp.Or(l.Served, DefaultServed),
	}
}

// Pool is safe for concurrent use.
type Pool struct {
	limits  Limits
	toSetUp []byte
	turns   *turn.Turns
	alone   *turn.Turns
	how     Confinement

	mu     sync.Mutex
	idle   []*reader
	all    map[*reader]bool
	closed bool
	places int
	wait   sync.WaitGroup // for work, and for children that are being started and ended
}

// Start starts as many children as there are processors. Each gets the setup, from which its handler is made.
func Start(toSetUp []byte, limits Limits) (*Pool, error) {
	places := runtime.GOMAXPROCS(0)
	p := &Pool{limits: limits.withDefaults(), toSetUp: toSetUp, turns: turn.New(places), alone: turn.New(1), all: map[*reader]bool{}, places: places}
	first, err := p.start(p.limits.Memory)
	if err != nil {
		return nil, err
	}
	p.how = first.how
	p.put(first)
	p.wait.Go(func() {
		for range places - 1 {
			p.prepare()
		}
	})
	return p, nil
}

// Confinement is how the children are kept to themselves.
func (p *Pool) Confinement() Confinement { return p.how }

// Close ends the children. Work under way fails.
func (p *Pool) Close() {
	p.mu.Lock()
	p.closed = true
	readers := make([]*reader, 0, len(p.all))
	for r := range p.all {
		readers = append(readers, r)
	}
	p.mu.Unlock()
	for _, r := range readers {
		r.end()
	}
	p.wait.Wait()
}

// Task is a piece of work.
type Task struct {
	Who     string // who asks: of one name one is done at a time, so that one name does not keep the others waiting
	Name    string // for the handler
	File    *os.File
	Request []byte
	// Answer answers a question of the child, which the file may have caused. nil where it has none to ask.
	Answer func(question []byte) ([]byte, error)
}

// Do waits for its turn and has the work done. Errors: what the handler returned; Overrun; internal where the child died twice; canceled
// with ctx; too_many where the name has too many waiting.
func (p *Pool) Do(ctx context.Context, t Task) ([]byte, error) {
	if t.Answer == nil {
		t.Answer = func([]byte) ([]byte, error) { return nil, errForeign }
	}
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer p.wait.Done()
	b, err := p.doAmong(ctx, t)
	if again(err) {
		b, err = p.doAlone(ctx, t)
	}
	var dead died
	if errors.As(err, &dead) || errors.Is(err, errForeign) {
		err = reporting.Errorf(reporting.Internal, "read a file: %w", err)
	}
	return b, err
}

// enter keeps Close waiting until the work is done.
func (p *Pool) enter() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return errClosed
	}
	p.wait.Add(1)
	return nil
}

// again reports whether work is worth a second child: the first has died, of this file or of something else.
func again(err error) bool {
	return errors.As(err, new(Overrun)) || errors.As(err, new(died))
}

func (p *Pool) doAmong(ctx context.Context, t Task) ([]byte, error) {
	leave, err := p.turns.Take(ctx, t.Who)
	if err != nil {
		return nil, err
	}
	defer leave()
	r, err := p.take()
	if err != nil {
		return nil, err
	}
	b, reusable, err := r.do(t, p.limits, ctx.Done())
	if reusable && r.done < p.limits.Served {
		p.put(r)
		return b, err
	}
	p.wait.Go(func() {
		p.drop(r)
		p.prepare()
	})
	return b, err
}

func (p *Pool) doAlone(ctx context.Context, t Task) ([]byte, error) {
	leave, err := p.alone.Take(ctx, t.Who)
	if err != nil {
		return nil, err
	}
	defer leave()
	r, err := p.start(p.limits.Alone)
	if err != nil {
		return nil, err
	}
	defer p.drop(r)
	b, _, err := r.do(t, p.limits, ctx.Done())
	return b, err
}

var errClosed = reporting.Errorf(reporting.Canceled, "the readers are being stopped")

func (p *Pool) start(memory int64) (*reader, error) {
	r, err := startReader(memory, p.toSetUp)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		go r.end()
		return nil, errClosed
	}
	p.all[r] = true
	return r, nil
}

// take gives a child that is ready, or starts one.
func (p *Pool) take() (*reader, error) {
	for {
		p.mu.Lock()
		if p.closed {
			p.mu.Unlock()
			return nil, errClosed
		}
		n := len(p.idle)
		if n == 0 {
			p.mu.Unlock()
			return p.start(p.limits.Memory)
		}
		r := p.idle[n-1]
		p.idle = p.idle[:n-1]
		p.mu.Unlock()
		select {
		case <-r.exited: // killed by somebody while it had nothing to do
			p.drop(r)
		default:
			return r, nil
		}
	}
}

func (p *Pool) put(r *reader) {
	p.mu.Lock()
	if !p.closed && len(p.idle) < p.places {
		p.idle = append(p.idle, r)
		p.mu.Unlock()
		return
	}
	p.mu.Unlock()
	p.drop(r)
}

func (p *Pool) drop(r *reader) {
	r.end()
	p.mu.Lock()
	delete(p.all, r)
	p.mu.Unlock()
}

// prepare starts a child ahead of its use. One that does not start is started, and its error told, when it is needed.
func (p *Pool) prepare() {
	if r, err := p.start(p.limits.Memory); err == nil {
		p.put(r)
	}
}
