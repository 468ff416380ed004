package clerk

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"unicode"

	"huizong/pkg/reporting"
)

// cell is one typed cell. The zero cell is blank.
type cell struct {
	text    string
	number  bool   // text is a decimal number, and a book stores it as one
	format  string // number format, "" for none
	formula string // number is its cached result
}

func typed(s string) cell { return cell{text: s} }

// speller turns values into cells with the habits of one clerk.
type speller struct {
	hand    hand
	rng     *rand.Rand
	book    bool
	factor  reporting.Decimal // yuan in one of the unit that money is written in
	formats numberFormats
}

type numberFormats struct{ count, money, day string }

var (
	countFormats = []string{"0", "#,##0", "General"}
	moneyFormats = []string{"0.00", "#,##0.00", "0.00_ ", "General"}
	dayFormats   = []string{"yyyy-mm-dd", "yyyy/m/d", `yyyy"年"m"月"d"日"`}
)

func newSpeller(h hand, rng *rand.Rand, money reporting.Money) speller {
	s := speller{hand: h, rng: rng, book: isBook(nil, h)}
	s.factor, _ = money.Factor()
	s.formats.day = pick(rng, dayFormats)
	if h[formats] {
		s.formats.count, s.formats.money = pick(rng, countFormats), pick(rng, moneyFormats)
	}
	return s
}

// spell types one value; measure is the unit that its row names, or "".
func (s *speller) spell(v Value, measure string) cell {
	switch v.Kind {
	case Words:
		return typed(s.pad(v.Text))
	case Name:
		return typed(s.pad(s.officeName(v.Text)))
	case Count:
		return s.count(v.Number, measure)
	case Sum:
		return s.money(v.Number, measure)
	case Day:
		return s.day(v.Date)
	case YearMonth:
		return typed(s.month(v.Month))
	case NotApplicable:
		return typed(pick(s.rng, []string{"—", "—", "-", "/", "…"}))
	}
	return cell{}
}

func (s *speller) count(n reporting.Decimal, measure string) cell {
	if c, ok := s.zero(n); ok {
		return c
	}
	return s.figure(n, measure, s.formats.count)
}

func (s *speller) money(yuan reporting.Decimal, measure string) cell {
	if c, ok := s.zero(yuan); ok {
		return c
	}
	factor := s.factor
	if f, ok := reporting.Money(measure).Factor(); ok {
		factor = f
	}
	return s.figure(yuan.Quo(factor, 6), measure, s.formats.money)
}

// zero writes nought as a word, now and then.
func (s *speller) zero(n reporting.Decimal) (cell, bool) {
	if !s.hand[zeroWords] || n.Sign() != 0 || s.rng.IntN(3) == 0 {
		return cell{}, false
	}
	return typed(pick(s.rng, []string{"无", "０"})), true
}

var mixture = []habit{asPrinted, asPrinted, numbersText, numbersComma, numbersWide, numbersPad}

func (s *speller) figure(n reporting.Decimal, measure, format string) cell {
	style := asPrinted
	for _, h := range []habit{numbersText, numbersComma, numbersWide, numbersPad} {
		if s.hand[h] {
			style = h
		}
	}
	switch {
	case s.hand[numbersMixed]:
		style = pick(s.rng, mixture)
	case s.hand[numbersUnit] && measure != "" && s.rng.IntN(2) == 0:
		return typed(n.String() + measure)
	}
	switch style {
	case numbersText:
		return typed(n.String())
	case numbersComma:
		return typed(n.Grouped(-1))
	case numbersWide:
		return typed(widen(n.String()))
	case numbersPad:
		return typed(pick(s.rng, []string{" ", "　", "  "}) + n.String() + pick(s.rng, []string{"", " ", "　", "\u00a0"}))
	}
	return cell{text: n.String(), number: true, format: format}
}

// widen turns ASCII into its full-width twins.
func widen(s string) string {
	return strings.Map(func(r rune) rune { return r - '!' + '！' }, s)
}

var daySpellings = map[habit][]string{
	asPrinted:    {"2006-01-02"},
	datesSlash:   {"2006/1/2", "2006/01/02"},
	datesDot:     {"2006.1.2", "2006.01.02"},
	datesHan:     {"2006年1月2日"},
	datesCompact: {"20060102"},
}

func (s *speller) day(d reporting.Date) cell {
	style := asPrinted
	for _, h := range []habit{datesSlash, datesDot, datesHan, datesCompact} {
		if s.hand[h] {
			style = h
		}
	}
	if s.hand[datesMixed] {
		style = pick(s.rng, []habit{asPrinted, datesSlash, datesDot, datesHan, datesCompact})
	}
	if s.hand[datesReal] && s.book {
		return cell{text: strconv.Itoa(serial(d)), number: true, format: s.formats.day}
	}
	text := d.Time().Format(pick(s.rng, daySpellings[style]))
	return cell{text: text, number: style == datesCompact && s.book && s.rng.IntN(2) == 0}
}

// serial is the day as a workbook counts it.
func serial(d reporting.Date) int {
	first, _ := reporting.NewDate(1900, 1, 1)
	return int(d-first) + 2 // there is a 29 February 1900 in Excel
}

func (s *speller) month(m reporting.Month) string {
	return m.Start().Time().Format(pick(s.rng, []string{"2006-01", "2006年1月", "200601", "2006.01", "2006/1"}))
}

// officeName writes an office's name as it calls itself, or loosely.
func (s *speller) officeName(name string) string {
	if s.hand[looseNames] {
		if short := strings.Replace(name, "畲族乡", "乡", 1); short != name {
			return short
		}
	}
	if s.rng.IntN(12) == 0 {
		return official(name)
	}
	return name
}

// official is the name over the office's door.
func official(name string) string {
	switch {
	case strings.HasSuffix(name, "街道"):
		return name + "办事处"
	case strings.HasSuffix(name, "镇"), strings.HasSuffix(name, "乡"):
		return name + "人民政府"
	}
	return name
}

// pad leaves white space around words, as copying from other programs does.
func (s *speller) pad(text string) string {
	if !s.hand[textPadded] || s.rng.IntN(4) > 0 {
		return text
	}
	return pick(s.rng, []string{"", " "}) + text + pick(s.rng, []string{" ", "　", "\u00a0"})
}

// space puts white space between the characters of a short header.
func space(header string, rng *rand.Rand, book bool) string {
	runes := []rune(header)
	if len(runes) > 4 && book {
		at := len(runes) / 2
		return string(runes[:at]) + "\n" + string(runes[at:])
	}
	if len(runes) > 4 || strings.ContainsFunc(header, func(r rune) bool { return !unicode.Is(unicode.Han, r) }) {
		return header
	}
	gap := pick(rng, []string{" ", "　"})
	return strings.Join(strings.Split(header, ""), gap)
}

func pick[T any](rng *rand.Rand, from []T) T { return from[rng.IntN(len(from))] }
