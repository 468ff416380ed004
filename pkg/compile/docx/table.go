package docx

import (
	"fmt"

	"huizong/pkg/compile"
)

var alignments = map[compile.Align]string{compile.Left: "left", compile.Center: "center", compile.Right: "right"}

// table writes a table over the whole width. Its first row repeats on every page, and no row breaks across pages.
func (b *body) table(t compile.Table) {
	widths := columnWidths(t.Columns)
	fmt.Fprintf(b, `<w:tbl><w:tblPr><w:tblW w:w="%d" w:type="dxa"/><w:tblBorders>`, textWidth)
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		fmt.Fprintf(b, `<w:%s w:val="single" w:sz="4" w:space="0" w:color="auto"/>`, side)
	}
	b.WriteString(`</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>`)
	for _, w := range widths {
		fmt.Fprintf(b, `<w:gridCol w:w="%d"/>`, w)
	}
	b.WriteString(`</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>`)
	for i, c := range t.Columns {
		b.cell(widths[i], "TableHead", compile.Center, compile.Cell{{Text: c.Title}})
	}
	b.WriteString(`</w:tr>`)
	for _, row := range t.Rows {
		b.WriteString(`<w:tr><w:trPr><w:cantSplit/></w:trPr>`)
		for i, cell := range row {
			b.cell(widths[i], "TableText", t.Columns[i].Align, cell)
		}
		b.WriteString(`</w:tr>`)
	}
	b.WriteString(`</w:tbl>`)
	// Word wants a paragraph between two tables and behind the last one; a low one does not fill a page of its own.
	b.emptyLine(`<w:spacing w:line="20" w:lineRule="exact"/>`)
}

func (b *body) cell(width int, style string, align compile.Align, cell compile.Cell) {
	fmt.Fprintf(b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>`, width)
	b.paragraph(style, `<w:jc w:val="`+alignments[align]+`"/>`, b.runs(compile.Paragraph{Runs: cell})...)
	b.WriteString(`</w:tc>`)
}

// columnWidths shares the width of the text; the last column takes what rounding leaves.
func columnWidths(columns []compile.Column) []int {
	sum := 0
	for _, c := range columns {
		sum += c.Share
	}
	widths, left := make([]int, len(columns)), textWidth
	for i, c := range columns {
		widths[i] = textWidth * c.Share / sum
		left -= widths[i]
	}
	widths[len(widths)-1] += left
	return widths
}
