package submission

import (
	"context"
	"slices"

	"huizong/pkg/access"
	"huizong/pkg/judge"
	"huizong/pkg/picture"
	"huizong/pkg/reporting"
)

// What is looked at where a file is read: a workbook of millions of cells stays there, and what a page shows of it comes back.
const (
	pictureView = "picture"
	windowView  = "window"
	cellView    = "cell"
)

// Views are for main to give to judge.RunIfChild.
func Views() map[string]judge.View {
	return map[string]judge.View{pictureView: judge.ViewOf(lookAt), windowView: judge.ViewOf(lookThrough), cellView: judge.ViewOf(lookAround)}
}

// look has a view look at a submission's file, when it is the turn of the caller.
func (k *Desk) look(ctx context.Context, view string, e reporting.Envelope, request, seen any) error {
	file, err := k.Store.OpenFile(e.SHA256)
	if err != nil {
		return err
	}
	defer file.Close()
	return k.Reader.Look(ctx, access.From(ctx).Account, view, file, e, request, seen)
}

// lookAt draws a picture; nil where there is no sheet to show.
func lookAt(o judge.Opened, of picture.Input) (*picture.Picture, error) {
	var err error
	if of.Sheets, err = o.Sheets(); err != nil {
		return nil, err
	}
	return picture.Draw(of), nil
}

// Picture has a picture of a file drawn. A file that no sheet can be read of has none; its finding says why.
func (k *Desk) Picture(ctx context.Context, sum string, of picture.Input) (drawn *picture.Picture, err error) {
	err = k.look(ctx, pictureView, reporting.Envelope{SHA256: sum}, of, &drawn)
	if _, damaged := reporting.FindingOf(err); damaged {
		return nil, nil
	}
	return drawn, err
}

// lookThrough makes the window, where the file is read.
func lookThrough(o judge.Opened, q picture.WindowInput) (picture.SheetWindow, error) {
	sheets, err := o.Sheets()
	if err != nil {
		return picture.SheetWindow{}, err
	}
	return picture.Window(sheets, q)
}

// Window has a window of a sheet of the submission's file made.
func (k *Desk) Window(ctx context.Context, e reporting.Envelope, q picture.WindowInput) (seen picture.SheetWindow, err error) {
	err = k.look(ctx, windowView, e, q, &seen)
	return seen, err
}

// AroundInput asks for the picture around a cell.
type AroundInput struct {
	Sheet, Cell string
	Masked      bool
	More        []picture.Rows
}

// CellSeen is the picture; nil where the sheet is not there.
type CellSeen struct {
	Sheet, Cell, Written string
	Picture              *picture.Picture
}

// lookAround draws the sheet, where the file is read.
func lookAround(o judge.Opened, q AroundInput) (CellSeen, error) {
	seen := CellSeen{Sheet: q.Sheet, Cell: q.Cell}
	table, err := o.Table()
	if err != nil {
		return seen, err
	}
	if seen.Cell == "" {
		seen.Sheet = table.Sheet
	}
	if q.Masked && seen.Sheet != table.Sheet { // what else the workbook holds was not read: nobody can tell where its persons stand
		seen.Sheet, seen.Cell = table.Sheet, ""
	}
	sheets, err := o.Sheets()
	if err != nil {
		return seen, err
	}
	n := slices.IndexFunc(sheets, func(s *reporting.Sheet) bool { return s.Name == seen.Sheet })
	if n < 0 {
		return seen, nil
	}
	sheet := sheets[n]
	if q.Masked {
		sheet = picture.Conceal(sheet, table)
	}
	of := picture.Input{Sheets: []*reporting.Sheet{sheet}, At: -1, Masked: q.Masked, Names: picture.MaskedColumns(table.Form), More: q.More}
	if row, col, ok := reporting.ParseCellName(seen.Cell); ok {
		of.Marks, of.At = []picture.Mark{{Sheet: sheet.Name, Cell: seen.Cell, Severity: picture.Cited}}, 0
		if held, there := sheet.At(row, col); there {
			seen.Written = held.Text
		}
	}
	seen.Picture = picture.Draw(of)
	return seen, nil
}

// Around has the picture around a cell of the submission's file drawn.
func (k *Desk) Around(ctx context.Context, e reporting.Envelope, q AroundInput) (seen CellSeen, err error) {
	err = k.look(ctx, cellView, e, q, &seen)
	return seen, err
}
