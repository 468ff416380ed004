package compile

import (
	"math/big"
	"slices"
	"strings"

	"huizong/pkg/reporting"
)

// sayNode prints one of three phrases by how a figure stands: to the calendar, to last year, to the months before, or to another figure.
type sayNode struct {
	position
	of    word // Pace, Change, Points, Sequential or againstWord
	code  word // of the indicator
	other word // what it is compared with, after againstWord
	words [3]string
}

// againstWord is what {say} compares two figures by.
const againstWord = "against"

// nothingToSay in the place of one of the three phrases lets the clause go.
const nothingToSay = "-"

// sayings are what {say} can judge by.
var sayings = []string{string(Pace), string(Change), string(Points), string(Sequential), againstWord}

// goalsNode names the year's targets of which something is true.
type goalsNode struct {
	position
	which word
}

// The selections of {goals}.
const (
	goalsMet    = "met"    // reached for the whole year
	goalsAhead  = "ahead"  // not yet, but not behind the calendar
	goalsBehind = "behind" // behind the calendar; one that some unit is not in is not accused
)

var goalSelections = []string{goalsMet, goalsAhead, goalsBehind}

// say prints the phrase, or lets the clause around it go where there is nothing to judge by.
func (c *compiler) say(n sayNode, s *sentenceState) []Run {
	sign, ok := c.standing(n)
	if !ok || n.words[1-sign] == nothingToSay {
		s.baseless = true
		return nil
	}
	return []Run{{Text: n.words[1-sign]}}
}

// standing is 1, 0 or −1, and false where a number is missing or some unit is not in it: what is said in words cannot be marked.
func (c *compiler) standing(n sayNode) (int, bool) {
	f, there := c.figureOf(figureNode{code: n.code})
	if !there || !f.Complete() {
		return 0, false
	}
	var difference *big.Rat
	switch Aspect(n.of.text) {
	case Pace:
		share, ok := elapsed(f.Period)
		if f.Completion == nil || !ok {
			return 0, false
		}
		difference = new(big.Rat).Sub(f.Completion, share)
	case Change, Points:
		if f.Previous == nil {
			return 0, false
		}
		difference = new(big.Rat).Sub(f.Value, f.Previous)
	case Sequential:
		before, known := c.Figures(f.Indicator, f.Unit, preceding(f.Period))
		if !known || before.Value == nil || !before.Complete() {
			return 0, false
		}
		difference = new(big.Rat).Sub(f.Value, before.Value)
	default:
		other, there := c.figureOf(figureNode{code: n.other})
		if !there || !other.Complete() {
			return 0, false
		}
		difference = new(big.Rat).Sub(f.Value, other.Value)
	}
	if rates := n.of.text == string(Pace) || n.of.text == string(Points); rates && roundsToZero(difference, percentPoints, c.Template.precision[percentPoints]) {
		return 0, true
	}
	return difference.Sign(), true
}

// goals names the indicators, in the catalogue's order; where there are none the clause goes.
func (c *compiler) goals(n goalsNode, s *sentenceState) []Run {
	var names []string
	for i := range c.Catalogue.Indicators {
		ind := &c.Catalogue.Indicators[i]
		f, known := c.Figures(ind.Code, c.subject, c.Period.YearToDate())
		if ind.Target == reporting.TargetFloor && known && f.Completion != nil && goalIs(n.which.text, ind, f) {
			names = append(names, nameOf(c.Catalogue, ind.Code))
		}
	}
	if len(names) == 0 {
		s.baseless = true
		return nil
	}
	return []Run{{Text: strings.Join(names, "、")}}
}

func goalIs(which string, i *reporting.Indicator, f reporting.Figure) bool {
	share, _ := elapsed(f.Period)
	met := f.Completion.Cmp(big.NewRat(1, 1)) >= 0
	switch {
	case which == goalsMet:
		return met
	case met || i.Kind != reporting.Flow: // a stock is where it is, and does not grow with the calendar
		return false
	case which == goalsAhead:
		return f.Completion.Cmp(share) >= 0
	}
	return f.Completion.Cmp(share) < 0 && f.Complete()
}

// say reads what to judge by, one indicator or two, and three phrases.
func (s *scanner) say(at position, words []word) node {
	n, codes := sayNode{position: at}, 1
	if len(words) > 0 {
		n.of = words[0]
	}
	if n.of.text == againstWord {
		codes = 2
	}
	if len(words) != 1+codes+len(n.words) {
		s.add(at, "say wants what to judge by, an indicator (against wants two) and three phrases: {say pace employment.urban_new_jobs 较快 正常 偏慢}")
		return nil
	}
	n.code, n.other = words[1], words[codes]
	for i := range n.words {
		n.words[i] = words[1+codes+i].text
	}
	return n
}

// checkSay checks that the judgement has a meaning.
func checkSay(n sayNode, catalogue *reporting.Catalogue, found *problems) {
	if !slices.Contains(sayings, n.of.text) {
		found.add(n.of.position, "unknown judgement %q; there are %s", n.of.text, listed(sayings))
		return
	}
	i, other := catalogue.Indicator(n.code.text), catalogue.Indicator(n.other.text)
	switch {
	case i == nil:
		found.add(n.code.position, "unknown indicator %s", n.code.text)
	case other == nil:
		found.add(n.other.position, "unknown indicator %s", n.other.text)
	case ownMeasure(i) != ownMeasure(other) && !(i.IsMoney() && other.IsMoney()):
		found.add(n.other.position, "%s is not counted as %s is", n.other.text, n.code.text)
	case n.of.text != againstWord:
		if message := misuse(Aspect(n.of.text), i); message != "" {
			found.add(n.code.position, "%s %s: %s", n.of.text, i.Code, message)
		}
	}
}
