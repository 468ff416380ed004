package normalize

import (
	"iter"
	"regexp"
	"slices"
	"strings"

	"huizong/pkg/label"
	"huizong/pkg/reporting"
)

var (
	footer      = regexp.MustCompile(`^(填\s*报\s*人|填\s*表\s*人|制\s*表\s*人?|经\s*办\s*人|审\s*核\s*人?|复\s*核\s*人?|负\s*责\s*人|单位负责人|部门负责人|分管领导|主管领导|联\s*系\s*(人|电话)|填报日期|填表日期|报出日期|报送日期|制表日期|填报时间|签\s*(章|字))[^:]{0,10}:`)
	remarks     = regexp.MustCompile(`^(注|备注|说明|填表说明|填报说明|附注|审核关系|注释)\s*\d*\s*[:：、.]`)
	columnCodes = regexp.MustCompile(`^(甲|乙|丙|丁|栏次|行次|\d{1,2})$`)
)

// dataRows yields the rows below the header that may hold data: not the blank ones, the signatures, the notes, a header printed
// again or the line of column numbers. While it yields, s.row is the row.
func (s *sheetReader) dataRows() iter.Seq[reporting.Row] {
	return func(yield func(reporting.Row) bool) {
		first := true
		for _, row := range s.sheet.Rows {
			if row.Index <= s.layout.Header.LastRow || isBlank(row) {
				continue
			}
			s.row = row
			numbered := first && isColumnCodes(row)
			first = false
			if numbered || isFooter(row) || s.isHeaderAgain() {
				continue
			}
			if !yield(row) {
				return
			}
		}
	}
}

func isBlank(row reporting.Row) bool {
	return !slices.ContainsFunc(row.Cells, func(c reporting.Cell) bool {
		return c.Kind == reporting.Blank && c.Formula != "" || label.Clean(c.Text) != ""
	})
}

// isFooter reports whether the row is the line of signatures, or a note: its first text begins like one.
func isFooter(row reporting.Row) bool {
	for _, c := range row.Cells {
		if text := label.Clean(c.Text); text != "" {
			return footer.MatchString(text) || remarks.MatchString(text)
		}
	}
	return false
}

func isColumnCodes(row reporting.Row) bool {
	n := 0
	for _, c := range row.Cells {
		text := label.Clean(c.Text)
		if text == "" {
			continue
		}
		if !columnCodes.MatchString(text) {
			return false
		}
		n++
	}
	return n >= 2
}

// isHeaderAgain reports whether the row prints the header again, as each page of a long ledger does.
func (s *sheetReader) isHeaderAgain() bool {
	same, all := 0, 0
	for i, column := range s.form.Columns {
		cell, ok := s.cell(i)
		if !ok || label.Clean(cell.Text) == "" {
			continue
		}
		all++
		text, _ := label.Header(cell.Text)
		if slices.Contains(column.Labels, text) || slices.ContainsFunc(column.Labels, func(l string) bool { return len(text) > 3 && strings.HasSuffix(l, text) }) {
			same++
		}
	}
	return same >= 2 && 2*same > all
}

// cell returns what stands under the form's column in the row being read.
func (s *sheetReader) cell(column int) (reporting.Cell, bool) {
	if column < 0 || s.layout.Columns[column] < 0 {
		return reporting.Cell{}, false
	}
	return s.row.At(s.layout.Columns[column])
}

// name is the A1 name of the row's cell under the form's column; "" where the sheet has no such column.
func (s *sheetReader) name(column int) string {
	if column < 0 || s.layout.Columns[column] < 0 {
		return ""
	}
	return reporting.CellName(s.row.Index, s.layout.Columns[column])
}

func (s *sheetReader) text(column int) (name, text string) {
	cell, _ := s.cell(column)
	return s.name(column), cell.Text
}

// isTotal reports whether a label is one of the form's names for its total row.
func (s *sheetReader) isTotal(text string) bool {
	row := label.Row(text)
	return slices.ContainsFunc(s.form.Total, func(total string) bool { return row == label.Fold(total) })
}

