// Package review has the pages of the bureau's reviewers: who has sent what, a sheet beside that of the month before, who has to be reminded, which
// periods are closed. They only read: returns, approvals and closings are posted to intake's routes, which write the journal.
package review

import (
	"embed"
	"net/http"

	"huizong/pkg/access"
	"huizong/pkg/answers"
	"huizong/pkg/endpoint"
	"huizong/pkg/originals"
	"huizong/services/portal"
	"huizong/services/portal/submission"
)

// Pages are those of the bureau's reviewers.
type Pages struct {
	*portal.Shell
	Desk     *submission.Desk
	Store    *originals.Store
	Answers  *answers.Answers
	Accounts *access.Accounts
}

//go:embed pages
var pages embed.FS

// Templates are the pages, and what each shows.
var Templates = portal.Templates{Files: pages, Of: map[string]any{
	"review":         reviewPage{},
	"review_approve": approvePage{},
	"review_cell":    reviewCell{},
	"review_side":    reviewCell{},
	"reminders":      remindersPage{},
	"periods":        periodsPage{},
}}

// Endpoints are those of the bureau's reviewers: who has sent what, a sheet beside that of the month before, who has to be reminded,
// and which periods are closed. They only read: returns, approvals and closings are posted to intake's routes, which write the journal.
func (p *Pages) Endpoints() []endpoint.Endpoint {
	get := func(path string, needs access.Permission, summary string, handle func(http.ResponseWriter, *http.Request) error) endpoint.Endpoint {
		return endpoint.Endpoint{Method: http.MethodGet, Path: path, Needs: needs, Page: true, Summary: summary, Handle: handle}
	}
	sheet := get("/review/{org}/{form}/{period}", access.ReviewSubmissions, "A unit's form for a period: versions, the month before, the sheet", p.reviewCellPage)
	sheet.Persons = true
	return []endpoint.Endpoint{
		get("/review", access.ReadBoard, "What is due from whom, and what became of it", p.reviewPage),
		get("/review/approve", access.ReviewSubmissions, "What is accepted and not yet approved, to approve together", p.approvePage),
		sheet,
		get("/reminders", access.ReviewSubmissions, "Who has still to send what, in words to pass on", p.remindersPage),
		get("/periods", access.ReadBoard, "Which periods are closed, by whom and why", p.periodsPage),
	}
}
