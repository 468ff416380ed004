// Package picture shows a worksheet on a page as its sender made it: letters above, numbers at the side, merged cells, hidden rows and
// columns folded as a spreadsheet folds them, cells of interest marked. Of a long sheet it shows its head, its end and the rows around
// the marks; what is left out can be asked for. It masks what identifies persons for a viewer who may not see it. It is pure: the portal's template
// "picture" (components.html) draws what it makes, and static/workbench.js walks it.
package picture

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"

	"huizong/pkg/reporting"
)

// Input is what a picture is made of.
type Input struct {
	Sheets []*reporting.Sheet
	Sheet  int      // which one is shown; below zero: the one of the current mark, else the first with a mark, else the first that is not hidden
	Marks  []Mark   // in order
	At     int      // index of the current mark, or below zero
	More   []Rows   // rows to show besides
	Masked bool     // numbers of identity cards are shown in part
	Names  []string // columns that are masked too: where their header stands
}

// Mark is a cell that the page names.
type Mark struct {
	Sheet, Cell string             // Cell is A1, or "" where the whole sheet is meant
	Severity    reporting.Severity // or "cited": a cell that a figure comes from
	Href        string             // where a click leads; "" nowhere
	Finding     int                // number of the finding on the page, from 0
}

// Cited marks a cell that nothing is wrong with.
const Cited reporting.Severity = "cited"

// Rows are a run of rows, zero-based, both ends inside.
type Rows struct{ First, Last int32 }

func (r Rows) String() string { return fmt.Sprintf("%d-%d", r.First+1, r.Last+1) }

// Picture is what the template draws.
type Picture struct {
	Tabs    []Tab
	Sheet   int // index of the sheet that is shown
	Name    string
	Columns []Column
	Rows    []Row

	Anchors map[int]string // by finding: the cell that shows it
}

// Anchor is the name of the cell that shows a finding: "" where it is about no cell, - where the cell is not on the picture.
func (p *Picture) Anchor(finding int, cell string) string {
	switch {
	case cell == "":
		return ""
	case p == nil || p.Anchors[finding] == "":
		return "-"
	}
	return p.Anchors[finding]
}

type Tab struct {
	Sheet int // its index
	Name  string
	Marks int
	Here  bool
	Href  string
}

type Column struct {
	Letter string
	Folded string // letters of the columns before it that are not shown
}

type Row struct {
	Number int32
	Folded bool // rows before it are hidden
	Gap    *Gap
	Cells  []Cell
}

// Gap stands for rows that are left out.
type Gap struct {
	First, Last int32  // one-based
	More        []Rows // what is to be asked for, to see the next of them
	Href        string
	Span        int
}

// Cell is a cell. A cell that a merged one covers is not there.
type Cell struct {
	Name      string // A1 of the marked ones
	Text      string
	Long      string // the whole text where it is too long to show
	Number    bool
	Formula   bool
	Cols, Row int // spans; 0 is one
	Mark      *CellMark
}

type CellMark struct {
	Mark
	Here  bool
	Count int // marks in this cell
}

// The bounds of a picture: a page with it stays light, and a person finds the way on it.
const (
	wholeRows     = 150  // a sheet of so many rows is shown whole …
	maxCells      = 4500 // … where it has no more cells than this
	headRows      = 10
	footRows      = 2
	around        = 3 // rows on each side of a mark
	wholeColumns  = 40
	headColumns   = 8
	MoreRows      = 100 // rows that are added at a time
	maxText       = 160 // characters of a cell
	maxMarkedRows = 120
)

// Draw draws the picture; nil where there is no sheet to show.
func Draw(of Input) *Picture {
	if of.Sheet = of.choose(); of.Sheet < 0 {
		return nil
	}
	d := drawing{Input: of, sheet: of.Sheets[of.Sheet], picture: &Picture{Sheet: of.Sheet, Name: of.Sheets[of.Sheet].Name}}
	d.tabs()
	d.place()
	d.extent()
	d.pickColumns()
	d.pickRows()
	d.cover()
	d.draw()
	return d.picture
}

