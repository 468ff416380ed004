package compile_test

import (
	"slices"
	"strings"
	"testing"

	"huizong/pkg/compile"
	"huizong/pkg/compile/compiletest"
	"huizong/pkg/reporting"
)

// Words follow from numbers, and where a number is missing or a unit is late there are none.
func TestSay(t *testing.T) {
	const jobs, trained, closed, accepted = "employment.urban_new_jobs", "training.subsidised_total", "disputes.cases_closed", "disputes.cases_accepted"
	const pace, change = "就业{" + jobs + "}[，进度{say pace " + jobs + " 较快 正常 偏慢}]。", "就业{" + jobs + "}[，{say change " + jobs + " 扩大 持平 缩小}]。"
	const against = "审结{" + closed + "}[，{say against " + closed + " " + accepted + " 多于受理 等于受理 -}]。"
	late := figure(jobs, "60", "100", "50")
	late.Reported = 19
	for _, tt := range []struct {
		line, want string
		figures    []reporting.Figure
	}{
		{pace, "就业60个，进度较快。", []reporting.Figure{figure(jobs, "60", "100", "")}},
		{pace, "就业50个，进度正常。", []reporting.Figure{figure(jobs, "50", "100", "")}},
		{pace, "就业40个，进度偏慢。", []reporting.Figure{figure(jobs, "40", "100", "")}},
		{pace, "就业60个（20个单位已报齐19个）。", []reporting.Figure{late}},
		{change, "就业60个，扩大。", []reporting.Figure{figure(jobs, "60", "", "50")}},
		{change, "就业50个，持平。", []reporting.Figure{figure(jobs, "50", "", "50")}},
		{change, "就业60个。", []reporting.Figure{figure(jobs, "60", "", "")}},
		{against, "审结9件，多于受理。", []reporting.Figure{figure(closed, "9", "", ""), figure(accepted, "8", "", "")}},
		{against, "审结7件。", []reporting.Figure{figure(closed, "7", "", ""), figure(accepted, "8", "", "")}},
		{against, "审结7件。", []reporting.Figure{figure(closed, "7", "", "")}},
		{"[{goals ahead}较快。][{goals behind}偏慢。][{goals met}已完成。]", "城镇新增就业岗位较快。补贴性职业技能培训人数偏慢。",
			[]reporting.Figure{figure(jobs, "60", "100", ""), figure(trained, "10", "100", "")}},
		{"[{goals ahead}较快。][{goals behind}偏慢。][{goals met}已完成。]", "城镇新增就业岗位已完成。", []reporting.Figure{figure(jobs, "100", "100", "")}},
		{"[{only " + closed + "}开展集中办案，]审结{" + closed + "}。", "开展集中办案，审结7件。", []reporting.Figure{figure(closed, "7", "", "")}},
		{"[{only " + closed + "}开展集中办案，]审结{" + closed + "}。", "审结0件。", []reporting.Figure{figure(closed, "0", "", "")}},
	} {
		if got, _ := sentence(t, tt.line, tt.figures...); got != tt.want {
			t.Errorf("%s = %s, want %s", tt.line, got, tt.want)
		}
	}
}

// A unit that is late does not put a target behind.
func TestGoalsAccuseNobodyWhoIsLate(t *testing.T) {
	f := figure("employment.urban_new_jobs", "40", "100", "")
	f.Reported = 19
	if got, _ := sentence(t, "开头。[{goals behind}偏慢。]", f); got != "开头。" {
		t.Errorf("got %s", got)
	}
}

