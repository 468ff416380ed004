package rollup_test

import (
	"fmt"
	"math/big"
	"math/rand"
	"reflect"
	"slices"
	"testing"

	"huizong/pkg/reporting"
	"huizong/pkg/rollup"
	"huizong/pkg/rollup/rolluptest"
)

// rounds is how many random cities each property is tried on.
const rounds = 100

// year2020 lists the periods within 2020: months, quarters, halves, the year.
func year2020(t *testing.T) (months, quarters, halves, year []reporting.Period) {
	t.Helper()
	parse := func(format string, n int) (list []reporting.Period) {
		for i := 1; i <= n; i++ {
			list = append(list, mustPeriod(t, fmt.Sprintf(format, i)))
		}
		return list
	}
	return parse("2020-%02d", 12), parse("2020Q%d", 4), parse("2020H%d", 2), []reporting.Period{mustPeriod(t, "2020")}
}

func mustPeriod(tb testing.TB, s string) reporting.Period {
	tb.Helper()
	p, err := reporting.ParsePeriod(s)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// randomCity returns the catalogue and the facts of a random stage.
func randomCity(r *rand.Rand) (*reporting.Catalogue, []reporting.Fact) {
	stage := rolluptest.Random(r)
	return stage.Catalogue, stage.Facts
}

// grid gives aggregates by their key; missing ones are zero.
type grid map[string]reporting.Decimal

func key(indicator, unit string, p reporting.Period) string {
	return indicator + " " + unit + " " + p.String()
}

func gridOf(c *reporting.Catalogue, facts []reporting.Fact, periods ...[]reporting.Period) grid {
	var all []reporting.Period
	for _, p := range periods {
		all = append(all, p...)
	}
	g := make(grid)
	for _, a := range rolluptest.Aggregates(c, facts, all) {
		g[key(a.Indicator, a.Unit, a.Period)] = a.Value
	}
	return g
}

// each tries a property on random cities, a subtest a seed only where it fails.
func each(t *testing.T, property func(t *testing.T, r *rand.Rand)) {
	t.Helper()
	for seed := range int64(rounds) {
		if !t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) { property(t, rand.New(rand.NewSource(seed))) }) {
			return
		}
	}
}

func wantEqual(t *testing.T, what string, got, want reporting.Decimal) {
	t.Helper()
	if !got.Equal(want) {
		t.Errorf("%s: %s, want %s", what, got, want)
	}
}

// TestFlowsAddOverMonths: months sum to quarters, quarters to halves, halves to the year.
func TestFlowsAddOverMonths(t *testing.T) {
	months, quarters, halves, year := year2020(t)
	each(t, func(t *testing.T, r *rand.Rand) {
		c, facts := randomCity(r)
		g := gridOf(c, facts, months, quarters, halves, year)
		for _, finer := range [][2][]reporting.Period{{months, quarters}, {quarters, halves}, {halves, year}} {
			for _, whole := range finer[1] {
				var sum reporting.Decimal
				for _, p := range finer[0] {
					if whole.Contains(p) {
						sum = sum.Add(g[key("x.flow", "", p)])
					}
				}
				wantEqual(t, whole.String(), g[key("x.flow", "", whole)], sum)
			}
		}
	})
}

// TestStocksAreTheLastMonths: a longer period has the stock of its last month.
func TestStocksAreTheLastMonths(t *testing.T) {
	months, quarters, halves, year := year2020(t)
	each(t, func(t *testing.T, r *rand.Rand) {
		c, facts := randomCity(r)
		g := gridOf(c, facts, months, quarters, halves, year)
		for _, list := range [][]reporting.Period{quarters, halves, year} {
			for _, p := range list {
				wantEqual(t, p.String(), g[key("x.stock", "", p)], g[key("x.stock", "", reporting.MonthPeriod(p.Last))])
			}
		}
	})
}

// TestCityIsTheSumOfItsUnits, but for distinct counts, where it is at most the sum and at least the greatest.
func TestCityIsTheSumOfItsUnits(t *testing.T) {
	months, quarters, halves, year := year2020(t)
	each(t, func(t *testing.T, r *rand.Rand) {
		c, facts := randomCity(r)
		sums, greatest := make(grid), make(grid)
		g := gridOf(c, facts, months, quarters, halves, year)
		for _, a := range rolluptest.Aggregates(c, facts, append(append(months, quarters...), append(halves, year...)...)) {
			if a.Unit == "" {
				continue
			}
			k := key(a.Indicator, "", a.Period)
			sums[k] = sums[k].Add(a.Value)
			if greatest[k].Cmp(a.Value) < 0 {
				greatest[k] = a.Value
			}
			city := g[k]
			if a.Indicator != "x.distinct" {
				continue
			}
			if city.Cmp(greatest[k]) < 0 {
				t.Errorf("%s: city %s is less than a unit's %s", k, city, a.Value)
			}
		}
		for k, city := range g {
			sum, ok := sums[k]
			switch {
			case !ok: // a unit's own
			case k[:len("x.distinct")] == "x.distinct":
				if city.Cmp(sum) > 0 {
					t.Errorf("%s: city %s is more than the units' %s", k, city, sum)
				}
			default:
				wantEqual(t, k, city, sum)
			}
		}
	})
}

