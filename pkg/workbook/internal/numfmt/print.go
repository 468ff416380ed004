package numfmt

import (
	"fmt"
	"strconv"
	"strings"

	"huizong/pkg/reporting"
)

// chineseDigits are the digits of [DBNum1] and [DBNum2], and the names of their places.
var (
	chineseDigits = [3][]rune{nil, []rune("〇一二三四五六七八九"), []rune("零壹贰叁肆伍陆柒捌玖")}
	chinesePlaces = [3][]string{nil, {"", "十", "百", "千"}, {"", "拾", "佰", "仟"}}
	chineseGroups = []string{"", "万", "亿", "万亿"}
)

// numerals writes the digits of a text in Chinese where the section says so: 2020 is 二千〇二十 there.
func (s *section) numerals(text string) string {
	if s.chinese == 0 {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		n := 0
		for i+n < len(text) && '0' <= text[i+n] && text[i+n] <= '9' {
			n++
		}
		switch {
		case n == 0:
			b.WriteByte(text[i])
			n = 1
		case i > 0 && text[i-1] == '.' || n > 16:
			for _, c := range text[i : i+n] {
				b.WriteRune(chineseDigits[s.chinese][c-'0'])
			}
		default:
			b.WriteString(chinese(text[i:i+n], s.chinese))
		}
		i += n
	}
	return b.String()
}

func chinese(digits string, system int) string {
	digits = strings.TrimLeft(digits, "0")
	if digits == "" {
		return string(chineseDigits[system][0])
	}
	var b strings.Builder
	gap, inGroup := false, false
	for i, c := range digits {
		place := len(digits) - 1 - i
		if c == '0' {
			gap = true
		} else {
			if gap && b.Len() > 0 {
				b.WriteRune(chineseDigits[system][0])
			}
			gap, inGroup = false, true
			b.WriteRune(chineseDigits[system][c-'0'])
			b.WriteString(chinesePlaces[system][place%4])
		}
		if place%4 == 0 && inGroup {
			b.WriteString(chineseGroups[place/4])
			inGroup = false
		}
	}
	return b.String()
}

var weekdays = []string{"日", "一", "二", "三", "四", "五", "六"}

// date prints a serial number as the codes of the section say.
func (s *section) date(serial reporting.Decimal, date1904 bool) string {
	rounded := serial.Round(7)
	day, ok := (&reporting.Sheet{Date1904: date1904}).SerialDay(rounded)
	whole, _, _ := strings.Cut(rounded.String(), ".")
	start, _ := reporting.ParseDecimal(whole)
	seconds, _ := strconv.Atoi(rounded.Sub(start).Mul(reporting.Int(86400)).Round(0).String())
	if !ok && s.showsDay() {
		return strings.Repeat("#", 8)
	}
	var b strings.Builder
	for i, p := range s.parts {
		if p.date == "" {
			b.WriteString(p.letters)
			if p.places != "" {
				b.WriteString("0")
			}
			continue
		}
		b.WriteString(s.code(i, day, ok, seconds))
	}
	return strings.TrimSpace(b.String())
}

func (s *section) showsDay() bool {
	for i, p := range s.parts {
		if p.date != "" && (strings.ContainsAny(p.date, "yde") || strings.HasPrefix(p.date, "m") && !s.isMinute(i)) {
			return true
		}
	}
	return false
}

// isMinute reports whether the m at the place stands for minutes: after hours or before seconds.
func (s *section) isMinute(at int) bool {
	for i := at - 1; i >= 0; i-- {
		if d := s.parts[i].date; d != "" {
			if strings.Contains(d, "h") {
				return true
			}
			break
		}
	}
	for i := at + 1; i < len(s.parts); i++ {
		if d := s.parts[i].date; d != "" {
			return strings.Contains(d, "s")
		}
	}
	return false
}

func (s *section) code(at int, day reporting.Date, ok bool, seconds int) string {
	code := strings.Trim(s.parts[at].date, "[]")
	var year, month, dayOf int
	if ok {
		year, month, dayOf = day.Month().Year(), day.Month().Number(), day.Time().Day()
	}
	two := func(n int) string {
		if len(code) > 1 {
			return fmt.Sprintf("%02d", n)
		}
		return strconv.Itoa(n)
	}
	switch {
	case code == "":
		return ""
	case strings.HasPrefix(code, "am") || strings.HasPrefix(code, "a/p") || strings.HasPrefix(code, "上"):
		if seconds < 12*3600 {
			return "上午"
		}
		return "下午"
	case code[0] == 'a':
		return "星期" + weekdays[day.Time().Weekday()]
	case code[0] == 'y' && len(code) > 2, code[0] == 'e':
		return s.yearNumerals(fmt.Sprintf("%04d", year))
	case code[0] == 'y':
		return fmt.Sprintf("%02d", year%100)
	case code[0] == 'm' && s.isMinute(at):
		return two(seconds / 60 % 60)
	case code[0] == 'm':
		return s.numerals(two(month))
	case code[0] == 'd':
		return s.numerals(two(dayOf))
	case code[0] == 'h':
		return two(seconds / 3600)
	case code[0] == 's':
		return two(seconds % 60)
	}
	return ""
}

// yearNumerals writes a year digit by digit: 二〇二〇.
func (s *section) yearNumerals(year string) string {
	if s.chinese == 0 {
		return year
	}
	var b strings.Builder
	for _, c := range year {
		b.WriteRune(chineseDigits[s.chinese][c-'0'])
	}
	return b.String()
}
