package intake

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/endpoint"
	"huizong/pkg/originals"
	"huizong/pkg/problem"
	"huizong/pkg/reporting"
)

// Recogniser says what a file seems to be. It is safe for concurrent use.
type Recogniser interface {
	// Recognise reads the file that org ("": whoever the sheet names) is about to send, for the account, when it is its turn. What is wrong
	// with it is a finding.
	Recognise(ctx context.Context, account string, file interface{ Disk() *os.File }, org string, hint reporting.Hint) (reporting.Recognition, error)
	// Ask says what is asked of the file that is sent so, with these answers beside those that are remembered.
	Ask(ctx context.Context, account string, file interface{ Disk() *os.File }, e reporting.Envelope, answers []reporting.Answer) (reporting.Asked, error)
	// Unpack returns the files of an archive, and none of any other file. An archive that cannot be unpacked is an error with a finding.
	Unpack(ctx context.Context, account string, file interface{ Disk() *os.File }) ([]reporting.Packed, error)
}

// upload is a file of a multipart form, held by the store, with the form's fields.
type upload struct {
	*hold
	name   string
	fields map[string]string
}

// receive reads a multipart form with the fields and one file, in any order. The file is read straight to the disk and never held in
// memory. The caller discards what is returned without an error, as soon as it is not wanted.
func (in *Intake) receive(w http.ResponseWriter, r *http.Request, fields ...string) (u upload, err error) {
	u.fields = map[string]string{}
	defer func() {
		if err != nil {
			u.Discard()
		}
	}()
	// The body may be a little larger than its file; whatever is beyond that is not even read.
	r.Body = http.MaxBytesReader(w, r.Body, in.MaxBytes+1<<20)
	parts, err := r.MultipartReader()
	if err != nil {
		return u, reporting.Errorf(reporting.Invalid, "the request is no multipart form: %w", err)
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return u, in.brokenOff(err)
		}
		if part.FormName() == "file" {
			if u.hold != nil {
				return u, reporting.Errorf(reporting.Invalid, "one file at a time, please")
			}
			u.name = part.FileName()
			if u.hold, err = in.hold(r.Context(), access.From(r.Context()), part); err != nil {
				return u, err
			}
			continue
		}
		limit := int64(200)
		if part.FormName() == "answers" {
			limit = maxJSON
		}
		value, err := io.ReadAll(io.LimitReader(part, limit))
		if err != nil {
			return u, in.brokenOff(err)
		}
		if slices.Contains(fields, part.FormName()) {
			u.fields[part.FormName()] = strings.TrimSpace(string(value))
		}
	}
	if u.hold == nil {
		return u, reporting.Errorf(reporting.Invalid, "the request has no part named file")
	}
	return u, nil
}

// confirmWithin is how long a file that was recognised can be confirmed.
const confirmWithin = time.Hour

// holder is whom a recognised file belongs to: an account, or one of its tokens, which does not see the files of the account.
func holder(who access.Principal) string {
	if id := who.TokenID(); id != "" {
		return who.Account + " " + id
	}
	return who.Account
}

// pending has the files that were recognised, by holder, until they are confirmed or forgotten. It is memory only: after a restart
// the file is sent again. A file that is forgotten is discarded.
type pending struct {
	mu    sync.Mutex
	files map[pendingKey]*waiting
	now   func() time.Time
}

type pendingKey struct{ account, sum string }

// waiting is a pending file. mu is held while it is being confirmed, so that two clicks make one submission.
type waiting struct {
	mu       sync.Mutex
	file     *hold
	rec      reporting.Recognition // changed under the mu of pending only
	hint     reporting.Hint        // by which it was recognised
	receipts []reporting.Receipt   // what it was confirmed as, each once
}

func newPending(now func() time.Time) *pending {
	return &pending{files: map[pendingKey]*waiting{}, now: now}
}

// put remembers the file. What is too old is dropped with it, and so is the same file of before.
func (s *pending) put(account string, rec reporting.Recognition, hint reporting.Hint, file *hold) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep()
	key := pendingKey{account, rec.SHA256}
	s.drop(key)
	s.files[key] = &waiting{rec: rec, hint: hint, file: file}
	s.makeRoom(account)
}

// sweep drops what is too old. The caller holds mu.
func (s *pending) sweep() {
	for key, f := range s.files {
		if s.now().Sub(f.rec.PutAt) > confirmWithin {
			s.drop(key)
		}
	}
}

// drop forgets the file, and gives it up unless it is confirmed, or is being confirmed: that waits, and finds an original. The caller
// holds mu.
func (s *pending) drop(key pendingKey) {
	if f := s.files[key]; f != nil {
		delete(s.files, key)
		f.file.Discard()
	}
}

// clear drops what is too old every minute, until ctx ends.
func (s *pending) clear(ctx context.Context) {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			s.mu.Lock()
			s.sweep()
			s.mu.Unlock()
		}
	}
}

