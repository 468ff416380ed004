package biff

import (
	"bytes"
	"math"

	"huizong/pkg/reporting"
)

// cellRecord reads a record that has cells in it.
func (r *sheetReader) cellRecord() error {
	switch r.id {
	case idBlank:
		return r.blank()
	case idMulBlank:
		return r.mulBlank()
	case idRK:
		return r.rk()
	case idMulRK:
		return r.mulRK()
	case idNumber:
		return r.number()
	case idLabelSST:
		return r.labelSST()
	case idLabel, idRString:
		return r.label()
	case idBoolErr:
		return r.boolErr()
	}
	return r.formula()
}

func (r *sheetReader) add(c reporting.Cell) {
	if c.Kind != reporting.NumberCell {
		c.Date = false
	}
	r.row.Cells = append(r.row.Cells, c)
}

// addText adds a text cell; empty text is as good as no cell.
func (r *sheetReader) addText(c reporting.Cell, text string) {
	if text == "" {
		r.book.Emptied++
		return
	}
	c.Kind, c.Text = reporting.TextCell, text
	r.add(c)
}

// addNumber adds a number whose text is in the book's scratch, when the text could be made.
func (r *sheetReader) addNumber(c reporting.Cell, ok bool) error {
	if !ok {
		return r.errorf("cell %s holds no number", reporting.CellName(c.Row, c.Col))
	}
	c.Kind, c.Text = reporting.NumberCell, r.texts.Add(r.book.scratch)
	r.add(c)
	return nil
}

func (r *sheetReader) blank() error {
	if err := r.exactly(6); err != nil {
		return err
	}
	_, err := r.cell()
	return err
}

func (r *sheetReader) mulBlank() error {
	n := len(r.data) - 6
	if n < 2 || n%2 != 0 {
		return r.errorf("record %#04x has %d bytes", r.id, len(r.data))
	}
	row, first, last := le.Uint16(r.data), int(le.Uint16(r.data[2:])), int(le.Uint16(r.data[len(r.data)-2:]))
	if last-first+1 != n/2 {
		return r.errorf("columns %d to %d in a record of %d", first, last, n/2)
	}
	for i := range n / 2 {
		if _, err := r.at(row, first+i, le.Uint16(r.data[4+2*i:])); err != nil {
			return err
		}
	}
	return nil
}

func (r *sheetReader) rk() error {
	if err := r.exactly(10); err != nil {
		return err
	}
	c, err := r.cell()
	if err != nil {
		return err
	}
	var ok bool
	r.book.scratch, ok = appendRK(r.book.scratch[:0], le.Uint32(r.data[6:]))
	return r.addNumber(c, ok)
}

func (r *sheetReader) mulRK() error {
	n := len(r.data) - 6
	if n < 6 || n%6 != 0 {
		return r.errorf("record %#04x has %d bytes", r.id, len(r.data))
	}
	row, first, last := le.Uint16(r.data), int(le.Uint16(r.data[2:])), int(le.Uint16(r.data[len(r.data)-2:]))
	if last-first+1 != n/6 {
		return r.errorf("columns %d to %d in a record of %d", first, last, n/6)
	}
	for i := range n / 6 {
		b := r.data[4+6*i:]
		c, err := r.at(row, first+i, le.Uint16(b))
		if err != nil {
			return err
		}
		var ok bool
		r.book.scratch, ok = appendRK(r.book.scratch[:0], le.Uint32(b[2:]))
		if err := r.addNumber(c, ok); err != nil {
			return err
		}
	}
	return nil
}

func (r *sheetReader) number() error {
	if err := r.exactly(14); err != nil {
		return err
	}
	c, err := r.cell()
	if err != nil {
		return err
	}
	var ok bool
	r.book.scratch, ok = appendFloat(r.book.scratch[:0], math.Float64frombits(le.Uint64(r.data[6:])))
	return r.addNumber(c, ok)
}

func (r *sheetReader) labelSST() error {
	if err := r.exactly(10); err != nil {
		return err
	}
	c, err := r.cell()
	if err != nil {
		return err
	}
	i := le.Uint32(r.data[6:])
	if uint64(i) >= uint64(r.book.strings.Len()) {
		return r.errorf("shared string %d, there are %d", i, r.book.strings.Len())
	}
	text, err := r.book.strings.Text(int(i), r.texts)
	if err != nil {
		return err
	}
	r.addText(c, text)
	return nil
}

