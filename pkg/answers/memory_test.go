package answers

import (
	"context"
	"fmt"
	"math/rand"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"huizong/pkg/clickhouse"
	"huizong/pkg/reporting"
	"huizong/pkg/rollup"
)

// fresh computes the figures of a question from the store alone, as if nothing had ever been asked.
func (b *bench) fresh(t *testing.T, q Selection) []reporting.Figure {
	t.Helper()
	catalogue := b.Catalogue
	if q.On != 0 {
		catalogue = catalogue.On(q.On)
	}
	in := rollup.Input{Catalogue: catalogue, Periods: q.Periods, Units: q.Units}
	if slices.Equal(q.Units, []string{"*"}) {
		in.Units = rollup.EveryUnit(catalogue)
	}
	targets, err1 := b.Facts.Targets(t.Context(), q.AsOf)
	baselines, err2 := b.Facts.Baselines(t.Context(), q.AsOf)
	for _, baseline := range baselines {
		in.Baselines = append(in.Baselines, baseline.Baseline)
	}
	var err3, err4 error
	in.Aggregates, err3 = b.Facts.Aggregates(t.Context(), rollup.Needed(q.Periods), q.AsOf, catalogue)
	in.Standings, err4 = b.Facts.Standings(t.Context(), q.AsOf)
	for _, target := range targets {
		for _, s := range in.Standings {
			if s.Submission == target.Submission {
				target.Revision = s.Revision
			}
		}
		in.Targets = append(in.Targets, target.Target)
	}
	for _, err := range []error{err1, err2, err3, err4} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return rollup.Figures(in)
}

