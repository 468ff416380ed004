package compile_test

import (
	"math/big"
	"slices"
	"strings"
	"testing"

	"huizong/pkg/compile"
	"huizong/pkg/compile/compiletest"
	"huizong/pkg/reporting"
)

// without is a figure that has no value, of so many units that have reported.
func without(indicator string, reported, expected int) reporting.Figure {
	return reporting.Figure{Indicator: indicator, Reported: reported, Expected: expected}
}

// overNothing is a rate of nothing.
func overNothing(indicator string) reporting.Figure {
	f := without(indicator, 1, 1)
	f.Numerator, f.Denominator = new(big.Rat), new(big.Rat)
	return f
}

// What is owed and not there, what does not apply, nothing over nothing and zero are told apart in the text, and only the first is a gap
// with a mark.
func TestFourWords(t *testing.T) {
	const trained, loans, rate = "training.entrepreneurship_trained", "employment.startup_loans", "disputes.closing_rate"
	list := func(g compile.Gaps) map[string][]string {
		names := map[string][]string{}
		for _, n := range g.Named() {
			names[n.Label] = n.Names
		}
		for _, m := range g.Missing {
			names["未报"] = append(names["未报"], m.Name)
		}
		delete(names, "未收到文字材料")
		return names
	}
	for _, tt := range []struct {
		name, line, want, listed string
		figures                  []reporting.Figure
	}{
		{"Owed", "培训{" + trained + "}。", "培训【未报：创业培训人数】。", "未报", []reporting.Figure{without(trained, 19, 20)}},
		{"NotApplicable", "开头。\n培训{" + trained + "}。\n结尾。", "开头。结尾。", "不适用", []reporting.Figure{without(trained, 20, 20)}},
		{"NobodyOwesIt", "开头。\n培训{" + trained + "}。\n结尾。", "开头。结尾。", "不适用", []reporting.Figure{without(trained, 0, 0)}},
		{"OneOfTwoDoesNotApply", "培训{" + trained + "}、贷款{" + loans + " auto}。", "培训不适用、贷款0.00万元。", "不适用", []reporting.Figure{without(trained, 1, 1), figure(loans, "0", "", "")}},
		{"NoBasis", "结案率为{" + rate + "}[，同比{points " + rate + "}]。", "结案率为无基数。", "无基数", []reporting.Figure{overNothing(rate)}},
		{"ZeroTarget", "就业{employment.urban_new_jobs}[，完成{completion employment.urban_new_jobs}][，{pace employment.urban_new_jobs}]。", "就业5个。", "无基数", []reporting.Figure{
			figure("employment.urban_new_jobs", "5", "0", "")}},
		{"Zero", "培训{" + trained + "}。", "培训0人。", "", []reporting.Figure{figure(trained, "0", "", "")}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, d := sentence(t, tt.line, tt.figures...)
			names := list(d.Gaps)
			if got != tt.want || len(names[tt.listed]) != 1 && tt.listed != "" || len(names) > 1 || tt.listed == "" && len(names) > 0 {
				t.Errorf("%s = %s (%v), want %s listed under %q alone", tt.line, got, names, tt.want, tt.listed)
			}
		})
	}
}

