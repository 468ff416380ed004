package compile

import (
	"math/big"
	"slices"

	"huizong/pkg/reporting"
)

// incompleteRule is what a template says of figures that some unit is not in: whether they are compared, and how that shows. What it
// does not say is omitted.
type incompleteRule struct {
	Change string // against last year: same_units, mark or omit
	Pace   string // against the calendar, and against a ceiling: mark or omit
	Rank   string // of units: mark or omit
	Trend  string // from month to month: mark or omit
}

const (
	omit      = "omit"
	mark      = "mark"
	sameUnits = "same_units" // only of the units that have reported in both years, where they are most of those that owe it
)

// check finds what is no rule, and puts omit where there is none.
func (r *incompleteRule) check(found *problems) {
	for _, rule := range []struct {
		name    string
		value   *string
		allowed []string
	}{
		{"change", &r.Change, []string{omit, mark, sameUnits}}, {"pace", &r.Pace, []string{omit, mark}},
		{"rank", &r.Rank, []string{omit, mark}}, {"trend", &r.Trend, []string{omit, mark}},
	} {
		if *rule.value == "" {
			*rule.value = omit
		}
		if !slices.Contains(rule.allowed, *rule.value) {
			found.add(position{1, 1}, "incomplete: %s: %q is no rule; there are %s", rule.name, *rule.value, listed(rule.allowed))
		}
	}
}

// same is what the units come to that have reported a number in both years. It is none for a rate, of which units know no parts of
// last year, and for one that counts persons of all units once; and none where these units are not most of those that owe it.
func (c *compiler) same(f reporting.Figure) (value, previous *big.Rat, units int) {
	i := c.Catalogue.Indicator(f.Indicator)
	if i.Kind == reporting.Ratio || i.Rollup == reporting.RollupDistinct {
		return nil, nil, 0
	}
	value, previous = new(big.Rat), new(big.Rat)
	for _, u := range c.Catalogue.Units {
		of, known := c.Figures(f.Indicator, u.Code, f.Period)
		if !known || u.Code == c.Catalogue.City || of.Value == nil || of.Previous == nil || !of.Complete() {
			continue
		}
		value.Add(value, of.Value)
		previous.Add(previous, of.Previous)
		units++
	}
	if 2*units <= f.Expected {
		return nil, nil, 0
	}
	return value, previous, units
}
