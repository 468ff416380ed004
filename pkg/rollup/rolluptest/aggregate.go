package rolluptest

import (
	"maps"
	"slices"

	"huizong/pkg/reporting"
	"huizong/pkg/rollup"
)

// Aggregates adds up the facts of each base indicator, for each unit that has some and for the whole city (Unit ""), in each of
// the periods. Amounts are in the stored unit: yuan for money, else the indicator's own.
//
// Which facts count in a period, and how, is the indicator's Rollup (design.md, "Arithmetic"):
//
//   - sum: the facts whose months lie in the period; their values are added.
//   - last: those whose last month is the period's last; their values are added.
//   - distinct: those whose months lie in the period; each key counts once, whatever its value, and the values of facts without a
//     key are added. The city's keys are those of all units together, so the city is not the sum of the units.
//   - docket: the rows of cases that were open at some time in the period; their values, 1 each, are added. See entry.onDocket.
//
// Of an indicator whose facts hold the year to date, what is added are the differences between them (reporting.Catalogue.Differences).
//
// Where no fact counts there is no aggregate: missing is not zero. A value of zero is an aggregate. Facts of a computed indicator,
// or of one that the catalogue does not have, are passed over.
//
// A fact counts for the unit that bears its unit in the catalogue: its own, but on the boundaries of a day (reporting.Catalogue.On).
//
// The facts must be those of standing submissions, each of a month that its submission speaks of, in any order. The list is in
// order of indicator code, unit code (the city first) and period (by first month, then last); a period given twice counts once.
func Aggregates(c *reporting.Catalogue, facts []reporting.Fact, periods []reporting.Period) []reporting.Aggregate {
	periods = rollup.InOrder(periods)
	byIndicator := gather(c, facts)
	var list []reporting.Aggregate
	for _, code := range slices.Sorted(maps.Keys(byIndicator)) {
		t := newTable(c.Indicator(code), byIndicator[code].list, periods)
		list = t.appendTo(list)
	}
	return list
}

// gather parts the facts of base indicators by indicator.
func gather(c *reporting.Catalogue, facts []reporting.Fact) map[string]*entries {
	byIndicator := make(map[string]*entries)
	facts = c.Differences(facts)
	for n := range facts {
		o := &facts[n].Observation
		i := c.Indicator(o.Indicator)
		if i == nil || !i.Base() {
			continue
		}
		if byIndicator[i.Code] == nil {
			byIndicator[i.Code] = new(entries)
		}
		e := entryOf(i, o)
		e.unit = c.Bearer(e.unit)
		byIndicator[i.Code].add(e)
	}
	return byIndicator
}

// table holds the tallies of one indicator: a row for the city, then one a unit; a column a period.
type table struct {
	indicator *reporting.Indicator
	units     []string
	periods   []reporting.Period
	city      []tally
	byUnit    []tally // row by row
}

func newTable(i *reporting.Indicator, list []entry, periods []reporting.Period) *table {
	units := unitsOf(list)
	t := &table{indicator: i, units: units, periods: periods,
		city: make([]tally, len(periods)), byUnit: make([]tally, len(units)*len(periods))}
	for n := range list {
		t.add(&list[n])
	}
	return t
}

func (t *table) add(e *entry) {
	unit, _ := slices.BinarySearch(t.units, e.unit)
	row := t.byUnit[unit*len(t.periods):]
	for n, p := range t.periods {
		if e.countsIn(t.indicator.Rollup, p) {
			t.city[n].add(e)
			row[n].add(e)
		}
	}
}

func (t *table) appendTo(list []reporting.Aggregate) []reporting.Aggregate {
	list = t.appendRow(list, "", t.city)
	for n, unit := range t.units {
		list = t.appendRow(list, unit, t.byUnit[n*len(t.periods):])
	}
	return list
}

func (t *table) appendRow(list []reporting.Aggregate, unit string, row []tally) []reporting.Aggregate {
	for n, p := range t.periods {
		if row[n].given {
			list = append(list, reporting.Aggregate{Indicator: t.indicator.Code, Unit: unit, Period: p, Value: row[n].value()})
		}
	}
	return list
}

// unitsOf lists the units of the entries in order, each once.
func unitsOf(list []entry) []string {
	seen := make(map[string]struct{})
	for n := range list {
		seen[list[n].unit] = struct{}{}
	}
	return slices.Sorted(maps.Keys(seen))
}

// tally is what the entries that count in one unit and period come to. The zero tally has met none.
type tally struct {
	given bool
	sum   reporting.Decimal
	keys  map[string]struct{}
}

func (t *tally) add(e *entry) {
	t.given = true
	if e.key == "" {
		t.sum = t.sum.Add(e.value)
		return
	}
	if t.keys == nil {
		t.keys = make(map[string]struct{})
	}
	t.keys[e.key] = struct{}{}
}

func (t *tally) value() reporting.Decimal {
	if t.keys == nil {
		return t.sum
	}
	return t.sum.Add(reporting.Int(int64(len(t.keys))))
}
