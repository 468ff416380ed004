package biff

import (
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
