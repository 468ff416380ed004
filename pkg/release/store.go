// Package release is the store of releases: what was published, with all that it was made of, under a number.
//
//	DIR/<number>/release.json   what it is: a reporting.Release
//	DIR/<number>/…              its files, each named with its hash in release.json
//	DIR/head.json               the number and the hash of the last one
//
// The store keeps these promises:
//
//   - What Add has returned without an error is on disk, fsynced, whole, under its number.
//   - A number is given once. Nothing that has one is ever changed or overwritten.
//   - Releases form a chain: each carries the hash of the release.json before it, so that a change shows, and the head shows when
//     the last one has gone.
//
// It does not know how a report is made. A directory belongs to one process, the one that has the lock of the data directory.
package release

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"huizong/pkg/durable"
	"huizong/pkg/reporting"
)

const (
	manifestFile = "release.json"
	headFile     = "head.json"
)

// Store is an open directory. Its methods may be called concurrently.
type Store struct {
	dir  string
	disk durable.Disk

	mu   sync.RWMutex // guards list and hash; held by Add from the first byte to the last
	list []reporting.Release
	hash string // of the last release.json
}

// head is the pointer to the last release.
type head struct {
	Number int    `json:"number"`
	SHA256 string `json:"sha256"`
}

// Open opens the store in dir, making it, and reads all releases. What a crash has left half-done is finished or removed. A chain
// that does not hold together is an error of code internal that names the release: the store does not guess.
func Open(dir string) (*Store, error) { return open(dir, durable.Real) }

func open(dir string, d durable.Disk) (*Store, error) {
	s := &Store{dir: dir, disk: d}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, durable.Error("open releases", err)
	}
	if err := s.disk.SyncPath(filepath.Dir(filepath.Clean(dir))); err != nil {
		return nil, durable.Error("open releases", err)
	}
	if err := s.recover(); err != nil {
		return nil, err
	}
	return s, nil
}

// recover reads the directory as it is, after a start as well as after an Add that failed: a rename may have happened although it
// returned an error. The caller holds mu, or is the only one who knows the store.
func (s *Store) recover() error {
	numbers, err := s.sweep()
	if err != nil {
		return err
	}
	// A killed process may have renamed without syncing. Nothing may be chained to a name that can still vanish.
	if err := s.disk.SyncPath(s.dir); err != nil {
		return durable.Error("open releases", err)
	}
	if err := s.load(numbers); err != nil {
		return err
	}
	return s.point()
}

// load reads the releases of these numbers, and checks their chain.
func (s *Store) load(numbers []int) error {
	var list []reporting.Release
	hash := ""
	for i, n := range numbers {
		if n != i+1 {
			return reporting.Errorf(reporting.Internal, "release %d is missing in %s", i+1, s.dir)
		}
		r, sum, err := s.read(n)
		if err != nil {
			return err
		}
		if r.Previous != hash {
			return reporting.Errorf(reporting.Internal, "release %d: the release before it was altered: its hash is %s, release %d was made after %s", n, hash, n, r.Previous)
		}
		list, hash = append(list, r), sum
	}
	s.list, s.hash = list, hash
	return nil
}

// Check reads all releases in dir, their files included, and compares them with the chain, its head and their hashes. It changes nothing, so
// that it can be done beside a server at work. It returns how many there are, and all that is wrong as one error; no folder is none.
func Check(dir string) (int, error) {
	s := &Store{dir: dir}
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	now, err := s.readHead() // first: what is released meanwhile is more than it counts, and not less
	if err != nil {
		return 0, err
	}
	numbers, _, err := s.names()
	if err != nil {
		return 0, err
	}
	if err := s.load(numbers); err != nil {
		return len(numbers), err
	}
	errs := []error{s.agree(now)}
	for _, r := range s.list {
		for _, f := range named(r) {
			_, err := s.File(r.Number, f.Name)
			errs = append(errs, err)
		}
	}
	return len(s.list), errors.Join(errs...)
}

// sweep removes what was never finished, and returns the numbers that are there, in order.
func (s *Store) sweep() ([]int, error) {
	numbers, unfinished, err := s.names()
	if err != nil {
		return nil, err
	}
	for _, name := range unfinished {
		if err := os.RemoveAll(filepath.Join(s.dir, name)); err != nil {
			return nil, durable.Error("remove what was never released", err)
		}
	}
	return numbers, nil
}

// names lists the folder: the numbers in order, and what was never finished.
func (s *Store) names() (numbers []int, unfinished []string, err error) {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return nil, nil, durable.Error("list releases", err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), durable.TempPrefix) {
			unfinished = append(unfinished, e.Name())
			continue
		}
		if n, err := strconv.Atoi(e.Name()); err == nil && e.IsDir() && n > 0 && strconv.Itoa(n) == e.Name() {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return numbers, unfinished, nil
}

