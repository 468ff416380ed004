package portal

import (
	"context"
	"math/big"
	"slices"

	"huizong/pkg/answers"
	"huizong/pkg/phrase"
	"huizong/pkg/reporting"
)

// grid is the explorer's table as it is seen, on the page and in a file.
type grid struct {
	Groups  []gridGroup // the upper line of the head; none where each has one column
	Columns []gridColumn
	Rows    []gridRow
	Classes []gridClass // of the shades, from the least; none where nothing is shaded
	Corner  string      // what the rows are

	OwnMeasure bool            // each row has a measure of its own
	Partial    bool            // some figure lacks a unit
	Lacks      map[string]bool // by lack, for the legend
}

type gridGroup struct {
	Name, Measure, Link string
	Span                int
}

type gridColumn struct {
	Name      string
	Group     string
	Sort      string // address of the table in the order of the column
	Order     string // ascending or descending, where it is in that order
	Numeric   bool
	measure   measure
	indicator *reporting.Indicator
	period    reporting.Period
}

type gridRow struct {
	Code, Name, Link string
	Measure          string
	Whole            bool // the city above its units
	Reported         string
	Complete         bool
	Lacking          string // who has not reported
	Cells            []gridCell
}

type gridCell struct {
	Text    string
	Link    string
	Lack    lack
	Partial string // whom the figure lacks; "" is nobody
	Trend   string // better or worse, where the indicator has a direction
	Bar     *bar
	Shade   int // 1 to 5; 0 is none

	measure measure
	value   *big.Rat // what it is sorted, shaded and printed into files by
	places  int      // digits in a file
	points  bool     // the growth of a rate, in points
}

// lack says why there is no number.
type lack string

const (
	notReported   lack = "missing" // somebody owes it
	notApplicable lack = "none"    // nobody owes it
	notKnown      lack = "unknown" // last year's, or what follows from it
)

type gridClass struct {
	Shade    int
	From, To string
}

// bar is a share of 120 pixels, and the place of a mark on it.
type bar struct {
	Fill, Mark string
	Over       bool
	Bare       bool // without the ground of its whole
}

// figureKey finds a figure.
type figureKey struct {
	indicator, unit string
	period          reporting.Period
}

// figuresOf asks for the figures of a view, the city's among them.
func (p *Portal) figuresOf(ctx context.Context, v view) (map[figureKey]reporting.Figure, error) {
	wanted := answers.Selection{Periods: v.Periods(), Standpoint: v.from}
	switch {
	case v.Shape != shapeCity:
		wanted.Units = []string{"*"}
	case v.Unit != "":
		wanted.Units = []string{v.Unit}
	}
	if len(v.Indicators) == 1 {
		wanted.Indicator = v.Indicators[0]
	}
	return p.figuresBy(ctx, wanted)
}

func (p *Portal) figuresBy(ctx context.Context, wanted answers.Selection) (map[figureKey]reporting.Figure, error) {
	list, err := p.Answers.Figures(ctx, wanted)
	if err != nil {
		return nil, err
	}
	found := make(map[figureKey]reporting.Figure, len(list))
	for _, f := range list {
		found[figureKey{f.Indicator, f.Unit, f.Period}] = f
	}
	return found, nil
}

// gridder makes a grid of figures.
type gridder struct {
	*Portal
	view
	lang    string
	figures map[figureKey]reporting.Figure
	grid    grid
}

// gridOf is the table of a view.
func (p *Portal) gridOf(ctx context.Context, v view, lang string) (*grid, map[figureKey]reporting.Figure, error) {
	figures, err := p.figuresOf(ctx, v)
	if err != nil {
		return nil, nil, err
	}
	g := gridder{Portal: p, view: v, lang: lang, figures: figures}
	g.columns()
	if v.Shape == shapeCity {
		g.cityRows()
	} else {
		g.unitRows()
	}
	g.grid.tell()
	g.shareBars()
	g.sort()
	if v.Shade {
		g.shade()
	}
	return &g.grid, figures, nil
}

// columns are the numbers of each period, or of each indicator.
func (g *gridder) columns() {
	if g.Shape == shapeProfile {
		for _, code := range g.codes(g.view) {
			i := g.Catalogue.Indicator(code)
			if len(g.Indicators) == 0 && !g.ofUnits(code) {
				continue
			}
			g.group(phrase.Pick(g.lang, i.Name), phrase.Measure(g.lang, i), g.then("/explore/"+code, "period", g.Span().String()), i, g.Span())
		}
	} else {
		var i *reporting.Indicator
		if g.Shape == shapeUnits {
			i = g.Catalogue.Indicator(g.Indicators[0])
		}
		for _, period := range g.Periods() {
			g.group(phrase.PeriodHead(g.lang, period, g.Span()), "", "", i, period)
		}
	}
	switch { // one line is enough for several periods with one number each, and for one period with several
	case g.Shape == shapeProfile:
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
		return u.Level != reporting.LevelCity && g.figures[figureKey{code, u.Code, g.Span()}].Value != nil
	})
}

