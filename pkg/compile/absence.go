package compile

import "huizong/pkg/reporting"

// absence is the word for a number that is not there. The words stand for nothing else anywhere in a report.
type absence string

var (
	notApplicable = absence(reporting.AbsentNotOwed.ZH)
	unreported    = absence(reporting.AbsentUnreported.ZH)
	noBasis       = absence(reporting.AbsentNoBasis.ZH)
)

// uncompared stands for a comparison that the rule about incomplete figures leaves out.
const uncompared = "不可比"

// absenceOf says why a figure has no value. A unit without a figure is one that no sender reports for; the city always has one, but where
// nothing at all is known.
func (c *compiler) absenceOf(f reporting.Figure, known bool, unit string) absence {
	switch {
	case !known && unit != c.Catalogue.City:
		return notApplicable
	case !known:
		return unreported
	}
	return absence(f.Absence().ZH)
}

// cell is the word in a table. Only what is owed is marked.
func (a absence) cell() Cell {
	if a == unreported {
		return Cell{{Text: string(a), Mark: Absent}}
	}
	return Cell{{Text: string(a)}}
}
