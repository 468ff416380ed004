package cfb

import (
	"io"
	"slices"

	"huizong/pkg/workbook/internal/input"
)

// sectors are those of a chain, as one file. Neighbours are kept as one piece, since most files have their streams in few.
type sectors struct {
	file   input.File
	pieces []piece
	size   int64
}

// piece says where a part of the chain begins, in the chain and in the file. It reaches up to the next one.
type piece struct{ at, place int64 }

func (s *sectors) add(place, n int64) {
	if k := len(s.pieces); k == 0 || s.size-s.pieces[k-1].at != place-s.pieces[k-1].place {
		s.pieces = append(s.pieces, piece{s.size, place})
	}
	s.size += n
}

func (s *sectors) ReadAt(b []byte, at int64) (n int, err error) {
	for i := s.find(at); n < len(b); i++ {
		if at >= s.size {
			return n, io.EOF
		}
		end := s.size
		if i+1 < len(s.pieces) {
			end = s.pieces[i+1].at
		}
		m := int(min(int64(len(b)-n), end-at))
		if err := s.file.Read(b[n:n+m], s.pieces[i].place+at-s.pieces[i].at); err != nil {
			return n, err
		}
		n, at = n+m, at+int64(m)
	}
	return n, nil
}

// find returns the piece in which the place is.
func (s *sectors) find(at int64) int {
	i, found := slices.BinarySearchFunc(s.pieces, at, func(p piece, at int64) int {
		switch {
		case p.at < at:
			return -1
		case p.at > at:
			return 1
		}
		return 0
	})
	if !found {
		i--
	}
	return i
}
