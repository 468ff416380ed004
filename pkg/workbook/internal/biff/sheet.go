package biff

import (
	"bytes"
	"math"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/arena"
	"huizong/pkg/workbook/internal/fault"
	"huizong/pkg/workbook/internal/limits"
)

const (
	maxRows   = 1 << 16
	maxCols   = 1 << 8
	maxMerges = 200_000
)

// sheetReader reads the substream of one sheet.
type sheetReader struct {
	records
	book   *Workbook
	head   *reporting.Sheet
	meter  *limits.Meter
	texts  *arena.Texts
	visit  func(*reporting.Row) error
	hidden [maxRows]bool

	row     reporting.Row
	begun   bool  // row holds a row, perhaps without cells
	lastCol int32 // the last column named in the row

	table    int  // whether the cells are ahead, begun or over
	awaiting bool // a formula's result is the text of the next STRING record
	pending  reporting.Cell
}

func (w *Workbook) scanSheet(s Sheet, head *reporting.Sheet, texts *arena.Texts, visit func(*reporting.Row) error) error {
	r := &sheetReader{
		records: records{stream: w.stream, at: s.offset},
		book:    w, head: head, texts: texts, visit: visit,
		meter: limits.NewMeter(w.limits, streamName, s.Name),
	}
	if err := r.next(); err != nil { // the BOF, which Open has seen
		return err
	}
	for {
		if err := r.next(); err != nil {
			return err
		}
		if r.id == idEOF {
			return r.end()
		}
		if err := r.record(); err != nil {
			return err
		}
	}
}

// end judges the end record, and hands on the last row.
func (r *sheetReader) end() error {
	if r.awaiting {
		return r.errorf("a formula's text is missing")
	}
	if !r.book.mayEnd(r.records.at) {
		return r.errorf("the sheet ends, and more records follow")
	}
	return r.endRow()
}

// record reads one record of the sheet.
func (r *sheetReader) record() error {
	if r.awaiting && r.id != idString {
		switch r.id {
		case idShared, idArray, idTable, idContinue:
			return r.afterFormula() // they stand between a formula and its text
		}
		return r.errorf("a formula's text is missing")
	}
	if !isCellTable(r.id) {
		return r.other()
	}
	if r.table == tableOver && r.id != idContinue && r.id != idRow {
		return r.errorf("record %#04x stands after the end of the cells", r.id)
	}
	switch r.id {
	case idRow:
		if r.table == tableAhead {
			r.table = tableBegun
		}
		return r.rowRecord()
	case idShared, idArray, idTable:
		return r.afterFormula()
	case idString:
		return r.formulaText()
	case idContinue:
		if r.table == tableBegun {
			return r.errorf("a continuation of nothing")
		}
		return nil // of a drawing
	case idDBCell:
		return nil
	}
	r.table = tableBegun
	return r.cellRecord()
}

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

// The cells of a sheet stand in one run of records, between which nothing else may stand. So a cell record whose id has
// changed into that of another record ends the run too early, and is found by the cells behind it.
const (
	tableAhead = iota
	tableBegun
	tableOver
)

func isCellTable(id uint16) bool {
	switch id {
	case idRow, idDBCell, idContinue, idString, idShared, idArray, idTable, idBlank, idMulBlank, idRK, idMulRK, idNumber,
		idLabelSST, idLabel, idRString, idBoolErr, idFormula, idFormula3, idFormula4:
		return true
	}
	return false
}

// other reads a record that does not belong to the cells. Those of no interest are passed over, if they are known.
func (r *sheetReader) other() error {
	if r.table == tableBegun {
		if !mayFollowCells[r.id] {
			return r.errorf("record %#04x among the cells", r.id)
		}
		r.table = tableOver
	}
	switch r.id {
	case idColInfo:
		return r.columns()
	case idMergeCells:
		return r.merges()
	case idBOF:
		return r.skipNested()
	case idDimensions2:
		return r.dimensions2()
	}
	switch n, fixed := fixedLengths[r.id]; {
	case globalOnly[r.id] && r.book.version == biff8:
		return r.errorf("record %#04x of the global part inside a sheet", r.id)
	case !known(r.id):
		return r.errorf("unknown record %#04x", r.id)
	case fixed && len(r.data) < n:
		return r.errorf("record %#04x has %d bytes instead of %d", r.id, len(r.data), n)
	}
	return nil
}

// mayFollowCells are the records with which the part behind the cells begins, in the files of all programs that we know.
var mayFollowCells = map[uint16]bool{
	0x0012: true, 0x0014: true, 0x0015: true, 0x001C: true, 0x001D: true, 0x0026: true, 0x0027: true, 0x0028: true, 0x0029: true,
	0x0034: true, 0x003D: true, 0x0041: true, 0x0050: true, 0x005D: true, idColInfo: true, 0x0080: true, 0x0083: true, 0x0084: true,
	0x00A1: true, 0x00B0: true, idMergeCells: true, 0x00EC: true, 0x01B2: true, 0x01C2: true, 0x0200: true, 0x023E: true,
	0x0866: true, idBOF: true,
}

