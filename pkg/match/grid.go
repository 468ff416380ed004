package match

import (
	"slices"
	"strings"

	"huizong/pkg/label"
	"huizong/pkg/reporting"
)

// grid is a sheet with its merged cells resolved: every cell of a merged range shows the text of the range's first.
type grid struct {
	sheet  *reporting.Sheet
	rows   []int32 // indexes of the rows that hold something, in order
	width  int32
	merges []reporting.Range
}

func newGrid(sheet *reporting.Sheet) *grid {
	g := &grid{sheet: sheet}
	for _, row := range sheet.Rows {
		if len(row.Cells) == 0 {
			continue
		}
		g.rows = append(g.rows, row.Index)
		if len(g.rows) <= headerReach {
			g.width = max(g.width, row.Cells[len(row.Cells)-1].Col+1)
		}
	}
	if len(g.rows) > 0 {
		reach := g.rows[min(headerReach, len(g.rows))-1]
		for _, m := range sheet.Merges {
			if m.FirstRow <= reach {
				g.merges = append(g.merges, m)
			}
		}
	}
	return g
}

// text is what stands at the place, also where it stands only in the first cell of a merged range.
func (g *grid) text(row, col int32) (text string, merged bool) {
	for _, m := range g.merges {
		if m.Holds(row, col) {
			cell, _ := g.sheet.At(m.FirstRow, m.FirstCol)
			return cell.Text, true
		}
	}
	cell, _ := g.sheet.At(row, col)
	return cell.Text, false
}

func (g *grid) hiddenColumn(col int32) bool {
	return slices.ContainsFunc(g.sheet.HiddenCols, func(r reporting.Range) bool { return r.FirstCol <= col && col <= r.LastCol })
}

// header is what one column of the sheet says in the rows of a header.
type header struct {
	column  int32
	texts   []string // folded: all rows joined first, then without the upper ones: 收入本月, 本月
	written string
	measure string // the innermost unit in brackets
}

// headers reads the rows first to last as a header, column by column. Where an upper row is empty and unmerged, as in text files,
// the group to its left reaches over it.
func (g *grid) headers(first, last int32) []header {
	groups := make([]string, last-first+1)
	var headers []header
	for col := range g.width {
		var parts []string
		h := header{column: col}
		own := false
		for row := first; row <= last; row++ {
			text, merged := g.text(row, col)
			text = strings.TrimSpace(text)
			switch i := row - first; {
			case text != "":
				groups[i] = text
				clear(groups[i+1:])
				own = true
			case !merged && row < last && g.below(row, last, col):
				text = groups[i]
			default:
				groups[i] = ""
			}
			folded, measure := label.Header(text)
			if folded == "" || len(parts) > 0 && parts[len(parts)-1] == folded {
				continue
			}
			parts, h.written = append(parts, folded), strings.TrimSpace(h.written+" "+label.Clean(text))
			if measure != "" {
				h.measure = measure
			}
		}
		if !own {
			continue
		}
		for i := range parts {
			h.texts = append(h.texts, strings.Join(parts[i:], ""))
		}
		if len(parts) > 0 {
			headers = append(headers, h)
		}
	}
	return headers
}

// below reports whether something stands in the column between row and last.
func (g *grid) below(row, last, col int32) bool {
	for r := row + 1; r <= last; r++ {
		if text, _ := g.text(r, col); strings.TrimSpace(text) != "" {
			return true
		}
	}
	return false
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

func looksLikeNumber(cell reporting.Cell) bool {
	if cell.Kind == reporting.NumberCell {
		return !cell.Date
	}
	_, err := reporting.ParseDecimal(strings.ReplaceAll(label.Clean(cell.Text), ",", ""))
	return err == nil
}
