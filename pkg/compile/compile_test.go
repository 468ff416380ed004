package compile_test

import (
	"cmp"
	"flag"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"huizong/pkg/compile"
	"huizong/pkg/compile/compiletest"
	"huizong/pkg/reporting"
)

var update = flag.Bool("update", false, "rewrite the reports under testdata")

func document(t *testing.T, in compile.Input) *compile.Document {
	t.Helper()
	d, err := compile.Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// text prints a document as plain text, one line a paragraph.
func text(d *compile.Document) string {
	var b strings.Builder
	fmt.Fprintln(&b, strings.Join(d.Title, "\n"))
	for _, p := range d.Note {
		fmt.Fprintf(&b, "| %s%s\n", p.Lead, runs(p.Runs))
	}
	fmt.Fprintf(&b, "\n%s\n", d.Recipient)
	blocks(&b, d.Body)
	if !d.Internal {
		fmt.Fprintf(&b, "\n%s\n%s\n", d.Issuer, d.Date)
	}
	for _, a := range d.Annexes {
		fmt.Fprintf(&b, "\n附件 %s\n", a.Title)
		blocks(&b, a.Blocks)
	}
	return b.String()
}

// both prints a report and its companion.
func both(d *compile.Document) string { return text(d) + "\n" + text(d.Companion) }

func blocks(b *strings.Builder, blocks []compile.Block) {
	for _, block := range blocks {
		switch block := block.(type) {
		case compile.Heading:
			fmt.Fprintf(b, "%s%s\n", block.Number, block.Text)
		case compile.Paragraph:
			fmt.Fprintf(b, "%s%s\n", block.Lead, runs(block.Runs))
		case compile.Table:
			for _, row := range block.Rows {
				for i, cell := range row {
					fmt.Fprintf(b, "%s%s", strings.Repeat(" | ", min(i, 1)), runs(cell))
				}
				fmt.Fprintln(b)
			}
		}
	}
}

func runs(runs []compile.Run) string {
	var b strings.Builder
	for _, r := range runs {
		b.WriteString(r.Text)
	}
	return b.String()
}

// The whole report, with all figures and with those of the first forms only, stands under testdata to be read.
func TestCompileGolden(t *testing.T) {
	full := compiletest.Input(t)
	first := compiletest.Input(t)
	first.Figures = compile.LookupIn(compiletest.FirstForms(t, compiletest.Figures(t)))
	first.Narratives, first.Parameters = nil, nil
	for name, in := range map[string]compile.Input{"full.txt": full, "first.txt": first, "bulletin.txt": compiletest.Bulletin(t)} {
		got, file := both(document(t, in)), filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s differs; go test -update writes\n%s", file, got)
		}
	}
}

func TestCompileTwice(t *testing.T) {
	a, b := document(t, compiletest.Input(t)), document(t, compiletest.Input(t))
	if !reflect.DeepEqual(a, b) {
		t.Error("the same input gave two different documents")
	}
}

// Each of the 104 places of the model report has its number or its parameter.
func TestPlaces(t *testing.T) {
	in := compiletest.Input(t)
	parameters := map[string]string{
		"city_name": "示例市", "job_fair_series": "“2+N”", "recruitment_site": "通过示例公共招聘网", "annual_assessment_year": "2019年度考核",
		"assisted_school": "协助示例中学", "reward_fund_year": "2019年度人才奖补", "authentication_app": "“示例事通”APP", "issue_date": "2020年7月1日",
	}
	d := document(t, in)
	body, figures := text(d), map[string]reporting.Figure{}
	for _, f := range compiletest.Figures(t) {
		figures[f.Indicator] = f
	}
	places := compiletest.Table(t, "places.csv")
	if len(places) != 104 {
		t.Fatalf("%d places, want 104", len(places))
	}
	for _, p := range places {
		seq, place := p[0], p[1]
		if name, ok := strings.CutPrefix(place, "@"); ok {
			if want := parameters[name]; want == "" || !strings.Contains(body, want) {
				t.Errorf("place %s: parameter %s (%q) is not printed", seq, name, want)
			}
			continue
		}
		code, aspect, want := place, compile.Value, figures[place].Value
		if base, ok := strings.CutSuffix(place, ".completion"); ok {
			code, aspect, want = base, compile.Completion, figures[base].Completion
		}
		at := slices.IndexFunc(d.Bindings, func(b compile.Binding) bool { return b.Figure.Indicator == code && b.Aspect == aspect })
		if at < 0 || want == nil || d.Bindings[at].Exact.Cmp(want) != 0 {
			t.Errorf("place %s: %s %s is not bound to %v", seq, aspect, code, want)
			continue
		}
		if !printedInBody(d, d.Bindings[at]) {
			t.Errorf("place %s: %s %s does not stand in the text", seq, aspect, code)
		}
	}
}

