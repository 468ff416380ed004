package change

import (
	"fmt"
	"strings"
	"testing"

	"huizong/pkg/reporting"
)

// cases is a ledger of the year to date without a table: its rows cannot be told apart, its values can.
var cases = &reporting.Form{ID: "cases", Shape: reporting.Ledger, Coverage: reporting.CoversYear, Loads: []reporting.Load{{Indicator: "accepted"}, {Indicator: "docket", Opened: "filed"}}}

var catalogue = &reporting.Catalogue{Forms: []*reporting.Form{cases}}

func month(n int) reporting.Period { return reporting.MonthPeriod(reporting.NewMonth(2020, n)) }

func day(text string) reporting.Date { d, _ := reporting.ParseDate(text); return d }

// ledger is a sheet for a month of cases, each as "filed closed".
func sheet(id string, of int, dates ...string) reporting.Stood {
	s := reporting.Stood{Standing: reporting.Standing{Submission: id, Form: "cases", Org: "A", Period: month(of)}}
	for i, text := range dates {
		filed, closed, _ := strings.Cut(text, " ")
		l := reporting.Lineage{Cell: fmt.Sprintf("B%d", i+2)}
		s.Observations = append(s.Observations,
			reporting.Observation{Indicator: "accepted", Unit: "T", Period: reporting.MonthPeriod(day(filed).Month()), Value: reporting.Int(1), Lineage: l},
			reporting.Observation{Indicator: "docket", Unit: "T", Period: month(of), Value: reporting.Int(1), Opened: day(filed), Closed: day(closed), Lineage: l})
	}
	return s
}

func compare(closed reporting.Closed, before, now reporting.Stood) []reporting.Finding {
	return Comparison{Catalogue: catalogue, Form: cases, Closed: closed, Before: []reporting.Stood{before}, Sheet: now, FileOf: func(s string) string { return s }}.Findings()
}

// TestDocketOfClosedMonths: cases on hand are compared by the closed months in which they were open: the same number in each month is not
// enough, for a run of months counts a case once.
func TestDocketOfClosedMonths(t *testing.T) {
	closed := reporting.Closed{reporting.NewMonth(2020, 1): true, reporting.NewMonth(2020, 2): true}
	before := sheet("1", 2, "2020-01-05 2020-02-09", "2020-02-03")
	for name, test := range map[string]struct {
		now  reporting.Stood
		want int
	}{
		"TheSame":            {sheet("2", 3, "2020-02-03", "2020-01-05 2020-02-09"), 0},
		"ClosedInOpenMonth":  {sheet("2", 3, "2020-02-03 2020-03-01", "2020-01-05 2020-02-09", "2020-03-02"), 0},
		"OtherDayOfTheMonth": {sheet("2", 3, "2020-01-15 2020-02-10", "2020-02-01"), 0},
		"ShorterDocket":      {sheet("2", 3, "2020-01-05 2020-01-31", "2020-02-03"), 2}, // one fewer over both months, one more in January alone
		"EarlierMonthSpeaks": {sheet("2", 1), 1},
	} {
		if got := compare(closed, before, test.now); len(got) != test.want {
			t.Errorf("%s: %d findings, want %d: %v", name, len(got), test.want, got)
		}
	}
}

// TestTwoRecordsOfOneRow: the halves of a ledger that is set in two share the rows on paper, and not their records.
func TestTwoRecordsOfOneRow(t *testing.T) {
	keyed := *cases
	keyed.Table, keyed.Key = "ledger_case", []string{"no"}
	keyed.Columns = []reporting.Column{{ID: "no", Field: "no", Type: reporting.TextValue}, {ID: "filed", Field: "filed", Type: reporting.DateValue}}
	book := func(id string, of int, halves bool, dates ...string) reporting.Stood {
		s := sheet(id, of, dates...)
		for i, filed := range dates {
			number, cell := int32(i+2), fmt.Sprintf("B%d", i+2)
			if halves {
				number, cell = int32(i/2+2), fmt.Sprintf("%c%d", 'B'+8*(i%2), i/2+2)
			}
			for k := range s.Observations[2*i : 2*i+2] {
				s.Observations[2*i+k].Cell = cell
			}
			s.Rows = append(s.Rows, reporting.LedgerRow{Table: keyed.Table, Row: number, Fields: []reporting.Field{{Name: "no", Value: fmt.Sprint("no ", filed)}, {Name: "filed", Value: day(filed)}}})
		}
		return s
	}
	find := func(before, now reporting.Stood) int {
		return len(Comparison{Catalogue: &reporting.Catalogue{Forms: []*reporting.Form{&keyed}}, Form: &keyed, Closed: reporting.Closed{reporting.NewMonth(2020, 1): true},
			Before: []reporting.Stood{before}, Sheet: now, FileOf: func(s string) string { return s }}.Findings())
	}
	before := book("1", 2, true, "2020-01-05", "2020-01-07", "2020-01-09")
	if got := find(before, book("2", 2, false, "2020-01-09", "2020-01-05", "2020-01-07")); got != 0 {
		t.Errorf("the same records, one in a row: %d findings", got)
	}
	for _, halves := range []bool{true, false} {
		if got := find(before, book("2", 2, halves, "2020-01-05", "2020-01-09")); got == 0 {
			t.Errorf("halves %v: a record of a row is gone, and nothing was found", halves)
		}
	}
}

// TestBounded: what is more than the list holds is counted.
func TestBounded(t *testing.T) {
	many := make([]reporting.Finding, listed+7)
	if got := bounded(many); len(got) != listed+1 || !strings.Contains(got[listed].Message, "还有 7 处") {
		t.Errorf("%d findings, the last %v", len(got), got[len(got)-1])
	}
	if got := bounded(many[:listed]); len(got) != listed {
		t.Errorf("%d findings of %d", len(got), listed)
	}
}

// TestSaid: what a sheet says of a month is the same however its rows are ordered, and another where a figure of the month is.
func TestSaid(t *testing.T) {
	of := func(s reporting.Stood) map[reporting.Month]string {
		said := map[reporting.Month]string{}
		for _, m := range MonthHashes(catalogue, cases, s) {
			said[m.Month] = m.Hash
		}
		return said
	}
	a, b := of(sheet("1", 2, "2020-01-05", "2020-02-03")), of(sheet("2", 3, "2020-02-03", "2020-01-05", "2020-03-09"))
	c := of(sheet("3", 3, "2020-01-05 2020-01-20", "2020-02-03"))
	january, february := reporting.NewMonth(2020, 1), reporting.NewMonth(2020, 2)
	if len(a) != 2 || len(b) != 3 || a[january] != b[january] || a[february] != b[february] || a[february] == c[february] {
		t.Errorf("said: %v, %v, %v", a, b, c)
	}
}
