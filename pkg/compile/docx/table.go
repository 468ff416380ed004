package docx

import (
	"fmt"

	"huizong/pkg/compile"
)

var alignments = map[compile.Align]string{compile.Left: "left", compile.Center: "center", compile.Right: "right"}

// table writes a table over the whole width. Its first row repeats on every page, and no row breaks across pages.
func (b *body) table(t compile.Table) {
	head, text := "TableHead", "TableText"
	if t.Dense {
		head, text = "DenseHead", "DenseText"
	}
	if t.Caption != "" {
		b.paragraph("Caption", "", textRun(t.Caption))
	}
	widths := columnWidths(t, b.width)
	fmt.Fprintf(b, `<w:tbl><w:tblPr><w:tblW w:w="%d" w:type="dxa"/><w:tblBorders>`, b.width)
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		fmt.Fprintf(b, `<w:%s w:val="single" w:sz="4" w:space="0" w:color="auto"/>`, side)
	}
	b.WriteString(`</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblDescription w:val="` + escape(t.Describe()) + `"/></w:tblPr><w:tblGrid>`)
	for _, w := range widths {
		fmt.Fprintf(b, `<w:gridCol w:w="%d"/>`, w)
	}
	b.WriteString(`</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>`)
	for i, c := range t.Columns {
		b.cell(widths[i], head, compile.Center, compile.Cell{{Text: c.Title}})
	}
	b.WriteString(`</w:tr>`)
	for _, row := range t.Rows {
		b.WriteString(`<w:tr><w:trPr><w:cantSplit/></w:trPr>`)
		for i, cell := range row {
			b.cell(widths[i], text, t.Columns[i].Align, cell)
		}
		b.WriteString(`</w:tr>`)
	}
	b.WriteString(`</w:tbl>`)
}

func (b *body) cell(width int, style string, align compile.Align, cell compile.Cell) {
	fmt.Fprintf(b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>`, width)
	b.paragraph(style, `<w:jc w:val="`+alignments[align]+`"/>`, b.runs(compile.Paragraph{Runs: cell})...)
	b.WriteString(`</w:tc>`)
}

// columnWidths shares the width; the last column takes what rounding leaves.
func columnWidths(t compile.Table, width int) []int {
	widths, left := make([]int, len(t.Columns)), width
	for i, share := range t.Shares() {
		widths[i] = int(float64(width) * share)
		left -= widths[i]
	}
	widths[len(widths)-1] += left
	return widths
}
