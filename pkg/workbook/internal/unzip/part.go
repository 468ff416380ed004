package unzip

import (
	"hash/crc32"
	"io"

	"huizong/pkg/workbook/internal/fault"
	"huizong/pkg/workbook/internal/input"
	"huizong/pkg/workbook/internal/limits"
)

// Open returns the bytes of a part. It reports io.EOF only after size and checksum have proved right, so a reader that
// stops earlier has not read the part. Close releases what reads ahead.
func (a *Archive) Open(name string) (io.ReadCloser, error) {
	e := a.byName[Key(name)]
	if e == nil {
		return nil, fault.Damaged(name, fault.NoOffset, "the part is missing")
	}
	p := &part{archive: a, entry: e}
	packed := &packedPart{file: a.file, at: e.body, left: int64(e.packed)}
	switch e.method {
	case methodStored:
		p.src = packed
	case methodDeflated:
		p.src = newInflater(packed)
	default:
		return nil, fault.Damaged(name, fault.NoOffset, "packed with method %d", e.method)
	}
	if e.size < aheadFrom {
		return io.NopCloser(p), nil
	}
	return readAhead(p), nil
}

// unpacker gives the plain bytes of a part.
type unpacker interface {
	io.Reader
	rest() int64 // how many packed bytes were not taken
}

// part is one entry while it is read.
type part struct {
	archive *Archive
	entry   *entry
	src     unpacker
	read    uint64
	crc     uint32
	err     error
}

func (p *part) Read(b []byte) (int, error) {
	if p.err != nil {
		return 0, p.err
	}
	n, err := p.src.Read(b)
	p.crc = crc32.Update(p.crc, crc32.IEEETable, b[:n])
	p.read += uint64(n)
	p.archive.unpacked += int64(n)
	switch {
	case p.overLimit():
		p.err = fault.TooLarge(p.entry.name, fault.Bomb())
	case p.read > p.entry.size:
		p.err = p.damaged("the part is longer than its header says")
	case err == io.EOF:
		p.err = p.finish()
	case input.IsFault(err):
		p.err = err
	case err != nil:
		p.err = p.damaged("inflating: %v", err)
	}
	if p.err != nil && p.err != io.EOF {
		return 0, p.err
	}
	return n, p.err
}

func (p *part) overLimit() bool {
	l := p.archive.limits
	return p.archive.unpacked > l.Unpacked || p.read > limits.RatioFrom && p.read > uint64(l.Ratio)*p.entry.packed
}

// finish judges the whole part, and returns io.EOF when it is right.
func (p *part) finish() error {
	switch {
	case p.read != p.entry.size:
		return p.damaged("the part has %d bytes, its header says %d", p.read, p.entry.size)
	case p.crc != p.entry.crc:
		return p.damaged("the checksum is wrong")
	case p.src.rest() > 0:
		return p.damaged("%d bytes stand after the end of the packed data", p.src.rest())
	}
	return io.EOF
}

func (p *part) damaged(cause string, args ...any) error {
	return fault.Damaged(p.entry.name, int64(p.read), cause, args...)
}
