package explore

import (
	"math/big"
	"slices"
	"strconv"

	"huizong/pkg/phrase"
	"huizong/pkg/reporting"
)

// Grid is the explorer's table as it is seen, on the page and in a file.
type Grid struct {
	Groups  []Group // the upper line of the head; none where each has one column
	Columns []Column
	Rows    []Row
	Classes []Class // of the shades, from the least; none where nothing is shaded
	Corner  string  // what the rows are

	OwnMeasure bool            // each row has a measure of its own
	Partial    bool            // some figure lacks a unit
	Lacks      map[string]bool // by lack, for the legend
}

// Group is a head above several columns.
type Group struct {
	Name, Measure, Link string
	Span                int
}

// Column is one number of a figure, of a period or an indicator.
type Column struct {
	Name      string
	Group     string
	Sort      string // address of the table in the order of the column
	Order     string // ascending or descending, where it is in that order
	Numeric   bool
	Measure   Measure
	indicator *reporting.Indicator
	period    reporting.Period
}

// Row is what the numbers beside each other are of: an indicator, or a unit.
type Row struct {
	Code, Name, Link string
	Measure          string
	Whole            bool // the city above its units
	Reported         string
	Complete         bool
	Lacking          string // who has not reported
	Cells            []Cell
}

// Cell is a number as it is shown, or why there is none.
type Cell struct {
	Text    string
	Link    string
	Lack    Lack
	Partial string // whom the figure lacks; "" is nobody
	Trend   string // better or worse, where the indicator has a direction
	Bar     *Bar
	Shade   int // 1 to 5; 0 is none

	measure Measure
	Value   *big.Rat // what it is sorted, shaded and printed into files by
	Places  int      // digits in a file
	Points  bool     // the growth of a rate, in points
}

// Lack says why there is no number.
type Lack string

const (
	notReported   Lack = "missing" // somebody owes it
	notApplicable Lack = "none"    // nobody owes it, or it does not apply
	noBasis       Lack = "basis"   // nothing over nothing, or compared with nothing
	noSuchNumber  Lack = "no"      // a unit has no target, and a rate no share
	notKnown      Lack = "unknown" // last year's, or what follows from it
)

// Class is what a shade stands for.
type Class struct {
	Shade    int
	From, To string
}

// Bar is a share of 120 pixels, and the place of a mark on it.
type Bar struct {
	Fill, Mark string
	Over       bool
	Bare       bool // without the ground of its whole
}

// Key finds a figure.
type Key struct {
	Indicator, Unit string
	Period          reporting.Period
}

// gridder makes a grid of figures.
type gridder struct {
	View
	Catalogue *reporting.Catalogue
	lang      string
	figures   map[Key]reporting.Figure
	grid      Grid
}

// NewGrid is the table of a view, of its figures.
func NewGrid(c *reporting.Catalogue, v View, figures map[Key]reporting.Figure, lang string) *Grid {
	g := gridder{Catalogue: c, View: v, lang: lang, figures: figures}
	g.columns()
	if v.Shape == ShapeCity {
		g.cityRows()
	} else {
		g.unitRows()
	}
	g.grid.findLacks()
	g.shareBars()
	g.sort()
	if v.Shade {
		g.shade()
	}
	return &g.grid
}

// columns are the numbers of each period, or of each indicator.
func (g *gridder) columns() {
	if g.Shape == ShapeProfile {
		for _, code := range g.View.codes(g.Catalogue) {
			i := g.Catalogue.Indicator(code)
			if len(g.Indicators) == 0 && !g.ofUnits(code) {
				continue
			}
			g.group(phrase.Pick(g.lang, i.Name), phrase.Measure(g.lang, i), g.Path("/explore/"+code, "period", g.Span().String()), i, g.Span())
		}
	} else {
		var i *reporting.Indicator
		if g.Shape == ShapeUnits {
			i = g.Catalogue.Indicator(g.Indicators[0])
		}
		for _, period := range g.Periods() {
			g.group(phrase.PeriodHead(g.lang, period, g.Span()), "", "", i, period)
		}
	}
	switch { // one line is enough for several periods with one number each, and for one period with several
	case g.Shape == ShapeProfile:
	case len(g.Show) == 1:
		for n := range g.grid.Columns {
			g.grid.Columns[n].Name = g.grid.Groups[n].Name
		}
		g.grid.Groups = nil
	case len(g.grid.Groups) == 1:
		g.grid.Groups = nil
	}
}

// ofUnits reports whether some unit has a value of the indicator: one that the city alone has would be an empty column.
func (g *gridder) ofUnits(code string) bool {
	return slices.ContainsFunc(g.Catalogue.Units, func(u reporting.OrgUnit) bool {
		return u.Level != reporting.LevelCity && g.figures[Key{code, u.Code, g.Span()}].Value != nil
	})
}

