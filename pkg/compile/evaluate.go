package compile

import (
	"fmt"
	"math/big"

	"huizong/pkg/reporting"
)

// phrase is what a function of a figure prints: a number with its measure between words. A nil number leaves the words before alone.
type phrase struct {
	aspect  Aspect // of the number, where it is not that of the function
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
	lacksUnits    lack = "有单位未报，不作比较"
	lacksBasis    lack = "上年同期为0或者负数"
	lacksGoal     lack = "全年目标为0"
	lacksFact     lack = "没有此事"  // no gap: what has not happened is not told
	lacksBefore   lack = "无上期数"  // no gap: nobody owes the period before
	lacksProvince lack = "无省定目标" // no gap: the province does not set one for every indicator
)

// direction is the words for more, less, the same, and the same as far as the digits go.
type direction struct{ up, down, same, about string }

var (
	changeWords = direction{"增长", "下降", "持平", "基本持平"}
	pointsWords = direction{"上升", "下降", "持平", "基本持平"}
	paceWords   = direction{"快于时序进度", "慢于时序进度", "与时序进度持平", "与时序进度基本持平"}
)

// byReported stands before what is said of a figure that some unit is not in.
const byReported = "按已报单位计，"

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
			return phrase{}, lackOf(f)
		}
		return phrase{exact: f.Completion, measure: percent, places: enoughPlaces(f.Completion, c.places(n, percent))}, ""
	case Pace, Ceiling:
		return c.against(n, f)
	case Points:
		if f.Previous == nil {
			return phrase{}, lacksPrevious
		}
		if !f.Complete() && c.Template.incomplete.Change != mark {
			return phrase{}, lacksUnits
		}
		return c.worded(n, new(big.Rat).Sub(f.Value, f.Previous), percentPoints, pointsWords), ""
	case Change:
		return c.change(n, f)
	case Sequential:
		return c.sequential(n, f)
	case Balance:
		return c.balance(n, f), ""
	case Only:
		if f.Value.Sign() <= 0 {
			return phrase{}, lacksFact
		}
		return phrase{}, ""
	}
	return c.measured(n, f.Value), ""
}

// lackOf is why there is no completion: no target, or one of zero.
func lackOf(f reporting.Figure) lack {
	if f.Target != nil {
		return lacksGoal
	}
	return lacksTarget
}

// against compares a figure with the calendar, or with a ceiling.
func (c *compiler) against(n figureNode, f reporting.Figure) (p phrase, l lack) {
	share, ok := elapsed(f.Period)
	switch {
	case n.aspect == Ceiling && f.Target == nil:
		return p, lacksCeiling
	case n.aspect == Pace && f.Completion == nil:
		return p, lackOf(f)
	case n.aspect == Pace && !ok:
		return p, lacksCalendar
	case !f.Complete() && c.Template.incomplete.Pace == omit:
		return p, lacksUnits
	case n.aspect == Ceiling:
		p = c.ceiling(n, f)
	default:
		p = c.worded(n, new(big.Rat).Sub(f.Completion, share), percentPoints, paceWords)
	}
	if !f.Complete() {
		p.before = byReported + p.before
	}
	return p, ""
}

// change compares with last year. Where some unit is not in the figure, the template's rule decides whether that is done, and of whom.
func (c *compiler) change(n figureNode, f reporting.Figure) (phrase, lack) {
	if f.Previous == nil {
		return phrase{}, lacksPrevious
	}
	if f.Complete() || c.Template.incomplete.Change == mark {
		return c.compared(n, f.Value, f.Previous)
	}
	if c.Template.incomplete.Change == omit {
		return phrase{}, lacksUnits
	}
	value, previous, units := c.same(f)
	if units == 0 || previous.Sign() <= 0 || value.Sign() <= 0 {
		return phrase{}, lacksUnits
	}
	p := c.worded(n, ratioLessOne(value, previous), percent, changeWords)
	p.aspect, p.after = SameUnits, fmt.Sprintf("（%d个单位同口径）", units)
	return p, ""
}

// manifold is from how much more on a rise is told in times.
var manifold = big.NewRat(2, 1)

// compared says how a value stands to one before it. A share of nothing has no meaning, and a fall to nothing needs none: these are said
// by the numbers themselves. A debt before it is no basis.
func (c *compiler) compared(n figureNode, value, before *big.Rat) (phrase, lack) {
	switch {
	case before.Sign() < 0, before.Sign() == 0 && value.Sign() < 0:
		return phrase{}, lacksBasis
	case before.Cmp(value) == 0:
		return phrase{before: changeWords.same}, ""
	case before.Sign() == 0:
		p := c.measured(n, value)
		p.aspect, p.before = Value, "由0增至"
		return p, ""
	case value.Sign() <= 0:
		p := c.measured(n, before)
		p.aspect, p.before, p.after = Previous, map[bool]string{true: "降为0（上年同期为", false: "转为负数（上年同期为"}[value.Sign() == 0], "）"
		return p, ""
	}
	share := ratioLessOne(value, before)
	if share.Cmp(manifold) >= 0 {
		return phrase{before: changeWords.up, exact: share, measure: fold, places: max(c.places(n, fold), 1)}, ""
	}
	return c.worded(n, share, percent, changeWords), ""
}

func ratioLessOne(value, before *big.Rat) *big.Rat {
	share := new(big.Rat).Quo(value, before)
	return share.Sub(share, big.NewRat(1, 1))
}

// sequential compares with the months before, as many as the period has. That both are whole is a condition: a unit that is late must
// not look like a fall.
func (c *compiler) sequential(n figureNode, f reporting.Figure) (phrase, lack) {
	before, known := c.Figures(f.Indicator, f.Unit, preceding(f.Period))
	switch {
	case !known || before.Value == nil || before.Value.Sign() <= 0 || f.Value.Sign() <= 0:
		return phrase{}, lacksBefore
	case !before.Complete() || !f.Complete():
		return phrase{}, lacksUnits
	}
	return c.worded(n, ratioLessOne(f.Value, before.Value), percent, changeWords), ""
}

// preceding is the period of the same length that ends where p begins.
func preceding(p reporting.Period) reporting.Period {
	length := reporting.Month(p.Len())
	return reporting.Period{First: p.First - length, Last: p.Last - length}
}

// balance says what is left of a fund, or what it lacks.
func (c *compiler) balance(n figureNode, f reporting.Figure) phrase {
	p := c.measured(n, f.Value)
	p.aspect, p.before = Value, "结余"
	if f.Value.Sign() < 0 { // the word carries the sign
		p.aspect, p.before = Balance, "缺口"
	}
	return p
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
	measure = visible(exact, measure, func(m string) int { return c.places(n, m) })
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