// maxPending files of an account are remembered: more than anybody confirms within an hour.
const maxPending = 200

// makeRoom drops the account's oldest file where it has too many. The caller holds mu.
func (s *pending) makeRoom(account string) {
	n, oldest := 0, pendingKey{}
	for key, f := range s.files {
		if key.account != account {
			continue
		}
		n++
		if oldest.sum == "" || f.rec.PutAt.Before(s.files[oldest].rec.PutAt) {
			oldest = key
		}
	}
	if n > maxPending {
		s.drop(oldest)
	}
}

// take returns the file where the account has put it within the last hour.
func (s *pending) take(account, sum string) (*waiting, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files[pendingKey{account, sum}]
	if f == nil || s.now().Sub(f.rec.PutAt) > confirmWithin {
		return nil, reporting.Errorf(reporting.NotFound, "the file %.12s… was not sent here by you within the last hour: send it again", sum)
	}
	return f, nil
}

// list is what the account has put, the newest first.
func (s *pending) list(account string) []reporting.Recognition {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []reporting.Recognition{}
	for key, f := range s.files {
		if key.account == account && s.now().Sub(f.rec.PutAt) <= confirmWithin {
			all = append(all, f.rec)
		}
	}
	slices.SortFunc(all, func(a, b reporting.Recognition) int {
		return cmp.Or(b.PutAt.Compare(a.PutAt), cmp.Compare(a.SHA256, b.SHA256))
	})
	return all
}

// confirmed notes which submission the file has become.
func (s *pending) confirmed(f *waiting, submission string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.rec.Submission = submission
}

// anew takes what the file was recognised as once more.
func (s *pending) anew(f *waiting, rec reporting.Recognition) {
	s.mu.Lock()
	defer s.mu.Unlock()
	rec.SHA256, rec.Size, rec.FileName, rec.PutAt, rec.Submission = f.rec.SHA256, f.rec.Size, f.rec.FileName, f.rec.PutAt, f.rec.Submission
	f.rec = rec
}

// Recognised lists the files that the account has had recognised within the last hour, the newest first.
func (in *Intake) Recognised(account string) []reporting.Recognition { return in.pending.list(account) }

func (in *Intake) listRecognitions(w http.ResponseWriter, r *http.Request) error {
	return problem.JSON(w, http.StatusOK, in.Recognised(holder(access.From(r.Context()))))
}

// postRecognition takes a file in and says what it seems to be. Nothing is receipted: that takes a confirmation.
func (in *Intake) postRecognition(w http.ResponseWriter, r *http.Request) error {
	u, err := in.receive(w, r, "org", "period")
	if err != nil {
		return err
	}
	rec, err := in.describe(r.Context(), u)
	if err != nil {
		return err
	}
	return created(w, r, "/confirm", rec)
}

// Recognise takes a file in and says what it seems to be, as POST /api/v1/recognitions does: it is for the pages, which take many files
// in one form.
func (in *Intake) Recognise(ctx context.Context, org, period, name string, file io.Reader) (reporting.Recognition, error) {
	h, err := in.hold(ctx, access.From(ctx), file)
	if err != nil {
		return reporting.Recognition{}, err
	}
	return in.describe(ctx, upload{hold: h, name: name, fields: map[string]string{"org": org, "period": period}})
}

// describe recognises the file and keeps it pending for the caller. On an error it is discarded.
func (in *Intake) describe(ctx context.Context, u upload) (rec reporting.Recognition, err error) {
	defer func() {
		if err != nil {
			u.Discard()
		}
	}()
	who := access.From(ctx)
	org := cmp.Or(u.fields["org"], who.Unit)
	if org != "" && (in.Catalogue.Unit(org) == nil || !who.MaySee(org)) {
		return rec, reporting.Errorf(reporting.Forbidden, "%s sends for %s only, not for %q", who.Account, who.Unit, org)
	}
	now := in.pending.now()
	hint := reporting.Hint{Period: collecting(now), FileName: cleanName(u.name)}
	if text := u.fields["period"]; text != "" {
		if hint.Period, err = reporting.ParsePeriod(text); err != nil {
			return rec, err
		}
	}
	if packed, err := in.unpack(ctx, who, u.hold); err != nil || len(packed) > 0 {
		return in.describeEach(ctx, u, packed, err)
	}
	if rec, err = in.recognise(ctx, who.Account, u.Held, org, hint); err != nil {
		return rec, err
	}
	rec.SHA256, rec.Size, rec.FileName, rec.PutAt = u.Sum, u.Size, hint.FileName, now.UTC().Truncate(time.Millisecond)
	in.pending.put(holder(who), rec, hint, u.hold)
	return rec, nil
}

