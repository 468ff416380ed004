package label

import (
	"regexp"
	"strconv"
	"strings"

	"huizong/pkg/reporting"
)

var (
	separator   = `\s*[-./年]\s*`
	yearMonth   = regexp.MustCompile(`((?:19|20|21)\d\d)` + separator + `(1[0-2]|0?[1-9])\s*(?:月(?:份)?)?`)
	compact     = regexp.MustCompile(`^((?:19|20|21)\d\d)(0[1-9]|1[0-2])$`)
	monthRun    = regexp.MustCompile(`((?:19|20|21)\d\d)` + separator + `(1[0-2]|0?[1-9])\s*月?(?:份)?\s*(?:-|—|–|─|~|～|至|到|\.\.)\s*(?:((?:19|20|21)\d\d)` + separator + `)?(1[0-2]|0?[1-9])\s*(?:月(?:份)?)?`)
	yearHalf    = regexp.MustCompile(`((?:19|20|21)\d\d)\s*年?\s*(?:度)?\s*(上半年|下半年|H[12])`)
	yearQuarter = regexp.MustCompile(`((?:19|20|21)\d\d)\s*年?\s*(?:第?\s*([一二三四1-4])\s*季度?|Q([1-4]))`)
	wholeYear   = regexp.MustCompile(`((?:19|20|21)\d\d)\s*(?:年度|年|$)`)
	monthAlone  = regexp.MustCompile(`^(1[0-2]|0?[1-9])\s*月(?:份)?$`)
	shortYear   = regexp.MustCompile(`(^|\D)(\d\d)\s*年\s*(?:1[0-2]|0?[1-9])\s*(?:月|-)`)
	dayRun      = regexp.MustCompile(wholeDay + `\s*(?:-{1,2}|—+|–|─+|~|～|至|到)+\s*(?:((?:19|20|21)\d\d)\s*[-./年]\s*)?(1[0-2]|0?[1-9])\s*[-./月]\s*(3[01]|[12]\d|0?[1-9])\s*[日号]?(?:\D|$)`)
	daysOfMonth = regexp.MustCompile(wholeDay + `\s*(?:-{1,2}|—+|–|─+|~|～|至|到)+\s*(?:3[01]|[12]\d|0?[1-9])\s*[日号]`)
	oneDay      = regexp.MustCompile(wholeDay + `(?:\D|$)`)
	months      = regexp.MustCompile(`(\d{1,2})\s*月`)
	years       = regexp.MustCompile(`(?:^|\D)((?:19|20|21)\d\d)(?:\D|$)`)
	chineseYear = regexp.MustCompile(`[〇○零Oo一二三四五六七八九]{4}\s*年`)
	chineseMon  = regexp.MustCompile(`(十[一二]?|[一二三四五六七八九])\s*(月)`)
	newYear     = regexp.MustCompile(`(^|年\s*)元月`)
	chineseDay  = regexp.MustCompile(`(三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])\s*([日号])`)
)

const wholeDay = `((?:19|20|21)\d\d)\s*(?:年\s*(1[0-2]|0?[1-9])\s*月\s*(3[01]|[12]\d|0?[1-9])\s*[日号]?|-(1[0-2]|0?[1-9])-(3[01]|[12]\d|0?[1-9])|\.(1[0-2]|0?[1-9])\.(3[01]|[12]\d|0?[1-9])|/(1[0-2]|0?[1-9])/(3[01]|[12]\d|0?[1-9]))`

var chineseDigits = strings.NewReplacer("〇", "0", "○", "0", "零", "0", "O", "0", "o", "0", "一", "1", "二", "2", "三", "3", "四", "4", "五", "5", "六", "6", "七", "7", "八", "8", "九", "9")

