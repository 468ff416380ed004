package pdf

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"unicode/utf16"
)

// reference is the number of an object.
type reference int

// String is how other objects name it.
func (r reference) String() string { return fmt.Sprintf("%d 0 R", int(r)) }

// objects are the parts of a file, in the order of their numbers. Streams are not compressed: what compress/flate makes may change
// from one Go release to the next, and a report must come out byte for byte the same years later.
type objects struct {
	list [][]byte
}

// reserve takes a number for an object that is set later.
func (o *objects) reserve() reference {
	o.list = append(o.list, nil)
	return reference(len(o.list))
}

func (o *objects) set(r reference, format string, args ...any) {
	o.list[r-1] = fmt.Appendf(nil, format, args...)
}

func (o *objects) add(format string, args ...any) reference {
	r := o.reserve()
	o.set(r, format, args...)
	return r
}

func (o *objects) stream(entries string, content []byte) reference {
	r := o.reserve()
	o.list[r-1] = fmt.Appendf(nil, "<<%s/Length %d>>stream\n%s\nendstream", entries, len(content), content)
	return r
}

// write writes the file. Its id is a digest of what it holds.
func (o *objects) write(w io.Writer, root, info reference) error {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	offsets := make([]int, len(o.list))
	for i, object := range o.list {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	id, start := digest(b.Bytes())[:16], b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(o.list)+1)
	for _, offset := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root %s/Info %s/ID[<%x><%x>]>>\nstartxref\n%d\n%%%%EOF\n", len(o.list)+1, root, info, id, id, start)
	_, err := b.WriteTo(w)
	return err
}

func digest(data []byte) []byte {
	sum := sha256.Sum256(data)
	return sum[:]
}

// text is a string of a PDF in UTF-16, which holds any character without escapes.
func text(s string) string { return "<FEFF" + utf16Hex(s) + ">" }

func utf16Hex(s string) string {
	var b bytes.Buffer
	for _, unit := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", unit)
	}
	return b.String()
}