func printedInBody(d *compile.Document, b compile.Binding) bool {
	for _, block := range d.Body {
		if p, ok := block.(compile.Paragraph); ok && slices.Contains(p.Runs, compile.Run{Text: b.Printed(), Binding: b.ID}) {
			return true
		}
	}
	return false
}

// sentence compiles one sentence of a small template for some figures.
func sentence(t *testing.T, line string, figures ...reporting.Figure) (string, *compile.Document) {
	t.Helper()
	for i := range figures {
		figures[i].Unit, figures[i].Period = compiletest.City, compiletest.Period
		compiletest.Derive(&figures[i])
	}
	in := compiletest.Input(t)
	in.Template, in.Figures = load(t, line), compile.LookupIn(figures)
	in.Narratives, in.Parameters = nil, nil
	d := document(t, in)
	var b strings.Builder
	blocks(&b, d.Body)
	return strings.TrimSuffix(b.String(), "\n"), d
}

func figure(indicator string, value, target, previous string) reporting.Figure {
	f := reporting.Figure{Indicator: indicator, Reported: 20, Expected: 20}
	for s, at := range map[*string]**big.Rat{&value: &f.Value, &target: &f.Target, &previous: &f.Previous} {
		if *s != "" {
			*at, _ = new(big.Rat).SetString(*s)
		}
	}
	return f
}

