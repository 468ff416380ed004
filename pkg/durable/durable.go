// Package durable writes files so that a crash leaves the old one or the new one, whole, and moves aside what a person has to look at.
//
// A name in a folder lasts once the folder is synced: Replace and Aside do that; the caller of Create or Append does it once for all that
// it has written. Files and folders are private to the user: they hold names, ID numbers and keys.
//
// It knows no layout and repairs nothing: what a crash has left half-done, the store that owns the folder finds when it is opened.
package durable

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"huizong/pkg/reporting"
)

// TempPrefix begins the name of every file that is not yet what it will be.
const TempPrefix = ".new-"

// Disk is the steps of a write that may fail, or be cut off by a crash without a trace in the program. Tests replace them.
type Disk struct {
	Write  func(f *os.File, data []byte) (int, error)
	Sync   func(f *os.File) error
	Rename func(from, to string) error
}

// Real is the disk.
var Real = Disk{Write: (*os.File).Write, Sync: (*os.File).Sync, Rename: os.Rename}

// SyncPath makes the bytes of a file durable, or the names in a folder: creations, renames and removals before it.
func (d Disk) SyncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(f), f.Close())
}

// Create writes a new file and syncs its bytes; its name is durable only after its folder is synced. On an error no file remains.
func (d Disk) Create(path string, data []byte) error {
	err := d.write(path, os.O_EXCL, data)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		os.Remove(path) // best effort: what is left is swept when the folder is opened
	}
	return err
}

// Append writes behind what the file has, making it where there is none, and syncs its bytes.
func (d Disk) Append(path string, data []byte) error { return d.write(path, os.O_APPEND, data) }

func (d Disk) write(path string, how int, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|how, 0o600)
	if err != nil {
		return err
	}
	if _, err = d.Write(f, data); err == nil {
		err = d.Sync(f)
	}
	return errors.Join(err, f.Close())
}

// Replace writes a file under a temporary name and gives it its own when its bytes are durable. If we crash before the rename, the old
// file stands; after it, the new one does, or the old one while the folder was not synced: never a part of one.
func (d Disk) Replace(path string, data []byte) error {
	folder, name := filepath.Split(path)
	temp := folder + TempPrefix + name
	os.Remove(temp) // of a crash
	if err := d.Create(temp, data); err != nil {
		return err
	}
	if err := d.Rename(temp, path); err != nil {
		os.Remove(temp) // best effort: the next write removes what is left
		return err
	}
	return d.SyncPath(filepath.Dir(path))
}

// WriteFile replaces a file on the real disk. The error has code unavailable.
func WriteFile(path string, data []byte) error { return Error("write "+path, Real.Replace(path, data)) }

// Aside moves a file or folder to another place of the same disk, for a person to look at. The folder that it goes to is made. Both
// folders are synced, so that it is at one of the two places after a crash.
func (d Disk) Aside(from, to string) error {
	changed, err := MakeFolder(filepath.Dir(to))
	if err != nil {
		return err
	}
	if err := d.Rename(from, to); err != nil {
		return err
	}
	for _, folder := range append(changed, filepath.Dir(to), filepath.Dir(from)) {
		err = errors.Join(err, d.SyncPath(folder))
	}
	return err
}

// Stamp is a moment as a part of a file's name.
func Stamp(t time.Time) string { return t.UTC().Format("20060102T150405.000000000Z") }

// MakeFolder makes a folder and its parents. It returns the folders that got a new entry and have to be synced.
func MakeFolder(path string) (changed []string, err error) {
	err = os.Mkdir(path, 0o700)
	if errors.Is(err, fs.ErrNotExist) {
		if changed, err = MakeFolder(filepath.Dir(path)); err != nil {
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

// Error gives a fault of the disk its code: unavailable, since nothing was receipted, and the work can be done again when the disk has
// room or is back. nil stays nil.
func Error(operation string, err error) error {
	if err == nil {
		return nil
	}
	return reporting.Errorf(reporting.Unavailable, "%s: %w", operation, err)
}
