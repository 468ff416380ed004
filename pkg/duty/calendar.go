package duty

import (
	"time"

	"huizong/pkg/reporting"
)

// Calendar knows until when forms are due: each form's own day, and what the bureau has set since.
type Calendar struct {
	set []reporting.Envelope
}

// NewCalendar returns the calendar of the forms with the envelopes of kind DeadlineSet, in the order of the journal.
func NewCalendar(set []reporting.Envelope) Calendar { return Calendar{set} }

// Deadline is a moment until when something is due, and who said so.
type Deadline struct {
	At  time.Time           // in reporting.Zone
	Set *reporting.Envelope // nil where it is the form's own
}

// Of is the deadline of the form for the period: of all that was set for it the last, else the form's own.
func (c Calendar) Of(f *reporting.Form, p reporting.Period) Deadline {
	d := Deadline{At: f.Due.At(p, reporting.Zone)}
	for i := range c.set {
		e := &c.set[i]
		if e.Form != f.ID && !(e.Form == "" && f.Periods == reporting.EachMonth) || !e.Period.IsZero() && e.Period != p {
			continue
		}
		at := e.Deadline.At(f.Due, p, reporting.Zone)
		if e.Period.IsZero() && !(d.At.After(e.ReceivedAt) && at.After(e.ReceivedAt)) {
			continue // what was late stays late, and a deadline set afterwards makes no sheet late
		}
		d = Deadline{At: at, Set: e}
	}
	return d
}

// opens is when a sheet for the period is first missed: with the month of its deadline, or where that was put off with the month in
// which it would have been due. Before that nothing is due, and what comes is welcome.
func opens(f *reporting.Form, p reporting.Period, deadline time.Time) time.Time {
	month := min(f.Due.Month(p), monthOf(deadline))
	return time.Date(month.Year(), time.Month(month.Number()), 1, 0, 0, 0, 0, reporting.Zone)
}

func monthOf(t time.Time) reporting.Month {
	t = t.In(reporting.Zone)
	return reporting.NewMonth(t.Year(), int(t.Month()))
}

// DaysLeft counts the days of the calendar from now to the deadline: 0 on its day, below zero after it.
func DaysLeft(now, deadline time.Time) int {
	return int(reporting.DateOf(deadline.In(reporting.Zone)) - reporting.DateOf(now.In(reporting.Zone)))
}

// Collecting is the month whose sheets are collected now: the last one that has ended by the bureau's calendar.
func Collecting(now time.Time) reporting.Month { return monthOf(now) - 1 }
