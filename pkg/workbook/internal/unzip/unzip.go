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
)

// Archive is an opened zip file. It is not for concurrent use.
type Archive struct {
	data     []byte
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
	body         []byte // the packed bytes
}

var le = binary.LittleEndian

// Open reads the directory and checks it against the local headers.
func Open(data []byte, l limits.Limits) (*Archive, error) {
	a := &Archive{data: data, limits: l, byName: map[string]*entry{}}
	count, start, end, err := a.findDirectory()
	if err != nil {
		return nil, err
	}
	if count > uint64(l.Entries) {
		return nil, fault.TooLarge("", fault.Bomb())
	}
	if err := a.readDirectory(count, start, end); err != nil {
		return nil, err
	}
	return a, a.checkLayout(start)
}

// findDirectory returns the number of entries and where the directory stands.
func (a *Archive) findDirectory() (count, start, end uint64, err error) {
	at := a.findEnd()
	if at < 0 {
		return 0, 0, 0, damaged(len(a.data), "the zip directory is missing: the file is cut short")
	}
	e := a.data[at:]
	if le.Uint16(e[4:]) != 0 || le.Uint16(e[6:]) != 0 || le.Uint16(e[8:]) != le.Uint16(e[10:]) {
		return 0, 0, 0, damaged(at, "a zip in several volumes")
	}
	count, size, start := uint64(le.Uint16(e[10:])), uint64(le.Uint32(e[12:])), uint64(le.Uint32(e[16:]))
	end = uint64(at)
	if at >= locatorSize && le.Uint32(a.data[at-locatorSize:]) == locatorSignature {
		if count, size, start, end, err = a.findEnd64(at - locatorSize); err != nil {
			return 0, 0, 0, err
		}
	}
	if start > end || size != end-start {
		return 0, 0, 0, damaged(at, "the zip directory is not where it should be")
	}
	return count, start, end, nil
}

// findEnd looks for the end record, whose comment must reach exactly to the end of the file.
func (a *Archive) findEnd() int {
	const maxComment = 1 << 16
	for at := len(a.data) - endSize; at >= 0 && at > len(a.data)-endSize-maxComment; at-- {
		if le.Uint32(a.data[at:]) == endSignature && at+endSize+int(le.Uint16(a.data[at+20:])) == len(a.data) {
			return at
		}
	}
	return -1
}

func (a *Archive) findEnd64(locator int) (count, size, start, end uint64, err error) {
	at := le.Uint64(a.data[locator+8:])
	if at > uint64(locator) || uint64(locator)-at < end64Size || le.Uint32(a.data[at:]) != end64Signature {
		return 0, 0, 0, 0, damaged(locator, "the zip64 end record is missing")
	}
	e := a.data[at:]
	if le.Uint64(e[24:]) != le.Uint64(e[32:]) {
		return 0, 0, 0, 0, damaged(int(at), "a zip in several volumes")
	}
	return le.Uint64(e[32:]), le.Uint64(e[40:]), le.Uint64(e[48:]), at, nil
}

func (a *Archive) readDirectory(count, start, end uint64) error {
	at := start
	for range count {
		if end-at < directorySize || le.Uint32(a.data[at:]) != directorySignature {
			return damaged(int(at), "a zip directory entry is broken")
		}
		h := a.data[at:end]
		nameLen, extraLen, commentLen := int(le.Uint16(h[28:])), int(le.Uint16(h[30:])), int(le.Uint16(h[32:]))
		whole := directorySize + nameLen + extraLen + commentLen
		if len(h) < whole {
			return damaged(int(at), "a zip directory entry is cut short")
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
			return damaged(int(at), "a zip64 field is broken")
		}
		if err := a.add(e, int(at)); err != nil {
			return err
		}
		at += uint64(whole)
	}
	if at != end {
		return damaged(int(at), "the zip directory holds more entries than it says")
	}
	return nil
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

func (a *Archive) add(e *entry, at int) error {
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
			return damaged(int(e.offset), "entry %q overlaps another", e.name)
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
	if e.offset > directory || directory-e.offset < localSize || le.Uint32(a.data[e.offset:]) != localSignature {
		return 0, damaged(int(min(e.offset, directory)), "entry %q does not begin where the directory says", e.name)
	}
	h := a.data[e.offset:directory]
	nameLen, extraLen := int(le.Uint16(h[26:])), int(le.Uint16(h[28:]))
	body := localSize + nameLen + extraLen
	if len(h) < body || uint64(len(h)-body) < e.packed {
		return 0, damaged(int(e.offset), "entry %q is cut short", e.name)
	}
	if string(h[localSize:localSize+nameLen]) != e.name || le.Uint16(h[8:]) != e.method || le.Uint16(h[6:])&flagEncrypted != e.flags&flagEncrypted {
		return 0, damaged(int(e.offset), "entry %q and its directory entry differ", e.name)
	}
	e.body = h[body : uint64(body)+e.packed]
	if le.Uint16(h[6:])&flagDescriptor == 0 && !e.agrees(h) {
		return 0, damaged(int(e.offset), "entry %q and its directory entry differ in size or checksum", e.name)
	}
	return e.offset + uint64(body) + e.packed, nil
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

// IsZip reports whether the bytes begin like a zip.
func IsZip(data []byte) bool {
	return bytes.HasPrefix(data, []byte("PK\x03\x04")) || bytes.HasPrefix(data, []byte("PK\x05\x06"))
}

func damaged(at int, cause string, args ...any) *reporting.FileError {
	return fault.Damaged("", int64(at), cause, args...)
}
