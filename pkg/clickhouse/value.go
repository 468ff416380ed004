package clickhouse

import (
	"math/big"
	"time"

	"github.com/shopspring/decimal"

	"huizong/pkg/reporting"
)

// The digits after the point that a column keeps.
const (
	factScale   = 4  // yuan have two
	targetScale = 10 // a rate is stored as a fraction
)

// wholeDigits bounds what we store to numbers below 10^20. The columns hold 10^28 and more, so that no sum of 10^8 rows can
// overflow.
const wholeDigits = 20

// toDecimal gives d the shape of a column, and returns false for a number that the column cannot hold exactly. The driver would
// cut it off without an error.
func toDecimal(d reporting.Decimal, scale int) (decimal.Decimal, bool) {
	if !d.Round(scale).Equal(d) {
		return decimal.Decimal{}, false
	}
	unscaled := d.Unscaled(scale)
	limit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(wholeDigits+scale)), nil)
	if unscaled.CmpAbs(limit) >= 0 {
		return decimal.Decimal{}, false
	}
	return decimal.NewFromBigInt(unscaled, int32(-scale)), true
}

// fromDecimal is exact: the columns' exponents are never positive.
func fromDecimal(d decimal.Decimal) reporting.Decimal {
	return reporting.NewDecimal(d.Coefficient(), int(-d.Exponent()))
}

// day is a Date as Date32 takes it; reporting's dates (1900–2200) lie within Date32's.
func day(d reporting.Date) time.Time { return d.Time() }

// optionalDay is NULL for the zero Date.
func optionalDay(d reporting.Date) *time.Time {
	if d == 0 {
		return nil
	}
	t := d.Time()
	return &t
}

func fromOptionalDay(t *time.Time) reporting.Date {
	if t == nil {
		return 0
	}
	return reporting.DateOf(*t)
}

// periodOf is the run of months from the first day to the last.
func periodOf(from, to time.Time) reporting.Period {
	return reporting.Period{First: reporting.DateOf(from).Month(), Last: reporting.DateOf(to).Month()}
}
