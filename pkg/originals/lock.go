package originals

import (
	"path/filepath"

	"github.com/gofrs/flock"

	"huizong/pkg/durable"
	"huizong/pkg/reporting"
)

// Lock says that a data directory belongs to this process. The system takes it back when the process ends, however it ends; the
// file itself stays and means nothing.
type Lock struct {
	file *flock.Flock
}

// AcquireLock locks dir, making it first, or returns an error of code conflict when another process has it.
func AcquireLock(dir string) (*Lock, error) {
	if _, err := durable.MakeFolder(filepath.Clean(dir)); err != nil {
		return nil, durable.Error("lock "+dir, err)
	}
	file := flock.New(filepath.Join(dir, "lock"), flock.SetPermissions(0o600))
	ok, err := file.TryLock()
	if err != nil {
		return nil, durable.Error("lock "+dir, err)
	}
	if !ok {
		return nil, reporting.Errorf(reporting.Conflict, "another huizong uses %[1]s: huizong stop --data %[1]s ends it", dir)
	}
	return &Lock{file: file}, nil
}

// Release gives the directory up. Releasing twice is harmless.
func (l *Lock) Release() error { return l.file.Unlock() }
