package reporting

import (
	"fmt"
	"strconv"
	"strings"
)

// Month is a calendar month, counted from January of the year 0.
type Month int32

// NewMonth returns the month; month is 1–12.
func NewMonth(year, month int) Month { return Month(year*12 + month - 1) }

// Year is the month's year.
func (m Month) Year() int { return int(m) / 12 }

// Number is the month within its year, 1–12.
func (m Month) Number() int { return int(m)%12 + 1 }

// String prints "2020-06".
func (m Month) String() string { return fmt.Sprintf("%04d-%02d", m.Year(), m.Number()) }

// Start is the month's first day.
func (m Month) Start() Date { d, _ := NewDate(m.Year(), m.Number(), 1); return d }

// End is the month's last day.
func (m Month) End() Date {
	for day := 31; day > 28; day-- { // not the day before the next month, which the calendar need not have
		if d, ok := NewDate(m.Year(), m.Number(), day); ok {
			return d
		}
	}
	d, _ := NewDate(m.Year(), m.Number(), 28)
	return d
}

// Period is a run of whole months, First to Last, both inside. Two equal runs are equal Periods, however they were written:
// 2020H1 and 2020-01..2020-06 are one.
type Period struct {
	First, Last Month
}

// PeriodKind is a kind of period that forms are sent for, and that reports are about.
type PeriodKind string

// The kinds, the shortest first.
const (
	EachMonth   PeriodKind = "month"
	EachQuarter PeriodKind = "quarter" // of reports only
	EachHalf    PeriodKind = "half"
	EachYear    PeriodKind = "year"
)

// Len is how many months a period of the kind has; 0 for no kind.
func (k PeriodKind) Len() int {
	switch k {
	case EachMonth:
		return 1
	case EachQuarter:
		return 3
	case EachHalf:
		return 6
	case EachYear:
		return 12
	}
	return 0
}

// Of is the period of the kind that holds the month. The kind must be one of those above.
func (k PeriodKind) Of(m Month) Period {
	n := Month(k.Len())
	first := m - m%n
	return Period{First: first, Last: first + n - 1}
}

// Has reports whether p is a period of the kind.
func (k PeriodKind) Has(p Period) bool { return !p.IsZero() && k.Len() > 0 && k.Of(p.First) == p }

// MonthPeriod is the period of one month.
func MonthPeriod(m Month) Period { return Period{First: m, Last: m} }

// YearPeriod is the period of a calendar year.
func YearPeriod(year int) Period { return Period{First: NewMonth(year, 1), Last: NewMonth(year, 12)} }

// ParsePeriod reads "2020-06", "2020Q2", "2020H1", "2020" and "2020-01..2020-05". Anything else, a month 13 or a run that ends
// before it begins is an error of code invalid.
func ParsePeriod(s string) (Period, error) {
	if first, last, ok := strings.Cut(s, ".."); ok {
		a, aok := parseRun(first)
		b, bok := parseRun(last)
		if !aok || !bok || b.Last < a.First {
			return Period{}, badPeriod(s)
		}
		return Period{First: a.First, Last: b.Last}, nil
	}
	p, ok := parseRun(s)
	if !ok {
		return Period{}, badPeriod(s)
	}
	return p, nil
}

func badPeriod(s string) error {
	return Errorf(Invalid, "period %q: want 2020-06, 2020Q2, 2020H1, 2020 or 2020-01..2020-05", s)
}

func parseRun(s string) (Period, bool) {
	if len(s) < 4 {
		return Period{}, false
	}
	year, err := strconv.Atoi(s[:4])
	if err != nil || year < 1900 || year > 2200 || strings.ContainsAny(s, "+ ") {
		return Period{}, false
	}
	rest := s[4:]
	switch {
	case rest == "":
		return YearPeriod(year), true
	case len(rest) == 2 && rest[0] == 'H' && rest[1] >= '1' && rest[1] <= '2':
		return run(year, int(rest[1]-'1')*6, 6), true
	case len(rest) == 2 && rest[0] == 'Q' && rest[1] >= '1' && rest[1] <= '4':
		return run(year, int(rest[1]-'1')*3, 3), true
	case len(rest) == 3 && rest[0] == '-':
		n, err := strconv.Atoi(rest[1:])
		if err != nil || n < 1 || n > 12 {
			return Period{}, false
		}
		return run(year, n-1, 1), true
	}
	return Period{}, false
}

func run(year, skip, months int) Period {
	first := NewMonth(year, 1) + Month(skip)
	return Period{First: first, Last: first + Month(months) - 1}
}

// String prints the shortest form that ParsePeriod reads.
func (p Period) String() string {
	year, n := p.First.Year(), p.First.Number()
	switch months := p.Len(); {
	case p.IsZero():
		return ""
	case months == 1:
		return p.First.String()
	case months == 12 && n == 1:
		return fmt.Sprintf("%04d", year)
	case months == 6 && n%6 == 1:
		return fmt.Sprintf("%04dH%d", year, n/6+1)
	case months == 3 && n%3 == 1:
		return fmt.Sprintf("%04dQ%d", year, n/3+1)
	}
	return p.First.String() + ".." + p.Last.String()
}

// IsZero reports whether no period is given.
func (p Period) IsZero() bool { return p == Period{} }

// Len is the number of months.
func (p Period) Len() int { return int(p.Last-p.First) + 1 }

// Months lists the months in order.
func (p Period) Months() []Month {
	months := make([]Month, 0, p.Len())
	for m := p.First; m <= p.Last; m++ {
		months = append(months, m)
	}
	return months
}

// Start is the first day.
func (p Period) Start() Date { return p.First.Start() }

// End is the last day.
func (p Period) End() Date { return p.Last.End() }

// Holds reports whether the day lies in the period.
func (p Period) Holds(d Date) bool { return d >= p.Start() && d <= p.End() }

// Contains reports whether the whole of q lies in p.
func (p Period) Contains(q Period) bool { return p.First <= q.First && q.Last <= p.Last }

// YearToDate is January of the period's last year to its last month.
func (p Period) YearToDate() Period {
	return Period{First: NewMonth(p.Last.Year(), 1), Last: p.Last}
}

// LastYear is the same months one year before.
func (p Period) LastYear() Period { return Period{First: p.First - 12, Last: p.Last - 12} }

// Label names the period as an office writes it: 2020年6月, 2020年上半年, 2020年第二季度, 2020年, 2020年1—5月.
func (p Period) Label() string {
	year, first, last := p.First.Year(), p.First.Number(), p.Last.Number()
	switch months := p.Len(); {
	case months == 1:
		return fmt.Sprintf("%d年%d月", year, first)
	case months == 12 && first == 1:
		return fmt.Sprintf("%d年", year)
	case months == 6 && first == 1:
		return fmt.Sprintf("%d年上半年", year)
	case months == 6 && first == 7:
		return fmt.Sprintf("%d年下半年", year)
	case months == 3 && first%3 == 1:
		return fmt.Sprintf("%d年第%s季度", year, [...]string{"一", "二", "三", "四"}[first/3])
	case p.First.Year() == p.Last.Year():
		return fmt.Sprintf("%d年%d—%d月", year, first, last)
	}
	return fmt.Sprintf("%d年%d月—%d年%d月", year, first, p.Last.Year(), last)
}

// MarshalText writes the period as String does.
func (p Period) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads what ParsePeriod reads; empty text is no period.
func (p *Period) UnmarshalText(text []byte) error {
	*p = Period{}
	if len(text) == 0 {
		return nil
	}
	parsed, err := ParsePeriod(string(text))
	*p = parsed
	return err
}
