package clerk

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/duty"
	"huizong/pkg/phrase"
	"huizong/pkg/reporting"
	"huizong/services/intake"
	"huizong/services/portal"
	"huizong/services/portal/submission"
)

// uploadForm is the place where files are dropped.
type uploadForm struct {
	Unit    string
	Period  reporting.Period
	Form    string
	Primary bool // sending is the thing to do next
	Shown   bool // the viewer may send
}

func (p *Pages) uploadFormFor(who access.Principal, period reporting.Period, form string) uploadForm {
	return uploadForm{Unit: who.Unit, Period: period, Form: form, Shown: who.Unit != "" && who.May(access.SendSubmissions)}
}

// confirmPage shows what was recognised, for a person to confirm.
type confirmPage struct {
	Unit  *reporting.OrgUnit
	Files []confirmFile
	Sends bool // one of them can be sent
}

// confirmFile is a file with what is known of it, and what there is to choose.
type confirmFile struct {
	reporting.Recognition
	Chosen  string // the form, recognised or asked for
	For     reporting.Period
	Choices []*reporting.Form
	Periods []reporting.Period
	Refused reporting.Text   // why it cannot be sent
	Why     []reporting.Text // why it is not known what it is, or will not be accepted
	Notices []reporting.Text // what happens when it is sent
	Same    bool             // the very same was accepted before: it need not be sent
}

func (c *confirmPage) add(files []confirmFile) {
	for _, f := range files {
		c.Files = append(c.Files, f)
		c.Sends = c.Sends || f.Refused.ZH == ""
	}
}

// maxUpload bounds what is read of one request: many files, each within the limit of the intake.
const maxUpload = 512 << 20

// maxFilesAtOnce are those of one request.
const maxFilesAtOnce = 40

// confirm takes files in and shows what they are. A script asks for the lines alone.
func (p *Pages) confirm(w http.ResponseWriter, r *http.Request) error {
	unit, err := p.sendingUnit(r)
	if err != nil {
		return err
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxUpload)
	parts, err := r.MultipartReader()
	if err != nil {
		return reporting.Errorf(reporting.Invalid, "the request is no multipart form: %w", err)
	}
	page := &confirmPage{Unit: unit}
	var asked struct{ period, form string }
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return reporting.Errorf(reporting.Invalid, "the upload broke off: %w", err)
		}
		switch part.FormName() {
		case "period":
			asked.period = partText(part)
		case "form":
			asked.form = partText(part)
		case "file":
			if part.FileName() == "" {
				continue // the field was left empty
			}
			if len(page.Files) == maxFilesAtOnce {
				return reporting.Errorf(reporting.Invalid, "up to %d files at a time, please", maxFilesAtOnce)
			}
			files, err := p.recognise(r.Context(), unit, part.FileName(), part, asked.period, asked.form)
			if err != nil {
				return err
			}
			page.add(files)
		}
	}
	if len(page.Files) == 0 {
		return reporting.Errorf(reporting.Invalid, "请先选择文件 / choose a file first")
	}
	if r.Header.Get(portal.FragmentHeader) != "" {
		return p.Fragment(w, r, "confirm", "confirm-files", page)
	}
	if slices.ContainsFunc(page.Files, func(f confirmFile) bool { return f.SHA256 == "" }) { // it was not kept
		return p.showConfirm(w, r, page)
	}
	to := url.Values{"period": {asked.period}, "form": {asked.form}}
	for _, f := range page.Files {
		to.Add("file", f.SHA256)
	}
	http.Redirect(w, r, "/confirm?"+to.Encode(), http.StatusSeeOther)
	return nil
}

func (p *Pages) showConfirm(w http.ResponseWriter, r *http.Request, page *confirmPage) error {
	return p.Show(w, r, "confirm", reporting.Text{ZH: "核对后报送", EN: "Confirm and send"}, page)
}

