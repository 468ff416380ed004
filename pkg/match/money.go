package match

import (
	"slices"
	"strings"
	"unicode/utf8"

	"huizong/pkg/label"
	"huizong/pkg/reporting"
)

// statedMoney lists the units of money that are stated for the whole table: in the lines above it, in notes below, beside it, written down
// a column, in a text box or in the page's header. Each unit is there once, with the first cell that states it.
func (c *candidate) statedMoney(columns []int32) []reporting.Note {
	var stated []reporting.Note
	add := func(text, cell string) {
		for _, unit := range label.Stated(text) {
			if !slices.ContainsFunc(stated, func(n reporting.Note) bool { return n.Text == unit }) {
				stated = append(stated, reporting.Note{Text: unit, Cell: cell})
			}
		}
	}
	own := map[int32]bool{}
	for _, col := range columns {
		own[col] = true
	}
	down := map[int32]string{} // letters written one under the other, by column
	for _, row := range c.grid.sheet.Rows {
		inTable := row.Index >= c.first && (row.Index <= c.last || holdsNumber(row, own))
		across := ""
		for i, cell := range row.Cells {
			text := strings.TrimSpace(cell.Shown())
			if cell.Kind != reporting.TextCell || text == "" || inTable && own[cell.Col] {
				continue
			}
			name := c.grid.sheet.CellName(cell.Row, cell.Col)
			if utf8.RuneCountInString(text) <= 2 { // one letter, or 万元
				if across += text; i+1 == len(row.Cells) || utf8.RuneCountInString(strings.TrimSpace(row.Cells[i+1].Shown())) > 2 {
					addLetters(add, across, name)
				}
				down[cell.Col] += text
				addLetters(add, down[cell.Col], name)
				continue
			}
			across = ""
			if isKey := keyEnd(text); isKey && i+1 < len(row.Cells) {
				text += " " + row.Cells[i+1].Shown()
			}
			if add(text, name); name == c.info.title.Cell {
				add(label.Tail(text), name) // 台账（元）
			}
		}
	}
	for _, text := range c.grid.sheet.Beside {
		add(text, "")
	}
	return stated
}

// addLetters reads letters that stand in cells of their own: 单 位 ： 元. A unit alone may be of a column.
func addLetters(add func(text, cell string), letters, cell string) {
	if strings.HasPrefix(letters, "单位") || strings.HasPrefix(letters, "金额单位") {
		add(letters, cell)
	}
}

// keyEnd reports whether the text asks for a unit in the next cell.
func keyEnd(text string) bool {
	folded := label.Fold(text)
	return len(folded) < 30 && strings.HasSuffix(folded, "单位") && len(label.Money(text)) == 0
}

func holdsNumber(row reporting.Row, own map[int32]bool) bool {
	return slices.ContainsFunc(row.Cells, func(c reporting.Cell) bool { return own[c.Col] && looksLikeNumber(c) })
}
