package intake

import (
	"net/http"
	"strings"

	"huizong/pkg/access"
	"huizong/pkg/endpoint"
	"huizong/pkg/mapping"
	"huizong/pkg/problem"
	"huizong/pkg/reporting"
)

// Confirmation is what a person says a text on a unit's sheets means.
type Confirmation struct {
	Org string `json:"org"`
	reporting.Mapping
	By     string `json:"by"`
	Reason string `json:"reason,omitempty"`
}

// postMapping remembers a confirmation as an entry of the journal: who, when, for which unit. It holds for what the unit sends from then
// on; what is decided stays as it was decided.
func (in *Intake) postMapping(w http.ResponseWriter, r *http.Request) error {
	var c Confirmation
	if err := endpoint.ReadJSON(w, r, maxJSON, &c); err != nil {
		return err
	}
	if in.Catalogue.Unit(c.Org) == nil {
		return reporting.Errorf(reporting.Invalid, "org %q: no such unit", c.Org)
	}
	who := access.From(r.Context())
	if !who.MaySee(c.Org) {
		return reporting.Errorf(reporting.Forbidden, "%s confirms for %s only, not for %q", who.Account, who.Unit, c.Org)
	}
	c.By = who.Signs(strings.TrimSpace(c.By))
	if err := mapping.Check(in.Catalogue, c.Mapping); err != nil {
		return err
	}
	if err := in.takesBack(c); err != nil {
		return err
	}
	e, err := in.Store.Append(r.Context(), reporting.Envelope{Kind: reporting.MappingConfirmed, Org: c.Org, Mapping: &c.Mapping, By: c.By, Reason: c.Reason, Via: "http"})
	if err != nil {
		return err
	}
	return problem.JSON(w, http.StatusCreated, e)
}

// takesBack refuses an answer that comes without the sheet that asks, and the taking back of one that was never given.
func (in *Intake) takesBack(c Confirmation) error {
	if c.Question == "" {
		return nil
	}
	var before []reporting.Mapping
	for _, e := range in.Store.Mappings(c.Org) {
		before = append(before, *e.Mapping)
	}
	_, given := mapping.Answers(before)[c.Question]
	switch {
	case c.Choice != "":
		return reporting.Errorf(reporting.Invalid, "question %q is answered with the sheet that asks it: POST /api/v1/answers", c.Question)
	case !given:
		return reporting.Errorf(reporting.Invalid, "question %q: %s has given no answer to it", c.Question, c.Org)
	}
	return nil
}

// listMappings shows what was confirmed for a unit, or for all, in order: also what was taken back.
func (in *Intake) listMappings(w http.ResponseWriter, r *http.Request) error {
	list := []reporting.Envelope{}
	org, who := r.URL.Query().Get("org"), access.From(r.Context())
	for _, u := range in.Catalogue.Units {
		if who.MaySee(u.Code) && (org == "" || org == u.Code) {
			list = append(list, in.Store.Mappings(u.Code)...)
		}
	}
	return problem.JSON(w, http.StatusOK, list)
}