func (g *gridder) group(name, unit, link string, i *reporting.Indicator, period reporting.Period) {
	g.grid.Groups = append(g.grid.Groups, Group{Name: name, Measure: unit, Link: link, Span: len(g.Show)})
	for _, m := range g.Show {
		n := len(g.grid.Columns) + 1
		c := Column{Name: phrase.Pick(g.lang, MeasureNames[m]), Group: name, Measure: m, indicator: i, period: period}
		c.Sort, c.Order = g.order(n)
		g.grid.Columns = append(g.grid.Columns, c)
	}
}

// order is the address that sorts by a column: the greatest first, then the least, then as the catalogue has it.
func (v View) order(column int) (address, now string) {
	switch v.Sort {
	case -column:
		return v.With("sort", strconv.Itoa(column)), "descending"
	case column:
		return v.With("sort", ""), "ascending"
	}
	return v.With("sort", strconv.Itoa(-column)), ""
}

func (g *gridder) cityRows() {
	g.grid.Corner, g.grid.OwnMeasure = phrase.Pick(g.lang, reporting.Text{ZH: "指标", EN: "Indicator"}), true
	unit := g.Unit
	if unit == "" {
		unit = g.Catalogue.City
	}
	last := g.Periods()[len(g.Periods())-1]
	for _, code := range g.View.codes(g.Catalogue) {
		i := g.Catalogue.Indicator(code)
		row := Row{Code: code, Name: phrase.Pick(g.lang, i.Name), Measure: phrase.Measure(g.lang, i), Link: g.Path("/explore/"+code, "period", last.String(), "unit", g.Unit)}
		for n := range g.grid.Columns {
			c := g.grid.Columns[n]
			c.indicator = i
			row.Cells = append(row.Cells, g.cell(c, unit))
		}
		if f, ok := g.figures[Key{code, unit, last}]; ok {
			row.Reported, row.Complete, row.Lacking = phrase.Reported(f), f.Complete(), g.namesOf(f.Missing)
		}
		g.grid.Rows = append(g.grid.Rows, row)
	}
}

func (g *gridder) unitRows() {
	g.grid.Corner = phrase.Pick(g.lang, reporting.Text{ZH: "单位", EN: "Unit"})
	for _, u := range g.Catalogue.Units {
		if u.Level == reporting.LevelCity {
			continue
		}
		if row, any := g.unitRow(u.Code); any {
			g.grid.Rows = append(g.grid.Rows, row)
		}
	}
	row, _ := g.unitRow(g.Catalogue.City)
	row.Whole, row.Name = true, phrase.Pick(g.lang, reporting.Text{ZH: "全市", EN: "Whole city"})
	g.grid.Rows = slices.Insert(g.grid.Rows, 0, row)
}

// unitRow is the row of a unit, and whether it has any figure in it.
func (g *gridder) unitRow(unit string) (row Row, any bool) {
	row = Row{Code: unit, Name: phrase.Unit(g.Catalogue, g.lang, unit)}
	if g.Shape == ShapeUnits {
		row.Link = g.Path("/explore/"+g.Indicators[0], "period", g.Span().String(), "unit", unit)
	} else {
		row.Link = g.Path("/explore", "section", g.Section, "period", g.Span().String(), "unit", unit)
	}
	for _, c := range g.grid.Columns {
		_, there := g.figures[Key{c.indicator.Code, unit, c.period}]
		any = any || there
		row.Cells = append(row.Cells, g.cell(c, unit))
	}
	return row, any
}

// cell is one number of a figure, or why there is none.
func (g *gridder) cell(column Column, unit string) Cell {
	c := Cell{measure: column.Measure, Places: 6}
	f, ok := g.figures[Key{column.indicator.Code, unit, column.period}]
	if !ok {
		return g.lacking(c, notApplicable)
	}
	if column.Measure == ShowValue {
		c = g.valueCell(c, f)
	} else {
		c = g.derivedCell(c, f)
	}
	if c.Lack == "" && column.Measure == ShowValue && len(f.Missing) > 0 && unit == g.Catalogue.City {
		c.Partial = g.namesOf(f.Missing)
		g.grid.Partial = true
	}
	return c
}

func (g *gridder) lacking(c Cell, why Lack) Cell {
	c.Lack, c.Text = why, phrase.Pick(g.lang, LackNames[why])
	return c
}

