package workbook

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/formula"
)

// What is calculated at most: a workbook that people made has fewer formulas, and one that has more is opened and saved sooner.
const (
	mostCalculated  = 2000
	largestToReckon = 8 << 20
)

// confirm calculates, with a whole spreadsheet's functions, the formulas whose results the file does not vouch for and that are more than
// arithmetic. A result that comes out the same is trusted. One that does not stays in doubt: which of the two a person sees is not known,
// as another program may count a text where Excel does not.
func confirm(file File, sheet *reporting.Sheet) {
	doubtful := doubts(sheet)
	if len(doubtful) == 0 || len(doubtful) > mostCalculated || file.Size() > largestToReckon {
		return
	}
	defer func() { _ = recover() }() // what the calculation cannot do leaves the doubt
	book, err := excelize.OpenReader(io.NewSectionReader(file, 0, file.Size()))
	if err != nil {
		return
	}
	defer book.Close()
	for _, c := range doubtful {
		result, err := book.CalcCellValue(sheet.Name, reporting.CellName(c.Row, c.Col), excelize.Options{RawCellValue: true})
		if err != nil {
			continue
		}
		if v, err := reporting.ParseDecimal(result); err == nil && c.Kind == reporting.NumberCell {
			formula.Confirm(c, v)
		} else if c.Kind == reporting.TextCell && result == c.Text || c.Kind == reporting.BoolCell && result == fmt.Sprint(c.Text) {
			c.Marks &^= reporting.Doubtful
			c.Look = nil
		}
	}
}

func doubts(sheet *reporting.Sheet) []*reporting.Cell {
	var cells []*reporting.Cell
	for i := range sheet.Rows {
		for j := range sheet.Rows[i].Cells {
			if c := &sheet.Rows[i].Cells[j]; c.Marks&reporting.Doubtful != 0 {
				cells = append(cells, c)
			}
		}
	}
	return cells
}
