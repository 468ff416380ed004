package match

import (
	"regexp"
	"slices"

	"huizong/pkg/label"
	"huizong/pkg/reporting"
)

// A sheet may be read as it lies, or laid out anew, so that its header stands on top and its records under each other: halves that stand
// side by side are put under each other (stack), lines over groups of records become a column (lift), and what names a row of the form
// becomes one, wherever it stands (pivot). The cells keep their places on paper. Only what is clear then is taken: each column that must
// be there is there once. What is whole as it lies is never laid out anew.
const (
	maxLaidRows  = 20_000
	maxLaidWidth = 256
)

// laid are the candidates of the forms on the sheet, each as it lies or, where it is not whole so, laid out anew.
func (m *Matcher) laid(sheet *reporting.Sheet, wanted []*reporting.Form, period reporting.Period) []*candidate {
	g := newGrid(sheet)
	found := candidates(g, m.words, period)
	if slices.ContainsFunc(found, func(c *candidate) bool { return slices.Contains(wanted, c.form) && c.recognised() && c.whole() }) {
		return found
	}
	if len(sheet.Rows) > maxLaidRows || g.width > maxLaidWidth || len(g.rows) == 0 {
		return found
	}
	lies := [][]*candidate{found} // as the sheet lies, and with its halves under each other
	sheets := []*reporting.Sheet{sheet}
	if stacked, ok := stack(g); ok {
		sheets, lies = append(sheets, stacked), append(lies, candidates(newGrid(stacked), m.words, period))
		found = better(found, lies[1], wanted)
	}
	for _, form := range wanted {
		if c := of(form, found); c != nil && c.recognised() && c.whole() {
			continue
		}
		for i, sheet := range sheets {
			c := of(form, lies[i])
			if lifted, ok := m.lift(c); ok {
				found = better(found, candidates(newGrid(lifted), m.words, period), []*reporting.Form{form})
			}
			if c != nil && c.torn() || len(form.Rows) == 0 && !form.RowUnits && len(wanted) > 1 && (c == nil || !c.titled) {
				continue // what names indicators may be the form of any of them
			}
			if pivoted, ok := m.pivot(sheet, form); ok {
				found = better(found, candidates(newGrid(pivoted), m.words, period), []*reporting.Form{form})
			}
		}
	}
	return found
}

// of is the form's candidate, or nil.
func of(form *reporting.Form, found []*candidate) *candidate {
	if i := slices.IndexFunc(found, func(c *candidate) bool { return c.form == form }); i >= 0 {
		return found[i]
	}
	return nil
}

// better replaces the candidates of forms that are clear on the sheet which was laid out anew. One that lacks a column only stands in for none:
// then it is said what is lacking.
func better(found, anew []*candidate, wanted []*reporting.Form) []*candidate {
	found = slices.Clone(found)
	for _, c := range anew {
		lacking := c.matched < c.required()
		if !slices.Contains(wanted, c.form) || !c.recognised() || !c.clear() && !lacking {
			continue
		}
		i := slices.IndexFunc(found, func(old *candidate) bool { return old.form == c.form })
		switch {
		case i < 0:
			found = append(found, c)
		case !found[i].recognised(), !lacking && (!found[i].clear() || c.rows > found[i].rows):
			found[i] = c
		}
	}
	return found
}

// torn reports whether two columns could name the rows: to lay the table out by one of them would be a guess.
func (c *candidate) torn() bool {
	for i, column := range c.form.Columns {
		if (column.Type == reporting.RowLabel || column.Type == reporting.UnitValue) && (len(c.claims[i]) > 1 || c.rival(i) != nil) {
			return true
		}
	}
	return false
}

// whole reports whether nothing is wrong with the candidate's columns and none of the form's rows is missing.
func (c *candidate) whole() bool { return c.rows == len(c.form.Rows) && c.clear() }

// clear reports whether each column that must be there is there, and no column is claimed by several.
func (c *candidate) clear() bool {
	if c.matched < c.required() {
		return false
	}
	for i, column := range c.form.Columns {
		claims := c.claims[i]
		if len(claims) == 0 || isAside(column.Type) {
			continue
		}
		if len(claims) > 1 || claims[0].quality == otherPeriod || len(claims[0].beside) > 0 && feedsFigures(column.Type) || c.rival(i) != nil {
			return false
		}
	}
	return !slices.ContainsFunc(c.free, func(h header) bool { return h.apart && c.grid.anyNumber(c.last, h.column) })
}