// afterFormula passes over what a formula shares with others. Anywhere else it is a cell record with a changed bit.
func (r *sheetReader) afterFormula() error {
	switch r.before {
	case idFormula, idFormula3, idFormula4, idShared, idArray, idTable, idContinue:
		return nil
	}
	return r.errorf("record %#04x without its formula", r.id)
}

// fixedLengths are the least lengths of records that are passed over and are a bit away from a record with a cell in it.
var fixedLengths = map[uint16]int{
	0x000C: 2, 0x000D: 2, 0x000E: 2, 0x000F: 2, 0x0010: 8, 0x0011: 2, 0x0026: 8, 0x0027: 8, 0x0028: 8, 0x0029: 8,
	0x002A: 2, 0x002B: 2, 0x0055: 2, 0x005F: 2, 0x0080: 8, 0x0081: 2, 0x0082: 2, 0x0083: 2, 0x0084: 2, 0x0086: 0,
	0x0099: 2, 0x00DD: 2, 0x0200: 10,
}

// dimensions2 passes over a record of version 2 that some report writers still add, or write empty after each margin. Empty
// anywhere else it is a hole of zeros in the stream.
func (r *sheetReader) dimensions2() error {
	if len(r.data) == 0 && idLeftMargin <= r.before && r.before <= idBottomMargin {
		return nil
	}
	return r.need(8)
}

func (r *sheetReader) rowRecord() error {
	if err := r.exactly(16); err != nil {
		return err
	}
	r.hidden[le.Uint16(r.data)] = le.Uint16(r.data[12:])&0x20 != 0
	return nil
}

func (r *sheetReader) columns() error {
	if err := r.need(11); err != nil {
		return err
	}
	first, last := int32(le.Uint16(r.data)), int32(le.Uint16(r.data[2:]))
	if last < first || last > maxCols {
		return r.errorf("columns %d to %d", first, last)
	}
	if r.data[8]&1 != 0 {
		r.head.HiddenCols = append(r.head.HiddenCols, reporting.Range{FirstCol: first, LastCol: last})
	}
	return nil
}

func (r *sheetReader) merges() error {
	if err := r.need(2); err != nil {
		return err
	}
	n := int(le.Uint16(r.data))
	if err := r.exactly(2 + 8*n); err != nil {
		return err
	}
	for b := r.data[2:]; len(b) > 0; b = b[8:] {
		area := reporting.Range{
			FirstRow: int32(le.Uint16(b)), LastRow: int32(le.Uint16(b[2:])),
			FirstCol: int32(le.Uint16(b[4:])), LastCol: int32(le.Uint16(b[6:])),
		}
		if area.LastRow < area.FirstRow || area.LastCol < area.FirstCol || area.LastCol >= maxCols {
			return r.errorf("merged cells %s", area)
		}
		r.head.Merges = append(r.head.Merges, area)
	}
	if len(r.head.Merges) > maxMerges {
		return fault.TooLarge(streamName, fault.TooManyCells(r.book.limits.Cells))
	}
	return nil
}

// at moves to the cell's place, handing on the row before when another begins, and returns the cell without its content.
func (r *sheetReader) at(row uint16, col int, xf uint16) (reporting.Cell, error) {
	index := int32(row)
	if r.begun && index < r.row.Index || r.begun && index == r.row.Index && int32(col) <= r.lastCol {
		return reporting.Cell{}, r.errorf("cell %s stands out of order", reporting.CellName(index, int32(col)))
	}
	if col >= maxCols {
		return reporting.Cell{}, r.errorf("column %d", col)
	}
	if int(xf) >= len(r.book.dates) {
		return reporting.Cell{}, r.errorf("style %d does not exist", xf)
	}
	if !r.begun || index != r.row.Index {
		if err := r.endRow(); err != nil {
			return reporting.Cell{}, err
		}
		r.row = reporting.Row{Index: index, Hidden: r.hidden[row], Cells: r.row.Cells[:0]}
		r.begun = true
	}
	r.lastCol = int32(col)
	return reporting.Cell{Row: index, Col: int32(col), Date: r.book.dates[xf]}, nil
}

// cell is at for records that begin with row, column and style.
func (r *sheetReader) cell() (reporting.Cell, error) {
	return r.at(le.Uint16(r.data), int(le.Uint16(r.data[2:])), le.Uint16(r.data[4:]))
}

func (r *sheetReader) endRow() error {
	if !r.begun || len(r.row.Cells) == 0 {
		return nil
	}
	if err := r.meter.Row(&r.row); err != nil {
		return err
	}
	return r.visit(&r.row)
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
	if uint64(i) >= uint64(len(r.book.strings)) {
		return r.errorf("shared string %d, there are %d", i, len(r.book.strings))
	}
	r.addText(c, r.book.strings[i])
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
