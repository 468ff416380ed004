package normalize

import (
	"cmp"
	"iter"
	"regexp"
	"slices"
	"strings"

	"huizong/pkg/label"
	"huizong/pkg/reporting"
)

var (
	signature = regexp.MustCompile(`^[^:]{0,14}?(人|日期|时间|电话|签名|签字|签章|盖章|公章|负责|领导|主任|局长|科长|股长|站长|所长|院长|队长|镇长|乡长|书记|会计|出纳|制表|制单|经办|审核|复核|填表|填报|校对|主管|分管)(\([^)]*\))?:`)
	signer    = regexp.MustCompile(`^(单位|部门|科室|统计|财务|业务|主要|分管|主管)?(填报人|填表人|制表人|制表|经办人|经办|审核人|审核|复核人|复核|负责人|分管领导|主管领导|联系人|联系电话|填报日期|填表日期|报出日期|报送日期|制表日期|填报时间|签字|签章|盖章)$`)
	remarks   = regexp.MustCompile(`^[(\[※*★]?\s*(注|备注|说明|填表说明|填报说明|填报要求|填报口径|附注|附|审核关系|逻辑关系|平衡关系|注释|备查|指标解释|指标说明)\s*\d*\s*(?:[:、.]|$)`)
	dateAlone = regexp.MustCompile(`^\d{4}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?$`)
)

// dataRows yields the rows below the header that may hold data: not the blank ones, the signatures, the notes, a header printed
// again or the line of column numbers. Below the signatures, or the line that ends the table, only a row that is nearly whole is data: a
// legend or a note may stand there.
// While it yields, s.row is the row.
func (s *sheetReader) dataRows() iter.Seq[reporting.Row] {
	return func(yield func(reporting.Row) bool) {
		first, signed := true, false
		for _, row := range s.sheet.Rows {
			if row.Index <= s.layout.Header.LastRow || isBlank(row) {
				continue
			}
			s.row = row
			numbered := first && label.AreColumnNumbers(row.Cells)
			switch {
			case numbered:
				continue
			case s.isSigned(row):
				signed = true
				continue
			case s.isRemark(row):
				continue
			case s.isEnd(row):
				signed = true
				continue
			case s.isHeaderAgain():
				s.checkHeaderAgain()
				signed = false
				continue
			case s.isTitleAgain(row):
				continue
			case signed && !s.nearlyWhole():
				s.leaveOut(row)
				continue
			}
			first = false
			if s.isStruckRow() || s.isHiddenCopy(row) || s.isBrokenRecord(row) {
				continue
			}
			s.uncover()
			s.sayHidden()
			if !yield(s.row) {
				return
			}
		}
	}
}

// nearlyWhole reports whether most of the required columns are filled in the row being read.
func (s *sheetReader) nearlyWhole() bool {
	filled, required := 0, 0
	for i, column := range s.form.Columns {
		if !column.Required || column.Blank || s.layout.Columns[i] < 0 {
			continue
		}
		required++
		if cell, ok := s.cell(i); ok && label.Clean(cell.Text) != "" {
			filled++
		}
	}
	return 2*filled > required
}

// leaveOut says that a row which holds something under the table was not taken as data.
func (s *sheetReader) leaveOut(row reporting.Row) {
	for _, c := range row.Cells {
		if text := label.Clean(c.Text); text != "" {
			s.find(reporting.UnclaimedRow, reporting.SeverityNote, s.sheet.CellName(c.Row, c.Col), text, reporting.Textf(
				"“%s”这一行在表格之外，没有作为数据采用", "the row “%s” stands outside the table: it was not taken as data", text))
			return
		}
	}
}

func isBlank(row reporting.Row) bool {
	return !slices.ContainsFunc(row.Cells, func(c reporting.Cell) bool {
		return c.Kind == reporting.Blank && c.Formula() != "" || label.Clean(c.Text) != ""
	})
}

// firstText is the first text of the row that is not empty, and how many there are.
func firstText(row reporting.Row) (text string, filled int) {
	for _, c := range row.Cells {
		if t := label.Clean(c.Text); t != "" {
			if filled++; filled == 1 {
				text = t
			}
		}
	}
	return text, filled
}

