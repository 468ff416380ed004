// Package match finds a form's table on the sheets of a workbook: which sheet, which rows are its header, which column is which,
// and what the lines above it say of unit, period and money.
//
// It reads no value and knows no form: the vocabulary is data. A sheet that is none of the forms is a finding, and so is a
// column that is missing, or claimed twice, or claimed by nothing.
package match

import (
	"regexp"
	"slices"
	"strings"

	"huizong/pkg/label"
	"huizong/pkg/reporting"
)

// Expected is what the submission says that the file is. Form may be "": then all forms are tried.
type Expected struct {
	Form   string
	Period reporting.Period
	Org    string                   // the sender
	Unit   func(name string) string // the code of the unit that a name means, or ""; nil where units do not tell sheets apart
	// Answers are what persons have answered to questions about the sender's sheets, by their ids.
	Answers map[string]string
}

// headerDepth is how many rows a header has at most, and headerReach how far down a sheet one is looked for.
const (
	headerDepth = 3
	headerReach = 60
)

// Matcher finds the tables of a set of forms. It is safe for concurrent use.
type Matcher struct {
	words *vocabulary
	units map[string]bool // the names of units, folded

	indicators map[string]string // the rows of all forms that are indicators, by their folded names
}

// New returns a matcher of the forms, which must not change. The units are those that rows, columns and blocks of a table may be about.
func New(forms []*reporting.Form, units ...reporting.OrgUnit) *Matcher {
	m := &Matcher{words: newVocabulary(forms), units: map[string]bool{}, indicators: map[string]string{}}
	for _, f := range forms {
		for name, code := range label.Rows(f) {
			m.indicators[name] = f.ID + "." + code
		}
	}
	for _, u := range units {
		for _, name := range append([]string{u.Name.ZH}, u.Aliases...) {
			m.units[label.Row(name)] = true
		}
	}
	return m
}

// Find returns where the expected form's table stands, with the findings about its columns. The layout is nil where there is
// none: the finding then names the nearest form and why it is not that one. Hidden sheets are not looked at.
func (m *Matcher) Find(sheets []*reporting.Sheet, expected Expected) (*reporting.Layout, []reporting.Finding) {
	wanted := m.words.forms
	if expected.Form != "" {
		wanted = slices.DeleteFunc(slices.Clone(wanted), func(f *reporting.Form) bool { return f.ID != expected.Form })
	}
	var found, others []*candidate
	for _, sheet := range sheets {
		if sheet.Hidden {
			continue
		}
		for _, c := range m.laid(sheet, wanted, expected.Period) {
			if slices.Contains(wanted, c.form) && c.recognised() {
				found = append(found, c)
			} else {
				others = append(others, c)
			}
		}
	}
	if c := m.joined(sheets, wanted, found, others, expected); c != nil {
		found = []*candidate{c}
	}
	if len(found) == 0 {
		return nil, []reporting.Finding{m.unknownForm(sheets, wanted, nearest(others))}
	}
	if own := slices.DeleteFunc(slices.Clone(found), func(c *candidate) bool { return c.really(others) != nil }); len(own) > 0 {
		found = own // and not the sheets of other forms in the same workbook
	}
	which := whichForm(found, expected)
	if which != nil && which.Answer == "" {
		return nil, []reporting.Finding{which.Ask(reporting.AmbiguousColumn, which.Options[0].Cells[0], sendAsForm)}
	}
	if which != nil {
		found = slices.DeleteFunc(found, func(c *candidate) bool { return c.form.ID != which.Answer })
	}
	read, left, rivals := parts(found, expected)
	sheet := whichSheet(rivals, expected.Answers)
	if sheet != nil && sheet.Answer != "" {
		read = meant(sheet, rivals, left)
	}
	c := read[0]
	if other := c.really(others); other != nil {
		return nil, []reporting.Finding{otherForm(c, other)}
	}
	var findings []reporting.Finding
	for _, part := range read {
		part.hear(expected.Answers)
		part.takeGiven(expected)
	}
	if papers := c.grid.sheet.Papers(); len(papers) > 1 {
		findings = append(findings, joinedSheets(c, papers))
	}
	l := c.layout()
	for i, part := range read {
		findings = append(append(findings, part.findings()...), part.headless()...)
		if i > 0 {
			l.Further = append(l.Further, part.layout())
		}
	}
	l.Further = append(l.Further, further(l, sheets, func(s *reporting.Sheet) bool { return len(onSheet(slices.Concat(found, others), s)) > 0 })...)
	l.Answers = expected.Answers
	for _, q := range []*reporting.Question{which, sheet} {
		if q != nil && q.Answer != "" {
			findings = append(findings, q.Told())
		}
	}
	if sheet != nil && sheet.Answer == "" {
		findings = append(findings, twoSheets(sheet, rivals))
		for _, rival := range rivals[1:] {
			left[rival] = disputed
		}
	}
	return l, append(findings, m.unread(sheets, l, read, left, slices.Concat(found, others), expected)...)
}

