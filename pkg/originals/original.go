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

	"huizong/pkg/reporting"
)

// ErrTooLarge is in the chain of Put's error when the file is over the limit.
var ErrTooLarge = errors.New("file is too large")

// Put stores what it reads from r, up to limit bytes, and returns its hash and size. When it returns without an error the
// file is durable. A file that is already there is kept, so sending twice costs nothing.
//
// Errors: ErrTooLarge (invalid) as soon as more than limit bytes have come; invalid when r fails, which is the sender's
// connection; canceled with ctx; unavailable when the disk fails.
//
// If we crash in here, a temporary file may stay, which Open removes, or an original without an envelope, which is harmless:
// the next sending of the same file finds it.
func (s *Store) Put(ctx context.Context, r io.Reader, limit int64) (sum string, size int64, err error) {
	f, err := os.CreateTemp(s.originals, tempPrefix+"*")
	if err != nil {
		return "", 0, diskError("put original", err)
	}
	defer func() {
		if f != nil { // still under its temporary name
			f.Close()
			os.Remove(f.Name())
		}
	}()

	sum, size, err = receive(ctx, f, r, limit)
	if err != nil {
		return "", 0, err
	}
	if s.holds(sum) {
		if err := s.resync(sum); err != nil {
			return "", 0, diskError("put original "+sum, err)
		}
		return sum, size, nil
	}
	if err := errors.Join(s.disk.sync(f), f.Close()); err != nil {
		return "", 0, diskError("put original "+sum, err)
	}
	if err := s.disk.rename(f.Name(), s.path(sum)); err != nil {
		return "", 0, diskError("put original "+sum, err)
	}
	f = nil
	if err := s.disk.syncFolder(filepath.Dir(s.path(sum))); err != nil {
		return "", 0, diskError("put original "+sum, err)
	}
	return sum, size, nil
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
		return "", 0, reporting.Errorf(reporting.Invalid, "receive original: %w", source.err)
	case err != nil:
		return "", 0, diskError("receive original", err)
	case size > limit:
		return "", 0, reporting.Errorf(reporting.Invalid, "receive original: %w: more than %d bytes", ErrTooLarge, limit)
	}
	return hex.EncodeToString(hash.Sum(nil)), size, nil
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
	if err := s.disk.syncPath(s.path(sum)); err != nil {
		return err
	}
	return s.disk.syncFolder(filepath.Dir(s.path(sum)))
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
		return nil, diskError("read original "+sum, err)
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
	f, err := os.Open(s.path(sum))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, reporting.Errorf(reporting.NotFound, "original %s is not in the store", sum)
	}
	if err != nil {
		return nil, diskError("open original "+sum, err)
	}
	hash := sha256.New()
	size, err := io.Copy(hash, f)
	if err != nil {
		return nil, errors.Join(diskError("read original "+sum, err), f.Close())
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