// Link gives the addresses of the page with another sheet, or with more rows of this one.
func (p *Picture) Link(to func(sheet int, more []Rows) string) {
	if p == nil {
		return
	}
	for i, tab := range p.Tabs {
		p.Tabs[i].Href = to(tab.Sheet, nil)
	}
	for _, row := range p.Rows {
		if row.Gap != nil {
			row.Gap.Href = to(p.Sheet, row.Gap.More)
		}
	}
}

// Choose is the sheet to show, or −1.
func (of *Input) choose() int {
	if of.Sheet >= 0 && of.Sheet < len(of.Sheets) {
		return of.Sheet
	}
	named := func(name string) int {
		return slices.IndexFunc(of.Sheets, func(s *reporting.Sheet) bool { return s.Name == name })
	}
	if of.At >= 0 && of.At < len(of.Marks) {
		if i := named(of.Marks[of.At].Sheet); i >= 0 {
			return i
		}
	}
	for _, m := range of.Marks {
		if i := named(m.Sheet); i >= 0 && m.Cell != "" {
			return i
		}
	}
	if i := slices.IndexFunc(of.Sheets, func(s *reporting.Sheet) bool { return !s.Hidden && len(s.Rows) > 0 }); i >= 0 {
		return i
	}
	return min(0, len(of.Sheets)-1)
}

// drawing is a picture on its way.
type drawing struct {
	Input
	sheet   *reporting.Sheet
	picture *Picture

	marks            map[spot]*CellMark // by the cell in which they are shown
	at               map[int]spot       // by finding: that cell
	lastRow, lastCol int32
	columns, shown   []int32 // indexes of the columns and rows that are shown
	segment          []int   // of each shown row: rows of one segment have no gap between them
	spans            map[spot]span
	masked           map[int32]int32 // columns that are masked, by the row below which they are
	amounts          map[int32]bool  // columns with a number that is an amount beyond doubt
}

// spot is a cell, zero-based.
type spot struct{ row, col int32 }

// span is a cell that is drawn over several, or, with nothing to draw, one that is covered.
type span struct {
	rows, cols int
	at         spot // whose text it has
}

// tabs are the sheets of the workbook. One that is hidden is there where it has marks.
func (d *drawing) tabs() {
	for i, s := range d.Sheets {
		n := 0
		for _, m := range d.Marks {
			if m.Sheet == s.Name && m.Cell != "" {
				n++
			}
		}
		if (s.Hidden || len(s.Rows) == 0) && n == 0 && i != d.Sheet {
			continue
		}
		d.picture.Tabs = append(d.picture.Tabs, Tab{Sheet: i, Name: s.Name, Marks: n, Here: i == d.Sheet})
	}
}

var gravity = map[reporting.Severity]int{reporting.SeverityError: 3, reporting.SeverityWarning: 2, reporting.SeverityNote: 1}

// place puts the marks of the sheet into their cells; in a merged one into its first. The gravest of a cell's marks is shown, or the
// current one.
func (d *drawing) place() {
	d.marks = map[spot]*CellMark{}
	d.at = map[int]spot{}
	for i, m := range d.Marks {
		row, col, ok := reporting.ParseCellName(m.Cell)
		if m.Sheet != d.sheet.Name || !ok {
			continue
		}
		at := spot{row, col}
		if merge, ok := d.merge(at); ok {
			at = spot{merge.FirstRow, merge.FirstCol}
		}
		d.at[m.Finding] = at
		here := i == d.At
		was := d.marks[at]
		switch {
		case was == nil:
			d.marks[at] = &CellMark{Mark: m, Here: here, Count: 1}
		case here || !was.Here && gravity[m.Severity] > gravity[was.Severity]:
			d.marks[at] = &CellMark{Mark: m, Here: here, Count: was.Count + 1}
		default:
			was.Count++
		}
	}
}

