package biff

import (
	"bytes"
	"math"
	"unicode/utf8"

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
		if c.Look != nil && c.Look.Format != nil && c.Look.Formula == "" {
			c.Look = nil // the format of a number
		}
	}
	r.row.Cells = append(r.row.Cells, c)
}

// addText adds a text cell; empty text is as good as no cell.
func (r *sheetReader) addText(c reporting.Cell, text string, runs []run) {
	if text == "" {
		r.book.Emptied++
		return
	}
	c.Kind, c.Text = reporting.TextCell, text
	r.book.dress(&c, runs)
	r.add(c)
}

// addNumber adds a number whose text is in the book's scratch, when the text could be made. What is no number, though it stands where one
// does, is shown as an error by every spreadsheet, and is one.
func (r *sheetReader) addNumber(c reporting.Cell, ok bool) {
	if !ok {
		c.Kind, c.Text = reporting.ErrorCell, "#NUM!"
		r.add(c)
		return
	}
	c.Kind, c.Text = reporting.NumberCell, r.texts.Add(r.book.scratch)
	r.add(c)
}

func (r *sheetReader) blank() error {
	if err := r.exactly(6); err != nil {
		return err
	}
	_, err := r.cell()
	return err
}

func (r *sheetReader) mulBlank() error {
	first, n, err := r.run(2)
	if err != nil {
		return err
	}
	for i := range n {
		if _, err := r.at(le.Uint16(r.data), first+i, le.Uint16(r.data[4+2*i:])); err != nil {
			return err
		}
	}
	return nil
}

// run returns the first column of a record with several cells, and how many there are. Each takes so many bytes.
func (r *sheetReader) run(width int) (first, n int, err error) {
	if len(r.data) < 6+width || (len(r.data)-6)%width != 0 {
		return 0, 0, r.errorf("record %#04x has %d bytes", r.id, len(r.data))
	}
	n = (len(r.data) - 6) / width
	first, last := int(le.Uint16(r.data[2:])), int(le.Uint16(r.data[len(r.data)-2:]))
	if last-first+1 != n {
		return 0, 0, r.errorf("columns %d to %d in a record of %d", first, last, n)
	}
	return first, n, nil
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
	r.addNumber(c, ok)
	return nil
}

func (r *sheetReader) mulRK() error {
	first, n, err := r.run(6)
	if err != nil {
		return err
	}
	for i := range n {
		b := r.data[4+6*i:]
		c, err := r.at(le.Uint16(r.data), first+i, le.Uint16(b))
		if err != nil {
			return err
		}
		var ok bool
		r.book.scratch, ok = appendRK(r.book.scratch[:0], le.Uint32(b[2:]))
		r.addNumber(c, ok)
	}
	return nil
}

func (r *sheetReader) number() error {
	if err := r.padded(14); err != nil {
		return err
	}
	c, err := r.cell()
	if err != nil {
		return err
	}
	var ok bool
	r.book.scratch, ok = appendFloat(r.book.scratch[:0], math.Float64frombits(le.Uint64(r.data[6:])))
	r.addNumber(c, ok)
	return nil
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
	r.addText(c, text, r.book.rich[int(i)].runs)
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
	text, runs, err := r.longText(r.data[6:], r.id == idRString)
	if err != nil {
		return err
	}
	r.addText(c, text, runs)
	return nil
}

// longText decodes a string whose length is two bytes, and which later records may continue. Behind it there may be its
// formatting, which is two or four bytes for each change; else only zeros may follow, or the text would be longer than it says.
func (r *sheetReader) longText(b []byte, formatted bool) (string, []run, error) {
	if len(b) < 2 {
		return "", nil, r.errorf("the text of record %#04x is broken", r.id)
	}
	id, n := r.id, int(le.Uint16(b))
	var rest []byte
	var ok bool
	if r.book.version == biff8 {
		r.book.scratch, rest, ok = r.continued(b[2:], n)
	} else {
		r.book.scratch, rest, ok = r.narrow(b[2:], n)
	}
	typed := id != idString // a formula can make any character
	if !ok || typed && !sound(r.book.scratch) || !formatted && len(bytes.TrimLeft(rest, "\x00")) > 0 {
		return "", nil, r.errorf("the text of record %#04x is broken", id)
	}
	var runs []run
	if formatted {
		runs = r.runsBehind(rest)
	}
	return r.texts.Add(r.book.scratch), runs, nil
}

// runsBehind reads the formatting behind a text: two bytes for each number, or one in version 5.
func (r *sheetReader) runsBehind(b []byte) []run {
	switch {
	case r.book.version == biff8 && len(b) >= 2:
		return readRuns(b[2:])
	case r.book.version == biff5 && len(b) >= 1:
		var runs []run
		for b = b[1:]; len(b) >= 2; b = b[2:] {
			runs = append(runs, run{int(b[0]), int(b[1])})
		}
		return runs
	}
	return nil
}

