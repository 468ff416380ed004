package blank

import (
	"fmt"

	"github.com/xuri/excelize/v2"

	"huizong/pkg/reporting"
)

// protect locks all but the cells to fill, without a password: it is a guard against slips. Below a table that grows, rows can be
// typed into as well.
func (s *sheet) protect() {
	if s.grows() {
		for column := range s.Form.Columns {
			id := s.styleOf(look{part: "below", format: s.format(&line{}, column), align: s.align(column), wrap: s.prose(column)})
			name := reporting.ColumnName(int32(column))
			s.keepStyles(name, id)
		}
	}
	s.do(s.book.ProtectSheet(s.name, &excelize.SheetProtectionOptions{
		SelectLockedCells: true, SelectUnlockedCells: true, FormatColumns: true, FormatRows: true, EditObjects: true, EditScenarios: true,
		InsertRows: s.grows(), DeleteRows: s.grows(), Sort: s.grows(), AutoFilter: s.grows(),
	}))
}

// keepStyles gives a column a style for the cells that are not written. SetColStyle would restyle those that are, too.
func (s *sheet) keepStyles(column string, style int) {
	var ids []int
	for row := 1; row <= s.lastRow(); row++ {
		id, err := s.book.GetCellStyle(s.name, fmt.Sprintf("%s%d", column, row))
		s.do(err)
		ids = append(ids, id)
	}
	s.do(s.book.SetColStyle(s.name, column, style))
	for i, id := range ids {
		cell := fmt.Sprintf("%s%d", column, i+1)
		s.do(s.book.SetCellStyle(s.name, cell, cell, id))
	}
}

// Heights of rows, in points.
const (
	titleHeight  = 34
	infoHeight   = 22
	headerHeight = 30
	lineHeight   = 22
	proseHeight  = 60
)

const helperWidth = 14

// layOut sets widths and heights, the frozen panes and how the form prints.
func (s *sheet) layOut() {
	total := 0.0
	for i := range s.Form.Columns {
		s.columnWidth(i, s.width(i))
		total += s.width(i)
	}
	if len(s.helpers) > 0 {
		s.columnWidth(s.columns(), 2)
	}
	for _, b := range s.helpers {
		s.columnWidth(b.at, helperWidth)
	}
	s.heights()
	s.freeze()
	s.print(total)
}

func (s *sheet) columnWidth(column int, width float64) {
	name := reporting.ColumnName(int32(column))
	s.do(s.book.SetColWidth(s.name, name, name, width))
}

func (s *sheet) heights() {
	set := func(row int, height float64) { s.do(s.book.SetRowHeight(s.name, row, height)) }
	set(titleRow, titleHeight)
	set(infoRow, infoHeight)
	for row := infoRow + 1; row < s.first; row++ {
		set(row, headerHeight)
	}
	height := float64(lineHeight)
	if s.Form.Shape == reporting.NarrativeForm {
		height = proseHeight
	}
	for row := s.first; row <= s.lastRow(); row++ {
		set(row, height)
	}
	if !s.grows() {
		set(s.lastRow()+1, infoHeight)
	}
}

// freeze keeps the header in sight, and in a matrix the names of the rows.
func (s *sheet) freeze() {
	columns := 0
	if s.Form.Shape == reporting.Matrix {
		columns = max(s.Form.ColumnOf(reporting.RowLabel), s.Form.ColumnOf(reporting.UnitValue)) + 1
	}
	pane := "bottomLeft"
	if columns > 0 {
		pane = "bottomRight"
	}
	s.do(s.book.SetPanes(s.name, &excelize.Panes{Freeze: true, XSplit: columns, YSplit: s.first - 1, ActivePane: pane,
		TopLeftCell: reporting.CellName(int32(s.first-1), int32(columns))}))
}

// portraitWidth is how wide a table may be, in characters, to be read well on A4 upright.
const portraitWidth = 105

func (s *sheet) print(total float64) {
	orientation := "portrait"
	if total > portraitWidth {
		orientation = "landscape"
	}
	a4, one, any, yes := 9, 1, 0, true
	s.do(s.book.SetPageLayout(s.name, &excelize.PageLayoutOptions{Orientation: &orientation, Size: &a4, FitToWidth: &one, FitToHeight: &any}))
	s.do(s.book.SetSheetProps(s.name, &excelize.SheetPropsOptions{FitToPage: &yes}))
	side, top, bottom := 0.5, 0.6, 0.6
	s.do(s.book.SetPageMargins(s.name, &excelize.PageLayoutMarginsOptions{Left: &side, Right: &side, Top: &top, Bottom: &bottom, Horizontally: &yes}))
	s.do(s.book.SetHeaderFooter(s.name, &excelize.HeaderFooterOptions{OddFooter: "&C第 &P 页，共 &N 页"}))
	last := reporting.ColumnName(int32(s.columns() - 1))
	bottomRow := s.lastRow()
	if !s.grows() {
		bottomRow++ // the signatures
	}
	for _, name := range []excelize.DefinedName{
		{Name: "_xlnm.Print_Area", RefersTo: fmt.Sprintf("'%s'!$A$1:$%s$%d", s.name, last, bottomRow), Scope: s.name},
		{Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!$%d:$%d", s.name, s.headerRow(), s.first-1), Scope: s.name},
	} {
		s.do(s.book.SetDefinedName(&name))
	}
}
