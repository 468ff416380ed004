package clickhouse_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"huizong/pkg/clickhouse"
	"huizong/pkg/reporting"
	"huizong/pkg/rollup/rolluptest"
)

// TestAggregatesConform runs the scripts of the reference arithmetic on the SQL.
func TestAggregatesConform(t *testing.T) {
	t.Parallel()
	s, conn := newStore(t)
	rolluptest.RunDir(t, "../rollup/testdata", func(tb testing.TB, stage *rolluptest.Stage, periods []reporting.Period) []reporting.Aggregate {
		tb.Helper()
		for _, table := range []string{"submission_outcome", "fact_employment", "fact_insurance_fund", "fact_labor_dispute"} {
			mustExec(t, conn, "TRUNCATE TABLE "+table)
		}
		return aggregatesOf(tb, s, stage.Catalogue, stage.Standings, stage.Facts, periods)
	})
}

// aggregatesOf stores the facts as their submissions and asks for the aggregates.
func aggregatesOf(tb testing.TB, s *clickhouse.Store, c *reporting.Catalogue, standings []reporting.Standing, facts []reporting.Fact, periods []reporting.Period) []reporting.Aggregate {
	tb.Helper()
	readings := make(map[string][]reporting.Observation)
	for _, f := range facts {
		readings[f.Submission] = append(readings[f.Submission], f.Observation)
	}
	var entries []clickhouse.Entry
	for _, st := range standings {
		e := entry(0, st.Period.String(), readings[st.Submission]...)
		e.Decision.Submission, e.Decision.Form, e.Decision.Org, e.Decision.ReceivedAt = st.Submission, st.Form, st.Org, st.ReceivedAt
		e.Slot = c.Form(st.Form).Slot(st.Period)
		entries = append(entries, e)
	}
	domains := []reporting.Domain{reporting.Employment, reporting.InsuranceFund, reporting.LaborDispute}
	for step := range 3 {
		var err error
		switch step {
		case 0:
			err = s.Insert(tb.Context(), entries, func(code string) reporting.Domain { return domains[len(code)%3] })
		case 1:
			err = s.ReadBack(tb.Context(), entries)
		case 2:
			err = s.Commit(tb.Context(), entries)
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	got, err := s.Aggregates(tb.Context(), periods, time.Time{}, c)
	if err != nil {
		tb.Fatal(err)
	}
	return got
}

// TestAggregatesAgree compares the SQL with the reference on facts that nobody thought of, from a fixed seed.
func TestAggregatesAgree(t *testing.T) {
	t.Parallel()
	s, conn := newStore(t)
	c := catalogue()
	ended, _ := reporting.NewDate(2019, 12, 31)
	c.Units = []reporting.OrgUnit{{Code: "U0", To: ended, Successors: []string{"U2"}}, {Code: "U1"}, {Code: "U2"}}
	c.Indicators = append(c.Indicators, reporting.Indicator{Code: "employment.to_date", Kind: reporting.Flow, Rollup: reporting.RollupSum})
	c.Forms = []*reporting.Form{{ID: "monthly"}, {ID: "docket", Coverage: reporting.CoversYear}, {ID: "to_date",
		Columns: []reporting.Column{{Type: reporting.Amount, Cumulative: true}}, Rows: []reporting.FormRow{{Indicator: "employment.to_date"}}}}
	c.Index()
	for seed := range uint64(8) {
		for _, table := range []string{"submission_outcome", "fact_employment", "fact_insurance_fund", "fact_labor_dispute"} {
			mustExec(t, conn, "TRUNCATE TABLE "+table)
		}
		r := rand.New(rand.NewPCG(seed, 2))
		standings, facts := randomFacts(r)
		var periods []reporting.Period
		for range 12 {
			first := reporting.NewMonth(2019, 1) + reporting.Month(r.IntN(24))
			periods = append(periods, reporting.Period{First: first, Last: first + reporting.Month(r.IntN(15))})
		}
		c := c
		if seed%2 == 1 {
			c = c.On(ended.AddDays(1)) // U0 counts for U2
		}
		got := aggregatesOf(t, s, c, standings, facts, periods)
		want := rolluptest.Aggregates(c, facts, periods)
		equal := slices.EqualFunc(got, want, func(a, b reporting.Aggregate) bool {
			return a.Indicator == b.Indicator && a.Unit == b.Unit && a.Period == b.Period && a.Value.Equal(b.Value)
		})
		if !equal {
			t.Errorf("seed %d: %d aggregates, want %d, or other ones:\n%v\n%v", seed, len(got), len(want), got, want)
		}
	}
}

// randomFacts are two years of sheets, some missing, with everything that the four roll-ups tell apart.
func randomFacts(r *rand.Rand) (standings []reporting.Standing, facts []reporting.Fact) {
	add := func(form string, p reporting.Period) func(reporting.Observation) {
		st := reporting.Standing{Submission: id(len(standings)), Form: form, Org: "A", Period: p, ReceivedAt: receipt(len(standings))}
		standings = append(standings, st)
		return func(o reporting.Observation) {
			o.Unit = fmt.Sprintf("U%d", r.IntN(3))
			facts = append(facts, reporting.Fact{Submission: st.Submission, Form: form, Sender: st.Org, Observation: o})
		}
	}
	for i := range 24 {
		p := reporting.MonthPeriod(reporting.NewMonth(2019, 1) + reporting.Month(i))
		if r.IntN(4) == 0 {
			continue
		}
		observe := add("monthly", p)
		for range 12 {
			observe(reporting.Observation{Indicator: "employment.jobs", Period: p, Value: reporting.MustDecimal(fmt.Sprintf("%d.%02d", r.IntN(900)-100, r.IntN(100)))})
			observe(reporting.Observation{Indicator: "insurance.insured", Period: p, Value: reporting.Int(r.Int64N(1000))})
			observe(reporting.Observation{Indicator: "insurance.persons", Period: p, Value: reporting.Int(r.Int64N(3)), Key: []string{"", "a", "b", "c", "d"}[r.IntN(5)]})
		}
	}
	for i := range 24 {
		p := reporting.MonthPeriod(reporting.NewMonth(2019, 1) + reporting.Month(i))
		if r.IntN(3) == 0 {
			continue
		}
		observe := add("to_date", p)
		for range r.IntN(5) { // a unit may have none, or, in a matrix of two rows for it, several
			observe(reporting.Observation{Indicator: "employment.to_date", Period: p.YearToDate(), Value: reporting.MustDecimal(fmt.Sprintf("%d.%02d", r.IntN(9000), r.IntN(100)))})
		}
	}
	for year := 2019; year <= 2020; year++ {
		p := reporting.MonthPeriod(reporting.NewMonth(year, 1+r.IntN(12)))
		observe := add("docket", p)
		for range 20 {
			o := reporting.Observation{Indicator: "disputes.docket", Period: p, Value: reporting.Int(1), Opened: p.End().AddDays(-r.IntN(500)), Key: []string{"", "case"}[r.IntN(2)]}
			if r.IntN(2) == 0 {
				o.Closed = min(o.Opened.AddDays(r.IntN(200)), p.End())
			}
			observe(o)
		}
	}
	return standings, facts
}

// TestFacts: one row a month, unit and indicator, as each roll-up has it.
func TestFacts(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	observe := func(indicator, unit, p, value, key string) reporting.Observation {
		return reporting.Observation{Indicator: indicator, Unit: unit, Period: period(p), Value: reporting.MustDecimal(value), Key: key}
	}
	docket := observe("disputes.docket", "A", "2020-03", "1", "")
	docket.Opened, docket.Closed = date("2019-05-01"), date("2020-02-10")
	mustWrite(t, s,
		entry(1, "2020-01",
			observe("employment.jobs", "A", "2020-01", "1.5", ""), observe("employment.jobs", "A", "2020-01", "2", "ignored"), observe("employment.jobs", "B", "2020-01", "0", ""),
			observe("insurance.persons", "A", "2020-01", "1", "x"), observe("insurance.persons", "A", "2020-01", "1", "x"), observe("insurance.persons", "A", "2020-01", "5", ""),
			observe("insurance.insured", "A", "2020-01", "100", ""), observe("employment.unheard_of", "A", "2020-01", "1", "")),
		entry(2, "2020-02", observe("insurance.insured", "A", "2020-02", "90", "")),
		entry(3, "2020-03", docket))
	got, err := s.Facts(t.Context(), clickhouse.FactFilter{}, catalogue())
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"disputes.docket 2020-01 A 1 of 1", "disputes.docket 2020-02 A 1 of 1",
		"employment.jobs 2020-01 A 3.5 of 2", "employment.jobs 2020-01 B 0 of 1",
		"insurance.insured 2020-01 A 100 of 1", "insurance.insured 2020-02 A 90 of 1",
		"insurance.persons 2020-01 A 6 of 3",
	}
	wantFacts(t, got, want)
	got, err = s.Facts(t.Context(), clickhouse.FactFilter{Indicator: "insurance.insured", Period: period("2020-02")}, catalogue())
	if err != nil {
		t.Fatal(err)
	}
	wantFacts(t, got, []string{"insurance.insured 2020-02 A 90 of 1"})
	if got, err = s.Facts(t.Context(), clickhouse.FactFilter{Indicator: "none"}, catalogue()); err != nil || len(got) != 0 {
		t.Errorf("Facts of nothing = %v, %v", got, err)
	}
}

func wantFacts(t *testing.T, got []clickhouse.MonthlyFact, want []string) {
	t.Helper()
	var lines []string
	for _, f := range got {
		lines = append(lines, fmt.Sprintf("%s %s %s %s of %d", f.Indicator, f.Month, f.Unit, f.Value, f.Observations))
	}
	if !slices.Equal(lines, want) {
		t.Errorf("Facts = %q\nwant %q", lines, want)
	}
}