// Points are numbered as far as they have something to say; the texts of units are points word for word, alike ones once, and long ones
// follow as paragraphs of their own.
func TestPoints(t *testing.T) {
	const closed, trained = "disputes.cases_closed", "training.subsidised_total"
	in := compiletest.Input(t)
	in.Parameters = nil
	load := func(text string) *compile.Template {
		t.Helper()
		files := small(text)
		template, err := compile.LoadTemplate(withoutTail(files, text), "small", in.Catalogue)
		if err != nil {
			t.Fatal(err)
		}
		return template
	}
	f := figure(closed, "7", "", "")
	f.Unit, f.Period = compiletest.City, compiletest.Period
	in.Figures = compile.LookupIn([]reporting.Figure{f})
	in.Narratives = []reporting.Narrative{
		{Section: "就业", Title: "用工", Body: "送岗下乡"}, {Section: "就业", Title: "用工", Body: "送岗下乡"}, {Section: "就业", Title: "长文", Body: "第一段。\n第二段。"}, {Section: "就业", Body: "无题。"},
	}
	in.Template = load("# 甲\n\n### 争议。\n\n总说。\n- 办案。审结{" + closed + "}。\n再说一句。\n- [同比{change " + closed + "}。]\n- @narratives 就业\n")
	var b strings.Builder
	blocks(&b, document(t, in).Body)
	if want := "一、甲\n1.争议。总说。一是办案。审结7件。再说一句。二是用工。送岗下乡。三是无题。\n（一）长文。第一段。\n第二段。\n"; b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
	in.Narratives = in.Narratives[:1]
	in.Template = load("### 培训。\n\n- [同比{change " + trained + "}。]\n- @narratives 就业\n")
	b.Reset()
	blocks(&b, document(t, in).Body)
	if want := "1.培训。用工。送岗下乡。\n"; b.String() != want {
		t.Errorf("one point alone: %s, want %s", b.String(), want)
	}
}

func TestSayErrors(t *testing.T) {
	for text, want := range map[string]string{
		"[{say pace employment.urban_new_jobs 快 慢}]。":                            "say wants",
		"[{say guess employment.urban_new_jobs 快 平 慢}]。":                         `unknown judgement "guess"`,
		"[{say pace insurance.unemployment.insured 快 平 慢}]。":                     "only a flow",
		"[{say against employment.urban_new_jobs disputes.closing_rate 快 平 慢}]。": "is not counted as",
		"[{goals some}]。":                         "goals wants one of",
		"期末{balance employment.urban_new_jobs}。":  "only an amount",
		"[环比{sequential disputes.closing_rate}]。": "a rate has no share",
		"完。\n\n@companion\n\n完。":                  "@companion stands once",
	} {
		_, err := compile.LoadTemplate(small(text), "small", compiletest.Catalogue(t))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

// shippedReport is a report of the folder, of the figures of the half-year.
func shippedReport(t *testing.T, folder, period string) *compile.Document {
	t.Helper()
	in := compiletest.Input(t)
	template, err := compile.LoadTemplate(compiletest.Schemas(t), "reports/"+folder, in.Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	in.Template, in.Period, in.Parameters = template, compiletest.MustPeriod(period), nil
	if template.About != "" {
		in.Parameters = map[string]string{"unit": "349981001"}
	}
	in.Narratives = slices.DeleteFunc(in.Narratives, func(n reporting.Narrative) bool { return !slices.Contains(template.Sections(), n.Section) })
	return document(t, in)
}

// No shipped report skips a level of headings: under （一） comes 1., never （1）.
func TestHeadingLevels(t *testing.T) {
	for folder, period := range map[string]string{"half_year": "2020H1", "monthly_bulletin": "2020-06", "quarterly_bulletin": "2020Q2", "annual_report": "2020",
		"funds_brief": "2020H1", "wage_arrears_brief": "2020H1", "leader_brief": "2020H1", "unit_sheet": "2020H1"} {
		d := shippedReport(t, folder, period)
		if len(d.Body) < 1 || len(d.Companion.Annexes) == 0 && folder != "monthly_bulletin" {
			t.Errorf("%s has %d blocks, and %d annexes in its companion", folder, len(d.Body), len(d.Companion.Annexes))
		}
		before := 0
		for _, b := range d.Body {
			level := 0
			switch b := b.(type) {
			case compile.Heading:
				level = b.Level
			case compile.Paragraph:
				if b.Lead != "" {
					level = b.Level
				}
			}
			if level > before+1 {
				t.Errorf("%s: a heading of level %d follows one of level %d: %+v", d.Template, level, before, b)
			}
			if level > 0 {
				before = level
			}
		}
	}
}
