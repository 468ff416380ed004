package match

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"huizong/pkg/label"
	"huizong/pkg/reporting"
)

// isList reports whether the rows of the form stand for themselves, so that they may be spread over several sheets.
func isList(f *reporting.Form) bool {
	return f.Shape == reporting.Ledger || f.Shape == reporting.NarrativeForm
}

// reason says why a sheet of the form is not read.
type reason int

const (
	otherUnit reason = iota + 1
	otherTime
	noValues
	isExample
	within   // what it lists is listed on a sheet that is read
	disputed // it is named already
	notMeant // a person has said that another is meant
)

// parts are the sheets that hold the form's table for the unit and the period, the one that speaks for it first, and those left out with the
// reason. Of a form that is one table a sheet is chosen; the rows of a list may be spread over the sheets of classes, townships or, where it
// is of the year so far, of months. Rivals are sheets, the first of those read and others, of which nobody can tell which are meant.
func parts(found []*candidate, expected Expected) (read []*candidate, left map[*candidate]reason, rivals []*candidate) {
	form := surest(found).form
	left = map[*candidate]reason{}
	read = slices.DeleteFunc(slices.Clone(found), func(c *candidate) bool { return c.form != form })
	drop := func(why reason, unwanted func(*candidate) bool) {
		if slices.ContainsFunc(read, unwanted) && !slices.ContainsFunc(read, func(c *candidate) bool { return !unwanted(c) }) {
			return // all of them: then it is said what is wrong with one
		}
		read = slices.DeleteFunc(read, func(c *candidate) bool {
			if unwanted(c) {
				left[c] = why
			}
			return unwanted(c)
		})
	}
	drop(isExample, (*candidate).isExample)
	drop(noValues, func(c *candidate) bool { return !c.filled() })
	drop(otherUnit, func(c *candidate) bool { return c.claimToUnit(expected) < bestOf(read, expected) })
	best := slices.MaxFunc(read, func(a, b *candidate) int {
		return cmp.Or(a.claimTo(expected.Period)-b.claimTo(expected.Period), a.score()-b.score())
	})
	drop(otherTime, func(c *candidate) bool { return !c.beside(best, expected.Period) })
	read = append([]*candidate{best}, slices.DeleteFunc(read, func(c *candidate) bool { return c == best })...)
	if !isList(form) {
		return choose(read, left)
	}
	return together(read, left)
}

// bestOf is the best claim that one of the sheets has to the unit, where one is the unit's by name; else none matters.
func bestOf(read []*candidate, expected Expected) int {
	best := 0
	for _, c := range read {
		best = max(best, c.claimToUnit(expected))
	}
	if best < ownSheet {
		return 0
	}
	if isList(read[0].form) {
		return noUnit
	}
	return best
}

// The claims of a sheet to a unit.
const (
	otherSheet = iota // another unit's, or the sum of several
	noUnit
	ownSheet
)

// claimToUnit is how a sheet's lines, or else its tab, name a unit: the sender, none, or another. A sum has no claim beside a sheet of the
// unit's own.
func (c *candidate) claimToUnit(expected Expected) int {
	if expected.Unit == nil {
		return noUnit
	}
	name := expected.Unit(c.info.org.Text)
	if name == "" && c.form.ColumnOf(reporting.UnitValue) < 0 {
		name = expected.Unit(c.grid.sheet.Name)
	}
	switch {
	case name == expected.Org && name != "":
		return ownSheet
	case name != "", label.Means(c.grid.sheet.Name, label.Subtotal):
		return otherSheet
	}
	return noUnit
}

// isExample reports whether the tab or the title says that the sheet shows how to fill in the form.
func (c *candidate) isExample() bool {
	return label.Means(c.grid.sheet.Name, label.Example) || label.Means(label.Tail(c.info.title.Text), label.Example)
}

