package analyst

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"huizong/pkg/reporting"
	"huizong/schemas"
	"huizong/services/portal"
)

// A draft says what is missing in it, and a comparison says whose sheet moved a figure; both in both languages.
func TestPagesOfDraftsAndChanges(t *testing.T) {
	p := testPages(t)
	half, june := span(t, "2020H1"), span(t, "2020-06")
	draft := draftLine{Name: "半年工作报告", Path: "/x/", Draft: reporting.Draft{Report: "half_year", Period: half, Cutoff: time.Now(), Because: "deadline",
		Missing: []reporting.MissingSheet{{Form: "employment_monthly", Org: "349981105", Period: june}}, Files: []string{"a.docx"}, Notes: []string{"pdf: no font"}}}
	change := p.shownChange("zh", reporting.FigureChange{Indicator: "employment.startup_loans", Unit: "349981", Period: half, Aspect: "value", Before: "100000.00", After: "",
		Causes: []reporting.CellChange{{Submission: "01X", Indicator: "employment.startup_loans", Form: "employment_monthly", Org: "349981001", Period: june, Before: "1", After: "2"}}})
	diff := releaseDiffPage{ReleaseDiff: reporting.ReleaseDiff{From: 1, To: 2, Reason: "更正", Inputs: []reporting.InputChange{{Replaces: "01W", Gone: true}},
		Periods: []reporting.PeriodChange{{Kind: reporting.PeriodOpened, Period: june}}, Other: []reporting.ReleaseChange{{What: "program"}}}, City: []shownChange{change}, Units: []shownChange{change}}
	for _, test := range []struct {
		page string
		data any
		zh   []string
		en   []string
	}{
		{"reports", reportsPage{Drafts: []draftLine{draft}, MayPublish: true}, []string{"缺 1 份报表", "胡乐镇", "到期自动编制", "/x/a.docx"}, []string{"1 sheets are missing", "made at the deadline"}},
		{"release_diff", diff, []string{"10.00", "城东街道", "/cell/01X", "打开"}, []string{"opened", "the sheet"}},
	} {
		for lang, want := range map[string][]string{"zh": test.zh, "en": test.en} {
			w := httptest.NewRecorder()
			if err := p.Show(w, httptest.NewRequest("GET", "/?lang="+lang, nil), test.page, reporting.Text{ZH: "x"}, test.data); err != nil {
				t.Fatal(err)
			}
			for _, words := range want {
				if !strings.Contains(w.Body.String(), words) {
					t.Errorf("%s in %s does not say %q", test.page, lang, words)
				}
			}
		}
	}
}

func testPages(t *testing.T) *Pages {
	t.Helper()
	catalogue, err := schemas.Load(schemas.FS())
	if err != nil {
		t.Fatal(err)
	}
	shell, err := portal.NewShell(portal.Shell{Catalogue: catalogue}, Templates)
	if err != nil {
		t.Fatal(err)
	}
	return &Pages{Shell: shell}
}

func span(t *testing.T, text string) reporting.Period {
	t.Helper()
	p, err := reporting.ParsePeriod(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
