package portal

import (
	"cmp"
	"fmt"
	"net/http"
	"path"
	"strings"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/answers"
	"huizong/pkg/endpoint"
	"huizong/pkg/problem"
	"huizong/pkg/reporting"
	"huizong/pkg/reports"
)

// The headers of a report that the compiler gives: as of when it was compiled (asking for another format as of then gives the same
// report), and what a page may do.
const (
	cutoffHeader = "Huizong-Cutoff"
	policyHeader = "Content-Security-Policy"
)

// frozenPolicy is for pages of releases, which an earlier program may have written: each carries its own policy, which is stricter.
const frozenPolicy = "default-src 'none'; style-src 'unsafe-inline'"

// report compiles a report in a format. Parameters of its template are param.NAME=TEXT.
func (p *Portal) report(w http.ResponseWriter, r *http.Request) error {
	order, err := p.reportOrder(r)
	if err != nil {
		return err
	}
	format := cmp.Or(r.URL.Query().Get("format"), "docx")
	file, err := p.Reports.Report(r.Context(), order, format)
	if err != nil {
		return err
	}
	w.Header().Set(cutoffHeader, file.Cutoff.Format(time.RFC3339Nano))
	return sendFile(w, r, fmt.Sprintf("%s-%s.%s", r.PathValue("report"), order.Period, format), file.Policy, file.Data)
}

func (p *Portal) reportOrder(r *http.Request) (reports.Order, error) {
	wanted, err := p.selection(r)
	if err != nil {
		return reports.Order{}, err
	}
	order := reports.Order{Report: reportID(r.PathValue("report")), Period: wanted.Periods[0], Standpoint: wanted.Standpoint}
	for key, values := range r.URL.Query() {
		if name, ok := strings.CutPrefix(key, "param."); ok {
			if order.Parameters == nil {
				order.Parameters = map[string]string{}
			}
			order.Parameters[name] = values[0]
		}
	}
	return order, nil
}

// reportID is the id of a report's template, by the name that it has in an address: half-year.
func reportID(name string) string { return strings.ReplaceAll(name, "-", "_") }

// sendFile sends a file to be kept, or, with ?show=1, a page or a .pdf to be looked at in the browser. A page of ours may load and run
// nothing.
func sendFile(w http.ResponseWriter, r *http.Request, name, policy string, data []byte) error {
	format := strings.TrimPrefix(path.Ext(name), ".")
	download(w, name, format)
	if policy != "" {
		w.Header().Set(policyHeader, policy+"; sandbox") // a page of its own: not of our origin, even if it could run something
	}
	if r.URL.Query().Get("show") != "" && (format == "html" || format == "pdf") {
		w.Header().Set("Content-Disposition", disposition("inline", name))
	}
	_, err := w.Write(data)
	return err
}

// answered passes an answer on.
func answered(w http.ResponseWriter, value any, err error) error {
	if err != nil {
		return err
	}
	return problem.JSON(w, http.StatusOK, value)
}

func (p *Portal) warnings(w http.ResponseWriter, r *http.Request) error {
	wanted, err := p.selection(r)
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

func (p *Portal) publish(w http.ResponseWriter, r *http.Request) error {
	var asked publication
	if err := endpoint.ReadJSON(w, r, 1<<20, &asked); err != nil {
		return err
	}
	if asked.Period.IsZero() {
		return reporting.Errorf(reporting.Invalid, "release: a period is needed")
	}
	asOf, err := timeOf(asked.AsOf)
	if err != nil {
		return err
	}
	on, err := dayOf("boundaries", asked.Boundaries)
	if err != nil {
		return err
	}
	made, err := p.Reports.Publish(r.Context(), reports.Publication{
		Order:   reports.Order{Report: reportID(asked.Report), Period: asked.Period, Parameters: asked.Parameters, Standpoint: answers.Standpoint{AsOf: asOf, On: on}},
		Formats: asked.Formats, Reason: asked.Reason, By: access.From(r.Context()).Signs(asked.By)})
	return answered(w, made, err)
}

func (p *Portal) releases(w http.ResponseWriter, _ *http.Request) error {
	return answered(w, p.Reports.Releases(), nil)
}

func (p *Portal) drafts(w http.ResponseWriter, _ *http.Request) error {
	drafts, err := p.Reports.Drafts()
	return answered(w, drafts, err)
}

// draftFile sends a file of a draft as it stands now.
func (p *Portal) draftFile(w http.ResponseWriter, r *http.Request) error {
	period, err := reporting.ParsePeriod(r.PathValue("period"))
	if err != nil {
		return err
	}
	name := r.PathValue("file")
	file, err := p.Reports.DraftFile(reportID(r.PathValue("report")), period, name)
	if err != nil {
		return err
	}
	return sendFile(w, r, path.Base(name), frozenPolicy, file.Data)
}

func (p *Portal) release(w http.ResponseWriter, r *http.Request) error {
	number, err := releaseNumber(r, "number")
	if err != nil {
		return err
	}
	release, err := p.Reports.Release(number)
	return answered(w, release, err)
}

// releaseFile sends a file of a release as it was frozen, or, with ?rebuilt=1, as it compiles now.
func (p *Portal) releaseFile(w http.ResponseWriter, r *http.Request) error {
	number, err := releaseNumber(r, "number")
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
	return sendFile(w, r, path.Base(name), frozenPolicy, data)
}

// twoReleases are the numbers of the releases that the path names.
func twoReleases(r *http.Request) (from, to int, err error) {
	if from, err = releaseNumber(r, "number"); err == nil {
		to, err = releaseNumber(r, "other")
	}
	return from, to, err
}

func (p *Portal) releaseDiff(w http.ResponseWriter, r *http.Request) error {
	from, to, err := twoReleases(r)
	if err != nil {
		return err
	}
	diff, err := p.Answers.Diff(r.Context(), from, to)
	return answered(w, diff, err)
}

func (p *Portal) releaseCheck(w http.ResponseWriter, r *http.Request) error {
	number, err := releaseNumber(r, "number")
	if err != nil {
		return err
	}
	check, err := p.Reports.Verify(r.Context(), number)
	return answered(w, check, err)
}
