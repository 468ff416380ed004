package compile_test

import (
	"strings"
	"testing"

	"huizong/pkg/compile"
	"huizong/pkg/compile/compiletest"
	"huizong/pkg/reporting"
)

// unitSheet is the shipped sheet about a unit that the parameter names.
func unitSheet(t *testing.T, unit string) (compile.Input, *compile.Document, error) {
	t.Helper()
	in := compiletest.Input(t)
	template, err := compile.LoadTemplate(compiletest.Schemas(t), "reports/unit_sheet", in.Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	in.Template, in.Narratives, in.Warnings, in.Parameters = template, nil, nil, map[string]string{"unit": unit}
	d, err := compile.Compile(in)
	return in, d, err
}

// TestUnitSheet: a sheet about a unit tells that unit's figures, with the city's beside them and its place among its kind, and no other unit's.
func TestUnitSheet(t *testing.T) {
	in, d, err := unitSheet(t, "349981002")
	if err != nil {
		t.Fatal(err)
	}
	name := in.Catalogue.Unit("349981002").Name.ZH
	if _, byName, err := unitSheet(t, name); err != nil || byName.Title[0] != name {
		t.Errorf("by its name %s: %v", name, err)
	}
	if d.Title[0] != name || !strings.Contains(d.Title[1], "2020年上半年") {
		t.Errorf("titled %q", d.Title)
	}
	subject, city := 0, 0
	listed := entries(d.Companion)
	for _, b := range d.Bindings {
		switch b.Figure.Unit {
		case "349981002":
			subject++
		case compiletest.City:
			city++
		default:
			t.Errorf("it tells %s of %s", b.Label, b.Figure.Unit)
		}
		if !listed[b.ID] {
			t.Errorf("%s leads to no entry in the list of origins", b.Label)
		}
	}
	if subject == 0 || city == 0 {
		t.Errorf("%d numbers of the unit, %d of the city", subject, city)
	}
	printed := text(d)
	own, _ := in.Figures("employment.urban_new_jobs", "349981002", in.Period)
	all, _ := in.Figures("employment.urban_new_jobs", compiletest.City, in.Period)
	row := ""
	for _, line := range strings.Split(printed, "\n") {
		if strings.HasPrefix(line, "城镇新增就业") && strings.Contains(line, " | ") {
			row = line
		}
	}
	for _, want := range []string{own.Value.RatString(), all.Value.RatString(), "/18"} {
		if !strings.Contains(row, want) {
			t.Errorf("%s stands not in %q", want, row)
		}
	}
}

// TestUnitSheetOfNobody: it is an error, in words, where the parameter names no unit, or the city.
func TestUnitSheetOfNobody(t *testing.T) {
	for unit, want := range map[string]string{"": "say which", "某某镇": "there is no unit", compiletest.City: "there is no unit"} {
		if _, _, err := unitSheet(t, unit); reporting.CodeOf(err) != reporting.Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", unit, err)
		}
	}
}

// entries are the ids of the numbers whose origins a companion lists.
func entries(companion *compile.Document) map[string]bool {
	listed := map[string]bool{}
	for _, annex := range companion.Annexes {
		for _, block := range annex.Blocks {
			table, _ := block.(compile.Table)
			for _, row := range table.Rows {
				for _, cell := range row {
					for _, run := range cell {
						listed[run.Entry] = true
					}
				}
			}
		}
	}
	return listed
}
