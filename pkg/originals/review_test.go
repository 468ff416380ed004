package originals

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"huizong/pkg/durable"
	"huizong/pkg/durable/durabletest"
	"huizong/pkg/reporting"
)

// review is a return of the submission, as intake makes it.
func review(of reporting.Envelope) reporting.Envelope {
	return reporting.Envelope{Kind: reporting.SubmissionReturned, Subject: of.ID, Org: of.Org, Form: of.Form, Period: of.Period, By: "reviewer",
		Reason: "与台账不符", Remarks: []reporting.CellRemark{{Sheet: "报表", Cell: "D9", Text: "请核对"}}}
}

func mustAppend(tb testing.TB, s *Store, e reporting.Envelope) reporting.Envelope {
	tb.Helper()
	stored, err := s.Append(context.Background(), e)
	if err != nil {
		tb.Fatal(err)
	}
	return stored
}

// TestReviews: returns, approvals and deadlines are entries of the one chain, survive a restart and a damaged batch like any other,
// and are no submissions: what a unit sent before is still the submission before.
func TestReviews(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := mustOpen(t, dir)
	first := mustSend(t, s, "A01", "one")
	returned := mustAppend(t, s, review(first))
	deadline := mustAppend(t, s, reporting.Envelope{Kind: reporting.DeadlineSet, Period: first.Period, Deadline: &reporting.Deadline{Day: 15, Time: "18:00"}, By: "admin", Reason: "春节"})
	second := mustSend(t, s, "A01", "two")
	approval := review(second)
	approval.Kind, approval.Reason, approval.Remarks = reporting.SubmissionApproved, "", nil
	approved := mustAppend(t, s, approval)

	if second.Prior != first.ID || returned.Prior != "" || approved.Prior != "" {
		t.Errorf("prior = %q, %q, %q; want the first submission, none, none", second.Prior, returned.Prior, approved.Prior)
	}
	s = mustOpen(t, dir)
	for name, test := range map[string]struct{ got, want []reporting.Envelope }{
		"OfFirst":      {s.Reviews(first.ID), []reporting.Envelope{returned}},
		"OfSecond":     {s.Reviews(second.ID), []reporting.Envelope{approved}},
		"OfNone":       {s.Reviews(returned.ID), nil},
		"Deadlines":    {s.Deadlines(), []reporting.Envelope{deadline}},
		"PeriodEvents": {s.PeriodEvents(), nil},
		"Received":     {s.Received(first.Period), []reporting.Envelope{first, second}},
		"Before":       {slices.Collect(s.ReceivedBefore(first.Period, "~")), []reporting.Envelope{second, first}},
		"BeforeOne":    {slices.Collect(s.ReceivedBefore(first.Period, second.ID)), []reporting.Envelope{first}},
		"BeforeAll":    {slices.Collect(s.ReceivedBefore(first.Period, first.ID)), nil},
		"OtherPeriod":  {s.Received(reporting.YearPeriod(2020)), nil},
	} {
		if !reflect.DeepEqual(test.got, test.want) {
			t.Errorf("%s = %v, want %v", name, test.got, test.want)
		}
	}
	if third := mustSend(t, s, "A01", "three"); third.Prior != second.ID {
		t.Errorf("prior after a review = %q, want %q", third.Prior, second.ID)
	}
	checkStore(t, s, dir)
}

func TestErrInvalidReview(t *testing.T) {
	t.Parallel()
	s := mustOpen(t, t.TempDir())
	sent := mustSend(t, s, "A01", "one")
	returned := mustAppend(t, s, review(sent))
	for name, alter := range map[string]func(*reporting.Envelope){
		"NoSubject":      func(e *reporting.Envelope) { e.Subject = "" },
		"UnknownSubject": func(e *reporting.Envelope) { e.Subject = strings.Repeat("0", 26) },
		"OfAReview":      func(e *reporting.Envelope) { e.Subject = returned.ID },
		"OfAnotherUnit":  func(e *reporting.Envelope) { e.Org = "B02" },
		"OfAnotherForm":  func(e *reporting.Envelope) { e.Form = "talent_monthly" },
		"OtherPeriod":    func(e *reporting.Envelope) { e.Period = reporting.YearPeriod(2020) },
		"NoReason":       func(e *reporting.Envelope) { e.Reason = "" },
		"NoDeadline":     func(e *reporting.Envelope) { e.Kind = reporting.DeadlineSet },
		"BadDeadline": func(e *reporting.Envelope) {
			e.Kind, e.Deadline = reporting.DeadlineSet, &reporting.Deadline{Day: 40, Time: "18:00"}
		},
	} {
		e := review(sent)
		alter(&e)
		if _, err := s.Append(t.Context(), e); reporting.CodeOf(err) != reporting.Invalid {
			t.Errorf("%s: Append = %v, want invalid", name, err)
		}
	}
	if s.Len() != 2 {
		t.Errorf("%d envelopes after refusals, want 2", s.Len())
	}
}

// TestReviewFaults: whatever step of the disk fails while a return, an approval and a submission are written in one batch, what is
// in the journal afterwards holds together, and the index is that of a restart.
func TestReviewFaults(t *testing.T) {
	t.Parallel()
	for step := 1; step <= 8; step++ { // 3 syncs, sync folder, 3 renames, sync folder
		for _, persisted := range []bool{false, true} {
			t.Run(fmt.Sprintf("Step%dPersisted%t", step, persisted), func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				s := mustOpen(t, dir)
				sent := mustSend(t, s, "A01", "one")
				approval := review(sent)
				approval.Kind = reporting.SubmissionApproved
				s.disk = durabletest.FailAt(step, persisted)
				batch := []*appending{{envelope: review(sent)}, {envelope: approval}, {envelope: sent}}
				s.writeMu.Lock()
				s.write(batch)
				s.writeMu.Unlock()
				for _, a := range batch {
					if reporting.CodeOf(a.err) != reporting.Unavailable {
						t.Errorf("Append = %v, want unavailable", a.err)
					}
				}
				if n := len(s.Reviews(sent.ID)); n != 0 {
					t.Errorf("%d reviews after a failed Append, want none", n)
				}
				s.disk = durable.Real
				mustAppend(t, s, review(sent))
				checkStore(t, s, dir)
			})
		}
	}
}
