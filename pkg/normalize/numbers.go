package normalize

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"huizong/pkg/label"
	"huizong/pkg/reporting"
)

// written is a number as a cell has it.
type written struct {
	presence reporting.Presence // Missing, NotApplicable, Unreadable or Given
	number   reporting.Decimal
	unit     string // the unit behind the number, or ""
	multiple string // 万 in 3.5 万人, or ""
	percent  bool
	scale    int  // the power of ten by which the format shows another number than is stored
	format   bool // the unit is the format's
	spaced   bool // spaces part its digits, which may be thousands, or two numbers
	loose    bool // it stands in words, or words beside it say more: 三十五, 31人（其中女12人）, 不低于 200
	letters  bool // it stands in Chinese letters
}

var (
	notApplicable = regexp.MustCompile(`^(?:[-—–―─‐−/\\.…·*×]+|N/?A|n/?a|不适用|不涉及|无此项)$`)
	unitInBracket = regexp.MustCompile(`^([^()]*\d)\s*\(([^()\d]{1,4})\)$`)
	partBehind    = regexp.MustCompile(`^(.*[\d人次个家件场期名户元])\s*(?:\(\s*(?:其中|内含|含|包含|包括|女|男)[^()]*\)|[,;、]\s*其中.*)$`)
	numberText    = regexp.MustCompile(`^([-+−负]?)\s*(?:[¥￥]|人民币|RMB)?\s*([-+−]?)(\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d{1,3}(?: \d{3})+(?:\.\d*)?|\d+(?:\.\d*)?|\.\d+)\s*(百万|千万|万|亿|千|百|[wW])?\s*(亿元|万元|千元|百元|元|圆|块|人次|人|个|家|件|起|张|场|次|期|名|户|岗|宗|例|例次|%)?[整正]?$`)
)

var multiples = map[string]reporting.Decimal{
	"": reporting.Int(1), "百": reporting.Int(100), "千": reporting.Int(1000), "万": reporting.Int(10_000), "百万": reporting.Int(1_000_000),
	"千万": reporting.Int(10_000_000), "亿": reporting.Int(100_000_000), "w": reporting.Int(10_000), "W": reporting.Int(10_000),
}

// readNumber reads a number as people write it: 1,234 and １２３４, 1234人, 3.5万元, (12.50) for −12.50, 无 for zero, — for not
// applicable; and what a number format writes around it. Empty is missing. All else is unreadable.
func readNumber(cell reporting.Cell) written {
	switch cell.Kind {
	case reporting.NumberCell:
		number, err := reporting.ParseDecimal(cell.Text)
		if err != nil || cell.Date {
			return written{presence: reporting.Unreadable}
		}
		if cell.Look != nil && cell.Look.Format != nil {
			return readShown(cell.Look.Format.Show(cell.Text), number)
		}
		return written{presence: reporting.Given, number: number}
	case reporting.BoolCell, reporting.ErrorCell:
		return written{presence: reporting.Unreadable}
	}
	text := cell.Text
	if !isBare(text) {
		if text = unmarked(text); strings.ContainsFunc(text, isMark) {
			return written{presence: reporting.Unreadable} // width folding would make a digit of the mark
		}
	}
	text = noWidth.Replace(label.Clean(text))
	switch {
	case text == "":
		return written{}
	case notApplicable.MatchString(text):
		return written{presence: reporting.NotApplicable}
	case label.Means(text, label.Zero):
		return written{presence: reporting.Given}
	}
	return readWords(text)
}

// readWords reads the number that a text consists of, also where it is in Chinese letters or where a part of it stands behind it.
func readWords(text string) written {
	w := readNumberText(text)
	if w.presence != reporting.Unreadable {
		return w
	}
	rest := text
	if m := partBehind.FindStringSubmatch(rest); m != nil {
		rest = m[1]
	}
	if digits, ok := label.Numeral(rest); ok {
		rest, w.letters = digits, true
	}
	if rest != text {
		letters := w.letters
		w = readNumberText(rest)
		w.loose, w.letters = true, letters
	}
	return w
}