func (d *drawing) merge(at spot) (reporting.Range, bool) {
	i := slices.IndexFunc(d.sheet.Merges, func(r reporting.Range) bool { return r.Holds(at.row, at.col) })
	if i < 0 {
		return reporting.Range{}, false
	}
	return d.sheet.Merges[i], true
}

// extent is how far the sheet goes: to the last cell with something in it. On the way it learns which columns have amounts.
func (d *drawing) extent() {
	d.amounts = map[int32]bool{}
	for i := range d.sheet.Rows {
		row := &d.sheet.Rows[i]
		for _, c := range row.Cells {
			if c.Kind == reporting.NumberCell && !c.Date && !d.amounts[c.Col] {
				whole, _, point := strings.Cut(strings.TrimLeft(c.Text, "-"), ".")
				d.amounts[c.Col] = point || len(whole) >= 4 && !isCode(whole)
			}
		}
		for _, c := range slices.Backward(row.Cells) {
			if strings.TrimSpace(c.Text) != "" || c.Formula() != "" {
				d.lastCol, d.lastRow = max(d.lastCol, c.Col), max(d.lastRow, row.Index)
				break
			}
		}
	}
	for at := range d.marks {
		d.lastCol, d.lastRow = max(d.lastCol, at.col), max(d.lastRow, at.row)
	}
}

// pickColumns takes all columns that are not hidden; of very many the first and those near the marks.
func (d *drawing) pickColumns() {
	near := func(col int32) bool {
		for at := range d.marks {
			if col >= at.col-2 && col <= at.col+2 {
				return true
			}
		}
		return false
	}
	for col := int32(0); col <= d.lastCol; col++ {
		hidden := slices.ContainsFunc(d.sheet.HiddenCols, func(r reporting.Range) bool { return r.FirstCol <= col && col <= r.LastCol })
		if hidden && !d.marked(func(at spot) bool { return at.col == col }) || d.lastCol >= wholeColumns && col >= headColumns && !near(col) {
			continue
		}
		d.columns = append(d.columns, col)
	}
	previous := int32(-1)
	for _, col := range d.columns {
		column := Column{Letter: reporting.ColumnName(col)}
		if col > previous+1 {
			column.Folded = foldedColumns(previous+1, col-1)
		}
		d.picture.Columns = append(d.picture.Columns, column)
		previous = col
	}
}

func foldedColumns(first, last int32) string {
	if first == last {
		return reporting.ColumnName(first)
	}
	return reporting.ColumnName(first) + "–" + reporting.ColumnName(last)
}

func (d *drawing) marked(is func(spot) bool) bool {
	for at := range d.marks {
		if is(at) {
			return true
		}
	}
	return false
}

// pickRows takes all rows, or of a long sheet its head, its end, the rows around the marks and those that were asked for.
func (d *drawing) pickRows() {
	limit := min(wholeRows, maxCells/max(1, len(d.columns)))
	wanted := []Rows{{0, d.lastRow}}
	if int(d.lastRow) >= limit {
		wanted = append([]Rows{{0, headRows - 1}, {d.lastRow - footRows + 1, d.lastRow}}, d.More...)
		wanted = append(wanted, d.aroundMarks()...)
	}
	slices.SortFunc(wanted, func(a, b Rows) int { return cmp.Compare(a.First, b.First) })
	hidden := map[int32]bool{}
	for i := range d.sheet.Rows {
		if d.sheet.Rows[i].Hidden {
			hidden[d.sheet.Rows[i].Index] = true
		}
	}
	segment, next := 0, int32(0)
	for _, w := range wanted {
		if w.First > next && len(d.shown) > 0 {
			segment++
		}
		for row := max(w.First, next); row <= min(w.Last, d.lastRow); row++ {
			if !hidden[row] || d.marked(func(at spot) bool { return at.row == row }) {
				d.shown, d.segment = append(d.shown, row), append(d.segment, segment)
			}
		}
		next = max(next, w.Last+1)
	}
}

