package portal

import (
	"bytes"
	"encoding/csv"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/xuri/excelize/v2"
)

// TestNoFormulaGoesOut: a text that somebody has sent is a text in what leaves, whichever program opens it; a number stays one.
func TestNoFormulaGoesOut(t *testing.T) {
	texts := []string{"=1+2", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u200b=1", "\ufeff=cmd|'/c calc'!A0", "＝1", "＠x", "－1", "\u3000=1"}
	table := Table{Name: "x", Columns: []string{"text", "number"}}
	for _, s := range texts {
		table.Rows = append(table.Rows, []Cell{Text(s), Number("-1.5")})
	}
	table.Rows = append(table.Rows, []Cell{Text("胡乐镇-1"), Number("-1.5")})
	answer := func(format string) []byte {
		w := httptest.NewRecorder()
		if err := table.Write(w, httptest.NewRequest("GET", "/?format="+format, nil)); err != nil {
			t.Fatal(err)
		}
		checkName(t, w.Header().Get("Content-Disposition"), table.Name)
		return w.Body.Bytes()
	}
	lines, err := csv.NewReader(bytes.NewReader(answer("csv"))).ReadAll()
	if err != nil || len(lines) != len(texts)+2 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	for i, line := range lines[1:] {
		if quoted := line[0] != "" && line[0][0] == '\''; quoted != (i < len(texts)) || line[1] != "-1.5" {
			t.Errorf("csv has %q", line)
		}
	}
	book, err := excelize.OpenReader(bytes.NewReader(answer("xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	for i := range table.Rows {
		cell, _ := excelize.CoordinatesToCellName(1, i+2)
		formula, _ := book.GetCellFormula("Sheet1", cell)
		kind, _ := book.GetCellType("Sheet1", cell)
		if formula != "" || !slices.Contains([]excelize.CellType{excelize.CellTypeInlineString, excelize.CellTypeSharedString}, kind) {
			t.Errorf("%s of the workbook is %v with formula %q", cell, kind, formula)
		}
	}
}
