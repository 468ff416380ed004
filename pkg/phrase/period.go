package phrase

import (
	"fmt"
	"strings"
	"time"

	"huizong/pkg/reporting"
)

var months = []string{"", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}

var shortMonths = []string{"", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}

// Period names a period as the office does: 2020 年 6 月, 2020 年上半年, 2020 年 1–5 月.
func Period(lang string, p reporting.Period) string {
	if p.IsZero() {
		return ""
	}
	year, first, last := p.First.Year(), p.First.Number(), p.Last.Number()
	whole := map[[2]int][2]string{{1, 12}: {"%d 年", "%d"}, {1, 6}: {"%d 年上半年", "first half of %d"}, {7, 12}: {"%d 年下半年", "second half of %d"},
		{1, 3}: {"%d 年一季度", "first quarter of %d"}, {4, 6}: {"%d 年二季度", "second quarter of %d"}, {7, 9}: {"%d 年三季度", "third quarter of %d"}, {10, 12}: {"%d 年四季度", "fourth quarter of %d"}}
	name, named := whole[[2]int{first, last}]
	switch {
	case p.Last.Year() != year:
		return fmt.Sprintf("%s – %s", Period(lang, reporting.Period{First: p.First, Last: p.First}), Period(lang, reporting.Period{First: p.Last, Last: p.Last}))
	case named:
		return Pick(lang, reporting.Textf(name[0], name[1], year))
	case first == last && lang == "en":
		return fmt.Sprintf("%s %d", months[first], year)
	case first == last:
		return fmt.Sprintf("%d 年 %d 月", year, first)
	case lang == "en":
		return fmt.Sprintf("%s–%s %d", months[first], months[last], year)
	}
	return fmt.Sprintf("%d 年 %d–%d 月", year, first, last)
}

// PeriodHead names a period above a column, without the year where the whole table is of one.
func PeriodHead(lang string, p, span reporting.Period) string {
	oneYear := span.First.Year() == span.Last.Year()
	switch {
	case p == span && p.Len() > 1:
		return Pick(lang, reporting.Text{ZH: strings.TrimPrefix(Period("zh", p), fmt.Sprintf("%d 年", p.First.Year())), EN: Period("en", p)})
	case p.Len() > 1 || !oneYear:
		return Period(lang, p)
	case lang == "en":
		return shortMonths[p.First.Number()]
	}
	return fmt.Sprintf("%d 月", p.First.Number())
}

// ShortPeriod is a period's name above a narrow column.
func ShortPeriod(p reporting.Period) reporting.Text {
	switch p.Len() {
	case 1:
		return reporting.Text{ZH: fmt.Sprintf("%d月", p.First.Number()), EN: months[p.First.Number()][:3]}
	case 6:
		return map[bool]reporting.Text{true: {ZH: "上半年", EN: "H1"}, false: {ZH: "下半年", EN: "H2"}}[p.First.Number() == 1]
	}
	return reporting.Text{ZH: p.Label(), EN: p.String()}
}

// Year names a year.
func Year(lang string, year int) string {
	if lang == "en" {
		return fmt.Sprint(year)
	}
	return fmt.Sprintf("%d 年", year)
}

// Day names a day as the bureau reckons days, without its year.
func Day(lang string, at time.Time) string {
	at = at.In(reporting.Zone)
	if lang == "en" {
		return at.Format("2 January")
	}
	return fmt.Sprintf("%d 月 %d 日", at.Month(), at.Day())
}
