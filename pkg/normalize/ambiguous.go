package normalize

import (
	"strconv"
	"strings"

	"huizong/pkg/label"
	"huizong/pkg/reporting"
)

// seenRow is a row of the sheet that was taken, or may be: where its label stands, and what its numbers show.
type seenRow struct {
	row   reporting.Row
	cell  string
	text  string
	shows string
}

// rowAt is the row being read, whose label stands in the cell.
func (s *sheetReader) rowAt(cell, text string) seenRow {
	return seenRow{s.row, cell, label.Clean(text), s.shows()}
}

// String is how a finding names the row: its cell, its label and its numbers.
func (r seenRow) String() string { return r.cell + "“" + r.text + "”" + r.shows }

// shows is what the row's cells under columns of numbers show, each with its header. Rows that show the same say the same.
func (s *sheetReader) shows() string {
	var all []string
	for i, column := range s.form.Columns {
		if !isNumber(column.Type) {
			continue
		}
		if cell, ok := s.cell(i); ok {
			if text := strings.ReplaceAll(label.Clean(cell.Shown()), ",", ""); text != "" {
				all = append(all, s.columnHeader(column)+" "+text)
			}
		}
	}
	if len(all) == 0 {
		return ""
	}
	return "（" + strings.Join(all, "，") + "）"
}

// twice says that a row stands in the sheet once more, with what both show.
func (s *sheetReader) twice(first, again seenRow) {
	s.fail(reporting.DuplicateRow, again.cell, again.text, reporting.Textf("“%s”出现了两次：%s 和 %s；如果内容相同，请只留一行，如果是两项，请写成各自的名称", "“%s” stands here twice: %s and %s; where they are the same keep one, where they are two give each its own name", again.text, first, again))
}

// unlike reports whether one of the rows shows other numbers than the first.
func unlike(rows []seenRow) bool {
	for _, r := range rows {
		if r.shows != rows[0].shows {
			return true
		}
	}
	return false
}

// whichRow asks which of several rows is the one of the form, with what each shows: to take one of them would be a guess. It returns the place
// of the one that a person has named, −1 for none.
func (s *sheetReader) whichRow(code, name string, rows []seenRow) int {
	var options []reporting.Option
	count := map[string]int{}
	for _, r := range rows {
		id := r.text
		if count[id]++; count[id] > 1 {
			id += " " + strconv.Itoa(count[id])
		}
		options = append(options, reporting.Option{ID: id, Text: reporting.Text{ZH: r.String(), EN: r.String()}, Cells: []reporting.Seen{{Sheet: s.sheet.Name, Cell: r.cell, Shows: r.text}}})
	}
	text := reporting.Textf("有 %d 行都可能是“%s”，数字不同，哪一行是？", "%d rows could be “%s”, with other numbers: which one is it?", len(rows), name)
	q := reporting.NewQuestion(s.form.ID, code, text, options, s.layout.Fingerprint)
	at := q.Settle(s.layout.Answers)
	if at >= 0 {
		s.found(q.Told())
		return at
	}
	s.found(q.Ask(reporting.AmbiguousRow, options[len(options)-1].Cells[0], reporting.Textf("请把不是“%s”的行改成不会混淆的名称", "give the rows that are not “%s” names that cannot be mistaken", name)))
	return at
}

// meant parts the strays: for each fixed row of the form those whose label differs from its own in nothing but words without a meaning of
// their own. One that may be two of the form's rows is the one's whose label it holds, or else none of either; and one that names another
// indicator is not meant.
func (s *sheetReader) meant(strays []seenRow) map[string][]seenRow {
	meant := map[string][]seenRow{}
	for _, st := range strays {
		if code := s.meantBy(label.Row(st.text)); code != "" {
			meant[code] = append(meant[code], st)
		}
	}
	return meant
}

// meantBy is the code of the fixed row that the folded label may mean, "" where it is none or several.
func (s *sheetReader) meantBy(folded string) string {
	core, longest := label.Core(folded), -1
	codes := map[string]bool{}
	for _, fixed := range s.form.Rows {
		if code := s.names[folded]; core == "" || code != "" && code != fixed.Indicator {
			continue
		}
		for _, text := range append([]string{fixed.Label}, fixed.Aliases...) {
			known := label.Row(text)
			held := 0 // of the label, if all of it is in the text
			if strings.Contains(folded, known) {
				held = len(known)
			}
			switch {
			case label.Core(known) != core || held < longest:
			case held > longest:
				longest, codes = held, map[string]bool{fixed.Code: true}
			default:
				codes[fixed.Code] = true
			}
		}
	}
	for code := range codes {
		if len(codes) == 1 {
			return code
		}
	}
	return ""
}

// takeTotal takes the row as the total. Where another one was taken that shows other numbers, neither is the total.
func (s *sheetReader) takeTotal(cell, text string) {
	row := s.rowAt(cell, text)
	if s.totalRow.cell != "" && s.totalRow.shows != row.shows {
		if s.whichRow("total", s.form.Total[0], []seenRow{s.totalRow, row}) != 1 {
			return
		}
	}
	s.totalRow = row
	total := s.line(s.row, "", "", true)
	s.table.Total = &total
}
