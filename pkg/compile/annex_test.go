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

// annex returns the blocks of the annex with the title.
func annex(t *testing.T, d *compile.Document, title string) []compile.Block {
	t.Helper()
	for _, a := range slices.Concat(d.Annexes, d.Companion.Annexes) {
		if a.Title == title {
			return a.Blocks
		}
	}
	t.Fatalf("no annex %s", title)
	return nil
}

// tables prints each table as lines of cells.
func tables(list []compile.Block) []string {
	var printed []string
	for _, block := range list {
		if table, ok := block.(compile.Table); ok {
			var b strings.Builder
			for _, c := range table.Columns {
				b.WriteString(c.Title + " ")
			}
			b.WriteString("\n")
			blocks(&b, []compile.Block{table})
			printed = append(printed, b.String())
		}
	}
	return printed
}

// What several units report is a matrix, parted by units; what one alone reports is a row of a list.
func TestByUnit(t *testing.T) {
	in := compiletest.Input(t)
	list := tables(annex(t, document(t, in), "分单位指标表"))
	if len(list) != 3 {
		t.Fatalf("%d tables, want two of the townships and the list", len(list))
	}
	for i, want := range []string{"城镇新增就业岗位 | 个 | 2583* | ", "云梯畲族乡", "新增技能人才 | 人事人才科 | 人 | 1017\n"} {
		if !strings.Contains(list[i], want) {
			t.Errorf("table %d has no %q:\n%s", i+1, want, list[i])
		}
	}
	if line := strings.Split(list[1], "\n")[1]; !strings.HasSuffix(line, " | 未报") {
		t.Errorf("the unit that did not report is not marked: %s", line)
	}
	if strings.Contains(list[0], "新增技能人才") {
		t.Error("what one unit reports stands in a matrix")
	}
}

// Each number that is printed has an entry, a unit's that of the city's figure that it is a part of.
func TestOriginsAreComplete(t *testing.T) {
	d := document(t, compiletest.Input(t))
	entries := map[string]int{}
	for _, block := range annex(t, d, "数据来源追溯表") {
		if table, ok := block.(compile.Table); ok {
			for _, row := range table.Rows {
				for _, r := range row[0] {
					if r.Entry != "" {
						entries[r.Entry]++
					}
				}
			}
		}
	}
	for _, b := range slices.Concat(d.Bindings, d.Companion.Bindings) {
		switch own := b.Figure.Unit == compiletest.City; {
		case own && entries[b.ID] != 1:
			t.Errorf("%s %s has %d entries", b.ID, b.Label, entries[b.ID])
		case entries[b.Entry] != 1 && b.Entry != "":
			t.Errorf("%s %s leads to %q, which is no entry", b.ID, b.Label, b.Entry)
		}
	}
}

func TestOriginsOfMany(t *testing.T) {
	cells := make([]reporting.Origin, 12_000)
	for i := range cells {
		cells[i] = reporting.Origin{SHA256: []string{"aaaaaaaa11", "bbbbbbbb22"}[i%2], FileName: "台账.xlsx", Sheet: "1月", Cell: "D5", Written: "３"}
	}
	f := figure("disputes.cases_closed", "79", "", "")
	f.Unit, f.Period = compiletest.City, compiletest.Period
	for _, tt := range []struct {
		name  string
		cells []reporting.Origin
		want  string
	}{
		{"Many", cells, "2个文件12000格，如台账.xlsx〔aaaaaaaa〕1月!D5＝３；台账.xlsx〔bbbbbbbb〕1月!D5＝３。全部见 huizong trace disputes.cases_closed --period 2020H1"},
		{"Few", cells[:2], "台账.xlsx〔aaaaaaaa〕1月!D5＝３；台账.xlsx〔bbbbbbbb〕1月!D5＝３。"},
		{"None", nil, "没有单元格"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := compiletest.Input(t)
			in.Template, in.Narratives, in.Parameters, in.Warnings = loadLast(t, "审结{disputes.cases_closed}。\n\n@narratives 就业\n\n@table origins"), nil, nil, nil
			in.Figures = compile.LookupIn([]reporting.Figure{f})
			in.Traces = []reporting.Trace{{Figure: f, Formula: reporting.Text{ZH: "相加"}, Parts: []reporting.Part{{Figure: f, Role: "value", Cells: tt.cells}}}}
			got := tables(document(t, in).Body)[0]
			if !strings.Contains(got, tt.want+"\n") || !strings.Contains(got, "数值 F001 | 劳动争议结案（disputes.cases_closed，2020年上半年）：相加 | 劳动争议结案 79件") {
				t.Errorf("got %s\nwant %s", got, tt.want)
			}
		})
	}
}

