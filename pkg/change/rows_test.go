package change

import (
	"fmt"
	"strings"
	"testing"

	"huizong/pkg/reporting"
)

// docketForm is a ledger of the year to date whose rows can be told apart: by number and person.
var docketForm = &reporting.Form{ID: "cases", Shape: reporting.Ledger, Coverage: reporting.CoversYear, Table: "cases", Key: []string{"no", "person"},
	Columns: []reporting.Column{
		{ID: "no", Header: "案号", Type: reporting.TextValue, Field: "no"},
		{ID: "person", Header: "身份证号", Type: reporting.IDNumber, Field: "person"},
		{ID: "filed", Header: "立案日期", Type: reporting.DateValue, Field: "filed"},
		{ID: "month", Header: "所属月份", Type: reporting.MonthValue, Field: "month"},
		{ID: "note", Header: "备注", Type: reporting.TextValue},
	}, Loads: []reporting.Load{{Indicator: "accepted"}}}

// filed is a row of such a ledger; its number is "no" and its person has the number too.
type filed struct{ no, day string }

func rowsOf(id string, of int, rows ...filed) reporting.Stood {
	s := reporting.Stood{Standing: reporting.Standing{Submission: id, Form: "cases", Org: "A", Period: month(of)}}
	for i, r := range rows {
		row := int32(i + 4)
		s.Rows = append(s.Rows, reporting.LedgerRow{Table: "cases", Sheet: "台账", Row: row, Fields: []reporting.Field{
			{Name: "no", Value: r.no}, {Name: "person_key", Value: "key of " + r.no}, {Name: "id_masked", Value: "3499**" + r.no}, {Name: "filed", Value: day(r.day)},
			{Name: "month", Value: reporting.MonthPeriod(day(r.day).Month())}}})
		s.Observations = append(s.Observations, reporting.Observation{Indicator: "accepted", Unit: "T", Period: reporting.MonthPeriod(day(r.day).Month()), Value: reporting.Int(1),
			Lineage: reporting.Lineage{Sheet: "台账", Cell: fmt.Sprintf("C%d", row)}})
	}
	return s
}

func closed(months ...int) reporting.Closed {
	c := reporting.Closed{}
	for _, n := range months {
		c[reporting.NewMonth(2020, n)] = true
	}
	return c
}

func findings(form *reporting.Form, c reporting.Closed, sheet reporting.Stood, before ...reporting.Stood) []reporting.Finding {
	return Comparison{Catalogue: &reporting.Catalogue{Forms: []*reporting.Form{form}}, Form: form, Closed: c, Before: before, Sheet: sheet,
		FileOf: func(s string) string { return s + ".xlsx" }}.Findings()
}

// TestRows: a row that would move a figure of a closed month is named by what it is called, with what it said and says, and its cell; a row that is gone otherwise
// is a warning.
func TestRows(t *testing.T) {
	before := rowsOf("1", 2, filed{"7号", "2020-01-05"}, filed{"8号", "2020-02-03"})
	for name, test := range map[string]struct {
		now  reporting.Stood
		want []string // code, cell, and words of each finding
	}{
		"the same in another order": {rowsOf("2", 3, filed{"8号", "2020-02-03"}, filed{"7号", "2020-01-05"}), nil},
		"moved out of the month": {rowsOf("2", 3, filed{"7号", "2020-02-05"}, filed{"8号", "2020-02-03"}),
			[]string{"period_locked A4 案号 7号，身份证号 3499**7号 原来是“立案日期 2020-01-05，所属月份 2020-01-01”（1.xlsx 台账!A4），现在是“立案日期 2020-02-05，所属月份 2020-02-01”"}},
		"a row more":                 {rowsOf("2", 3, filed{"7号", "2020-01-05"}, filed{"8号", "2020-02-03"}, filed{"9号", "2020-01-31"}), []string{"period_locked C6 案号 9号 原来没有这一行"}},
		"a row of the month gone":    {rowsOf("2", 3, filed{"8号", "2020-02-03"}), []string{"period_locked  缺少 案号 7号 1.xlsx 台账!A4"}},
		"a row of an open month":     {rowsOf("2", 3, filed{"7号", "2020-01-05"}), []string{"row_left_out  案号 8号 1.xlsx 台账!A5"}},
		"an earlier month":           {rowsOf("2", 1, filed{"7号", "2020-01-05"}), []string{"later_stands  2020年2月 1.xlsx"}},
		"decided again, it is later": {rowsOf("0", 2, filed{"7号", "2020-01-05"}), []string{"later_stands  2020年2月 1.xlsx"}},
		"a day of another month":     {rowsOf("2", 3, filed{"7号", "2020-01-05"}, filed{"8号", "2020-01-07"}), []string{"period_locked C5 案号 8号 现在是“立案日期 2020-01-07，所属月份 2020-01-01”"}},
	} {
		got := findings(docketForm, closed(1), test.now, before)
		if len(got) != len(test.want) {
			t.Errorf("%s: %d findings, want %d: %v", name, len(got), len(test.want), got)
			continue
		}
		for i, f := range got {
			checkFinding(t, name, f, test.want[i])
		}
	}
}

