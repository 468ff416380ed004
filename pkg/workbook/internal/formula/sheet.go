package formula

import (
	"sort"

	"huizong/pkg/reporting"
)

const (
	// maxChain bounds how many formulas may wait for one another.
	maxChain = 2_000
	// maxVisits bounds the cells that all formulas of a sheet look at: n sums of n cells must not take n² seconds.
	maxVisits = 20_000_000
)

// Evaluate gives a value to the formulas of the sheet that have none, where it can.
func Evaluate(sheet *reporting.Sheet) {
	e := &evaluator{sheet: sheet, running: map[*reporting.Cell]bool{}}
	for i := range sheet.Rows {
		for j := range sheet.Rows[i].Cells {
			if c := &sheet.Rows[i].Cells[j]; c.Formula != "" {
				e.resolve(c)
			}
		}
	}
}

type evaluator struct {
	sheet   *reporting.Sheet
	running map[*reporting.Cell]bool
	visits  int
}

// resolve works out the cell's formula and stores the value in the cell.
func (e *evaluator) resolve(c *reporting.Cell) error {
	if e.running[c] || len(e.running) > maxChain {
		return errUnknown
	}
	e.running[c] = true
	defer delete(e.running, c)
	v, err := evaluate(c.Formula, e)
	if err != nil {
		return err
	}
	c.Kind, c.Text, c.Computed, c.Formula = reporting.NumberCell, v.String(), true, ""
	return nil
}

func (e *evaluator) value(row, col int32) (reporting.Decimal, error) {
	c := e.at(row, col)
	if c == nil {
		return reporting.Decimal{}, nil
	}
	return e.number(c)
}

// number is the cell's value for arithmetic.
func (e *evaluator) number(c *reporting.Cell) (reporting.Decimal, error) {
	if e.visits++; e.visits > maxVisits {
		return reporting.Decimal{}, errUnknown
	}
	if c.Formula != "" {
		if err := e.resolve(c); err != nil {
			return reporting.Decimal{}, err
		}
	}
	if c.Kind != reporting.NumberCell {
		return reporting.Decimal{}, errUnknown
	}
	v, err := reporting.ParseDecimal(c.Text)
	if err != nil {
		return v, errUnknown
	}
	return v, nil
}

// sum adds the numbers of the area; text and booleans in it count as nothing, as in any spreadsheet.
func (e *evaluator) sum(area reporting.Range) (total reporting.Decimal, err error) {
	rows := e.sheet.Rows
	first := sort.Search(len(rows), func(i int) bool { return rows[i].Index >= area.FirstRow })
	for i := first; i < len(rows) && rows[i].Index <= area.LastRow; i++ {
		for j := range rows[i].Cells {
			c := &rows[i].Cells[j]
			if e.visits++; e.visits > maxVisits {
				return total, errUnknown
			}
			if !area.Holds(c.Row, c.Col) || c.Kind == reporting.TextCell || c.Kind == reporting.BoolCell {
				continue
			}
			v, err := e.number(c)
			if err != nil {
				return total, err
			}
			total = total.Add(v)
		}
	}
	return total, nil
}

func (e *evaluator) at(row, col int32) *reporting.Cell {
	rows := e.sheet.Rows
	i := sort.Search(len(rows), func(i int) bool { return rows[i].Index >= row })
	if i == len(rows) || rows[i].Index != row {
		return nil
	}
	list := rows[i].Cells
	j := sort.Search(len(list), func(j int) bool { return list[j].Col >= col })
	if j == len(list) || list[j].Col != col {
		return nil
	}
	return &list[j]
}
