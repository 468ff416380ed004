package reporting

import "testing"

func TestDate(t *testing.T) {
	for _, c := range []struct {
		year, month, day int
		want             string
	}{
		{2020, 2, 29, "2020-02-29"}, {2019, 2, 29, ""}, {2020, 13, 1, ""}, {2020, 0, 1, ""}, {2020, 6, 31, ""}, {1899, 12, 31, ""}, {2201, 1, 1, ""}, {1900, 1, 1, "1900-01-01"},
	} {
		if d, ok := NewDate(c.year, c.month, c.day); d.String() != c.want || ok != (c.want != "") {
			t.Errorf("NewDate(%d, %d, %d) = %s, %v, want %q", c.year, c.month, c.day, d, ok, c.want)
		}
	}
	for in, ok := range map[string]bool{"2020-06-15": true, "2020-6-15": false, "2020-02-30": false, "1800-01-01": false, "": false} {
		if d, got := ParseDate(in); got != ok || ok && (d.String() != in || DateOf(d.Time()) != d) {
			t.Errorf("ParseDate(%q) = %s, %v", in, d, got)
		}
	}
}

// Excel counts a 29 February 1900 that never was; old Macintosh books count from 1904.
func TestSerialDay(t *testing.T) {
	for _, c := range []struct {
		serial string
		mac    bool
		want   string
	}{
		{"1", false, "1900-01-01"}, {"59", false, "1900-02-28"}, {"61", false, "1900-03-01"}, {"43997", false, "2020-06-15"}, {"43997.75", false, "2020-06-15"}, {"42535", true, "2020-06-15"},
		{"0", true, "1904-01-01"}, {"0", false, ""}, {"-1", false, ""}, {"109938", false, "2200-12-30"}, {"200000", false, ""},
	} {
		s := &Sheet{Date1904: c.mac}
		if d, ok := s.SerialDay(MustDecimal(c.serial)); d.String() != c.want || ok != (c.want != "") {
			t.Errorf("SerialDay(%s), 1904 %v = %s, %v, want %q", c.serial, c.mac, d, ok, c.want)
		}
	}
	s := &Sheet{}
	if _, ok := s.Day(Cell{Kind: NumberCell, Text: "43997"}); ok {
		t.Error("a number that no format shows as a date is a day")
	}
	if d, ok := s.Day(Cell{Kind: NumberCell, Date: true, Text: "43997"}); !ok || d.String() != "2020-06-15" {
		t.Errorf("Day = %s, %v", d, ok)
	}
}

func TestCellName(t *testing.T) {
	for _, c := range []struct {
		row, col int32
		want     string
	}{{0, 0, "A1"}, {9, 25, "Z10"}, {0, 26, "AA1"}, {99, 701, "ZZ100"}, {0, 702, "AAA1"}, {1048575, 16383, "XFD1048576"}} {
		if got := CellName(c.row, c.col); got != c.want {
			t.Errorf("CellName(%d, %d) = %s, want %s", c.row, c.col, got, c.want)
		}
		if row, col, ok := ParseCellName(c.want); !ok || row != c.row || col != c.col {
			t.Errorf("ParseCellName(%s) = %d, %d, %v, want %d, %d", c.want, row, col, ok, c.row, c.col)
		}
	}
	for _, name := range []string{"", "A", "1", "A0", "A01", "a1", "A1048577", "XFE1", "ABCD1", "A-1", "A1:B2", "A1 ", "甲1"} {
		if _, _, ok := ParseCellName(name); ok {
			t.Errorf("ParseCellName(%q) names a cell", name)
		}
	}
	r := Range{FirstRow: 1, FirstCol: 1, LastRow: 2, LastCol: 3}
	if r.String() != "B2:D3" || !r.Holds(2, 3) || r.Holds(3, 3) || (Range{}).String() != "A1" {
		t.Errorf("range %s", r)
	}
}

func TestSheetAt(t *testing.T) {
	s := &Sheet{Rows: []Row{{Index: 2, Cells: []Cell{{Row: 2, Col: 1, Text: "a"}, {Row: 2, Col: 4, Text: "b"}}}, {Index: 7, Cells: []Cell{{Row: 7, Col: 0, Text: "c"}}}}}
	for _, c := range []struct {
		row, col int32
		want     string
	}{{2, 1, "a"}, {2, 4, "b"}, {7, 0, "c"}, {2, 2, ""}, {3, 1, ""}, {9, 0, ""}} {
		if cell, ok := s.At(c.row, c.col); cell.Text != c.want || ok != (c.want != "") {
			t.Errorf("At(%d, %d) = %q, %v, want %q", c.row, c.col, cell.Text, ok, c.want)
		}
	}
}

// TestPaper: a table that was laid out anew names its cells as they stand on paper; what lies outside of it is at its edge.
func TestPaper(t *testing.T) {
	s := &Sheet{Laid: &Laid{First: 2, Rows: [][]Place{{{Row: 5, Col: 1}, {Row: 6, Col: 1}}, {{Row: 5, Col: 2}, {Row: 6, Col: 2}}, {}}}}
	for _, test := range []struct {
		row, col int32
		want     string
	}{{0, 3, "D1"}, {2, 0, "B6"}, {2, 1, "B7"}, {3, 1, "C7"}, {3, 9, "C7"}, {4, 4, "A3"}, {99, 0, "A3"}} {
		if got := s.CellName(test.row, test.col); got != test.want {
			t.Errorf("row %d, column %d stands at %s, want %s", test.row, test.col, got, test.want)
		}
	}
	if got := s.Spans(Range{FirstRow: 2, LastRow: 3, LastCol: 1}); got != "B6:C7" || s.RowNumber(3) != 6 {
		t.Errorf("the table spans %s, its second row is %d", got, s.RowNumber(3))
	}
	plain := &Sheet{}
	if got := plain.CellName(1, 27); got != "AB2" || plain.Spans(Range{LastRow: 1}) != "A1:A2" || plain.RowNumber(4) != 5 {
		t.Errorf("as it lies: %s", got)
	}
}

// TestShown: a person sees the format of a number, and of a text what is not struck through.
func TestShown(t *testing.T) {
	for _, test := range []struct {
		c             Cell
		shown, source string
	}{
		{Cell{Kind: NumberCell, Text: "1.5"}, "1.5", ""},
		{Cell{Kind: TextCell, Text: "12 34", Marks: PartStruck, Look: &Look{Kept: "34"}}, "34", ""},
		{Cell{Kind: TextCell, Text: "m2", Marks: Raised, Look: &Look{Kept: "m"}}, "m", ""},
		{Cell{Kind: NumberCell, Text: "3", Marks: Doubtful, Look: &Look{Formula: "A1+1"}}, "3", "A1+1"},
	} {
		if got := test.c.Shown(); got != test.shown || test.c.Formula() != test.source {
			t.Errorf("%+v shows %q with %q", test.c, got, test.c.Formula())
		}
	}
}