// beside reports whether the sheet speaks of the same time as the best one, or, of a list of the year so far, of a part of it.
func (c *candidate) beside(best *candidate, period reporting.Period) bool {
	if c.claimTo(period) == best.claimTo(period) {
		return true
	}
	names := c.info.names
	if names.IsZero() {
		names = c.tab
	}
	if !isList(c.form) {
		return false
	}
	return names.IsZero() || c.form.Coverage == reporting.CoversYear && !period.IsZero() && best.claimTo(period) > 0 && period.YearToDate().Contains(names)
}

// choose takes the first sheet. A rival has as good a claim and other contents.
func choose(read []*candidate, left map[*candidate]reason) ([]*candidate, map[*candidate]reason, []*candidate) {
	best, rivals := read[0], read[:1:1]
	for _, c := range read[1:] {
		if !sameCells(c.grid.sheet, best.grid.sheet) && c.matched == best.matched {
			rivals = append(rivals, c)
			continue
		}
		if left[c] = 0; sameCells(c.grid.sheet, best.grid.sheet) {
			left[c] = within
		}
	}
	return read[:1], left, rivals
}

// together takes all sheets of a list but those whose rows another one has, too: of sheets that are each the whole year so far the last
// one, and of a sum and its parts the sum. Where only some of the rows are there twice, nobody can tell what is meant.
func together(read []*candidate, left map[*candidate]reason) ([]*candidate, map[*candidate]reason, []*candidate) {
	rows := map[*candidate]map[string]bool{}
	for _, c := range read {
		rows[c] = c.listed()
	}
	kept := slices.Clone(read)
	for _, c := range slices.Backward(read) {
		held := slices.ContainsFunc(kept, func(other *candidate) bool { return other != c && containsAll(rows[other], rows[c]) })
		if held && (c != read[0] || len(rows[c]) > 0) {
			left[c] = within
			kept = slices.DeleteFunc(kept, func(k *candidate) bool { return k == c })
		}
	}
	for i, c := range kept {
		for _, other := range kept[i+1:] {
			for row := range rows[other] {
				if rows[c][row] {
					return kept[:1], left, kept
				}
			}
		}
	}
	return kept, left, nil
}

func containsAll(all, some map[string]bool) bool {
	for row := range some {
		if !all[row] {
			return false
		}
	}
	return true
}

// listed are the rows of a list, by what names each of them: the form's key, or all that stands in its columns.
func (c *candidate) listed() map[string]bool {
	rows := map[string]bool{}
	for _, row := range c.grid.sheet.Rows {
		if row.Index <= c.last || isFooter(row) {
			continue
		}
		var key []string
		filled := 0
		for i, column := range c.form.Columns {
			named := len(c.form.Key) == 0 && column.Type != reporting.Sequence && column.Type != reporting.Remark || slices.Contains(c.form.Key, column.ID)
			if !named || len(c.claims[i]) == 0 {
				continue
			}
			cell, _ := row.At(c.claims[i][0].column)
			text := label.Fold(cell.Text)
			if text != "" {
				filled++
			}
			key = append(key, text)
		}
		if filled > 0 && 2*filled >= len(key) {
			rows[strings.Join(key, "\x00")] = true
		}
	}
	return rows
}

// further are the sheets on which the list of the layout goes on without a header: their rows hold under the same columns what belongs there.
func further(l *reporting.Layout, sheets []*reporting.Sheet, known func(*reporting.Sheet) bool) []*reporting.Layout {
	if !isList(l.Form) || l.Form.Shape == reporting.NarrativeForm {
		return nil
	}
	var found []*reporting.Layout
	for _, sheet := range sheets {
		if sheet.Hidden || known(sheet) || !goesOn(l, sheet) {
			continue
		}
		more := *l
		more.Sheet, more.Header = sheet, reporting.Range{FirstRow: -1, LastRow: -1, LastCol: l.Header.LastCol}
		more.Title, more.Org, more.Orgs, more.Period = reporting.Note{}, reporting.Note{}, nil, reporting.Note{}
		found = append(found, &more)
	}
	return found
}

