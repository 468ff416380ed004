package compiler

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"huizong/pkg/nats"
	"huizong/pkg/reporting"
)

// wait is a timer that the service has started and that the test ends.
type wait struct {
	after time.Duration
	fire  chan time.Time
}

// onBus is a bench whose compiler runs on a NATS server of its own, with timers that fire when the test says so.
type onBus struct {
	*bench
	timers chan wait
	looks  chan reporting.Period
}

func newOnBus(t *testing.T) *onBus {
	t.Helper()
	b := &onBus{bench: newBench(t), timers: make(chan wait, 16), looks: make(chan reporting.Period, 16)}
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
	b.looked = func(p reporting.Period) { b.looks <- p }
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

// lookedAt waits until it has been looked at n half-years.
func (b *onBus) lookedAt(n int) string {
	var periods []string
	for range n {
		periods = append(periods, (<-b.looks).String())
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

// asked asks a verb over the bus.
func (b *onBus) asked(t *testing.T, verb string, q reporting.Question) (nats.Reply, error) {
	t.Helper()
	subject, err := nats.CompilerSubject(verb)
	if err != nil {
		t.Fatal(err)
	}
	payload, _ := json.Marshal(q)
	return b.Bus.Request(t.Context(), subject, payload, nil)
}

func (b *onBus) listed(t *testing.T) []reporting.Draft {
	t.Helper()
	var drafts []reporting.Draft
	reply, err := b.asked(t, Drafts, reporting.Question{})
	if err == nil {
		err = json.Unmarshal(reply.Data, &drafts)
	}
	if err != nil {
		t.Fatal(err)
	}
	return drafts
}

// TestDraftsComeByThemselves: at the deadline with what there is, again when a sheet comes and it is quiet, and once more when the last
// one is in. The messages are those of a real bus; the test says when time has passed.
func TestDraftsComeByThemselves(t *testing.T) {
	t.Parallel()
	b := newOnBus(t)
	owed := b.missing(nil, half)
	b.accept(t, owed[0])
	settled, deadline, stop := b.run(t)
	if settled.after != 2*time.Second || deadline.after != time.Hour {
		t.Errorf("timers of %s and %s, want to settle for 2 s and one hour to the deadline", settled.after, deadline.after)
	}
	settled.fire <- b.now
	if looked := b.lookedAt(1); looked != "2020H1" || len(b.listed(t)) != 0 {
		t.Errorf("at the start: looked at %s, drafts %+v, want none before the deadline", looked, b.listed(t))
	}

	b.now = b.now.Add(2 * time.Hour)
	deadline.fire <- b.now
	settled, deadline = <-b.timers, <-b.timers
	if settled.after != 0 || deadline.after < 180*24*time.Hour {
		t.Errorf("at the deadline: timers of %s and %s, want one at once and one for the next half-year", settled.after, deadline.after)
	}
	settled.fire <- b.now
	b.lookedAt(1)
	drafts := b.listed(t)
	if len(drafts) != 1 || drafts[0].Because != "deadline" || drafts[0].Period != half || len(drafts[0].Missing) == 0 {
		t.Fatalf("at the deadline: %+v", drafts)
	}

	b.decide(t, "rejected", reporting.Rejected, "2019-06") // changes nothing
	b.accept(t, owed[1:]...)
	b.decide(t, "accepted", reporting.Accepted, "2020-06")
	settled = <-b.timers
	settled.fire <- b.now
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
	settled.fire <- b.now
	if looked := b.lookedAt(2); looked != "2019H2 2020H1" {
		t.Errorf("after a start: looked at %s", looked)
	}
}

// TestDraftFiles: a draft's files can be had by name, and nothing else can.
func TestDraftFiles(t *testing.T) {
	t.Parallel()
	b := newOnBus(t)
	b.now = b.now.Add(2 * time.Hour)
	b.accept(t, b.missing(nil, half)[0])
	if err := b.draft(t.Context(), half); err != nil {
		t.Fatal(err)
	}
	_, _, stop := b.run(t)
	defer stop()
	q := reporting.Question{Report: "half_year", Periods: []reporting.Period{half}, File: "half-year-2020H1.html"}
	reply, err := b.asked(t, DraftFile, q)
	if err != nil || !strings.Contains(string(reply.Data), "2020年上半年") || reply.Headers[PolicyHeader] == "" {
		t.Errorf("draft file: %d bytes, headers %v, %v", len(reply.Data), reply.Headers, err)
	}
	for name, change := range map[string]func(*reporting.Question){
		"NoFile":     func(q *reporting.Question) { q.File = "half-year-2020H1.doc" },
		"Note":       func(q *reporting.Question) { q.File = draftNote },
		"Elsewhere":  func(q *reporting.Question) { q.File = "../half-year-2020H1/half-year-2020H1.html" },
		"NoPeriod":   func(q *reporting.Question) { q.Periods = []reporting.Period{mustPeriod("2019H1")} },
		"NoReport":   func(q *reporting.Question) { q.Report = "nothing" },
		"PathReport": func(q *reporting.Question) { q.Report = "x/../half_year" },
	} {
		wrong := q
		change(&wrong)
		if _, err := b.asked(t, DraftFile, wrong); reporting.CodeOf(err) != reporting.NotFound {
			t.Errorf("%s: %v, want not_found", name, err)
		}
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
