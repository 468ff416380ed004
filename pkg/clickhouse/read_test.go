package clickhouse_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"huizong/pkg/clickhouse"
	"huizong/pkg/reporting"
)

func TestOutcome(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	e := full(1)
	e.Decision.ReceivedAt = time.Date(2020, 7, 1, 16, 0, 0, 123e6, reporting.Zone)
	if _, ok, err := s.Outcome(t.Context(), id(1)); ok || err != nil {
		t.Errorf("Outcome before = %v, %v, want none", ok, err)
	}
	mustInsert(t, s, e)
	if _, ok, err := s.Outcome(t.Context(), id(1)); ok || err != nil {
		t.Errorf("Outcome after Insert = %v, %v, want none", ok, err)
	}
	mustWrite(t, s, e)
	mustWrite(t, s, entry(3, "2020-03"))
	got, ok, err := s.Outcome(t.Context(), id(1))
	want := e.Decision
	want.ReceivedAt = want.ReceivedAt.UTC()
	if err != nil || !ok || !reflect.DeepEqual(got, want) {
		t.Errorf("Outcome = %+v, %v, %v\nwant %+v", got, ok, err, want)
	}
	if got, err := s.DecidedAll(t.Context()); err != nil || !reflect.DeepEqual(got, map[string]bool{id(1): true, id(3): true}) {
		t.Errorf("DecidedAll = %v, %v", got, err)
	}
}

// TestReplay: a submission that could not be decided is on the list until a later entry of the journal has decided it. From that moment on, and
// not before it, what it says stands; and it has no part in what was judged before.
func TestReplay(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	undecided := func(n int) clickhouse.Entry {
		e := entry(n, "2020-01")
		e.Decision.Outcome, e.Decision.Findings = reporting.Rejected, []reporting.Finding{reporting.UndecidedFinding()}
		return e
	}
	list := func(want ...string) {
		t.Helper()
		got, err := s.Undecided(t.Context())
		var ids []string
		for _, g := range got {
			ids = append(ids, g.Submission)
		}
		if err != nil || !slices.Equal(ids, want) {
			t.Errorf("Undecided = %v, %v, want %v", ids, err, want)
		}
	}
	mustWrite(t, s, undecided(1), undecided(2), entry(3, "2020-03", jobs("2020-03", "3")))
	list(id(1), id(2))
	if d, _, err := s.Outcome(t.Context(), id(1)); err != nil || !d.ThroughOurFault() {
		t.Errorf("%+v, %v", d, err)
	}
	if sent, err := s.Sent(t.Context(), "A", period("2020-01"), period("2020-03")); err != nil || len(sent) != 3 || !sent[0].OurFault || !sent[1].OurFault || sent[2].OurFault {
		t.Errorf("Sent = %+v, %v", sent, err)
	}
	again := entry(1, "2020-01", jobs("2020-01", "5"))
	again.Replay = reporting.Envelope{ID: id(7), ReceivedAt: receipt(7)}
	mustWrite(t, s, again)
	late := undecided(1) // another run of the first try ends after all
	mustWrite(t, s, late)
	list(id(2))
	wantJobs(t, s, time.Time{}, "2020-01=5", "2020-03=3")
	wantJobs(t, s, receipt(6), "2020-03=3")
	wantJobs(t, s, receipt(7), "2020-01=5", "2020-03=3")
	if d, _, err := s.Outcome(t.Context(), id(1)); err != nil || d.Outcome != reporting.Accepted || len(d.Findings) != 0 {
		t.Errorf("after the replay: %+v, %v", d, err)
	}
	for before, want := range map[string]int{id(7): 1, id(8): 2} {
		if _, stood, err := s.History(t.Context(), "jobs", "A", before); err != nil || len(stood) != want {
			t.Errorf("before %s there stood %v, %v; want %d", before, stood, err, want)
		}
	}
	if got, err := s.DecidedAll(t.Context()); err != nil || len(got) != 4 || !got[id(7)] {
		t.Errorf("DecidedAll = %v, %v", got, err)
	}
}

