package portal

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"huizong/pkg/access"
	"huizong/pkg/problem"
	"huizong/pkg/reporting"
)

// toRead waits for the turn of whoever asks to have a file read: a small file may be a large workbook in memory, so that only a few are
// there at a time, and of each account one. The turn is held for as long as the workbook is.
func (p *Portal) toRead(ctx context.Context) (leave func(), err error) {
	return p.reading.Take(ctx, access.From(ctx).Account)
}

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

// SheetCell is a cell that holds something. Persons are masked for whoever is not of the unit.
type SheetCell struct {
	Cell    string `json:"cell"`
	Text    string `json:"text"`
	Number  bool   `json:"number,omitempty"`
	Formula string `json:"formula,omitempty"` // where it has no result
	Hidden  bool   `json:"hidden,omitempty"`  // its row or column is
}

// maxWindow is how many rows a window may have.
const maxWindow = 500

// sheets answers with a window of a submission's sheet.
func (p *Portal) sheets(w http.ResponseWriter, r *http.Request) error {
	e, err := p.envelope(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	leave, err := p.toRead(r.Context())
	if err != nil {
		return err
	}
	defer leave()
	file, err := p.Store.OpenFile(e.SHA256)
	if err != nil {
		return err
	}
	defer file.Close()
	sheets, err := p.Reader.Sheets(file)
	if finding, damaged := reporting.FindingOf(err); damaged {
		return reporting.Errorf(reporting.Invalid, "the file cannot be read: %s", finding.MessageEN)
	}
	if err != nil {
		return err
	}
	d := drawing{pictureOf: pictureOf{Sheets: sheets, Sheet: -1, At: -1, Masked: access.From(r.Context()).Unit != e.Org, Names: maskedColumns(p.Catalogue.Form(e.Form))}}
	if text := r.URL.Query().Get("sheet"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > len(sheets) {
			return reporting.Errorf(reporting.Invalid, "sheet %q: the file has %d", text, len(sheets))
		}
		d.Sheet = n - 1
	}
	if d.Sheet = d.choose(); d.Sheet < 0 {
		return reporting.Errorf(reporting.NotFound, "the file has no sheet")
	}
	window := rows{0, 99}
	if text := r.URL.Query().Get("rows"); text != "" {
		asked := rowsOf(text, maxWindow)
		if len(asked) != 1 {
			return reporting.Errorf(reporting.Invalid, "rows %q: want a range like 1-100", text)
		}
		window = asked[0]
	}
	answer := d.window(window)
	leave()
	return problem.JSON(w, http.StatusOK, answer)
}

// window is the part of the sheet in the rows.
func (d *drawing) window(in rows) SheetWindow {
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
			w.Cells = append(w.Cells, SheetCell{Cell: reporting.CellName(c.Row, c.Col), Text: text, Number: c.Kind == reporting.NumberCell && !c.Date, Formula: c.Formula, Hidden: hidden})
		}
	}
	return w
}

// submittedFile gives the file of a submission back as it was sent. It is never shown in place: it is somebody's file, not a page of ours.
func (p *Portal) submittedFile(w http.ResponseWriter, r *http.Request) error {
	e, err := p.envelope(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	name := e.FileName
	if name == "" {
		name = e.ID
	}
	return p.sendOriginal(w, e.SHA256, name)
}
