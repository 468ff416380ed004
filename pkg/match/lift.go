package match

import (
	"regexp"
	"slices"

	"huizong/pkg/label"
	"huizong/pkg/reporting"
)

var (
	runningNumber = regexp.MustCompile(`^(?:序号?|编号|行次|项次|行号|栏次)$`)
	townshipTail  = regexp.MustCompile(`^[^\d]{1,8}(?:街道|街道办事处|镇|乡|市直)$|^市直`)
)

var groupSum = regexp.MustCompile(`^.{0,8}(?:小计|合计|总计)$`)

// isUnit reports whether the text is the name of a unit.
func (m *Matcher) isUnit(text string) bool {
	folded := label.Row(text)
	return m.units[folded] || len(folded) <= 40 && townshipTail.MatchString(folded)
}

// names reports whether a text is a value of the form's column: a unit, or one of its choices.
func (m *Matcher) names(column reporting.Column, text string) bool {
	if column.Type == reporting.UnitValue {
		return m.isUnit(text)
	}
	folded := label.Row(text)
	return column.Type == reporting.Category && folded != "" && slices.ContainsFunc(column.Choices, func(c reporting.Choice) bool {
		return slices.ContainsFunc(append([]string{c.Name}, c.Aliases...), func(known string) bool { return label.Row(known) == folded })
	})
}

// lift makes a column of the lines that stand over groups of records and name what the candidate lacks a column for: the township over
// its cases. All records must stand under such a line.
func (m *Matcher) lift(c *candidate) (*reporting.Sheet, bool) {
	if c == nil {
		return nil, false
	}
	lacking := slices.IndexFunc(c.form.Columns, func(column reporting.Column) bool {
		return column.Required && (column.Type == reporting.UnitValue || column.Type == reporting.Category) && len(c.claims[c.form.Column(column.ID)]) == 0
	})
	if lacking < 0 || c.form.Shape != reporting.Ledger || c.matched < c.required()-1 {
		return nil, false
	}
	from, width := c.grid.sheet, c.grid.width
	for _, row := range from.Rows {
		if n := len(row.Cells); n > 0 {
			width = max(width, row.Cells[n-1].Col+1)
		}
	}
	a := above(from, c.first)
	moved := map[int32]int32{}
	var line *reporting.Cell
	under, ended := false, false // any record was; its group has come to an end
	for _, row := range from.Rows {
		if row.Index < c.first {
			continue
		}
		cells := slices.DeleteFunc(slices.Clone(row.Cells), func(cell reporting.Cell) bool { return label.Clean(cell.Text) == "" && cell.Formula() == "" })
		if len(cells) == 1 && row.Index > c.last && m.names(c.form.Columns[lacking], cells[0].Shown()) {
			line, ended = &cells[0], false
			continue
		}
		var places []reporting.Place
		for col := range width + 1 {
			places = append(places, reporting.Place{Row: row.Index, Col: col})
		}
		switch {
		case row.Index <= c.last:
			cells = append(cells, reporting.Cell{Col: width, Kind: reporting.TextCell, Text: c.form.Columns[lacking].Header})
		case len(cells) > 0 && groupSum.MatchString(label.Fold(cells[0].Shown())):
			ended = line != nil
		case len(cells) == 1 && row.Index > c.last:
			ended = true // by a line of something else
		case ended && len(cells) > 2:
			return nil, false // a record under no line, or one that is not understood
		case line != nil && len(cells) > 1:
			under = true
			cell := *line
			cell.Col, places[width] = width, reporting.Place{Row: line.Row, Col: line.Col}
			cells = append(cells, cell)
		case len(cells) > 2 && line == nil:
			return nil, false
		}
		moved[row.Index] = a.add(from, cells, places, row.Hidden)
	}
	if !under {
		return nil, false
	}
	for _, merged := range from.Merges {
		first, ok := moved[merged.FirstRow]
		last, there := moved[merged.LastRow]
		if ok && there && merged.FirstRow >= c.first {
			a.sheet.Merges = append(a.sheet.Merges, reporting.Range{FirstRow: first, FirstCol: merged.FirstCol, LastRow: last, LastCol: merged.LastCol})
		}
	}
	a.sheet.HiddenCols = from.HiddenCols
	return a.sheet, true
}
