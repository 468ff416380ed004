package reporting

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"
)

func TestParseDecimal(t *testing.T) {
	for in, want := range map[string]string{
		"0": "0", "-0": "0", "+3.": "3", ".5": "0.5", "-12": "-12", "0.50": "0.5", "1.2E-5": "0.000012", "1e3": "1000", "1.5E+3": "1500", "007": "7",
		"4123.4500000000007": "4123.4500000000007", strings.Repeat("9", 40): strings.Repeat("9", 40), "0." + strings.Repeat("0", 39) + "1": "0." + strings.Repeat("0", 39) + "1",
	} {
		d, err := ParseDecimal(in)
		if err != nil || d.String() != want {
			t.Errorf("ParseDecimal(%q) = %s, %v, want %s", in, d, err, want)
		}
	}
	for _, in := range []string{"", "-", ".", "1,234", " 1", "1 ", "--1", "1e", "e5", "1e999", "1e41", "1.2.3", "１", "0x10", "NaN", "Inf", strings.Repeat("9", 41), strings.Repeat("0", 81)} {
		if d, err := ParseDecimal(in); err == nil {
			t.Errorf("ParseDecimal(%q) = %s, want an error", in, d)
		}
	}
}

func TestDecimalArithmetic(t *testing.T) {
	m := MustDecimal
	for _, c := range []struct{ got, want Decimal }{
		{m("1.10").Add(m("2.2")), m("3.3")}, {m("0.1").Add(m("0.2")), m("0.3")}, {m("1").Sub(m("1.00")), Decimal{}}, {m("-1.5").Mul(m("0.2")), m("-0.3")},
		{m("1").Quo(m("3"), 4), m("0.3333")}, {m("2").Quo(m("3"), 2), m("0.67")}, {m("-2").Quo(m("3"), 2), m("-0.67")}, {m("1").Quo(m("8"), 2), m("0.13")},
		{m("-7.25").Abs(), m("7.25")}, {Decimal{}.Neg(), Decimal{}}, {Decimal{}.Add(m("5")), m("5")}, {NewDecimal(big.NewInt(1500), 3), m("1.5")},
	} {
		if !c.got.Equal(c.want) || c.got.String() != c.want.String() {
			t.Errorf("%s, want %s", c.got, c.want)
		}
	}
	if m("2").Cmp(m("1.99")) != 1 || m("-1").Sign() != -1 || !m("3.00").IsInteger() || m("3.01").IsInteger() {
		t.Error("Cmp, Sign or IsInteger is wrong")
	}
}

// Offices round half up, away from zero.
func TestRound(t *testing.T) {
	for _, c := range []struct {
		in     string
		places int
		want   string
	}{
		{"0.5", 0, "1"}, {"-0.5", 0, "-1"}, {"0.4999", 0, "0"}, {"2.675", 2, "2.68"}, {"-2.675", 2, "-2.68"}, {"1.005", 2, "1.01"}, {"9.995", 2, "10"}, {"12", 5, "12"},
		{"4123.4500000000007", 2, "4123.45"}, {"0.0049999999", 2, "0"}, {"114.5", 0, "115"},
	} {
		if got := MustDecimal(c.in).Round(c.places).String(); got != c.want {
			t.Errorf("Round(%s, %d) = %s, want %s", c.in, c.places, got, c.want)
		}
	}
}

func TestDecimalText(t *testing.T) {
	for _, c := range []struct {
		in            string
		places        int
		text, grouped string
	}{
		{"1230.5", 2, "1230.50", "1,230.50"}, {"-1234567.891", 2, "-1234567.89", "-1,234,567.89"}, {"0.005", 2, "0.01", "0.01"}, {"-0.001", 2, "0.00", "0.00"},
		{"999", 0, "999", "999"}, {"1000", -1, "1000", "1,000"}, {"100000", 0, "100000", "100,000"}, {"0", 2, "0.00", "0.00"}, {"12.3456", -1, "12.3456", "12.3456"},
	} {
		if d := MustDecimal(c.in); d.Text(c.places) != c.text || d.Grouped(c.places) != c.grouped {
			t.Errorf("%s at %d: %s, %s, want %s, %s", c.in, c.places, d.Text(c.places), d.Grouped(c.places), c.text, c.grouped)
		}
	}
	if got := MustDecimal("1.005").Unscaled(2); got.Cmp(big.NewInt(101)) != 0 {
		t.Errorf("Unscaled = %s, want 101", got)
	}
	var back struct{ V Decimal }
	data, err := json.Marshal(struct{ V Decimal }{MustDecimal("-12.50")})
	if err != nil || string(data) != `{"V":"-12.5"}` || json.Unmarshal(data, &back) != nil || !back.V.Equal(MustDecimal("-12.5")) {
		t.Errorf("JSON %s, %v, back %s", data, err, back.V)
	}
}

func TestMoney(t *testing.T) {
	for unit, want := range map[Money]string{"元": "1", "千元": "1000", "万元": "10000", "百万元": "1000000", "亿元": "100000000"} {
		if f, ok := unit.Factor(); !ok || f.String() != want {
			t.Errorf("%s is %s yuan, want %s", unit, f, want)
		}
	}
	if _, ok := Money("人").Factor(); ok {
		t.Error("人 is money")
	}
}

func FuzzParseDecimal(f *testing.F) {
	for _, s := range []string{"1.50", "-0", "1e3", "+.5", "9e-40"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDecimal(s)
		if err != nil {
			return
		}
		if again, err := ParseDecimal(d.String()); err == nil && !again.Equal(d) {
			t.Errorf("ParseDecimal(%q) = %s, which reads as %s", s, d, again)
		}
		if sum := d.Add(d.Neg()); sum.Sign() != 0 {
			t.Errorf("%s − itself = %s", d, sum)
		}
	})
}
