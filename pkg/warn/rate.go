package warn

import (
	"fmt"
	"math/big"

	"huizong/pkg/reporting"
)

// ceiling compares a rate with the year's ceiling. To reach it is not to pass it: red begins above it.
func (in Input) ceiling(r *Rule) []Warning {
	p := in.Period.YearToDate()
	f, ok := in.figure(r.Indicator, p)
	if !ok || f.Target == nil || f.Target.Sign() <= 0 {
		return nil
	}
	w := Warning{Rule: r, Indicator: r.Indicator, Unit: f.Unit, Period: p, Value: f.Value, Threshold: f.Target, Measure: "%", Places: 2}
	switch share := new(big.Rat).Quo(f.Value, f.Target); {
	case share.Cmp(r.Red.Rat()) > 0:
		w.Level, w.Text = Red, reporting.Text{ZH: "超过年度控制目标", EN: "above the year's ceiling"}
	case share.Cmp(r.Yellow.Rat()) >= 0:
		w.Level, w.Text = Yellow, reporting.Text{ZH: "接近年度控制目标", EN: "near the year's ceiling"}
	default:
		return nil
	}
	w.Text = partly(f, w.Text)
	return []Warning{w}
}

// trend warns of a rate that has risen month by month. A month without a rate breaks the row, and so does one that some
// unit is not in.
func (in Input) trend(r *Rule) []Warning {
	var before *big.Rat
	var last reporting.Figure
	for m := in.Period.Last - reporting.Month(r.Months); m <= in.Period.Last; m++ {
		f, ok := in.figure(r.Indicator, reporting.MonthPeriod(m))
		if !ok || !f.Complete() || before != nil && f.Value.Cmp(before) <= 0 {
			return nil
		}
		before, last = f.Value, f
	}
	return []Warning{{
		Rule: r, Level: Yellow, Indicator: r.Indicator, Unit: last.Unit, Period: last.Period, Value: last.Value, Measure: "%", Places: 2,
		Text: reporting.Text{ZH: fmt.Sprintf("连续%d个月上升", r.Months), EN: fmt.Sprintf("has risen for %d months", r.Months)},
	}}
}
