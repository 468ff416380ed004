package rollup_test

import (
	"math/rand"
	"slices"
	"testing"

	"huizong/pkg/reporting"
	"huizong/pkg/rollup/rolluptest"
)

// TestCumulativeIsMonthly: sheets of the year to date come to the same figures as sheets of the months that they were added up from;
// with sheets missing, a period has what came in between the last sheet before it and the last one in it, and nothing more.
func TestCumulativeIsMonthly(t *testing.T) {
	months, quarters, halves, year := year2020(t)
	periods := slices.Concat(months, quarters, halves, year, []reporting.Period{mustPeriod(t, "2020-02..2020-05"), mustPeriod(t, "2020-06..2020-11")})
	each(t, func(t *testing.T, r *rand.Rand) {
		c, all := randomCity(r)
		facts := slices.DeleteFunc(all, func(f reporting.Fact) bool { return f.Indicator != "x.flow" })
		monthly := gridOf(c, facts, periods)
		toDate := cumulativeCatalogue(c)
		sent := map[string][]reporting.Month{} // sheets of each unit, in order
		lossy := r.Intn(2) == 0
		var sheets []reporting.Fact
		for _, u := range c.Units[1:] {
			total := reporting.Decimal{}
			for _, m := range months {
				total = total.Add(monthly[key("x.flow", u.Code, m)])
				if lossy && r.Intn(4) == 0 {
					continue
				}
				sent[u.Code] = append(sent[u.Code], m.First)
				sheets = append(sheets, reporting.Fact{Form: "all", Sender: u.Code, Observation: reporting.Observation{
					Indicator: "x.flow", Unit: u.Code, Period: m.YearToDate(), Value: total}})
			}
		}
		r.Shuffle(len(sheets), func(i, j int) { sheets[i], sheets[j] = sheets[j], sheets[i] })
		got := gridOf(toDate, sheets, periods)
		for _, p := range periods {
			city := reporting.Decimal{}
			for _, u := range c.Units[1:] {
				want := reporting.Decimal{}
				if whole := known(sent[u.Code], p); !whole.IsZero() {
					for _, m := range whole.Months() {
						want = want.Add(monthly[key("x.flow", u.Code, reporting.MonthPeriod(m))])
					}
				}
				wantEqual(t, u.Code+" "+p.String(), got[key("x.flow", u.Code, p)], want)
				terms := reporting.Decimal{}
				for _, f := range toDate.Terms(sheets, p) {
					if f.Unit == u.Code {
						terms = terms.Add(f.Value)
					}
				}
				wantEqual(t, "terms of "+u.Code+" "+p.String(), terms, want)
				city = city.Add(want)
			}
			wantEqual(t, "city "+p.String(), got[key("x.flow", "", p)], city)
		}
	})
}

// cumulativeCatalogue is the catalogue with a form that carries the year to date.
func cumulativeCatalogue(c *reporting.Catalogue) *reporting.Catalogue {
	form := *c.Forms[0]
	form.Columns = []reporting.Column{{Type: reporting.Amount, Cumulative: true}}
	own := &reporting.Catalogue{City: c.City, Indicators: c.Indicators, Units: c.Units, Forms: []*reporting.Form{&form}}
	own.Index()
	return own
}

// known is the longest part of the period of which the sheets tell: from the day after a sheet, or from January, to a sheet.
func known(sent []reporting.Month, p reporting.Period) reporting.Period {
	for first := p.First; first <= p.Last; first++ {
		if first.Number() > 1 && !slices.Contains(sent, first-1) {
			continue
		}
		for last := p.Last; last >= first; last-- {
			if slices.Contains(sent, last) {
				return reporting.Period{First: first, Last: last}
			}
		}
		break
	}
	return reporting.Period{}
}

// TestCumulativeCatalogue: of the indicators of a form with the year to date only the flows that add up are cumulative.
func TestCumulativeCatalogue(t *testing.T) {
	c, _ := randomCity(rand.New(rand.NewSource(1)))
	if got := cumulativeCatalogue(c).CumulativeIndicators(); !slices.Equal(got, []string{"x.flow", "x.base"}) {
		t.Errorf("cumulative are %v", got)
	}
	if facts := []reporting.Fact{{}}; len(c.Differences(facts)) != 1 || len(rolluptest.Aggregates(c, facts, nil)) != 0 {
		t.Error("a catalogue without cumulative indicators changes facts")
	}
}
