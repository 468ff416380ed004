package picture

import (
	"slices"

	"huizong/pkg/reporting"
)

// SheetWindow is a part of a sheet of a submission.
type SheetWindow struct {
	Sheets  []SheetTab  `json:"sheets"`
	Sheet   int         `json:"sheet"`    // which one this is of, from 1
	First   int32       `json:"first"`    // row of the window, from 1
	Last    int32       `json:"last"`     // row of the window
	LastRow int32       `json:"last_row"` // of the sheet
	Merges  []string    `json:"merges"`   // that touch the window: A1:C3
	Cells   []SheetCell `json:"cells"`
}

// SheetTab is a sheet of the workbook.
type SheetTab struct {
	Name   string `json:"name"`
	Hidden bool   `json:"hidden"`
}

// SheetCell is a cell that holds something. Persons are masked for a viewer who is not of the unit.
type SheetCell struct {
	Cell    string `json:"cell"`
	Text    string `json:"text"`
	Number  bool   `json:"number,omitempty"`
	Formula string `json:"formula,omitempty"` // where it has no result
	Hidden  bool   `json:"hidden,omitempty"`  // its row or column is
}

// WindowInput asks for a window.
type WindowInput struct {
	Sheet  int // below zero: the first that can be seen
	Rows   Rows
	Masked bool
	Names  []string
}

// Window is the part of a sheet of the workbook that is asked for.
func Window(sheets []*reporting.Sheet, q WindowInput) (SheetWindow, error) {
	if q.Sheet >= len(sheets) {
		return SheetWindow{}, reporting.Errorf(reporting.Invalid, "sheet %d: the file has %d", q.Sheet+1, len(sheets))
	}
	d := drawing{Input: Input{Sheets: sheets, Sheet: q.Sheet, At: -1, Masked: q.Masked, Names: q.Names}}
	if d.Sheet = d.choose(); d.Sheet < 0 {
		return SheetWindow{}, reporting.Errorf(reporting.NotFound, "the file has no sheet")
	}
	return d.window(q.Rows), nil
}

// window is the part of the sheet in the rows.
func (d *drawing) window(in Rows) SheetWindow {
	d.sheet = d.Sheets[d.Sheet]
	d.findMasked()
	d.extent()
	w := SheetWindow{Sheet: d.Sheet + 1, First: in.First + 1, Last: in.Last + 1, LastRow: d.lastRow + 1, Sheets: []SheetTab{}, Merges: []string{}, Cells: []SheetCell{}}
	for _, s := range d.Sheets {
		w.Sheets = append(w.Sheets, SheetTab{s.Name, s.Hidden})
	}
	for _, m := range d.sheet.Merges {
		if m.FirstRow <= in.Last && m.LastRow >= in.First {
			w.Merges = append(w.Merges, m.String())
		}
	}
	for i := range d.sheet.Rows {
		row := &d.sheet.Rows[i]
		if row.Index < in.First || row.Index > in.Last {
			continue
		}
		for _, c := range row.Cells {
			text := cellText(d.sheet, c, d.amounts[c.Col])
			if d.Masked {
				text = d.mask(spot{c.Row, c.Col}, text)
			}
			hidden := row.Hidden || slices.ContainsFunc(d.sheet.HiddenCols, func(r reporting.Range) bool { return r.FirstCol <= c.Col && c.Col <= r.LastCol })
			w.Cells = append(w.Cells, SheetCell{Cell: reporting.CellName(c.Row, c.Col), Text: text, Number: c.Kind == reporting.NumberCell && !c.Date, Formula: c.Formula(), Hidden: hidden})
		}
	}
	return w
}