// joined is the form that stands on several sheets together and on none of them whole: the one that was sent, or the one that they resemble most.
func (m *Matcher) joined(sheets []*reporting.Sheet, wanted []*reporting.Form, found, others []*candidate, expected Expected) *candidate {
	if len(sheets) < 2 || len(wanted) == 0 {
		return nil
	}
	all := slices.Concat(found, others)
	form := wanted[0]
	if len(wanted) > 1 {
		top := surest(found)
		if top == nil {
			top = nearest(others)
		}
		if top == nil {
			return nil
		}
		form = top.form
	}
	return m.join(sheets, form, all, expected)
}

func surest(candidates []*candidate) *candidate {
	var top *candidate
	for _, c := range candidates {
		if top == nil || c.score() > top.score() {
			top = c
		}
	}
	return top
}

// nearest is the candidate that a sheet of no known form resembles most: of the longer forms more columns must agree.
func nearest(candidates []*candidate) *candidate {
	var top *candidate
	for _, c := range candidates {
		if top == nil || c.score()+5*c.matched > top.score()+5*top.matched {
			top = c
		}
	}
	return top
}

// claimTo is how well a sheet's claim to the period is founded: its own lines, its tab, nothing, or lines of another period.
func (c *candidate) claimTo(period reporting.Period) int {
	switch {
	case c.info.names == period:
		return 3
	case c.tab == period:
		return 2
	case c.info.names.IsZero() && c.tab.IsZero():
		return 1
	}
	return 0
}

// printed are the types of columns that an empty form has filled in already.
var printed = []reporting.ValueType{reporting.RowLabel, reporting.UnitValue, reporting.Measure, reporting.Sequence, reporting.Remark}

// filled reports whether anything stands under a required column that holds no label.
func (c *candidate) filled() bool {
	for i, column := range c.form.Columns {
		if !column.Required || len(c.claims[i]) == 0 || slices.Contains(printed, column.Type) {
			continue
		}
		for _, row := range c.grid.sheet.Rows {
			if cell, ok := row.At(c.claims[i][0].column); ok && row.Index > c.last && label.Fold(cell.Text) != "" && !(cell.Formula() != "" && cell.Text == "0") {
				return true
			}
		}
	}
	return false
}

func sameCells(a, b *reporting.Sheet) bool {
	return slices.EqualFunc(a.Rows, b.Rows, func(x, y reporting.Row) bool {
		return x.Index == y.Index && slices.EqualFunc(x.Cells, y.Cells, func(p, q reporting.Cell) bool { return p.Col == q.Col && p.Text == q.Text })
	})
}

// really is the other form that the sheet is, by its title and with all its columns, where the wanted one is not whole.
func (c *candidate) really(others []*candidate) *candidate {
	if c.titled || c.matched == c.required() {
		return nil
	}
	for _, other := range others {
		if other.grid == c.grid && other.titled && other.matched == other.required() && other.recognised() {
			return other
		}
	}
	return nil
}

// claim is one sheet column that a form column takes for its own.
type claim struct {
	column  int32
	text    string // the header as compared
	written string
	measure string
	quality int
	beside  []int32 // as header has it
	weak    bool    // it names what stands in for the column only where nothing better does
}

