package warn

import (
	"fmt"
	"math/big"

	"huizong/pkg/reporting"
)

// units compares every unit's number with the thresholds.
func (in Input) units(r *Rule) []Warning {
	i := in.Catalogue.Indicator(r.Indicator)
	var found []Warning
	for _, u := range in.Catalogue.Units {
		f, ok := in.Figures(r.Indicator, u.Code, in.Period)
		if !ok || f.Value == nil || u.Code == in.Catalogue.City {
			continue
		}
		if level, threshold, high := r.atLeast(f.Value); high {
			found = append(found, Warning{
				Rule: r, Level: level, Indicator: r.Indicator, Unit: u.Code, Period: in.Period, Value: f.Value, Threshold: threshold, Measure: i.Measure,
				Text: reporting.Text{ZH: i.Name.ZH + "偏多", EN: i.Name.EN + ": many"},
			})
		}
	}
	return found
}

// cases counts the mass cases of every unit: those that were opened in the period, and those that are still open at its end.
func (in Input) cases(r *Rule) []Warning {
	counts := map[string]int64{}
	for _, c := range in.Cases {
		if c.Indicator == r.Indicator && c.Persons >= r.Persons && c.concerns(in.Period) {
			counts[c.Unit]++
		}
	}
	i := in.Catalogue.Indicator(r.Indicator)
	var found []Warning
	for _, u := range in.Catalogue.Units {
		value := big.NewRat(counts[u.Code], 1)
		if level, threshold, high := r.atLeast(value); high {
			found = append(found, Warning{
				Rule: r, Level: level, Indicator: r.Indicator, Unit: u.Code, Period: in.Period, Value: value, Threshold: threshold, Measure: i.Measure,
				Text: reporting.Text{ZH: fmt.Sprintf("%s：涉及%d人以上", i.Name.ZH, r.Persons), EN: fmt.Sprintf("%s: of %d persons or more", i.Name.EN, r.Persons)},
			})
		}
	}
	return found
}

func (c Case) concerns(p reporting.Period) bool {
	return c.Opened <= p.End() && (c.Opened >= p.Start() || c.Closed == 0 || c.Closed > p.End())
}
