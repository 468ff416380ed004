package normalize_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"huizong/pkg/normalize"
	"huizong/pkg/reporting"
)

// paper is a form filled in, and the way in which it is laid out. The variations of layout_test.go change the layout and never
// what is meant.
type paper struct {
	rng    *rand.Rand
	form   *reporting.Form
	org    reporting.OrgUnit
	period reporting.Period

	above   [][]cell // title and info lines
	columns []*column
	deep    int // rows of the header
	codes   []string
	lines   []line
	total   *line
	below   [][]cell
	hidden  []*column
	tab     string
	before  []*reporting.Sheet
	after   []*reporting.Sheet
	merged  []reporting.Range // in rows and columns of the finished sheet
	measure string            // the unit of money that all columns of money are in

	anonymous, timeless bool // the sheet names no unit, or no period
}

type column struct {
	at     int // in the form, −1 for one of the office's own
	head   []string
	joined bool // its header is one merged cell with the one to its left
	cells  func(i int) cell
}

type line struct {
	cells  map[*column]cell
	before [][]cell // rows that an office puts above the line
	hidden bool
}

type cell struct {
	text   string
	number bool
	date   bool
}

func text(s string) cell  { return cell{text: s} }
func digit(s string) cell { return cell{text: s, number: true} }

func row(texts ...string) []cell {
	cells := make([]cell, len(texts))
	for i, s := range texts {
		cells[i] = text(s)
	}
	return cells
}

func pick[T any](rng *rand.Rand, from []T) T { return from[rng.IntN(len(from))] }

// newPaper fills in the form with numbers that agree with one another. January spares the months before.
func newPaper(c *reporting.Catalogue, form *reporting.Form, rng *rand.Rand) *paper {
	p := &paper{rng: rng, form: form, deep: 1, tab: "Sheet1", measure: string(form.Money)}
	p.period = reporting.MonthPeriod(reporting.NewMonth(2020, 1))
	switch form.Periods {
	case "half":
		p.period = reporting.Period{First: reporting.NewMonth(2020, 1), Last: reporting.NewMonth(2020, 6)}
	case "year":
		p.period = reporting.YearPeriod(2020)
	}
	for _, u := range c.Units {
		if form.SentBy(u) {
			p.org = u
			break
		}
	}
	p.above = [][]cell{row(form.Title.ZH), row("填报单位："+p.org.Name.ZH, "", "报表所属期："+p.period.Label())}
	if form.Money != "" {
		p.above[1] = append(p.above[1], text(""), text("单位："+string(form.Money)))
	}
	for i, fc := range form.Columns {
		p.columns = append(p.columns, &column{at: i, head: []string{fc.Header}})
	}
	p.fill(c)
	p.below = [][]cell{row("填报人：赵安", "", "审核人：钱柏", "", "负责人：孙昌", "填报日期：2020年2月3日")}
	return p
}

func (p *paper) column(id string) *column {
	at := p.form.Column(id)
	for _, c := range p.columns {
		if c.at == at && at >= 0 {
			return c
		}
	}
	return nil
}

// spec is the form's column, or nil for one of the office's own.
func (p *paper) spec(c *column) *reporting.Column {
	if c.at < 0 {
		return nil
	}
	return &p.form.Columns[c.at]
}

func (p *paper) fill(c *reporting.Catalogue) {
	switch {
	case len(p.form.Rows) > 0:
		for _, r := range p.form.Rows {
			p.add(p.fixed(c, r))
		}
	case p.form.RowUnits:
		for _, u := range c.Units {
			if u.Level == reporting.LevelTownship || u.Level == reporting.LevelDirect {
				p.add(p.units(u))
			}
		}
	case p.form.Shape == reporting.TargetForm || p.form.Shape == reporting.BaselineForm:
		for _, i := range c.Indicators {
			if i.Target != "" {
				p.add(p.named(i))
			}
		}
	default:
		for i := range 9 {
			p.add(p.entry(c, i))
		}
	}
	if p.form.Shape == reporting.Matrix {
		p.sum()
	}
}

func (p *paper) add(values map[string]cell) {
	l := line{cells: map[*column]cell{}}
	for _, col := range p.columns {
		l.cells[col] = values[p.spec(col).ID]
		if p.spec(col).Type == reporting.Sequence {
			l.cells[col] = digit(fmt.Sprint(len(p.lines) + 1))
		}
	}
	p.lines = append(p.lines, l)
}