// readBound reads a target as people write one: ≥200, 不低于 95%, 控制在 3.5% 以内.
func readBound(cell reporting.Cell) written {
	text, bound := label.WithoutBound(cell.Text)
	if cell.Kind != reporting.TextCell || !bound {
		return written{presence: reporting.Unreadable}
	}
	cell.Text = text
	w := readNumber(cell)
	w.loose = true
	return w
}

// noWidth are marks that stand between letters unseen and come along when text is copied; none turns the direction, which is seen.
var noWidth = strings.NewReplacer("\u200b", "", "\u200c", "", "\u200d", "", "\u2060", "", "\ufeff", "", "\u00ad", "")

// ungrouped takes out what parts the digits of a number into groups.
var ungrouped = strings.NewReplacer(",", "", " ", "")

// readShown reads the stored number as its format shows it: in the scale that it prints, with the letters around it.
func readShown(shown reporting.Shown, stored reporting.Decimal) written {
	if !shown.Exact { // letters alone, or nothing
		text := label.Clean(shown.Text)
		if stored.Sign() == 0 && (text == "" || notApplicable.MatchString(text) || label.Means(text, label.Zero)) {
			return written{presence: reporting.Given}
		}
		return written{presence: reporting.Unreadable}
	}
	w := written{presence: reporting.Given, scale: shown.Scale, number: stored.Mul(powerOfTen(shown.Scale))}
	if shown.Before == "" && shown.After == "" {
		return w
	}
	around := readNumber(reporting.Cell{Kind: reporting.TextCell, Text: shown.Before + "1" + shown.After})
	multiple := reporting.Int(1)
	if m, ok := multiples[around.multiple]; ok {
		multiple = m
	}
	if around.presence != reporting.Given || !around.number.Abs().Equal(multiple) { // digits in the format: “1”0 makes 136 of 36
		return written{presence: reporting.Unreadable}
	}
	w.unit, w.percent, w.format = around.unit, around.percent, true
	w.number = w.number.Mul(multiple)
	if stored.Sign() > 0 && around.number.Sign() < 0 {
		w.number = w.number.Neg() // else the sign in the format is the stored number's own
	}
	return w
}

func powerOfTen(n int) reporting.Decimal {
	if n < 0 {
		return reporting.NewDecimal(reporting.Int(1).Unscaled(0), -n)
	}
	return reporting.NewDecimal(reporting.Int(1).Unscaled(0), 0).Mul(reporting.MustDecimal("1" + strings.Repeat("0", n)))
}

func readNumberText(text string) written {
	negative := false
	if inner, ok := strings.CutPrefix(text, "("); ok {
		if inner, ok = strings.CutSuffix(inner, ")"); ok {
			negative, text = true, strings.TrimSpace(inner)
		}
	}
	m := numberText.FindStringSubmatch(unitInBracket.ReplaceAllString(text, "$1$2"))
	if m == nil || m[1] != "" && m[2] != "" || negative && m[1]+m[2] != "" {
		return written{presence: reporting.Unreadable}
	}
	digits := ungrouped.Replace(m[3])
	number, err := reporting.ParseDecimal(strings.TrimSuffix(digits, "."))
	if err != nil || len(digits) > 25 {
		return written{presence: reporting.Unreadable}
	}
	if sign := m[1] + m[2]; negative || sign == "-" || sign == "−" || sign == "负" {
		number = number.Neg()
	}
	w := written{presence: reporting.Given, number: number, unit: m[5], multiple: m[4], spaced: strings.Contains(m[3], " ")}
	switch {
	case w.unit == "%":
		w.percent = true
	case m[4] != "":
		w.number = number.Mul(multiples[m[4]]) // 3.5 百万元: the multiple belongs to the number
		if w.unit == "" {
			w.unit = m[4]
		}
	}
	if w.unit == "圆" || w.unit == "块" {
		w.unit = "元"
	}
	return w
}

