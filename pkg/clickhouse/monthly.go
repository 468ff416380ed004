package clickhouse

import (
	"cmp"
	"context"
	"slices"
	"time"

	"huizong/pkg/reporting"
)

// FactFilter narrows Facts; a zero field does not.
type FactFilter struct {
	Indicator string
	Period    reporting.Period
	AsOf      time.Time
}

// MonthlyFact is what one unit has of one indicator in one month.
type MonthlyFact struct {
	Indicator    string
	Month        reporting.Month
	Unit         string
	Value        reporting.Decimal
	Observations int // rows that it is made of
}

// A docket row covers the year so far, so the first month is the January of the earliest fact's year.
const selectSpan = `
SELECT count(), makeDate32(toYear(min(period_from)), 1, 1), max(period_to)
FROM fact_at(as_of = {as_of:DateTime64(3, 'UTC')})
WHERE {indicator:String} = '' OR indicator = {indicator:String}`

// Facts lists the standing facts of base indicators by month, in the order of indicator, month and unit. Values add up
// within the month as the catalogue has it: sums, distinct keys, cases open in the month.
func (s *Store) Facts(ctx context.Context, f FactFilter, catalogue *reporting.Catalogue) ([]MonthlyFact, error) {
	period, err := s.span(ctx, f)
	if err != nil || period.IsZero() {
		return nil, err
	}
	var months []reporting.Period
	for _, m := range period.Months() {
		months = append(months, reporting.MonthPeriod(m))
	}
	found, err := s.summaries(ctx, f.Indicator, []string{}, months, f.AsOf, catalogue)
	if err != nil {
		return nil, err
	}
	var all []MonthlyFact
	for _, fact := range found {
		indicator := base(catalogue, fact.indicator)
		if fact.unit == "" || indicator == nil { // "" is the city
			continue
		}
		v, count, _ := fact.value(indicator.Rollup) // within one month everything lies at its end
		all = append(all, MonthlyFact{fact.indicator, months[fact.period].First, fact.unit, v, count})
	}
	slices.SortStableFunc(all, func(a, b MonthlyFact) int { // they come by indicator, unit, month
		return cmp.Or(cmp.Compare(a.Indicator, b.Indicator), cmp.Compare(a.Month, b.Month))
	})
	return all, nil
}

// span is the period asked for, or that of all the facts.
func (s *Store) span(ctx context.Context, f FactFilter) (reporting.Period, error) {
	if !f.Period.IsZero() {
		return f.Period, nil
	}
	found, err := selectAll(ctx, s, "read span of facts", selectSpan, params{"indicator": f.Indicator, "as_of": moment(f.AsOf)},
		func(r row) (p reporting.Period, err error) {
			var n uint64
			var from, to time.Time
			if err := r.Scan(&n, &from, &to); err != nil || n == 0 {
				return p, err
			}
			return periodOf(from, to), nil
		})
	if err != nil || len(found) == 0 {
		return reporting.Period{}, err
	}
	return found[0], nil
}
