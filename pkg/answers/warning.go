package answers

import (
	"context"
	"encoding/json"
	"math/big"
	"time"

	"huizong/pkg/reporting"
	"huizong/pkg/warn"
)

// Warnings lists what the bureau should look at in the period.
func (a *Answers) Warnings(ctx context.Context, period reporting.Period, from Standpoint) ([]reporting.Warning, error) {
	ctx, end, err := a.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	a = a.On(from.On)
	b, err := a.Basis(ctx, a.Catalogue.City, period, from.AsOf)
	if err != nil {
		return nil, err
	}
	list := make([]reporting.Warning, len(b.Warnings))
	for i, w := range b.Warnings {
		list[i] = reporting.Warning{Rule: w.Rule.ID, Level: string(w.Level), Indicator: w.Indicator, Name: a.Catalogue.Indicator(w.Indicator).Name,
			Unit: w.Unit, UnitName: a.UnitName(w.Unit), Period: w.Period, Text: w.Text, Value: plain(w.Value), Threshold: plain(w.Threshold),
			Measure: w.Measure, Places: w.Places, Basis: w.Rule.Basis}
	}
	return list, nil
}

// plain prints a number for machines: a count as it is, all else with six digits; nil is "".
func plain(r *big.Rat) json.Number {
	if r == nil || r.IsInt() {
		return json.Number(reporting.PlainNumber(r, 0))
	}
	return json.Number(reporting.PlainNumber(r, 6))
}

// cases are the mass cases' candidates: each ledger's rows under the indicator that counts them when they are accepted.
func (a *Answers) cases(ctx context.Context, asOf time.Time) ([]warn.Case, error) {
	rows, err := a.Facts.Cases(ctx, asOf)
	if err != nil {
		return nil, err
	}
	counted := map[string]string{}
	for _, f := range a.Catalogue.Forms {
		for _, l := range f.Loads {
			if f.Table != "" && counted[f.Table] == "" && l.Value == "" && l.On != "" {
				counted[f.Table] = l.Indicator
			}
		}
	}
	cases := make([]warn.Case, len(rows))
	for i, r := range rows {
		cases[i] = warn.Case{Indicator: counted[r.Ledger], Unit: a.Catalogue.Bearer(r.Unit), Persons: r.Persons, Opened: r.Opened, Closed: r.Closed}
	}
	return cases, nil
}

// UnitName is the name of a unit, or its code where it is none of ours.
func (a *Answers) UnitName(code string) string {
	if u := a.Catalogue.Unit(code); u != nil {
		return u.Name.ZH
	}
	return code
}