// number reads a cell under a column of numbers, converts money to yuan, and says what is wrong with it.
func (s *sheetReader) number(column reporting.Column, cell reporting.Cell, v reporting.Value, ctx context) reporting.Value {
	w := readNumber(cell)
	if w.presence == reporting.Unreadable && s.form.Shape == reporting.TargetForm {
		w = readBound(cell)
	}
	v.Presence = w.presence
	indicator := s.indicatorOf(ctx.code, column)
	money := column.Type == reporting.MoneyValue || column.Type == reporting.Amount && indicator != nil && indicator.IsMoney()
	ratio := indicator != nil && indicator.Kind == reporting.Ratio
	_, unitOfMoney := reporting.Money(w.unit).Factor()
	multiple := multiples[w.unit].Sign() != 0 && w.unit != ""
	switch {
	case w.presence == reporting.Missing, w.presence == reporting.NotApplicable:
		return v
	case w.presence == reporting.Unreadable, w.letters && money, w.percent && !ratio, ratio && w.unit != "" && !w.percent, w.unit != "" && !w.percent && !multiple && unitOfMoney != money:
		v.Presence = reporting.Unreadable
		s.fail(reporting.NotANumber, v.Cell, v.Written, s.noNumber(column, cell, v))
		return v
	}
	v.Number = w.number
	if w.spaced && strings.Contains(strings.TrimSpace(cell.Text), " ") { // and not the space that no line is broken at
		s.find(reporting.ValueAssumed, reporting.SeverityWarning, v.Cell, v.Written, reporting.Textf(
			"“%s”中有空格，按一个数 %s 读取；如果是两个数，请改正", "“%s” has spaces in it and was read as one number, %s: correct it if it is two", v.Written, w.number.String()))
	}
	switch {
	case money:
		return s.money(column, cell, v, w, ctx, indicator)
	case ratio:
		v.Number = s.ratio(v, w, cell)
	default:
		v.Number = s.count(v.Number, w, ctx, column)
		if !s.scaleFits(w, countFactors[countUnit(w.unit, ctx, s.layout, s.form.Column(column.ID))]) {
			return s.unsureScale(column, cell, v)
		}
	}
	s.sayUnit(v, w, cell, "")
	if !ratio && !v.Number.IsInteger() {
		s.fail(reporting.NotAnInteger, v.Cell, v.Written, reporting.Textf("“%s”应填整数，表中为“%s”，请核对", "“%s” must be a whole number; it is “%s”: please check", s.columnHeader(column), said(v, cell)))
	}
	return s.notNegative(column, cell, v, indicator)
}

// money converts an amount to yuan.
func (s *sheetReader) money(column reporting.Column, cell reporting.Cell, v reporting.Value, w written, ctx context, indicator *reporting.Indicator) reporting.Value {
	outer, known := s.moneyUnit(w.unit, ctx, column, indicator)
	factor, _ := outer.Factor()
	switch {
	case !known:
		v.Presence = reporting.Unreadable
		return v
	case w.unit == "" && !s.scaleFits(w, factor):
		return s.unsureScale(column, cell, v)
	}
	v.Measure, v.Number = outer, yuan(w.number, outer)
	silent := ""
	if w.format && w.scale == 0 { // the format repeats the unit that the sheet has anyway
		around, _ := s.quietUnit(ctx, column)
		silent = string(around)
	}
	s.sayUnit(v, w, cell, silent)
	return s.notNegative(column, cell, v, indicator)
}

// quietUnit is the unit around the cell, without a word where there is none.
func (s *sheetReader) quietUnit(ctx context, column reporting.Column) (reporting.Money, bool) {
	for _, l := range s.moneyLevels(ctx, column) {
		if len(l.units) > 0 {
			return reporting.Money(l.units[0]), len(l.units) == 1
		}
	}
	return "", false
}

// scaleFits reports whether the format scales what is stored, yuan or persons, into the unit that the sheet says it is in; or not at all.
// A scale without a word of the unit fits nothing else.
func (s *sheetReader) scaleFits(w written, factor reporting.Decimal) bool {
	return w.scale == 0 || w.percent || w.unit != "" || powerOfTen(w.scale).Mul(factor).Equal(reporting.Int(1))
}

