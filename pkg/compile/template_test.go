package compile_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"huizong/pkg/compile"
	"huizong/pkg/compile/compiletest"
	"huizong/pkg/reporting"
	"huizong/schemas"
)

const smallSettings = `id: small
title: ["{@period}快报"]
narratives: [就业]
precision: {"%": 2, "元": 2, "万元": 2, "亿元": 2, "个百分点": 2}
parameters:
  - name: site
    label: 网站名称
`

// small makes a template of a text; the section 就业 is printed at its end.
func small(text string) fs.FS {
	return fstest.MapFS{
		"small/report.yaml": {Data: []byte(smallSettings)},
		"small/report.tmpl": {Data: []byte(text + "\n\n@narratives 就业\n")},
	}
}

// withSettings is the small template with other settings.
func withSettings(files fs.FS, settings string) fs.FS {
	files.(fstest.MapFS)["small/report.yaml"] = &fstest.MapFile{Data: []byte(settings)}
	return files
}

// withoutTail is the small template whose text prints the section 就业 itself.
func withoutTail(files fs.FS, text string) fs.FS {
	files.(fstest.MapFS)["small/report.tmpl"] = &fstest.MapFile{Data: []byte(text)}
	return files
}

// load loads a template of a text that has no mistakes.
func load(t *testing.T, text string) *compile.Template {
	t.Helper()
	template, err := compile.LoadTemplate(small(text), "small", compiletest.Catalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	return template
}

// loadLast loads a template whose text goes to the very end.
func loadLast(t *testing.T, text string) *compile.Template {
	t.Helper()
	files := small("").(fstest.MapFS)
	files["small/report.tmpl"] = &fstest.MapFile{Data: []byte(text)}
	template, err := compile.LoadTemplate(files, "small", compiletest.Catalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	return template
}

func TestLoadTemplate(t *testing.T) {
	if _, err := compile.LoadTemplate(compiletest.Schemas(t), "reports/half_year", compiletest.Catalogue(t)); err != nil {
		t.Fatal(err)
	}
}

// The template that is shipped fits the catalogue that is shipped.
func TestLoadTemplateWithCatalogue(t *testing.T) {
	catalogue, err := schemas.Load(schemas.FS())
	if err != nil {
		t.Fatal(err)
	}
	for _, report := range []string{"reports/half_year", "reports/monthly_bulletin"} {
		if _, err := compile.LoadTemplate(schemas.FS(), report, catalogue); err != nil {
			t.Error(err)
		}
	}
}

func TestLoadTemplateErrors(t *testing.T) {
	catalogue := compiletest.Catalogue(t)
	for _, tt := range []struct{ name, text, want string }{
		{"UnknownIndicator", "城镇新增就业{employment.new_jobs}。", "report.tmpl:1:8: unknown indicator employment.new_jobs"},
		{"SecondLine", "第一句。\n就业{employment.nothing}。", "report.tmpl:2:4: unknown indicator"},
		{"UnknownFunction", "{rate employment.urban_new_jobs}", `report.tmpl:1:2: unknown function "rate"`},
		{"MoneyForCount", "{employment.urban_new_jobs 万元}", "report.tmpl:1:28: 万元 does not fit employment.urban_new_jobs"},
		{"CountForMoney", "补贴{employment.subsidy_internships 人}", "report.tmpl:1:35: 人 does not fit"},
		{"RateInPersons", "{disputes.closing_rate 人}", "report.tmpl:1:24: 人 does not fit"},
		{"CompletionWithoutTarget", "[完成{completion employment.inbound_workers}]", "report.tmpl:1:16: completion employment.inbound_workers: the indicator has no target"},
		{"ProvinceOfAChange", "[{province change employment.urban_new_jobs}]", "report.tmpl:1:2: province stands before target, completion, pace or ceiling"},
		{"ProvinceOfAValue", "{province employment.urban_new_jobs}", "1:1: province stands before"},
		{"ProvinceInAChart", "@chart bars 甲{province completion employment.urban_new_jobs}", "a chart is about the city's targets"},
		{"UnitsAlone", "[{units top}]", "report.tmpl:1:2: units wants a selection, an indicator and a number of names"},
		{"UnknownSelection", "[{units best employment.urban_new_jobs 3}]", `1:9: unknown selection "best"; there are top, bottom, fallen, zero, unreported`},
		{"UnitsOfUnknown", "[{units top employment.nothing 3}]", "1:13: unknown indicator employment.nothing"},
		{"UnitsOfOneSender", "[{units top insurance.pension_resident.income 3}]", "no township has figures of it"},
		{"UnitsInThisMeasure", "[{units top employment.urban_new_jobs 3 元}]", "元 does not fit employment.urban_new_jobs"},
		{"UnitsWithoutValues", "[{units zero employment.urban_new_jobs 3 人}]", "zero names units without their values"},
		{"UnitsWithoutEnd", "[{units top employment.urban_new_jobs 99}]", `"99" is no number of names`},
		{"UnitsThatNeverReport", "[{units unreported disputes.cases_accepted 3}]", "townships do not report disputes.cases_accepted: somebody else does"},
		{"UnitsInAHeading", "# 甲{units top employment.urban_new_jobs 3}", "no units in a heading"},
		{"UnitsInAChart", "@chart bars 甲{units top employment.urban_new_jobs 3}{employment.urban_new_jobs}", "no units in a chart"},
		{"CutTable", "@table targets 5", "report.tmpl:1:1: only @table warnings may be cut"},
		{"CutToNothing", "@table warnings 0", `report.tmpl:1:1: "0" is no number of rows`},
		{"TargetWithoutTarget", "[{target employment.inbound_workers}]", "the indicator has no target"},
		{"CompletionOfCeiling", "[{completion employment.registered_unemployment_rate}]", "a ceiling is kept, not completed"},
		{"CeilingOfFloor", "[{ceiling employment.urban_new_jobs}]", "the indicator has no ceiling"},
		{"PaceOfStock", "[{pace insurance.unemployment.insured}]", "report.tmpl:1:8: pace insurance.unemployment.insured: only a flow"},
		{"ChangeOfRate", "[{change disputes.closing_rate}]", "use points"},
		{"PointsOfCount", "[{points disputes.cases_closed}]", "use change"},
		{"MeasureOfCompletion", "[{completion employment.urban_new_jobs 万元}]", "1:40: completion has a measure of its own"},
		{"Digits", "{disputes.closing_rate % 9}", "1:26: \"9\" is no number of digits"},
		{"Surplus", "{disputes.closing_rate % 2 3}", `1:28: unexpected "3"`},
		{"UnknownParameter", "通过{@website}发布。", "report.tmpl:1:4: unknown parameter @website"},
		{"OpenAction", "就业{employment.urban_new_jobs", "1:3: the action is not closed"},
		{"OpenClause", "就业[，同比{change disputes.cases_closed}", "the clause is not closed"},
		{"IdleClause", "就业[，共{disputes.cases_closed}]。", "1:3: a clause must hold a comparison, units or a parameter"},
		{"StrayBrace", "就业}", "1:3: unexpected '}'"},
		{"YearOfNothing", "{year}", `1:2: unknown function "year"`},
		{"YearWithoutTarget", "[{year completion employment.inbound_workers}]", "1:19: completion employment.inbound_workers: the indicator has no target"},
		{"EmptyAction", "就业{}", "1:3: an empty action"},
		{"NoIndicator", "就业{change}", "1:4: change wants an indicator"},
		{"UnknownDirective", "@include x", "1:1: unknown directive @include"},
		{"UnknownSection", "@narratives 天气", `1:1: unknown section "天气"`},
		{"PrintedTwice", "@narratives 就业", "3:1: the texts of 就业 are printed already"},
		{"UnknownTable", "@table costs", "1:1: unknown table"},
		{"LonelyWhen", "@when figures\n就业。", "1:1: @when must stand before a heading"},
		{"UnknownChart", "@chart pie 饼{disputes.cases_closed}", "1:8: unknown chart"},
		{"ChartWithoutTitle", "@chart bars {disputes.cases_closed}", "a chart wants a title"},
		{"ChartWithoutFigures", "@chart bars 图", "a chart wants figures"},
		{"ChartOfTwoScales", "@chart bars 图{disputes.cases_closed}{disputes.closing_rate}", "1:37: % does not stand on one scale with 件"},
		{"ChartOfWords", "@chart bars 图{change disputes.cases_closed}", "a chart shows values, completion or growth"},
		{"ChartOfAuto", "@chart bars 图{employment.startup_loans auto}", "a chart has one measure"},
		{"OriginsNotLast", "@table origins", "1:1: @table origins stands last"},
		{"BadWhen", "@when sunny", "1:1: @when wants"},
		{"DeepHeading", "##### 五", "1:1: a heading is one to four #"},
		{"FigureInHeading", "# 就业{employment.urban_new_jobs}", "1:5: no figures in a heading"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := compile.LoadTemplate(small(tt.text), "small", catalogue)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("LoadTemplate(%q) = %v, want %q", tt.text, err, tt.want)
			}
			if code := reporting.CodeOf(err); code != reporting.Invalid {
				t.Errorf("code = %s, want invalid", code)
			}
			var p compile.Problem
			if !errors.As(err, &p) || p.File != "small/report.tmpl" {
				t.Errorf("no Problem of small/report.tmpl in %v", err)
			}
		})
	}
}

