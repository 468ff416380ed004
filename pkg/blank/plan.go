package blank

import (
	"slices"
	"strings"

	"huizong/pkg/label"
	"huizong/pkg/reporting"
)

// role says what a cell is for. It decides the cell's look and whether it can be typed into.
type role int

const (
	fixed    role = iota // printed in the form: labels, units of measure, the mark of not applicable
	input                // to be filled
	computed             // a formula
	helper               // beside the table: last month's cumulative
	nothing              // an empty cell of the total row
)

// content is one cell of the table.
type content struct {
	role    role
	text    string             // printed, or filled in beforehand
	number  *reporting.Decimal // filled in beforehand, or the formula's result on the empty form
	formula string
	format  string // number format
	check   check  // of an input
}

// line is one row of the table.
type line struct {
	code, label string
	measure     string               // printed unit of measure
	indicator   *reporting.Indicator // that the row's amounts are of, or nil
	part        bool                 // 其中
	total       bool
}

// How many empty rows ledgers and texts get. A clerk who needs more writes on below.
const (
	ledgerRows    = 200
	narrativeRows = 30
)

// plan is the table before it is a workbook: which rows and columns, where, and what is in the cells.
type plan struct {
	Input
	lines   []line
	groups  []string // for each column the header above it, or ""
	helpers []beside
	first   int         // first row of the table's body, one-based
	cells   [][]content // by line and column
}

// beside is a column with last month's cumulative, for one of the year-to-date columns; zero-based.
type beside struct {
	column, at int
}

// The rows above the table's header, one-based.
const (
	titleRow = iota + 1
	infoRow
	signRow // of ledgers: they grow downwards, so that nothing may stand below
)

func newPlan(in Input) *plan {
	p := &plan{Input: in}
	for _, c := range in.Form.Columns {
		p.groups = append(p.groups, group(c))
	}
	p.lines = p.rows()
	p.first = p.headerRow() + p.headerDepth()
	p.placeHelpers()
	p.fill()
	return p
}

// grows reports whether the table has rows as they come, and not a fixed number.
func (p *plan) grows() bool {
	return p.Form.Shape == reporting.Ledger || p.Form.Shape == reporting.NarrativeForm
}

func (p *plan) headerRow() int {
	if p.grows() {
		return signRow + 1
	}
	return infoRow + 1
}

func (p *plan) headerDepth() int {
	for _, g := range p.groups {
		if g != "" {
			return 2
		}
	}
	return 1
}

// group is the header that stands above the column's own, "" where there is none. A column's first label is both joined.
func group(c reporting.Column) string {
	own, _ := label.Header(c.Header)
	if len(c.Labels) == 0 || c.Labels[0] == own {
		return ""
	}
	return strings.TrimSuffix(c.Labels[0], own)
}

func (p *plan) rows() []line {
	var lines []line
	switch {
	case p.Form.Shape == reporting.Ledger:
		return make([]line, ledgerRows)
	case p.Form.Shape == reporting.NarrativeForm:
		return make([]line, narrativeRows)
	case p.Form.RowUnits:
		for _, u := range p.rowUnits() {
			lines = append(lines, line{code: u.Code, label: u.Name.ZH})
		}
	case len(p.Form.Rows) > 0:
		for _, r := range p.Form.Rows {
			lines = append(lines, line{code: r.Code, label: r.Label, measure: r.Measure, indicator: p.Catalogue.Indicator(r.Indicator), part: r.PartOf != ""})
		}
	default:
		lines = p.namedLines()
	}
	if p.Form.Shape == reporting.Matrix && len(p.Form.Total) > 0 {
		lines = append(lines, line{label: p.Form.Total[0], total: true})
	}
	return lines
}

// namedLines are the rows of the forms that name indicators of the catalogue: those with a target, or all. An indicator has the
// name that its own form prints.
func (p *plan) namedLines() []line {
	printed := map[string]string{}
	for _, f := range p.Catalogue.Forms {
		for _, r := range f.Rows {
			if r.Indicator != "" {
				printed[r.Indicator] = strings.TrimPrefix(r.Label, "其中：")
			}
		}
	}
	var lines []line
	for i := range p.Catalogue.Indicators {
		indicator := &p.Catalogue.Indicators[i]
		if p.Form.Shape == reporting.TargetForm && indicator.Target == "" {
			continue
		}
		name := printed[indicator.Code]
		if name == "" {
			name = indicator.Name.ZH
		}
		lines = append(lines, line{code: indicator.Code, label: name, measure: indicator.Measure, indicator: indicator})
	}
	return lines
}

