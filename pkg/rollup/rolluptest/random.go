package rolluptest

import (
	"fmt"
	"math/big"
	"math/rand"
	"testing"
	"time"

	"huizong/pkg/reporting"
)

// randomIndicators are of every roll-up: x.flow, x.base, x.stock, x.distinct, x.docket, x.total, x.ratio. Base ones come first.
var randomIndicators = []reporting.Indicator{
	{Code: "x.flow", Kind: reporting.Flow, Rollup: reporting.RollupSum, Measure: "万元"},
	{Code: "x.base", Kind: reporting.Flow, Rollup: reporting.RollupSum, Measure: "万元"},
	{Code: "x.stock", Kind: reporting.Stock, Rollup: reporting.RollupLast, Measure: "人"},
	{Code: "x.distinct", Kind: reporting.Flow, Rollup: reporting.RollupDistinct, Measure: "家"},
	{Code: "x.docket", Kind: reporting.Flow, Rollup: reporting.RollupDocket, Measure: "件"},
	{Code: "x.total", Kind: reporting.Flow, Rollup: reporting.RollupParts, Measure: "亿元", Parts: []string{"x.flow", "x.base"}},
	{Code: "x.ratio", Kind: reporting.Ratio, Rollup: reporting.RollupRatio, Measure: "%", Numerator: "x.flow", Denominator: "x.base"},
}

const randomYear = 2020

// Random returns a city of one to six townships, with the indicators above and up to 300 facts of 2020 that come at random: several
// a cell, amounts to the fen and some below zero, keys that repeat, counts without a key, cases from before the year and open ones.
func Random(r *rand.Rand) *Stage {
	form := &reporting.Form{ID: "all", Shape: reporting.IndicatorForm, Coverage: reporting.CoversPeriod, Duty: reporting.MonthlyDuty,
		Periods: "month", Levels: []reporting.Level{reporting.LevelTownship}}
	c := &reporting.Catalogue{City: cityCode, Forms: []*reporting.Form{form},
		Units: []reporting.OrgUnit{{Code: cityCode, Level: reporting.LevelCity}}}
	for n := range 1 + r.Intn(6) {
		c.Units = append(c.Units, reporting.OrgUnit{Code: fmt.Sprintf("U%d", n), Level: reporting.LevelTownship, Parent: cityCode})
	}
	for _, i := range randomIndicators {
		i.Domain = reporting.Employment
		c.Indicators = append(c.Indicators, i)
		if i.Base() {
			form.Rows = append(form.Rows, reporting.FormRow{Code: i.Code, Indicator: i.Code})
		}
	}
	c.Index()
	s := &Stage{Catalogue: c}
	for range r.Intn(300) {
		s.addRandom(r)
	}
	return s
}

// addRandom adds a fact, and its submission if that has none yet.
func (s *Stage) addRandom(r *rand.Rand) {
	unit := 1 + r.Intn(len(s.Catalogue.Units)-1)
	o := randomObservation(r, &s.Catalogue.Indicators[r.Intn(5)])
	o.Unit = s.Catalogue.Units[unit].Code
	o.Cell = fmt.Sprintf("A%d", len(s.Facts)+1)
	id := fmt.Sprintf("%026d", unit*100+o.Period.Last.Number())
	s.Facts = append(s.Facts, reporting.Fact{Submission: id, Form: "all", Sender: o.Unit, Observation: o})
	for _, standing := range s.Standings {
		if standing.Submission == id {
			return
		}
	}
	s.Standings = append(s.Standings, reporting.Standing{Submission: id, Form: "all", Org: o.Unit, Period: o.Period,
		ReceivedAt: firstReceipt.Add(time.Duration(len(s.Standings)) * time.Minute)})
}

func randomObservation(r *rand.Rand, i *reporting.Indicator) reporting.Observation {
	month := reporting.NewMonth(randomYear, 1+r.Intn(12))
	o := reporting.Observation{Indicator: i.Code, Period: reporting.MonthPeriod(month), Value: reporting.Int(1)}
	switch i.Rollup {
	case reporting.RollupSum:
		o.Value = reporting.NewDecimal(big.NewInt(int64(r.Intn(1_000_000)-1000)), r.Intn(3))
	case reporting.RollupLast:
		o.Value = reporting.Int(int64(r.Intn(1000)))
	case reporting.RollupDistinct:
		if n := r.Intn(20); n > 0 {
			o.Key = fmt.Sprintf("E%d", n)
		}
	case reporting.RollupDocket:
		o.Opened = month.Start().AddDays(r.Intn(60) - 40)
		if r.Intn(2) == 0 {
			o.Closed = o.Opened.AddDays(r.Intn(100))
		}
		o.Period = reporting.MonthPeriod(reporting.NewMonth(randomYear, 7+r.Intn(6))) // of the ledger
		if o.Opened > o.Period.End() {
			o.Opened, o.Closed = o.Period.Start(), 0
		}
	}
	return o
}

// RunRandom compares the aggregator with the reference on random cities, one a seed from 0, for the months, quarters, halves of 2020
// and periods that are none of these. It stops at the first seed that fails.
func RunRandom(t *testing.T, seeds int, aggregate Aggregator) {
	t.Helper()
	periods := randomPeriods(t)
	for seed := range seeds {
		ok := t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			stage := Random(rand.New(rand.NewSource(int64(seed))))
			CompareAggregates(t, aggregate(t, stage, periods), Reference(t, stage, periods))
		})
		if !ok {
			return
		}
	}
}

func randomPeriods(t *testing.T) []reporting.Period {
	t.Helper()
	var periods []reporting.Period
	for m := range 12 {
		periods = append(periods, reporting.MonthPeriod(reporting.NewMonth(randomYear, m+1)))
	}
	for _, s := range []string{"2020Q1", "2020Q2", "2020Q3", "2020Q4", "2020H1", "2020H2", "2020", "2020-02..2020-05", "2019-07..2020-03", "2020-11..2021-02"} {
		p, err := reporting.ParsePeriod(s)
		if err != nil {
			t.Fatal(err)
		}
		periods = append(periods, p)
	}
	return periods
}
