// Package label says when two texts of a sheet name the same thing: offices write one header in a dozen ways, with full-width
// letters, spaces between the characters, a unit in brackets, a number before it.
//
// It holds no vocabulary of any form: aliases are data under schemas/.
package label

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"huizong/pkg/reporting"
)

// longest is the length in bytes up to which a text may be a label or a period; a longer one is prose.
const longest = 300

// Clean folds the widths of a text (NFKC) and trims what surrounds it: spaces of all kinds, tabs, byte order marks.
func Clean(s string) string {
	if isPlain(s) {
		return s
	}
	return strings.TrimFunc(norm.NFKC.String(s), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.In(r, unicode.Cc, unicode.Cf) // marks that cannot be seen come along when text is copied
	})
}

// isPlain spares the walk through NFKC to what it cannot change: ASCII without spaces, and Chinese characters.
func isPlain(s string) bool {
	for _, r := range s {
		if (r <= ' ' || r >= 0x7f) && (r < 0x4e00 || r > 0x9fff) {
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
const measures = moneyMeasures + `|[百千万]?人次|[百千万]?人|[百千万]?[个家件起张场次期名户岗宗例]|%|百分比|百分点|天|年|月`

const moneyMeasures = `亿元|千万元|百万元|十万元|万元|千元|百元|元`

var (
	measureTail = regexp.MustCompile(`\s*(?:[(\[【<]\s*(?:单位[:：]?)?\s*(?:人民币)?\s*(` + measures + `)\s*[)\]】>]|[/:]\s*(` + measures + `)|(?:[,_、;—-]|\s)\s*(` + moneyMeasures + `))$`)
	remarkTail  = regexp.MustCompile(`\s*(?:[(\[【]\s*(?:保留[^)\]】]*|[必选]填[^)\]】]*|如[^)\]】]{1,8}|注[^)\]】]*|[^)\]】]{0,4}[见按][^)\]】]{1,8}|\d{1,3}位)\s*[)\]】]|\*)$`)
	formulaTail = regexp.MustCompile(`\s*(?:[(\[【]\s*(?:第?\s*\d{1,2}\s*[栏列]?|[\d\s=+\-*/×÷−<>≤≥A-Za-z()]{1,40}|[甲乙丙丁])\s*[)\]】]|\s\d{1,2}\s*=[\d\s+\-*/×÷−]+)$`)
	numberHead  = regexp.MustCompile(`^(?:\*+\s*|[(\[]\s*\d{1,2}\s*[)\]]\s*|\d{1,2}\s*[、.)]\s*)(\D)`)
	brackets    = regexp.MustCompile(`\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|<[^<>]*>`)
	bracketTail = regexp.MustCompile(`\s*[(\[【<]([^()\[\]【】<>]*)[)\]】>]$`)
	moneyAlone  = regexp.MustCompile(`^(?:单位|金额|以|按|均|为|是|:|人民币)*((?:千万|百万|十万|万|千|百|亿)?元)(?:人民币|为单位|计算?|填报?|[,;].{0,10})?$`) // （以元计）, （元，保留整数）
	measureOnly = regexp.MustCompile(`^(?:人民币)?(` + measures + `)$`)
)

// Header parts a header into the text by which it is compared and the unit at its end, "" where there is none: "收入\n（万元）" is
// "收入" and "万元". Numbers of columns, formulas and remarks around it are no part of either.
func Header(s string) (text, measure string) {
	s, measure = head(s)
	return Fold(s), measure
}

// WithoutBrackets is a header's text without anything that stands in brackets: "立案（受理）日期" is "立案日期".
func WithoutBrackets(s string) string {
	s, _ = head(s)
	return Fold(brackets.ReplaceAllString(s, ""))
}

func head(s string) (text, measure string) {
	s = Clean(uncircle(s))
	if len(s) > longest {
		return s, ""
	}
	if m := numberHead.FindStringSubmatchIndex(s); m != nil {
		s = s[m[2]:]
	}
	for {
		if m := measureTail.FindStringSubmatchIndex(s); m != nil && m[0] > 0 {
			if at := max(m[2], m[4], m[6]); measure == "" {
				measure = s[at:max(m[3], m[5], m[7])]
			}
			s = s[:m[0]]
			continue
		}
		if m := bracketTail.FindStringSubmatchIndex(s); m != nil && m[0] > 0 {
			if unit := moneyAlone.FindStringSubmatch(narrow(s[m[2]:m[3]])); unit != nil {
				s, measure = s[:m[0]], cmp.Or(measure, unit[1])
				continue
			}
			if isHint(s[m[2]:m[3]]) {
				s = s[:m[0]]
				continue
			}
		}
		cut := len(s)
		for _, tail := range []*regexp.Regexp{remarkTail, formulaTail} {
			if m := tail.FindStringIndex(s); m != nil && m[0] > 0 {
				cut = min(cut, m[0])
			}
		}
		if cut == len(s) {
			return s, measure
		}
		s = s[:cut]
	}
}

// Tail is what stands in brackets at the end of a text, "" where nothing does.
func Tail(s string) string {
	if m := bracketTail.FindStringSubmatch(Clean(s)); m != nil {
		return m[1]
	}
	return ""
}

// uncircle drops the circled numbers around a text, before widths are folded and they cannot be told from digits.
func uncircle(s string) string {
	return strings.TrimFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || r >= '①' && r <= '⒛' || r >= '❶' && r <= '❿' || r >= '㈠' && r <= '㈩' || r >= '⓪' && r <= '⓿'
	})
}

// Words that a name may have or not without meaning anything else.
var (
	fillerTails = []string{"数量", "数额", "人数", "总额", "金额", "名称", "情况", "次数", "场次", "件数", "户数", "家数", "人次", "合计", "总数", "时间", "日期", "年月日", "数", "额"}
	fillerHeads = []string{"当前", "目前", "实际", "具体", "本次", "本单位", "本表", "全部", "总", "该", "各"}
)

// Core is a folded label without the words that add no meaning to it, or "" where little is left: "实际缴存金额" and "缴存额" have one core.
func Core(folded string) string {
	for {
		rest := folded
		for _, word := range fillerTails { // one at a time: 金额情况 ends in 金额, and not in 额
			if rest = strings.TrimSuffix(folded, word); rest != folded {
				break
			}
		}
		for _, word := range fillerHeads {
			rest = strings.TrimPrefix(rest, word)
		}
		if len([]rune(rest)) < 2 {
			return ""
		}
		if rest == folded {
			return rest
		}
		folded = rest
	}
}

// Unit returns the unit of measure that a text consists of, and false for any other text: "（万元）" and "人民币万元" are 万元.
func Unit(s string) (string, bool) {
	if len(s) > longest {
		return "", false
	}
	m := measureOnly.FindStringSubmatch(strings.Trim(narrow(s), "()[]【】"))
	if m == nil {
		return "", false
	}
	return m[1], true
}

var (
	numbering = regexp.MustCompile(`^(?:` +
		`[(\[]\s*(?:\d{1,3}|[一二三四五六七八九十]{1,3}|[A-Za-z])\s*[)\]]\s*[、.:]?` + // (1) （一）
		`|(?:\d{1,3}|[一二三四五六七八九十]{1,3}|[A-Za-z]|[IVX]{1,4})\s*[、)]` + // 1、 一、 1)
		`|\d{1,2}(?:-\d{1,2}){1,2}(?:\s*[、.]|\s+)` + // 1-1、
		`|[A-Z]\.` + // A.
		`|第[\d一二三四五六七八九十]{1,3}[项条]\s*[、:]?` +
		`|[#*·•※√\-—–─>]+` +
		`)\s*`)
	dotted  = regexp.MustCompile(`^\d{1,3}\s*(?:\.(?:\d{1,2}\.?)?\s*|\s)(\D|$)`) // 1. 1.2 and "1 "
	ofWhich = regexp.MustCompile(`^(?:\(其中\)|其中)\s*[:,、]?\s*`)
)

// Row is the form in which the label of a row is compared: without numbering, indent and 其中, and without a unit in brackets.
func Row(s string) string {
	s = Clean(uncircle(s))
	for len(s) <= longest {
		rest := s
		if m := numbering.FindString(s); m != "" {
			rest = s[len(m):]
		} else if m := dotted.FindStringSubmatchIndex(s); m != nil {
			rest = s[m[2]:]
		} else if m := ofWhich.FindString(s); m != "" && len(m) < len(s) {
			rest = s[len(m):]
		}
		if rest == s || Fold(rest) == "" {
			break
		}
		s = Clean(uncircle(rest))
	}
	text, _ := Header(s)
	return text
}

// ColumnName is what a clerk calls a column: its header, with the group above it where another column has the same.
func ColumnName(form *reporting.Form, column int) string {
	c := form.Columns[column]
	for i, other := range form.Columns {
		if i != column && other.Header == c.Header && len(c.Labels) > 0 {
			return c.Labels[0]
		}
	}
	return c.Header
}

// Rows maps each folded label of the form's fixed rows to the row's code.
func Rows(form *reporting.Form) map[string]string {
	known := make(map[string]string, len(form.Rows)*4)
	for _, row := range form.Rows {
		for _, text := range append([]string{row.Label}, row.Aliases...) {
			known[Row(text)] = row.Code
		}
	}
	return known
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

// Choice is the choice that a short text means: by its name, or by a part of it that no other choice has.
func Choice(column reporting.Column, text string) string {
	text = Fold(text)
	if len([]rune(text)) < 2 {
		return ""
	}
	found := ""
	for _, choice := range column.Choices {
		if !slices.ContainsFunc(append([]string{choice.Name}, choice.Aliases...), func(known string) bool { return strings.Contains(Fold(known), text) }) {
			continue
		}
		if found != "" {
			return ""
		}
		found = choice.Name
	}
	return found
}
