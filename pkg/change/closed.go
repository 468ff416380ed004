// Package change compares a sheet with the accepted sheets that it would replace or stand beside. It finds the figures of closed months that
// the sheet would move, which is refused, and the rows that it leaves out, which is a warning.
//
// It has no rule for any form: it adds up what figures of closed months are made of, before and after the sheet. So one rule holds for forms
// that cover more than their own month: the year so far, the difference of two sheets, the target of a year.
package change

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"huizong/pkg/reporting"
)

// frozen are the closed months, beside what stood and what would stand.
type frozen struct{ reporting.Closed }

// Concerns reports whether a submission of the form for the period can have a part in a figure of a closed month at all.
func Concerns(c reporting.Closed, form *reporting.Form, p reporting.Period) bool {
	p = Reach(form, p)
	return len(c) > 0 && (c.Touches(p) || c.Touches(nextYear(p)))
}

// Reach is the time that a submission of the form for p may cover: of the year to date, the months after it too, for these are
// differences to it.
func Reach(form *reporting.Form, p reporting.Period) reporting.Period {
	if form.Coverage == reporting.CoversYear || cumulative(form) || form.Shape == reporting.TargetForm {
		return reporting.Period{First: reporting.NewMonth(p.First.Year(), 1), Last: reporting.NewMonth(p.Last.Year(), 12)}
	}
	return p
}

func cumulative(form *reporting.Form) bool {
	return slices.ContainsFunc(form.Columns, func(c reporting.Column) bool { return c.Cumulative })
}

func nextYear(p reporting.Period) reporting.Period {
	return reporting.Period{First: p.First + 12, Last: p.Last + 12}
}

// moved are the closed months whose figures hold a value of the period: those months themselves, and the same of the year after, which
// show it as last year's. A value of several months is in a figure only where all of them are.
func (c frozen) moved(p reporting.Period) []reporting.Month {
	var months []reporting.Month
	for _, p := range []reporting.Period{p, nextYear(p)} {
		if c.Holds(p) {
			months = append(months, p.Months()...)
		}
	}
	return months
}

// place is what values are added up for: an indicator of a unit in a time. Figures of closed months are the same where their places hold
// the same.
type place struct {
	what            what
	indicator, unit string
	times           string // of which closed months
	key             string // of a person or enterprise that counts once; the level of a target
}

type what int

const (
	figure what = iota
	docket
	target
	lastYear
	sent // that a sheet covers the month
)

// held is what stands at a place.
type held struct {
	sum    reporting.Decimal
	months []reporting.Month // closed, that show it
	facts  []reporting.Fact
}

// places puts what the sheets of one sender and form say to the places of closed months.
func (c frozen) places(catalogue *reporting.Catalogue, form *reporting.Form, sheets []reporting.Stood) map[place]*held {
	p := map[place]*held{}
	var facts []reporting.Fact
	for _, s := range sheets {
		for _, o := range s.Observations {
			facts = append(facts, reporting.Fact{Submission: s.Submission, Form: s.Form, Sender: s.Org, Observation: o})
		}
		for _, t := range s.Targets {
			c.put(p, place{what: target, indicator: t.Indicator, key: t.Level}, reporting.Fact{Submission: s.Submission, Form: s.Form, Sender: s.Org,
				Observation: reporting.Observation{Indicator: t.Indicator, Value: t.Value, Lineage: t.Lineage}}, c.Of(reporting.YearPeriod(t.Year)))
		}
		for _, b := range s.Baselines {
			o := reporting.Observation{Indicator: b.Indicator, Period: b.Period, Value: b.Value, Lineage: b.Lineage}
			if now := nextYear(b.Period); c.Holds(now) {
				c.put(p, place{what: lastYear, indicator: b.Indicator}, reporting.Fact{Submission: s.Submission, Form: s.Form, Sender: s.Org, Observation: o}, now.Months())
			}
		}
	}
	for _, f := range catalogue.Differences(facts) {
		c.putFact(p, catalogue, f)
	}
	c.putSent(p, form, sheets)
	return p
}

func (c frozen) put(places map[place]*held, at place, f reporting.Fact, months []reporting.Month) {
	if len(months) == 0 {
		return
	}
	at.times = fmt.Sprint(at.times, months)
	h := places[at]
	if h == nil {
		h = &held{months: months}
		places[at] = h
	}
	if at.what == figure && at.key != "" { // it counts once
		h.sum = reporting.Int(1)
	} else {
		h.sum = h.sum.Add(f.Value)
	}
	h.facts = append(h.facts, f)
}