// toConfirm shows what was recognised and waits to be confirmed: the files that the address names, or all of the last hour.
func (p *Pages) toConfirm(w http.ResponseWriter, r *http.Request) error {
	unit, err := p.sendingUnit(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	page := &confirmPage{Unit: unit}
	for _, rec := range slices.Backward(p.Intake.Recognised(access.From(r.Context()).Account)) {
		if rec.Submission != "" || len(q["file"]) > 0 && !slices.Contains(q["file"], rec.SHA256) {
			continue
		}
		files, err := p.knownEach(r.Context(), unit, rec, q.Get("period"), q.Get("form"))
		if err != nil {
			return err
		}
		page.add(files)
	}
	if len(page.Files) == 0 {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return nil
	}
	return p.showConfirm(w, r, page)
}

func partText(part *multipart.Part) string {
	data, err := io.ReadAll(io.LimitReader(part, 200))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(data))
}

// sendingUnit is the unit in whose name the caller sends.
func (p *Pages) sendingUnit(r *http.Request) (*reporting.OrgUnit, error) {
	unit := p.Catalogue.Unit(access.From(r.Context()).Unit)
	if unit == nil {
		return nil, reporting.Errorf(reporting.Forbidden, "sheets are sent by the accounts of units")
	}
	return unit, nil
}

// recognise has one file looked at.
func (p *Pages) recognise(ctx context.Context, unit *reporting.OrgUnit, name string, file io.Reader, period, form string) ([]confirmFile, error) {
	known, err := p.Intake.Recognise(ctx, unit.Code, period, name, file)
	if code := reporting.CodeOf(err); code == reporting.Invalid || code == reporting.TooMany { // too large, or over the day's quota: the others go on
		_, drained := io.Copy(io.Discard, file)
		return []confirmFile{{Recognition: reporting.Recognition{FileName: name}, Refused: refusedFile(err)}}, drained
	}
	if err != nil {
		return nil, err
	}
	return p.knownEach(ctx, unit, known, period, form)
}