// A template's author sees all mistakes at once, in the order of the text.
func TestLoadTemplateReportsAll(t *testing.T) {
	_, err := compile.LoadTemplate(small("{a.b}\n{@c}{d.e}"), "small", compiletest.Catalogue(t))
	if err == nil {
		t.Fatal("no error")
	}
	want := "small/report.tmpl:1:2: unknown indicator a.b\nsmall/report.tmpl:2:2: unknown parameter @c\nsmall/report.tmpl:2:6: unknown indicator d.e"
	if err.Error() != want {
		t.Errorf("LoadTemplate =\n%v\nwant\n%s", err, want)
	}
}

func TestSettingsErrors(t *testing.T) {
	for _, tt := range []struct{ name, settings, want string }{
		{"UnknownField", smallSettings + "colour: red\n", "line 8: field colour not found"},
		{"UnknownParameter", "id: x\ntitle: [\"{@period}{@nothing}\"]\n", "report.yaml:2:20: unknown parameter @nothing"},
		{"Figure", "id: x\ntitle: [\"{disputes.cases_closed}\"]\n", "report.yaml:2:10: no figures here"},
		{"DeclaredTwice", smallSettings + "  - {name: site, label: 网站}\n", "report.yaml:8:12: parameter site is declared already"},
		{"DueOfNothing", "id: x\ntitle: [x]\ndue: {day: 1, time: \"09:00\"}\n", "due: the report does not say what periods it is about"},
		{"DueNever", "id: x\ntitle: [x]\nperiods: month\ndue: {day: 32, time: \"09:00\"}\n", "due: want a day of the month"},
		{"DueAtNoTime", "id: x\ntitle: [x]\nperiods: month\ndue: {day: 1, time: noon}\n", "due: want a day of the month"},
		{"AboutSomebody", "id: x\ntitle: [x]\nabout: people\n", "about: \"people\": want unit"},
		{"LaterParameter", "id: x\ntitle: [x]\nparameters:\n  - {name: a, label: 甲, default: \"{@b}\"}\n  - {name: b, label: 乙}\n", "report.yaml:4:36: unknown parameter @b"},
		{"NoPlaceForTexts", strings.Replace(smallSettings, "[就业]", "[就业, 社保]", 1), "no @narratives prints the texts of 社保"},
		{"Empty", "name: x\n", "id and title are required"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := small("就业。").(fstest.MapFS)
			files["small/report.yaml"] = &fstest.MapFile{Data: []byte(tt.settings)}
			_, err := compile.LoadTemplate(files, "small", compiletest.Catalogue(t))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("LoadTemplate = %v, want %q", err, tt.want)
			}
		})
	}
}

// Whatever stands in a template, loading it gives problems and no panic.
func FuzzLoadTemplate(f *testing.F) {
	for _, seed := range []string{"{", "[", "]", "\\", "@", "#", "{@}", "[{@", "{value a.b 亿元 2}", "@when narratives 就业\n## x", "@end"} {
		f.Add(seed)
	}
	catalogue := compiletest.Catalogue(f)
	f.Fuzz(func(t *testing.T, text string) {
		compile.LoadTemplate(small(text), "small", catalogue)
	})
}
