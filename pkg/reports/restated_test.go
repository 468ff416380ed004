package reports

import (
	"testing"
	"time"

	"huizong/pkg/answers"
	"huizong/pkg/reporting"
)

// TestRestatedSinceTheRelease: a figure that is not what the last release had is restated, also where nothing but a late sheet came; one that is
// the same is not, and one as of before the release, or after the next, is not either.
func TestRestatedSinceTheRelease(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	restated := func(asOf time.Time) map[string]bool {
		t.Helper()
		figures, err := b.Answers.Figures(t.Context(), answers.Selection{Periods: []reporting.Period{half, mustPeriod("2020-05"), mustPeriod("2020-04")}, Units: []string{"349981001", "349981002"},
			Indicator: "employment.urban_new_jobs", Standpoint: answers.Standpoint{AsOf: asOf}})
		if err != nil {
			t.Fatal(err)
		}
		marked := map[string]bool{}
		for _, f := range figures {
			marked[f.Unit+" "+f.Period.String()] = f.Restated
		}
		return marked
	}
	want := func(what string, got map[string]bool, marked ...string) {
		t.Helper()
		n := 0
		for _, is := range got {
			if is {
				n++
			}
		}
		for _, key := range marked {
			if !got[key] {
				t.Errorf("%s: %s is not restated", what, key)
			}
		}
		if n != len(marked) {
			t.Errorf("%s: restated are %v, want %v", what, got, marked)
		}
	}
	sheet := reporting.MissingSheet{Form: "employment_monthly", Org: "349981001", Period: mustPeriod("2020-05")}
	b.Accept(t, sheet)
	q := Publication{Order: halfYear}
	q.Formats, q.Reason, q.Parameters = []string{"html"}, "初稿", unfinished
	if _, err := b.Publish(t.Context(), q); err != nil {
		t.Fatal(err)
	}
	released := b.Now
	want("released", restated(time.Time{}))
	b.Now = b.Now.Add(3 * time.Hour)
	sheet.Org = "349981002"
	b.Accept(t, sheet)
	want("a late sheet", restated(time.Time{}), "349981 2020H1", "349981 2020-05", "349981002 2020H1")
	want("as of the release", restated(released))
	b.Now = b.Now.Add(time.Hour)
	if _, err := b.Publish(t.Context(), q); err != nil {
		t.Fatal(err)
	}
	want("released again", restated(time.Time{}))
	for n := 1; n <= 2; n++ {
		if check, err := b.Verify(t.Context(), n); err != nil || !check.OK {
			t.Errorf("Verify(%d) = %+v, %v", n, check, err)
		}
	}
}
