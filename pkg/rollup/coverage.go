package rollup

import (
	"slices"

	"huizong/pkg/reporting"
)

// coverage knows which months the standing submissions cover.
type coverage struct {
	catalogue *reporting.Catalogue
	months    map[sender]map[reporting.Month]bool
	restated  map[sender]map[reporting.Month]bool
	duties    map[dutyKey]*duty
}

type sender struct{ form, org string }

type dutyKey struct {
	form       *reporting.Form
	org        string
	cumulative bool
}

// newCoverage reads the standing submissions. A year-to-date ledger covers every month from January to its own, which is what
// makes a month reported "when a ledger of that or a later month stands".
func newCoverage(c *reporting.Catalogue, standings []reporting.Standing) *coverage {
	v := &coverage{catalogue: c, months: make(map[sender]map[reporting.Month]bool), restated: make(map[sender]map[reporting.Month]bool),
		duties: make(map[dutyKey]*duty)}
	for _, s := range standings {
		f := c.Form(s.Form)
		if f == nil {
			continue
		}
		key := sender{s.Form, s.Org}
		if v.months[key] == nil {
			v.months[key], v.restated[key] = make(map[reporting.Month]bool), make(map[reporting.Month]bool)
		}
		for _, m := range f.Covers(s.Period).Months() {
			v.months[key][m] = true
			v.restated[key][m] = v.restated[key][m] || slices.Contains(s.Restated, m)
		}
	}
	return v
}

// duty is a form as one unit, or all its senders, send it. It remembers its answers: many indicators ask for the same.
type duty struct {
	coverage *coverage
	dutyKey  // org "" is all senders
	known    map[reporting.Period]completeness
}

// duty returns the form as org sends it; cumulative: of its values that are the year to date.
func (v *coverage) duty(f *reporting.Form, org string, cumulative bool) *duty {
	key := dutyKey{f, org, cumulative}
	d := v.duties[key]
	if d == nil {
		d = &duty{coverage: v, dutyKey: key, known: make(map[reporting.Period]completeness)}
		v.duties[key] = d
	}
	return d
}

// in says who has sent the form for the period.
func (d *duty) in(p reporting.Period) completeness {
	c, known := d.known[p]
	switch {
	case known:
		return c
	case d.form.Duty == reporting.NoDuty:
		c = d.voluntary(p)
	default:
		c = d.owed(p)
	}
	c.restated = d.restated(p)
	d.known[p] = c
	return c
}

// covered lists the months of the period that the sheets of a unit cover. A sheet of the year to date has what came in since the
// sheet before it: it covers all months between the two, but only of a period that holds them all.
func (d *duty) covered(org string, p reporting.Period) map[reporting.Month]bool {
	months := d.coverage.months[sender{d.form.ID, org}]
	if !d.cumulative {
		return months
	}
	covered := make(map[reporting.Month]bool)
	unit := d.coverage.catalogue.Unit(org)
	var first reporting.Month // that the next sheet covers
	for m := reporting.NewMonth(p.First.Year(), 1); m <= p.Last; m++ {
		if m.Number() == 1 {
			first = m
		}
		if !months[m] {
			continue
		}
		first = max(first, unit.YearToDate(m).First)
		if span := (reporting.Period{First: first, Last: m}); p.Contains(span) {
			for _, of := range span.Months() {
				covered[of] = true
			}
		}
		first = m + 1
	}
	return covered
}

// restated reports whether a unit's accepted sheets differ in a month of the period, or in what is subtracted from it.
func (d *duty) restated(p reporting.Period) bool {
	for key, months := range d.coverage.restated {
		if key.form != d.form.ID || d.org != "" && d.org != d.coverage.catalogue.Bearer(key.org) {
			continue
		}
		from := p.First
		if d.cumulative {
			from = d.takenOff(key, from)
		}
		for m := from; m <= p.Last; m++ {
			if months[m] {
				return true
			}
		}
	}
	return false
}

// takenOff is the month whose year to date is taken off from one that begins in m: of the last sheet before it in the year, or m itself.
func (d *duty) takenOff(key sender, m reporting.Month) reporting.Month {
	for before := m - 1; before.Year() == m.Year(); before-- {
		if d.coverage.months[key][before] {
			return before
		}
	}
	return m
}

// owed judges a form that must be sent: a sender has reported when a sheet stands for every month in which the unit exists.
func (d *duty) owed(p reporting.Period) completeness {
	var c completeness
	for _, org := range d.coverage.catalogue.Expected(d.form, p) {
		if d.org != "" && d.org != d.coverage.catalogue.Bearer(org) {
			continue
		}
		c.expected++
		some, all := d.sent(org, p)
		c.reportedAny = c.reportedAny || some
		if all {
			c.reported++
		} else {
			c.missing = append(c.missing, org)
		}
	}
	c.whole = c.expected > 0 && c.reported == c.expected
	return c
}

// sent says whether the unit sent some sheet for the period, and whether it sent all that it owes.
func (d *duty) sent(org string, p reporting.Period) (some, all bool) {
	months, unit := d.covered(org, p), d.coverage.catalogue.Unit(org)
	all = true
	for m := p.First; m <= p.Last; m++ {
		switch {
		case months[m]:
			some = true
		case unit.Valid(reporting.MonthPeriod(m)):
			all = false
		}
	}
	return some, all
}

// voluntary judges a form without a duty: expected are those who sent one. Of these nobody can be found missing, so the period is
// only taken as whole when each of its months has a sheet from somebody; a single month left over from last year is no figure of
// a half-year.
func (d *duty) voluntary(p reporting.Period) completeness {
	var c completeness
	met := make(map[reporting.Month]bool)
	for _, u := range d.coverage.catalogue.Units {
		if d.org != "" && d.org != d.coverage.catalogue.Bearer(u.Code) {
			continue
		}
		months, sent := d.covered(u.Code, p), false
		for m := p.First; m <= p.Last; m++ {
			if months[m] {
				sent, met[m] = true, true
			}
		}
		if sent {
			c.reported++
		}
	}
	c.expected, c.reportedAny = c.reported, c.reported > 0
	c.whole = len(met) == p.Len()
	return c
}
