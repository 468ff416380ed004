package worker

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"huizong/pkg/change"
	"huizong/pkg/judge"
	"huizong/pkg/reporting"
)

// compare adds to a verdict the findings about what stood when the submission came: a closed period takes nothing, figures of closed
// months do not move, rows that are left out are listed, and a file that came before is told from one that stands
// (docs/decisions/0013).
func (w *Worker) compare(ctx context.Context, e reporting.Envelope, v *judge.Verdict) error {
	events := w.eventsBefore(e)
	closed := reporting.ClosedBy(events)
	if closed.Holds(e.Period) {
		all := v.Findings
		v.Findings = nil
		v.Add(append([]reporting.Finding{locked(e, events)}, all...)...)
	}
	form := w.Catalogue.Form(v.Form)
	if form == nil || reporting.HasErrors(v.Findings) {
		return nil
	}
	if form.Coverage == reporting.CoversYear || change.Concerns(closed, form, e.Period) {
		found, err := w.changes(ctx, e, form, closed, v.Reading)
		if err != nil {
			return err
		}
		v.Add(found...)
	}
	if reporting.HasErrors(v.Findings) {
		return nil
	}
	same, err := w.sameFile(ctx, e, form, v.Reading)
	v.Add(same...)
	return err
}

// changes compares the sheet with what stood of its sender and form in the time that it may cover.
func (w *Worker) changes(ctx context.Context, e reporting.Envelope, form *reporting.Form, closed reporting.Closed, reading reporting.Reading) ([]reporting.Finding, error) {
	before, err := w.Facts.StoodBefore(ctx, form, e.Org, e.ID, change.Reach(form, e.Period))
	if err != nil {
		return nil, err
	}
	return change.Comparison{
		Catalogue: w.Catalogue, Form: form, Closed: closed, Before: before, FileOf: w.fileName,
		Sheet: stands(e, form, reading),
	}.Findings(), nil
}

// stands is the submission as it would stand. One that is decided again keeps its place among the others.
func stands(e reporting.Envelope, form *reporting.Form, reading reporting.Reading) reporting.Stood {
	return reporting.Stood{Standing: reporting.Standing{Submission: cmp.Or(e.Subject, e.ID), Form: form.ID, Org: e.Org, Period: e.Period}, Reading: reading}
}

// monthHashes are those of an accepted submission, by which a figure is known to be restated.
func (w *Worker) monthHashes(e reporting.Envelope, d reporting.Decision, form *reporting.Form, reading reporting.Reading) []reporting.MonthHash {
	if d.Outcome != reporting.Accepted {
		return nil
	}
	return change.MonthHashes(w.Catalogue, form, stands(e, form, reading))
}

// fileName is the name under which a submission was sent.
func (w *Worker) fileName(submission string) string {
	if e, err := w.Store.Envelope(submission); err == nil {
		return e.FileName
	}
	return submission
}

// eventsBefore are the closings and openings that came before the submission: the journal's order counts, so that a rebuild comes to the
// same.
func (w *Worker) eventsBefore(e reporting.Envelope) []reporting.Envelope {
	events := w.Store.PeriodEvents()
	n, _ := slices.BinarySearchFunc(events, e.ID, func(event reporting.Envelope, id string) int { return strings.Compare(event.ID, id) })
	return events[:n]
}

// locked says that all of the submission's period was closed when it came, and by whom last.
func locked(e reporting.Envelope, events []reporting.Envelope) reporting.Finding {
	var last reporting.Envelope
	for _, other := range events {
		if other.Kind == reporting.PeriodClosed && other.Period.First <= e.Period.Last && e.Period.First <= other.Period.Last {
			last = other
		}
	}
	message := reporting.Textf("%s已于 %s 关闭（%s），不能再报送；确需更正请联系市局重新开放",
		"%s was closed on %s (%s): nothing can be sent for it; ask the bureau to open it again", e.Period.Label(), last.ReceivedAt.In(reporting.Zone).Format(time.DateOnly), last.Reason)
	return reporting.Finding{Code: reporting.PeriodLocked, Severity: reporting.SeverityError, Message: message.ZH, MessageEN: message.EN}
}
