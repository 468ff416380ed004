package sample

import (
	"huizong/pkg/reporting"
	"huizong/pkg/sample/internal/clerk"
)

// form is one of the forms of the specification: who sends it, what its sheets look like as printed, and where its numbers come
// from.
type form struct {
	id         string
	title      string
	group      string // heading that some clerks put over all figures of a matrix
	shape      reporting.Shape
	coverage   reporting.Coverage
	duty       reporting.Duty
	sent       cadence
	money      reporting.Money
	senders    []unit
	columns    []clerk.Column
	indicators []indicator
	open       func(*city) books
}

// cadence is how often a form is sent.
type cadence uint8

const (
	eachMonth cadence = iota
	eachYear
	eachHalf // for each half-year that the kit holds whole
	lastHalf // the first half of last year
)

// indicator is a measure that a form loads.
type indicator struct {
	code   string
	rollup reporting.Rollup
}

// books are the true numbers behind a form's sheets: they give the page of a sender for a period. ok is false where the sender has
// nothing to send.
type books func(sender unit, p reporting.Period) (pg page, ok bool)

// page is what one sheet says, and what a reader must take from it. Of a target or a baseline the fact's period is the year or the
// half-year.
type page struct {
	lines []clerk.Line
	total *clerk.Line
	facts []reporting.Observation
}

// forms are in the order of their numbers.
var forms = []form{
	employmentMonthly,
	employmentCenterMonthly,
	enterpriseVisits,
	onlineFairEmployers,
	trainingLedger,
	fundMonthly,
	enrolmentMonthly,
	insuranceServicesMonthly,
	benefitPayments,
	disputeCases,
	inspectionCases,
	wageDeposits,
	relationsMonthly,
	talentMonthly,
	narrativeHalfYear,
	targetsAnnual,
	baselineFigures,
}

// periods lists what the form is sent for in the kit's time.
func (f *form) periods(c *city) []reporting.Period {
	switch f.sent {
	case eachYear:
		return []reporting.Period{reporting.YearPeriod(c.year)}
	case lastHalf:
		return []reporting.Period{half(c.year-1, 1)}
	case eachHalf:
		return []reporting.Period{half(c.year, 1), half(c.year, 7)}[:c.months/6]
	}
	var months []reporting.Period
	for n := 1; n <= c.months; n++ {
		months = append(months, reporting.MonthPeriod(c.month(n)))
	}
	return months
}

func half(year, month int) reporting.Period {
	first := reporting.NewMonth(year, month)
	return reporting.Period{First: first, Last: first + 5}
}

// observe is a fact of one month.
func observe(indicator string, u unit, m reporting.Month, value reporting.Decimal) reporting.Observation {
	return reporting.Observation{Indicator: indicator, Unit: u.code, Period: reporting.MonthPeriod(m), Value: value}
}

// fen is money from hundredths of a yuan.
func fen(n int64) reporting.Decimal { return reporting.Int(n).Quo(reporting.Int(100), 2) }
