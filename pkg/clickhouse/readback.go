package clickhouse

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"huizong/pkg/reporting"
)

// tally is what a table holds of a run: rows, and the sum of their values where the table has values.
type tally struct {
	rows uint64
	sum  reporting.Decimal
}

// part is the rows of one run in one table.
type part struct {
	table string
	run
}

// summed are the tables whose values are added up; of the others the rows are counted.
var summed = map[string]bool{"fact_raw": true, "target": true, "baseline": true}

// ReadBack compares what the tables hold of the entries' attempts with what was to be inserted. A difference is an Internal
// error that names it; it leaves nothing to repair, because the next run has an attempt of its own.
func (s *Store) ReadBack(ctx context.Context, entries []Entry) error {
	want := expected(entries)
	if len(want) == 0 {
		return nil
	}
	got, err := s.tallies(ctx, entries, want)
	if err != nil {
		return err
	}
	for p, w := range want {
		g := got[p]
		if g.rows != w.rows || !g.sum.Equal(w.sum) {
			return reporting.Errorf(reporting.Internal, "read back submission %s, attempt %d: %s holds %d rows with sum %s, want %d with %s",
				p.submission, p.attempt, p.table, g.rows, g.sum, w.rows, w.sum)
		}
	}
	return nil
}

// expected counts what each run puts into each table. The three fact tables are read as one, because only the catalogue
// knows which one an indicator goes to.
func expected(entries []Entry) map[part]tally {
	want := make(map[part]tally)
	for _, e := range entries {
		add := func(table string, value reporting.Decimal) {
			p := part{table, e.run()}
			want[p] = tally{want[p].rows + 1, want[p].sum.Add(value)}
		}
		for _, o := range e.Reading.Observations {
			add("fact_raw", o.Value)
		}
		for _, t := range e.Reading.Targets {
			add("target", t.Value)
		}
		for _, b := range e.Reading.Baselines {
			add("baseline", b.Value)
		}
		for range e.Reading.Narratives {
			add("narrative", reporting.Decimal{})
		}
		for _, r := range e.Reading.Rows {
			add(r.Table, reporting.Decimal{})
		}
		for range e.Decision.Findings {
			add("finding", reporting.Decimal{})
		}
	}
	return want
}

// tallies asks all tables that should hold something in one query.
func (s *Store) tallies(ctx context.Context, entries []Entry, want map[part]tally) (map[part]tally, error) {
	tables := make(map[string]bool)
	for p := range want {
		tables[p.table] = true
	}
	var branches []string
	for _, table := range slices.Sorted(maps.Keys(tables)) {
		branches = append(branches, tallyQuery(table))
	}
	type counted struct {
		part
		tally
	}
	rows, err := selectAll(ctx, s, "read back", strings.Join(branches, "\nUNION ALL\n"), runParams(entries),
		func(r row) (c counted, err error) {
			var sum decimal.Decimal
			err = r.Scan(&c.table, &c.submission, &c.attempt, &c.rows, &sum)
			c.sum = fromDecimal(sum)
			return c, err
		})
	if err != nil {
		return nil, err
	}
	got := make(map[part]tally, len(rows))
	for _, c := range rows {
		got[c.part] = c.tally
	}
	return got, nil
}

func tallyQuery(table string) string {
	sum, form := "0", "form IN {forms:Array(String)} AND " // tables are ordered by form first
	if table == "finding" {
		form = ""
	}
	if summed[table] {
		sum = "sum(value)"
	}
	return fmt.Sprintf(`SELECT '%[1]s' AS table, submission, attempt, count() AS rows, toDecimal128(%[2]s, 10) AS total
FROM %[1]s WHERE %[3]ssubmission IN {submissions:Array(String)} AND attempt IN {attempts:Array(UInt64)} GROUP BY submission, attempt`, table, sum, form)
}

func runParams(entries []Entry) params {
	forms, submissions, attempts := make([]string, len(entries)), make([]string, len(entries)), make([]uint64, len(entries))
	for i, e := range entries {
		forms[i], submissions[i], attempts[i] = e.Decision.Form, e.Decision.Submission, e.Attempt
	}
	return params{"forms": forms, "submissions": submissions, "attempts": attempts}
}
