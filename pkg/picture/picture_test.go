package picture

import (
	"fmt"
	"strings"
	"testing"

	"huizong/pkg/reporting"
)

// sheetOf makes a sheet of texts: rows by lines, cells by |. A number is a number; {…} around a row hides it.
func sheetOf(name, text string) *reporting.Sheet {
	s := &reporting.Sheet{Name: name}
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		row := reporting.Row{Index: int32(i)}
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "{") {
			row.Hidden, line = true, strings.Trim(line, "{}")
		}
		for col, cell := range strings.Split(line, "|") {
			if cell = strings.TrimSpace(cell); cell == "" {
				continue
			}
			kind := reporting.TextCell
			if _, err := reporting.ParseDecimal(cell); err == nil {
				kind = reporting.NumberCell
			}
			row.Cells = append(row.Cells, reporting.Cell{Row: int32(i), Col: int32(col), Kind: kind, Text: cell})
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

// drawn prints a picture as text: a line a row, with spans and marks.
func drawn(p *Picture) string {
	var b strings.Builder
	for _, c := range p.Columns {
		fmt.Fprintf(&b, " %s", c.Letter)
		if c.Folded != "" {
			fmt.Fprintf(&b, "(%s)", c.Folded)
		}
	}
	for _, r := range p.Rows {
		if r.Gap != nil {
			fmt.Fprintf(&b, "\n… %d-%d", r.Gap.First, r.Gap.Last)
			continue
		}
		fmt.Fprintf(&b, "\n%d", r.Number)
		if r.Folded {
			b.WriteString("^")
		}
		for _, c := range r.Cells {
			fmt.Fprintf(&b, " %s", c.Text)
			if c.Cols+c.Row > 0 {
				fmt.Fprintf(&b, "<%dx%d>", c.Row, c.Cols)
			}
			if c.Mark != nil {
				fmt.Fprintf(&b, "!%s", c.Mark.Severity)
			}
		}
	}
	return b.String()
}

func TestPicture(t *testing.T) {
	sheet := sheetOf("表", `
		标题 | | |
		项目 | 人数 | 金额 | 备注
		{藏   | 1 | 2 | }
		甲   | 1930 | 4123.4500000000007 |
		乙   | 12345 | 7 | 无`)
	sheet.Merges = []reporting.Range{{FirstRow: 0, FirstCol: 0, LastRow: 0, LastCol: 3}, {FirstRow: 3, FirstCol: 3, LastRow: 4, LastCol: 3}}
	sheet.HiddenCols = []reporting.Range{{FirstCol: 2, LastCol: 2}}
	for name, c := range map[string]struct {
		marks []Mark
		want  string
	}{
		"Plain": {nil, " A B D(C)\n1 标题<0x3>\n2 项目 人数 备注\n4^ 甲 1,930 <2x0>\n5 乙 12,345"},
		// A mark brings its hidden row and column back, and stands in the first cell of a merged one.
		"Marked": {[]Mark{{Sheet: "表", Cell: "C3", Severity: reporting.SeverityError}, {Sheet: "表", Cell: "D5", Severity: reporting.SeverityNote, Finding: 1}},
			" A B C D\n1 标题<0x4>\n2 项目 人数 金额 备注\n3 藏 1 2!error \n4 甲 1,930 4,123.45 <2x0>!note\n5 乙 12,345 7"},
	} {
		if got := drawn(Draw(Input{Sheets: []*reporting.Sheet{sheet}, Sheet: -1, At: -1, Marks: c.marks})); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

// TestLongPicture: of a long ledger the head, the end and what is near the marks; the rest can be asked for.
func TestLongPicture(t *testing.T) {
	var text strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&text, "行%d|%d\n", i+1, i)
	}
	sheet := sheetOf("", text.String())
	sheet.Merges = []reporting.Range{{FirstRow: 7, FirstCol: 0, LastRow: 501, LastCol: 0}}
	of := Input{Sheets: []*reporting.Sheet{sheet}, Sheet: -1, At: 0, Marks: []Mark{{Cell: "B500", Severity: reporting.SeverityError}}}
	p := Draw(of)
	p.Link(func(sheet int, more []Rows) string { return fmt.Sprint(sheet, more) })
	var shown []string
	for _, r := range p.Rows {
		if r.Gap != nil {
			shown = append(shown, fmt.Sprintf("(%d-%d %s)", r.Gap.First, r.Gap.Last, r.Gap.Href))
			continue
		}
		shown = append(shown, fmt.Sprint(r.Number))
	}
	want := "1 2 3 4 5 6 7 8 9 10 (11-496 0 [11-110]) 497 498 499 500 501 502 503 (504-998 0 [504-603]) 999 1000"
	if got := strings.Join(shown, " "); got != want {
		t.Errorf("rows %s\nwant %s", got, want)
	}
	if first := p.Rows[11].Cells[0]; first.Text != "行8" || first.Row != 6 {
		t.Errorf("the second part of a merged cell is %+v, want its text again over six rows", first)
	}
	of.More = []Rows{{10, 109}}
	if p = Draw(of); p.Rows[10].Number != 11 || p.Rows[110].Gap == nil {
		t.Error("rows that were asked for are not shown")
	}
	if p.Anchor(0, "B500") != "B500" || p.Anchor(0, "") != "" || p.Anchor(9, "A700") != "-" {
		t.Error("the anchors of findings are wrong")
	}
}

// TestWidePicture: of very many columns the first and those near the marks.
func TestWidePicture(t *testing.T) {
	sheet := sheetOf("宽", strings.Repeat("x|", 100)+"x")
	p := Draw(Input{Sheets: []*reporting.Sheet{sheet}, Sheet: -1, At: -1, Marks: []Mark{{Sheet: "宽", Cell: "BA1", Severity: reporting.SeverityWarning}}})
	if got, _, _ := strings.Cut(drawn(p), "\n"); got != " A B C D E F G H AY(I–AX) AZ BA BB BC" {
		t.Errorf("columns%s", got)
	}
}

func TestMaskedPicture(t *testing.T) {
	sheet := sheetOf("台账", `
		姓 名 | 身份证号 | 说明
		张三丰 | 349981195101186890 | 本人3499811951011868901转交
		李四 | 34998119510118689X | 无`)
	got := drawn(Draw(Input{Sheets: []*reporting.Sheet{sheet}, Sheet: -1, At: -1, Masked: true, Names: MaskedColumns(nil)}))
	want := " A B C\n1 姓 名 身份证号 说明\n2 张* 349981********6890 本人349981*********8901转交\n3 李* 349981********689X 无"
	if got != want {
		t.Errorf("masked:\n%s\nwant\n%s", got, want)
	}
}

func TestSheetNumber(t *testing.T) {
	for text, want := range map[string]string{"4123.4500000000007": "4,123.45", "0": "0", "-1234567.5": "-1,234,567.5", "2020": "2020", "202006": "202006", "13800001111": "13800001111",
		"999": "999", "12345": "12,345", "1E3": "1,000", "0.1": "0.1", "27733.675123": "27,733.675123", "abc": "abc", "-0.30000000000000004": "-0.3", "1E400": "1E400"} {
		if got := SheetNumber(text, false); got != want {
			t.Errorf("sheetNumber(%s) = %s, want %s", text, got, want)
		}
	}
	if got := SheetNumber("2020", true); got != "2,020" {
		t.Errorf("2020 among amounts = %s", got)
	}
}

func TestRowsOf(t *testing.T) {
	for text, want := range map[string]string{"": "[]", "5-9": "[5-9]", "1-3,8-2,x,9-9": "[1-3 9-9]", "1-99999": "[1-100]", "0-4": "[]"} {
		if got := fmt.Sprint(ParseRows(text, MoreRows)); got != want {
			t.Errorf("rowsOf(%q) = %s, want %s", text, got, want)
		}
	}
}
