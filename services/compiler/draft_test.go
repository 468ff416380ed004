package compiler

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"huizong/pkg/answers"
	"huizong/pkg/clickhouse/clickhousetest"
	"huizong/pkg/compile"
	"huizong/pkg/compile/pdf"
	"huizong/pkg/nats"
	"huizong/pkg/reporting"
	"huizong/pkg/reports"
	"huizong/schemas"
)

func TestMain(m *testing.M) { os.Exit(clickhousetest.Main(m)) }

// bench is a compiler with everything below it but the bus.
type bench struct {
	*clickhousetest.City
	*Compiler
}

// newBench drafts the reports.
func newBench(t *testing.T, ids ...string) *bench {
	t.Helper()
	city := clickhousetest.New(t)
	answers, err := answers.New(answers.Config{Facts: city.Facts, Catalogue: city.Catalogue})
	if err != nil {
		t.Fatal(err)
	}
	templates := map[string]*compile.Template{}
	for _, id := range append(ids, "leader_brief") { // which nobody drafts
		if templates[id], err = compile.LoadTemplate(schemas.FS(), "reports/"+id, city.Catalogue); err != nil {
			t.Fatal(err)
		}
	}
	return &bench{city, New(Config{Log: zap.NewNop(), Reports: reports.New(reports.Config{
		Answers: answers, Templates: templates, Now: func() time.Time { return city.Now }, DraftsFolder: t.TempDir(),
		Fonts: func() (*pdf.Fonts, error) { return nil, reporting.Errorf(reporting.Unavailable, "no font") }})})}
}

var half = mustPeriod("2020H1")

func mustPeriod(s string) reporting.Period {
	p, err := reporting.ParsePeriod(s)
	if err != nil {
		panic(err)
	}
	return p
}

// wait is a timer that the service has started and that the test ends.
type wait struct {
	after time.Duration
	fire  chan time.Time
}

// onBus is a bench whose compiler runs on a NATS server of its own, with timers that fire when the test says so.
type onBus struct {
	*bench
	timers chan wait
	looks  chan task
}

func newOnBus(t *testing.T, ids ...string) *onBus {
	t.Helper()
	b := &onBus{bench: newBench(t, ids...), timers: make(chan wait, 16), looks: make(chan task, 16)}
	server, err := nats.StartServer(nats.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if b.Bus, err = server.Connect(nats.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Bus.Close(); server.Close() })
	if err := b.Bus.EnsureStreams(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	b.Timer = func(d time.Duration) Timer {
		w := wait{d, make(chan time.Time, 1)}
		b.timers <- w
		return Timer{C: w.fire, Stop: func() {}}
	}
	b.looked = func(t task) { b.looks <- t }
	return b
}

// run starts the service and returns its first two timers, and what stops it.
func (b *onBus) run(t *testing.T) (settled, deadline wait, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	stop = func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run = %v", err)
		}
	}
	return <-b.timers, <-b.timers, stop
}

// lookedAt waits until it has been looked at n periods of reports.
func (b *onBus) lookedAt(n int) string {
	var periods []string
	for range n {
		periods = append(periods, (<-b.looks).period.String())
	}
	return strings.Join(periods, " ")
}

func (b *onBus) decide(t *testing.T, id string, outcome reporting.Outcome, period string) {
	t.Helper()
	subject, err := nats.DecidedSubject("349981001")
	if err != nil {
		t.Fatal(err)
	}
	payload, _ := json.Marshal(reporting.Decided{Submission: id, Outcome: outcome, Period: mustPeriod(period)})
	if err := b.Bus.Publish(t.Context(), subject, id, payload); err != nil {
		t.Fatal(err)
	}
}

func (b *onBus) listed(t *testing.T) []reporting.Draft {
	t.Helper()
	drafts, err := b.Reports.Drafts()
	if err != nil {
		t.Fatal(err)
	}
	return drafts
}

