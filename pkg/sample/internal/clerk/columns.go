package clerk

import (
	"math/rand/v2"
	"slices"

	"huizong/pkg/reporting"
)

// added are the columns that clerks add for themselves, with what they write there.
var added = []struct {
	header string
	cells  []string
	shape  reporting.Shape // the only shape that it fits, or ""
}{
	{"联系电话", []string{"", "8230117", "8230126", "8230143"}, ""},
	{"责任科室", []string{"", "办公室", "业务科", "窗口"}, ""},
	{"上年同期", []string{"", "7", "12", "26", "31"}, reporting.IndicatorForm},
	{"填表说明", []string{"", "按实际填写", "见台账", "与上月口径一致"}, ""},
}

// arrange decides which columns stand on the sheet, in which order and under which headers.
func arrange(p *Paper, h hand, rng *rand.Rand) []column {
	names := map[string]string{} // one clerk calls the same thing by the same name
	header := func(printed string, others []string) string {
		if printed == "" {
			return ""
		}
		if _, ok := names[printed]; !ok {
			names[printed] = printed
			if h[aliases] && len(others) > 0 {
				names[printed] = pick(rng, others)
			}
			if h[spaced] {
				names[printed] = space(names[printed], rng, isBook(p, h))
			}
		}
		return names[printed]
	}
	var columns []column
	for i, c := range p.Columns {
		if c.Loose && h[noSequence] && c.Type == reporting.Sequence {
			continue
		}
		placed := column{Column: c, source: i, header: header(c.Header, c.Aliases)}
		if c.Group != nil {
			placed.group = header(c.Group[0], c.Group[1:])
		}
		columns = append(columns, placed)
	}
	if h[reordered] {
		columns = reorder(p.Shape, columns, rng)
	}
	if h[extra] {
		columns = addColumns(p.Shape, columns, rng)
	}
	return columns
}

// reorder shuffles a ledger's columns after the running number, and moves a remark of an indicator form.
func reorder(s reporting.Shape, columns []column, rng *rand.Rand) []column {
	if s == reporting.Ledger {
		rest := columns[1:]
		rng.Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
		return columns
	}
	from := slices.IndexFunc(columns, func(c column) bool { return c.Type == reporting.Remark || c.Type == reporting.Measure })
	if from < 0 {
		return columns
	}
	moved := columns[from]
	columns = slices.Delete(columns, from, from+1)
	return slices.Insert(columns, len(columns)-rng.IntN(3), moved)
}

func addColumns(s reporting.Shape, columns []column, rng *rand.Rand) []column {
	for _, i := range rng.Perm(len(added))[:1+rng.IntN(2)] {
		if only := added[i].shape; only != "" && only != s {
			continue
		}
		at := 2 + rng.IntN(len(columns)-1)
		columns = slices.Insert(columns, at, column{source: -1, header: added[i].header, cells: added[i].cells})
	}
	return columns
}

// headers types the header rows: one, two under common headers, or three.
func (t *typist) headers() {
	switch {
	case !t.paper.grouped():
		t.row(t.leaves(func(c column) string { return t.unit(c.header, c) })...)
	case t.hand[flatHeader]:
		t.row(t.leaves(func(c column) string { return t.unit(c.group+c.header, c) })...)
	default:
		t.deepHeaders()
	}
	t.body = len(t.grid.rows) + 1
}

func (t *typist) leaves(text func(column) string) []cell {
	cells := make([]cell, len(t.columns))
	for i, c := range t.columns {
		cells[i] = typed(text(c))
	}
	return cells
}

// deepHeaders types groups above leaves; a column without a group takes both rows, the row labels all.
func (t *typist) deepHeaders() {
	top := len(t.grid.rows)
	first := t.columns[0]
	if t.hand[deepHeader] && t.paper.Group != "" {
		t.row(typed(first.header), typed(t.paper.Group))
		t.merge(top, 1, top, len(t.columns)-1)
		first.header = ""
	}
	upper := t.row(t.leaves(func(c column) string { return t.upperHeader(c) })...)
	lower := t.row(t.leaves(func(c column) string {
		if c.group == "" {
			return ""
		}
		return c.header
	})...)
	t.grid.rows[upper][t.left] = typed(first.header)
	t.merge(top, 0, lower, 0)
	t.mergeGroups(upper, lower)
}

func (t *typist) upperHeader(c column) string {
	if c.group == "" {
		return t.unit(c.header, c)
	}
	return t.unit(c.group, c)
}

// mergeGroups joins each run of columns with one group, and the two rows of a column without.
func (t *typist) mergeGroups(upper, lower int) {
	for i := 1; i < len(t.columns); {
		end := i
		if t.columns[i].group == "" {
			t.merge(upper, i, lower, i)
		} else {
			for end+1 < len(t.columns) && t.columns[end+1].group == t.columns[i].group {
				end++
				t.grid.rows[upper][t.left+end] = cell{}
			}
			t.merge(upper, i, upper, end)
		}
		i = end + 1
	}
}

// unit adds the unit of money to the header of a column of money.
func (t *typist) unit(header string, c column) string {
	if c.Type != reporting.MoneyValue || t.hand[moneyInfo] {
		return header
	}
	if t.hand[aliases] && t.hand[numbersComma] {
		return header + "(" + string(t.money) + ")"
	}
	return header + "（" + string(t.money) + "）"
}
