package rollup

import (
	"errors"
	"slices"

	"huizong/pkg/reporting"
)

// formula says how an indicator is computed: it is a sum or a quotient.
type formula interface {
	// bind returns the formula over the accounts of its base indicators.
	bind(open func(*reporting.Indicator) account) reader
}

// sum is an amount: base indicators of one kind, dimension and period rule, each once. A base indicator is a sum of itself.
type sum []*reporting.Indicator

// quotient is one amount over another. There is no way to put a quotient into a sum, nor into another quotient; so ratios are
// neither added nor averaged.
type quotient struct {
	numerator, denominator sum
}

func (s sum) bind(open func(*reporting.Indicator) account) reader { return s.accounts(open) }

func (s sum) accounts(open func(*reporting.Indicator) account) addition {
	list := make(addition, len(s))
	for n, term := range s {
		list[n] = open(term)
	}
	return list
}

func (q quotient) bind(open func(*reporting.Indicator) account) reader {
	return division{numerator: q.numerator.accounts(open), denominator: q.denominator.accounts(open)}
}

// Check returns what is wrong with the catalogue's arithmetic, each fault as an error of code invalid, joined; nil if nothing is.
//
// It refuses: a sum over a ratio, over a distinct count (two parts may hold the same person), over unlike kinds, dimensions or
// period rules, over the same indicator twice or over itself; a ratio of a ratio, or in % of unlike dimensions; a roll-up that
// does not fit the kind; and a base indicator that no form loads. Figures leaves out the indicators that are refused.
func Check(c *reporting.Catalogue) error {
	_, err := formulas(c)
	return err
}

// formulas derives the formula of every indicator of the catalogue, and says which have none.
func formulas(c *reporting.Catalogue) (map[string]formula, error) {
	derived := make(map[string]formula, len(c.Indicators))
	var faults []error
	for n := range c.Indicators {
		i := &c.Indicators[n]
		f, err := derive(c, i)
		if err != nil {
			faults = append(faults, reporting.Errorf(reporting.Invalid, "indicator %s: %w", i.Code, err))
			continue
		}
		derived[i.Code] = f
	}
	return derived, errors.Join(faults...)
}

func derive(c *reporting.Catalogue, i *reporting.Indicator) (formula, error) {
	if i.Kind == reporting.Ratio || i.Rollup == reporting.RollupRatio {
		return deriveQuotient(c, i)
	}
	return deriveSum(c, i, nil)
}

func deriveQuotient(c *reporting.Catalogue, i *reporting.Indicator) (formula, error) {
	if !fits(i) {
		return nil, misfit(i)
	}
	numerator, err := deriveOperand(c, i.Numerator)
	if err != nil {
		return nil, err
	}
	denominator, err := deriveOperand(c, i.Denominator)
	if err != nil {
		return nil, err
	}
	n, d := c.Indicator(i.Numerator), c.Indicator(i.Denominator)
	switch {
	case i.Measure == "%" && dimension(n) != dimension(d):
		return nil, fault("a percentage of %s (%s) in %s (%s)", n.Code, n.Measure, d.Code, d.Measure)
	case periodRule(n) != periodRule(d):
		return nil, fault("the months of %s and %s are not the same days", n.Code, d.Code)
	}
	return quotient{numerator: numerator, denominator: denominator}, nil
}

// deriveOperand derives the upper or lower part of a ratio.
func deriveOperand(c *reporting.Catalogue, code string) (sum, error) {
	i := c.Indicator(code)
	switch {
	case i == nil:
		return nil, fault("there is no indicator %q", code)
	case i.Kind == reporting.Ratio:
		return nil, fault("a ratio of the ratio %s", code)
	}
	return deriveSum(c, i, nil)
}

// deriveSum derives an amount. within are the sums that it was met in, the outermost first.
func deriveSum(c *reporting.Catalogue, i *reporting.Indicator, within []string) (sum, error) {
	switch {
	case slices.Contains(within, i.Code):
		return nil, fault("a sum that holds itself through %s", i.Code)
	case !fits(i):
		return nil, misfit(i)
	case !i.Base():
		return deriveParts(c, i, append(slices.Clone(within), i.Code))
	case c.FormOf(i.Code) == nil:
		return nil, fault("no form loads %s", i.Code)
	}
	return sum{i}, nil
}

func deriveParts(c *reporting.Catalogue, whole *reporting.Indicator, within []string) (sum, error) {
	if len(whole.Parts) == 0 {
		return nil, fault("a sum of no parts")
	}
	var all sum
	for _, code := range whole.Parts {
		part := c.Indicator(code)
		if part == nil {
			return nil, fault("there is no indicator %q", code)
		}
		if err := addable(whole, part); err != nil {
			return nil, err
		}
		s, err := deriveSum(c, part, within)
		if err != nil {
			return nil, err
		}
		for _, term := range s {
			if slices.Contains(all, term) {
				return nil, fault("%s is counted twice", term.Code)
			}
			all = append(all, term)
		}
	}
	return all, nil
}

// addable says why part may not be added into whole; nil if it may.
func addable(whole, part *reporting.Indicator) error {
	switch {
	case part.Kind == reporting.Ratio:
		return fault("a sum over the ratio %s", part.Code)
	case part.Rollup == reporting.RollupDistinct:
		return fault("a sum over the distinct count %s, which may hold what another part holds", part.Code)
	case part.Kind != whole.Kind:
		return fault("a %s that sums the %s %s", whole.Kind, part.Kind, part.Code)
	case dimension(part) != dimension(whole):
		return fault("a sum in %s over %s in %s", whole.Measure, part.Code, part.Measure)
	case periodRule(part) != periodRule(whole):
		return fault("the months of %s are not the same days", part.Code)
	}
	return nil
}

// fits reports whether the roll-up makes sense for the kind. A docket may be declared as either: it is what was there at some time
// in the period.
func fits(i *reporting.Indicator) bool {
	switch i.Rollup {
	case reporting.RollupSum, reporting.RollupDistinct:
		return i.Kind == reporting.Flow
	case reporting.RollupLast:
		return i.Kind == reporting.Stock
	case reporting.RollupDocket, reporting.RollupParts:
		return i.Kind == reporting.Flow || i.Kind == reporting.Stock
	case reporting.RollupRatio:
		return i.Kind == reporting.Ratio
	}
	return false
}

func misfit(i *reporting.Indicator) error {
	return fault("a %s cannot roll up as %q", i.Kind, i.Rollup)
}

func fault(format string, args ...any) error {
	return reporting.Errorf(reporting.Invalid, format, args...)
}

// dimension is what the indicator's unit measures: amounts of one dimension are stored in one unit and may be added.
func dimension(i *reporting.Indicator) string {
	switch {
	case i.IsMoney():
		return "money"
	case i.Measure == "名": // the polite word for 人
		return "人"
	}
	return i.Measure
}

func periodRule(i *reporting.Indicator) reporting.PeriodRule {
	if i.PeriodRule == "" {
		return reporting.CalendarMonth
	}
	return i.PeriodRule
}