// aroundMarks are the rows near the marks, the current one's first, no more than a page can hold.
func (d *drawing) aroundMarks() []Rows {
	var at []spot
	for s := range d.marks {
		at = append(at, s)
	}
	slices.SortFunc(at, func(a, b spot) int {
		if d.marks[a].Here != d.marks[b].Here {
			return map[bool]int{true: -1, false: 1}[d.marks[a].Here]
		}
		return cmp.Compare(a.row, b.row)
	})
	budget := min(maxMarkedRows, maxCells/max(1, len(d.columns)))
	var near []Rows
	taken := map[int32]bool{}
	for _, s := range at {
		if len(taken) >= budget {
			break
		}
		r := Rows{max(0, s.row-around), s.row + around}
		near = append(near, r)
		for row := r.First; row <= r.Last; row++ {
			taken[row] = true
		}
	}
	return near
}

// cover finds what merged cells cover of what is shown. Where a gap cuts one in two, each part is drawn with the text of the whole.
func (d *drawing) cover() {
	d.spans = map[spot]span{}
	for _, m := range d.sheet.Merges {
		cols := between(d.columns, m.FirstCol, m.LastCol)
		shown := between(d.shown, m.FirstRow, m.LastRow)
		if len(cols) == 0 || len(shown) == 0 {
			continue
		}
		first, _ := slices.BinarySearch(d.shown, shown[0])
		for len(shown) > 0 {
			n := 1
			for n < len(shown) && d.segment[first+n] == d.segment[first] {
				n++
			}
			for _, row := range shown[:n] {
				for _, col := range cols {
					d.spans[spot{row, col}] = span{}
				}
			}
			d.spans[spot{shown[0], cols[0]}] = span{rows: n, cols: len(cols), at: spot{m.FirstRow, m.FirstCol}}
			first, shown = first+n, shown[n:]
		}
	}
}

// between are the sorted values from first to last.
func between(sorted []int32, first, last int32) []int32 {
	from := sort.Search(len(sorted), func(i int) bool { return sorted[i] >= first })
	to := sort.Search(len(sorted), func(i int) bool { return sorted[i] > last })
	return sorted[from:max(from, to)]
}

func (d *drawing) draw() {
	d.findMasked()
	previous := int32(-1)
	for i, row := range d.shown {
		if i > 0 && d.segment[i] != d.segment[i-1] {
			d.gap(previous+1, row-1)
			previous = row - 1
		}
		d.picture.Rows = append(d.picture.Rows, Row{Number: row + 1, Folded: row > previous+1, Cells: d.cells(row)})
		previous = row
	}
	d.picture.Anchors = map[int]string{}
	for finding, at := range d.at {
		if _, shown := slices.BinarySearch(d.shown, at.row); shown {
			d.picture.Anchors[finding] = reporting.CellName(at.row, at.col)
		}
	}
}

// gap stands for the rows that are left out; those next to what is shown above can be asked for.
func (d *drawing) gap(first, last int32) {
	gap := &Gap{First: first + 1, Last: last + 1, Span: len(d.columns), More: append(slices.Clone(d.More), Rows{first, min(last, first+MoreRows-1)})}
	d.picture.Rows = append(d.picture.Rows, Row{Gap: gap})
}

func (d *drawing) cells(row int32) []Cell {
	cells := make([]Cell, 0, len(d.columns))
	for _, col := range d.columns {
		at := spot{row, col}
		s, merged := d.spans[at]
		switch {
		case merged && s.rows == 0:
			continue
		case merged:
			c := d.cell(s.at)
			if s.cols > 1 {
				c.Cols = s.cols
			}
			if s.rows > 1 {
				c.Row = s.rows
			}
			cells = append(cells, c)
		default:
			cells = append(cells, d.cell(at))
		}
	}
	return cells
}

