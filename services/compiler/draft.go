package compiler

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"go.uber.org/zap"

	"huizong/pkg/nats"
	"huizong/pkg/reporting"
)

// lateness is how long after its day an incomplete report still gets a draft: sheets of years ago that are sent now do not make one at every step.
const lateness = 92 * 24 * time.Hour

// Run makes drafts when they are due, until ctx ends.
func (c *Compiler) Run(ctx context.Context) error {
	decided, err := c.Bus.Consume(ctx, nats.ConsumerConfig{Stream: nats.Submissions, Durable: "compiler", Filter: nats.AllDecided, Workers: 1}, c.decided)
	if err != nil {
		return fmt.Errorf("compiler: %w", err)
	}
	defer decided.Wait()
	settled, deadline := c.Timer(c.Settle), c.untilDeadline()
	defer func() { settled.Stop(); deadline.Stop() }()
	due := map[task]bool{}
	c.endedPeriods(due) // their sheets may have come before we were started
	for {
		select {
		case <-ctx.Done():
			return nil
		case last := <-c.touched:
			for _, p := range c.plans {
				due[task{p, p.kind.Of(last)}] = true
			}
			settled.Stop()
			settled = c.Timer(c.Settle)
		case <-deadline.C:
			c.endedPeriods(due)
			settled.Stop()
			settled, deadline = c.Timer(0), c.untilDeadline()
		case <-settled.C:
			c.lookAt(ctx, due)
			clear(due)
		}
	}
}

// endedPeriods adds the last period of each report that has ended.
func (c *Compiler) endedPeriods(due map[task]bool) {
	for _, p := range c.plans {
		due[task{p, p.before(c.Reports.Now())}] = true
	}
}

// lookAt makes the drafts that are due, the earliest period first.
func (c *Compiler) lookAt(ctx context.Context, due map[task]bool) {
	for _, t := range slices.SortedFunc(maps.Keys(due), func(a, b task) int {
		return cmp.Or(int(a.period.First-b.period.First), strings.Compare(a.report, b.report))
	}) {
		if err := c.draft(ctx, t); err != nil && ctx.Err() == nil {
			c.Log.Error("no draft", zap.String("report", t.report), zap.Stringer("period", t.period), zap.Error(err)) // the next sheet, or start, tries again
		}
		c.looked(t)
	}
}

// Timer fires once; a test sets when. The zero Timer never does.
type Timer struct {
	C    <-chan time.Time
	Stop func()
}

func realTimer(d time.Duration) Timer {
	t := time.NewTimer(d)
	return Timer{C: t.C, Stop: func() { t.Stop() }}
}

// decided takes note of an accepted sheet. Nothing is lost if we crash before its drafts are made: the next sheet of their periods, and
// the next start, look at all that is there.
func (c *Compiler) decided(ctx context.Context, m nats.Message) {
	var d reporting.Decided
	if json.Unmarshal(m.Data, &d) == nil && d.Outcome == reporting.Accepted && !d.Period.IsZero() {
		select {
		case c.touched <- d.Period.Last:
		case <-ctx.Done():
			return
		}
	}
	if err := m.Ack(context.WithoutCancel(ctx)); err != nil {
		c.Log.Warn("outcome not acknowledged; it will come again", zap.Error(err))
	}
}

// untilDeadline fires on the next day on which a report is due; never where none is drafted by itself.
func (c *Compiler) untilDeadline() Timer {
	now := c.Reports.Now()
	var next time.Time
	for _, p := range c.plans {
		if at := p.next(now); next.IsZero() || at.Before(next) {
			next = at
		}
	}
	if next.IsZero() {
		return Timer{Stop: func() {}}
	}
	return c.Timer(next.Sub(now))
}

// draft compiles a draft if it is due and there is anything new.
func (c *Compiler) draft(ctx context.Context, t task) error {
	now := c.Reports.Now()
	cutoff := now.Truncate(time.Millisecond)
	standings, err := c.Reports.Answers.Facts.Standings(ctx, cutoff)
	if err != nil {
		return err
	}
	d := reporting.Draft{Report: t.report, Period: t.period, Cutoff: cutoff, Missing: c.missing(standings, t.period)}
	if d.Because = t.because(d, now, standings); d.Because == "" {
		return nil
	}
	made, err := c.Reports.Draft(ctx, d, standings)
	if made {
		c.Log.Info("draft compiled", zap.String("report", d.Report), zap.Stringer("period", d.Period), zap.String("because", d.Because), zap.Int("missing_sheets", len(d.Missing)))
	}
	return err
}

// because says why a draft is due, "" where it is not. The short reports of long ago are not drafted at all: three years that are loaded at once would
// make forty-eight.
func (t task) because(d reporting.Draft, now time.Time, standings []reporting.Standing) string {
	late := now.Sub(t.due.At(t.period, now.Location()))
	switch any := slices.ContainsFunc(standings, func(s reporting.Standing) bool { return t.period.Contains(s.Period) }); {
	case !any, late >= lateness && t.kind.Len() < reporting.EachHalf.Len():
		return ""
	case len(d.Missing) == 0:
		return "complete"
	case late >= 0 && late < lateness:
		return "deadline"
	}
	return ""
}

// missing lists the sheets that are owed for a period and do not stand: those of its months, and what is sent once a year for a report
// of it, as the targets and last year's figures are.
func (c *Compiler) missing(standings []reporting.Standing, p reporting.Period) []reporting.MissingSheet {
	type sheet struct {
		form, org string
		period    reporting.Period
	}
	there := map[sheet]bool{}
	for _, s := range standings {
		there[sheet{s.Form, s.Org, s.Period}] = true
		if f := c.Reports.Answers.Catalogue.Form(s.Form); f != nil {
			for _, m := range f.Covers(s.Period).Months() {
				there[sheet{s.Form, s.Org, reporting.MonthPeriod(m)}] = true
			}
		}
	}
	missing := []reporting.MissingSheet{}
	for _, f := range c.Reports.Answers.Catalogue.Forms {
		for _, period := range owed(f, p) {
			for _, org := range c.Reports.Answers.Catalogue.Expected(f, period) {
				if !there[sheet{f.ID, org, period}] {
					missing = append(missing, reporting.MissingSheet{Form: f.ID, Title: f.Title.ZH, Org: org, Name: c.Reports.Answers.UnitName(org), Period: period})
				}
			}
		}
	}
	return missing
}

// owed lists the periods for which a form is owed before a period is complete: each month, or what is collected once in the year so
// far (the year's targets) or in the half (the figures of the same half of last year).
func owed(f *reporting.Form, of reporting.Period) []reporting.Period {
	var periods []reporting.Period
	switch f.Duty {
	case reporting.MonthlyDuty:
		for _, m := range of.Months() {
			periods = append(periods, reporting.MonthPeriod(m))
		}
	case reporting.YearlyDuty:
		collected := of
		if f.Periods == reporting.EachYear {
			collected = of.YearToDate()
		}
		for _, m := range collected.Months() {
			if p, ok := f.CollectedWith(m); ok {
				periods = append(periods, p)
			}
		}
	}
	return periods
}
