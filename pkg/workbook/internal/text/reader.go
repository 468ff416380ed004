package text

import (
	"bytes"
	"math"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/arena"
	"huizong/pkg/workbook/internal/fault"
	"huizong/pkg/workbook/internal/limits"
)

// maxField bounds the text between two delimiters: eight times what a cell of any spreadsheet can hold.
const maxField = 256 << 10

// reader cuts records from the front of the text.
type reader struct {
	rest      []byte
	decoder   *decoder // brings what comes behind rest; nil where rest is all there is
	window    []byte   // what the decoder's text is kept in
	delimiter byte
	row       reporting.Row
	meter     *limits.Meter // is asked before a field is kept: a record can be as long as the file
	scratch   []byte
	fields    int    // how many most records have, 0 where that is not known
	broken    []span // the fields in quotes of this record in which lines end
}

// span is a field in quotes with a line end in it: how many delimiters stand in its first, its last and the fullest of its other lines.
type span struct {
	col                   int32
	first, fullest, final int
}

// more decodes on, and returns false at the end of the file. Slices of rest become invalid.
func (r *reader) more() (bool, error) {
	if r.decoder == nil || r.decoder.done() {
		return false, nil
	}
	var err error
	r.window, err = r.decoder.piece(append(r.window[:0], r.rest...))
	r.rest = r.window
	return err == nil, err
}

// record reads one record into row, and returns false where there is none.
func (r *reader) record(texts *arena.Texts) (bool, error) {
	r.row.Cells, r.broken = r.row.Cells[:0], r.broken[:0]
	var taken int64
	for col := int32(0); ; col++ {
		if len(r.rest) == 0 {
			more, err := r.more()
			if err != nil || !more && col == 0 {
				return false, err
			}
		}
		field, last, err := r.field(col)
		if err != nil {
			return false, err
		}
		if field = unguarded(field); len(field) > 0 {
			cell := reporting.Cell{Row: r.row.Index, Col: col, Kind: reporting.TextCell}
			taken += int64(len(field))
			if err := r.meter.Field(cell, taken); err != nil {
				return false, err
			}
			cell.Text = texts.Add(field)
			r.row.Cells = append(r.row.Cells, cell)
		}
		if last {
			r.row.Fields = uint16(min(int(col)+1, math.MaxUint16))
			return true, r.swallowed(int(col))
		}
	}
}

// unguarded is a field without the guard that systems put around long numbers, so that no spreadsheet takes them for numbers to calculate
// with: ="3499…". A spreadsheet shows it without, too.
func unguarded(field []byte) []byte {
	if len(field) < 3 || field[0] != '=' || field[1] != '"' || field[len(field)-1] != '"' || bytes.IndexByte(field[2:len(field)-1], '"') >= 0 {
		return field
	}
	return field[2 : len(field)-1]
}

// swallowed refuses a record in which a stray quote has made one field of several lines: behind one of its line ends the delimiters of a
// whole record follow, or before the first one a record was complete.
func (r *reader) swallowed(last int) error {
	for _, s := range r.broken {
		after := last - int(s.col)
		if r.fields > 2 && (s.first > 0 && int(s.col)+s.first == r.fields-1 || s.fullest > 0 && s.fullest == r.fields-1 || s.final > 0 && s.final+after == r.fields-1) {
			return fault.StrayQuote(reporting.CellName(r.row.Index, s.col))
		}
	}
	return nil
}

// spans notes a field in quotes that has line ends in it.
func (r *reader) spans(col int32) {
	lines := bytes.FieldsFunc(r.scratch, func(c rune) bool { return c == '\n' || c == '\r' })
	if len(lines) < 2 {
		return
	}
	count := func(line []byte) int { return bytes.Count(line, []byte{r.delimiter}) }
	s := span{col: col, first: count(lines[0]), final: count(lines[len(lines)-1])}
	for _, line := range lines[1 : len(lines)-1] {
		s.fullest = max(s.fullest, count(line))
	}
	r.broken = append(r.broken, s)
}

// field cuts a field and what ends it, and reports whether it was the record's last.
func (r *reader) field(col int32) (field []byte, last bool, err error) {
	if len(r.rest) > 0 && r.rest[0] == '"' {
		return r.quoted(col)
	}
	n, err := r.plainLength(col)
	if err != nil {
		return nil, false, err
	}
	field = r.rest[:n]
	r.rest = r.rest[n:]
	return field, r.end(), nil
}

// plainLength is the length of the text before the next delimiter or line end. That and the byte behind it are then in rest.
func (r *reader) plainLength(col int32) (int, error) {
	n := 0
	for {
		n += r.untilEnd(r.rest[n:])
		if n > maxField {
			return 0, r.tooLong(col)
		}
		if n+1 < len(r.rest) {
			return n, nil
		}
		if more, err := r.more(); err != nil || !more {
			return n, err
		}
	}
}

func (r *reader) untilEnd(text []byte) int {
	for i, c := range text {
		if c == r.delimiter || c == '\n' || c == '\r' {
			return i
		}
	}
	return len(text)
}

// end cuts the delimiter or line end, and reports whether the record is over.
func (r *reader) end() bool {
	switch {
	case len(r.rest) == 0:
		return true
	case r.rest[0] == r.delimiter:
		r.rest = r.rest[1:]
		return false
	case len(r.rest) > 1 && r.rest[0] == '\r' && r.rest[1] == '\n':
		r.rest = r.rest[2:]
	default:
		r.rest = r.rest[1:]
	}
	return true
}

// quoted cuts a field in quotes. What follows the closing quote up to the delimiter belongs to the text, as in Excel: people
// write "七老"人员 without thinking of quoting.
func (r *reader) quoted(col int32) ([]byte, bool, error) {
	r.rest = r.rest[1:]
	r.scratch = r.scratch[:0]
	for {
		if err := r.untilQuote(col); err != nil {
			return nil, false, err
		}
		if len(r.rest) == 0 || r.rest[0] != '"' {
			break
		}
		r.scratch = append(r.scratch, '"')
		r.rest = r.rest[1:]
	}
	r.spans(col)
	n, err := r.plainLength(col)
	if err != nil {
		return nil, false, err
	}
	r.scratch = append(r.scratch, r.rest[:n]...)
	r.rest = r.rest[n:]
	return r.scratch, r.end(), nil
}

// untilQuote moves the text before the next quote to scratch and drops the quote. The byte behind it is then in rest.
func (r *reader) untilQuote(col int32) error {
	for {
		n := bytes.IndexByte(r.rest, '"')
		if n < 0 || n+1 == len(r.rest) {
			if more, err := r.more(); err != nil {
				return err
			} else if more && len(r.rest) <= maxField {
				continue
			}
		}
		switch {
		case len(r.scratch)+n > maxField || n < 0 && len(r.rest) > maxField && r.decoder != nil:
			return r.tooLong(col)
		case n < 0:
			return fault.StrayQuote(reporting.CellName(r.row.Index, col))
		}
		r.scratch, r.rest = append(r.scratch, r.rest[:n]...), r.rest[n+1:]
		return nil
	}
}

func (r *reader) tooLong(col int32) error {
	e := fault.TooLarge("", fault.TextTooLong())
	e.Cell = reporting.CellName(r.row.Index, col)
	return e
}
