package annotate_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"huizong/pkg/annotate"
	"huizong/pkg/reporting"
)

// clerksBook is a workbook with what a clerk's has and must keep: a style, a width, a merged title, a formula with its result, a
// comment of their own, a print area and a hidden sheet.
func clerksBook(t *testing.T) []byte {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true, Color: "112233"}, NumFmt: 4})
	do(t, err)
	do(t, book.SetSheetName("Sheet1", "6月"),
		book.SetCellStr("6月", "A1", "月报表"), book.MergeCell("6月", "A1", "C1"),
		book.SetCellInt("6月", "B2", 40), book.SetCellInt("6月", "B3", 2), book.SetCellStyle("6月", "B2", "B3", bold),
		book.SetCellDefault("6月", "B4", "42"), book.SetCellFormula("6月", "B4", "SUM(B2:B3)"),
		book.SetColWidth("6月", "B", "B", 33),
		book.AddComment("6月", excelize.Comment{Cell: "B2", Author: "张三", Text: "已核"}),
		book.AddComment("6月", excelize.Comment{Cell: "B3", Author: "张三", Text: "待核"}),
		book.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", RefersTo: "'6月'!$A$1:$C$4", Scope: "6月"}))
	_, err = book.NewSheet("旧表")
	do(t, err, book.SetCellStr("旧表", "A1", "旧"), book.SetSheetVisible("旧表", false))
	return save(t, book)
}

func annotated(t *testing.T, file []byte, findings ...reporting.Finding) []byte {
	t.Helper()
	return write(t, annotate.Input{File: file, Sheets: decode(t, file), Decision: reporting.Decision{Findings: findings}})
}

func comments(t *testing.T, book *excelize.File, sheet string) map[string]string {
	t.Helper()
	list, err := book.GetComments(sheet)
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, c := range list {
		text := c.Text
		for _, run := range c.Paragraph {
			text += run.Text
		}
		texts[c.Cell] = text
	}
	return texts
}

func colour(t *testing.T, book *excelize.File, sheet, cell string) string {
	t.Helper()
	id, err := book.GetCellStyle(sheet, cell)
	do(t, err)
	style, err := book.GetStyle(id)
	do(t, err)
	return strings.Join(style.Fill.Color, ",")
}

func TestClerksWorkbookComesBack(t *testing.T) {
	out := annotated(t, clerksBook(t),
		finding("error", "6月", "B2", "40", "应为 41"), finding("warning", "6月", "B2", "40", "差很大"), finding("note", "6月", "B4", "42", "没有核对"),
		finding("warning", "6月", "C1", "", "标题"), finding("error", "", "", "", "缺少一行"))
	book := open(t, out)
	if got := book.GetSheetList(); fmt.Sprint(got) != "[核对结果 6月 旧表]" {
		t.Fatalf("sheets %v", got)
	}
	if visible, _ := book.GetSheetVisible("旧表"); visible {
		t.Error("the hidden sheet is visible")
	}
	if formula, _ := book.GetCellFormula("6月", "B4"); formula != "SUM(B2:B3)" || value(t, book, "6月", "B4") != "42" {
		t.Errorf("formula %q, value %q", formula, value(t, book, "6月", "B4"))
	}
	if width, _ := book.GetColWidth("6月", "B"); width != 33 {
		t.Errorf("width %v, want 33", width)
	}
	id, _ := book.GetCellStyle("6月", "B2")
	if style, _ := book.GetStyle(id); !style.Font.Bold || style.NumFmt != 4 {
		t.Errorf("style %+v lost its font or format", style)
	}
	for _, n := range book.GetDefinedName() {
		if n.Name == "_xlnm.Print_Area" && n.Scope != "6月" {
			t.Errorf("the print area belongs to %q", n.Scope)
		}
	}
	if got := comments(t, book, "6月"); got["B2"] != "[错误] 应为 41\n[提醒] 差很大\n\n张三:\n已核" || got["B3"] != "待核" || got["B4"] != "[说明] 没有核对" ||
		got["A1"] != "[提醒] 标题" {
		t.Errorf("comments %q", got)
	}
	for cell, want := range map[string]string{"B2": "F8B4B4", "A1": "FFE08A", "B4": "CFDDEC", "B3": ""} {
		if got := colour(t, book, "6月", cell); got != want {
			t.Errorf("colour of %s = %q, want %q", cell, got, want)
		}
	}
}

