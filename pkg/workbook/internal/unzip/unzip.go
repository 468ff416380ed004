// Package unzip reads a zip file strictly.
//
// archive/zip believes the central directory, which is right for archives and wrong for evidence: a file that two programs
// read differently must not be counted at all. Here the local headers have to agree with the directory, entries may not
// overlap or share a name, and a part is only finished when its size and its checksum are those that were promised. All
// limits are counted on bytes that really came out.
package unzip

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/fault"
	"huizong/pkg/workbook/internal/input"
	"huizong/pkg/workbook/internal/limits"
)

const (
	localSignature     = 0x04034b50
	directorySignature = 0x02014b50
	endSignature       = 0x06054b50
	end64Signature     = 0x06064b50
	locatorSignature   = 0x07064b50

	localSize, directorySize, endSize, locatorSize, end64Size = 30, 46, 22, 20, 56

	flagEncrypted, flagDescriptor = 1 << 0, 1 << 3
	methodStored, methodDeflated  = 0, 8

	maxComment   = 1<<16 - 1
	maxDirectory = 8 << 20 // thousands of entries with the longest names that are in use
)

// Archive is an opened zip file. It is not for concurrent use.
type Archive struct {
	file     input.File
	limits   limits.Limits
	entries  []*entry
	byName   map[string]*entry
	unpacked int64
}

type entry struct {
	name         string
	flags        uint16
	method       uint16
	crc          uint32
	packed, size uint64
	offset       uint64 // of the local header
	body         int64  // where the packed bytes begin
}

var le = binary.LittleEndian

// Open reads the directory and checks it against the local headers. The archive refers to the file.
func Open(file input.File, l limits.Limits) (*Archive, error) {
	a := &Archive{file: file, limits: l, byName: map[string]*entry{}}
	count, start, end, err := a.findDirectory()
	if err != nil {
		return nil, err
	}
	if count > uint64(l.Entries) || end-start > maxDirectory {
		return nil, fault.TooLarge("", fault.Bomb())
	}
	if err := a.readDirectory(count, start, end); err != nil {
		return nil, err
	}
	return a, a.checkLayout(start)
}

// read returns n bytes at the place, which must lie in the file.
func (a *Archive) read(at uint64, n int) ([]byte, error) {
	b := make([]byte, n)
	return b, a.file.Read(b, int64(at))
}

// findDirectory returns the number of entries and where the directory stands.
func (a *Archive) findDirectory() (count, start, end uint64, err error) {
	e, end, err := a.findEnd()
	if err != nil {
		return 0, 0, 0, err
	}
	if le.Uint16(e[4:]) != 0 || le.Uint16(e[6:]) != 0 || le.Uint16(e[8:]) != le.Uint16(e[10:]) {
		return 0, 0, 0, damaged(end, "a zip in several volumes")
	}
	count, size, start := uint64(le.Uint16(e[10:])), uint64(le.Uint32(e[12:])), uint64(le.Uint32(e[16:]))
	if at := end; at >= locatorSize {
		locator, err := a.read(at-locatorSize, locatorSize)
		if err != nil {
			return 0, 0, 0, err
		}
		if le.Uint32(locator) == locatorSignature {
			if count, size, start, end, err = a.findEnd64(locator, at-locatorSize); err != nil {
				return 0, 0, 0, err
			}
		}
	}
	if start > end || size != end-start {
		return 0, 0, 0, damaged(end, "the zip directory is not where it should be")
	}
	return count, start, end, nil
}

// findEnd returns the end record and its place. Its comment must reach exactly to the end of the file.
func (a *Archive) findEnd() (e []byte, at uint64, err error) {
	size := uint64(a.file.Size())
	from := size - min(size, endSize+maxComment)
	tail, err := a.read(from, int(size-from))
	if err != nil {
		return nil, 0, err
	}
	for i := len(tail) - endSize; i >= 0; i-- {
		if le.Uint32(tail[i:]) == endSignature && i+endSize+int(le.Uint16(tail[i+20:])) == len(tail) {
			return tail[i:], from + uint64(i), nil
		}
	}
	return nil, 0, damaged(size, "the zip directory is missing: the file is cut short")
}

func (a *Archive) findEnd64(locator []byte, end uint64) (count, size, start, at uint64, err error) {
	at = le.Uint64(locator[8:])
	if at > end || end-at < end64Size {
		return 0, 0, 0, 0, damaged(end, "the zip64 end record is missing")
	}
	e, err := a.read(at, end64Size)
	switch {
	case err != nil:
		return 0, 0, 0, 0, err
	case le.Uint32(e) != end64Signature:
		return 0, 0, 0, 0, damaged(end, "the zip64 end record is missing")
	case le.Uint64(e[24:]) != le.Uint64(e[32:]):
		return 0, 0, 0, 0, damaged(at, "a zip in several volumes")
	}
	return le.Uint64(e[32:]), le.Uint64(e[40:]), le.Uint64(e[48:]), at, nil
}

