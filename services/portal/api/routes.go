package api

import (
	"net/http"
	"slices"

	"huizong/pkg/access"
	"huizong/pkg/clickhouse"
	"huizong/pkg/duty"
	"huizong/pkg/endpoint"
	"huizong/pkg/picture"
	"huizong/pkg/reporting"
	"huizong/services/portal"
	"huizong/services/portal/built"
	"huizong/services/portal/submission"
)

// Endpoints are the service's routes over HTTP.
func (p *Service) Endpoints() []endpoint.Endpoint {
	return slices.Concat(p.systemEndpoints(), p.apiEndpoints())
}

func (p *Service) systemEndpoints() []endpoint.Endpoint {
	return []endpoint.Endpoint{
		{Method: http.MethodGet, Path: "/healthz", Needs: access.Anyone, Tag: "system", Summary: "The process runs", Answer: map[string]string{}, Handle: p.health},
		{Method: http.MethodGet, Path: "/readyz", Needs: access.Anyone, Tag: "system", Summary: "What is sent now will be decided", Answer: map[string]string{}, Handle: p.ready},
		{Method: http.MethodGet, Path: "/api/v1/openapi.json", Needs: access.SignedIn, Tag: "system", Summary: "This description", Answer: map[string]any{}, Handle: p.openAPI},
		{Method: http.MethodGet, Path: "/api/v1/docs", Needs: access.SignedIn, Page: true, Summary: "The description of the API, to read and to try", Handle: p.apiReference},
		{Method: http.MethodGet, Path: "/static/{file...}", Needs: access.Anyone, Page: true, Summary: "Styles and scripts of the pages", Handle: p.StaticFile},
		{Method: http.MethodGet, Path: built.Prefix + "{file}", Needs: access.Anyone, Page: true, Summary: "Charts and the API viewer, built from npm packages", Handle: p.BuiltFile},
	}
}

// The parameters that several routes take.
var (
	periodParam     = endpoint.Parameter{Name: "period", About: "several by commas: 2020H1, 2020-06, 2020Q2, 2020-01..2020-05", Required: true, Example: "2020H1"}
	orgParam        = endpoint.Parameter{Name: "org", About: "code of a unit"}
	unitParam       = endpoint.Parameter{Name: "unit", About: "codes of units, by commas; empty: the city"}
	asOfParam       = endpoint.Parameter{Name: "as_of", About: "what was known then: a day, or a moment", Example: "2020-07-01"}
	boundariesParam = endpoint.Parameter{Name: "boundaries", About: "the boundaries of units on a day", Example: "2020-07-01"}
	waitParam       = endpoint.Parameter{Name: "wait", About: "how long to wait for the outcome, up to 1m", Example: "10s"}
	langParam       = endpoint.Parameter{Name: "lang", About: "zh or en"}
	formatParam     = endpoint.Parameter{Name: "format", About: "csv, json or xlsx"}
	pageLimitParam  = endpoint.Parameter{Name: "limit", About: "how many on a page, up to 1000; default 200", Example: "200"}
	rowLimitParam   = endpoint.Parameter{Name: "limit", About: "how many on a page; empty: all at once", Example: "10000"}
	afterParam      = endpoint.Parameter{Name: "after", About: "where the page begins: as the Link header of the page before has it (rel=\"next\"; the last page has none)"}
	sdmxParam       = endpoint.Parameter{Name: "format", About: "csv, json, xlsx or sdmx-csv (SDMX-CSV 2.0)"}
)

var tables = []string{portal.ContentTypes["csv"], portal.ContentTypes["xlsx"]}