// placeHelpers gives each year-to-date column of which something is known a helper, one column off the table: a column that
// touches it, or has a text in the rows of the header, would be read as one of the table's.
func (p *plan) placeHelpers() {
	next := len(p.Form.Columns) + 1
	for i, c := range p.Form.Columns {
		if c.SumOf == "" && !c.Cumulative || p.january() {
			continue
		}
		for k := range p.lines {
			if _, ok := p.cumulative(&p.lines[k], i); ok {
				p.helpers = append(p.helpers, beside{i, next})
				next++
				break
			}
		}
	}
}

// helper is where last month's cumulative of a year-to-date column stands.
func (p *plan) helper(column int) int {
	i := slices.IndexFunc(p.helpers, func(b beside) bool { return b.column == column })
	return p.helpers[i].at
}

// loaded is the indicator whose values stand in the column of the line, or nil.
func (p *plan) loaded(l *line, column int) *reporting.Indicator {
	switch c := p.Form.Columns[column]; {
	case c.Loads != "":
		return p.Catalogue.Indicator(reporting.LoadedIndicator(c.Loads, l.code))
	case c.Type == reporting.Amount:
		return l.indicator
	}
	return nil
}

// cumulative is what is known of the year before this period for a year-to-date cell, in the cell's own unit.
func (p *plan) cumulative(l *line, column int) (reporting.Decimal, bool) {
	month := column
	if c := p.Form.Columns[column]; c.SumOf != "" {
		month = p.Form.Column(c.SumOf)
	}
	indicator := p.loaded(l, month)
	if indicator == nil || indicator.Kind != reporting.Flow {
		return reporting.Decimal{}, false
	}
	return p.known(p.Cumulative, indicator, p.money(l, column))
}

// known looks an indicator up and converts yuan to the unit of the cell.
func (p *plan) known(values map[string]reporting.Decimal, indicator *reporting.Indicator, unit reporting.Money) (reporting.Decimal, bool) {
	if indicator == nil {
		return reporting.Decimal{}, false
	}
	value, ok := values[indicator.Code]
	if factor, money := unit.Factor(); money {
		value = value.Quo(factor, fen(unit))
	}
	return value, ok
}

// money is the unit of money in which the cell is filled, "" where it is no money.
func (p *plan) money(l *line, column int) reporting.Money {
	c := p.Form.Columns[column]
	switch {
	case c.Type == reporting.Amount && l.indicator != nil && l.indicator.IsMoney():
		return reporting.Money(l.measure)
	case c.Type == reporting.MoneyValue:
		if _, unit := label.Header(c.Header); unit != "" {
			return reporting.Money(unit)
		}
		return p.Form.Money
	}
	return ""
}

// fen is how many digits behind the point an amount in the unit has, exact to the fen.
func fen(unit reporting.Money) int {
	factor, ok := unit.Factor()
	if !ok {
		return 0
	}
	return 1 + len(factor.String())
}

// measure is the unit that the info line names: the form's money, or what all its numbers are.
func (p *plan) measure() string {
	if p.Form.Money != "" {
		return string(p.Form.Money)
	}
	common := ""
	for _, code := range p.Form.Indicators() {
		indicator := p.Catalogue.Indicator(code)
		if common != "" && indicator.Measure != common || p.Form.Shape != reporting.Matrix {
			return ""
		}
		common = indicator.Measure
	}
	return common
}

// cell is the A1 name of the cell of a line and a column.
func (p *plan) cell(line, column int) string {
	return reporting.CellName(int32(p.first-1+line), int32(column))
}

// info is the line above the table: who, when, and in what unit.
func (p *plan) info() []string {
	info := []string{"填报单位：" + p.Unit.Name.ZH, "报表所属期：" + p.Period.Label()}
	if m := p.measure(); m != "" {
		info = append(info, "单位："+m)
	}
	return info
}
