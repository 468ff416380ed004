package main

import (
	"math"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/encoding/charmap"

	"huizong/pkg/reporting"
)

// sameValue compares a cell with a raw value.
func sameValue(c reporting.Cell, found bool, want string) bool {
	if !found || c.Kind == reporting.Blank {
		return strings.TrimSpace(want) == "" || c.Formula() != ""
	}
	if c.Text == want || strings.EqualFold(c.Text, want) || c.Kind == reporting.BoolCell && (want == "1") == (c.Text == "TRUE") {
		return true
	}
	a, errA := strconv.ParseFloat(c.Text, 64)
	b, errB := strconv.ParseFloat(want, 64)
	if errA == nil && errB == nil {
		return a == b || math.Abs(a-b) <= 1e-14*math.Abs(a)
	}
	return sameText(c.Text, want)
}

// displayed compares a cell with what Excel shows. Text must be equal. A number must round to the one shown; formats turn it
// into dates and words, of which only the presence is judged. A weak oracle is one whose exports differ or whose letters are
// lost: there only missing cells count.
func displayed(weak bool) func(reporting.Cell, bool, string) bool {
	return func(c reporting.Cell, found bool, want string) bool {
		blank := strings.TrimSpace(want) == ""
		switch {
		case !found:
			return blank
		case c.Kind == reporting.Blank, weak:
			return true
		case c.Kind == reporting.NumberCell:
			return blank || c.Date || showsNumber(c.Text, want)
		case c.Kind == reporting.BoolCell:
			return strings.EqualFold(c.Text, want)
		}
		return sameText(c.Text, want)
	}
}

// sameText compares text that has gone through a narrow character set: letters that it does not have became "_" or "?".
func sameText(got, want string) bool {
	if western, err := charmap.Windows1252.NewDecoder().String(want); err == nil && flatten(western) == flatten(got) {
		return true
	}
	a, b := []rune(flatten(got)), []rune(flatten(want))
	if len(b) == 0 {
		return true // a format of text may show nothing of it
	}
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		if a[i] != b[j] && !(a[i] > 127 && (b[j] == '_' || b[j] == '?' || b[j] > 127)) {
			return false
		}
		i, j = i+1, j+1
	}
	return i == len(a) && j == len(b) || len(a) > 255 || strings.ContainsAny(want, "_?")
}

// flatten makes all white space one kind, and drops what a CSV cannot show.
func flatten(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\u00a0' || r == '\t':
			return ' '
		case unicode.IsControl(r) || r == '\ufeff':
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// showsNumber reports whether the text can be how a format shows the number.
func showsNumber(number, shown string) bool {
	v, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return false
	}
	plain := strings.NewReplacer(",", "", "$", "", " ", "", "\u00a0", "").Replace(shown)
	scale := 1.0
	if strings.HasSuffix(plain, "%") {
		plain, scale = strings.TrimSuffix(plain, "%"), 100
	}
	if strings.HasPrefix(plain, "(") && strings.HasSuffix(plain, ")") {
		plain = "-" + plain[1:len(plain)-1]
	}
	s, err := strconv.ParseFloat(plain, 64)
	if err != nil {
		return true // a date, a fraction, a word, ####
	}
	mantissa, exponent, _ := strings.Cut(strings.ToUpper(plain), "E")
	_, decimals, _ := strings.Cut(mantissa, ".")
	e, _ := strconv.Atoi(exponent)
	unit := math.Pow(10, float64(e-len(decimals)))
	difference := math.Min(math.Abs(v*scale-s), math.Abs(math.Abs(v)*scale-math.Abs(s)))
	return difference <= 0.5000001*unit+1e-9*math.Abs(s)
}
