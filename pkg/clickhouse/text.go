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

// Targets lists the standing targets, by sender and place in the sheet. The zero Time is now. Their revision is that of their standing.
func (s *Store) Targets(ctx context.Context, asOf time.Time) ([]Target, error) {
	return selectAll(ctx, s, "read targets", selectStanding("target", "indicator, year, level, value"),
		params{"as_of": moment(asOf)}, func(r row) (t Target, err error) {
			var year uint16
			var value decimal.Decimal
			err = r.Scan(&t.Submission, &t.Form, &t.Sender, &t.Sheet, &t.Cell, &t.Written, &t.Indicator, &year, &t.Level, &value)
			t.Year, t.Value = int(year), fromDecimal(value)
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
