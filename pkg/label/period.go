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
	chineseYear = regexp.MustCompile(`[〇○零一二三四五六七八九]{4}\s*年`)
	chineseMon  = regexp.MustCompile(`(十[一二]?|[一二三四五六七八九])\s*月`)
)

var chineseDigits = strings.NewReplacer("〇", "0", "○", "0", "零", "0", "一", "1", "二", "2", "三", "3", "四", "4", "五", "5", "六", "6", "七", "7", "八", "8", "九", "9")

// Period finds the period that a text names, wherever in it: "2020年6月份", "2020.06", "202006", "2020年1-6月", "2020年上半年",
// "二〇二〇年六月", "2020年度". It returns false where there is none, or where the text names a whole day.
func Period(s string) (reporting.Period, bool) {
	s = arabic(Clean(s))
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

// MonthOf reads a month that stands without its year, as on the tab of a sheet: "6月", "六月".
func MonthOf(s string, year int) (reporting.Period, bool) {
	m := monthAlone.FindStringSubmatch(arabic(Clean(s)))
	if m == nil {
		return reporting.Period{}, false
	}
	return reporting.MonthPeriod(month(strconv.Itoa(year), m[1])), true
}

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

// arabic writes the Chinese numerals of years and months in digits.
func arabic(s string) string {
	s = chineseYear.ReplaceAllStringFunc(s, arabicDigits)
	return chineseMon.ReplaceAllStringFunc(s, func(m string) string {
		switch name := strings.TrimSpace(strings.TrimSuffix(m, "月")); name {
		case "十":
			return "10月"
		case "十一":
			return "11月"
		case "十二":
			return "12月"
		default:
			return arabicDigits(name) + "月"
		}
	})
}

func arabicDigits(s string) string { return chineseDigits.Replace(s) }
