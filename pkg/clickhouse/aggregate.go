package clickhouse

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"huizong/pkg/reporting"
)

// One pass over the standing facts, for all periods and all roll-ups at once: the sum, the sum of what lies at the period's
// end, the distinct keys and the sum of what has none. Which of them is the figure is the catalogue's to say, not the
// query's.
func selectSummaries(facts string) string {
	return `
SELECT
    indicator, unit, i,
    count(),
    sum(value),
    countIf(period_to = lasts[i]),
    sumIf(value, period_to = lasts[i]),
    uniqExactIf(key, key != ''),
    sumIf(value, key = '')
FROM
(
    SELECT * REPLACE (transform(unit, {merged:Array(String)}, {bearers:Array(String)}, unit) AS unit), {firsts:Array(Date32)} AS firsts, {lasts:Array(Date32)} AS lasts
    FROM (` + facts + `
    )
)
ARRAY JOIN arrayFilter((i, first, last) -> first <= begins_by AND last >= reaches AND last < ends_before,
    arrayEnumerate(firsts), firsts, lasts) AS i
GROUP BY GROUPING SETS ((indicator, unit, i), (indicator, i))
ORDER BY indicator, unit, i`
}

// countedFacts are the standing facts as they are counted: those of cumulative indicators, which hold the year to date, as differences
// (reporting.Catalogue.Differences): what a sheet has more than the one before it in the year, for periods that hold all the days since.
const countedFacts = `
    SELECT indicator, unit, value, key, period_to, begins_by, reaches, ends_before
    FROM (` + standingFacts + `
    )
    WHERE indicator NOT IN {cumulative:Array(String)}
    UNION ALL
    SELECT indicator, unit, total - before AS value, '' AS key, period_to, if(sheet = 1, year_from, addDays(to_before, 1)) AS begins_by,
        period_to AS reaches, toDate32('2299-12-31') AS ends_before
    FROM
    (
        SELECT indicator, unit, period_to, year_from, total,
            row_number() OVER sheets AS sheet,
            lagInFrame(total, 1, toDecimal128(0, 4)) OVER sheets AS before,
            lagInFrame(period_to, 1) OVER sheets AS to_before
        FROM
        (
            SELECT form, sender, indicator, unit, period_to, min(period_from) AS year_from, toDecimal128(sum(value), 4) AS total
            FROM fact_at(as_of = {as_of:DateTime64(3, 'UTC')})
            WHERE indicator IN {cumulative:Array(String)} AND ({indicator:String} = '' OR indicator = {indicator:String})
              AND (empty({forms:Array(String)}) OR form IN {forms:Array(String)})
              AND toYear(period_to) BETWEEN toYear({from:Date32}) AND toYear({to:Date32})
            GROUP BY form, sender, indicator, unit, period_to
        )
        WINDOW sheets AS (PARTITION BY form, sender, indicator, unit, toYear(period_to) ORDER BY period_to ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
    )`

// summary is all that may become a figure of an indicator, a unit ("" is the city) and a period.
type summary struct {
	indicator, unit string
	period          int // index, from 0
	count           uint64
	sum             reporting.Decimal
	endCount        uint64
	endSum          reporting.Decimal
	keys            uint64
	keyless         reporting.Decimal
}

func scanSummary(r row) (s summary, err error) {
	var i uint32
	var sum, endSum, keyless decimal.Decimal
	err = r.Scan(&s.indicator, &s.unit, &i, &s.count, &sum, &s.endCount, &endSum, &s.keys, &keyless)
	s.period = int(i) - 1
	s.sum, s.endSum, s.keyless = fromDecimal(sum), fromDecimal(endSum), fromDecimal(keyless)
	return s, err
}