// isSigned reports whether the row is the line of signatures: its first text is a signer, or the only one a date. A row that holds data is
// none, however its first text looks: 缺少技术工人：3 名.
func (s *sheetReader) isSigned(row reporting.Row) bool {
	text, filled := firstText(row)
	if filled == 1 && dateAlone.MatchString(text) {
		return true
	}
	if !signs(text) {
		return false
	}
	signers := 0
	for _, c := range row.Cells {
		if signs(label.Clean(c.Text)) {
			signers++
		}
	}
	numbers, others := s.typed()
	return signers > 1 && numbers+others < 2 || numbers+others == 0 && !(s.form.Shape == reporting.NarrativeForm && s.nearlyWhole())
}

func signs(text string) bool {
	return text != "" && len(text) < 200 && (text[0] < '0' || text[0] > '9') && (signature.MatchString(text) || signer.MatchString(label.Fold(text)))
}

// isRemark reports whether the row is a note.
func (s *sheetReader) isRemark(row reporting.Row) bool {
	text, _ := firstText(row)
	if !remarks.MatchString(text) {
		return false
	}
	numbers, others := s.typed()
	return numbers+others == 0 && !(s.form.Shape == reporting.NarrativeForm && s.nearlyWhole())
}

// isEnd reports whether the row says that the table ends here, in whichever of its cells, and nothing else: 以下空白. It may be numbered.
func (s *sheetReader) isEnd(row reporting.Row) bool {
	ends := false
	for _, c := range row.Cells {
		switch text := label.Clean(c.Text); {
		case text == "", s.columnType(c.Col) == reporting.Sequence && label.IsColumnNumber(text):
		case label.Means(text, label.End):
			ends = true
		default:
			return false
		}
	}
	return ends
}

// isHeaderAgain reports whether the row prints the header again, as each page of a long ledger does.
func (s *sheetReader) isHeaderAgain() bool {
	same, others := 0, 0
	for i, column := range s.form.Columns {
		cell, ok := s.cell(i)
		switch {
		case !ok || cell.Text == "":
		case cell.Kind == reporting.TextCell && len(cell.Text) < 100 && isHeaderOf(column, cell.Text):
			same++
		default:
			if others++; others > same+1 {
				return false
			}
		}
	}
	return same >= 2 && same > others
}

// checkHeaderAgain refuses a header that is printed again and says another thing than the first: its columns in another order, or in another unit
// of money. What stands below it would be read as what it is not.
func (s *sheetReader) checkHeaderAgain() {
	for i, column := range s.form.Columns {
		cell, ok := s.cell(i)
		if !ok || cell.Kind != reporting.TextCell || label.Clean(cell.Text) == "" {
			continue
		}
		text, measure := label.Header(cell.Text)
		moved := !isHeaderOf(column, cell.Text) && slices.ContainsFunc(s.form.Columns, func(other reporting.Column) bool { return other.ID != column.ID && slices.Contains(other.Labels, text) })
		above := cmp.Or(s.layout.Measures[i], s.layout.Measure.Text)
		if !moved && (!isNumber(column.Type) || measure == "" || above == "" || measure == above) {
			continue
		}
		s.fail(reporting.AmbiguousColumn, s.name(i), cell.Text, reporting.Textf(
			"第 %d 行又是一个表头，这一列写的是“%s”，与上面的“%s”不同，下面的内容会读错；请改成一样的列次和单位，或者分成两张表报送",
			"row %d is a header again, and this column says “%s”, other than “%s” above: what follows would be misread; use the same columns and units, or send two sheets",
			s.sheet.RowNumber(s.row.Index), label.Clean(cell.Text), headerWith(s.columnHeader(column), above)))
		return
	}
}

func headerWith(header, measure string) string {
	if measure == "" || strings.Contains(header, measure) {
		return header
	}
	return header + "（" + measure + "）"
}

func isHeaderOf(column reporting.Column, written string) bool {
	text, _ := label.Header(written)
	return slices.Contains(column.Labels, text) || len(text) > 3 && slices.ContainsFunc(column.Labels, func(l string) bool { return strings.HasSuffix(l, text) })
}

