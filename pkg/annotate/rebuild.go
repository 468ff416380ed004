package annotate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"huizong/pkg/reporting"
)

// textSheet names the sheet of a text file, which has no name of its own.
const textSheet = "数据"

// rebuild makes a workbook of decoded sheets: the values as they are, merged cells, names, what is hidden. Styles are not in what
// was decoded; widths are made to fit.
func rebuild(sheets []*reporting.Sheet) (*excelize.File, error) {
	book := excelize.NewFile()
	r := rebuilder{book: book, formats: map[string]int{}}
	blank := book.GetSheetName(0)
	made := 0
	for _, sheet := range sheets {
		if Wrote(sheet) {
			continue
		}
		name := sheetName(sheet.Name)
		if made++; made == 1 {
			r.do(book.SetSheetName(blank, name))
		} else {
			_, err := book.NewSheet(name)
			r.do(err)
		}
		if sheet.Date1904 {
			yes := true
			r.do(book.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}))
		}
		r.fill(name, sheet)
		r.do(fitToWidth(book, name))
	}
	if made == 0 {
		r.do(book.SetSheetName(blank, textSheet))
	}
	for _, sheet := range sheets {
		if sheet.Hidden && !Wrote(sheet) && made > 1 {
			r.do(book.SetSheetVisible(sheetName(sheet.Name), false))
		}
	}
	return book, r.err
}

type rebuilder struct {
	book    *excelize.File
	formats map[string]int
	err     error
}

func (r *rebuilder) do(err error) {
	if r.err == nil {
		r.err = err
	}
}

func (r *rebuilder) fill(name string, sheet *reporting.Sheet) {
	widths := map[int32]int{}
	wide := slices.DeleteFunc(slices.Clone(sheet.Merges), func(m reporting.Range) bool { return m.FirstCol == m.LastCol })
	for _, row := range sheet.Rows {
		for _, cell := range row.Cells {
			r.cell(name, cell)
			if within(wide, cell) {
				continue // a title over the whole table says nothing of its first column
			}
			widths[cell.Col] = min(max(widths[cell.Col], displayWidth(cell.Text)), maxWidth)
		}
		if row.Hidden {
			r.do(r.book.SetRowVisible(name, int(row.Index)+1, false))
		}
	}
	for col, width := range widths {
		letters := reporting.ColumnName(col)
		r.do(r.book.SetColWidth(name, letters, letters, float64(max(width+2, minWidth))))
	}
	for _, m := range sheet.Merges {
		r.do(r.book.MergeCell(name, reporting.CellName(m.FirstRow, m.FirstCol), reporting.CellName(m.LastRow, m.LastCol)))
	}
	for _, c := range sheet.HiddenCols {
		r.do(r.book.SetColVisible(name, reporting.ColumnName(c.FirstCol)+":"+reporting.ColumnName(c.LastCol), false))
	}
}

// Widths of rebuilt columns, in characters.
const (
	minWidth = 8
	maxWidth = 40
)

func within(merges []reporting.Range, c reporting.Cell) bool {
	for _, m := range merges {
		if m.Holds(c.Row, c.Col) {
			return true
		}
	}
	return false
}

// cell writes one cell. Nothing becomes a formula: not a text that looks like one, nor a formula that had no result.
func (r *rebuilder) cell(sheet string, c reporting.Cell) {
	name := reporting.CellName(c.Row, c.Col)
	format := ""
	switch {
	case c.Kind == reporting.NumberCell && c.Date:
		format = "yyyy-mm-dd"
		r.do(r.book.SetCellDefault(sheet, name, c.Text))
	case c.Kind == reporting.NumberCell:
		r.do(r.book.SetCellDefault(sheet, name, c.Text))
	case c.Kind == reporting.BoolCell:
		r.do(r.book.SetCellBool(sheet, name, c.Text == "TRUE"))
	case c.Kind == reporting.Blank:
		format = "@"
		r.do(r.book.SetCellStr(sheet, name, c.Formula()))
	default:
		if places, ok := plainNumber(c.Text); ok {
			format = decimalFormat(places)
			r.do(r.book.SetCellDefault(sheet, name, c.Text))
			break
		}
		if startsFormula(c.Text) {
			format = "@"
		}
		r.do(r.book.SetCellStr(sheet, name, c.Text))
	}
	if format != "" {
		r.do(r.book.SetCellStyle(sheet, name, name, r.style(format)))
	}
}

// plainNumber reports whether a text is a number that a spreadsheet shows with the same characters, and how many digits stand
// behind its point. A number of more than 15 digits (an ID number) or with a leading zero (a code) is not: it would lose some.
func plainNumber(text string) (places int, ok bool) {
	const exactDigits, maxPlaces = 15, 6
	if text == "" || strings.Trim(text, "0123456789.-") != "" || len(text) > exactDigits {
		return 0, false
	}
	number, err := reporting.ParseDecimal(text)
	if err != nil {
		return 0, false
	}
	_, fraction, _ := strings.Cut(text, ".")
	places = len(fraction)
	return places, places <= maxPlaces && number.Text(places) == text
}

func decimalFormat(places int) string {
	if places == 0 {
		return ""
	}
	return "0." + strings.Repeat("0", places)
}

func (r *rebuilder) style(format string) int {
	id, ok := r.formats[format]
	if !ok {
		var err error
		id, err = r.book.NewStyle(&excelize.Style{CustomNumFmt: &format})
		if err != nil {
			r.do(fmt.Errorf("style %q: %w", format, err))
		}
		r.formats[format] = id
	}
	return id
}
