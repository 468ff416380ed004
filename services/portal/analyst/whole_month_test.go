package analyst

import (
	"math/big"
	"testing"

	"huizong/pkg/reporting"
	"huizong/schemas"
)

// The first sheet of July does not make July the month that pages show, nor does a month that most units have sent.
func TestWholeMonth(t *testing.T) {
	c, err := schemas.Load(schemas.FS())
	if err != nil {
		t.Fatal(err)
	}
	month := func(n int) reporting.Month { return reporting.NewMonth(2020, n) }
	// all are the standing sheets of a month, but for the last so many.
	all := func(m reporting.Month, but int) (standings []reporting.Standing) {
		for _, f := range c.Forms {
			if f.Duty == reporting.MonthlyDuty {
				for _, org := range c.Expected(f, reporting.MonthPeriod(m)) {
					standings = append(standings, reporting.Standing{Form: f.ID, Org: org, Period: reporting.MonthPeriod(m)})
				}
			}
		}
		return standings[:len(standings)-but]
	}
	first := all(month(7), 0)[:1]
	known := reporting.Period{First: month(5), Last: month(7)}
	for name, tt := range map[string]struct {
		standings []reporting.Standing
		want      int
	}{
		"First sheet of July":   {append(append(all(month(5), 0), all(month(6), 0)...), first...), 6},
		"One late in June":      {append(append(all(month(5), 0), all(month(6), 1)...), first...), 5},
		"No whole month":        {append(append(all(month(5), 1), all(month(6), 1)...), first...), 6},
		"Nothing but one sheet": {first, 7},
	} {
		if got := wholeMonth(c, tt.standings, known); got != month(tt.want) {
			t.Errorf("%s: %d, want %d", name, got.Number(), tt.want)
		}
	}
}

// A month that some unit is not in is drawn as nothing, and not as a fall.
func TestChartsDrawWholeMonths(t *testing.T) {
	f := reporting.Figure{Value: big.NewRat(2, 1), Reported: 1, Expected: 20}
	if wholeValue(f) != nil {
		t.Error("a month of one unit is drawn")
	}
	if f.Reported = 20; wholeValue(f) == nil {
		t.Error("a whole month is not drawn")
	}
}
