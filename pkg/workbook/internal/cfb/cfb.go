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
	"huizong/pkg/workbook/internal/input"
	"huizong/pkg/workbook/internal/limits"
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

// Is reports whether a file that begins so is a compound file.
func Is(head []byte) bool { return bytes.HasPrefix(head, []byte(Signature)) }

// File is an opened compound file. It refers to the file that it was opened with, and its streams do too.
type File struct {
	file       input.File
	limits     limits.Limits
	header     []byte
	sectorSize int
	fat        []uint32 // as long as there are sectors
	miniFAT    []uint32
	mini       input.File // the stream of mini sectors
	cutoff     uint64     // shorter streams lie in mini sectors
	used       []bool
	streams    map[string]stream
}

type stream struct {
	start uint32
	size  uint64
}

// Open reads the tables and the directory.
func Open(file input.File, l limits.Limits) (*File, error) {
	header, err := file.Head(headerSize)
	if err != nil {
		return nil, err
	}
	if len(header) < headerSize {
		return nil, damaged(0, "cut short inside the header")
	}
	version, order, shift := le.Uint16(header[26:]), le.Uint16(header[28:]), le.Uint16(header[30:])
	switch {
	case order != 0xFFFE:
		return nil, damaged(28, "byte order %#04x", order)
	case version != 3 && version != 4, version == 3 && shift != 9, version == 4 && shift != 12:
		return nil, damaged(26, "version %d with sectors of 1<<%d bytes", version, shift)
	case le.Uint16(header[32:]) != 6:
		return nil, damaged(32, "mini sectors of 1<<%d bytes", le.Uint16(header[32:]))
	}
	f := &File{
		file: file, limits: l, header: header, sectorSize: 1 << shift, cutoff: uint64(le.Uint32(header[56:])), streams: map[string]stream{},
	}
	f.used = make([]bool, f.sectorCount())
	if err := f.readFAT(); err != nil {
		return nil, err
	}
	return f, f.readDirectory()
}

// sectorCount is the number of sectors that begin in the file; the last may be cut.
func (f *File) sectorCount() int64 {
	size := int64(f.sectorSize)
	return max(0, (f.file.Size()-size+size-1)/size)
}

// take returns the place of a sector and its length, which is shorter where the file ends in it, and marks it as belonging to
// something.
func (f *File) take(i uint32) (at, n int64, err error) {
	if uint64(i) >= uint64(len(f.used)) {
		return 0, 0, damaged(f.file.Size(), "sector %d lies behind the end of the file", i)
	}
	at = (int64(i) + 1) * int64(f.sectorSize)
	if f.used[i] {
		return 0, 0, damaged(at, "sector %d is used twice", i)
	}
	f.used[i] = true
	return at, min(int64(f.sectorSize), f.file.Size()-at), nil
}

// readSector takes a sector and reads it.
func (f *File) readSector(i uint32) ([]byte, error) {
	at, n, err := f.take(i)
	if err != nil {
		return nil, err
	}
	b := make([]byte, n)
	return b, f.file.Read(b, at)
}

// readFAT reads the sectors of the allocation table: those listed in the header, then those in the chain of lists.
func (f *File) readFAT() error {
	count := le.Uint32(f.header[44:])
	if uint64(count) > uint64(len(f.used)) {
		return damaged(44, "an allocation table of %d sectors", count)
	}
	list, next := f.header[76:76+4*headFAT], le.Uint32(f.header[68:])
	for {
		for ; len(list) >= 4 && count > 0; list, count = list[4:], count-1 {
			b, err := f.readSector(le.Uint32(list))
			if err != nil {
				return err
			}
			f.fat = appendWords(f.fat, b, len(f.used))
		}
		if count == 0 {
			return nil
		}
		b, err := f.readSector(next)
		if err != nil {
			return err
		}
		if len(b) < f.sectorSize {
			return damaged(f.file.Size(), "cut short inside the allocation table")
		}
		list, next = b[:f.sectorSize-4], le.Uint32(b[f.sectorSize-4:])
	}
}

// appendWords reads a table on, up to n words: what may be behind them is of sectors that the file does not have.
func appendWords(words []uint32, b []byte, n int) []uint32 {
	for ; len(b) >= 4 && len(words) < n; b = b[4:] {
		words = append(words, le.Uint32(b))
	}
	return words
}

// chain finds the sectors of a chain. With a size it must have the sectors that this takes (more may be set aside for it); without
// (−1) it is followed to its end.
func (f *File) chain(start uint32, size int64) (input.File, error) {
	if size > f.file.Size() {
		return input.File{}, damaged(0, "a stream of %d bytes in a file of %d", size, f.file.Size())
	}
	s := sectors{file: f.file}
	for at := start; at != endOfChain && (size < 0 || s.size < size); {
		place, n, err := f.take(at)
		if err != nil {
			return input.File{}, err
		}
		s.add(place, n)
		if uint64(at) >= uint64(len(f.fat)) {
			return input.File{}, damaged(0, "sector %d is not in the allocation table", at)
		}
		at = f.fat[at]
	}
	if size < 0 {
		size = s.size
	}
	if s.size < size {
		return input.File{}, damaged(f.file.Size(), "a stream is shorter than the directory says")
	}
	return input.New(&s, size), nil
}

func (f *File) readDirectory() error {
	chain, err := f.chain(le.Uint32(f.header[48:]), -1)
	if err != nil {
		return err
	}
	if chain.Size() > int64(f.limits.Entries)*entrySize {
		return fault.TooLarge("", fault.Bomb())
	}
	dir, err := chain.Head(int(chain.Size()))
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

// readMini reads the table of the mini sectors, which lie in a stream of the root's.
func (f *File) readMini(root []byte) error {
	if le.Uint32(f.header[64:]) == 0 {
		return nil
	}
	table, err := f.chain(le.Uint32(f.header[60:]), -1)
	if err != nil {
		return err
	}
	// Some writers state a size for the root that is not a whole number of sectors, or smaller than its chain.
	if f.mini, err = f.chain(le.Uint32(root[116:]), -1); err != nil {
		return err
	}
	count := (f.mini.Size() + miniSize - 1) / miniSize
	words, err := table.Head(int(min(4*count, table.Size())))
	f.miniFAT = appendWords(nil, words, len(words))
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

// Stream returns a stream of the root. It may be called once a stream.
func (f *File) Stream(name string) (input.File, error) {
	s, found := f.streams[strings.ToLower(name)]
	if !found {
		return input.File{}, damaged(0, "stream %q is missing", name)
	}
	if s.size >= f.cutoff {
		return f.chain(s.start, int64(s.size&(1<<62-1)))
	}
	return f.miniChain(s)
}

func (f *File) miniChain(s stream) (input.File, error) {
	chain := sectors{file: f.mini}
	seen := make([]bool, len(f.miniFAT))
	for at := s.start; uint64(chain.size) < s.size; at = f.miniFAT[at] {
		n := int64(min(s.size-uint64(chain.size), miniSize)) // of the last sector the file may hold only what is used
		if uint64(at) >= uint64(len(f.miniFAT)) || seen[at] || int64(at)*miniSize+n > f.mini.Size() {
			return input.File{}, damaged(f.file.Size(), "a short stream is cut or runs in a circle")
		}
		seen[at] = true
		chain.add(int64(at)*miniSize, n)
	}
	return input.New(&chain, chain.size), nil
}

func damaged(at int64, cause string, args ...any) error {
	return fault.Damaged("", at, cause, args...)
}
