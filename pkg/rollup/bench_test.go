package rollup_test

import (
	"fmt"
	"testing"

	"huizong/pkg/reporting"
	"huizong/pkg/rollup"
	"huizong/pkg/rollup/rolluptest"
)

// cityOfThirty is about the size of the real thing: twenty-nine units, a hundred indicators in the forms' proportions, eighteen
// months, a ledger of payments with 2,500 persons a month.
func cityOfThirty() (*reporting.Catalogue, []reporting.Fact, []reporting.Standing) {
	c := &reporting.Catalogue{City: "CITY", Units: []reporting.OrgUnit{{Code: "CITY", Level: reporting.LevelCity}}}
	for n := range 19 {
		c.Units = append(c.Units, reporting.OrgUnit{Code: fmt.Sprintf("34998%04d", n), Level: reporting.LevelTownship})
	}
	for n := range 10 {
		c.Units = append(c.Units, reporting.OrgUnit{Code: fmt.Sprintf("349981S%d", n), Level: reporting.LevelSubUnit})
	}
	benchForm(c, &reporting.Form{ID: "townships", Shape: reporting.IndicatorForm, Levels: []reporting.Level{reporting.LevelTownship}}, 10)
	benchForm(c, &reporting.Form{ID: "matrix", Shape: reporting.Matrix, RowUnits: true, Senders: []string{"349981S0"}}, 20)
	for n := range 5 {
		id := fmt.Sprintf("unit%d", n)
		benchForm(c, &reporting.Form{ID: id, Shape: reporting.IndicatorForm, Senders: []string{fmt.Sprintf("349981S%d", n)}}, 12)
	}
	payments := &reporting.Form{ID: "payments", Shape: reporting.Ledger, Coverage: reporting.CoversPeriod, Duty: reporting.MonthlyDuty, Senders: []string{"349981S9"},
		Loads: []reporting.Load{{Indicator: "pay.persons", Unit: "unit"}, {Indicator: "pay.amount", Unit: "unit"}}}
	c.Forms = append(c.Forms, payments)
	c.Indicators = append(c.Indicators,
		reporting.Indicator{Code: "pay.persons", Kind: reporting.Flow, Rollup: reporting.RollupDistinct, Measure: "人"},
		reporting.Indicator{Code: "pay.amount", Kind: reporting.Flow, Rollup: reporting.RollupSum, Measure: "万元"})
	for n := range 5 {
		c.Indicators = append(c.Indicators, reporting.Indicator{Code: fmt.Sprintf("ratio.n%d", n), Kind: reporting.Ratio, Rollup: reporting.RollupRatio,
			Measure: "%", Numerator: fmt.Sprintf("townships.n%d", n), Denominator: "townships.n9"})
	}
	c.Index()
	facts, standings := benchFacts(c)
	return c, facts, standings
}

func benchForm(c *reporting.Catalogue, f *reporting.Form, indicators int) {
	f.Coverage, f.Duty = reporting.CoversPeriod, reporting.MonthlyDuty
	for n := range indicators {
		code := fmt.Sprintf("%s.n%d", f.ID, n)
		c.Indicators = append(c.Indicators, reporting.Indicator{Code: code, Kind: reporting.Flow, Rollup: reporting.RollupSum, Measure: "人"})
		if f.Shape == reporting.Matrix {
			f.Columns = append(f.Columns, reporting.Column{Loads: code})
		} else {
			f.Rows = append(f.Rows, reporting.FormRow{Code: code, Indicator: code})
		}
	}
	c.Forms = append(c.Forms, f)
}

func benchFacts(c *reporting.Catalogue) (facts []reporting.Fact, standings []reporting.Standing) {
	first, last := reporting.NewMonth(2019, 1), reporting.NewMonth(2020, 6)
	for m := first; m <= last; m++ {
		p := reporting.MonthPeriod(m)
		add := func(code, unit, key string, value reporting.Decimal) {
			facts = append(facts, reporting.Fact{Observation: reporting.Observation{Indicator: code, Unit: unit, Period: p, Key: key, Value: value}})
		}
		for _, f := range c.Forms {
			for _, org := range c.Expected(f, p) {
				standings = append(standings, reporting.Standing{Form: f.ID, Org: org, Period: p})
				units := []string{org}
				if f.RowUnits {
					units = rollup.EveryUnit(c)[:19]
				}
				for _, unit := range units {
					for _, code := range f.Indicators() {
						if f.Shape != reporting.Ledger {
							add(code, unit, "", reporting.Int(int64(m)%97+1))
						}
					}
				}
			}
		}
		for n := range 2500 {
			unit := c.Units[1+n%19].Code
			add("pay.persons", unit, fmt.Sprintf("%032x", n+int(m)), reporting.Int(1))
			add("pay.amount", unit, "", reporting.MustDecimal("812.55"))
		}
	}
	return facts, standings
}

func benchPeriods(b *testing.B) []reporting.Period {
	b.Helper()
	var periods []reporting.Period
	for _, s := range []string{"2020-01", "2020-02", "2020-03", "2020-04", "2020-05", "2020-06", "2020Q1", "2020Q2", "2020H1", "2020-01..2020-05"} {
		periods = append(periods, mustPeriod(b, s))
	}
	return periods
}

// BenchmarkAggregates adds up the facts of the city: as a rebuild does; queries have it done by SQL.
func BenchmarkAggregates(b *testing.B) {
	c, facts, _ := cityOfThirty()
	periods := rollup.Needed(benchPeriods(b))
	b.ReportAllocs()
	b.ReportMetric(float64(len(facts)), "facts")
	for b.Loop() {
		rolluptest.Aggregates(c, facts, periods)
	}
}

// BenchmarkFigures makes all figures of ten periods, for the city alone and with all its units.
func BenchmarkFigures(b *testing.B) {
	c, facts, standings := cityOfThirty()
	in := rollup.Input{Catalogue: c, Standings: standings, Periods: benchPeriods(b)}
	in.Aggregates = rolluptest.Aggregates(c, facts, rollup.Needed(in.Periods))
	for name, units := range map[string][]string{"City": nil, "EveryUnit": rollup.EveryUnit(c)} {
		b.Run(name, func(b *testing.B) {
			in.Units = units
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				n = len(rollup.Figures(in))
			}
			b.ReportMetric(float64(n), "figures")
			b.ReportMetric(float64(len(in.Aggregates)), "aggregates")
		})
	}
}
