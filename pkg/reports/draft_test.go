package reports

import (
	"strings"
	"testing"

	"huizong/pkg/reporting"
)

// TestDraftFiles: a draft's files can be had by name, and nothing else can; of the same sheets it is not made again.
func TestDraftFiles(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Accept(t, reporting.MissingSheet{Form: "employment_monthly", Org: "349981001", Period: mustPeriod("2020-05")})
	d := reporting.Draft{Report: "half_year", Period: half, Cutoff: b.Now, Because: "deadline"}
	standings, err := b.Facts.Standings(t.Context(), b.Now)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []bool{true, false} {
		if made, err := b.Draft(t.Context(), d, standings); err != nil || made != want {
			t.Errorf("Draft = %v, %v, want %v", made, err, want)
		}
	}
	drafts, err := b.Drafts()
	if err != nil || len(drafts) != 1 || len(drafts[0].Files) != 6 || len(drafts[0].Notes) != 1 {
		t.Errorf("Drafts = %+v, %v, want one, and a note that there is no font", drafts, err)
	}
	f, err := b.DraftFile("half_year", half, "half-year-2020H1.html")
	if err != nil || !strings.Contains(string(f.Data), "2020年上半年") || f.Policy == "" || !f.Cutoff.Equal(b.Now) {
		t.Errorf("draft file: %d bytes, policy %q, cut-off %s, %v", len(f.Data), f.Policy, f.Cutoff, err)
	}
	for name, of := range map[string]struct{ report, period, file string }{
		"NoFile":     {"half_year", "2020H1", "half-year-2020H1.doc"},
		"Note":       {"half_year", "2020H1", draftNote},
		"Elsewhere":  {"half_year", "2020H1", "../half-year-2020H1/half-year-2020H1.html"},
		"NoPeriod":   {"half_year", "2019H1", "half-year-2020H1.html"},
		"NoReport":   {"nothing", "2020H1", "half-year-2020H1.html"},
		"PathReport": {"x/../half_year", "2020H1", "half-year-2020H1.html"},
	} {
		if _, err := b.DraftFile(of.report, mustPeriod(of.period), of.file); reporting.CodeOf(err) != reporting.NotFound {
			t.Errorf("%s: %v, want not_found", name, err)
		}
	}
}
