package biff

import "huizong/pkg/workbook/internal/input"

// survey is what is known of a sheet before it is read: the habits of the program that wrote it.
//
// Some programs write cells in the order in which they were made, or do not keep the records of rows up to date. But one cell
// that breaks a rule, and would keep it with another row or column, is how a changed bit in its place looks. So a rule that is
// broken once is kept up, and the reading stops at that cell; one that is broken again and again is none of the program's.
type survey struct {
	shuffled bool // the cells stand in an order of the program's own
	careless bool // cells lie outside the columns that their rows say they use
}

// survey walks over the records of a sheet once. What is malformed is left to the reading.
func (w *Workbook) survey(in *input.Window, offset int) (s survey) {
	r := w.walk(in, offset)
	rows := new([maxRows]rowInfo)
	var o order
	var outside int
	if r.next() != nil {
		return s
	}
	for r.next() == nil && r.id != idEOF {
		switch {
		case r.id == idBOF:
			if r.skipNested() != nil {
				return s
			}
		case r.id == idRow && len(r.data) == 16:
			rows[le.Uint16(r.data)] = readRow(r.data)
		case isCell(r.id) && len(r.data) >= 6:
			first := place(r.data)
			last := first
			if r.id == idMulRK || r.id == idMulBlank {
				last += int(le.Uint16(r.data[len(r.data)-2:])) - int(le.Uint16(r.data[2:]))
			}
			o.add(first, last)
			if !rows[le.Uint16(r.data)].uses(first % maxCols) {
				outside++
			}
		}
	}
	return survey{shuffled: o.shuffled(), careless: outside > 1}
}

// place numbers the cells of a sheet in their order.
func place(cell []byte) int { return int(le.Uint16(cell))*maxCols + int(le.Uint16(cell[2:])) }

func isCell(id uint16) bool {
	switch id {
	case idBlank, idMulBlank, idRK, idMulRK, idNumber, idLabelSST, idLabel, idRString, idBoolErr, idFormula, idFormula3, idFormula4:
		return true
	}
	return false
}

// order counts where the places of records go backwards, and whether leaving out one record would mend it.
type order struct {
	before, last int // where the last two records end, plus one
	backwards    int
	mended       bool
	without      int // where the record ends, plus one, that stands before the one that went backwards just now; −1 if none did
}

func (o *order) add(first, last int) {
	switch {
	case first < o.last:
		o.backwards++
		o.mended = first >= o.before
		o.without = o.last
	case o.without > 0:
		o.mended = o.mended || first >= o.without
		o.without = 0
	}
	o.before, o.last = o.last, last+1
}

func (o *order) shuffled() bool {
	return o.backwards > 1 || o.backwards == 1 && !o.mended && o.without == 0
}
