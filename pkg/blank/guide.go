package blank

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"huizong/pkg/reporting"
)

// guide writes the sheet of instructions: some general ones, and a sentence for each column, made from the form's data.
func (s *sheet) guide() {
	table := s.name
	s.name = s.words.sheet
	_, err := s.book.NewSheet(s.name)
	s.do(err)
	s.guideLine(1, look{part: "heading"}, s.words.heading)
	row := 2
	for i, text := range s.general() {
		s.span(row, 0, 2, fmt.Sprintf("%d. %s", i+1, text), look{part: "text", align: "left", wrap: true})
		s.do(s.book.SetRowHeight(s.name, row, 20*float64(1+displayWidth(text)/guideCharacters)))
		row++
	}
	row++
	s.guideLine(row, look{part: "header", align: "center"}, s.words.columns[:]...)
	for i, c := range s.Form.Columns {
		row++
		does := s.does(i)
		s.guideLine(row, look{part: "boxed", align: "left", wrap: true}, strings.TrimSpace(s.groups[i]+" "+c.Header), does, s.mayBeEmpty(c))
		s.do(s.book.SetRowHeight(s.name, row, 20*float64(1+displayWidth(does)/guideColumn)))
	}
	s.guidePage()
	s.name = table
	s.book.SetActiveSheet(0)
}

// Widths of the instructions in characters.
const (
	guideCharacters = 100
	guideColumn     = 60
)

func (s *sheet) guideLine(row int, l look, texts ...string) {
	for i, text := range texts {
		s.span(row, i, i, text, l)
	}
}

func (s *sheet) general() []string {
	texts := append([]string(nil), s.words.general...)
	if s.Form.Money != "" {
		texts = append(texts, fmt.Sprintf(s.words.money, s.Form.Money))
	}
	if len(s.helpers) > 0 {
		texts = append(texts, s.words.known)
	}
	return texts
}

// does says what the column must hold.
func (s *sheet) does(column int) string {
	c := s.Form.Columns[column]
	sample := s.cells[0][column]
	switch {
	case c.SumOf != "" && sample.role != input:
		return s.words.year + s.words.computed
	case c.SumOf != "":
		return s.words.year + sample.check.text(s.words)
	case sample.role == computed:
		return s.rule(c) + s.words.computed
	case sample.role == fixed:
		return s.words.locked
	case sample.check.kind == listCheck:
		return s.words.oneOf + strings.ReplaceAll(sample.check.list, "\n", "、")
	case sample.number != nil && c.Type != reporting.Sequence:
		return s.words.opening
	case sample.check.kind != unchecked:
		return sample.check.text(s.words)
	}
	return s.words.types[c.Type]
}

// rule is the form's own wording of what a computed column is.
func (s *sheet) rule(c reporting.Column) string {
	for _, r := range s.Form.Rules {
		switch {
		case r.At != c.ID || r.Expect == "":
		case s.words == &english:
			return r.Says.EN + ". "
		default:
			return r.Says.ZH + "。"
		}
	}
	return ""
}

func (s *sheet) mayBeEmpty(c reporting.Column) string {
	switch {
	case c.Blank:
		return s.words.optional
	case c.BlankIf != "":
		return fmt.Sprintf(s.words.optionalIf, s.Form.Columns[s.Form.Column(c.BlankIf)].Header)
	}
	return s.words.required
}

func (s *sheet) guidePage() {
	for i, width := range []float64{24, guideColumn, 18} {
		s.columnWidth(i, width)
	}
	portrait, a4, one, any, yes := "portrait", 9, 1, 0, true
	s.do(s.book.SetPageLayout(s.name, &excelize.PageLayoutOptions{Orientation: &portrait, Size: &a4, FitToWidth: &one, FitToHeight: &any}))
	s.do(s.book.SetSheetProps(s.name, &excelize.SheetPropsOptions{FitToPage: &yes}))
	s.do(s.book.ProtectSheet(s.name, &excelize.SheetProtectionOptions{SelectLockedCells: true, SelectUnlockedCells: true, FormatColumns: true, FormatRows: true}))
}
