package workbook

import (
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
func (b *Book) confirm(sheet *reporting.Sheet) {
	doubtful := doubts(sheet)
	if len(doubtful) == 0 || len(doubtful) > mostCalculated || b.file.Size() > largestToReckon {
		return
	}
	defer func() { _ = recover() }() // what the calculation cannot do leaves the doubt
	book, name, err := b.spreadsheet(sheet)
	if err != nil {
		return
	}
	defer book.Close()
	for _, c := range doubtful {
		result, err := book.CalcCellValue(name, reporting.CellName(c.Row, c.Col), excelize.Options{RawCellValue: true})
		if err != nil {
			continue
		}
		if v, err := reporting.ParseDecimal(result); err == nil && c.Kind == reporting.NumberCell {
			formula.Confirm(c, v)
		} else if c.Kind == reporting.TextCell && result == c.Text || c.Kind == reporting.BoolCell && result == c.Text {
			c.Marks &^= reporting.Doubtful
			c.Look = nil
		}
	}
}

// spreadsheet is the workbook for the calculation: the file itself, or of a file of another kind a copy of the sheet.
func (b *Book) spreadsheet(sheet *reporting.Sheet) (book *excelize.File, name string, err error) {
	if b.format.Kind == "xlsx" {
		book, err = excelize.OpenReader(io.NewSectionReader(b.file, 0, b.file.Size()))
		return book, sheet.Name, err
	}
	book, name = excelize.NewFile(), "Sheet1"
	for _, row := range sheet.Rows {
		for _, c := range row.Cells {
			if err := copyCell(book, name, c); err != nil {
				return book, name, err
			}
		}
	}
	return book, name, nil
}

func copyCell(book *excelize.File, sheet string, c reporting.Cell) error {
	at := reporting.CellName(c.Row, c.Col)
	switch {
	case c.Formula() != "":
		return book.SetCellFormula(sheet, at, c.Formula())
	case c.Kind == reporting.NumberCell:
		return book.SetCellDefault(sheet, at, c.Text)
	case c.Kind == reporting.BoolCell:
		return book.SetCellBool(sheet, at, c.Text == "TRUE")
	}
	return book.SetCellStr(sheet, at, c.Text)
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