// TestHeadlineIsTrue: what stands over the findings is true of a list that is cut off, and of a sheet that could not be decided.
func TestHeadlineIsTrue(t *testing.T) {
	coded := func(code reporting.FindingCode) reporting.Finding {
		f := finding("error", "", "", "", "x")
		f.Code = code
		return f
	}
	for want, findings := range map[string][]reporting.Finding{
		"至少还差 2 处才能受理":          {coded(reporting.NotANumber), coded(reporting.NotANumber), coded(reporting.MoreFindings)},
		"系统故障，没能核对；不是表的问题，不用重报": {coded(reporting.OurFault)},
	} {
		out := write(t, annotate.Input{File: clerksBook(t), Sheets: decode(t, clerksBook(t)), Form: reporting.Text{ZH: "就业月报表"},
			Decision: reporting.Decision{Outcome: reporting.Rejected, Findings: findings}})
		if got := value(t, open(t, out), "核对结果", "A1"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestReport(t *testing.T) {
	out := write(t, annotate.Input{File: clerksBook(t), Sheets: decode(t, clerksBook(t)), Form: reporting.Text{ZH: "就业月报表"}, Decision: reporting.Decision{
		Findings: []reporting.Finding{finding("error", "6月", "B2", "=1+2", "应为 41"), finding("error", "6月", "", "", "缺少一行"), finding("warning", "无此表", "A1", "", "别处")}}})
	book := open(t, out)
	for cell, want := range map[string]string{"A1": "还差 2 处就能受理", "B4": "错误", "D4": "B2", "E4": "=1+2", "F4": "应为 41", "G4": "en: 应为 41", "D5": "整表", "D6": "A1"} {
		if got := value(t, book, "核对结果", cell); got != want {
			t.Errorf("%s = %q, want %q", cell, got, want)
		}
	}
	for cell, want := range map[string]string{"D4": "'6月'!B2", "D5": "'6月'!A1", "D6": ""} {
		if _, link, _ := book.GetCellHyperLink("核对结果", cell); link != want {
			t.Errorf("link of %s = %q, want %q", cell, link, want)
		}
	}
	if formula, _ := book.GetCellFormula("核对结果", "E4"); formula != "" {
		t.Errorf("what the sender wrote became the formula %q", formula)
	}
}

// TestReportOfGroups: findings of one cause are one line, under which each stands folded with a link of its own.
func TestReportOfGroups(t *testing.T) {
	file := clerksBook(t)
	book := open(t, annotated(t, file, finding("error", "6月", "B2", "云乡", "没有这个单位"), finding("error", "6月", "C2", "", "不能为空"),
		finding("error", "6月", "B3", "云乡", "没有这个单位"), finding("error", "6月", "B4", "云乡", "没有这个单位")))
	for row, want := range []string{4: "1 B2 等 3 处", 5: "1.1 B2", 6: "1.2 B3", 7: "1.3 B4", 8: "2 C2"} {
		if want == "" {
			continue
		}
		cell := func(column string) string { return fmt.Sprint(column, row) }
		if got := value(t, book, "核对结果", cell("A")) + " " + value(t, book, "核对结果", cell("D")); got != want {
			t.Errorf("row %d is %q, want %q", row, got, want)
		}
		folded := strings.Contains(want, ".")
		level, _ := book.GetRowOutlineLevel("核对结果", row)
		if visible, _ := book.GetRowVisible("核对结果", row); visible == folded || level > 0 != folded {
			t.Errorf("row %d is visible: %v, at level %d", row, visible, level)
		}
	}
	for cell, want := range map[string]string{"D4": "'6月'!B2", "D6": "'6月'!B3", "D7": "'6月'!B4", "D8": "'6月'!C2"} {
		if _, link, _ := book.GetCellHyperLink("核对结果", cell); link != want {
			t.Errorf("link of %s = %q, want %q", cell, link, want)
		}
	}
}

func TestHeadline(t *testing.T) {
	warning := finding("warning", "", "", "", "")
	for _, c := range []struct {
		language string
		decision reporting.Decision
		want     string
	}{
		{"zh", reporting.Decision{Outcome: reporting.Accepted}, "已受理，没有需要核对的地方"},
		{"zh", reporting.Decision{Outcome: reporting.Accepted, Findings: []reporting.Finding{warning}}, "已受理，有 1 处提醒"},
		{"en", reporting.Decision{Outcome: reporting.Rejected, Findings: []reporting.Finding{finding("error", "", "", "", "")}}, "1 to go before it can be accepted"},
	} {
		book := open(t, write(t, annotate.Input{Decision: c.decision, Language: c.language}))
		if got := value(t, book, "核对结果", "A1"); got != c.want {
			t.Errorf("headline %q, want %q", got, c.want)
		}
	}
}

// TestAnnotatedTwice corrects an annotated workbook and annotates it again: what the first round left is gone, what the clerk had
// is not.
func TestAnnotatedTwice(t *testing.T) {
	first := annotated(t, clerksBook(t), finding("error", "6月", "B2", "40", "应为 41"), finding("error", "6月", "C4", "", "不能为空"))
	book := open(t, annotated(t, first, finding("warning", "6月", "C4", "7", "差很大")))
	if got := book.GetSheetList(); fmt.Sprint(got) != "[核对结果 6月 旧表]" {
		t.Fatalf("sheets %v", got)
	}
	if got := comments(t, book, "6月"); got["C4"] != "[提醒] 差很大" || got["B3"] != "待核" || strings.Contains(got["B2"], "应为") {
		t.Errorf("comments %q", got)
	}
	if got := colour(t, book, "6月", "B2"); got != "" {
		t.Errorf("B2 is still %q", got)
	}
}

func TestNameOfTheReportIsFree(t *testing.T) {
	book := excelize.NewFile()
	defer book.Close()
	do(t, book.SetSheetName("Sheet1", "核对结果"), book.SetCellStr("核对结果", "A1", "别人的表"))
	if got := open(t, annotated(t, save(t, book))).GetSheetList(); fmt.Sprint(got) != "[核对结果2 核对结果]" {
		t.Errorf("sheets %v", got)
	}
}

func TestTextFile(t *testing.T) {
	file := []byte("姓名,金额,代码,身份证\n=cmd|' /C calc'!A0,12.50,007,349981195104015546\n@SUM(A1),-3,1E5,-\n")
	book := open(t, annotated(t, file, finding("error", "", "B3", "-3", "不能是负数")))
	for cell, want := range map[string]string{"A2": "=cmd|' /C calc'!A0", "A3": "@SUM(A1)", "B2": "12.50", "C2": "007", "D2": "349981195104015546", "C3": "1E5", "D3": "-"} {
		formula, _ := book.GetCellFormula("数据", cell)
		if got, _ := book.GetCellValue("数据", cell); got != want || formula != "" {
			t.Errorf("%s = %q, formula %q, want %q", cell, got, formula, want)
		}
	}
	for cell, want := range map[string]excelize.CellType{"B2": excelize.CellTypeUnset, "B3": excelize.CellTypeUnset, "C2": excelize.CellTypeSharedString, "D2": excelize.CellTypeSharedString} {
		if got, _ := book.GetCellType("数据", cell); got != want {
			t.Errorf("type of %s = %v, want %v", cell, got, want)
		}
	}
	if got := comments(t, book, "数据")["B3"]; got != "[错误] 不能是负数" {
		t.Errorf("comment %q", got)
	}
}

func TestUnreadableFile(t *testing.T) {
	book := open(t, write(t, annotate.Input{File: []byte("PK\x03\x04 cut short"), Decision: reporting.Decision{
		Findings: []reporting.Finding{finding("error", "", "", "", "文件已损坏")}}}))
	if got := value(t, book, "核对结果", "F4"); got != "文件已损坏" {
		t.Errorf("message %q", got)
	}
}

// TestForeignComments takes the names and ids that LibreOffice and openpyxl give to the parts of comments.
func TestForeignComments(t *testing.T) {
	file := repack(t, clerksBook(t), func(name, content string) (string, string) {
		name = strings.NewReplacer("xl/comments1.xml", "xl/comments/comment1.xml", "xl/drawings/vmlDrawing1.vml", "xl/drawings/commentsDrawing1.vml").Replace(name)
		content = strings.NewReplacer("../comments1.xml", "/xl/comments/comment1.xml", "../drawings/vmlDrawing1.vml", "/xl/drawings/commentsDrawing1.vml",
			"/xl/comments1.xml", "/xl/comments/comment1.xml", `id="_x0000_s1025"`, `id="shape_0"`).Replace(content)
		return name, content
	})
	book := open(t, annotated(t, file, finding("error", "6月", "B4", "42", "应为 41")))
	if got := comments(t, book, "6月"); got["B2"] != "已核" || got["B4"] != "[错误] 应为 41" {
		t.Errorf("comments %q", got)
	}
}

// TestButtonsStay: shapes that are no comments share the drawing with the comments.
func TestButtonsStay(t *testing.T) {
	book := excelize.NewFile()
	defer book.Close()
	do(t, book.AddFormControl("Sheet1", excelize.FormControl{Cell: "D2", Type: excelize.FormControlButton, Text: "按钮"}),
		book.AddComment("Sheet1", excelize.Comment{Cell: "A1", Author: "张三", Text: "已核"}), book.SetCellInt("Sheet1", "A1", 1))
	back := open(t, annotated(t, save(t, book), finding("error", "Sheet1", "A2", "", "不能为空")))
	controls, err := back.GetFormControls("Sheet1")
	if err != nil || len(controls) == 0 {
		t.Errorf("controls %v, %v", controls, err)
	}
}

// TestBlocksOfShapes: Excel offers to repair a file in which two sheets number their shapes from one block.
func TestBlocksOfShapes(t *testing.T) {
	book := excelize.NewFile()
	defer book.Close()
	var findings []reporting.Finding
	for _, sheet := range []string{"Sheet1", "二", "三"} {
		_, err := book.NewSheet(sheet)
		do(t, err, book.SetCellInt(sheet, "A1", 1))
		for row := range 2100 {
			findings = append(findings, finding("error", sheet, fmt.Sprintf("B%d", row+1), "", "不能为空"))
		}
	}
	do(t, book.AddComment("三", excelize.Comment{Cell: "A1", Author: "张三", Text: "已核"}))
	out := annotated(t, save(t, book), findings...)
	owner := map[string]string{}
	ids := map[string]bool{}
	repack(t, out, func(name, content string) (string, string) {
		for _, m := range regexp.MustCompile(`idmap v:ext="edit" data="([\d,]+)"`).FindAllStringSubmatch(content, -1) {
			for block := range strings.SplitSeq(m[1], ",") {
				if owner[block] != "" {
					t.Errorf("block %s is of %s and of %s", block, owner[block], name)
				}
				owner[block] = name
			}
		}
		for _, m := range regexp.MustCompile(`<v:shape id="_x0000_s(\d+)"`).FindAllStringSubmatch(content, -1) {
			var id int
			fmt.Sscan(m[1], &id)
			if ids[m[1]] || owner[fmt.Sprint(id/1024)] != name || id%1024 == 0 {
				t.Fatalf("shape id %s of %s stands twice or outside of its blocks", m[1], name)
			}
			ids[m[1]] = true
		}
		return name, content
	})
	if len(ids) != 3*2100+1 {
		t.Errorf("%d shapes, want %d", len(ids), 3*2100+1)
	}
}

// TestMacrosAreLeftOut: what comes back is an .xlsx by its name and by its content.
func TestMacrosAreLeftOut(t *testing.T) {
	file := repack(t, clerksBook(t), func(name, content string) (string, string) {
		content = strings.ReplaceAll(content, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml")
		return name, content
	})
	repack(t, annotated(t, file), func(name, content string) (string, string) {
		if strings.Contains(content, "macroEnabled") {
			t.Errorf("%s still speaks of macros", name)
		}
		return name, content
	})
}

// repack passes each part of a package through change.
func repack(t *testing.T, file []byte, change func(name, content string) (string, string)) []byte {
	t.Helper()
	zr, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	do(t, err)
	var b bytes.Buffer
	zw := zip.NewWriter(&b)
	for _, f := range zr.File {
		r, err := f.Open()
		do(t, err)
		content, err := io.ReadAll(r)
		do(t, err)
		name, text := change(f.Name, string(content))
		w, err := zw.Create(name)
		do(t, err)
		_, err = io.WriteString(w, text)
		do(t, err)
	}
	do(t, zw.Close())
	return b.Bytes()
}

// BenchmarkLedger is a ledger of 20,000 rows with 5,000 findings.
func BenchmarkLedger(b *testing.B) {
	sheet := &reporting.Sheet{Name: "台账"}
	var findings []reporting.Finding
	for row := range int32(20_000) {
		r := reporting.Row{Index: row}
		for col := range int32(8) {
			r.Cells = append(r.Cells, reporting.Cell{Row: row, Col: col, Kind: reporting.TextCell, Text: fmt.Sprint("第", row, "行")})
		}
		sheet.Rows = append(sheet.Rows, r)
		if row%4 == 0 {
			findings = append(findings, finding("error", "台账", reporting.CellName(row, 2), "3499", "校验码不对"))
		}
	}
	in := annotate.Input{Sheets: []*reporting.Sheet{sheet}, Decision: reporting.Decision{Findings: findings}}
	var rebuilt bytes.Buffer
	if _, err := annotate.Write(&rebuilt, in); err != nil {
		b.Fatal(err)
	}
	in.File = rebuilt.Bytes()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := annotate.Write(io.Discard, in); err != nil {
			b.Fatal(err)
		}
	}
}