func TestSubmissions(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	other := entry(2, "2020-01")
	other.Decision.Org, other.Decision.Form = "B", "cases"
	bad := entry(3, "2020-02")
	bad.Decision.Outcome = reporting.Rejected
	bad.Decision.Findings = full(3).Decision.Findings
	before := time.Now().Truncate(time.Second)
	mustWrite(t, s, entry(1, "2020-01"), other, bad)
	after := time.Now()
	for name, test := range map[string]struct {
		filter clickhouse.SubmissionFilter
		want   []string
	}{
		"All":     {clickhouse.SubmissionFilter{}, []string{id(3), id(2), id(1)}},
		"Limit":   {clickhouse.SubmissionFilter{Limit: 2}, []string{id(3), id(2)}},
		"After":   {clickhouse.SubmissionFilter{After: id(3), Limit: 1}, []string{id(2)}},
		"Org":     {clickhouse.SubmissionFilter{Org: "A"}, []string{id(3), id(1)}},
		"Form":    {clickhouse.SubmissionFilter{Form: "cases"}, []string{id(2)}},
		"Period":  {clickhouse.SubmissionFilter{Period: period("2020-01")}, []string{id(2), id(1)}},
		"Quarter": {clickhouse.SubmissionFilter{Period: period("2020Q1")}, nil},
	} {
		found, err := s.Submissions(t.Context(), test.filter)
		var got []string
		for _, f := range found {
			got = append(got, f.Submission)
		}
		if err != nil || !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: Submissions = %v, %v, want %v", name, got, err, test.want)
		}
	}
	found, err := s.Submissions(t.Context(), clickhouse.SubmissionFilter{Limit: 1})
	if err != nil || found[0].Outcome != reporting.Rejected || found[0].FindingCount != 2 || found[0].Findings != nil ||
		found[0].Period != period("2020-02") || found[0].DecidedAt.Before(before) || found[0].DecidedAt.After(after) {
		t.Errorf("Submissions = %+v, %v", found, err)
	}
}

// TestStanding: the newest accepted submission of a slot speaks; of a year-to-date ledger the one of the latest period.
func TestStanding(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t) // one for all cases: each has a sender of its own
	year := func(n int, p string) clickhouse.Entry {
		e := entry(n, p)
		e.Decision.Form, e.Slot = "cases", "2020"
		return e
	}
	reject := func(e clickhouse.Entry) clickhouse.Entry {
		e.Decision.Outcome = reporting.Rejected
		return e
	}
	for name, test := range map[string]struct {
		sent []clickhouse.Entry // each at the minute of its number
		asOf time.Time
		want []string
	}{
		"None":           {nil, time.Time{}, nil},
		"Months":         {[]clickhouse.Entry{entry(2, "2020-02"), entry(1, "2020-01")}, time.Time{}, []string{id(1), id(2)}},
		"Resubmission":   {[]clickhouse.Entry{entry(1, "2020-01"), entry(2, "2020-01")}, time.Time{}, []string{id(2)}},
		"OutOfOrder":     {[]clickhouse.Entry{entry(2, "2020-01"), entry(1, "2020-01")}, time.Time{}, []string{id(2)}},
		"Rejected":       {[]clickhouse.Entry{entry(1, "2020-01"), reject(entry(2, "2020-01"))}, time.Time{}, []string{id(1)}},
		"OnlyRejected":   {[]clickhouse.Entry{reject(entry(1, "2020-01"))}, time.Time{}, nil},
		"YearToDate":     {[]clickhouse.Entry{year(1, "2020-01"), year(2, "2020-03"), year(3, "2020-02")}, time.Time{}, []string{id(2)}},
		"YearSamePeriod": {[]clickhouse.Entry{year(1, "2020-03"), year(2, "2020-03"), year(3, "2020-02")}, time.Time{}, []string{id(2)}},
		"AsOfBefore":     {[]clickhouse.Entry{entry(1, "2020-01"), entry(2, "2020-01")}, receipt(1), []string{id(1)}},
		"AsOfAt":         {[]clickhouse.Entry{entry(1, "2020-01"), entry(2, "2020-01")}, receipt(2), []string{id(2)}},
		"AsOfJustBefore": {[]clickhouse.Entry{entry(1, "2020-01"), entry(2, "2020-01")}, receipt(2).Add(-time.Millisecond), []string{id(1)}},
		"AsOfNothing":    {[]clickhouse.Entry{entry(1, "2020-01")}, receipt(0), nil},
		"AsOfYear":       {[]clickhouse.Entry{year(1, "2020-01"), year(2, "2020-03"), year(3, "2020-02")}, receipt(1), []string{id(1)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, e := range test.sent {
				e.Decision.Org = name
				e.Decision.Submission += name
				mustWrite(t, s, e)
			}
			standings, err := s.Standings(t.Context(), test.asOf)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, st := range standings {
				if st.Org != name {
					continue
				}
				got = append(got, strings.TrimSuffix(st.Submission, name))
				if st.Form == "" || st.Period.IsZero() || st.ReceivedAt.IsZero() {
					t.Errorf("standing %+v lacks something", st)
				}
			}
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("Standings = %v, want %v", got, test.want)
			}
		})
	}
}