func (s *sheetReader) unsureScale(column reporting.Column, cell reporting.Cell, v reporting.Value) reporting.Value {
	v.Presence = reporting.Unreadable
	s.fail(reporting.UnitSuspect, v.Cell, v.Written, reporting.Textf(
		"“%s”显示为 %s，实际存的是 %s，两者相差的倍数与表中的单位对不上；请把单元格格式改成“常规”，按表中的单位重新填写",
		"“%s” shows %s and holds %s, and the unit of the sheet does not explain the difference: set the format to General and type the number in the unit of the sheet",
		s.columnHeader(column), v.Written, cell.Text))
	return v
}

// sayUnit says that the cell itself names a unit, or shows another number than it holds; silent is the unit that goes without saying.
func (s *sheetReader) sayUnit(v reporting.Value, w written, cell reporting.Cell, silent string) {
	_, multiple := multiples[w.unit]
	switch {
	case w.loose:
		s.find(reporting.ValueAssumed, reporting.SeverityWarning, v.Cell, v.Written, reporting.Textf(
			"“%s”不只是一个数字，按 %s 读取，请只填数字", "“%s” is more than a number: read as %s; write the number alone", v.Written, readAs(v, w)))
	case w.percent || w.unit == "" && w.scale == 0:
	case w.format && w.scale == 0 && (w.unit == silent || v.Measure == "" && !multiple):
	case w.format || w.scale != 0:
		s.find(reporting.ValueAssumed, reporting.SeverityWarning, v.Cell, v.Written, reporting.Textf(
			"这一格显示为 %s（实际存的是 %s），按显示的读取，即 %s", "the cell shows %s (and holds %s): read as shown, which is %s",
			v.Written, cell.Text, v.Number.String()))
	default:
		s.find(reporting.ValueAssumed, reporting.SeverityWarning, v.Cell, v.Written, reporting.Textf(
			"“%s”中带有单位，按 %s 读取，请只填数字", "“%s” carries its unit: read as %s; write the number alone", v.Written, v.Number.String()))
	}
}

// readAs is the number that was read, as the cell's kind has it.
func readAs(v reporting.Value, w written) string {
	if w.percent {
		return w.number.String() + "%"
	}
	return v.Number.String()
}

func (s *sheetReader) notNegative(column reporting.Column, cell reporting.Cell, v reporting.Value, indicator *reporting.Indicator) reporting.Value {
	if v.Number.Sign() < 0 && !s.mayBeNegative(column, indicator) {
		s.fail(reporting.Negative, v.Cell, v.Written, reporting.Textf("“%s”不能是负数，表中为“%s”，请核对", "“%s” cannot be below zero; it is “%s”: please check", s.columnHeader(column), said(v, cell)))
	}
	return v
}

// said is what the cell shows, and what is stored where that is something else.
func said(v reporting.Value, cell reporting.Cell) string {
	if cell.Kind != reporting.NumberCell || v.Written == cell.Text {
		return v.Written
	}
	return v.Written + "（实际存的是 " + cell.Text + "）"
}

var (
	twoNumbers  = regexp.MustCompile(`^[\d.,]+(?:\s+|\s*[/、;；，|+~～]\s*)[\d.,]+$`)
	letterDigit = regexp.MustCompile(`^[\d.,]*[OoQlI〇○][\dOolI〇○.,]*$`)
)

