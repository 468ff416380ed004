package portal

import (
	"net/http"

	"huizong/pkg/access"
	"huizong/pkg/endpoint"
	"huizong/pkg/picture"
)

// clerkPages are the pages of a township's clerk, and what they ask the API for besides.
func (p *Portal) clerkPages() []endpoint.Endpoint {
	page := func(method, path string, needs access.Permission, summary string, handle func(http.ResponseWriter, *http.Request) error) endpoint.Endpoint {
		return endpoint.Endpoint{Method: method, Path: path, Needs: needs, Page: true, Summary: summary, Handle: handle}
	}
	persons := func(e endpoint.Endpoint) endpoint.Endpoint {
		e.Persons = true
		return e
	}
	return []endpoint.Endpoint{
		page(http.MethodPost, "/confirm", access.SendSubmissions, "Take files and recognise what they are", p.confirm),
		page(http.MethodGet, "/confirm", access.SendSubmissions, "What was recognised and waits to be confirmed", p.toConfirm),
		page(http.MethodPost, "/send", access.SendSubmissions, "Send what was confirmed", p.send),
		page(http.MethodGet, "/sent", access.ReadSubmissions, "What became of what was just sent", p.sent),
		persons(page(http.MethodGet, "/submissions/{id}", access.ReadSubmissions, "A submission: how far it is, its findings beside its sheet", p.submissionPage)),
		page(http.MethodGet, "/submissions/{id}/copy", access.ReadSubmissions, "What the annotated copy of a submission has not", p.copyPage),
		page(http.MethodGet, "/submissions/{id}/receipt", access.ReadSubmissions, "The receipt of a submission, to print", p.receipt),
		persons(page(http.MethodGet, "/history", access.ReadSubmissions, "Every version that a unit has sent, and what it changed", p.history)),
		page(http.MethodGet, "/templates", access.SignedIn, "The forms of a unit, ready to fill", p.templatesPage),
		page(http.MethodGet, "/help", access.SignedIn, "How sheets are sent, and what the findings mean", p.help),
		{Method: http.MethodGet, Path: "/api/v1/submissions/{id}/original", Needs: access.ReadSubmissions, Persons: true, Tag: "submissions", Summary: "The file as it was sent",
			Handle: p.submittedFile, Media: []string{"application/octet-stream"}},
		{Method: http.MethodGet, Path: "/api/v1/submissions/{id}/sheets", Needs: access.ReadSubmissions, Persons: true, Tag: "submissions", Summary: "The sheets of the file as they are read, cell by cell, a window at a time",
			Handle: p.sheets, Answer: picture.SheetWindow{}, Query: []endpoint.Parameter{
				{Name: "sheet", About: "number of the sheet, from 1; empty: the first that is not hidden"},
				{Name: "rows", About: "rows of the window; up to 500", Example: "1-100"},
			}},
		{Method: http.MethodGet, Path: "/api/v1/events", Needs: access.ReadSubmissions, Tag: "submissions", Summary: "Outcomes as they come: server-sent events named outcome, with an Event each",
			Handle: p.events, Media: []string{"text/event-stream"}},
	}
}
