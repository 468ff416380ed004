package portal

import (
	"bytes"
	"net/http"

	"huizong/pkg/annotate"
	"huizong/pkg/reporting"
)

// annotated gives a clerk's own workbook back with what was found in it.
func (p *Portal) annotated(w http.ResponseWriter, r *http.Request) error {
	d, err := p.decision(r)
	if err != nil {
		return err
	}
	in := annotate.Input{Decision: d, Language: r.URL.Query().Get("lang")}
	leave, err := p.toRead(r.Context())
	if err != nil {
		return err
	}
	defer leave()
	if in.File, err = p.Store.Original(d.SHA256); err != nil {
		return err
	}
	in.Sheets, err = p.Reader.Sheets(bytes.NewReader(in.File))
	if _, damaged := reporting.FindingOf(err); err != nil && !damaged { // of a damaged file the findings are all that there is
		return err
	}
	if cellsOf(in.Sheets) > maxAnnotated {
		in.Sheets = nil // the findings alone
	}
	in.Decision.ReceivedAt = d.ReceivedAt.In(bureau)
	if form := p.Catalogue.Form(d.Form); form != nil {
		in.Form = form.Title
	}
	if unit := p.Catalogue.Unit(d.Org); unit != nil {
		in.Org = unit.Name
	}
	var body bytes.Buffer
	if err := annotate.Write(&body, in); err != nil {
		return err
	}
	leave()
	download(w, d.Submission+"-annotated.xlsx", "xlsx")
	_, err = body.WriteTo(w)
	return err
}

// maxAnnotated is how many cells a workbook may have that is annotated: written again, a million of them are a gigabyte in memory. Of one
// with more the findings are listed, which name its cells.
const maxAnnotated = 500_000

func cellsOf(sheets []*reporting.Sheet) (n int) {
	for _, s := range sheets {
		for _, row := range s.Rows {
			n += len(row.Cells)
		}
	}
	return n
}

// decision is the outcome of the submission that the request names. One that is not decided is a conflict; wait says how long it
// may still take.
func (p *Portal) decision(r *http.Request) (reporting.Decision, error) {
	patience, err := durationOf(r.URL.Query().Get("wait"))
	if err != nil {
		return reporting.Decision{}, err
	}
	state, err := p.await(r.Context(), r.PathValue("id"), patience)
	if err != nil {
		return reporting.Decision{}, err
	}
	if state.Outcome == "" {
		return reporting.Decision{}, reporting.Errorf(reporting.Conflict, "submission %s is not decided yet", state.Submission)
	}
	return state.Decision, nil
}
