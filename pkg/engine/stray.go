package engine

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.uber.org/zap"

	"huizong/pkg/durable"
	"huizong/pkg/reporting"
)

// straysName is the folder into which files are moved that are not the engine's. A person may look at them there: nothing is deleted.
const straysName = "strays"

// ours are the files of the engine's folder, and the folders.
var (
	ourFiles = []string{configName, usersName, accountsName, servesName, logName, logName + ".1", ownerLock, childLock,
		durable.TempPrefix + configName, durable.TempPrefix + usersName, durable.TempPrefix + accountsName}
	ourFolders = []string{dataName, straysName}
)

// theirs are the folders and files that ClickHouse makes in its data folder. Others must not stay: it would read some of them at the start, such as
// named_collections, and end over what it does not understand in them.
var theirs = []string{"data", "metadata", "metadata_dropped", "store", "tmp", "status", "flags", "uuid", "user_files", "user_defined", "format_schemas", "preprocessed_configs", "shadow", "disks",
	"dynamic_user_defined_executable_functions"}

// clearStrays moves aside files that are not the engine's, which a person or a faulty program has left in its folder: one strange file among the tables'
// definitions is enough for ClickHouse not to start.
func (e *Engine) clearStrays() error {
	s := strays{dir: e.dir, to: filepath.Join(e.dir, straysName, durable.Stamp(time.Now())), log: e.log}
	err := errors.Join(
		s.sift(".", func(d fs.DirEntry) bool {
			return d.Type().IsRegular() && slices.Contains(ourFiles, d.Name()) || d.IsDir() && slices.Contains(ourFolders, d.Name())
		}),
		s.sift(dataName, func(d fs.DirEntry) bool { return slices.Contains(theirs, d.Name()) }),
		s.sift(filepath.Join(dataName, "metadata"), s.database),
	)
	databases, _ := filepath.Glob(filepath.Join(e.dir, dataName, "metadata", "*"))
	for _, path := range databases {
		if info, is := os.Stat(path); is == nil && info.IsDir() { // a link into the store, where the definitions are
			name, _ := filepath.Rel(e.dir, path)
			err = errors.Join(err, s.sift(name, func(d fs.DirEntry) bool { return s.defines(filepath.Join(name, d.Name()), d) }))
		}
	}
	if err != nil {
		return reporting.Errorf(reporting.Unavailable, "strays in the engine's folder: %w", err)
	}
	return nil
}

type strays struct {
	dir string
	to  string // folder of what this look has found
	log *zap.Logger
}

// sift moves aside what does not belong into a folder, whose name is relative. A folder that is not there has no strays.
func (s strays) sift(folder string, belongs func(fs.DirEntry) bool) error {
	entries, err := os.ReadDir(filepath.Join(s.dir, folder))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, d := range entries {
		if belongs(d) {
			continue
		}
		name := filepath.Join(folder, d.Name())
		to := filepath.Join(s.to, name)
		if err := durable.Real.Aside(filepath.Join(s.dir, name), to); err != nil {
			return err
		}
		s.log.Warn("not the engine's: moved aside", zap.String("path", filepath.Join(s.dir, name)), zap.String("to", to))
	}
	return nil
}

// database reports whether the entry is one of a database: its definition, or the folder or link of its tables.
func (s strays) database(d fs.DirEntry) bool {
	return !d.Type().IsRegular() || s.defines(filepath.Join(dataName, "metadata", d.Name()), d)
}

// defines reports whether a file has the definition of a table or database, or is one that ClickHouse was writing.
func (s strays) defines(name string, d fs.DirEntry) bool {
	if strings.HasSuffix(name, ".sql.tmp") {
		return true
	}
	if !d.Type().IsRegular() || !strings.HasSuffix(name, ".sql") {
		return false
	}
	f, err := os.Open(filepath.Join(s.dir, name))
	if err != nil {
		return true // not ours to judge
	}
	defer f.Close()
	begin, _ := io.ReadAll(io.LimitReader(f, 16))
	return bytes.HasPrefix(begin, []byte("ATTACH "))
}
