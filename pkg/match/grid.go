package match

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"huizong/pkg/label"
	"huizong/pkg/reporting"
)

// grid is the part of a sheet in which a header may stand, with its merged cells resolved: every cell of a merged range shows the
// text of the range's first. Each text is folded once.
type grid struct {
	sheet   *reporting.Sheet
	rows    []int32 // indexes of the rows that hold something, in order
	width   int32
	squares map[int32][]square
	windows map[window][]header
	above   map[int32][]square // what heads found
	records map[int32]bool     // what isRecord found
}

// longestHeader is the length up to which a text may be the header of a column, and not prose that speaks of money.
const longestHeader = 200

// square is a cell of the grid.
type square struct {
	text    string // trimmed
	folded  string
	short   string // folded without what stands in brackets; "" where that is the same
	measure string
	last    int32 // the last column of its merged range, or its own
	bottom  int32 // the last row of its merged range
	merged  bool
}

// window is a run of rows that may be a header.
type window struct{ first, last int32 }

func newGrid(sheet *reporting.Sheet) *grid {
	g := &grid{sheet: sheet, squares: map[int32][]square{}, windows: map[window][]header{}, above: map[int32][]square{}, records: map[int32]bool{}}
	rows := 0
	for _, row := range sheet.Rows {
		if len(row.Cells) == 0 {
			continue
		}
		g.rows = append(g.rows, row.Index)
		if rows++; rows > headerReach {
			break
		}
		g.width = max(g.width, row.Cells[len(row.Cells)-1].Col+1)
	}
	if rows > headerReach {
		g.rows = g.rows[:headerReach]
	}
	for _, row := range sheet.Rows {
		if len(g.rows) == 0 || row.Index > g.rows[len(g.rows)-1] {
			break
		}
		squares := make([]square, g.width)
		for i := range squares {
			squares[i].last = int32(i)
		}
		for _, c := range row.Cells {
			if c.Col < g.width {
				squares[c.Col] = newSquare(c)
			}
		}
		g.squares[row.Index] = squares
	}
	g.merge()
	return g
}

func newSquare(c reporting.Cell) square {
	s := square{text: strings.TrimSpace(c.Shown()), last: c.Col}
	if s.text == "" {
		return s
	}
	if text := label.Clean(s.text); strings.Contains(text, ":") && !strings.HasPrefix(text, "其中") {
		if at := keyPattern.FindStringIndex(text); at != nil && at[0] == 0 || strings.HasSuffix(text, ":") {
			return s // the key of an info line heads no column
		}
	}
	s.folded, s.measure = label.Header(s.text)
	if monthWord.MatchString(s.folded) {
		if m, ok := label.MonthIn(s.folded, 2000); ok {
			s.folded = fmt.Sprintf("%d月", m.Last.Number())
		}
	}
	if money := label.Money(s.text); len(money) > 0 && len(s.text) < longestHeader {
		s.measure = strings.Join(money, "、")
	} else if s.measure == "" {
		s.measure = label.Multiple(s.text)
	}
	if short := label.WithoutBrackets(s.text); short != s.folded {
		s.short = short
	}
	return s
}

var monthWord = regexp.MustCompile(`^[一二三四五六七八九十]{1,2}月(?:份|数)?$`)

// merge shows the first cell of each merged range in all of its cells. A range that covers more than a header can is a block of text.
func (g *grid) merge() {
	if len(g.rows) == 0 {
		return
	}
	end := g.rows[len(g.rows)-1]
	for _, m := range g.sheet.Merges {
		if m.FirstRow > end || m.FirstCol >= g.width || m.LastRow-m.FirstRow >= headerReach {
			continue
		}
		var first square
		if squares := g.squares[m.FirstRow]; squares != nil {
			first = squares[m.FirstCol]
		}
		first.merged, first.last, first.bottom = true, min(m.LastCol, g.width-1), m.LastRow
		for row := m.FirstRow; row <= min(m.LastRow, end); row++ {
			if g.squares[row] == nil {
				g.squares[row] = make([]square, g.width)
			}
			for col := m.FirstCol; col <= min(m.LastCol, g.width-1); col++ {
				g.squares[row][col] = first
			}
		}
	}
}

func (g *grid) square(row, col int32) square {
	if squares := g.squares[row]; squares != nil {
		return squares[col]
	}
	return square{last: col}
}

