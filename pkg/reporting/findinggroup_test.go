package reporting

import (
	"fmt"
	"strings"
	"testing"
)

func TestGroupFindings(t *testing.T) {
	finding := func(code FindingCode, sheet, cell, value string) Finding {
		return Finding{Code: code, Severity: SeverityError, Sheet: sheet, Cell: cell, Value: value}
	}
	groups := GroupFindings([]Finding{
		finding(UnknownUnit, "表", "F7", "云乡"), finding(BadDate, "表", "G7", "六月"), finding(UnknownUnit, "表", "F9", "云乡"),
		finding(UnknownUnit, "表", "F10", "水乡"), finding(BadDate, "表", "G12", "七月"), finding(UnknownUnit, "另表", "F7", "云乡"),
		finding(MissingRow, "表", "", "甲"), finding(MissingRow, "表", "", "甲"),
	})
	var got []string
	for _, g := range groups {
		got = append(got, fmt.Sprint(g.Code, g.Sheet, g.Cells))
	}
	want := "unknown_unit表[F7 F9] bad_date表[G7 G12] unknown_unit表[F10] unknown_unit另表[F7] missing_row表[] missing_row表[]"
	if strings.Join(got, " ") != want {
		t.Errorf("GroupFindings = %s\nwant %s", strings.Join(got, " "), want)
	}
}
