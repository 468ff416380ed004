package sample

import (
	"testing"

	"huizong/pkg/reporting"
)

// TestWrongSheetsAreMadeGood: after each rejected sheet the right one follows, and nothing else is rejected.
func TestWrongSheetsAreMadeGood(t *testing.T) {
	t.Parallel()
	kit := halfYear(t)
	type key struct {
		org, form string
		period    reporting.Period
	}
	open, seen, rejected := map[key]bool{}, map[reporting.FindingCode]bool{}, 0
	for _, f := range kit.Files {
		k := key{f.Org, f.Form, f.Period}
		if f.Expect == reporting.Rejected {
			open[k], seen[f.Finding] = true, true
			rejected++
			continue
		}
		delete(open, k)
	}
	if len(open) > 0 {
		t.Errorf("never corrected: %v", open)
	}
	for _, e := range events {
		if e.finding != "" && !seen[e.finding] {
			t.Errorf("no sheet with %s", e.finding)
		}
	}
	if rejected != len(seen) {
		t.Errorf("%d rejected sheets, want %d", rejected, len(seen))
	}
}

// TestMonthsAreSentInOrder: only what is late comes after sheets of a later month.
func TestMonthsAreSentInOrder(t *testing.T) {
	t.Parallel()
	last, late := reporting.Month(0), 0
	for _, f := range mustGenerate(t, Config{Seed: 11, Forms: []string{"employment_monthly"}}).Files {
		if f.Period.Last < last {
			late++
		}
		last = max(last, f.Period.Last)
	}
	if late != 1 {
		t.Errorf("%d late sheets, want 1", late)
	}
}

// TestShortKits: the events fit into a kit of any length.
func TestShortKits(t *testing.T) {
	t.Parallel()
	for _, months := range []int{1, 2, 5, 12} {
		kit := mustGenerate(t, Config{Seed: 6, Months: months, Forms: []string{"employment_monthly", "fund_monthly", "dispute_cases", "narrative_half_year"}})
		if len(kit.Files) < 20*months {
			t.Errorf("%d months: %d files", months, len(kit.Files))
		}
	}
}
