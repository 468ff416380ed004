package schemas

import (
	"strings"
	"testing"
	"testing/fstest"

	"huizong/pkg/reporting"
)

func TestEmbeddedDataLoads(t *testing.T) {
	c, err := Load(FS())
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Forms) != 17 {
		t.Errorf("%d forms, want 17", len(c.Forms))
	}
	for _, i := range c.Indicators {
		if i.Base() && c.FormOf(i.Code) == nil {
			t.Errorf("indicator %s: no form loads it", i.Code)
		}
	}
	for id, want := range map[string]reporting.Due{
		"employment_monthly":  reporting.DefaultDue,
		"narrative_half_year": {Months: 1, Day: 8, Hour: 18},
		"baseline_figures":    {Months: 13, Day: 8, Hour: 18},
		"targets_annual":      {Months: -10, Day: 10, Hour: 18},
	} {
		if got := c.Form(id).Due; got != want {
			t.Errorf("form %s is due %+v, want %+v", id, got, want)
		}
	}
	june, _ := reporting.ParsePeriod("2020-06")
	if n := len(c.Expected(c.Form("employment_monthly"), june)); n != 20 {
		t.Errorf("%d units owe form 1, want 20", n)
	}
}

// small is a set of schemas that loads; each case below breaks one thing of it.
var small = map[string]string{
	"units/u.yaml": `city: "1"
units:
  - {code: "1", name: {zh: 市, en: City}, level: city}
  - {code: "1A", name: {zh: 甲镇, en: A}, level: township, parent: "1"}
`,
	"indicators/i.yaml": `domain: employment
indicators:
  - {code: a.jobs, name: {zh: 就业, en: jobs}, measure: 人, kind: flow}
  - {code: a.rate, name: {zh: 率, en: rate}, measure: '%', kind: ratio, numerator: a.jobs, denominator: a.jobs}
`,
	"forms/f.yaml": `id: f
number: 1
title: {zh: 表, en: form}
shape: indicators
duty: monthly
periods: month
sent_by: {levels: [township]}
columns:
  - {id: name, header: 指标, type: row}
  - {id: month, header: 本月, type: amount}
rows:
  - {label: 就业人数, indicator: a.jobs}
`,
}

