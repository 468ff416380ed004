package compile

import (
	"math/big"

	"huizong/pkg/reporting"
)

// phrase is what a function of a figure prints: a number with its measure between words. A nil number leaves the words before alone.
type phrase struct {
	before  string
	after   string
	exact   *big.Rat
	measure string
	places  int
}

// lack says what a comparison has no basis for.
type lack string

const (
	lacksTarget   lack = "无全年目标"
	lacksCeiling  lack = "无控制目标"
	lacksPrevious lack = "无上年同期数"
	lacksCalendar lack = "非年初累计"
	lacksProvince lack = "无省定目标" // no gap: the province does not set one for every indicator
)

// direction is the words for more, less, the same, and the same as far as the digits go.
type direction struct{ up, down, same, about string }

var (
	changeWords = direction{"增长", "下降", "持平", "基本持平"}
	pointsWords = direction{"上升", "下降", "持平", "基本持平"}
	paceWords   = direction{"快于时序进度", "慢于时序进度", "与时序进度持平", "与时序进度基本持平"}
)

// evaluate returns what to print for a figure that has a value, or what it lacks.
func (c *compiler) evaluate(n figureNode, f reporting.Figure) (phrase, lack) {
	if n.level != "" {
		if f = asOf(f, n.level); f.Target == nil {
			return phrase{}, lacksProvince
		}
	}
	switch n.aspect {
	case Target:
		if f.Target == nil {
			return phrase{}, lacksTarget
		}
		return c.measured(n, f.Target), ""
	case Completion:
		if f.Completion == nil {
			return phrase{}, lacksTarget
		}
		return phrase{exact: f.Completion, measure: percent, places: c.places(n, percent)}, ""
	case Pace:
		if f.Completion == nil {
			return phrase{}, lacksTarget
		}
		share, ok := elapsed(f.Period)
		if !ok {
			return phrase{}, lacksCalendar
		}
		return c.worded(n, new(big.Rat).Sub(f.Completion, share), percentPoints, paceWords), ""
	case Ceiling:
		if f.Target == nil {
			return phrase{}, lacksCeiling
		}
		return c.ceiling(n, f), ""
	case Points:
		if f.Previous == nil {
			return phrase{}, lacksPrevious
		}
		return c.worded(n, new(big.Rat).Sub(f.Value, f.Previous), percentPoints, pointsWords), ""
	case Change:
		// A share of nothing, or of a debt, has no meaning.
		if f.YearOnYear == nil || f.Previous == nil || f.Previous.Sign() <= 0 {
			return phrase{}, lacksPrevious
		}
		return c.worded(n, f.YearOnYear, percent, changeWords), ""
	}
	return c.measured(n, f.Value), ""
}

// measured prints a value in the measure that the template or the catalogue gives.
func (c *compiler) measured(n figureNode, exact *big.Rat) phrase {
	measure := n.measure.text
	switch measure {
	case "":
		measure = ownMeasure(c.Catalogue.Indicator(n.code.text))
	case autoMoney:
		measure = moneyBySize(exact, c.Template.precision)
	}
	return phrase{exact: exact, measure: measure, places: c.places(n, measure)}
}

// ceiling says whether the value keeps below what it must not pass, and names that.
func (c *compiler) ceiling(n figureNode, f reporting.Figure) phrase {
	p, whose := c.measured(n, f.Target), "年度"
	if n.level != "" {
		whose = "省定"
	}
	p.before, p.after = "未超过"+whose+"控制目标（", "）"
	if f.Value.Cmp(f.Target) > 0 {
		p.before = "超过" + whose + "控制目标（"
	}
	return p
}

func (c *compiler) worded(n figureNode, exact *big.Rat, measure string, words direction) phrase {
	places := c.places(n, measure)
	switch {
	case exact.Sign() == 0:
		return phrase{before: words.same}
	case roundsToZero(exact, measure, places):
		return phrase{before: words.about}
	case exact.Sign() > 0:
		return phrase{before: words.up, exact: exact, measure: measure, places: places}
	}
	return phrase{before: words.down, exact: exact, measure: measure, places: places}
}

func (c *compiler) places(n figureNode, measure string) int {
	if n.places >= 0 {
		return n.places
	}
	return c.Template.precision[measure]
}

// elapsed is the share of the year that a period from January on covers.
func elapsed(p reporting.Period) (*big.Rat, bool) {
	if p != p.YearToDate() {
		return nil, false
	}
	return big.NewRat(int64(p.Len()), 12), true
}
