package unzip

import (
	"bufio"
	"bytes"
	"io"

	"github.com/klauspost/compress/flate"

	"huizong/pkg/workbook/internal/input"
)

// packedPart reads the packed bytes of a part.
type packedPart struct {
	file input.File
	at   int64
	left int64
}

func (p *packedPart) Read(b []byte) (int, error) {
	if p.left == 0 {
		return 0, io.EOF
	}
	b = b[:min(int64(len(b)), p.left)]
	if err := p.file.Read(b, p.at); err != nil {
		return 0, err
	}
	p.at += int64(len(b))
	p.left -= int64(len(b))
	return len(b), nil
}

func (p *packedPart) rest() int64 { return p.left }

const (
	inflateBytes = 256 << 10
	inflateLeast = inflateBytes / 2
)

// inflater unpacks what it holds of a part, and reads on between two pieces. Inflating from memory is a tenth faster than from any other
// reader; but how much it takes for a piece nobody can say: a part may have blocks without end that unpack to nothing. So where it runs
// out in the middle of a piece, it begins again in the slower way, and passes over what it has given.
type inflater struct {
	src    *packedPart
	begin  packedPart // of the part
	buf    []byte
	held   *bytes.Reader // of buf
	buffer *bufio.Reader // instead of held, in the slower way
	plain  io.Reader
	given  int64
}

func newInflater(src *packedPart) *inflater {
	i := &inflater{src: src, begin: *src, held: bytes.NewReader(nil)}
	i.buf = make([]byte, 0, min(src.left, inflateBytes))
	i.plain = flate.NewReader(i.held)
	return i
}

// rest is how many packed bytes were not taken.
func (i *inflater) rest() int64 {
	if i.buffer != nil {
		return int64(i.buffer.Buffered()) + i.src.left
	}
	return int64(i.held.Len()) + i.src.left
}

func (i *inflater) Read(b []byte) (int, error) {
	if i.buffer == nil && i.held.Len() < inflateLeast && i.src.left > 0 {
		if err := i.refill(); err != nil {
			return 0, err
		}
	}
	n, err := i.plain.Read(b)
	i.given += int64(n)
	if err == io.ErrUnexpectedEOF && i.buffer == nil && i.src.left > 0 {
		err = i.restart()
	}
	return n, err
}

// refill puts what is still held at the front, and fills the buffer.
func (i *inflater) refill() error {
	kept := copy(i.buf[:cap(i.buf)], i.buf[len(i.buf)-i.held.Len():])
	i.buf = i.buf[:cap(i.buf)]
	n, err := i.src.Read(i.buf[kept:])
	i.buf = i.buf[:kept+n]
	i.held.Reset(i.buf)
	return err
}

func (i *inflater) restart() error {
	*i.src = i.begin
	i.buffer = bufio.NewReaderSize(i.src, inflateBytes)
	i.plain = flate.NewReader(i.buffer)
	_, err := io.CopyN(io.Discard, i.plain, i.given)
	return err
}
