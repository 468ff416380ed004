package reporting

import (
	"cmp"
	"slices"
)

// Cumulative reports whether the indicator's facts hold the year to date, and not the month: its form says so at the column. What came
// in within a month is the difference of two of them, which is not stored but taken from what stands: so a sheet of March that is sent
// again moves March and April, and no fact is rewritten.
func (c *Catalogue) Cumulative(indicator string) bool { return c.cumulative[indicator] }

// CumulativeIndicators lists the codes of which Cumulative is true, in the catalogue's order.
func (c *Catalogue) CumulativeIndicators() []string {
	var codes []string
	for i := range c.Indicators {
		if code := c.Indicators[i].Code; c.cumulative[code] {
			codes = append(codes, code)
		}
	}
	return codes
}

// Cumulative reports whether the form's column with the indicator carries the year to date.
func (f *Form) Cumulative(indicator string) bool {
	for _, c := range f.Columns {
		loads := func(r FormRow) bool {
			return c.Loads == "" && r.Indicator == indicator || c.Loads != "" && LoadedIndicator(c.Loads, r.Code) == indicator
		}
		if c.Cumulative && (c.Loads == indicator || slices.ContainsFunc(f.Rows, loads)) {
			return true
		}
	}
	return false
}

// Differences returns the facts with the years to date of cumulative indicators turned into what came in between: of each sheet, what
// it has more than the sheet before it in the year, over the months from that one to its own. Where a month in between is missing, the
// difference is of all these months together: it is right for a period that holds them all, and says nothing of one of them.
// January, and the first sheet of a year, is itself. Other facts are passed on.
func (c *Catalogue) Differences(facts []Fact) []Fact {
	plain, years := c.years(facts)
	if years == nil {
		return facts
	}
	for _, y := range years {
		for n, sheet := range y {
			difference := sheet.facts[0]
			difference.Period, difference.Value = y.span(n), sheet.sum()
			if n > 0 {
				difference.Value = difference.Value.Sub(y[n-1].sum())
			}
			plain = append(plain, difference)
		}
	}
	return plain
}

// Terms returns the facts that a period's value is computed of. For a cumulative indicator these are the last year to date in the
// period and, with the opposite sign, the one before the period, where there is one; the facts must be those of whole years. Other facts
// are passed on.
func (c *Catalogue) Terms(facts []Fact, p Period) []Fact {
	terms, years := c.years(facts)
	if years == nil {
		return facts
	}
	for _, y := range years {
		first, last := -1, -1
		for n := range y {
			if p.Contains(y.span(n)) {
				if last = n; first < 0 {
					first = n
				}
			}
		}
		if first > 0 {
			for _, f := range y[first-1].facts {
				f.Value = f.Value.Neg()
				terms = append(terms, f)
			}
		}
		if last >= 0 {
			terms = append(terms, y[last].facts...)
		}
	}
	return terms
}

// year are the sheets of one sender, unit and indicator in a calendar year, in order.
type year []toDate

// toDate is what one sheet says of the year so far.
type toDate struct {
	period Period
	facts  []Fact
}

// span is the run of months that the n-th sheet adds to the one before it.
func (y year) span(n int) Period {
	p := y[n].period
	if n > 0 {
		p.First = y[n-1].period.Last + 1
	}
	return p
}

func (t toDate) sum() (total Decimal) {
	for _, f := range t.facts {
		total = total.Add(f.Value)
	}
	return total
}

// years parts the facts: those of cumulative indicators by year, in a fixed order, and the others. No years: the facts need no care.
func (c *Catalogue) years(facts []Fact) (others []Fact, years []year) {
	type series struct {
		form, sender, indicator, unit string
		year                          int
	}
	at := map[series]int{}
	if len(c.cumulative) == 0 {
		return facts, nil
	}
	for _, f := range facts {
		if !c.cumulative[f.Indicator] {
			others = append(others, f)
			continue
		}
		key := series{f.Form, f.Sender, f.Indicator, f.Unit, f.Period.Last.Year()}
		i, known := at[key]
		if !known {
			i = len(years)
			at[key], years = i, append(years, nil)
		}
		n, there := slices.BinarySearchFunc(years[i], f.Period.Last, func(t toDate, m Month) int { return cmp.Compare(t.period.Last, m) })
		if !there {
			years[i] = slices.Insert(years[i], n, toDate{period: f.Period})
		}
		years[i][n].facts = append(years[i][n].facts, f)
	}
	return others, years
}
