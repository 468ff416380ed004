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

// standingFacts is the facts that stood at as_of, with rollup's rule of which of them count in a period put as three days: a fact
// counts in the period that begins by begins_by, reaches as far as reaches, and ends before ends_before.
//
// A plain fact counts in a period that holds the whole of its own. A docket row counts in one in which its case was open, as
// far as its ledger covers it: from January (year) to the month it was sent for. A case that is open at the year's end
// stands in the next year's ledger too, and is counted there in a period that runs into that year. A case closed before the
// ledger's year, or filed after its month, counts in none.
//
// The parameters from and to are the first day asked for and the last: years that cannot count are not read. Nor are forms other than
// those of the parameter forms, if it names any: they are what the tables are ordered by.
const standingFacts = `
    SELECT *,
        makeDate32(toYear(period_to), 1, 1) AS year,
        makeDate32(toYear(period_to) + 1, 1, 1) AS next_year,
        if(opened IS NULL, period_from, least(ifNull(closed, period_to), period_to)) AS begins_by,
        if(opened IS NULL, period_to, greatest(assumeNotNull(opened), year)) AS reaches,
        if(opened IS NULL OR ifNull(closed < next_year, false), toDate32('2299-12-31'), next_year) AS ends_before
    FROM fact_raw
    WHERE (submission, attempt) IN
      (
          SELECT submission, attempt
          FROM standing_at(as_of = {as_of:DateTime64(3, 'UTC')})
          WHERE empty({forms:Array(String)}) OR form IN {forms:Array(String)}
      )
      AND (empty({forms:Array(String)}) OR form IN {forms:Array(String)})
      AND ({indicator:String} = '' OR indicator = {indicator:String})
      AND period_to >= {from:Date32} AND toYear(period_to) <= toYear({to:Date32})
      AND (opened IS NULL OR reaches <= begins_by)`

const selectObservations = `
SELECT ` + factResult + `
FROM (` + standingFacts + `
)
WHERE ({unit:String} = '' OR unit = {unit:String})
  AND (empty({indicators:Array(String)}) OR indicator IN {indicators:Array(String)})
  AND ({any_period:Bool} OR (begins_by >= {from:Date32} AND reaches <= {to:Date32} AND ends_before > {to:Date32}))
ORDER BY ` + factOrder

// Observations lists the standing facts that an indicator's value for a unit (or all, "") and a period is made of, in the
// order of time, unit and sheet. The zero Period is all time, the zero Time is now.
func (s *Store) Observations(ctx context.Context, indicator, unit string, period reporting.Period, asOf time.Time) ([]reporting.Fact, error) {
	if indicator == "" {
		return nil, nil
	}
	p := params{"forms": []string{}, "indicator": indicator, "indicators": []string{}, "unit": unit, "as_of": moment(asOf)}
	return selectAll(ctx, s, "read observations of "+indicator, selectObservations, p.within(period), scanFact)
}

// ObservationsOf lists what Observations does, of several indicators and all units in one pass.
func (s *Store) ObservationsOf(ctx context.Context, indicators []string, period reporting.Period, asOf time.Time) ([]reporting.Fact, error) {
	if len(indicators) == 0 {
		return nil, nil
	}
	p := params{"forms": []string{}, "indicator": "", "indicators": indicators, "unit": "", "as_of": moment(asOf)}
	return selectAll(ctx, s, "read observations of "+period.String(), selectObservations, p.within(period), scanFact)
}
