package text

import (
	"bytes"
	"encoding/binary"
	"unicode/utf8"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/fault"
	"huizong/pkg/workbook/internal/input"
)

// encoding is one of those in which a text file comes.
type encoding struct {
	name   string
	mark   string // the byte order mark, which is not part of the text
	ctrlZ  string // how DOS ended its files
	decode func(*decoder, []byte) ([]byte, error)
}

var (
	utf8Marked  = &encoding{"UTF-8", "\xEF\xBB\xBF", "\x1A", (*decoder).utf8}
	utf8Plain   = &encoding{"UTF-8", "", "\x1A", (*decoder).utf8}
	gb18030     = &encoding{"GB18030", "", "\x1A", (*decoder).gb18030}
	utf16Little = &encoding{"UTF-16LE", "\xFF\xFE", "\x1A\x00", wide16(binary.LittleEndian)}
	utf16Big    = &encoding{"UTF-16BE", "\xFE\xFF", "\x00\x1A", wide16(binary.BigEndian)}
	utf32Little = &encoding{"UTF-32LE", "\xFF\xFE\x00\x00", "\x1A\x00\x00\x00", wide32(binary.LittleEndian)}
	utf32Big    = &encoding{"UTF-32BE", "\x00\x00\xFE\xFF", "\x00\x00\x00\x1A", wide32(binary.BigEndian)}
)

// marked are the encodings with a mark. That of UTF-32LE begins like that of UTF-16LE.
var marked = []*encoding{utf32Little, utf32Big, utf8Marked, utf16Little, utf16Big}

// findEncoding decides by what the whole file is, byte for byte. A byte order mark decides; else what is valid UTF-8 is UTF-8,
// what is valid UTF-16 or UTF-32 is that, and what is valid GB18030 is GB18030. There is no guessing by frequency: a guess
// that is wrong once in a thousand files puts wrong names into the books, and nobody sees it.
func findEncoding(file input.File) (*encoding, error) {
	head, err := file.Head(4)
	if err != nil {
		return nil, err
	}
	for _, e := range marked {
		if bytes.HasPrefix(head, []byte(e.mark)) {
			return e, nil
		}
	}
	seen, err := look(file)
	switch {
	case err != nil:
		return nil, err
	case seen.nul >= 0:
		return findWide(file, seen.nul)
	case seen.bad < 0:
		return utf8Plain, nil
	case seen.cut && !seen.ascii:
		// Only the last character is cut. Taken for GB18030 the whole file could turn into other characters.
		return nil, fault.Damaged("", seen.bad, "cut short inside a character")
	}
	return gb18030, nil
}

// seen is what the bytes of a file without a mark are.
type seen struct {
	nul   int64 // the place of the first byte of zero, or −1
	bad   int64 // of the first one that is not UTF-8, or −1
	cut   bool  // that is where the file ends inside a character
	ascii bool  // all before it is ASCII
}

func look(file input.File) (seen, error) {
	s := seen{nul: -1, bad: -1, ascii: true}
	for d := utf8Plain.begin(file, 0, file.Size()); !d.done() && s.nul < 0; {
		src, last, err := d.ahead()
		if err != nil {
			return s, err
		}
		if i := bytes.IndexByte(src, 0); i >= 0 {
			s.nul = d.at + int64(i)
		}
		if !last {
			src = src[:wholeRunes(src)]
		}
		if s.bad < 0 {
			s.judge(src, d.at)
		}
		d.advance(len(src))
	}
	return s, nil
}

// judge looks at whole characters that begin at the place, until the first that is none.
func (s *seen) judge(src []byte, at int64) {
	bad := invalidUTF8(src)
	if bad < 0 {
		s.ascii = s.ascii && isASCII(src)
		return
	}
	s.bad = at + int64(bad)
	s.cut = !utf8.FullRune(src[bad:])
	s.ascii = s.ascii && isASCII(src[:bad])
}

// wholeRunes is the length without a character that may go on behind the end.
func wholeRunes(src []byte) int {
	for i := 1; i < utf8.UTFMax && i <= len(src); i++ {
		if c := src[len(src)-i]; utf8.RuneStart(c) {
			if !utf8.FullRune(src[len(src)-i:]) {
				return len(src) - i
			}
			break
		}
	}
	return len(src)
}

// maxLine bounds a line of wide characters without the mark.
const maxLine = 1 << 20

// findWide looks at a file with NUL bytes. Nearly always it is damaged, or no text; but some programs write wide characters
// without the mark. In UTF-32 a byte in four is zero and nothing else can be taken for it. In UTF-16 every line must have a
// delimiter and a line end, each beside a zero, so that no narrow text with a few zeros in it passes.
func findWide(file input.File, nul int64) (*encoding, error) {
	var found *encoding
	for _, e := range []*encoding{utf32Little, utf32Big, utf16Little, utf16Big} {
		unmarked := *e
		unmarked.mark = ""
		fits, err := isTable(&unmarked, file)
		switch {
		case err != nil:
			return nil, err
		case !fits:
			continue
		case found != nil:
			return nil, binaryContent(nul)
		}
		found = &unmarked
	}
	if found == nil {
		return nil, binaryContent(nul)
	}
	return found, nil
}

// isTable reports whether the file is valid in the encoding and has line ends, and each line has a delimiter. The error is of the disk.
func isTable(e *encoding, file input.File) (bool, error) {
	d, err := e.open(file)
	if err != nil {
		return false, err
	}
	r := reader{decoder: d}
	for lines := 0; ; {
		more, err := r.more()
		if input.IsFault(err) {
			return false, err
		}
		if err != nil || len(r.rest) > maxLine {
			return false, nil
		}
		for {
			line, rest, whole := bytes.Cut(r.rest, []byte("\n"))
			if !whole {
				break
			}
			if !isRecord(line) {
				return false, nil
			}
			r.rest, lines = rest, lines+1
		}
		if !more {
			return lines > 0 && isRecord(r.rest), nil
		}
	}
}

func isRecord(line []byte) bool {
	return len(bytes.TrimSpace(line)) == 0 || bytes.ContainsAny(line, ",\t;|")
}

// invalidUTF8 is the place of the first byte that is not UTF-8, or −1.
func invalidUTF8(data []byte) int {
	if utf8.Valid(data) {
		return -1
	}
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

func isASCII(data []byte) bool {
	for _, c := range data {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// controlAt is the place of the first control character that no text has, or −1.
func controlAt(text []byte) int {
	for i, c := range text {
		if isControl(rune(c)) {
			return i
		}
	}
	return -1
}

func isControl(r rune) bool { return r < ' ' && (r < '\t' || r > '\r') }

func binaryContent(at int64) error {
	return &reporting.FileError{
		Code:   reporting.UnreadableFile,
		Offset: at,
		Reason: reporting.Text{
			ZH: "文件里有文本文件不应有的字节（如 NUL），可能已损坏，或者不是电子表格。请在 Excel 或 WPS 中打开原表，另存为 .xlsx 后重新报送。",
			EN: "The file holds bytes that no text file has (such as NUL); it is damaged, or it is no spreadsheet. Open the original table in Excel or WPS, save it as .xlsx and send it again.",
		},
	}
}
