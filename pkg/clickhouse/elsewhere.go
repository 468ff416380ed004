package clickhouse

import (
	"context"
	"slices"

	"huizong/pkg/reporting"
)

// What stood of the other senders when a submission came, as selectHistory has it of its own.
const selectElsewhere = `
SELECT ` + factResult + `
FROM fact_raw
WHERE form = {form:String} AND indicator IN {indicators:Array(String)} AND key IN {keys:Array(String)}
  AND (submission, attempt) IN
  (
      SELECT submission, attempt
      FROM
      (
          SELECT *
          FROM submission_outcome
          WHERE sender != {org:String} AND submission < {before:String} AND entry < {before:String} AND period_from >= {from:Date32} AND period_to <= {to:Date32}
          ORDER BY submission, entry DESC, decided_at, attempt
          LIMIT 1 BY submission
      )
      WHERE outcome = 'accepted' AND form = {form:String}
      ORDER BY period_to DESC, submission DESC
      LIMIT 1 BY sender, slot
  )
ORDER BY submission, position`

// keysAtOnce bounds the parameters of a query.
const keysAtOnce = 2000

// Elsewhere lists what stood of the keys in the other units' submissions of the form for the period, or for parts of it, when the
// submission `before` of org came.
func (s *Store) Elsewhere(ctx context.Context, form, org string, indicators, keys []string, period reporting.Period, before string) ([]reporting.Fact, error) {
	var all []reporting.Fact
	for some := range slices.Chunk(keys, keysAtOnce) {
		p := params{"form": form, "org": org, "indicators": indicators, "keys": some, "before": before}
		facts, err := selectAll(ctx, s, "look for what other units have reported", selectElsewhere, p.within(period), scanFact)
		if err != nil {
			return nil, err
		}
		all = append(all, facts...)
	}
	return all, nil
}
