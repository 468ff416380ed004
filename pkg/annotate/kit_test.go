package annotate_test

import (
	"bytes"
	"cmp"
	"slices"
	"testing"

	"huizong/pkg/annotate"
	"huizong/pkg/reporting"
	"huizong/pkg/sample"
)

// TestKitComesBack annotates sheets as offices make them, of all formats: no cell changes, the sheet of findings comes first, and
// what is sent again is judged as before.
func TestKitComesBack(t *testing.T) {
	kit, err := sample.Generate(sample.Config{Months: 2})
	if err != nil {
		t.Fatal(err)
	}
	j := newJudge(t)
	const step = 15
	for i := 0; i < len(kit.Files); i += step {
		f := kit.Files[i]
		v, err := j.Judge(bytes.NewReader(f.Bytes), f.Form, f.Org, f.Period, noPast)
		if err != nil {
			t.Fatal(err)
		}
		sheets := decode(t, f.Bytes)
		in := annotate.Input{File: f.Bytes, Sheets: sheets, Decision: reporting.Decision{Form: f.Form, Org: f.Org, Period: f.Period, Findings: v.Findings}}
		out := write(t, in)
		if !bytes.Equal(out, write(t, in)) {
			t.Errorf("%s: two annotations differ", f.Path)
		}
		back := decode(t, out)
		if !annotate.Wrote(back[0]) || len(back) != len(sheets)+1 {
			t.Fatalf("%s: %d sheets, the first %q; want the findings and then %d", f.Path, len(back), back[0].Name, len(sheets))
		}
		for k, sheet := range sheets {
			if back[k+1].Hidden != sheet.Hidden {
				t.Errorf("%s: sheet %q hidden = %v", f.Path, sheet.Name, back[k+1].Hidden)
			}
			if err := same(sheet, back[k+1]); err != nil {
				t.Errorf("%s: %v", f.Path, err)
			}
		}
		again, err := j.Judge(bytes.NewReader(out), f.Form, f.Org, f.Period, noPast)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := places(again.Findings), places(v.Findings); !slices.Equal(got, want) {
			t.Errorf("%s: judged again %v, was %v", f.Path, got, want)
		}
	}
}

func places(findings []reporting.Finding) []string {
	var list []string
	for _, f := range findings {
		list = append(list, string(f.Code)+"@"+cmp.Or(f.Sheet, "数据")+"!"+f.Cell)
	}
	slices.Sort(list)
	return list
}
