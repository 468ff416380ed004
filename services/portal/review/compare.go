package review

import (
	"cmp"
	"context"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"huizong/pkg/duty"
	"huizong/pkg/phrase"
	"huizong/pkg/reporting"
)

// comparison holds a sheet beside that of the period before.
type comparison struct {
	Against    reporting.Period
	Submission string
	Version    int
	Ledger     bool // its rows are counted and summed
	Rows       []comparedRow
	Large      int
}

// comparedRow is a number of the sheet and the one before.
type comparedRow struct {
	Row, Column string
	Cell        string // of the sheet
	Measure     string
	Before, Now string // "" is missing
	Moved       string // with its sign; "" where one of the two is missing
	Share       string // of the one before
	Large       bool
	Up          bool

	weight *big.Rat
}

// From when on a change is large: half of what was there, and not only a few.
var (
	largeShare = big.NewRat(1, 2)
	largeMoved = big.NewRat(10, 1)
)

// compareMonths reads both sheets again. A sheet without a table has nothing to be compared.
func (p *Pages) compareMonths(ctx context.Context, form *reporting.Form, before, now *duty.Version) (*comparison, error) {
	c := &comparison{Against: before.Period, Submission: before.Submission, Version: before.Number, Ledger: form.Shape == reporting.Ledger}
	older, err := p.Desk.Table(ctx, before.Submission)
	if err == nil {
		var newer *reporting.Table
		if newer, err = p.Desk.Table(ctx, now.Submission); err == nil && newer.Form.ID == form.ID && older.Form.ID == form.ID {
			c.fill(older, newer)
		}
	}
	if err != nil && reporting.CodeOf(err) != reporting.Invalid {
		return nil, err
	}
	if len(c.Rows) == 0 {
		return nil, nil
	}
	return c, nil
}

// numberOf is a number of a table, and where it stands.
type numberOf struct {
	row, column string
	cell        string
	measure     string
	value       *big.Rat // nil is missing
	grows       bool     // it is the year so far, which has to grow
}

func (c *comparison) fill(older, newer *reporting.Table) {
	list := fixedNumbers
	if c.Ledger {
		list = ledgerNumbers
	}
	was := map[[2]string]numberOf{}
	for _, n := range list(older) {
		was[[2]string{n.row, n.column}] = n
	}
	for _, n := range list(newer) {
		before, there := was[[2]string{n.row, n.column}]
		if n.value == nil && (!there || before.value == nil) {
			continue
		}
		row := compareNumbers(n, before.value)
		c.Rows = append(c.Rows, row)
		if row.Large {
			c.Large++
		}
	}
}

// fixedNumbers are those of a form with fixed rows, in the order of the sheet.
func fixedNumbers(t *reporting.Table) []numberOf {
	var numbers []numberOf
	add := func(line *reporting.Line, name string) {
		for i, column := range t.Form.Columns {
			if isNumber(column.Type) && i < len(line.Values) {
				n := newNumber(name, column.Header, line.Values[i])
				n.grows = column.SumOf != "" || column.Cumulative
				numbers = append(numbers, n)
			}
		}
	}
	for i := range t.Lines {
		add(&t.Lines[i], rowName(t, &t.Lines[i]))
	}
	if t.Total != nil {
		add(t.Total, "合计")
	}
	return numbers
}

func isNumber(t reporting.ValueType) bool {
	return t == reporting.Amount || t == reporting.Integer || t == reporting.MoneyValue
}

// newNumber has money in the measure that the sheet has it in.
func newNumber(row, column string, v reporting.Value) numberOf {
	n := numberOf{row: row, column: column, cell: v.Cell}
	if v.Presence != reporting.Given {
		return n
	}
	n.value = v.Number.Rat()
	if factor, ok := v.Measure.Factor(); ok {
		n.value, n.measure = n.value.Quo(n.value, factor.Rat()), string(v.Measure)
	}
	return n
}

// rowName is how a clerk would name the row.
func rowName(t *reporting.Table, line *reporting.Line) string {
	for _, r := range t.Form.Rows {
		if r.Code == line.Code && line.Code != "" {
			return r.Label
		}
	}
	for _, kind := range []reporting.ValueType{reporting.RowLabel, reporting.UnitValue} {
		if i := t.Form.ColumnOf(kind); i >= 0 && line.Values[i].Written != "" {
			return line.Values[i].Written
		}
	}
	return fmt.Sprintf("第 %d 行", line.Row)
}