func TestSentences(t *testing.T) {
	const (
		jobs, closed, rate = "employment.urban_new_jobs", "disputes.cases_closed", "disputes.closing_rate"
		income             = "insurance.pension_resident.income"
		balance            = "insurance.pension_resident.balance"
		change             = "审结{" + closed + "}[，同比{change " + closed + "}]。"
		points             = "结案率{" + rate + "}[，同比{points " + rate + "}]。"
		pace               = "就业{" + jobs + " 人}[，{pace " + jobs + "}]。"
		unemployed         = "employment.registered_unemployment_rate"
		ceiling            = "失业率{" + unemployed + "}[，{ceiling " + unemployed + "}]。"
		money              = "收入{" + income + " auto}。"
	)
	for _, tt := range []struct {
		name, line string
		figure     reporting.Figure
		want       string
	}{
		{"Own measure", "就业{" + jobs + "}。", figure(jobs, "2583", "", ""), "就业2583个。"},
		{"To nothing", change, figure(closed, "0", "", "4"), "审结0件，同比降为0（上年同期为4件）。"},
		{"From nothing", change, figure(closed, "4", "", "0"), "审结4件，同比由0增至4件。"},
		{"Nothing twice", change, figure(closed, "0", "", "0"), "审结0件，同比持平。"},
		{"Many times", change, figure(closed, "79", "", "4"), "审结79件，同比增长18.8倍。"},
		{"Up", change, figure(closed, "79", "", "69"), "审结79件，同比增长14.49%。"},
		{"Down", change, figure(closed, "60", "", "69"), "审结60件，同比下降13.04%。"},
		{"Level", change, figure(closed, "69", "", "69"), "审结69件，同比持平。"},
		{"Almost level", change, figure(closed, "100001", "", "100000"), "审结100001件，同比基本持平。"},
		{"No last year", change, figure(closed, "79", "", ""), "审结79件。"},
		{"Debt last year", "结余{" + balance + " auto}[，同比{change " + balance + "}]。", figure(balance, "-5000", "", "-10000"), "结余-5000.00元。"},
		{"Into debt", "结余{" + balance + " auto}[，同比{change " + balance + "}]。", figure(balance, "-5000", "", "10000"), "结余-5000.00元，同比转为负数（上年同期为1.00万元）。"},
		{"Left over", "期末{balance " + balance + " auto}。", figure(balance, "5000000", "", ""), "期末结余500.00万元。"},
		{"Lacking", "期末{balance " + balance + " 亿元}。", figure(balance, "-5000000", "", ""), "期末缺口0.05亿元。"},
		{"Too small for its unit", "期末{balance " + balance + " 亿元}。", figure(balance, "30", "", ""), "期末结余30.00元。"},
		{"Not quite the whole", "就业{" + jobs + "}[，完成{completion " + jobs + "}]。", figure(jobs, "99999", "100000", ""), "就业99999个，完成99.999%。"},
		{"Next to nothing", "就业{" + jobs + "}[，完成{completion " + jobs + "}]。", figure(jobs, "3", "100000", ""), "就业3个，完成0.003%。"},
		{"Rate up", points, figure(rate, "0.70535", "", "0.7"), "结案率70.54%，同比上升0.54个百分点。"},
		{"Rate down", points, figure(rate, "0.69", "", "0.7"), "结案率69.00%，同比下降1.00个百分点。"},
		{"Ahead", pace, figure(jobs, "2583", "4710", ""), "就业2583人，快于时序进度4.84个百分点。"},
		{"Behind", pace, figure(jobs, "2000", "4710", ""), "就业2000人，慢于时序进度7.54个百分点。"},
		{"On time", pace, figure(jobs, "2355", "4710", ""), "就业2355人，与时序进度持平。"},
		{"Below the ceiling", ceiling, figure(unemployed, "0.029625", "0.045", ""), "失业率2.96%，未超过年度控制目标（4.50%）。"},
		{"At the ceiling", ceiling, figure(unemployed, "0.045", "0.045", ""), "失业率4.50%，未超过年度控制目标（4.50%）。"},
		{"Above the ceiling", ceiling, figure(unemployed, "0.045001", "0.045", ""), "失业率4.50%，超过年度控制目标（4.50%）。"},
		{"No ceiling", ceiling, figure(unemployed, "0.029625", "", ""), "失业率2.96%。"},
		{"Ten thousands", money, figure(income, "64507200", "", ""), "收入6450.72万元。"},
		{"Hundred millions", money, figure(income, "105222000", "", ""), "收入1.05亿元。"},
		{"Half a fen", "收入{" + income + " 元 1}。", figure(income, "110.05", "", ""), "收入110.1元。"},
		{"Forced", "收入{" + income + " 亿元 4}。", figure(income, "45131200", "", ""), "收入0.4513亿元。"},
		{"Escapes", `\{a\}\[b\]\\`, figure(jobs, "1", "", ""), `{a}[b]\`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, _ := sentence(t, tt.line, tt.figure); got != tt.want {
				t.Errorf("%s = %s, want %s", tt.line, got, tt.want)
			}
		})
	}
}

// Percentages of targets as they were published: 德阳 2021 of two targets, and others of which value and target are known. Where the
// source itself errs, so says the row: what we print is half-up.
func TestPublishedCompletions(t *testing.T) {
	const jobs, trained = "employment.urban_new_jobs", "training.subsidised_total"
	const both = "就业{" + jobs + " 人}[，完成省定目标的{province completion " + jobs + "}][、市定目标的{completion " + jobs + " 0}]。"
	const one = "培训{" + trained + "}[，完成省定目标的{province completion " + trained + "}][，完成{completion " + trained + " 0}]。"
	for _, tt := range []struct{ line, code, value, city, province, want string }{
		{both, jobs, "50801", "40000", "39000", "就业50801人，完成省定目标的130.26%、市定目标的127%。"},
		{both, jobs, "50801", "", "39000", "就业50801人，完成省定目标的130.26%。"},
		{both, jobs, "50801", "40000", "", "就业50801人、市定目标的127%。"},
		{one, trained, "151", "125", "", "培训151人，完成121%。"},
		{one, trained, "1374", "1200", "", "培训1374人，完成115%。"}, // printed as 114%: cut off, not rounded
		{"培训{" + trained + "}[，完成{completion " + trained + "}]。", trained, "5860", "17200", "", "培训5860人，完成34.07%。"},
		{"[目标{province target " + jobs + " 人}，{province pace " + jobs + "}]。", jobs, "2000", "5000", "4500", "目标4500人，慢于时序进度5.56个百分点。"},
	} {
		f := figure(tt.code, tt.value, tt.city, "")
		if province, ok := new(big.Rat).SetString(tt.province); ok {
			f.Targets = []reporting.FigureTarget{{Level: reporting.ProvinceTarget, Revision: 1, Value: province}}
		}
		got, d := sentence(t, tt.line, f)
		if got != tt.want {
			t.Errorf("%s = %s, want %s", tt.line, got, tt.want)
		}
		if tt.province == "" && slices.ContainsFunc(d.Gaps.NoTarget, func(name string) bool { return strings.Contains(name, "省") }) {
			t.Errorf("a target that the province has not set is a gap: %v", d.Gaps.NoTarget)
		}
	}
}

// TestTargetsTable: the province's targets have columns only where there is one.
func TestTargetsTable(t *testing.T) {
	const jobs, trained = "employment.urban_new_jobs", "training.subsidised_total"
	province := figure(jobs, "50801", "40000", "")
	province.Targets = []reporting.FigureTarget{{Level: reporting.ProvinceTarget, Revision: 1, Value: big.NewRat(39000, 1)}}
	for _, tt := range []struct {
		name    string
		figures []reporting.Figure
		want    string
	}{
		{"Both", []reporting.Figure{province, figure(trained, "5860", "17200", "")},
			"城镇新增就业岗位 | 个 | 40000 | 50801 | 127.00% | 39000 | 130.26% | 20/20\n补贴性职业技能培训人数 | 人 | 17200 | 5860 | 34.07% | — | — | 20/20"},
		{"City", []reporting.Figure{figure(jobs, "50801", "40000", ""), figure(trained, "5860", "17200", "")},
			"城镇新增就业岗位 | 个 | 40000 | 50801 | 127.00% | 20/20\n补贴性职业技能培训人数 | 人 | 17200 | 5860 | 34.07% | 20/20"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, _ := sentence(t, "@table targets", tt.figures...)
			lines := slices.DeleteFunc(strings.Split(got, "\n"), func(line string) bool { return strings.Contains(line, "未报") || strings.HasPrefix(line, "注：") })
			if strings.Join(lines, "\n") != tt.want {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(lines, "\n"), tt.want)
			}
		})
	}
}

// TestUnits: the townships of which something is true, in the order that the words promise, with a cap and their number; where there are
// none, the clause goes and nothing is called missing.
func TestUnits(t *testing.T) {
	const jobs = "employment.urban_new_jobs"
	in := compiletest.Input(t)
	in.Narratives, in.Parameters = nil, nil
	var townships []reporting.OrgUnit
	for _, u := range in.Catalogue.Units {
		if u.Level == reporting.LevelTownship {
			townships = append(townships, u)
		}
	}
	// The city, and nine townships: value/last year; "" is not reported.
	figures := []reporting.Figure{figure(jobs, "100", "", "")}
	for i, text := range []string{"7/9", "12/12", "0/1", "", "30/20", "5/6", "12/10", "0/0", ""} {
		value, previous, _ := strings.Cut(text, "/")
		f := figure(jobs, value, "", previous)
		f.Expected, f.Reported = 1, min(1, len(value))
		f.Unit = townships[i].Code
		figures = append(figures, f)
	}
	for i := range figures {
		figures[i].Unit, figures[i].Period = cmp.Or(figures[i].Unit, compiletest.City), compiletest.Period
		compiletest.Derive(&figures[i])
	}
	in.Figures = compile.LookupIn(figures)
	name := func(i int) string { return townships[i].Name.ZH }
	for line, want := range map[string]string{
		"就业{" + jobs + " 人}[，{units top " + jobs + " 3 人}居前]。":        "就业100人，" + name(4) + "（30人）、" + name(1) + "（12人）、" + name(6) + "（12人）居前。",
		"[{units bottom " + jobs + " 2}最少。]":                          name(2) + "（0个）、" + name(7) + "（0个）最少。",
		"就业{" + jobs + "}[，{units bottom " + jobs + " 1}最少]。":         "就业100个。", // two are level: to name one would be chance
		"[{units fallen " + jobs + " 2}下降。]":                          name(2) + "、" + name(0) + "等3个乡镇（街道）下降。",
		"[{units zero " + jobs + " 2}尚无。]":                            name(2) + "、" + name(7) + "尚无。",
		"[{units unreported " + jobs + " 1}未报。]":                      name(3) + "等2个乡镇（街道）未报。",
		"就业{" + jobs + "}[，{units top disputes.cases_accepted 3}较多]。": "就业100个。",
	} {
		in.Template = load(t, line)
		d := document(t, in)
		var b strings.Builder
		blocks(&b, d.Body)
		if got := strings.TrimSuffix(b.String(), "\n"); got != want || len(d.Gaps.Missing) > 0 {
			t.Errorf("%s = %s, want %s and nothing missing (%v)", line, got, want, d.Gaps.Missing)
		}
		for _, binding := range d.Bindings {
			compiletest.CheckNumber(t, in, compiletest.NumberOf(binding), binding.Printed())
		}
	}
}

// TestCutWarnings: a table that is cut says how many it leaves out, and in any case where the sources of the thresholds are.
func TestCutWarnings(t *testing.T) {
	const where = "界限的依据见系统“预警”页。"
	for line, want := range map[string]struct {
		lines int
		last  string
	}{
		"@table warnings 2": {3, "另有1条，全部预警和" + where},
		"@table warnings 3": {4, where},
		"@table warnings":   {3, "黄色 | 港口镇 | 发生十人以上集体争议 | 2件 | — | 示例依据"},
	} {
		got, _ := sentence(t, line)
		if lines := strings.Split(got, "\n"); len(lines) != want.lines || lines[len(lines)-1] != want.last {
			t.Errorf("%s:\n%s\nwant %d lines, the last %s", line, got, want.lines, want.last)
		}
	}
}

func TestMissing(t *testing.T) {
	const trained, loans, subsidy = "training.entrepreneurship_trained", "employment.startup_loans", "employment.subsidy_internships"
	t.Run("One", func(t *testing.T) {
		got, d := sentence(t, "创业培训{"+trained+"}[，同比{change "+trained+"}]。")
		if want := "创业培训【未报：创业培训人数】。"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if len(d.Gaps.Missing) != 1 || d.Gaps.Missing[0].Indicator != trained || len(d.Gaps.NoPrevious) != 0 {
			t.Errorf("gaps = %+v", d.Gaps)
		}
		if note := runs(d.Companion.Note[1].Runs); !strings.Contains(note, "创业培训人数") || d.Companion.Note[1].Lead != "未报：" {
			t.Errorf("the list at the front says %s%s", d.Companion.Note[1].Lead, note)
		}
	})
	t.Run("ComparisonOutsideClause", func(t *testing.T) {
		got, d := sentence(t, "同比{change "+trained+"}。", figure(trained, "5", "", ""))
		if want := "同比【无上年同期数：创业培训人数】。"; got != want || !slices.Equal(d.Gaps.NoPrevious, []string{"创业培训人数"}) {
			t.Errorf("%s %+v, want %s", got, d.Gaps, want)
		}
	})
	t.Run("OneOfTwo", func(t *testing.T) {
		got, _ := sentence(t, "补贴{"+subsidy+"}、贷款{"+loans+"}。", figure(loans, "15440000", "", ""))
		if want := "补贴【未报：就业见习补贴】、贷款1544.00万元。"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	})
	t.Run("WholeSentences", func(t *testing.T) {
		got, _ := sentence(t, "开头。\n补贴{"+subsidy+"}、贷款{"+loans+"}。\n培训{"+trained+"}，其中{training.skill_appraisals}。\n结尾。")
		if want := "开头。【未报：就业见习补贴、创业贷款发放额等4项】。结尾。"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	})
	t.Run("ValueWithoutNumber", func(t *testing.T) {
		f := figure(trained, "", "100", "90")
		f.Reported = 19
		got, _ := sentence(t, "培训{"+trained+"}。", f)
		if want := "培训【未报：创业培训人数】。"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	})
	t.Run("Section", func(t *testing.T) {
		got, d := sentence(t, "# 甲\n\n@when figures\n## 乙\n\n培训{"+trained+"}。\n\n## 丙")
		if want := "一、甲\n（一）丙"; got != want || len(d.Gaps.Missing) != 1 {
			t.Errorf("%s (%d missing), want %s and its figure listed", got, len(d.Gaps.Missing), want)
		}
	})
}

func TestIncomplete(t *testing.T) {
	const code = "disputes.mediated_out_of_docket"
	f := figure(code, "79", "", "70")
	f.Reported, f.Missing = 19, []string{"349981204"}
	got, d := sentence(t, "调解{"+code+"}[，同比{change "+code+"}]。\n再说{"+code+"}。", f)
	if want := "调解79件（20个单位已报齐19个）。再说79件（20个单位已报齐19个）。"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if g := d.Gaps.Incomplete; len(g) != 1 || g[0].Reported != 19 || !slices.Equal(g[0].Units, []string{"云梯畲族乡"}) {
		t.Errorf("gaps = %+v", g)
	}
}

func TestParameters(t *testing.T) {
	in := compiletest.Input(t)
	in.Template, in.Narratives = load(t, "通过{@site}发布。[另见{@site}。]"), nil
	in.Parameters = nil
	d := document(t, in)
	if got := runs(d.Body[0].(compile.Paragraph).Runs); got != "通过【待填：网站名称】发布。" || !slices.Equal(d.Gaps.Unset, []string{"网站名称"}) {
		t.Errorf("unset: %s %v", got, d.Gaps.Unset)
	}
	in.Parameters = map[string]string{"site": "示例网"}
	if got := runs(document(t, in).Body[0].(compile.Paragraph).Runs); got != "通过示例网发布。另见示例网。" {
		t.Errorf("set: %s", got)
	}
	in.Parameters = map[string]string{"sight": "示例网"}
	if _, err := compile.Compile(in); reporting.CodeOf(err) != reporting.Invalid {
		t.Errorf("unknown parameter: %v, want an invalid input", err)
	}
}

func TestNarratives(t *testing.T) {
	in := compiletest.Input(t)
	in.Template, in.Parameters = load(t, "# 甲\n\n## 乙"), nil
	in.Narratives = []reporting.Narrative{{Section: "就业", Title: "用工", Body: "  第一段，\n未完。\r\n\n　第二段。"}, {Section: "就业", Body: "无题。"}}
	var b strings.Builder
	blocks(&b, document(t, in).Body)
	if want := "一、甲\n（一）乙\n1.用工。第一段，未完。\n第二段。\n无题。\n"; b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
	in.Narratives[0].Section = "天气"
	if _, err := compile.Compile(in); reporting.CodeOf(err) != reporting.Invalid {
		t.Errorf("text without a place: %v, want an invalid input", err)
	}
}

// A report of which nothing is missing has no list at the front.
func TestNoNote(t *testing.T) {
	_, d := sentence(t, "审结{disputes.cases_closed}。", figure("disputes.cases_closed", "79", "", ""))
	if d.Gaps.Silent = nil; !d.Gaps.None() {
		t.Errorf("gaps = %+v, want none but the texts", d.Gaps)
	}
	in := compiletest.Input(t)
	in.Template, in.Parameters = load(t, "完。"), nil
	in.Narratives = []reporting.Narrative{{Section: "就业", Body: "有。"}}
	if d := document(t, in); d.Companion.Note != nil {
		t.Errorf("note = %v, want none", d.Companion.Note)
	}
}