func (g *gridder) valueCell(c Cell, f reporting.Figure) Cell {
	if f.Value == nil {
		return g.lacking(c, LackOf(f))
	}
	i := g.Catalogue.Indicator(f.Indicator)
	c.Value, c.Places, c.Text = f.Value, i.Places(), phrase.Number(f.Value, i)
	unit := f.Unit
	if unit == g.Catalogue.City {
		unit = ""
	}
	c.Link = g.Path("/explore/"+f.Indicator, "period", f.Period.String(), "unit", unit)
	return c
}

// LackOf says why a figure has no value: somebody owes a sheet of it, or its sheets are there and say that it does not apply.
func LackOf(f reporting.Figure) Lack {
	switch f.Absence() {
	case reporting.AbsentUnreported:
		return notReported
	case reporting.AbsentNoBasis:
		return noBasis
	}
	return notApplicable
}

// derivedCell is what follows from a figure and others.
func (g *gridder) derivedCell(c Cell, f reporting.Figure) Cell {
	i := g.Catalogue.Indicator(f.Indicator)
	switch c.measure {
	case ShowPrevious:
		if f.Previous == nil {
			return g.lacking(c, notKnown)
		}
		c.Value, c.Places, c.Text = f.Previous, i.Places(), phrase.Number(f.Previous, i)
	case ShowYoY:
		c.Value, c.Points = Growth(f, i)
		if c.Value == nil && f.Value != nil && f.Previous != nil {
			return g.lacking(c, noBasis)
		}
		if c.Value == nil {
			return g.lacking(c, notKnown)
		}
		c.Text, c.Trend = phrase.Growth(g.lang, c.Value, c.Points), Trend(c.Value, i)
	case ShowShare:
		if c.Value = g.share(f); c.Value == nil {
			return g.lacking(c, noSuchNumber)
		}
		c.Text = phrase.Tenths(c.Value)
	case ShowCompletion:
		if f.Completion == nil || f.Period.First.Number() != 1 {
			return g.lacking(c, noSuchNumber)
		}
		c.Value, c.Text, c.Bar = f.Completion, phrase.Tenths(f.Completion), NewBar(f.Completion, Pace(i, f.Period))
	}
	return c
}

// Growth is the change to last year: a share of it, or for a rate the difference, which is told in points.
func Growth(f reporting.Figure, i *reporting.Indicator) (change *big.Rat, points bool) {
	if i.Kind != reporting.Ratio {
		return f.YearOnYear, false
	}
	if f.Value == nil || f.Previous == nil {
		return nil, true
	}
	return new(big.Rat).Sub(f.Value, f.Previous), true
}

// Trend says whether a change is for the better, of indicators whose target says which way that is.
func Trend(change *big.Rat, i *reporting.Indicator) string {
	sign := change.Sign()
	if i.Target == reporting.TargetCeiling {
		sign = -sign
	}
	switch {
	case i.Target == "" || sign == 0:
		return ""
	case sign > 0:
		return "up"
	}
	return "down"
}

// share is a unit's part of the city's value: of what adds up over units.
func (g *gridder) share(f reporting.Figure) *big.Rat {
	whole := g.figures[Key{f.Indicator, g.Catalogue.City, f.Period}].Value
	return shareOf(f.Value, whole, g.Catalogue.Indicator(f.Indicator))
}

func shareOf(part, whole *big.Rat, i *reporting.Indicator) *big.Rat {
	if part == nil || whole == nil || whole.Sign() == 0 || i.Kind == reporting.Ratio || i.Negative {
		return nil
	}
	return new(big.Rat).Quo(part, whole)
}

// shareBars compares the units' shares with each other: the longest bar is the greatest share, and there is no ground that would
// stand for the whole.
func (g *gridder) shareBars() {
	for n, column := range g.grid.Columns {
		if column.Measure != ShowShare || g.Shape == ShapeCity {
			continue
		}
		greatest := new(big.Rat)
		for _, row := range g.grid.Rows {
			if v := row.Cells[n].Value; !row.Whole && v != nil && v.Cmp(greatest) > 0 {
				greatest = v
			}
		}
		for r, row := range g.grid.Rows {
			if v := row.Cells[n].Value; !row.Whole && v != nil && greatest.Sign() > 0 {
				g.grid.Rows[r].Cells[n].Bar = &Bar{Fill: pixels(new(big.Rat).Quo(v, greatest)), Bare: true}
			}
		}
	}
}

// WithoutEmpty drops the columns in which no unit has a number.
func (g *Grid) WithoutEmpty() {
	for n := len(g.Columns) - 1; n > 0; n-- {
		if slices.ContainsFunc(g.Rows, func(r Row) bool { return !r.Whole && r.Cells[n].Value != nil }) {
			continue
		}
		g.Columns = slices.Delete(g.Columns, n, n+1)
		for r := range g.Rows {
			g.Rows[r].Cells = slices.Delete(g.Rows[r].Cells, n, n+1)
		}
	}
	g.findLacks()
}

