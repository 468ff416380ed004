// Package intake takes submissions in, over HTTP and over NATS, and gives receipts. A receipt is given after the original and its
// envelope are on disk, fsynced: from then on nothing is lost, whatever fails afterwards. Intake judges nothing.
package intake

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path"
	"strings"
	"time"
	"unicode"

	"go.uber.org/zap"

	"huizong/pkg/access"
	"huizong/pkg/clickhouse"
	"huizong/pkg/endpoint"
	"huizong/pkg/nats"
	"huizong/pkg/originals"
	"huizong/pkg/reporting"
)

// Config of the service. All fields but MaxBytes and Quota are needed.
type Config struct {
	Store     *originals.Store
	Bus       *nats.Bus
	Catalogue *reporting.Catalogue
	Facts     *clickhouse.Store // what became of submissions
	// Recogniser says what a file seems to be: the judge, or what a test scripts.
	Recogniser Recogniser
	// Sender says who has the id that a request on NATS carries. An error is somebody who may send no more.
	Sender func(id string) (access.Principal, error)
	// Note writes to the audit log what no route of its own does.
	Note     func(context.Context, endpoint.Event) error
	Log      *zap.Logger
	MaxBytes int64 // of one file; default 64 MB
	Quota    Quota // of one account a day
}

// DefaultMaxBytes is the largest file that is taken in.
const DefaultMaxBytes = 64 << 20

// Intake is the service.
type Intake struct {
	Config
	pending *pending
	quota   *quotas
}

// New returns the service.
func New(c Config) *Intake {
	if c.MaxBytes == 0 {
		c.MaxBytes = DefaultMaxBytes
	}
	return &Intake{Config: c, pending: newPending(time.Now), quota: newQuotas(c.Quota, c.Store, time.Now)}
}

// Run answers on NATS, and gives up the files that nobody has confirmed, until ctx ends.
func (in *Intake) Run(ctx context.Context) error {
	sub, err := in.Bus.Serve(ctx, nats.ServeConfig{Subject: nats.AllSend, Queue: "intake"}, in.serveNATS)
	if err != nil {
		return fmt.Errorf("intake: %w", err)
	}
	in.pending.clear(ctx)
	sub.Wait()
	return nil
}

// order is what a sender says of a file.
type order struct {
	org, form, period, name, via string
}

// envelope checks the order against the catalogue: unit and form must exist, and the period must be one that the form is sent for.
func (in *Intake) envelope(o order) (reporting.Envelope, error) {
	e := reporting.Envelope{Kind: reporting.SubmissionReceived, Org: o.org, Form: o.form, FileName: cleanName(o.name), Via: o.via}
	unit := in.Catalogue.Unit(o.org)
	if unit == nil {
		return e, reporting.Errorf(reporting.Invalid, "org %q: no such unit", o.org)
	}
	period, err := reporting.ParsePeriod(o.period)
	if err != nil {
		return e, err
	}
	e.Period = period
	if !unit.Valid(period) {
		return e, reporting.Errorf(reporting.Invalid, "org %q did not exist in %s", o.org, period)
	}
	if o.form == "" {
		return e, nil
	}
	form := in.Catalogue.Form(o.form)
	if form == nil {
		return e, reporting.Errorf(reporting.Invalid, "form %q: no such form", o.form)
	}
	if !form.Sends(period) {
		return e, reporting.Errorf(reporting.Invalid, "form %s is sent for a %s; %s is none", form.ID, form.Periods, period)
	}
	return e, nil
}

// cleanName keeps the last part of a file name, for people to read; nothing is ever stored under it.
func cleanName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar { // also what turns the direction of writing: cod.exe that reads exe.doc
			return -1
		}
		return r
	}, name)
	if runes := []rune(name); len(runes) > 200 {
		name = string(runes[len(runes)-200:])
	}
	if name == "." || name == "/" {
		return ""
	}
	return name
}

// take makes an original of the file, stores its envelope, and announces it. If the announcement fails, or we crash before it, the
// receipt holds all the same: the worker's sweeper finds every envelope without an outcome.
func (in *Intake) take(ctx context.Context, file *hold, e reporting.Envelope) (reporting.Receipt, error) {
	if ctx.Err() != nil {
		return reporting.Receipt{}, reporting.Errorf(reporting.Canceled, "take in %.12s…: %w", file.Sum, context.Cause(ctx))
	}
	e.SHA256, e.Size = file.Sum, file.Size
	if err := file.Keep(); err != nil {
		return reporting.Receipt{}, err
	}
	// The file stays from here on, so the envelope is written even if its sender has gone. Where the disk fails, or we crash, between
	// the two, an original without an envelope stays: whether the envelope stands is not known, and an original is never removed.
	ctx = context.WithoutCancel(ctx)
	e, err := in.Store.Append(ctx, e)
	if err != nil {
		return reporting.Receipt{}, err
	}
	if err := in.announce(ctx, e); err != nil {
		in.Log.Warn("submission not announced; the sweeper will", zap.String("submission", e.ID), zap.Error(err))
	}
	return reporting.Receipt{Submission: e.ID, SHA256: e.SHA256, Size: e.Size, ReceivedAt: e.ReceivedAt, Org: e.Org, Form: e.Form, Period: e.Period}, nil
}

