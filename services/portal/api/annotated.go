package api

import (
	"encoding/json"
	"net/http"
	"net/url"

	"huizong/pkg/access"
	"huizong/pkg/annotate"
	"huizong/pkg/judge"
	"huizong/pkg/reporting"
	"huizong/services/portal"
)

// annotated gives a clerk's own workbook back with what was found in it.
func (p *Service) annotated(w http.ResponseWriter, r *http.Request) error {
	d, written, err := p.annotate(r)
	if err != nil {
		return err
	}
	leftOut(w.Header(), written.Removed)
	portal.Download(w, p.NameOf(reporting.Envelope{ID: d.Submission, Org: d.Org, Form: d.Form, Period: d.Period})+"-批注.xlsx", "xlsx")
	_, err = w.Write(written.Book)
	return err
}

// annotate has the workbook of the submission that the request names written again.
func (p *Service) annotate(r *http.Request) (reporting.Decision, judge.Annotated, error) {
	d, err := p.decision(r)
	if err != nil {
		return d, judge.Annotated{}, err
	}
	in := annotate.Input{Decision: d, Language: r.URL.Query().Get("lang")}
	in.Decision.ReceivedAt = d.ReceivedAt.In(reporting.Zone)
	if form := p.Catalogue.Form(d.Form); form != nil {
		in.Form = form.Title
	}
	if unit := p.Catalogue.Unit(d.Org); unit != nil {
		in.Org = unit.Name
	}
	file, err := p.Store.OpenFile(d.SHA256)
	if err != nil {
		return d, judge.Annotated{}, err
	}
	defer file.Close()
	written, err := p.Reader.Annotate(r.Context(), access.From(r.Context()).Account, file, in, maxAnnotated)
	return d, written, err
}

// copyPage says what the annotated copy has not that the original has.
type copyPage struct {
	reporting.Decision
	Removed []annotate.Removed
}

func (p *Service) copyPage(w http.ResponseWriter, r *http.Request) error {
	d, written, err := p.annotate(r)
	if err != nil {
		return err
	}
	return p.Show(w, r, "copy", reporting.Text{ZH: "批注表里去掉了什么", EN: "What the copy has not"}, copyPage{d, written.Removed})
}

// leftOut lists what is not in the copy, for a program that fetches it, as JSON that is escaped like an address: headers are ASCII. People
// read it on the page of the copy, and under the list of findings in it.
func leftOut(h http.Header, removed []annotate.Removed) {
	if list, err := json.Marshal(removed); err == nil && len(removed) > 0 {
		h.Set("Huizong-Left-Out", url.PathEscape(string(list)))
	}
}

// maxAnnotated is how many cells a workbook may have that is annotated: written again, a million of them are a gigabyte in memory. Of one
// with more the findings are listed, which name its cells.
const maxAnnotated = 500_000

// decision is the outcome of the submission that the request names. One that is not decided is a conflict; wait says how long it
// may still take.
func (p *Service) decision(r *http.Request) (reporting.Decision, error) {
	patience, err := durationOf(r.URL.Query().Get("wait"))
	if err != nil {
		return reporting.Decision{}, err
	}
	state, err := p.Desk.Await(r.Context(), r.PathValue("id"), patience)
	if err != nil {
		return reporting.Decision{}, err
	}
	if state.Outcome == "" {
		return reporting.Decision{}, reporting.Errorf(reporting.Conflict, "submission %s is not decided yet", state.Submission)
	}
	return state.Decision, nil
}
