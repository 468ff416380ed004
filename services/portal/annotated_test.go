package portal

import (
	"testing"

	"huizong/pkg/reporting"
)

func TestCellsOf(t *testing.T) {
	row := reporting.Row{Cells: make([]reporting.Cell, 3)}
	sheets := []*reporting.Sheet{{Rows: []reporting.Row{row, row}}, {}, {Rows: []reporting.Row{row}}}
	if n := cellsOf(sheets); n != 9 {
		t.Errorf("%d cells, want 9", n)
	}
}