func isAside(t reporting.ValueType) bool { return t == reporting.Sequence || t == reporting.Remark }

// anew builds a sheet that is laid out anew.
type anew struct {
	sheet *reporting.Sheet
	next  int32
}

// above begins the sheet with the rows over the table, as they lie.
func above(from *reporting.Sheet, first int32) *anew {
	s := &reporting.Sheet{Name: from.Name, Date1904: from.Date1904, Beside: from.Beside, Noted: from.Noted, Laid: &reporting.Laid{First: first}}
	if l := from.Laid; l != nil && l.First < first { // laid out before: its rows above this table are not as they lie
		s.Laid.First, s.Laid.Rows = l.First, slices.Clone(l.Rows[:min(int(first-l.First), len(l.Rows))])
	}
	for _, row := range from.Rows {
		if row.Index < first {
			row.Fields = 0
			s.Rows = append(s.Rows, row)
		}
	}
	for _, m := range from.Merges {
		if m.LastRow < first {
			s.Merges = append(s.Merges, m)
		}
	}
	return &anew{s, first}
}

// add adds a row: places says where each of its cells stands on the sheet that it comes from.
func (a *anew) add(from *reporting.Sheet, cells []reporting.Cell, places []reporting.Place, hidden bool) int32 {
	row := reporting.Row{Index: a.next, Hidden: hidden}
	for _, c := range cells {
		c.Row = a.next
		row.Cells = append(row.Cells, c)
	}
	on := make([]reporting.Place, len(places))
	for i, p := range places {
		on[i] = from.Paper(p.Row, p.Col)
	}
	a.sheet.Rows, a.sheet.Laid.Rows = append(a.sheet.Rows, row), append(a.sheet.Laid.Rows, on)
	a.next++
	return row.Index
}

// below ends the sheet with the rows under the table.
func (a *anew) below(from *reporting.Sheet, after int32, width int32) {
	for _, row := range from.Rows {
		if row.Index <= after || len(row.Cells) == 0 {
			continue
		}
		var places []reporting.Place
		for col := range max(width, row.Cells[len(row.Cells)-1].Col+1) {
			places = append(places, reporting.Place{Row: row.Index, Col: col})
		}
		a.add(from, row.Cells, places, row.Hidden)
	}
}

// stack puts the halves of a table that stand side by side under the same headers under each other, the left one first.
func stack(g *grid) (*reporting.Sheet, bool) {
	for _, row := range g.rows {
		if h, ok := g.halves(row); ok {
			return h.stacked()
		}
	}
	return nil, false
}

// halves are a header that stands in a sheet twice or more, side by side.
type halves struct {
	grid         *grid
	row          int32 // its first
	depth        int32
	start, width int32 // of the first half
	count        int32
}

// halves looks for the smallest run of heads in the row that is repeated to the right.
func (g *grid) halves(row int32) (halves, bool) {
	for start := range g.width {
		first := g.square(row, start)
		if first.folded == "" {
			continue
		}
		for next := max(start+2, first.last+1); next < g.width; next++ {
			if s := g.square(row, next); s.folded != first.folded {
				continue
			}
			h := halves{grid: g, row: row, start: start, width: next - start, count: 1}
			for h.start+(h.count+1)*h.width <= g.width+h.width-2 && h.repeats(row, h.count) {
				h.count++
			}
			if h.count > 1 {
				for h.depth = 1; h.row+h.depth < h.row+headerDepth && h.headAgain(h.row+h.depth); {
					h.depth++
				}
				return h, true
			}
			break
		}
	}
	return halves{}, false
}

// repeats reports whether the n-th half has the heads of the first, two at least; the last one may lack some.
func (h halves) repeats(row, n int32) bool {
	same := 0
	for i := range h.width {
		a, b := h.grid.square(row, h.start+i), square{}
		if at := h.start + n*h.width + i; at < h.grid.width {
			b = h.grid.square(row, at)
		}
		switch {
		case a.folded == b.folded && a.folded != "":
			same++
		case b.folded != "":
			return false
		}
	}
	return same >= 2
}

// headAgain reports whether the row goes on with the header: each half says the same in it, and no number.
func (h halves) headAgain(row int32) bool {
	for n := range h.count {
		for i := range h.width {
			if at := h.start + n*h.width + i; at < h.grid.width && h.grid.numberAt(row, at) {
				return false
			}
		}
		if n > 0 && !h.repeats(row, n) {
			return false
		}
	}
	return true
}

