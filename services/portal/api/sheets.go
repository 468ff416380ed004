package api

import (
	"net/http"
	"strconv"

	"huizong/pkg/access"
	"huizong/pkg/picture"
	"huizong/pkg/problem"
	"huizong/pkg/reporting"
)

// maxWindow is how many rows a window may have.
const maxWindow = 500

// sheets answers with a window of a submission's sheet.
func (p *Service) sheets(w http.ResponseWriter, r *http.Request) error {
	e, err := p.Desk.Envelope(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	q := picture.WindowInput{Sheet: -1, Rows: picture.Rows{Last: 99}, Masked: access.From(r.Context()).Unit != e.Org, Names: picture.MaskedColumns(p.Catalogue.Form(e.Form))}
	if text := r.URL.Query().Get("sheet"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return reporting.Errorf(reporting.Invalid, "sheet %q: want a number from 1 on", text)
		}
		q.Sheet = n - 1
	}
	if text := r.URL.Query().Get("rows"); text != "" {
		asked := picture.ParseRows(text, maxWindow)
		if len(asked) != 1 {
			return reporting.Errorf(reporting.Invalid, "rows %q: want a range like 1-100", text)
		}
		q.Rows = asked[0]
	}
	answer, err := p.Desk.Window(r.Context(), e, q)
	if err != nil {
		if finding, damaged := reporting.FindingOf(err); damaged {
			return reporting.Errorf(reporting.Invalid, "the file cannot be read: %s", finding.MessageEN)
		}
		return err
	}
	return problem.JSON(w, http.StatusOK, answer)
}
