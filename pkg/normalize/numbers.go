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
	percent  bool
}

var (
	notApplicable = regexp.MustCompile(`^(?:[-—–―─‐−/\\.…·*×]+|N/?A|n/?a|不适用|不涉及|无此项)$`)
	zeroWords     = regexp.MustCompile(`^(?:无|零|〇|没有|无发生|未发生)$`)
	numberText    = regexp.MustCompile(`^([-+−负]?)\s*(?:[¥￥]|人民币|RMB)?\s*([-+−]?)(\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d{1,3}(?: \d{3})+(?:\.\d*)?|\d+(?:\.\d*)?|\.\d+)\s*(百万|千万|万|亿|千|百)?\s*(亿元|万元|千元|百元|元|圆|块|人次|人|个|家|件|起|张|场|次|期|名|户|岗|宗|例|例次|%)?[整正]?$`)
)

var multiples = map[string]reporting.Decimal{
	"": reporting.Int(1), "百": reporting.Int(100), "千": reporting.Int(1000), "万": reporting.Int(10_000), "百万": reporting.Int(1_000_000),
	"千万": reporting.Int(10_000_000), "亿": reporting.Int(100_000_000),
}

// readNumber reads a number as people write it: 1,234 and １２３４, 1234人, 3.5万元, (12.50) for −12.50, 无 for zero, — for not
// applicable. Empty is missing. All else is unreadable.
func readNumber(cell reporting.Cell) written {
	switch cell.Kind {
	case reporting.NumberCell:
		number, err := reporting.ParseDecimal(cell.Text)
		if err != nil {
			return written{presence: reporting.Unreadable}
		}
		return written{presence: reporting.Given, number: number}
	case reporting.BoolCell, reporting.ErrorCell:
		return written{presence: reporting.Unreadable}
	}
	text := label.Clean(cell.Text)
	switch {
	case text == "":
		return written{}
	case notApplicable.MatchString(text):
		return written{presence: reporting.NotApplicable}
	case zeroWords.MatchString(text):
		return written{presence: reporting.Given}
	}
	return readNumberText(text)
}