// A number whose trace was not given says how to get it.
func TestOriginsWithoutTrace(t *testing.T) {
	in := compiletest.Input(t)
	in.Traces = nil
	got := tables(annex(t, document(t, in), "数据来源追溯表"))[0]
	if !strings.Contains(got, "| — | huizong trace employment.urban_new_jobs --period 2020H1\n") {
		t.Errorf("got %s", got)
	}
}

func TestCharts(t *testing.T) {
	d := document(t, compiletest.Input(t))
	var charts []compile.Chart
	for _, block := range annex(t, d, "主要指标图") {
		charts = append(charts, block.(compile.Chart))
	}
	if len(charts) != 4 {
		t.Fatalf("%d charts, want 4", len(charts))
	}
	progress, change, months := charts[0], charts[1], charts[3]
	if progress.Reference == nil || progress.Reference.Value.Cmp(big.NewRat(50, 1)) != 0 || progress.Measure != "%" {
		t.Errorf("progress = %+v, want a reference at 50%%", progress)
	}
	if first := change.Series[0].Points[0]; first.Run.Text != "—" || first.Value != nil {
		t.Errorf("a change of which a unit is not in is drawn as %+v", first)
	}
	if !slices.Equal(months.Categories, []string{"1月", "2月", "3月", "4月", "5月", "6月"}) || len(months.Series) != 2 {
		t.Errorf("months = %v of %d series", months.Categories, len(months.Series))
	}
}

// A chart without a number says nothing and is left out.
func TestEmptyChart(t *testing.T) {
	in := compiletest.Input(t)
	in.Template, in.Narratives, in.Parameters = load(t, "@chart bars 图{disputes.cases_closed}"), nil, nil
	in.Figures = compile.LookupIn(nil)
	if d := document(t, in); len(d.Body) != 0 {
		t.Errorf("body = %v, want nothing", d.Body)
	}
}

func TestWarnings(t *testing.T) {
	in := compiletest.Input(t)
	got := both(document(t, in))
	if want := "红色 | 城乡居民养老保险 | 基金结余可支付月数低于界限 | 2.8个月 | 3.0个月 | 示例依据\n"; !strings.Contains(got, "附件 预警\n") || !strings.Contains(got, want) {
		t.Errorf("the report has no %s", want)
	}
	in.Warnings[0].Subject = ""
	if got := both(document(t, in)); !strings.Contains(got, "红色 | 示例市 | ") {
		t.Error("a warning without a subject is not of its unit")
	}
	in.Warnings = nil
	if got := both(document(t, in)); strings.Contains(got, "附件 预警\n") {
		t.Error("a section of warnings stands there without any")
	}
}

// A bulletin of June speaks of June and of the year so far.
func TestYearToDate(t *testing.T) {
	in := compiletest.Bulletin(t)
	got := text(document(t, in))
	for _, want := range []string{"6月城镇新增就业432人", "1—6月累计2583人", "完成全年目标任务的54.84%", "按已报单位计，快于时序进度4.84个百分点"} {
		if !strings.Contains(got, want) {
			t.Errorf("the bulletin has no %s", want)
		}
	}
}
