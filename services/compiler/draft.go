package compiler

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"go.uber.org/zap"

	"huizong/pkg/nats"
	"huizong/pkg/reporting"
)

// Deadline is a day of the month after the half-year, 1 to 28, and a time of that day.
type Deadline struct {
	Day          int
	Hour, Minute int
}

// ParseDeadline reads "1 09:00"; "" is none.
func ParseDeadline(text string) (d Deadline, err error) {
	if text == "" {
		return d, nil
	}
	n, err := fmt.Sscanf(text, "%d %d:%d", &d.Day, &d.Hour, &d.Minute)
	if err != nil || n != 3 || d.Day < 1 || d.Day > 28 || d.Hour < 0 || d.Hour > 23 || d.Minute < 0 || d.Minute > 59 {
		return Deadline{}, reporting.Errorf(reporting.Invalid, "deadline %q: want the day of the month after the half-year (1 to 28) and a time: \"1 09:00\"", text)
	}
	return d, nil
}

// Of is the deadline of a half-year, in the zone.
func (d Deadline) Of(p reporting.Period, zone *time.Location) time.Time {
	next := p.Last + 1
	return time.Date(next.Year(), time.Month(next.Number()), d.Day, d.Hour, d.Minute, 0, 0, zone)
}

// lateness is how long after its deadline an incomplete half-year still gets a draft: sheets of years ago that are sent now do not
// make one at every step.
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
	due := map[reporting.Period]bool{halfBefore(c.Reports.Now()): true} // its sheets may have come before we were started
	for {
		select {
		case <-ctx.Done():
			return nil
		case p := <-c.touched:
			due[p] = true
			settled.Stop()
			settled = c.Timer(c.Settle)
		case <-deadline.C:
			due[halfBefore(c.Reports.Now())] = true
			settled.Stop()
			settled, deadline = c.Timer(0), c.untilDeadline()
		case <-settled.C:
			for _, p := range slices.SortedFunc(maps.Keys(due), func(a, b reporting.Period) int { return int(a.First - b.First) }) {
				if err := c.draft(ctx, p); err != nil && ctx.Err() == nil {
					c.Log.Error("no draft", zap.Stringer("period", p), zap.Error(err)) // the next sheet, or start, tries again
				}
				c.looked(p)
			}
			clear(due)
		}
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

// decided takes note of an accepted sheet. Nothing is lost if we crash before its draft is made: the next sheet of the half-year, and
// the next start, look at all that is there.
func (c *Compiler) decided(ctx context.Context, m nats.Message) {
	var d reporting.Decided
	if json.Unmarshal(m.Data, &d) == nil && d.Outcome == reporting.Accepted && !d.Period.IsZero() {
		select {
		case c.touched <- reporting.EachHalf.Of(d.Period.Last):
		case <-ctx.Done():
			return
		}
	}
	if err := m.Ack(context.WithoutCancel(ctx)); err != nil {
		c.Log.Warn("outcome not acknowledged; it will come again", zap.Error(err))
	}
}

// untilDeadline fires at the next deadline of a half-year; never where there is none.
func (c *Compiler) untilDeadline() Timer {
	now, d := c.Reports.Now(), c.Deadline
	if d.Day == 0 {
		return Timer{Stop: func() {}}
	}
	p := halfBefore(now)
	at := d.Of(p, now.Location())
	if !at.After(now) {
		at = d.Of(reporting.EachHalf.Of(p.Last+6), now.Location())
	}
	return c.Timer(at.Sub(now))
}

// halfBefore is the last half-year that has ended.
func halfBefore(now time.Time) reporting.Period {
	return reporting.EachHalf.Of(reporting.EachHalf.Of(reporting.NewMonth(now.Year(), int(now.Month()))).First - 1)
}

// draft compiles the draft of a half-year if it is due and there is anything new.
func (c *Compiler) draft(ctx context.Context, p reporting.Period) error {
	now := c.Reports.Now()
	cutoff := now.Truncate(time.Millisecond)
	standings, err := c.Reports.Answers.Facts.Standings(ctx, cutoff)
	if err != nil {
		return err
	}
	d := reporting.Draft{Report: c.Report, Period: p, Cutoff: cutoff, Missing: c.missing(standings, p)}
	if d.Because = c.because(d, now, standings); d.Because == "" {
		return nil
	}
	made, err := c.Reports.Draft(ctx, d, standings)
	if made {
		c.Log.Info("draft compiled", zap.String("report", d.Report), zap.Stringer("period", p), zap.String("because", d.Because), zap.Int("missing_sheets", len(d.Missing)))
	}
	return err
}

// because says why a draft is due, "" where it is not.
func (c *Compiler) because(d reporting.Draft, now time.Time, standings []reporting.Standing) string {
	any := false
	for _, s := range standings {
		any = any || d.Period.Contains(s.Period)
	}
	late := time.Duration(-1)
	if c.Deadline.Day > 0 {
		late = now.Sub(c.Deadline.Of(d.Period, now.Location()))
	}
	switch {
	case !any:
		return ""
	case len(d.Missing) == 0:
		return "complete"
	case late >= 0 && late < lateness:
		return "deadline"
	}
	return ""
}

// missing lists the sheets that are owed for a half-year and do not stand: those of its months, and what is sent once a year for a report
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

// owed lists the periods for which a form is owed before a half-year is complete: each month, or what is collected once in the year so
// far (the year's targets) or in the half (the figures of the same half of last year).
func owed(f *reporting.Form, half reporting.Period) []reporting.Period {
	var periods []reporting.Period
	switch f.Duty {
	case reporting.MonthlyDuty:
		for _, m := range half.Months() {
			periods = append(periods, reporting.MonthPeriod(m))
		}
	case reporting.YearlyDuty:
		collected := half
		if f.Periods == reporting.EachYear {
			collected = half.YearToDate()
		}
		for _, m := range collected.Months() {
			if p, ok := f.CollectedWith(m); ok {
				periods = append(periods, p)
			}
		}
	}
	return periods
}
