// Package label says when two texts of a sheet name the same thing: offices write one header in a dozen ways, with full-width
// letters, spaces between the characters, a unit in brackets, a number before it.
//
// It holds no vocabulary of any form: aliases are data under schemas/.
package label

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Clean folds the widths of a text (NFKC) and trims what surrounds it: spaces of all kinds, tabs, byte order marks.
func Clean(s string) string {
	if isPlain(s) {
		return s
	}
	return strings.TrimFunc(norm.NFKC.String(s), func(r rune) bool {
		return unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' || unicode.IsControl(r)
	})
}

// isPlain spares the common short ASCII value the walk through NFKC.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// Fold is the form in which labels are compared: widths folded, and only letters and digits left. "乡镇（街道）" and
// "乡 镇(街道)" are one, and so are “七老” in any quotes.
func Fold(s string) string {
	var b strings.Builder
	for _, r := range Clean(s) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '%' {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// measures are the units that stand in brackets at the end of a header.
const measures = `亿元|百万元|万元|千元|百元|元|人次|人|个|家|件|起|张|场|次|期|名|户|岗|%|百分比|百分点|天|年|月`

var (
	measureTail = regexp.MustCompile(`\s*[(\[【<]\s*(?:单位[:：]?)?\s*(?:人民币)?\s*(` + measures + `)\s*[)\]】>]$`)
	remarkTail  = regexp.MustCompile(`\s*[(\[【]\s*(?:保留[^)\]】]*|必填|选填|如有|注[^)\]】]*)\s*[)\]】]$`)
	measureOnly = regexp.MustCompile(`^(?:人民币)?(` + measures + `)$`)
)

// Header parts a header into the text by which it is compared and the unit in brackets at its end, "" where there is none:
// "收入\n（万元）" is "收入" and "万元".
func Header(s string) (text, measure string) {
	s = Clean(s)
	for {
		if m := measureTail.FindStringSubmatchIndex(s); m != nil && m[0] > 0 {
			measure, s = s[m[2]:m[3]], s[:m[0]]
			continue
		}
		if m := remarkTail.FindStringIndex(s); m != nil && m[0] > 0 {
			s = s[:m[0]]
			continue
		}
		return Fold(s), measure
	}
}

// Unit returns the unit of measure that a text consists of, and false for any other text: "（万元）" and "人民币万元" are 万元.
func Unit(s string) (string, bool) {
	s = strings.Trim(strings.ReplaceAll(Clean(s), " ", ""), "()[]【】")
	m := measureOnly.FindStringSubmatch(s)
	if m == nil {
		return "", false
	}
	return m[1], true
}

var (
	numbering = regexp.MustCompile(`^(?:` +
		`[(\[]\s*(?:\d{1,3}|[一二三四五六七八九十]{1,3})\s*[)\]]\s*[、.:]?` + // (1) （一）
		`|(?:\d{1,3}|[一二三四五六七八九十]{1,3})\s*[、)]` + // 1、 一、 1)
		`|\d{1,3}\s*\.(?:\d{1,2}\.?)?(?:\D|$)` + // 1. 1.2
		`|[#*·•\-—–─]+` +
		`)\s*`)
	circled = regexp.MustCompile(`^\s*[①-⑳⑴-⒇⒈-⒛❶-❿㈠-㈩]\s*`)
	ofWhich = regexp.MustCompile(`^(?:其中|其)\s*[:,、]?\s*`)
)

// Row is the form in which the label of a row is compared: without numbering, indent and 其中, and without a unit in brackets.
func Row(s string) string {
	s = Clean(circled.ReplaceAllString(strings.TrimSpace(s), ""))
	for {
		m := numbering.FindString(s)
		if m == "" {
			break
		}
		if cut := strings.TrimRightFunc(m, func(r rune) bool { return !strings.ContainsRune("0123456789.、)]:#*·•-—–─ ", r) }); len(cut) < len(m) {
			m = cut // the pattern for "1." looks one letter ahead
		}
		if m == "" {
			break
		}
		s = Clean(s[len(m):])
	}
	if rest := ofWhich.ReplaceAllString(s, ""); rest != s && strings.HasPrefix(s, "其中") {
		s = rest
	}
	text, _ := Header(s)
	return text
}

// Near reports whether two folded labels are so alike that one may be a slip for the other: one edit in four characters or
// more, or one holds the other and is at most twice as long.
func Near(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) >= 2 && len(y) <= 2*len(x) && strings.Contains(string(y), string(x)) {
		return true
	}
	return len(x) >= 4 && distanceAtMostOne(x, y)
}

// distanceAtMostOne: x is not longer than y.
func distanceAtMostOne(x, y []rune) bool {
	if len(y)-len(x) > 1 {
		return false
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	if len(x) == len(y) {
		return i == len(x) || string(x[i+1:]) == string(y[i+1:])
	}
	return string(x[i:]) == string(y[i+1:])
}
