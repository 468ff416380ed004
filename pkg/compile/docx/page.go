package docx

import "fmt"

// The page of GB/T 9704-2012, in twentieths of a point: 156 × 225 mm of text on A4.
const (
	pageWidth    = 11906
	pageHeight   = 16838
	marginTop    = 2098 // 37 mm
	marginBottom = 1984 // 35 mm
	marginLeft   = 1587 // 28 mm
	marginRight  = 1474 // 26 mm
	footerEdge   = 1389 // puts the dashes of the page number 7 mm below the text

	textWidth = pageWidth - marginLeft - marginRight
	wideWidth = pageHeight - marginTop - marginBottom
	linePitch = 579  // 225 mm in 22 lines
	charPitch = 315  // 156 mm in 28 characters, rounded down
	charSpace = -849 // what the pitch is less than 16 pt, in 4096ths of a point
)

// Sizes of type, in half points.
const (
	size2  = 44 // 2号
	size3  = 32 // 3号
	size4  = 28 // 4号
	size4s = 24 // 小四
	size5s = 18 // 小五
)

// sectionXML is the page of the pages before it. One that lies is the same page turned: its head is at the binding.
func sectionXML(wide bool) string {
	width, height, orient := pageWidth, pageHeight, ""
	top, right, bottom, left := marginTop, marginRight, marginBottom, marginLeft
	footer := footerEdge
	if wide {
		width, height, orient = height, width, ` w:orient="landscape"`
		top, right, bottom, left = left, top, right, bottom
		footer -= marginBottom - marginRight
	}
	return fmt.Sprintf(`<w:sectPr><w:footerReference w:type="default" r:id="rId4"/><w:footerReference w:type="even" r:id="rId5"/>`+
		`<w:pgSz w:w="%d" w:h="%d"%s/><w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="851" w:footer="%d" w:gutter="0"/>`+
		`<w:cols w:space="425"/><w:docGrid w:type="linesAndChars" w:linePitch="%d" w:charSpace="%d"/></w:sectPr>`,
		width, height, orient, top, right, bottom, left, footer, linePitch, charSpace)
}

// footerXML is — 1 — in 4号 宋体, one character in from the outer edge: on odd pages at the right, on even ones at the left.
func footerXML(side string) string {
	field := `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>` +
		`<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>`
	return header + fmt.Sprintf(`<w:ftr %s><w:p><w:pPr><w:pStyle w:val="Footer"/><w:ind w:%s="%d"/><w:jc w:val="%s"/></w:pPr>`,
		namespaces, side, size4*10, side) +
		textRun("— ") + field + textRun(" —") + `</w:p></w:ftr>`
}
