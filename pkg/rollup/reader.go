package rollup

import (
	"math/big"

	"huizong/pkg/reporting"
)

// reader is a formula bound to the city or a unit.
type reader interface {
	// read computes it for the period.
	read(reporting.Period) reading
	// completeness says how much of it was reported, without computing it.
	completeness(reporting.Period) completeness
}

// reading is what a formula comes to.
type reading struct {
	value, numerator, denominator *big.Rat
	completeness
}

// addition is a sum bound to the city or a unit. It has at least one account.
type addition []account

// division is a quotient bound to the city or a unit. As with quotients, nothing can add it up.
type division struct{ numerator, denominator addition }

func (a addition) read(p reporting.Period) reading {
	return reading{value: a.amount(p).rat(), completeness: a.completeness(p)}
}

// amount adds up what there is.
func (a addition) amount(p reporting.Period) amount {
	total := a[0].amount(p)
	for n := range a[1:] {
		total = total.plus(a[1+n].amount(p))
	}
	return total
}

func (a addition) completeness(p reporting.Period) completeness {
	c := a[0].completeness(p)
	for n := range a[1:] {
		c = c.with(a[1+n].completeness(p))
	}
	return c
}

func (d division) read(p reporting.Period) reading {
	n, m := d.numerator.amount(p).rat(), d.denominator.amount(p).rat()
	return reading{value: over(n, m), numerator: n, denominator: m, completeness: d.completeness(p)}
}

func (d division) completeness(p reporting.Period) completeness {
	return d.numerator.completeness(p).with(d.denominator.completeness(p))
}
