package worker

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"huizong/pkg/judge/judgetest"
	"huizong/pkg/reporting"
	"huizong/pkg/sample"
)

// dispute is a case of the arbitration ledger; closed "" is open.
type dispute struct {
	no, filed, closed string
	persons           int
}

// disputes is the ledger of the year to date for a month.
func disputes(month int, cases ...dispute) sample.File {
	var b strings.Builder
	fmt.Fprintf(&b, "劳动人事争议仲裁案件台账\n填报单位：劳动人事争议仲裁院,,报表所属期：2020年%d月\n", month)
	b.WriteString("序号,案号,申请人,被申请人,所属乡镇（街道）,案由,立案日期,结案日期,结案方式,涉及人数,涉案金额（元）,备注\n")
	for i, c := range cases {
		fmt.Fprintf(&b, "%d,%s,张三,甲公司,港口镇,劳动报酬,%s,%s,,%d,1000,\n", i+1, c.no, c.filed, c.closed, max(c.persons, 1))
	}
	return sample.File{Path: fmt.Sprintf("%d月台账.csv", month), Org: "349981ZC", Form: "dispute_cases", Period: monthOf(month), Bytes: []byte(b.String())}
}

func monthOf(month int) reporting.Period {
	return reporting.MonthPeriod(reporting.NewMonth(2020, month))
}

// period appends a closing or opening to the journal.
func (s *stage) period(t *testing.T, kind reporting.EnvelopeKind, period string) {
	t.Helper()
	p, err := reporting.ParsePeriod(period)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Store.Append(t.Context(), reporting.Envelope{Kind: kind, Period: p, Reason: "月报已定", By: "审核"}); err != nil {
		t.Fatal(err)
	}
}

