// Package clerk has the pages of a township's clerk: what is due, sending, what became of it, and what was sent before.
package clerk

import (
	"embed"
	"net/http"

	"huizong/pkg/access"
	"huizong/pkg/answers"
	"huizong/pkg/clickhouse"
	"huizong/pkg/endpoint"
	"huizong/pkg/originals"
	"huizong/services/intake"
	"huizong/services/portal"
	"huizong/services/portal/submission"
)

// Pages are those of a township's clerk: what is due, sending, what became of it, and what was sent before.
type Pages struct {
	*portal.Shell
	Desk    *submission.Desk
	Store   *originals.Store
	Facts   *clickhouse.Store
	Answers *answers.Answers
	Intake  *intake.Intake // takes what a person hands in: the pages write nothing
}

//go:embed pages
var pages embed.FS

// Templates are the pages, and what each shows.
var Templates = portal.Templates{Files: pages, Of: map[string]any{
	"due":        duePage{},
	"templates":  templatesPage{},
	"help":       []findingChapter{},
	"history":    historyPage{},
	"receipt":    receiptPage{},
	"submission": submissionPage{},
	"confirm":    confirmPage{},
	"sent":       sentPage{},
}}

// Endpoints are the pages of a township's clerk.
func (p *Pages) Endpoints() []endpoint.Endpoint {
	page := func(method, path string, needs access.Permission, summary string, handle func(http.ResponseWriter, *http.Request) error) endpoint.Endpoint {
		return endpoint.Endpoint{Method: method, Path: path, Needs: needs, Page: true, Summary: summary, Handle: handle}
	}
	persons := func(e endpoint.Endpoint) endpoint.Endpoint {
		e.Persons = true
		return e
	}
	return []endpoint.Endpoint{
		page(http.MethodGet, "/{$}", access.SignedIn, "The first page of whoever asks", p.home),
		page(http.MethodPost, "/confirm", access.SendSubmissions, "Take files and recognise what they are", p.confirm),
		page(http.MethodGet, "/confirm", access.SendSubmissions, "What was recognised and waits to be confirmed", p.toConfirm),
		page(http.MethodPost, "/send", access.SendSubmissions, "Send what was confirmed", p.send),
		page(http.MethodGet, "/sent", access.ReadSubmissions, "What became of what was just sent", p.sent),
		persons(page(http.MethodGet, "/submissions/{id}", access.ReadSubmissions, "A submission: how far it is, its findings beside its sheet", p.submissionPage)),
		page(http.MethodGet, "/submissions/{id}/receipt", access.ReadSubmissions, "The receipt of a submission, to print", p.receipt),
		persons(page(http.MethodGet, "/history", access.ReadSubmissions, "Every version that a unit has sent, and what it changed", p.history)),
		page(http.MethodGet, "/templates", access.SignedIn, "The forms of a unit, ready to fill", p.templatesPage),
		page(http.MethodGet, "/help", access.SignedIn, "How sheets are sent, and what the findings mean", p.help),
	}
}
