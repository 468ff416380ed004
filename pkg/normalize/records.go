package normalize

import (
	"regexp"
	"slices"

	"huizong/pkg/label"
	"huizong/pkg/reporting"
)

// records says how long the records of a text file are: that of the header, and most of those below it.
type records struct {
	header, common int
	regular        bool // more than half have the common length
}

// measureRecords looks at the records from the header on; nothing is known of a sheet of a workbook.
func measureRecords(layout *reporting.Layout) records {
	var r records
	counts, all := map[int]int{}, 0
	for _, row := range layout.Sheet.Rows {
		switch {
		case row.Fields == 0 || row.Index < layout.Header.FirstRow:
		case row.Index <= layout.Header.LastRow:
			r.header = max(r.header, int(row.Fields)) // a header over two rows may end in either
		default:
			counts[int(row.Fields)]++
			all++
		}
	}
	for n, count := range counts {
		if count > counts[r.common] || count == counts[r.common] && n > r.common {
			r.common = n
		}
	}
	r.regular = 2*counts[r.common] > all
	return r
}

var (
	thousandsHead = regexp.MustCompile(`^[-+]?[1-9]\d{0,2}$`)
	thousandsTail = regexp.MustCompile(`^\d{3}(?:\.\d+)?$`)
)

// isBrokenRecord reports whether the row of a text file has more fields than the header, or fewer, so that its values may stand under
// other columns than they belong to, and says so at its first such place.
func (s *sheetReader) isBrokenRecord(row reporting.Row) bool {
	r, n := s.records, int(row.Fields)
	if n == 0 || r.header == 0 {
		return false
	}
	at := s.split(row)
	if n == r.header && n == r.common && (at < 0 || !s.isPushed()) {
		return false
	}
	switch {
	case n == r.header && n == r.common, n > r.header && (n > r.common || !r.regular || s.fillsBeyond(row) || at >= 0):
		s.fail(reporting.MissingValue, s.sheet.CellName(row.Index, max(at, 0)), "", reporting.Textf(
			"第 %d 行有 %d 个字段，表头有 %d 个，可能是数字里的千位逗号没有加引号，后面的内容错开了一列；请去掉数字里的逗号，或另存为 .xlsx 后重新上报",
			"line %d has %d fields, the header has %d: perhaps a comma in a number stands without quotes, and what follows is shifted; remove it from the number, or save as .xlsx, and send again",
			s.sheet.RowNumber(row.Index), n, r.header))
		return true
	case n < r.header && s.isPulled():
		s.fail(reporting.MissingValue, s.sheet.CellName(row.Index, 0), "", reporting.Textf(
			"第 %d 行只有 %d 个字段，表头有 %d 个，可能少了分隔符，内容错开了；请对照原表补全这一行，或另存为 .xlsx 后重新上报",
			"line %d has %d fields, the header has %d: perhaps a separator is missing and what follows is shifted; complete the line from the original, or save as .xlsx, and send again",
			s.sheet.RowNumber(row.Index), n, r.header))
		return true
	}
	return n < r.header && s.isCut(row)
}

// isCut says that of a record of a ledger only its number is there, while the file goes on below: the rest of it is lost. Rows that were
// numbered in advance stand at the end.
func (s *sheetReader) isCut(row reporting.Row) bool {
	if _, filled := firstText(row); filled != 1 || s.form.Shape != reporting.Ledger || s.filled() > 0 || len(row.Cells) == 0 || s.columnType(row.Cells[0].Col) != reporting.Sequence {
		return false
	}
	below := slices.ContainsFunc(s.sheet.Rows, func(other reporting.Row) bool {
		_, filled := firstText(other)
		return other.Index > row.Index && int(other.Fields) == s.records.common && 2*filled > s.records.header
	})
	if below {
		s.fail(reporting.MissingValue, s.sheet.CellName(row.Index, 0), "", reporting.Textf(
			"第 %d 行只有序号，后面的内容可能丢了；请对照原表补全这一行，如果本来就是空行，请删去", "line %d holds its number only, what follows may be lost: complete it from the original, or remove it if it was empty",
			s.sheet.RowNumber(row.Index)))
	}
	return below
}

// columnType is the type of the form's column that stands there, or "".
func (s *sheetReader) columnType(col int32) reporting.ValueType {
	if at := slices.Index(s.layout.Columns, col); at >= 0 {
		return s.form.Columns[at].Type
	}
	return ""
}

// split is the column where a number seems to have been cut at its thousands, −1 where none is.
func (s *sheetReader) split(row reporting.Row) int32 {
	for i, c := range row.Cells {
		if i > 0 && row.Cells[i-1].Col == c.Col-1 && thousandsTail.MatchString(label.Clean(c.Text)) && thousandsHead.MatchString(label.Clean(row.Cells[i-1].Text)) {
			return c.Col - 1
		}
	}
	return -1
}

// isPulled reports whether a number stands where the row's unit belongs: a field before it is missing. Fields that are missing at the end
// are empty ones that were left out, or are reported by what they lack.
func (s *sheetReader) isPulled() bool {
	cell, ok := s.cell(s.form.ColumnOf(reporting.Measure))
	return ok && readNumber(cell).presence == reporting.Given
}

// isPushed reports whether the remarks hold what belongs under a number: all of the row may have moved, and an empty field at its end was
// left out.
func (s *sheetReader) isPushed() bool {
	at := s.form.ColumnOf(reporting.Remark)
	cell, ok := s.cell(at)
	if !ok {
		return false
	}
	w := readNumber(cell)
	return w.presence == reporting.Given || w.presence == reporting.NotApplicable
}

// fillsBeyond reports whether something stands behind the last column of the header.
func (s *sheetReader) fillsBeyond(row reporting.Row) bool {
	last := row.Cells[len(row.Cells)-1]
	return int(last.Col) >= s.records.header && label.Clean(last.Text) != ""
}
