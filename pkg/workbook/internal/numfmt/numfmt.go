// Package numfmt tells whether a number format shows a date. It prints nothing.
package numfmt

import "strings"

// IsBuiltinDate reports whether the id of a built-in format shows a date or a time. 27–36 and 50–58 are the dates of the
// Chinese, Japanese and Korean versions; files name them without spelling them out.
func IsBuiltinDate(id int) bool {
	return 14 <= id && id <= 22 || 27 <= id && id <= 36 || 45 <= id && id <= 47 || 50 <= id && id <= 58
}

// IsDate reports whether the format's first section holds a letter of a date outside quotes, escapes and brackets:
// `yyyy"年"m"月"`, `[$-804]aaaa`, `[h]:mm`, `e"年"`. `"d"0`, `[Red]0.00` and `General` do not.
func IsDate(code string) bool {
	if strings.EqualFold(code, "general") {
		return false
	}
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case '"':
			end := strings.IndexByte(code[i+1:], '"')
			if end < 0 {
				return false
			}
			i += end + 1
		case '\\', '_', '*':
			i++ // the next character is shown, or is as wide, or fills
		case '[':
			end := strings.IndexByte(code[i:], ']')
			if end < 0 {
				return false
			}
			if isElapsed(code[i+1 : i+end]) {
				return true
			}
			i += end
		case ';':
			return false
		case 'G', 'g':
			if len(code)-i >= 7 && strings.EqualFold(code[i:i+7], "general") {
				i += 6
				continue
			}
			return true // the era of g, gg, ggg
		case 'E', 'e':
			if i+1 < len(code) && (code[i+1] == '+' || code[i+1] == '-') {
				i++ // the exponent of 0.00E+00
				continue
			}
			return true // the year of e"年"
		case 'y', 'Y', 'm', 'M', 'd', 'D', 'h', 'H', 's', 'S', 'b', 'B':
			return true
		case 'a', 'A':
			if len(code)-i >= 3 && strings.EqualFold(code[i:i+3], "aaa") || isAMPM(code[i:]) {
				return true // aaa and aaaa are the days of the week
			}
		}
	}
	return false
}

// isElapsed reports whether the bracket holds h, m or s only: [h], [mm], [ss].
func isElapsed(s string) bool {
	return s != "" && (strings.Trim(s, "hH") == "" || strings.Trim(s, "mM") == "" || strings.Trim(s, "sS") == "")
}

func isAMPM(s string) bool {
	return len(s) >= 5 && strings.EqualFold(s[:5], "AM/PM") || len(s) >= 3 && strings.EqualFold(s[:3], "A/P")
}
