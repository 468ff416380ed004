package rollup

import (
	"math/big"

	"huizong/pkg/reporting"
)

// amount is a number that adds up, or none: the zero amount is not zero but missing.
type amount struct {
	given bool
	value reporting.Decimal
}

// plus returns the sum of what there is: a missing amount adds nothing, and two of them are missing.
func (a amount) plus(b amount) amount {
	switch {
	case !a.given:
		return b
	case !b.given:
		return a
	}
	return amount{given: true, value: a.value.Add(b.value)}
}

// rat returns the amount as a fraction, or nil where it is missing.
func (a amount) rat() *big.Rat {
	switch {
	case !a.given:
		return nil
	case a.value.Scale() == 0: // a count: no fraction to reduce
		return new(big.Rat).SetInt(a.value.Unscaled(0))
	}
	return a.value.Rat()
}

// over returns a ÷ b, or nil where one of them is missing or b is zero.
func over(a, b *big.Rat) *big.Rat {
	if a == nil || b == nil || b.Sign() == 0 {
		return nil
	}
	return new(big.Rat).Quo(a, b)
}

// change returns a ÷ b − 1, or nil where over does. It is computed as (a − b) ÷ b, which is the same and reduces one fraction less.
func change(a, b *big.Rat) *big.Rat {
	if a == nil || b == nil {
		return nil
	}
	return over(new(big.Rat).Sub(a, b), b)
}
