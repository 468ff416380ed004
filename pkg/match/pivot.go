package match

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"huizong/pkg/label"
	"huizong/pkg/reporting"
)

// maxPivot and maxPivotCells bound the tables that are turned: forms with fixed rows are small.
const (
	maxPivot      = 3000
	maxPivotCells = 200_000
)

// pivot lays a form with fixed rows or units out as it is printed, wherever the names of its rows stand: down a column, along a header, or
// in lines over blocks. What else stands over and before a number, is the header of its column. False says that the sheet has no such
// names, or that two numbers would stand in one place.
func (m *Matcher) pivot(sheet *reporting.Sheet, form *reporting.Form) (*reporting.Sheet, bool) {
	key := form.ColumnOf(reporting.RowLabel)
	if form.RowUnits {
		key = form.ColumnOf(reporting.UnitValue)
	}
	if key < 0 || len(form.Rows) == 0 && !form.RowUnits && form.Shape != reporting.TargetForm && form.Shape != reporting.BaselineForm {
		return nil, false
	}
	p := newPlane(sheet, form, m)
	if p == nil || !p.findKeys() {
		return nil, false
	}
	if named := len(form.Rows) == 0 && !form.RowUnits; named && p.lies != across || !p.place() {
		return nil, false // what names indicators down a column lies as its form does
	}
	return p.printed(form, key), true
}

// plane is a sheet on which a table is looked for that lies otherwise than its form: what each row is, and where the names of the form's
// rows stand.
type plane struct {
	sheet   *reporting.Sheet
	isKey   func(text string) string // the row that a text names, or ""
	isHead  func(text string) bool   // whether a text is the name of a column of the form
	running map[string]bool          // headers of running numbers
	isTotal map[string]bool          // names of the total
	cells   map[reporting.Place]spot
	rows    []planeRow
	width   int32

	lies   orientation
	keyRow int32 // along a header: the row where the keys stand, in each band its own
	keyCol int32 // down a column; along a header: the first that they stand in
	first  int32 // first row of the table
	last   int32

	begins int32          // first column of the numbers
	counts map[int32]bool // columns of numbers

	keys   []named // in order
	paths  []heading
	keyAt  map[string]int
	pathAt map[string]int
	at     map[[2]int]reporting.Cell
}

type orientation int

const (
	down   orientation = iota // the keys stand in a column
	across                    // they stand in a header
	blocks                    // they stand in lines over blocks
)

// spot is a cell with what it is.
type spot struct {
	reporting.Cell
	text   string
	number bool // or a mark for none
}

type planeRow struct {
	index          int32
	hidden         bool
	texts, numbers int
	codes          bool // numbers of columns
	line           reporting.Place
}

// named is a text with its place.
type named struct {
	text, folded string
	cell         reporting.Cell
	measure      reporting.Cell
}

// heading is what stands over and before a column of the printed table.
type heading struct {
	parts   []named
	measure reporting.Cell
}

var noNumber = regexp.MustCompile(`^(?:[-—–―─‐−/\\…·*×]+|不适用)$`)

func newPlane(sheet *reporting.Sheet, form *reporting.Form, m *Matcher) *plane {
	p := &plane{sheet: sheet, first: -1, cells: map[reporting.Place]spot{}, running: map[string]bool{}, isTotal: map[string]bool{}, keyAt: map[string]int{}, pathAt: map[string]int{}, at: map[[2]int]reporting.Cell{}}
	if len(sheet.HiddenCols) > 0 {
		return nil // what is hidden may be another month's
	}
	p.isKey = m.rowNames(form)
	p.isHead = func(text string) bool { return m.words.header(form, text) != "" }
	if at := form.ColumnOf(reporting.Sequence); at >= 0 {
		for _, l := range form.Columns[at].Labels {
			p.running[l] = true
		}
	}
	for _, name := range form.Total {
		p.isTotal[label.Fold(name)] = true
	}
	for _, row := range sheet.Rows {
		if p.row(row); len(p.rows) > maxPivot {
			return nil
		}
	}
	for _, merged := range sheet.Merges {
		first, ok := p.cells[reporting.Place{Row: merged.FirstRow, Col: merged.FirstCol}]
		if !ok || first.number || merged.LastRow-merged.FirstRow > maxPivot {
			continue
		}
		if len(p.cells) > maxPivotCells {
			return nil
		}
		for row := merged.FirstRow; row <= merged.LastRow; row++ {
			for col := merged.FirstCol; col <= min(merged.LastCol, p.width-1); col++ {
				p.cells[reporting.Place{Row: row, Col: col}] = first
			}
		}
	}
	return p
}

