package biff

import (
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// Flags of a BIFF8 string.
const (
	flagWide     = 1 << 0 // two bytes a character
	flagExtended = 1 << 2 // readings (phonetic) follow
	flagRich     = 1 << 3 // formatting runs follow
	flagsKnown   = flagWide | flagExtended | flagRich
)

// codePages are the encodings of BIFF5. Others are read as Western European, which at least keeps ASCII.
var codePages = map[uint16]encoding.Encoding{
	437: charmap.CodePage437, 850: charmap.CodePage850, 852: charmap.CodePage852, 866: charmap.CodePage866,
	874: charmap.Windows874, 932: japanese.ShiftJIS, 936: simplifiedchinese.GBK, 949: korean.EUCKR, 950: traditionalchinese.Big5,
	10001: japanese.ShiftJIS, 10002: traditionalchinese.Big5, 10003: korean.EUCKR, 10008: simplifiedchinese.GBK, // of the Macintosh
	1250: charmap.Windows1250, 1251: charmap.Windows1251, 1252: charmap.Windows1252, 1253: charmap.Windows1253,
	1254: charmap.Windows1254, 1255: charmap.Windows1255, 1256: charmap.Windows1256, 1257: charmap.Windows1257,
	1258: charmap.Windows1258, 10000: charmap.Macintosh, 10007: charmap.MacintoshCyrillic, 32768: charmap.Macintosh,
	32769: charmap.Windows1252,
}

// appendPage decodes text in a code page. False means that the bytes are no text in it.
func appendPage(dst, b []byte, page uint16) ([]byte, bool) {
	enc := codePages[page]
	if enc == nil {
		enc = charmap.Windows1252
	}
	out, err := enc.NewDecoder().Bytes(b)
	return append(dst, out...), err == nil
}

// appendNarrow decodes one byte a character, the lower half of Unicode.
func appendNarrow(dst, b []byte) []byte {
	for _, c := range b {
		if c < utf8.RuneSelf {
			dst = append(dst, c)
		} else {
			dst = append(dst, 0xC0|c>>6, 0x80|c&0x3F)
		}
	}
	return dst
}

// appendWide decodes UTF-16. False means that it is none.
func appendWide(dst, b []byte) ([]byte, bool) {
	for i := 0; i+2 <= len(b); i += 2 {
		u := rune(le.Uint16(b[i:]))
		switch {
		case u < utf8.RuneSelf:
			dst = append(dst, byte(u))
		case !utf16.IsSurrogate(u):
			dst = utf8.AppendRune(dst, u)
		default:
			if i+4 > len(b) {
				return dst, false
			}
			i += 2
			if u = utf16.DecodeRune(u, rune(le.Uint16(b[i:]))); u == utf8.RuneError {
				return dst, false
			}
			dst = utf8.AppendRune(dst, u)
		}
	}
	return dst, true
}

// segmented reads across a record and those that continue it.
type segmented struct {
	now     []byte
	runs    []byte   // the formatting of the text read last
	records *records // nil where the text may not be torn
}

// bytes returns n bytes that may not be torn.
func (s *segmented) bytes(n int) ([]byte, bool) {
	if len(s.now) == 0 && !s.advance() || len(s.now) < n {
		return nil, false
	}
	b := s.now[:n]
	s.now = s.now[n:]
	return b, true
}

// skip passes over n bytes, torn or not.
func (s *segmented) skip(n int) bool {
	for n > len(s.now) {
		n -= len(s.now)
		if !s.advance() {
			return false
		}
	}
	s.now = s.now[n:]
	return true
}

func (s *segmented) advance() bool {
	if s.records == nil || s.records.peek() != idContinue || s.records.next() != nil {
		return false
	}
	s.now = s.records.data
	return true
}

// take copies n bytes, torn or not.
func (s *segmented) take(dst []byte, n int) ([]byte, bool) {
	for n > len(s.now) {
		dst, n = append(dst, s.now...), n-len(s.now)
		if !s.advance() {
			return dst, false
		}
	}
	dst = append(dst, s.now[:n]...)
	s.now = s.now[n:]
	return dst, true
}

// done reports whether all is read.
func (s *segmented) done() bool { return len(s.now) == 0 && s.records.peek() != idContinue }

// chars appends count characters. Where the text is torn, the next piece says again how wide its characters are.
func (s *segmented) chars(dst []byte, count int, flags byte) ([]byte, bool) {
	for count > 0 {
		if len(s.now) == 0 {
			if !s.advance() || len(s.now) == 0 {
				return dst, false
			}
			flags, s.now = flags&^flagWide|s.now[0]&flagWide, s.now[1:]
		}
		ok := true
		n := min(count, len(s.now))
		if flags&flagWide == 0 {
			dst = appendNarrow(dst, s.now[:n])
			s.now = s.now[n:]
		} else {
			if n = min(count, len(s.now)/2); n == 0 {
				return dst, false
			}
			dst, ok = appendWide(dst, s.now[:2*n])
			s.now = s.now[2*n:]
		}
		if !ok {
			return dst, false
		}
		count -= n
	}
	return dst, true
}

// text appends a string of BIFF8 whose length was read, and keeps its formatting; readings are passed over.
func (s *segmented) text(dst []byte, count int) ([]byte, bool) {
	head, ok := s.bytes(1)
	if !ok || head[0]&^flagsKnown != 0 {
		return dst, false
	}
	flags, extra, formatting := head[0], 0, 0
	s.runs = s.runs[:0]
	if flags&flagRich != 0 {
		b, ok := s.bytes(2)
		if !ok {
			return dst, false
		}
		formatting = 4 * int(le.Uint16(b))
	}
	if flags&flagExtended != 0 {
		b, ok := s.bytes(4)
		if !ok || le.Uint32(b) > 1<<24 {
			return dst, false
		}
		extra += int(le.Uint32(b))
	}
	if dst, ok = s.chars(dst, count, flags); !ok {
		return dst, false
	}
	s.runs, ok = s.take(s.runs, formatting)
	return dst, ok && s.skip(extra)
}