// carriesNumbers reports whether a cell under a column of numbers is filled.
func (s *sheetReader) carriesNumbers() bool {
	for i, column := range s.form.Columns {
		switch column.Type {
		case reporting.Amount, reporting.Integer, reporting.MoneyValue:
			if cell, ok := s.cell(i); ok && label.Clean(cell.Text) != "" {
				return true
			}
		}
	}
	return false
}

// readLedger reads one line a row. Totals are left out; a row in which a single cell is filled is a note, and is said to be left out.
func (s *sheetReader) readLedger() {
	carried := make([]reporting.Cell, len(s.form.Columns))
	for row := range s.dataRows() {
		filled, total := 0, false
		for i, column := range s.form.Columns {
			cell, ok := s.cell(i)
			text := label.Clean(cell.Text)
			if !ok || text == "" {
				continue
			}
			if i <= s.form.Column(s.firstKey())+1 && s.isTotal(text) {
				total = true
			}
			if column.Type != reporting.Sequence && column.Type != reporting.Remark {
				filled++
			}
		}
		if total || filled == 0 {
			if !total {
				s.leftOut(row)
			}
			continue
		}
		if filled == 1 && s.leftOut(row) {
			continue
		}
		s.carry(carried)
		s.table.Lines = append(s.table.Lines, s.line(s.row, "", s.table.Org, false))
	}
}

// firstKey is the column before which the word 合计 may stand.
func (s *sheetReader) firstKey() string {
	for _, c := range s.form.Columns {
		if c.Required {
			return c.ID
		}
	}
	return ""
}

// leftOut reports a row of a ledger that holds a single text, and that text outside of all columns or in prose; false when it is
// one lost value of a person or case, which is read and found incomplete.
func (s *sheetReader) leftOut(row reporting.Row) bool {
	for _, c := range row.Cells {
		text := label.Clean(c.Text)
		if text == "" {
			continue
		}
		onlySequence := columnCodes.MatchString(text) || len(text) <= 4 && strings.Trim(text, "0123456789") == ""
		if onlySequence {
			return true // rows numbered in advance
		}
		if c.Kind == reporting.TextCell && len([]rune(text)) > 6 || strings.ContainsAny(text, "(（") {
			s.find(reporting.UnclaimedRow, reporting.SeverityNote, reporting.CellName(c.Row, c.Col), text, reporting.Textf(
				"这一行只有“%s”，没有作为数据采用", "this row holds “%s” only: it was not taken as data", text))
			return true
		}
		return false
	}
	return true
}

// carry fills what a merged cell above holds for this row: what its range shows, and in text files, which know no merged cells,
// the value above an empty cell of a column where offices merge.
func (s *sheetReader) carry(above []reporting.Cell) {
	cells := slices.Clone(s.row.Cells)
	for i, column := range s.form.Columns {
		at := s.layout.Columns[i]
		if at < 0 || column.Type == reporting.Integer || column.Type == reporting.MoneyValue || column.Type == reporting.Sequence {
			continue
		}
		cell, ok := s.row.At(at)
		if ok && label.Clean(cell.Text) != "" {
			above[i] = cell
			continue
		}
		switch merged, found := s.merged(s.row.Index, at); {
		case found:
			cell = merged
		case s.sheet.Name == "" && column.Mergeable && above[i].Text != "":
			cell = above[i]
			s.find(reporting.ValueAssumed, reporting.SeverityWarning, reporting.CellName(s.row.Index, at), "", reporting.Textf(
				"“%s”为空，按上一行的“%s”读取", "“%s” is empty: taken as “%s” from the row above", column.Header, label.Clean(cell.Text)))
		default:
			continue
		}
		cell.Row, cell.Col = s.row.Index, at
		cells = slices.DeleteFunc(cells, func(c reporting.Cell) bool { return c.Col == at })
		cells = append(cells, cell)
	}
	slices.SortFunc(cells, func(a, b reporting.Cell) int { return int(a.Col - b.Col) })
	s.row.Cells = cells
}