// TestLongerPeriodsHoldAsMuch: a distinct count or a docket is at least that of any period within, and at most the months' sum.
func TestLongerPeriodsHoldAsMuch(t *testing.T) {
	months, quarters, halves, year := year2020(t)
	each(t, func(t *testing.T, r *rand.Rand) {
		c, facts := randomCity(r)
		g := gridOf(c, facts, months, quarters, halves, year)
		for _, code := range []string{"x.distinct", "x.docket"} {
			for _, whole := range append(append(quarters, halves...), year...) {
				var sum reporting.Decimal
				for _, m := range months {
					part := g[key(code, "", m)]
					if !whole.Contains(m) {
						continue
					}
					if sum = sum.Add(part); part.Cmp(g[key(code, "", whole)]) > 0 {
						t.Errorf("%s: %s has %s, the whole %s %s", code, m, part, whole, g[key(code, "", whole)])
					}
				}
				if g[key(code, "", whole)].Cmp(sum) > 0 {
					t.Errorf("%s %s: %s is more than its months' %s", code, whole, g[key(code, "", whole)], sum)
				}
			}
		}
	})
}

// TestOrderIsIndifferent: of facts, of aggregates, and of periods, which may also be repeated.
func TestOrderIsIndifferent(t *testing.T) {
	months, quarters, halves, year := year2020(t)
	periods := append(append(append(months, quarters...), halves...), year...)
	each(t, func(t *testing.T, r *rand.Rand) {
		c, facts := randomCity(r)
		want := rolluptest.Aggregates(c, facts, periods)
		r.Shuffle(len(facts), func(i, j int) { facts[i], facts[j] = facts[j], facts[i] })
		shuffled := append(append([]reporting.Period{}, periods...), periods[:5]...)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		rolluptest.CompareAggregates(t, rolluptest.Aggregates(c, facts, shuffled), want)
		in := rollup.Input{Catalogue: c, Aggregates: want, Periods: periods, Units: rollup.EveryUnit(c)}
		figures := rollup.Figures(in)
		in.Aggregates = slices.Clone(want)
		r.Shuffle(len(want), func(i, j int) { in.Aggregates[i], in.Aggregates[j] = in.Aggregates[j], in.Aggregates[i] })
		if got := rollup.Figures(in); !reflect.DeepEqual(got, figures) {
			t.Errorf("figures of shuffled aggregates differ")
		}
	})
}

// TestRatiosAreSumsOverSums: the city's ratio is the quotient of the sums, lies between its units' ratios where these are of
// positive amounts, and the derived sum is the sum of its parts.
func TestRatiosAreSumsOverSums(t *testing.T) {
	year := mustPeriod(t, "2020")
	each(t, func(t *testing.T, r *rand.Rand) {
		c, facts := randomCity(r)
		facts = positive(facts)
		figures := make(map[string]reporting.Figure)
		for _, f := range rollup.Figures(rollup.Input{
			Catalogue: c, Aggregates: rolluptest.Aggregates(c, facts, rollup.Needed([]reporting.Period{year})),
			Periods: []reporting.Period{year}, Units: rollup.EveryUnit(c),
		}) {
			figures[f.Indicator+" "+f.Unit] = f
		}
		n, d := figures["x.flow CITY"].Value, figures["x.base CITY"].Value
		if n == nil || d == nil || d.Sign() == 0 {
			return
		}
		ratio := figures["x.ratio CITY"].Value
		if want := new(big.Rat).Quo(n, d); ratio.Cmp(want) != 0 {
			t.Errorf("ratio %s, want %s", ratio, want)
		}
		if total := figures["x.total CITY"].Value; total.Cmp(new(big.Rat).Add(n, d)) != 0 {
			t.Errorf("total %s, want %s + %s", total, n, d)
		}
		wantWithin(t, ratio, c, figures)
	})
}

// positive drops the facts below or at zero: a mean of ratios lies between them only where the weights are positive.
func positive(facts []reporting.Fact) []reporting.Fact {
	var kept []reporting.Fact
	for _, f := range facts {
		if f.Value.Sign() > 0 {
			kept = append(kept, f)
		}
	}
	return kept
}

func wantWithin(t *testing.T, ratio *big.Rat, c *reporting.Catalogue, figures map[string]reporting.Figure) {
	t.Helper()
	var least, greatest *big.Rat
	for _, unit := range rollup.EveryUnit(c) {
		r := figures["x.ratio "+unit].Value
		if r == nil {
			return // the unit has one part only, and moves the city's ratio beyond the others
		}
		if least == nil || r.Cmp(least) < 0 {
			least = r
		}
		if greatest == nil || r.Cmp(greatest) > 0 {
			greatest = r
		}
	}
	if ratio.Cmp(least) < 0 || ratio.Cmp(greatest) > 0 {
		t.Errorf("ratio %s lies outside its units' %s to %s", ratio, least, greatest)
	}
}
