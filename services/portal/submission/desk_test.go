package submission

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/judge"
	"huizong/pkg/judge/judgetest"
	"huizong/pkg/originals"
	"huizong/pkg/picture"
	"huizong/pkg/reporting"
	"huizong/pkg/sample"
	"huizong/schemas"
)

func TestMain(m *testing.M) {
	judge.RunIfChild(Views())
	os.Exit(m.Run())
}

var (
	clerk    = access.Principal{Account: "li", Role: access.Clerk, Unit: "349981001", Via: access.ViaSession}
	reviewer = access.Principal{Account: "wang", Role: access.Reviewer, Via: access.ViaSession}
)

// stage is a desk without a database over the sheets of a month, which the real reader reads.
type stage struct {
	*Desk
	sent map[string]string // submission by unit and form
}

func open(t *testing.T, forms ...string) stage {
	t.Helper()
	store, err := originals.Open(t.TempDir(), originals.Options{})
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := schemas.Load(schemas.FS())
	if err != nil {
		t.Fatal(err)
	}
	kit, err := sample.Generate(sample.Config{Seed: 1, Months: 1, Forms: forms})
	if err != nil {
		t.Fatal(err)
	}
	received := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC) // while anybody's desk listens
	s := stage{&Desk{Store: store, Catalogue: catalogue, Reader: judgetest.OpenBy(t, catalogue, store.Mappings)}, map[string]string{}}
	for _, f := range kit.Files {
		sum, size, err := store.Put(t.Context(), bytes.NewReader(f.Bytes), 1<<26)
		if err != nil {
			t.Fatal(err)
		}
		e, err := store.Append(t.Context(), reporting.Envelope{Kind: reporting.SubmissionReceived, Org: f.Org, Form: f.Form, Period: f.Period, SHA256: sum, Size: size, ReceivedAt: received})
		if err != nil {
			t.Fatal(err)
		}
		s.sent[f.Org+" "+f.Form] = e.ID
	}
	return s
}

func (s stage) of(t *testing.T, org, form string) string {
	t.Helper()
	id := s.sent[org+" "+form]
	if id == "" {
		t.Fatalf("no %s of %s", form, org)
	}
	return id
}

// TestDesk asks one desk, over the sheets of a month, as its rooms do.
func TestDesk(t *testing.T) {
	s := open(t, "employment_monthly", "talent_monthly")
	for name, test := range map[string]func(*testing.T, stage){"Await": testAwait, "NotThere": testNotThere, "Diff": testDiff, "Looks": testLooks} {
		t.Run(name, func(t *testing.T) { test(t, s) })
	}
}

// testAwait: whoever waits is woken by the announcement, whoever asks later is answered at once, and patience ends with what is known.
func testAwait(t *testing.T, s stage) {
	id := s.of(t, clerk.Unit, "employment_monthly")
	synctest.Test(t, func(t *testing.T) {
		New(s.Desk)
		heard := 0
		s.OnDecided = func(reporting.Decided) { heard++ }
		ctx := access.With(t.Context(), clerk)
		const patience = lookAgain / 2 // no look at the database
		state, err := s.Await(ctx, id, patience)
		if err != nil || !state.Pending || state.Org != clerk.Unit || state.Form != "employment_monthly" || state.Outcome != "" || state.Findings == nil {
			t.Errorf("nothing is decided: %+v, %v", state, err)
		}
		short, stop := context.WithCancel(ctx)
		stop()
		if _, err := s.Await(short, id, patience); reporting.CodeOf(err) != reporting.Canceled {
			t.Errorf("who has gone is told %v", err)
		}
		answers := make(chan State)
		for range 3 {
			go func() {
				state, _ := s.Await(ctx, id, patience)
				answers <- state
			}()
		}
		synctest.Wait()
		s.announce(reporting.Decision{Submission: "another", Findings: []reporting.Finding{}})
		synctest.Wait()
		s.announce(reporting.Decision{Submission: id, Org: clerk.Unit, Outcome: reporting.Accepted, Findings: []reporting.Finding{}})
		for range 3 {
			if state := <-answers; state.Outcome != reporting.Accepted || state.Pending {
				t.Errorf("a waiter is told %+v", state)
			}
		}
		if state, err := s.Await(ctx, id, 0); err != nil || state.Outcome != reporting.Accepted {
			t.Errorf("who asks later is told %+v, %v", state, err)
		}
		if len(s.waiting) != 0 || heard != 2 {
			t.Errorf("%d still wait, %d announcements were heard", len(s.waiting), heard)
		}
	})
}

