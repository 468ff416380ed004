package text

import (
	"bytes"
	"encoding/binary"
	"slices"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/fault"
)

// pieceBytes are decoded at a time.
const pieceBytes = 32 << 10

// decoder turns a file into UTF-8 piece by piece. What it cannot turn is an error with its place, and nothing is replaced.
type decoder struct {
	rest []byte
	at   int64 // of rest in the file
	next func(*decoder, []byte) ([]byte, error)
}

// open begins to decode the file, without its mark and without the sign of its end.
func (e *encoding) open(data []byte) *decoder {
	rest := bytes.TrimSuffix(data[len(e.mark):], []byte(e.ctrlZ))
	return &decoder{rest: rest, at: int64(len(e.mark)), next: e.decode}
}

// piece appends the next characters.
func (d *decoder) piece(dst []byte) ([]byte, error) { return d.next(d, dst) }

func (d *decoder) advance(n int) {
	d.rest = d.rest[n:]
	d.at += int64(n)
}

// gb18030 refuses what the standard does not define; the library marks it with U+FFFD.
func (d *decoder) gb18030(dst []byte) ([]byte, error) {
	src := d.rest[:min(len(d.rest), pieceBytes)]
	if i := controlAt(src); i >= 0 { // no other character has such a byte in it
		return nil, binaryContent(d.at + int64(i))
	}
	start := len(dst)
	dst = slices.Grow(dst, 3*len(src)) // a single byte can be a euro sign
	n, used, _ := simplifiedchinese.GB18030.NewDecoder().Transform(dst[start:cap(dst)], src, len(src) == len(d.rest))
	dst = dst[:start+n]
	if bytes.Contains(dst[start:], []byte("\uFFFD")) {
		return nil, unknown(d.at + int64(notGB18030(src)))
	}
	d.advance(used)
	return dst, nil
}

// notGB18030 is the place of the first character that is none.
func notGB18030(src []byte) int {
	var one [utf8.UTFMax]byte
	for i := 0; i < len(src); {
		size := 1
		if src[i] >= utf8.RuneSelf && i+1 < len(src) {
			if size = 2; '0' <= src[i+1] && src[i+1] <= '9' {
				size = 4
			}
		}
		n, used, _ := simplifiedchinese.GB18030.NewDecoder().Transform(one[:], src[i:min(i+size, len(src))], true)
		if used == 0 || bytes.Contains(one[:n], []byte("\uFFFD")) {
			return i
		}
		i += used
	}
	return len(src)
}

func unknown(at int64) error {
	return &reporting.FileError{Code: reporting.UnreadableFile, Offset: at, Reason: unknownEncoding}
}

var unknownEncoding = reporting.Text{
	ZH: "文本文件的编码既不是 UTF-8 也不是 GB18030（GBK），文字无法辨认。请用 Excel 或 WPS 打开，另存为 .xlsx 或“CSV UTF-8”后重新报送。",
	EN: "The text file is neither UTF-8 nor GB18030 (GBK), so its characters cannot be told. Open it in Excel or WPS, save it as .xlsx or “CSV UTF-8”, and send it again.",
}

// wide16 decodes UTF-16.
func wide16(order binary.ByteOrder) func(*decoder, []byte) ([]byte, error) {
	return func(d *decoder, dst []byte) ([]byte, error) {
		i := 0
		for i < min(len(d.rest), pieceBytes) {
			if len(d.rest)-i < 2 {
				return nil, fault.Damaged("", d.at+int64(i), "half a character at the end of UTF-16")
			}
			r, size := rune(order.Uint16(d.rest[i:])), 2
			if utf16.IsSurrogate(r) {
				if len(d.rest)-i < 4 {
					return nil, fault.Damaged("", d.at+int64(i), "half a character at the end of UTF-16")
				}
				if r, size = utf16.DecodeRune(r, rune(order.Uint16(d.rest[i+2:]))), 4; r == utf8.RuneError {
					return nil, fault.Damaged("", d.at+int64(i), "not UTF-16")
				}
			}
			if isControl(r) {
				return nil, binaryContent(d.at + int64(i))
			}
			dst = utf8.AppendRune(dst, r)
			i += size
		}
		d.advance(i)
		return dst, nil
	}
}

// wide32 decodes UTF-32.
func wide32(order binary.ByteOrder) func(*decoder, []byte) ([]byte, error) {
	return func(d *decoder, dst []byte) ([]byte, error) {
		i := 0
		for ; i < min(len(d.rest), pieceBytes); i += 4 {
			if len(d.rest)-i < 4 || !utf8.ValidRune(rune(order.Uint32(d.rest[i:]))) {
				return nil, fault.Damaged("", d.at+int64(i), "not UTF-32")
			}
			r := rune(order.Uint32(d.rest[i:]))
			if isControl(r) {
				return nil, binaryContent(d.at + int64(i))
			}
			dst = utf8.AppendRune(dst, r)
		}
		d.advance(i)
		return dst, nil
	}
}
