package clickhouse

import (
	"context"
	"time"

	"github.com/shopspring/decimal"

	"huizong/pkg/reporting"
)

const (
	factResult = `submission, form, sender, indicator, unit, period_from, period_to, value, key, opened, closed, sheet, cell, written`
	factOrder  = `period_to, unit, form, submission, position`
)

func scanFact(r row) (f reporting.Fact, err error) {
	var from, to time.Time
	var value decimal.Decimal
	var opened, closed *time.Time
	err = r.Scan(&f.Submission, &f.Form, &f.Sender, &f.Indicator, &f.Unit, &from, &to, &value, &f.Key, &opened, &closed,
		&f.Sheet, &f.Cell, &f.Written)
	f.Period, f.Value = periodOf(from, to), fromDecimal(value)
	f.Opened, f.Closed = fromOptionalDay(opened), fromOptionalDay(closed)
	return f, err
}

// countsIn is rollup's rule of which facts count in a period, first to last. A plain fact counts in a period that holds the whole
// of its own. A docket row counts in a period in which its case was open, as far as its ledger speaks of it: from January to the month it
// was sent for. A case that is open at the year's end stands in the next year's ledger too; in a period that runs into that year it
// is counted there.
const countsIn = `if(opened IS NULL,
    period_from >= first AND period_to <= last,
    first <= period_to
        AND last >= toStartOfYear(period_to)
        AND opened <= least(last, period_to)
        AND ifNull(closed >= greatest(first, toDate32(toStartOfYear(period_to))), true)
        AND (last < addYears(toStartOfYear(period_to), 1) OR ifNull(closed < addYears(toStartOfYear(period_to), 1), false)))`

const selectObservations = `
WITH {from:Date32} AS first, {to:Date32} AS last
SELECT ` + factResult + `
FROM fact_at(as_of = {as_of:DateTime64(3, 'UTC')})
WHERE indicator = {indicator:String}
  AND ({unit:String} = '' OR unit = {unit:String})
  AND ({any_period:Bool} OR ` + countsIn + `)
ORDER BY ` + factOrder

// Observations lists the standing facts that an indicator's value for a unit (or all, "") and a period is made of, in the order of time, unit
// and sheet. The zero Period is all time, the zero Time is now.
func (s *Store) Observations(ctx context.Context, indicator, unit string, period reporting.Period, asOf time.Time) ([]reporting.Fact, error) {
	p := params{"indicator": indicator, "unit": unit, "as_of": moment(asOf)}
	return selectAll(ctx, s, "read observations of "+indicator, selectObservations, p.within(period), scanFact)
}
