// Package cfb reads streams of compound files, the container of .xls, .et and of encrypted workbooks.
//
// It reads strictly: chains must be as long as the directory states, sectors belong to one chain only, and nothing is
// allocated on the word of a header. Only streams directly under the root are seen; those in storages below are of embedded
// objects, and an embedded workbook must not be taken for the one that was sent.
package cfb

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"

	"huizong/pkg/workbook/internal/fault"
)

const (
	headerSize = 512
	entrySize  = 128
	miniSize   = 64
	headFAT    = 109 // sectors of the FAT that the header lists itself

	endOfChain = 0xFFFFFFFE
	noStream   = 0xFFFFFFFF

	typeStream, typeRoot = 2, 5
)

// Signature is how every compound file begins.
const Signature = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"

var le = binary.LittleEndian

// Is reports whether the bytes begin like a compound file.
func Is(data []byte) bool { return bytes.HasPrefix(data, []byte(Signature)) }

// File is an opened compound file. It refers to the bytes.
type File struct {
	data       []byte
	sectorSize int
	fat        []uint32
	miniFAT    []uint32
	mini       []byte // the stream of mini sectors
	cutoff     uint64 // shorter streams lie in mini sectors
	used       []bool
	streams    map[string]stream
}

type stream struct {
	start uint32
	size  uint64
}

// Open reads the tables and the directory.
func Open(data []byte) (*File, error) {
	if len(data) < headerSize {
		return nil, damaged(0, "cut short inside the header")
	}
	version, order, shift := le.Uint16(data[26:]), le.Uint16(data[28:]), le.Uint16(data[30:])
	switch {
	case order != 0xFFFE:
		return nil, damaged(28, "byte order %#04x", order)
	case version != 3 && version != 4, version == 3 && shift != 9, version == 4 && shift != 12:
		return nil, damaged(26, "version %d with sectors of 1<<%d bytes", version, shift)
	case le.Uint16(data[32:]) != 6:
		return nil, damaged(32, "mini sectors of 1<<%d bytes", le.Uint16(data[32:]))
	}
	f := &File{data: data, sectorSize: 1 << shift, cutoff: uint64(le.Uint32(data[56:])), streams: map[string]stream{}}
	f.used = make([]bool, f.sectorCount())
	if err := f.readFAT(); err != nil {
		return nil, err
	}
	return f, f.readDirectory()
}

// sectorCount is the number of sectors that begin in the file; the last may be cut.
func (f *File) sectorCount() int {
	return max(0, (len(f.data)-f.sectorSize+f.sectorSize-1)/f.sectorSize)
}

// sector returns a sector, shorter where the file ends in it.
func (f *File) sector(i uint32) ([]byte, error) {
	if uint64(i) >= uint64(len(f.used)) {
		return nil, damaged(len(f.data), "sector %d lies behind the end of the file", i)
	}
	at := (int(i) + 1) * f.sectorSize
	return f.data[at:min(at+f.sectorSize, len(f.data))], nil
}

// take returns a whole sector and marks it as belonging to something.
func (f *File) take(i uint32) ([]byte, error) {
	b, err := f.sector(i)
	if err != nil {
		return nil, err
	}
	if f.used[i] {
		return nil, damaged((int(i)+1)*f.sectorSize, "sector %d is used twice", i)
	}
	f.used[i] = true
	return b, nil
}

// readFAT reads the sectors of the allocation table: those listed in the header, then those in the chain of lists.
func (f *File) readFAT() error {
	count := le.Uint32(f.data[44:])
	if uint64(count) > uint64(len(f.used)) {
		return damaged(44, "an allocation table of %d sectors", count)
	}
	list, next := f.data[76:76+4*headFAT], le.Uint32(f.data[68:])
	for {
		for ; len(list) >= 4 && count > 0; list, count = list[4:], count-1 {
			b, err := f.take(le.Uint32(list))
			if err != nil {
				return err
			}
			f.fat = appendWords(f.fat, b)
		}
		if count == 0 {
			return nil
		}
		b, err := f.take(next)
		if err != nil {
			return err
		}
		if len(b) < f.sectorSize {
			return damaged(len(f.data), "cut short inside the allocation table")
		}
		list, next = b[:f.sectorSize-4], le.Uint32(b[f.sectorSize-4:])
	}
}

func appendWords(words []uint32, b []byte) []uint32 {
	for ; len(b) >= 4; b = b[4:] {
		words = append(words, le.Uint32(b))
	}
	return words
}

// chain collects the sectors of a chain. With a size it must have the sectors that this takes (more may be set aside for
// it); without (−1) it is followed to its end.
func (f *File) chain(start uint32, size int64) ([]byte, error) {
	if size > int64(len(f.data)) {
		return nil, damaged(0, "a stream of %d bytes in a file of %d", size, len(f.data))
	}
	if whole, ok := f.contiguous(start, size); ok {
		return whole, nil
	}
	var out []byte
	for at := start; at != endOfChain && (size < 0 || int64(len(out)) < size); {
		b, err := f.take(at)
		if err != nil {
			return nil, err
		}
		out = append(out, b...)
		if uint64(at) >= uint64(len(f.fat)) {
			return nil, damaged(0, "sector %d is not in the allocation table", at)
		}
		at = f.fat[at]
	}
	if size < 0 {
		return out, nil
	}
	if int64(len(out)) < size {
		return nil, damaged(len(f.data), "a stream is shorter than the directory says")
	}
	return out[:size], nil
}