// wantFresh compares an answer with one that is made anew.
func (b *bench) wantFresh(t *testing.T, what string, q Selection) {
	t.Helper()
	got, err := b.answers.Figures(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	want := b.fresh(t, q)
	if len(got) != len(want) {
		t.Fatalf("%s: %d figures, want %d", what, len(got), len(want))
	}
	for i := range got {
		if !reflect.DeepEqual(plainFigure(got[i]), plainFigure(want[i])) {
			t.Fatalf("%s: %+v\nwant %+v", what, plainFigure(got[i]), plainFigure(want[i]))
		}
	}
}

// plainFigure is a figure as text: two fractions are equal if they print the same.
func plainFigure(f reporting.Figure) string {
	text := fmt.Sprint(f.Indicator, f.Unit, f.Period, f.Value, f.Numerator, f.Denominator, f.Target, f.Completion, f.Previous, f.YearOnYear,
		f.Reported, f.Expected, f.Missing, f.Restated)
	for _, t := range f.Targets {
		text += fmt.Sprint(" ", t.Level, t.Revision, t.Value, t.Completion)
	}
	return text
}

// randomEntry is a sheet of a form of each kind, decided somehow, of a sender and a month of two years.
func (b *bench) randomEntry(r *rand.Rand) clickhouse.Entry {
	month := reporting.MonthPeriod(reporting.NewMonth(2019+r.Intn(2), 1+r.Intn(12)))
	township := fmt.Sprintf("3499810%02d", 1+r.Intn(5))
	value := func() reporting.Decimal { return reporting.Int(int64(r.Intn(100))) }
	observation := func(indicator, unit string) reporting.Observation {
		return reporting.Observation{Indicator: indicator, Unit: unit, Period: month, Value: value(), Lineage: reporting.Lineage{Cell: "A1"}}
	}
	sheet := reporting.MissingSheet{Form: "employment_monthly", Org: township, Period: month}
	var reading reporting.Reading
	switch r.Intn(8) {
	case 7:
		sheet.Form, sheet.Org = "relations_monthly", "349981LD"
		o := observation("relations.employment_filings", sheet.Org)
		o.Period = month.YearToDate()
		reading.Observations = []reporting.Observation{o}
	case 0, 1:
		reading.Observations = []reporting.Observation{observation("employment.urban_new_jobs", township), observation("employment.registered_unemployed", township),
			observation("employment.registered_labour_force", township)}
	case 2:
		sheet.Form, sheet.Org = "enrolment_monthly", "349981SB"
		reading.Observations = []reporting.Observation{observation("insurance.unemployment.insured", township), observation("insurance.work_injury.insured", township)}
	case 3:
		sheet.Form, sheet.Org = "dispute_cases", "349981ZC"
		for range r.Intn(4) {
			o := observation("disputes.cases_on_docket", township)
			o.Value, o.Opened = reporting.Int(1), month.Start().AddDays(-r.Intn(200))
			if r.Intn(2) == 0 {
				o.Closed = min(o.Opened.AddDays(r.Intn(200)), month.End())
			}
			reading.Observations = append(reading.Observations, o)
		}
	case 4:
		sheet.Form = "enterprise_visits"
		for range r.Intn(3) {
			o := observation("services.enterprises_visited", township)
			o.Value, o.Key = reporting.Int(1), fmt.Sprintf("key %d", r.Intn(4))
			reading.Observations = append(reading.Observations, o)
		}
	case 5:
		year := reporting.YearPeriod(month.First.Year())
		sheet.Form, sheet.Org, sheet.Period = "targets_annual", "349981BG", year
		for _, level := range reporting.TargetLevels {
			reading.Targets = append(reading.Targets, reporting.Target{Indicator: "employment.urban_new_jobs", Year: year.First.Year(), Level: level, Value: value()})
		}
	case 6:
		sheet.Form, sheet.Org, sheet.Period = "baseline_figures", "349981BG", mustPeriod("2019H1")
		reading.Baselines = []reporting.Baseline{{Indicator: "employment.urban_new_jobs", Period: sheet.Period, Value: value()}}
	}
	e := b.Entry(sheet)
	e.Decision.SHA256 = fmt.Sprint("hash ", r.Intn(50))
	e.Reading = reading
	if r.Intn(10) == 0 {
		e.Decision.Outcome, e.Reading, e.Slot = reporting.Rejected, reporting.Reading{}, ""
	}
	return e
}

// carryYearToDate makes the form one whose column carries the year to date instead of the month.
func (b *bench) carryYearToDate(form string) {
	columns := b.Catalogue.Form(form).Columns
	for i := range columns {
		columns[i].Cumulative = columns[i].Type == reporting.Amount && columns[i].SumOf == ""
	}
	b.Catalogue.Index()
}

func (b *bench) randomQuestion(r *rand.Rand) Selection {
	all := []string{"2020H1", "2020Q1", "2020-01..2020-05", "2020", "2019", "2019H1", "2020-06", "2020-02", "2019-11..2020-02"}
	q := Selection{}
	for range 1 + r.Intn(3) {
		q.Periods = append(q.Periods, mustPeriod(all[r.Intn(len(all))]))
	}
	if r.Intn(2) == 0 {
		q.Units = []string{"*"}
	}
	if r.Intn(3) == 0 {
		q.AsOf = b.Now.Add(-time.Hour).Add(time.Duration(r.Intn(b.Sent+2)) * time.Millisecond)
	}
	if r.Intn(4) == 0 {
		q.On = mustPeriod("2021-01").Start()
	}
	return q
}

// TestAnswersAreNeverStale: after sheets in any order, accepted and rejected, sent again, and decided long after they were received,
// an answer out of the memory is the one that the store gives anew.
func TestAnswersAreNeverStale(t *testing.T) {
	t.Parallel()
	for seed := range int64(1) {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			t.Parallel()
			b, r := newBench(t), rand.New(rand.NewSource(seed))
			b.carryYearToDate("relations_monthly")
			var late []clickhouse.Entry
			for step := range 16 {
				for range 1 + r.Intn(3) {
					e := b.randomEntry(r)
					if r.Intn(4) == 0 {
						late = append(late, e) // received before those that follow, decided after them
						continue
					}
					b.Store(t, e)
				}
				if len(late) > 0 && r.Intn(3) == 0 {
					n := r.Intn(len(late))
					b.Store(t, late[n])
					late = slices.Delete(late, n, n+1)
				}
				q := b.randomQuestion(r)
				b.wantFresh(t, fmt.Sprintf("step %d, %v %v as of %s on %s", step, q.Periods, q.Units, q.AsOf, q.On), q)
				b.wantFresh(t, fmt.Sprintf("step %d, asked again", step), q)
			}
		})
	}
}

// TestAnswersWhileSheetsCome: what is read while something is decided is not kept for what it is not.
func TestAnswersWhileSheetsCome(t *testing.T) {
	t.Parallel()
	b, r := newBench(t), rand.New(rand.NewSource(7))
	var questions []Selection
	for range 6 {
		questions = append(questions, b.randomQuestion(r))
	}
	var entries []clickhouse.Entry
	for range 30 {
		entries = append(entries, b.randomEntry(r))
	}
	ctx, stop := context.WithCancel(t.Context())
	var asking sync.WaitGroup
	for i := range 2 {
		asking.Go(func() {
			for n := i; ctx.Err() == nil; n++ {
				if _, err := b.answers.Figures(ctx, questions[n%len(questions)]); err != nil && ctx.Err() == nil {
					t.Errorf("Figures = %v", err)
				}
			}
		})
	}
	for _, e := range entries {
		b.Store(t, e)
	}
	stop()
	asking.Wait()
	for i, q := range questions {
		b.wantFresh(t, fmt.Sprintf("question %d", i), q)
	}
}

