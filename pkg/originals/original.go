package originals

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"huizong/pkg/durable"
	"huizong/pkg/reporting"
)

// ErrTooLarge is in the chain of Put's error when the file is over the limit.
var ErrTooLarge = errors.New("file is too large")

// Put stores what it reads from r, up to limit bytes, and returns its hash and size. When it returns without an error the
// file is durable. A file that is already there is kept, so sending twice costs nothing. Its errors are those of Hold and Keep.
//
// If we crash in here, a temporary file may stay, which Open removes, or an original without an envelope, which is harmless:
// the next sending of the same file finds it.
func (s *Store) Put(ctx context.Context, r io.Reader, limit int64) (sum string, size int64, err error) {
	h, err := s.Hold(ctx, r, limit)
	if err != nil {
		return "", 0, err
	}
	defer h.Discard()
	return h.Sum, h.Size, h.Keep()
}

// Held is a file that has come in and waits until it is known whether it is wanted: it is no original yet, and no envelope can name
// it. The caller of Hold ends the wait by Keep or by Discard. The file has a temporary name, so that a crash is a Discard: nobody has a
// receipt for it.
type Held struct {
	Sum  string
	Size int64

	store *Store
	// mu is held across Keep, so that a Discard does not take the file away under it.
	mu   sync.Mutex
	path string // "" once it was discarded
	kept bool
}

// Hold takes in what it reads from r, up to limit bytes.
//
// Errors: ErrTooLarge (invalid) as soon as more than limit bytes have come; what r fails with, if that has a code, else invalid: it
// is the sender's connection; canceled with ctx; unavailable when the disk fails. Nothing stays on an error.
func (s *Store) Hold(ctx context.Context, r io.Reader, limit int64) (h *Held, err error) {
	f, err := os.CreateTemp(s.originals, durable.TempPrefix+"*")
	if err != nil {
		return nil, durable.Error("hold file", err)
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	sum, size, err := receive(ctx, f, r, limit)
	if closed := f.Close(); err == nil && closed != nil {
		err = durable.Error("hold file "+sum, closed)
	}
	if err != nil {
		return nil, err
	}
	return &Held{Sum: sum, Size: size, store: s, path: f.Name()}, nil
}

// Open opens the file for reading, where it lies now.
func (h *Held) Open() (*File, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.kept:
		return h.store.OpenFile(h.Sum)
	case h.path == "":
		return nil, h.gone()
	}
	return openSum(h.path, h.Sum)
}

// Keep makes an original of the file. When it returns without an error the original is durable, and an envelope may name it. To keep
// it again costs nothing; one that was discarded is not found; unavailable, when the disk fails, leaves it held.
func (h *Held) Keep() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.kept {
		return nil
	}
	if h.path == "" {
		return h.gone()
	}
	if err := h.store.keep(h.path, h.Sum); err != nil {
		return durable.Error("keep original "+h.Sum, err)
	}
	os.Remove(h.path) // where an equal one was there before; what cannot be removed Open sweeps
	h.kept = true
	return nil
}

// Discard gives the file up, unless it was kept: an original is never removed. It reports whether it has done so.
func (h *Held) Discard() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.kept || h.path == "" {
		return false
	}
	os.Remove(h.path) // what cannot be removed Open sweeps
	h.path = ""
	return true
}

func (h *Held) gone() error {
	return reporting.Errorf(reporting.NotFound, "file %.12s… is not held any more: send it again", h.Sum)
}

// keep gives a file in path its place among the originals. If we crash before the rename, the file is gone; after it, it is an
// original without an envelope.
func (s *Store) keep(path, sum string) error {
	if s.holds(sum) {
		return s.resync(sum)
	}
	f, err := openSum(path, sum) // it may have lain for an hour
	if err != nil {
		return err
	}
	if err := errors.Join(s.disk.Sync(f.file), f.Close()); err != nil {
		return err
	}
	if err := s.disk.Rename(path, s.path(sum)); err != nil {
		return err
	}
	return s.disk.SyncPath(filepath.Dir(s.path(sum)))
}

