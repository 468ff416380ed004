package reporting

import "testing"

// TestClosedBy: a month is as the last closing or opening that holds it left it, whatever run of months that was of.
func TestClosedBy(t *testing.T) {
	event := func(kind EnvelopeKind, period string) Envelope {
		p, err := ParsePeriod(period)
		if err != nil {
			t.Fatal(err)
		}
		return Envelope{Kind: kind, Period: p}
	}
	c := ClosedBy([]Envelope{event(PeriodClosed, "2020H1"), event(PeriodOpened, "2020-03"), event(PeriodClosed, "2020-07"), event(PeriodOpened, "2020Q1"), event(PeriodClosed, "2020-01")})
	for period, want := range map[string][2]bool{"2020-01": {true, true}, "2020-03": {false, false}, "2020Q2": {true, true}, "2020H1": {false, true}, "2020-04..2020-07": {true, true},
		"2020": {false, true}, "2021": {false, false}} {
		p, _ := ParsePeriod(period)
		if c.Holds(p) != want[0] || c.Touches(p) != want[1] || (len(c.Of(p)) > 0) != want[1] {
			t.Errorf("%s: holds %t, touches %t, of %v", period, c.Holds(p), c.Touches(p), c.Of(p))
		}
	}
}
