package judge

import (
	"bytes"
	"path"
	"slices"
	"strings"
	"testing"

	"huizong/pkg/reporting"
	"huizong/pkg/sample"
	"huizong/pkg/workbook"
	"huizong/schemas"
)

func newOwn(t *testing.T) *Judge {
	t.Helper()
	c, err := schemas.Load(schemas.FS())
	if err != nil {
		t.Fatal(err)
	}
	j, err := New(c, []byte("a secret of thirty-two bytes, yes"), workbook.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func mustPeriod(tb testing.TB, text string) reporting.Period {
	tb.Helper()
	p, err := reporting.ParsePeriod(text)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// TestRecogniseKit: of half a year of sheets as clerks make them, every one that will be accepted is recognised; none is taken for
// another form or, where it names one, another period.
func TestRecogniseKit(t *testing.T) {
	r := newOwn(t)
	kit, err := sample.Generate(sample.Config{Seed: 11})
	if err != nil {
		t.Fatal(err)
	}
	named, sheets := 0, 0
	for _, f := range kit.Files {
		if f.Expect != reporting.Accepted {
			continue
		}
		sheets++
		rec, err := r.Recognise(bytes.NewReader(f.Bytes), f.Org, nil, reporting.Hint{Period: mustPeriod(t, "2020-06"), FileName: "报表" + path.Ext(f.Path)})
		if err != nil {
			t.Fatalf("%s: %v", f.Path, err)
		}
		if rec.Form != f.Form || rec.Sure == reporting.Unknown || rec.Org != f.Org || rec.FormTitle.ZH == "" || rec.OrgName.ZH == "" || len(rec.Sheets) == 0 {
			t.Errorf("%s (%s): %+v", f.Path, f.Note, rec)
		}
		switch {
		case rec.Period == f.Period:
			named++
			if slices.ContainsFunc(rec.Findings, func(f reporting.Finding) bool { return f.Code != reporting.UnreadSheet }) || len(rec.Further) > 0 {
				t.Errorf("%s (%s) will be accepted, but: %v", f.Path, f.Note, rec.Findings)
			}
		case !rec.Period.IsZero():
			t.Errorf("%s (%s): taken for %s, is of %s", f.Path, f.Note, rec.Period, f.Period)
		}
	}
	if sheets < 250 || named*100 < sheets*90 {
		t.Errorf("of %d sheets the period of %d was recognised", sheets, named)
	}
	t.Logf("%d sheets, %d with their period", sheets, named)
}

// jobs is form 1 as text, under a title and an info line.
func jobs(title, info string) string {
	return title + "\n" + info + "\n指标名称,计量单位,本月数,本年累计\n城镇新增就业人数,人,12,60\n失业人员再就业人数,人,3,18\n就业困难人员就业人数,人,1,6\n期末城镇登记失业人数,人,210,—\n" +
		"期末城镇登记劳动力人数,人,8000,—\n引进外埠人员,人,5,30\n举办线下招聘会,场,1,6\n开发公益性岗位,个,2,9\n集中政策宣讲,场,1,6\n案外调解劳动争议,件,4,20\n"
}

func TestRecognise(t *testing.T) {
	r := newOwn(t)
	for name, c := range map[string]struct {
		file, org, fileName string
		form                string
		sure                reporting.Sureness
		period, from        string
		wantOrg             string
		finding             reporting.FindingCode
	}{
		"AsPrinted":        {jobs("就业创业工作月报表", "填报单位：城东街道,报表所属期：2020年6月"), "349981001", "x.csv", "employment_monthly", reporting.Certain, "2020-06", "sheet", "349981001", ""},
		"MonthWithoutYear": {jobs("6月份就业创业工作月报表", ""), "349981001", "x.csv", "employment_monthly", reporting.Certain, "2020-06", "sheet", "349981001", ""},
		"InFileName":       {jobs("", ""), "349981001", "城东5月.csv", "employment_monthly", reporting.Likely, "2020-05", "file_name", "349981001", ""},
		"SheetBeforeName":  {jobs("就业创业工作月报表", "报表所属期：2020年6月"), "349981001", "2020年5月.csv", "employment_monthly", reporting.Certain, "2020-06", "sheet", "349981001", ""},
		"NoPeriod":         {jobs("", ""), "349981001", "x.csv", "employment_monthly", reporting.Likely, "", "", "349981001", ""},
		"OnlyTheYear":      {jobs("2020年就业创业工作月报表", ""), "349981001", "x.csv", "employment_monthly", reporting.Certain, "", "", "349981001", ""},
		"SoFar":            {jobs("就业创业工作月报表", "报表所属期：2020年1-5月"), "349981001", "x.csv", "employment_monthly", reporting.Certain, "2020-05", "sheet", "349981001", ""},
		"UnitFromSheet":    {jobs("就业创业工作月报表", "填报单位：港口镇人民政府,报表所属期：2020年6月"), "", "x.csv", "employment_monthly", reporting.Certain, "2020-06", "sheet", "349981100", ""},
		"AnotherUnit":      {jobs("就业创业工作月报表", "填报单位：港口镇,报表所属期：2020年6月"), "349981001", "x.csv", "employment_monthly", reporting.Certain, "2020-06", "sheet", "349981001", reporting.WrongOrg},
		"NotTheirs":        {jobs("就业创业工作月报表", "报表所属期：2020年6月"), "349981SB", "x.csv", "employment_monthly", reporting.Certain, "2020-06", "sheet", "349981SB", reporting.WrongOrg},
		"UnknownForm":      {"甲,乙\n1,2\n", "349981001", "2020年6月.csv", "", reporting.Unknown, "", "", "349981001", reporting.UnknownForm},
		"Empty":            {"", "349981001", "x.csv", "", reporting.Unknown, "", "", "349981001", "any"},
		"NoWorkbook":       {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 cut off", "349981001", "x.xls", "", reporting.Unknown, "", "", "349981001", reporting.UnreadableFile},
	} {
		rec, err := r.Recognise(strings.NewReader(c.file), c.org, nil, reporting.Hint{Period: mustPeriod(t, "2020-06"), FileName: c.fileName})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if rec.Form != c.form || rec.Sure != c.sure || rec.Period.String() != c.period || rec.PeriodFrom != c.from || rec.Org != c.wantOrg {
			t.Errorf("%s: %s (%s) for %s (from %q) of %s; want %s (%s) for %s (from %q) of %s",
				name, rec.Form, rec.Sure, rec.Period, rec.PeriodFrom, rec.Org, c.form, c.sure, c.period, c.from, c.wantOrg)
		}
		if (len(rec.Findings) > 0) != (c.finding != "") || c.finding != "" && c.finding != "any" && !slices.ContainsFunc(rec.Findings, func(f reporting.Finding) bool { return f.Code == c.finding }) {
			t.Errorf("%s: findings %v, want %q", name, rec.Findings, c.finding)
		}
		for _, f := range rec.Findings {
			if f.Message == "" || f.MessageEN == "" {
				t.Errorf("%s: a finding without words: %+v", name, f)
			}
		}
	}
}

// TestRecogniseAmongMonths: of a workbook with a sheet a month the one of the month that is collected is taken, and the others are
// offered.
func TestRecogniseAmongMonths(t *testing.T) {
	r := newOwn(t)
	var sheets []*reporting.Sheet
	for _, name := range []string{"5月", "6月"} {
		one, err := r.Sheets(strings.NewReader(jobs("就业创业工作月报表", "")))
		if err != nil {
			t.Fatal(err)
		}
		one[0].Name = name
		sheets = append(sheets, one[0])
	}
	for _, month := range []string{"2020-05", "2020-06"} {
		guesses := r.matcher.Recognise(sheets, mustPeriod(t, month))
		if len(guesses) < 2 || guesses[0].Layout.Names != mustPeriod(t, month) || guesses[1].Layout.Names == guesses[0].Layout.Names || !guesses[0].Whole {
			t.Errorf("in %s: %d guesses, the first for %s", month, len(guesses), guesses[0].Layout.Names)
		}
		if alternative(guesses[1]).Period == mustPeriod(t, month) {
			t.Errorf("in %s: the other sheet is offered for the same month", month)
		}
	}
}
