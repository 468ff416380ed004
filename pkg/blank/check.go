package blank

import (
	"fmt"
	"strconv"
	"strings"

	"huizong/pkg/reporting"
)

// checkKind is how a cell is checked while it is typed.
type checkKind int

const (
	unchecked checkKind = iota
	numberCheck
	dateCheck
	lengthCheck
	listCheck
)

// check is what a cell may hold. Checks are compared, so that neighbouring cells with one check share it.
type check struct {
	kind     checkKind
	places   int // of a number: digits behind the point
	negative bool
	from, to reporting.Date
	list     string // names of a list, one a line
}

// earliest is the first day that a date which only has an upper bound may be: a slip in the year is the usual mistake.
const earliest = "1990-01-01"

// codeLength is the length of ID numbers and credit codes.
const codeLength = 18

func (p *plan) check(l *line, column int) check {
	c := p.Form.Columns[column]
	switch c.Type {
	case reporting.Integer:
		return check{kind: numberCheck, negative: c.Negative}
	case reporting.MoneyValue:
		return check{kind: numberCheck, places: fen(p.money(l, column)), negative: c.Negative}
	case reporting.Amount:
		return p.amountCheck(l, column)
	case reporting.DateValue:
		from, _ := reporting.ParseDate(earliest)
		if c.Bounds == reporting.InPeriod {
			from = p.Period.Start()
		}
		return check{kind: dateCheck, from: from, to: p.Period.End()}
	case reporting.MonthValue:
		return check{kind: listCheck, list: p.monthList()}
	case reporting.IDNumber, reporting.CreditCode:
		return check{kind: lengthCheck}
	case reporting.UnitValue:
		return check{kind: listCheck, list: p.unitList()}
	case reporting.Category:
		return check{kind: listCheck, list: choiceList(c)}
	}
	return check{}
}

func (p *plan) amountCheck(l *line, column int) check {
	k := check{kind: numberCheck, places: fen(p.money(l, column)), negative: p.Form.Columns[column].Negative}
	if l.indicator != nil {
		k.negative = k.negative || l.indicator.Negative
		if l.indicator.Kind == reporting.Ratio {
			k.places = 6
		}
	}
	return k
}

func (p *plan) monthList() string {
	var names []string
	for _, m := range p.Period.Months() {
		names = append(names, m.String())
	}
	return strings.Join(names, "\n")
}

func (p *plan) unitList() string {
	var names []string
	for _, u := range p.rowUnits() {
		names = append(names, u.Name.ZH)
	}
	return strings.Join(names, "\n")
}

func choiceList(c reporting.Column) string {
	var names []string
	for _, choice := range c.Choices {
		names = append(names, choice.Name)
	}
	return strings.Join(names, "\n")
}

// formula is the condition of a number check for the first cell of its range. IF keeps the two cases apart: in AND and OR all
// operands are worked out, and comparing — with a number would fail the whole.
func (k check) formula(cell string) string {
	least := cell + ">=0"
	if k.negative {
		least = "TRUE"
	}
	return fmt.Sprintf(`IF(ISNUMBER(%[1]s),AND(%[2]s,%[1]s=ROUND(%[1]s,%[3]d)),OR(%[1]s="—",%[1]s="-",%[1]s="无"))`, cell, least, k.places)
}

// text is the sentence for the clerk, shown at the cell and in the instructions.
func (k check) text(w *words) string {
	switch k.kind {
	case numberCheck:
		text := w.whole
		if k.places > 0 {
			text = strings.ReplaceAll(w.decimal, "{places}", strconv.Itoa(k.places))
		}
		if !k.negative {
			text += w.notNegative
		}
		return text + w.zero
	case dateCheck:
		return fmt.Sprintf(w.date, k.from, k.to)
	case lengthCheck:
		return w.code
	case listCheck:
		return w.choose
	}
	return ""
}
