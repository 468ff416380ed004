package api

import (
	"net/http"

	"huizong/pkg/problem"
)

func (p *Service) diff(w http.ResponseWriter, r *http.Request) error {
	d, err := p.decision(r)
	if err != nil {
		return err
	}
	diff, err := p.Desk.Diff(r.Context(), d, r.URL.Query().Get("against"))
	if err != nil {
		return err
	}
	return problem.JSON(w, http.StatusOK, diff)
}