func (p *plane) row(row reporting.Row) {
	r := planeRow{index: row.Index, hidden: row.Hidden, codes: label.AreColumnNumbers(row.Cells)}
	for _, c := range row.Cells {
		s := spot{Cell: c, text: label.Clean(c.Shown())}
		if s.text == "" && c.Formula() == "" || c.Kind == reporting.TextCell && keyFirst(s.text) {
			continue
		}
		s.number = looksLikeNumber(c) || noNumber.MatchString(s.text) || c.Formula() != ""
		if s.number {
			r.numbers++
		} else if r.texts++; r.texts == 1 {
			r.line = reporting.Place{Row: row.Index, Col: c.Col}
		}
		p.cells[reporting.Place{Row: row.Index, Col: c.Col}] = s
		p.width = max(p.width, c.Col+1)
	}
	if r.texts+r.numbers > 0 {
		p.rows = append(p.rows, r)
	}
}

// rowNames says which row of the form a text names, "" for none.
func (m *Matcher) rowNames(form *reporting.Form) func(string) string {
	if !form.RowUnits {
		known := label.Rows(form)
		if len(form.Rows) == 0 { // its rows name indicators of other forms
			known = m.indicators
		}
		return func(text string) string { return known[label.Row(text)] }
	}
	heads := form.Columns[form.ColumnOf(reporting.UnitValue)].Labels
	return func(text string) string {
		if m.isUnit(text) && !slices.Contains(heads, label.Row(text)) { // 乡镇（街道） is over units, and none
			return label.Row(text)
		}
		return ""
	}
}

// keyFirst reports whether the text is of the lines above the table: 填报单位：城东街道.
func keyFirst(text string) bool {
	at := keyPattern.FindStringIndex(text)
	return at != nil && at[0] == 0
}

func (p *plane) spot(row, col int32) spot { return p.cells[reporting.Place{Row: row, Col: col}] }

// findKeys finds where most of the form's rows are named, two at least.
func (p *plane) findKeys() bool {
	inColumn, lines := map[int32]map[string]bool{}, map[string]bool{}
	best := 0
	for _, r := range p.rows {
		inRow, first := map[string]bool{}, int32(-1)
		for col := range p.width {
			s := p.spot(r.index, col)
			if s.number || s.text == "" || s.Row != r.index || s.Col != col && first >= 0 && p.spot(r.index, col-1).Cell.Col == s.Col {
				continue
			}
			code := p.isKey(s.text)
			if code == "" {
				continue
			}
			if r.numbers == 0 && r.texts == 1 {
				lines[code] = true
				continue
			}
			if inColumn[col] == nil {
				inColumn[col] = map[string]bool{}
			}
			inColumn[col][code] = true
			if inRow[code] = true; first < 0 {
				first = col
			}
		}
		if r.numbers == 0 && len(inRow) > best && len(inRow) > 1 {
			best, p.lies, p.keyRow, p.keyCol = len(inRow), across, r.index, first
		}
	}
	for col, codes := range inColumn {
		if len(codes) > best || len(codes) == best && p.lies == down && best > 0 && col < p.keyCol {
			best, p.lies, p.keyCol = len(codes), down, col
		}
	}
	if len(lines) > best {
		best, p.lies = len(lines), blocks
	}
	for p.lies == across && p.keyCol > 0 && p.isTotal[label.Row(p.spot(p.keyRow, p.keyCol-1).text)] {
		p.keyCol-- // the total stands before its parts
	}
	return best > 1
}

// place gives each number of the table its key and its heading.
func (p *plane) place() bool {
	state := band{plane: p, keys: -1, carried: map[int32]spot{}}
	repeats := p.keysRepeat()
	p.findNumbers()
	for i, r := range p.rows {
		switch {
		case r.codes:
			continue
		case r.numbers == 0 && state.isEmpty(r):
			state.empty(r, repeats)
		case r.numbers == 0:
			state.words(i, r, repeats)
			continue
		case !state.begun():
			continue // a number in the lines above the table
		case r.hidden || !state.numbers(r, repeats):
			return false
		}
		p.last = r.index
	}
	return len(p.keys) > 1 && len(p.paths) > 0 && len(p.keys)*len(p.paths) <= maxPivotCells
}