// Period finds the period that a text names, wherever in it: "2020年6月份", "2020.06", "202006", "2020年1-6月", "2020年上半年",
// "二〇二〇年六月", "2020年度", "2020年6月1日至30日". It returns false where there is none, or where the text names a single day.
func Period(s string) (reporting.Period, bool) {
	if len(s) > longest {
		return reporting.Period{}, false
	}
	s = arabic(Clean(s))
	if m := shortYear.FindStringSubmatchIndex(s); m != nil {
		s = s[:m[4]] + "20" + s[m[4]:]
	}
	if m := dayRun.FindStringSubmatch(s); m != nil {
		return runOfDays(m)
	}
	if m := daysOfMonth.FindStringSubmatch(s); m != nil {
		return reporting.MonthPeriod(month(m[1], m[2]+m[4]+m[6]+m[8])), true
	}
	if oneDay.MatchString(s) {
		return reporting.Period{}, false
	}
	if m := monthRun.FindStringSubmatch(s); m != nil {
		first, last := month(m[1], m[2]), month(m[1], m[4])
		if m[3] != "" {
			last = month(m[3], m[4])
		}
		return reporting.Period{First: first, Last: last}, last >= first
	}
	for _, rule := range []struct {
		re   *regexp.Regexp
		read func(m []string) string
	}{
		{compact, func(m []string) string { return m[1] + "-" + m[2] }},
		{yearHalf, func(m []string) string {
			return m[1] + map[string]string{"上半年": "H1", "下半年": "H2", "H1": "H1", "H2": "H2"}[m[2]]
		}},
		{yearQuarter, func(m []string) string { return m[1] + "Q" + arabicDigits(m[2]) + m[3] }},
		{yearMonth, func(m []string) string { return month(m[1], m[2]).String() }},
		{wholeYear, func(m []string) string { return m[1] }},
	} {
		m := rule.re.FindStringSubmatchIndex(s)
		if m == nil {
			continue
		}
		if rule.re == yearMonth && isDay(s[m[1]:]) {
			return reporting.Period{}, false
		}
		p, err := reporting.ParsePeriod(rule.read(rule.re.FindStringSubmatch(s)))
		return p, err == nil
	}
	return reporting.Period{}, false
}

// runOfDays is the run of months that two days bound. From the 21st to the 20th is the later month.
func runOfDays(m []string) (reporting.Period, bool) {
	day := func(groups ...string) string { return strings.Join(groups, "") }
	first, last := month(m[1], day(m[2], m[4], m[6], m[8])), month(m[1], m[11])
	if m[10] != "" {
		last = month(m[10], m[11])
	}
	if begins, _ := strconv.Atoi(day(m[3], m[5], m[7], m[9])); begins > 15 && last > first {
		first++
	}
	return reporting.Period{First: first, Last: last}, last >= first
}

// OfOtherPeriod reports whether a text names a year or a month that is not the period's: "2019年", or "1-5月" where June is meant.
func OfOtherPeriod(s string, p reporting.Period) bool {
	if p.IsZero() || len(s) > longest {
		return false
	}
	s = arabic(Clean(s))
	if named := years.FindAllStringSubmatch(s, -1); named != nil {
		same := false
		for _, y := range named {
			year, _ := strconv.Atoi(y[1])
			same = same || p.First.Year() <= year && year <= p.Last.Year()
		}
		if !same {
			return true
		}
	}
	named := months.FindAllStringSubmatch(s, -1)
	if named == nil || p.Len() == 12 {
		return false
	}
	last, _ := strconv.Atoi(named[len(named)-1][1])
	return last != p.Last.Number()
}