func (h halves) stacked() (*reporting.Sheet, bool) {
	from := h.grid.sheet
	if !h.alone() {
		return nil, false
	}
	last := h.lastRow()
	a := above(from, h.row)
	moved := make([]map[int32]int32, h.count)
	for n := range h.count {
		moved[n] = map[int32]int32{}
		for _, row := range from.Rows {
			if row.Index < h.row || row.Index > last || n > 0 && row.Index < h.row+h.depth {
				continue
			}
			cells, places := h.part(row, n)
			if len(cells) > 0 || row.Index < h.row+h.depth {
				moved[n][row.Index] = a.add(from, cells, places, row.Hidden)
			}
		}
	}
	h.moveMerges(a.sheet, moved)
	for _, c := range from.HiddenCols {
		if c.FirstCol >= h.start && c.LastCol < h.start+h.width {
			a.sheet.HiddenCols = append(a.sheet.HiddenCols, reporting.Range{FirstCol: c.FirstCol - h.start, LastCol: c.LastCol - h.start})
		}
	}
	a.below(from, last, h.width)
	return a.sheet, true
}

// part is the row's part in the n-th half.
func (h halves) part(row reporting.Row, n int32) (cells []reporting.Cell, places []reporting.Place) {
	start := h.start + n*h.width
	for i := range h.width {
		places = append(places, reporting.Place{Row: row.Index, Col: start + i})
	}
	for _, c := range row.Cells {
		if c.Col >= start && c.Col < start+h.width && (label.Clean(c.Text) != "" || c.Formula() != "") {
			c.Col -= start
			cells = append(cells, c)
		}
	}
	return cells, places
}

// moveMerges keeps the merged ranges that lie in one half.
func (h halves) moveMerges(to *reporting.Sheet, moved []map[int32]int32) {
	for _, m := range h.grid.sheet.Merges {
		if m.FirstCol < h.start || m.FirstRow < h.row {
			continue
		}
		n := (m.FirstCol - h.start) / h.width
		if n >= h.count || (m.LastCol-h.start)/h.width != n {
			continue
		}
		first, ok := moved[n][m.FirstRow]
		last := first + m.LastRow - m.FirstRow
		if other, there := moved[n][m.LastRow]; there {
			last = other
		}
		if ok {
			shift := h.start + n*h.width
			to.Merges = append(to.Merges, reporting.Range{FirstRow: first, FirstCol: m.FirstCol - shift, LastRow: last, LastCol: m.LastCol - shift})
		}
	}
}

// lastRow is the last row of the table: below it no half is filled as a record is.
func (h halves) lastRow() int32 {
	heads, last := 0, h.row
	for i := range h.width {
		if h.grid.square(h.row, h.start+i).folded != "" {
			heads++
		}
	}
	for _, row := range h.grid.sheet.Rows {
		for n := range h.count {
			cells, _ := h.part(row, n)
			if row.Index <= h.row {
				continue
			}
			numbers := slices.ContainsFunc(cells, looksLikeNumber)
			line := len(cells) == 1 && len(row.Cells) <= int(h.count) && !footer.MatchString(label.Clean(cells[0].Text)) // over the rows at the top of the next half
			if len(cells) >= 2 && (numbers || 2*len(cells) > heads) || line {
				last = row.Index
			}
		}
	}
	return last
}

// footer is how the lines under a table begin, or what they hold.
var footer = regexp.MustCompile(`:|填报|填表|审核|复核|负责|制表|经办|联系|以下|^[(（]?注|备注|说明|.{13}`)

// alone reports whether no number stands beside the halves but a running one, and no record of a text file is longer than the header:
// what follows a number that was cut may stand in the other half.
func (h halves) alone() bool {
	fields := uint16(0)
	for _, row := range h.grid.sheet.Rows {
		switch {
		case row.Index < h.row:
			continue
		case row.Index == h.row:
			fields = row.Fields
		case row.Fields > fields:
			return false
		}
		for _, c := range row.Cells {
			before, behind := c.Col < h.start, c.Col >= h.start+h.count*h.width
			if behind && looksLikeNumber(c) || before && looksLikeNumber(c) && !runningNumber.MatchString(h.grid.square(h.row, c.Col).folded) {
				return false
			}
		}
	}
	return true
}
