package xlsx_test

import (
	"archive/zip"
	"bytes"
	"io"
	"math/big"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"huizong/pkg/compile"
	"huizong/pkg/compile/compiletest"
	"huizong/pkg/compile/xlsx"
)

func write(t testing.TB, in compile.Input) []byte {
	t.Helper()
	d, err := compile.Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := xlsx.Write(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func open(t testing.TB, file []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestWriteTwice(t *testing.T) {
	if !bytes.Equal(write(t, compiletest.Input(t)), write(t, compiletest.Input(t))) {
		t.Error("the same input gave different bytes")
	}
}

// Every number of the workbook, read back from it alone, is that of its figure: the cell holds it whole and shows it rounded.
func TestNumbersAreFigures(t *testing.T) {
	in := compiletest.Input(t)
	f := open(t, write(t, in))
	rows, err := f.GetRows("编号索引")
	if err != nil || len(rows) < 1000 {
		t.Fatalf("%d numbers, want at least 1000 (%v)", len(rows), err)
	}
	for _, row := range rows[1:] {
		for len(row) < 9 {
			row = append(row, "")
		}
		places, err := strconv.Atoi(row[8])
		if err != nil {
			t.Fatal(err)
		}
		n := compiletest.Number{ID: row[0], Indicator: row[3], Unit: row[4], Period: row[5], Aspect: row[6], Measure: row[7], Places: places}
		sheet, cell, _ := strings.Cut(row[1], "!")
		sheet = strings.Trim(sheet, "'")
		shown, err := f.GetCellValue(sheet, cell)
		if err != nil {
			t.Fatal(err)
		}
		compiletest.CheckNumber(t, in, n, strings.TrimRight(shown, "%*个百分点月件"))
		raw, _ := f.GetCellValue(sheet, cell, excelize.Options{RawCellValue: true})
		checkRaw(t, n, n.Exact(t, in), raw)
	}
}

// checkRaw compares what a cell holds to a double's precision.
func checkRaw(t *testing.T, n compiletest.Number, exact *big.Rat, raw string) {
	t.Helper()
	got, err := strconv.ParseFloat(raw, 64)
	if err != nil {
		t.Errorf("%s holds %q, which is no number", n.ID, raw)
		return
	}
	want, _ := exact.Float64()
	if n.Measure == "%" {
		got *= 100
	}
	if difference := got - want; difference > 1e-6 || difference < -1e-6 {
		t.Errorf("%s %s %s holds %s, want %v", n.ID, n.Aspect, n.Indicator, raw, want)
	}
}

func TestSheets(t *testing.T) {
	in := compiletest.Input(t)
	in.Figures = compile.LookupIn(compiletest.All(t, compiletest.FirstForms(t, compiletest.Figures(t))))
	f := open(t, write(t, in))
	list := strings.Join(f.GetSheetList(), " ")
	for _, want := range []string{"说明", "缺报清单", "预警提示", "主要目标任务完成情况表", "全部指标汇总表", "表1　城东街道至", "由一个单位填报的指标", "数据来源追溯表", "年度目标任务完成进度", "劳动人事争议案件受理和结案情况", "编号索引"} {
		if !strings.Contains(list, want) {
			t.Errorf("no sheet %s in %s", want, list)
		}
	}
	gaps, err := f.GetRows("缺报清单")
	if err != nil || len(gaps) < 20 || gaps[1][0] != "缺报" {
		t.Errorf("the list of gaps has %d rows (%v)", len(gaps), err)
	}
	if panes, err := f.GetPanes("全部指标汇总表"); err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("the header is not frozen: %+v %v", panes, err)
	}
}

// Charts are native, and drawn from the cells of their sheets.
// TestPrintsOnePageWide: whatever else is set on a sheet, it is printed one page wide.
func TestPrintsOnePageWide(t *testing.T) {
	f := open(t, write(t, compiletest.Input(t)))
	for _, sheet := range f.GetSheetList() {
		properties, err1 := f.GetSheetProps(sheet)
		page, err2 := f.GetPageLayout(sheet)
		if err1 != nil || err2 != nil || properties.FitToPage == nil || !*properties.FitToPage || page.FitToWidth == nil || *page.FitToWidth != 1 {
			t.Errorf("%s is not fitted to the page's width (%v, %v)", sheet, err1, err2)
		}
	}
}

func TestCharts(t *testing.T) {
	file := write(t, compiletest.Input(t))
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	charts := 0
	for _, f := range z.File {
		if !strings.HasPrefix(f.Name, "xl/charts/chart") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil || !bytes.Contains(content, []byte("!$B$2:$B$")) {
			t.Errorf("%s is not drawn from a sheet (%v)", f.Name, err)
		}
		charts++
	}
	if charts != 4 {
		t.Errorf("%d charts, want 4", charts)
	}
}

// Text that looks like a formula, or holds what XML cannot, stays text.
func TestHostileText(t *testing.T) {
	const hostile = "=cmd|' /C calc'!A0<b>&\"\x00\x0b😀"
	in := compiletest.Input(t)
	in.Warnings[0].Subject, in.Warnings[0].Text = hostile, hostile
	f := open(t, write(t, in))
	for _, cell := range []string{"B2", "C2"} {
		formula, _ := f.GetCellFormula("预警提示", cell)
		text, err := f.GetCellValue("预警提示", cell)
		if err != nil || formula != "" || !strings.HasPrefix(text, "=cmd|' /C calc'!A0<b>&\"") || !strings.HasSuffix(text, "😀") {
			t.Errorf("%s = %q, formula %q (%v)", cell, text, formula, err)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	d, err := compile.Compile(compiletest.Input(b))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := xlsx.Write(io.Discard, d); err != nil {
			b.Fatal(err)
		}
	}
}
