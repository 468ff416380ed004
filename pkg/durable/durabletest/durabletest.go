// Package durabletest has disks that fail, for the tests of what writes through durable.Disk.
package durabletest

import (
	"errors"
	"os"
	"sync"

	"huizong/pkg/durable"
)

// ErrFault is what a failing step returns.
var ErrFault = errors.New("the disk is gone")

// Fault says which step of a disk fails: syncs and renames count, from 1.
type Fault struct {
	At    int
	Done  bool // it has its effect nevertheless
	Stays bool // all steps after it fail as well

	mu    sync.Mutex // steps may come side by side
	steps int
}

// Disk is the real disk with the fault. Writes work.
func (f *Fault) Disk() durable.Disk {
	return durable.Disk{
		Write:  durable.Real.Write,
		Sync:   func(file *os.File) error { return f.step(file.Sync) },
		Rename: func(from, to string) error { return f.step(func() error { return os.Rename(from, to) }) },
	}
}

func (f *Fault) step(do func() error) error {
	f.mu.Lock()
	f.steps++
	at := f.steps
	f.mu.Unlock()
	fails := at == f.At || f.Stays && at > f.At
	if fails && (!f.Done || at > f.At) {
		return ErrFault
	}
	if err := do(); err != nil || !fails {
		return err
	}
	return ErrFault
}

// Fired reports whether the step was reached.
func (f *Fault) Fired() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.steps >= f.At
}

// FailAt is a disk whose nth step fails, done or not done; all others work.
func FailAt(n int, done bool) durable.Disk { return (&Fault{At: n, Done: done}).Disk() }
