package clickhouse

import (
	"context"
	"time"

	"github.com/shopspring/decimal"

	"huizong/pkg/reporting"
)

// StandingsBefore lists what stood for a sender and form when the submission `before` came, of all years, the latest period first.
func (s *Store) StandingsBefore(ctx context.Context, form, org, before string) ([]reporting.Standing, error) {
	found, err := selectAll(ctx, s, "read what stood of "+org+" "+form, selectHistory, params{"form": form, "org": org, "before": before}, scanStanding)
	return plain(found), err
}

// StoodBefore lists what stood for a sender and form in the period when the submission `before` came, the latest period first, with all
// that it says: the rows of a ledger as its table has them, but no texts.
func (s *Store) StoodBefore(ctx context.Context, form *reporting.Form, org, before string, period reporting.Period) ([]reporting.Stood, error) {
	operation := "read what stood of " + org + " " + form.ID
	found, err := selectAll(ctx, s, operation, selectHistory, params{"form": form.ID, "org": org, "before": before}, scanStanding)
	if err != nil {
		return nil, err
	}
	var all []reporting.Stood
	at := map[string]int{}
	p := params{"form": form.ID}
	var submissions []string
	var attempts []uint64
	for _, st := range found {
		if period.Contains(st.Period) {
			at[st.Submission] = len(all)
			all = append(all, reporting.Stood{Standing: st.Standing})
			submissions, attempts = append(submissions, st.Submission), append(attempts, st.attempt)
		}
	}
	if len(all) == 0 {
		return nil, nil
	}
	p["submissions"], p["attempts"] = submissions, attempts
	return all, s.readStood(ctx, operation, form, p, func(submission string) *reporting.Stood { return &all[at[submission]] })
}

// MonthHashes reads the hashes of a decided submission; a submission that was decided before hashes were kept has none.
func (s *Store) MonthHashes(ctx context.Context, submission string) ([]reporting.MonthHash, error) {
	found, err := selectAll(ctx, s, "read the month hashes of "+submission,
		"SELECT spoken, said FROM submission_outcome WHERE submission = {submission:String} ORDER BY entry DESC, decided_at, attempt LIMIT 1", params{"submission": submission},
		func(r row) (all []reporting.MonthHash, err error) {
			var months []time.Time
			var hashes []string
			err = r.Scan(&months, &hashes)
			for i, m := range months {
				all = append(all, reporting.MonthHash{Month: reporting.DateOf(m).Month(), Hash: hashes[i]})
			}
			return all, err
		})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

const ofRuns = `
WHERE form = {form:String} AND submission IN {submissions:Array(String)} AND attempt IN {attempts:Array(UInt64)}
ORDER BY `

// readStood reads the values of the runs, from the tables that sheets of the form's shape fill.
func (s *Store) readStood(ctx context.Context, operation string, form *reporting.Form, p params, of func(submission string) *reporting.Stood) error {
	switch form.Shape {
	case reporting.NarrativeForm:
		return nil
	case reporting.TargetForm:
		targets, err := selectAll(ctx, s, operation, `SELECT submission, sheet, cell, written, indicator, year, level, value FROM target`+ofRuns+`submission, position`, p,
			func(r row) (t sourced[reporting.Target], err error) {
				var year uint16
				var value decimal.Decimal
				err = r.Scan(&t.submission, &t.what.Sheet, &t.what.Cell, &t.what.Written, &t.what.Indicator, &year, &t.what.Level, &value)
				t.what.Year, t.what.Value = int(year), fromDecimal(value)
				return t, err
			})
		for _, t := range targets {
			of(t.submission).Targets = append(of(t.submission).Targets, t.what)
		}
		return err
	case reporting.BaselineForm:
		baselines, err := selectAll(ctx, s, operation, `SELECT submission, sheet, cell, written, indicator, period_from, period_to, value FROM baseline`+ofRuns+`submission, position`, p,
			func(r row) (b sourced[reporting.Baseline], err error) {
				var from, to time.Time
				var value decimal.Decimal
				err = r.Scan(&b.submission, &b.what.Sheet, &b.what.Cell, &b.what.Written, &b.what.Indicator, &from, &to, &value)
				b.what.Period, b.what.Value = periodOf(from, to), fromDecimal(value)
				return b, err
			})
		for _, b := range baselines {
			of(b.submission).Baselines = append(of(b.submission).Baselines, b.what)
		}
		return err
	}
	facts, err := selectAll(ctx, s, operation, selectRuns, p, scanFact)
	if err != nil {
		return err
	}
	for _, f := range facts {
		of(f.Submission).Observations = append(of(f.Submission).Observations, f.Observation)
	}
	return s.readRows(ctx, operation, form, p, of)
}

// readRows reads the rows of a ledger with its table's columns.
func (s *Store) readRows(ctx context.Context, operation string, form *reporting.Form, p params, of func(submission string) *reporting.Stood) error {
	tables, err := s.lookUpTables(ctx)
	if err != nil || tables.ledgers[form.Table] == nil {
		return err
	}
	columns := tables.ledgers[form.Table]
	query := "SELECT submission, sheet, row"
	for _, c := range columns {
		query += ", `" + c.name + "`"
	}
	rows, err := selectAll(ctx, s, operation, query+" FROM "+form.Table+ofRuns+"submission, sheet, row", p, func(r row) (sourced[reporting.LedgerRow], error) {
		return scanLedger(r, form.Table, columns)
	})
	for _, r := range rows {
		of(r.submission).Rows = append(of(r.submission).Rows, r.what)
	}
	return err
}

func scanLedger(r row, table string, columns []ledgerColumn) (line sourced[reporting.LedgerRow], err error) {
	line.what.Table = table
	var number uint32
	into := []any{&line.submission, &line.what.Sheet, &number}
	values := make([]func() any, len(columns))
	for i, c := range columns {
		var place any
		place, values[i] = c.place()
		into = append(into, place)
	}
	if err := r.Scan(into...); err != nil {
		return line, err
	}
	line.what.Row = int32(number)
	for i, c := range columns {
		line.what.Fields = append(line.what.Fields, reporting.Field{Name: c.name, Value: values[i]()})
	}
	return line, nil
}

// sourced is a value with the submission that it is from.
type sourced[T any] struct {
	submission string
	what       T
}

// place is where a value of the column is scanned to, and the value then, as convert has taken it: a month comes back as its first day,
// a count as a Decimal, and NULL as nil.
func (c ledgerColumn) place() (place any, value func() any) {
	switch c.kind {
	case "Bool":
		return scanned(c.nullable, func(v bool) any { return v })
	case "Date32":
		return scanned(c.nullable, func(v time.Time) any { return reporting.DateOf(v) })
	case "UInt32":
		return scanned(c.nullable, func(v uint32) any { return reporting.Int(int64(v)) })
	case "Decimal(38, 4)":
		return scanned(c.nullable, func(v decimal.Decimal) any { return fromDecimal(v) })
	}
	return scanned(c.nullable, func(v string) any { return v })
}

func scanned[T any](nullable bool, value func(T) any) (any, func() any) {
	if !nullable {
		v := new(T)
		return v, func() any { return value(*v) }
	}
	v := new(*T)
	return v, func() any {
		if *v == nil {
			return nil
		}
		return value(**v)
	}
}
