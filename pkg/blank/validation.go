package blank

import (
	"strings"

	"github.com/xuri/excelize/v2"

	"huizong/pkg/reporting"
)

// reach is how far below its ready rows a table that grows is checked.
const reach = 5000

// checks puts the checks on the cells: one for each run of cells in a column that share it.
func (s *sheet) checks() {
	for column := range s.Form.Columns {
		for first := 0; first < len(s.lines); {
			c := s.cells[first][column]
			last := first
			for last+1 < len(s.lines) && s.cells[last+1][column].role == c.role && s.cells[last+1][column].check == c.check {
				last++
			}
			if c.role == input && c.check.kind != unchecked {
				s.validate(column, first, last)
			}
			first = last + 1
		}
	}
}

func (s *sheet) validate(column, first, last int) {
	k := s.cells[first][column].check
	bottom := s.first + last
	if s.grows() {
		bottom = s.first + reach
	}
	v := excelize.NewDataValidation(true)
	v.Sqref = s.ref(column, s.first+first, bottom)
	s.do(k.set(v, s.cell(first, column), s.list))
	text := k.text(s.words)
	title := promptTitle(s.Form.Columns[column].Header)
	v.SetInput(title, text)
	v.SetError(excelize.DataValidationErrorStyleStop, s.words.wrong, title+"："+text)
	s.do(s.book.AddDataValidation(s.name, v))
}

// promptTitle keeps a header within the 32 characters that Excel allows.
func promptTitle(header string) string {
	r := []rune(strings.ReplaceAll(header, "\n", ""))
	return string(r[:min(len(r), 30)])
}

// set writes the check in the terms of a spreadsheet. Formulas go into the file as they are, so they are escaped here.
func (k check) set(v *excelize.DataValidation, cell string, list func(string) string) error {
	switch k.kind {
	case numberCheck:
		return v.SetRange(escape(k.formula(cell)), "", excelize.DataValidationTypeCustom, excelize.DataValidationOperatorBetween)
	case dateCheck:
		return v.SetRange(serial(k.from), serial(k.to), excelize.DataValidationTypeDate, excelize.DataValidationOperatorBetween)
	case lengthCheck:
		return v.SetRange(codeLength, "", excelize.DataValidationTypeTextLength, excelize.DataValidationOperatorEqual)
	case listCheck:
		v.SetSqrefDropList(list(k.list))
	}
	return nil
}

var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace

// serial is the number by which a spreadsheet counts the day.
func serial(d reporting.Date) int {
	first, _ := reporting.NewDate(1900, 3, 1) // serial 61, after the leap day that never was
	return int(d-first) + 61
}

// listSheet holds the names of the drop-down lists. It is hidden, and so never read as a form.
const listSheet = "选项"

// list is the range that holds the names, one a line. A list in the check itself could hold 255 characters only, and no comma.
func (s *sheet) list(names string) string {
	if ref := s.lists[names]; ref != "" {
		return ref
	}
	if len(s.lists) == 0 {
		_, err := s.book.NewSheet(listSheet)
		s.do(err)
		s.do(s.book.SetSheetVisible(listSheet, false))
	}
	column := len(s.lists)
	all := strings.Split(names, "\n")
	for i, name := range all {
		s.do(s.book.SetCellStr(listSheet, reporting.CellName(int32(i), int32(column)), name))
	}
	letters := reporting.ColumnName(int32(column))
	s.lists[names] = listSheet + "!$" + letters + "$1:$" + letters + "$" + reporting.Int(int64(len(all))).String()
	return s.lists[names]
}