// goesOn reports whether the first row of the sheet that holds something is a record of the layout's list.
func goesOn(l *reporting.Layout, sheet *reporting.Sheet) bool {
	for _, row := range sheet.Rows {
		if !slices.ContainsFunc(row.Cells, func(c reporting.Cell) bool { return label.Clean(c.Text) != "" }) {
			continue
		}
		filled, typed, required := 0, 0, 0
		for i, column := range l.Form.Columns {
			if l.Columns[i] < 0 || !column.Required || column.Blank {
				continue
			}
			required++
			cell, _ := row.At(l.Columns[i])
			if label.Clean(cell.Text) == "" {
				continue
			}
			filled++
			switch fits, counts := fitsType(sheet, cell, column); {
			case !fits:
				return false
			case counts:
				typed++
			}
		}
		return typed >= 2 && 3*filled >= 2*required
	}
	return false
}

// fitsType reports whether the cell may hold what belongs into the column, and whether that says anything.
func fitsType(sheet *reporting.Sheet, cell reporting.Cell, column reporting.Column) (fits, counts bool) {
	text := label.Clean(cell.Text)
	switch column.Type {
	case reporting.DateValue, reporting.MonthValue:
		_, day := sheet.Day(cell)
		_, written := label.Day(text)
		_, month := label.Period(text)
		_, _, short := label.DayOfYear(text)
		return day || written || month || short, true
	case reporting.IDNumber:
		return (len(text) == 15 || len(text) == 18) && strings.Trim(text[:15], "0123456789") == "", true
	case reporting.CreditCode:
		return len(text) == 18, true
	case reporting.Amount, reporting.Integer, reporting.MoneyValue:
		return looksLikeNumber(cell), true
	case reporting.Category:
		return slices.ContainsFunc(column.Choices, func(c reporting.Choice) bool { return c.Name == text || slices.Contains(c.Aliases, text) }), true
	}
	return true, false
}

// unread names every sheet with contents of which nothing was read, and says what it is and what to do about it.
func (m *Matcher) unread(sheets []*reporting.Sheet, l *reporting.Layout, taken []*candidate, left map[*candidate]reason, others []*candidate, expected Expected) []reporting.Finding {
	read := map[string]bool{} // by name: a table that was laid out anew stands on a sheet of ours
	for _, part := range append([]*reporting.Layout{l}, l.Further...) {
		for _, name := range part.Sheet.Papers() {
			read[name] = true
		}
	}
	var findings []reporting.Finding
	for _, sheet := range sheets {
		if read[sheet.Name] || !holdsAnything(sheet) {
			continue
		}
		f := reporting.Finding{Code: reporting.UnreadSheet, Severity: reporting.SeverityNote, Sheet: sheet.Name}
		var why reporting.Text
		switch {
		case sheet.Hidden:
			why, f.Severity = m.hidden(sheet, l, taken, expected)
		default:
			why, f.Severity = m.said(sheet, l, left, others)
		}
		if f.Message, f.MessageEN = why.ZH, why.EN; f.Message != "" {
			findings = append(findings, f)
		}
	}
	return findings
}

// said says of a visible sheet why it was not read.
func (m *Matcher) said(sheet *reporting.Sheet, l *reporting.Layout, left map[*candidate]reason, others []*candidate) (reporting.Text, reporting.Severity) {
	for c, why := range left {
		if c.grid.sheet.Name == sheet.Name {
			return c.leftOut(why, l), reporting.SeverityNote
		}
	}
	if c := surest(onSheet(others, sheet)); c != nil && c.filled() && c.form == l.Form {
		return reporting.Textf("工作表“%s”也是《%s》，没有读取", "the sheet “%s” is the form “%s”, too, and was not read", sheet.Name, c.form.Title.ZH), reporting.SeverityWarning
	} else if c != nil && c.filled() {
		return reporting.Textf("工作表“%s”是《%s》，不属于这一份《%s》，没有随它读取；还没有报送的，请另外报送这张表",
			"the sheet “%s” is the form “%s”, no part of this “%s”, and was not read with it: send it as that form unless you have", sheet.Name, c.form.Title.ZH, l.Form.Title.ZH), reporting.SeverityWarning
	}
	if label.Means(sheet.Name, label.Example) && !holdsNumbers(sheet) { // what our own forms bring along, too
		return reporting.Text{}, reporting.SeverityNote
	}
	if len(l.Form.Rows) > 0 && holdsNumbers(sheet) && namesAny(sheet, m.rowNames(l.Form)) {
		return reporting.Textf("工作表“%s”里也有《%s》的行，没有读取：与“%s”合起来，行仍然不全，或者有重复、时期或单位不同；请合并到一张工作表上再报送",
			"the sheet “%s” holds rows of “%s”, too, and was not read: together with “%s” rows are still missing or there twice, or the time or the units differ; put them on one sheet and send again",
			sheet.Name, l.Form.Title.ZH, l.Sheet.Name), reporting.SeverityWarning
	}
	return reporting.Textf("工作表“%s”没有读取：它不是《%s》的表格", "the sheet “%s” was not read: it is no table of “%s”", sheet.Name, l.Form.Title.ZH), reporting.SeverityNote
}

