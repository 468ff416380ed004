package reporting

import (
	"errors"
	"math/big"
	"strings"
)

// maxDigits bounds what ParseDecimal accepts. No sum of money or persons of a nation needs more, and a sheet must not make us
// compute with a number of a million digits.
const maxDigits = 40

// ErrDecimal says that a text is not a plain decimal number of at most 40 digits.
var ErrDecimal = errors.New("not a decimal number")

// Decimal is an exact decimal number: unscaled × 10^-scale. The zero value is 0. Decimals are immutable; compare them with Cmp or
// Equal, never with ==.
type Decimal struct {
	unscaled *big.Int // nil means 0
	scale    int      // digits after the point, never negative
}

var (
	bigZero = new(big.Int)
	bigTen  = big.NewInt(10)
)

// Int returns n as a Decimal.
func Int(n int64) Decimal { return Decimal{unscaled: big.NewInt(n)}.trim() }

// NewDecimal returns unscaled × 10^-scale. It keeps no reference to unscaled.
func NewDecimal(unscaled *big.Int, scale int) Decimal {
	return Decimal{unscaled: new(big.Int).Set(unscaled), scale: scale}.trim()
}

// MustDecimal is ParseDecimal for constants and tests; it panics on a text that is no number.
func MustDecimal(s string) Decimal {
	d, err := ParseDecimal(s)
	if err != nil {
		panic(err)
	}
	return d
}

// ParseDecimal reads ASCII text such as "-12", "0.50", "+3." or "1.2E-5", without separators or spaces, exactly.
func ParseDecimal(s string) (Decimal, error) {
	mantissa, exponent, ok := splitExponent(s)
	if !ok {
		return Decimal{}, ErrDecimal
	}
	negative := false
	if mantissa != "" && (mantissa[0] == '-' || mantissa[0] == '+') {
		negative = mantissa[0] == '-'
		mantissa = mantissa[1:]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := whole + fraction
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return Decimal{}, ErrDecimal
	}
	if len(strings.TrimLeft(digits, "0")) > maxDigits || len(digits) > 2*maxDigits {
		return Decimal{}, ErrDecimal
	}
	unscaled, _ := new(big.Int).SetString(digits, 10)
	if negative {
		unscaled.Neg(unscaled)
	}
	scale := len(fraction) - exponent
	if scale < 0 {
		unscaled.Mul(unscaled, power(-scale))
		scale = 0
	}
	return Decimal{unscaled: unscaled, scale: scale}.trim(), nil
}

// splitExponent parts "1.5E+3" into "1.5" and 3. An exponent beyond ±maxDigits is refused: it could only make us allocate.
func splitExponent(s string) (mantissa string, exponent int, ok bool) {
	at := strings.IndexAny(s, "eE")
	if at < 0 {
		return s, 0, true
	}
	text := s[at+1:]
	negative := strings.HasPrefix(text, "-")
	text = strings.TrimPrefix(strings.TrimPrefix(text, "-"), "+")
	if text == "" || len(text) > 3 || strings.Trim(text, "0123456789") != "" {
		return "", 0, false
	}
	for _, c := range text {
		exponent = exponent*10 + int(c-'0')
	}
	if exponent > maxDigits {
		return "", 0, false
	}
	if negative {
		exponent = -exponent
	}
	return s[:at], exponent, true
}

func power(n int) *big.Int { return new(big.Int).Exp(bigTen, big.NewInt(int64(n)), nil) }

func (d Decimal) int() *big.Int {
	if d.unscaled == nil {
		return bigZero
	}
	return d.unscaled
}

// trim drops trailing zeros of the fraction, so that equal numbers have one representation; that of 0 is the zero value.
func (d Decimal) trim() Decimal {
	if d.Sign() == 0 {
		return Decimal{}
	}
	if d.scale == 0 {
		return d
	}
	n, rest := new(big.Int).Set(d.int()), new(big.Int)
	for d.scale > 0 {
		q, r := new(big.Int).QuoRem(n, bigTen, rest)
		if r.Sign() != 0 {
			break
		}
		n, d.scale = q, d.scale-1
	}
	d.unscaled = n
	return d
}

// at returns the unscaled number of d at a scale not smaller than its own.
func (d Decimal) at(scale int) *big.Int {
	if scale == d.scale {
		return d.int()
	}
	return new(big.Int).Mul(d.int(), power(scale-d.scale))
}

// Unscaled returns d × 10^scale, rounded half away from zero where d has more digits.
func (d Decimal) Unscaled(scale int) *big.Int { return new(big.Int).Set(d.Round(scale).at(scale)) }

// Scale is the number of digits after the point that d needs.
func (d Decimal) Scale() int { return d.scale }

// Add returns d + e.
func (d Decimal) Add(e Decimal) Decimal {
	scale := max(d.scale, e.scale)
	return Decimal{unscaled: new(big.Int).Add(d.at(scale), e.at(scale)), scale: scale}.trim()
}

