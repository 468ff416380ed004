package workbook

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/formula"
)

// What is calculated at most. A sheet that people made has less, and one that has more is opened and saved sooner. Formulas come from a file
// that no program vouches for: none may take long, or much memory.
const (
	mostFormulas = 2000
	mostCells    = 200_000 // of the sheet, and together of the areas that its formulas name
	wholeColumn  = 20_000  // what A:A counts among them
)

// reckoned are the functions that are calculated: those of forms. None makes long texts or finds its area only when it runs.
var reckoned = strings.Fields(`SUM SUMIF SUMIFS SUMPRODUCT SUBTOTAL PRODUCT COUNT COUNTA COUNTIF COUNTIFS AVERAGE AVERAGEIF MIN MAX ROUND ROUNDUP
	ROUNDDOWN INT TRUNC ABS MOD SIGN SQRT POWER IF IFERROR IFNA AND OR NOT ISBLANK ISNUMBER ISERROR VLOOKUP HLOOKUP LOOKUP INDEX MATCH DATE YEAR MONTH
	DAY EDATE EOMONTH VALUE TRIM LEFT RIGHT MID LEN TRUE FALSE`)

var (
	functionName = regexp.MustCompile(`([A-Za-z_][A-Za-z0-9_.]*)\(`)
	quotedText   = regexp.MustCompile(`"[^"]*"`)
	areaName     = regexp.MustCompile(`\$?([A-Za-z]{1,3})\$?(\d*):\$?([A-Za-z]{1,3})\$?(\d*)`)
)

// confirm calculates, with a whole spreadsheet's functions, the formulas whose results the file does not vouch for and that are more than
// arithmetic. A result that comes out the same is trusted. One that does not stays in doubt: which of the two a person sees is not known,
// as another program may count a text where Excel does not. The calculation sees a copy of the sheet, never the file.
func confirm(sheet *reporting.Sheet) {
	doubtful := doubts(sheet)
	cells := 0
	for _, row := range sheet.Rows {
		cells += len(row.Cells)
	}
	if len(doubtful) == 0 || len(doubtful) > mostFormulas || cells > mostCells {
		return
	}
	defer func() { _ = recover() }() // what the calculation cannot do leaves the doubt
	const name = "Sheet1"
	book := excelize.NewFile()
	defer book.Close()
	if err := copyCells(book, name, sheet); err != nil {
		return
	}
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

// copyCells copies the values of the sheet, and the formulas without one. In the place of a formula that is not calculated stands an error,
// so that nothing that leans on it is confirmed.
func copyCells(book *excelize.File, name string, sheet *reporting.Sheet) error {
	left := mostCells
	for _, row := range sheet.Rows {
		for _, c := range row.Cells {
			at, err := reporting.CellName(c.Row, c.Col), error(nil)
			switch source := c.Formula(); {
			case source != "" && isReckoned(source) && area(source) <= left:
				left -= area(source)
				err = book.SetCellFormula(name, at, source)
			case source != "":
				err = book.SetCellFormula(name, at, "NA()")
			case c.Kind == reporting.NumberCell:
				err = book.SetCellDefault(name, at, c.Text)
			case c.Kind == reporting.BoolCell:
				err = book.SetCellBool(name, at, c.Text == "TRUE")
			default:
				err = book.SetCellStr(name, at, c.Text)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// isReckoned reports whether the formula has in it the functions of forms and cells of its own sheet alone.
func isReckoned(source string) bool {
	plain := quotedText.ReplaceAllString(source, `""`)
	if len(source) > 1000 || strings.ContainsAny(plain, "!&{}[]?#@") {
		return false
	}
	for _, m := range functionName.FindAllStringSubmatch(plain, -1) {
		if !slices.Contains(reckoned, strings.ToUpper(m[1])) {
			return false
		}
	}
	return true
}

// area counts the cells of the areas that the formula names.
func area(source string) int {
	n := 0
	for _, m := range areaName.FindAllStringSubmatch(source, -1) {
		first, firstErr := excelize.ColumnNameToNumber(m[1])
		last, lastErr := excelize.ColumnNameToNumber(m[3])
		if firstErr != nil || lastErr != nil {
			return mostCells + 1
		}
		rows := wholeColumn
		if m[2] != "" && m[4] != "" {
			from, _ := strconv.Atoi(m[2])
			to, _ := strconv.Atoi(m[4])
			rows = max(to-from, from-to) + 1
		}
		n = min(n+(max(last-first, first-last)+1)*rows, mostCells+1)
	}
	return n
}
