package worker

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"huizong/pkg/answers"
	"huizong/pkg/reporting"
	"huizong/pkg/sample"
)

// TestRestated: a month is restated where accepted sheets have said different things of it, also where a ledger of a later month said the
// other thing, or where the sheet was another month's that is taken off; not where the later one says the same.
func TestRestated(t *testing.T) {
	a, b := dispute{no: "〔2020〕1号", filed: "2020-01-10"}, dispute{no: "〔2020〕2号", filed: "2020-02-03"}
	later := a
	later.closed = "2020-02-20"
	earlier := a
	earlier.filed = "2020-01-20"
	moved := a
	moved.closed = "2020-01-31"
	for name, test := range map[string]struct {
		indicator string
		files     []sample.File
		want      string // months
	}{
		"OneLedger":          {"disputes.cases_accepted", []sample.File{disputes(2, a, b)}, ""},
		"LedgerThatGoesOn":   {"disputes.cases_accepted", []sample.File{disputes(1, a), disputes(2, later, b)}, ""},
		"SameFigures":        {"disputes.cases_accepted", []sample.File{disputes(1, a), disputes(2, earlier, b)}, ""},
		"LaterLedgerDiffers": {"disputes.cases_accepted", []sample.File{disputes(1, a), disputes(2, moved, b)}, "2020-01"},
		"LaterLedgerLacks":   {"disputes.cases_accepted", []sample.File{disputes(1, a), disputes(2, b)}, "2020-01"},
		"PutBack":            {"disputes.cases_accepted", []sample.File{disputes(1, a), disputes(2, b), disputes(3, a, b)}, "2020-01 2020-02"}, // it was open in February, too
		"YearToDate": {"employment.graduates_placed", []sample.File{progress("349981001", "01", "10", "3", "1", "4"), progress("349981001", "03", "30", "3", "1", "4"),
			progress("349981001", "01", "12", "3", "1", "4")}, "2020-01 2020-02 2020-03"}, // February's would be taken off from it, too
	} {
		t.Run(name, func(t *testing.T) {
			s := newClosedStage(t)
			w := s.newDecider(t)
			for _, f := range test.files {
				if d := s.send(t, w, f); d.Outcome != reporting.Accepted {
					t.Fatal(d.Findings)
				}
			}
			a, err := answers.New(answers.Config{Facts: s.Facts, Catalogue: s.Catalogue})
			if err != nil {
				t.Fatal(err)
			}
			figures, err := a.Figures(t.Context(), answers.Selection{Indicator: test.indicator, Periods: []reporting.Period{monthOf(1), monthOf(2), monthOf(3), monthOf(4)}})
			if err != nil {
				t.Fatal(err)
			}
			marked := map[string]bool{}
			for _, f := range figures {
				if f.Restated {
					marked[f.Period.String()] = true
				}
			}
			if got := strings.Join(slices.Sorted(maps.Keys(marked)), " "); got != test.want {
				t.Errorf("restated: %q, want %q", got, test.want)
			}
		})
	}
}
