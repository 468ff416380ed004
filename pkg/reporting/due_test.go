package reporting

import (
	"testing"
	"time"
)

func TestDue(t *testing.T) {
	zone := Zone
	for _, test := range []struct {
		due    Due
		period string
		want   string
	}{
		{DefaultDue, "2020-06", "2020-07-10T18:00:00+08:00"},
		{DefaultDue, "2020-12", "2021-01-10T18:00:00+08:00"},
		{DefaultDue, "2020H1", "2020-07-10T18:00:00+08:00"},
		{Due{Months: 1, Day: 31, Hour: 9, Minute: 30}, "2020-01", "2020-02-29T09:30:00+08:00"}, // the month has no 31st
		{Due{Months: 0, Day: 24, Hour: 12}, "2020-06", "2020-06-24T12:00:00+08:00"},
		{Due{Months: -10, Day: 10, Hour: 18}, "2020", "2020-02-10T18:00:00+08:00"},
		{Due{Months: 13, Day: 8, Hour: 18}, "2019H1", "2020-07-08T18:00:00+08:00"},
	} {
		p, err := ParsePeriod(test.period)
		if err != nil {
			t.Fatal(err)
		}
		if got := test.due.At(p, zone).Format(time.RFC3339); got != test.want {
			t.Errorf("%+v.At(%s) = %s, want %s", test.due, p, got, test.want)
		}
	}
}

func TestDeadline(t *testing.T) {
	zone := Zone
	june := MonthPeriod(NewMonth(2020, 6))
	for name, test := range map[string]struct {
		deadline Deadline
		single   bool
		want     string // "" is refused
	}{
		"Day":           {Deadline{Day: 15, Time: "09:05"}, false, "2020-07-15T09:05:00+08:00"},
		"DayOfOne":      {Deadline{Day: 31, Time: "18:00"}, true, "2020-07-31T18:00:00+08:00"},
		"Date":          {Deadline{Date: "2020-08-01", Time: "18:00"}, true, "2020-08-01T18:00:00+08:00"},
		"DateOfAll":     {Deadline{Date: "2020-08-01", Time: "18:00"}, false, ""},
		"Both":          {Deadline{Day: 1, Date: "2020-08-01", Time: "18:00"}, true, ""},
		"Neither":       {Deadline{Time: "18:00"}, true, ""},
		"NoTime":        {Deadline{Day: 1}, true, ""},
		"NoSuchTime":    {Deadline{Day: 1, Time: "24:00"}, true, ""},
		"LooseTime":     {Deadline{Day: 1, Time: "9:00"}, true, ""},
		"NoSuchDate":    {Deadline{Date: "2020-06-31", Time: "18:00"}, true, ""},
		"DayOutOfRange": {Deadline{Day: 32, Time: "18:00"}, true, ""},
	} {
		err := test.deadline.Check(test.single)
		if (err == nil) != (test.want != "") || err != nil && CodeOf(err) != Invalid {
			t.Errorf("%s: Check = %v, want refused: %v", name, err, test.want == "")
		}
		if got := test.deadline.At(DefaultDue, june, zone).Format(time.RFC3339); test.want != "" && got != test.want {
			t.Errorf("%s: At = %s, want %s", name, got, test.want)
		}
	}
}
