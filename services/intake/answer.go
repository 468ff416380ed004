package intake

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"strings"

	"huizong/pkg/access"
	"huizong/pkg/endpoint"
	"huizong/pkg/nats"
	"huizong/pkg/problem"
	"huizong/pkg/reporting"
)

// Answering is what a person answers to what a sheet asks: of a file that was recognised within the hour, or of a submission.
type Answering struct {
	SHA256     string             `json:"sha256,omitempty"`
	Submission string             `json:"submission,omitempty"`
	Answers    []reporting.Answer `json:"answers"`
	By         string             `json:"by,omitempty"`
	Reason     string             `json:"reason,omitempty"`
}

// The action under which answers are noted, and how many may be given at a time.
const (
	answerAction = "mapping.answer"
	maxAnswers   = 50
)

// postAnswers remembers answers as entries of the journal. They hold for what the unit sends from then on; what is decided stays: it is sent
// again.
func (in *Intake) postAnswers(w http.ResponseWriter, r *http.Request) error {
	var a Answering
	if err := endpoint.ReadJSON(w, r, maxJSON, &a); err != nil {
		return err
	}
	who := access.From(r.Context())
	a.By = who.Signs(strings.TrimSpace(a.By))
	if (a.SHA256 == "") == (a.Submission == "") {
		return reporting.Errorf(reporting.Invalid, "answers are of a recognised file, by its sha256, or of a submission")
	}
	answer := in.answerSubmission
	if a.SHA256 != "" {
		answer = in.answerRecognised
	}
	entries, err := answer(r.Context(), who, a, "http")
	for _, e := range entries {
		endpoint.NoteObject(r, e.Org)
		endpoint.NoteDetail(r, e.Mapping.Question, e.Mapping.Choice)
	}
	if err != nil {
		return err
	}
	return problem.JSON(w, http.StatusCreated, entries)
}

// answerSubmission remembers what is answered to the questions of a submission.
func (in *Intake) answerSubmission(ctx context.Context, who access.Principal, a Answering, via string) ([]reporting.Envelope, error) {
	e, err := in.Store.Envelope(a.Submission)
	if err != nil || e.Kind != reporting.SubmissionReceived || !who.MaySee(e.Org) {
		return nil, reporting.Errorf(reporting.NotFound, "submission %q: there is none that you may answer for", a.Submission)
	}
	file, err := in.Store.OpenFile(e.SHA256)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	mappings, err := in.fitting(ctx, who, file, []reporting.Envelope{e}, a.Answers)
	if err != nil {
		return nil, err
	}
	return in.remember(ctx, who, e.Org, mappings, a, via)
}

// answerRecognised remembers what is answered to the questions of a file that is pending, and has it recognised again.
func (in *Intake) answerRecognised(ctx context.Context, who access.Principal, a Answering, via string) ([]reporting.Envelope, error) {
	f, err := in.pending.take(holder(who), a.SHA256)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	file, err := f.file.Open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	e := reporting.Envelope{Org: f.rec.Org, Form: f.rec.Form, Period: f.rec.Period}
	if e.Period.IsZero() {
		e.Period = f.hint.Period
	}
	mappings, err := in.fitting(ctx, who, file, []reporting.Envelope{e}, a.Answers)
	if err != nil {
		return nil, err
	}
	entries, err := in.remember(ctx, who, e.Org, mappings, a, via)
	if err != nil {
		return entries, err
	}
	rec, err := in.recognise(ctx, who.Account, f.file.Held, e.Org, f.hint)
	if err == nil {
		in.pending.anew(f, rec)
	}
	return entries, err
}

