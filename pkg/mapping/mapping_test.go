package mapping_test

import (
	"slices"
	"testing"

	"huizong/pkg/mapping"
	"huizong/pkg/reporting"
	"huizong/schemas"
)

func load(t *testing.T) *reporting.Catalogue {
	t.Helper()
	c, err := schemas.Load(schemas.FS())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCheck(t *testing.T) {
	c := load(t)
	for name, test := range map[string]struct {
		reporting.Mapping
		ok bool
	}{
		"Column":        {reporting.Mapping{Form: "employment_monthly", Column: "month", Text: "六月份数"}, true},
		"Row":           {reporting.Mapping{Form: "employment_monthly", Row: "employment.urban_new_jobs", Text: "新岗位"}, true},
		"Unit":          {reporting.Mapping{Unit: "349981204", Text: "畲乡"}, true},
		"TakenBack":     {reporting.Mapping{Form: "employment_monthly", Text: "六月份数"}, true},
		"NoText":        {reporting.Mapping{Unit: "349981204", Text: " "}, false},
		"NoForm":        {reporting.Mapping{Form: "nothing", Column: "month", Text: "六月份数"}, false},
		"NoColumn":      {reporting.Mapping{Form: "employment_monthly", Column: "nothing", Text: "六月份数"}, false},
		"NoRow":         {reporting.Mapping{Form: "employment_monthly", Row: "nothing", Text: "新岗位"}, false},
		"NoUnit":        {reporting.Mapping{Unit: "nobody", Text: "畲乡"}, false},
		"TwoTargets":    {reporting.Mapping{Form: "employment_monthly", Column: "month", Row: "employment.urban_new_jobs", Text: "新岗位"}, false},
		"PrintedColumn": {reporting.Mapping{Form: "employment_monthly", Column: "month", Text: "本年累计"}, false},
		"PrintedRow":    {reporting.Mapping{Form: "employment_monthly", Row: "employment.urban_new_jobs", Text: "引进外埠人员"}, false},
		"OthersName":    {reporting.Mapping{Unit: "349981204", Text: "港口镇"}, false},
	} {
		if err := mapping.Check(c, test.Mapping); (err == nil) != test.ok || err != nil && reporting.CodeOf(err) != reporting.Invalid {
			t.Errorf("%s: Check(%+v) = %v", name, test.Mapping, err)
		}
	}
}

// TestApply: the later of two holds, one can be taken back, and the catalogue that went in stays as it was.
func TestApply(t *testing.T) {
	c := load(t)
	jobs := func(c *reporting.Catalogue, code string) []string {
		for _, r := range c.Form("employment_monthly").Rows {
			if r.Code == code {
				return r.Aliases
			}
		}
		return nil
	}
	first := reporting.Mapping{Form: "employment_monthly", Row: "employment.urban_new_jobs", Text: "新岗位"}
	second := reporting.Mapping{Form: "employment_monthly", Row: "employment.public_welfare_posts", Text: "新 岗位"}
	if own := mapping.Apply(c, []reporting.Mapping{first}); !slices.Contains(jobs(own, first.Row), first.Text) || slices.Contains(jobs(c, first.Row), first.Text) {
		t.Error("one mapping does not hold, or holds for all")
	}
	own := mapping.Apply(c, []reporting.Mapping{first, second})
	if slices.Contains(jobs(own, first.Row), first.Text) || !slices.Contains(jobs(own, second.Row), second.Text) {
		t.Error("of two mappings the later one does not hold")
	}
	back := reporting.Mapping{Form: "employment_monthly", Text: "新岗位"}
	if mapping.Apply(c, []reporting.Mapping{first, back}) != c {
		t.Error("a mapping that was taken back holds")
	}
	if mapping.Apply(c, []reporting.Mapping{{Form: "gone", Column: "x", Text: "y"}}) != c {
		t.Error("a mapping of a form that is no more holds")
	}
}
