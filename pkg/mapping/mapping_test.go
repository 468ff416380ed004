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
		"Choice":        {reporting.Mapping{Form: "training_ledger", Column: "category", Choice: "创业培训", Text: "SYB班"}, true},
		"NoChoice":      {reporting.Mapping{Form: "training_ledger", Column: "category", Choice: "nothing", Text: "SYB班"}, false},
		"NoCategory":    {reporting.Mapping{Form: "training_ledger", Column: "name", Choice: "创业培训", Text: "SYB班"}, false},
		"OtherChoice":   {reporting.Mapping{Form: "training_ledger", Column: "category", Choice: "创业培训", Text: "岗前技能培训"}, false},
		"ChoiceOfAUnit": {reporting.Mapping{Form: "training_ledger", Choice: "创业培训", Unit: "349981204", Text: "SYB班"}, false},
		"TakenBack":     {reporting.Mapping{Form: "employment_monthly", Text: "六月份数"}, true},
		"NoText":        {reporting.Mapping{Unit: "349981204", Text: " "}, false},
		"NoForm":        {reporting.Mapping{Form: "nothing", Column: "month", Text: "六月份数"}, false},
		"NoColumn":      {reporting.Mapping{Form: "employment_monthly", Column: "nothing", Text: "六月份数"}, false},
		"NoRow":         {reporting.Mapping{Form: "employment_monthly", Row: "nothing", Text: "新岗位"}, false},
		"Named":         {reporting.Mapping{Form: "targets_annual", Row: "employment.urban_new_jobs", Text: "新岗位"}, true},
		"NamedRatio":    {reporting.Mapping{Form: "baseline_figures", Row: "employment.registered_unemployment_rate", Text: "失业面"}, true},
		"NamedNothing":  {reporting.Mapping{Form: "targets_annual", Row: "nothing", Text: "新岗位"}, false},
		"NamedOther":    {reporting.Mapping{Form: "targets_annual", Row: "employment.urban_new_jobs", Text: "引进外埠人员"}, false},
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

// TestApplyNamed: a name of an indicator holds on the form that it was confirmed for.
func TestApplyNamed(t *testing.T) {
	c := load(t)
	m := reporting.Mapping{Form: "targets_annual", Row: "employment.urban_new_jobs", Text: "新岗位"}
	own := mapping.Apply(c, []reporting.Mapping{m})
	if named := own.Form("targets_annual").Named; len(named) != 1 || named[0].Code != m.Row || named[0].Label != m.Text {
		t.Errorf("the name does not hold: %+v", named)
	}
	if len(own.Form("baseline_figures").Named)+len(c.Form("targets_annual").Named) > 0 {
		t.Error("the name holds on another form, or for all")
	}
}

// TestApplyChoice: a text in the cells of one column means a choice; the same text above a column is another matter, and taking it back
// takes back both.
func TestApplyChoice(t *testing.T) {
	c := load(t)
	aliases := func(c *reporting.Catalogue, choice string) []string {
		form := c.Form("training_ledger")
		for _, known := range form.Columns[form.Column("category")].Choices {
			if known.Name == choice {
				return known.Aliases
			}
		}
		return nil
	}
	choice := reporting.Mapping{Form: "training_ledger", Column: "category", Choice: "创业培训", Text: "SYB班"}
	header := reporting.Mapping{Form: "training_ledger", Column: "category", Text: "SYB班"}
	own := mapping.Apply(c, []reporting.Mapping{choice, header})
	if !slices.Contains(aliases(own, "创业培训"), "SYB班") || slices.Contains(aliases(c, "创业培训"), "SYB班") {
		t.Error("the choice does not hold, or holds for all")
	}
	if form := own.Form("training_ledger"); !slices.Contains(form.Columns[form.Column("category")].Labels, "syb班") {
		t.Errorf("the header does not hold beside the choice: %v", form.Columns[form.Column("category")].Labels)
	}
	other := choice
	other.Choice = "就业技能培训"
	if own := mapping.Apply(c, []reporting.Mapping{choice, other}); slices.Contains(aliases(own, "创业培训"), "SYB班") || !slices.Contains(aliases(own, "就业技能培训"), "SYB班") {
		t.Error("of two choices for a text the later one does not hold")
	}
	if mapping.Apply(c, []reporting.Mapping{choice, header, {Form: "training_ledger", Text: "SYB班"}}) != c {
		t.Error("what was taken back holds")
	}
}

// TestAnswers: of two answers the later one holds, one can be taken back, and none of them changes the catalogue.
func TestAnswers(t *testing.T) {
	c := load(t)
	answer := func(choice string) reporting.Mapping {
		return reporting.Mapping{Form: "employment_monthly", Text: "本年累计", Question: "employment_monthly.month.1", Choice: choice}
	}
	for want, given := range map[string][]reporting.Mapping{
		"C": {answer("B"), answer("C")}, "": {answer("B"), answer("")}, "B": {answer(""), answer("B"), {Form: "employment_monthly", Text: "本年累计"}},
	} {
		if got := mapping.Answers(given)["employment_monthly.month.1"]; got != want {
			t.Errorf("Answers(%+v) = %q, want %q", given, got, want)
		}
		if mapping.Apply(c, given) != c {
			t.Errorf("%+v changes the catalogue", given)
		}
	}
	if err := mapping.Check(c, reporting.Mapping{Question: "q", Column: "month"}); reporting.CodeOf(err) != reporting.Invalid {
		t.Errorf("an answer that names a column: %v", err)
	}
}