// summaries needs at least one period; no indicator is all, and so are no forms. It reads one state of the tables: all periods and indicators of one call
// are of the same standing submissions.
func (s *Store) summaries(ctx context.Context, indicator string, forms []string, periods []reporting.Period, asOf time.Time, catalogue *reporting.Catalogue) ([]summary, error) {
	firsts, lasts := make([]string, len(periods)), make([]string, len(periods))
	for i, p := range periods {
		firsts[i], lasts[i] = dayParam(p.Start()), dayParam(p.End())
	}
	merged, bearers := []string{""}, []string{""} // the city for itself: transform wants something
	for _, u := range catalogue.Units {
		if bearer := catalogue.Bearer(u.Code); bearer != u.Code {
			merged, bearers = append(merged, u.Code), append(bearers, bearer)
		}
	}
	p := params{"merged": merged, "bearers": bearers, "firsts": firsts, "lasts": lasts, "from": slices.Min(firsts), "to": slices.Max(lasts), "as_of": moment(asOf), "indicator": indicator, "forms": forms}
	facts := standingFacts
	if cumulative := catalogue.CumulativeIndicators(); cumulative != nil {
		facts, p["cumulative"] = countedFacts, cumulative
	}
	return selectAll(ctx, s, "aggregate facts", selectSummaries(facts), p, scanSummary)
}

// value picks the figure that the roll-up means, with the number of observations in it. It is false where the period holds no
// observation that counts: a stock whose last month is missing is not 0.
func (s summary) value(rollup reporting.Rollup) (v reporting.Decimal, count int, ok bool) {
	switch rollup {
	case reporting.RollupLast:
		return s.endSum, int(s.endCount), s.endCount > 0
	case reporting.RollupDistinct:
		return s.keyless.Add(reporting.Int(int64(s.keys))), int(s.count), true
	}
	return s.sum, int(s.count), true
}

// base returns the base indicator of the code, or nil for a computed one and one that the catalogue does not have.
func base(catalogue *reporting.Catalogue, code string) *reporting.Indicator {
	if i := catalogue.Indicator(code); i != nil && i.Base() {
		return i
	}
	return nil
}

// Aggregates adds up the standing facts of every base indicator for each unit, the city (Unit "") and each of the periods, as
// rolluptest.Aggregates specifies: the same list in the same order. The zero Time is now.
func (s *Store) Aggregates(ctx context.Context, periods []reporting.Period, asOf time.Time, catalogue *reporting.Catalogue) ([]reporting.Aggregate, error) {
	return s.aggregates(ctx, []string{}, periods, asOf, catalogue)
}

// AggregatesOf does what Aggregates does, for the sheets of some forms.
func (s *Store) AggregatesOf(ctx context.Context, forms []string, periods []reporting.Period, asOf time.Time, catalogue *reporting.Catalogue) ([]reporting.Aggregate, error) {
	if len(forms) == 0 {
		return nil, nil
	}
	return s.aggregates(ctx, forms, periods, asOf, catalogue)
}

func (s *Store) aggregates(ctx context.Context, forms []string, periods []reporting.Period, asOf time.Time, catalogue *reporting.Catalogue) ([]reporting.Aggregate, error) {
	periods = inOrder(periods)
	if len(periods) == 0 {
		return nil, nil
	}
	found, err := s.summaries(ctx, "", forms, periods, asOf, catalogue)
	if err != nil {
		return nil, err
	}
	all := make([]reporting.Aggregate, 0, len(found))
	for _, f := range found {
		indicator := base(catalogue, f.indicator)
		if indicator == nil {
			continue
		}
		if v, _, ok := f.value(indicator.Rollup); ok {
			all = append(all, reporting.Aggregate{Indicator: f.indicator, Unit: f.unit, Period: periods[f.period], Value: v})
		}
	}
	return all, nil
}

// inOrder returns the periods by first month, then last, each once.
func inOrder(periods []reporting.Period) []reporting.Period {
	sorted := slices.SortedFunc(slices.Values(periods), func(p, q reporting.Period) int {
		return cmp.Or(cmp.Compare(p.First, q.First), cmp.Compare(p.Last, q.Last))
	})
	return slices.Compact(sorted)
}
