package api

import (
	"bytes"
	"fmt"
	"net/http"

	"huizong/pkg/access"
	"huizong/pkg/blank"
	"huizong/pkg/reporting"
	"huizong/services/portal"
)

// template writes a form as a workbook ready to fill, for those who may read them with what the unit's accepted sheets say of the months before.
func (p *Service) template(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	in := blank.Input{Form: p.Catalogue.Form(r.PathValue("form")), Catalogue: p.Catalogue, Language: q.Get("lang")}
	if in.Form == nil {
		return reporting.Errorf(reporting.NotFound, "no such form: %q", r.PathValue("form"))
	}
	org, err := portal.OwnUnit(r.Context(), q.Get("org"))
	if err != nil {
		return err
	}
	unit := p.Catalogue.Unit(org)
	if unit == nil {
		return reporting.Errorf(reporting.Invalid, "org %q: no such unit", org)
	}
	in.Unit = *unit
	if in.Period, err = reporting.ParsePeriod(q.Get("period")); err != nil {
		return err
	}
	if access.From(r.Context()).May(access.ReadSubmissions) { // for others it is as empty as the form itself
		facts, standing, err := p.Facts.History(r.Context(), in.Form.ID, unit.Code, afterAll)
		if err != nil {
			return err
		}
		in.Cumulative, in.Previous = before(p.Catalogue, in.Form, unit.Code, in.Period, facts, standing)
	}
	var body bytes.Buffer
	if err := blank.Write(&body, in); err != nil {
		return err
	}
	portal.Download(w, fmt.Sprintf("%s-%s-%s.xlsx", in.Form.ID, unit.Code, in.Period), "xlsx")
	_, err = body.WriteTo(w)
	return err
}

// afterAll is greater than every ULID: what stands now.
const afterAll = "~"

// before is what a unit's facts say of the months before the period: the sum of each indicator from January on, where every one of
// these months stands, and the value of the month before. An indicator of which nothing was reported then adds nothing to its sum,
// as the check of the year to date has it.
func before(c *reporting.Catalogue, form *reporting.Form, unit string, period reporting.Period, facts []reporting.Fact, standing []reporting.Standing) (cumulative, previous map[string]reporting.Decimal) {
	stands := map[reporting.Month]bool{}
	for _, s := range standing {
		if s.Period.Len() == 1 {
			stands[s.Period.First] = true
		}
	}
	january, whole := period.YearToDate().First, true
	for m := january; m < period.First; m++ {
		whole = whole && stands[m]
	}
	cumulative, previous = map[string]reporting.Decimal{}, map[string]reporting.Decimal{}
	if whole {
		for _, code := range form.Indicators() {
			if !c.Cumulative(code) {
				cumulative[code] = reporting.Decimal{}
			}
		}
	}
	for _, f := range facts {
		m := f.Period.First
		if c.Cumulative(f.Indicator) {
			if f.Unit == unit && f.Period.Last == period.First-1 && m.Year() == period.First.Year() {
				cumulative[f.Indicator], previous[f.Indicator] = f.Value, f.Value // as it stands in the sheet
			}
			continue
		}
		if f.Unit != unit || f.Period.Len() != 1 || f.Opened != 0 {
			continue
		}
		if _, summed := cumulative[f.Indicator]; summed && m >= january && m < period.First {
			cumulative[f.Indicator] = cumulative[f.Indicator].Add(f.Value)
		}
		if m == period.First-1 {
			previous[f.Indicator] = previous[f.Indicator].Add(f.Value)
		}
	}
	return cumulative, previous
}