func (p *Service) apiEndpoints() []endpoint.Endpoint {
	get := func(path string, needs access.Permission, tag, summary string, handle func(http.ResponseWriter, *http.Request) error, answer any, query ...endpoint.Parameter) endpoint.Endpoint {
		return endpoint.Endpoint{Method: http.MethodGet, Path: path, Needs: needs, Tag: tag, Summary: summary, Handle: handle, Answer: answer, Query: query}
	}
	persons := func(e endpoint.Endpoint) endpoint.Endpoint {
		e.Persons = true
		return e
	}
	export := func(e endpoint.Endpoint) endpoint.Endpoint {
		e.Audit = "export"
		return e
	}
	file := func(e endpoint.Endpoint, media ...string) endpoint.Endpoint {
		e.Media = media
		return e
	}
	return []endpoint.Endpoint{
		get("/api/v1/submissions", access.ReadSubmissions, "submissions", "Decided submissions, the newest first", p.submissions, []clickhouse.Submission{},
			orgParam, endpoint.Parameter{Name: "form", About: "id of a form"}, endpoint.Parameter{Name: "period", About: "exactly this period"}, pageLimitParam, afterParam),
		get("/api/v1/board", access.ReadSubmissions, "submissions", "What is due from whom, by when, and what became of it: units × forms × periods", p.getBoard, duty.Board{},
			orgParam, endpoint.Parameter{Name: "period", About: "months whose sheets are collected; empty: the last one that has ended", Example: "2020H1"}),
		persons(get("/api/v1/reported-twice", access.ReviewSubmissions, "submissions", "Persons (masked) and enterprises that several units have reported, with the cells of each", p.reportedTwice, []Twice{},
			endpoint.Parameter{Name: "period", About: "a span of months; empty: all", Example: "2020H1"})),
		persons(get("/api/v1/submissions/{id}", access.ReadSubmissions, "submissions", "A submission, its outcome and findings", p.submission, submission.State{}, waitParam)),
		persons(file(get("/api/v1/submissions/{id}/annotated", access.ReadSubmissions, "submissions", "The workbook as it was sent, with the findings in its cells", p.annotated, nil, waitParam, langParam), portal.ContentTypes["xlsx"])),
		persons(get("/api/v1/submissions/{id}/diff", access.ReadSubmissions, "submissions", "What it changed: cells, and figures of the city", p.diff, submission.Diff{}, endpoint.Parameter{Name: "against", About: "another submission; empty: the one that it replaced"})),
		file(get("/api/v1/forms/{form}/template", access.SignedIn, "forms", "The form as a workbook, ready to fill", p.template, nil,
			orgParam, endpoint.Parameter{Name: "period", About: "what it is for", Required: true, Example: "2020-06"}, langParam), portal.ContentTypes["xlsx"]),
		export(file(get("/api/v1/facts", access.ReadFigures, "figures", "Values by indicator, month and unit", p.facts, endpoint.Table(factColumns),
			endpoint.Parameter{Name: "indicator", About: "code of an indicator; empty: all"}, endpoint.Parameter{Name: "period", About: "a span of months; empty: all"}, asOfParam, formatParam, rowLimitParam, afterParam), append(tables, portal.ContentTypes["json"])...)),
		export(file(get("/api/v1/figures", access.ReadFigures, "figures", "Figures of the city or of units", p.figures, endpoint.Table(figureColumns), periodParam, unitParam, boundariesParam, asOfParam,
			endpoint.Parameter{Name: "indicator", About: "code of an indicator; empty: all"}, sdmxParam), append(tables, portal.ContentTypes["json"], sdmxType)...)),
		persons(get("/api/v1/trace/{indicator}", access.ReadFigures, "figures", "Where a figure comes from: formula, parts, cells", p.trace, reporting.Trace{}, periodParam, unitParam, boundariesParam, asOfParam)),
		export(file(get("/api/v1/reports/{report}", access.ReadFigures, "reports", "Compile a report", p.report, nil, periodParam, boundariesParam, asOfParam, endpoint.Parameter{Name: "format", About: "docx, pdf, html or xlsx"}),
			portal.ContentTypes["docx"], portal.ContentTypes["pdf"], portal.ContentTypes["html"], portal.ContentTypes["xlsx"])),
		get("/api/v1/reports", access.ReadFigures, "reports", "The reports that can be compiled, and what each asks for", p.reportList, []reporting.ReportTemplate{}),
		get("/api/v1/drafts", access.ReadFigures, "reports", "Drafts of reports that were compiled by themselves, and what was missing", p.drafts, []reporting.Draft{}),
		file(get("/api/v1/drafts/{report}/{period}/files/{file...}", access.ReadFigures, "reports", "A file of a draft", p.draftFile, nil), "application/octet-stream"),
		get("/api/v1/warnings", access.ReadFigures, "reports", "Early warnings", p.warnings, []reporting.Warning{}, periodParam, boundariesParam, asOfParam),
		{Method: http.MethodPost, Path: "/api/v1/releases", Needs: access.PublishReleases, Tag: "releases", Summary: "Publish a report under a number", Handle: p.publish,
			Body: publication{}, Answer: reporting.Release{}, Audit: "release"},
		get("/api/v1/releases", access.ReadFigures, "releases", "All releases", p.releases, []reporting.Release{}),
		get("/api/v1/releases/{number}", access.ReadFigures, "releases", "A release", p.release, reporting.Release{}),
		file(get("/api/v1/releases/{number}/files/{file...}", access.ReadFigures, "releases", "A file of a release", p.releaseFile, nil), "application/octet-stream"),
		get("/api/v1/releases/{number}/diff/{other}", access.ReadFigures, "releases", "What changed from one release to another", p.releaseDiff, reporting.ReleaseDiff{}),
		get("/api/v1/releases/{number}/verify", access.ReadFigures, "releases", "Whether a release is what it was, and compiles to the same again", p.releaseCheck, reporting.ReleaseCheck{}),
		{Method: http.MethodGet, Path: "/api/v1/submissions/{id}/original", Needs: access.ReadSubmissions, Persons: true, Tag: "submissions", Summary: "The file as it was sent",
			Handle: p.submittedFile, Media: []string{"application/octet-stream"}},
		{Method: http.MethodGet, Path: "/api/v1/submissions/{id}/sheets", Needs: access.ReadSubmissions, Persons: true, Tag: "submissions", Summary: "The sheets of the file as they are read, cell by cell, a window at a time",
			Handle: p.sheets, Answer: picture.SheetWindow{}, Query: []endpoint.Parameter{
				{Name: "sheet", About: "number of the sheet, from 1; empty: the first that is not hidden"},
				{Name: "rows", About: "rows of the window; up to 500", Example: "1-100"},
			}},
		{Method: http.MethodGet, Path: "/api/v1/events", Needs: access.ReadSubmissions, Tag: "submissions", Summary: "Outcomes as they come: server-sent events named outcome, with an Event each",
			Handle: p.events, Media: []string{"text/event-stream"}},
		{Method: http.MethodGet, Path: "/submissions/{id}/copy", Needs: access.ReadSubmissions, Page: true, Summary: "What the annotated copy of a submission has not", Handle: p.copyPage},
		persons(file(get("/api/v1/originals/{sha256}", access.ReadSubmissions, "submissions", "A file as it was sent", p.original, nil), "application/octet-stream")),
	}
}
