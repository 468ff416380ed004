package clickhouse_test

import (
	"fmt"
	"strings"
	"testing"

	"huizong/pkg/reporting"
)

// TestReportedTwice: two units in one month are a pair, two months of one unit are none; of a year's indicator two months of two units are.
func TestReportedTwice(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	seen := func(n int, indicator, unit, month, key string) {
		e := entry(n, month, reporting.Observation{Indicator: indicator, Unit: unit, Period: period(month), Value: reporting.Int(1), Key: key,
			Lineage: reporting.Lineage{Sheet: "台账", Cell: fmt.Sprint("C", n), Written: "masked"}})
		e.Decision.Org, e.Decision.Form = unit, fmt.Sprint("form", n) // none replaces another
		mustWrite(t, s, e)
	}
	for n, f := range []string{
		"employment.visits A 2020-01 x", "employment.visits B 2020-01 x", "employment.visits A 2020-02 x", "employment.visits A 2020-01 y",
		"insurance.subsidies A 2020-01 x", "insurance.subsidies C 2020-03 x", "insurance.subsidies C 2020-03 y", "insurance.subsidies A 2021-01 y",
	} {
		w := strings.Fields(f)
		seen(n+1, w[0], w[1], w[2], w[3])
	}
	for span, want := range map[string]string{
		"":        "C1 C2 C5 C6",
		"2020-01": "C1 C2 C5 C6",
		"2020-02": "C5 C6", // the year's
		"2021":    "",
	} {
		var p reporting.Period
		if span != "" {
			p = period(span)
		}
		facts, err := s.ReportedTwice(t.Context(), p, []string{"insurance.subsidies"})
		var got []string
		for _, f := range facts {
			got = append(got, f.Cell)
		}
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("reported twice in %q: %v, %v, want %s", span, got, err, want)
		}
	}
	if facts, err := s.ReportedTwice(t.Context(), reporting.Period{}, nil); err != nil || len(facts) != 2 {
		t.Errorf("without yearly ones: %v, %v", facts, err)
	}
}
