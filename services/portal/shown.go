package portal

import (
	"fmt"
	"math/big"

	"huizong/pkg/reporting"
)

// shown prints a number for people: in the indicator's own measure, with separators. Files have it plain and in yuan instead.
func shown(value *big.Rat, i *reporting.Indicator) string {
	if value == nil {
		return ""
	}
	places := 0
	if i.Kind == reporting.Ratio {
		return percentNumber(value)
	}
	if factor, ok := reporting.Money(i.Measure).Factor(); ok {
		value, places = new(big.Rat).Quo(value, factor.Rat()), 2
	}
	return grouped(value, places)
}

func grouped(value *big.Rat, places int) string {
	return reporting.MustDecimal(value.FloatString(places)).Grouped(places)
}

func percentNumber(value *big.Rat) string {
	return grouped(new(big.Rat).Mul(value, big.NewRat(100, 1)), 2)
}

func percent(value *big.Rat) string {
	if value == nil {
		return ""
	}
	return percentNumber(value) + "%"
}

func completeness(f reporting.Figure) string { return fmt.Sprintf("%d/%d", f.Reported, f.Expected) }