// merged returns the first cell of the vertical merged range that the place lies in.
func (s *sheetReader) merged(row, col int32) (reporting.Cell, bool) {
	for _, m := range s.sheet.Merges {
		if m.Holds(row, col) && m.LastRow > m.FirstRow && m.FirstRow > s.layout.Header.LastRow {
			return s.sheet.At(m.FirstRow, m.FirstCol)
		}
	}
	return reporting.Cell{}, false
}

// line reads all cells of the row being read. code is the fixed row's, or the indicator's.
func (s *sheetReader) line(row reporting.Row, code, unit string, total bool) reporting.Line {
	l := reporting.Line{Row: row.Index + 1, Code: code, Unit: unit, Values: make([]reporting.Value, len(s.form.Columns))}
	measure := s.rowMeasure()
	for i := range s.form.Columns {
		if s.layout.Columns[i] < 0 {
			continue
		}
		l.Values[i] = s.value(i, context{code: code, measure: measure, total: total})
	}
	if !total {
		s.checkPresence(&l)
	}
	return l
}

// rowMeasure is the unit in the row's own column for it, or "".
func (s *sheetReader) rowMeasure() string {
	cell, ok := s.cell(s.form.ColumnOf(reporting.Measure))
	if !ok {
		return ""
	}
	unit, _ := label.Unit(cell.Text)
	return unit
}

// checkPresence reports the empty cells that must not be empty. A stock's year-to-date is one that may.
func (s *sheetReader) checkPresence(l *reporting.Line) {
	for i, column := range s.form.Columns {
		value := l.Values[i]
		if column.Blank || s.layout.Columns[i] < 0 || column.Type == reporting.RowLabel {
			continue
		}
		needsText := value.Presence == reporting.NotApplicable && !isNumber(column.Type)
		if value.Presence != reporting.Missing && !needsText {
			continue
		}
		if column.BlankIf != "" && l.Values[s.form.Column(column.BlankIf)].Presence != reporting.Given {
			continue
		}
		if column.SumOf != "" && s.indicatorOf(l.Code, column) != nil && s.indicatorOf(l.Code, column).Kind == reporting.Stock {
			continue
		}
		message := reporting.Textf("“%s”没有填写；没有发生请填 0，不适用请填 —", "“%s” is empty; write 0 for none, — for not applicable", s.columnName(l, column))
		if !isNumber(column.Type) {
			message = reporting.Textf("“%s”没有填写", "“%s” is empty", s.columnName(l, column))
		}
		if cell, ok := s.row.At(s.layout.Columns[i]); ok && cell.Formula != "" {
			message = reporting.Textf("“%s”的公式 =%s 没有计算结果，请在表格软件中打开并保存后重新上报",
				"the formula of “%s”, =%s, has no result: open and save the file in a spreadsheet program, then send again", s.columnName(l, column), cell.Formula)
		}
		s.fail(reporting.MissingValue, value.Cell, value.Written, message)
	}
}

// columnName names a cell as a clerk would: the row's label and the column's header.
func (s *sheetReader) columnName(l *reporting.Line, column reporting.Column) string {
	for _, r := range s.form.Rows {
		if r.Code == l.Code && l.Code != "" {
			return r.Label + "”“" + column.Header
		}
	}
	return column.Header
}

func isNumber(t reporting.ValueType) bool {
	return t == reporting.Amount || t == reporting.Integer || t == reporting.MoneyValue
}

// indicatorOf is the indicator that a number of the row is of: the row's own, or the one that the column loads for it. For the
// year's sum it is the one of the month.
func (s *sheetReader) indicatorOf(code string, column reporting.Column) *reporting.Indicator {
	if column.SumOf != "" {
		column = s.form.Columns[s.form.Column(column.SumOf)]
	}
	if column.Loads != "" {
		return s.catalogue.Indicator(reporting.LoadedIndicator(column.Loads, code))
	}
	if column.Type != reporting.Amount {
		return nil
	}
	for _, r := range s.form.Rows {
		if r.Code == code {
			return s.catalogue.Indicator(r.Indicator)
		}
	}
	return s.catalogue.Indicator(code)
}