func (p *paper) money() string { return fmt.Sprintf("%d.%02d", 10+p.rng.IntN(9000), p.rng.IntN(100)) }

func (p *paper) fixed(c *reporting.Catalogue, r reporting.FormRow) map[string]cell {
	values := map[string]cell{}
	label := p.form.Columns[p.form.ColumnOf(reporting.RowLabel)].ID
	values[label] = text(r.Label)
	if p.form.Shape == reporting.Matrix { // the funds
		opening, income, spent := reporting.MustDecimal(p.money()), reporting.MustDecimal(p.money()), reporting.MustDecimal(p.money())
		for id, d := range map[string]reporting.Decimal{
			"opening": opening, "income": income, "income_year": income, "expenditure": spent, "expenditure_year": spent,
			"remitted_up": spent.Quo(reporting.Int(3), 2), "closing": opening.Add(income).Sub(spent),
		} {
			values[id] = digit(d.String())
		}
		return values
	}
	number := fmt.Sprint(20 + p.rng.IntN(3000))
	if i := c.Indicator(r.Indicator); i.IsMoney() {
		number = p.money()
	} else if r.PartOf != "" {
		number = fmt.Sprint(p.rng.IntN(20))
	}
	values["measure"], values["month"], values["year_to_date"] = text(r.Measure), digit(number), digit(number)
	if c.Indicator(r.Indicator).Kind == reporting.Stock {
		values["year_to_date"] = text("—")
	}
	return values
}

func (p *paper) units(u reporting.OrgUnit) map[string]cell {
	values := map[string]cell{}
	for _, col := range p.form.Columns {
		switch col.Type {
		case reporting.UnitValue:
			values[col.ID] = text(u.Name.ZH)
		case reporting.Integer:
			values[col.ID] = digit(fmt.Sprint(p.rng.IntN(30000)))
		}
	}
	return values
}

func (p *paper) named(i reporting.Indicator) map[string]cell {
	number := digit(fmt.Sprint(100 + p.rng.IntN(5000)))
	if i.Kind == reporting.Ratio {
		number = digit(fmt.Sprintf("%d.%d", 90+p.rng.IntN(9), p.rng.IntN(10)))
	}
	values := map[string]cell{"indicator": text(i.Name.ZH), "measure": text(i.Measure)}
	values["target"], values["value"] = number, number
	return values
}

// entry is a row of a ledger or a text.
func (p *paper) entry(c *reporting.Catalogue, n int) map[string]cell {
	values := map[string]cell{}
	var townships []string
	for _, u := range c.Units {
		if u.Level == reporting.LevelTownship {
			townships = append(townships, u.Name.ZH)
		}
	}
	for _, col := range p.form.Columns {
		var v cell
		switch col.Type {
		case reporting.TextValue:
			v = text(fmt.Sprintf("%s%c", pick(p.rng, []string{"安泰", "恒辉", "景明", "瑞丰"}), '甲'+rune(n)))
		case reporting.Integer:
			v = digit(fmt.Sprint(1 + p.rng.IntN(300)))
		case reporting.MoneyValue:
			v = digit(p.money())
		case reporting.DateValue:
			v = text(p.period.Start().AddDays(3 + n).String())
			if strings.HasPrefix(col.ID, "closed") || strings.HasPrefix(col.ID, "ended") {
				v = text(p.period.Start().AddDays(15 + n).String())
			}
		case reporting.MonthValue:
			v = text(p.period.First.String())
		case reporting.UnitValue:
			v = text(pick(p.rng, townships))
		case reporting.Category:
			v = text(col.Choices[n%len(col.Choices)].Name)
		case reporting.IDNumber:
			v = text(idNumber(p.rng))
		case reporting.CreditCode:
			v = text(creditCode(p.rng))
		}
		values[col.ID] = v
	}
	return values
}

// sum adds the total row.
func (p *paper) sum() {
	total := line{cells: map[*column]cell{}}
	for _, col := range p.columns {
		spec := p.spec(col)
		switch {
		case spec.Type == reporting.RowLabel || spec.Type == reporting.UnitValue:
			total.cells[col] = text("合计")
		case spec.Totalled:
			sum := reporting.Decimal{}
			for _, l := range p.lines {
				sum = sum.Add(reporting.MustDecimal(l.cells[col].text))
			}
			total.cells[col] = digit(sum.String())
		}
	}
	p.total = &total
}