func onSheet(candidates []*candidate, sheet *reporting.Sheet) []*candidate {
	return slices.DeleteFunc(slices.Clone(candidates), func(c *candidate) bool { return c.grid.sheet.Name != sheet.Name || !c.recognised() })
}

// leftOut says why a sheet of the form that was sent is not read.
func (c *candidate) leftOut(why reason, l *reporting.Layout) reporting.Text {
	name := c.grid.sheet.Name
	names := c.info.names
	if names.IsZero() {
		names = c.tab
	}
	switch {
	case why == disputed:
		return reporting.Text{}
	case why == otherUnit && c.info.org.Text == "" && !label.Means(name, label.Subtotal):
		return reporting.Textf("工作表“%s”没有写报送单位，以写了的“%s”为准，没有读取", "the sheet “%s” names no unit: “%s”, which does, was read in its place", name, l.Sheet.Name)
	case why == otherUnit:
		return reporting.Textf("工作表“%s”不是报送单位自己的表，没有读取", "the sheet “%s” is not the sender's own: it was not read", name)
	case why == otherTime && !names.IsZero():
		return reporting.Textf("工作表“%s”是%s的表，没有读取；要报送的，请按那个时期报送", "the sheet “%s” is of %s: it was not read; to report it, send it for that period", name, names.Label())
	case why == noValues:
		return reporting.Textf("工作表“%s”是没有填写的空表，没有读取", "the sheet “%s” is an empty form: it was not read", name)
	case why == isExample:
		return reporting.Textf("工作表“%s”是填表示例，没有读取", "the sheet “%s” is an example: it was not read", name)
	case why == within:
		return reporting.Textf("工作表“%s”的内容在“%s”中都有，没有重复读取", "what the sheet “%s” holds is on “%s” as well: it was not read again", name, l.Sheet.Name)
	}
	return reporting.Textf("工作表“%s”没有读取，以“%s”为准", "the sheet “%s” was not read: “%s” was", name, l.Sheet.Name)
}

// hidden says of a hidden sheet that it holds rows of the form that were not read, where it does. Last month's sheet, or a copy, is nothing to
// speak of.
func (m *Matcher) hidden(sheet *reporting.Sheet, l *reporting.Layout, taken []*candidate, expected Expected) (reporting.Text, reporting.Severity) {
	own := slices.DeleteFunc(candidates(newGrid(sheet), m.words, expected.Period), func(c *candidate) bool {
		return c.form != l.Form || !c.recognised() || !c.filled() || c.claimTo(expected.Period) == 0 || c.isExample() || slices.ContainsFunc(taken, c.isWithin)
	})
	if len(own) == 0 && sheet.Cut {
		return reporting.Textf("隐藏的工作表“%s”没有读取，只看了它的前 %d 行；其中有要报送的，请取消隐藏后重新报送",
			"the hidden sheet “%s” was not read, and only its first %d rows were looked at: unhide it and send again if it holds what is meant", sheet.Name, len(sheet.Rows)), reporting.SeverityNote
	}
	if len(own) == 0 {
		return reporting.Text{}, ""
	}
	return reporting.Textf("隐藏的工作表“%s”里有《%s》的内容，没有读取；要报送的，请取消隐藏后重新报送，用不着的请删去",
		"the hidden sheet “%s” holds contents of “%s”, which were not read: unhide it and send again if they are meant, delete it if not", sheet.Name, l.Form.Title.ZH), reporting.SeverityWarning
}