// header is the claim's header again, which the form's column has given up for a better one.
func (cl claim) header(lost int) header {
	h := header{column: cl.column, texts: []string{cl.text}, all: cl.text, written: cl.written, measure: cl.measure, lost: []int{lost}}
	if h.elsewhen = cl.quality == otherPeriod || cl.weak; h.elsewhen {
		h.lost = nil
	}
	return h
}

// The qualities of a claim: the header speaks of another period, only resembles a label, fits a pattern or is a label with more
// around it, or is one of the column's labels.
const (
	otherPeriod = iota + 1
	loose
	byPattern
	exact
)

// candidate is a form's header at one place of a sheet.
type candidate struct {
	grid    *grid
	form    *reporting.Form
	period  reporting.Period
	first   int32 // first row of the header
	last    int32
	claims  [][]claim // for each column of the form, the best ones
	free    []header  // the headers that no column claimed
	info    info
	tab     reporting.Period // that the sheet's name names
	rows    int              // fixed rows of the form that stand below
	waived  []int            // columns that need not be there, as others say the same
	given   []reporting.Note // for each column of the form what the sheet as a whole says, where it has no such column
	titled  bool             // a line above carries the form's title
	matched int              // required columns that are there

	said  string                      // layoutText
	heard map[int]*reporting.Question // by columns of the form: what a person has said which column it is
	money *reporting.Question         // and which unit of money counts
	dated *reporting.Question         // and which place names the period
}

// candidates finds the header of each form on the sheet: the place where most of its columns are found, in the fewest rows.
func candidates(g *grid, words *vocabulary, period reporting.Period) []*candidate {
	top := make([]*candidate, len(words.forms))
	for _, first := range g.rows {
		for depth := range int32(headerDepth) {
			if depth > 0 && g.isRecord(first+depth) {
				break // to read on into the records would find columns by what is empty in them
			}
			spoken := words.spoken(g.headers(first, first+depth))
			for f, form := range words.forms {
				if !spoken[f] {
					continue
				}
				c := newCandidate(g, form, f, words, period, first, first+depth)
				if c != nil && (top[f] == nil || c.before(top[f])) {
					top[f] = c
				}
			}
		}
	}
	var found []*candidate
	for _, c := range top {
		if c == nil {
			continue
		}
		c.takeLoose()
		c.takeMonths()
		c.takeUnits()
		c.spread()
		c.info = readInfo(g, c.first, period)
		c.tab, _ = tabPeriod(g.sheet.Name, period)
		c.titled = c.info.hasTitle(c.form)
		c.rows = c.fixedRows()
		found = append(found, c)
	}
	return found
}

// before reports whether the place is a better one than that which was found before it. A header that is printed again further down is
// none, though it may claim a column more: the rows between the two would be lost.
func (c *candidate) before(top *candidate) bool {
	if c.first > top.last && c.matched == top.matched && top.matched == top.required() {
		return false
	}
	if c.claimed() != top.claimed() {
		return c.claimed() > top.claimed()
	}
	if c.cut() != top.cut() {
		return top.cut()
	}
	return c.depth() < top.depth()
}

// cut reports whether the header goes on below the place: a cell of it is merged down into the next row, or that row holds heads under its
// heads and nothing where the rows are named.
func (c *candidate) cut() bool {
	next := c.last + 1
	names, texts := int32(-1), 0
	for _, claims := range c.claims {
		for _, cl := range claims {
			if s := c.grid.square(c.last, cl.column); s.merged && s.bottom >= next {
				return true
			}
			if names < 0 || cl.column < names {
				names = cl.column
			}
		}
	}
	if c.grid.square(next, names).text != "" {
		return false
	}
	for col := range c.grid.width {
		if s := c.grid.square(next, col); s.text != "" {
			if texts++; s.folded == "" || c.grid.numberAt(next, col) {
				return false
			}
		}
	}
	return texts > 1
}

func newCandidate(g *grid, form *reporting.Form, f int, words *vocabulary, period reporting.Period, first, last int32) *candidate {
	c := &candidate{grid: g, form: form, period: period, first: first, last: last, claims: make([][]claim, len(form.Columns))}
	for _, h := range g.headers(first, last) {
		if !c.take(h, f, words) {
			c.free = append(c.free, h)
		}
	}
	c.matched = c.count()
	if c.matched == 0 {
		return nil
	}
	if slices.ContainsFunc(c.claims, func(claims []claim) bool { return len(claims) > 1 }) {
		c.settle()
	}
	return c
}