// send receives and decides a file.
func (s *stage) send(t *testing.T, w *Worker, f sample.File) reporting.Decision {
	t.Helper()
	s.receive(t, &sample.Kit{Files: []sample.File{f}})
	e := s.submissions[len(s.submissions)-1]
	if err := w.decide(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	d, _, err := s.Facts.Outcome(t.Context(), e.ID)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// newDecider is a worker without a bus on the stage.
func (s *stage) newDecider(t *testing.T) *Worker {
	w := New(s.Config)
	go w.commits.run(t.Context())
	return w
}

// newClosedStage is a stage with the form of the year to date of docs/examples beside the others.
func newClosedStage(t *testing.T) *stage {
	t.Helper()
	example, err := os.ReadFile("../../docs/examples/cumulative_form.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s := newStage(t)
	s.Judge, s.Catalogue = judgetest.Open(t, judgetest.WithFile(t, "forms/employment_progress.yaml", example), s.Store.Mappings)
	return s
}

// plan is a sheet of a year's targets, or of last year's figures.
func plan(form, period, value string) sample.File {
	p, _ := reporting.ParsePeriod(period)
	title, column := "年度目标任务表", "全年目标任务数"
	if form == "baseline_figures" {
		title, column = "上年同期数据表", "上年同期数"
	}
	return sample.File{Path: form + ".csv", Org: "349981BG", Form: form, Period: p,
		Bytes: []byte(fmt.Sprintf("%s\n指标名称,计量单位,%s\n城镇新增就业人数,人,%s\n", title, column, value))}
}

// said lists the findings of the code, each as its cell and message.
func said(d reporting.Decision, code reporting.FindingCode) []string {
	var all []string
	for _, f := range d.Findings {
		if f.Code == code {
			all = append(all, f.Cell+" "+f.Message)
		}
	}
	return all
}

// TestClosedMonthStays: what would move a figure of a closed month is refused, with the rows or values that would have moved it, what they
// said and say; what leaves them as they are is accepted.
func TestClosedMonthStays(t *testing.T) {
	a, b := dispute{no: "〔2020〕1号", filed: "2020-01-10", closed: "2020-02-05"}, dispute{no: "〔2020〕2号", filed: "2020-02-03"}
	c := dispute{no: "〔2020〕3号", filed: "2020-03-04"}
	with := func(d dispute, change func(*dispute)) dispute { change(&d); return d }
	type step any // a file, or "close 2020-01", "open 2020-01"
	for name, test := range map[string]struct {
		steps []step
		want  []string // of the last file: parts of its refusals, in order; none: accepted
	}{
		"LedgerOfNextMonth":  {[]step{disputes(2, a, b), "close 2020-01", "close 2020-02", disputes(3, a, b, c)}, nil},
		"ClosesAnOldCaseNow": {[]step{disputes(2, a, b), "close 2020-01..2020-02", disputes(3, a, with(b, func(d *dispute) { d.closed = "2020-03-20" }), c)}, nil},
		"OldRowChanged": {[]step{disputes(2, a, b), "close 2020-01..2020-02", disputes(3, with(a, func(d *dispute) { d.filed = "2020-02-01" }), b, c)},
			[]string{"G4 案号 〔2020〕1号 这一行会改动已关闭的2020年1—2月的数字：原来是“立案日期 2020-01-10”（2月台账.csv A4），现在是“立案日期 2020-02-01”"}},
		"OldCaseClosedInClosedMonth": {[]step{disputes(2, a, b), "close 2020-02", disputes(3, a, with(b, func(d *dispute) { d.closed = "2020-02-28" }), c)},
			[]string{"H5 案号 〔2020〕2号 这一行会改动已关闭的2020年2月的数字"}},
		"OldRowAdded":   {[]step{disputes(2, a), "close 2020-01..2020-02", disputes(3, a, b, c)}, []string{"G5 案号 〔2020〕2号 这一行会给已关闭的2020年2月增加数字"}},
		"OldRowGone":    {[]step{disputes(2, a, b), "close 2020-01..2020-02", disputes(3, b, c)}, []string{" 缺少 案号 〔2020〕1号 这一行（原来在 2月台账.csv A4），已关闭的2020年1—2月的数字"}},
		"OnlyWordsMove": {[]step{disputes(2, a, b), "close 2020-01..2020-02", disputes(3, with(a, func(d *dispute) { d.persons = 7 }), b)}, nil},
		"NothingBefore": {[]step{"close 2020-01..2020-02", disputes(3, c)}, []string{"2020年1—2月已关闭，关闭时没有收到本单位的这张表"}},
		"Reopened":      {[]step{disputes(2, a, b), "close 2020-01..2020-02", "open 2020Q1", disputes(3, b, c)}, nil},
		"ClosedAgain":   {[]step{disputes(2, a, b), "close 2020Q1", "open 2020Q1", "close 2020-02", disputes(3, with(a, func(d *dispute) { d.closed = "" }), b, c)}, []string{"已关闭的2020年2月"}},
		"MonthsClosedOneByOne": {[]step{plan("baseline_figures", "2019H1", "10"), "close 2019-01..2019-03", "close 2019Q2", plan("baseline_figures", "2019H1", "11")},
			[]string{"2019年上半年已于"}},
		"YearToDateOfMarch": {[]step{progress("349981001", "01", "10", "3", "1", "4"), progress("349981001", "03", "20", "5", "2", "4"), progress("349981001", "04", "30", "5", "2", "4"),
			"close 2020-04", progress("349981001", "03", "21", "5", "2", "4")}, []string{"D4 “城东街道高校毕业生就业人数”会改动已关闭的2020年4月的数字：原来是 10，这份表会使它变成 9"}},
		"YearToDateBetween": {[]step{progress("349981001", "01", "10", "3", "1", "4"), progress("349981001", "03", "20", "5", "2", "4"),
			"close 2020-03", progress("349981001", "02", "15", "3", "1", "4")}, []string{"原来是 —，这份表会使它变成 5", "", ""}},
		"YearToDateAfter": {[]step{progress("349981001", "01", "10", "3", "1", "4"), "close 2020-01", progress("349981001", "02", "15", "3", "1", "4")}, nil},
		"TargetOfTheYear": {[]step{plan("targets_annual", "2020", "1000"), "close 2020-01", plan("targets_annual", "2020", "1100")},
			[]string{"C3 “城镇新增就业人数年度目标”会改动已关闭的2020年1月的数字：原来是 1000，这份表会使它变成 1100"}},
		"TargetAsItWas":   {[]step{plan("targets_annual", "2020", "1000"), "close 2020-01", plan("targets_annual", "2020", "\"1,000\"")}, nil},
		"LastYearsFigure": {[]step{plan("baseline_figures", "2019H1", "10"), "close 2020H1", plan("baseline_figures", "2019H1", "11")}, []string{"城镇新增就业人数上年同期数"}},
		"LastYearsMonth":  {[]step{"close 2020-01", disputesOf2019()}, []string{"2020年1月"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newClosedStage(t)
			w := s.newDecider(t)
			var last reporting.Decision
			for i, step := range test.steps {
				switch step := step.(type) {
				case sample.File:
					if last = s.send(t, w, step); last.Outcome != reporting.Accepted && i < len(test.steps)-1 {
						t.Fatalf("step %d: %v", i, last.Findings)
					}
				case string:
					kind := map[string]reporting.EnvelopeKind{"close": reporting.PeriodClosed, "open": reporting.PeriodOpened}
					verb, period, _ := strings.Cut(step, " ")
					s.period(t, kind[verb], period)
				}
			}
			got := said(last, reporting.PeriodLocked)
			if len(got) != len(test.want) || (last.Outcome == reporting.Accepted) != (test.want == nil) {
				t.Fatalf("%s with %v; want %q", last.Outcome, last.Findings, test.want)
			}
			for i, want := range test.want {
				if !strings.Contains(got[i], want) {
					t.Errorf("refusal %q\nwants     %q", got[i], want)
				}
			}
		})
	}
}

// disputesOf2019 is a ledger of the year before, whose months are shown as last year's.
func disputesOf2019() sample.File {
	f := disputes(1, dispute{no: "〔2019〕1号", filed: "2019-01-10"})
	f.Period = reporting.MonthPeriod(reporting.NewMonth(2019, 1))
	f.Bytes = []byte(strings.Replace(string(f.Bytes), "报表所属期：2020年", "报表所属期：2019年", 1))
	return f
}

// TestRowsLeftOut: a ledger that has not all rows of the one before says which, and one of an earlier month says that a later one speaks.
func TestRowsLeftOut(t *testing.T) {
	s := newClosedStage(t)
	w := s.newDecider(t)
	var many []dispute
	for i := range 60 {
		many = append(many, dispute{no: fmt.Sprintf("〔2020〕%d号", i+1), filed: "2020-01-10"})
	}
	s.send(t, w, disputes(1, many...))
	d := s.send(t, w, disputes(2, many[1:]...))
	if got := said(d, reporting.RowLeftOut); d.Outcome != reporting.Accepted || len(got) != 1 || !strings.Contains(got[0], "案号 〔2020〕1号 这一行原来在 1月台账.csv A4") {
		t.Errorf("one row left out: %s with %v", d.Outcome, d.Findings)
	}
	d = s.send(t, w, disputes(3, many[58:]...))
	if got := said(d, reporting.RowLeftOut); len(got) != 51 || !strings.Contains(got[50], "还有 7 处") {
		t.Errorf("57 rows left out: %d findings, the last %v", len(got), got[max(0, len(got)-1):])
	}
	d = s.send(t, w, disputes(2, many...))
	if got := said(d, reporting.LaterStands); d.Outcome != reporting.Accepted || len(got) != 1 || !strings.Contains(got[0], "2020年3月的报表（3月台账.csv）已经受理") {
		t.Errorf("a later ledger speaks: %s with %v", d.Outcome, d.Findings)
	}
}

// TestSentAgain: A, A: nothing changes. A, B, A: the third puts A back and says so. A, B, A, A: nothing changes.
func TestSentAgain(t *testing.T) {
	s := newClosedStage(t)
	w := s.newDecider(t)
	a, b := progress("349981001", "01", "10", "3", "1", "4"), progress("349981001", "01", "11", "3", "1", "4")
	var ids []string
	for i, step := range []struct {
		file sample.File
		want string
	}{
		{a, ""}, {a, "与已受理的 0 完全相同，数据没有变化"}, {b, ""}, {a, "与 1 完全相同，那一份后来被 2"}, {a, "与已受理的 3 完全相同，数据没有变化"}, {b, "与 2 完全相同，那一份后来被 4"},
	} {
		d := s.send(t, w, step.file)
		ids = append(ids, d.Submission)
		got := strings.Join(said(d, reporting.DuplicateFile), "")
		for n, id := range ids {
			got = strings.ReplaceAll(got, id, fmt.Sprint(n))
		}
		if d.Outcome != reporting.Accepted || step.want == "" && got != "" || !strings.Contains(got, step.want) {
			t.Errorf("step %d: %s with %q; want %q", i, d.Outcome, got, step.want)
		}
	}
}

// TestSameFileReadOtherwise: a name that was confirmed to mean another unit since the file was accepted makes the same file say another thing.
func TestSameFileReadOtherwise(t *testing.T) {
	s := newClosedStage(t)
	w := s.newDecider(t)
	f := disputes(1, dispute{no: "〔2020〕1号", filed: "2020-01-10"})
	f.Bytes = []byte(strings.ReplaceAll(string(f.Bytes), "港口镇", "旧港"))
	for i, unit := range []string{"349981100", "349981100", "349981101"} {
		if _, err := s.Store.Append(t.Context(), reporting.Envelope{Kind: reporting.MappingConfirmed, Org: f.Org, By: "仲裁院", Mapping: &reporting.Mapping{Text: "旧港", Unit: unit}}); err != nil {
			t.Fatal(err)
		}
		d := s.send(t, w, f)
		want := []string{"", "数据没有变化", "这一次读出的数据不同"}[i]
		if got := strings.Join(said(d, reporting.DuplicateFile), ""); d.Outcome != reporting.Accepted || !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("as %s: %s with %v; want %q", unit, d.Outcome, d.Findings, want)
		}
	}
}
