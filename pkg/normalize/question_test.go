package normalize_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"huizong/pkg/match"
	"huizong/pkg/reporting"
	"huizong/pkg/reporting/reportingtest"
)

// tenRows are the rows of form 1; a %s stands where a case writes its own cells behind the label.
func tenRows(cells string) string {
	var text strings.Builder
	for i, row := range catalogue.Form("employment_monthly").Rows {
		fmt.Fprintf(&text, "\n%s | %s", row.Label, strings.ReplaceAll(cells, "N", fmt.Sprint(10+i)))
	}
	return text.String()
}

// twofold are sheets that can be read in two ways: for each option of the question what is read by it, of the first indicator or of the whole.
var twofold = map[string]struct {
	sheets  []string
	form    string
	read    map[string]string
	alike   []string // the same layout with other contents
	another []string // another layout
}{
	"TwoColumns": {
		sheets: []string{"指标名称 | 本月数 | 本年累计 | 当月数" + tenRows("N | — | 7")}, form: "employment_monthly",
		read:    map[string]string{"B": "10", "D": "7"},
		alike:   []string{"2020年7月\n指标名称 | 本月数 | 本年累计 | 当月数" + tenRows("1N | — | 8")},
		another: []string{"指标名称 | 本年累计 | 本月数 | 当月数" + tenRows("— | N | 7")},
	},
	"MonthByName": {
		sheets: []string{"指标名称 | 6月 | 1-6月累计 | 本月数" + tenRows("N | — | 7")}, form: "employment_monthly",
		read:  map[string]string{"B": "10", "D": "7"},
		alike: []string{"指标名称 | 7月 | 1-7月累计 | 本月数" + tenRows("N | — | 7")},
	},
	"Rival": {
		sheets: []string{"指标名称 | 本月数 | 本年累计 | 本月完成人数" + tenRows("N | — | 7")}, form: "employment_monthly",
		read: map[string]string{"B": "10", "D": "7"},
	},
	"OneHead": {
		sheets: []string{"@ merge B1:C1\n指标名称 | 本月数 | | 本年累计" + tenRows("N | 7 | —")}, form: "employment_monthly",
		read: map[string]string{"B": "10", "C": "7"},
	},
	"TwoSheets": {
		sheets: []string{"@ name 甲\n指标名称 | 本月数 | 本年累计" + tenRows("N | —"), "@ name 乙\n指标名称 | 本月数 | 本年累计" + tenRows("7 | —")}, form: "employment_monthly",
		read:    map[string]string{"甲": "10", "乙": "7"},
		another: []string{"@ name 甲\n指标名称 | 本月数 | 本年累计" + tenRows("N | —"), "@ name 丙\n指标名称 | 本月数 | 本年累计" + tenRows("7 | —")},
	},
	"TwoPeriods": {
		sheets: []string{"就业创业工作月报表（2020年5月）\n报表所属期：2020年6月\n指标名称 | 本月数 | 本年累计" + tenRows("N | —")}, form: "employment_monthly",
		read: map[string]string{"A1": "wrong_period", "A2": "10"},
	},
	"TwoUnits": {
		sheets: []string{"单位：万元 | | 金额单位：元\n指标名称 | 本月数 | 本年累计\n" + strings.Join([]string{"线上招聘会 | 1 | —", "线上提供职位 | 1 | —", "新增就业见习到岗人员 | 1 | —", "公益性岗位补贴 | 12 | —",
			"就业见习补贴 | 12 | —", "基层特岗补贴 | 12 | —", "创业担保贷款发放额 | 12 | —", "职业技能培训补贴 | 12 | —"}, "\n")}, form: "employment_center_monthly",
		read: map[string]string{"元": "12", "万元": "120000"},
	},
	"TwoRows": {
		sheets: []string{"指标名称 | 本月数 | 本年累计" + tenRows("N | —") + "\n城镇新增就业情况 | 7 | —"}, form: "employment_monthly",
		read: map[string]string{"城镇新增就业人数": "10", "城镇新增就业情况": "7"},
	},
}