// take gives the header to the form column whose label it is. The longest joined text wins: "收入本月" before "本月".
func (c *candidate) take(h header, f int, words *vocabulary) bool {
	for _, quality := range []int{exact, byPattern} {
		for i, text := range h.texts {
			at := words.column(f, text, quality)
			if at < 0 || !sameMeasure(h.all, text) {
				continue
			}
			figures := feedsFigures(c.form.Columns[at].Type)
			if figures && c.headed(h, text) {
				return false
			}
			cl := claim{h.column, text, h.written, h.measure, quality, h.beside, false}
			if cl.weak = standsIn(c.form.Columns[at], h.all); cl.weak || i >= h.whole {
				cl.quality = byPattern // beside 月初结余, 年初结余 is another day's
			}
			if figures && (label.OfOtherPeriod(label.WithoutHints(h.written), c.period) || slices.ContainsFunc(h.says, func(part string) bool { return label.OfOtherPeriod(label.WithoutHints(part), c.period) })) {
				cl.quality = otherPeriod
			}
			c.add(at, cl)
			return true
		}
	}
	return false
}

// standsIn reports whether the header says what may stand in for the column where nothing better does: the beginning of the year for that of
// the month, what is due for what was paid.
func standsIn(column reporting.Column, folded string) bool {
	ofYear := column.SumOf == "" && strings.Contains(folded, "年初") && !strings.Contains(column.Labels[0], "年初") && !ofPeriod.MatchString(folded)
	return ofYear || feedsFigures(column.Type) && due.MatchString(folded) && !due.MatchString(column.Labels[0])
}

var due = regexp.MustCompile(`标准|应(?:发|缴|付|收|补)`)

var ofPeriod = regexp.MustCompile(`[期月]初|上[月期]|至`)

// add keeps the claims of the best quality only: an exact header beside one that merely fits a pattern is no ambiguity. A hidden
// column gives way to a visible one.
func (c *candidate) add(column int, cl claim) {
	have := c.claims[column]
	if len(have) > 0 {
		old := have[0]
		hiddenOld, hiddenNew := c.grid.hiddenColumn(old.column), c.grid.hiddenColumn(cl.column)
		switch {
		case hiddenNew && !hiddenOld, cl.quality < old.quality && hiddenNew == hiddenOld:
			c.free = append(c.free, cl.header(column))
			return
		case hiddenOld && !hiddenNew, cl.quality > old.quality:
			for _, o := range have {
				c.free = append(c.free, o.header(column))
			}
			have = nil
		}
	}
	c.claims[column] = append(have, cl)
}

// takeLoose lets a required column without a header take the free headers that resemble it. Where there are several, it is claimed twice.
func (c *candidate) takeLoose() {
	if 3*c.matched < c.required() {
		return // it is another table
	}
	for i, column := range c.form.Columns {
		if !column.Required || len(c.claims[i]) > 0 {
			continue
		}
		c.free = slices.DeleteFunc(c.free, func(h header) bool {
			alike := resembles(column, h) && !(feedsFigures(column.Type) && c.headed(h, column.Labels[0]))
			if alike {
				c.claims[i] = append(c.claims[i], claim{h.column, h.texts[0], h.written, h.measure, loose, h.beside, false})
			}
			return alike
		})
	}
	c.matched = c.count()
}

