package review

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/difference"
	"huizong/pkg/duty"
	"huizong/pkg/phrase"
	"huizong/pkg/picture"
	"huizong/pkg/reporting"
	"huizong/services/portal"
	"huizong/services/portal/submission"
)

// reviewCell is a unit's form for a period, as a reviewer looks at it: at the side of the matrix, or on a page of its own.
type reviewCell struct {
	*duty.Cell
	Form    *reporting.Form
	Column  duty.Column
	Newest  *reviewVersion
	Shown   *reviewVersion // the one whose sheet and findings are shown
	Others  []reviewVersion
	Last    *comparison // the month before beside it; nil where there is nothing to compare
	Groups  []reporting.FindingGroup
	Errors  int
	Warns   int
	Held    bool                 // it could not be checked, through our own fault
	Reviews []reporting.Envelope // of the newest, in order

	May     bool // the viewer reviews
	Opinion bool // there is something to return or approve
	Path    string
	Back    string // to the matrix
	Next    string // the page to go to afterwards

	Before, After, ToReview *boardLink

	// Of the page alone.
	Only    string // large: only the large changes
	Changes *versionChanges
	Picture *picture.Picture
	Sheet   string // that the picture shows, for remarks
	Blank   []int  // empty rows for remarks
	Done    *reporting.Text
}

// reviewVersion is a version with who has sent it.
type reviewVersion struct {
	duty.Version
	By     string
	Via    string
	Stands bool
	Review *duty.Review
	Here   bool
}

// versionChanges are the differences of two versions.
type versionChanges struct {
	Older, Newer int
	List         []difference.Change
	More         int
	Failed       bool
}

// The bounds of what a page lists.
const (
	changesListed  = 300
	comparedListed = 400
	groupsListed   = 60
	remarkRows     = 3
)

// cellAt is the cell at a place of the matrix: unit, form, period.
func (p *Pages) cellAt(r *http.Request, at []string, back string) (*reviewCell, error) {
	if len(at) != 3 {
		return nil, reporting.Errorf(reporting.NotFound, "cell %q: want unit/form/period", strings.Join(at, "/"))
	}
	period, err := reporting.ParsePeriod(at[2])
	form := p.Catalogue.Form(at[1])
	if err != nil || form == nil || p.Catalogue.Unit(at[0]) == nil || !form.Sends(period) {
		return nil, reporting.Errorf(reporting.NotFound, "there is no %s: no such unit or form, or it is not sent for that", strings.Join(at, "/"))
	}
	board, err := p.Answers.Board(r.Context(), lastAndThis(form, period), "", time.Now())
	if err != nil {
		return nil, err
	}
	cell := board.Cell(at[0], at[1], period)
	if cell == nil {
		return nil, reporting.Errorf(reporting.NotFound, "%s does not send %s", at[0], at[1])
	}
	c := &reviewCell{Cell: cell, Form: form, Back: back, Path: "/review/" + strings.Join(at, "/"), May: access.From(r.Context()).May(access.ReviewSubmissions)}
	c.Before, c.After, c.ToReview = neighbours(board, cell)
	for _, column := range board.Columns {
		if column.Form == form.ID && column.Period == period {
			c.Column = column
		}
	}
	c.Next = c.Path
	if back != "" && back != "/review" || r.URL.Path == "/review" {
		c.Next = portal.AddQuery(back, "cell", strings.Join(at, "/"))
	}
	if err := p.versions(r.Context(), c, r.URL.Query().Get("v")); err != nil {
		return nil, err
	}
	if before := board.Cell(at[0], at[1], periodBefore(form, period)); before != nil && before.Standing != nil && c.Shown != nil {
		c.Last, err = p.compareMonths(r.Context(), form, before.Standing, &c.Shown.Version)
	}
	return c, err
}

// periodBefore is the period before of the same form.
func periodBefore(f *reporting.Form, p reporting.Period) reporting.Period {
	months := reporting.Month(p.Len())
	return reporting.Period{First: p.First - months, Last: p.Last - months}
}

// lastAndThis are the months of a board that has the form for the period, and for the one before.
func lastAndThis(f *reporting.Form, p reporting.Period) reporting.Period {
	first := submission.CollectedIn(f, periodBefore(f, p))
	if p.Len() > 1 { // not twelve months for a text of the half-year
		first = submission.CollectedIn(f, p)
	}
	return reporting.Period{First: first, Last: submission.CollectedIn(f, p)}
}

// versions lists what was sent, the newest first, and takes the one to show: the one asked for, or the newest.
func (p *Pages) versions(ctx context.Context, c *reviewCell, asked string) error {
	for _, v := range slices.Backward(c.All) {
		e, err := p.Store.Envelope(v.Submission)
		if err != nil {
			return err
		}
		version := reviewVersion{Version: v, By: e.By, Via: e.Via, Stands: c.Standing != nil && c.Standing.Submission == v.Submission}
		if reviews := p.Store.Reviews(v.Submission); len(reviews) > 0 {
			last := reviews[len(reviews)-1]
			version.Review = &duty.Review{Approved: last.Kind == reporting.SubmissionApproved, By: last.By, At: last.ReceivedAt, Reason: last.Reason, Remarks: last.Remarks}
		}
		c.Others = append(c.Others, version)
	}
	if len(c.Others) == 0 {
		return nil
	}
	c.Newest, c.Shown = &c.Others[0], &c.Others[0]
	for i := range c.Others {
		if c.Others[i].Submission == asked {
			c.Shown = &c.Others[i]
		}
	}
	c.Shown.Here = true
	c.Reviews = p.Store.Reviews(c.Newest.Submission)
	c.Opinion = c.May && c.Newest.Stands
	state, err := p.Desk.Await(ctx, c.Shown.Submission, 0)
	if err != nil {
		return err
	}
	c.Held = state.ThroughOurFault()
	c.Groups = reporting.GroupFindings(state.Findings)
	for _, f := range state.Findings {
		switch f.Severity {
		case reporting.SeverityError:
			c.Errors++
		case reporting.SeverityWarning:
			c.Warns++
		}
	}
	return nil
}

