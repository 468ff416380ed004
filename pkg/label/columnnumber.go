package label

import (
	"regexp"
	"strconv"
	"strings"

	"huizong/pkg/reporting"
)

// columnNumber is what stands in one cell of the row of column numbers below a header: 甲, 3, (2), 5=3+4.
var columnNumber = regexp.MustCompile(`^[(\[]?(甲|乙|丙|丁|戊|己|[A-Z]|栏次|行次|\d{1,2})[)\]]?(\s*=[\s\d+\-*/×÷−()A-Z]+)?$`)

// IsColumnNumber reports whether the text may number a column, or a row.
func IsColumnNumber(text string) bool { return columnNumber.MatchString(text) }

// AreColumnNumbers reports whether the cells number the columns, and nothing else: 甲 乙 1 2 3. They count on from cell to cell, each kind
// by itself or as the columns do. 甲 and 乙 beside a 12 are names.
func AreColumnNumbers(cells []reporting.Cell) bool {
	n, before := 0, ordinal{}
	first := map[byte]int{}
	for _, c := range cells {
		text := Clean(c.Text)
		if text == "" {
			continue
		}
		m := columnNumber.FindStringSubmatch(text)
		if m == nil {
			return false
		}
		n++
		is := ordinalOf(m[1])
		begin, seen := first[is.kind]
		switch {
		case is.kind == 'w':
		case !seen && is.at <= n, seen && is.at == begin, is.kind == before.kind && is.at == before.at+1:
		default:
			return false
		}
		if !seen {
			first[is.kind] = is.at
		}
		before = is
	}
	return n > 1
}

// ordinal is a number of one kind: a heavenly stem, a letter, a digit, or a word for any.
type ordinal struct {
	kind byte
	at   int
}

func ordinalOf(text string) ordinal {
	if at := strings.Index("甲乙丙丁戊己", text); at >= 0 {
		return ordinal{'s', at/len("甲") + 1}
	}
	if n, err := strconv.Atoi(text); err == nil {
		return ordinal{'d', n}
	}
	if len(text) == 1 {
		return ordinal{'l', int(text[0]-'A') + 1}
	}
	return ordinal{'w', 0}
}
