package review

import (
	"math/big"
	"testing"

	"huizong/pkg/duty"
	"huizong/pkg/reporting"
)

// TestCompareNumbers: a change is large by half and by ten; the year so far may grow; missing is not zero.
func TestCompareNumbers(t *testing.T) {
	number := func(n int64) *big.Rat { return big.NewRat(n, 1) }
	for name, test := range map[string]struct {
		before, now  *big.Rat
		grows        bool
		moved, share string
		large        bool
	}{
		"Same":        {number(7), number(7), false, "", "", false},
		"Few":         {number(4), number(2), false, "−2", "−50.0%", false},
		"ALittle":     {number(100), number(140), false, "+40", "+40.0%", false},
		"Large":       {number(20), number(30), false, "+10", "+50.0%", true},
		"FromZero":    {number(0), number(12), false, "+12", "", true},
		"Gone":        {number(12), nil, false, "", "", true},
		"New":         {nil, number(3), false, "", "", false},
		"Year":        {number(20), number(80), true, "+60", "+300.0%", false},
		"YearShrinks": {number(80), number(20), true, "−60", "−75.0%", true},
		"Money":       {big.NewRat(305, 2), number(100), false, "−52.50", "−34.4%", false},
	} {
		row := compareNumbers(numberOf{value: test.now, grows: test.grows}, test.before)
		if row.Moved != test.moved || row.Share != test.share || row.Large != test.large {
			t.Errorf("%s: moved %q, share %q, large %v; want %q, %q, %v", name, row.Moved, row.Share, row.Large, test.moved, test.share, test.large)
		}
	}
}

// TestNeighbours: one walks the units that send the form, and goes round to the next that is to be reviewed.
func TestNeighbours(t *testing.T) {
	june := reporting.MonthPeriod(reporting.NewMonth(2020, 6))
	cell := func(unit string, state duty.State) *duty.Cell {
		return &duty.Cell{Unit: unit, Form: "f", Period: june, State: state}
	}
	board := &duty.Board{Columns: []duty.Column{{Form: "f", Period: june}}}
	for _, c := range []*duty.Cell{cell("A", duty.Accepted), cell("B", duty.Approved), nil, cell("C", duty.Missing)} {
		board.Rows = append(board.Rows, duty.Row{Cells: []*duty.Cell{c}})
	}
	before, after, next := neighbours(board, board.Rows[1].Cells[0])
	if before == nil || before.Unit != "A" || after == nil || after.Unit != "C" || next == nil || next.Unit != "A" {
		t.Errorf("neighbours of B: %+v, %+v, next %+v", before, after, next)
	}
	if before, _, next := neighbours(board, board.Rows[0].Cells[0]); before != nil || next != nil {
		t.Errorf("neighbours of A: %+v before, next %+v", before, next)
	}
}
