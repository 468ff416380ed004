package label

import (
	"regexp"
	"strconv"
)

// numeral is a number in Chinese letters at the beginning of a text.
var numeral = regexp.MustCompile(`^[零〇一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟萬億]+`)

var (
	numeralDigits = map[rune]int64{'零': 0, '〇': 0, '一': 1, '二': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9, '两': 2,
		'壹': 1, '贰': 2, '叁': 3, '肆': 4, '伍': 5, '陆': 6, '柒': 7, '捌': 8, '玖': 9}
	numeralSteps = map[rune]int64{'十': 10, '百': 100, '千': 1000, '拾': 10, '佰': 100, '仟': 1000}
	numeralLarge = map[rune]int64{'万': 10_000, '萬': 10_000, '亿': 100_000_000, '億': 100_000_000}
)

// Numeral writes the number in Chinese letters that a text begins with in digits: 三十五人 is 35人. It returns false where
// there is none, or where it may be read in two ways: 三百五, 一二三.
func Numeral(s string) (string, bool) {
	letters := numeral.FindString(s)
	if letters == "" {
		return s, false
	}
	n, ok := numeralValue(letters)
	if !ok {
		return s, false
	}
	return strconv.FormatInt(n, 10) + s[len(letters):], true
}

// numeralValue adds up the steps: each is a digit and its ten, hundred or thousand, within each 万 and 亿. Each step is smaller than the one
// before it, and a last digit without its step follows a ten or a 零.
func numeralValue(s string) (int64, bool) {
	var total, section, digit int64
	hasDigit, above, large := false, int64(10_000), int64(1<<62)
	tight := false // the digit that comes next may stand without its step
	for i, r := range []rune(s) {
		switch step := numeralSteps[r]; {
		case step > 0:
			if !hasDigit && !(step == 10 && i == 0) || step >= above {
				return 0, false
			}
			if !hasDigit {
				digit = 1
			}
			section, digit, hasDigit, above, tight = section+digit*step, 0, false, step, step == 10
		case numeralLarge[r] > 0:
			if section+digit == 0 || numeralLarge[r] >= large || hasDigit && !tight && section > 0 {
				return 0, false
			}
			large = numeralLarge[r]
			total, section, digit, hasDigit, above, tight = total+(section+digit)*large, 0, 0, false, 10_000, false
		case numeralDigits[r] == 0:
			if hasDigit {
				return 0, false
			}
			tight = true
		default:
			if hasDigit {
				return 0, false
			}
			digit, hasDigit = numeralDigits[r], true
		}
	}
	if hasDigit && !tight && (section > 0 || total > 0) {
		return 0, false // 三百五 is 350 or 305
	}
	return total + section + digit, true
}
