package blank

import (
	"fmt"
	"strings"

	"huizong/pkg/reporting"
)

// fill decides what is in each cell of the table.
func (p *plan) fill() {
	p.cells = make([][]content, len(p.lines))
	for i := range p.lines {
		p.cells[i] = make([]content, len(p.Form.Columns))
		for column := range p.Form.Columns {
			p.cells[i][column] = p.content(i, column)
		}
	}
}

func (p *plan) content(i, column int) content {
	l, c := &p.lines[i], p.Form.Columns[column]
	if l.total {
		return p.totalContent(i, column)
	}
	switch c.Type {
	case reporting.Sequence:
		number := reporting.Int(int64(i + 1))
		if p.grows() {
			return content{role: input, number: &number}
		}
		return content{role: fixed, number: &number}
	case reporting.RowLabel:
		return content{role: fixed, text: indented(l)}
	case reporting.Measure:
		return content{role: fixed, text: l.measure}
	case reporting.UnitValue:
		if p.Form.RowUnits {
			return content{role: fixed, text: l.label}
		}
	}
	if c.SumOf != "" {
		return p.yearContent(i, column)
	}
	for _, r := range p.Form.Rules {
		if r.At == c.ID && r.Expect != "" {
			if content, ok := p.ruleContent(r, i, column); ok {
				return content
			}
		}
	}
	return p.inputContent(l, column)
}

// indented prints a part under its whole.
func indented(l *line) string {
	if l.part {
		return "　　" + l.label
	}
	return l.label
}

func (p *plan) inputContent(l *line, column int) content {
	return content{role: input, format: p.format(l, column), check: p.check(l, column)}
}

// totalContent sums the rows above.
func (p *plan) totalContent(i, column int) content {
	c := p.Form.Columns[column]
	switch {
	case c.Type == reporting.RowLabel, c.Type == reporting.UnitValue:
		return content{role: fixed, text: p.lines[i].label}
	case !c.Totalled:
		return content{role: nothing}
	}
	sum := reporting.Decimal{}
	for k := range i {
		if n := p.cells[k][column].number; n != nil {
			sum = sum.Add(*n)
		}
	}
	return content{role: computed, formula: fmt.Sprintf("SUM(%s:%s)", p.cell(0, column), p.cell(i-1, column)), number: &sum, format: p.format(&p.lines[i], column)}
}

// yearContent is the year to date: last month's plus this month's where that is known, to be typed where it is not, and not
// applicable to a stock. SUM takes a month that is written — or 无 for nothing, where + would fail.
func (p *plan) yearContent(i, column int) content {
	l := &p.lines[i]
	month := p.Form.Column(p.Form.Columns[column].SumOf)
	indicator := p.loaded(l, month)
	if indicator != nil && indicator.Kind != reporting.Flow {
		return content{role: fixed, text: "—"}
	}
	before, known := p.cumulative(l, column)
	switch {
	case p.january():
		return content{role: computed, formula: fmt.Sprintf("SUM(%s)", p.cell(i, month)), number: &reporting.Decimal{}, format: p.format(l, column)}
	case known:
		return content{role: computed, formula: fmt.Sprintf("SUM(%s,%s)", p.cell(i, p.helper(column)), p.cell(i, month)), number: &before, format: p.format(l, column)}
	}
	return p.inputContent(l, column)
}

// ruleContent follows a rule that says what the cell must be. A value of the month before is filled in, and may be changed: it may
// have been corrected since. Anything that is no plain sum of the row's columns is left to be typed.
func (p *plan) ruleContent(r reporting.Rule, i, column int) (content, bool) {
	l := &p.lines[i]
	if source, ok := strings.CutPrefix(strings.TrimSpace(r.Expect), "previous."); ok && p.Form.Column(source) >= 0 {
		c := p.inputContent(l, column)
		if value, known := p.known(p.Previous, p.loaded(l, p.Form.Column(source)), p.money(l, column)); known {
			c.number = &value
		}
		return c, true
	}
	terms, ok := parseTerms(p.Form, r.Expect)
	if !ok {
		return content{}, false
	}
	formula, sum := "", reporting.Decimal{}
	for _, t := range terms {
		value := reporting.Decimal{}
		// Operands that stand further right are not filled yet; they are inputs, and empty.
		if n := p.cells[i][t.column].number; n != nil {
			value = *n
		}
		switch {
		case t.minus:
			formula, sum = formula+"-", sum.Sub(value)
		case formula != "":
			formula, sum = formula+"+", sum.Add(value)
		default:
			sum = sum.Add(value)
		}
		formula += fmt.Sprintf("SUM(%s)", p.cell(i, t.column))
	}
	return content{role: computed, formula: formula, number: &sum, format: p.format(l, column)}, true
}

// term is one operand of a plain sum.
type term struct {
	minus  bool
	column int
}

// parseTerms reads "opening + income - expenditure", and nothing that is not of this kind.
func parseTerms(form *reporting.Form, expression string) ([]term, bool) {
	var terms []term
	words := strings.Fields(expression)
	if len(words)%2 == 0 {
		return nil, false
	}
	for i := 0; i < len(words); i += 2 {
		t := term{column: form.Column(words[i])}
		if i > 0 {
			t.minus = words[i-1] == "-"
			if !t.minus && words[i-1] != "+" {
				return nil, false
			}
		}
		if t.column < 0 {
			return nil, false
		}
		terms = append(terms, t)
	}
	return terms, true
}

// format is the number format of a column's cells. Codes and names are text, so that a spreadsheet program does not make numbers
// or dates of them.
func (p *plan) format(l *line, column int) string {
	switch c := p.Form.Columns[column]; c.Type {
	case reporting.DateValue:
		return "yyyy-mm-dd"
	case reporting.Integer:
		return "#,##0"
	case reporting.MoneyValue:
		return moneyFormat(p.money(l, column))
	case reporting.Amount:
		switch {
		case l.indicator != nil && l.indicator.Kind == reporting.Ratio:
			return "0.00####"
		case p.money(l, column) != "":
			return moneyFormat(p.money(l, column))
		}
		return "#,##0"
	}
	return "@"
}

// moneyFormat shows two digits, and the others where there are any.
func moneyFormat(unit reporting.Money) string {
	return "#,##0.00" + strings.Repeat("#", max(fen(unit)-2, 0))
}