// TestDraftsComeByThemselves: at the deadline with what there is, again when a sheet comes and it is quiet, and once more when the last
// one is in. The messages are those of a real bus; the test says when time has passed.
func TestDraftsComeByThemselves(t *testing.T) {
	t.Parallel()
	b := newOnBus(t, "half_year")
	owed := b.missing(nil, half)
	b.Accept(t, owed[0])
	settled, deadline, stop := b.run(t)
	if settled.after != 2*time.Second || deadline.after != time.Hour {
		t.Errorf("timers of %s and %s, want to settle for 2 s and one hour to the deadline", settled.after, deadline.after)
	}
	settled.fire <- b.Now
	if looked := b.lookedAt(1); looked != "2020H1" || len(b.listed(t)) != 0 {
		t.Errorf("at the start: looked at %s, drafts %+v, want none before the deadline", looked, b.listed(t))
	}

	b.Now = b.Now.Add(2 * time.Hour)
	deadline.fire <- b.Now
	settled, deadline = <-b.timers, <-b.timers
	if settled.after != 0 || deadline.after < 180*24*time.Hour {
		t.Errorf("at the deadline: timers of %s and %s, want one at once and one for the next half-year", settled.after, deadline.after)
	}
	settled.fire <- b.Now
	b.lookedAt(1)
	drafts := b.listed(t)
	if len(drafts) != 1 || drafts[0].Because != "deadline" || drafts[0].Period != half || len(drafts[0].Missing) == 0 {
		t.Fatalf("at the deadline: %+v", drafts)
	}

	b.decide(t, "rejected", reporting.Rejected, "2019-06") // changes nothing
	b.Accept(t, owed[1:]...)
	b.decide(t, "accepted", reporting.Accepted, "2020-06")
	settled = <-b.timers
	settled.fire <- b.Now
	if looked := b.lookedAt(1); looked != "2020H1" || settled.after != 2*time.Second {
		t.Errorf("after the last sheet: looked at %s after %s", looked, settled.after)
	}
	if drafts = b.listed(t); len(drafts) != 1 || drafts[0].Because != "complete" || len(drafts[0].Missing) != 0 {
		t.Errorf("after the last sheet: %+v", drafts)
	}
	stop()

	b.decide(t, "while it was away", reporting.Accepted, "2019-08") // kept by the bus
	first, _, stop := b.run(t)
	defer stop()
	settled = <-b.timers
	if first.after != settled.after {
		t.Errorf("timers of %s and %s, want that of the start, set anew by the message", first.after, settled.after)
	}
	settled.fire <- b.Now
	if looked := b.lookedAt(2); looked != "2019H2 2020H1" {
		t.Errorf("after a start: looked at %s", looked)
	}
}

// TestDrafts: at the deadline with what there is, again when the last sheet is in, and not where nothing is new.
func TestDrafts(t *testing.T) {
	t.Parallel()
	b := newBench(t, "half_year")
	draft := func() reporting.Draft {
		t.Helper()
		if err := b.draft(t.Context(), task{b.plans[0], half}); err != nil {
			t.Fatal(err)
		}
		drafts, err := b.Reports.Drafts()
		if err != nil || len(drafts) > 1 {
			t.Fatalf("%d drafts, %v", len(drafts), err)
		}
		if len(drafts) == 0 {
			return reporting.Draft{}
		}
		return drafts[0]
	}
	if d := draft(); d.Because != "" {
		t.Error("a draft of nothing")
	}
	owed := b.missing(nil, half)
	b.Accept(t, owed[0])
	if d := draft(); d.Because != "" {
		t.Error("a draft before the deadline, with sheets missing")
	}
	b.Now = b.Now.Add(2 * time.Hour)
	d := draft()
	if d.Because != "deadline" || len(d.Missing) != len(owed)-1 && b.Catalogue.Form(owed[0].Form).Coverage == reporting.CoversPeriod || len(d.Files) != 6 || len(d.Notes) != 1 {
		t.Errorf("draft at the deadline = %+v", d)
	}
	b.Now = b.Now.Add(time.Hour)
	if again := draft(); !again.Cutoff.Equal(d.Cutoff) {
		t.Error("a draft was made again although nothing is new")
	}
	b.Accept(t, owed[1:]...)
	if d := draft(); d.Because != "complete" || len(d.Missing) != 0 {
		t.Errorf("draft of all = %s, %d missing", d.Because, len(d.Missing))
	}
}