// noNumber says why the cell is no number.
func (s *sheetReader) noNumber(column reporting.Column, cell reporting.Cell, v reporting.Value) reporting.Text {
	header, shown := s.columnHeader(column), said(v, cell)
	switch text := label.Clean(cell.Text); {
	case cell.Kind == reporting.NumberCell && cell.Date:
		if day, ok := s.sheet.Day(cell); ok && v.Written == cell.Text {
			shown = day.String()
		}
		return reporting.Textf("“%s”应填数字，这一格显示的是日期“%s”，可能是填的内容被自动变成了日期；请把单元格格式改成“常规”，重新填写数字",
			"“%s” must be a number; the cell shows a date, “%s”, which may have been made of what was typed: set the format to General and type the number again", header, shown)
	case cell.Kind == reporting.NumberCell && v.Written == "":
		return reporting.Textf("“%s”这一格的格式让它什么也不显示，里面存的是 %s；请把单元格格式改成“常规”，核对后重新填写",
			"the format of “%s” makes it show nothing; it holds %s: set the format to General, check and type it again", header, cell.Text)
	case cell.Kind == reporting.TextCell && twoNumbers.MatchString(text):
		return reporting.Textf("“%s”这一格像是写了两个数（“%s”），请只写一个数，不要用空格分隔",
			"“%s” seems to hold two numbers (“%s”): write one, without spaces in it", header, v.Written)
	case cell.Kind == reporting.TextCell && letterDigit.MatchString(text):
		return reporting.Textf("“%s”应填数字，“%s”中有字母或圆圈，可能是把数字 0 或 1 打成了字母，请改成数字",
			"“%s” must be a number; “%s” has a letter in it, perhaps for a 0 or a 1: type digits", header, v.Written)
	}
	return reporting.Textf("“%s”应填数字，表中为“%s”，请改成数字", "“%s” must be a number; it is “%s”: write a number", header, shown)
}

// ratio turns percent into a fraction. A cell that is formatted as a percentage holds the fraction itself: of a number up to one that
// is assumed, and said.
func (s *sheetReader) ratio(v reporting.Value, w written, cell reporting.Cell) reporting.Decimal {
	one := reporting.Int(1)
	if cell.Kind == reporting.NumberCell && w.percent {
		return v.Number.Mul(reporting.MustDecimal("0.01"))
	}
	if cell.Kind == reporting.NumberCell && v.Number.Sign() > 0 && v.Number.Cmp(one) <= 0 {
		percent := v.Number.Mul(reporting.Int(100)).String()
		s.find(reporting.ValueAssumed, reporting.SeverityWarning, v.Cell, v.Written, reporting.Textf(
			"“%s”按 %s%% 读取；比率请按百分数填写", "“%s” was read as %s%%: write ratios in percent", v.Written, percent))
		return v.Number
	}
	return v.Number.Mul(reporting.MustDecimal("0.01"))
}

// count is a number that is no money: in the multiple that its unit has (万人), and without the binary noise of a formula.
func (s *sheetReader) count(number reporting.Decimal, w written, ctx context, column reporting.Column) reporting.Decimal {
	if factor, ok := countFactors[countUnit(w.unit, ctx, s.layout, s.form.Column(column.ID))]; ok {
		number = number.Mul(factor)
	}
	return number.Round(9)
}

// countFactors are the multiples in which counts are given: 万人.
var countFactors = map[string]reporting.Decimal{"百": reporting.Int(100), "千": reporting.Int(1000), "万": reporting.Int(10_000)}

// countUnit is the multiple in the innermost unit of a count: of the row, the header or the info line. A unit in the cell overrules it.
func countUnit(cellUnit string, ctx context, layout *reporting.Layout, column int) string {
	if cellUnit != "" {
		return ""
	}
	for _, unit := range []string{ctx.measure, layout.Measures[column], layout.Measure.Text} {
		if unit == "" {
			continue
		}
		if _, money := reporting.Money(unit).Factor(); money {
			continue
		}
		first, size := utf8.DecodeRuneInString(unit)
		if _, alone := countFactors[unit]; size < len(unit) || alone {
			return string(first)
		}
		return ""
	}
	return ""
}

func (s *sheetReader) mayBeNegative(column reporting.Column, indicator *reporting.Indicator) bool {
	return column.Negative || indicator != nil && indicator.Negative
}

// yuan converts an amount to yuan, rounded at the fen: cached results of formulas carry binary noise.
func yuan(number reporting.Decimal, unit reporting.Money) reporting.Decimal {
	factor, _ := unit.Factor()
	return number.Mul(factor).Round(2)
}
