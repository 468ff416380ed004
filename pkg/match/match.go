// Package match finds a form's table on the sheets of a workbook: which sheet, which rows are its header, which column is which,
// and what the lines above it say of unit, period and money.
//
// It reads no value and knows no form: the vocabulary is data. A sheet that is none of the forms is a finding, and so is a
// column that is missing, or claimed twice, or claimed by nothing.
package match

import (
	"slices"
	"strings"

	"huizong/pkg/label"
	"huizong/pkg/reporting"
)

// Expected is what the submission says that the file is. Form may be "": then all forms are tried.
type Expected struct {
	Form   string
	Period reporting.Period
}

// headerDepth is how many rows a header has at most, and headerReach how far down a sheet one is looked for.
const (
	headerDepth = 3
	headerReach = 60
)

// Find returns where the expected form's table stands, with the findings about its columns. The layout is nil where there is
// none: the finding then names the nearest form and why it is not that one. Hidden sheets are not looked at.
func Find(sheets []*reporting.Sheet, forms []*reporting.Form, expected Expected) (*reporting.Layout, []reporting.Finding) {
	wanted := forms
	if expected.Form != "" {
		wanted = slices.DeleteFunc(slices.Clone(forms), func(f *reporting.Form) bool { return f.ID != expected.Form })
	}
	var found []*candidate
	var nearest *candidate
	for _, sheet := range sheets {
		if sheet.Hidden {
			continue
		}
		grid := newGrid(sheet)
		for _, form := range forms {
			c := best(grid, form)
			if c == nil {
				continue
			}
			if slices.Contains(wanted, form) && c.recognised() {
				found = append(found, c)
			} else if nearest == nil || c.score() > nearest.score() {
				nearest = c
			}
		}
	}
	if len(found) == 0 {
		return nil, []reporting.Finding{unknownForm(sheets, wanted, nearest)}
	}
	c := choose(found, expected.Period)
	layout := c.layout()
	return layout, c.findings()
}

// choose takes the surest candidate. Where several sheets have the form, as in a workbook with one sheet a month, it is the one
// of the period, by its info line or else by the name of its tab.
func choose(found []*candidate, period reporting.Period) *candidate {
	top := slices.MaxFunc(found, func(a, b *candidate) int { return a.score() - b.score() })
	var named *candidate
	for _, c := range found {
		if c.form != top.form {
			continue
		}
		if c.info.names == period {
			return c
		}
		if tab, ok := tabPeriod(c.grid.sheet.Name, period); ok && tab == period && named == nil {
			named = c
		}
	}
	if named != nil {
		return named
	}
	return top
}

func tabPeriod(name string, near reporting.Period) (reporting.Period, bool) {
	if p, ok := label.Period(name); ok {
		return p, true
	}
	return label.MonthOf(name, near.Last.Year())
}

// claim is one sheet column that a form column takes for its own.
type claim struct {
	column  int32
	text    string // the header as compared
	written string
	measure string
	quality int
}

// The qualities of a claim: the header is one of the column's labels, fits a pattern, or only resembles a label.
const (
	loose = iota + 1
	byPattern
	exact
)

// candidate is a form's header at one place of a sheet.
type candidate struct {
	grid    *grid
	form    *reporting.Form
	first   int32 // first row of the header
	last    int32
	claims  [][]claim // for each column of the form, the best ones
	free    []header  // the headers that no column claimed
	info    info
	rows    int  // fixed rows of the form that stand below
	titled  bool // a line above carries the form's title
	matched int  // required columns that are there
}

// best finds the form's header on the sheet: the place where most columns are found, with the fewest rows.
func best(g *grid, form *reporting.Form) *candidate {
	var top *candidate
	for i, first := range g.rows {
		if i >= headerReach {
			break
		}
		for depth := range int32(headerDepth) {
			c := newCandidate(g, form, first, first+depth)
			if c != nil && (top == nil || c.claimed() > top.claimed() || c.claimed() == top.claimed() && c.depth() < top.depth()) {
				top = c
			}
		}
	}
	if top == nil {
		return nil
	}
	top.takeLoose()
	top.info = readInfo(g, top.first)
	top.titled = top.info.hasTitle(form)
	top.rows = top.fixedRows()
	return top
}

func newCandidate(g *grid, form *reporting.Form, first, last int32) *candidate {
	c := &candidate{grid: g, form: form, first: first, last: last, claims: make([][]claim, len(form.Columns))}
	for _, h := range g.headers(first, last) {
		if !c.take(h) {
			c.free = append(c.free, h)
		}
	}
	c.matched = c.count()
	if c.matched == 0 {
		return nil
	}
	return c
}

// take gives the header to the form column whose label it is. The longest joined text wins: "收入本月" before "本月".
func (c *candidate) take(h header) bool {
	for _, text := range h.texts {
		for i, column := range c.form.Columns {
			if slices.Contains(column.Labels, text) {
				c.add(i, claim{h.column, text, h.written, h.measure, exact})
				return true
			}
		}
	}
	for _, text := range h.texts {
		for i, column := range c.form.Columns {
			for _, re := range column.Patterns {
				if re.MatchString(text) {
					c.add(i, claim{h.column, text, h.written, h.measure, byPattern})
					return true
				}
			}
		}
	}
	return false
}

