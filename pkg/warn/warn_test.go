package warn_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"
	"testing/fstest"

	"huizong/pkg/reporting"
	"huizong/pkg/warn"
	"huizong/schemas"
)

const (
	rate    = "employment.registered_unemployment_rate"
	jobs    = "employment.urban_new_jobs"
	workers = "inspection.workers_involved"
	balance = "insurance.unemployment.balance"
	paid    = "insurance.unemployment.expenditure"
	cases   = "disputes.cases_accepted"
)

func catalogue(t testing.TB) *reporting.Catalogue {
	t.Helper()
	c, err := schemas.Load(schemas.FS())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func period(t testing.TB, s string) reporting.Period {
	t.Helper()
	p, err := reporting.ParsePeriod(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// world is a city's figures in short: "indicator unit period" → "value" or "value of target"; the unit - is the city.
type world map[string]string

func (w world) find(t testing.TB, rule warn.Rule, list ...warn.Case) []string {
	t.Helper()
	c := catalogue(t)
	in := warn.Input{Rules: []warn.Rule{rule}, Catalogue: c, Cases: list, Period: period(t, "2020H1")}
	in.Figures = func(indicator, unit string, p reporting.Period) (reporting.Figure, bool) {
		name := unit
		if unit == c.City {
			name = "-"
		}
		text, ok := w[indicator+" "+name+" "+p.String()]
		f := reporting.Figure{Indicator: indicator, Unit: unit, Period: p}
		text, partly := strings.CutSuffix(text, " partly")
		if partly {
			f.Reported, f.Expected = 19, 20
		}
		value, target, _ := strings.Cut(text, " of ")
		f.Value, _ = new(big.Rat).SetString(value)
		if target != "" {
			f.Target, _ = new(big.Rat).SetString(target)
			f.Completion = new(big.Rat).Quo(f.Value, f.Target)
		}
		return f, ok
	}
	var lines []string
	for _, found := range warn.Find(in) {
		line := fmt.Sprintf("%s %s %s", found.Level, found.Unit, found.Value.FloatString(3))
		if strings.HasSuffix(found.Text.ZH, "（20个单位已报齐19个）") {
			line += " partly"
		}
		if found.Threshold != nil {
			line += " / " + found.Threshold.FloatString(3)
		}
		lines = append(lines, line)
	}
	return lines
}

func months(indicator string, values ...string) world {
	w := world{}
	for i, v := range values {
		if v != "" {
			w[fmt.Sprintf("%s - 2020-%02d", indicator, 6-len(values)+1+i)] = v
		}
	}
	return w
}

func (w world) and(key, value string) world { w[key] = value; return w }

func decimal(s string) reporting.Decimal { return reporting.MustDecimal(s) }

func TestFind(t *testing.T) {
	ceiling := warn.Rule{ID: "c", Kind: warn.Ceiling, Indicator: rate, Yellow: decimal("0.9"), Red: decimal("1")}
	trend := warn.Rule{ID: "t", Kind: warn.Trend, Indicator: rate, Months: 3}
	cover := warn.Rule{ID: "f", Kind: warn.Cover, Indicator: balance, Expenditure: paid, Months: 12, Yellow: decimal("12"), Red: decimal("6")}
	schedule := warn.Rule{ID: "s", Kind: warn.Schedule, Yellow: decimal("0.05"), Red: decimal("0.15")}
	units := warn.Rule{ID: "u", Kind: warn.Units, Indicator: workers, Yellow: decimal("30"), Red: decimal("50")}
	six := func() world { return months(paid, "10", "10", "10", "10", "10", "10") }
	for _, tt := range []struct {
		name  string
		rule  warn.Rule
		world world
		want  string
	}{
		{"BelowCeiling", ceiling, world{rate + " - 2020H1": "0.0404 of 0.045"}, ""},
		{"NearCeiling", ceiling, world{rate + " - 2020H1": "0.0405 of 0.045"}, "yellow 349981 0.041 / 0.045"}, // 0.0405 is nine tenths
		{"AtCeiling", ceiling, world{rate + " - 2020H1": "0.045 of 0.045"}, "yellow 349981 0.045 / 0.045"},
		{"AboveCeiling", ceiling, world{rate + " - 2020H1": "0.0451 of 0.045"}, "red 349981 0.045 / 0.045"},
		{"NoCeiling", ceiling, world{rate + " - 2020H1": "0.09"}, ""},
		{"Rising", trend, months(rate, "0.020", "0.021", "0.022", "0.023"), "yellow 349981 0.023"},
		{"Level", trend, months(rate, "0.020", "0.021", "0.021", "0.023"), ""},
		{"RisingWithAHole", trend, months(rate, "0.020", "", "0.022", "0.023"), ""},
		{"RisingByFewerUnits", trend, months(rate, "0.020", "0.021", "0.022", "0.023 partly"), ""},
		{"LateByFewerUnits", schedule, world{jobs + " - 2020H1": "450 of 1000 partly"}, "yellow 349981 0.450 partly / 0.500"},
		{"FiveMonthsWhole", cover, months(paid, "10", "10", "10", "10", "10", "1 partly").and(balance+" - 2020H1", "1"), ""},
		{"TooFewMonths", trend, months(rate, "0.021", "0.022", "0.023"), ""},
		{"Covered", cover, six().and(balance+" - 2020H1", "120"), ""},
		{"ScarcelyCovered", cover, six().and(balance+" - 2020H1", "119"), "yellow 349981 11.900 / 12.000"},
		{"NotCovered", cover, six().and(balance+" - 2020H1", "59"), "red 349981 5.900 / 6.000"},
		{"InDebt", cover, six().and(balance+" - 2020H1", "-5"), "red 349981 0.500"},
		{"FiveMonthsKnown", cover, months(paid, "10", "10", "10", "10", "10").and(balance+" - 2020H1", "1"), ""},
		{"NothingPaid", cover, months(paid, "0", "0", "0", "0", "0", "0").and(balance+" - 2020H1", "1"), ""},
		{"OnTime", schedule, world{jobs + " - 2020H1": "451 of 1000"}, ""},
		{"Late", schedule, world{jobs + " - 2020H1": "450 of 1000"}, "yellow 349981 0.450 / 0.500"},
		{"VeryLate", schedule, world{jobs + " - 2020H1": "350 of 1000"}, "red 349981 0.350 / 0.500"},
		{"Stock", schedule, world{"insurance.unemployment.insured - 2020H1": "1 of 1000"}, ""},
		{"UnitsInOrder", units, world{workers + " 349981001 2020H1": "30", workers + " 349981002 2020H1": "50", workers + " 349981003 2020H1": "29", workers + " - 2020H1": "109"},
			"red 349981002 50.000 / 50.000, yellow 349981001 30.000 / 30.000"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := strings.Join(tt.world.find(t, tt.rule), ", "); got != tt.want {
				t.Errorf("Find = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestFindCases(t *testing.T) {
	rule := warn.Rule{ID: "m", Kind: warn.Cases, Indicator: cases, Persons: 10, Yellow: decimal("1"), Red: decimal("2")}
	day := func(s string) reporting.Date {
		d, ok := reporting.ParseDate(s)
		if !ok {
			t.Fatalf("%q is no date", s)
		}
		return d
	}
	list := []warn.Case{
		{Indicator: cases, Unit: "349981001", Persons: 10, Opened: day("2020-01-01"), Closed: day("2020-02-01")},
		{Indicator: cases, Unit: "349981001", Persons: 9, Opened: day("2020-03-01")},
		{Indicator: cases, Unit: "349981002", Persons: 12, Opened: day("2019-11-01")},                            // still open
		{Indicator: cases, Unit: "349981002", Persons: 12, Opened: day("2020-06-30"), Closed: day("2020-07-01")}, // on the last day
		{Indicator: cases, Unit: "349981003", Persons: 40, Opened: day("2019-11-01"), Closed: day("2020-06-30")}, // closed by the end
		{Indicator: cases, Unit: "349981003", Persons: 40, Opened: day("2020-07-01")},                            // later
		{Indicator: "inspection.complaints_accepted", Unit: "349981003", Persons: 40, Opened: day("2020-05-01")},
	}
	if got, want := strings.Join(world{}.find(t, rule, list...), ", "), "red 349981002 2.000 / 2.000, yellow 349981001 1.000 / 1.000"; got != want {
		t.Errorf("Find = %q, want %q", got, want)
	}
}

// The rules that are shipped fit the catalogue that is shipped, and every threshold names its source.
func TestLoad(t *testing.T) {
	rules, err := warn.Load(schemas.Sub("reports"), "warnings.yaml", catalogue(t))
	if err != nil || len(rules) < 10 {
		t.Fatalf("%d rules: %v", len(rules), err)
	}
	if got := warn.Months(rules, period(t, "2020H1")); len(got) != 12 || got[0].String() != "2019-07" {
		t.Errorf("Months = %v, want the twelve up to 2020-06", got)
	}
}

func TestLoadErrors(t *testing.T) {
	for text, want := range map[string]string{
		"{id: a, kind: ceiling, indicator: a.b, basis: x}":                                                                     "unknown indicator a.b",
		"{id: a, kind: ceiling, indicator: " + jobs + ", basis: x, yellow: 0.9, red: 1}":                                       "has no ceiling",
		"{id: a, kind: units, indicator: " + workers + ", yellow: 30, red: 50}":                                                "a rule has an id and a basis",
		"{id: a, kind: units, indicator: " + workers + ", basis: x, yellow: 60, red: 50}":                                      "want 0 < yellow ≤ red",
		"{id: a, kind: units, indicator: " + workers + ", basis: x}":                                                           "want 0 < yellow ≤ red",
		"{id: a, kind: cover, indicator: " + balance + ", expenditure: " + paid + ", basis: x, yellow: 1, red: 2, months: 12}": "want 0 < red ≤ yellow",
		"{id: a, kind: cover, indicator: " + paid + ", expenditure: " + paid + ", basis: x, months: 12}":                       "a cover wants the stock",
		"{id: a, kind: trend, indicator: " + rate + ", basis: x}":                                                              "months: want 1 to 24",
		"{id: a, kind: cases, indicator: " + cases + ", basis: x, yellow: 1, red: 1}":                                          "persons: want at least 1",
		"{id: a, kind: mood, indicator: " + cases + ", basis: x}":                                                              "unknown kind mood",
		"{id: a, colour: red}": "field colour not found",
	} {
		_, err := warn.Load(fstest.MapFS{"w.yaml": {Data: []byte("rules:\n  - " + text + "\n")}}, "w.yaml", catalogue(t))
		if err == nil || !strings.Contains(err.Error(), want) || reporting.CodeOf(err) != reporting.Invalid {
			t.Errorf("Load(%s) = %v, want %q", text, err, want)
		}
	}
}
