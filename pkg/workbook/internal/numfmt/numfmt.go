// Package numfmt says what a number format makes of a number.
//
// Formats are cut into tokens by nfp. What most formats do – decimals, separators, colours, a sign or a currency – changes no number:
// Parse then returns nothing to apply, and a cell with such a format costs nothing. Only a format that scales, counts in percent, prints
// letters or hides is kept, and is applied when the shown text is asked for.
package numfmt

import (
	"regexp"
	"strings"

	"github.com/xuri/nfp"

	"huizong/pkg/reporting"
)

// Style is what a format means for the cells that have it. Look is nil where the format shows the number as it is.
type Style struct {
	Date bool
	Look *reporting.Look
}

// longest is the length up to which a format is looked at: no program allows longer ones.
const longest = 1024

// Parse reads a format as the file spells it. date1904 says from when the file counts its days.
func Parse(code string, date1904 bool) Style {
	if len(code) > longest {
		return Style{}
	}
	code = spell(code)
	f := &format{sections: sections(code), date1904: date1904, unknown: strings.Contains(code, ",,,")}
	date := isDate(code)
	if f.isPlain() {
		return Style{Date: date}
	}
	return Style{Date: date, Look: &reporting.Look{Format: f}}
}

// Builtin is the format of an id that files name without spelling it out. 27–36 and 50–58 are the dates of the Chinese, Japanese and
// Korean versions.
func Builtin(id int, date1904 bool) Style {
	switch {
	case 14 <= id && id <= 22 || 27 <= id && id <= 36 || 45 <= id && id <= 47 || 50 <= id && id <= 58:
		code := builtinDates[id]
		if code == "" {
			code = "yyyy/m/d"
		}
		return Parse(code, date1904)
	case id == 9:
		return Parse("0%", false)
	case id == 10:
		return Parse("0.00%", false)
	}
	return Style{}
}

// builtinDates are the built-in formats that do not show a whole day, as a Chinese Excel prints them.
var builtinDates = map[int]string{16: `d-mmm`, 17: `mmm-yy`, 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
	27: `yyyy"年"m"月"`, 28: `m"月"d"日"`, 29: `m"月"d"日"`, 31: `yyyy"年"m"月"d"日"`, 32: `h"时"mm"分"`, 33: `h"时"mm"分"ss"秒"`, 34: "h:mm", 35: "h:mm:ss",
	36: `yyyy"年"m"月"`, 45: "mm:ss", 46: "h:mm:ss", 47: "mm:ss", 50: `yyyy"年"m"月"`, 51: `m"月"d"日"`, 52: `yyyy"年"m"月"`, 53: `m"月"d"日"`,
	54: `m"月"d"日"`, 55: "h:mm", 56: "h:mm:ss", 57: `yyyy"年"m"月"`, 58: `m"月"d"日"`}

var chineseGeneral = regexp.MustCompile(`(?i)G/(?:通用格式|標準|General)`)

// unprinted are the colours and the systems of numerals that nfp takes for letters.
var unprinted = regexp.MustCompile(`(?i)\[(?:colou?r\s*\d+|颜色\s*\d+|[黑蓝青绿红白黄]色?|洋红色?|品红色?|蓝绿色|NatNum\d+|ENG|HIJ)\]`)

// spell writes a format as the parser knows it: the General of a Chinese Excel by its English name, no colour by its number, and whatever is
// printed as it stands behind \, as nfp takes a point in quotes for the decimal one, and ! for a letter.
func spell(code string) string {
	code = chineseGeneral.ReplaceAllString(code, "General")
	code = unprinted.ReplaceAllString(code, "")
	if !strings.ContainsAny(code, `"!`) {
		return code
	}
	var b strings.Builder
	quoted, next := false, false // next: the sign before speaks of this one
	for _, c := range code {
		switch {
		case next:
			next = false
		case c == '"':
			quoted = !quoted
			continue
		case quoted:
			b.WriteByte('\\')
		case c == '!':
			c, next = '\\', true
		case c == '\\' || c == '_' || c == '*':
			next = true
		}
		b.WriteRune(c)
	}
	return b.String()
}

// isDate reports whether the first section of numbers shows a date or a time.
func isDate(code string) bool {
	for _, s := range parse(code) {
		if s.Type == nfp.TokenSectionText {
			continue
		}
		for _, token := range s.Items {
			if token.TType == nfp.TokenTypeDateTimes || token.TType == nfp.TokenTypeElapsedDateTimes {
				return true
			}
		}
		return false
	}
	return false
}

func parse(code string) []nfp.Section {
	p := nfp.NumberFormatParser()
	return p.Parse(code)
}
