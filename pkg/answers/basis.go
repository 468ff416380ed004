package answers

import (
	"context"
	"fmt"
	"slices"
	"time"

	"huizong/pkg/clickhouse"
	"huizong/pkg/compile"
	"huizong/pkg/reporting"
	"huizong/pkg/rollup"
	"huizong/pkg/warn"
)

// Basis is what a report stands on: figures of one roll-up, and what they warn of.
type Basis struct {
	Standings []reporting.Standing
	Figures   []reporting.Figure // of the city and the subject in all periods that a report uses, and of every unit in its own
	Lookup    compile.Lookup     // in Figures
	Warnings  []warn.Warning
}

// Basis is that of a report of the period about a unit, as of a moment.
func (a *Answers) Basis(ctx context.Context, subject string, period reporting.Period, asOf time.Time) (*Basis, error) {
	periods := periodsOf(period, a.Rules)
	var in rollup.Input
	var cases []warn.Case
	err := together(
		func() (err error) { in, err = a.known(ctx, periods, asOf); return err },
		func() (err error) { cases, err = a.cases(ctx, asOf); return err })
	if err != nil {
		return nil, err
	}
	b := &Basis{Standings: in.Standings}
	in.Periods, in.Units = []reporting.Period{period}, rollup.EveryUnit(a.Catalogue)
	b.Figures = rollup.Figures(in)
	in.Periods, in.Units = periods[1:], nil
	if subject != a.Catalogue.City {
		in.Units = []string{subject}
	}
	b.Figures = append(b.Figures, rollup.Figures(in)...)
	if err := a.markRestated(b.Figures, asOf); err != nil {
		return nil, err
	}
	b.Lookup = compile.LookupIn(b.Figures)
	b.Warnings = warn.Find(warn.Input{Rules: a.Rules, Catalogue: a.Catalogue, Figures: b.Lookup, Cases: cases, Period: period})
	return b, nil
}

// periodsOf lists the periods that a report may need, its own first: the year to date, its months, and those that warnings look
// back over.
func periodsOf(p reporting.Period, rules []warn.Rule) []reporting.Period {
	list := []reporting.Period{p}
	add := func(q reporting.Period) {
		if !slices.Contains(list, q) {
			list = append(list, q)
		}
	}
	add(p.YearToDate())
	if p.Len() <= 3 { // of a month or a quarter the one before, which it is compared with
		add(reporting.Period{First: p.First - reporting.Month(p.Len()), Last: p.First - 1})
	}
	for _, m := range slices.Concat(p.Months(), p.YearToDate().Months(), warn.Months(rules, p)) {
		add(reporting.MonthPeriod(m))
	}
	return list
}

// Submissions are the decided ones by their ids.
func (a *Answers) Submissions(ctx context.Context) (map[string]reporting.Decision, error) {
	list, err := a.Facts.Submissions(ctx, clickhouse.SubmissionFilter{})
	if err != nil {
		return nil, fmt.Errorf("submissions: %w", err)
	}
	files := make(map[string]reporting.Decision, len(list))
	for _, s := range list {
		files[s.Submission] = s.Decision
	}
	return files, nil
}