// The same words in the tables, each with its meaning below; a unit that has reported is never called missing.
func TestFourWordsInTables(t *testing.T) {
	const jobs, rate = "employment.urban_new_jobs", "disputes.closing_rate"
	in := compiletest.Input(t)
	in.Template, in.Narratives, in.Parameters, in.Warnings = load(t, "@table units\n\n@table figures"), nil, nil, nil
	var townships []string
	for _, u := range in.Catalogue.Units {
		if u.Level == reporting.LevelTownship {
			townships = append(townships, u.Code)
		}
	}
	of := func(f reporting.Figure, unit string) reporting.Figure {
		f.Unit, f.Period = unit, compiletest.Period
		compiletest.Derive(&f)
		return f
	}
	city := figure(jobs, "12", "", "0")
	city.Reported, city.Restated = 19, true
	none := of(overNothing(rate), compiletest.City)
	none.Value = nil
	unit := func(value string) reporting.Figure {
		f := figure(jobs, value, "", "")
		f.Reported, f.Expected = 1, 1
		return f
	}
	figures := []reporting.Figure{
		of(city, compiletest.City), of(unit("12"), townships[0]), of(unit("0"), townships[1]), of(without(jobs, 0, 1), townships[2]), of(without(jobs, 1, 1), townships[3]),
	}
	in.Figures = compile.LookupIn(append(figures, reporting.Figure{Indicator: rate, Unit: compiletest.City, Period: compiletest.Period, Numerator: none.Numerator, Denominator: none.Denominator, Reported: 1, Expected: 1}))
	got := text(document(t, in))
	for _, want := range []string{
		"城镇新增就业岗位 | 个 | 12*▲ | 12 | 0 | 未报 | 不适用\n", "劳动人事争议结案率 | % | 无基数 | 0 | 0 |", "*：有单位未报齐", "▲：更正过", "未报：应报而没有报", "不适用：没有单位应报这一项",
		"无基数：分母、目标或者上年同期为0", "不可比：有单位未报齐",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	in.Template = load(t, "@table targets")
	if sent := text(document(t, in)); strings.Contains(sent, "▲") || !strings.Contains(sent, "12*") {
		t.Errorf("the table that is sent tells of corrections, or not of a late unit:\n%s", sent)
	}
	if strings.Count(got, "| 未报") != 1 {
		t.Errorf("more than one unit is called missing:\n%s", got)
	}
}

// ruled is a template of one line whose rules about incomplete figures are given.
func ruled(t *testing.T, rules, line string) *compile.Template {
	t.Helper()
	files := small(line)
	settings := smallSettings + "incomplete: {" + rules + "}\n"
	template, err := compile.LoadTemplate(withSettings(files, settings), "small", compiletest.Catalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	return template
}

// What is compared although a unit is late is what the template's rule says: nothing, all with a mark, or the units of both years.
func TestIncompleteRules(t *testing.T) {
	const jobs = "employment.urban_new_jobs"
	in := compiletest.Input(t)
	in.Narratives, in.Parameters = nil, nil
	city := figure(jobs, "190", "200", "400")
	city.Reported, city.Unit = 19, compiletest.City
	figures := []reporting.Figure{city}
	n := 0
	for _, u := range in.Catalogue.Units {
		if u.Level != reporting.LevelTownship {
			continue
		}
		f := figure(jobs, "10", "", "8")
		f.Reported, f.Expected, f.Unit = 1, 1, u.Code
		switch n++; n {
		case 1:
			f.Value, f.Reported = nil, 0
		case 2:
			f.Value = big.NewRat(30, 1)
		case 3:
			f.Value, f.Reported = big.NewRat(99, 1), 0 // some months only: it is named for nothing
		}
		figures = append(figures, f)
	}
	for i := range figures {
		figures[i].Period = compiletest.Period
		compiletest.Derive(&figures[i])
	}
	in.Figures = compile.LookupIn(figures)
	var names []string
	for _, u := range in.Catalogue.Units {
		if u.Level == reporting.LevelTownship {
			names = append(names, u.Name.ZH)
		}
	}
	change, pace, rank := "{"+jobs+"}[，同比{change "+jobs+"}]。", "{"+jobs+"}[，{pace "+jobs+"}]。", "{"+jobs+"}[，{units top "+jobs+" 1}居前]。"
	const partly = "190个（20个单位已报齐19个）"
	for _, tt := range []struct{ rules, line, want string }{
		{"", change, partly + "。"},
		{"change: mark", change, partly + "，同比下降52.50%。"},
		{"change: same_units", change, partly + "，同比增长39.71%（17个单位同口径）。"},
		{"", pace, partly + "。"},
		{"pace: mark", pace, partly + "，按已报单位计，快于时序进度45.00个百分点。"},
		{"", rank, partly + "。"},
		{"rank: mark", rank, partly + "，已报齐的单位中，" + names[1] + "（30个）居前。"},
	} {
		in.Template = ruled(t, tt.rules, tt.line)
		d := document(t, in)
		var b strings.Builder
		blocks(&b, d.Body)
		if got := strings.TrimSuffix(b.String(), "\n"); got != tt.want {
			t.Errorf("%s %s = %s, want %s", tt.rules, tt.line, got, tt.want)
		}
		for _, binding := range d.Bindings {
			compiletest.CheckNumber(t, in, compiletest.NumberOf(binding), binding.Printed())
		}
		if left := !strings.Contains(tt.want, "比") && tt.line != rank && !strings.Contains(tt.want, "快于"); left && len(d.Gaps.Uncompared) != 1 {
			t.Errorf("%s %s: what is left out is not listed: %v", tt.rules, tt.line, d.Gaps.Uncompared)
		}
	}
}

// A month that is not whole is no fall in a chart: it has no column, and a sign that is explained.
func TestIncompleteMonth(t *testing.T) {
	const cases = "disputes.cases_accepted"
	in := compiletest.Input(t)
	in.Narratives, in.Parameters = nil, nil
	var figures []reporting.Figure
	for i, m := range compiletest.Period.Months() {
		f := figure(cases, []string{"20", "21", "19", "22", "20", "2"}[i], "", "")
		f.Unit, f.Period = compiletest.City, reporting.MonthPeriod(m)
		if i == 5 {
			f.Reported = 1
		}
		figures = append(figures, f)
	}
	in.Figures = compile.LookupIn(figures)
	for rules, drawn := range map[string]bool{"": false, "trend: mark": true} {
		in.Template = ruled(t, rules, "@chart months 受理{"+cases+"}")
		chart := document(t, in).Body[0].(compile.Chart)
		june := chart.Series[0].Points[5]
		if (june.Value != nil) != drawn || chart.Categories[5] != "6月*" || chart.Categories[4] != "5月" || chart.Note != "*：有单位未报齐" {
			t.Errorf("%s: June is %+v under %v, %q", rules, june, chart.Categories, chart.Note)
		}
	}
}

// Against the months before only what is whole is compared.
func TestSequential(t *testing.T) {
	const cases = "disputes.cases_accepted"
	in := compiletest.Input(t)
	in.Narratives, in.Parameters, in.Period = nil, nil, compiletest.MustPeriod("2020-06")
	in.Template = load(t, "受理{"+cases+"}[，环比{sequential "+cases+"}]。")
	for may, want := range map[int]string{20: "受理22件，环比增长10.00%。", 19: "受理22件。"} {
		june, before := figure(cases, "22", "", ""), figure(cases, "20", "", "")
		june.Unit, june.Period = compiletest.City, in.Period
		before.Unit, before.Period, before.Reported = compiletest.City, compiletest.MustPeriod("2020-05"), may
		in.Figures = compile.LookupIn([]reporting.Figure{june, before})
		d := document(t, in)
		var b strings.Builder
		blocks(&b, d.Body)
		if got := strings.TrimSuffix(b.String(), "\n"); got != want {
			t.Errorf("%d of 20 in May: %s, want %s", may, got, want)
		}
		for _, binding := range d.Bindings {
			compiletest.CheckNumber(t, in, compiletest.NumberOf(binding), binding.Printed())
		}
	}
}

// A rule that does not exist is a mistake of the template.
func TestIncompleteRuleUnknown(t *testing.T) {
	_, err := compile.LoadTemplate(withSettings(small("完。"), smallSettings+"incomplete: {pace: guess}\n"), "small", compiletest.Catalogue(t))
	if err == nil || !strings.Contains(err.Error(), `incomplete: pace: "guess" is no rule`) {
		t.Errorf("error = %v", err)
	}
}

// The shipped reports say what they do with figures that are not whole.
func TestShippedRules(t *testing.T) {
	in := compiletest.Input(t)
	got := text(document(t, in))
	for _, want := range []string{"按已报单位计，快于时序进度4.84个百分点", "已报齐的单位中，"} {
		if !strings.Contains(got, want) {
			t.Errorf("the half-year report has no %q", want)
		}
	}
	if i := slices.Index(strings.Split(got, "同比"), "下降12.29%"); i >= 0 {
		t.Error("nineteen units are compared with twenty")
	}
}