func (g *gridder) group(name, unit, link string, i *reporting.Indicator, period reporting.Period) {
	g.grid.Groups = append(g.grid.Groups, gridGroup{Name: name, Measure: unit, Link: link, Span: len(g.Show)})
	for _, m := range g.Show {
		n := len(g.grid.Columns) + 1
		c := gridColumn{Name: phrase.Pick(g.lang, measureNames[m]), Group: name, measure: m, indicator: i, period: period}
		c.Sort, c.Order = g.order(n)
		g.grid.Columns = append(g.grid.Columns, c)
	}
}

// order is the address that sorts by a column: the greatest first, then the least, then as the catalogue has it.
func (v view) order(column int) (address, now string) {
	switch v.Sort {
	case -column:
		return v.With("sort", itoa(column)), "descending"
	case column:
		return v.With("sort", ""), "ascending"
	}
	return v.With("sort", itoa(-column)), ""
}

func (g *gridder) cityRows() {
	g.grid.Corner, g.grid.OwnMeasure = phrase.Pick(g.lang, reporting.Text{ZH: "指标", EN: "Indicator"}), true
	unit := g.Unit
	if unit == "" {
		unit = g.Catalogue.City
	}
	last := g.Periods()[len(g.Periods())-1]
	for _, code := range g.codes(g.view) {
		i := g.Catalogue.Indicator(code)
		row := gridRow{Code: code, Name: phrase.Pick(g.lang, i.Name), Measure: phrase.Measure(g.lang, i), Link: g.then("/explore/"+code, "period", last.String(), "unit", g.Unit)}
		for n := range g.grid.Columns {
			c := g.grid.Columns[n]
			c.indicator = i
			row.Cells = append(row.Cells, g.cell(c, unit))
		}
		if f, ok := g.figures[figureKey{code, unit, last}]; ok {
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
func (g *gridder) unitRow(unit string) (row gridRow, any bool) {
	row = gridRow{Code: unit, Name: phrase.Unit(g.Catalogue, g.lang, unit)}
	if g.Shape == shapeUnits {
		row.Link = g.then("/explore/"+g.Indicators[0], "period", g.Span().String(), "unit", unit)
	} else {
		row.Link = g.then("/explore", "section", g.Section, "period", g.Span().String(), "unit", unit)
	}
	for _, c := range g.grid.Columns {
		_, there := g.figures[figureKey{c.indicator.Code, unit, c.period}]
		any = any || there
		row.Cells = append(row.Cells, g.cell(c, unit))
	}
	return row, any
}

// cell is one number of a figure, or why there is none.
func (g *gridder) cell(column gridColumn, unit string) gridCell {
	c := gridCell{measure: column.measure, places: 6}
	f, ok := g.figures[figureKey{column.indicator.Code, unit, column.period}]
	if !ok {
		return g.lacking(c, notApplicable)
	}
	if column.measure == showValue {
		c = g.valueCell(c, f)
	} else {
		c = g.derivedCell(c, f)
	}
	if c.Lack == "" && column.measure == showValue && len(f.Missing) > 0 && unit == g.Catalogue.City {
		c.Partial = g.namesOf(f.Missing)
		g.grid.Partial = true
	}
	return c
}

func (g *gridder) lacking(c gridCell, why lack) gridCell {
	c.Lack, c.Text = why, phrase.Pick(g.lang, lackNames[why])
	return c
}

func (g *gridder) valueCell(c gridCell, f reporting.Figure) gridCell {
	if f.Value == nil {
		return g.lacking(c, lackOf(f))
	}
	i := g.Catalogue.Indicator(f.Indicator)
	c.value, c.places, c.Text = f.Value, i.Places(), phrase.Number(f.Value, i)
	unit := f.Unit
	if unit == g.Catalogue.City {
		unit = ""
	}
	c.Link = g.then("/explore/"+f.Indicator, "period", f.Period.String(), "unit", unit)
	return c
}

// lackOf says why a figure has no value: somebody owes a sheet of it, or its sheets are there and say that it does not apply.
func lackOf(f reporting.Figure) lack {
	if f.Complete() {
		return notApplicable
	}
	return notReported
}

// derivedCell is what follows from a figure and others.
func (g *gridder) derivedCell(c gridCell, f reporting.Figure) gridCell {
	i := g.Catalogue.Indicator(f.Indicator)
	switch c.measure {
	case showPrevious:
		if f.Previous == nil {
			return g.lacking(c, notKnown)
		}
		c.value, c.places, c.Text = f.Previous, i.Places(), phrase.Number(f.Previous, i)
	case showYoY:
		c.value, c.points = growth(f, i)
		if c.value == nil {
			return g.lacking(c, notKnown)
		}
		c.Text, c.Trend = phrase.Growth(g.lang, c.value, c.points), trend(c.value, i)
	case showShare:
		if c.value = g.share(f); c.value == nil {
			return g.lacking(c, notApplicable)
		}
		c.Text = phrase.Tenths(c.value)
	case showCompletion:
		if f.Completion == nil || f.Period.First.Number() != 1 {
			return g.lacking(c, notApplicable)
		}
		c.value, c.Text, c.Bar = f.Completion, phrase.Tenths(f.Completion), barOf(f.Completion, pace(i, f.Period))
	}
	return c
}

// growth is the change to last year: a share of it, or for a rate the difference, which is told in points.
func growth(f reporting.Figure, i *reporting.Indicator) (change *big.Rat, points bool) {
	if i.Kind != reporting.Ratio {
		return f.YearOnYear, false
	}
	if f.Value == nil || f.Previous == nil {
		return nil, true
	}
	return new(big.Rat).Sub(f.Value, f.Previous), true
}

// trend says whether a change is for the better, of indicators whose target says which way that is.
func trend(change *big.Rat, i *reporting.Indicator) string {
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
	whole := g.figures[figureKey{f.Indicator, g.Catalogue.City, f.Period}].Value
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
		if column.measure != showShare || g.Shape == shapeCity {
			continue
		}
		greatest := new(big.Rat)
		for _, row := range g.grid.Rows {
			if v := row.Cells[n].value; !row.Whole && v != nil && v.Cmp(greatest) > 0 {
				greatest = v
			}
		}
		for r, row := range g.grid.Rows {
			if v := row.Cells[n].value; !row.Whole && v != nil && greatest.Sign() > 0 {
				g.grid.Rows[r].Cells[n].Bar = &bar{Fill: pixels(new(big.Rat).Quo(v, greatest)), Bare: true}
			}
		}
	}
}

// withoutEmpty drops the columns in which no unit has a number.
func (g *grid) withoutEmpty() {
	for n := len(g.Columns) - 1; n > 0; n-- {
		if slices.ContainsFunc(g.Rows, func(r gridRow) bool { return !r.Whole && r.Cells[n].value != nil }) {
			continue
		}
		g.Columns = slices.Delete(g.Columns, n, n+1)
		for r := range g.Rows {
			g.Rows[r].Cells = slices.Delete(g.Rows[r].Cells, n, n+1)
		}
	}
	g.tell()
}

// tell finds which reasons for a lack the legend has to explain.
func (g *grid) tell() {
	g.Lacks = map[string]bool{}
	for _, row := range g.Rows {
		for _, c := range row.Cells {
			g.Lacks[string(c.Lack)] = true
		}
	}
}

// pace is how much of the year has gone by at the end of a period: what a target that grows over the year is measured by. A stock or a
// ceiling is to be kept at any time.
func pace(i *reporting.Indicator, p reporting.Period) *big.Rat {
	if i.Kind != reporting.Flow || i.Target != reporting.TargetFloor {
		return nil
	}
	return big.NewRat(int64(p.Last.Number()), 12)
}

// barWidth is that of a bar, in its own pixels.
const barWidth = 120

func barOf(part, mark *big.Rat) *bar {
	b := &bar{Fill: pixels(part), Over: part.Cmp(big.NewRat(1, 1)) > 0}
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
		return itoa(barWidth)
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
	slices.SortStableFunc(g.grid.Rows, func(a, b gridRow) int {
		x, y := a.Cells[column-1].value, b.Cells[column-1].value
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
	if g.Shape == shapeCity {
		for r := range g.grid.Rows {
			var cells []*gridCell
			for n := range g.grid.Rows[r].Cells {
				if g.grid.Columns[n].measure == g.Show[0] && (n < len(g.Show) || g.grid.Columns[n].period != g.Span()) {
					cells = append(cells, &g.grid.Rows[r].Cells[n])
				}
			}
			classify(cells)
		}
		g.grid.Classes = make([]gridClass, shades)
	}
	var last []*gridCell
	for n := range g.grid.Columns {
		if g.Shape == shapeCity || g.grid.Columns[n].measure != g.Show[0] {
			continue
		}
		last = nil
		for r := range g.grid.Rows {
			if !g.grid.Rows[r].Whole {
				last = append(last, &g.grid.Rows[r].Cells[n])
			}
		}
		classify(last)
		g.grid.Classes = make([]gridClass, shades)
	}
	for n := range g.grid.Classes {
		g.grid.Classes[n].Shade = n + 1
	}
	if len(g.grid.Columns) == len(g.Show) { // one column is shaded: its classes have bounds
		g.bounds(last)
	}
}

// classify gives each number its class: equal numbers are in one.
func classify(cells []*gridCell) {
	cells = slices.DeleteFunc(slices.Clone(cells), func(c *gridCell) bool { return c.value == nil })
	slices.SortFunc(cells, func(a, b *gridCell) int { return a.value.Cmp(b.value) })
	for n, c := range cells {
		c.Shade = 1 + n*shades/len(cells)
		if n > 0 && c.value.Cmp(cells[n-1].value) == 0 {
			c.Shade = cells[n-1].Shade
		}
	}
}

// bounds says from where to where the classes reach.
func (g *gridder) bounds(cells []*gridCell) {
	slices.SortFunc(cells, func(a, b *gridCell) int {
		if a.value == nil || b.value == nil {
			return 0
		}
		return a.value.Cmp(b.value)
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
