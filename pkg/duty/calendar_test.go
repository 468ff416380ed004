package duty

import (
	"testing"
	"time"

	"huizong/pkg/reporting"
)

func TestCalendar(t *testing.T) {
	for name, test := range map[string]struct {
		set, form, period string
		want              string
	}{
		"Own":        {"", "jobs", "2020-06", "2020-07-10 18:00"},
		"OwnOfHalf":  {"", "last_year", "2019H1", "2020-07-08 18:00"},
		"OwnOfYear":  {"", "targets", "2020", "2020-02-10 18:00"},
		"OnePeriod":  {"2020-07-01 08:00 due jobs 2020-06 15", "jobs", "2020-06", "2020-07-15 18:00"},
		"Date":       {"2020-07-01 08:00 due jobs 2020-06 2020-08-03", "jobs", "2020-06", "2020-08-03 18:00"},
		"OtherMonth": {"2020-07-01 08:00 due jobs 2020-06 15", "jobs", "2020-05", "2020-06-10 18:00"},
		"OtherForm":  {"2020-07-01 08:00 due jobs 2020-06 15", "cases", "2020-06", "2020-07-10 18:00"},
		"AllMonthly": {"2020-07-01 08:00 due * 2020-06 15", "visits", "2020-06", "2020-07-15 18:00"},
		"NotAYear":   {"2020-01-01 08:00 due * * 15", "targets", "2020", "2020-02-10 18:00"},
		"YearNamed":  {"2020-01-01 08:00 due targets * 28", "targets", "2020", "2020-02-28 18:00"},
		"FromNowOn":  {"2020-07-01 08:00 due jobs * 15", "jobs", "2020-06", "2020-07-15 18:00"},
		"AndLater":   {"2020-07-01 08:00 due jobs * 15", "jobs", "2021-01", "2021-02-15 18:00"},
		// What was late stays late.
		"NotBefore": {"2020-07-01 08:00 due jobs * 15", "jobs", "2020-05", "2020-06-10 18:00"},
		// A decree of the 6th cannot make the 5th of the same month a deadline.
		"NotBackwards":     {"2020-07-06 08:00 due jobs * 5", "jobs", "2020-06", "2020-07-10 18:00"},
		"FromTheNext":      {"2020-07-06 08:00 due jobs * 5", "jobs", "2020-07", "2020-08-05 18:00"},
		"OnPurposeBack":    {"2020-07-06 08:00 due jobs 2020-06 5", "jobs", "2020-06", "2020-07-05 18:00"},
		"LastCounts":       {"2020-07-01 08:00 due jobs 2020-06 15\n2020-07-02 08:00 due jobs 2020-06 20", "jobs", "2020-06", "2020-07-20 18:00"},
		"GeneralAfterward": {"2020-07-01 08:00 due jobs 2020-06 15\n2020-07-02 08:00 due * * 12", "jobs", "2020-06", "2020-07-12 18:00"},
		"EndOfMonth":       {"2020-01-01 08:00 due jobs 2020-01 31", "jobs", "2020-01", "2020-02-29 18:00"},
	} {
		in := story("2020-06", "2020-07-05 09:00", test.set)
		d := NewCalendar(in.Deadlines).Of(in.Catalogue.Form(test.form), period(test.period))
		if got := d.At.Format("2006-01-02 15:04"); got != test.want {
			t.Errorf("%s: %s of %s is due %s, want %s", name, test.form, test.period, got, test.want)
		}
		own := in.Catalogue.Form(test.form).Due.At(period(test.period), reporting.Zone)
		if (d.Set == nil) != d.At.Equal(own) {
			t.Errorf("%s: set by %v, but due %s and by itself %s", name, d.Set, d.At, own)
		}
	}
}

func TestDaysLeft(t *testing.T) {
	deadline := at("2020-07-10 18:00")
	for now, want := range map[string]int{"2020-07-07 23:59": 3, "2020-07-08 00:00": 2, "2020-07-10 00:00": 0, "2020-07-10 23:00": 0, "2020-07-11 00:00": -1} {
		if got := DaysLeft(at(now), deadline); got != want {
			t.Errorf("DaysLeft(%s) = %d, want %d", now, got, want)
		}
	}
	// The bureau's day begins while it is still yesterday in Greenwich.
	if got := DaysLeft(time.Date(2020, 7, 9, 16, 0, 0, 0, time.UTC), deadline); got != 0 {
		t.Errorf("DaysLeft at midnight of the bureau = %d, want 0", got)
	}
	if got := Collecting(time.Date(2020, 6, 30, 16, 0, 0, 0, time.UTC)).String(); got != "2020-06" {
		t.Errorf("Collecting on 1 July of the bureau = %s, want 2020-06", got)
	}
}
