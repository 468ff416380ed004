package release

import (
	"errors"
	"os"

	"huizong/pkg/reporting"
)

// disk is the steps of a write that may fail, or be cut off by a crash. Tests replace them.
type disk struct {
	create func(path string, data []byte) error // a new file, synced; its name is durable after the folder's sync
	sync   func(folder string) error
	rename func(from, to string) error
}

var realDisk = disk{create: createFile, sync: syncFolder, rename: os.Rename}

func createFile(path string, data []byte) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(data); err != nil {
		return err
	}
	return f.Sync()
}

func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// diskError gives a fault of the disk its code; nil stays nil.
func diskError(operation string, err error) error {
	if err == nil {
		return nil
	}
	return reporting.Errorf(reporting.Unavailable, "%s: %w", operation, err)
}
