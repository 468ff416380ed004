package compile

import "huizong/pkg/reporting"

// absence is the word for a number that is not there. The words mean four different things with 0, which is a number, and stand for
// nothing else anywhere in a report.
type absence string

const (
	notApplicable absence = "不适用" // nobody owes it, or whoever does has said that it does not apply
	unreported    absence = "未报"  // somebody owes it and has not sent it: the only word that asks for something
	noBasis       absence = "无基数" // nothing over nothing, or a comparison with nothing
)

// uncompared stands for a comparison that the rule about incomplete figures leaves out.
const uncompared = "不可比"

// absenceOf says why a figure has no value. A unit without a figure is one that nobody speaks for; the city always has one, but where
// nothing at all is known.
func (c *compiler) absenceOf(f reporting.Figure, known bool, unit string) absence {
	switch {
	case !known && unit != c.Catalogue.City:
		return notApplicable
	case !known, f.Expected > 0 && !f.Complete():
		return unreported
	case f.Denominator != nil && f.Denominator.Sign() == 0:
		return noBasis
	}
	return notApplicable
}

// cell is the word in a table. Only what is owed is marked.
func (a absence) cell() Cell {
	if a == unreported {
		return Cell{{Text: string(a), Mark: Absent}}
	}
	return Cell{{Text: string(a)}}
}
