// Package difference says in which cells two tables of one form differ: what a resubmission changed.
//
// Values are compared, and not how they are written: 1,234 and 1234 are the same, and so are 1.5 万元 and 15000 元. It judges
// nothing, and it sees only what the tables hold: persons are masked there.
package difference

import (
	"cmp"
	"fmt"
	"strings"

	"huizong/pkg/reporting"
)

// Kind says what became of a row or a cell.
type Kind string

// The kinds. A row that is added or removed is one change; the cells of a row that stays are one each.
const (
	Added   Kind = "added"
	Removed Kind = "removed"
	Changed Kind = "changed"
)

// Change is one difference.
type Change struct {
	Kind    Kind   `json:"kind"`
	Row     string `json:"row"`      // as a clerk would name it: its label, its unit, or its key
	Column  string `json:"column"`   // header; "" for a whole row
	OldCell string `json:"old_cell"` // sheet!A1; "" of an added row
	NewCell string `json:"new_cell"` // "" of a removed row
	Old     string `json:"old"`      // as written; of a whole row its cells
	New     string `json:"new"`
}

// Tables lists what the newer table changed: its rows in their order, then those of the older one that it has no more. Rows of a
// form with fixed rows are the same by what they stand for, ledger rows by the form's key, and where it has none, by the enterprise
// or person, or the texts that name them. Rows of one key are paired first where they are alike, then in order.
func Tables(older, newer *reporting.Table) []Change {
	c := comparison{older: older, newer: newer, form: newer.Form, identity: identityOf(newer.Form)}
	left := map[string][]*reporting.Line{}
	for _, line := range c.lines(older) {
		key := c.key(line)
		left[key] = append(left[key], line)
	}
	lines := c.lines(newer)
	partner := make([]*reporting.Line, len(lines))
	for _, alike := range []bool{true, false} { // rows without a change first, or they would be paired with others of their key
		for i, line := range lines {
			key := c.key(line)
			if partner[i] != nil || !alike && key == "" {
				continue
			}
			if at := c.find(left[key], line, alike); at >= 0 {
				partner[i] = left[key][at]
				left[key] = append(left[key][:at:at], left[key][at+1:]...)
			}
		}
	}
	for i, line := range lines {
		if partner[i] == nil {
			c.row(Added, nil, line)
			continue
		}
		c.compare(partner[i], line)
	}
	kept := map[*reporting.Line]bool{}
	for _, line := range partner {
		kept[line] = true
	}
	for _, line := range c.lines(older) {
		if !kept[line] {
			c.row(Removed, line, nil)
		}
	}
	return c.changes
}

// comparison is the comparing of two tables.
type comparison struct {
	older, newer *reporting.Table
	form         *reporting.Form
	identity     []int // columns that name a ledger row
	changes      []Change
}

func (c *comparison) lines(t *reporting.Table) []*reporting.Line {
	lines := make([]*reporting.Line, 0, len(t.Lines)+1)
	for i := range t.Lines {
		lines = append(lines, &t.Lines[i])
	}
	if t.Total != nil {
		lines = append(lines, t.Total)
	}
	return lines
}

// identityOf are the columns that name a row of a ledger or of texts; none where rows are fixed.
func identityOf(form *reporting.Form) []int {
	if form.Shape != reporting.Ledger && form.Shape != reporting.NarrativeForm {
		return nil
	}
	var columns []int
	for _, id := range form.Key {
		columns = append(columns, form.Column(id))
	}
	for _, t := range []reporting.ValueType{reporting.IDNumber, reporting.CreditCode} {
		if i := form.ColumnOf(t); i >= 0 && len(columns) == 0 {
			columns = append(columns, i)
		}
	}
	if len(columns) > 0 {
		return columns
	}
	for _, t := range []reporting.ValueType{reporting.Category, reporting.TextValue} {
		if i := form.ColumnOf(t); i >= 0 {
			columns = append(columns, i)
		}
	}
	return columns
}

// key names the row within its table, "" where what names it cannot be read.
func (c *comparison) key(line *reporting.Line) string {
	if len(c.identity) == 0 {
		return line.Code + "\x00" + line.Unit
	}
	var key strings.Builder
	for _, i := range c.identity {
		if line.Values[i].Presence != reporting.Given {
			return ""
		}
		fmt.Fprint(&key, c.meaning(line, i), "\x00")
	}
	return key.String()
}

