package compile

import (
	"math/big"
	"slices"
	"strings"

	"huizong/pkg/reporting"
)

// The measures that are no unit of a catalogue's indicator.
const (
	percent       = "%"
	percentPoints = "个百分点"
	fold          = "倍"
	autoMoney     = "auto" // 亿元 from one 亿元 on, 万元 from one 万元 on, or 元
)

var hundred = big.NewRat(100, 1)

// scaled turns a number in a figure's own unit (yuan, a share, a count) into the measure, exactly.
func scaled(exact *big.Rat, measure string) *big.Rat {
	if measure == percent || measure == percentPoints {
		return new(big.Rat).Mul(exact, hundred)
	}
	if factor, ok := reporting.Money(measure).Factor(); ok {
		return new(big.Rat).Quo(exact, factor.Rat())
	}
	return exact
}

// printed rounds half away from zero, which big.Rat does and offices do, and adds no separators. Zero has no sign.
func printed(exact *big.Rat, measure string, places int) string {
	text := scaled(exact, measure).FloatString(places)
	if strings.Trim(text, "-0.") == "" {
		return strings.TrimPrefix(text, "-")
	}
	return text
}

// roundsToZero reports whether nothing but zeros would be printed.
func roundsToZero(exact *big.Rat, measure string, places int) bool {
	return strings.Trim(printed(exact, measure, places), "0.") == ""
}

// moneyBySize chooses 亿元 or 万元 where the amount, as it would be printed, reaches one, and else 元: 9999.999万元 at two digits is
// 1.00亿元, not 10000.00万元. Nothing is nothing in 万元.
func moneyBySize(exact *big.Rat, precision map[string]int) string {
	if exact.Sign() == 0 {
		return string(reporting.TenKilo)
	}
	for i, m := range moneys[:len(moneys)-1] {
		smaller := string(moneys[i+1])
		if amount, _ := new(big.Rat).SetString(printed(exact, smaller, precision[smaller])); amount.Abs(amount).Cmp(big.NewRat(10_000, 1)) >= 0 {
			return string(m)
		}
	}
	return string(reporting.Yuan)
}

// moneys are the measures of money of a report, the largest first.
var moneys = []reporting.Money{reporting.HundredM, reporting.TenKilo, reporting.Yuan}

// visible is the measure, or the next smaller one in which an amount does not vanish: 30元 are not 0.00亿元.
func visible(exact *big.Rat, measure string, places func(string) int) string {
	at := slices.Index(moneys, reporting.Money(measure))
	for ; exact.Sign() != 0 && at >= 0 && at < len(moneys)-1 && roundsToZero(exact, measure, places(measure)); at++ {
		measure = string(moneys[at+1])
	}
	return measure
}

// enoughPlaces is so many digits that a share is not printed as nothing, or as the whole, where it is less.
func enoughPlaces(exact *big.Rat, places int) int {
	one := big.NewRat(1, 1)
	for ; places < 6; places++ {
		shown, _ := new(big.Rat).SetString(printed(exact, percent, places))
		hides := exact.Sign() != 0 && shown.Sign() == 0 || exact.Cmp(one) < 0 && shown.Cmp(hundred) >= 0
		if !hides {
			break
		}
	}
	return places
}

// counters lists the measure words that may stand for one another. 岗位 are counted in 个 and filled by 人.
var counters = [][]string{{"个", "人", "名", "位"}, {"个", "家", "户"}, {"件", "起", "宗"}, {"场", "期", "次"}, {"人次", "次"}}

// fits says whether an indicator may be printed in the measure.
func fits(i *reporting.Indicator, measure string) bool {
	_, money := reporting.Money(measure).Factor()
	switch {
	case i.Kind == reporting.Ratio:
		return measure == percent
	case i.IsMoney():
		return money || measure == autoMoney
	case measure == i.Measure:
		return true
	}
	return slices.ContainsFunc(counters, func(group []string) bool {
		return slices.Contains(group, measure) && slices.Contains(group, i.Measure)
	})
}

// ownMeasure is the measure that an indicator is printed in when the template names none.
func ownMeasure(i *reporting.Indicator) string {
	if i.Kind == reporting.Ratio {
		return percent
	}
	return i.Measure
}
