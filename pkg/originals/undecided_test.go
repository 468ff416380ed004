package originals

import (
	"reflect"
	"testing"

	"huizong/pkg/reporting"
)

// TestUndecided: that an entry could not be decided is a word about it; its replay is an entry of the unit, to be decided after those before it.
// Both survive a restart.
func TestUndecided(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := mustOpen(t, dir)
	first := mustSend(t, s, "A01", "one")
	undecided := func(of reporting.Envelope) reporting.Envelope {
		return mustAppend(t, s, reporting.Envelope{Kind: reporting.SubmissionUndecided, Org: first.Org, Period: first.Period, Subject: of.ID, Reason: "panic"})
	}
	said := undecided(first)
	undecided(first) // said twice: the first counts
	second := mustSend(t, s, "A01", "two")
	replay := mustAppend(t, s, reporting.Envelope{Kind: reporting.SubmissionReplayed, Org: first.Org, Period: first.Period, Subject: first.ID, By: "admin"})
	third := mustSend(t, s, "A01", "three")
	if second.Prior != first.ID || replay.Prior != second.ID || third.Prior != replay.ID {
		t.Errorf("prior = %q, %q, %q", second.Prior, replay.Prior, third.Prior)
	}
	if _, there := s.Undecided(replay.ID); there {
		t.Error("the replay is undecided before anybody has said so")
	}
	again := undecided(replay)
	s = mustOpen(t, dir)
	for of, want := range map[string]reporting.Envelope{first.ID: said, replay.ID: again} {
		if got, there := s.Undecided(of); !there || !reflect.DeepEqual(got, want) {
			t.Errorf("Undecided(%s) = %+v, %v", of, got, there)
		}
	}
	if got := s.Replays(); !reflect.DeepEqual(got, []reporting.Envelope{replay}) {
		t.Errorf("Replays = %+v", got)
	}
	for name, e := range map[string]reporting.Envelope{
		"OfNothing":      {Kind: reporting.SubmissionUndecided, Org: "A01", Period: first.Period, Subject: "x"},
		"OfAWord":        {Kind: reporting.SubmissionUndecided, Org: "A01", Period: first.Period, Subject: said.ID},
		"OfAnotherUnit":  {Kind: reporting.SubmissionReplayed, Org: "B01", Period: first.Period, Subject: first.ID},
		"ReplayOfReplay": {Kind: reporting.SubmissionReplayed, Org: "A01", Period: first.Period, Subject: replay.ID},
	} {
		if _, err := s.Append(t.Context(), e); reporting.CodeOf(err) != reporting.Invalid {
			t.Errorf("%s: %v, want invalid", name, err)
		}
	}
}
