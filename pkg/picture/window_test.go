package picture

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"huizong/pkg/reporting"
)

// TestWindow: the cells of the rows that are asked for, with what is hidden said and persons masked.
func TestWindow(t *testing.T) {
	sheets := []*reporting.Sheet{sheetOf("参数", "x"), sheetOf("台账", `
		姓名 | 人数 | 备注
		张三 | 12345 | 无
		{李四 | 1 | }
		王五 | 2 | 无`)}
	sheets[0].Hidden = true
	sheets[1].Merges = []reporting.Range{{FirstRow: 1, FirstCol: 2, LastRow: 2, LastCol: 2}, {FirstRow: 3, FirstCol: 2, LastRow: 3, LastCol: 3}}
	sheets[1].HiddenCols = []reporting.Range{{FirstCol: 2, LastCol: 2}}
	w, err := Window(sheets, WindowInput{Sheet: -1, Rows: Rows{1, 2}, Masked: true, Names: MaskedColumns(nil)})
	if err != nil {
		t.Fatal(err)
	}
	var cells []string
	for _, c := range w.Cells {
		cells = append(cells, fmt.Sprintf("%s=%s%s%s", c.Cell, c.Text, map[bool]string{true: "#"}[c.Number], map[bool]string{true: "^"}[c.Hidden]))
	}
	if got, want := strings.Join(cells, " "), "A2=张* B2=12,345# C2=无^ A3=李*^ B3=1#^"; got != want {
		t.Errorf("cells %s, want %s", got, want)
	}
	if w.Sheet != 2 || w.First != 2 || w.Last != 3 || w.LastRow != 4 || !slices.Equal(w.Merges, []string{"C2:C3"}) || !w.Sheets[0].Hidden || w.Sheets[1].Name != "台账" {
		t.Errorf("%+v", w)
	}
}

func TestNoWindow(t *testing.T) {
	if _, err := Window(nil, WindowInput{Sheet: 3}); reporting.CodeOf(err) != reporting.Invalid {
		t.Errorf("the fourth sheet of none: %v", err)
	}
	if _, err := Window(nil, WindowInput{Sheet: -1}); reporting.CodeOf(err) != reporting.NotFound {
		t.Errorf("any sheet of none: %v", err)
	}
}

// TestTabs: a hidden sheet has a tab where it has marks; the sheet of the current mark is shown, and each tab leads to its own.
func TestTabs(t *testing.T) {
	sheets := []*reporting.Sheet{sheetOf("说明", "x"), sheetOf("藏", "y"), sheetOf("表", "z"), {Name: "空"}}
	sheets[1].Hidden = true
	tabs := func(at int, marks ...Mark) string {
		p := Draw(Input{Sheets: sheets, Sheet: -1, At: at, Marks: marks})
		p.Link(func(sheet int, more []Rows) string { return Query(sheet, more) })
		var all []string
		for _, tab := range p.Tabs {
			all = append(all, fmt.Sprintf("%s:%d%s%s", tab.Name, tab.Marks, map[bool]string{true: "*"}[tab.Here], tab.Href))
		}
		return strings.Join(all, " ")
	}
	for _, tt := range []struct{ got, want string }{
		{tabs(-1), "说明:0*&sheet=1#sheet 表:0&sheet=3#sheet"},
		{tabs(-1, Mark{Sheet: "藏", Cell: "A1"}), "说明:0&sheet=1#sheet 藏:1*&sheet=2#sheet 表:0&sheet=3#sheet"},
		{tabs(1, Mark{Sheet: "藏", Cell: "A1"}, Mark{Sheet: "表", Cell: "A1"}), "说明:0&sheet=1#sheet 藏:1&sheet=2#sheet 表:1*&sheet=3#sheet"},
		{tabs(0, Mark{Sheet: "没有", Cell: "A1"}), "说明:0*&sheet=1#sheet 表:0&sheet=3#sheet"},
	} {
		if tt.got != tt.want {
			t.Errorf("tabs %s, want %s", tt.got, tt.want)
		}
	}
	if Draw(Input{Sheet: -1}) != nil {
		t.Error("a picture of no sheet")
	}
	var none *Picture
	none.Link(nil) // a file without a picture has no addresses
	if none.Anchor(0, "A1") != "-" {
		t.Error("a cell without a picture is shown")
	}
}

// TestMarksOfACell: the gravest of several marks in a cell is shown, or the current one, with how many there are.
func TestMarksOfACell(t *testing.T) {
	marks := []Mark{{Cell: "A1", Severity: reporting.SeverityNote}, {Cell: "A1", Severity: reporting.SeverityError}, {Cell: "A1", Severity: reporting.SeverityWarning}}
	for at, want := range map[int]reporting.Severity{-1: reporting.SeverityError, 2: reporting.SeverityWarning} {
		m := Draw(Input{Sheets: []*reporting.Sheet{sheetOf("", "x")}, Sheet: 0, At: at, Marks: marks}).Rows[0].Cells[0].Mark
		if m.Severity != want || m.Count != 3 || m.Here != (at >= 0) {
			t.Errorf("at %d: %+v, want %s", at, m, want)
		}
	}
}

// TestCellText: a long text is shown in part, with the whole at hand.
func TestCellText(t *testing.T) {
	long := strings.Repeat("字", maxText+1)
	p := Draw(Input{Sheets: []*reporting.Sheet{sheetOf("", " 前后空 |"+long)}, Sheet: 0, At: -1})
	if c := p.Rows[0].Cells[1]; c.Long != long || len([]rune(c.Text)) != maxText+1 {
		t.Errorf("a long text is shown as %q", c.Text)
	}
	if got := MoreQuery([]Rows{{0, 9}, {20, 29}}); got != "&rows=1-10,21-30#sheet" {
		t.Errorf("more rows: %s", got)
	}
	if got := MaskedColumns(&reporting.Form{Columns: []reporting.Column{{Header: "学员", Masked: true, Labels: []string{"参训人"}}, {Header: "课时"}}}); !slices.Equal(got, []string{"姓名", "学员", "参训人"}) {
		t.Errorf("masked columns %v", got)
	}
}