// receive copies r to w while hashing.
func receive(ctx context.Context, w io.Writer, r io.Reader, limit int64) (sum string, size int64, err error) {
	source := &sender{ctx: ctx, r: r}
	hash := sha256.New()
	// One byte over the limit is enough to know.
	size, err = io.Copy(io.MultiWriter(w, hash), io.LimitReader(source, limit+1))
	switch {
	case ctx.Err() != nil:
		return "", 0, reporting.Errorf(reporting.Canceled, "receive original: %w", context.Cause(ctx))
	case source.err != nil:
		return "", 0, reporting.Errorf(codeOfSender(source.err), "receive original: %w", source.err)
	case err != nil:
		return "", 0, durable.Error("receive original", err)
	case size > limit:
		return "", 0, reporting.Errorf(reporting.Invalid, "receive original: %w: more than %d bytes", ErrTooLarge, limit)
	}
	return hex.EncodeToString(hash.Sum(nil)), size, nil
}

// codeOfSender is invalid, unless the reader says what it is: it may count what comes, and have enough.
func codeOfSender(err error) reporting.Code {
	if code := reporting.CodeOf(err); code != reporting.Internal {
		return code
	}
	return reporting.Invalid
}

// sender reads until ctx ends and keeps the reader's error apart from the disk's.
type sender struct {
	ctx context.Context
	r   io.Reader
	err error
}

func (s *sender) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := s.r.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// holds reports whether the original is there and whole. An altered one counts as missing, so that a Put of the right bytes
// repairs it.
func (s *Store) holds(sum string) bool {
	f, err := os.Open(s.path(sum))
	if err != nil {
		return false
	}
	defer f.Close()
	got, err := sumOf(f)
	return err == nil && got == sum
}

// resync makes an original durable that another Put has stored: that Put may be between its rename and its sync, or may have
// crashed there.
func (s *Store) resync(sum string) error {
	if err := s.disk.SyncPath(s.path(sum)); err != nil {
		return err
	}
	return s.disk.SyncPath(filepath.Dir(s.path(sum)))
}

// Original returns the bytes of a file by its hash: not_found where there is none (also for what is not a hash), internal
// where the file was altered.
func (s *Store) Original(sum string) ([]byte, error) {
	if !validSum(sum) {
		return nil, reporting.Errorf(reporting.NotFound, "original %q: not a sha256", sum)
	}
	data, err := os.ReadFile(s.path(sum))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, reporting.Errorf(reporting.NotFound, "original %s is not in the store", sum)
	}
	if err != nil {
		return nil, durable.Error("read original "+sum, err)
	}
	if got := sumOfBytes(data); got != sum {
		return nil, altered(sum, got)
	}
	return data, nil
}

// File is an original that is read where it lies. It is for concurrent use, like what it embeds.
type File struct {
	*io.SectionReader
	file *os.File
}

// Disk is the open file, to be handed to another process. It is closed with f.
func (f *File) Disk() *os.File { return f.file }

// Close ends the reading.
func (f *File) Close() error { return f.file.Close() }

// OpenFile opens a file by its hash, with the errors of Original. Its bytes are hashed now and read later, so one that is altered in
// between is not found out; but nothing in here writes to an original that is there, and Verify finds what somebody else does.
func (s *Store) OpenFile(sum string) (*File, error) {
	if !validSum(sum) {
		return nil, reporting.Errorf(reporting.NotFound, "original %q: not a sha256", sum)
	}
	return openSum(s.path(sum), sum)
}

func openSum(path, sum string) (*File, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, reporting.Errorf(reporting.NotFound, "original %s is not in the store", sum)
	}
	if err != nil {
		return nil, durable.Error("open original "+sum, err)
	}
	hash := sha256.New()
	size, err := io.Copy(hash, f)
	if err != nil {
		return nil, errors.Join(durable.Error("read original "+sum, err), f.Close())
	}
	if got := hex.EncodeToString(hash.Sum(nil)); got != sum {
		return nil, errors.Join(altered(sum, got), f.Close())
	}
	return &File{io.NewSectionReader(f, 0, size), f}, nil
}

func altered(sum, got string) error {
	return reporting.Errorf(reporting.Internal, "original %s was altered: its bytes now hash to %s", sum, got)
}

// path is the place of an original. Callers have validated sum: it becomes a file name.
func (s *Store) path(sum string) string { return filepath.Join(s.originals, sum[:2], sum) }

// validSum reports whether sum is a SHA-256 in lower-case hex, and so safe as a file name.
func validSum(sum string) bool {
	if len(sum) != hex.EncodedLen(sha256.Size) {
		return false
	}
	for _, c := range []byte(sum) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

func sumOf(r io.Reader) (string, error) {
	hash := sha256.New()
	if _, err := io.Copy(hash, r); err != nil {
		return "", fmt.Errorf("hash: %w", err)
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

func sumOfBytes(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