// takeMonths reads a table with a column for each month: the one of the period was taken for what it is, and 合计 beside them is the year so
// far where nothing stands under a later month. The year so far need not be there, then: the months are.
func (c *candidate) takeMonths() {
	for i, column := range c.form.Columns {
		of := c.form.Column(column.SumOf)
		if column.SumOf == "" || len(c.claims[i]) > 0 || of < 0 || len(c.claims[of]) != 1 || c.period.Len() != 1 || c.monthOf(c.claims[of][0].written) != c.period {
			continue
		}
		months, later := 0, false
		for _, h := range c.free {
			if m := c.monthOf(h.written); m.Len() == 1 && m.Last.Year() == c.period.Last.Year() {
				months++
				later = later || m.First > c.period.First && c.grid.anyNumber(c.last, h.column)
			}
		}
		if months == 0 {
			continue
		}
		c.waived = append(c.waived, i)
		total := slices.IndexFunc(c.free, func(h header) bool { return ofMonths.MatchString(h.all) })
		if total >= 0 && !later {
			h := c.free[total]
			c.claims[i] = []claim{{h.column, h.all, h.written, h.measure, byPattern, h.beside, false}}
			c.free = slices.Delete(c.free, total, total+1)
		}
	}
	c.matched = c.count()
}

// monthOf is the month that a header names, without a year one of the period's year.
func (c *candidate) monthOf(written string) reporting.Period {
	if p, ok := label.Period(written); ok {
		return p
	}
	p, _ := label.MonthIn(written, c.period.Last.Year())
	return p
}

var ofMonths = regexp.MustCompile(`^(?:(?:全|本|当)?年)?(?:度)?(?:合计|总计|共计|小计|计)(?:数)?$|^全年(?:数)?$`)

// takeUnits adds the row below the header to it where that row holds units of measure alone: 元 under 补贴金额. They are those of their
// columns.
func (c *candidate) takeUnits() {
	row, units := c.last+1, map[int32]string{}
	for col := range c.grid.width {
		s := c.grid.square(row, col)
		text := s.text
		if s.merged && s == c.grid.square(c.last, col) {
			continue // the header's own cell reaches down
		}
		if unit, ok := label.Unit(text); ok {
			units[col] = unit
		} else if text != "" && !unitsHead.MatchString(label.Fold(text)) {
			return
		}
	}
	if len(units) == 0 {
		return
	}
	c.last = row
	for i := range c.claims {
		for k := range c.claims[i] {
			if unit := units[c.claims[i][k].column]; unit != "" {
				c.claims[i][k].measure = unit
			}
		}
	}
}

// spread notes which claims stand under heads that reach over further columns with heads of their own, which told nothing of them. Merged
// ones are known already.
func (c *candidate) spread() {
	if !c.cut() {
		return
	}
	next := c.last + 1
	for i, claims := range c.claims {
		for k, cl := range claims {
			if !feedsFigures(c.form.Columns[i].Type) || c.grid.square(next, cl.column).text == "" {
				continue
			}
			for col := cl.column + 1; col < c.grid.width && c.grid.blank(c.first, c.last, col) && c.grid.square(next, col).text != ""; col++ {
				if c.grid.anyNumber(next, col) && !c.grid.hiddenColumn(col) {
					c.claims[i][k].beside = append(c.claims[i][k].beside, col)
				}
			}
		}
	}
}

var unitsHead = regexp.MustCompile(`^(?:计量|数量|金额)?单位$`)

// settle decides between several claims of one column where a legend or another table stands beside the form's: the claim that stands
// apart from all others, behind an empty column, gives way.
func (c *candidate) settle() {
	var block []int // for each sheet column the number of empty ones before it
	empty := 0
	for col := range c.grid.width {
		if c.grid.blank(c.first, c.last, col) {
			empty++
		}
		block = append(block, empty)
	}
	weight := map[int]int{}
	for _, claims := range c.claims {
		for _, cl := range claims {
			weight[block[cl.column]]++
		}
	}
	for i, claims := range c.claims {
		if len(claims) < 2 {
			continue
		}
		main := slices.MaxFunc(claims, func(a, b claim) int { return weight[block[a.column]] - weight[block[b.column]] })
		var keep []claim
		for _, cl := range claims {
			if apart := weight[block[cl.column]]; block[cl.column] == block[main.column] || 2*apart > weight[block[main.column]] {
				keep = append(keep, cl)
				continue
			}
			h := cl.header(i)
			h.apart = true
			c.free = append(c.free, h)
		}
		c.claims[i] = keep
	}
}