// isWithin reports whether all that the sheet holds is on the other one.
func (c *candidate) isWithin(other *candidate) bool {
	return sameCells(c.grid.sheet, other.grid.sheet) || isList(c.form) && containsAll(other.listed(), c.listed())
}

func holdsAnything(sheet *reporting.Sheet) bool {
	return slices.ContainsFunc(sheet.Rows, func(row reporting.Row) bool {
		return slices.ContainsFunc(row.Cells, func(c reporting.Cell) bool { return label.Clean(c.Text) != "" })
	})
}

func holdsNumbers(sheet *reporting.Sheet) bool {
	return slices.ContainsFunc(sheet.Rows, func(row reporting.Row) bool { return slices.ContainsFunc(row.Cells, looksLikeNumber) })
}

// headless names the columns below the header that hold numbers and have no header: what they count nobody can tell. A text of its own right
// above the header's rows says it as well: 上月累计 beside the table of a form that we have filled in.
func (c *candidate) headless() []reporting.Finding {
	var findings []reporting.Finding
	seen := map[int32]bool{}
	for _, row := range c.grid.sheet.Rows {
		if row.Index <= c.last {
			continue
		}
		for _, cell := range row.Cells {
			if seen[cell.Col] || !looksLikeNumber(cell) || cell.Col < c.grid.width && (!c.grid.blank(c.first, c.last, cell.Col) || c.captioned(cell.Col)) {
				continue
			}
			seen[cell.Col] = true
			if c.counts(cell) {
				continue
			}
			name := c.grid.sheet.CellName(cell.Row, cell.Col)
			message := reporting.Textf("%s 起这一列的数字上面没有表头，没有采用；要采用的请写上表头", "the numbers from %s on have no header over them and were not used: write one if they are meant", name)
			sheet, name := c.grid.sheet.On(name)
			findings = append(findings, reporting.Finding{Code: reporting.UnclaimedColumn, Severity: reporting.SeverityNote, Sheet: sheet, Cell: name,
				Value: cell.Text, Message: message.ZH, MessageEN: message.EN})
		}
	}
	return findings
}

func (c *candidate) captioned(col int32) bool {
	above := c.grid.square(c.first-1, col)
	return above.text != "" && !above.merged
}

// counts reports whether the cell begins a run of running numbers: 1, 2, 3 down its column.
func (c *candidate) counts(first reporting.Cell) bool {
	next := 1
	for _, row := range c.grid.sheet.Rows {
		cell, ok := row.At(first.Col)
		if !ok || row.Index < first.Row || label.Clean(cell.Text) == "" {
			continue
		}
		if label.Clean(cell.Text) != strconv.Itoa(next) {
			return false
		}
		next++
	}
	return true
}

// takeGiven takes from the sheet's tab or title the class or the township that all its rows are of, where a list has no column for it.
func (c *candidate) takeGiven(expected Expected) {
	c.given = make([]reporting.Note, len(c.form.Columns))
	for i, column := range c.form.Columns {
		if !isList(c.form) || !column.Required || len(c.claims[i]) > 0 {
			continue
		}
		for _, note := range []reporting.Note{{Text: c.grid.sheet.Name}, {Text: label.Tail(c.info.title.Text), Cell: c.info.title.Cell}} {
			if c.given[i].Text == "" && names(column, note.Text, expected) {
				c.given[i] = note
			}
		}
	}
}

// names reports whether the text means one of the column's choices, or one of the units, and no other.
func names(column reporting.Column, text string, expected Expected) bool {
	switch column.Type {
	case reporting.Category:
		return label.Choice(column, text) != ""
	case reporting.UnitValue:
		return text != "" && expected.Unit != nil && expected.Unit(text) != ""
	}
	return false
}
