package picture

import (
	"regexp"
	"slices"
	"strings"

	"huizong/pkg/reporting"
)

// MoreQuery asks for more rows of the picture.
func MoreQuery(more []Rows) string {
	var all []string
	for _, m := range more {
		all = append(all, m.String())
	}
	return "&rows=" + strings.Join(all, ",") + "#sheet"
}

// Conceal is a copy of the sheet without its persons: the columns that the form has persons in, as they were found on this very sheet,
// and wherever else something looks like a person's number, telephone or signature.
func Conceal(s *reporting.Sheet, table *reporting.Table) *reporting.Sheet {
	columns := personColumns(table)
	copied := *s
	copied.Rows = make([]reporting.Row, len(s.Rows))
	for i, row := range s.Rows {
		copied.Rows[i] = row
		copied.Rows[i].Cells = slices.Clone(row.Cells)
		after := false // a cell that asks for a signature
		for n := range copied.Rows[i].Cells {
			c := &copied.Rows[i].Cells[n]
			if from, ok := columns[c.Col]; ok && c.Row >= from {
				c.Text = concealWhole(c.Text)
				continue
			}
			if after && nameAlone.MatchString(strings.TrimSpace(c.Text)) {
				c.Text = concealWhole(c.Text)
			}
			after = signature.MatchString(strings.TrimSpace(c.Text)) || after && strings.TrimSpace(c.Text) == ""
			c.Text = concealText(c.Text)
		}
	}
	return &copied
}

// personColumns are the columns that hold names or numbers of persons, each with the row where its table begins.
func personColumns(table *reporting.Table) map[int32]int32 {
	columns := map[int32]int32{}
	for _, line := range table.Lines {
		for n, value := range line.Values {
			c := table.Form.Columns[n]
			row, col, ok := reporting.ParseCellName(value.Cell)
			if !ok || !c.Masked && c.Type != reporting.IDNumber {
				continue
			}
			if from, known := columns[col]; !known || row < from {
				columns[col] = row
			}
		}
	}
	return columns
}

var (
	telephone = regexp.MustCompile(`\b(1[3-9]\d)\d{4}(\d{4})\b`)
	// signature is who filled in, checked or signed a sheet, in a cell of its own; signedBy has the name behind it.
	signature = regexp.MustCompile(`^(?:填报|填表|制表|审核|复核|经办|联系|负责|统计|走访|分管|单位负责)(?:人|人员|领导)?\s*[：:]?$`)
	signedBy  = regexp.MustCompile(`((?:填报|填表|制表|审核|复核|经办|联系|负责|统计|走访|分管领导)(?:人员|人)?\s*[：:]\s*\p{Han})[\p{Han}·]{1,5}`)
	nameAlone = regexp.MustCompile(`^[\p{Han}·]{2,6}$`)
)

func concealText(text string) string {
	return signedBy.ReplaceAllString(telephone.ReplaceAllString(MaskIDs(text), "$1****$2"), "$1*")
}

// concealWhole shows the first character of a name, and of a number its first six and last four digits.
func concealWhole(text string) string {
	text = strings.TrimSpace(text)
	runes := []rune(text)
	switch {
	case len(runes) < 2:
		return text
	case len(runes) > 10:
		return string(runes[:6]) + strings.Repeat("*", len(runes)-10) + string(runes[len(runes)-4:])
	}
	return string(runes[:1]) + "*"
}

// MaskFindings masks what findings quote. The list may be another's too: it is left as it is.
func MaskFindings(list []reporting.Finding) []reporting.Finding {
	masked := slices.Clone(list)
	for i := range masked {
		f := &masked[i]
		f.Value, f.Message, f.MessageEN = MaskIDs(f.Value), MaskIDs(f.Message), MaskIDs(f.MessageEN)
		f.Question = maskQuestion(f.Question)
	}
	return masked
}

// maskQuestion masks what a question shows; the ids of its options are answered by, and stay.
func maskQuestion(q *reporting.Question) *reporting.Question {
	if q == nil {
		return nil
	}
	masked := *q
	masked.Options = slices.Clone(q.Options)
	for i := range masked.Options {
		o := &masked.Options[i]
		o.Text.ZH, o.Text.EN, o.Cells = MaskIDs(o.Text.ZH), MaskIDs(o.Text.EN), slices.Clone(o.Cells)
		for k := range o.Cells {
			o.Cells[k].Shows = MaskIDs(o.Cells[k].Shows)
		}
	}
	return &masked
}
