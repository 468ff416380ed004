package clerk

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"huizong/pkg/reporting"
)

// headerEvery is the number of lines after which a clerk who repeats the header does so, as on a printed page.
const headerEvery = 25

// lines types the body of the table and its total.
func (t *typist) lines() {
	order := t.order()
	for n, i := range order {
		t.section(n, len(order))
		if t.hand[headerTwice] && n > 0 && n%headerEvery == 0 && !t.paper.grouped() {
			t.grid.rows = append(t.grid.rows, slices.Clone(t.grid.rows[t.body-2]))
		}
		t.line(t.paper.Lines[i], n+1)
		if t.hand[rowsBetween] && t.rng.IntN(4) == 0 {
			t.row()
		}
	}
	t.mergeRepeats()
	if total := t.total(); total != nil {
		t.totalLine(total)
	}
}

func (t *typist) order() []int {
	order := make([]int, len(t.paper.Lines))
	for i := range order {
		order[i] = i
	}
	if t.hand[shuffled] {
		t.rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	}
	return order
}

// section types a heading that is no line of the form, before the first line and before the middle one.
func (t *typist) section(n, of int) {
	if !t.hand[sections] {
		return
	}
	label := max(0, slices.IndexFunc(t.columns, func(c column) bool { return c.Type == reporting.RowLabel }))
	cells := make([]cell, label+1)
	switch n {
	case 0:
		cells[label] = typed("一、主要指标")
	case of / 2:
		cells[label] = typed("二、其他指标")
	default:
		return
	}
	t.row(cells...)
}

func (t *typist) line(line Line, n int) {
	cells := make([]cell, len(t.columns))
	measure := t.measure(line)
	for i, c := range t.columns {
		cells[i] = t.cell(c, line, n, measure)
	}
	row := t.row(cells...)
	for i, c := range t.columns {
		if c.SumOf != "" && t.hand[formulas] {
			t.yearFormula(row, i, c)
		}
	}
}

// measure is the unit that the line names, which may be another unit of money than the form's.
func (t *typist) measure(line Line) string {
	at := t.paper.column(reporting.Measure)
	if at < 0 {
		return ""
	}
	unit := line[at].Text
	if _, money := reporting.Money(unit).Factor(); money {
		return string(t.money)
	}
	return unit
}

func (t *typist) cell(c column, line Line, n int, measure string) cell {
	if c.source < 0 {
		return typed(pick(t.rng, c.cells))
	}
	v := line[c.source]
	switch c.Type {
	case reporting.Sequence:
		return cell{text: strconv.Itoa(n), number: true}
	case reporting.Measure:
		return typed(measure)
	case reporting.RowLabel:
		return t.label(v, n)
	case reporting.IDNumber:
		if t.hand[lowerX] {
			v.Text = strings.ToLower(v.Text)
		}
	}
	return t.speller.spell(v, measure)
}

var hanNumbers = []string{"一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"}

// label types the name of a line, numbered and indented as the clerk likes. A part (其中：) is never numbered.
func (t *typist) label(v Value, n int) cell {
	if v.Kind == Name {
		return t.speller.spell(v, "")
	}
	text := v.Text
	if !strings.HasPrefix(text, "其中") {
		text = t.prefix(n) + text
	}
	if t.hand[indented] {
		text = pick(t.rng, []string{"  ", "　", "    "}) + text
	}
	return typed(text)
}

func (t *typist) prefix(n int) string {
	switch {
	case t.hand[prefixDot]:
		return fmt.Sprintf("%d.", n)
	case t.hand[prefixComma]:
		return fmt.Sprintf("%d、", n)
	case t.hand[prefixParen]:
		return fmt.Sprintf("(%d)", n)
	case t.hand[prefixWide]:
		return fmt.Sprintf("（%d）", n)
	case t.hand[prefixHan] && n <= len(hanNumbers):
		return hanNumbers[n-1] + "、"
	}
	return ""
}

// yearFormula makes the year to date a formula: the month's cell and what stood there a month ago.
func (t *typist) yearFormula(row, at int, c column) {
	month := slices.IndexFunc(t.columns, func(m column) bool { return m.ID == c.SumOf && m.source >= 0 })
	cells := t.grid.rows[row][t.left:]
	if !cells[at].number || !cells[month].number {
		return
	}
	year := reporting.MustDecimal(cells[at].text)
	before := year.Sub(reporting.MustDecimal(cells[month].text))
	cells[at].formula = t.name(row, month) + "+" + before.String()
	if before.Sign() < 0 {
		cells[at].formula = t.name(row, month) + before.String()
	}
}

// name is the A1 name of a cell of the table; the column counts from the table's first.
func (t *typist) name(row, column int) string {
	return reporting.CellName(int32(row), int32(column+t.left))
}

// mergeRepeats joins equal values under each other.
func (t *typist) mergeRepeats() {
	if !t.hand[mergedRows] || t.hand[rowsBetween] || t.hand[headerTwice] {
		return
	}
	for i, c := range t.columns {
		if c.Mergeable {
			t.mergeRuns(i)
		}
	}
}

func (t *typist) mergeRuns(column int) {
	at := t.left + column
	for first := t.body - 1; first < len(t.grid.rows); {
		last := first
		for last+1 < len(t.grid.rows) && strings.TrimSpace(t.grid.rows[last+1][at].text) == strings.TrimSpace(t.grid.rows[first][at].text) {
			last++
		}
		for row := first + 1; row <= last; row++ {
			t.grid.rows[row][at] = cell{}
		}
		if last > first {
			t.merge(first, column, last, column)
		}
		first = last + 1
	}
}

// total is the paper's total, or one that the clerk adds under a ledger.
func (t *typist) total() Line {
	switch {
	case t.paper.Total != nil:
		return *t.paper.Total
	case !t.hand[totalRow] || len(t.paper.Lines) == 0:
		return nil
	}
	total := make(Line, len(t.paper.Columns))
	for i, c := range t.paper.Columns {
		if c.Type != reporting.MoneyValue {
			continue
		}
		sum := reporting.Decimal{}
		for _, line := range t.paper.Lines {
			sum = sum.Add(line[i].Number)
		}
		total[i] = Yuan(sum)
	}
	return total
}

func (t *typist) totalLine(total Line) {
	cells := make([]cell, len(t.columns))
	for i, c := range t.columns {
		if c.source >= 0 && c.Type != reporting.RowLabel {
			cells[i] = t.speller.spell(total[c.source], "")
		}
	}
	label := slices.IndexFunc(t.columns, func(c column) bool {
		return c.Type == reporting.RowLabel || c.Type == reporting.Sequence || c.Type == reporting.TextValue
	})
	cells[label] = typed(pick(t.rng, []string{"合计", "合计", "合 计"}))
	last := len(t.grid.rows) - 1
	row := t.row(cells...)
	if t.hand[formulas] {
		t.sumFormulas(row, last)
	}
}

// sumFormulas makes the numbers of the total row formulas, cached as a spreadsheet does: added up in binary.
func (t *typist) sumFormulas(row, last int) {
	for i := range t.columns {
		c := &t.grid.rows[row][t.left+i]
		if !c.number {
			continue
		}
		sum := 0.0
		for _, above := range t.grid.rows[t.body-1 : row] {
			if at := t.left + i; at < len(above) && above[at].number {
				f, _ := strconv.ParseFloat(above[at].text, 64)
				sum += f
			}
		}
		c.formula = "SUM(" + t.name(t.body-1, i) + ":" + t.name(last, i) + ")"
		c.text = strconv.FormatFloat(sum, 'f', -1, 64)
	}
}
