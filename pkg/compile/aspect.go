package compile

import (
	"math/big"
	"slices"
	"strings"

	"huizong/pkg/reporting"
)

// exactOf is the number of a figure that an aspect names, nil where there is none, and the measure that it is printed in by itself.
func exactOf(i *reporting.Indicator, f reporting.Figure, a Aspect) (exact *big.Rat, measure string) {
	a, level := a.level()
	f = asOf(f, level)
	switch a {
	case Value, Balance:
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

// none stands in a table where the column has nothing to say of the row: a count has no denominator, and not all has a target.
const none = "—"

// cell prints one number of a figure for a table, or a word where the figure has none. The measure follows it only where the
// column does not say it.
func (c *compiler) cell(f reporting.Figure, a Aspect) Cell {
	i := c.Catalogue.Indicator(f.Indicator)
	exact, measure := exactOf(i, f, a)
	switch base, level := a.level(); {
	case base == Growth && f.Value != nil && f.Previous != nil && !f.Complete() && c.Template.incomplete.Change != mark:
		return Cell{{Text: uncompared}}
	case base == Growth && exact == nil && f.Value != nil && f.Previous != nil:
		return noBasis.cell()
	case base == Completion && exact == nil && f.Value != nil && asOf(f, level).Target != nil && i.Target == reporting.TargetFloor:
		return noBasis.cell()
	case exact == nil:
		return Cell{{Text: none}}
	}
	cell := Cell{c.binder.bind(idOf(f), a, exact, measure, c.Template.precision[measure])}
	if base, _ := a.level(); base == Completion || base == Growth {
		cell = append(cell, Run{Text: measure})
	}
	return cell
}

// The signs behind a number in a table. A legend below says what they mean.
const (
	partialSign  = "*"
	restatedSign = "▲"
)

// valueCell is a unit's value for a table: the word for one that is not there, and signs behind one that does not hold all that it
// should, or that has been another one.
func (c *compiler) valueCell(f reporting.Figure, known bool, unit string) Cell {
	if f.Value == nil {
		return c.absenceOf(f, known, unit).cell()
	}
	cell := c.cell(f, Value)
	if !f.Complete() {
		cell = append(cell, Run{Text: partialSign, Mark: Partial})
	}
	if f.Restated {
		cell = append(cell, Run{Text: restatedSign})
	}
	return cell
}

// legend explains the words and signs that stand in tables, each where it is used; nil where there is nothing to explain.
func legend(tables ...Table) []Block {
	var lines []string
	for _, l := range []struct{ sign, meaning string }{
		{partialSign, "有单位未报齐，为已报单位的数"}, {restatedSign, "更正过，与先前受理或者发布的数不同"}, {string(unreported), "应报而没有报"}, {string(notApplicable), "没有单位应报这一项，或者报送单位注明不适用"},
		{string(noBasis), "分母、目标或者上年同期为0，不能相比"}, {uncompared, "有单位未报齐，不与上年同期相比"}, {none, "这一项没有此数"},
	} {
		if slices.ContainsFunc(tables, func(t Table) bool { return t.shows(l.sign) }) {
			lines = append(lines, l.sign+"："+l.meaning)
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return []Block{Paragraph{Small: true, Runs: []Run{{Text: "注：" + strings.Join(lines, "；") + "。"}}}}
}

// shows reports whether a sign stands somewhere in the table.
func (t Table) shows(sign string) bool {
	return slices.ContainsFunc(t.Rows, func(row []Cell) bool {
		return slices.ContainsFunc(row, func(cell Cell) bool {
			return slices.ContainsFunc(cell, func(r Run) bool { return r.Text == sign })
		})
	})
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