// reviewCellPage is the cell as a page of its own, or with part=side only what the matrix shows at its side.
func (p *Pages) reviewCellPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	back := "/review"
	if b := q.Get("back"); strings.HasPrefix(b, "/review?") {
		back = b
	}
	c, err := p.cellAt(r, []string{r.PathValue("org"), r.PathValue("form"), r.PathValue("period")}, back)
	if err != nil {
		return err
	}
	unit := p.Catalogue.Unit(c.Unit)
	title := reporting.Text{ZH: unit.Name.ZH + " · " + c.Form.Title.ZH + " · " + phrase.Period("zh", c.Period), EN: unit.Name.EN + " · " + c.Form.Title.EN + " · " + phrase.Period("en", c.Period)}
	if q.Get("part") == "side" {
		return p.Show(w, r, "review_side", title, c)
	}
	c.Next, c.Only, c.Done = c.Path, q.Get("only"), doneWords(q.Get("done"))
	c.Blank = make([]int, remarkRows)
	if err := p.compareVersions(r.Context(), c, q.Get("a"), q.Get("b")); err != nil {
		return err
	}
	if err := p.drawSheet(r, c); err != nil {
		return err
	}
	return p.Show(w, r, "review_cell", title, c)
}

// compareVersions lists the differences of two versions of the cell, where two are asked for.
func (p *Pages) compareVersions(ctx context.Context, c *reviewCell, older, newer string) error {
	number := func(id string) int {
		i := slices.IndexFunc(c.All, func(v duty.Version) bool { return v.Submission == id })
		if i < 0 {
			return 0
		}
		return c.All[i].Number
	}
	if older == "" || newer == "" || number(older) == 0 || number(newer) == 0 {
		return nil
	}
	if number(older) > number(newer) {
		older, newer = newer, older
	}
	c.Changes = &versionChanges{Older: number(older), Newer: number(newer)}
	list, err := p.Desk.Changes(ctx, older, newer)
	if code := reporting.CodeOf(err); err != nil && code == reporting.Invalid { // a version that no table can be read of
		c.Changes.Failed = true
		return nil
	}
	c.Changes.List = list[:min(len(list), changesListed)]
	c.Changes.More = len(list) - len(c.Changes.List)
	return err
}

// Versions2 reports whether there are two to compare.
func (c *reviewCell) Versions2() bool { return len(c.Others) > 1 }

// Compared are the numbers that the page lists beside those of the month before.
func (c *reviewCell) Compared() []comparedRow {
	rows := c.Last.Rows
	if c.Only == "large" {
		rows = c.Last.LargeOnes()
	}
	return rows[:min(len(rows), comparedListed)]
}

// Listed are the findings that the page lists.
func (c *reviewCell) Listed() []reporting.FindingGroup {
	return c.Groups[:min(len(c.Groups), groupsListed)]
}

// FirstFindings are those at the side of the matrix: the gravest.
func (c *reviewCell) FirstFindings() []reporting.FindingGroup {
	var first []reporting.FindingGroup
	for _, severity := range []reporting.Severity{reporting.SeverityError, reporting.SeverityWarning} {
		for _, g := range c.Groups {
			if g.Severity == severity && len(first) < 5 {
				first = append(first, g)
			}
		}
	}
	return first
}

// DeadlineWords say when it is due, or was.
func (c *reviewCell) DeadlineWords() reporting.Text { return deadlineWords(c.Deadline, c.DaysLeft) }

func deadlineWords(at time.Time, days int) reporting.Text {
	at = at.In(reporting.Zone)
	text := reporting.Text{ZH: fmt.Sprintf("截止 %d 月 %d 日 %s", at.Month(), at.Day(), at.Format("15:04")), EN: "due " + at.Format("2 January 15:04")}
	if now := time.Now().In(reporting.Zone); now.Year() != at.Year() {
		text = reporting.Text{ZH: fmt.Sprintf("截止 %d 年 %d 月 %d 日 %s", at.Year(), at.Month(), at.Day(), at.Format("15:04")), EN: "due " + at.Format("2 January 2006 15:04")}
	}
	switch {
	case days < 0:
		return reporting.Text{ZH: text.ZH + fmt.Sprintf("，已过 %d 天", -days), EN: text.EN + fmt.Sprintf(", %d days ago", -days)}
	case days == 0:
		return reporting.Text{ZH: text.ZH + "，就是今天", EN: text.EN + ", today"}
	}
	return reporting.Text{ZH: text.ZH + fmt.Sprintf("，还有 %d 天", days), EN: text.EN + fmt.Sprintf(", %d days left", days)}
}

// NextDone is the page to go to afterwards, with what was done.
func (c *reviewCell) NextDone(done string) string { return portal.AddQuery(c.Next, "done", done) }

// PageLink is the cell's own page, from which one comes back to the matrix as it was.
func (c *reviewCell) PageLink() string {
	if c.Back == "" || c.Back == "/review" {
		return c.Path
	}
	return c.Path + "?" + url.Values{"back": {c.Back}}.Encode()
}
