package clerk

import (
	"bytes"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"

	"huizong/pkg/reporting"
)

// book is a workbook being written. Excelize neither asks the clock nor dates the members of the zip, so the same grids give the
// same bytes.
type book struct {
	file   *excelize.File
	styles map[string]int // number format → style
}

// writeBook writes the grids as a workbook that opens on the sheet of the name main. With inline set, the texts of that sheet
// stand in its cells and not in the table of shared strings, and its formulas are kept.
func writeBook(grids []grid, main string, p *Paper, inline bool) ([]byte, error) {
	b := &book{file: excelize.NewFile(), styles: map[string]int{}}
	defer b.file.Close()
	if err := b.sheets(grids, main, p); err != nil {
		return nil, err
	}
	for _, g := range grids {
		write := b.fill
		if inline && g.name == main {
			write = b.stream
		}
		if err := write(g); err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	err := b.file.Write(&out)
	return out.Bytes(), err
}

// sheets makes the sheets, hides the old ones, opens the book on its main one and dates it by the paper.
func (b *book) sheets(grids []grid, main string, p *Paper) error {
	if err := b.file.SetSheetName(b.file.GetSheetName(0), grids[0].name); err != nil {
		return err
	}
	for _, g := range grids {
		at, err := b.file.NewSheet(g.name) // the first is there already
		if err != nil {
			return err
		}
		if g.name == main {
			b.file.SetActiveSheet(at)
		}
		if g.hidden {
			if err := b.file.SetSheetVisible(g.name, false); err != nil {
				return err
			}
		}
	}
	filled := p.Filled.Time().Format(time.RFC3339)
	return b.file.SetDocProps(&excelize.DocProperties{Creator: p.Office, LastModifiedBy: p.Office, Created: filled, Modified: filled})
}

func (b *book) fill(g grid) error {
	for r, row := range g.rows {
		for c, cell := range row {
			if cell.text == "" {
				continue
			}
			if err := b.set(g.name, reporting.CellName(int32(r), int32(c)), cell); err != nil {
				return err
			}
		}
	}
	for _, m := range g.merges {
		first, last := corners(m)
		if err := b.file.MergeCell(g.name, first, last); err != nil {
			return err
		}
	}
	return nil
}

func (b *book) set(sheet, name string, c cell) error {
	if !c.number {
		return b.file.SetCellStr(sheet, name, c.text)
	}
	if err := b.file.SetCellValue(sheet, name, number(c)); err != nil {
		return err
	}
	style, err := b.style(c.format)
	if err != nil || style == 0 {
		return err
	}
	return b.file.SetCellStyle(sheet, name, name, style)
}

func (b *book) stream(g grid) error {
	w, err := b.file.NewStreamWriter(g.name)
	if err != nil {
		return err
	}
	for r, row := range g.rows {
		values, err := b.values(row)
		if err != nil {
			return err
		}
		if err := w.SetRow(reporting.CellName(int32(r), 0), values); err != nil {
			return err
		}
	}
	for _, m := range g.merges {
		first, last := corners(m)
		if err := w.MergeCell(first, last); err != nil {
			return err
		}
	}
	return w.Flush()
}

func (b *book) values(row []cell) ([]any, error) {
	values := make([]any, len(row))
	for i, c := range row {
		switch {
		case c.number:
			style, err := b.style(c.format)
			if err != nil {
				return nil, err
			}
			values[i] = excelize.Cell{StyleID: style, Formula: c.formula, Value: number(c)}
		case c.text != "":
			values[i] = c.text
		}
	}
	return values, nil
}

// number is the cell's number as a workbook keeps it.
func number(c cell) float64 {
	f, _ := strconv.ParseFloat(c.text, 64)
	return f
}

func (b *book) style(format string) (int, error) {
	if format == "" || format == "General" {
		return 0, nil
	}
	if id, ok := b.styles[format]; ok {
		return id, nil
	}
	id, err := b.file.NewStyle(&excelize.Style{CustomNumFmt: &format})
	b.styles[format] = id
	return id, err
}

func corners(m reporting.Range) (first, last string) {
	return reporting.CellName(m.FirstRow, m.FirstCol), reporting.CellName(m.LastRow, m.LastCol)
}