func (c *candidate) count() int {
	n := 0
	for i, column := range c.form.Columns {
		if column.Required && (len(c.claims[i]) > 0 || slices.Contains(c.waived, i)) {
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

// claimed orders candidates of one form and sheet: required columns count most, then all others, and what is claimed twice less than
// what one more row of the header tells apart.
func (c *candidate) claimed() int {
	n := 0
	for i := range c.claims {
		if len(c.claims[i]) > 0 {
			n += 2
		}
		if len(c.claims[i]) > 1 || len(c.claims[i]) == 1 && len(c.claims[i][0].beside) > 0 && feedsFigures(c.form.Columns[i].Type) {
			n--
		}
	}
	return 100*c.matched + n
}

// headed reports whether over the header stands that it is another measure than the text says: 本月数 under 上年同期, in a window of rows
// that does not reach up to it.
func (c *candidate) headed(h header, text string) bool {
	for above := c.first - 1; above >= max(0, c.first-headerDepth+1); above-- {
		head := c.grid.heads(above)[h.column]
		if head.folded != "" && (!sameMeasure(head.folded, text) || onlyYear.MatchString(head.folded) && label.OfOtherPeriod(head.text, c.period)) {
			return true
		}
	}
	return false
}

var onlyYear = regexp.MustCompile(`^(?:19|20|21)\d\d年?度?(?:数|情况|完成|实际)?$`)

// fixedRows counts the form's rows whose label stands below the header, in the column that names rows or, where that is missing,
// in any.
func (c *candidate) fixedRows() int {
	if len(c.form.Rows) == 0 {
		return 0
	}
	known := label.Rows(c.form)
	seen := map[string]bool{}
	column := c.columnOf(reporting.RowLabel)
	for _, row := range c.grid.sheet.Rows {
		if row.Index <= c.last {
			continue
		}
		for _, cell := range row.Cells {
			if cell.Kind == reporting.TextCell && (column < 0 || cell.Col >= column-1 && cell.Col <= column+1) {
				if code := known[label.Row(cell.Text)]; code != "" {
					seen[code] = true
				}
			}
		}
	}
	return len(seen)
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
		Form: c.form, Sheet: c.grid.sheet, Columns: c.columns(), Measures: make([]string, len(c.form.Columns)),
		Header: reporting.Range{FirstRow: c.first, LastRow: c.last},
		Title:  c.info.title, Org: c.info.org, Orgs: c.info.others, Period: c.info.period, Measure: c.info.measure, Names: c.info.names, Sure: c.score(),
	}
	if l.Names.IsZero() && (c.tab.Len() == c.period.Len() || c.form.Coverage == reporting.CoversYear) && !c.tab.IsZero() {
		l.Names, l.Period = c.tab, reporting.Note{Text: c.grid.sheet.Name} // nothing but the tab names a period
	}
	for i := range c.form.Columns {
		if len(c.claims[i]) > 0 {
			l.Measures[i] = c.claims[i][0].measure
			l.Header.LastCol = max(l.Header.LastCol, l.Columns[i])
		}
	}
	l.Fingerprint = c.layoutText()
	l.Given, l.Money = c.given, c.statedMoney(l.Columns)
	l.WhichMoney, l.MoneyAsked = c.whichMoney(l.Money), c.form.Money != "" && c.info.rivals[0].Text != "" && c.info.rivals[0] != c.info.period
	if c.money != nil {
		l.Money = slices.DeleteFunc(l.Money, func(n reporting.Note) bool { return n.Text != c.money.Answer })
		l.Measure, l.WhichMoney = l.Money[0], nil
	}
	return l
}

// columns are, for each column of the form, the sheet's, −1 for none.
func (c *candidate) columns() []int32 {
	columns := make([]int32, len(c.form.Columns))
	for i := range columns {
		columns[i] = -1
		if len(c.claims[i]) > 0 {
			columns[i] = c.claims[i][0].column
		}
	}
	return columns
}

// tabPeriod is the period that the name of a sheet gives: 2020-06, 6月, 2020年1-6月.
func tabPeriod(name string, sent reporting.Period) (reporting.Period, bool) {
	if p, ok := label.Period(name); ok {
		return p, true
	}
	if sent.IsZero() {
		return reporting.Period{}, false
	}
	return label.MonthIn(name, sent.Last.Year())
}
