package engine

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"huizong/pkg/reporting"
)

// folderLocks makes one process the owner of the engine's folder, in two steps.
//
// The owner's lock is ours alone: a process that cannot have it is refused at once, because the owner lives. The child's lock is shared with the child, which
// inherits the open file and never looks at it, so it is free only when both are gone: after the owner was killed its child may need a moment more,
// and that is worth waiting for. Both go with their processes, whatever ends these, so no lock is ever stale.
type folderLocks struct {
	owner *os.File
	child *os.File
}

const ownerLock, childLock = "owner.lock", "child.lock"

// take locks both. It returns Conflict if the folder has an owner.
func (l *folderLocks) take(ctx context.Context, dir string) (err error) {
	if l.owner, err = openLock(dir, ownerLock); err != nil {
		return err
	}
	if err := tryLock(l.owner); err != nil {
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return reporting.Errorf(reporting.Conflict, "engine folder %s is in use by another huizong process: stop it first", dir)
		}
		return reporting.Errorf(reporting.Unavailable, "lock engine folder %s: %w", dir, err)
	}
	if l.child, err = openLock(dir, childLock); err != nil {
		return err
	}
	return awaitLock(ctx, l.child)
}

// release gives the folder back; closing the files does it.
func (l *folderLocks) release() {
	for _, f := range []*os.File{l.child, l.owner} {
		if f != nil {
			f.Close()
		}
	}
}

func openLock(dir, name string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, name), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, reporting.Errorf(reporting.Unavailable, "open lock of the engine: %w", err)
	}
	return f, nil
}

func tryLock(f *os.File) error {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}

// awaitLock waits for the end of an orphaned child, which has a bound of its own.
func awaitLock(ctx context.Context, f *os.File) error {
	ctx, cancel := context.WithTimeout(ctx, orphanWait+closeWait)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		err := tryLock(f)
		if err == nil {
			return nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			return reporting.Errorf(reporting.Unavailable, "lock %s: %w", f.Name(), err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return reporting.Errorf(reporting.Conflict, "the engine of a process that has ended still holds %s: %w", f.Name(), context.Cause(ctx))
		}
	}
}
