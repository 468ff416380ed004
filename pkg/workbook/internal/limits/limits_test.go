package limits_test

import (
	"errors"
	"strings"
	"testing"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/limits"
)

// TestMeter: what is over a limit is refused at its cell, with what to do in both languages; what is at the limit passes.
func TestMeter(t *testing.T) {
	l := limits.Limits{Rows: 10, Cols: 4, Gap: 3, Cells: 5, Record: 100}.WithDefaults()
	row := func(index int32, cols ...int32) reporting.Row {
		r := reporting.Row{Index: index}
		for _, col := range cols {
			r.Cells = append(r.Cells, reporting.Cell{Row: index, Col: col})
		}
		return r
	}
	for name, test := range map[string]struct {
		rows []reporting.Row
		cell string // "" where all pass
		zh   string
	}{
		"at the limits":   {[]reporting.Row{row(3, 0, 3), row(4), row(7, 0), row(9, 0, 3)}, "", ""},
		"column":          {[]reporting.Row{row(0, 0, 4)}, "E1", "超过 4 列"},
		"row":             {[]reporting.Row{row(7-4, 0), row(6, 0), row(9, 0), row(10, 1)}, "B11", "超过 10 行"},
		"gap":             {[]reporting.Row{row(0, 0), row(5, 2)}, "C6", "远离表格主体"},
		"gap at the top":  {[]reporting.Row{row(4, 0)}, "A5", "远离表格主体"},
		"empty rows pass": {[]reporting.Row{row(1), row(9_999)}, "", ""},
		"cells":           {[]reporting.Row{row(0, 0, 1, 2), row(1, 0, 1, 2)}, "C2", "超过 5 个单元格"},
	} {
		m := limits.NewMeter(l, "part", "月报")
		var err error
		for i := range test.rows {
			if err == nil {
				err = m.Row(&test.rows[i])
			}
		}
		checkRefused(t, name, err, test.cell, test.zh)
	}
}

// TestFields: a text file's cell is judged while its record is read, so that one endless record is not collected first.
func TestFields(t *testing.T) {
	m := limits.NewMeter(limits.Limits{Cols: 4, Record: 100}.WithDefaults(), "part", "月报")
	checkRefused(t, "a record at the limit", m.Field(reporting.Cell{Row: 2, Col: 3}, 100), "", "")
	checkRefused(t, "a long record", m.Field(reporting.Cell{Row: 2, Col: 3}, 101), "D3", "引号")
	checkRefused(t, "a column", m.Field(reporting.Cell{Row: 2, Col: 4}, 1), "E3", "超过 4 列")
}

func checkRefused(t *testing.T, name string, err error, cell, zh string) {
	t.Helper()
	if cell == "" {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		return
	}
	var e *reporting.FileError
	if !errors.As(err, &e) || e.Code != reporting.TooLarge || e.Part != "part" || e.Sheet != "月报" || e.Cell != cell || !strings.Contains(e.Reason.ZH, zh) || e.Reason.EN == "" {
		t.Errorf("%s: %v, want %q at %s", name, err, zh, cell)
	}
}

// TestDefaults: a field that is left out is the default; one that is given stays, and a large file leaves less room for its strings.
func TestDefaults(t *testing.T) {
	if limits.Default() != (limits.Limits{}).WithDefaults() {
		t.Error("no limits are not the default ones")
	}
	given := limits.Limits{Bytes: 1, Unpacked: 2, Ratio: 3, Entries: 4, Strings: 5, Rows: 6, Cols: 7, Gap: 8, Cells: 9, Record: 10, Memory: 11}
	if got := given.WithDefaults(); got != given {
		t.Errorf("given %+v, got %+v", given, got)
	}
	left := limits.Limits{Strings: 80, Memory: 100}.Left(30)
	if left.Memory != 70 || left.Strings != 70 {
		t.Errorf("after 30 bytes %+v are left", left)
	}
}
