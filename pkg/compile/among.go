package compile

import (
	"math/big"
	"slices"
	"strings"

	"huizong/pkg/reporting"
)

// Selection says which of the townships a sentence names.
type Selection string

// The selections.
const (
	Top        Selection = "top"        // those with the largest values, each with its own; none of nothing
	Bottom     Selection = "bottom"     // those with the smallest, each with its own
	Fallen     Selection = "fallen"     // those that are below the same months of last year, the deepest first
	Zero       Selection = "zero"       // those that report a zero, which is not the same as …
	Unreported Selection = "unreported" // those that owe it and have not reported, or not all months
)

var selections = []Selection{Top, Bottom, Fallen, Zero, Unreported}

// unitsPrefix begins the aspect of a number of units; the selection follows.
const unitsPrefix = "units."

// township is what the units of a list are called.
const township = "乡镇（街道）"

// Select returns the figures of the townships that are selected, in the order in which they are named.
func Select(s Selection, indicator string, c *reporting.Catalogue, figures Lookup, p reporting.Period) []reporting.Figure {
	var list []reporting.Figure
	for _, u := range c.Units {
		if f, known := figures(indicator, u.Code, p); known && u.Level == reporting.LevelTownship && s.holds(c.Indicator(indicator), f) {
			list = append(list, f)
		}
	}
	slices.SortStableFunc(list, func(a, b reporting.Figure) int {
		switch s {
		case Top:
			return b.Value.Cmp(a.Value)
		case Bottom:
			return a.Value.Cmp(b.Value)
		case Fallen:
			return fall(c.Indicator(indicator), a).Cmp(fall(c.Indicator(indicator), b))
		}
		return 0
	})
	return list
}

func (s Selection) holds(i *reporting.Indicator, f reporting.Figure) bool {
	if s != Unreported && !f.Complete() { // of whom not all is known, nothing is said against others
		return false
	}
	switch s {
	case Top:
		return f.Value != nil && f.Value.Sign() > 0
	case Bottom:
		return f.Value != nil
	case Fallen:
		change := fall(i, f)
		return change != nil && change.Sign() < 0
	case Zero:
		return f.Value != nil && f.Value.Sign() == 0
	}
	return !f.Complete()
}

// fall is the change against last year, nil where there is none to tell.
func fall(i *reporting.Indicator, f reporting.Figure) *big.Rat {
	change, _ := growth(i, f)
	return change
}

// among prints the names of the units that are selected, and of more than the template has room for their number. Where there are none,
// the clause around it goes: that is no gap.
func (c *compiler) among(n unitsNode, s *sentenceState) []Run {
	selection := Selection(n.selection.text)
	list := Select(selection, n.code.text, c.Catalogue, c.Figures, c.Period)
	ranked, measured := selection == Top || selection == Bottom, figureNode{code: n.code, measure: n.measure, places: -1}
	city, _ := c.Figures(n.code.text, c.Catalogue.City, c.Period)
	if ranked {
		list = first(list, n.most)
	}
	if len(list) == 0 || ranked && !city.Complete() && c.Template.incomplete.Rank == omit {
		s.baseless = true
		return []Run{{Text: "【没有这样的" + township + "】", Mark: Absent}}
	}
	var runs []Run
	if ranked && !city.Complete() {
		runs = append(runs, Run{Text: "已报齐的单位中，"})
	}
	for i, f := range list[:min(n.most, len(list))] {
		runs = append(runs, Run{Text: strings.Repeat("、", min(i, 1)) + c.unitName(f.Unit)})
		if ranked {
			p := c.measured(measured, f.Value)
			runs = append(runs, Run{Text: "（"}, c.binder.bind(idOf(f), Value, p.exact, p.measure, p.places), Run{Text: p.measure + "）"})
		}
	}
	if ranked || len(list) <= n.most {
		return runs
	}
	id := FigureID{n.code.text, c.Catalogue.City, c.Period}
	number := c.binder.bind(id, unitsPrefix+Aspect(selection), big.NewRat(int64(len(list)), 1), "个", 0)
	return append(runs, Run{Text: "等"}, number, Run{Text: "个" + township})
}

// first cuts a ranking to n. Who is level with the next one after them is not named: it would be chance.
func first(list []reporting.Figure, n int) []reporting.Figure {
	if len(list) <= n {
		return list
	}
	for n > 0 && list[n-1].Value.Cmp(list[n].Value) == 0 {
		n--
	}
	return list[:n]
}

// checkUnits checks that the list can be made, and that townships have figures of the indicator at all.
func checkUnits(n unitsNode, catalogue *reporting.Catalogue, found *problems) {
	i := catalogue.Indicator(n.code.text)
	switch {
	case !slices.Contains(selections, Selection(n.selection.text)):
		found.add(n.selection.position, "unknown selection %q; there are %s", n.selection.text, listed(selections))
	case i == nil:
		found.add(n.code.position, "unknown indicator %s", n.code.text)
	case !ofTownships(catalogue, i):
		found.add(n.code.position, "units %s: no township has figures of it", i.Code)
	case n.measure.text != "" && !fits(i, n.measure.text):
		found.add(n.measure.position, "%s does not fit %s, which is counted in %s", n.measure.text, i.Code, ownMeasure(i))
	case n.measure.text != "" && Selection(n.selection.text) != Top && Selection(n.selection.text) != Bottom:
		found.add(n.measure.position, "%s names units without their values", n.selection.text)
	case Selection(n.selection.text) == Unreported && !sentByTownships(catalogue, i):
		found.add(n.selection.position, "townships do not report %s: somebody else does for them", i.Code)
	case Selection(n.selection.text) == Fallen && i.Kind == reporting.Stock && i.IsMoney():
		found.add(n.selection.position, "a balance that has fallen says nothing of a township")
	}
}

// sentByTownships reports whether townships themselves send the form of the indicator.
func sentByTownships(c *reporting.Catalogue, i *reporting.Indicator) bool {
	f := c.FormOf(i.Code)
	return f != nil && slices.Contains(f.Levels, reporting.LevelTownship)
}

// ofTownships reports whether townships send the indicator, or rows name them; of a computed one, whether its parts are such.
func ofTownships(c *reporting.Catalogue, i *reporting.Indicator) bool {
	for _, part := range append([]string{i.Numerator, i.Denominator}, i.Parts...) {
		if p := c.Indicator(part); p != nil && p != i && !ofTownships(c, p) {
			return false
		}
	}
	f := c.FormOf(i.Code)
	return f == nil || f.RowUnits || slices.Contains(f.Levels, reporting.LevelTownship) ||
		slices.ContainsFunc(f.Loads, func(l reporting.Load) bool { return l.Indicator == i.Code && l.Unit != "" })
}