// isTitleAgain reports whether the row repeats the title or an info line, as they stand above the table on each page.
func (s *sheetReader) isTitleAgain(row reporting.Row) bool {
	text, filled := firstText(row)
	if filled > 4 || len(text) < 6 || text[0] <= '9' {
		return false
	}
	if numbers, others := s.typed(); numbers+others > 0 {
		return false
	}
	if s.above == nil {
		s.above = map[string]bool{}
		for _, r := range s.sheet.Rows {
			if r.Index >= s.layout.Header.FirstRow {
				break
			}
			if first, _ := firstText(r); first != "" {
				s.above[label.Fold(first)] = true
			}
		}
		for _, title := range append([]string{s.form.Title.ZH}, s.form.Aliases...) {
			s.above[label.Fold(title)] = true
		}
	}
	return s.above[label.Fold(text)]
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
	return s.sheet.CellName(s.row.Index, s.layout.Columns[column])
}

// text is the label of the row being read. Where its header stands over several columns, the label is the last text in them: the first
// ones group the rows.
func (s *sheetReader) text(column int) (name, text string) {
	cell, _ := s.cell(column)
	name, text = s.name(column), cell.Shown()
	for _, m := range s.labels {
		for col := m.FirstCol; col <= m.LastCol; col++ {
			if c, ok := s.row.At(col); ok && label.Clean(c.Text) != "" {
				name, text = s.sheet.CellName(s.row.Index, col), c.Shown()
			}
		}
	}
	if column >= 0 && label.Clean(text) == "" {
		if c, ok := s.totalBeside(column); ok {
			return s.sheet.CellName(c.Row, c.Col), c.Shown()
		}
	}
	return name, text
}

// totalBeside is the word for a total that stands in another column before the numbers: in a cell merged over those of the labels, or in
// the column of the running numbers.
func (s *sheetReader) totalBeside(column int) (reporting.Cell, bool) {
	for _, c := range s.row.Cells {
		text := label.Clean(c.Shown())
		switch {
		case text == "" || c.Col == s.layout.Columns[column]:
		case c.Kind == reporting.TextCell && (s.isTotal(text) || isPartTotal(text)):
			return c, true
		default:
			return c, false
		}
	}
	return reporting.Cell{}, false
}

// labelColumns is the merged header of the column that names rows, if it stands over several columns.
func labelColumns(layout *reporting.Layout) []reporting.Range {
	column := layout.Form.ColumnOf(reporting.RowLabel)
	if column < 0 || layout.Columns[column] < 0 {
		return nil
	}
	for _, m := range layout.Sheet.Merges {
		if m.LastCol > m.FirstCol && m.Holds(layout.Header.LastRow, layout.Columns[column]) {
			return []reporting.Range{m}
		}
	}
	return nil
}

// isTotal reports whether a label is one of the form's names for its total row.
func (s *sheetReader) isTotal(text string) bool {
	row := label.Row(text)
	return slices.ContainsFunc(s.form.Total, func(total string) bool { return row == label.Fold(total) })
}

// isPartTotal reports whether a label is of a sum over some of the rows: 小计, 街道合计, 承前页.
func isPartTotal(text string) bool { return label.Means(label.Row(text), label.Subtotal) }

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
	var numbered []reporting.Row
	last := int32(0)
	for row := range s.dataRows() {
		apart := len(s.table.Lines) > 0 && row.Index > last+1
		switch filled := s.filled(); {
		case s.isLedgerTotal(row):
			continue
		case s.isNil():
			s.nilRow(row)
			continue
		case filled == 0 && s.onlyNumbered(row):
			numbered = append(numbered, row)
			continue
		case filled <= 1 && s.leftOut(row):
			continue
		case apart && 3*filled <= s.required() && s.holdsNothing():
			s.leaveOut(row)
			continue
		}
		s.sayNumbered(numbered)
		last, numbered = row.Index, nil
		if s.continues() {
			continue
		}
		s.carry(carried)
		s.table.Lines = append(s.table.Lines, s.line(s.row, "", s.table.Org, false))
	}
}

// filled counts the filled cells of the row that are neither its running number nor a remark.
func (s *sheetReader) filled() int {
	n := 0
	for i, column := range s.form.Columns {
		if column.Type == reporting.Sequence || column.Type == reporting.Remark {
			continue
		}
		if cell, ok := s.cell(i); ok && label.Clean(cell.Text) != "" {
			n++
		}
	}
	return n
}

