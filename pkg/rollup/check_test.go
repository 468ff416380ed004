package rollup_test

import (
	"strings"
	"testing"

	"huizong/pkg/reporting"
	"huizong/pkg/rollup"
)

// TestCheck has the faults that scripts cannot write; the others are in testdata/refused.test.
func TestCheck(t *testing.T) {
	flow := func(code string) reporting.Indicator {
		return reporting.Indicator{Code: code, Kind: reporting.Flow, Rollup: reporting.RollupSum, Measure: "人"}
	}
	sum := func(parts ...string) reporting.Indicator {
		return reporting.Indicator{Code: "x.sum", Kind: reporting.Flow, Rollup: reporting.RollupParts, Measure: "人", Parts: parts}
	}
	to20th := flow("x.to20th")
	to20th.PeriodRule = reporting.From21To20
	for name, tt := range map[string]struct {
		indicators []reporting.Indicator
		want       string
	}{
		"OK":         {[]reporting.Indicator{flow("x.a"), flow("x.b"), sum("x.a", "x.b")}, ""},
		"NoForm":     {[]reporting.Indicator{flow("x.unloaded")}, "no form loads x.unloaded"},
		"NoParts":    {[]reporting.Indicator{sum()}, "a sum of no parts"},
		"PeriodRule": {[]reporting.Indicator{flow("x.a"), to20th, sum("x.a", "x.to20th")}, "the months of x.to20th are not the same days"},
		"PeriodRuleOfRatio": {[]reporting.Indicator{flow("x.a"), to20th, {Code: "x.ratio", Kind: reporting.Ratio, Rollup: reporting.RollupRatio,
			Measure: "%", Numerator: "x.a", Denominator: "x.to20th"}}, "the months of x.a and x.to20th are not the same days"},
		"RatioAsSum": {[]reporting.Indicator{{Code: "x.ratio", Kind: reporting.Ratio, Rollup: reporting.RollupSum}}, `a ratio cannot roll up as "sum"`},
		"SumAsRatio": {[]reporting.Indicator{{Code: "x.flow", Kind: reporting.Flow, Rollup: reporting.RollupRatio}}, `a flow cannot roll up as "ratio"`},
		"NoOperand":  {[]reporting.Indicator{{Code: "x.ratio", Kind: reporting.Ratio, Rollup: reporting.RollupRatio}}, `there is no indicator ""`},
	} {
		t.Run(name, func(t *testing.T) {
			c := &reporting.Catalogue{Indicators: tt.indicators, Forms: []*reporting.Form{{ID: "f", Rows: []reporting.FormRow{
				{Indicator: "x.a"}, {Indicator: "x.b"}, {Indicator: "x.to20th"}}}}}
			c.Index()
			err := rollup.Check(c)
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("Check = %v, want nil", err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("Check = %v, want %q in it", err, tt.want)
			case tt.want != "" && reporting.CodeOf(err) != reporting.Invalid:
				t.Errorf("CodeOf(%v) = %q, want %q", err, reporting.CodeOf(err), reporting.Invalid)
			}
		})
	}
}

// TestNeeded: last year's periods are needed too, each once.
func TestNeeded(t *testing.T) {
	var got []string
	for _, p := range rollup.Needed([]reporting.Period{mustPeriod(t, "2020H1"), mustPeriod(t, "2020-01"), mustPeriod(t, "2019H1"), mustPeriod(t, "2020-01")}) {
		got = append(got, p.String())
	}
	if want := "2018H1 2019-01 2019H1 2020-01 2020H1"; strings.Join(got, " ") != want {
		t.Errorf("Needed = %v, want %s", got, want)
	}
}