func (g *grid) hiddenColumn(col int32) bool {
	return slices.ContainsFunc(g.sheet.HiddenCols, func(r reporting.Range) bool { return r.FirstCol <= col && col <= r.LastCol })
}

// header is what one column of the sheet says in the rows of a header.
type header struct {
	column   int32
	texts    []string // folded: all rows joined first, then without the upper ones, then both without brackets: 收入本月, 本月
	whole    int      // how many of the texts keep what stands in brackets
	all      string   // folded, all rows
	written  string
	says     []string // its rows, as they are written
	measure  string   // the innermost unit in brackets
	beside   []int32  // further columns that the header is merged over, in which numbers stand, too
	lost     []int    // the form's column that the header could be too, and that has a better one
	apart    bool     // it stands in another table beside the form's
	elsewhen bool     // it speaks of another month than the sheet was sent for
}

// headers reads the rows first to last as a header, column by column. Where an upper row is empty and unmerged, as in text files,
// the group to its left reaches over it.
func (g *grid) headers(first, last int32) []header {
	if known, ok := g.windows[window{first, last}]; ok {
		return known
	}
	groups := make([]square, last-first+1)
	var headers []header
	for col := int32(0); col < g.width; col++ {
		if g.blank(first, last, col) {
			continue
		}
		if h, ok := g.header(first, last, col, groups); ok {
			headers = append(headers, h)
		}
		col = g.joined(first, last, col)
	}
	g.windows[window{first, last}] = headers
	return headers
}

// heads is what stands over each column in a row above a header. A title is over the whole table and tells nothing of a column.
func (g *grid) heads(row int32) []square {
	if known, ok := g.above[row]; ok {
		return known
	}
	heads := make([]square, g.width)
	g.above[row] = heads
	var reach square
	texts, start := 0, int32(0)
	for col := range g.width {
		s := g.square(row, col)
		switch {
		case s.text != "" && s != reach:
			if texts++; texts == 1 {
				start = col
			}
			if reach = s; titleEnd.MatchString(s.folded) {
				reach = square{last: s.last} // a title beside an info line
			}
		case s.text == "" && s.merged:
			reach = square{}
		}
		heads[col] = reach
	}
	if texts == 1 {
		only := heads[start]
		end := only.last
		if !only.merged {
			end = g.width - 1
		}
		if g.blankBeside(row+1, start, end) || titleWord.MatchString(only.folded) {
			clear(heads)
		}
	}
	return heads
}

// blankBeside reports whether nothing stands in the row outside of the columns.
func (g *grid) blankBeside(row, from, to int32) bool {
	for col := range g.width {
		if (col < from || col > to) && g.square(row, col).text != "" {
			return false
		}
	}
	return true
}

func (g *grid) blank(first, last, col int32) bool {
	for row := first; row <= last; row++ {
		if g.square(row, col).text != "" {
			return false
		}
	}
	return true
}

// joined is the last of the columns that one merged cell heads in all rows: a label in two columns under one header.
func (g *grid) joined(first, last, col int32) int32 {
	end := g.width
	for row := first; row <= last; row++ {
		s := g.square(row, col)
		if s.text == "" && !s.merged {
			continue
		}
		end = min(end, s.last)
	}
	return max(min(end, g.width-1), col)
}

func (g *grid) header(first, last, col int32, groups []square) (header, bool) {
	h := header{column: col}
	var parts, shorts []string
	for row := first; row <= last; row++ {
		s := g.square(row, col)
		switch i := row - first; {
		case s.text != "":
			groups[i] = s
			clear(groups[i+1:])
		case !s.merged && row < last && !g.blank(row+1, last, col):
			s = groups[i]
		default:
			groups[i] = square{}
		}
		if s.folded == "" || len(parts) > 0 && parts[len(parts)-1] == s.folded {
			continue
		}
		short := s.folded
		if s.short != "" {
			short = s.short
		}
		h.says = append(h.says, s.text)
		parts, shorts, h.written = append(parts, s.folded), append(shorts, short), strings.TrimSpace(h.written+" "+label.Clean(s.text))
		if s.measure != "" {
			h.measure = s.measure // the innermost
		}
	}
	if bottom := g.square(last, col); bottom.text == "" && !bottom.merged {
		if _, period := label.Period(h.written); period {
			return h, false // the period of the sheet, above another column's header
		}
	}
	h.all = strings.Join(parts, "")
	h.texts = path(parts)
	h.whole = len(h.texts)
	if !slices.Equal(parts, shorts) {
		h.texts = append(h.texts, path(shorts)...)
	}
	if end := g.joined(first, last, col); end > col {
		h.column = g.fullest(last, col, end)
		for other := col; other <= end; other++ {
			if other != h.column && !g.hiddenColumn(other) && g.anyNumber(last, other) {
				h.beside = append(h.beside, other)
			}
		}
	}
	return h, len(parts) > 0
}

