package intake

import (
	"context"
	"net/http"
	"strings"

	"huizong/pkg/access"
	"huizong/pkg/endpoint"
	"huizong/pkg/reporting"
)

// Return is why a submission goes back to its sender.
type Return struct {
	Reason  string                 `json:"reason"`
	Remarks []reporting.CellRemark `json:"remarks,omitempty"` // of single cells
}

// The limits of what a reviewer can write.
const (
	maxRemarks   = 200
	maxWords     = 2000 // of a reason or remark, in characters
	maxApprovals = 1000 // at once
)

// postReturn gives a submission back to its sender. No figure changes by it: what stood goes on to stand until the unit sends anew.
func (in *Intake) postReturn(w http.ResponseWriter, r *http.Request) error {
	body, err := readReturn(w, r)
	if err != nil {
		return err
	}
	if err := body.check(); err != nil {
		return err
	}
	e, err := in.review(r.Context(), r.PathValue("id"), reporting.SubmissionReturned)
	if err != nil {
		return err
	}
	if reporting.ClosedBy(in.Store.PeriodEvents()).Holds(e.Period) {
		return reporting.Errorf(reporting.Conflict, "%s is closed, so the unit could not send anew: open the period first", e.Period)
	}
	e.Reason, e.Remarks = body.Reason, body.Remarks
	return in.enter(w, r, e)
}

