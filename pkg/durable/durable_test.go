package durable_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"huizong/pkg/durable"
	"huizong/pkg/durable/durabletest"
	"huizong/pkg/reporting"
)

// TestFaults fails each step of each write, done and not done: afterwards the old content is there or the new one, whole, and nothing else.
func TestFaults(t *testing.T) {
	t.Parallel()
	for _, write := range []struct {
		name   string
		do     func(d durable.Disk, dir string) error
		steps  int
		failed []string // what may be there after a fault
		done   string
	}{
		{"Create", func(d durable.Disk, dir string) error { return d.Create(filepath.Join(dir, "new"), []byte("whole")) },
			1, []string{"old=first"}, "new=whole old=first"},
		{"Append", func(d durable.Disk, dir string) error { return d.Append(filepath.Join(dir, "old"), []byte(" and")) },
			1, []string{"old=first and"}, "old=first and"},
		{"Replace", func(d durable.Disk, dir string) error { return d.Replace(filepath.Join(dir, "old"), []byte("other")) },
			3, []string{"old=first", "old=other"}, "old=other"},
		{"Aside", func(d durable.Disk, dir string) error {
			return d.Aside(filepath.Join(dir, "old"), filepath.Join(dir, "aside", "then", "old"))
		}, 5, []string{"old=first", "aside/then/old=first"}, "aside/then/old=first"},
	} {
		for step := 1; step <= write.steps+1; step++ {
			for _, done := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/Step%dDone%t", write.name, step, done), func(t *testing.T) {
					t.Parallel()
					dir := start(t)
					fault := &durabletest.Fault{At: step, Done: done}
					err := write.do(fault.Disk(), dir)
					there := content(t, dir)
					if step > write.steps {
						if err != nil || there != write.done || fault.Fired() {
							t.Errorf("%v; %s, want %s", err, there, write.done)
						}
						return
					}
					if !errors.Is(err, durabletest.ErrFault) || !slices.Contains(write.failed, there) {
						t.Errorf("%v; %s, want one of %q", err, there, write.failed)
					}
				})
			}
		}
	}
}

// start is a folder with a file in it.
func start(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "old"), []byte("first"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestAfterAFault: once the disk is back the same write succeeds, also over what a killed process has left.
func TestAfterAFault(t *testing.T) {
	t.Parallel()
	for step := 1; step <= 3; step++ {
		dir := start(t)
		path := filepath.Join(dir, "old")
		_ = durabletest.FailAt(step, true).Replace(path, []byte("second"))
		if err := os.WriteFile(filepath.Join(dir, durable.TempPrefix+"old"), []byte("ha"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := durable.WriteFile(path, []byte("third")); err != nil || content(t, dir) != "old=third" {
			t.Errorf("step %d: %v, %s", step, err, content(t, dir))
		}
	}
}

func TestCreateTakesNoOthersPlace(t *testing.T) {
	t.Parallel()
	dir := start(t)
	if err := durable.Real.Create(filepath.Join(dir, "old"), nil); !errors.Is(err, fs.ErrExist) || content(t, dir) != "old=first" {
		t.Errorf("Create = %v, %s", err, content(t, dir))
	}
}

func TestMakeFolder(t *testing.T) {
	t.Parallel()
	dir := start(t)
	made, err := durable.MakeFolder(filepath.Join(dir, "a", "b"))
	if want := []string{dir, filepath.Join(dir, "a")}; err != nil || !slices.Equal(made, want) {
		t.Errorf("MakeFolder = %q, %v, want %q", made, err, want)
	}
	if again, err := durable.MakeFolder(filepath.Join(dir, "a", "b")); err != nil || len(again) > 0 {
		t.Errorf("the second time: %q, %v", again, err)
	}
	if _, err := durable.MakeFolder(filepath.Join(dir, "old", "x")); err == nil {
		t.Error("a folder was made in a file")
	}
	if info, err := os.Stat(filepath.Join(dir, "a", "b")); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestError(t *testing.T) {
	t.Parallel()
	if durable.Error("write", nil) != nil {
		t.Error("no error became one")
	}
	err := durable.Error("write x", durabletest.ErrFault)
	if reporting.CodeOf(err) != reporting.Unavailable || !errors.Is(err, durabletest.ErrFault) || err.Error() != "write x: the disk is gone" {
		t.Errorf("Error = %v", err)
	}
}

func TestStampSorts(t *testing.T) {
	t.Parallel()
	at := time.Date(2020, 7, 1, 23, 0, 0, 5e8, reporting.Zone)
	if first, second := durable.Stamp(at), durable.Stamp(at.Add(time.Nanosecond)); first != "20200701T150000.500000000Z" || second <= first {
		t.Errorf("%s, %s", first, second)
	}
}

// content lists the files and what is in them.
func content(t *testing.T, dir string) string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		files = append(files, filepath.ToSlash(name)+"="+string(data))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(files)
	return strings.Join(files, " ")
}