// knownEach is each file of an archive, and a file as each of the forms that stand on sheets of their own: each is confirmed, and sent, by itself.
func (p *Pages) knownEach(ctx context.Context, unit *reporting.OrgUnit, known reporting.Recognition, period, form string) ([]confirmFile, error) {
	var files []confirmFile
	for _, packed := range known.Packed {
		each, err := p.knownEach(ctx, unit, packed, period, form)
		if err != nil {
			return nil, err
		}
		files = append(files, each...)
	}
	if len(files) > 0 {
		return files, nil
	}
	first, err := p.known(ctx, unit, known, period, form)
	if err != nil {
		return nil, err
	}
	files = append(files, first)
	for _, a := range known.Further {
		one := known
		one.Form, one.FormTitle, one.Sheet, one.Sure, one.Percent, one.Findings, one.Alternatives = a.Form, a.Title, a.Sheet, a.Sure, a.Percent, nil, nil
		if one.Period = a.Period; one.Period.IsZero() {
			one.Period = p.periodNear(a.Form, first.For)
		}
		f, err := p.known(ctx, unit, one, period, "")
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

// refusedFile says why a file is not taken in.
func refusedFile(err error) reporting.Text {
	if strings.Contains(err.Error(), string(reporting.TooLarge)) {
		return reporting.Text{ZH: "文件超过 64 MB，收不下。报表一般不到 1 MB：请删去图片和无关的工作表，另存后再报送。", EN: "The file has more than 64 MB and cannot be taken. A form seldom has more than 1 MB: take out pictures and other sheets, save it and send that."}
	}
	if said, both := portal.InBoth(err); both {
		return said
	}
	return reporting.Text{ZH: "收不下：" + err.Error(), EN: "It cannot be taken: " + err.Error()}
}

// known is a file that was recognised, with all that can be said before it is sent.
func (p *Pages) known(ctx context.Context, unit *reporting.OrgUnit, known reporting.Recognition, period, form string) (confirmFile, error) {
	f := confirmFile{Recognition: known, Chosen: known.Form, For: known.Period}
	if f.Chosen == "" {
		f.Chosen = form
	}
	if asked, err := reporting.ParsePeriod(period); err == nil && f.For.IsZero() {
		f.For = p.periodNear(f.Chosen, asked)
	}
	if f.For.IsZero() {
		f.For = p.periodNear(f.Chosen, reporting.MonthPeriod(duty.Collecting(time.Now())))
	}
	f.judge()
	if f.Refused.ZH == "" && f.Chosen != "" && !f.For.IsZero() {
		if err := p.foresee(ctx, &f, unit); err != nil {
			return f, err
		}
	}
	f.choices(p.Catalogue, unit)
	return f, nil
}

// periodNear is the period that the form is collected for together with the one that the page shows, or that one.
func (p *Pages) periodNear(form string, shown reporting.Period) reporting.Period {
	f := p.Catalogue.Form(form)
	if f == nil || f.Sends(shown) {
		return shown
	}
	if collected, ok := f.CollectedWith(shown.Last); ok {
		return collected
	}
	return shown
}

// hopeless are the findings with which a file is not even sent: nothing could come of it.
var hopeless = []reporting.FindingCode{reporting.WrongOrg, reporting.UnreadableFile, reporting.EncryptedFile, reporting.TooLarge, reporting.PeriodLocked}

// judge lists what the recognition has found against the file.
func (f *confirmFile) judge() {
	for _, found := range f.Findings {
		words := reporting.Text{ZH: found.Message, EN: found.MessageEN}
		if found.Code == reporting.UnreadSheet {
			f.Notices = append(f.Notices, words)
			continue
		}
		if slices.Contains(hopeless, found.Code) {
			f.Refused = words
			return
		}
		f.Why = append(f.Why, words)
	}
}

// foresee says what will happen when the file is sent: the period is closed, the very same was accepted, or it takes another's place.
func (p *Pages) foresee(ctx context.Context, f *confirmFile, unit *reporting.OrgUnit) error {
	form := p.Catalogue.Form(f.Chosen)
	if form == nil || !form.Sends(f.For) {
		return nil
	}
	board, err := p.Answers.Board(ctx, reporting.MonthPeriod(submission.CollectedIn(form, f.For)), unit.Code, time.Now())
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(board.Columns, func(c duty.Column) bool { return c.Form == f.Chosen && c.Period == f.For }); i >= 0 && board.Columns[i].Closed {
		f.Refused = reporting.Text{ZH: phrase.Period("zh", f.For) + "已关闭，不再收表。确实要改的，请联系市局说明原因。", EN: phrase.Period("en", f.For) + " is closed: nothing more is taken in. Tell the bureau why if it has to be changed."}
		return nil
	}
	cell := board.Cell(unit.Code, f.Chosen, f.For)
	if cell == nil || cell.Standing == nil {
		return nil
	}
	at, n := cell.Standing.ReceivedAt, cell.Standing.Number
	if f.Same = cell.Standing.SHA256 == f.SHA256; f.Same {
		f.Notices = append(f.Notices, reporting.Textf("与 "+shortDay("zh", at)+" 受理的第 %d 版是同一个文件，不用再报。", "The very file was accepted on "+shortDay("en", at)+" as version %d: no need to send it again.", n))
		return nil
	}
	f.Notices = append(f.Notices, reporting.Textf("将替代 "+shortDay("zh", at)+" 受理的第 %d 版。", "It takes the place of version %d, accepted on "+shortDay("en", at)+".", n))
	return nil
}

func shortDay(lang string, at time.Time) string {
	if lang == "en" {
		return at.In(reporting.Zone).Format("2 Jan")
	}
	return at.In(reporting.Zone).Format("1-02")
}

// choices are the forms that the unit sends, and the periods near the recognised one.
func (f *confirmFile) choices(c *reporting.Catalogue, unit *reporting.OrgUnit) {
	for _, form := range c.Forms {
		if form.SentBy(*unit) {
			f.Choices = append(f.Choices, form)
		}
	}
	if f.For.IsZero() {
		return
	}
	step := reporting.Month(f.For.Len())
	for n := reporting.Month(2); n >= -12; n-- {
		f.Periods = append(f.Periods, reporting.Period{First: f.For.First + n*step, Last: f.For.Last + n*step})
	}
}

// send sends what was confirmed. Each file has its form and its period; one whose form is "-" is left out.
func (p *Pages) send(w http.ResponseWriter, r *http.Request) error {
	unit, err := p.sendingUnit(r)
	if err != nil {
		return err
	}
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	if err := r.ParseForm(); err != nil {
		return reporting.Errorf(reporting.Invalid, "the form cannot be read: %w", err)
	}
	files, names, forms, periods := r.PostForm["file"], r.PostForm["name"], r.PostForm["form"], r.PostForm["period"]
	if len(files) != len(names) || len(files) != len(forms) || len(files) != len(periods) {
		return reporting.Errorf(reporting.Invalid, "each file needs a name, a form and a period")
	}
	ids := url.Values{}
	for i := range files {
		if forms[i] == "-" {
			continue
		}
		period, err := reporting.ParsePeriod(periods[i])
		if err != nil {
			return err
		}
		receipt, err := p.Intake.Confirm(r.Context(), intake.Confirmed{SHA256: files[i], FileName: names[i], Org: unit.Code, Form: forms[i], Period: p.periodNear(forms[i], period).String()})
		if err != nil {
			return err
		}
		ids.Add("id", receipt.Submission)
	}
	switch sent := ids["id"]; {
	case r.Header.Get(portal.FragmentHeader) != "":
		return p.sentFragment(w, r, sent)
	case len(sent) == 0:
		http.Redirect(w, r, "/", http.StatusSeeOther)
	case len(sent) == 1:
		http.Redirect(w, r, "/submissions/"+sent[0], http.StatusSeeOther)
	default:
		http.Redirect(w, r, "/sent?"+ids.Encode(), http.StatusSeeOther)
	}
	return nil
}

// sentPage lists what was just sent, with what became of it.
type sentPage struct {
	Files   []submission.State
	Pending bool
}

func (p *Pages) sent(w http.ResponseWriter, r *http.Request) error {
	ids := r.URL.Query()["id"]
	if r.Header.Get(portal.FragmentHeader) != "" {
		return p.sentFragment(w, r, ids)
	}
	page, err := p.newSentPage(r, ids)
	if err != nil {
		return err
	}
	return p.Show(w, r, "sent", reporting.Text{ZH: "已报送", EN: "Sent"}, page)
}

func (p *Pages) sentFragment(w http.ResponseWriter, r *http.Request, ids []string) error {
	page, err := p.newSentPage(r, ids)
	if err != nil {
		return err
	}
	return p.Fragment(w, r, "sent", "sent-files", page)
}

func (p *Pages) newSentPage(r *http.Request, ids []string) (*sentPage, error) {
	if len(ids) > maxFilesAtOnce {
		return nil, reporting.Errorf(reporting.Invalid, "up to %d submissions at a time, please", maxFilesAtOnce)
	}
	page := &sentPage{}
	ctx, cancel := context.WithTimeout(r.Context(), 2*decisionPatience)
	defer cancel()
	for _, id := range ids {
		state, err := p.Desk.Await(r.Context(), id, 0)
		if err == nil && state.Pending && ctx.Err() == nil {
			state, err = p.Desk.Await(r.Context(), id, decisionPatience)
		}
		if err != nil {
			return nil, err
		}
		page.Pending = page.Pending || state.Pending
		page.Files = append(page.Files, state.Answer())
	}
	return page, nil
}