// path lists what a header may be called whose rows say the parts: all of them joined, and without the upper ones. A last part that says
// no more than that the thing itself stands here, as 本年 beside 上年同期 and 合计 beside 东村 do, names what its head names: 本月 has
// the words before 本年 has them.
func path(parts []string) []string {
	var texts []string
	last := len(parts) - 1
	for i := range max(last, 0) {
		texts = append(texts, strings.Join(parts[i:], ""))
	}
	if last > 0 && itself.MatchString(parts[last]) {
		for i := range last {
			texts = append(texts, strings.Join(parts[i:last], ""))
		}
	}
	if last >= 0 {
		texts = append(texts, parts[last])
	}
	return texts
}

// itself are the words below a head for what the head names, where last year's, its growth or its parts stand beside it. A year is
// that too: whether it is the one of the sheet is asked later.
var itself = regexp.MustCompile(`^(?:(?:本|当|今)(?:年|期)(?:度)?(?:数|实际|完成|完成数)?|(?:实际)?(?:完成|发生)(?:数|量|值|额|情况)?|实(?:绩|数|际|际数|际值|发|发数|发额|缴|收|付|有)|绝对(?:数|额|值|量)|` +
	`数(?:值|量|额|字)|[人金件次户家个](?:数|额|次)|场次|(?:合|总|小|共)计(?:数)?|计|总(?:数|量|额)|全部|报告期(?:数)?|(?:19|20|21)\d\d年?度?(?:数|实际|完成)?)$`)

// fullest is the one of the columns in which most stands below the row: the values, and not the few words that group them. A hidden one
// is so only where nothing stands in the others.
func (g *grid) fullest(after, from, to int32) int32 {
	counts, seen := make([]int, to-from+1), make([]int, to-from+1)
	for i := range seen {
		if seen[i] = 1; !g.hiddenColumn(from + int32(i)) {
			seen[i] = len(g.sheet.Rows) + 1
		}
	}
	for _, row := range g.sheet.Rows {
		if row.Index <= after {
			continue
		}
		for _, c := range row.Cells {
			if c.Col >= from && c.Col <= to && c.Text != "" {
				counts[c.Col-from] += seen[c.Col-from]
			}
		}
	}
	top := 0
	for i, n := range counts {
		if n > counts[top] {
			top = i
		}
	}
	return from + int32(top)
}

// anyNumber reports whether a number stands in the column below the row.
func (g *grid) anyNumber(after, col int32) bool {
	for _, row := range g.sheet.Rows {
		if row.Index <= after {
			continue
		}
		if cell, ok := row.At(col); ok && looksLikeNumber(cell) {
			return true
		}
	}
	return false
}

// isRecord reports whether the row holds numbers as a record does, and not years or the numbers of columns.
func (g *grid) isRecord(row int32) bool {
	if known, ok := g.records[row]; ok {
		return known
	}
	numbers, codes := 0, true
	for col := range g.width {
		s := g.square(row, col)
		if s.text == "" {
			continue
		}
		codes = codes && label.IsColumnNumber(label.Clean(s.text))
		if cell, ok := g.sheet.At(row, col); ok && looksLikeNumber(cell) && !onlyYear.MatchString(cell.Text+"年") {
			numbers++
		}
	}
	g.records[row] = numbers > 0 && !codes
	return g.records[row]
}

func (g *grid) numberAt(row, col int32) bool {
	cell, ok := g.sheet.At(row, col)
	return ok && looksLikeNumber(cell)
}

func looksLikeNumber(cell reporting.Cell) bool {
	if cell.Kind == reporting.NumberCell {
		return !cell.Date
	}
	_, err := reporting.ParseDecimal(strings.ReplaceAll(label.Clean(cell.Text), ",", ""))
	return err == nil
}
