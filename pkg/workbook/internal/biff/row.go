package biff

import (
	"slices"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/fault"
	"huizong/pkg/workbook/internal/input"
)

// rowInfo is what a row's own record says of it.
type rowInfo struct {
	given       bool
	hidden      bool
	first, last uint16 // the columns that are used; the second is one more in what most programs write
}

// Bits of a row record that no program sets.
const rowReserved = 0xFE08

func readRow(b []byte) rowInfo {
	return rowInfo{given: true, hidden: le.Uint16(b[12:])&0x20 != 0, first: le.Uint16(b[2:]), last: le.Uint16(b[4:])}
}

// uses reports whether the row may have a cell in the column.
func (row rowInfo) uses(col int) bool {
	return row.last == 0 || int(row.first) <= col && col <= int(row.last)
}

func (r *sheetReader) rowRecord() error {
	if err := r.exactly(16); err != nil {
		return err
	}
	index, row := int32(le.Uint16(r.data)), readRow(r.data)
	if index <= r.lastRow {
		return r.errorf("the record of row %d stands after that of row %d", index+1, r.lastRow+1)
	}
	if row.last < row.first || le.Uint16(r.data[8:]) != 0 || le.Uint16(r.data[12:])&rowReserved != 0 {
		return r.errorf("the record of row %d is broken", index+1)
	}
	r.lastRow, r.rows[index] = index, row
	if r.block == 0 {
		r.block = r.start
	}
	return nil
}

// endBlock reads the record behind a block of rows: how far back their first record stands, or 0 where a program did not care.
// A record with a cell in it that has become one of these has its place there.
func (r *sheetReader) endBlock() error {
	if err := r.need(4); err != nil {
		return err
	}
	back, first := int(le.Uint32(r.data)), r.block
	r.block = 0
	if back == 0 && !isCell(r.peek()) {
		return nil
	}
	if first == 0 || back != r.start-first {
		return r.errorf("a block of rows does not begin %d bytes back", back)
	}
	return nil
}

// checkRow compares a cell's place with the row's own record, which stands before it.
func (r *sheetReader) checkRow(index, col int32) error {
	row := &r.rows[index]
	switch {
	case r.lastRow < 0, r.postponed != nil: // some programs write none, and those that shuffle not all
		return nil
	case !row.given:
		return r.errorf("cell %s is in a row without a record", reporting.CellName(index, col))
	case !r.careless && !row.uses(int(col)):
		return r.errorf("cell %s lies outside the columns %d to %d of its row", reporting.CellName(index, col), row.first, row.last)
	}
	return nil
}

// postpone notes where a cell of a shuffled sheet stands. Blank cells are not wanted: the programs that shuffle write them before
// others at the same place.
func (r *sheetReader) postpone() error {
	switch r.id {
	case idBlank:
		return r.exactly(6)
	case idMulBlank:
		_, _, err := r.run(2)
		return err
	}
	if err := r.need(6); err != nil {
		return err
	}
	if col := le.Uint16(r.data[2:]); col >= maxCols {
		return r.errorf("column %d", col)
	}
	if int64(len(r.postponed)) == r.book.limits.Cells {
		return fault.TooLarge(streamName, fault.TooManyCells(r.book.limits.Cells))
	}
	r.postponed = append(r.postponed, uint64(place(r.data))<<32|uint64(r.start))
	return nil
}

// shuffledBytes are read at once of a sheet whose cells stand anywhere: few records are longer.
const shuffledBytes = 64

// replay reads the cells of a shuffled sheet in their order. Two of one place are an error as ever.
func (r *sheetReader) replay() error {
	slices.Sort(r.postponed)
	r.shuffled, r.table = false, tableBegun
	r.in = input.NewWindow(input.Paged(r.book.stream), shuffledBytes)
	for _, p := range r.postponed {
		r.records.at = int(uint32(p))
		for first := true; first || r.awaiting; first = false {
			if err := r.next(); err != nil {
				return err
			}
			if err := r.record(); err != nil {
				return err
			}
		}
	}
	if r.unread > 0 {
		return r.errorf("a text without its formula")
	}
	return nil
}