// keysRepeat reports whether a name stands down the column more than once: then lines over the rows say of what.
func (p *plane) keysRepeat() bool {
	seen := map[string]bool{}
	for _, r := range p.rows {
		s := p.spot(r.index, p.keyCol)
		if code := p.isKey(s.text); p.lies == down && code != "" && r.numbers > 0 && s.Row == r.index {
			if seen[code] {
				return true
			}
			seen[code] = true
		}
	}
	return false
}

// band is what stands over the rows being read.
type band struct {
	*plane
	heads   []int32        // rows of the header
	keys    int32          // of them the one with the keys
	ended   bool           // numbers have been read under it
	line    *named         // the line over the rows
	upper   []int32        // rows of texts directly above, of which the header may begin
	fresh   bool           // the line stands directly above
	carried map[int32]spot // the last label in each column before the numbers
}

func (b *band) begun() bool {
	switch b.lies {
	case across:
		return b.keys >= 0
	case blocks:
		return b.line != nil && b.isKey(b.line.text) != ""
	}
	return len(b.heads) > 0
}

// words reads a row of texts: a line over rows or over a header, or a row of the header.
func (b *band) words(i int, r planeRow, repeats bool) {
	clear(b.carried)
	if first := b.cells[r.line]; r.texts == 1 {
		b.over(r, first, repeats)
		return
	}
	if b.ended || len(b.heads) > 0 && b.heads[len(b.heads)-1] != b.rowBefore(i) && !b.fresh {
		b.heads, b.keys, b.ended = nil, -1, false
	}
	if b.lies == across {
		if n := len(b.upper); n > 0 && b.upper[n-1] != b.rowBefore(i) {
			b.upper = nil
		}
		n, twice := b.keysIn(r.index)
		switch {
		case n > 1 && twice: // what stands over the keys tells them apart
			b.heads, b.keys = b.upper, r.index
		case n > 1:
			b.heads, b.keys = nil, r.index
		case len(b.heads) == 0:
			b.upper = append(b.upper, r.index)
			return
		}
		if n > 1 && !b.fresh {
			b.line = nil
		}
	}
	b.heads = append(b.heads, r.index)
	if b.first < 0 {
		b.first = b.heads[0]
	}
}

// over reads a line: over a block, over rows, or a head alone.
func (b *band) over(r planeRow, first spot, repeats bool) {
	switch {
	case b.lies == blocks && b.isKey(first.text) == "": // a title, or a note
		return
	case b.lies == down && !repeats: // it groups the rows
		return
	case b.lies != blocks && titleWord.MatchString(label.Fold(first.text)):
		return
	case b.lies == across && r.line.Col >= b.keyCol && len(b.heads) == 0:
		b.upper = append(b.upper, r.index) // the one head over the keys
		return
	}
	b.line, b.fresh = &named{text: first.text, folded: label.Row(first.text), cell: first.Cell}, true
	if b.first < 0 {
		b.first = r.index
	}
}

// keysIn counts the names of rows in a row of texts, and reports whether one is there twice.
func (b *band) keysIn(row int32) (n int, twice bool) {
	seen := map[string]reporting.Place{}
	for col := b.keyCol; col < b.width; col++ {
		s := b.spot(row, col)
		code := b.isKey(s.text)
		if code == "" {
			continue
		}
		at := reporting.Place{Row: s.Row, Col: s.Cell.Col}
		if old, ok := seen[code]; ok && old != at {
			twice = true
		}
		seen[code] = at
	}
	return len(seen), twice
}

// head is what a row of the header says over a column. Without merged cells, as in text files, an upper one reaches over the empty
// ones to its right, as far as no head above it begins anew.
func (b *band) head(n int, col int32) spot {
	for at := col; at >= b.begins; at-- {
		if s := b.spot(b.heads[n], at); s.text != "" || n == len(b.heads)-1 {
			return s
		}
		for above := range n {
			if b.spot(b.heads[above], at).text != "" {
				return spot{}
			}
		}
	}
	return spot{}
}

// labels are what stands before the numbers of a row. An outer one holds for the rows under it, up to the next.
func (b *band) labels(r planeRow) []spot {
	labels := make([]spot, b.begins)
	inner := false
	for col := b.begins - 1; col >= 0; col-- {
		s := b.spot(r.index, col)
		if s.text != "" {
			b.carried[col] = s
		} else if inner {
			s = b.carried[col]
		}
		inner = inner || s.text != "" && !b.isRunning(col) && !isMeasure(s.text)
		labels[col] = s
	}
	return labels
}