func (s *sheetReader) required() int {
	n := 0
	for _, column := range s.form.Columns {
		if column.Required {
			n++
		}
	}
	return n
}

// typed counts the cells of the row that hold what only data holds: numbers, and days, ID numbers and credit codes under their columns.
func (s *sheetReader) typed() (numbers, others int) {
	for i, column := range s.form.Columns {
		cell, ok := s.cell(i)
		if !ok || cell.Text == "" {
			continue
		}
		switch column.Type {
		case reporting.Amount, reporting.Integer, reporting.MoneyValue:
			if readNumber(cell).presence == reporting.Given {
				numbers++
			}
		case reporting.DateValue, reporting.MonthValue:
			if _, ok := s.readDay(cell); ok {
				others++
			}
		case reporting.IDNumber, reporting.CreditCode:
			if digits.MatchString(cell.Text) {
				others++
			}
		}
	}
	return numbers, others
}

func (s *sheetReader) holdsNothing() bool {
	numbers, others := s.typed()
	return numbers+others == 0
}

// isLedgerTotal reports whether the row is a total: its first text is a name of a total, and it has neither a day nor a person.
func (s *sheetReader) isLedgerTotal(row reporting.Row) bool {
	for _, c := range row.Cells {
		text := label.Clean(c.Text)
		switch {
		case text == "":
			continue
		case len(text) <= 60 && strings.ContainsAny(text, s.totals) && (s.isTotal(text) || isPartTotal(text)):
			_, others := s.typed()
			return others == 0
		case c.Kind == reporting.TextCell && text[0] > '9':
			return false
		}
	}
	return false
}

// isNil reports whether the row says that there is nothing to report: 无, 零报告 or / under the columns that a record is made of, and no
// value under any of them. Whom or what it says that of, a township or a class, may stand beside it.
func (s *sheetReader) isNil() bool {
	words, strokes := 0, 0
	for i, column := range s.form.Columns {
		cell, ok := s.cell(i)
		text := label.Clean(cell.Text)
		if !ok || text == "" || column.Type == reporting.Sequence {
			continue
		}
		switch {
		case label.Means(text, label.Nil) && !(column.Type == reporting.Category && s.choice(column, text) != ""):
			words++
		case notApplicable.MatchString(text):
			strokes++
		case column.Type == reporting.UnitValue, column.Type == reporting.Category, column.Type == reporting.MonthValue, column.Type == reporting.Remark:
		case isNumber(column.Type) && readNumber(cell).presence == reporting.Given && readNumber(cell).number.Sign() == 0:
		default:
			return false
		}
	}
	return words > 0 || strokes > 1
}

// nilRow says that the row was understood as a report that there is nothing.
func (s *sheetReader) nilRow(row reporting.Row) {
	for _, c := range row.Cells {
		if text := label.Clean(c.Text); label.Means(text, label.Nil) || notApplicable.MatchString(text) {
			s.find(reporting.UnclaimedRow, reporting.SeverityNote, s.sheet.CellName(c.Row, c.Col), text, reporting.Textf(
				"第 %d 行写的是“%s”，按没有发生读取", "row %d says “%s”: it was read as nothing to report", s.sheet.RowNumber(row.Index), text))
			return
		}
	}
}

var (
	sectionHead = regexp.MustCompile(`^[(\[]?[一二三四五六七八九十]{1,3}[)\]]?[、.]`)
	digits      = regexp.MustCompile(`\d{6}`)
	longDigits  = regexp.MustCompile(`\d{15}`)
)

// leftOut says of a row of a ledger that holds a single text, and that text outside of all columns, in prose, or as the head of the rows
// below, that it was not taken as data; false when it is one lost value of a person or case, which is read and found incomplete.
func (s *sheetReader) leftOut(row reporting.Row) bool {
	for _, c := range row.Cells {
		text := label.Clean(c.Text)
		if text == "" || s.isRunningNumber(c) {
			continue
		}
		prose := c.Kind == reporting.TextCell && len([]rune(text)) > 6 && !longDigits.MatchString(text) && s.holdsNothing()
		numbered := label.IsColumnNumber(text) && text[0] <= '9' && !isNumber(s.columnType(c.Col)) // rows numbered in advance in a column of names
		if prose || numbered || s.filled() == 0 || label.Means(text, label.Nil) || sectionHead.MatchString(text) || strings.HasSuffix(text, ":") || s.across(c) {
			s.find(reporting.UnclaimedRow, reporting.SeverityNote, s.sheet.CellName(c.Row, c.Col), text, reporting.Textf(
				"这一行只有“%s”，没有作为数据采用", "this row holds “%s” only: it was not taken as data", text))
			return true
		}
		return false
	}
	return true
}

