package input

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"huizong/pkg/reporting"
)

// counted counts how often it is read, and fails from a place on.
type counted struct {
	data  []byte
	fails int64 // from this place on; 0 never
	reads int
}

func (c *counted) ReadAt(b []byte, at int64) (int, error) {
	c.reads++
	if c.fails > 0 && at+int64(len(b)) > c.fails {
		return 0, os.ErrDeadlineExceeded
	}
	return bytes.NewReader(c.data).ReadAt(b, at)
}

func random(n int) []byte {
	r, b := rand.New(rand.NewPCG(1, 2)), make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

func TestFile(t *testing.T) {
	file := New(strings.NewReader("0123456789"), 10)
	b := make([]byte, 4)
	if err := file.Read(b, 6); err != nil || string(b) != "6789" {
		t.Errorf("Read = %q, %v", b, err)
	}
	if n, err := file.ReadAt(b, 8); n != 2 || err != io.EOF || string(b[:n]) != "89" {
		t.Errorf("ReadAt = %d, %v", n, err)
	}
	if n, err := file.ReadAt(b, 12); n != 0 || err != io.EOF {
		t.Errorf("ReadAt behind the end = %d, %v", n, err)
	}
	if head, err := file.Head(20); err != nil || string(head) != "0123456789" || file.Size() != 10 {
		t.Errorf("Head = %q, %v", head, err)
	}
	if err := (File{}).Read(nil, 0); err != nil {
		t.Errorf("nothing of nothing: %v", err)
	}
}

// TestFaults: a disk that fails, or a file that has become shorter, says nothing about the workbook: it may be read again.
func TestFaults(t *testing.T) {
	for name, test := range map[string]struct {
		file File
		want error
	}{
		"shorter": {New(strings.NewReader("01"), 10), io.ErrUnexpectedEOF},
		"fails":   {New(&counted{data: random(10), fails: 1}, 10), os.ErrDeadlineExceeded},
		"paged":   {Paged(New(&counted{data: random(10), fails: 1}, 10)), os.ErrDeadlineExceeded},
	} {
		err := test.file.Read(make([]byte, 10), 0)
		if !errors.Is(err, test.want) || reporting.CodeOf(err) != reporting.Unavailable || !IsFault(err) {
			t.Errorf("%s: %v", name, err)
		}
		if again := unavailable(err); again != err {
			t.Errorf("%s: told twice: %v", name, again)
		}
	}
	if IsFault(&reporting.FileError{Code: reporting.UnreadableFile}) {
		t.Error("a damaged file is no fault of the disk")
	}
}

// TestPaged: small pieces anywhere are those of the file, also where two places share a page's slot; what was read is not read again.
func TestPaged(t *testing.T) {
	source := &counted{data: random(Pages + 3*pageSize + 100)}
	file := Paged(New(source, int64(len(source.data))))
	r, b := rand.New(rand.NewPCG(3, 4)), make([]byte, 2*pageSize)
	for range 500 {
		at := r.IntN(len(source.data))
		piece := b[:1+r.IntN(min(len(b), len(source.data)-at))]
		if err := file.Read(piece, int64(at)); err != nil || !bytes.Equal(piece, source.data[at:at+len(piece)]) {
			t.Fatalf("%d bytes at %d differ: %v", len(piece), at, err)
		}
	}
	read := func(at int64) {
		if err := file.Read(b[:10], at); err != nil {
			t.Fatal(err)
		}
	}
	read(5)
	before := source.reads
	read(100)
	if source.reads != before {
		t.Error("a page that is there is read again")
	}
	read(Pages + 5) // takes the slot
	read(5)
	if source.reads != before+2 {
		t.Errorf("two pages of one slot are read %d times", source.reads-before)
	}
}

// TestWindow: pieces are those of the file; what it has not is nil, and so is all after the disk has failed.
func TestWindow(t *testing.T) {
	source := &counted{data: random(1000)}
	w := NewWindow(New(source, 1000), 100)
	for _, piece := range [][2]int{{0, 10}, {50, 50}, {90, 300}, {10, 5}, {999, 1}, {1000, 0}, {0, 1000}} {
		at, n := piece[0], piece[1]
		if got := w.Bytes(at, n); got == nil || !bytes.Equal(got, source.data[at:at+n]) {
			t.Errorf("%d bytes at %d differ", n, at)
		}
	}
	if before := source.reads; w.Bytes(500, 7) == nil || source.reads != before {
		t.Error("what is in the window is read again")
	}
	for _, piece := range [][2]int{{-1, 5}, {996, 5}, {1001, 0}, {0, 1001}} {
		if got := w.Bytes(piece[0], piece[1]); got != nil {
			t.Errorf("%d bytes at %d of 1000 are %v", piece[1], piece[0], got)
		}
	}
	if w.Size() != 1000 || w.Err() != nil {
		t.Errorf("size %d, %v", w.Size(), w.Err())
	}
	w = NewWindow(New(&counted{data: source.data, fails: 500}, 1000), 100)
	if w.Bytes(0, 10) == nil || w.Bytes(450, 60) != nil || reporting.CodeOf(w.Err()) != reporting.Unavailable || w.Bytes(200, 10) != nil {
		t.Errorf("after a fault: %v", w.Err())
	}
}
