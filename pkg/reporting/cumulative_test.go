package reporting

import (
	"fmt"
	"slices"
	"testing"
)

// progress is a form that carries the year to date of two indicators, and the month of a third.
func progress() *Catalogue {
	c := &Catalogue{
		Forms:      []*Form{{ID: "progress", Columns: []Column{{ID: "ytd", Type: Amount, Cumulative: true, Loads: "{row}.sum"}, {ID: "month", Type: Amount, Loads: "{row}.month"}}, Rows: []FormRow{{Code: "a"}, {Code: "b"}}}},
		Indicators: []Indicator{{Code: "b.sum", Kind: Flow, Rollup: RollupSum}, {Code: "a.sum", Kind: Flow, Rollup: RollupSum}, {Code: "a.month", Kind: Flow, Rollup: RollupSum}, {Code: "c"}},
	}
	c.Index()
	return c
}

func toDateFact(indicator, unit string, month, value int) Fact {
	return Fact{Form: "progress", Sender: unit, Observation: Observation{Indicator: indicator, Unit: unit, Period: MonthPeriod(NewMonth(2020, month)), Value: Int(int64(value))}}
}

func shown(facts []Fact) (list []string) {
	for _, f := range facts {
		list = append(list, fmt.Sprintf("%s %s %s %s", f.Indicator, f.Unit, f.Period, f.Value))
	}
	slices.Sort(list)
	return list
}

// TestDifferences: of a year to date each sheet gives what it has more than the one before, over the months since; other facts and other years are left alone.
func TestDifferences(t *testing.T) {
	c := progress()
	if got := c.CumulativeIndicators(); !slices.Equal(got, []string{"b.sum", "a.sum"}) || c.Cumulative("a.month") || !c.Forms[0].Cumulative("a.sum") || c.Forms[0].Cumulative("c") {
		t.Fatalf("cumulative are %v", got)
	}
	next := toDateFact("a.sum", "A", 2, 4)
	next.Period = MonthPeriod(NewMonth(2021, 2))
	facts := []Fact{toDateFact("a.sum", "A", 5, 70), toDateFact("a.sum", "A", 1, 10), toDateFact("a.month", "A", 2, 99), toDateFact("a.sum", "A", 2, 30), toDateFact("a.sum", "B", 2, 5), next, toDateFact("a.sum", "A", 2, 3)}
	want := []string{"a.month A 2020-02 99", "a.sum A 2020-01 10", "a.sum A 2020-02 23", "a.sum A 2020-03..2020-05 37", "a.sum A 2021-02 4", "a.sum B 2020-02 5"}
	if got := shown(c.Differences(facts)); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	plain := &Catalogue{}
	plain.Index()
	if got := plain.Differences(facts); len(got) != len(facts) {
		t.Errorf("without such indicators %d of %d facts are left", len(got), len(facts))
	}
}

// TestTerms: what a period is computed of comes to the sum of its differences, whichever months were sent and whichever are asked for.
func TestTerms(t *testing.T) {
	c := progress()
	for sent := range 1 << 6 { // a bit a month
		var facts []Fact
		for month := 1; month <= 6; month++ {
			if sent&(1<<(month-1)) != 0 {
				facts = append(facts, toDateFact("a.sum", "A", month, month*month*10))
			}
		}
		for first := 1; first <= 6; first++ {
			for last := first; last <= 6; last++ {
				p := Period{First: NewMonth(2020, first), Last: NewMonth(2020, last)}
				var want, got Decimal
				for _, d := range c.Differences(facts) {
					if p.Contains(d.Period) {
						want = want.Add(d.Value)
					}
				}
				for _, f := range c.Terms(facts, p) {
					got = got.Add(f.Value)
				}
				if !got.Equal(want) {
					t.Fatalf("months %06b, %s: %s of terms, %s of differences", sent, p, got, want)
				}
			}
		}
	}
}