// isRunningNumber reports whether the cell numbers its row, in the column for that or in one that is none of the form's.
func (s *sheetReader) isRunningNumber(c reporting.Cell) bool {
	text := label.Clean(c.Text)
	if t := s.columnType(c.Col); t != "" && t != reporting.Sequence {
		return false
	}
	return label.IsColumnNumber(text) || len(text) <= 4 && strings.Trim(text, "0123456789") == ""
}

// onlyNumbered reports whether the row holds its running number and nothing else.
func (s *sheetReader) onlyNumbered(row reporting.Row) bool {
	return !slices.ContainsFunc(row.Cells, func(c reporting.Cell) bool { return label.Clean(c.Text) != "" && !s.isRunningNumber(c) })
}

// sayNumbered says of the rows that hold a running number only, and have records below them, that what they held may be lost. Rows that
// were numbered in advance stand at the end.
func (s *sheetReader) sayNumbered(rows []reporting.Row) {
	for _, row := range rows {
		text, _ := firstText(row)
		s.find(reporting.UnclaimedRow, reporting.SeverityNote, s.sheet.CellName(row.Index, 0), text, reporting.Textf(
			"第 %d 行只有序号“%s”，没有内容，没有采用；漏填的请补上", "row %d holds its number “%s” only and was not used: fill it in if something is missing", s.sheet.RowNumber(row.Index), text))
	}
}

// across reports whether the cell is merged over several columns, as a head of rows is.
func (s *sheetReader) across(c reporting.Cell) bool {
	return slices.ContainsFunc(s.sheet.Merges, func(m reporting.Range) bool { return m.Holds(c.Row, c.Col) && m.LastCol > m.FirstCol+1 })
}

// carry fills what a merged cell above holds for this row: what its range shows, and in text files, which know no merged cells,
// the value above an empty cell of a column where offices merge; and what the row says is as above.
func (s *sheetReader) carry(above []reporting.Cell) {
	var cells []reporting.Cell // a copy, made when the first cell is filled in
	for i, column := range s.form.Columns {
		at := s.layout.Columns[i]
		if at < 0 || column.Type == reporting.Sequence {
			continue
		}
		cell, ok := s.row.At(at)
		repeats := ok && label.Means(cell.Text, label.Ditto)
		if ok && !repeats && label.Clean(cell.Text) != "" {
			above[i] = cell
			continue
		}
		switch merged, found := s.merged(s.row.Index, at); {
		case isNumber(column.Type) && !repeats:
			continue
		case found && !isNumber(column.Type):
			cell = merged
		case above[i].Text != "" && (repeats && column.Type != reporting.IDNumber || s.sheet.Name == "" && column.Mergeable):
			written := cell.Text
			cell = above[i]
			s.find(reporting.ValueAssumed, reporting.SeverityWarning, s.sheet.CellName(s.row.Index, at), written, reporting.Textf(
				"“%s”按上一行的“%s”读取，请逐行填写", "“%s” was taken as “%s” from the row above: fill in every row", s.columnHeader(column), label.Clean(cell.Text)))
		default:
			continue
		}
		cell.Row, cell.Col = s.row.Index, at
		if cells == nil {
			cells = slices.Clone(s.row.Cells)
		}
		cells = slices.DeleteFunc(cells, func(c reporting.Cell) bool { return c.Col == at })
		cells = append(cells, cell)
	}
	if cells != nil {
		slices.SortFunc(cells, func(a, b reporting.Cell) int { return int(a.Col - b.Col) })
		s.row.Cells = cells
	}
}

