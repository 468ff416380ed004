package clickhouse_test

import (
	"testing"

	"huizong/pkg/reporting"
)

func TestReplaced(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	send := func(n int, p string, form *reporting.Form, outcome reporting.Outcome) {
		e := entry(n, p)
		e.Decision.Form, e.Decision.Outcome, e.Slot = form.ID, outcome, form.Slot(period(p))
		mustWrite(t, s, e)
	}
	month := &reporting.Form{ID: "jobs"}
	year := &reporting.Form{ID: "cases", Coverage: reporting.CoversYear}
	send(1, "2020-01", month, reporting.Accepted)
	send(2, "2020-01", month, reporting.Rejected)
	send(3, "2020-02", month, reporting.Accepted)
	send(4, "2020-01", year, reporting.Accepted)
	send(5, "2020-02", year, reporting.Accepted)
	send(6, "2020-01", year, reporting.Accepted)
	for _, test := range []struct {
		org, period string
		form        *reporting.Form
		before      int
		want        string
	}{
		{"A", "2020-01", month, 1, ""},
		{"A", "2020-01", month, 9, id(1)}, // a rejected one replaces nothing
		{"A", "2020-03", month, 9, ""},
		{"B", "2020-01", month, 9, ""},
		{"A", "2020-02", year, 5, id(4)}, // the ledger of the month before spoke for the year
		{"A", "2020-01", year, 6, id(4)}, // a ledger of an earlier month takes the place of its like
		{"A", "2020-03", year, 9, id(5)}, // the latest period speaks, not the newest submission
		{"A", "2021-01", year, 9, ""},
	} {
		got, err := s.Replaced(t.Context(), test.org, test.form, period(test.period), id(test.before))
		if err != nil || got != test.want {
			t.Errorf("Replaced(%s %s %s before %d) = %q, %v; want %q", test.org, test.form.ID, test.period, test.before, got, err, test.want)
		}
	}
}
