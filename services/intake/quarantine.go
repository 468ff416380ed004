package intake

import (
	"net/http"

	"huizong/pkg/problem"
)

// listQuarantine shows the submissions that could not be decided, and why.
func (in *Intake) listQuarantine(w http.ResponseWriter, r *http.Request) error {
	list, err := in.Bus.ListQuarantine(r.Context())
	if err != nil {
		return err
	}
	return problem.JSON(w, http.StatusOK, list)
}

// replay sends a submission of the quarantine to the worker again: the fault is mended, a person believes.
func (in *Intake) replay(w http.ResponseWriter, r *http.Request) error {
	if err := in.Bus.Replay(r.Context(), r.PathValue("id")); err != nil {
		return err
	}
	return problem.JSON(w, http.StatusAccepted, map[string]string{"submission": r.PathValue("id")})
}

// remove drops the message of a submission. The submission itself stays in the journal, and the sweeper announces it again: only
// what is no submission is gone for good.
func (in *Intake) remove(w http.ResponseWriter, r *http.Request) error {
	if err := in.Bus.Remove(r.Context(), r.PathValue("id")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
