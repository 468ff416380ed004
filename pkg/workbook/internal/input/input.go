// Package input is the file that is read, wherever its bytes lie: in memory, on the disk, or in the sectors of another file.
//
// Nothing of it is kept but the piece that is looked at. A fault of the disk is an error of code unavailable, as it says nothing
// about the file: that may be read again.
package input

import (
	"errors"
	"io"

	"huizong/pkg/reporting"
)

// File reads a file by places in it. The zero value is an empty one. It may be copied.
type File struct {
	r    io.ReaderAt
	size int64
}

// New is the file of so many bytes that r holds.
func New(r io.ReaderAt, size int64) File { return File{r, size} }

// Size is the number of bytes.
func (f File) Size() int64 { return f.size }

// Read fills b with what begins at the place. All of it must lie in the file.
func (f File) Read(b []byte, at int64) error {
	if len(b) == 0 {
		return nil
	}
	n, err := f.r.ReadAt(b, at)
	if n == len(b) {
		return nil
	}
	if err == nil || err == io.EOF {
		err = io.ErrUnexpectedEOF // the file has become shorter, or r is wrong
	}
	return unavailable(err)
}

// ReadAt is that of io.ReaderAt.
func (f File) ReadAt(b []byte, at int64) (int, error) {
	n := int(max(0, min(int64(len(b)), f.size-at)))
	if err := f.Read(b[:n], at); err != nil {
		return 0, err
	}
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

// Head returns the first bytes, up to n.
func (f File) Head(n int) ([]byte, error) {
	b := make([]byte, min(int64(n), f.size))
	return b, f.Read(b, 0)
}

func unavailable(err error) error {
	if IsFault(err) {
		return err
	}
	return reporting.Errorf(reporting.Unavailable, "read workbook: %w", err)
}

// IsFault reports whether the error is one of the disk, and none of the file's content.
func IsFault(err error) bool {
	var e *reporting.Error
	return errors.As(err, &e)
}
