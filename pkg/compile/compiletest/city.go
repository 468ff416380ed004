package compiletest

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"huizong/pkg/compile"
	"huizong/pkg/reporting"
)

// senders are the sub-units that bring the indicators of a subject; what is not here comes from the townships.
var senders = map[string]string{
	"insurance": "349981SB", "training": "349981ZJ", "talent": "349981RS", "disputes": "349981ZC", "inspection": "349981JC",
	"relations": "349981LD", "services": "349981BG", "legal": "349981BG",
}

// All adds to the city's figures those of its units and its months, so that they come to the city's again.
func All(t testing.TB, figures []reporting.Figure) []reporting.Figure {
	t.Helper()
	c := Catalogue(t)
	all := slices.Clone(figures)
	for _, f := range figures {
		all = append(all, byUnit(c, f)...)
		all = append(all, byMonth(f)...)
	}
	return all
}

// byUnit shares a count out to the townships, or gives all of it to the one sub-unit that brings it. A rate is every unit's.
func byUnit(c *reporting.Catalogue, f reporting.Figure) []reporting.Figure {
	subject, _, _ := strings.Cut(f.Indicator, ".")
	if unit := senders[subject]; unit != "" && c.FormOf(f.Indicator) == nil {
		return []reporting.Figure{{Indicator: f.Indicator, Unit: unit, Period: f.Period, Value: f.Value, Numerator: f.Numerator, Denominator: f.Denominator, Reported: 1, Expected: 1}}
	}
	var townships []string
	for _, u := range c.Units {
		if u.Level == reporting.LevelTownship {
			townships = append(townships, u.Code)
		}
	}
	var figures []reporting.Figure
	shares := share(f.Value, len(townships)-len(f.Missing))
	for _, unit := range townships {
		part := reporting.Figure{Indicator: f.Indicator, Unit: unit, Period: f.Period, Expected: 1}
		if !slices.Contains(f.Missing, unit) {
			part.Value, part.Reported, shares = shares[0], 1, shares[1:]
			if f.Denominator != nil {
				part.Value = f.Value
			}
		}
		figures = append(figures, part)
	}
	return figures
}

// byMonth shares a flow out to the period's months.
func byMonth(f reporting.Figure) []reporting.Figure {
	if f.Denominator != nil {
		return nil
	}
	var figures []reporting.Figure
	shares := share(f.Value, f.Period.Len())
	for i, m := range f.Period.Months() {
		figures = append(figures, reporting.Figure{Indicator: f.Indicator, Unit: f.Unit, Period: reporting.MonthPeriod(m), Value: shares[i], Reported: f.Reported, Expected: f.Expected})
	}
	return figures
}

// share parts a number into n pieces, whole ones but for the last, which differ a little.
func share(value *big.Rat, n int) []*big.Rat {
	pieces, left := make([]*big.Rat, n), new(big.Rat).Set(value)
	for i := range n - 1 {
		whole, _ := new(big.Rat).Mul(value, big.NewRat(int64(n+i%5-2), int64(n*n))).Float64()
		pieces[i] = big.NewRat(int64(whole), 1)
		left.Sub(left, pieces[i])
	}
	pieces[n-1] = left
	return pieces
}

// Traces lead from every figure of the city to cells that are made up. Those of an odd place have many.
func Traces(t testing.TB) []reporting.Trace {
	t.Helper()
	var traces []reporting.Trace
	for i, f := range Figures(t) {
		trace := reporting.Trace{Figure: f, Formula: reporting.Text{ZH: "各单位各月之和"}, Parts: []reporting.Part{{Figure: f, Role: "value"}}}
		if f.Denominator != nil {
			trace.Parts = []reporting.Part{{Figure: f, Role: "numerator"}, {Figure: f, Role: "denominator"}}
		}
		for p := range trace.Parts {
			trace.Parts[p].Cells = cells(1 + i%2*119)
		}
		traces = append(traces, trace)
	}
	return traces
}

func cells(n int) []reporting.Origin {
	list := make([]reporting.Origin, n)
	for i := range list {
		list[i] = reporting.Origin{
			Submission: fmt.Sprintf("01E%023d", i), SHA256: fmt.Sprintf("%08x%056x", i*2654435761%4294967296, i), FileName: "就业创业工作月报表.xlsx",
			Form: "employment_monthly", Sheet: "月报", Cell: fmt.Sprintf("C%d", 5+i%10), Written: fmt.Sprint(i * 7), Value: reporting.Int(int64(i * 7)),
		}
	}
	return list
}

// Warnings are three early warnings.
func Warnings() []compile.Warning {
	figure := func(indicator, unit string) compile.FigureID {
		return compile.FigureID{Indicator: indicator, Unit: unit, Period: Period}
	}
	return []compile.Warning{
		{Rule: "fund_cover", Level: "红色", Subject: "城乡居民养老保险", Text: "基金结余可支付月数低于界限", Figure: figure("insurance.pension_resident.balance", City),
			Value: big.NewRat(11, 4), Threshold: big.NewRat(3, 1), Measure: "个月", Places: 1, Basis: "示例依据"},
		{Rule: "unemployment_ceiling", Level: "黄色", Subject: "全市", Text: "城镇登记失业率接近控制目标", Figure: figure("employment.registered_unemployment_rate", City),
			Value: big.NewRat(29625, 1000000), Threshold: big.NewRat(3, 100), Measure: "%", Places: 2, Basis: "示例依据"},
		{Rule: "mass_cases", Level: "黄色", Subject: "港口镇", Text: "发生十人以上集体争议", Figure: figure("disputes.cases_accepted", City),
			Value: big.NewRat(2, 1), Measure: "件", Basis: "示例依据"},
	}
}
