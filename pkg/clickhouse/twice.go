package clickhouse

import (
	"context"

	"huizong/pkg/reporting"
)

// What the view has for a month, and for the indicators of a year what stands in a year under several units.
const selectTwice = `
SELECT ` + factResult + `
FROM fact
WHERE key != '' AND opened IS NULL
  AND if(indicator IN {yearly:Array(String)},
      (indicator, toStartOfYear(period_to), key) IN
      (
          SELECT indicator, toStartOfYear(period_to) AS year, key
          FROM fact
          WHERE indicator IN {yearly:Array(String)} AND key != '' AND opened IS NULL
            AND toYear(period_to) BETWEEN toYear({from:Date32}) AND toYear({to:Date32})
          GROUP BY indicator, year, key
          HAVING uniqExact(unit) > 1
      ),
      period_to BETWEEN {from:Date32} AND {to:Date32} AND (indicator, toStartOfMonth(period_to), key) IN
      (
          SELECT indicator, month, key
          FROM reported_twice
      ))
ORDER BY indicator, if(indicator IN {yearly:Array(String)}, toStartOfYear(period_to), toStartOfMonth(period_to)), key, submission, position`

// ReportedTwice lists the standing facts of the persons and enterprises that several units have reported for the same indicator and
// month of the period, or the same year for the indicators that are yearly: then those of the whole year. All of one key and time come
// together. The zero Period is all time.
func (s *Store) ReportedTwice(ctx context.Context, period reporting.Period, yearly []string) ([]reporting.Fact, error) {
	if yearly == nil {
		yearly = []string{}
	}
	p := params{"yearly": yearly}
	return selectAll(ctx, s, "look for what several units have reported", selectTwice, p.within(period), scanFact)
}
