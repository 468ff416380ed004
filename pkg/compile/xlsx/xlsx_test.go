package xlsx_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"math/big"
	"regexp"
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
	return pair(t, in)[0]
}

// pair writes a report and its companion.
func pair(t testing.TB, in compile.Input) [2][]byte {
	t.Helper()
	d, err := compile.Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	var a, b bytes.Buffer
	if err := errors.Join(xlsx.Write(&a, d), xlsx.Write(&b, d.Companion)); err != nil {
		t.Fatal(err)
	}
	return [2][]byte{a.Bytes(), b.Bytes()}
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
	a, b := pair(t, compiletest.Input(t)), pair(t, compiletest.Input(t))
	if !bytes.Equal(a[0], b[0]) || !bytes.Equal(a[1], b[1]) {
		t.Error("the same input gave different bytes")
	}
}

// Every number of the workbooks, read back from each alone, is that of its figure: the cell holds it whole and shows it rounded.
func TestNumbersAreFigures(t *testing.T) {
	in, found := compiletest.Input(t), 0
	for _, file := range pair(t, in) {
		f := open(t, file)
		rows, err := f.GetRows("编号索引")
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows[1:] {
			checkRow(t, in, f, append(row, make([]string, 9)...))
			found++
		}
	}
	if found < 1000 {
		t.Errorf("%d numbers, want at least 1000", found)
	}
}

var worded = regexp.MustCompile(`^(change|points|pace|sequential|balance|same_units)`)

// A bulletin, which is all text, has its numbers as numbers: each with its sentence.
func TestBulletinHasNumbers(t *testing.T) {
	f := open(t, write(t, compiletest.Bulletin(t)))
	rows, err := f.GetRows("正文数字")
	if err != nil || len(rows) < 10 {
		t.Fatalf("%d numbers of the text (%v)", len(rows), err)
	}
	for i, row := range rows[1:] {
		cell := "C" + strconv.Itoa(i+2)
		raw, _ := f.GetCellValue("正文数字", cell, excelize.Options{RawCellValue: true})
		_, err := strconv.ParseFloat(raw, 64)
		if kind, _ := f.GetCellType("正文数字", cell); err != nil || kind == excelize.CellTypeSharedString || !strings.Contains(row[4], strings.TrimSuffix(strings.TrimPrefix(row[2], "-"), "%")) {
			t.Errorf("%q is not the number of its sentence", row)
		}
	}
}

// In the companion a number leads to the entry of its origin and the entry back; the ids of what is sent are hidden.
func TestNumbersLeadToTheirCells(t *testing.T) {
	files := pair(t, compiletest.Input(t))
	if seen, err := open(t, files[0]).GetSheetVisible("编号索引"); err != nil || seen {
		t.Errorf("the report that is sent shows ids (%v)", err)
	}
	kept := open(t, files[1])
	for _, from := range []string{"C2", "F2"} {
		there, entry, err := kept.GetCellHyperLink("正文数字", from)
		if err != nil || !there {
			t.Fatalf("%s leads nowhere (%v)", from, err)
		}
		sheet, cell, _ := strings.Cut(entry, "!")
		if back, to, err := kept.GetCellHyperLink(strings.Trim(sheet, "'"), cell); err != nil || !back || to != "'正文数字'!C2" {
			t.Errorf("%s leads to %s, and that to %q (%v)", from, entry, to, err)
		}
	}
}

// checkRow checks the number that a row of the index leads to.
func checkRow(t *testing.T, in compile.Input, f *excelize.File, row []string) {
	t.Helper()
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
	raw, _ := f.GetCellValue(sheet, cell, excelize.Options{RawCellValue: true})
	if worded.MatchString(n.Aspect) { // the sentence has a word for the sign, and the cell the sign
		shown, raw = strings.TrimPrefix(shown, "-"), strings.TrimPrefix(raw, "-")
	}
	compiletest.CheckNumber(t, in, n, strings.TrimRight(shown, "%*▲个百分点月件"))
	checkRaw(t, n, n.Exact(t, in), raw)
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
	files := pair(t, in)
	sent, f := open(t, files[0]), open(t, files[1])
	for workbook, wants := range map[*excelize.File][]string{
		sent: {"说明", "主要目标任务完成情况表", "年度目标任务完成进度", "劳动人事争议案件受理和结案情况", "编号索引"},
		f:    {"说明", "未报清单", "预警", "全部指标汇总表", "表1　城东街道至", "由一个单位填报的指标", "数据来源追溯表", "编号索引"},
	} {
		list := strings.Join(workbook.GetSheetList(), " ")
		for _, want := range wants {
			if !strings.Contains(list, want) {
				t.Errorf("no sheet %s in %s", want, list)
			}
		}
	}
	if sheets := strings.Join(sent.GetSheetList(), " "); strings.Contains(sheets, "未报") || strings.Contains(sheets, "来源") {
		t.Errorf("the workbook that is sent has %s", sheets)
	}
	if rows, err := f.GetRows("全部指标汇总表"); err != nil || !strings.HasPrefix(rows[len(rows)-1][0], "注：") {
		t.Errorf("no legend below the table (%v)", err)
	}
	gaps, err := f.GetRows("未报清单")
	if err != nil || len(gaps) < 20 || gaps[1][0] != "未报" {
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
		if strings.HasPrefix(f.Name, "xl/drawings/drawing") {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			if content, err := io.ReadAll(r); err != nil || !regexp.MustCompile(`descr="(条形图|柱状图)“`).Match(content) {
				t.Errorf("%s does not describe its chart (%v)", f.Name, err)
			}
		}
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
	f := open(t, pair(t, in)[1])
	for _, cell := range []string{"B2", "C2"} {
		formula, _ := f.GetCellFormula("预警", cell)
		text, err := f.GetCellValue("预警", cell)
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
