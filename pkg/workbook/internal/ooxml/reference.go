package ooxml

import (
	"bytes"

	"huizong/pkg/reporting"
)

// The edges of any sheet.
const (
	maxRows = 1 << 20
	maxCols = 1 << 14
)

// parseCell reads "AB12", zero-based.
func parseCell(b []byte) (row, col int32, ok bool) {
	i := 0
	for i < len(b) && i < 4 && 'A' <= b[i]&^0x20 && b[i]&^0x20 <= 'Z' {
		col = col*26 + int32(b[i]&^0x20-'A') + 1
		i++
	}
	letters := i
	for i < len(b) && i < letters+7 && '0' <= b[i] && b[i] <= '9' {
		row = row*10 + int32(b[i]-'0')
		i++
	}
	if i < len(b) || letters == 0 || row < 1 || row > maxRows || col > maxCols {
		return 0, 0, false
	}
	return row - 1, col - 1, true
}

// parseRange reads "A1:C3" or "A1", and whole columns or rows: "A:C", "1:3".
func parseRange(b []byte) (reporting.Range, bool) {
	first, last, two := bytes.Cut(b, []byte(":"))
	if !two {
		last = first
	}
	r1, c1, ok1 := parseCell(first)
	r2, c2, ok2 := parseCell(last)
	if two && !ok1 && !ok2 {
		if r1, c1, ok1 = parseCell(append(bytes.Clone(first), '1')); ok1 { // columns
			r2, c2, ok2 = parseCell(append(bytes.Clone(last), "1048576"...))
		} else { // rows
			r1, c1, ok1 = parseCell(append([]byte("A"), first...))
			r2, c2, ok2 = parseCell(append([]byte("XFD"), last...))
		}
	}
	return reporting.Range{FirstRow: r1, FirstCol: c1, LastRow: r2, LastCol: c2}, ok1 && ok2 && r1 <= r2 && c1 <= c2
}
