package reporting

import "time"

// Zone is that of the bureau, by whose clock deadlines run, days are counted and moments are told.
var Zone = time.FixedZone("UTC+8", 8*60*60)

// Date is a calendar day without a time or a zone, as the number of days since 0000-12-31. The zero Date means that no date
// is given.
type Date int32

const unixEpoch = 719163 // 1970-01-01

// NewDate returns the day, and false when the calendar has no such day or the year is not 1900–2200.
func NewDate(year, month, day int) (Date, bool) {
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if year < 1900 || year > 2200 || t.Year() != year || int(t.Month()) != month || t.Day() != day {
		return 0, false
	}
	return Date(t.Unix()/86400) + unixEpoch, true
}

// DateOf returns the day of t in t's own zone.
func DateOf(t time.Time) Date {
	d, _ := NewDate(t.Year(), int(t.Month()), t.Day())
	return d
}

// Time returns midnight UTC of the day.
func (d Date) Time() time.Time { return time.Unix(int64(d-unixEpoch)*86400, 0).UTC() }

// Month returns the calendar month that holds the day.
func (d Date) Month() Month { t := d.Time(); return NewMonth(t.Year(), int(t.Month())) }

// String prints "2020-06-15", or "" for the zero Date.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	return d.Time().Format(time.DateOnly)
}

// AddDays returns the day n days later.
func (d Date) AddDays(n int) Date { return d + Date(n) }

// ParseDate reads "2020-06-15". What clerks write is read by package normalize.
func ParseDate(s string) (Date, bool) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, false
	}
	return NewDate(t.Year(), int(t.Month()), t.Day())
}