func (c *comparison) find(lines []*reporting.Line, line *reporting.Line, alike bool) int {
	for at, other := range lines {
		if !alike || c.alike(other, line) {
			return at
		}
	}
	return -1
}

func (c *comparison) alike(a, b *reporting.Line) bool {
	for i := range c.form.Columns {
		if c.compared(i) && c.meaning(a, i) != c.meaning(b, i) {
			return false
		}
	}
	return true
}

// compared reports whether the column says something of its own: the place in the table and the unit of measure do not, nor does the
// label of a row that is the same row.
func (c *comparison) compared(column int) bool {
	switch c.form.Columns[column].Type {
	case reporting.Sequence, reporting.Measure, reporting.RowLabel:
		return false
	case reporting.UnitValue:
		return !c.form.RowUnits
	}
	return true
}

// meaning is the value of a cell as a text that is the same for the same value.
func (c *comparison) meaning(line *reporting.Line, column int) string {
	v := line.Values[column]
	switch v.Presence {
	case reporting.Missing:
		return ""
	case reporting.NotApplicable:
		return "—"
	case reporting.Unreadable:
		return "?" + v.Written
	}
	switch c.form.Columns[column].Type {
	case reporting.Amount, reporting.Integer, reporting.MoneyValue:
		return v.Number.String()
	case reporting.DateValue:
		return v.Date.String()
	case reporting.MonthValue:
		return v.Month.String()
	}
	return "=" + v.Text
}

func (c *comparison) compare(older, newer *reporting.Line) {
	for i, column := range c.form.Columns {
		if !c.compared(i) || c.meaning(older, i) == c.meaning(newer, i) {
			continue
		}
		before, after := older.Values[i], newer.Values[i]
		change := Change{Kind: Changed, Row: c.name(newer), Column: column.Header, OldCell: place(c.older, before), NewCell: place(c.newer, after),
			Old: before.Written, New: after.Written}
		if change.Old == change.New && before.Measure != after.Measure {
			change.Old, change.New = change.Old+" "+string(before.Measure), change.New+" "+string(after.Measure)
		}
		c.changes = append(c.changes, change)
	}
}

// row adds a change of a whole row.
func (c *comparison) row(kind Kind, older, newer *reporting.Line) {
	change := Change{Kind: kind}
	if older != nil {
		change.Row, change.Old, change.OldCell = c.name(older), c.written(older), c.start(c.older, older)
	}
	if newer != nil {
		change.Row, change.New, change.NewCell = c.name(newer), c.written(newer), c.start(c.newer, newer)
	}
	c.changes = append(c.changes, change)
}

func (c *comparison) written(line *reporting.Line) string {
	var texts []string
	for i, v := range line.Values {
		if c.compared(i) && v.Presence != reporting.Missing {
			texts = append(texts, v.Written)
		}
	}
	return strings.Join(texts, " | ")
}

// start is the first cell of the row that holds something.
func (c *comparison) start(t *reporting.Table, line *reporting.Line) string {
	for _, v := range line.Values {
		if v.Cell != "" && v.Presence != reporting.Missing {
			return place(t, v)
		}
	}
	return ""
}

func place(t *reporting.Table, v reporting.Value) string {
	return strings.Trim(cmp.Or(v.Sheet, t.Sheet)+"!"+v.Cell, "!")
}

// name is how a clerk would name the row.
func (c *comparison) name(line *reporting.Line) string {
	for _, r := range c.form.Rows {
		if r.Code == line.Code && line.Code != "" {
			return r.Label
		}
	}
	identity := c.identity
	if len(identity) == 0 {
		for _, t := range []reporting.ValueType{reporting.RowLabel, reporting.UnitValue} {
			if i := c.form.ColumnOf(t); i >= 0 {
				identity = append(identity, i)
			}
		}
	}
	var texts []string
	for _, i := range identity {
		if text := line.Values[i].Written; text != "" {
			texts = append(texts, text)
		}
	}
	if len(texts) > 0 {
		return strings.Join(texts, " ")
	}
	if len(c.form.Total) > 0 && len(c.identity) == 0 {
		return c.form.Total[0]
	}
	return fmt.Sprintf("第 %d 行", line.Row)
}
