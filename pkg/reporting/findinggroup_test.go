package reporting

import (
	"encoding/json"
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
		got = append(got, fmt.Sprint(g.Code, g.Sheet, g.Cells()))
	}
	want := "unknown_unit表[F7 F9] bad_date表[G7 G12] unknown_unit表[F10] unknown_unit另表[F7] missing_row表[] missing_row表[]"
	if strings.Join(got, " ") != want {
		t.Errorf("GroupFindings = %s\nwant %s", strings.Join(got, " "), want)
	}
}

// TestFindingGroupInJSON: the first finding's own fields, the count, and every cell.
func TestFindingGroupInJSON(t *testing.T) {
	groups := GroupFindings([]Finding{
		{Code: BadDate, Severity: SeverityError, Sheet: "表", Cell: "G7", Value: "六月", Message: "不是日期", MessageEN: "no date"},
		{Code: BadDate, Severity: SeverityError, Sheet: "表", Cell: "G9", Value: "七月", Message: "不是日期", MessageEN: "no date"},
	})
	got, err := json.Marshal(groups)
	want := `[{"code":"bad_date","severity":"error","sheet":"表","cell":"G7","value":"六月","message":"不是日期","message_en":"no date","count":2,"cells":["G7","G9"]}]`
	if err != nil || string(got) != want {
		t.Errorf("%s, %v\nwant %s", got, err, want)
	}
	if got, _ := json.Marshal(GroupFindings(nil)); string(got) != "[]" {
		t.Errorf("no groups are %s", got)
	}
}

// TestAddFindings: a list has an end, says how much is left out, and keeps the errors.
func TestAddFindings(t *testing.T) {
	add := func(list []Finding, severity Severity, n int) []Finding {
		for i := range n {
			list = AddFindings(list, Finding{Code: BadDate, Severity: severity, Cell: fmt.Sprint("A", i)})
		}
		return list
	}
	list := add(nil, SeverityWarning, MaxFindings)
	if len(list) != MaxFindings {
		t.Fatalf("%d findings", len(list))
	}
	list = add(list, SeverityWarning, 7)
	last := list[MaxFindings]
	if len(list) != MaxFindings+1 || last.Code != MoreFindings || last.Value != "7" || last.Severity != SeverityWarning || HasErrors(list) || !strings.Contains(last.Message, "7") {
		t.Errorf("%d findings, the last %+v", len(list), last)
	}
	list = add(list, SeverityError, 2)
	if last = list[MaxFindings]; list[MaxFindings-1].Severity != SeverityError || list[MaxFindings-2].Severity != SeverityError || last.Value != "9" || last.Severity != SeverityWarning {
		t.Errorf("errors found no place: %+v, %+v", list[MaxFindings-1], last)
	}
	list = add(list, SeverityError, MaxFindings)
	if last = list[MaxFindings]; len(list) != MaxFindings+1 || last.Severity != SeverityError || last.Value != fmt.Sprint(MaxFindings+9) {
		t.Errorf("the last is %+v", last)
	}
	both := AddFindings(AddFindings(nil, list...), list...)
	if last = both[len(both)-1]; len(both) != MaxFindings+1 || last.Value != fmt.Sprint(2*(MaxFindings+9)+MaxFindings) {
		t.Errorf("two lists come to %d findings, the last %+v", len(both), last)
	}
}

func TestShorten(t *testing.T) {
	for text, want := range map[string]string{"": "", "四个字符": "四个字符", "这是五个字": "这是五…", "abcd": "abcd", "abcde": "abc…", "𠮷𠮷𠮷𠮷𠮷": "𠮷𠮷𠮷…"} {
		if got := Shorten(text, 4); got != want {
			t.Errorf("Shorten(%q) = %q, want %q", text, got, want)
		}
	}
}