// continues reports whether the row goes on with the record of the row above it, since what names one record is merged over both, and
// says so: each row counts as one.
func (s *sheetReader) continues() bool {
	if !slices.ContainsFunc(s.form.Loads, func(l reporting.Load) bool { return l.Value == "" && l.Distinct == "" }) {
		return false
	}
	for i, column := range s.form.Columns {
		names := column.Type == reporting.TextValue || column.Type == reporting.CreditCode || column.Type == reporting.IDNumber
		at := s.layout.Columns[i]
		if !names || !column.Required || column.Mergeable || at < 0 {
			continue
		}
		for _, m := range s.down[s.row.Index] {
			if m.Holds(s.row.Index, at) && m.FirstRow < s.row.Index {
				if s.onlyNames() {
					s.find(reporting.ValueAssumed, reporting.SeverityWarning, s.sheet.CellName(s.row.Index, at), "", reporting.Textf(
						"%s 的“%s”是合并单元格：第 %d 行与第 %d 行按同一笔登记读取，计一笔；如果是几笔，请取消合并、逐行填写",
						"%s, “%s”, is merged: rows %[3]d and %[4]d were read as one record, which counts once; if they are several, unmerge and fill in every row",
						s.sheet.Spans(m), s.columnHeader(column), s.sheet.RowNumber(m.FirstRow), s.sheet.RowNumber(s.row.Index)))
					return true
				}
				s.fail(reporting.DuplicateRow, s.sheet.CellName(s.row.Index, at), "", reporting.Textf(
					"%s 的“%s”是合并单元格：第 %d 行与第 %d 行像是同一笔登记占了几行；每一行按一笔计数，请合并成一行，如果是几笔，请取消合并、逐行填写",
					"%s, “%s”, is merged: rows %[3]d and %[4]d seem to be one record over several rows, and each row counts as one; put it into one row, or unmerge and fill in every row",
					s.sheet.Spans(m), s.columnHeader(column), s.sheet.RowNumber(m.FirstRow), s.sheet.RowNumber(s.row.Index)))
				return true
			}
		}
	}
	return false
}

// onlyNames reports whether the row has nothing of its own but texts that feed no figure, as a second applicant of one case: all else
// stands in the merged cells of the row above.
func (s *sheetReader) onlyNames() bool {
	for i, column := range s.form.Columns {
		cell, ok := s.cell(i)
		if !ok || label.Clean(cell.Text) == "" && cell.Formula() == "" || isAside(column.Type) {
			continue
		}
		if column.Type != reporting.TextValue || slices.Contains(s.form.Key, column.ID) || slices.ContainsFunc(s.form.Loads, func(l reporting.Load) bool { return l.Distinct == column.ID }) {
			return false
		}
	}
	return true
}

// merged returns the first cell of the vertical merged range below the header that the place lies in.
func (s *sheetReader) merged(row, col int32) (reporting.Cell, bool) {
	for _, m := range s.down[row] {
		if m.Holds(row, col) {
			return s.sheet.At(m.FirstRow, m.FirstCol)
		}
	}
	return reporting.Cell{}, false
}

// mergedDown lists the vertical merged ranges below the header by the rows that they cover.
func mergedDown(layout *reporting.Layout) map[int32][]reporting.Range {
	down := map[int32][]reporting.Range{}
	for _, m := range layout.Sheet.Merges {
		if m.LastRow == m.FirstRow || m.FirstRow <= layout.Header.LastRow {
			continue
		}
		last := m.LastRow
		if rows := layout.Sheet.Rows; len(rows) > 0 {
			last = min(last, rows[len(rows)-1].Index)
		}
		for row := m.FirstRow; row <= last; row++ {
			down[row] = append(down[row], m)
		}
	}
	return down
}

// line reads all cells of the row being read. code is the fixed row's, or the indicator's.
func (s *sheetReader) line(row reporting.Row, code, unit string, total bool) reporting.Line {
	l := reporting.Line{Row: s.sheet.RowNumber(row.Index), Code: code, Unit: unit, Values: make([]reporting.Value, len(s.form.Columns))}
	measure := s.rowMeasure(code, total)
	for i := range s.form.Columns {
		if s.layout.Columns[i] < 0 {
			l.Values[i] = s.given(i)
			continue
		}
		l.Values[i] = s.bounded(i, context{code: code, measure: measure.text, units: measure.units, unitCell: measure.cell, total: total})
	}
	if !total {
		s.checkPresence(&l)
	}
	return l
}

