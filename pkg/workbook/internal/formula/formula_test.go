package formula

import (
	"testing"

	"huizong/pkg/reporting"
)

func sheet(cells ...reporting.Cell) *reporting.Sheet {
	s := &reporting.Sheet{}
	for _, c := range cells {
		if n := len(s.Rows); n == 0 || s.Rows[n-1].Index != c.Row {
			s.Rows = append(s.Rows, reporting.Row{Index: c.Row})
		}
		last := &s.Rows[len(s.Rows)-1]
		last.Cells = append(last.Cells, c)
	}
	return s
}

func TestEvaluate(t *testing.T) {
	num := func(row, col int32, text string) reporting.Cell {
		return reporting.Cell{Row: row, Col: col, Kind: reporting.NumberCell, Text: text}
	}
	text := reporting.Cell{Row: 2, Col: 0, Kind: reporting.TextCell, Text: "合计"}
	failed := reporting.Cell{Row: 2, Col: 1, Kind: reporting.ErrorCell, Text: "#REF!"}
	for formula, want := range map[string]string{
		"SUM(A1:A2)":       "3.3", // exact, not 3.3000000000000003
		"sum(A1:A3)":       "3.3", // text counts as nothing
		"=A1+A2":           "3.3",
		"A1-A2*2":          "-3.3",
		"(A1+A2)/3":        "1.1",
		"1/3":              "0.33333333333333333333",
		"-A1":              "-1.1",
		"+$A$1":            "1.1",
		"50%*4":            "2",
		"SUM(A1,A2,1.7)":   "5",
		"SUM(A1:A2)*2":     "6.6",
		"Z99+1":            "1", // an empty cell is zero
		" SUM( A1 , A2 ) ": "3.3",
		"A3+1":             "", // text in arithmetic
		"A1/0":             "",
		"SUM(A1:B3)":       "", // an error in the area
		"SUM(Sheet2!A1)":   "",
		"AVERAGE(A1:A2)":   "",
		"SUM(A1:A2":        "",
		"A1 A2":            "",
		"A1&A2":            "",
		"":                 "",
		"D4":               "", // itself
		"A1^2":             "",
		"1E3":              "",
	} {
		c := reporting.Cell{Row: 3, Col: 3, Look: &reporting.Look{Formula: formula}}
		s := sheet(num(0, 0, "1.1"), num(1, 0, "2.2"), text, failed, c)
		Evaluate(s)
		got, _ := s.At(3, 3)
		if want == "" {
			if got.Kind != reporting.Blank || got.Formula() != formula {
				t.Errorf("%q: got %+v, want no value", formula, got)
			}
			continue
		}
		if got.Text != want || !got.Computed || got.Formula() != "" {
			t.Errorf("%q: got %+v, want %s", formula, got, want)
		}
	}
}

func TestEvaluateEndsOnMultiplication(t *testing.T) {
	cells := []reporting.Cell{{Kind: reporting.NumberCell, Text: "9999999999"}}
	for i := int32(1); i < 60; i++ {
		name := reporting.CellName(i-1, 0)
		cells = append(cells, reporting.Cell{Row: i, Look: &reporting.Look{Formula: name + "*" + name}})
	}
	s := sheet(cells...)
	Evaluate(s)
	if last, _ := s.At(59, 0); last.Kind != reporting.Blank {
		t.Errorf("a number of %d digits", len(last.Text))
	}
}

func TestShift(t *testing.T) {
	for text, want := range map[string]string{
		"A1*2":             "B3*2",
		"$A1+A$1+$A$1":     "$A3+B$1+$A$1",
		`A1&"A1"&'A1'!B2`:  `B3&"A1"&'A1'!C4`,
		"SUM(A1:B2)":       "SUM(B3:C4)",
		"LOG10(A1)+name1a": "LOG10(B3)+name1a",
		"XFD1":             "#REF!",
		`"unclosed A1`:     `"unclosed A1`,
	} {
		if got := Shift(text, 2, 1); got != want {
			t.Errorf("Shift(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestOutside(t *testing.T) {
	for text, want := range map[string]string{
		`SUM(A1:A3)*2`:   "",
		`[1]Sheet1!A1+1`: "",
		`HYPERLINK("https://example.cn","见此")`: "",
		`"WEBSERVICE("&A1`:                     "",
		`MYCALL(1)`:                            "",
		`_xlfn.WEBSERVICE("http://x")`:         "WEBSERVICE",
		`1+webservice(A1)`:                     "WEBSERVICE",
		`RTD("a",,"b")`:                        "RTD",
		`IF(A1,REGISTER.ID("k","l"),0)`:        "REGISTER.ID",
		"HYPERLINK(\"jav\tascript:alert()\")":  "HYPERLINK",
		`HYPERLINK("VBScript:x","y")`:          "HYPERLINK",
	} {
		if got := Outside([]byte(text)); got != want {
			t.Errorf("Outside(%q) = %q, want %q", text, got, want)
		}
	}
}
