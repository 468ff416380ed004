package portal

import (
	"net/http"
	"strings"
	"time"

	"huizong/pkg/nats"
	"huizong/pkg/reporting"
)

// quarantinePage lists the submissions that could not be decided, and why.
type quarantinePage struct {
	Held []heldLine
	Ask  *heldLine // to be removed, after one more question
	Done *reporting.Text
}

type heldLine struct {
	nats.Quarantined
	Envelope *reporting.Envelope // nil where it is no submission
	Short    string              // the reason's first line
	Rest     string
}

var quarantineDone = map[string]*reporting.Text{
	"replay": {ZH: "已重新送去核对，结果稍后可见；若再次失败会回到这里。", EN: "It is being checked again. Where that fails it comes back here."},
	"remove": {ZH: "已从隔离区移除。", EN: "Removed from the quarantine."},
}

func (p *Portal) quarantinePage(w http.ResponseWriter, r *http.Request) error {
	held, err := p.Bus.ListQuarantine(r.Context())
	if err != nil {
		return err
	}
	page := quarantinePage{Done: quarantineDone[r.URL.Query().Get("done")]}
	for _, q := range held {
		line := heldLine{Quarantined: q}
		line.Short, line.Rest, _ = strings.Cut(q.Reason, "\n")
		if e, err := p.Store.Envelope(q.ID); err == nil && e.Kind == reporting.SubmissionReceived {
			line.Envelope = &e
		}
		if q.ID == r.URL.Query().Get("remove") {
			page.Ask = &line
		}
		page.Held = append(page.Held, line)
	}
	return p.show(w, r, "quarantine", reporting.Text{ZH: "隔离", EN: "Quarantine"}, page)
}

func (p *Portal) replayHeld(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	if err := p.Bus.Replay(r.Context(), id); err != nil {
		return err
	}
	if _, err := p.await(r.Context(), id, replayPatience); err != nil && reporting.CodeOf(err) != reporting.NotFound {
		return err
	}
	http.Redirect(w, r, "/admin/quarantine?done=replay", http.StatusSeeOther)
	return nil
}

// replayPatience is how long the page waits for the outcome of a replay, so that what is back in the quarantine is seen at once.
const replayPatience = 2 * time.Second

func (p *Portal) removeHeld(w http.ResponseWriter, r *http.Request) error {
	if err := p.Bus.Remove(r.Context(), r.PathValue("id")); err != nil {
		return err
	}
	http.Redirect(w, r, "/admin/quarantine?done=remove", http.StatusSeeOther)
	return nil
}