// TestOnlyWhatIsTouchedIsAddedUp: a sheet has the store add up the indicators of its form in the periods that hold its month, and the
// year after it for the comparison with last year; nothing else.
func TestOnlyWhatIsTouchedIsAddedUp(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ask := func() []sumKey {
		t.Helper()
		before := map[sumKey]bool{}
		for key := range b.answers.memory.sums {
			before[key] = true
		}
		q := Selection{Periods: []reporting.Period{half, mustPeriod("2020-05"), mustPeriod("2020-06"), mustPeriod("2020Q1")}}
		b.wantFresh(t, "figures", q)
		var added []sumKey
		for key := range b.answers.memory.sums {
			if !before[key] {
				added = append(added, key)
			}
		}
		return added
	}
	forms := 0
	for _, f := range b.Catalogue.Forms {
		if len(f.Indicators()) > 0 {
			forms++
		}
	}
	if added := ask(); len(added) != 8*forms {
		t.Errorf("%d sums at first, want %d forms in 4 periods and the same of last year", len(added), forms)
	}
	if added := ask(); len(added) != 0 {
		t.Errorf("asked again: %d sums, want none", len(added))
	}
	touched := func(form, org, period string, want ...string) {
		t.Helper()
		b.Accept(t, reporting.MissingSheet{Form: form, Org: org, Period: mustPeriod(period)})
		var got []string
		for _, key := range ask() {
			if key.form != form {
				t.Errorf("a sheet of %s touches %s", form, key.form)
			}
			got = append(got, key.period.String())
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%s of %s touches %v, want %v", form, period, got, want)
		}
	}
	touched("employment_monthly", "349981001", "2020-05", "2020-05", "2020H1")
	touched("employment_monthly", "349981001", "2019-06", "2019-06", "2019H1")
	touched("employment_monthly", "349981001", "2020-11")
	b.carryYearToDate("relations_monthly")
	touched("relations_monthly", "349981LD", "2020-04", "2020-05", "2020-06", "2020H1") // what came in in May is a difference to April
	touched("dispute_cases", "349981ZC", "2020-05", "2020-05", "2020H1", "2020Q1")      // a ledger of the year so far
	b.Accept(t, reporting.MissingSheet{Form: "targets_annual", Org: "349981BG", Period: mustPeriod("2020")})
	if added := ask(); len(added) != 0 {
		t.Errorf("targets touch %d sums, want none", len(added))
	}
}

// TestMemoryForgets: it keeps what was used last, and never more than it may.
func TestMemoryForgets(t *testing.T) {
	var m memory
	key := func(n int) sumKey { return sumKey{form: fmt.Sprint(n)} }
	list := make([]reporting.Aggregate, aggregatesKept/10)
	for n := range 25 {
		m.keepSum(key(n), list)
		if _, ok := m.sum(key(0)); n < 20 && !ok {
			t.Errorf("after %d sums the one that is used all the time is gone", n+1)
		}
		if m.size > aggregatesKept || m.size != len(m.sums)*len(list) {
			t.Errorf("after %d sums: %d aggregates in %d sums", n+1, m.size, len(m.sums))
		}
	}
	m.keepSum(key(99), make([]reporting.Aggregate, aggregatesKept+1))
	if m.size > aggregatesKept {
		t.Errorf("%d aggregates are kept, want at most %d", m.size, aggregatesKept)
	}
	for n := range 2 * momentsKept {
		m.keepStandings("mark", time.UnixMilli(int64(n)), nil)
		m.keepPlans([32]byte{byte(n)}, plans{})
	}
	last := time.UnixMilli(2*momentsKept - 1)
	if _, ok := m.standings("mark", last); !ok || len(m.stood) != momentsKept {
		t.Errorf("%d moments are kept, want the last %d", len(m.stood), momentsKept)
	}
	if _, ok := m.plans([32]byte{2*momentsKept - 1}); !ok || len(m.planned) != momentsKept {
		t.Errorf("%d plans are kept, want the last %d", len(m.planned), momentsKept)
	}
	if _, ok := m.standings("another mark", last); ok {
		t.Error("what stood is found under another mark")
	}
}
