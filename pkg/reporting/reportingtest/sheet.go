// Package reportingtest writes sheets as text, so that a test shows the table that it is about.
package reportingtest

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"huizong/pkg/reporting"
)

// Sheet reads a sheet from text: a row a line, cells between bars. A line of its own says what no cell can:
//
//	@ merge B2:D2 | hide rows 5-6 | hide columns C | hidden | name 6月
//	序号 | 指标名称    | 本月数
//	1    | 城镇新增就业 | '12       a number as text
//	2    | "a \n b"     | d43983    a date cell
//	3    | #DIV/0!      | =SUM(C2)  an error, a formula without a result
//
// An empty line is an empty row. What reads as a number is one. The first line break and the indent of the text do not count.
func Sheet(t testing.TB, text string) *reporting.Sheet {
	t.Helper()
	s := &reporting.Sheet{Name: "Sheet1"}
	hidden := map[int32]bool{}
	at := int32(0)
	for _, line := range strings.Split(strings.Trim(text, "\n"), "\n") {
		line = strings.TrimLeft(line, "\t")
		if order, ok := strings.CutPrefix(line, "@"); ok {
			for _, o := range strings.Split(order, "|") {
				if err := obey(s, hidden, strings.TrimSpace(o)); err != nil {
					t.Fatalf("sheet: %q: %v", o, err)
				}
			}
			continue
		}
		row := reporting.Row{Index: at}
		at++
		for col, text := range strings.Split(line, "|") {
			if cell, ok := Cell(strings.Trim(text, " \t")); ok {
				cell.Row, cell.Col = row.Index, int32(col)
				row.Cells = append(row.Cells, cell)
			}
		}
		if len(row.Cells) > 0 {
			s.Rows = append(s.Rows, row)
		}
	}
	for i := range s.Rows {
		s.Rows[i].Hidden = hidden[s.Rows[i].Index]
	}
	return s
}

// Cell reads one cell as Sheet does, and returns false for an empty one.
func Cell(text string) (reporting.Cell, bool) {
	switch {
	case text == "":
		return reporting.Cell{}, false
	case text[0] == '\'':
		return reporting.Cell{Kind: reporting.TextCell, Text: text[1:]}, true
	case text[0] == '"':
		if s, err := strconv.Unquote(text); err == nil {
			return reporting.Cell{Kind: reporting.TextCell, Text: s}, true
		}
	case text[0] == '=':
		return reporting.Cell{Kind: reporting.Blank, Look: &reporting.Look{Formula: text[1:]}}, true
	case text[0] == '#' && len(text) > 2 && text[1] >= 'A' && text[1] <= 'Z':
		return reporting.Cell{Kind: reporting.ErrorCell, Text: text}, true
	case text[0] == 'd' && strings.Trim(text[1:], "0123456789.") == "":
		return reporting.Cell{Kind: reporting.NumberCell, Date: true, Text: text[1:]}, true
	}
	if _, err := reporting.ParseDecimal(text); err == nil {
		return reporting.Cell{Kind: reporting.NumberCell, Text: text}, true
	}
	return reporting.Cell{Kind: reporting.TextCell, Text: text}, true
}

var place = regexp.MustCompile(`^([A-Z]+)(\d+)(?::([A-Z]+)(\d+))?$`)

// Range reads "B2:D3" or "B2".
func Range(s string) (reporting.Range, error) {
	m := place.FindStringSubmatch(s)
	if m == nil {
		return reporting.Range{}, fmt.Errorf("%q is no range", s)
	}
	first, _ := strconv.Atoi(m[2])
	r := reporting.Range{FirstRow: int32(first) - 1, FirstCol: column(m[1]), LastRow: int32(first) - 1, LastCol: column(m[1])}
	if m[3] != "" {
		last, _ := strconv.Atoi(m[4])
		r.LastRow, r.LastCol = int32(last)-1, column(m[3])
	}
	return r, nil
}

func column(letters string) int32 {
	n := int32(0)
	for _, c := range letters {
		n = n*26 + c - 'A' + 1
	}
	return n - 1
}

// obey carries out one order of a line that begins with @.
func obey(s *reporting.Sheet, hidden map[int32]bool, order string) error {
	words := strings.Fields(order)
	switch {
	case order == "hidden":
		s.Hidden = true
	case order == "1904":
		s.Date1904 = true
	case strings.HasPrefix(order, "name"):
		s.Name = strings.TrimSpace(strings.TrimPrefix(order, "name"))
	case len(words) == 2 && words[0] == "merge":
		r, err := Range(words[1])
		s.Merges = append(s.Merges, r)
		return err
	case len(words) == 3 && words[0] == "hide" && words[1] == "columns":
		first, last, ok := strings.Cut(words[2], "-")
		if !ok {
			last = first
		}
		s.HiddenCols = append(s.HiddenCols, reporting.Range{FirstCol: column(first), LastCol: column(last)})
	case len(words) == 3 && words[0] == "hide" && words[1] == "rows":
		first, last, ok := strings.Cut(words[2], "-")
		if !ok {
			last = first
		}
		from, _ := strconv.Atoi(first)
		to, _ := strconv.Atoi(last)
		for n := from; n <= to; n++ {
			hidden[int32(n)-1] = true
		}
	default:
		return fmt.Errorf("unknown order")
	}
	return nil
}

// Findings lists findings as "severity code cell", one a line, in their order.
func Findings(findings []reporting.Finding) string {
	lines := make([]string, len(findings))
	for i, f := range findings {
		lines[i] = strings.TrimRight(fmt.Sprintf("%s %s %s", f.Severity, f.Code, f.Cell), " ")
	}
	return strings.Join(lines, "\n")
}
