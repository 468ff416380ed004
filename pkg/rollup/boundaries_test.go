package rollup_test

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"huizong/pkg/reporting"
	"huizong/pkg/rollup"
	"huizong/pkg/rollup/rolluptest"
)

// TestMergersAndSplitsConserveCounts: on whatever boundaries, the city has the same figures, and what is added up over units is
// the same; a merged unit has what its parts had, and of distinct counts no more than that. A split moves nothing.
func TestMergersAndSplitsConserveCounts(t *testing.T) {
	months, quarters, halves, year := year2020(t)
	periods := slices.Concat(months, quarters, halves, year)
	each(t, func(t *testing.T, r *rand.Rand) {
		c, facts := randomCity(r)
		mergers := endSomeUnits(r, c)
		day := mustPeriod(t, "2020-07").Start()
		on := c.On(day)
		before, after := gridOf(c, facts, periods), gridOf(on, facts, periods)
		for _, i := range c.Indicators {
			if !i.Base() {
				continue
			}
			for _, p := range periods {
				wantEqual(t, "city "+i.Code+" "+p.String(), after[key(i.Code, "", p)], before[key(i.Code, "", p)])
				for _, u := range c.Units {
					var sum, most reporting.Decimal
					for _, part := range c.Units {
						if on.Bearer(part.Code) == u.Code {
							value := before[key(i.Code, part.Code, p)]
							if sum = sum.Add(value); value.Cmp(most) > 0 {
								most = value
							}
						}
					}
					got := after[key(i.Code, u.Code, p)]
					if i.Rollup != reporting.RollupDistinct {
						wantEqual(t, u.Code+" "+i.Code+" "+p.String(), got, sum)
					} else if got.Cmp(sum) > 0 || got.Cmp(most) < 0 {
						t.Errorf("%s %s %s: %s distinct keys, want between %s and %s", u.Code, i.Code, p, got, most, sum)
					}
				}
			}
		}
		if mergers == 0 && len(before) != len(after) {
			t.Error("a split moved figures")
		}
	})
}

// endSomeUnits gives some of the units a last day and successors, and says how many were merged into one other.
func endSomeUnits(r *rand.Rand, c *reporting.Catalogue) (mergers int) {
	c.Units = slices.Clone(c.Units)
	end, _ := reporting.NewDate(2020, 3, 31)
	for n := range c.Units {
		u := &c.Units[n]
		if u.Level == reporting.LevelCity || r.Intn(3) > 0 {
			continue
		}
		u.To = end
		for range 1 + r.Intn(2) {
			u.Successors = append(u.Successors, c.Units[r.Intn(len(c.Units))].Code)
		}
		if len(u.Successors) == 1 {
			mergers++
		}
	}
	c.Index()
	return mergers
}

// TestBoundaries: on the boundaries of after the merger the new unit has what both have sent, on those of before each its own.
func TestBoundaries(t *testing.T) {
	script, err := rolluptest.Parse("boundaries", strings.NewReader(`
unit township OLD until 2020-02-29
unit township NEW since 2020-03-01
form jobs indicators sent by OLD NEW
indicator jobs.new flow sum 人 in jobs
load jobs.new from 2020-01
  OLD  2 3
  NEW  ? ? 4
eval jobs.new at city 2020Q1
  expect value 9
`))
	if err != nil {
		t.Fatal(err)
	}
	stage := script.Stages[0]
	c := stage.Catalogue
	for n := range c.Units {
		if c.Units[n].Code == "OLD" {
			c.Units[n].Successors = []string{"NEW"}
		}
	}
	for day, want := range map[string]string{
		"2020-02": "OLD 2020-01 2 1/1, OLD 2020Q1 5 1/1, NEW 2020Q1 4 1/1",
		"2020-03": "NEW 2020-01 2 1/1, NEW 2020Q1 9 2/2",
	} {
		on := c.On(mustPeriod(t, day).Start())
		periods := []reporting.Period{mustPeriod(t, "2020-01"), mustPeriod(t, "2020Q1")}
		var got []string
		for _, f := range rollup.Figures(rollup.Input{Catalogue: on, Aggregates: rolluptest.Aggregates(on, stage.Facts, rollup.Needed(periods)),
			Standings: stage.Standings, Periods: periods, Units: rollup.EveryUnit(on)}) {
			if f.Unit != c.City {
				got = append(got, fmt.Sprintf("%s %s %s %d/%d", f.Unit, f.Period, f.Value.FloatString(0), f.Reported, f.Expected))
			}
		}
		if text := strings.Join(got, ", "); text != want {
			t.Errorf("on %s: %s, want %s", day, text, want)
		}
	}
}