func checkFinding(t *testing.T, name string, f reporting.Finding, want string) {
	t.Helper()
	code, rest, _ := strings.Cut(want, " ")
	cell, words, _ := strings.Cut(rest, " ")
	if string(f.Code) != code || f.Cell != cell || f.MessageEN == "" || (f.Severity == reporting.SeverityError) != (f.Code == reporting.PeriodLocked) {
		t.Errorf("%s: %s at %q: %s, want %s", name, f.Code, f.Cell, f.Message, want)
	}
	for _, word := range strings.Fields(words) {
		if !strings.Contains(f.Message, word) {
			t.Errorf("%s: %s does not say %s", name, f.Message, word)
		}
	}
}

// TestTwoRecordsInARow: of two records side by side in one row of the sheet none is taken for the other; the value is named by itself.
func TestTwoRecordsInARow(t *testing.T) {
	now := rowsOf("2", 3, filed{"7号", "2020-01-05"}, filed{"8号", "2020-01-06"})
	now.Rows[1].Row = now.Rows[0].Row
	now.Observations[1].Cell = "G4"
	got := findings(docketForm, closed(1), now, rowsOf("1", 2, filed{"7号", "2020-01-05"}))
	if len(got) != 1 || got[0].Code != reporting.PeriodLocked || !strings.Contains(got[0].Message, "原来是 1，这份表会使它变成 2") {
		t.Errorf("%+v", got)
	}
}

// TestSilence: a month that nobody had reported when it was closed is not reported by the way of a later sheet.
func TestSilence(t *testing.T) {
	got := findings(docketForm, closed(1, 2), rowsOf("1", 3, filed{"7号", "2020-03-05"}))
	if len(got) != 1 {
		t.Fatalf("%+v", got)
	}
	checkFinding(t, "nobody spoke", got[0], "period_locked  2020年1—2月已关闭")
}

// progress is a form of the year to date, whose months are differences.
var progress = &reporting.Form{ID: "progress", Shape: reporting.Matrix, Columns: []reporting.Column{{ID: "n", Cumulative: true, Loads: "jobs"}}}

// TestYearToDate: a sheet of a later month moves a closed one where that is the difference of the two.
func TestYearToDate(t *testing.T) {
	c := catalogueOf(t, progress)
	sum := func(id string, of, n int) reporting.Stood {
		return reporting.Stood{Standing: reporting.Standing{Submission: id, Form: "progress", Org: "A", Period: month(of)}, Reading: reporting.Reading{Observations: []reporting.Observation{
			{Indicator: "jobs", Unit: "A", Period: month(of), Value: reporting.Int(int64(n)), Lineage: reporting.Lineage{Sheet: "S", Cell: "B2", Written: fmt.Sprint(n)}}}}}
	}
	compare := func(closed reporting.Closed, now reporting.Stood, before ...reporting.Stood) []reporting.Finding {
		return Comparison{Catalogue: c, Form: progress, Closed: closed, Before: before, Sheet: now, FileOf: func(s string) string { return s }}.Findings()
	}
	if got := compare(closed(1, 2), sum("3", 3, 90), sum("1", 1, 10), sum("2", 2, 30)); len(got) != 0 {
		t.Errorf("the next month: %+v", got)
	}
	got := compare(closed(2), sum("3", 1, 15), sum("1", 1, 10), sum("2", 2, 30))
	if len(got) != 1 {
		t.Fatalf("%+v", got)
	}
	checkFinding(t, "an earlier month that is open", got[0], "period_locked B2 甲镇就业 原来是 20，这份表会使它变成 15 2020年2月")
	if got := compare(closed(1, 2), sum("3", 2, 30), sum("1", 1, 10)); len(got) != 1 || !strings.Contains(got[0].Message, "原来是 —，这份表会使它变成 20") {
		t.Errorf("a closed month that was not reported: %+v", got)
	}
	if !Concerns(closed(12), progress, month(3)) || Concerns(closed(2), &reporting.Form{}, month(3)) || !Concerns(reporting.Closed{reporting.NewMonth(2021, 3): true}, &reporting.Form{}, month(3)) || Concerns(nil, progress, month(3)) {
		t.Error("which closed months a sheet of March can touch: of the year to date all later ones, of others March and the next year's")
	}
	if hashes := MonthHashes(c, progress, sum("1", 2, 30)); len(hashes) != 1 || hashes[0].Hash == MonthHashes(c, progress, sum("1", 2, 31))[0].Hash {
		t.Errorf("hashes: %v", hashes)
	}
	if hashes := MonthHashes(c, &reporting.Form{Shape: reporting.TargetForm}, sum("1", 2, 30)); hashes != nil {
		t.Errorf("a form of targets has hashes %v of a month", hashes)
	}
}

