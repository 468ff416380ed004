package compiler

import (
	"context"
	"encoding/json"
	"math/big"

	"huizong/pkg/compile"
	"huizong/pkg/reporting"
	"huizong/pkg/warn"
)

// warningsFile holds the rules, in the folder of schemas.
const warningsFile = "reports/warnings.yaml"

// Warnings lists what the bureau should look at in the question's first period, on the boundaries asked.
func (c *Compiler) Warnings(ctx context.Context, q reporting.Question) ([]reporting.Warning, error) {
	c = c.on(q.On)
	b, err := c.basis(ctx, q.Periods[0], q.AsOf, c.rules)
	if err != nil {
		return nil, err
	}
	list := make([]reporting.Warning, len(b.warnings))
	for i, w := range b.warnings {
		list[i] = reporting.Warning{Rule: w.Rule.ID, Level: string(w.Level), Indicator: w.Indicator, Name: c.Catalogue.Indicator(w.Indicator).Name,
			Unit: w.Unit, UnitName: c.unitName(w.Unit), Period: w.Period, Text: w.Text, Value: plain(w.Value), Threshold: plain(w.Threshold),
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
func (c *Compiler) cases(ctx context.Context, b *basis) ([]warn.Case, error) {
	rows, err := c.Facts.Cases(ctx, b.asOf)
	if err != nil {
		return nil, err
	}
	counted := map[string]string{}
	for _, f := range c.Catalogue.Forms {
		for _, l := range f.Loads {
			if f.Table != "" && counted[f.Table] == "" && l.Value == "" && l.On != "" {
				counted[f.Table] = l.Indicator
			}
		}
	}
	cases := make([]warn.Case, len(rows))
	for i, r := range rows {
		cases[i] = warn.Case{Indicator: counted[r.Ledger], Unit: c.Catalogue.Bearer(r.Unit), Persons: r.Persons, Opened: r.Opened, Closed: r.Closed}
	}
	return cases, nil
}

// printedWarnings are the warnings as a report prints them. The city's are about an indicator, the others about a unit.
func (c *Compiler) printedWarnings(found []warn.Warning) []compile.Warning {
	list := make([]compile.Warning, len(found))
	for i, w := range found {
		list[i] = compile.Warning{Rule: w.Rule.ID, Level: w.Level.Name().ZH, Text: w.Text.ZH, Value: w.Value, Threshold: w.Threshold, Measure: w.Measure,
			Places: w.Places, Basis: w.Rule.Basis, Figure: compile.FigureID{Indicator: w.Indicator, Unit: w.Unit, Period: w.Period}}
		if w.Unit == c.Catalogue.City {
			list[i].Subject = c.Catalogue.Indicator(w.Indicator).Name.ZH
		}
	}
	return list
}

func (c *Compiler) unitName(code string) string {
	if u := c.Catalogue.Unit(code); u != nil {
		return u.Name.ZH
	}
	return code
}
