package api

import (
	"net/http"
	"path"

	"huizong/pkg/access"
	"huizong/pkg/answers"
	"huizong/pkg/endpoint"
	"huizong/pkg/problem"
	"huizong/pkg/reporting"
	"huizong/pkg/reports"
	"huizong/services/portal"
)

// frozenPolicy is for pages of releases, which an earlier program may have written: each carries its own policy, which is stricter.
const frozenPolicy = "default-src 'none'; style-src 'unsafe-inline'"

// answered passes an answer on.
func answered(w http.ResponseWriter, value any, err error) error {
	if err != nil {
		return err
	}
	return problem.JSON(w, http.StatusOK, value)
}

func (p *Service) warnings(w http.ResponseWriter, r *http.Request) error {
	wanted, err := p.Selection(r)
	if err != nil {
		return err
	}
	list, err := p.Answers.Warnings(r.Context(), wanted.Periods[0], wanted.Standpoint)
	return answered(w, list, err)
}

// publication is what a release is asked for with.
type publication struct {
	Report     string            `json:"report"` // half-year
	Period     reporting.Period  `json:"period"`
	AsOf       string            `json:"as_of"`
	Boundaries string            `json:"boundaries"` // a day; empty: each unit as it was
	Formats    []string          `json:"formats"`    // none is all
	Parameters map[string]string `json:"parameters"`
	Reason     string            `json:"reason"`
	By         string            `json:"by"`
}

func (p *Service) publish(w http.ResponseWriter, r *http.Request) error {
	var asked publication
	if err := endpoint.ReadJSON(w, r, 1<<20, &asked); err != nil {
		return err
	}
	if asked.Period.IsZero() {
		return reporting.Errorf(reporting.Invalid, "release: a period is needed")
	}
	asOf, err := portal.TimeOf(asked.AsOf)
	if err != nil {
		return err
	}
	on, err := portal.DayOf("boundaries", asked.Boundaries)
	if err != nil {
		return err
	}
	made, err := p.Reports.Publish(r.Context(), reports.Publication{
		Order:   reports.Order{Report: portal.ReportID(asked.Report), Period: asked.Period, Parameters: asked.Parameters, Standpoint: answers.Standpoint{AsOf: asOf, On: on}},
		Formats: asked.Formats, Reason: asked.Reason, By: access.From(r.Context()).Signs(asked.By)})
	return answered(w, made, err)
}

func (p *Service) releases(w http.ResponseWriter, _ *http.Request) error {
	return answered(w, p.Reports.Releases(), nil)
}

func (p *Service) reportList(w http.ResponseWriter, _ *http.Request) error {
	return answered(w, p.Reports.List(), nil)
}

func (p *Service) drafts(w http.ResponseWriter, _ *http.Request) error {
	drafts, err := p.Reports.Drafts()
	return answered(w, drafts, err)
}

// draftFile sends a file of a draft as it stands now.
func (p *Service) draftFile(w http.ResponseWriter, r *http.Request) error {
	period, err := reporting.ParsePeriod(r.PathValue("period"))
	if err != nil {
		return err
	}
	name := r.PathValue("file")
	file, err := p.Reports.DraftFile(portal.ReportID(r.PathValue("report")), period, name)
	if err != nil {
		return err
	}
	return portal.SendFile(w, r, path.Base(name), frozenPolicy, file.Data)
}

func (p *Service) release(w http.ResponseWriter, r *http.Request) error {
	number, err := portal.ReleaseNumber(r, "number")
	if err != nil {
		return err
	}
	release, err := p.Reports.Release(number)
	return answered(w, release, err)
}

// releaseFile sends a file of a release as it was frozen, or, with ?rebuilt=1, as it compiles now.
func (p *Service) releaseFile(w http.ResponseWriter, r *http.Request) error {
	number, err := portal.ReleaseNumber(r, "number")
	if err != nil {
		return err
	}
	name := r.PathValue("file")
	var data []byte
	if r.URL.Query().Get("rebuilt") != "" {
		data, err = p.Reports.Rebuild(r.Context(), number, name)
	} else {
		data, err = p.Reports.ReleaseFile(number, name)
	}
	if err != nil {
		return err
	}
	return portal.SendFile(w, r, path.Base(name), frozenPolicy, data)
}

func (p *Service) releaseDiff(w http.ResponseWriter, r *http.Request) error {
	from, to, err := portal.TwoReleases(r)
	if err != nil {
		return err
	}
	diff, err := p.Answers.Diff(r.Context(), from, to)
	return answered(w, diff, err)
}

func (p *Service) releaseCheck(w http.ResponseWriter, r *http.Request) error {
	number, err := portal.ReleaseNumber(r, "number")
	if err != nil {
		return err
	}
	check, err := p.Reports.Verify(r.Context(), number)
	return answered(w, check, err)
}

func (p *Service) report(w http.ResponseWriter, r *http.Request) error {
	return p.SendReport(w, r, p.Reports)
}
