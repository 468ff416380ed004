package normalize

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"huizong/pkg/label"
	"huizong/pkg/reporting"
)

// seen is the cell as a person reads it: without what is struck through or raised, without the mark of a note, and a number that stands
// for a text as its format shows it. It says what it left out. False says that the cell is not to be read, which is a finding then.
func (s *sheetReader) seen(column reporting.Column, cell reporting.Cell, v *reporting.Value) (reporting.Cell, bool) {
	if cell.Kind == reporting.NumberCell && cell.Look != nil && cell.Look.Format != nil {
		v.Written = cell.Shown()
		if !isNumber(column.Type) && !(cell.Date && isDay(column.Type)) {
			cell = s.asText(column, cell, *v)
		}
	}
	if cell.Marks == 0 && cell.Kind != reporting.TextCell {
		return cell, true
	}
	switch marks := cell.Marks; {
	case marks&reporting.Struck != 0 && label.Clean(cell.Text) != "":
		return s.struck(column, cell, v)
	case marks&reporting.Doubtful != 0 && !isAside(column.Type):
		v.Presence = reporting.Unreadable
		s.fail(reporting.MissingValue, v.Cell, v.Written, s.notCalculated(column, cell))
		return cell, false
	case marks&reporting.Calculated != 0 && !isAside(column.Type):
		s.find(reporting.ValueAssumed, reporting.SeverityWarning, v.Cell, v.Written, reporting.Textf(
			"这一格的公式没有重新计算过：文件里存的结果是 %s，重新计算是 %s，按后者读取；请在 Excel 或 WPS 中打开、保存后核对",
			"the formula had not been calculated again: the file holds %s, calculated it is %s, which was taken; open and save the file and check", cell.Look.Kept, cell.Text))
	case marks&(reporting.PartStruck|reporting.Raised) != 0:
		cell = s.kept(column, cell, *v)
	}
	if cell.Kind == reporting.TextCell {
		cell.Text = strings.TrimPrefix(cell.Text, "'") // a spreadsheet's mark of a text, written out by a program
		cell = s.withoutMarks(column, cell, *v)
	}
	return cell, true
}

func isDay(t reporting.ValueType) bool { return t == reporting.DateValue || t == reporting.MonthValue }

// isAside reports whether nothing hangs on the column: running numbers, remarks.
func isAside(t reporting.ValueType) bool { return t == reporting.Sequence || t == reporting.Remark }

// asText is a number under a column of texts, as its format shows it: 示劳监〔2017〕1号 of 1, 0012 of 12. One that the format hides is said.
func (s *sheetReader) asText(column reporting.Column, cell reporting.Cell, v reporting.Value) reporting.Cell {
	text := v.Written
	if text == "" && !isAside(column.Type) {
		s.fail(reporting.MissingValue, v.Cell, cell.Text, s.noNumber(column, cell, v))
	}
	if column.Type != reporting.IDNumber {
		cell.Kind = reporting.TextCell
	}
	cell.Text, cell.Date, cell.Look = text, false, nil
	return cell
}

// struck reports a value that is struck through: whether it still counts, nobody but its author knows.
func (s *sheetReader) struck(column reporting.Column, cell reporting.Cell, v *reporting.Value) (reporting.Cell, bool) {
	if isAside(column.Type) {
		return cell, true
	}
	v.Presence = reporting.Unreadable
	code := reporting.MissingValue
	if isNumber(column.Type) {
		code = reporting.NotANumber
	}
	s.fail(code, v.Cell, v.Written, reporting.Textf("“%s”的“%s”被划了删除线，不知道还算不算；如果作废，请写上正确的内容，如果有效，请去掉删除线",
		"the value of “%s”, “%s”, is struck through: if it is void, write the right one; if it counts, remove the line", s.columnHeader(column), said(*v, cell)))
	return cell, false
}

// kept is the text without what is struck through, and, but in prose, without what is raised.
func (s *sheetReader) kept(column reporting.Column, cell reporting.Cell, v reporting.Value) reporting.Cell {
	isProse := column.Type == reporting.TextValue || isAside(column.Type)
	if isProse && cell.Marks&reporting.PartStruck == 0 {
		return cell
	}
	kept := cell.Look.Kept
	if !isAside(column.Type) {
		left := "上标（下标）"
		if cell.Marks&reporting.PartStruck != 0 {
			left = "划掉的内容"
		}
		s.find(reporting.ValueAssumed, reporting.SeverityWarning, v.Cell, v.Written, reporting.Textf(
			"这一格的文字是“%s”，其中的%s不算，按“%s”读取，请核对", "the text of the cell is “%s”: without what is struck through or raised (%s) it was read as “%s”; please check",
			cell.Text, left, strings.TrimSpace(kept)))
	}
	cell.Text, cell.Look, cell.Marks = kept, nil, 0
	return cell
}