func TestResubmissionAndAsOf(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	mustWrite(t, s, entry(1, "2020-01", jobs("2020-01", "10")))
	mustWrite(t, s, entry(2, "2020-02", jobs("2020-02", "20")))
	mustWrite(t, s, entry(3, "2020-01", jobs("2020-01", "11")))
	wantJobs(t, s, time.Time{}, "2020-01=11", "2020-02=20")
	wantJobs(t, s, receipt(2), "2020-01=10", "2020-02=20")
	wantJobs(t, s, receipt(1), "2020-01=10")
	wantJobs(t, s, receipt(0))
}

// TestHistory: what stood when a submission came, whatever has been decided since.
func TestHistory(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	bad := entry(5, "2020-03")
	bad.Decision.Outcome = reporting.Rejected
	otherOrg, otherForm := entry(6, "2020-03", jobs("2020-03", "1")), entry(7, "2020-03", jobs("2020-03", "1"))
	otherOrg.Decision.Org, otherForm.Decision.Form = "B", "fund"
	mustWrite(t, s,
		entry(1, "2017-02", jobs("2017-02", "1")), entry(2, "2017-03", jobs("2017-03", "2")), entry(3, "2020-01", jobs("2020-01", "3")),
		entry(4, "2020-01", jobs("2020-01", "4")), bad, otherOrg, otherForm, entry(8, "2020-02", jobs("2020-02", "8")), entry(9, "2020-01", jobs("2020-01", "9")))
	for before, want := range map[int]string{
		1: "", 2: "2017-02=1", 3: "2017-02=1 2017-03=2", 4: "2017-02=1 2017-03=2 2020-01=3",
		8:  "2017-02=1 2017-03=2 2020-01=4",
		9:  "2017-03=2 2020-01=4 2020-02=8", // 36 months up to 2020-02
		10: "2017-03=2 2020-01=9 2020-02=8",
	} {
		facts, standing, err := s.History(t.Context(), "jobs", "A", id(before))
		var got []string
		for _, f := range facts {
			got = append(got, f.Period.String()+"="+f.Value.String())
		}
		if err != nil || strings.Join(got, " ") != want || len(standing) != len(got) {
			t.Errorf("History before %d = %v with %d standing, %v, want %v", before, got, len(standing), err, want)
		}
	}
}

