package warn

import (
	"math/big"

	"huizong/pkg/reporting"
)

// schedule warns of targets that are behind the calendar. Only a flow grows with it: a stock is where it is.
func (in Input) schedule(r *Rule) []Warning {
	p := in.Period.YearToDate()
	elapsed := big.NewRat(int64(p.Len()), 12)
	var found []Warning
	for _, i := range in.Catalogue.Indicators {
		f, ok := in.figure(i.Code, p)
		if !ok || f.Completion == nil || i.Target != reporting.TargetFloor || i.Kind != reporting.Flow {
			continue
		}
		level, _, late := r.atLeast(new(big.Rat).Sub(elapsed, f.Completion))
		if !late {
			continue
		}
		found = append(found, Warning{
			Rule: r, Level: level, Indicator: i.Code, Unit: f.Unit, Period: p, Value: f.Completion, Threshold: elapsed, Measure: "%", Places: 2,
			Text: partly(f, reporting.Text{ZH: "目标任务完成率慢于时序进度", EN: "the target is behind schedule"}),
		})
	}
	return found
}