// label reads a text that stands in the cell: LABEL, and RSTRING with its formatting behind the text.
func (r *sheetReader) label() error {
	if err := r.need(8); err != nil {
		return err
	}
	c, err := r.cell()
	if err != nil {
		return err
	}
	text, err := r.longText(r.data[6:])
	if err != nil {
		return err
	}
	r.addText(c, text)
	return nil
}

// longText decodes a string whose length is two bytes, and which later records may continue.
func (r *sheetReader) longText(b []byte) (string, error) {
	if len(b) < 2 {
		return "", r.errorf("the text of record %#04x is broken", r.id)
	}
	n := int(le.Uint16(b))
	var ok bool
	if r.book.version == biff8 {
		if r.book.scratch, ok = r.continued(b[2:], n); !ok {
			return "", r.errorf("the text of record %#04x is broken", r.id)
		}
	} else {
		if len(b)-2 < n {
			return "", r.errorf("the text of record %#04x is cut short", r.id)
		}
		if r.book.scratch, ok = appendPage(r.book.scratch[:0], b[2:2+n], r.book.codePage); !ok {
			return "", r.errorf("the text of record %#04x is broken", r.id)
		}
	}
	return r.texts.Add(r.book.scratch), nil
}

func (r *sheetReader) continued(b []byte, n int) ([]byte, bool) {
	list, err := r.segments()
	if err != nil {
		return nil, false
	}
	s := segmented{now: b, after: list[1:]}
	return s.text(r.book.scratch[:0], n)
}

func (r *sheetReader) boolErr() error {
	if err := r.need(8); err != nil {
		return err
	}
	c, err := r.cell()
	if err != nil {
		return err
	}
	switch r.data[7] {
	case 0:
		setBool(&c, r.data[6])
	case 1:
		setError(&c, r.data[6])
	default:
		return r.errorf("neither a boolean nor an error")
	}
	r.add(c)
	return nil
}

func setBool(c *reporting.Cell, v byte) {
	c.Kind, c.Text = reporting.BoolCell, "FALSE"
	if v != 0 {
		c.Text = "TRUE"
	}
}

func setError(c *reporting.Cell, code byte) {
	c.Kind, c.Text = reporting.ErrorCell, "#ERROR!"
	switch code {
	case 0x00:
		c.Text = "#NULL!"
	case 0x07:
		c.Text = "#DIV/0!"
	case 0x0F:
		c.Text = "#VALUE!"
	case 0x17:
		c.Text = "#REF!"
	case 0x1D:
		c.Text = "#NAME?"
	case 0x24:
		c.Text = "#NUM!"
	case 0x2A:
		c.Text = "#N/A"
	}
}

// formula takes the cached result; BIFF always has one.
func (r *sheetReader) formula() error {
	if err := r.formulaLength(); err != nil {
		return err
	}
	c, err := r.cell()
	if err != nil {
		return err
	}
	c.Computed = true
	v := r.data[6:14]
	if le.Uint16(v[6:]) != 0xFFFF {
		var ok bool
		r.book.scratch, ok = appendFloat(r.book.scratch[:0], math.Float64frombits(le.Uint64(v)))
		return r.addNumber(c, ok)
	}
	switch v[0] {
	case 0:
		r.awaiting, r.pending = true, c
		return nil
	case 1:
		setBool(&c, v[2])
	case 2:
		setError(&c, v[2])
	case 3:
		return nil // an empty text
	default:
		return r.errorf("a formula's result of type %d", v[0])
	}
	r.add(c)
	return nil
}

// formulaLength compares the record's length with that of the formula in it: a longer record has swallowed the next cells.
// Behind the tokens only the values of arrays may stand.
func (r *sheetReader) formulaLength() error {
	const head, arrays = 22, "\x20\x26\x27\x29\x40\x46\x47\x49\x60\x66\x67\x69"
	if err := r.need(head); err != nil {
		return err
	}
	n := int(le.Uint16(r.data[20:]))
	if len(r.data) < head+n || len(r.data) > head+n && !bytes.ContainsAny(r.data[head:head+n], arrays) {
		return r.errorf("a formula of %d bytes in a record of %d", n, len(r.data))
	}
	return nil
}

// formulaText is the STRING record with the result of the formula before it.
func (r *sheetReader) formulaText() error {
	if !r.awaiting {
		return r.errorf("a text without its formula")
	}
	text, err := r.longText(r.data)
	if err != nil {
		return err
	}
	r.awaiting = false
	r.addText(r.pending, text)
	return nil
}
