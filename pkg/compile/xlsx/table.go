package xlsx

import (
	"math"
	"math/big"
	"strings"

	"github.com/xuri/excelize/v2"

	"huizong/pkg/compile"
	"huizong/pkg/compile/internal/width"
)

// titled is a table with the name of its sheet.
type titled struct {
	title  string
	wide   bool
	legend string // of its signs; "" for none
	compile.Table
}

// allTables lists the tables of the document. One of the text stands under the heading before it, one of an annex under its
// caption, or under the annex's title.
func allTables(d *compile.Document) []titled {
	var list []titled
	heading := "表"
	for _, block := range d.Body {
		switch block := block.(type) {
		case compile.Heading:
			heading = block.Text
		case compile.Table:
			list = append(list, titled{heading, block.Wide, "", block})
		}
	}
	for _, a := range d.Annexes {
		legend := legendOf(a.Blocks)
		for _, block := range a.Blocks {
			if t, table := block.(compile.Table); table {
				title := a.Title
				if t.Caption != "" {
					title = t.Caption
				}
				list = append(list, titled{title, a.Wide, legend, t})
			}
		}
	}
	return list
}

// legendOf is the legend of the tables of an annex.
func legendOf(blocks []compile.Block) string {
	var text strings.Builder
	for _, block := range blocks {
		if p, ok := block.(compile.Paragraph); ok && p.Small {
			for _, r := range p.Runs {
				text.WriteString(r.Text)
			}
		}
	}
	return text.String()
}

func (b *book) tables() error {
	for _, t := range allTables(b.document) {
		sheet, err := b.sheet(t.title, t.wide, 1)
		if err != nil {
			return err
		}
		if err := b.table(sheet, t.Table); err != nil {
			return err
		}
		if t.legend != "" {
			if err := b.file.SetCellStr(sheet, address(0, len(t.Rows)+1), t.legend); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *book) table(sheet string, t compile.Table) error {
	widths, err := b.widths(sheet, t)
	if err != nil {
		return err
	}
	for i, c := range t.Columns {
		if err := b.text(sheet, i, 0, c.Title, look{head: true, align: compile.Center}); err != nil {
			return err
		}
	}
	for y, row := range t.Rows {
		for x, cell := range row {
			if err := b.cell(sheet, x, y+1, cell, t.Columns[x].Align); err != nil {
				return err
			}
		}
		if err := b.height(sheet, y+1, row, widths); err != nil {
			return err
		}
	}
	return nil
}

// widths shares out so many characters as a page that lies has.
func (b *book) widths(sheet string, t compile.Table) ([]float64, error) {
	const page, least = 120, 9
	widths := t.Shares()
	for i := range widths {
		widths[i] = max(least, math.Floor(page*widths[i]))
		name, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return nil, err
		}
		if err := b.file.SetColWidth(sheet, name, name, widths[i]); err != nil {
			return nil, err
		}
	}
	return widths, nil
}

// height makes a row as high as its longest text wants: not every program does so by itself.
func (b *book) height(sheet string, y int, row []compile.Cell, widths []float64) error {
	const line, most = 13.5, 409 // points; a row cannot be higher
	lines := 1
	for i, cell := range row {
		length := 0
		for _, r := range cell {
			length += width.Half(r.Text)
		}
		lines = max(lines, int(float64(length)/(widths[i]-2))+1)
	}
	if lines == 1 {
		return nil
	}
	return b.file.SetRowHeight(sheet, y+1, min(most, line*float64(lines)))
}

// cell writes a number where the cell is one bound number with at most some words behind it, and else its text.
func (b *book) cell(sheet string, x, y int, cell compile.Cell, align compile.Align) error {
	l := look{align: align}
	var text strings.Builder
	for _, r := range cell {
		text.WriteString(r.Text)
		l.mark = max(l.mark, r.Mark)
	}
	if binding := b.document.Binding(firstBinding(cell)); binding != nil {
		l.format = numberFormat(binding, strings.TrimPrefix(text.String(), cell[0].Text))
		return b.number(sheet, x, y, binding, l)
	}
	for _, r := range cell {
		if r.Reference != "" {
			b.named = append(b.named, place{sheet, address(x, y), r.Reference})
		}
		if r.Entry != "" {
			b.entries[r.Entry] = place{sheet: sheet, cell: address(x, y)}
		}
	}
	return b.text(sheet, x, y, text.String(), l)
}

func firstBinding(cell compile.Cell) string {
	if len(cell) == 0 {
		return ""
	}
	return cell[0].Binding
}

func (b *book) text(sheet string, x, y int, text string, l look) error {
	if err := b.file.SetCellStr(sheet, address(x, y), text); err != nil {
		return err
	}
	return b.style(sheet, x, y, l)
}

// number writes the exact number, as near as a workbook's numbers come to it.
func (b *book) number(sheet string, x, y int, binding *compile.Binding, l look) error {
	exact := binding.Scaled()
	if binding.Measure == "%" {
		exact = binding.Exact
	}
	b.places = append(b.places, place{sheet, address(x, y), binding.ID})
	if err := b.file.SetCellValue(sheet, address(x, y), float(exact)); err != nil {
		return err
	}
	return b.style(sheet, x, y, l)
}

func float(r *big.Rat) float64 {
	f, _ := r.Float64()
	return f
}

func (b *book) style(sheet string, x, y int, l look) error {
	id, err := b.styles.id(l)
	if err != nil {
		return err
	}
	return b.file.SetCellStyle(sheet, address(x, y), address(x, y), id)
}

// address names the cell of the column x and the row y, which count from 0.
func address(x, y int) string {
	name, _ := excelize.CoordinatesToCellName(x+1, y+1) // fails only for numbers below one and beyond a sheet
	return name
}
