package clickhouse_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"huizong/pkg/clickhouse"
	"huizong/pkg/reporting"
)

// found is n findings of the severity.
func found(n int, severity reporting.Severity) []reporting.Finding {
	all := make([]reporting.Finding, n)
	for i := range all {
		all[i] = reporting.Finding{Code: reporting.Outlier, Severity: severity, Cell: fmt.Sprintf("C%d", i+1), Message: "异常", MessageEN: "odd"}
	}
	return all
}

func TestSent(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	warned := entry(1, "2020-01", jobs("2020-01", "10"))
	warned.Decision.Findings = append(found(2, reporting.SeverityWarning), found(1, reporting.SeverityNote)...)
	bad := entry(2, "2020-01")
	bad.Decision.Outcome, bad.Decision.Findings = reporting.Rejected, append(found(3, reporting.SeverityError), found(1, reporting.SeverityWarning)...)
	unknown := entry(3, "2020-02")
	unknown.Decision.Outcome, unknown.Decision.Form, unknown.Slot, unknown.Decision.Findings = reporting.Rejected, "", "", found(1, reporting.SeverityError)
	half := entry(4, "2020H1")
	half.Decision.Org, half.Decision.Form = "B", "texts"
	other := entry(5, "2020-03")
	mustWrite(t, s, warned, bad, unknown, half, other)
	// A second run of the first one comes to the same later: it neither counts nor adds its findings.
	again := warned
	again.Attempt = clickhouse.NewAttempt()
	mustWrite(t, s, again)

	sent := func(e clickhouse.Entry, errors, warnings, notes int) reporting.Sent {
		d := e.Decision
		return reporting.Sent{Submission: d.Submission, Form: d.Form, Org: d.Org, Period: d.Period, Outcome: d.Outcome, FileName: d.FileName,
			SHA256: d.SHA256, ReceivedAt: d.ReceivedAt, Errors: errors, Warnings: warnings, Notes: notes}
	}
	for name, test := range map[string]struct {
		org     string
		periods []string
		want    []reporting.Sent
	}{
		"None":    {"", nil, nil},
		"OfAUnit": {"B", []string{"2020H1", "2020-01"}, []reporting.Sent{sent(half, 0, 0, 0)}},
		"Month":   {"", []string{"2020-01"}, []reporting.Sent{sent(warned, 0, 2, 1), sent(bad, 3, 1, 0)}},
		"Several": {"", []string{"2020H1", "2020-02"}, []reporting.Sent{sent(unknown, 1, 0, 0), sent(half, 0, 0, 0)}},
		"Nothing": {"", []string{"2019-01", "2020Q1"}, nil},
	} {
		var periods []reporting.Period
		for _, p := range test.periods {
			periods = append(periods, period(p))
		}
		if got, err := s.Sent(t.Context(), test.org, periods...); err != nil || !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: Sent = %+v, %v\nwant %+v", name, got, err, test.want)
		}
	}
}

func TestNewest(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	bad := entry(3, "2020-01")
	bad.Decision.Outcome = reporting.Rejected
	mustWrite(t, s, entry(1, "2020-01"), entry(2, "2020-01"), bad, entry(4, "2020-02"))
	for _, test := range []struct{ org, form, period, want string }{
		{"A", "jobs", "2020-01", id(2)},
		{"A", "jobs", "2020-02", id(4)},
		{"A", "jobs", "2020-03", ""},
		{"B", "jobs", "2020-01", ""},
		{"A", "cases", "2020-01", ""},
	} {
		if got, err := s.Newest(t.Context(), test.org, test.form, period(test.period)); err != nil || got != test.want {
			t.Errorf("Newest(%s %s %s) = %q, %v; want %q", test.org, test.form, test.period, got, err, test.want)
		}
	}
}

// BenchmarkSent asks for the half-year of a city among ten years of it: 30 units, 17 forms, 6 months, a third sent twice.
func BenchmarkSent(b *testing.B) {
	s, _ := newStore(b)
	var periods []reporting.Period
	for m := range reporting.Month(6) {
		periods = append(periods, reporting.MonthPeriod(reporting.NewMonth(2020, 1)+m))
	}
	n := 0
	for m := range reporting.Month(120) {
		var batch []clickhouse.Entry
		for i := range 30 * 17 * 4 / 3 {
			n++
			e := entry(n, (reporting.NewMonth(2011, 1) + m).String())
			e.Decision.Org, e.Decision.Form = fmt.Sprintf("U%d", i%30), fmt.Sprintf("form%d", i/30%17)
			e.Decision.ReceivedAt = time.Date(2020, 7, 1, 0, 0, 0, 0, time.UTC)
			e.Decision.Findings = found(i%5, reporting.SeverityWarning)
			batch = append(batch, e)
		}
		mustWrite(b, s, batch...)
	}
	for b.Loop() {
		list, err := s.Sent(b.Context(), "", periods...)
		if err != nil || len(list) != 6*30*17*4/3 {
			b.Fatalf("%d submissions, %v", len(list), err)
		}
	}
}
