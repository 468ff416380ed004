package workbook

import "testing"

// TestReckoned: what a file can make the calculation do is bounded before it begins.
func TestReckoned(t *testing.T) {
	for source, want := range map[string]bool{
		"IF(A1>0,ROUND(A1/10000,2),0)": true, `SUMIF(B:B,"梅林镇",F:F)`: true, "SUM(F4:F9)": true, `COUNTIF(A1:A9,"a!b&c")`: true,
		"Sheet2!A1": false, `REPT("x",1000000)`: false, `INDIRECT("A1:XFD1048576")`: false, "A1&A1": false, "OFFSET(A1,0,0,9,9)": false, "?": false, "WEBSERVICE(A1)": false, "{1,2}": false,
	} {
		if got := isReckoned(source); got != want {
			t.Errorf("%s is calculated: %v", source, got)
		}
	}
	for source, want := range map[string]int{"A1+1": 0, "SUM(A1:B10)": 20, "SUM($B$3:A1)": 6, "SUM(A:B)": 2 * wholeColumn, "SUM(A1:XFD1048576)": mostCells + 1} {
		if got := area(source); got != want {
			t.Errorf("%s names %d cells, want %d", source, got, want)
		}
	}
}
