package clickhouse

import (
	"context"
	"time"

	"github.com/shopspring/decimal"

	"huizong/pkg/reporting"
)

// Origin is the submission that a target, a baseline or a text comes from.
type Origin struct {
	Submission string
	Form       string
	Sender     string
}

// Target is a standing target of a year.
type Target struct {
	Origin
	reporting.Target
}

// Baseline is a standing figure of last year.
type Baseline struct {
	Origin
	reporting.Baseline
}

// Narrative is a standing text.
type Narrative struct {
	Origin
	reporting.Narrative
}

// selectStanding begins a query of a table's standing rows, which its columns then complete.
func selectStanding(table, columns string) string {
	return `
SELECT submission, form, sender, sheet, cell, written, ` + columns + `
FROM ` + table + `
WHERE (submission, attempt) IN (SELECT submission, attempt FROM standing_at(as_of = {as_of:DateTime64(3, 'UTC')}))
ORDER BY form, sender, submission, position`
}

// A target's revision counts the different sheets that had been accepted for its year when it came to stand: the same file sent
// again revises nothing.
const selectTargets = `
SELECT t.submission, t.form, t.sender, t.sheet, t.cell, t.written, t.indicator, t.year, t.level, t.value, r.revision
FROM target AS t
INNER JOIN
(
    SELECT form, sender, toYear(period_to) AS year, uniqExact(sha256) AS revision
    FROM submission
    WHERE outcome = 'accepted' AND received_at <= {as_of:DateTime64(3, 'UTC')}
    GROUP BY form, sender, year
) AS r ON t.form = r.form AND t.sender = r.sender AND t.year = r.year
WHERE (t.submission, t.attempt) IN (SELECT submission, attempt FROM standing_at(as_of = {as_of:DateTime64(3, 'UTC')}))
ORDER BY t.form, t.sender, t.submission, t.position`

// Targets lists the standing targets, by sender and place in the sheet. The zero Time is now.
func (s *Store) Targets(ctx context.Context, asOf time.Time) ([]Target, error) {
	return selectAll(ctx, s, "read targets", selectTargets,
		params{"as_of": moment(asOf)}, func(r row) (t Target, err error) {
			var year uint16
			var revision uint64
			var value decimal.Decimal
			err = r.Scan(&t.Submission, &t.Form, &t.Sender, &t.Sheet, &t.Cell, &t.Written, &t.Indicator, &year, &t.Level, &value, &revision)
			t.Year, t.Value, t.Revision = int(year), fromDecimal(value), int(revision)
			return t, err
		})
}

// Baselines lists the standing figures of last year, by sender and place in the sheet. The zero Time is now.
func (s *Store) Baselines(ctx context.Context, asOf time.Time) ([]Baseline, error) {
	return selectAll(ctx, s, "read baselines", selectStanding("baseline", "indicator, period_from, period_to, value"),
		params{"as_of": moment(asOf)}, func(r row) (b Baseline, err error) {
			var from, to time.Time
			var value decimal.Decimal
			err = r.Scan(&b.Submission, &b.Form, &b.Sender, &b.Sheet, &b.Cell, &b.Written, &b.Indicator, &from, &to, &value)
			b.Period, b.Value = periodOf(from, to), fromDecimal(value)
			return b, err
		})
}

// Narratives lists the standing texts, by sender and place in the sheet. The zero Time is now.
func (s *Store) Narratives(ctx context.Context, asOf time.Time) ([]Narrative, error) {
	return selectAll(ctx, s, "read narratives", selectStanding("narrative", "section, title, body"),
		params{"as_of": moment(asOf)}, func(r row) (n Narrative, err error) {
			err = r.Scan(&n.Submission, &n.Form, &n.Sender, &n.Sheet, &n.Cell, &n.Written, &n.Section, &n.Title, &n.Body)
			return n, err
		})
}