func isMeasure(text string) bool {
	unit, ok := label.Unit(text)
	return ok && unit != ""
}

func (b *band) rowBefore(i int) int32 {
	if i == 0 {
		return -1
	}
	return b.rows[i-1].index
}

// numbers places the numbers of a row, and what stands in their place.
func (b *band) numbers(r planeRow, repeats bool) bool {
	b.ended, b.fresh = true, false
	labels := b.labels(r)
	for col := b.begins; col < b.width; col++ {
		s := b.spot(r.index, col)
		if s.Row != r.index || s.Col != col || s.text == "" && !s.number || b.isRunning(col) || !s.number && !b.counts[col] {
			continue
		}
		key, path, measure := b.coordinates(labels, col, repeats)
		if key.text == "" || len(path) == 0 || !b.put(key, path, measure, s.Cell) {
			return false
		}
	}
	return true
}

// isEmpty reports whether the row is a measure under keys along the header of which no number is filled in: a column of the printed table.
func (b *band) isEmpty(r planeRow) bool {
	if b.lies != across || !b.begun() {
		return false
	}
	named := false
	for col := range b.width {
		s := b.spot(r.index, col)
		if s.text != "" && col >= b.keyCol {
			return false
		}
		named = named || s.text != "" && b.isHead(s.text)
	}
	return named
}

func (b *band) empty(r planeRow, repeats bool) {
	b.ended, b.fresh = true, false
	_, path, measure := b.coordinates(b.labels(r), b.keyCol, repeats)
	b.pathOf(path, measure)
}

// findNumbers finds the columns of numbers, behind the labels.
func (p *plane) findNumbers() {
	numbers, texts := make([]int, p.width), make([]int, p.width)
	for _, r := range p.rows {
		for col := range p.width {
			switch s := p.spot(r.index, col); {
			case r.numbers == 0 || r.codes || s.Row != r.index || s.Col != col:
			case s.number:
				numbers[col]++
			case s.text != "":
				texts[col]++
			}
		}
	}
	from := int32(0)
	if p.lies != blocks {
		from = p.keyCol
	}
	p.counts, p.begins = map[int32]bool{}, p.width
	for col := from; col < p.width; col++ {
		if (numbers[col] > texts[col] || p.lies == across) && (p.lies != down || col > p.keyCol) {
			p.counts[col], p.begins = true, min(p.begins, col)
		}
	}
}

func (b *band) isRunning(col int32) bool {
	for _, row := range b.heads {
		if text, _ := label.Header(b.spot(row, col).text); b.running[text] {
			return true
		}
	}
	return false
}

// coordinates are the names of a number: the form's row, and what else stands over and before it.
func (b *band) coordinates(labels []spot, col int32, repeats bool) (key named, path []named, measure reporting.Cell) {
	add := func(s spot) {
		if s.text == "" || s.number {
			return
		}
		if n := len(path); n > 0 && path[n-1].cell.Row == s.Row && path[n-1].cell.Col == s.Cell.Col {
			return
		}
		if isMeasure(s.text) {
			measure = s.Cell
			return
		}
		path = append(path, named{text: s.text, folded: label.Fold(s.text), cell: s.Cell})
	}
	if b.line != nil {
		if b.lies == blocks {
			key = *b.line
		} else {
			path = append(path, *b.line)
		}
	}
	for i, s := range labels {
		before := int32(i)
		if b.lies == down && before == b.keyCol {
			key = named{text: s.text, folded: label.Row(s.text), cell: s.Cell}
		} else if !b.isRunning(before) && !(b.lies == down && before < b.keyCol && !repeats) {
			add(s)
		}
	}
	if b.lies == down {
		key.measure, measure = measure, reporting.Cell{}
	}
	for n, row := range b.heads {
		switch s := b.head(n, col); {
		case b.lies == across && row == b.keys:
			key.text, key.folded, key.cell = s.text, label.Row(s.text), s.Cell
		case b.lies == across && isMeasure(s.text):
			key.measure = s.Cell
		default:
			add(s)
		}
	}
	return key, path, measure
}

// put places a number; false where another stands there already.
func (p *plane) put(key named, path []named, measure, cell reporting.Cell) bool {
	row, ok := p.keyAt[key.folded]
	if !ok {
		row, p.keys = len(p.keys), append(p.keys, key)
		p.keyAt[key.folded] = row
	}
	col := p.pathOf(path, measure)
	if p.paths[col].measure.Text != measure.Text {
		return false
	}
	if _, twice := p.at[[2]int{row, col}]; twice {
		return false
	}
	p.at[[2]int{row, col}] = cell
	return true
}

