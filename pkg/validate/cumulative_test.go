package validate_test

import (
	"fmt"
	"strings"
	"testing"

	"huizong/pkg/reporting"
	"huizong/pkg/validate"
)

// TestYearToDate: of a form that carries only the year to date, what came in within the month is compared with the months before, and the
// year to date with those of the months around it.
func TestYearToDate(t *testing.T) {
	form := &reporting.Form{ID: "f", Shape: reporting.IndicatorForm, Periods: "month", Columns: []reporting.Column{
		{ID: "name", Header: "指标", Type: reporting.RowLabel}, {ID: "year", Header: "累计", Type: reporting.Amount, Cumulative: true}},
		Rows: []reporting.FormRow{{Code: "a.jobs", Label: "就业", Indicator: "a.jobs"}}}
	c := &reporting.Catalogue{City: "1", Forms: []*reporting.Form{form}, Units: []reporting.OrgUnit{{Code: "1"}},
		Indicators: []reporting.Indicator{{Code: "a.jobs", Measure: "人", Kind: reporting.Flow, Rollup: reporting.RollupSum}}}
	c.Index()
	checker, err := validate.New(c)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		month int
		value int64
		stood map[int]int64 // months' years to date; below 0: of last year
		want  string
	}{
		"January":            {1, 5, nil, ""},
		"Alike":              {5, 50, map[int]int64{1: 10, 2: 20, 3: 31, 4: 40}, ""},
		"Outlier":            {5, 4000, map[int]int64{1: 10, 2: 20, 3: 31, 4: 40}, "outlier “累计”折合本月为 3,960"},
		"A month is missing": {6, 4000, map[int]int64{1: 10, 2: 20, 3: 31, 4: 40}, ""},
		"Falls":              {3, 19, map[int]int64{1: 10, 2: 20}, "cumulative_mismatch “累计”为 19，2020年2月已受理的是 20"},
		"Falls after a gap":  {4, 9, map[int]int64{1: 10}, "cumulative_mismatch “累计”为 9，2020年1月已受理的是 10"},
		"Above a later one":  {2, 30, map[int]int64{1: 10, 4: 29}, "cumulative_mismatch “累计”为 30，2020年4月已受理的是 29"},
		"A new year":         {1, 3, map[int]int64{-12: 100}, ""},
	} {
		var history validate.History
		for m, value := range test.stood {
			month := reporting.NewMonth(2020, 1) + reporting.Month(m) - 1
			if m < 0 {
				month = reporting.NewMonth(2019, -m)
			}
			p := reporting.MonthPeriod(month)
			history.Standing = append(history.Standing, reporting.Standing{Period: p})
			history.Facts = append(history.Facts, reporting.Fact{Observation: reporting.Observation{Indicator: "a.jobs", Unit: "1", Period: p.YearToDate(), Value: reporting.Int(value)}})
		}
		table := &reporting.Table{Form: form, Org: "1", Period: reporting.MonthPeriod(reporting.NewMonth(2020, test.month)), Lines: []reporting.Line{
			{Row: 2, Code: "a.jobs", Unit: "1", Values: []reporting.Value{{}, {Presence: reporting.Given, Number: reporting.Int(test.value), Cell: "B2"}}}}}
		var got []string
		for _, f := range checker.Check(table, history) {
			got = append(got, fmt.Sprint(f.Code, " ", f.Message))
			if f.Severity != reporting.SeverityWarning || f.Cell != "B2" || f.MessageEN == "" {
				t.Errorf("%s: %+v", name, f)
			}
		}
		if text := strings.Join(got, "; "); !strings.Contains(strings.ReplaceAll(text, "就业", ""), test.want) || test.want == "" && text != "" || len(got) > 1 {
			t.Errorf("%s: %q, want %q", name, text, test.want)
		}
	}
}
