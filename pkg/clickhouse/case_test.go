package clickhouse_test

import (
	"reflect"
	"testing"
	"time"

	"huizong/pkg/clickhouse"
	"huizong/pkg/reporting"
)

// TestCases: the cases of standing submissions, with who is involved; a row that does not say is left out.
func TestCases(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	first := full(1)
	second := full(2)
	second.Decision.Form, second.Decision.Org = "inspection", "B"
	second.Reading.Rows = []reporting.LedgerRow{{Table: "ledger_inspection_case", Sheet: "台账", Row: 4, Fields: []reporting.Field{
		{Name: "accepted_on", Value: date("2020-02-01")}, {Name: "closed_on", Value: date("2020-03-01")}, {Name: "unit", Value: "B"}, {Name: "workers", Value: reporting.Int(12)}}}}
	other := second.Reading.Rows[0] // in the other half of the same row of the paper
	other.Fields = append(other.Fields[:3:3], reporting.Field{Name: "workers", Value: reporting.Int(5)})
	second.Reading.Rows = append(second.Reading.Rows, other)
	mustWrite(t, s, first, second)
	want := []clickhouse.Case{
		{Ledger: "ledger_dispute_case", Persons: 3, Opened: date("2020-01-03")},
		{Ledger: "ledger_inspection_case", Unit: "B", Persons: 12, Opened: date("2020-02-01"), Closed: date("2020-03-01")},
		{Ledger: "ledger_inspection_case", Unit: "B", Persons: 5, Opened: date("2020-02-01"), Closed: date("2020-03-01")},
	}
	if got, err := s.Cases(t.Context(), time.Time{}); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("Cases = %+v, %v, want %+v", got, err, want)
	}
	if got, err := s.Cases(t.Context(), receipt(0)); err != nil || len(got) != 0 {
		t.Errorf("Cases before = %+v, %v, want none", got, err)
	}
}

// TestObservationsOf: one pass over several indicators gives what one pass each gives.
func TestObservationsOf(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	mustWrite(t, s, full(1), entry(2, "2020-02", jobs("2020-02", "7")))
	codes := []string{"employment.jobs", "insurance.persons"}
	for _, p := range []string{"2020-01", "2020Q1", "2019"} {
		all, err := s.ObservationsOf(t.Context(), codes, period(p), time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, code := range codes {
			want, err := s.Observations(t.Context(), code, "", period(p), time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			var got []reporting.Fact
			for _, f := range all {
				if f.Indicator == code {
					got = append(got, f)
				}
			}
			n += len(got)
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s of %s = %+v, want %+v", code, p, got, want)
			}
		}
		if n != len(all) {
			t.Errorf("%s: %d observations, want %d", p, len(all), n)
		}
	}
	if got, err := s.ObservationsOf(t.Context(), nil, period("2020Q1"), time.Time{}); err != nil || got != nil {
		t.Errorf("of nothing = %v, %v", got, err)
	}
}