func (s *Store) read(n int) (r reporting.Release, sum string, err error) {
	data, err := os.ReadFile(s.path(n, manifestFile))
	if err != nil {
		return r, "", durable.Error(fmt.Sprintf("read release %d", n), err)
	}
	if err := json.Unmarshal(data, &r); err != nil || r.Number != n {
		return r, "", reporting.Errorf(reporting.Internal, "release %d: %s is not what was written (number %d): %v", n, manifestFile, r.Number, err)
	}
	return r, sumOf(data), nil
}

// point brings the head to the last release. A head that is ahead of the releases, or knows another last one, shows that somebody
// took one away or wrote it anew. It is called after every Add and by recover: what a crash before it has left behind is put right
// by the same lines.
func (s *Store) point() error {
	last := head{len(s.list), s.hash}
	now, err := s.readHead()
	if err != nil || now == last {
		return err
	}
	if err := s.agree(now); err != nil {
		return err
	}
	data, err := json.Marshal(last)
	if err != nil {
		return err
	}
	return durable.Error("point at the last release", s.disk.Replace(filepath.Join(s.dir, headFile), data))
}

// readHead reads the head; zero where there is none.
func (s *Store) readHead() (now head, err error) {
	data, err := os.ReadFile(filepath.Join(s.dir, headFile))
	if errors.Is(err, fs.ErrNotExist) {
		return now, nil
	}
	if err != nil {
		return now, durable.Error("read the head of the releases", err)
	}
	if err := json.Unmarshal(data, &now); err != nil {
		return now, reporting.Errorf(reporting.Internal, "%s of the releases: %w", headFile, err)
	}
	return now, nil
}

// agree says why the releases that are there are not those that the head knows.
func (s *Store) agree(now head) error {
	switch last := len(s.list); {
	case now.Number > last:
		return reporting.Errorf(reporting.Internal, "%d releases were made, the last in %s is %d: restore the folder of release %d", now.Number, s.dir, last, now.Number)
	case now.Number > 0 && !s.follows(now):
		return reporting.Errorf(reporting.Internal, "release %d was altered: its hash is not the one in %s", now.Number, headFile)
	}
	return nil
}

// follows reports whether the release that the head knows is the one that is there.
func (s *Store) follows(h head) bool {
	if h.Number == len(s.list) {
		return h.SHA256 == s.hash
	}
	return s.list[h.Number].Previous == h.SHA256
}

// Add gives a release the next number and stores it with its files, by name. Number, Supersedes, Previous and the sizes and hashes of
// Files, Template and Figures are filled in; r names the files in them.
//
// Errors: invalid for a file that is named and not given, or given and not named; canceled before anything is written; unavailable
// when the disk fails. After unavailable the release may stand nevertheless: List tells.
func (s *Store) Add(ctx context.Context, r reporting.Release, files map[string][]byte) (reporting.Release, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ctx.Err() != nil {
		return r, reporting.Errorf(reporting.Canceled, "release: %w", context.Cause(ctx))
	}

	// 1. Number and chain it in memory.
	r.Number, r.Previous, r.Supersedes = len(s.list)+1, s.hash, 0
	if last, ok := s.last(r.Report, r.Period); ok {
		r.Supersedes = last.Number
	}
	if err := fill(&r, files); err != nil {
		return r, err
	}
	manifest, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return r, fmt.Errorf("release %d: %w", r.Number, err)
	}

	// 2. Write all of it into a folder of another name, and sync every file and every folder. If we crash here, recover removes it.
	staged := filepath.Join(s.dir, durable.TempPrefix+strconv.Itoa(r.Number))
	if err := s.stage(staged, files, manifest); err != nil {
		return r, errors.Join(durable.Error(fmt.Sprintf("stage release %d", r.Number), err), s.recover())
	}

	// 3. The commit: the folder gets its number. A number that is there is never replaced, for a folder with files in it cannot be.
	// If we crash before this, nothing was released; after it, all of it, once the name is on disk.
	if err := s.disk.Rename(staged, s.path(r.Number, "")); err != nil {
		return r, errors.Join(durable.Error(fmt.Sprintf("release %d", r.Number), err), s.recover())
	}
	if err := s.disk.SyncPath(s.dir); err != nil {
		return r, errors.Join(durable.Error(fmt.Sprintf("release %d", r.Number), err), s.recover())
	}
	s.list, s.hash = append(s.list, r), sumOf(manifest)

	// 4. The head follows. If we crash here, recover points it: the release is there and chained.
	return r, s.point()
}

// last is the last release of a report and period.
func (s *Store) last(report string, p reporting.Period) (reporting.Release, bool) {
	for _, r := range slices.Backward(s.list) {
		if r.Report == report && r.Period == p {
			return r, true
		}
	}
	return reporting.Release{}, false
}