// given is what the sheet as a whole says under a column that it does not have.
func (s *sheetReader) given(i int) reporting.Value {
	if i >= len(s.layout.Given) || s.layout.Given[i].Text == "" {
		return reporting.Value{}
	}
	v := reporting.Value{Presence: reporting.Given, Written: s.layout.Given[i].Text}
	switch column := s.form.Columns[i]; column.Type {
	case reporting.Category:
		v.Text = label.Choice(column, v.Written)
	case reporting.UnitValue:
		if v.Text, _ = s.units.find(v.Written, s.period, rowUnit); v.Text == "" {
			v.Presence = reporting.Unreadable
		}
	}
	return v
}

// sayGiven says what all rows of the sheet were taken for.
func (s *sheetReader) sayGiven() {
	for i := range s.layout.Given {
		v := s.given(i)
		name := v.Text
		if unit := s.catalogue.Unit(v.Text); unit != nil {
			name = unit.Name.ZH
		}
		switch note := s.layout.Given[i]; {
		case v.Presence == reporting.Given:
			s.find(reporting.ValueAssumed, reporting.SeverityWarning, note.Cell, note.Text, reporting.Textf(
				"表中没有“%s”列，按“%s”把这张工作表的各行都读作“%s”，请核对", "there is no column “%s”: by “%s” all rows of the sheet were read as “%s”; please check", s.columnHeader(s.form.Columns[i]), note.Text, name))
		case v.Presence == reporting.Unreadable:
			s.fail(reporting.MissingColumn, note.Cell, note.Text, reporting.Textf("缺少“%s”列，请补上这一列后重新上报", "the column “%s” is missing: add it and send again", s.columnHeader(s.form.Columns[i])))
		}
	}
}

// checkPresence reports the empty cells that must not be empty. A stock's year-to-date is one that may.
func (s *sheetReader) checkPresence(l *reporting.Line) {
	for i, column := range s.form.Columns {
		value := l.Values[i]
		if s.layout.Columns[i] < 0 || column.Type == reporting.RowLabel || column.Blank && !s.isUnknown(i, value) {
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
			message = reporting.Textf("“%s”没有填写，请补上", "“%s” is empty: fill it in", s.columnName(l, column))
		}
		if cell, ok := s.row.At(s.layout.Columns[i]); ok && cell.Formula() != "" {
			message = s.notCalculated(column, cell)
		} else if ok && cell.Kind == reporting.ErrorCell {
			message = reporting.Textf("“%s”这一格显示的是错误值“%s”，请改正", "the cell of “%s” shows the error “%s”: correct it", s.columnName(l, column), cell.Text)
		} else if m, under := s.over(reporting.Cell{Row: s.row.Index, Col: s.layout.Columns[i]}, s.covered[s.row.Index]); under {
			message = reporting.Textf("“%s”这一格在合并单元格 %s 之内，没有自己的内容；请取消合并，逐格填写", "“%s” lies in the merged cells %s and has no content of its own: unmerge them and fill in each",
				s.columnName(l, column), s.sheet.Spans(m))
		}
		s.fail(reporting.MissingValue, value.Cell, value.Written, message)
	}
}

// isUnknown reports whether the cell of a column that may be empty is not: a formula without a result or an error may stand for a day, and
// without that day the case would be open.
func (s *sheetReader) isUnknown(i int, value reporting.Value) bool {
	column := s.form.Columns[i]
	cell, ok := s.row.At(s.layout.Columns[i])
	return ok && value.Presence == reporting.Missing && (isDay(column.Type) || isNumber(column.Type)) && (cell.Kind == reporting.ErrorCell || cell.Formula() != "")
}

// columnName names a cell as a clerk would: the row's label and the column's header.
func (s *sheetReader) columnName(l *reporting.Line, column reporting.Column) string {
	for _, r := range s.form.Rows {
		if r.Code == l.Code && l.Code != "" {
			return r.Label + "”“" + s.columnHeader(column)
		}
	}
	return s.columnHeader(column)
}

// columnHeader is what the column is called in a message.
func (s *sheetReader) columnHeader(column reporting.Column) string {
	return label.ColumnName(s.form, s.form.Column(column.ID))
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