// contiguous returns the stream without a copy where its sectors follow one another, as they do in most files.
func (f *File) contiguous(start uint32, size int64) ([]byte, bool) {
	if size <= 0 {
		return nil, false
	}
	n := int((size + int64(f.sectorSize) - 1) / int64(f.sectorSize))
	first, begin := int(start), (int(start)+1)*f.sectorSize
	if first+n > len(f.fat) || first+n > len(f.used) || begin+int(size) > len(f.data) {
		return nil, false
	}
	for i := first; i < first+n; i++ {
		last := i == first+n-1
		if f.used[i] || last && f.fat[i] != endOfChain || !last && f.fat[i] != uint32(i+1) {
			return nil, false
		}
	}
	for i := first; i < first+n; i++ {
		f.used[i] = true
	}
	return f.data[begin : begin+int(size)], true
}

func (f *File) readDirectory() error {
	dir, err := f.chain(le.Uint32(f.data[48:]), -1)
	if err != nil {
		return err
	}
	if len(dir) < entrySize || dir[66] != typeRoot {
		return damaged(48, "the directory has no root")
	}
	if err := f.readMini(dir[:entrySize]); err != nil {
		return err
	}
	return f.walk(dir, le.Uint32(dir[76:]))
}

// readMini reads the mini sectors, which lie in a stream of the root's.
func (f *File) readMini(root []byte) error {
	if le.Uint32(f.data[64:]) == 0 {
		return nil
	}
	table, err := f.chain(le.Uint32(f.data[60:]), -1)
	if err != nil {
		return err
	}
	f.miniFAT = appendWords(nil, table)
	// Some writers state a size for the root that is not a whole number of sectors, or smaller than its chain.
	f.mini, err = f.chain(le.Uint32(root[116:]), -1)
	return err
}

// walk goes through the root's children, which the directory holds as a tree.
func (f *File) walk(dir []byte, first uint32) error {
	seen := make([]bool, len(dir)/entrySize)
	for todo := []uint32{first}; len(todo) > 0; {
		id := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if id == noStream {
			continue
		}
		if uint64(id) >= uint64(len(seen)) || seen[id] {
			return damaged(48, "directory entry %d does not exist or stands twice", id)
		}
		seen[id] = true
		e := dir[int(id)*entrySize:][:entrySize]
		if e[66] == typeStream {
			if err := f.addStream(e); err != nil {
				return err
			}
		}
		todo = append(todo, le.Uint32(e[68:]), le.Uint32(e[72:]))
	}
	return nil
}

func (f *File) addStream(e []byte) error {
	n := int(le.Uint16(e[64:]))
	if n < 2 || n > 64 || n%2 != 0 {
		return damaged(48, "a directory entry's name has %d bytes", n)
	}
	units := make([]uint16, 0, 32)
	for i := 0; i < n-2; i += 2 {
		units = append(units, le.Uint16(e[i:]))
	}
	s := stream{start: le.Uint32(e[116:]), size: le.Uint64(e[120:])}
	if f.sectorSize == 512 {
		s.size &= 1<<32 - 1 // version 3 leaves the upper half undefined
	}
	f.streams[strings.ToLower(string(utf16.Decode(units)))] = s
	return nil
}

// Has reports whether the root has a stream of the name, in any case.
func (f *File) Has(name string) bool {
	_, found := f.streams[strings.ToLower(name)]
	return found
}

// Stream returns the bytes of a stream of the root. It may be called once a stream.
func (f *File) Stream(name string) ([]byte, error) {
	s, found := f.streams[strings.ToLower(name)]
	if !found {
		return nil, damaged(0, "stream %q is missing", name)
	}
	if s.size >= f.cutoff {
		return f.chain(s.start, int64(s.size&(1<<62-1)))
	}
	return f.miniChain(s)
}

func (f *File) miniChain(s stream) ([]byte, error) {
	var out []byte
	seen := map[uint32]bool{}
	for at := s.start; uint64(len(out)) < s.size; at = f.miniFAT[at] {
		n := int(min(s.size-uint64(len(out)), miniSize)) // of the last sector the file may hold only what is used
		if uint64(at) >= uint64(len(f.miniFAT)) || seen[at] || int(at)*miniSize+n > len(f.mini) {
			return nil, damaged(len(f.data), "a short stream is cut or runs in a circle")
		}
		seen[at] = true
		out = append(out, f.mini[int(at)*miniSize:][:n]...)
	}
	return out, nil
}

func damaged(at int, cause string, args ...any) error {
	return fault.Damaged("", int64(at), cause, args...)
}
