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

// columnReserved are bits of a column record that no program sets.
const columnReserved = 0xE860

// shortestCell is the least length of a record with a cell in it.
const shortestCell = 6

// sheetReader reads the substream of one sheet.
type sheetReader struct {
	records
	book  *Workbook
	head  *reporting.Sheet
	meter *limits.Meter
	texts *arena.Texts
	visit func(*reporting.Row) error

	survey
	rows      [maxRows]rowInfo
	lastRow   int32    // the last row that has a record, −1 before the first
	block     int      // where the first row's record of the block stands, 0 before it
	postponed []uint64 // the places of the cells of a shuffled sheet, and where their records stand
	unread    int      // the texts of formulas that were passed over with these, until they are read

	stale     bool  // the sheet was saved before its formulas were calculated
	measured  bool  // the record of the used range has come
	lastWidth int32 // the last column whose width was read, −1 before the first
	merged    mergedCells

	row     reporting.Row
	begun   bool  // row holds a row, perhaps without cells
	lastCol int32 // the last column named in the row

	table    int // whether the cells are ahead, begun or over
	noted    [noteKinds]bool
	awaiting bool // a formula's result is the text of the next STRING record
	pending  reporting.Cell
}

func (w *Workbook) scanSheet(s Sheet, head *reporting.Sheet, texts *arena.Texts, visit func(*reporting.Row) error) error {
	in := w.window()
	r := &sheetReader{
		records: *w.walk(in, s.offset),
		book:    w, head: head, texts: texts, visit: visit,
		meter:  limits.NewMeter(w.limits, streamName, s.Name),
		survey: w.survey(in, s.offset), lastRow: -1, lastWidth: -1,
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

// end judges the end record, reads what was postponed, and hands on the last row.
func (r *sheetReader) end() error {
	if r.awaiting {
		return r.errorf("a formula's text is missing")
	}
	if !r.book.mayEnd(r.in, r.records.at) {
		return r.errorf("the sheet ends, and more records follow")
	}
	if r.book.leaves(r.in, r.records.at) {
		r.note(noteBehind, "")
	}
	if err := r.replay(); err != nil {
		return err
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
		if r.shuffled {
			r.unread++
			return nil
		}
		return r.formulaText()
	case idContinue:
		if r.table == tableBegun {
			return r.errorf("a continuation of nothing")
		}
		return nil // of a drawing
	case idDBCell:
		return r.endBlock()
	}
	if r.table == tableAhead && r.before != idDimensions && r.length >= shortestCell {
		return r.errorf("record %#04x before the first cell, which may have been a cell", r.before)
	}
	r.table = tableBegun
	if r.shuffled {
		return r.postpone()
	}
	return r.cellRecord()
}

func (r *sheetReader) columns() error {
	if err := r.need(11); err != nil {
		return err
	}
	first, last := int32(le.Uint16(r.data)), int32(le.Uint16(r.data[2:]))
	if last < first || last > maxCols || first <= r.lastWidth || le.Uint16(r.data[8:])&columnReserved != 0 {
		return r.errorf("columns %d to %d", first, last)
	}
	r.lastWidth = last
	if width := le.Uint16(r.data[4:]); r.data[8]&1 != 0 || width == 0 {
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
		if area.LastRow < area.FirstRow || area.LastCol < area.FirstCol || area.LastCol >= maxCols || !r.merged.take(area) {
			return r.errorf("merged cells %s", area)
		}
		r.head.Merges = append(r.head.Merges, area)
	}
	if len(r.head.Merges) > maxMerges {
		return fault.TooLarge(streamName, fault.TooManyCells(r.book.limits.Cells))
	}
	return nil
}

// mergedCells has a bit for each cell that is part of a merged range.
type mergedCells map[int32]*[maxCols / 64]uint64

// take marks a range, and returns false where one that overlaps it was taken before: Excel repairs such a file. As it stops
// there, the work is bounded by the cells of a sheet.
func (m *mergedCells) take(area reporting.Range) bool {
	if *m == nil {
		*m = mergedCells{}
	}
	for row := area.FirstRow; row <= area.LastRow; row++ {
		bits := (*m)[row]
		if bits == nil {
			bits = &[maxCols / 64]uint64{}
			(*m)[row] = bits
		}
		for col := area.FirstCol; col <= area.LastCol; col++ {
			if bits[col/64]&(1<<(col%64)) != 0 {
				return false
			}
			bits[col/64] |= 1 << (col % 64)
		}
	}
	return true
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
	if int(xf) >= len(r.book.styles) {
		return reporting.Cell{}, r.errorf("style %d does not exist", xf)
	}
	if err := r.checkRow(index, int32(col)); err != nil {
		return reporting.Cell{}, err
	}
	if !r.begun || index != r.row.Index {
		if err := r.endRow(); err != nil {
			return reporting.Cell{}, err
		}
		r.row = reporting.Row{Index: index, Hidden: r.rows[index].hidden, Cells: r.row.Cells[:0]}
		r.begun = true
	}
	r.lastCol = int32(col)
	show := &r.book.styles[xf]
	if show.broken {
		r.note(noteFormat, reporting.CellName(index, int32(col)))
	}
	return reporting.Cell{Row: index, Col: int32(col), Date: show.Date, Marks: show.marks, Look: show.Look}, nil
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
