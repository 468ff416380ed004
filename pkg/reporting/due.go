package reporting

import (
	"fmt"
	"time"
)

// Due says until when a form is to be in: a day of a month and a time of that day. The forms' files have one each; what the bureau
// decides later stands in the journal (Deadline).
type Due struct {
	Months       int // of the day, counted from the period's last month: 1 is the month after it
	Day          int // 1 to 31; in a shorter month its last
	Hour, Minute int // by the bureau's clock
}

// DefaultDue is the due of a form that names none: the tenth of the next month, when the offices close.
var DefaultDue = Due{Months: 1, Day: 10, Hour: 18}

// Month is the month that the day lies in.
func (d Due) Month(p Period) Month { return p.Last + Month(d.Months) }

// At is the deadline for the period, in the zone.
func (d Due) At(p Period, zone *time.Location) time.Time {
	month := d.Month(p)
	day := min(month.Start()+Date(d.Day)-1, month.End()).Time()
	return time.Date(day.Year(), day.Month(), day.Day(), d.Hour, d.Minute, 0, 0, zone)
}

// Deadline is what an envelope of kind DeadlineSet says: a day of the month that a form is due in, or one date.
type Deadline struct {
	Day  int    `json:"day,omitempty"`  // 1 to 31; in a shorter month its last. 0 where there is a date
	Date string `json:"date,omitempty"` // 2020-07-08; only of an envelope that names its period
	Time string `json:"time"`           // 18:00, by the bureau's clock
}

// Check refuses what is no deadline. single says that it is for one period.
func (d Deadline) Check(single bool) error {
	_, isDate := ParseDate(d.Date)
	_, _, isTime := ParseClock(d.Time)
	switch {
	case !isTime:
		return Errorf(Invalid, "deadline: time %q: want one like 18:00", d.Time)
	case d.Date == "" && (d.Day < 1 || d.Day > 31):
		return Errorf(Invalid, "deadline: it needs a day of the month, 1 to 31, or a date")
	case d.Date == "":
		return nil
	case d.Day != 0:
		return Errorf(Invalid, "deadline: it has a day of the month or a date, not both")
	case !isDate:
		return Errorf(Invalid, "deadline: date %q: want one like 2020-07-08", d.Date)
	case !single:
		return Errorf(Invalid, "deadline: a date is for one period, which has to be named")
	}
	return nil
}

// At is the deadline of a form with the due, for the period, in the zone. d has been checked.
func (d Deadline) At(due Due, p Period, zone *time.Location) time.Time {
	hour, minute, _ := ParseClock(d.Time)
	if day, ok := ParseDate(d.Date); ok {
		t := day.Time()
		return time.Date(t.Year(), t.Month(), t.Day(), hour, minute, 0, 0, zone)
	}
	return Due{Months: due.Months, Day: d.Day, Hour: hour, Minute: minute}.At(p, zone)
}

// ParseClock reads a time of the day like 09:00.
func ParseClock(text string) (hour, minute int, ok bool) {
	t, err := time.Parse("15:04", text)
	if err != nil || len(text) != len("15:04") {
		return 0, 0, false
	}
	return t.Hour(), t.Minute(), true
}

// Clock prints the time of a Due as ParseClock reads it.
func (d Due) Clock() string { return fmt.Sprintf("%02d:%02d", d.Hour, d.Minute) }
