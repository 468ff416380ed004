package annotate

import (
	"cmp"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"huizong/pkg/reporting"
)

// author signs our comments: by it they are known, and taken out, when a workbook is annotated again.
const author = "汇总 Huizong"

const (
	boxCharacters = 40     // of a comment's box, in characters of half width
	maxComment    = 32_000 // Excel's limit is 32,767; what is cut off stands in the list
	noFindings    = "\x00" // gravity of a cell that has none any more
)

// spot is one cell of one sheet, zero-based.
type spot struct {
	row, col int32
}

// mark colours the cells with findings, and returns the comments of each sheet that has any of ours, in the order of the sheets.
func (a *annotation) mark(book *excelize.File) ([]sheetNotes, error) {
	bySheet := map[string]map[spot][]reporting.Finding{}
	for _, f := range a.Decision.Findings {
		at, ok := parseCell(f.Cell)
		if !ok {
			continue
		}
		name := sheetName(f.Sheet)
		if bySheet[name] == nil {
			bySheet[name] = map[spot][]reporting.Finding{}
		}
		at = a.shown(name, at)
		bySheet[name][at] = append(bySheet[name][at], f)
	}
	painter := painter{book: book, styles: map[paint]int{}}
	var all []sheetNotes
	for _, name := range book.GetSheetList() {
		notes, err := a.markSheet(&painter, name, bySheet[name])
		if err != nil {
			return nil, err
		}
		if notes != nil {
			all = append(all, sheetNotes{sheet: name, notes: notes})
		}
	}
	return all, nil
}

// markSheet returns nil for a sheet that needs no change.
func (a *annotation) markSheet(p *painter, sheet string, found map[spot][]reporting.Finding) ([]note, error) {
	comments, err := p.book.GetComments(sheet)
	if err != nil || len(found) == 0 && !slices.ContainsFunc(comments, func(c excelize.Comment) bool { return c.Author == author }) {
		return nil, err
	}
	notes := map[spot]note{}
	for _, c := range comments {
		at, ok := parseCell(c.Cell)
		switch {
		case !ok:
		case c.Author != author:
			notes[at] = note{row: at.row, col: at.col, author: c.Author, text: commentText(c)}
		case len(found[at]) == 0:
			if err := p.paint(sheet, at, noFindings); err != nil {
				return nil, err
			}
		}
	}
	for _, at := range slices.SortedFunc(keys(found), func(x, y spot) int { return cmp.Or(int(x.row-y.row), int(x.col-y.col)) }) {
		text, gravest := a.comment(found[at])
		if own, ok := notes[at]; ok {
			text += "\n\n" + own.author + ":\n" + own.text
		}
		notes[at] = note{row: at.row, col: at.col, author: author, text: reporting.Shorten(text, maxComment)}
		if err := p.paint(sheet, at, gravest); err != nil {
			return nil, err
		}
	}
	list := make([]note, 0, len(notes))
	for _, n := range notes {
		n.lastCol = p.boxEnd(sheet, n.col+1)
		list = append(list, n)
	}
	return list, nil
}

// comment is the text for all findings of a cell, one a line, and the gravest severity.
func (a *annotation) comment(findings []reporting.Finding) (text string, gravest reporting.Severity) {
	lines := make([]string, len(findings))
	gravest = findings[0].Severity
	for i, f := range findings {
		own, other := a.words.messages(f)
		lines[i] = "[" + a.words.severity[f.Severity] + "] " + cmp.Or(own, other)
		if gravity[f.Severity] > gravity[gravest] {
			gravest = f.Severity
		}
	}
	return strings.Join(lines, "\n"), gravest
}

// shown is where a finding is to be seen: the first cell of the merged range that the cell lies in, or the cell.
func (a *annotation) shown(sheet string, at spot) spot {
	for _, s := range a.Sheets {
		if sheetName(s.Name) != sheet {
			continue
		}
		for _, m := range s.Merges {
			if m.Holds(at.row, at.col) {
				return spot{m.FirstRow, m.FirstCol}
			}
		}
	}
	return at
}

// painter changes the fill of cells and nothing else of their style.
type painter struct {
	book   *excelize.File
	styles map[paint]int
	widths map[string][]float64 // of the sheets' first columns
}

type paint struct {
	base     int
	severity reporting.Severity
}

func (p *painter) paint(sheet string, at spot, severity reporting.Severity) error {
	cell := reporting.CellName(at.row, at.col)
	base, err := p.book.GetCellStyle(sheet, cell)
	if err != nil {
		return err
	}
	style, err := p.style(paint{base, severity})
	if err != nil || style == base {
		return err
	}
	return p.book.SetCellStyle(sheet, cell, cell, style)
}

// style is the base with the severity's fill. Without a severity a fill of ours is taken off, and any other is left.
func (p *painter) style(want paint) (int, error) {
	if id, ok := p.styles[want]; ok {
		return id, nil
	}
	style, err := p.book.GetStyle(want.base)
	if err != nil {
		return 0, err
	}
	colour := fill[want.severity]
	switch {
	case colour != "":
		style.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
	case isOurs(style.Fill):
		style.Fill = excelize.Fill{}
	default:
		p.styles[want] = want.base
		return want.base, nil
	}
	id, err := p.book.NewStyle(style)
	p.styles[want] = id
	return id, err
}

func isOurs(f excelize.Fill) bool {
	for _, colour := range fill {
		if len(f.Color) > 0 && strings.EqualFold(strings.TrimPrefix(f.Color[0], "#"), colour) {
			return true
		}
	}
	return false
}

// boxEnd is the column in which a comment's box ends that begins in the column and is boxCharacters wide.
func (p *painter) boxEnd(sheet string, first int32) int32 {
	const usual = 8.4
	if p.widths == nil {
		p.widths = map[string][]float64{}
	}
	if p.widths[sheet] == nil {
		for col := int32(0); col < 64; col++ {
			width, err := p.book.GetColWidth(sheet, reporting.ColumnName(col))
			if err != nil {
				width = usual
			}
			p.widths[sheet] = append(p.widths[sheet], width)
		}
	}
	col := first
	for left := float64(boxCharacters); left > 0 && col < first+12; col++ {
		width := usual
		if int(col) < len(p.widths[sheet]) {
			width = p.widths[sheet][col]
		}
		left -= width
	}
	return min(col, excelColumns-1)
}

func parseCell(name string) (spot, bool) {
	col, row, err := excelize.CellNameToCoordinates(name)
	return spot{int32(row - 1), int32(col - 1)}, err == nil
}

func commentText(c excelize.Comment) string {
	text := c.Text
	for _, run := range c.Paragraph {
		text += run.Text
	}
	return text
}

func keys(found map[spot][]reporting.Finding) func(func(spot) bool) {
	return func(yield func(spot) bool) {
		for at := range found {
			if !yield(at) {
				return
			}
		}
	}
}
