package clickhouse

import (
	"context"
	"time"

	"huizong/pkg/reporting"
)

// Case is a standing row of a ledger of cases: a dispute or a complaint.
type Case struct {
	Ledger  string // the table: ledger_dispute_case, ledger_inspection_case
	Unit    string // the township that it belongs to
	Persons int
	Opened  reporting.Date
	Closed  reporting.Date // zero: still open
}

// A row that does not say when its case was opened, or for how many persons, counts nowhere.
const selectCases = `
SELECT ledger, unit, persons, opened, closed
FROM
(
    SELECT 'ledger_dispute_case' AS ledger, submission, attempt, sheet, row, unit, persons, filed_on AS opened, closed_on AS closed
    FROM ledger_dispute_case
    UNION ALL
    SELECT 'ledger_inspection_case' AS ledger, submission, attempt, sheet, row, unit, workers AS persons, accepted_on AS opened, closed_on AS closed
    FROM ledger_inspection_case
)
WHERE (submission, attempt) IN (SELECT submission, attempt FROM standing_at(as_of = {as_of:DateTime64(3, 'UTC')}))
  AND opened IS NOT NULL AND persons IS NOT NULL
ORDER BY ledger, submission, sheet, row, persons DESC, opened, closed`

// Cases lists the standing cases, by ledger and place in the sheet; two halves of a sheet share its rows. The zero Time is now.
func (s *Store) Cases(ctx context.Context, asOf time.Time) ([]Case, error) {
	return selectAll(ctx, s, "read cases", selectCases, params{"as_of": moment(asOf)}, func(r row) (c Case, err error) {
		var unit *string
		var persons *uint32
		var opened, closed *time.Time
		if err = r.Scan(&c.Ledger, &unit, &persons, &opened, &closed); err != nil {
			return c, err
		}
		if unit != nil {
			c.Unit = *unit
		}
		c.Persons, c.Opened, c.Closed = int(*persons), fromOptionalDay(opened), fromOptionalDay(closed)
		return c, nil
	})
}