// maxCategories is up to how many values of a category are counted one by one.
const maxCategories = 12

// ledgerNumbers are what a ledger comes to: its rows, the sums of its numbers, and its rows by each category.
func ledgerNumbers(t *reporting.Table) []numberOf {
	numbers := []numberOf{{row: "行数", value: big.NewRat(int64(len(t.Lines)), 1)}}
	for i, column := range t.Form.Columns {
		switch {
		case isNumber(column.Type):
			numbers = append(numbers, sumColumn(t, i))
		case column.Type == reporting.Category:
			numbers = append(numbers, countCategory(t, i)...)
		}
	}
	return numbers
}

func sumColumn(t *reporting.Table, column int) numberOf {
	sum := numberOf{row: "合计", column: t.Form.Columns[column].Header, value: new(big.Rat)}
	for i := range t.Lines {
		n := newNumber("", "", t.Lines[i].Values[column])
		if n.value != nil {
			sum.value.Add(sum.value, n.value)
			sum.measure = n.measure
		}
	}
	return sum
}

func countCategory(t *reporting.Table, column int) []numberOf {
	counts := map[string]int64{}
	for i := range t.Lines {
		if v := t.Lines[i].Values[column]; v.Presence == reporting.Given {
			counts[v.Text]++
		}
	}
	if len(counts) > maxCategories {
		return nil
	}
	var numbers []numberOf
	for _, choice := range t.Form.Columns[column].Choices {
		numbers = append(numbers, numberOf{row: t.Form.Columns[column].Header, column: choice.Name, value: big.NewRat(counts[choice.Name], 1)})
	}
	return numbers
}

// compareNumbers says how far a number is from the one before.
func compareNumbers(n numberOf, before *big.Rat) comparedRow {
	row := comparedRow{Row: n.row, Column: n.column, Cell: n.cell, Measure: n.measure, Before: plainNumber(before), Now: plainNumber(n.value), weight: new(big.Rat)}
	was, is := orZero(before), orZero(n.value)
	moved := new(big.Rat).Sub(is, was)
	row.Up = moved.Sign() > 0
	if before != nil && n.value != nil && moved.Sign() != 0 {
		row.Moved = withSign(plainNumber(moved))
	}
	size := new(big.Rat).Abs(moved)
	if was.Sign() != 0 {
		share := new(big.Rat).Quo(moved, new(big.Rat).Abs(was))
		if row.Moved != "" {
			row.Share = withSign(share100(share))
		}
		row.weight.Abs(share)
	} else if size.Sign() != 0 {
		row.weight.SetInt64(1000)
	}
	row.Large = row.weight.Cmp(largeShare) >= 0 && size.Cmp(largeMoved) >= 0 && !(n.grows && moved.Sign() > 0)
	return row
}

func orZero(value *big.Rat) *big.Rat {
	if value == nil {
		return new(big.Rat)
	}
	return value
}

// plainNumber prints a number with separators and up to two decimals.
func plainNumber(value *big.Rat) string {
	if value == nil {
		return ""
	}
	if value.IsInt() {
		return phrase.Grouped(value, 0)
	}
	return phrase.Grouped(value, 2)
}

func share100(share *big.Rat) string {
	return phrase.Grouped(new(big.Rat).Mul(share, big.NewRat(100, 1)), 1) + "%"
}

func withSign(text string) string {
	if strings.HasPrefix(text, "-") {
		return "−" + text[1:]
	}
	return "+" + text
}

// LargeOnes are the large changes, the largest first.
func (c *comparison) LargeOnes() []comparedRow {
	var large []comparedRow
	for _, row := range c.Rows {
		if row.Large {
			large = append(large, row)
		}
	}
	slices.SortStableFunc(large, func(a, b comparedRow) int { return cmp.Compare(0, a.weight.Cmp(b.weight)) })
	return large
}

// Foremost are the few that are shown at the side of the matrix.
func (c *comparison) Foremost() []comparedRow {
	large := c.LargeOnes()
	if c.Ledger && len(large) == 0 {
		return c.Rows[:min(len(c.Rows), 3)]
	}
	return large[:min(len(large), 4)]
}