// findLacks collects the reasons for a lack that the legend has to explain.
func (g *Grid) findLacks() {
	g.Lacks = map[string]bool{}
	for _, row := range g.Rows {
		for _, c := range row.Cells {
			g.Lacks[string(c.Lack)] = true
		}
	}
}

// Pace is how much of the year has gone by at the end of a period: what a target that grows over the year is measured by. A stock or a
// ceiling is to be kept at any time.
func Pace(i *reporting.Indicator, p reporting.Period) *big.Rat {
	if i.Kind != reporting.Flow || i.Target != reporting.TargetFloor {
		return nil
	}
	return big.NewRat(int64(p.Last.Number()), 12)
}

// barWidth is that of a bar, in its own pixels.
const barWidth = 120

// NewBar is the bar of a share; a mark on it may be nil.
func NewBar(part, mark *big.Rat) *Bar {
	b := &Bar{Fill: pixels(part), Over: part.Cmp(big.NewRat(1, 1)) > 0}
	if mark != nil {
		b.Mark = pixels(mark)
	}
	return b
}

func pixels(share *big.Rat) string {
	n := new(big.Rat).Mul(share, big.NewRat(barWidth, 1))
	switch {
	case n.Sign() < 0:
		return "0"
	case n.Cmp(big.NewRat(barWidth, 1)) > 0:
		return strconv.Itoa(barWidth)
	}
	return n.FloatString(1)
}

// sort orders the rows below the city by a column; those without a number come last.
func (g *gridder) sort() {
	column, sign := g.Sort, 1
	if column < 0 {
		column, sign = -column, -1
	}
	if column == 0 || column > len(g.grid.Columns) {
		return
	}
	slices.SortStableFunc(g.grid.Rows, func(a, b Row) int {
		x, y := a.Cells[column-1].Value, b.Cells[column-1].Value
		switch {
		case a.Whole != b.Whole:
			return map[bool]int{true: -1, false: 1}[a.Whole]
		case x == nil && y == nil:
			return 0
		case x == nil:
			return 1
		case y == nil:
			return -1
		}
		return sign * x.Cmp(y)
	})
}

// shades is how many there are.
const shades = 5

// shade parts the numbers of each column, or of each row of indicators, into five classes of as many each.
func (g *gridder) shade() {
	if g.Shape == ShapeCity {
		for r := range g.grid.Rows {
			var cells []*Cell
			for n := range g.grid.Rows[r].Cells {
				if g.grid.Columns[n].Measure == g.Show[0] && (n < len(g.Show) || g.grid.Columns[n].period != g.Span()) {
					cells = append(cells, &g.grid.Rows[r].Cells[n])
				}
			}
			classify(cells)
		}
		g.grid.Classes = make([]Class, shades)
	}
	var last []*Cell
	for n := range g.grid.Columns {
		if g.Shape == ShapeCity || g.grid.Columns[n].Measure != g.Show[0] {
			continue
		}
		last = nil
		for r := range g.grid.Rows {
			if !g.grid.Rows[r].Whole {
				last = append(last, &g.grid.Rows[r].Cells[n])
			}
		}
		classify(last)
		g.grid.Classes = make([]Class, shades)
	}
	for n := range g.grid.Classes {
		g.grid.Classes[n].Shade = n + 1
	}
	if len(g.grid.Columns) == len(g.Show) { // one column is shaded: its classes have bounds
		g.bounds(last)
	}
}

// classify gives each number its class: equal numbers are in one.
func classify(cells []*Cell) {
	cells = slices.DeleteFunc(slices.Clone(cells), func(c *Cell) bool { return c.Value == nil })
	slices.SortFunc(cells, func(a, b *Cell) int { return a.Value.Cmp(b.Value) })
	for n, c := range cells {
		c.Shade = 1 + n*shades/len(cells)
		if n > 0 && c.Value.Cmp(cells[n-1].Value) == 0 {
			c.Shade = cells[n-1].Shade
		}
	}
}

// bounds says from where to where the classes reach.
func (g *gridder) bounds(cells []*Cell) {
	slices.SortFunc(cells, func(a, b *Cell) int {
		if a.Value == nil || b.Value == nil {
			return 0
		}
		return a.Value.Cmp(b.Value)
	})
	for _, c := range cells {
		if c.Shade == 0 {
			continue
		}
		class := &g.grid.Classes[c.Shade-1]
		if class.From == "" {
			class.From = c.Text
		}
		class.To = c.Text
	}
}

// namesOf lists units by name.
func (g *gridder) namesOf(codes []string) string { return phrase.Units(g.Catalogue, g.lang, codes) }
