package xmlscan

import (
	"bytes"
	"encoding/binary"
	"io"
	"strconv"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"

	"huizong/pkg/workbook/internal/fault"
	"huizong/pkg/workbook/internal/input"
)

// more reads on, behind the unread bytes. It returns false at the end of the part. Slices into the buffer become invalid.
func (s *Scanner) more() (bool, error) {
	if s.atEOF {
		return false, nil
	}
	s.makeRoom()
	if s.end == len(s.buf) {
		return false, fault.TooLarge(s.part, fault.Bomb())
	}
	n, err := io.ReadAtLeast(s.src, s.buf[s.end:], 1)
	s.end += n
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return false, err
	}
	s.atEOF = err != nil
	if !s.started {
		s.started = true
		if err := s.begin(); err != nil {
			return false, err
		}
	}
	return n > 0, s.check()
}

// makeRoom moves the unread bytes to the front, and doubles the buffer when one token fills it.
func (s *Scanner) makeRoom() {
	if s.pos > 0 {
		copy(s.buf, s.buf[s.pos:s.end])
		s.base += int64(s.pos)
		s.end -= s.pos
		s.checked -= s.pos
		s.pos = 0
	}
	if s.end > len(s.buf)/2 && len(s.buf) < maxToken {
		grown := make([]byte, 2*len(s.buf))
		copy(grown, s.buf[:s.end])
		s.buf = grown
	}
}

// begin looks at the first bytes: a UTF-8 mark is dropped, UTF-16 is transcoded from here on.
func (s *Scanner) begin() error {
	for s.end < 4 {
		n, err := s.src.Read(s.buf[s.end:])
		s.end += n
		if err == io.EOF {
			s.atEOF = true
			break
		}
		if err != nil {
			return err
		}
	}
	head := s.buf[:s.end]
	switch {
	case bytes.HasPrefix(head, []byte("\xEF\xBB\xBF")):
		s.pos, s.checked = 3, 3
	case bytes.HasPrefix(head, []byte("\xFF\xFE")), bytes.HasPrefix(head, []byte("<\x00")):
		return s.transcode(unicode.LittleEndian)
	case bytes.HasPrefix(head, []byte("\xFE\xFF")), bytes.HasPrefix(head, []byte("\x00<")):
		return s.transcode(unicode.BigEndian)
	}
	return nil
}

func (s *Scanner) transcode(order unicode.Endianness) error {
	whole := io.MultiReader(bytes.NewReader(bytes.Clone(s.buf[:s.end])), s.src)
	s.src = unicode.UTF16(order, unicode.UseBOM).NewDecoder().Reader(whole)
	s.end, s.atEOF = 0, false
	n, err := io.ReadAtLeast(s.src, s.buf, 1)
	s.end = n
	if input.IsFault(err) {
		return err
	}
	if err != nil && err != io.EOF {
		return s.errorf("not UTF-16: %v", err)
	}
	s.atEOF = err != nil
	return nil
}

// check makes sure that what was read is UTF-8 and has no control characters. A character cut by the end of the buffer waits.
// It looks at a whole buffer at once, because a byte of a sheet can hardly be looked at for less.
func (s *Scanner) check() error {
	b := s.buf[s.checked:s.end]
	if !s.atEOF {
		b = b[:wholeRunes(b)]
	}
	if i := controlAt(b); i >= 0 {
		return s.badCharacter(i, "control character %#02x", b[i])
	}
	if !utf8.Valid(b) {
		return s.badCharacter(firstInvalid(b), "not UTF-8")
	}
	for rest := b; ; {
		i := bytes.Index(rest, []byte("\xEF\xBF"))
		if i < 0 {
			break
		}
		if rest[i+2] >= 0xBE {
			return s.badCharacter(len(b)-len(rest)+i, "U+FFFE or U+FFFF, which are no characters")
		}
		rest = rest[i+3:]
	}
	s.checked += len(b)
	return nil
}

func (s *Scanner) badCharacter(i int, cause string, args ...any) error {
	return fault.Damaged(s.part, s.base+int64(s.checked+i), cause, args...)
}

// wholeRunes is the length of b without a character that its end cuts.
func wholeRunes(b []byte) int {
	for i := len(b) - 1; i >= 0 && i >= len(b)-utf8.UTFMax; i-- {
		if utf8.RuneStart(b[i]) {
			if !utf8.FullRune(b[i:]) {
				return i
			}
			break
		}
	}
	return len(b)
}

// controlAt is the place of the first control character but white space, or −1. It takes 32 bytes at a time.
func controlAt(b []byte) int {
	const step = 32
	i := 0
	for ; i+step <= len(b); i += step {
		piece := b[i : i+step : i+step]
		if belowSpace(piece[0:])|belowSpace(piece[8:])|belowSpace(piece[16:])|belowSpace(piece[24:]) == 0 {
			continue
		}
		for j, c := range piece {
			if c < ' ' && !isSpace(c) {
				return i + j
			}
		}
	}
	for ; i < len(b); i++ {
		if b[i] < ' ' && !isSpace(b[i]) {
			return i
		}
	}
	return -1
}

// belowSpace is not zero when one of the first eight bytes is below a space.
func belowSpace(b []byte) uint64 {
	const spaces, high = 0x2020202020202020, 0x8080808080808080
	w := binary.LittleEndian.Uint64(b)
	return (w - spaces) &^ w & high
}

func firstInvalid(b []byte) int {
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(b)
}

// unescape replaces entities and line ends. CDATA has no entities.
func (s *Scanner) unescape(b []byte, literal bool) ([]byte, error) {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); {
		switch c := b[i]; {
		case c == '&' && !literal:
			r, size := entity(b[i:])
			if size == 0 {
				return nil, s.errorf("a malformed or unknown entity")
			}
			out = utf8.AppendRune(out, r)
			i += size
		case c == '\r':
			out = append(out, '\n')
			i++
			if i < len(b) && b[i] == '\n' {
				i++
			}
		default:
			out = append(out, c)
			i++
		}
	}
	return out, nil
}

// entity reads "&lt;" or "&#x4E2D;" and returns its length, 0 when it is none.
func entity(b []byte) (rune, int) {
	end := bytes.IndexByte(b[:min(len(b), 12)], ';')
	if end < 2 {
		return 0, 0
	}
	switch name := string(b[1:end]); {
	case name == "lt":
		return '<', end + 1
	case name == "gt":
		return '>', end + 1
	case name == "amp":
		return '&', end + 1
	case name == "quot":
		return '"', end + 1
	case name == "apos":
		return '\'', end + 1
	case name[0] == '#':
		return charRef(name[1:], end+1)
	}
	return 0, 0
}

func charRef(digits string, size int) (rune, int) {
	base := 10
	if digits != "" && digits[0] == 'x' {
		base, digits = 16, digits[1:]
	}
	n, err := strconv.ParseUint(digits, base, 32)
	r := rune(n)
	if err != nil || n > utf8.MaxRune || !utf8.ValidRune(r) || r < ' ' && !isSpace(byte(r)) || r == 0xFFFE || r == 0xFFFF {
		return 0, 0
	}
	return r, size
}
