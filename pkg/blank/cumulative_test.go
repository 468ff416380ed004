package blank

import (
	"io/fs"
	"os"
	"testing"
	"testing/fstest"

	"huizong/pkg/reporting"
	"huizong/pkg/validate"
	"huizong/schemas"
)

// TestYearToDate: a form that carries only the year to date has last month's beside each flow, and is accepted when it is filled.
func TestYearToDate(t *testing.T) {
	c := withExample(t)
	in := inputOf(t, c, c.Form("employment_progress"))
	in.Cumulative = map[string]reporting.Decimal{"employment.graduates_placed": reporting.Int(25), "employment.job_seeking_subsidy": reporting.MustDecimal("12500")}
	p := newPlan(in)
	if len(p.helpers) != 1 {
		t.Fatalf("helpers %v, want one beside the year to date", p.helpers)
	}
	for line, want := range map[int]string{0: "25", 1: "", 2: "1.25", 3: ""} {
		value, known := p.cumulative(&p.lines[line], p.helpers[0].column)
		if known != (want != "") || known && value.String() != want {
			t.Errorf("beside %s stands %s, %v; want %q", p.lines[line].label, value, known, want)
		}
		if got := p.cells[line][p.helpers[0].column].role; got != input {
			t.Errorf("the year to date of %s is no input but %v", p.lines[line].label, got)
		}
	}
	v := judged(t, in, fillIn(t, written(t, in), p, 25), validate.History{})
	if v.Form != in.Form.ID || len(unwanted(v.Findings)) > 0 || len(v.Reading.Observations) != 4 || v.Reading.Observations[0].Period != in.Period.YearToDate() {
		t.Errorf("%s with %v: %v", v.Form, v.Reading.Observations, v.Findings)
	}
}

// withExample is the catalogue with the form of docs/examples that carries only the year to date.
func withExample(t *testing.T) *reporting.Catalogue {
	t.Helper()
	example, err := os.ReadFile("../../docs/examples/cumulative_form.yaml")
	if err != nil {
		t.Fatal(err)
	}
	all := fstest.MapFS{"forms/employment_progress.yaml": {Data: example}}
	err = fs.WalkDir(schemas.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			all[name] = &fstest.MapFile{}
			all[name].Data, err = fs.ReadFile(schemas.FS(), name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	c, err := schemas.Load(all)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