func (in *Intake) announce(ctx context.Context, e reporting.Envelope) error {
	subject, err := nats.ReceivedSubject(e.Org)
	if err != nil {
		return err
	}
	payload, err := json.Marshal(reporting.Received{Submission: e.ID, SHA256: e.SHA256})
	if err != nil {
		return err
	}
	return in.Bus.Publish(ctx, subject, e.ID, payload)
}

// postSubmission takes a multipart form with the parts org, form, period and file, or the confirmation of a file that was recognised
// before, as JSON.
func (in *Intake) postSubmission(w http.ResponseWriter, r *http.Request) error {
	send := in.send
	if confirms(r) {
		send = in.confirm
	}
	receipt, err := send(w, r)
	if err != nil {
		return err
	}
	w.Header().Set("Location", "/api/v1/submissions/"+receipt.Submission)
	return created(w, r, "/submissions/"+receipt.Submission, receipt)
}

func (in *Intake) send(w http.ResponseWriter, r *http.Request) (reporting.Receipt, error) {
	u, err := in.receive(w, r, "org", "form", "period", "answers")
	if err != nil {
		return reporting.Receipt{}, err
	}
	defer u.Discard()
	e, err := in.ordered(access.From(r.Context()), order{org: u.fields["org"], form: u.fields["form"], period: u.fields["period"], name: u.name, via: "http"})
	if err != nil {
		return reporting.Receipt{}, err
	}
	answers, err := readAnswers(u.fields["answers"])
	if err != nil {
		return reporting.Receipt{}, err
	}
	return in.takeEach(r.Context(), access.From(r.Context()), u.hold, e, answers)
}

// takeEach makes a submission of the file or, where no form is named, of each file of an archive.
func (in *Intake) takeEach(ctx context.Context, who access.Principal, file *hold, e reporting.Envelope, answers []reporting.Answer) (reporting.Receipt, error) {
	if e.Form != "" {
		return in.takeForms(ctx, who, file, e, answers)
	}
	files, err := in.unpack(ctx, who, file)
	if err != nil || len(files) == 0 {
		if reporting.CodeOf(err) == reporting.TooMany {
			return reporting.Receipt{}, err
		}
		if err != nil {
			in.Log.Warn("file not unpacked; it is sent as it is", zap.String("sha256", file.Sum), zap.Error(err))
		}
		return in.takeForms(ctx, who, file, e, answers)
	}
	if len(answers) > 0 {
		discard(files)
		return reporting.Receipt{}, reporting.Errorf(reporting.Invalid, "answers are to the questions of one file, not of an archive: send its files one by one")
	}
	return in.takeUnpacked(ctx, who, files, e)
}

// takeForms makes a submission of the file or, where no form is named and several stand on sheets of their own, one of each of them. What they
// are is found out before the receipt; where that fails it is one submission, and the judge says what was not read.
func (in *Intake) takeForms(ctx context.Context, who access.Principal, file *hold, e reporting.Envelope, answers []reporting.Answer) (reporting.Receipt, error) {
	forms := []string{e.Form}
	if e.Form == "" {
		forms = in.forms(ctx, who, file, e)
	}
	var receipt reporting.Receipt
	sent := make([]reporting.Envelope, len(forms))
	for i, form := range forms {
		sent[i], sent[i].Form = e, form
	}
	if err := in.answerWith(ctx, who, file, sent, answers); err != nil {
		return receipt, err
	}
	for i, e := range sent {
		if i > 0 { // no byte more came in, and still it is a submission more
			if err := in.quota.more(who); err != nil {
				return receipt, err
			}
		}
		r, err := in.take(ctx, file, e)
		if err != nil {
			return receipt, err
		}
		if i == 0 {
			receipt = r
			continue
		}
		receipt.Further = append(receipt.Further, r)
	}
	return receipt, nil
}