func catalogueOf(t *testing.T, form *reporting.Form) *reporting.Catalogue {
	t.Helper()
	c := &reporting.Catalogue{City: "C", Forms: []*reporting.Form{form}, Indicators: []reporting.Indicator{{Code: "jobs", Name: reporting.Text{ZH: "就业"}, Kind: reporting.Flow, Rollup: reporting.RollupSum}},
		Units: []reporting.OrgUnit{{Code: "A", Name: reporting.Text{ZH: "甲镇"}}}}
	c.Index()
	return c
}

// TestTargets: the year's target and last year's figures stand beside every closed month that shows them.
func TestTargets(t *testing.T) {
	form := &reporting.Form{ID: "targets", Shape: reporting.TargetForm, Coverage: reporting.CoversYear}
	c := catalogueOf(t, form)
	sheet := func(id string, target, baseline int) reporting.Stood {
		s := reporting.Stood{Standing: reporting.Standing{Submission: id, Form: "targets", Period: reporting.YearPeriod(2020)}}
		s.Targets = []reporting.Target{{Indicator: "jobs", Year: 2020, Level: reporting.CityTarget, Value: reporting.Int(int64(target)), Lineage: reporting.Lineage{Cell: "C5"}}}
		s.Baselines = []reporting.Baseline{{Indicator: "jobs", Period: reporting.MonthPeriod(reporting.NewMonth(2019, 3)), Value: reporting.Int(int64(baseline)), Lineage: reporting.Lineage{Cell: "C9"}}}
		return s
	}
	for name, test := range map[string]struct {
		closed reporting.Closed
		now    reporting.Stood
		want   string
	}{
		"the same":               {closed(3), sheet("2", 100, 8), ""},
		"nothing closed":         {closed(), sheet("2", 200, 9), ""},
		"target":                 {closed(1, 2, 5), sheet("2", 200, 8), "period_locked C5 就业年度目标 2020年1—2月、2020年5月 原来是 100，这份表会使它变成 200"},
		"last year":              {closed(3), sheet("2", 100, 9), "period_locked C9 就业上年同期数 2020年3月 原来是 8，这份表会使它变成 9"},
		"last year, month open":  {closed(2), sheet("2", 100, 9), ""},
		"a target that was none": {closed(3), reporting.Stood{Standing: sheet("2", 0, 0).Standing, Reading: reporting.Reading{Baselines: sheet("2", 0, 8).Baselines}}, "period_locked  就业年度目标 100，这份表会使它变成 —"},
	} {
		got := Comparison{Catalogue: c, Form: form, Closed: test.closed, Before: []reporting.Stood{sheet("1", 100, 8)}, Sheet: test.now, FileOf: func(s string) string { return s }}.Findings()
		if test.want == "" {
			if len(got) > 0 {
				t.Errorf("%s: %+v", name, got)
			}
			continue
		}
		if len(got) != 1 {
			t.Errorf("%s: %d findings: %+v", name, len(got), got)
			continue
		}
		checkFinding(t, name, got[0], test.want)
	}
}