// The marks of notes at the ends of a value: ①, ¹, 〔1〕, [注], *. Width folding would make digits of some. A triangle before a number is no
// mark: it may stand for a minus.
var (
	noteBehind = regexp.MustCompile(`(?:[①-⓿❶-➓⑴-⒛㈠-㉃㊀-㊉㉑-㉟㊱-㊿⁰¹²³⁴-⁹₀-₉]+|[\[〔【［]\s*(?:注?\s*[\d０-９一二三四五六七八九十①-⑳]{0,2}|\*|※)\s*[\]〕】］]|[(（]\s*注\s*[\d０-９一二三四五六七八九十①-⑳]{0,2}\s*[)）]|注[\d①-⑳]{0,2}|[*＊※★☆▲△#＃†‡]+)\s*$`)
	noteBefore = regexp.MustCompile(`^\s*(?:[①-⓿❶-➓⑴-⒛㈠-㉃㊀-㊉㉑-㉟㊱-㊿⁰¹²³⁴-⁹₀-₉]+|[\[〔【［]\s*(?:注?\s*[\d０-９一二三四五六七八九十①-⑳]{0,2}|\*|※)\s*[\]〕】］]|[(（]\s*注\s*[\d０-９一二三四五六七八九十①-⑳]{0,2}\s*[)）]|[*＊※★☆†‡]+)`)
)

// withoutMarks drops the marks of notes from a value, and says so. A text that is all marks stays: it is no value.
func (s *sheetReader) withoutMarks(column reporting.Column, cell reporting.Cell, v reporting.Value) reporting.Cell {
	switch column.Type {
	case reporting.TextValue, reporting.Remark, reporting.Sequence, reporting.RowLabel, reporting.Measure:
		return cell
	}
	if isBare(cell.Text) {
		return cell
	}
	text := unmarked(cell.Text)
	if text == strings.TrimSpace(cell.Text) {
		return cell
	}
	if s.persons {
		text = concealNumbersUnless(column, text)
	}
	s.find(reporting.ValueAssumed, reporting.SeverityWarning, v.Cell, v.Written, reporting.Textf(
		"“%s”中的注释标记不算，按“%s”读取，请把注释写到备注里", "the mark of a note in “%s” is left out: read as “%s”; write notes into the remarks", v.Written, text))
	cell.Text = text
	return cell
}

// unmarked is the text without the marks of notes at its ends, where anything is left then.
func unmarked(text string) string {
	rest := strings.TrimSpace(noteBefore.ReplaceAllString(noteBehind.ReplaceAllString(text, ""), ""))
	if rest == "" || notApplicable.MatchString(label.Clean(text)) {
		return strings.TrimSpace(text)
	}
	return rest
}

// isBare reports whether the text has nothing in it that could mark a note.
func isBare(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		return unicode.Is(unicode.No, r) || strings.ContainsRune("[〔【［(（*＊※★☆▲△#＃†‡注", r)
	})
}

func concealNumbersUnless(column reporting.Column, text string) string {
	if column.Type == reporting.IDNumber {
		return text
	}
	return concealNumbers(text)
}

// notCalculated says that nobody knows what a formula comes to.
func (s *sheetReader) notCalculated(column reporting.Column, cell reporting.Cell) reporting.Text {
	formula := "公式"
	if f := cell.Formula(); f != "?" && f != "" {
		formula = "公式 =" + f
	}
	return reporting.Textf("“%s”的%s没有可靠的计算结果，请在 Excel 或 WPS 中打开、保存后重新上报",
		"the formula of “%s” (%s) has no result that can be trusted: open and save the file in Excel or WPS, then send it again", s.columnHeader(column), formula)
}

// isStruckRow reports whether all that the row shows is struck through, and says so: such a row is neither taken nor left out in silence.
func (s *sheetReader) isStruckRow() bool {
	first := ""
	for i, column := range s.form.Columns {
		cell, ok := s.cell(i)
		if !ok || isAside(column.Type) || label.Clean(cell.Text) == "" {
			continue
		}
		if cell.Marks&reporting.Struck == 0 {
			return false
		}
		if first == "" {
			first = s.name(i)
		}
	}
	if first == "" {
		return false
	}
	s.fail(reporting.MissingValue, first, "", reporting.Textf("第 %d 行整行被划了删除线，不知道还算不算；如果作废，请删去这一行，如果有效，请去掉删除线",
		"the whole of row %d is struck through: if it is void, delete it; if it counts, remove the line", s.sheet.RowNumber(s.row.Index)))
	return true
}

