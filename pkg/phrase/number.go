package phrase

import (
	"fmt"
	"math/big"
	"strings"

	"huizong/pkg/reporting"
)

// Number prints a number for people: in the indicator's own measure, with separators. Files have it plain and in yuan instead.
func Number(value *big.Rat, i *reporting.Indicator) string {
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
	return Grouped(value, places)
}

// PlainNumber prints a number of a file for people; "" stays "".
func PlainNumber(plain string, i *reporting.Indicator) string {
	value, ok := new(big.Rat).SetString(plain)
	if !ok {
		return plain
	}
	return Number(value, i)
}

// Grouped prints a number with separators and so many decimals.
func Grouped(value *big.Rat, places int) string {
	return reporting.MustDecimal(value.FloatString(places)).Grouped(places)
}

func percentNumber(value *big.Rat) string {
	return Grouped(new(big.Rat).Mul(value, big.NewRat(100, 1)), 2)
}

// Percent prints a share with two decimals: 48.90%. No share is "".
func Percent(value *big.Rat) string {
	if value == nil {
		return ""
	}
	return percentNumber(value) + "%"
}

// Tenths prints a share with one digit: 48.9%.
func Tenths(share *big.Rat) string {
	return Grouped(new(big.Rat).Mul(share, big.NewRat(100, 1)), 1) + "%"
}

// signed prints a number with its sign; the minus is as wide as the plus.
func signed(r *big.Rat, places int) string {
	text := Grouped(new(big.Rat).Abs(r), places)
	switch {
	case strings.Trim(text, "0.") == "":
		return text
	case r.Sign() < 0:
		return "−" + text
	}
	return "+" + text
}

// Growth prints a change with its sign: +2.0%, or of a rate +0.14 个百分点.
func Growth(lang string, change *big.Rat, points bool) string {
	hundredths := new(big.Rat).Mul(change, big.NewRat(100, 1))
	if points {
		return signed(hundredths, 2) + Pick(lang, reporting.Text{ZH: " 个百分点", EN: " points"})
	}
	return signed(hundredths, 1) + "%"
}

// Reported is how many of the units that owe a figure have reported it: 19/20.
func Reported(f reporting.Figure) string { return fmt.Sprintf("%d/%d", f.Reported, f.Expected) }

// measuresEN are the units of measure for those who read English.
var measuresEN = map[string]string{"人": "persons", "名": "persons", "人次": "times", "件": "cases", "起": "cases", "个": "number", "家": "employers", "场": "events", "期": "events", "张": "cards",
	"个月": "months", "个月缺口": "months lacking", "元": "yuan", "万元": "10,000 yuan", "亿元": "100 million yuan"}

// Measure is the unit in which the indicator's numbers are shown.
func Measure(lang string, i *reporting.Indicator) string {
	if words, ok := measuresEN[i.Measure]; ok && lang == "en" {
		return words
	}
	return i.Measure
}

// Size prints a size for people.
func Size(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1f KB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d B", n)
}