// describeEach says what each file of an archive seems to be. The archive is given up: nothing is sent of it but its files.
func (in *Intake) describeEach(ctx context.Context, archive upload, packed []*unpacked, err error) (reporting.Recognition, error) {
	rec := reporting.Recognition{SHA256: archive.Sum, Size: archive.Size, FileName: cleanName(archive.name), Sheets: []reporting.SheetSeen{},
		Further: []reporting.Alternative{}, Alternatives: []reporting.Alternative{}, Findings: []reporting.Finding{}, Questions: []reporting.Question{}, Answered: []reporting.Question{}}
	for i, p := range packed {
		one, failed := in.describe(ctx, upload{hold: p.hold, name: p.name, fields: archive.fields})
		if failed != nil {
			discard(packed[i+1:])
			return rec, failed
		}
		rec.Packed = append(rec.Packed, one)
	}
	if err == nil {
		archive.Discard()
	}
	return rec, err
}

// collecting is the month whose sheets are collected now: the last one that has ended.
func collecting(now time.Time) reporting.Period {
	now = now.In(reporting.Zone)
	return reporting.MonthPeriod(reporting.NewMonth(now.Year(), int(now.Month())) - 1)
}

func (in *Intake) recognise(ctx context.Context, account string, held *originals.Held, org string, hint reporting.Hint) (reporting.Recognition, error) {
	file, err := held.Open()
	if err != nil {
		return reporting.Recognition{}, err
	}
	defer file.Close()
	rec, err := in.Recogniser.Recognise(ctx, account, file, org, hint)
	if err != nil {
		return rec, fmt.Errorf("recognise %s: %w", held.Sum, err)
	}
	return rec, nil
}

// Confirmed says what a file is that was recognised before. What it leaves out is as it was recognised.
type Confirmed struct {
	SHA256   string `json:"sha256"`
	FileName string `json:"file_name,omitempty"`
	Org      string `json:"org,omitempty"`
	Form     string `json:"form,omitempty"`
	Period   string `json:"period,omitempty"`
	// Answers are to what the file asks; they are remembered before it is sent.
	Answers []reporting.Answer `json:"answers,omitempty"`
}

// confirms reports whether the body is a confirmation, and no file.
func confirms(r *http.Request) bool {
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return media == "application/json" || endpoint.FromPage(r)
}

// readConfirmed reads a confirmation: JSON, or a page's form with the same fields.
func readConfirmed(w http.ResponseWriter, r *http.Request) (Confirmed, error) {
	var c Confirmed
	if !endpoint.FromPage(r) {
		if err := endpoint.ReadJSON(w, r, maxJSON, &c); err != nil {
			return c, err
		}
	} else {
		if err := endpoint.ReadForm(w, r, maxJSON); err != nil {
			return c, err
		}
		f := r.PostForm
		c = Confirmed{SHA256: f.Get("sha256"), FileName: f.Get("file_name"), Org: f.Get("org"), Form: f.Get("form"), Period: f.Get("period")}
	}
	if c.SHA256 == "" {
		return c, reporting.Errorf(reporting.Invalid, "a confirmation names its file by sha256")
	}
	return c, nil
}

// created answers with what was made; a page's form, also one with a file, is led to the page that shows it.
func created(w http.ResponseWriter, r *http.Request, page string, value any) error {
	if strings.Contains(r.Header.Get("Accept"), "text/html") {
		http.Redirect(w, r, page, http.StatusSeeOther)
		return nil
	}
	return problem.JSON(w, http.StatusCreated, value)
}

func (in *Intake) confirm(w http.ResponseWriter, r *http.Request) (reporting.Receipt, error) {
	c, err := readConfirmed(w, r)
	if err != nil {
		return reporting.Receipt{}, err
	}
	return in.Confirm(r.Context(), c)
}

// Confirm makes a submission of a file that the same account has put here. To confirm it again as the same gives the same receipt.
func (in *Intake) Confirm(ctx context.Context, c Confirmed) (reporting.Receipt, error) {
	who := access.From(ctx)
	f, err := in.pending.take(holder(who), c.SHA256)
	if err != nil {
		return reporting.Receipt{}, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	o := order{org: cmp.Or(c.Org, f.rec.Org), form: cmp.Or(c.Form, f.rec.Form), period: cmp.Or(c.Period, f.rec.Period.String()),
		name: cmp.Or(c.FileName, f.rec.FileName), via: "http"}
	e, err := in.ordered(who, o)
	if err != nil {
		return reporting.Receipt{}, err
	}
	for _, was := range f.receipts {
		if was.Org == e.Org && was.Form == e.Form && was.Period == e.Period {
			return was, nil
		}
	}
	if len(f.receipts) > 0 { // the same file as something else: no byte came in, and still it is a submission more
		if err := in.quota.more(who); err != nil {
			return reporting.Receipt{}, err
		}
	}
	if err := in.answerWith(ctx, who, f.file, []reporting.Envelope{e}, c.Answers); err != nil {
		return reporting.Receipt{}, err
	}
	receipt, err := in.take(ctx, f.file, e)
	if err != nil {
		return receipt, err
	}
	f.receipts = append(f.receipts, receipt)
	in.pending.confirmed(f, receipt.Submission)
	return receipt, nil
}