var (
	dayText = regexp.MustCompile(`^(\d{4})\s*[-./\\年。,、\s]\s*(\d{1,2})\s*[-./\\月。,、\s]\s*(\d{1,2})\s*[日号]?[.。]?` +
		`(?:\s*\(?(?:星期|周|礼拜)[一二三四五六日天]\)?)?(?:[\sT]*(?:上午|下午|AM|PM)?\s*\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d+)?)?\s*(?:AM|PM)?)?$`)
	dayCompact = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`)
)

// Day reads a day as people write it: 2020-06-15, 2020.6.15, 2020/6/15, 2020。6。15, 2020年6月15日, 20200615, 二〇二〇年六月十五日.
func Day(s string) (reporting.Date, bool) {
	if d, ok := reporting.ParseDate(s); ok {
		return d, true
	}
	if len(s) > longest {
		return 0, false
	}
	s = arabic(Clean(s))
	for _, re := range []*regexp.Regexp{dayText, dayCompact} {
		if m := re.FindStringSubmatch(s); m != nil {
			year, _ := strconv.Atoi(m[1])
			month, _ := strconv.Atoi(m[2])
			day, _ := strconv.Atoi(m[3])
			return reporting.NewDate(year, month, day)
		}
	}
	return 0, false
}

var dayOfYear = regexp.MustCompile(`^(1[0-2]|0?[1-9])\s*(?:月\s*(3[01]|[12]\d|0?[1-9])\s*[日号]?|[./-]\s*(3[01]|[12]\d|0?[1-9])\s*[日号]?)$`)

// DayOfYear reads a day that stands without its year: 6月5日, 6.5, 6/5, 六月五日.
func DayOfYear(s string) (month, day int, ok bool) {
	m := dayOfYear.FindStringSubmatch(arabic(Clean(s)))
	if m == nil {
		return 0, 0, false
	}
	month, _ = strconv.Atoi(m[1])
	day, _ = strconv.Atoi(m[2] + m[3])
	return month, day, true
}

// MonthOf reads a month that stands without its year, as on the tab of a sheet or in an info line: "6月", "六月份".
func MonthOf(s string, year int) (reporting.Period, bool) {
	m := monthAlone.FindStringSubmatch(arabic(Clean(s)))
	if m == nil {
		return reporting.Period{}, false
	}
	return reporting.MonthPeriod(month(strconv.Itoa(year), m[1])), true
}

// MonthIn finds a month, or the months from January on, that stand without their year in a text: "6月份就业创业工作月报表".
func MonthIn(s string, year int) (reporting.Period, bool) {
	if len(s) > longest {
		return reporting.Period{}, false
	}
	named := months.FindAllStringSubmatch(arabic(Clean(s)), -1)
	if len(named) != 1 {
		return reporting.Period{}, false
	}
	text := arabic(Clean(s))
	at := months.FindStringIndex(text)
	before := strings.TrimRight(text[:at[0]], " ")
	n, _ := strconv.Atoi(named[0][1])
	if n < 1 || n > 12 {
		return reporting.Period{}, false
	}
	if run := fromJanuary.FindString(before); run != "" {
		return reporting.Period{First: reporting.NewMonth(year, 1), Last: reporting.NewMonth(year, n)}, true
	}
	if before != "" && strings.ContainsAny(before[len(before)-1:], "0123456789-.") {
		return reporting.Period{}, false
	}
	return reporting.MonthPeriod(reporting.NewMonth(year, n)), true
}

var fromJanuary = regexp.MustCompile(`(?:^|\D)0?1\s*月?\s*(?:-|—|–|─|~|至|到)+$`)

// isDay reports whether a day follows the month: "2020-06" of "2020-06-15".
func isDay(rest string) bool {
	rest = strings.TrimLeft(rest, " ")
	if strings.HasPrefix(rest, "-") || strings.HasPrefix(rest, ".") || strings.HasPrefix(rest, "/") {
		rest = strings.TrimLeft(rest[1:], " ")
	}
	return rest != "" && rest[0] >= '0' && rest[0] <= '9'
}

func month(year, number string) reporting.Month {
	y, _ := strconv.Atoi(year)
	n, _ := strconv.Atoi(number)
	return reporting.NewMonth(y, n)
}

// arabic writes the Chinese numerals of years, months and days in digits.
func arabic(s string) string {
	if strings.Contains(s, "元月") {
		s = newYear.ReplaceAllString(s, "${1}1月")
	}
	if !strings.ContainsAny(s, "〇○零Oo一二三四五六七八九十") {
		return s
	}
	s = chineseYear.ReplaceAllStringFunc(s, arabicDigits)
	for _, re := range []*regexp.Regexp{chineseMon, chineseDay} {
		s = re.ReplaceAllStringFunc(s, func(m string) string {
			part := re.FindStringSubmatch(m)
			return strconv.Itoa(upToNinetyNine(part[1])) + part[2]
		})
	}
	return s
}

// upToNinetyNine reads 六, 十, 十二, 二十 and 三十一.
func upToNinetyNine(s string) int {
	tens, ones, ten := strings.Cut(s, "十")
	if !ten {
		tens, ones = "", s
	}
	digit := func(s string, none int) int {
		n, err := strconv.Atoi(arabicDigits(s))
		if err != nil {
			return none
		}
		return n
	}
	if !ten {
		return digit(ones, 0)
	}
	return 10*digit(tens, 1) + digit(ones, 0)
}

func arabicDigits(s string) string { return chineseDigits.Replace(s) }