func readNumberText(text string) written {
	negative := false
	if inner, ok := strings.CutPrefix(text, "("); ok {
		if inner, ok = strings.CutSuffix(inner, ")"); ok {
			negative, text = true, strings.TrimSpace(inner)
		}
	}
	m := numberText.FindStringSubmatch(text)
	if m == nil || m[1] != "" && m[2] != "" || negative && m[1]+m[2] != "" {
		return written{presence: reporting.Unreadable}
	}
	digits := strings.NewReplacer(",", "", " ", "").Replace(m[3])
	number, err := reporting.ParseDecimal(strings.TrimSuffix(digits, "."))
	if err != nil || len(digits) > 25 {
		return written{presence: reporting.Unreadable}
	}
	if sign := m[1] + m[2]; negative || sign == "-" || sign == "−" || sign == "负" {
		number = number.Neg()
	}
	w := written{presence: reporting.Given, number: number, unit: m[5]}
	switch {
	case w.unit == "%":
		w.percent = true
	case m[4] != "" && (w.unit == "元" || w.unit == "圆" || w.unit == "块"):
		w.number = number.Mul(multiples[m[4]]) // 3.5 百万元: the multiple belongs to the number
	case m[4] != "":
		w.number = number.Mul(multiples[m[4]])
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
	v.Presence = w.presence
	indicator := s.indicatorOf(ctx.code, column)
	money := column.Type == reporting.MoneyValue || column.Type == reporting.Amount && indicator != nil && indicator.IsMoney()
	ratio := indicator != nil && indicator.Kind == reporting.Ratio
	_, unitOfMoney := reporting.Money(w.unit).Factor()
	multiple := multiples[w.unit].Sign() != 0 && w.unit != ""
	switch {
	case w.presence == reporting.Missing, w.presence == reporting.NotApplicable:
		return v
	case w.presence == reporting.Unreadable, w.percent && !ratio, w.unit != "" && !w.percent && !multiple && unitOfMoney != money:
		v.Presence = reporting.Unreadable
		s.fail(reporting.NotANumber, v.Cell, v.Written, reporting.Textf("“%s”应填数字，表中为“%s”，请改成数字", "“%s” must be a number; it is “%s”: write a number", s.columnHeader(column), v.Written))
		return v
	}
	v.Number = w.number
	switch {
	case money:
		v.Measure = s.moneyUnit(w.unit, ctx, column, indicator)
		v.Number = yuan(v.Number, v.Measure)
	case ratio:
		v.Number = s.ratio(v, w, cell)
	default:
		v.Number = s.count(v.Number, w, ctx, column)
	}
	if w.unit != "" && !w.percent {
		s.find(reporting.ValueAssumed, reporting.SeverityWarning, v.Cell, v.Written, reporting.Textf(
			"“%s”中带有单位，按 %s 读取，请只填数字", "“%s” carries its unit: read as %s; write the number alone", v.Written, v.Number.String()))
	}
	if cell.Date {
		s.find(reporting.ValueAssumed, reporting.SeverityWarning, v.Cell, v.Written, reporting.Textf(
			"这一格是日期格式，按数字 %s 读取", "the cell is formatted as a date: read as the number %s", v.Number.String()))
	}
	if !money && !ratio && !v.Number.IsInteger() {
		s.fail(reporting.NotAnInteger, v.Cell, v.Written, reporting.Textf("“%s”应填整数，表中为“%s”，请核对", "“%s” must be a whole number; it is “%s”: please check", s.columnHeader(column), v.Written))
	}
	if v.Number.Sign() < 0 && !s.mayBeNegative(column, indicator) {
		s.fail(reporting.Negative, v.Cell, v.Written, reporting.Textf("“%s”不能是负数，表中为“%s”，请核对", "“%s” cannot be below zero; it is “%s”: please check", s.columnHeader(column), v.Written))
	}
	return v
}

// ratio turns percent into a fraction. A cell that is formatted as a percentage holds the fraction itself: of a number up to one that
// is assumed, and said.
func (s *sheetReader) ratio(v reporting.Value, w written, cell reporting.Cell) reporting.Decimal {
	one := reporting.Int(1)
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
		if size < len(unit) {
			return string(first)
		}
		return ""
	}
	return ""
}

func (s *sheetReader) mayBeNegative(column reporting.Column, indicator *reporting.Indicator) bool {
	return column.Negative || indicator != nil && indicator.Negative
}

// moneyUnit is the innermost unit of money that is given: in the cell, in the row's 计量单位, in the header, in the info line, or
// the form's own.
func (s *sheetReader) moneyUnit(cellUnit string, ctx context, column reporting.Column, indicator *reporting.Indicator) reporting.Money {
	if _, multiple := multiples[cellUnit]; multiple && cellUnit != "" {
		return reporting.Yuan // 3.5万 without 元: the number is in yuan already
	}
	units := []string{cellUnit, ctx.measure, s.layout.Measures[s.form.Column(column.ID)], s.layout.Measure.Text, s.rowMoney(ctx.code), string(s.form.Money)}
	if indicator != nil {
		units = append(units, indicator.Measure)
	}
	for _, unit := range units {
		if _, ok := reporting.Money(unit).Factor(); ok {
			return reporting.Money(unit)
		}
	}
	return reporting.Yuan
}

// yuan converts an amount to yuan, rounded at the fen: cached results of formulas carry binary noise.
func yuan(number reporting.Decimal, unit reporting.Money) reporting.Decimal {
	factor, _ := unit.Factor()
	return number.Mul(factor).Round(2)
}

// rowMoney is the unit of money that the form itself prints for the row.
func (s *sheetReader) rowMoney(code string) string {
	for _, r := range s.form.Rows {
		if r.Code == code {
			return r.Measure
		}
	}
	return ""
}