// TestRecent: of the decisions that were announced the last ones are kept, and of one that was decided again the last.
func TestRecent(t *testing.T) {
	var r recent
	for i := range maxRecent + 10 {
		r.add(reporting.Decision{Submission: fmt.Sprint(i), Outcome: reporting.Rejected})
		r.add(reporting.Decision{Submission: fmt.Sprint(i), Outcome: reporting.Accepted})
	}
	if len(r.byID) != maxRecent {
		t.Errorf("%d are kept", len(r.byID))
	}
	for i, kept := range map[int]bool{0: false, 9: false, 10: true, maxRecent + 9: true} {
		if d, there := r.byID[fmt.Sprint(i)]; there != kept || kept && d.Outcome != reporting.Accepted {
			t.Errorf("decision %d: %+v, kept %t", i, d, there)
		}
	}
}

// testNotThere: a submission of another unit, an entry that is none and an id that nobody has are told alike.
func testNotThere(t *testing.T, s stage) {
	returned, err := s.Store.Append(t.Context(), reporting.Envelope{Kind: reporting.PeriodClosed, Period: reporting.MonthPeriod(reporting.NewMonth(2020, 1)), Reason: "x", By: "x"})
	if err != nil {
		t.Fatal(err)
	}
	own, other := s.of(t, clerk.Unit, "employment_monthly"), s.of(t, "349981002", "employment_monthly")
	for _, id := range []string{other, returned.ID, "01ARZ3NDEKTSV4RRFFQ69G5FAV", "", "../x"} {
		_, err := s.Envelope(access.With(t.Context(), clerk), id)
		if reporting.CodeOf(err) != reporting.NotFound || err.Error() != id+" is no submission" {
			t.Errorf("%q: %v", id, err)
		}
		if _, again := s.Await(access.With(t.Context(), clerk), id, 0); again == nil || again.Error() != err.Error() {
			t.Errorf("%q: who waits is told %v", id, again)
		}
	}
	if e, err := s.Envelope(access.With(t.Context(), clerk), own); err != nil || e.Org != clerk.Unit {
		t.Errorf("the own: %+v, %v", e, err)
	}
	if _, err := s.Envelope(access.With(t.Context(), reviewer), other); err != nil {
		t.Errorf("a reviewer: %v", err)
	}
	if _, err := s.Envelope(t.Context(), own); reporting.CodeOf(err) != reporting.NotFound {
		t.Errorf("nobody in particular: %v", err)
	}
}

// testDiff: two sheets of a form are compared cell by cell by reading them again; of two forms nothing can be compared, and who reads no figures is told of none.
func testDiff(t *testing.T, s stage) {
	a, b := s.of(t, clerk.Unit, "employment_monthly"), s.of(t, "349981002", "employment_monthly")
	ctx := access.With(t.Context(), reviewer)
	decision := reporting.Decision{Submission: a, Form: "employment_monthly", Org: clerk.Unit, Outcome: reporting.Rejected}
	diff, err := s.Diff(ctx, decision, b)
	if err != nil || len(diff.Changes) == 0 || diff.Against != b || len(diff.Moved) != 0 {
		t.Errorf("two units: %+v, %v", diff, err)
	}
	if same, err := s.Changes(ctx, a, a); err != nil || same == nil || len(same) != 0 {
		t.Errorf("with itself: %v, %v", same, err)
	}
	decision.Outcome = reporting.Accepted
	if _, err := s.Diff(access.With(t.Context(), clerk), decision, b); reporting.CodeOf(err) != reporting.NotFound {
		t.Errorf("a clerk with another unit's: %v", err)
	}
	if own, err := s.Diff(access.With(t.Context(), clerk), decision, a); err != nil || len(own.Moved) != 0 {
		t.Errorf("a clerk is told of figures: %+v, %v", own.Moved, err)
	}
	decision.Form = "none"
	if _, err := s.Diff(ctx, decision, b); reporting.CodeOf(err) != reporting.Invalid {
		t.Errorf("none of the forms: %v", err)
	}
	for key, id := range s.sent {
		if strings.HasSuffix(key, " talent_monthly") {
			if _, err := s.Changes(ctx, id, a); reporting.CodeOf(err) != reporting.Invalid || !strings.Contains(err.Error(), "cannot be compared") {
				t.Errorf("two forms: %v", err)
			}
		}
	}
}

