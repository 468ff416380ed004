// Package text reads tables from text files: values separated by commas, tabs, semicolons or bars, in the encodings that
// Chinese offices use.
//
// A record is a row, also a blank one; a line break in quotes does not begin another. A quote that is never closed is an
// error, since it has swallowed the rest of the file.
package text

import (
	"bytes"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/arena"
	"huizong/pkg/workbook/internal/fault"
	"huizong/pkg/workbook/internal/limits"
)

// Table is a decoded text file.
type Table struct {
	Encoding  string // "UTF-8", "UTF-16LE", "GB18030" …
	Delimiter byte   // ',' '\t' ';' or '|'

	plain  []byte
	copied bool // plain is not the file itself
	limits limits.Limits
}

// Held is the memory that the decoded text takes beside the file.
func (t *Table) Held() int64 {
	if !t.copied {
		return 0
	}
	return int64(cap(t.plain))
}

// Open decodes the file and finds its delimiter. It does not keep the bytes from being read before: the table refers to
// data where that is UTF-8 already.
func Open(data []byte, l limits.Limits) (*Table, error) {
	plain, encoding, err := decode(data, l.Bytes)
	if err != nil {
		return nil, err
	}
	if plain, err = checkControls(plain); err != nil {
		return nil, err
	}
	if len(bytes.TrimSpace(plain)) == 0 {
		return nil, fault.Unreadable("", blank)
	}
	t := &Table{Encoding: encoding, plain: plain, copied: encoding != "UTF-8", limits: l}
	t.Delimiter = findDelimiter(plain)
	return t, nil
}

var blank = reporting.Text{
	ZH: "文件里没有任何内容。请检查是否选错了文件，保存后重新报送。",
	EN: "The file holds nothing. Check that it is the right one, save it and send it again.",
}

// Scan reads the records. Texts are kept in the arena; the row is the reader's own and changes after visit.
func (t *Table) Scan(texts *arena.Texts, visit func(*reporting.Row) error) error {
	meter := limits.NewMeter(t.limits, "", "")
	r := reader{rest: t.plain, delimiter: t.Delimiter, size: len(t.plain)}
	if line, ok := separatorLine(t.plain); ok {
		r.rest = t.plain[line:]
		r.row.Index = 1 // the line is a record too, without a cell
	}
	for len(r.rest) > 0 {
		if err := r.record(texts); err != nil {
			return err
		}
		if len(r.row.Cells) > 0 {
			if err := meter.Row(&r.row); err != nil {
				return err
			}
			if err := visit(&r.row); err != nil {
				return err
			}
		}
		r.row.Index++
	}
	return nil
}

// reader cuts records from the front of the text.
type reader struct {
	rest      []byte
	delimiter byte
	size      int
	row       reporting.Row
	scratch   []byte
}

// record reads one record into row.
func (r *reader) record(texts *arena.Texts) error {
	r.row.Cells = r.row.Cells[:0]
	for col := int32(0); ; col++ {
		field, last, err := r.field()
		if err != nil {
			return err
		}
		if len(field) > 0 {
			r.row.Cells = append(r.row.Cells, reporting.Cell{
				Row: r.row.Index, Col: col, Kind: reporting.TextCell, Text: texts.Add(field),
			})
		}
		if last {
			return nil
		}
	}
}

// field cuts a field and what ends it, and reports whether it was the record's last.
func (r *reader) field() (field []byte, last bool, err error) {
	if len(r.rest) > 0 && r.rest[0] == '"' {
		return r.quoted()
	}
	n := r.plainLength()
	field = r.rest[:n]
	r.rest = r.rest[n:]
	return field, r.end(), nil
}

// plainLength is the length of the text before the next delimiter or line end.
func (r *reader) plainLength() int {
	for i, c := range r.rest {
		if c == r.delimiter || c == '\n' || c == '\r' {
			return i
		}
	}
	return len(r.rest)
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
func (r *reader) quoted() ([]byte, bool, error) {
	start := r.size - len(r.rest)
	r.rest = r.rest[1:]
	r.scratch = r.scratch[:0]
	for {
		n := bytes.IndexByte(r.rest, '"')
		if n < 0 {
			e := fault.Damaged("", int64(start), "a quote is never closed")
			e.Cell = reporting.CellName(r.row.Index, 0)
			return nil, false, e
		}
		r.scratch = append(r.scratch, r.rest[:n]...)
		r.rest = r.rest[n+1:]
		if len(r.rest) == 0 || r.rest[0] != '"' {
			break
		}
		r.scratch = append(r.scratch, '"')
		r.rest = r.rest[1:]
	}
	n := r.plainLength()
	r.scratch = append(r.scratch, r.rest[:n]...)
	r.rest = r.rest[n:]
	return r.scratch, r.end(), nil
}
