package clerk

import (
	"net/http"
	"time"

	"huizong/pkg/duty"
	"huizong/pkg/reporting"
	"huizong/services/portal/submission"
)

// receiptPage is a receipt to print and to file: one page of A4.
type receiptPage struct {
	submission.State
	Envelope reporting.Envelope
	Place    *duty.Cell
	Number   int
	Now      time.Time
}

func (p *Pages) receipt(w http.ResponseWriter, r *http.Request) error {
	state, err := p.Desk.Await(r.Context(), r.PathValue("id"), 0)
	if err != nil {
		return err
	}
	page := &receiptPage{State: state, Now: time.Now()}
	if page.Envelope, err = p.Desk.Envelope(r.Context(), state.Submission); err != nil {
		return err
	}
	if page.Place, _, err = p.placeOf(r.Context(), state); err != nil {
		return err
	}
	if page.Place != nil {
		page.Number = versionOf(page.Place, state.Submission)
	}
	return p.Show(w, r, "receipt", reporting.Text{ZH: "报送回执 " + state.Submission, EN: "Receipt " + state.Submission}, page)
}
