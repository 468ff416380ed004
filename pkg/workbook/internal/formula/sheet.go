package formula

import (
	"sort"
	"strings"

	"huizong/pkg/reporting"
)

const (
	// maxChain bounds how many formulas may wait for one another.
	maxChain = 2_000
	// maxVisits bounds the cells that all formulas of a sheet look at: n sums of n cells must not take n² seconds.
	maxVisits = 20_000_000
)

// Evaluate works out the formulas of the sheet whose result is absent or in doubt, where it can. A result that proves right loses its
// doubt; in the place of any other comes the calculated one, and Look.Kept is what the file gave.
func Evaluate(sheet *reporting.Sheet) {
	e := &evaluator{sheet: sheet, running: map[*reporting.Cell]bool{}}
	for i := range sheet.Rows {
		for j := range sheet.Rows[i].Cells {
			if c := &sheet.Rows[i].Cells[j]; c.Formula() != "" {
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

// resolve works out the cell's formula and settles the cell with it.
func (e *evaluator) resolve(c *reporting.Cell) error {
	if e.running[c] || len(e.running) > maxChain {
		return errUnknown
	}
	e.running[c] = true
	defer delete(e.running, c)
	v, err := evaluate(c.Formula(), e)
	if err != nil {
		return err
	}
	Settle(c, v)
	return nil
}

// significant is how many digits a spreadsheet keeps of a number: results that differ behind them are one.
const significant = 14

// Settle gives the calculated value to the cell.
func Settle(c *reporting.Cell, v reporting.Decimal) {
	stored, err := reporting.ParseDecimal(c.Text)
	isSame := (c.Kind == reporting.NumberCell || c.Kind == reporting.TextCell) && err == nil && same(stored, v) // some writers mark a number as text
	look := &reporting.Look{Format: c.Look.Format}
	c.Marks &^= reporting.Doubtful
	switch {
	case isSame:
	case c.Kind == reporting.Blank:
		c.Text = v.String()
	default:
		look.Kept, c.Text = c.Text, v.String()
		c.Marks |= reporting.Calculated
	}
	if c.Look = look; look.Format == nil && look.Kept == "" {
		c.Look = nil
	}
	c.Kind, c.Computed = reporting.NumberCell, true
}

// Confirm takes the doubt from the cell where the calculated value is its own.
func Confirm(c *reporting.Cell, v reporting.Decimal) {
	if stored, err := reporting.ParseDecimal(c.Text); err == nil && same(stored, v) {
		Settle(c, v)
	}
}

// same reports whether two numbers are one but for binary noise.
func same(a, b reporting.Decimal) bool {
	whole, _, _ := strings.Cut(b.Abs().String(), ".")
	return a.Sub(b).Round(max(0, significant-len(whole))).Sign() == 0
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
	if c.Formula() != "" {
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

// sum adds the numbers of the area; text and booleans in it count as nothing, as in any spreadsheet. Where a text may be
// meant as a number, nothing is known of the sum.
func (e *evaluator) sum(area reporting.Range) (total reporting.Decimal, err error) {
	rows := e.sheet.Rows
	first := sort.Search(len(rows), func(i int) bool { return rows[i].Index >= area.FirstRow })
	for i := first; i < len(rows) && rows[i].Index <= area.LastRow; i++ {
		for j := range rows[i].Cells {
			c := &rows[i].Cells[j]
			if e.visits++; e.visits > maxVisits {
				return total, errUnknown
			}
			if !area.Holds(c.Row, c.Col) || c.Kind == reporting.BoolCell {
				continue
			}
			if c.Kind == reporting.TextCell && c.Formula() == "" {
				if strings.ContainsAny(c.Text, "0123456789") {
					return total, errUnknown // a spreadsheet leaves it out, and a person may count it
				}
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
