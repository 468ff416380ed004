// Package warn finds what the bureau should look at before it has to: figures that have come near a threshold, or passed it. The
// thresholds are data with their source (schemas/reports/warnings.yaml); the kinds of rules are here:
//
//	ceiling   a rate against the year's ceiling; yellow and red are shares of the ceiling
//	trend     a rate that has risen in each of so many months
//	cover     how many months of expenditure a fund's balance pays: balance over the mean month of the last so many
//	schedule  targets that are behind the calendar by a share of the year
//	units     a unit's number in the period
//	cases     a unit's cases of so many persons or more that were opened in the period or are still open
//
// A figure that some unit is not in says so in the text of its warning; months of it make no row of a trend and no mean. A fund in debt is
// told by what it lacks, and never as a negative number of months.
//
// It does no I/O and keeps no clock. A figure that is not there warns of nothing, and is never taken for zero: the list of what is
// missing is another one.
package warn

import (
	"math/big"
	"slices"

	"huizong/pkg/reporting"
)

// Level says how near it is.
type Level string

// The levels. Yellow is near, Red is reached or passed.
const (
	Red    Level = "red"
	Yellow Level = "yellow"
)

// Name is how a report writes the level.
func (l Level) Name() reporting.Text {
	if l == Red {
		return reporting.Text{ZH: "红色", EN: "red"}
	}
	return reporting.Text{ZH: "黄色", EN: "yellow"}
}

// Warning is one thing to look at.
type Warning struct {
	Rule      *Rule
	Level     Level
	Indicator string
	Unit      string // the city's code, or a unit's
	Period    reporting.Period
	Text      reporting.Text
	Value     *big.Rat // in yuan, as a share, a count, or in months of benefit
	Threshold *big.Rat // of the level; nil for a trend
	Measure   string   // of both as they are printed
	Places    int
}

// Case is a dispute or a complaint, from the ledgers.
type Case struct {
	Indicator string // that counts it when it is accepted
	Unit      string // the township that it belongs to
	Persons   int
	Opened    reporting.Date
	Closed    reporting.Date // zero: still open
}

// Input is all that is looked at. Figures must answer for the city, the period, the year to date, the months that trends and covers
// look back over, and for the period by unit.
type Input struct {
	Rules     []Rule
	Catalogue *reporting.Catalogue
	Figures   func(indicator, unit string, period reporting.Period) (reporting.Figure, bool)
	Cases     []Case
	Period    reporting.Period
}

// Months lists the months that the rules look back over, which the figures must hold.
func Months(rules []Rule, p reporting.Period) []reporting.Month {
	back := 0
	for _, r := range rules {
		if r.Kind == Trend {
			back = max(back, r.Months+1)
		}
		if r.Kind == Cover {
			back = max(back, r.Months)
		}
	}
	var months []reporting.Month
	for m := p.Last - reporting.Month(back) + 1; m <= p.Last; m++ {
		months = append(months, m)
	}
	return months
}

// Find lists the warnings: the red ones first, then in the order of the rules and of the catalogue.
func Find(in Input) []Warning {
	var found []Warning
	for i := range in.Rules {
		r := &in.Rules[i]
		switch r.Kind {
		case Ceiling:
			found = append(found, in.ceiling(r)...)
		case Trend:
			found = append(found, in.trend(r)...)
		case Cover:
			found = append(found, in.cover(r)...)
		case Schedule:
			found = append(found, in.schedule(r)...)
		case Units:
			found = append(found, in.units(r)...)
		case Cases:
			found = append(found, in.cases(r)...)
		}
	}
	slices.SortStableFunc(found, func(a, b Warning) int { return order(a.Level) - order(b.Level) })
	return found
}

func order(l Level) int {
	if l == Red {
		return 0
	}
	return 1
}

// figure is the city's, and false where it has no value.
func (in Input) figure(indicator string, p reporting.Period) (reporting.Figure, bool) {
	f, ok := in.Figures(indicator, in.Catalogue.City, p)
	return f, ok && f.Value != nil
}

// partly says of what is warned of that some unit is not in it.
func partly(f reporting.Figure, text reporting.Text) reporting.Text {
	if f.Complete() {
		return text
	}
	coverage := reporting.Textf("（%d个单位已报齐%d个）", " (of %d units %d have reported in full)", f.Expected, f.Reported)
	return reporting.Text{ZH: text.ZH + coverage.ZH, EN: text.EN + coverage.EN}
}

// atLeast is the level of a value that warns by being high, with its threshold, and false where it does not.
func (r *Rule) atLeast(value *big.Rat) (Level, *big.Rat, bool) {
	red, yellow := r.Red.Rat(), r.Yellow.Rat()
	switch {
	case value.Cmp(red) >= 0:
		return Red, red, true
	case value.Cmp(yellow) >= 0:
		return Yellow, yellow, true
	}
	return "", nil, false
}
