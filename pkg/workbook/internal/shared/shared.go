// Package shared keeps the shared strings of a workbook.
//
// A file of 64 MB can hold millions of different texts, and all of them must be at hand while the sheets are read. The first
// ones, which nearly every workbook never exceeds and which the cells of a large one mention most, stay in memory. The rest
// goes to a temporary file that has no name, so that nothing of it outlives the process.
package shared

import (
	"huizong/pkg/workbook/internal/arena"
)

const (
	// memoryBudget is what the texts in memory take at most, with their headers.
	memoryBudget = 16 << 20
	headerCost   = 16 // unsafe.Sizeof("")
	blockLen     = 1024
)

// Strings are the texts by number. The zero value is empty and ready.
type Strings struct {
	blocks [][]string // each of blockLen, so that growing leaves nothing to collect
	kept   int        // how many are in memory
	texts  arena.Texts
	bytes  int64
	rest   *spill // the others; nil while there are none
	noDisk bool   // there is no place for a temporary file
}

// Add appends a text. The only error is that of the disk.
func (s *Strings) Add(b []byte) error {
	s.bytes += int64(len(b))
	if s.rest == nil && s.Held() > memoryBudget && !s.noDisk {
		var err error
		s.rest, err = newSpill()
		s.noDisk = err != nil // a container may have no writable folder: then memory has to do, up to the limit
	}
	if s.rest != nil {
		return s.rest.add(b)
	}
	if s.kept%blockLen == 0 {
		s.blocks = append(s.blocks, make([]string, blockLen))
	}
	s.blocks[s.kept/blockLen][s.kept%blockLen] = s.texts.Add(b)
	s.kept++
	return nil
}

// Complete ends the adding. It must be called before the first text is asked for.
func (s *Strings) Complete() error {
	if s.rest == nil {
		return nil
	}
	return s.rest.flush()
}

// Len is the number of texts; nil has none.
func (s *Strings) Len() int {
	switch {
	case s == nil:
		return 0
	case s.rest == nil:
		return s.kept
	}
	return s.kept + s.rest.count
}

// Text returns a text; the number must be below Len. What does not stay in memory is copied into texts.
func (s *Strings) Text(i int, texts *arena.Texts) (string, error) {
	if i < s.kept {
		return s.blocks[i/blockLen][i%blockLen], nil
	}
	return s.rest.text(i-s.kept, texts)
}

// Size is what the limit of shared strings counts: their bytes, and a header each.
func (s *Strings) Size() int64 { return s.bytes + headerCost*int64(s.Len()) }

// Held is the memory that they take.
func (s *Strings) Held() int64 {
	held := s.texts.Held() + headerCost*blockLen*int64(len(s.blocks))
	if s.rest != nil {
		held += s.rest.held()
	}
	return held
}
