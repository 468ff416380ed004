package intake

import (
	"net/http"

	"go.uber.org/zap"

	"huizong/pkg/endpoint"
	"huizong/pkg/reporting"
)

// replay enters that a submission which could not be decided is to be decided again: the fault is mended, a person believes. It is judged
// against what stands at the entry.
func (in *Intake) replay(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	sent, err := in.Store.Envelope(id)
	if err != nil || sent.Kind != reporting.SubmissionReceived {
		return reporting.Errorf(reporting.NotFound, "%q is no submission", id)
	}
	d, decided, err := in.Facts.Outcome(r.Context(), id)
	if err != nil {
		return err
	}
	if !decided || !d.ThroughOurFault() {
		return reporting.Errorf(reporting.Conflict, "%s is not one that could not be decided", id)
	}
	last, err := in.Facts.LastEntry(r.Context(), id)
	if err != nil {
		return err
	}
	for _, replay := range in.Store.Replays() {
		if replay.Subject == id && replay.ID > last {
			return reporting.Errorf(reporting.Conflict, "%s is being decided again already", id)
		}
	}
	e, err := in.append(r, reporting.Envelope{Kind: reporting.SubmissionReplayed, Org: sent.Org, Form: sent.Form, Period: sent.Period, Subject: id})
	if err != nil {
		return err
	}
	if err := in.announce(r.Context(), e); err != nil {
		in.Log.Warn("replay not announced; the sweeper will", zap.String("submission", id), zap.Error(err))
	}
	return endpoint.Done(w, r, http.StatusCreated, e)
}