func TestSameFile(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	send := func(n int, p, sha string, outcome reporting.Outcome) {
		e := entry(n, p)
		e.Decision.SHA256, e.Decision.Outcome = sha, outcome
		mustWrite(t, s, e)
	}
	send(1, "2020-01", "x", reporting.Rejected)
	send(2, "2020-01", "x", reporting.Accepted)
	send(3, "2020-01", "y", reporting.Accepted)
	send(4, "2020-01", "x", reporting.Accepted)
	for _, test := range []struct {
		org, form, period, sha string
		before                 int
		want                   string
	}{
		{"A", "jobs", "2020-01", "x", 2, ""}, // the rejected one does not count
		{"A", "jobs", "2020-01", "x", 3, id(2)},
		{"A", "jobs", "2020-01", "x", 9, id(4)},
		{"A", "jobs", "2020-01", "z", 9, ""},
		{"B", "jobs", "2020-01", "x", 9, ""},
		{"A", "fund", "2020-01", "x", 9, ""},
		{"A", "jobs", "2020-02", "x", 9, ""},
	} {
		got, err := s.SameFile(t.Context(), test.org, test.form, period(test.period), test.sha, id(test.before))
		if err != nil || got != test.want {
			t.Errorf("SameFile(%+v) = %q, %v", test, got, err)
		}
	}
}

func TestTargetsAndTexts(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	old, e := full(1), full(2)
	old.Reading.Targets[0].Value = reporting.Int(7)
	again := full(3) // the very sheet that stands
	province := e.Reading.Targets[0]
	province.Level, province.Value = "province", reporting.MustDecimal("0.035")
	for _, same := range []*clickhouse.Entry{&e, &again} {
		same.Reading.Targets = append(same.Reading.Targets, province)
		same.Decision.SHA256 = "the second sheet"
	}
	mustWrite(t, s, old)
	mustWrite(t, s, e)
	mustWrite(t, s, again)
	origin := clickhouse.Origin{Submission: id(3), Form: "jobs", Sender: "A"}

	targets, err := s.Targets(t.Context(), time.Time{})
	if err != nil || len(targets) != 2 || targets[1].Level != "province" || targets[1].Value.String() != "0.035" {
		t.Fatalf("Targets = %+v, %v, want two", targets, err)
	}
	if stands, err := s.Standings(t.Context(), time.Time{}); err != nil || len(stands) != 1 || stands[0].Revision != 2 || len(stands[0].Restated) == 0 {
		t.Errorf("Standings = %+v, %v, want one of revision 2: the same sheet sent again is none", stands, err)
	}
	if !targets[0].Value.Equal(e.Reading.Targets[0].Value) || targets[0].Origin != origin ||
		targets[0].Lineage != e.Reading.Targets[0].Lineage || targets[0].Year != 2020 || targets[0].Level != "city" {
		t.Errorf("Targets = %+v, %v", targets, err)
	}
	if targets, err = s.Targets(t.Context(), receipt(1)); err != nil || len(targets) != 1 || targets[0].Value.String() != "7" {
		t.Errorf("Targets as of the first = %+v, %v", targets, err)
	}
	if stands, err := s.Standings(t.Context(), receipt(1)); err != nil || len(stands) != 1 || stands[0].Revision != 1 || stands[0].Restated != nil {
		t.Errorf("Standings as of the first = %+v, %v, want one of revision 1", stands, err)
	}
	baselines, err := s.Baselines(t.Context(), time.Time{})
	if err != nil || len(baselines) != 1 || baselines[0].Value.String() != "0.123456" || baselines[0].Period != period("2019H1") || baselines[0].Origin != origin {
		t.Errorf("Baselines = %+v, %v", baselines, err)
	}
	narratives, err := s.Narratives(t.Context(), time.Time{})
	if err != nil || len(narratives) != 1 || narratives[0].Narrative != e.Reading.Narratives[0] || narratives[0].Origin != origin {
		t.Errorf("Narratives = %+v, %v", narratives, err)
	}
}