// Sub returns d − e.
func (d Decimal) Sub(e Decimal) Decimal { return d.Add(e.Neg()) }

// Mul returns d × e.
func (d Decimal) Mul(e Decimal) Decimal {
	return Decimal{unscaled: new(big.Int).Mul(d.int(), e.int()), scale: d.scale + e.scale}.trim()
}

// Neg returns −d.
func (d Decimal) Neg() Decimal {
	return Decimal{unscaled: new(big.Int).Neg(d.int()), scale: d.scale}.trim()
}

// Abs returns |d|.
func (d Decimal) Abs() Decimal {
	return Decimal{unscaled: new(big.Int).Abs(d.int()), scale: d.scale}.trim()
}

// Quo returns d ÷ e rounded half away from zero at places digits. Dividing by zero is the caller's mistake and panics.
func (d Decimal) Quo(e Decimal, places int) Decimal {
	numerator := new(big.Int).Mul(d.int(), power(places+e.scale))
	denominator := new(big.Int).Mul(e.int(), power(d.scale))
	return Decimal{unscaled: quoHalfUp(numerator, denominator), scale: places}.trim()
}

// Round rounds half away from zero at places digits after the point, as offices do.
func (d Decimal) Round(places int) Decimal {
	if d.scale <= places {
		return d
	}
	return Decimal{unscaled: quoHalfUp(d.int(), power(d.scale-places)), scale: places}.trim()
}

func quoHalfUp(numerator, denominator *big.Int) *big.Int {
	rest := new(big.Int)
	quotient, _ := new(big.Int).QuoRem(numerator, denominator, rest)
	if rest.Lsh(rest.Abs(rest), 1).CmpAbs(denominator) >= 0 {
		quotient.Add(quotient, big.NewInt(int64(numerator.Sign()*denominator.Sign())))
	}
	return quotient
}

// Cmp returns −1, 0 or 1 as d is less than, equal to or greater than e.
func (d Decimal) Cmp(e Decimal) int {
	scale := max(d.scale, e.scale)
	return d.at(scale).Cmp(e.at(scale))
}

// Equal reports whether d and e are the same number.
func (d Decimal) Equal(e Decimal) bool { return d.Cmp(e) == 0 }

// Sign returns −1, 0 or 1.
func (d Decimal) Sign() int { return d.int().Sign() }

// IsInteger reports whether d has no fraction.
func (d Decimal) IsInteger() bool { return d.trim().scale == 0 }

// String prints d in plain digits without separators and without trailing zeros: "-1230.5".
func (d Decimal) String() string { return d.trim().Text(-1) }

// Text prints d with exactly places digits after the point, rounded half away from zero; places < 0 keeps those it has.
func (d Decimal) Text(places int) string {
	if places < 0 {
		places = d.scale
	}
	n := d.Unscaled(places)
	digits := new(big.Int).Abs(n).String()
	if len(digits) <= places {
		digits = strings.Repeat("0", places-len(digits)+1) + digits
	}
	if places > 0 {
		digits = digits[:len(digits)-places] + "." + digits[len(digits)-places:]
	}
	if n.Sign() < 0 {
		digits = "-" + digits
	}
	return digits
}

// Grouped prints d as Text does, with a comma between each three digits of the whole part: "1,230.50".
func (d Decimal) Grouped(places int) string {
	text := d.Text(places)
	sign := ""
	if text[0] == '-' {
		sign, text = "-", text[1:]
	}
	whole, fraction, point := strings.Cut(text, ".")
	var b strings.Builder
	b.WriteString(sign)
	for i, c := range []byte(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteByte(c)
	}
	if point {
		b.WriteString("." + fraction)
	}
	return b.String()
}

// MarshalText makes a Decimal a plain number's text in JSON and YAML.
func (d Decimal) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (d *Decimal) UnmarshalText(text []byte) error {
	parsed, err := ParseDecimal(string(text))
	*d = parsed
	return err
}

// UnmarshalJSON reads a number as well as a text, exactly.
func (d *Decimal) UnmarshalJSON(data []byte) error {
	return d.UnmarshalText([]byte(strings.Trim(string(data), `"`)))
}

// Money is a unit of money as sheets name it.
type Money string

// The units of money that sheets use.
const (
	Yuan     Money = "元"
	TenKilo  Money = "万元"
	HundredM Money = "亿元"
)

var moneyFactors = map[Money]Decimal{"分": MustDecimal("0.01"), "角": MustDecimal("0.1"), Yuan: Int(1), "千元": Int(1000), "百元": Int(100), TenKilo: Int(10_000), "十万元": Int(100_000), "千万元": Int(10_000_000), "百万元": Int(1_000_000), HundredM: Int(100_000_000)}

// Factor returns how many yuan one of the unit is, and false for a unit that is not of money.
func (m Money) Factor() (Decimal, bool) {
	f, ok := moneyFactors[m]
	return f, ok
}