func idNumber(rng *rand.Rand) string {
	body := fmt.Sprintf("349981%d%02d%02d%03d", 1950+rng.IntN(50), 1+rng.IntN(12), 1+rng.IntN(28), rng.IntN(1000))
	for _, c := range "0123456789X" {
		if normalize.ValidIDNumber(body + string(c)) {
			return body + string(c)
		}
	}
	panic("no check digit")
}

func creditCode(rng *rand.Rand) string {
	body := fmt.Sprintf("91349981MA%07d", rng.IntN(10_000_000))
	for _, c := range "0123456789ABCDEFGHJKLMNPQRTUWXY" {
		if normalize.ValidCreditCode(body + string(c)) {
			return body + string(c)
		}
	}
	panic("no check character")
}

// group puts a head above the columns of each group of a matrix, as the form prints it.
func (p *paper) group(head func(id string) string) {
	p.deep = 2
	for _, c := range p.columns {
		if spec := p.spec(c); spec != nil && head(spec.ID) != "" {
			c.head = []string{head(spec.ID), spec.Header}
		}
	}
}

// sheets lays the paper out.
func (p *paper) sheets() []*reporting.Sheet {
	s := &reporting.Sheet{Name: p.tab, Merges: p.merged}
	at := int32(0)
	put := func(cells []cell, hidden bool) {
		r := reporting.Row{Index: at, Hidden: hidden}
		at++
		for i, c := range cells {
			if c.text == "" {
				continue
			}
			kind := reporting.TextCell
			if c.number {
				kind = reporting.NumberCell
			}
			r.Cells = append(r.Cells, reporting.Cell{Row: r.Index, Col: int32(i), Kind: kind, Date: c.date, Text: c.text})
		}
		if len(r.Cells) > 0 {
			s.Rows = append(s.Rows, r)
		}
	}
	for _, r := range p.above {
		put(r, false)
	}
	p.header(s, at, put)
	if p.codes != nil {
		put(row(p.codes...), false)
	}
	for i, l := range p.lines {
		for _, r := range l.before {
			put(r, false)
		}
		put(p.cells(l, i), l.hidden)
	}
	if p.total != nil {
		put(p.cells(*p.total, len(p.lines)), false)
	}
	for _, r := range p.below {
		put(r, false)
	}
	for i, c := range p.columns {
		if slices.Contains(p.hidden, c) {
			s.HiddenCols = append(s.HiddenCols, reporting.Range{FirstCol: int32(i), LastCol: int32(i)})
		}
	}
	return slices.Concat(p.before, []*reporting.Sheet{s}, p.after)
}

// header writes the heads; equal neighbours in an upper row are one merged cell, and a head that is too short reaches down.
func (p *paper) header(s *reporting.Sheet, first int32, put func([]cell, bool)) {
	rows := make([][]cell, p.deep)
	for i := range rows {
		rows[i] = make([]cell, len(p.columns))
	}
	for i, c := range p.columns {
		for d, h := range c.head {
			rows[d][i] = text(h)
		}
		if c.joined {
			s.Merges = append(s.Merges, reporting.Range{FirstRow: first, LastRow: first + int32(p.deep) - 1, FirstCol: int32(i) - 1, LastCol: int32(i)})
		}
		if n := len(c.head); n > 0 && n < p.deep {
			s.Merges = append(s.Merges, reporting.Range{FirstRow: first + int32(n) - 1, LastRow: first + int32(p.deep) - 1, FirstCol: int32(i), LastCol: int32(i)})
		}
	}
	for d := range p.deep - 1 {
		for i := 0; i < len(p.columns); {
			end := i + 1
			for end < len(p.columns) && len(p.columns[end].head) > d+1 && len(p.columns[i].head) > d+1 && p.columns[i].head[d] != "" && p.columns[end].head[d] == p.columns[i].head[d] {
				rows[d][end] = cell{}
				end++
			}
			if end > i+1 {
				s.Merges = append(s.Merges, reporting.Range{FirstRow: first + int32(d), LastRow: first + int32(d), FirstCol: int32(i), LastCol: int32(end - 1)})
			}
			i = end
		}
	}
	for _, r := range rows {
		put(r, false)
	}
}

func (p *paper) cells(l line, i int) []cell {
	cells := make([]cell, len(p.columns))
	for at, c := range p.columns {
		cells[at] = l.cells[c]
		if c.cells != nil {
			cells[at] = c.cells(i)
		}
	}
	return cells
}