// add keeps the claims of the best quality only: an exact header beside one that merely fits a pattern is no ambiguity. A hidden
// column gives way to a visible one.
func (c *candidate) add(column int, cl claim) {
	have := c.claims[column]
	if len(have) > 0 {
		old := have[0]
		hiddenOld, hiddenNew := c.grid.hiddenColumn(old.column), c.grid.hiddenColumn(cl.column)
		switch {
		case hiddenNew && !hiddenOld, cl.quality < old.quality && hiddenNew == hiddenOld:
			c.free = append(c.free, header{column: cl.column, texts: []string{cl.text}, written: cl.written, measure: cl.measure})
			return
		case hiddenOld && !hiddenNew, cl.quality > old.quality:
			for _, o := range have {
				c.free = append(c.free, header{column: o.column, texts: []string{o.text}, written: o.written, measure: o.measure})
			}
			have = nil
		}
	}
	c.claims[column] = append(have, cl)
}

// takeLoose lets a required column without a header take the only free header that resembles it.
func (c *candidate) takeLoose() {
	for i, column := range c.form.Columns {
		if !column.Required || len(c.claims[i]) > 0 {
			continue
		}
		at := -1
		for j, h := range c.free {
			if resembles(column, h) {
				if at >= 0 {
					at = -1
					break
				}
				at = j
			}
		}
		if at < 0 {
			continue
		}
		h := c.free[at]
		c.free = slices.Delete(c.free, at, at+1)
		c.claims[i] = []claim{{h.column, h.texts[0], h.written, h.measure, loose}}
	}
	c.matched = c.count()
}

// resembles reports whether the header holds one of the column's labels, or the other way round.
func resembles(column reporting.Column, h header) bool {
	for _, text := range h.texts {
		for _, known := range column.Labels {
			if (strings.Contains(text, known) || strings.Contains(known, text)) && label.Near(text, known) {
				return true
			}
		}
	}
	return false
}

func (c *candidate) count() int {
	n := 0
	for i, column := range c.form.Columns {
		if column.Required && len(c.claims[i]) > 0 {
			n++
		}
	}
	return n
}

func (c *candidate) required() int {
	n := 0
	for _, column := range c.form.Columns {
		if column.Required {
			n++
		}
	}
	return n
}

// claimed orders candidates of one form and sheet: required columns count most, then all others.
func (c *candidate) claimed() int {
	n := 0
	for i := range c.claims {
		if len(c.claims[i]) > 0 {
			n++
		}
	}
	return 100*c.matched + n
}

// fixedRows counts the form's rows whose label stands below the header, in the column that names rows or, where that is missing,
// in any.
func (c *candidate) fixedRows() int {
	if len(c.form.Rows) == 0 {
		return 0
	}
	known := RowLabels(c.form)
	seen := map[string]bool{}
	column := c.columnOf(reporting.RowLabel)
	for _, row := range c.grid.sheet.Rows {
		if row.Index <= c.last {
			continue
		}
		for _, cell := range row.Cells {
			if column < 0 || cell.Col == column {
				if code := known[label.Row(cell.Text)]; code != "" {
					seen[code] = true
				}
			}
		}
	}
	return len(seen)
}

// RowLabels maps each folded label of the form's fixed rows to the row's code.
func RowLabels(form *reporting.Form) map[string]string {
	known := make(map[string]string, len(form.Rows)*4)
	for _, row := range form.Rows {
		for _, text := range append([]string{row.Label}, row.Aliases...) {
			known[label.Row(text)] = row.Code
		}
	}
	return known
}

func (c *candidate) columnOf(t reporting.ValueType) int32 {
	if i := c.form.ColumnOf(t); i >= 0 && len(c.claims[i]) > 0 {
		return c.claims[i][0].column
	}
	return -1
}

// recognised decides whether this is the form at all. Half of the required columns must be there, and at least two; a form with
// fixed rows must show some of them, for forms of one shape have all their columns in common. A title makes up for columns.
func (c *candidate) recognised() bool {
	if len(c.form.Rows) > 0 && c.rows*3 < len(c.form.Rows) && !(c.titled && c.rows > 0) {
		return false
	}
	enough := c.matched >= 2 && 2*c.matched >= c.required()
	return enough || c.titled && c.matched >= 1 && 3*c.matched >= c.required()
}

// score is how sure the candidate is, in percent: columns, fixed rows and title together.
func (c *candidate) score() int {
	columns := 100 * c.matched / max(c.required(), 1)
	rows := columns
	if len(c.form.Rows) > 0 {
		rows = 100 * c.rows / len(c.form.Rows)
	}
	score := (columns*5 + rows*4) / 10
	if c.titled {
		score += 10
	}
	return score
}

// depth is the number of header rows. Of two places that claim the same columns the shallower one is right: the deeper one has
// taken the title or the info line for a part of the header.
func (c *candidate) depth() int32 { return c.last - c.first + 1 }

func (c *candidate) layout() *reporting.Layout {
	l := &reporting.Layout{
		Form: c.form, Sheet: c.grid.sheet, Columns: make([]int32, len(c.form.Columns)), Measures: make([]string, len(c.form.Columns)),
		Header: reporting.Range{FirstRow: c.first, LastRow: c.last},
		Title:  c.info.title, Org: c.info.org, Period: c.info.period, Measure: c.info.measure, Names: c.info.names, Sure: c.score(),
	}
	for i := range c.form.Columns {
		l.Columns[i] = -1
		if len(c.claims[i]) > 0 {
			l.Columns[i], l.Measures[i] = c.claims[i][0].column, c.claims[i][0].measure
			l.Header.LastCol = max(l.Header.LastCol, l.Columns[i])
		}
	}
	return l
}
