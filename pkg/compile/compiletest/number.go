package compiletest

import (
	"math/big"
	"strings"
	"testing"

	"huizong/pkg/compile"
	"huizong/pkg/reporting"
)

// Number is what a file says of one of its numbers: whose it is and how it is printed. The tests of all writers read it back from
// their files alone.
type Number struct {
	ID        string `xml:"id,attr"`
	Indicator string `xml:"indicator,attr"`
	Unit      string `xml:"unit,attr"`
	Period    string `xml:"period,attr"`
	Aspect    string `xml:"aspect,attr"`
	Measure   string `xml:"measure,attr"`
	Places    int    `xml:"places,attr"`
}

// NumberOf is what a file should say of a binding.
func NumberOf(b compile.Binding) Number {
	return Number{b.ID, b.Figure.Indicator, b.Figure.Unit, b.Figure.Period.String(), string(b.Aspect), b.Measure, b.Places}
}

// CheckNumber fails the test if the printed number is not that of its figure, rounded half up at the digits that are printed.
func CheckNumber(t testing.TB, in compile.Input, n Number, printed string) {
	t.Helper()
	got, ok := new(big.Rat).SetString(printed)
	if !ok {
		t.Errorf("%s holds %q, which is no number", n.ID, printed)
		return
	}
	if want := n.Exact(t, in); want == nil || !roundsTo(want, got, n.Places) {
		t.Errorf("%s %s %s %s = %s, want %v", n.ID, n.Aspect, n.Indicator, n.Unit, printed, want)
	}
}

// Exact computes from the figure what the number ought to be, in the measure that it is printed in; nil where there is none.
func (n Number) Exact(t testing.TB, in compile.Input) *big.Rat {
	t.Helper()
	scale := map[string]*big.Rat{
		"%": big.NewRat(100, 1), "个百分点": big.NewRat(100, 1), "万元": big.NewRat(1, 10_000), "亿元": big.NewRat(1, 100_000_000),
	}[n.Measure]
	exact := n.unscaled(t, in)
	if exact == nil || scale == nil {
		return exact
	}
	return new(big.Rat).Mul(exact, scale)
}

func (n Number) unscaled(t testing.TB, in compile.Input) *big.Rat {
	t.Helper()
	f, ok := in.Figures(n.Indicator, n.Unit, MustPeriod(n.Period))
	if !ok {
		t.Fatalf("no figure %s %s %s", n.Indicator, n.Unit, n.Period)
	}
	minus := func(a, b *big.Rat) *big.Rat { return new(big.Rat).Sub(a, b) }
	abs := func(r *big.Rat) *big.Rat { return new(big.Rat).Abs(r) }
	if base, ok := strings.CutSuffix(n.Aspect, ".province"); ok {
		n.Aspect = base
		t, _ := f.TargetBy("province")
		f.Target, f.Completion = t.Value, t.Completion
	}
	switch n.Aspect {
	case "value":
		return f.Value
	case "balance":
		return abs(f.Value)
	case "sequential":
		p := MustPeriod(n.Period)
		length := reporting.Month(p.Len())
		before, _ := in.Figures(n.Indicator, n.Unit, reporting.Period{First: p.First - length, Last: p.Last - length})
		return abs(minus(new(big.Rat).Quo(f.Value, before.Value), big.NewRat(1, 1)))
	case "same_units":
		return abs(sameUnits(in, n.Indicator, f.Period))
	case "numerator":
		return f.Numerator
	case "denominator":
		return f.Denominator
	case "target", "ceiling":
		return f.Target
	case "completion":
		return f.Completion
	case "previous":
		return f.Previous
	case "change":
		return abs(f.YearOnYear)
	case "points":
		return abs(minus(f.Value, f.Previous))
	case "growth":
		if n.Measure == "个百分点" {
			return minus(f.Value, f.Previous)
		}
		return f.YearOnYear
	case "pace":
		return abs(minus(f.Completion, big.NewRat(1, 2)))
	}
	if selection, ok := strings.CutPrefix(n.Aspect, "units."); ok {
		list := compile.Select(compile.Selection(selection), n.Indicator, in.Catalogue, in.Figures, MustPeriod(n.Period))
		return big.NewRat(int64(len(list)), 1)
	}
	rule, _ := strings.CutPrefix(n.Aspect, "warning.")
	for _, w := range in.Warnings {
		if w.Rule == rule && w.Figure.Indicator == n.Indicator && w.Figure.Unit == n.Unit {
			return w.Value
		}
	}
	return nil
}

// sameUnits is the change of the units below the city that have reported a number in both years.
func sameUnits(in compile.Input, indicator string, p reporting.Period) *big.Rat {
	value, previous := new(big.Rat), new(big.Rat)
	for _, u := range in.Catalogue.Units {
		f, _ := in.Figures(indicator, u.Code, p)
		if u.Code != in.Catalogue.City && f.Value != nil && f.Previous != nil && f.Reported == f.Expected {
			value.Add(value, f.Value)
			previous.Add(previous, f.Previous)
		}
	}
	return value.Sub(value.Quo(value, previous), big.NewRat(1, 1))
}

// roundsTo reports whether printed is exact, rounded half away from zero.
func roundsTo(exact, printed *big.Rat, places int) bool {
	half := big.NewRat(1, 2)
	for range places {
		half.Quo(half, big.NewRat(10, 1))
	}
	difference := new(big.Rat).Sub(new(big.Rat).Abs(printed), new(big.Rat).Abs(exact))
	sameSign := printed.Sign() == 0 || printed.Sign() == exact.Sign()
	return sameSign && difference.Cmp(half) <= 0 && difference.Cmp(new(big.Rat).Neg(half)) > 0
}