// pathOf is the place of a heading among those of the table.
func (p *plane) pathOf(path []named, measure reporting.Cell) int {
	var folded []string
	for _, part := range path {
		folded = append(folded, part.folded)
	}
	all := strings.Join(folded, "\n")
	col, ok := p.pathAt[all]
	if !ok {
		col, p.paths = len(p.paths), append(p.paths, heading{path, measure})
		p.pathAt[all] = col
	}
	return col
}

// printed lays the numbers out as the form prints them.
func (p *plane) printed(form *reporting.Form, key int) *reporting.Sheet {
	a := above(p.sheet, p.first)
	depth := 0
	for _, h := range p.paths {
		depth = max(depth, len(h.parts))
	}
	titles := []string{form.Columns[key].Header}
	measured := slices.ContainsFunc(p.keys, func(k named) bool { return k.measure.Text != "" })
	if at := form.ColumnOf(reporting.Measure); at >= 0 && measured {
		titles = append(titles, form.Columns[at].Header)
	} else {
		measured = false
	}
	corner := reporting.Place{Row: p.first, Col: p.keyCol}
	for d := range depth {
		var cells []reporting.Cell
		var places []reporting.Place
		for i, t := range titles {
			cells, places = append(cells, reporting.Cell{Col: int32(i), Kind: reporting.TextCell, Text: t}), append(places, corner)
		}
		for _, h := range p.paths {
			part := h.parts[max(0, len(h.parts)-depth+d)]
			cells = append(cells, reporting.Cell{Col: int32(len(cells)), Kind: reporting.TextCell, Text: headText(part.text)})
			places = append(places, reporting.Place{Row: part.cell.Row, Col: part.cell.Col})
		}
		a.add(p.sheet, cells, places, false)
	}
	p.printUnits(a, len(titles))
	for row, k := range p.keys {
		p.printRow(a, row, k, measured)
	}
	a.below(p.sheet, p.last, int32(len(titles)+len(p.paths)))
	return a.sheet
}

// headText is a label as a header: without the number before it.
func headText(text string) string { return headNumber.ReplaceAllString(text, "") }

var headNumber = regexp.MustCompile(`^\s*(?:[一二三四五六七八九十]{1,3}\s*[、.]|[(（][一二三四五六七八九十]{1,3}[)）]\s*[、.]?)\s*`)

// printUnits adds the row of units of measure, where the labels had some of their own.
func (p *plane) printUnits(a *anew, before int) {
	var cells []reporting.Cell
	places := make([]reporting.Place, before, before+len(p.paths))
	for i, h := range p.paths {
		places = append(places, reporting.Place{Row: h.measure.Row, Col: h.measure.Col})
		if h.measure.Text != "" {
			c := h.measure
			c.Col = int32(before + i)
			cells = append(cells, c)
		}
	}
	if len(cells) > 0 {
		a.add(p.sheet, cells, places, false)
	}
}

func (p *plane) printRow(a *anew, row int, k named, measured bool) {
	label := k.cell
	label.Col = 0
	cells, places := []reporting.Cell{label}, []reporting.Place{{Row: k.cell.Row, Col: k.cell.Col}}
	if measured {
		places = append(places, reporting.Place{Row: cmp.Or(k.measure.Row, k.cell.Row), Col: cmp.Or(k.measure.Col, k.cell.Col)})
		if c := k.measure; c.Text != "" {
			c.Col = 1
			cells = append(cells, c)
		}
	}
	for col, h := range p.paths {
		c, ok := p.at[[2]int{row, col}]
		if !ok {
			places = append(places, p.empty(k, h))
			continue
		}
		places = append(places, reporting.Place{Row: c.Row, Col: c.Col})
		c.Col = int32(len(places) - 1)
		cells = append(cells, c)
	}
	a.add(p.sheet, cells, places, false)
}

// empty is where the number would stand that is not there.
func (p *plane) empty(k named, h heading) reporting.Place {
	part := h.parts[len(h.parts)-1].cell
	switch {
	case p.lies == across && part.Col < p.keyCol:
		return reporting.Place{Row: part.Row, Col: k.cell.Col}
	case p.lies == down && part.Row < k.cell.Row:
		return reporting.Place{Row: k.cell.Row, Col: part.Col}
	}
	return reporting.Place{Row: k.cell.Row, Col: k.cell.Col}
}
