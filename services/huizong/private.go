package main

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"go.uber.org/zap"
)

// keepPrivate has all that this process and its children write from now on be for its user alone, also what libraries of others write: the
// message bus, the engine, its logs. A data directory of before, or from a backup, is made private again.
func keepPrivate(data string, log *zap.Logger) {
	syscall.Umask(0o077)
	info, err := os.Stat(data)
	if err == nil && info.Mode().Perm()&0o077 != 0 {
		err = os.Chmod(data, 0o700)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		log.Warn("others have rights on the data directory, and it is not ours to change", zap.String("data", data), zap.Error(err))
	}
}