// fill gives every file that the release names its hash and size.
func fill(r *reporting.Release, files map[string][]byte) error {
	named := 0
	fill := func(f *reporting.ReleaseFile) error {
		data, ok := files[f.Name]
		if !ok || !fs.ValidPath(f.Name) || f.Name == manifestFile {
			return reporting.Errorf(reporting.Invalid, "release: no file %q", f.Name)
		}
		named++
		f.SHA256, f.Size = sumOf(data), int64(len(data))
		return nil
	}
	r.Files, r.Template = slices.Clone(r.Files), slices.Clone(r.Template)
	for i := range r.Files {
		if err := fill(&r.Files[i]); err != nil {
			return err
		}
	}
	for i := range r.Template {
		if err := fill(&r.Template[i]); err != nil {
			return err
		}
	}
	if err := fill(&r.Figures); err != nil {
		return err
	}
	if named != len(files) {
		return reporting.Errorf(reporting.Invalid, "release: %d files are given, %d are named", len(files), named)
	}
	return nil
}

// stage writes the files and then the manifest, all synced.
func (s *Store) stage(dir string, files map[string][]byte, manifest []byte) error {
	folders := []string{dir}
	for name := range files {
		for up := path.Dir(name); up != "."; up = path.Dir(up) {
			if folder := filepath.Join(dir, filepath.FromSlash(up)); !slices.Contains(folders, folder) {
				folders = append(folders, folder)
			}
		}
	}
	slices.Sort(folders) // a folder before those in it
	for _, folder := range folders {
		if err := os.Mkdir(folder, 0o700); err != nil {
			return err
		}
	}
	for name, data := range files {
		if err := s.disk.Create(filepath.Join(dir, filepath.FromSlash(name)), data); err != nil {
			return err
		}
	}
	if err := s.disk.Create(filepath.Join(dir, manifestFile), manifest); err != nil {
		return err
	}
	for _, folder := range slices.Backward(folders) {
		if err := s.disk.SyncPath(folder); err != nil {
			return err
		}
	}
	return nil
}

// List returns all releases, the first one first.
func (s *Store) List() []reporting.Release {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return append([]reporting.Release{}, s.list...)
}

// Find returns a release by its number; not_found where there is none.
func (s *Store) Find(n int) (reporting.Release, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if n < 1 || n > len(s.list) {
		return reporting.Release{}, reporting.Errorf(reporting.NotFound, "no release %d", n)
	}
	return s.list[n-1], nil
}

// File returns a file of a release: not_found where it names none such, conflict where it was altered.
func (s *Store) File(n int, name string) ([]byte, error) {
	r, err := s.Find(n)
	if err != nil {
		return nil, err
	}
	for _, f := range named(r) {
		if f.Name != name {
			continue
		}
		data, err := os.ReadFile(s.path(n, name))
		if errors.Is(err, fs.ErrNotExist) {
			return nil, reporting.Errorf(reporting.Conflict, "第%d号发布的 %s 在存档中不见了，请从备份恢复 / release %d: %s is gone", n, name, n, name)
		}
		if err != nil {
			return nil, reporting.Errorf(reporting.Internal, "release %d: %w", n, err)
		}
		if sumOf(data) != f.SHA256 {
			return nil, reporting.Errorf(reporting.Conflict, "第%d号发布的 %s 在存档中被改动过，与发布时不同，不能当作发布件 / release %d: %s was altered", n, name, n, name)
		}
		return data, nil
	}
	return nil, reporting.Errorf(reporting.NotFound, "release %d has no file %q", n, name)
}

// Verify reads a release and the chain up to it again, and returns what is wrong: a file or a release before it that was altered.
func (s *Store) Verify(n int) error {
	if _, err := s.Find(n); err != nil {
		return err
	}
	var errs []error
	sum := ""
	for i := 1; i <= n; i++ {
		r, own, err := s.read(i)
		if err != nil {
			return reporting.Errorf(reporting.Conflict, "第%d号发布的清单在存档中被改动过或不见了，请从备份恢复 / %w", i, err)
		}
		if r.Previous != sum {
			errs = append(errs, reporting.Errorf(reporting.Conflict, "第%d号发布在第%d号发布之后被改动过 / release %d was altered after release %d was made", i-1, i, i-1, i))
		}
		if sum = own; i == n {
			for _, f := range named(r) {
				_, err := s.File(n, f.Name)
				errs = append(errs, err)
			}
		}
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if n == len(s.list) && sum != s.hash {
		errs = append(errs, reporting.Errorf(reporting.Conflict, "第%d号发布的清单被改动过 / release %d was altered", n, n))
	}
	return errors.Join(errs...)
}

// FS is the folder of a release.
func (s *Store) FS(n int) fs.FS { return os.DirFS(s.path(n, "")) }

func named(r reporting.Release) []reporting.ReleaseFile {
	return slices.Concat([]reporting.ReleaseFile{r.Figures}, r.Template, r.Files)
}

func (s *Store) path(n int, name string) string {
	return filepath.Join(s.dir, strconv.Itoa(n), filepath.FromSlash(name))
}

func sumOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
