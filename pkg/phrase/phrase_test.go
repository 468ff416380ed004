package phrase

import (
	"math/big"
	"testing"
	"time"

	"huizong/pkg/reporting"
)

func period(t *testing.T, text string) reporting.Period {
	t.Helper()
	p, err := reporting.ParsePeriod(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestPeriod: a period is named as the office does, in full, above a column of a table, and above a narrow one.
func TestPeriod(t *testing.T) {
	if Period("zh", reporting.Period{}) != "" {
		t.Error("no period has a name")
	}
	for _, tt := range []struct{ span, of, zh, en, headZH, headEN, shortZH, shortEN string }{
		{"2020-06", "2020H1", "2020 年 6 月", "June 2020", "6 月", "Jun", "6月", "Jun"},
		{"2020-06", "2019-07..2020-06", "2020 年 6 月", "June 2020", "2020 年 6 月", "June 2020", "6月", "Jun"},
		{"2020H1", "2020H1", "2020 年上半年", "first half of 2020", "上半年", "first half of 2020", "上半年", "H1"},
		{"2020H2", "2020", "2020 年下半年", "second half of 2020", "2020 年下半年", "second half of 2020", "下半年", "H2"},
		{"2020Q2", "2020", "2020 年二季度", "second quarter of 2020", "2020 年二季度", "second quarter of 2020", "2020年第二季度", "2020Q2"},
		{"2020-01..2020-05", "2020", "2020 年 1–5 月", "January–May 2020", "2020 年 1–5 月", "January–May 2020", "2020年1—5月", "2020-01..2020-05"},
		{"2019-07..2020-06", "2019-07..2020-06", "2019 年 7 月 – 2020 年 6 月", "July 2019 – June 2020", " 7 月 – 2020 年 6 月", "July 2019 – June 2020", "", ""},
	} {
		p, of := period(t, tt.span), period(t, tt.of)
		short := ShortPeriod(p)
		if tt.shortZH == "" {
			short = reporting.Text{}
		}
		got := [6]string{Period("zh", p), Period("en", p), PeriodHead("zh", p, of), PeriodHead("en", p, of), short.ZH, short.EN}
		if want := [6]string{tt.zh, tt.en, tt.headZH, tt.headEN, tt.shortZH, tt.shortEN}; got != want {
			t.Errorf("%s in %s: %q, want %q", tt.span, tt.of, got, want)
		}
	}
	if Year("zh", 2020) != "2020 年" || Year("en", 2020) != "2020" {
		t.Error("a year is named otherwise")
	}
	if at := time.Date(2020, 6, 30, 23, 0, 0, 0, time.UTC); Day("zh", at) != "7 月 1 日" || Day("en", at) != "1 July" { // the bureau's day has begun
		t.Errorf("%s, %s", Day("zh", at), Day("en", at))
	}
}

// TestNumber: a number is in the indicator's own measure, with separators; what is missing is nothing.
func TestNumber(t *testing.T) {
	people := &reporting.Indicator{Kind: reporting.Flow, Measure: "人"}
	money := &reporting.Indicator{Kind: reporting.Flow, Measure: "万元"}
	rate := &reporting.Indicator{Kind: reporting.Ratio, Measure: "%"}
	for _, tt := range []struct {
		of   *reporting.Indicator
		r    *big.Rat
		want string
	}{
		{people, nil, ""}, {people, big.NewRat(12345, 1), "12,345"}, {money, big.NewRat(123456789, 1), "12,345.68"}, {rate, big.NewRat(1, 3), "33.33"},
	} {
		if got := Number(tt.r, tt.of); got != tt.want {
			t.Errorf("%v in %s is %s, want %s", tt.r, tt.of.Measure, got, tt.want)
		}
	}
	for got, want := range map[string]string{
		PlainNumber("", people): "", PlainNumber("1000000", money): "100.00",
		Percent(nil): "", Percent(big.NewRat(1, 8)): "12.50%", Tenths(big.NewRat(489, 1000)): "48.9%",
		Growth("zh", big.NewRat(1, 50), false): "+2.0%", Growth("zh", big.NewRat(-14, 10000), true): "−0.14 个百分点", Growth("en", new(big.Rat), false): "0.0%",
		Reported(reporting.Figure{Reported: 19, Expected: 20}): "19/20",
		Measure("zh", people): "人", Measure("en", people): "persons", Measure("en", rate): "%",
		Size(999): "999 B", Size(1536): "1.5 KB", Size(64 << 20): "64.0 MB",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestNames: what is none of ours keeps its code.
func TestNames(t *testing.T) {
	c := &reporting.Catalogue{Units: []reporting.OrgUnit{{Code: "A01", Name: reporting.Text{ZH: "梅林镇", EN: "Meilin"}}}, Forms: []*reporting.Form{{ID: "f", Title: reporting.Text{ZH: "月报"}}}}
	c.Index()
	for got, want := range map[string]string{
		Unit(c, "zh", "A01"): "梅林镇", Unit(c, "en", "A01"): "Meilin", Unit(c, "zh", "B"): "B", Units(c, "zh", []string{"A01", "B"}): "梅林镇、B", Units(c, "en", []string{"A01", "B"}): "Meilin, B",
		Form(c, "en", "f"): "月报", Form(c, "zh", "g"): "g", Short("0123456789AB"): "0123456789AB", Short("0123456789ABC"): "0123…9ABC",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