// fitting are the answers as mappings, where each fits a question that the file asks, sent as one of the envelopes, or would ask by the others.
// What was answered so before is left out.
func (in *Intake) fitting(ctx context.Context, who access.Principal, file interface{ Disk() *os.File }, sent []reporting.Envelope, answers []reporting.Answer) ([]reporting.Mapping, error) {
	if len(answers) == 0 || len(answers) > maxAnswers {
		return nil, reporting.Errorf(reporting.Invalid, "answers: from 1 to %d at a time, not %d", maxAnswers, len(answers))
	}
	asked := map[string]reporting.Question{}
	for _, by := range [][]reporting.Answer{nil, answers} {
		for _, e := range sent {
			all, err := in.Recogniser.Ask(ctx, who.Account, file, e, by)
			if err != nil {
				return nil, err
			}
			for _, q := range append(all.Open, all.Answered...) {
				if _, known := asked[q.ID]; !known {
					asked[q.ID] = q
				}
			}
		}
	}
	var mappings []reporting.Mapping
	seen := map[string]bool{}
	for _, a := range answers {
		q, known := asked[a.Question]
		switch {
		case !known:
			return nil, reporting.Errorf(reporting.Invalid, "question %q: the sheet does not ask it; its layout is another one, perhaps: what it asks is in its findings", a.Question)
		case seen[a.Question]:
			return nil, reporting.Errorf(reporting.Invalid, "question %q is answered twice", a.Question)
		case q.Option(a.Option) < 0:
			return nil, reporting.Errorf(reporting.Invalid, "question %q: %q is no option of it: it is one of %s", a.Question, a.Option, strings.Join(q.IDs(), ", "))
		}
		seen[a.Question] = true
		if q.Answer != a.Option {
			mappings = append(mappings, reporting.Mapping{Form: q.Form, Text: q.Text.ZH, Question: q.ID, Choice: a.Option})
		}
	}
	return mappings, nil
}

// remember makes an entry of the journal of each answer, signed by whoever gives it. If we crash between two, the first holds and the second
// is asked for again.
func (in *Intake) remember(ctx context.Context, who access.Principal, org string, mappings []reporting.Mapping, a Answering, via string) ([]reporting.Envelope, error) {
	entries := []reporting.Envelope{}
	for _, m := range mappings {
		e, err := in.Store.Append(ctx, reporting.Envelope{Kind: reporting.MappingConfirmed, Org: org, Mapping: &m, By: cmp.Or(a.By, who.Account), Role: string(who.Role),
			Token: who.TokenID(), Reason: a.Reason, Via: via})
		if err != nil {
			return entries, err
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// answerWith remembers answers that come along with the file that is sent as the envelopes, before these are written, so that they hold for them.
func (in *Intake) answerWith(ctx context.Context, who access.Principal, file *hold, sent []reporting.Envelope, answers []reporting.Answer) error {
	if len(answers) == 0 {
		return nil
	}
	open, err := file.Open()
	if err != nil {
		return err
	}
	defer open.Close()
	mappings, err := in.fitting(ctx, who, open, sent, answers)
	if err != nil {
		return err
	}
	entries, err := in.remember(ctx, who, sent[0].Org, mappings, Answering{}, sent[0].Via)
	return cmp.Or(err, in.noteAnswers(ctx, who, sent[0].Via, entries))
}

// answerNATS remembers answers to the questions of a submission of the subject's unit: a request without a file.
func (in *Intake) answerNATS(ctx context.Context, who access.Principal, unit string, a Answering, size int) (nats.Reply, error) {
	if e, err := in.Store.Envelope(a.Submission); err != nil || e.Org != unit {
		return nats.Reply{}, reporting.Errorf(reporting.NotFound, "submission %q: there is none of %s", a.Submission, unit)
	}
	if size > 0 {
		return nats.Reply{}, reporting.Errorf(reporting.Invalid, "answer-to comes without a file; with one, answers alone are for it")
	}
	entries, err := in.answerSubmission(ctx, who, a, "nats")
	if err == nil {
		err = in.noteAnswers(ctx, who, "nats", entries)
	}
	if err != nil {
		return nats.Reply{}, err
	}
	data, err := json.Marshal(entries)
	return nats.Reply{Data: data}, err
}

// noteAnswers writes answers to the audit log, where no route of theirs does.
func (in *Intake) noteAnswers(ctx context.Context, who access.Principal, via string, entries []reporting.Envelope) error {
	if len(entries) == 0 {
		return nil
	}
	said := map[string]string{"via": via}
	for _, e := range entries {
		said[e.Mapping.Question] = e.Mapping.Choice
	}
	return in.Note(ctx, endpoint.Event{Who: who, Role: who.Roles().Granting(access.SendSubmissions), Route: via, Action: answerAction, Object: entries[0].Org, Outcome: "ok", Detail: said})
}

// readAnswers reads the answers that come along with a file: JSON as Answering has it.
func readAnswers(text string) ([]reporting.Answer, error) {
	if text == "" {
		return nil, nil
	}
	var answers []reporting.Answer
	if err := json.Unmarshal([]byte(text), &answers); err != nil || len(answers) == 0 {
		return nil, reporting.Errorf(reporting.Invalid, `answers are a list like [{"question":"…","option":"C"}]`)
	}
	return answers, nil
}
