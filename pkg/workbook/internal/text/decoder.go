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
	"huizong/pkg/workbook/internal/input"
)

// pieceBytes are decoded at a time. It is a multiple of the bytes of a wide character.
const pieceBytes = 64 << 10

// decoder turns a file into UTF-8 piece by piece. What it cannot turn is an error with its place, and nothing is replaced.
type decoder struct {
	file    input.File
	at, end int64
	src     []byte
	next    func(*decoder, []byte) ([]byte, error)
	judged  bool // the file was found sound
}

// open begins to decode the file, without its mark and without the sign of its end.
func (e *encoding) open(file input.File) (*decoder, error) {
	begin, end := int64(len(e.mark)), file.Size()
	if behind := end - int64(len(e.ctrlZ)); behind >= begin {
		tail := make([]byte, len(e.ctrlZ))
		if err := file.Read(tail, behind); err != nil {
			return nil, err
		}
		if string(tail) == e.ctrlZ {
			end = behind
		}
	}
	return e.begin(file, begin, end), nil
}

func (e *encoding) begin(file input.File, at, end int64) *decoder {
	return &decoder{file: file, at: at, end: end, next: e.decode}
}

func (d *decoder) done() bool { return d.at == d.end }

// piece appends the next characters.
func (d *decoder) piece(dst []byte) ([]byte, error) { return d.next(d, dst) }

// ahead returns the next bytes, and whether they are the last. They are valid until the next call.
func (d *decoder) ahead() (src []byte, last bool, err error) {
	n := min(d.end-d.at, pieceBytes)
	d.src = slices.Grow(d.src[:0], pieceBytes)[:n]
	return d.src, d.at+n == d.end, d.file.Read(d.src, d.at)
}

func (d *decoder) advance(n int) { d.at += int64(n) }

// utf8 takes what was judged as it is.
func (d *decoder) utf8(dst []byte) ([]byte, error) {
	if d.judged {
		start := len(dst)
		n := min(d.end-d.at, pieceBytes)
		dst = slices.Grow(dst, int(n))[:start+int(n)]
		err := d.file.Read(dst[start:], d.at)
		d.advance(int(n))
		return dst, err
	}
	src, last, err := d.ahead()
	if err != nil {
		return nil, err
	}
	if !last {
		src = src[:wholeRunes(src)]
	}
	if bad := invalidUTF8(src); bad >= 0 {
		return nil, fault.Damaged("", d.at+int64(bad), "not UTF-8, although its mark says so")
	}
	if i := controlAt(src); i >= 0 {
		return nil, binaryContent(d.at + int64(i))
	}
	d.advance(len(src))
	return append(dst, src...), nil
}

// gb18030 refuses what the standard does not define; the library marks it with U+FFFD.
func (d *decoder) gb18030(dst []byte) ([]byte, error) {
	src, last, err := d.ahead()
	if err != nil {
		return nil, err
	}
	if i := controlAt(src); i >= 0 { // no other character has such a byte in it
		return nil, binaryContent(d.at + int64(i))
	}
	start := len(dst)
	dst = slices.Grow(dst, 3*len(src)) // a single byte can be a euro sign
	n, used, _ := simplifiedchinese.GB18030.NewDecoder().Transform(dst[start:cap(dst)], src, last)
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
		src, last, err := d.ahead()
		if err != nil {
			return nil, err
		}
		i := 0
		for i < len(src) && (last || len(src)-i >= 4) {
			if len(src)-i < 2 {
				return nil, fault.Damaged("", d.at+int64(i), "half a character at the end of UTF-16")
			}
			r, size := rune(order.Uint16(src[i:])), 2
			if utf16.IsSurrogate(r) {
				if len(src)-i < 4 {
					return nil, fault.Damaged("", d.at+int64(i), "half a character at the end of UTF-16")
				}
				if r, size = utf16.DecodeRune(r, rune(order.Uint16(src[i+2:]))), 4; r == utf8.RuneError {
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
		src, _, err := d.ahead()
		if err != nil {
			return nil, err
		}
		i := 0
		for ; i < len(src); i += 4 {
			if len(src)-i < 4 || !utf8.ValidRune(rune(order.Uint32(src[i:]))) {
				return nil, fault.Damaged("", d.at+int64(i), "not UTF-32")
			}
			r := rune(order.Uint32(src[i:]))
			if isControl(r) {
				return nil, binaryContent(d.at + int64(i))
			}
			dst = utf8.AppendRune(dst, r)
		}
		d.advance(i)
		return dst, nil
	}
}
