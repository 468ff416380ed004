package worker

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"huizong/pkg/answers"
	"huizong/pkg/clickhouse"
	"huizong/pkg/judge/judgetest"
	"huizong/pkg/reporting"
	"huizong/pkg/sample"
)

// progress is a sheet of docs/examples/cumulative_form.yaml: the year to date of three flows, and a stock.
func progress(org, month, placed, poor, subsidy, registered string) sample.File {
	p, err := reporting.ParsePeriod("2020-" + month)
	if err != nil {
		panic(err)
	}
	return sample.File{Path: month + ".csv", Org: org, Form: "employment_progress", Period: p, Bytes: []byte(fmt.Sprintf(
		"重点群体就业进展情况表\n填报单位：,报表所属期：2020年1-%d月,单位：万元\n序号,就业群体,计量单位,年初至本月,备注\n1,高校毕业生就业人数,人,%s,\n2,脱贫劳动力务工人数,人,%s,\n3,发放求职补贴,万元,%s,\n4,期末登记未就业毕业生,人,%s,\n",
		p.Last.Number(), placed, poor, subsidy, registered))}
}

// TestFormOfTheYearToDate: a further YAML, and no Go, for a form whose sheets carry only the year to date. From originals to figures, and
// back to the cells: the month is the difference of two sheets, one that is missing makes no guess, and a sheet sent again moves the month
// after it too.
func TestFormOfTheYearToDate(t *testing.T) {
	example, err := os.ReadFile("../../docs/examples/cumulative_form.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s := newStage(t)
	s.Judge, s.Catalogue = judgetest.Open(t, judgetest.WithFile(t, "forms/employment_progress.yaml", example), s.Store.Mappings)
	kit := &sample.Kit{Files: []sample.File{
		progress("349981001", "01", "10", "3", "1.25", "40"),
		progress("349981001", "02", "25", "3", "2", "41"),
		progress("349981001", "03", "27", "—", "2.50", "45"),
		progress("349981002", "01", "5", "0", "0", "7"),
		progress("349981002", "03", "9", "2", "0.5", "8"),   // February is missing
		progress("349981002", "04", "8", "2", "0.5", "8"),   // fewer than in March: a warning
		progress("349981001", "02", "20", "3", "1.5", "41"), // February again
	}}
	s.receive(t, kit)
	if _, err := New(s.Config).Replay(t.Context(), func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	for i, e := range s.submissions {
		d, _, err := s.Facts.Outcome(t.Context(), e.ID)
		if err != nil || d.Outcome != reporting.Accepted || d.Form != "employment_progress" {
			t.Fatalf("sheet %d is %s as %q: %v, %v", i, d.Outcome, d.Form, d.Findings, err)
		}
		if falls := judgetest.Found(d.Findings, reporting.CumulativeMismatch); falls != (i == 5) {
			t.Errorf("sheet %d: %v", i, d.Findings)
		}
	}
	wantMonths(t, s)
	checkFigures(t, s)
}

// wantMonths: the facts are listed as months, and a difference over several is none of them.
func wantMonths(t *testing.T, s *stage) {
	t.Helper()
	facts, err := s.Facts.Facts(t.Context(), clickhouse.FactFilter{}, s.Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range facts {
		if f.Indicator == "employment.graduates_placed" || f.Indicator == "employment.out_of_poverty_placed" {
			got = append(got, fmt.Sprintf("%.14s %s %s %s", f.Indicator[11:], f.Month, f.Unit[6:], f.Value))
		}
	}
	want := "graduates_plac 2020-01 001 10; graduates_plac 2020-01 002 5; graduates_plac 2020-02 001 10; graduates_plac 2020-03 001 7; graduates_plac 2020-04 002 -1; " +
		"out_of_poverty 2020-01 001 3; out_of_poverty 2020-01 002 0; out_of_poverty 2020-02 001 0; out_of_poverty 2020-04 002 0"
	if text := strings.Join(got, "; "); text != want {
		t.Errorf("facts %s\nwant  %s", text, want)
	}
}

// checkFigures asks for answers, and follows its figures to the cells: these add up to the figure.
func checkFigures(t *testing.T, s *stage) {
	t.Helper()
	a, err := answers.New(answers.Config{Facts: s.Facts, Catalogue: s.Catalogue})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ indicator, unit, period, value, reported, cells string }{
		{"employment.graduates_placed", "349981001", "2020-02", "10", "1/1", "D4=20 D4=-10"},
		{"employment.graduates_placed", "349981001", "2020-03", "7", "1/1", "D4=-20 D4=27"},
		{"employment.graduates_placed", "349981001", "2020Q1", "27", "1/1", "D4=27"},
		{"employment.graduates_placed", "349981002", "2020-03", "", "0/1", ""},
		{"employment.graduates_placed", "349981002", "2020-02..2020-03", "4", "1/1", "D4=-5 D4=9"},
		{"employment.graduates_placed", "349981002", "2020Q1", "9", "1/1", "D4=9"},
		{"employment.graduates_placed", "349981", "2020Q1", "36", "2/19", "D4=27 D4=9"},
		{"employment.graduates_placed", "349981", "2020-03", "7", "1/19", "D4=-20 D4=27"},
		{"employment.job_seeking_subsidy", "349981001", "2020-03", "10000", "1/1", "D6=-15000 D6=25000"},
		{"employment.graduates_registered", "349981002", "2020-03", "8", "1/1", "D7=8"},
	} {
		p, _ := reporting.ParsePeriod(test.period)
		trace, err := a.Trace(t.Context(), test.indicator, test.unit, p, answers.Standpoint{})
		if err != nil {
			t.Fatal(err)
		}
		var cells []string
		for _, o := range trace.Parts[0].Cells {
			cells = append(cells, o.Cell+"="+o.Value.String())
			if o.TakenOff != strings.Contains(o.Value.String(), "-") {
				t.Errorf("%+v: taken off?", o)
			}
		}
		f := trace.Figure
		if got := reporting.PlainNumber(f.Value, 0); got != test.value || fmt.Sprintf("%d/%d", f.Reported, f.Expected) != test.reported || !sameWords(cells, test.cells) {
			t.Errorf("%s %s %s = %q of %d/%d from %v; want %q of %s from %s", test.indicator, test.unit, test.period, got, f.Reported, f.Expected, cells, test.value, test.reported, test.cells)
		}
	}
}

// sameWords compares without regard to order.
func sameWords(got []string, want string) bool {
	count := map[string]int{}
	for _, w := range got {
		count[w]++
	}
	for _, w := range strings.Fields(want) {
		count[w]--
	}
	for _, n := range count {
		if n != 0 {
			return false
		}
	}
	return true
}
