package annotate

import (
	"errors"
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"huizong/pkg/reporting"
)

// reportWidths are the columns' widths in characters; together they fill A4 landscape at a readable size.
var reportWidths = [7]float64{6, 7, 14, 9, 20, 58, 46}

const reportFont = "宋体"

var grid = []excelize.Border{
	{Type: "left", Color: "9A9A9A", Style: 1}, {Type: "right", Color: "9A9A9A", Style: 1},
	{Type: "top", Color: "9A9A9A", Style: 1}, {Type: "bottom", Color: "9A9A9A", Style: 1},
}

// reportStyles are the styles of the list by their names; those of the severities are named after them.
var reportStyles = map[string]excelize.Style{
	"headline": {Font: &excelize.Font{Family: reportFont, Size: 18, Bold: true}, Alignment: &excelize.Alignment{Vertical: "center"}},
	"facts":    {Font: &excelize.Font{Family: reportFont, Size: 10, Color: "595959"}, Alignment: &excelize.Alignment{Vertical: "center"}},
	"header": {Font: &excelize.Font{Family: reportFont, Size: 11, Bold: true}, Border: grid, Fill: solid("E3E7EC"),
		Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}},
	"number":   bodyStyle("center", "000000"),
	"cell":     bodyStyle("left", "000000"),
	"place":    bodyStyle("center", "000000"),
	"verbatim": verbatim(bodyStyle("left", "000000")),
	"link": {Font: &excelize.Font{Family: reportFont, Size: 10, Color: "0B57A4", Underline: "single"}, Border: grid,
		Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "top", WrapText: true}},
	string(reporting.SeverityError):   filled(bodyStyle("center", "000000"), reporting.SeverityError),
	string(reporting.SeverityWarning): filled(bodyStyle("center", "000000"), reporting.SeverityWarning),
	string(reporting.SeverityNote):    filled(bodyStyle("center", "000000"), reporting.SeverityNote),
}

func solid(colour string) excelize.Fill {
	return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
}

func bodyStyle(horizontal, colour string) excelize.Style {
	return excelize.Style{Font: &excelize.Font{Family: reportFont, Size: 10, Color: colour}, Border: grid,
		Alignment: &excelize.Alignment{Horizontal: horizontal, Vertical: "top", WrapText: true}}
}

// verbatim is the style with the format of text (number 49): what is typed again stays text.
func verbatim(s excelize.Style) excelize.Style { s.NumFmt = 49; return s }

func filled(s excelize.Style, severity reporting.Severity) excelize.Style {
	s.Fill = solid(fill[severity])
	return s
}

func (r *reportSheet) makeStyles() {
	r.styles = map[string]int{}
	for _, name := range []string{"headline", "facts", "header", "number", "cell", "place", "verbatim", "link", "error", "warning", "note"} {
		style := reportStyles[name]
		id, err := r.book.NewStyle(&style)
		r.do(err)
		r.styles[name] = id
	}
}

// layOut sets widths, the frozen header, the filter, where folded lines unfold (under the line of their group), and how the list prints.
func (r *reportSheet) layOut(lastRow int) {
	lastColumn := reporting.ColumnName(int32(len(reportWidths) - 1))
	for col, width := range reportWidths {
		name := reporting.ColumnName(int32(col))
		r.do(r.book.SetColWidth(r.report, name, name, width))
	}
	r.do(r.book.SetRowHeight(r.report, headlineRow, 30))
	r.do(r.book.SetRowHeight(r.report, factsRow, 20))
	r.do(r.book.SetRowHeight(r.report, headerRow, 24))
	r.do(r.book.SetPanes(r.report, &excelize.Panes{Freeze: true, YSplit: headerRow, TopLeftCell: fmt.Sprintf("A%d", firstFinding), ActivePane: "bottomLeft"}))
	above := false
	r.do(r.book.SetSheetProps(r.report, &excelize.SheetPropsOptions{OutlineSummaryBelow: &above}))
	if len(r.Decision.Findings) > 0 {
		r.do(r.book.AutoFilter(r.report, fmt.Sprintf("A%d:%s%d", headerRow, lastColumn, lastRow), nil))
	}
	r.print()
}

// fitToWidth prints a sheet on A4 landscape, one page wide and as many long as it needs.
func fitToWidth(book *excelize.File, sheet string) error {
	landscape, a4, one, any, yes := "landscape", 9, 1, 0, true
	return errors.Join(
		book.SetPageLayout(sheet, &excelize.PageLayoutOptions{Orientation: &landscape, Size: &a4, FitToWidth: &one, FitToHeight: &any}),
		book.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &yes}))
}

func (r *reportSheet) print() {
	r.do(fitToWidth(r.book, r.report))
	side, top, bottom, yes := 0.4, 0.5, 0.6, true
	r.do(r.book.SetPageMargins(r.report, &excelize.PageLayoutMarginsOptions{Left: &side, Right: &side, Top: &top, Bottom: &bottom, Horizontally: &yes}))
	r.do(r.book.SetHeaderFooter(r.report, &excelize.HeaderFooterOptions{OddFooter: "&L" + footerText(r.words.pick(r.Org)+" "+r.Decision.FileName) + "&R" + r.words.pageOf}))
	r.do(r.book.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: r.report,
		RefersTo: fmt.Sprintf("'%s'!$%d:$%d", r.report, headerRow, headerRow)}))
}

// rowHeight is the height in points that a row of the list needs for its wrapped texts. Excel would work it out when the file is
// opened; LibreOffice and WPS do not.
func rowHeight(texts ...string) float64 {
	const line, most = 13.5, 409 // points; Excel allows no more
	const perWidth = 1.1         // characters of 10 points in one unit of width, which is a digit of 11
	lines := 1
	for col, text := range texts {
		n := 0
		for part := range strings.SplitSeq(text, "\n") {
			n += 1 + int(float64(displayWidth(part))/(reportWidths[col]*perWidth))
		}
		lines = max(lines, n)
	}
	return min(float64(lines)*line+3, most)
}

// footerText keeps a name from being read as codes, and within the length that Excel allows.
func footerText(s string) string {
	r := []rune(strings.ReplaceAll(strings.TrimSpace(s), "&", "&&"))
	return string(r[:min(len(r), 120)])
}

// displayWidth is the width of a text in characters of half width.
func displayWidth(s string) int {
	width := 0
	for _, c := range s {
		if c >= 0x1100 {
			width++
		}
		width++
	}
	return width
}
