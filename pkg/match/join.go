package match

import (
	"cmp"
	"slices"

	"huizong/pkg/label"
	"huizong/pkg/reporting"
)

// join reads a form with fixed rows or units that is spread over several sheets: a page and its continuation, a tab for each scheme, township or
// measure. The sheets are laid under each other, each under the name of its tab where that says anything, and what was one table is read as
// one: each number by its row, its column and the line over its block. It holds only where no two numbers stand in one place, every such
// sheet has a part in it, and nothing of the form is lacking then. found are the candidates of the sheets by themselves.
func (m *Matcher) join(sheets []*reporting.Sheet, form *reporting.Form, found []*candidate, expected Expected) *candidate {
	if len(form.Rows) == 0 && !form.RowUnits || slices.ContainsFunc(found, func(c *candidate) bool { return c.form == form && c.whole() && !form.RowUnits }) {
		return nil
	}
	pages := m.pages(sheets, form, found, expected)
	if len(pages) < 2 {
		return nil
	}
	under := m.underEachOther(pages, form)
	pivoted, ok := m.pivot(under, form)
	if !ok || len(pivoted.Papers()) < len(pages) {
		return nil
	}
	c := of(form, candidates(newGrid(pivoted), m.words, expected.Period))
	if c == nil || !c.recognised() || !c.whole() {
		return nil
	}
	alone := func(single *candidate) bool {
		return single.form == form && single.recognised() && single.whole() && single.units(m) == c.units(m)
	}
	if slices.ContainsFunc(found, alone) {
		return nil
	}
	return c
}

// units is how many units the rows of a form that has one for each name.
func (c *candidate) units(m *Matcher) int {
	at := c.columnOf(reporting.UnitValue)
	if at < 0 {
		return 0
	}
	names, known := m.rowNames(c.form), map[string]bool{}
	for _, row := range c.grid.sheet.Rows {
		if cell, ok := row.At(at); ok && row.Index > c.last && names(cell.Shown()) != "" {
			known[names(cell.Shown())] = true
		}
	}
	return len(known)
}

// pages are the visible sheets that hold numbers, name rows or columns of the form, and speak neither of another time or unit nor in another unit of
// money; none where two of them differ in that. What is another form, an example or empty is no page.
func (m *Matcher) pages(sheets []*reporting.Sheet, form *reporting.Form, found []*candidate, expected Expected) []*reporting.Sheet {
	var pages []*reporting.Sheet
	rows, money := 0, ""
	names := m.rowNames(form)
	for _, sheet := range sheets {
		rows += len(sheet.Rows)
		if sheet.Hidden || rows > maxPivot || !holdsNumbers(sheet) || label.Means(sheet.Name, label.Example) || label.Means(sheet.Name, label.Subtotal) && !m.words.names(form, sheet.Name) {
			continue
		}
		another := slices.ContainsFunc(found, func(c *candidate) bool {
			return c.grid.sheet.Name == sheet.Name && c.form != form && c.titled && c.recognised()
		})
		if another || names(sheet.Name) == "" && !namesAny(sheet, func(text string) string { return cmp.Or(names(text), m.words.header(form, text)) }) {
			continue
		}
		g := newGrid(sheet)
		c := &candidate{grid: g, form: form, period: expected.Period, info: readInfo(g, g.firstRecord(), expected.Period)}
		c.tab, _ = tabPeriod(sheet.Name, expected.Period)
		if c.claimTo(expected.Period) == 0 || c.info.org.Text != "" && c.claimToUnit(expected) == otherSheet || c.isExample() {
			continue
		}
		for _, stated := range c.statedMoney(nil) {
			if money != "" && stated.Text != money {
				return nil
			}
			money = stated.Text
		}
		pages = append(pages, sheet)
	}
	return pages
}

func namesAny(sheet *reporting.Sheet, names func(string) string) bool {
	return slices.ContainsFunc(sheet.Rows, func(row reporting.Row) bool {
		return slices.ContainsFunc(row.Cells, func(c reporting.Cell) bool { return c.Kind == reporting.TextCell && names(c.Shown()) != "" })
	})
}

// firstRecord is the first row with numbers as a record has them.
func (g *grid) firstRecord() int32 {
	for _, row := range g.rows {
		if g.isRecord(row) {
			return row
		}
	}
	return 0
}

// underEachOther lays the pages under each other. The lines of signatures and notes between them stay away.
func (m *Matcher) underEachOther(pages []*reporting.Sheet, form *reporting.Form) *reporting.Sheet {
	width := int32(0)
	for _, page := range pages {
		for _, row := range page.Rows {
			if n := len(row.Cells); n > 0 {
				width = max(width, row.Cells[n-1].Col+1)
			}
		}
	}
	first := pages[0]
	all := &reporting.Sheet{Name: first.Name, Date1904: first.Date1904, Laid: &reporting.Laid{}}
	names := m.rowNames(form)
	for n, page := range pages {
		all.Beside, all.Noted = append(all.Beside, page.Beside...), append(all.Noted, page.Noted...)
		all.HiddenCols = append(all.HiddenCols, page.HiddenCols...)
		paper := ""
		if n > 0 {
			paper = page.Name
		}
		top := int32(len(all.Laid.Rows))
		under := func(row int32) {
			places := make([]reporting.Place, width)
			for col := range places {
				places[col] = reporting.Place{Row: row, Col: int32(col), Sheet: paper}
			}
			all.Laid.Rows = append(all.Laid.Rows, places)
		}
		if names(page.Name) != "" || m.words.names(form, page.Name) {
			all.Rows = append(all.Rows, reporting.Row{Index: top, Cells: []reporting.Cell{{Row: top, Kind: reporting.TextCell, Text: page.Name}}})
			under(0)
		}
		shift := int32(len(all.Laid.Rows))
		for _, row := range page.Rows {
			for at := int32(len(all.Laid.Rows)) - shift; at <= row.Index; at++ {
				under(at)
			}
			if !isFooter(row) {
				all.Rows = append(all.Rows, moved(row, shift))
			}
		}
		for _, r := range page.Merges {
			r.FirstRow, r.LastRow = r.FirstRow+shift, r.LastRow+shift
			all.Merges = append(all.Merges, r)
		}
	}
	return all
}

func moved(row reporting.Row, by int32) reporting.Row {
	row.Index += by
	row.Cells = slices.Clone(row.Cells)
	for i := range row.Cells {
		row.Cells[i].Row = row.Index
	}
	return row
}

// isFooter reports whether the row is of the lines under a table: each of its texts is one of a footer, and it has no number.
func isFooter(row reporting.Row) bool {
	for _, c := range row.Cells {
		text := label.Clean(c.Shown())
		if text != "" && (looksLikeNumber(c) || !footer.MatchString(text) || keyFirst(text)) {
			return false
		}
	}
	return true
}
