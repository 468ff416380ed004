package originals

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"huizong/pkg/reporting"
)

// tempPrefix begins the name of every file that is not yet what it will be.
const tempPrefix = ".new-"

// disk is the two steps of a write that may fail or be cut off by a crash without a trace in the program. Tests replace them.
type disk struct {
	sync   func(f *os.File) error
	rename func(from, to string) error
}

var realDisk = disk{sync: (*os.File).Sync, rename: os.Rename}

// syncFolder makes the names in a folder durable: creations, renames and removals before it.
func (d disk) syncFolder(path string) error {
	return d.syncPath(path)
}

func (d disk) syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.sync(f), f.Close())
}

// create writes a new file and syncs its bytes; its name is durable only after syncFolder. On an error no file remains.
func (d disk) create(path string, data []byte) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err = errors.Join(err, f.Close()); err != nil {
			os.Remove(path) // best effort: Open sweeps what is left
		}
	}()
	if _, err := f.Write(data); err != nil {
		return err
	}
	return d.sync(f)
}

// WriteFile writes a private file durably: after a crash the old one or the new one is there, whole.
func WriteFile(path string, data []byte) error {
	if err := realDisk.replace(path, data); err != nil {
		return diskError("write "+path, err)
	}
	return nil
}

// makeFolder makes a folder and its parents, private to the user: the files hold names and ID numbers. It returns the folders
// that got a new entry and have to be synced.
func makeFolder(path string) (changed []string, err error) {
	err = os.Mkdir(path, 0o700)
	if errors.Is(err, fs.ErrNotExist) {
		if changed, err = makeFolder(filepath.Dir(path)); err != nil {
			return nil, err
		}
		err = os.Mkdir(path, 0o700)
	}
	if errors.Is(err, fs.ErrExist) {
		info, err := os.Stat(path)
		if err == nil && !info.IsDir() {
			err = &fs.PathError{Op: "mkdir", Path: path, Err: errors.New("is not a folder")}
		}
		return changed, err
	}
	if err != nil {
		return nil, err
	}
	return append(changed, filepath.Dir(path)), nil
}

// diskError gives a fault of the disk its code: unavailable, since nothing was receipted and the sender may try again when the
// disk has room or is back.
func diskError(operation string, err error) error {
	return reporting.Errorf(reporting.Unavailable, "%s: %w", operation, err)
}