// continued decodes n characters of BIFF8, and returns what stands behind them.
func (r *sheetReader) continued(b []byte, n int) (text, rest []byte, ok bool) {
	s := segmented{now: b, records: &r.records}
	text, ok = s.text(r.book.scratch[:0], n)
	return text, s.now, ok && r.peek() != idContinue
}

// narrow decodes a text of n bytes in the code page. Some programs count characters: then the text is what the record holds.
func (r *sheetReader) narrow(b []byte, n int) (text, rest []byte, ok bool) {
	if len(b) < n {
		return nil, nil, false
	}
	if r.id != idRString {
		whole, ok := appendPage(r.book.scratch[:0], b, r.book.codePage)
		if ok && len(whole) > 0 && utf8.RuneCount(whole) == n {
			return whole, nil, true
		}
	}
	text, ok = appendPage(r.book.scratch[:0], b[:n], r.book.codePage)
	return text, b[n:], ok
}

func (r *sheetReader) boolErr() error {
	if len(r.data) != 9 { // some programs write a byte more
		if err := r.exactly(8); err != nil {
			return err
		}
	}
	c, err := r.cell()
	if err != nil {
		return err
	}
	if len(r.data) == 9 {
		r.note(noteLong, reporting.CellName(c.Row, c.Col))
	}
	ok := false
	switch r.data[7] {
	case 0:
		ok = setBool(&c, r.data[6])
	case 1:
		ok = setError(&c, r.data[6])
	}
	if !ok {
		return r.errorf("neither a boolean nor an error")
	}
	r.add(c)
	return nil
}

func setBool(c *reporting.Cell, v byte) bool {
	c.Kind, c.Text = reporting.BoolCell, "FALSE"
	if v == 1 {
		c.Text = "TRUE"
	}
	return v <= 1
}

// errorTexts are the errors by their code.
var errorTexts = map[byte]string{
	0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA",
}

func setError(c *reporting.Cell, code byte) (known bool) {
	c.Kind = reporting.ErrorCell
	c.Text, known = errorTexts[code]
	return known
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
	if r.stale || le.Uint16(r.data[14:])&calculateOnLoad != 0 {
		r.doubt(&c)
	}
	if le.Uint16(v[6:]) != 0xFFFF {
		var ok bool
		r.book.scratch, ok = appendFloat(r.book.scratch[:0], math.Float64frombits(le.Uint64(v)))
		r.addNumber(c, ok)
		return nil
	}
	switch v[0] {
	case 0:
		r.awaiting, r.pending = true, c
		return nil
	case 3:
		r.emptyResult(c)
		return nil
	}
	if ok := v[0] == 1 && setBool(&c, v[2]) || v[0] == 2 && setError(&c, v[2]); !ok {
		return r.errorf("a formula's result of type %d, value %d", v[0], v[2])
	}
	r.add(c)
	return nil
}

// calculateOnLoad is the flag of a formula whose result the program that wrote it does not vouch for.
const calculateOnLoad = 0x02

// doubt keeps the formula of a cell whose result is in doubt.
func (r *sheetReader) doubt(c *reporting.Cell) (arithmetic bool) {
	look := reporting.Look{}
	if c.Look != nil {
		look.Format = c.Look.Format
	}
	look.Formula, arithmetic = r.formulaSource()
	c.Look = &look
	c.Marks |= reporting.Doubtful
	return arithmetic
}

// emptyResult judges a formula whose result is an empty text. Arithmetic gives none: there the program that wrote the file has calculated
// nothing.
func (r *sheetReader) emptyResult(c reporting.Cell) {
	if arithmetic := r.doubt(&c); !arithmetic && le.Uint16(r.data[14:])&calculateOnLoad == 0 {
		return
	}
	c.Marks &^= reporting.Doubtful
	c.Kind, c.Computed, c.Date = reporting.Blank, false, false
	r.row.Cells = append(r.row.Cells, c)
}

// formulaFlags are those that a formula can have.
const formulaFlags = 0x2F

// formulaLength compares the record's length with that of the formula in it: a longer record has swallowed the next cells.
// Behind the tokens only the values of arrays may stand.
func (r *sheetReader) formulaLength() error {
	const head, arrays = 22, "\x20\x26\x27\x29\x40\x46\x47\x49\x60\x66\x67\x69"
	if err := r.need(head); err != nil {
		return err
	}
	if flags := le.Uint16(r.data[14:]); flags&^formulaFlags != 0 {
		return r.errorf("a formula with the flags %#04x", flags)
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
	text, _, err := r.longText(r.data, false)
	if err != nil {
		return err
	}
	r.awaiting = false
	r.unread--
	r.addText(r.pending, text, nil)
	return nil
}
