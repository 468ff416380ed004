package sample

import (
	"math/rand/v2"
	"slices"
	"strconv"

	"huizong/pkg/reporting"
	"huizong/pkg/sample/internal/clerk"
)

// matter is one case of a year-to-date ledger: it is filed, and closed some weeks later.
type matter struct {
	number int // within the year of its filing
	opened reporting.Date
	closed reporting.Date // may lie after the kit's time
	town   unit
}

// caseload says how many matters an office has.
type caseload struct {
	id      string
	carried int // filed last year and still open at New Year
	monthly int // filed in a month, about
	weeks   int // that the slow ones take
}

// docketCodes are the indicators that a ledger of cases loads.
type docketCodes struct{ accepted, closed, onDocket string }

func (d docketCodes) indicators() []indicator {
	return []indicator{{d.accepted, reporting.RollupSum}, {d.closed, reporting.RollupSum}, {d.onDocket, reporting.RollupDocket}}
}

// matters are all that the ledger will ever hold: those carried in, and those of the twelve months, by day of filing.
func (l caseload) matters(c *city) []matter {
	rng := c.chance(l.id, "matters")
	var all []matter
	autumn := reporting.Period{First: c.month(1) - 4, Last: c.month(1) - 1}
	for range l.carried {
		m := l.matter(rng, autumn)
		m.closed = max(m.closed, c.month(1).Start().AddDays(1+rng.IntN(45)))
		all = append(all, m)
	}
	for n := 1; n <= 12; n++ {
		for range l.monthly*7/10 + rng.IntN(l.monthly*6/10+1) {
			all = append(all, l.matter(rng, reporting.MonthPeriod(c.month(n))))
		}
	}
	slices.SortStableFunc(all, func(a, b matter) int { return int(a.opened - b.opened) })
	return numbered(c, all)
}

func (l caseload) matter(rng *rand.Rand, p reporting.Period) matter {
	opened := weekday(rng, p.Start(), p.End())
	return matter{
		opened: opened,
		closed: weekday(rng, opened.AddDays(10), opened.AddDays(10+l.weeks*7)),
		town:   township(rng),
	}
}

// numbered gives each matter its number of the year.
func numbered(c *city, all []matter) []matter {
	next := map[int]int{c.year - 1: 120, c.year: 1}
	for i := range all {
		year := all[i].opened.Month().Year()
		all[i].number = next[year]
		next[year]++
	}
	return all
}

// weekday is a working day from first to last.
func weekday(rng *rand.Rand, first, last reporting.Date) reporting.Date {
	for {
		d := first.AddDays(rng.IntN(int(last-first) + 1))
		if day := d.Time().Weekday(); day != 0 && day != 6 {
			return d
		}
	}
}

// known are the matters that a ledger of the period holds.
func known(all []matter, p reporting.Period) []matter {
	n, _ := slices.BinarySearchFunc(all, p.End()+1, func(m matter, d reporting.Date) int { return int(m.opened - d) })
	return all[:n]
}

// closedBy is the day of closing, or none while the matter is open at the period's end.
func (m matter) closedBy(p reporting.Period) reporting.Date {
	if m.closed > p.End() {
		return 0
	}
	return m.closed
}

// chance is the matter's own source of chance.
func (m matter) chance(c *city, id string) *rand.Rand {
	return c.chance(id, strconv.Itoa(m.opened.Month().Year()), strconv.Itoa(m.number))
}

// facts are what a matter counts for in the ledger of the period.
func (m matter) facts(codes docketCodes, c *city, p reporting.Period) []reporting.Observation {
	one, closed := reporting.Int(1), m.closedBy(p)
	docket := observe(codes.onDocket, m.town, p.Last, one)
	docket.Opened, docket.Closed = m.opened, closed
	facts := []reporting.Observation{docket}
	if m.opened >= c.month(1).Start() {
		facts = append(facts, observe(codes.accepted, m.town, m.opened.Month(), one))
	}
	if closed != 0 {
		facts = append(facts, observe(codes.closed, m.town, closed.Month(), one))
	}
	return facts
}

// closing types the day of closing; of an open matter the cell is empty or struck out.
func (m matter) closing(p reporting.Period, rng *rand.Rand) clerk.Value {
	if m.closedBy(p) == 0 && rng.IntN(3) == 0 {
		return clerk.Nothing()
	}
	return clerk.On(m.closedBy(p))
}
