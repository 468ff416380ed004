package portal

import (
	"net/http"

	"huizong/pkg/access"
	"huizong/pkg/endpoint"
)

// Templates are the pages.
var analystTemplates = Templates{Pages, map[string]any{
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

// analystPages are the pages that read: figures down to their cells, reports and releases, warnings, and how machines get the same.
func (p *Portal) analystPages() []endpoint.Endpoint {
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
