package normalize

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"huizong/pkg/label"
	"huizong/pkg/reporting"
)

// What a cell may hold. The store's columns hold more (20 digits before the point, and 2^32 in the counts of ledgers), also when the
// values of all cells that a file may have are added up: a value that has passed here can be stored. A count of ten digits, or an amount
// of fourteen, is nothing that a city reports: it is a telephone number, an identity number, or a slip of the hand.
var (
	countBound = reporting.Int(1_000_000_000)      // counts and ratios are below it
	moneyBound = reporting.Int(10_000_000_000_000) // amounts in yuan are below it
	boundWords = map[bool]reporting.Text{          // of money, and of all else
		true:  {ZH: "小于 10 万亿元", EN: "less than 10^13 yuan"},
		false: {ZH: "小于 10 亿", EN: "less than 10^9"},
	}
)

// Digits after the point that a value keeps: what its column in the store has. The rest is the binary noise of a spreadsheet (a double
// carries 15 to 17 digits: 95.65217391304348), and goes without a word.
const (
	factPlaces  = 4
	namedPlaces = 10 // targets and last year's figures: a rate is stored as a fraction
)

// maxText is how many letters a cell may hold: as many as a spreadsheet program lets anybody write.
const maxText = 32_767

// How much of a cell a finding repeats, and how long it may be for all that is in it, in letters.
const (
	maxShown   = 200
	maxMessage = 1000
)

// bounded reads the row's cell under the form's column, as value does. What passes here fits the store; all else is a finding.
func (s *sheetReader) bounded(i int, ctx context) reporting.Value {
	column := s.form.Columns[i]
	cell, _ := s.cell(i)
	if ctx.total { // it is compared, and not stored
		return s.value(i, ctx)
	}
	if n := utf8.RuneCountInString(cell.Text); n > maxText {
		v := reporting.Value{Presence: reporting.Unreadable, Cell: s.name(i), Written: reporting.Shorten(cell.Text, maxShown)}
		s.fail(reporting.OutOfBounds, v.Cell, v.Written, reporting.Textf(
			"“%s”有 %d 个字，一格最多 %d 个字，请删减", "“%s” holds %d letters; a cell may hold %d: shorten it", s.columnHeader(column), n, maxText))
		return v
	}
	if isNumber(column.Type) && beyondReading(cell) {
		return s.beyond(column, reporting.Value{Cell: s.name(i), Written: cell.Text}, countBound)
	}
	v := s.value(i, ctx)
	switch {
	case v.Presence != reporting.Given:
	case column.Type == reporting.MonthValue && v.Month.Start() <= 0, column.Type == reporting.DateValue && v.Date <= 0:
		v.Presence = reporting.Unreadable
		s.fail(reporting.BadDate, v.Cell, v.Written, reporting.Textf("“%s”不在 1900 年到 2200 年之间（表中为“%s”），请核对",
			"“%s” is not within the years 1900 to 2200 (“%s”): please check", s.columnHeader(column), v.Written))
	case !isNumber(column.Type):
	case v.Number.Abs().Cmp(s.boundOf(v)) >= 0:
		return s.beyond(column, v, s.boundOf(v))
	default:
		v.Number = v.Number.Round(s.places())
	}
	return v
}

// places is how many digits after the point the form's numbers keep.
func (s *sheetReader) places() int {
	if s.form.Shape == reporting.TargetForm || s.form.Shape == reporting.BaselineForm {
		return namedPlaces
	}
	return factPlaces
}

func (s *sheetReader) boundOf(v reporting.Value) reporting.Decimal {
	if v.Measure != "" {
		return moneyBound
	}
	return countBound
}

// beyond says that a number is too great to be one, without the number of a person that it may be.
func (s *sheetReader) beyond(column reporting.Column, v reporting.Value, bound reporting.Decimal) reporting.Value {
	words := boundWords[bound.Equal(moneyBound) || column.Type == reporting.MoneyValue]
	shown, unit := concealNumbers(v.Written), ""
	if v.Measure != "" {
		unit = "（按" + string(v.Measure) + "读取）"
	}
	v.Presence, v.Number = reporting.Unreadable, reporting.Decimal{}
	s.fail(reporting.OutOfBounds, v.Cell, shown, reporting.Textf(
		"“%[1]s”的数太大：表中为“%[2]s”%[3]s，应%[4]s；请核对是否多写了数字、用错了单位，或填成了别的号码",
		"“%[1]s” is too great: it is “%[2]s” and must be %[5]s: look for a digit too many, a wrong unit, or a number of another kind",
		s.columnHeader(column), reporting.Shorten(shown, maxShown), unit, words.ZH, words.EN))
	return v
}

var scientific = regexp.MustCompile(`^[-+]?([\d.]+)[eE]([-+]?\d+)$`)

// beyondReading reports whether the cell holds a number that is too great even to be read: 25 digits before the point, or 1E+300.
func beyondReading(cell reporting.Cell) bool {
	if cell.Kind == reporting.NumberCell {
		if m := scientific.FindStringSubmatch(cell.Text); m != nil {
			exponent, err := strconv.Atoi(m[2])
			return err != nil && !strings.HasPrefix(m[2], "-") || exponent > readable
		}
	}
	text := label.Clean(cell.Text)
	whole, fraction, _ := strings.Cut(ungrouped.Replace(strings.TrimLeft(text, "-+−")), ".")
	return len(whole) > readable && strings.Trim(whole+fraction, "0123456789") == ""
}

// readable is how many digits before the point are read as a number.
const readable = 20