func (a *Archive) readDirectory(count, start, end uint64) error {
	directory, err := a.read(start, int(end-start))
	if err != nil {
		return err
	}
	for h := directory; ; count-- {
		at := end - uint64(len(h))
		switch {
		case count == 0 && len(h) == 0:
			return nil
		case count == 0:
			return damaged(at, "the zip directory holds more entries than it says")
		case len(h) < directorySize || le.Uint32(h) != directorySignature:
			return damaged(at, "a zip directory entry is broken")
		}
		nameLen, extraLen, commentLen := int(le.Uint16(h[28:])), int(le.Uint16(h[30:])), int(le.Uint16(h[32:]))
		whole := directorySize + nameLen + extraLen + commentLen
		if len(h) < whole {
			return damaged(at, "a zip directory entry is cut short")
		}
		e := &entry{
			name:   string(h[directorySize : directorySize+nameLen]),
			flags:  le.Uint16(h[8:]),
			method: le.Uint16(h[10:]),
			crc:    le.Uint32(h[16:]),
			packed: uint64(le.Uint32(h[20:])),
			size:   uint64(le.Uint32(h[24:])),
			offset: uint64(le.Uint32(h[42:])),
		}
		if !e.readZip64(h[directorySize+nameLen : directorySize+nameLen+extraLen]) {
			return damaged(at, "a zip64 field is broken")
		}
		if err := a.add(e, at); err != nil {
			return err
		}
		h = h[whole:]
	}
}

// readZip64 takes the sizes that do not fit, in the order in which the format has them.
func (e *entry) readZip64(extra []byte) bool {
	for len(extra) >= 4 {
		id, n := le.Uint16(extra), int(le.Uint16(extra[2:]))
		if len(extra)-4 < n {
			return true // some programs pad their extra fields carelessly; nothing of ours is in it
		}
		if id == 1 {
			return e.takeZip64(extra[4 : 4+n])
		}
		extra = extra[4+n:]
	}
	return e.size != 1<<32-1 && e.packed != 1<<32-1 && e.offset != 1<<32-1
}

func (e *entry) takeZip64(field []byte) bool {
	for _, v := range []*uint64{&e.size, &e.packed, &e.offset} {
		if *v != 1<<32-1 {
			continue
		}
		if len(field) < 8 {
			return false
		}
		*v, field = le.Uint64(field), field[8:]
	}
	return true
}

func (a *Archive) add(e *entry, at uint64) error {
	key := Key(e.name)
	if _, twice := a.byName[key]; twice {
		return damaged(at, "two entries are named %q", e.name)
	}
	a.byName[key] = e
	a.entries = append(a.entries, e)
	return nil
}

// checkLayout compares every local header with its directory entry and sees that no two entries share a byte.
func (a *Archive) checkLayout(directory uint64) error {
	sorted := slices.Clone(a.entries)
	slices.SortFunc(sorted, func(x, y *entry) int {
		switch {
		case x.offset < y.offset:
			return -1
		case x.offset > y.offset:
			return 1
		}
		return 0
	})
	free := uint64(0)
	for _, e := range sorted {
		if e.offset < free {
			return damaged(e.offset, "entry %q overlaps another", e.name)
		}
		end, err := a.checkLocal(e, directory)
		if err != nil {
			return err
		}
		free = end
	}
	return nil
}

func (a *Archive) checkLocal(e *entry, directory uint64) (uint64, error) {
	if e.offset > directory || directory-e.offset < localSize {
		return 0, damaged(min(e.offset, directory), "entry %q does not begin where the directory says", e.name)
	}
	rest := directory - e.offset
	h, err := a.read(e.offset, int(min(rest, uint64(localSize+len(e.name)))))
	if err != nil {
		return 0, err
	}
	if le.Uint32(h) != localSignature {
		return 0, damaged(e.offset, "entry %q does not begin where the directory says", e.name)
	}
	nameLen, extraLen := int(le.Uint16(h[26:])), int(le.Uint16(h[28:]))
	body := uint64(localSize + nameLen + extraLen)
	if rest < body || rest-body < e.packed {
		return 0, damaged(e.offset, "entry %q is cut short", e.name)
	}
	if nameLen != len(e.name) || string(h[localSize:]) != e.name || le.Uint16(h[8:]) != e.method || le.Uint16(h[6:])&flagEncrypted != e.flags&flagEncrypted {
		return 0, damaged(e.offset, "entry %q and its directory entry differ", e.name)
	}
	if le.Uint16(h[6:])&flagDescriptor == 0 && !e.agrees(h) {
		return 0, damaged(e.offset, "entry %q and its directory entry differ in size or checksum", e.name)
	}
	e.body = int64(e.offset + body)
	return e.offset + body + e.packed, nil
}

// agrees compares the sizes in a local header; those of zip64 stand elsewhere.
func (e *entry) agrees(h []byte) bool {
	packed, size := le.Uint32(h[18:]), le.Uint32(h[22:])
	return le.Uint32(h[14:]) == e.crc &&
		(packed == 1<<32-1 || uint64(packed) == e.packed) && (size == 1<<32-1 || uint64(size) == e.size)
}

// Key is the form in which names are compared: office programs mix case, slashes and a leading slash.
func Key(name string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "/"))
}

// Has reports whether there is a part of the name.
func (a *Archive) Has(name string) bool { return a.byName[Key(name)] != nil }

// Names lists the parts.
func (a *Archive) Names() []string {
	names := make([]string, len(a.entries))
	for i, e := range a.entries {
		names[i] = e.name
	}
	return names
}

// Encrypted reports whether a part has a zip password.
func (a *Archive) Encrypted() bool {
	return slices.ContainsFunc(a.entries, func(e *entry) bool { return e.flags&flagEncrypted != 0 })
}

// IsZip reports whether a file that begins so is a zip.
func IsZip(head []byte) bool {
	return bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06"))
}

func damaged(at uint64, cause string, args ...any) *reporting.FileError {
	return fault.Damaged("", int64(at), cause, args...)
}