func (d *drawing) cell(at spot) Cell {
	c := Cell{Mark: d.marks[at]}
	if c.Mark != nil {
		c.Name = reporting.CellName(at.row, at.col)
	}
	held, ok := d.sheet.At(at.row, at.col)
	if !ok {
		return c
	}
	c.Text, c.Number, c.Formula = cellText(d.sheet, held, d.amounts[at.col]), held.Kind == reporting.NumberCell && !held.Date, held.Kind == reporting.Blank && held.Formula() != ""
	if d.Masked {
		c.Text = d.mask(at, c.Text)
	}
	if long := []rune(c.Text); len(long) > maxText {
		c.Text, c.Long = string(long[:maxText])+"…", c.Text
	}
	return c
}

// cellText is what a cell shows. A number whose format shows nothing else than the number is printed as numbers are here. amounts says
// that the column has some, so that 2020 among them is one too.
func cellText(s *reporting.Sheet, c reporting.Cell, amounts bool) string {
	switch {
	case c.Kind == reporting.Blank && c.Formula() != "":
		return "=" + strings.TrimPrefix(c.Formula(), "=")
	case c.Kind != reporting.NumberCell:
		return strings.TrimSpace(c.Text)
	}
	if day, ok := s.Day(c); ok {
		return day.String()
	}
	if c.Look != nil && c.Look.Format != nil {
		return c.Shown()
	}
	return SheetNumber(c.Text, amounts)
}

// SheetNumber prints a number without the noise of binary fractions (4123.4500000000007), and with separators where it is an amount.
func SheetNumber(text string, amounts bool) string {
	value, err := reporting.ParseDecimal(text)
	if err != nil {
		return text
	}
	whole, fraction, _ := strings.Cut(strings.TrimLeft(value.String(), "-"), ".")
	places := min(len(fraction), max(0, significant-len(strings.TrimLeft(whole, "0"))))
	plain := value.Text(places)
	if places > 0 {
		plain = strings.TrimSuffix(strings.TrimRight(plain, "0"), ".")
	}
	whole, fraction, _ = strings.Cut(strings.TrimLeft(plain, "-"), ".")
	if fraction == "" && !amounts && isCode(whole) {
		return plain
	}
	return reporting.MustDecimal(plain).Grouped(len(fraction))
}

// significant is how many digits a spreadsheet keeps.
const significant = 15

// isCode reports whether a whole number is rather a year, a month, a code or a telephone number: those have no separators.
func isCode(digits string) bool {
	return len(digits) == 4 && digits >= "1900" && digits <= "2100" || len(digits) == 6 && digits >= "190000" && digits < "210100" || len(digits) > 9
}

// idNumber finds what may be the number of an identity card or an account, also one with a wrong digit or one that has lost its last.
var idNumber = regexp.MustCompile(`\d{14,}[\dXx]`)

// MaskIDs shows the first six and the last four characters of such a number, as it is kept.
func MaskIDs(text string) string {
	return idNumber.ReplaceAllStringFunc(text, func(id string) string { return id[:6] + strings.Repeat("*", len(id)-10) + id[len(id)-4:] })
}

func (d *drawing) mask(at spot, text string) string {
	if below, ok := d.masked[at.col]; ok && at.row > below {
		if runes := []rune(text); len(runes) > 1 {
			return string(runes[:1]) + "*"
		}
	}
	return MaskIDs(text)
}

// findMasked finds the columns of names: below a cell that is one of their headers.
func (d *drawing) findMasked() {
	d.masked = map[int32]int32{}
	if !d.Masked || len(d.Names) == 0 {
		return
	}
	for i := range d.sheet.Rows {
		for _, c := range d.sheet.Rows[i].Cells {
			if _, known := d.masked[c.Col]; !known && c.Kind == reporting.TextCell && slices.Contains(d.Names, strings.Join(strings.Fields(c.Text), "")) {
				d.masked[c.Col] = c.Row
			}
		}
	}
}

// MaskedColumns are the headers under which a form has the names of persons.
func MaskedColumns(form *reporting.Form) []string {
	names := []string{"姓名"}
	if form == nil {
		return names
	}
	for _, c := range form.Columns {
		if c.Masked {
			names = append(append(names, c.Header), c.Labels...)
		}
	}
	return names
}