// forms are what the file is to be sent as: "" alone leaves that to the judge.
func (in *Intake) forms(ctx context.Context, who access.Principal, file *hold, e reporting.Envelope) []string {
	rec, err := in.recognise(ctx, who.Account, file.Held, e.Org, reporting.Hint{Period: e.Period, FileName: e.FileName})
	if err != nil {
		in.Log.Warn("forms of a file not found out; it is sent as one", zap.String("sha256", file.Sum), zap.Error(err))
		return []string{""}
	}
	forms := []string{rec.Form}
	for _, further := range rec.Further {
		if form := in.Catalogue.Form(further.Form); form != nil && form.Sends(e.Period) {
			forms = append(forms, form.ID)
		}
	}
	if len(forms) == 1 {
		return []string{""}
	}
	return forms
}

// ordered is the envelope of what somebody who is signed in sends.
func (in *Intake) ordered(who access.Principal, o order) (reporting.Envelope, error) {
	if !who.MaySee(o.org) {
		return reporting.Envelope{}, reporting.Errorf(reporting.Forbidden, "%s sends for %s only, not for %q", who.Account, who.Unit, o.org)
	}
	e, err := in.envelope(o)
	e.By, e.Role, e.Token = who.Account, string(who.Role), who.TokenID()
	return e, err
}

// brokenOff is the error of a form that cannot be read to its end: its sender's, or the network's.
func (in *Intake) brokenOff(err error) error {
	if err = in.readError(err); reporting.CodeOf(err) == reporting.Internal {
		return reporting.Errorf(reporting.Invalid, "the upload broke off: %w", err)
	}
	return err
}

func (in *Intake) readError(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) || errors.Is(err, originals.ErrTooLarge) {
		return reporting.Errorf(reporting.Invalid, "%s: the file is larger than %d MB", reporting.TooLarge, in.MaxBytes>>20)
	}
	return err
}

// serveNATS takes a file that came as a request, whose subject names the unit, and who sends.
func (in *Intake) serveNATS(ctx context.Context, r nats.Request) (nats.Reply, error) {
	unit, id := nats.Sender(r.Subject)
	who, err := in.Sender(id)
	if err != nil {
		return nats.Reply{}, err
	}
	if !who.May(access.SendSubmissions) {
		return nats.Reply{}, reporting.Errorf(reporting.Forbidden, "the token of %s may not send", who.Account)
	}
	answers, err := readAnswers(r.Headers["answers"])
	if err != nil {
		return nats.Reply{}, err
	}
	if to := r.Headers["answer-to"]; to != "" {
		return in.answerNATS(ctx, who, unit, Answering{Submission: to, Answers: answers}, len(r.Data))
	}
	e, err := in.ordered(who, order{org: unit, form: r.Headers["form"], period: r.Headers["period"], name: r.Headers["file-name"], via: "nats"})
	if err != nil {
		return nats.Reply{}, err
	}
	file, err := in.hold(ctx, who, bytes.NewReader(r.Data))
	if err != nil {
		return nats.Reply{}, err
	}
	defer file.Discard()
	receipt, err := in.takeEach(ctx, who, file, e, answers)
	if err != nil {
		return nats.Reply{}, err
	}
	data, err := json.Marshal(receipt)
	return nats.Reply{Data: data}, err
}

// PeriodOrder says why a period is closed or opened.
type PeriodOrder struct {
	Reason string `json:"reason"`
	By     string `json:"by,omitempty"`
}

// postPeriod closes or opens a period: an entry of the journal with a reason, never a flag that somebody sets.
func (in *Intake) postPeriod(w http.ResponseWriter, r *http.Request) error {
	kinds := map[string]reporting.EnvelopeKind{"close": reporting.PeriodClosed, "open": reporting.PeriodOpened}
	e := reporting.Envelope{Kind: kinds[r.PathValue("verb")], Via: "http"}
	if e.Kind == "" {
		return reporting.Errorf(reporting.NotFound, "a period can be closed or opened; %q is neither", r.PathValue("verb"))
	}
	body, err := readPeriod(w, r)
	if err != nil {
		return err
	}
	period, err := reporting.ParsePeriod(r.PathValue("period"))
	if err != nil {
		return err
	}
	if e.Reason = strings.TrimSpace(body.Reason); e.Reason == "" {
		return reporting.Errorf(reporting.Invalid, "closing or opening a period needs a reason")
	}
	e.Period, e.By = period, access.From(r.Context()).Signs(body.By)
	e, err = in.Store.Append(r.Context(), e)
	if err != nil {
		return err
	}
	return endpoint.Done(w, r, http.StatusCreated, e)
}

// readPeriod reads an order: JSON, or a page's form with a reason.
func readPeriod(w http.ResponseWriter, r *http.Request) (PeriodOrder, error) {
	var body PeriodOrder
	if !endpoint.FromPage(r) {
		return body, endpoint.ReadJSON(w, r, maxJSON, &body)
	}
	err := endpoint.ReadForm(w, r, maxJSON)
	body.Reason = r.PostForm.Get("reason")
	return body, err
}