// testLooks: pictures, windows and cells are looked at where the file is read; of what is no workbook there is no picture.
func testLooks(t *testing.T, s stage) {
	ctx := access.With(t.Context(), reviewer)
	e, err := s.Envelope(ctx, s.of(t, clerk.Unit, "employment_monthly"))
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := s.Picture(ctx, e.SHA256, picture.Input{Sheet: -1, At: -1})
	if err != nil || drawn == nil || len(drawn.Rows) == 0 || len(drawn.Columns) == 0 {
		t.Fatalf("%+v, %v", drawn, err)
	}
	window, err := s.Window(ctx, e, picture.WindowInput{Sheet: -1, Rows: picture.Rows{First: 0, Last: 3}})
	if err != nil || len(window.Cells) == 0 || window.Sheet != 1 {
		t.Errorf("%+v, %v", window, err)
	}
	if _, err := s.Window(ctx, e, picture.WindowInput{Sheet: 99}); reporting.CodeOf(err) != reporting.Invalid {
		t.Errorf("sheet 100: %v", err)
	}
	at := window.Cells[0]
	seen, err := s.Around(ctx, e, AroundInput{Sheet: drawn.Name, Cell: at.Cell})
	if err != nil || seen.Picture == nil || seen.Written != at.Text {
		t.Errorf("around %+v: %+v, %v", at, seen, err)
	}
	if seen, err := s.Around(ctx, e, AroundInput{Sheet: "none", Cell: "A1"}); err != nil || seen.Picture != nil {
		t.Errorf("a sheet that is not there: %+v, %v", seen, err)
	}
	sum, _, err := s.Store.Put(t.Context(), strings.NewReader("%PDF-1.7\n"), 1<<10)
	if err != nil {
		t.Fatal(err)
	}
	if drawn, err := s.Picture(ctx, sum, picture.Input{}); drawn != nil || err != nil {
		t.Errorf("of a PDF: %+v, %v", drawn, err)
	}
	if _, err := s.Picture(ctx, strings.Repeat("0", 64), picture.Input{}); reporting.CodeOf(err) != reporting.NotFound {
		t.Errorf("of no file: %v", err)
	}
}

// TestState: errors and warnings are counted, and put together for people.
func TestState(t *testing.T) {
	s := State{Decision: reporting.Decision{Findings: []reporting.Finding{
		{Code: reporting.PeriodLocked, Severity: reporting.SeverityError, Cell: "B2", Message: "甲"}, {Code: reporting.RowLeftOut, Severity: reporting.SeverityWarning, Cell: "B3", Message: "乙"},
		{Code: reporting.PeriodLocked, Severity: reporting.SeverityError, Cell: "B4", Message: "甲"}, {Code: reporting.LaterStands, Severity: reporting.SeverityNote, Message: "丙"}}}}
	if s.Errors() != 2 || s.Warnings() != 1 || len(s.Findings) != 4 || len(s.Answer().Groups) == 0 {
		t.Errorf("%d errors, %d warnings of %d, %d groups", s.Errors(), s.Warnings(), len(s.Findings), len(s.Answer().Groups))
	}
	if got := CollectedIn(&reporting.Form{Due: reporting.Due{Months: 1}}, reporting.MonthPeriod(reporting.NewMonth(2020, 3))); got != reporting.NewMonth(2020, 3) {
		t.Errorf("a form that is due a month later is collected in %v", got)
	}
}