// putFact puts a value to its time. A case on the docket is in every figure of the months in which it was open, as far as its ledger
// covers: it is the same where these closed months are, and the month of its end, if that is closed.
func (c frozen) putFact(places map[place]*held, catalogue *reporting.Catalogue, f reporting.Fact) {
	at := place{what: figure, indicator: f.Indicator, unit: f.Unit}
	if f.Opened == 0 {
		if i := catalogue.Indicator(f.Indicator); i != nil && i.Rollup == reporting.RollupDistinct {
			at.key = f.Key
		}
		at.times = f.Period.String()
		c.put(places, at, f, c.moved(f.Period))
		return
	}
	open := f.Period.YearToDate()
	open.First = max(open.First, f.Opened.Month())
	var closed reporting.Month
	if f.Closed != 0 {
		closed = f.Closed.Month()
		open.Last = min(open.Last, closed)
	}
	var months []reporting.Month
	for m := open.First; m <= open.Last; m++ {
		months = append(months, c.moved(reporting.MonthPeriod(m))...)
	}
	if at.what = docket; closed != 0 && len(c.moved(reporting.MonthPeriod(closed))) > 0 {
		at.times = closed.String()
	}
	c.put(places, at, f, months)
}

// putSent notes which closed months the sheets cover: a month that none covers is missing in its figure, and no zero.
func (c frozen) putSent(places map[place]*held, form *reporting.Form, sheets []reporting.Stood) {
	if len(form.Indicators()) == 0 {
		return
	}
	for _, s := range sheets {
		for _, m := range form.Covers(s.Period).Months() {
			p := reporting.MonthPeriod(m)
			c.put(places, place{what: sent, times: p.String()}, reporting.Fact{Submission: s.Submission, Observation: reporting.Observation{Period: p}}, c.moved(p))
		}
	}
	if !cumulative(form) {
		return
	}
	sheets = slices.SortedFunc(slices.Values(sheets), func(a, b reporting.Stood) int { return cmp.Compare(a.Period.Last, b.Period.Last) })
	for i, s := range sheets {
		since := s.Period.YearToDate()
		if i > 0 && sheets[i-1].Period.Last.Year() == s.Period.Last.Year() {
			since.First = sheets[i-1].Period.Last + 1
		}
		c.put(places, place{what: sent, times: "since " + since.String()}, reporting.Fact{Submission: s.Submission, Observation: reporting.Observation{Period: since}}, c.moved(since))
	}
}

// move is a place of closed months at which another thing would stand. Of what was said there, and would be, the same is left out.
type move struct {
	place
	months        []reporting.Month
	before, after []reporting.Fact
	was, would    *held // nil: nothing
}

// moves compares. row tells which row of a ledger a value is of, "" where it is of none.
func moves(before, after map[place]*held, ledger bool, row func(reporting.Fact) string) []move {
	var found []move
	for at, was := range before {
		would := after[at]
		if would != nil && (at.what == sent || was.sum.Equal(would.sum)) || would == nil && ledger && was.sum.Sign() == 0 && at.what == figure {
			continue
		}
		m := move{place: at, months: was.months, was: was, would: would}
		if would != nil {
			m.before, m.after = without(was.facts, would.facts, row), without(would.facts, was.facts, row)
		} else {
			m.before = was.facts
		}
		found = append(found, m)
	}
	for at, would := range after {
		if before[at] == nil && !(ledger && would.sum.Sign() == 0 && at.what == figure) {
			found = append(found, move{place: at, months: would.months, would: would, after: would.facts})
		}
	}
	slices.SortFunc(found, func(a, b move) int { return strings.Compare(fmt.Sprint(a.place), fmt.Sprint(b.place)) })
	return found
}

// without are those of the facts that the others do not say too.
func without(facts, others []reporting.Fact, row func(reporting.Fact) string) []reporting.Fact {
	identity := func(f reporting.Fact) string { return row(f) + "\x00" + f.Value.String() }
	count := map[string]int{}
	for _, o := range others {
		count[identity(o)]++
	}
	var left []reporting.Fact
	for _, f := range facts {
		if id := identity(f); count[id] > 0 {
			count[id]--
		} else {
			left = append(left, f)
		}
	}
	return left
}
