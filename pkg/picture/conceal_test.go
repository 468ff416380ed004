package picture

import (
	"testing"

	"huizong/pkg/reporting"
)

func TestConcealedSheet(t *testing.T) {
	form := &reporting.Form{Columns: []reporting.Column{{ID: "name", Masked: true}, {ID: "id", Type: reporting.IDNumber}, {ID: "n", Type: reporting.Integer}}}
	table := &reporting.Table{Form: form, Lines: []reporting.Line{{Row: 3, Values: []reporting.Value{{Cell: "B3"}, {Cell: "C3"}, {Cell: "D3"}}}}}
	at := func(row, col int32, text string) reporting.Cell {
		return reporting.Cell{Row: row, Col: col, Kind: reporting.TextCell, Text: text}
	}
	sheet := &reporting.Sheet{Rows: []reporting.Row{
		{Index: 0, Cells: []reporting.Cell{at(0, 0, "技能培训台账")}},
		{Index: 1, Cells: []reporting.Cell{at(1, 1, "学员（本人）"), at(1, 2, "证件"), at(1, 3, "课时")}},
		{Index: 2, Cells: []reporting.Cell{at(2, 1, "欧阳小明"), at(2, 2, "349981199001011234"), at(2, 3, "12")}},
		{Index: 3, Cells: []reporting.Cell{at(3, 1, "李 四"), at(3, 2, "34998119900101123"), at(3, 3, "8")}}, // a row that was not read
		{Index: 5, Cells: []reporting.Cell{at(5, 0, "填报人：魏海建　联系电话：13812345678"), at(5, 3, "审核人："), at(5, 4, ""), at(5, 5, "赵帆"), at(5, 6, "合计")}},
	}}
	want := map[string]string{"A1": "技能培训台账", "B2": "学员（本人）", "B3": "欧*", "C3": "349981********1234", "D3": "12", "B4": "李*", "C4": "349981*******1123",
		"A6": "填报人：魏*　联系电话：138****5678", "D6": "审核人：", "F6": "赵*", "G6": "合计"}
	got := Conceal(sheet, table)
	for cell, text := range want {
		row, col, _ := reporting.ParseCellName(cell)
		if c, _ := got.At(row, col); c.Text != text {
			t.Errorf("%s is %q, want %q", cell, c.Text, text)
		}
	}
	if c, _ := sheet.At(2, 1); c.Text != "欧阳小明" {
		t.Errorf("the sheet itself was changed: %q", c.Text)
	}
}