// TestObservations: the facts behind a number, in the order of the sheet.
func TestObservations(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	at := func(o reporting.Observation, unit, cell string) reporting.Observation {
		o.Unit, o.Cell = unit, cell
		return o
	}
	docket := func(opened, closed, cell string) reporting.Observation {
		o := reporting.Observation{Indicator: "disputes.docket", Unit: "A", Period: period("2020-03"), Value: reporting.Int(1), Opened: date(opened), Lineage: reporting.Lineage{Cell: cell}}
		if closed != "" {
			o.Closed = date(closed)
		}
		return o
	}
	mustWrite(t, s,
		entry(1, "2020-01", at(jobs("2020-01", "1"), "B", "D10"), at(jobs("2020-01", "2"), "A", "D9"), at(jobs("2020-01", "3"), "A", "D10")),
		entry(2, "2020-03", docket("2019-11-01", "2020-01-31", "C1"), docket("2019-12-01", "", "C2"), docket("2020-03-31", "", "C3")))
	for _, test := range []struct{ indicator, unit, period, want string }{
		{"employment.jobs", "", "2020-01", "D9 D10 D10"},
		{"employment.jobs", "B", "2020-01", "D10"},
		{"employment.jobs", "", "2020Q1", "D9 D10 D10"},
		{"employment.jobs", "", "2020-02", ""},
		{"disputes.docket", "", "2020-01", "C1 C2"},
		{"disputes.docket", "A", "2020-02", "C2"},
		{"disputes.docket", "A", "2020-03", "C2 C3"},
		{"disputes.docket", "A", "2020-04", ""}, // no ledger speaks of April
		{"disputes.docket", "A", "2020H1", "C1 C2 C3"},
		{"disputes.docket", "A", "2019", ""},
		{"", "", "", ""},
	} {
		var p reporting.Period
		if test.period != "" {
			p = period(test.period)
		}
		facts, err := s.Observations(t.Context(), test.indicator, test.unit, p, time.Time{})
		var got []string
		for _, f := range facts {
			got = append(got, f.Cell)
		}
		if err != nil || strings.Join(got, " ") != test.want {
			t.Errorf("Observations(%+v) = %v, %v", test, got, err)
		}
	}
}

// TestInjection: names come from sheets and requests. None of them is ever part of a query.
func TestInjection(t *testing.T) {
	t.Parallel()
	s, conn := newStore(t)
	for n, name := range []string{`'`, `' OR 1=1 --`, `\`, `\'`, "a\tb\nc\rd", "{x:String}", "?", "$1", `"; DROP TABLE fact_employment; --`, "`", "\x00", "示例", "@x"} {
		e := entry(n+1, "2020-01", jobs("2020-01", "1"))
		e.Decision.Submission, e.Decision.Org, e.Decision.Form, e.Decision.SHA256 = name, name, name, name
		e.Reading.Observations[0].Indicator, e.Reading.Observations[0].Unit = "employment."+name, name
		mustWrite(t, s, e)
		if d, ok, err := s.Outcome(t.Context(), name); err != nil || !ok || d.Org != name || d.Form != name {
			t.Errorf("Outcome(%q) = %+v, %v, %v", name, d, ok, err)
		}
		if got, err := s.Submissions(t.Context(), clickhouse.SubmissionFilter{Org: name, Form: name}); err != nil || len(got) != 1 {
			t.Errorf("Submissions(%q) = %v, %v", name, got, err)
		}
		if got, err := s.Observations(t.Context(), "employment."+name, name, reporting.Period{}, time.Time{}); err != nil || len(got) != 1 {
			t.Errorf("Observations(%q) = %v, %v", name, got, err)
		}
		if got, err := s.SameFile(t.Context(), name, name, period("2020-01"), name, "\xff"); err != nil || got != name {
			t.Errorf("SameFile(%q) = %q, %v", name, got, err)
		}
		if facts, _, err := s.History(t.Context(), name, name, "\xff"); err != nil || len(facts) != 1 {
			t.Errorf("History(%q) = %v, %v", name, facts, err)
		}
	}
	mustCount(t, conn, "SELECT count() FROM fact_employment", 13)
}