// TestOwed: a half-year owes the sheets of its months, the year's targets, and last year's figures of the same half.
func TestOwed(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	narratives := *b.Catalogue.Form("narrative_half_year")
	narratives.Duty = reporting.YearlyDuty
	for period, want := range map[string][4]string{
		"2020H1": {"2020-01 2020-02 2020-03 2020-04 2020-05 2020-06", "2020", "2019H1", "2020H1"},
		"2020H2": {"2020-07 2020-08 2020-09 2020-10 2020-11 2020-12", "2020", "2019H2", "2020H2"},
	} {
		forms := []*reporting.Form{b.Catalogue.Form("fund_monthly"), b.Catalogue.Form("targets_annual"), b.Catalogue.Form("baseline_figures"), &narratives}
		for i, f := range forms {
			var got []string
			for _, p := range owed(f, mustPeriod(period)) {
				got = append(got, p.String())
			}
			if strings.Join(got, " ") != want[i] {
				t.Errorf("%s owes of %s: %v, want %s", period, f.ID, got, want[i])
			}
		}
	}
	missing := b.missing(nil, half)
	has := func(form string) bool {
		return slices.ContainsFunc(missing, func(m reporting.MissingSheet) bool { return m.Form == form })
	}
	if !has("targets_annual") || !has("baseline_figures") || has("narrative_half_year") || has("enterprise_visits") {
		t.Error("of a city without sheets the targets and last year's figures are missing, and nothing that nobody owes")
	}
}

// TestEachByItsCalendar: every report whose template has a day is drafted for its own kind of period, on its own day; a short one of long ago is not.
func TestEachByItsCalendar(t *testing.T) {
	t.Parallel()
	b := newBench(t, "half_year", "monthly_bulletin", "quarterly_bulletin", "annual_report")
	var got []string
	for _, p := range b.plans {
		got = append(got, fmt.Sprintf("%s of %s on %s", p.report, p.before(b.Now), p.next(b.Now).Format("01-02 15:04")))
	}
	want := []string{"annual_report of 2019 on 01-15 09:00", "half_year of 2020H1 on 07-01 09:00", "monthly_bulletin of 2020-06 on 07-11 09:00", "quarterly_bulletin of 2020Q2 on 07-12 09:00"}
	if !slices.Equal(got, want) {
		t.Errorf("at %s: %v, want %v", b.Now, got, want)
	}
	june := task{b.plans[2], mustPeriod("2020-06")}
	b.Accept(t, b.missing(nil, june.period)...)
	drafted := func() []reporting.Draft {
		t.Helper()
		if err := b.draft(t.Context(), june); err != nil {
			t.Fatal(err)
		}
		drafts, err := b.Reports.Drafts()
		if err != nil {
			t.Fatal(err)
		}
		return drafts
	}
	now := b.Now
	b.Now = now.AddDate(1, 0, 0)
	if drafts := drafted(); len(drafts) != 0 {
		t.Errorf("a bulletin of last year was drafted: %+v", drafts)
	}
	b.Now = now
	if drafts := drafted(); len(drafts) != 1 || drafts[0].Report != "monthly_bulletin" || drafts[0].Because != "complete" || drafts[0].Period != june.period {
		t.Errorf("the bulletin of a month that is complete: %+v", drafts)
	}
}

func TestPeriodsBefore(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("UTC+8", 8*60*60)
	for now, want := range map[string]string{"2020-07-01": "2020H1 2020-06 2020Q2 2019", "2020-12-31": "2020H1 2020-11 2020Q3 2019", "2021-01-01": "2020H2 2020-12 2020Q4 2020"} {
		day, err := time.ParseInLocation(time.DateOnly, now, zone)
		var got []string
		for _, k := range []reporting.PeriodKind{reporting.EachHalf, reporting.EachMonth, reporting.EachQuarter, reporting.EachYear} {
			got = append(got, plan{kind: k}.before(day).String())
		}
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("before %s: %v, want %s", now, got, want)
		}
	}
}
