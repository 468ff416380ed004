// Package analyst has the pages of the bureau's analysts: figures and where they come from, reports, releases, warnings, and the data for machines.
package analyst

import (
	"embed"
	"net/http"

	"huizong/pkg/access"
	"huizong/pkg/answers"
	"huizong/pkg/clickhouse"
	"huizong/pkg/endpoint"
	"huizong/pkg/reports"
	"huizong/services/portal"
	"huizong/services/portal/submission"
)

// Pages are those of the bureau's analysts: figures and where they come from, reports, releases, warnings, and the data for machines.
type Pages struct {
	*portal.Shell
	Desk    *submission.Desk
	Facts   *clickhouse.Store
	Answers *answers.Answers
	Reports *reports.Reports
	SQLPort int // of the database's HTTP interface on this machine; 0 is none that analysts can rely on
}

//go:embed pages
var pages embed.FS

// Templates are the pages, and what each shows.
var Templates = portal.Templates{Files: pages, Of: map[string]any{
	"cell":         cellPage{},
	"data":         dataPage{},
	"explore":      explorer{},
	"indicator":    indicatorView{},
	"cells":        cellList{},
	"reports":      reportsPage{},
	"releases":     releasesPage{},
	"release":      releasePage{},
	"release_diff": releaseDiffPage{},
	"warnings":     warningsPage{},
}}

// Endpoints are the pages that read: figures down to their cells, reports and releases, warnings, and how machines get the same.
func (p *Pages) Endpoints() []endpoint.Endpoint {
	get := func(path, summary string, handle func(http.ResponseWriter, *http.Request) error) endpoint.Endpoint {
		return endpoint.Endpoint{Method: http.MethodGet, Path: path, Needs: access.ReadFigures, Page: true, Summary: summary, Handle: handle}
	}
	export := func(e endpoint.Endpoint) endpoint.Endpoint {
		e.Audit = "export"
		return e
	}
	picture := get("/cell/{submission}", "The original around a cell", p.cellPicture)
	cells := get("/explore/{indicator}/cells", "Every cell that a figure is made of", p.cellsPage)
	picture.Persons, cells.Persons = true, true
	return []endpoint.Endpoint{
		get("/explore", "Figures by indicator, unit and period", p.explorePage),
		export(get("/explore/export", "What the explorer shows, as a file", p.exploreExport)),
		get("/explore/{indicator}", "An indicator: its units, months, and where it comes from", p.indicatorPage),
		cells,
		picture,
		get("/reports", "Reports: compile and publish", p.reportsPage),
		export(get("/reports/file", "A report, compiled now", p.reportFile)),
		get("/releases", "Releases", p.releasesPage),
		{Method: http.MethodPost, Path: "/releases", Needs: access.PublishReleases, Page: true, Audit: "release", Summary: "Publish a report under a number", Handle: p.publishPage},
		get("/releases/{number}", "A release and what it was made of", p.releasePage),
		get("/releases/{number}/verify", "Whether a release is what it was", p.verifyPage),
		get("/releases/{number}/compare", "To the comparison with another release", p.compareReleases),
		get("/releases/{number}/diff/{other}", "What changed from one release to another", p.releaseDiffPage),
		get("/warnings", "Early warnings", p.warningsPage),
		get("/data", "How machines get at the data: API, SQL, views", p.dataPage),
	}
}
