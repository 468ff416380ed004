package schemas

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"huizong/pkg/reporting"
)

// Over is the whole folder with the files of another in the place of those of the same name, or beside them: a bureau's own units,
// forms, indicators, checks and reports. "" is the embedded folder alone. The tables of the database are not a bureau's to change.
// Error: invalid for a folder that is not there, or that holds anything else.
func Over(dir string) (fs.FS, error) {
	if dir == "" {
		return files, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, reporting.Errorf(reporting.Invalid, "schemas: %w", err)
	}
	for _, e := range entries {
		if !slices.Contains([]string{"checks", "forms", "indicators", "units", "reports"}, e.Name()) && !strings.HasPrefix(e.Name(), ".") && e.Name() != "README.md" {
			return nil, reporting.Errorf(reporting.Invalid, "schemas %s: %s is none of the folders checks, forms, indicators, units and reports", dir, e.Name())
		}
	}
	return overlay{os.DirFS(dir), files}, nil
}

// overlay is one folder over another.
type overlay struct{ over, under fs.FS }

// Open opens the file that lies on top; a folder lists those of both.
func (o overlay) Open(name string) (fs.File, error) {
	file, err := o.over.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		file, err = o.under.Open(name)
	}
	if err != nil {
		return nil, err
	}
	if info, err := file.Stat(); err != nil || !info.IsDir() {
		return file, err
	}
	list, err := o.ReadDir(name)
	return &folder{File: file, left: list}, err
}

// folder is an open folder of both.
type folder struct {
	fs.File
	left []fs.DirEntry
}

// ReadDir is that of fs.ReadDirFile.
func (f *folder) ReadDir(n int) ([]fs.DirEntry, error) {
	if n > 0 && len(f.left) == 0 {
		return nil, io.EOF
	}
	if n <= 0 || n > len(f.left) {
		n = len(f.left)
	}
	list := f.left[:n]
	f.left = f.left[n:]
	return list, nil
}

// ReadDir lists a folder of both, by name.
func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	over, err := fs.ReadDir(o.over, name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	under, lower := fs.ReadDir(o.under, name)
	if err != nil && lower != nil {
		return nil, lower
	}
	all := slices.Clone(over)
	for _, e := range under {
		if !slices.ContainsFunc(over, func(x fs.DirEntry) bool { return x.Name() == e.Name() }) {
			all = append(all, e)
		}
	}
	slices.SortFunc(all, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return all, nil
}
