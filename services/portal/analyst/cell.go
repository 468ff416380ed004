package analyst

import (
	"net/http"

	"huizong/pkg/access"
	"huizong/pkg/clickhouse"
	"huizong/pkg/explore"
	"huizong/pkg/picture"
	"huizong/pkg/reporting"
	"huizong/services/portal/submission"
)

// cellPage is the end of every trace: the sheet as its unit sent it, with the cell, and the receipt of the file.
type cellPage struct {
	Envelope   reporting.Envelope
	Form       string
	Sheet      string
	Cell       string
	Written    string
	Picture    *picture.Picture
	Withheld   reporting.Text // why there is no picture
	Masked     bool
	Version    int // of the accepted ones of the same unit, form and period
	Versions   int
	Outcome    reporting.Outcome
	Superseded string // the submission that counts in its place
	ReadSheet  bool   // the caller may open the submission's own page
}

var (
	noSheet = reporting.Text{ZH: "这份报送没有可以显示的表格。", EN: "This submission has no table that can be shown."}
	notRead = reporting.Text{ZH: "这份报送没有被受理，表格只给报送单位和审核员看。", EN: "This submission was not accepted: its sheet is for its unit and the reviewers."}
)

// cellPicture shows the original around a cell. Persons are masked for everybody but the unit's own people.
func (p *Pages) cellPicture(w http.ResponseWriter, r *http.Request) error {
	e, err := p.Desk.Envelope(r.Context(), r.PathValue("submission"))
	if err != nil {
		return err
	}
	who := access.From(r.Context())
	page := cellPage{Envelope: e, Form: e.Form, Sheet: r.URL.Query().Get("sheet"), Cell: r.URL.Query().Get("cell"), Masked: who.Unit != e.Org, ReadSheet: who.May(access.ReadSubmissions)}
	if _, _, ok := reporting.ParseCellName(page.Cell); page.Cell != "" && !ok {
		return reporting.Errorf(reporting.Invalid, "cell %q: want an address like D6", page.Cell)
	}
	if err := p.placeAmong(r, &page); err != nil {
		return err
	}
	if page.Outcome != reporting.Accepted && page.Masked {
		page.Withheld = notRead // of a sheet that was not understood nobody can tell where its persons stand
	} else if err := p.draw(r, &page); err != nil {
		return err
	}
	title := reporting.Text{ZH: "原表", EN: "The original"}
	return p.Show(w, r, "cell", title, page)
}

// placeAmong finds which of the accepted submissions of its unit, form and period this one is.
func (p *Pages) placeAmong(r *http.Request, page *cellPage) error {
	d, decided, err := p.Facts.Outcome(r.Context(), page.Envelope.ID)
	if err != nil || !decided {
		return err
	}
	page.Outcome, page.Form = d.Outcome, d.Form
	same, err := p.Facts.Submissions(r.Context(), clickhouse.SubmissionFilter{Org: d.Org, Form: d.Form, Period: d.Period})
	if err != nil {
		return err
	}
	for _, s := range same { // the newest first
		if s.Outcome != reporting.Accepted {
			continue
		}
		if page.Versions == 0 && s.Submission != d.Submission && d.Outcome == reporting.Accepted {
			page.Superseded = s.Submission
		}
		page.Versions++
		if s.Submission <= d.Submission {
			page.Version++
		}
	}
	return nil
}

// draw has the picture of the sheet made.
func (p *Pages) draw(r *http.Request, page *cellPage) error {
	e := page.Envelope
	e.Form = page.Form
	q := submission.AroundInput{Sheet: page.Sheet, Cell: page.Cell, Masked: page.Masked, More: picture.ParseRows(r.URL.Query().Get("rows"), picture.MoreRows)}
	seen, err := p.Desk.Around(r.Context(), e, q)
	if _, damaged := reporting.FindingOf(err); damaged || reporting.CodeOf(err) == reporting.Invalid {
		page.Withheld = noSheet
		return nil
	}
	if err != nil {
		return err
	}
	page.Sheet, page.Cell, page.Written, page.Picture = seen.Sheet, seen.Cell, seen.Written, seen.Picture
	if page.Picture == nil {
		page.Withheld = noSheet
	}
	here := "/cell/" + e.ID + "?" + explore.View{Query: r.URL.Query()}.Keep("sheet", "cell")
	page.Picture.Link(func(_ int, more []picture.Rows) string { return here + picture.MoreQuery(more) })
	return nil
}