func TestLoadNamesFileAndLine(t *testing.T) {
	for name, c := range map[string]struct{ file, old, new, want string }{
		"OK":                  {},
		"UnknownIndicator":    {"forms/f.yaml", "indicator: a.jobs}", "indicator: a.nothing}", `forms/f.yaml:12: unknown indicator "a.nothing"`},
		"TwoClaimsOnAHeader":  {"forms/f.yaml", "header: 本月, type: amount}", "header: 本月, aliases: [指标], type: amount}", `forms/f.yaml:10: columns name and month both claim the header "指标"`},
		"TwoClaimsOnALabel":   {"forms/f.yaml", "rows:\n", "rows:\n  - {label: 1.就业人数, code: other}\n", `forms/f.yaml:13: rows other and a.jobs both claim the label "就业人数"`},
		"ToDateWithoutMonth":  {"forms/f.yaml", "type: amount}", "type: amount, cumulative: true}", ""},
		"ToDateBesideMonth":   {"forms/f.yaml", "type: amount}", "type: amount}\n  - {id: year, header: 累计, type: amount, cumulative: true}", "forms/f.yaml:11: column month loads the same: make this one its sum_of"},
		"ToDateOfAText":       {"forms/f.yaml", "rows:\n", "  - {id: note, header: 说明, type: text, cumulative: true}\nrows:\n", "forms/f.yaml:11: a cumulative column loads; a sum_of is a check"},
		"ToDateOfAYear":       {"forms/f.yaml", "periods: month\nsent_by: {levels: [township]}\ncolumns:\n  - {id: name, header: 指标, type: row}\n  - {id: month, header: 本月, type: amount}", "periods: year\nsent_by: {levels: [township]}\ncolumns:\n  - {id: name, header: 指标, type: row}\n  - {id: month, header: 本年, type: amount, cumulative: true}", "forms/f.yaml:10: only a monthly form of indicators or a matrix has a cumulative column"},
		"OnceWithoutDistinct": {"forms/f.yaml", "rows:\n", "loads:\n  - {indicator: a.jobs, once: year}\nrows:\n", "forms/f.yaml:12: only what a monthly form counts distinct can be reported once"},
		"OncePerWeek":         {"forms/f.yaml", "rows:\n", "loads:\n  - {indicator: a.jobs, distinct: name, once: week}\nrows:\n", `forms/f.yaml:12: once "week": want month or year`},
		"EndsBeforeItBegins":  {"units/u.yaml", "level: township", "level: township, from: 2020-05-01, to: 2020-04-30", "units/u.yaml:4: unit 1A ends on 2020-04-30, before it begins on 2020-05-01"},
		"SuccessorsWithoutTo": {"units/u.yaml", "level: township", "level: township, successors: ['1']", "units/u.yaml:4: unit 1A has successors and no last day: say to"},
		"UnknownSuccessor":    {"units/u.yaml", "level: township", "level: township, to: 2020-04-30, successors: ['9']", `units/u.yaml:4: unknown unit "9"`},
		"OwnSuccessor":        {"units/u.yaml", "level: township", "level: township, to: 2020-04-30, successors: [1A]", "units/u.yaml:4: the successors of 1A lead back to it through 1A"},
		"CircleOfSuccessors":  {"units/u.yaml", "level: township", "level: township, to: 2020-04-30, successors: [1B]}\n  - {code: 1B, name: {zh: 乙镇, en: B}, level: township, from: 2020-05-01, to: 2020-06-30, successors: [1A]", "units/u.yaml:4: the successors of 1A lead back to it through 1B"},
		"SuccessorAfterAGap":  {"units/u.yaml", "level: township", "level: township, to: 2020-04-30, successors: [1B]}\n  - {code: 1B, name: {zh: 乙镇, en: B}, level: township, from: 2020-06-01", "units/u.yaml:4: successor 1B begins on 2020-06-01, but 1A ends on 2020-04-30: between them is nobody"},
		"SuccessorGone":       {"units/u.yaml", "level: township", "level: township, to: 2020-04-30, successors: [1B]}\n  - {code: 1B, name: {zh: 乙镇, en: B}, level: township, to: 2020-04-30", "units/u.yaml:4: successor 1B ends on 2020-04-30, not after 1A"},
		"Merger":              {"units/u.yaml", "level: township", "level: township, to: 2020-04-30, successors: [1B]}\n  - {code: 1B, name: {zh: 甲镇, en: B}, level: township, from: 2020-05-01", ""},
		"UnitTwice":           {"units/u.yaml", "level: township", "level: township}\n  - {code: 1A, name: {zh: 乙镇, en: B}, level: township", "units/u.yaml:5: unit 1A stands here a second time"},
		"AliasOfTwo":          {"units/u.yaml", "level: township", "level: township}\n  - {code: 1B, name: {zh: 乙镇, en: B}, aliases: [老镇, 甲 镇], level: township", "units/u.yaml:5: “甲 镇” is a name of 1A already"},
		"UnknownKey":          {"forms/f.yaml", "number: 1", "numbr: 1", "forms/f.yaml:2: field numbr not found"},
		"NoYAML":              {"forms/f.yaml", "id: f", "id: [", "forms/f.yaml:"},
		"UnknownSender":       {"forms/f.yaml", "levels: [township]", "units: ['9']", `forms/f.yaml:7: unknown unit "9"`},
		"UnknownRuleColumn":   {"forms/f.yaml", "rows:\n", "rules:\n  - {code: x, at: nowhere, expect: month, says: {zh: 甲, en: a}}\nrows:\n", `forms/f.yaml:12: unknown column "nowhere"`},
		"SumOfRatios":         {"indicators/i.yaml", "numerator: a.jobs, denominator", "numerator: a.rate, denominator", "indicators/i.yaml:4: a.rate: a.rate is a ratio, which can be neither added nor divided"},
		"StockSummed":         {"indicators/i.yaml", "kind: flow}", "kind: stock, rollup: sum}", "indicators/i.yaml:3: a.jobs is a stock: it cannot be added over months"},
		"IndicatorTwice":      {"indicators/i.yaml", "code: a.rate", "code: a.jobs", "indicators/i.yaml:4: indicator a.jobs stands in indicators/i.yaml:3 already"},
		"UnknownParent":       {"units/u.yaml", `parent: "1"`, `parent: "2"`, `units/u.yaml:4: unknown unit "2"`},
		"ImpossibleDate":      {"units/u.yaml", `parent: "1"`, `parent: "1", to: 2020-02-30`, `units/u.yaml:4: to: "2020-02-30" is not a date`},
		"DueOnNoDay":          {"forms/f.yaml", "periods: month", "periods: month\ndue: {day: 0}", "forms/f.yaml:7: due: day 0: want 1 to 31"},
		"DueAtNoTime":         {"forms/f.yaml", "periods: month", "periods: month\ndue: {time: 1080}", `forms/f.yaml:7: due: time "1080"`},
		"DueInAnotherAge":     {"forms/f.yaml", "periods: month", "periods: month\ndue: {months: 100}", "forms/f.yaml:7: due: months 100"},
		"UnknownLevel":        {"forms/f.yaml", "header: 本月, type: amount}", "header: 本月, type: amount, level: nation}", `forms/f.yaml:10: level "nation": want one of [city province]`},
		"PatternDoesNotParse": {"forms/f.yaml", "header: 本月, type: amount}", "header: 本月, patterns: ['('], type: amount}", "forms/f.yaml:10: pattern:"},
	} {
		t.Run(name, func(t *testing.T) {
			fsys := fstest.MapFS{}
			for path, text := range small {
				if path == c.file {
					if !strings.Contains(text, c.old) {
						t.Fatalf("the case's text %q is not in %s", c.old, path)
					}
					text = strings.Replace(text, c.old, c.new, 1)
				}
				fsys[path] = &fstest.MapFile{Data: []byte(text)}
			}
			_, err := Load(fsys)
			switch {
			case c.want == "" && err != nil:
				t.Errorf("Load = %v, want no error", err)
			case c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want)):
				t.Errorf("Load = %v, want %s", err, c.want)
			}
		})
	}
}
