package compile

import (
	"math/big"
	"testing"

	"huizong/pkg/reporting"
)

func rat(t *testing.T, s string) *big.Rat {
	t.Helper()
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		t.Fatalf("%q is no number", s)
	}
	return r
}

func TestPrinted(t *testing.T) {
	for _, tt := range []struct {
		exact, measure string
		places         int
		want           string
	}{
		{"2583", "人", 0, "2583"},
		{"1234567", "人", 0, "1234567"},
		{"1101/10", "%", 0, "11010"},
		{"11005/10000", "%", 2, "110.05"},
		{"110045/100000", "%", 2, "110.05"}, // 110.045 goes up
		{"1100449/1000000", "%", 2, "110.04"},
		{"-110045/100000", "%", 2, "-110.05"}, // away from zero
		{"1/3", "%", 2, "33.33"},
		{"2/3", "%", 2, "66.67"},
		{"1", "%", 2, "100.00"},
		{"5860/17200", "%", 2, "34.07"},   // published
		{"50801/39000", "%", 2, "130.26"}, // published
		{"50801/40000", "%", 0, "127"},    // published
		{"579/580", "%", 2, "99.83"},      // published as 100%
		{"3155300", "万元", 2, "315.53"},
		{"2789445.70", "万元", 2, "278.94"},
		{"50", "万元", 2, "0.01"},
		{"49.99", "万元", 2, "0.00"},
		{"279940629.41", "亿元", 2, "2.80"},
		{"45131200", "亿元", 2, "0.45"},
		{"2999049.70", "元", 2, "2999049.70"},
		{"-7217.2", "亿元", 2, "0.00"},
		{"484/10000", "个百分点", 2, "4.84"},
	} {
		if got := printed(rat(t, tt.exact), tt.measure, tt.places); got != tt.want {
			t.Errorf("printed(%s, %s, %d) = %s, want %s", tt.exact, tt.measure, tt.places, got, tt.want)
		}
	}
}

func TestMoneyBySize(t *testing.T) {
	precision := map[string]int{"万元": 2, "亿元": 2}
	for amount, want := range map[string]string{
		"0": "万元", "99999949.99": "万元", "99999950": "亿元", "100000000": "亿元", "-100000000": "亿元", "-99999949": "万元",
	} {
		if got := moneyBySize(rat(t, amount), precision); got != want {
			t.Errorf("moneyBySize(%s) = %s, want %s", amount, got, want)
		}
	}
}

func TestFits(t *testing.T) {
	persons := &reporting.Indicator{Kind: reporting.Flow, Measure: "人"}
	money := &reporting.Indicator{Kind: reporting.Flow, Measure: "万元"}
	rate := &reporting.Indicator{Kind: reporting.Ratio, Measure: "%"}
	for _, tt := range []struct {
		indicator *reporting.Indicator
		measure   string
		want      bool
	}{
		{persons, "人", true}, {persons, "名", true}, {persons, "个", true}, {persons, "万元", false}, {persons, "%", false},
		{persons, "件", false}, {persons, "auto", false}, {money, "亿元", true}, {money, "auto", true}, {money, "人", false},
		{rate, "%", true}, {rate, "人", false}, {rate, "个百分点", false},
	} {
		if got := fits(tt.indicator, tt.measure); got != tt.want {
			t.Errorf("fits(%s, %s) = %t, want %t", tt.indicator.Measure, tt.measure, got, tt.want)
		}
	}
}

func TestNumeral(t *testing.T) {
	for n, want := range map[int]string{1: "一", 9: "九", 10: "十", 11: "十一", 20: "二十", 21: "二十一", 99: "九十九"} {
		if got := numeral(n); got != want {
			t.Errorf("numeral(%d) = %s, want %s", n, got, want)
		}
	}
}

func TestNextSpan(t *testing.T) {
	for period, want := range map[string]string{
		"2020H1": "下半年", "2020H2": "2021年上半年", "2020Q1": "第二季度", "2020-06": "7月", "2020-12": "2021年1月", "2020": "2021年",
	} {
		p, err := reporting.ParsePeriod(period)
		if err != nil {
			t.Fatal(err)
		}
		if got := nextSpan(p); got != want {
			t.Errorf("nextSpan(%s) = %s, want %s", period, got, want)
		}
	}
}
