package ooxml

import (
	"bytes"

	"huizong/pkg/reporting"
)

// longestPlain bounds the bytes that plainCell looks at, so that one comparison with it replaces all others.
const longestPlain = 96

// plainCells reads the cells that come next as nearly every program writes nearly every cell:
//
//	<c r="B12" s="3" t="s"><v>42</v></c>
//
// with or without style and type. Whatever deviates by a byte is left to the general way, which also words the errors. This
// is a third of the time of a large sheet; it changes no result.
func (r *sheetReader) plainCells() {
	ahead := r.Ahead()
	rest := ahead
	for {
		n := r.plainCell(rest)
		if n == 0 {
			break
		}
		rest = rest[n:]
	}
	r.Advance(len(ahead) - len(rest))
}

// plainCell reads one cell at the start of b and returns its length, or 0 where it is none of the plain kind.
func (r *sheetReader) plainCell(b []byte) int {
	if len(b) < longestPlain || string(b[:6]) != `<c r="` {
		return 0
	}
	col, i := r.plainPlace(b)
	if i == 0 {
		return 0
	}
	style := 0
	if string(b[i:i+4]) == ` s="` {
		n := digits(b[i+4 : i+10])
		style, _ = parseIndex(b[i+4 : i+4+n])
		if n == 0 || b[i+4+n] != '"' {
			return 0
		}
		i += n + 5
	}
	show := r.book.styles.style(style)
	if show == nil {
		return 0
	}
	shared := string(b[i:i+6]) == ` t="s"`
	if shared {
		i += 6
	}
	if string(b[i:i+2]) == "/>" {
		r.lastCol = col
		return i + 2
	}
	if string(b[i:i+len(inlineHead)]) == inlineHead && !shared {
		return r.plainInline(b, i+len(inlineHead), col, show.marks)
	}
	if string(b[i:i+4]) != "><v>" {
		return 0
	}
	i += 4
	end := i
	for end < longestPlain-8 && b[end] != '<' {
		end++
	}
	if string(b[end:end+8]) != "</v></c>" || !r.plainValue(b[i:end], col, shared, show) {
		return 0
	}
	r.lastCol = col
	return end + 8
}

const (
	inlineHead = ` t="inlineStr"><is><t`
	preserve   = ` xml:space="preserve"`
	inlineTail = "</t></is></c>"
)

// special are the bytes that end a text, or that need replacing in it.
var special = [256]bool{'<': true, '&': true, '\r': true, ']': true, '_': true}

// plainInline reads the rest of a cell with its text inside: text without anything that needs replacing.
func (r *sheetReader) plainInline(b []byte, i int, col int32, marks reporting.Marks) int {
	rest := b[i:]
	if bytes.HasPrefix(rest, []byte(preserve)) {
		rest = rest[len(preserve):]
	}
	if len(rest) == 0 || rest[0] != '>' {
		return 0
	}
	rest = rest[1:]
	n := 0
	for n < len(rest) && !special[rest[n]] {
		n++
	}
	if n == 0 || len(rest)-n < len(inlineTail) || string(rest[n:n+len(inlineTail)]) != inlineTail {
		return 0
	}
	text := rest[:n]
	r.row.Cells = append(r.row.Cells, reporting.Cell{Row: r.row.Index, Col: col, Kind: reporting.TextCell, Marks: marks, Text: r.texts.Add(text)})
	r.lastCol = col
	return len(b) - len(rest) + n + len(inlineTail)
}

// plainPlace reads the reference behind `<c r="`. It returns the column and where its quote is closed, 0 when it is not the
// place of a cell that may come next.
func (r *sheetReader) plainPlace(b []byte) (col int32, after int) {
	i := 6
	for ; i < 9 && 'A' <= b[i] && b[i] <= 'Z'; i++ {
		col = col*26 + int32(b[i]-'A') + 1
	}
	row := int32(0)
	for ; i < 17 && '0' <= b[i] && b[i] <= '9'; i++ {
		row = row*10 + int32(b[i]-'0')
	}
	if b[i] != '"' || row-1 != r.row.Index || col-1 <= r.lastCol || col > r.book.limits.Cols {
		return 0, 0
	}
	return col - 1, i + 1
}

// plainValue appends the cell, and returns false where the general way has to look at it.
func (r *sheetReader) plainValue(v []byte, col int32, shared bool, show *style) bool {
	c := reporting.Cell{Row: r.row.Index, Col: col, Marks: show.marks}
	if shared {
		i, ok := parseIndex(v)
		if !ok || i >= r.book.strings.Len() {
			return false
		}
		text, err := r.book.strings.Text(i, r.texts)
		if err != nil || text == "" {
			return false
		}
		c.Kind, c.Text = reporting.TextCell, text
		if len(r.book.rich) > 0 {
			r.setRich(&c, i)
		}
	} else {
		if len(v) == 0 || !isNumber(v) {
			return false
		}
		c.Kind, c.Date, c.Look, c.Text = reporting.NumberCell, show.Date, show.Look, r.texts.Add(v)
	}
	r.row.Cells = append(r.row.Cells, c)
	return true
}
