// Package lease lets one process at a time use a server that several can reach. Each process puts a claim on a board on that server and
// renews it. A process that sees a claim stand still for Patience counts its owner as ended. The clocks of two machines are never compared.
//
// It keeps these promises, where the board shows a claim to everybody from the end of its Put on:
//
//   - Of processes that start at the same moment at most one holds the lease.
//   - A process that ended, however it ended, holds the lease for Patience at most; on the same data directory it does not hold it at all.
//   - Where two hold it nevertheless, because one was paused or cut off and counted as ended, one of them ends when it looks again.
//
// Until then both may work. What they do must be harmless when it is done twice.
package lease

import (
	"context"
	"fmt"
	"time"

	"huizong/pkg/reporting"
)

// How often a claim is renewed and looked at, and how long one may stand still before its process counts as ended.
const (
	Every    = 2 * time.Second
	Patience = 10 * time.Second
)

// Claim is what a process says of itself.
type Claim struct {
	ID        string `json:"id"`      // of the process; of two that claim at the same moment the lower one wins
	Journal   string `json:"journal"` // whose it is
	Place     string `json:"place"`   // of its data directory: one process at a time can have its lock
	Directory string `json:"directory"`
	Host      string `json:"host"`
	PID       int    `json:"pid"`
	Held      bool   `json:"held"` // or only asked for
	Beat      uint64 `json:"beat"`
}

// Who names the process for people.
func (c Claim) Who() string {
	return fmt.Sprintf("the huizong of %s on %s (process %d)", c.Directory, c.Host, c.PID)
}

// Board is where the claims are.
type Board interface {
	// Claims are the last claims of all processes. Those that were not renewed for long may be missing.
	Claims(context.Context) ([]Claim, error)
	Put(context.Context, Claim) error
	Remove(ctx context.Context, id string) error
}

// Lease is one that this process holds.
type Lease struct {
	board Board
	name  string // of the server, for people
	claim Claim
	seen  map[string]uint64 // the beats of other claims when we last looked; a claim with the same beat has not moved since
	last  time.Time         // when we were last sure; without its monotonic part, which stands still while the machine sleeps
}

// Acquire claims the lease, and waits for up to Patience where another process has it that may have ended. waiting is called with the claim it waits for. The
// caller has the lock of its data directory, so another claim of the same Place is that of a process that has ended.
//
// Errors: conflict where another process is at work; else those of the board.
func Acquire(ctx context.Context, board Board, name string, claim Claim, waiting func(Claim)) (*Lease, error) {
	l := &Lease{board: board, name: name, claim: claim, seen: map[string]uint64{}}
	if err := l.watch(ctx, waiting); err != nil {
		return nil, err
	}
	// 1. Ask. A process that starts now sees it; of two that ask, the lower id goes on.
	// 2. Hold. If we crash in here, the claim stands still, and the next one waits.
	// 3. Look again: another process may have held it between our looks.
	for _, held := range []bool{false, true} {
		l.claim.Held = held
		l.claim.Beat++
		if err := board.Put(ctx, l.claim); err != nil {
			return nil, err
		}
		if err := l.look(ctx, func(c Claim) bool { return !held && c.Held || c.ID < l.claim.ID }); err != nil {
			return nil, l.release(ctx, err)
		}
	}
	l.last = now()
	return l, nil
}

// watch looks at the claims that are there until each has moved, which is a refusal, or has stood still for Patience.
func (l *Lease) watch(ctx context.Context, waiting func(Claim)) error {
	first, err := l.others(ctx)
	if err != nil || len(first) == 0 {
		return err
	}
	for _, c := range first {
		l.seen[c.ID] = c.Beat
	}
	waiting(first[0])
	ticker := time.NewTicker(Every / 2)
	defer ticker.Stop()
	for range Patience / (Every / 2) {
		select {
		case <-ctx.Done():
			return reporting.Errorf(reporting.Canceled, "wait for %s: %w", l.name, context.Cause(ctx))
		case <-ticker.C:
		}
		if err := l.look(ctx, func(c Claim) bool { return c.Held || c.ID < l.claim.ID }); err != nil {
			return err
		}
	}
	return nil
}

// others are the claims that another process may be behind.
func (l *Lease) others(ctx context.Context) ([]Claim, error) {
	all, err := l.board.Claims(ctx)
	if err != nil {
		return nil, err
	}
	var others []Claim
	for _, c := range all {
		if c.ID == l.claim.ID || c.Place == l.claim.Place {
			continue
		}
		others = append(others, c)
	}
	return others, nil
}

// look refuses when a claim that has moved is one to give way to.
func (l *Lease) look(ctx context.Context, giveWay func(Claim) bool) error {
	others, err := l.others(ctx)
	if err != nil {
		return err
	}
	for _, c := range others {
		if beat, known := l.seen[c.ID]; known && beat == c.Beat {
			continue
		}
		if giveWay(c) {
			return reporting.Errorf(reporting.Conflict, "%s is used by %s: two cannot share it", l.name, c.Who())
		}
		l.seen[c.ID] = c.Beat
	}
	return nil
}

// Run renews the lease until ctx ends, and gives it up. It returns an error of code conflict when another process has it: the caller stops
// all work. A server that is away is waited for; onError gets the error.
func (l *Lease) Run(ctx context.Context, onError func(error)) error {
	ticker := time.NewTicker(Every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return l.release(context.WithoutCancel(ctx), nil)
		case <-ticker.C:
		}
		err := l.renew(ctx)
		if reporting.CodeOf(err) == reporting.Conflict {
			return l.release(context.WithoutCancel(ctx), err)
		}
		if err != nil && ctx.Err() == nil {
			onError(err)
		}
	}
}

// renew looks first, so that a process that was paused does not speak before it knows what has become of its lease. If we were away for
// Patience, another holder has taken the lease rightly; if not, the lower id keeps it.
func (l *Lease) renew(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, Patience/2)
	defer cancel()
	away := now().Sub(l.last) >= Patience
	if err := l.look(ctx, func(c Claim) bool { return c.Held && (away || c.ID < l.claim.ID) }); err != nil {
		return err
	}
	l.claim.Beat++
	if err := l.board.Put(ctx, l.claim); err != nil {
		return err
	}
	l.last = now()
	return nil
}

// release takes the claim back. Where that fails it stands still, and runs out.
func (l *Lease) release(ctx context.Context, why error) error {
	ctx, cancel := context.WithTimeout(ctx, Every)
	defer cancel()
	_ = l.board.Remove(ctx, l.claim.ID)
	return why
}

func now() time.Time { return time.Now().Round(0) }