// TestQuestions: where two readings remain they are asked, with the cells in question. By each answer the sheet is read that way and no other,
// and what was not taken is named. The same layout asks the same, and another one something else; an answer that fits nothing is none.
func TestQuestions(t *testing.T) {
	matcher := match.New(catalogue.Forms)
	june := reporting.MonthPeriod(reporting.NewMonth(2020, 6))
	period := june
	read := func(t *testing.T, texts []string, form string, answers map[string]string) (*reporting.Question, string, []reporting.Finding) {
		var sheets []*reporting.Sheet
		for _, text := range texts {
			sheets = append(sheets, reportingtest.Sheet(t, text))
		}
		layout, findings := matcher.Find(sheets, match.Expected{Form: form, Period: period, Answers: answers})
		value := ""
		if layout != nil {
			_, reading, more := reader.Read(layout, "349981JY", period)
			findings = append(findings, more...)
			for _, o := range reading.Observations {
				for _, wanted := range []string{"employment.urban_new_jobs", "employment.subsidy_public_welfare_posts"} {
					if o.Indicator == wanted {
						value = o.Value.String()
					}
				}
			}
		}
		var open *reporting.Question
		for _, f := range findings {
			if f.Question != nil && f.Question.Answer == "" {
				if open != nil || f.Severity != reporting.SeverityError {
					t.Errorf("asked twice, or in passing: %+v", findings)
				}
				open = f.Question
			}
			if f.Severity == reporting.SeverityError && f.Code == reporting.WrongPeriod && f.Question == nil {
				value = string(f.Code)
			}
		}
		return open, value, findings
	}
	for name, c := range twofold {
		t.Run(name, func(t *testing.T) {
			q, _, findings := read(t, c.sheets, c.form, nil)
			if q == nil || len(q.Options) != len(c.read) {
				t.Fatalf("asked %+v, found %+v", q, findings)
			}
			for _, f := range findings {
				if f.Code == reporting.UnclaimedColumn && slices.ContainsFunc(q.Options, func(o reporting.Option) bool { return o.Cells[0].Cell == f.Cell }) {
					t.Errorf("what is asked about is said not to belong to the form: %+v", f)
				}
			}
			for _, f := range findings {
				if f.Question == nil {
					continue
				}
				for _, o := range q.Options {
					if !strings.Contains(f.Message, o.Text.ZH) || !strings.Contains(f.MessageEN, o.Text.EN) || len(o.Cells) == 0 || o.Cells[0].Cell == "" || o.Cells[0].Shows == "" {
						t.Errorf("the option %+v is not told: %s", o, f.Message)
					}
				}
			}
			for option, want := range c.read {
				again, value, found := read(t, c.sheets, c.form, map[string]string{q.ID: option})
				if again != nil || value != want || !strings.Contains(reportingtest.Findings(found), "note value_assumed") {
					t.Errorf("by %s it reads %q, want %q; asks %+v, found %s", option, value, want, again, reportingtest.Findings(found))
				}
			}
			if again, _, _ := read(t, c.sheets, c.form, map[string]string{q.ID: "nothing", "other." + q.ID: q.Options[0].ID}); again == nil || again.ID != q.ID {
				t.Errorf("an answer that fits nothing is taken: %+v", again)
			}
			if c.alike != nil {
				period = reporting.MonthPeriod(june.First + 1)
				if same, _, _ := read(t, c.alike, c.form, nil); same == nil || same.ID != q.ID {
					t.Errorf("the same layout asks something else a month later: %+v", same)
				}
				period = june
			}
			if c.another != nil {
				if other, _, _ := read(t, c.another, c.form, map[string]string{q.ID: q.Options[0].ID}); other == nil || other.ID == q.ID {
					t.Errorf("another layout asks %+v", other)
				}
			}
		})
	}
}

