package shared

import (
	"bufio"
	"encoding/binary"
	"os"
	"slices"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/arena"
	"huizong/pkg/workbook/internal/input"
)

const (
	stride    = 16 // of so many texts one has its place noted; the others are found from there
	lengthLen = 4
)

var le = binary.LittleEndian

// spill keeps texts in a file, each behind its length. Cells mention them mostly in the order in which they stand, and else
// anywhere: so it is read by pages.
type spill struct {
	file    *os.File // closed when it is collected
	out     *bufio.Writer
	size    int64
	count   int
	places  []int64
	in      input.File // once all of it is written
	scratch []byte

	next int // the text behind the one read last, and its place
	at   int64
}

func newSpill() (*spill, error) {
	file, err := os.CreateTemp("", "huizong-strings-")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(file.Name()); err != nil { // not on a system where open files keep their names
		file.Close()
		return nil, err
	}
	return &spill{file: file, out: bufio.NewWriterSize(file, 64<<10)}, nil
}

func (s *spill) held() int64 {
	return input.Pages + 8*int64(cap(s.places))
}

func (s *spill) add(b []byte) error {
	if s.count%stride == 0 {
		s.places = append(s.places, s.size)
	}
	s.count++
	s.size += lengthLen + int64(len(b))
	s.scratch = append(le.AppendUint32(s.scratch[:0], uint32(len(b))), b...)
	_, err := s.out.Write(s.scratch)
	return unavailable(err)
}

func (s *spill) flush() error {
	s.in = input.Paged(input.New(s.file, s.size))
	return unavailable(s.out.Flush())
}

func (s *spill) text(i int, texts *arena.Texts) (string, error) {
	if err := s.seek(i); err != nil {
		return "", err
	}
	n, err := s.length()
	if err != nil {
		return "", err
	}
	b, err := s.read(n)
	if err != nil {
		return "", err
	}
	s.next++
	return texts.Add(b), nil
}

// seek moves to a text: from the last one when that is nearer than the last place noted.
func (s *spill) seek(i int) error {
	if noted := i - i%stride; s.next > i || s.next < noted {
		s.next, s.at = noted, s.places[i/stride]
	}
	for ; s.next < i; s.next++ {
		n, err := s.length()
		if err != nil {
			return err
		}
		s.at += int64(n)
	}
	return nil
}

func (s *spill) length() (int, error) {
	b, err := s.read(lengthLen)
	if err != nil {
		return 0, err
	}
	return int(le.Uint32(b)), nil
}

// read returns the next n bytes, which are valid until the next call.
func (s *spill) read(n int) ([]byte, error) {
	s.scratch = slices.Grow(s.scratch[:0], n)[:n]
	err := s.in.Read(s.scratch, s.at)
	s.at += int64(n)
	return s.scratch, err
}

// unavailable marks an error of the disk, which says nothing about the workbook: it may be read again.
func unavailable(err error) error {
	if err == nil {
		return nil
	}
	return reporting.Errorf(reporting.Unavailable, "temporary file of shared strings: %w", err)
}