// covered are the merged ranges, by the rows below the header that they cover.
func covered(layout *reporting.Layout) map[int32][]reporting.Range {
	over := map[int32][]reporting.Range{}
	rows := layout.Sheet.Rows
	if len(rows) == 0 {
		return over
	}
	for _, m := range layout.Sheet.Merges {
		for row := max(m.FirstRow, layout.Header.LastRow+1); row <= min(m.LastRow, rows[len(rows)-1].Index); row++ {
			over[row] = append(over[row], m)
		}
	}
	return over
}

// uncover takes out of the row what lies under merged cells and nobody sees. A number there is said, since it may be meant; a text gives
// way to what the range shows.
func (s *sheetReader) uncover() {
	ranges := s.covered[s.row.Index]
	if len(ranges) == 0 {
		return
	}
	var cells []reporting.Cell
	for _, c := range s.row.Cells {
		m, under := s.over(c, ranges)
		if !under {
			cells = append(cells, c)
			continue
		}
		if column := slices.Index(s.layout.Columns, c.Col); column >= 0 && label.Clean(c.Text) != "" {
			s.sayCovered(s.form.Columns[column], c, m)
		}
	}
	s.row.Cells = cells
}

func (s *sheetReader) over(c reporting.Cell, ranges []reporting.Range) (reporting.Range, bool) {
	for _, m := range ranges {
		if m.Holds(c.Row, c.Col) && (m.FirstRow != c.Row || m.FirstCol != c.Col) {
			return m, true
		}
	}
	return reporting.Range{}, false
}

func (s *sheetReader) sayCovered(column reporting.Column, c reporting.Cell, m reporting.Range) {
	shown, _ := s.sheet.At(m.FirstRow, m.FirstCol)
	name := s.sheet.CellName(c.Row, c.Col)
	switch {
	case isAside(column.Type):
	case isNumber(column.Type):
		s.fail(reporting.MissingValue, name, c.Text, reporting.Textf(
			"%s 是合并单元格，只显示“%s”；%s 被它盖住，里面还有“%s”，看不见，不能采用；请取消合并，逐格填写",
			"%s is merged and shows “%s” only; %s lies under it and holds “%s”, which nobody sees: unmerge the cells and fill in each", s.sheet.Spans(m), shown.Shown(), name, c.Shown()))
	case label.Clean(shown.Shown()) != label.Clean(c.Shown()):
		s.find(reporting.ValueAssumed, reporting.SeverityWarning, name, c.Text, reporting.Textf(
			"%s 是合并单元格，按显示的“%s”读取；被盖住的“%s”看不见，没有采用，请核对",
			"%s is merged and was read as “%s”, which it shows; “%s” lies under it and was not used: please check", s.sheet.Spans(m), shown.Shown(), c.Shown()))
	}
}

// sayHidden says, once, that hidden rows are read as data: a filter hides rows that are meant, and a person does not see what was taken.
func (s *sheetReader) sayHidden() {
	if !s.row.Hidden || s.hiddenSaid {
		return
	}
	s.hiddenSaid = true
	n := 0
	for _, row := range s.sheet.Rows {
		if row.Hidden && row.Index >= s.row.Index && !isBlank(row) {
			n++
		}
	}
	s.find(reporting.ValueAssumed, reporting.SeverityNote, s.sheet.CellName(s.row.Index, 0), "", reporting.Textf(
		"表中有隐藏的行（从第 %d 行起共 %d 行），也作为数据采用了；不该上报的请删去", "the sheet has hidden rows (from row %d on, %d of them), which were read as data: delete those that are not meant",
		s.sheet.RowNumber(s.row.Index), n))
}

// isHiddenCopy reports whether a hidden row names what a visible row names, too, as the row of an earlier month that was kept does. What
// can be seen counts, and that the other is there is said.
func (s *sheetReader) isHiddenCopy(row reporting.Row) bool {
	if !row.Hidden || s.form.Shape == reporting.Ledger || s.form.Shape == reporting.NarrativeForm {
		return false
	}
	at := s.form.ColumnOf(reporting.RowLabel)
	if at < 0 {
		at = s.form.ColumnOf(reporting.UnitValue)
	}
	if s.visible == nil {
		s.visible = map[string]string{}
		for _, other := range s.sheet.Rows {
			if s.row = other; !other.Hidden && other.Index > s.layout.Header.LastRow {
				name, text := s.text(at)
				s.visible[label.Row(text)] = name
			}
		}
		s.row = row
	}
	name, text := s.text(at)
	visible := s.visible[label.Row(text)]
	if label.Row(text) == "" || visible == "" {
		return false
	}
	s.find(reporting.ValueAssumed, reporting.SeverityWarning, name, text, reporting.Textf(
		"第 %d 行是隐藏的，与看得见的 %s 是同一项“%s”，没有采用；用不着的隐藏行请删去", "row %d is hidden and is the same as %s, “%s”, which can be seen: it was not used; delete hidden rows that are of no use",
		s.sheet.RowNumber(row.Index), visible, label.Clean(text)))
	return true
}