// TestTwoForms: a sheet that is two forms alike asks as which one it is sent, unless that is said.
func TestTwoForms(t *testing.T) {
	twin := *catalogue.Form("employment_monthly")
	twin.ID, twin.Title.ZH = "employment_twin", "就业创业工作另一种月报表"
	matcher := match.New(append([]*reporting.Form{&twin}, catalogue.Forms...))
	sheets := []*reporting.Sheet{reportingtest.Sheet(t, "指标名称 | 本月数 | 本年累计"+tenRows("N | —"))}
	june := reporting.MonthPeriod(reporting.NewMonth(2020, 6))
	layout, findings := matcher.Find(sheets, match.Expected{Period: june})
	if layout != nil || len(findings) != 1 || findings[0].Question == nil || len(findings[0].Question.Options) != 2 || findings[0].Code != reporting.AmbiguousColumn {
		t.Fatalf("of a sheet that is two forms: %+v", findings)
	}
	if guesses := matcher.Recognise(sheets, june); !guesses[0].Twofold {
		t.Error("it is recognised as one of them")
	}
	for _, form := range []string{twin.ID, "employment_monthly"} {
		layout, _ := matcher.Find(sheets, match.Expected{Period: june, Answers: map[string]string{findings[0].Question.ID: form}})
		named, _ := matcher.Find(sheets, match.Expected{Form: form, Period: june})
		if layout == nil || layout.Form.ID != form || named == nil || named.Form.ID != form {
			t.Errorf("as %s: %v", form, layout)
		}
	}
}

// TestRowsOnTwoSheets: of a list of which some rows stand on two sheets one is read by the answer, or where its rows may repeat all of them; the
// sheet that is left out is named.
func TestRowsOnTwoSheets(t *testing.T) {
	const cases = "案号 | 申请人 | 被申请人 | 所属乡镇（街道） | 案由 | 立案日期 | 结案日期 | 结案方式 | 涉及人数 | 涉案金额（元）\n"
	const visits = "走访日期 | 企业名称 | 统一社会信用代码 | 走访人员 | 企业诉求\n"
	docket := func(no string) string {
		return no + " | 张三 | 甲厂 | 港口镇 | 工资 | 2020-01-06 | | | 1 | 500\n"
	}
	visit := func(day string) string { return "2020-06-" + day + " | 甲厂 | 91349981MA0000001N | 张三 | 无\n" }
	june := reporting.MonthPeriod(reporting.NewMonth(2020, 6))
	for name, c := range map[string]struct {
		form, org string
		sheets    []string
		lines     map[string]int
	}{
		"Keyed":     {"dispute_cases", "349981ZC", []string{cases + docket("1") + docket("2"), cases + docket("2") + docket("3") + docket("4")}, map[string]int{"甲": 2, "乙": 3}},
		"MayRepeat": {"enterprise_visits", "349981003", []string{visits + visit("02") + visit("03"), visits + visit("03") + visit("04") + visit("05")}, map[string]int{"甲": 2, "乙": 3, "*": 5}},
	} {
		sheets := []*reporting.Sheet{reportingtest.Sheet(t, "@ name 甲\n"+c.sheets[0]), reportingtest.Sheet(t, "@ name 乙\n"+c.sheets[1])}
		_, asked := match.New(catalogue.Forms).Find(sheets, match.Expected{Form: c.form, Period: june})
		if len(asked) != 1 || asked[0].Question == nil || len(asked[0].Question.Options) != len(c.lines) {
			t.Fatalf("%s: asked %+v", name, asked)
		}
		for option, want := range c.lines {
			layout, found := match.New(catalogue.Forms).Find(sheets, match.Expected{Form: c.form, Period: june, Answers: map[string]string{asked[0].Question.ID: option}})
			table, _, more := reader.Read(layout, c.org, june)
			unread := strings.Contains(reportingtest.Findings(found), "unread_sheet")
			if len(table.Lines) != want || unread != (option != "*") || reporting.HasErrors(append(found, more...)) {
				t.Errorf("%s by %s: %d lines, want %d; found %v %v", name, option, len(table.Lines), want, found, more)
			}
		}
	}
}
