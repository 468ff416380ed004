package warn

import (
	"math/big"

	"huizong/pkg/reporting"
)

// fewestMonths is how many months of expenditure must be known before their mean says anything.
const fewestMonths = 6

// cover compares a balance with the mean monthly expenditure of the last months.
func (in Input) cover(r *Rule) []Warning {
	balance, ok := in.figure(r.Indicator, in.Period)
	mean := in.meanMonth(r)
	if !ok || mean == nil || mean.Sign() <= 0 {
		return nil
	}
	w := Warning{
		Rule: r, Indicator: r.Indicator, Unit: balance.Unit, Period: in.Period, Value: new(big.Rat).Quo(balance.Value, mean), Measure: "个月", Places: 1,
		Text: reporting.Text{ZH: "基金结余可支付月数偏少", EN: "the balance covers few months of benefit"},
	}
	switch {
	case balance.Value.Sign() < 0: // what is lacking, in months, has no limit that it could keep
		w.Level, w.Value, w.Measure = Red, w.Value.Neg(w.Value), "个月缺口"
		w.Text = reporting.Text{ZH: "基金累计结余为负，已无可支付月数", EN: "the fund is in debt: the balance covers no month of benefit"}
	case w.Value.Cmp(r.Red.Rat()) < 0:
		w.Level, w.Threshold = Red, r.Red.Rat()
	case w.Value.Cmp(r.Yellow.Rat()) < 0:
		w.Level, w.Threshold = Yellow, r.Yellow.Rat()
	default:
		return nil
	}
	w.Text = partly(balance, w.Text)
	return []Warning{w}
}

// meanMonth is the mean of the months that are known and whole, nil where they are too few.
func (in Input) meanMonth(r *Rule) *big.Rat {
	sum, n := new(big.Rat), int64(0)
	for m := in.Period.Last - reporting.Month(r.Months) + 1; m <= in.Period.Last; m++ {
		if f, ok := in.figure(r.Expenditure, reporting.MonthPeriod(m)); ok && f.Complete() {
			sum.Add(sum, f.Value)
			n++
		}
	}
	if n < fewestMonths && n < int64(r.Months) {
		return nil
	}
	return sum.Quo(sum, big.NewRat(n, 1))
}
