package formula

import (
	"strconv"
	"strings"

	"huizong/pkg/reporting"
)

const (
	maxRow = 1 << 20
	maxCol = 1 << 14
)

// reference is "$B12": a place, and which of its parts do not move when the formula is copied.
type reference struct {
	row, col           int32
	fixedRow, fixedCol bool
}

// cutReference cuts a reference from the front. What looks like one but goes on as a name or a function is none.
func cutReference(s string) (ref reference, rest string, ok bool) {
	i := 0
	if i < len(s) && s[i] == '$' {
		ref.fixedCol, i = true, i+1
	}
	letters := i
	for i < len(s) && i < letters+3 && isLetter(s[i]) {
		ref.col = ref.col*26 + int32(s[i]&^0x20-'A') + 1
		i++
	}
	if i == letters {
		return ref, s, false
	}
	if i < len(s) && s[i] == '$' {
		ref.fixedRow, i = true, i+1
	}
	digits := i
	for i < len(s) && i < digits+7 && '0' <= s[i] && s[i] <= '9' {
		ref.row = ref.row*10 + int32(s[i]-'0')
		i++
	}
	if i == digits || ref.row < 1 || ref.row > maxRow || ref.col > maxCol || i < len(s) && continues(s[i]) {
		return ref, s, false
	}
	ref.row, ref.col = ref.row-1, ref.col-1
	return ref, s[i:], true
}

// cutArea cuts "A1:B2", or a lone "A1" that is a whole argument.
func cutArea(s string) (area reporting.Range, rest string, ok bool) {
	first, rest, ok := cutReference(s)
	if !ok {
		return area, s, false
	}
	last := first
	if strings.HasPrefix(rest, ":") {
		if last, rest, ok = cutReference(rest[1:]); !ok {
			return area, s, false
		}
	}
	if after := strings.TrimLeft(rest, " "); after == "" || after[0] != ',' && after[0] != ')' {
		return area, s, false
	}
	return reporting.Range{
		FirstRow: min(first.row, last.row), LastRow: max(first.row, last.row),
		FirstCol: min(first.col, last.col), LastCol: max(first.col, last.col),
	}, rest, true
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// continues reports whether the byte makes a longer name of what stands before it.
func continues(c byte) bool {
	return isLetter(c) || '0' <= c && c <= '9' || c == '_' || c == '.' || c == '(' || c == '!' || c >= 0x80
}

// Shift moves the formula's references, as copying it to another cell does. Text in quotes and names stay.
func Shift(text string, rows, cols int32) string {
	var b strings.Builder
	for text != "" {
		if n := unmoved(text); n > 0 {
			b.WriteString(text[:n])
			text = text[n:]
			continue
		}
		ref, rest, ok := cutReference(text)
		if !ok {
			n := wordLength(text)
			b.WriteString(text[:n])
			text = text[n:]
			continue
		}
		b.WriteString(ref.shifted(rows, cols))
		text = rest
	}
	return b.String()
}

// unmoved is the length of what stands at the front and can be no reference: quoted text, or a single sign.
func unmoved(s string) int {
	if c := s[0]; c == '"' || c == '\'' {
		if end := strings.IndexByte(s[1:], c); end >= 0 {
			return end + 2
		}
		return len(s)
	} else if c == '$' || isLetter(c) {
		return 0
	}
	return 1
}

// wordLength is the length of the name at the front, at least one byte.
func wordLength(s string) int {
	n := 1
	for n < len(s) && continues(s[n]) && s[n] != '(' && s[n] != '!' {
		n++
	}
	return n
}

func (r reference) shifted(rows, cols int32) string {
	if !r.fixedRow {
		r.row += rows
	}
	if !r.fixedCol {
		r.col += cols
	}
	if r.row < 0 || r.row >= maxRow || r.col < 0 || r.col >= maxCol {
		return "#REF!"
	}
	text := reporting.ColumnName(r.col)
	if r.fixedCol {
		text = "$" + text
	}
	if r.fixedRow {
		text += "$"
	}
	return text + strconv.Itoa(int(r.row)+1)
}
