package compile

import (
	"math/big"
	"strings"

	"huizong/pkg/reporting"
)

// exactOf is the number of a figure that an aspect names, nil where there is none, and the measure that it is printed in by itself.
func exactOf(i *reporting.Indicator, f reporting.Figure, a Aspect) (exact *big.Rat, measure string) {
	a, level := a.level()
	f = asOf(f, level)
	switch a {
	case Value:
		return f.Value, ownMeasure(i)
	case Target, Ceiling:
		return f.Target, ownMeasure(i)
	case Previous:
		return f.Previous, ownMeasure(i)
	case Numerator:
		return f.Numerator, ""
	case Denominator:
		return f.Denominator, ""
	case Completion:
		// A ceiling is kept or not; how much of it is used says nothing.
		if i.Target == reporting.TargetCeiling {
			return nil, percent
		}
		return f.Completion, percent
	case Growth:
		return growth(i, f)
	}
	return nil, ""
}

// asOf is the figure with the target of a level in the place of the city's.
func asOf(f reporting.Figure, level string) reporting.Figure {
	if level == reporting.CityTarget {
		return f
	}
	t, _ := f.TargetBy(level)
	f.Target, f.Completion = t.Value, t.Completion
	return f
}

// growth is the change against last year: points for a rate, a share for the rest. A share of nothing, or of a debt, has no meaning.
func growth(i *reporting.Indicator, f reporting.Figure) (*big.Rat, string) {
	switch {
	case f.Value == nil || f.Previous == nil:
		return nil, percent
	case i.Kind == reporting.Ratio:
		return new(big.Rat).Sub(f.Value, f.Previous), percentPoints
	case f.Previous.Sign() <= 0:
		return nil, percent
	}
	return f.YearOnYear, percent
}

// cell prints one number of a figure for a table, or a dash where the figure has none. The measure follows it only where the
// column does not say it.
func (c *compiler) cell(f reporting.Figure, a Aspect) Cell {
	exact, measure := exactOf(c.Catalogue.Indicator(f.Indicator), f, a)
	if exact == nil {
		return Cell{{Text: "—"}}
	}
	cell := Cell{c.binder.bind(idOf(f), a, exact, measure, c.Template.precision[measure])}
	if base, _ := a.level(); base == Completion || base == Growth {
		cell = append(cell, Run{Text: measure})
	}
	return cell
}

// valueCell is the figure's value for a table: nothing for a figure that nobody owes, a mark for one that is owed and not there,
// and a star behind one that does not hold all that it should.
func (c *compiler) valueCell(f reporting.Figure, known bool) Cell {
	switch {
	case !known || f.Value == nil && f.Expected == 0:
		return Cell{{Text: "—"}}
	case f.Value == nil:
		return Cell{{Text: "缺报", Mark: Absent}}
	case !f.Complete():
		return append(c.cell(f, Value), Run{Text: "*", Mark: Partial})
	}
	return c.cell(f, Value)
}

func idOf(f reporting.Figure) FigureID { return FigureID{f.Indicator, f.Unit, f.Period} }

// listed joins names for a message.
func listed[T ~string](names []T) string {
	texts := make([]string, len(names))
	for i, n := range names {
		texts[i] = string(n)
	}
	return strings.Join(texts, ", ")
}
