package biff

import (
	"unicode"
	"unicode/utf8"
)

// sound reports whether decoded text is some that can have been typed: no control characters but white space, and of the
// first plane only characters that Unicode has. Anything else is a changed bit, as no program lets it in.
func sound(text []byte) bool {
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			if c < ' ' && c != '\t' && c != '\n' && c != '\r' {
				return false
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		if r < 1<<16 && assigned[r/64]&(1<<(r%64)) == 0 {
			return false
		}
		i += size
	}
	return true
}

// assigned has a bit for each character of the first plane. Those of private use are among them: names are written with some.
var assigned = func() (bits [1024]uint64) {
	for _, table := range []*unicode.RangeTable{
		unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z, unicode.Cf, unicode.Co,
	} {
		for _, span := range table.R16 {
			for r := uint32(span.Lo); r <= uint32(span.Hi); r += uint32(span.Stride) {
				bits[r/64] |= 1 << (r % 64)
			}
		}
	}
	return bits
}()