// postApprove says that a reviewer has looked at a submission and has nothing against it. The next one has to be approved again.
func (in *Intake) postApprove(w http.ResponseWriter, r *http.Request) error {
	e, err := in.approval(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return in.enter(w, r, e)
}

// approval is the envelope of an approval, where there is something to approve.
func (in *Intake) approval(ctx context.Context, id string) (reporting.Envelope, error) {
	e, err := in.review(ctx, id, reporting.SubmissionApproved)
	if err != nil {
		return e, err
	}
	if last, some := last(in.Store.Reviews(e.Subject)); some && last.Kind == e.Kind {
		return e, reporting.Errorf(reporting.Conflict, "%s was approved already, by %s", e.Subject, last.By)
	}
	return e, nil
}

// Approvals are submissions that are approved together.
type Approvals struct {
	Submissions []string `json:"submissions"`
}

// Approved says which of them are. What was refused has changed since somebody looked at the list: each with the reason.
type Approved struct {
	Approved []string          `json:"approved"`
	Refused  map[string]string `json:"refused"`
}

// postApprovals approves one after the other: what one of them lacks does not keep the others back.
func (in *Intake) postApprovals(w http.ResponseWriter, r *http.Request) error {
	body, err := readApprovals(w, r)
	if err != nil {
		return err
	}
	if len(body.Submissions) == 0 || len(body.Submissions) > maxApprovals {
		return reporting.Errorf(reporting.Invalid, "%d submissions: 1 to %d can be approved together", len(body.Submissions), maxApprovals)
	}
	answer := Approved{Approved: []string{}, Refused: map[string]string{}}
	for _, id := range body.Submissions {
		e, err := in.approval(r.Context(), id)
		if err == nil {
			_, err = in.append(r, e)
		}
		switch code := reporting.CodeOf(err); {
		case err == nil:
			answer.Approved = append(answer.Approved, id)
		case code == reporting.Conflict || code == reporting.NotFound:
			answer.Refused[id] = err.Error()
		default:
			return err
		}
	}
	endpoint.NoteObject(r, strings.Join(answer.Approved, " "))
	return endpoint.Done(w, r, http.StatusOK, answer)
}

// review is the envelope of a review: of a submission that was accepted and is the newest of its unit, form and period. That a newer
// one is accepted between this look and the entry does no harm: the review is of the submission that the reviewer saw.
func (in *Intake) review(ctx context.Context, id string, kind reporting.EnvelopeKind) (reporting.Envelope, error) {
	sent, err := in.Store.Envelope(id)
	if err != nil || sent.Kind != reporting.SubmissionReceived || !access.From(ctx).MaySee(sent.Org) {
		return reporting.Envelope{}, reporting.Errorf(reporting.NotFound, "%q is no submission", id)
	}
	d, decided, err := in.Facts.Outcome(ctx, id)
	switch {
	case err != nil:
		return reporting.Envelope{}, err
	case !decided:
		return reporting.Envelope{}, reporting.Errorf(reporting.Conflict, "%s has no outcome yet: wait for it", id)
	case d.Outcome != reporting.Accepted:
		return reporting.Envelope{}, reporting.Errorf(reporting.Conflict, "%s was rejected: nothing of it counts, and the unit has to send anew already", id)
	}
	newest, err := in.Facts.Newest(ctx, d.Org, d.Form, d.Period)
	if err != nil {
		return reporting.Envelope{}, err
	}
	if newest != id {
		return reporting.Envelope{}, reporting.Errorf(reporting.Conflict, "%s has been replaced by %s: look at that one", id, newest)
	}
	return reporting.Envelope{Kind: kind, Subject: id, Org: sent.Org, Form: d.Form, Period: sent.Period}, nil
}

// check refuses a return that nobody could act upon, and tidies it.
func (b *Return) check() error {
	if b.Reason = strings.TrimSpace(b.Reason); b.Reason == "" {
		return reporting.Errorf(reporting.Invalid, "a return needs a reason")
	}
	if len(b.Remarks) > maxRemarks {
		return reporting.Errorf(reporting.Invalid, "%d remarks: up to %d, please", len(b.Remarks), maxRemarks)
	}
	if len([]rune(b.Reason)) > maxWords {
		return reporting.Errorf(reporting.Invalid, "the reason is longer than %d characters", maxWords)
	}
	for i := range b.Remarks {
		remark := &b.Remarks[i]
		remark.Cell, remark.Text = strings.ToUpper(strings.TrimSpace(remark.Cell)), strings.TrimSpace(remark.Text)
		_, _, isCell := reporting.ParseCellName(remark.Cell)
		switch {
		case remark.Text == "":
			return reporting.Errorf(reporting.Invalid, "remark %d says nothing", i+1)
		case len([]rune(remark.Text)) > maxWords, len([]rune(remark.Sheet)) > maxWords:
			return reporting.Errorf(reporting.Invalid, "remark %d is longer than %d characters", i+1, maxWords)
		case remark.Cell != "" && !isCell:
			return reporting.Errorf(reporting.Invalid, "remark %d: %q is no cell: want one like D9", i+1, remark.Cell)
		}
	}
	return nil
}

func last(all []reporting.Envelope) (reporting.Envelope, bool) {
	if len(all) == 0 {
		return reporting.Envelope{}, false
	}
	return all[len(all)-1], true
}

// enter puts an entry into the journal in the name of the caller, and answers with it as it stands there.
func (in *Intake) enter(w http.ResponseWriter, r *http.Request, e reporting.Envelope) error {
	e, err := in.append(r, e)
	if err != nil {
		return err
	}
	return endpoint.Done(w, r, http.StatusCreated, e)
}

func (in *Intake) append(r *http.Request, e reporting.Envelope) (reporting.Envelope, error) {
	e.By, e.Via = access.From(r.Context()).Account, "http"
	return in.Store.Append(r.Context(), e)
}

// readReturn reads a return: JSON, or a page's form with the fields reason and, as often as wanted, sheet, cell and remark. Rows of it
// that were left empty are none.
func readReturn(w http.ResponseWriter, r *http.Request) (Return, error) {
	var body Return
	if !endpoint.FromPage(r) {
		return body, endpoint.ReadJSON(w, r, maxJSON, &body)
	}
	if err := endpoint.ReadForm(w, r, maxJSON); err != nil {
		return body, err
	}
	body.Reason = r.PostForm.Get("reason")
	sheets, cells, texts := r.PostForm["sheet"], r.PostForm["cell"], r.PostForm["remark"]
	if len(sheets) != len(texts) || len(cells) != len(texts) {
		return body, reporting.Errorf(reporting.Invalid, "the form has %d cells and %d remarks", len(cells), len(texts))
	}
	for i, text := range texts {
		if strings.TrimSpace(text) != "" || strings.TrimSpace(cells[i]) != "" {
			body.Remarks = append(body.Remarks, reporting.CellRemark{Sheet: sheets[i], Cell: cells[i], Text: text})
		}
	}
	return body, nil
}

func readApprovals(w http.ResponseWriter, r *http.Request) (Approvals, error) {
	var body Approvals
	if !endpoint.FromPage(r) {
		return body, endpoint.ReadJSON(w, r, maxJSON, &body)
	}
	err := endpoint.ReadForm(w, r, maxJSON)
	body.Submissions = r.PostForm["submission"]
	return body, err
}

// maxJSON bounds a body.
const maxJSON = 1 << 20
