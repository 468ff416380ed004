package docx

import (
	"fmt"
	"strings"
)

// style is one paragraph style. All but Normal are based on Normal: 3号 仿宋, one line of the grid, no indent.
type style struct {
	id, name  string
	paragraph string // properties, in the order of the schema
	font      string // of Chinese characters; "" is Normal's
	size      int    // 0 is Normal's
}

var (
	firstLine = fmt.Sprintf(`<w:ind w:firstLineChars="200" w:firstLine="%d"/>`, 2*charPitch)
	gridLine  = fmt.Sprintf(`<w:spacing w:line="%d" w:lineRule="exact"/>`, linePitch)
	noteBox   = `<w:pBdr><w:top w:val="single" w:sz="6" w:space="4" w:color="auto"/><w:left w:val="single" w:sz="6" w:space="4" w:color="auto"/>` +
		`<w:bottom w:val="single" w:sz="6" w:space="4" w:color="auto"/><w:right w:val="single" w:sz="6" w:space="4" w:color="auto"/></w:pBdr>`
)

var styles = []style{
	{"Title", "Title", `<w:keepNext/><w:spacing w:line="700" w:lineRule="exact"/><w:jc w:val="center"/>`, biaosong, size2},
	{"Recipient", "主送机关", ``, "", 0},
	{"Body", "公文正文", firstLine, "", 0},
	{"Heading1", "heading 1", `<w:keepNext/>` + firstLine + `<w:jc w:val="left"/><w:outlineLvl w:val="0"/>`, heiti, 0},
	{"Heading2", "heading 2", `<w:keepNext/>` + firstLine + `<w:jc w:val="left"/><w:outlineLvl w:val="1"/>`, kaiti, 0},
	{"Heading3", "heading 3", `<w:keepNext/>` + firstLine + `<w:jc w:val="left"/><w:outlineLvl w:val="2"/>`, fangsong, 0},
	{"Note", "编制说明", noteBox + `<w:overflowPunct w:val="0"/><w:spacing w:line="400" w:lineRule="exact"/><w:ind w:left="120" w:right="120"/>`, "", size4s},
	{"Signature", "署名", `<w:keepNext/><w:jc w:val="left"/>`, "", 0},
	{"SignDate", "成文日期", `<w:jc w:val="left"/>`, "", 0},
	{"AnnexLabel", "附件标识", `<w:keepNext/><w:pageBreakBefore/><w:jc w:val="left"/>`, heiti, 0},
	{"TableHead", "表头", `<w:spacing w:line="440" w:lineRule="exact"/><w:jc w:val="center"/>`, heiti, size4s},
	{"TableText", "表格", `<w:spacing w:line="440" w:lineRule="exact"/><w:jc w:val="left"/>`, "", size4s},
	{"DenseHead", "密排表头", `<w:spacing w:line="280" w:lineRule="exact"/><w:jc w:val="center"/>`, heiti, size5s},
	{"DenseText", "密排表格", `<w:spacing w:line="280" w:lineRule="exact"/><w:jc w:val="left"/>`, "", size5s},
	{"Caption", "caption", `<w:keepNext/><w:spacing w:line="440" w:lineRule="exact"/><w:jc w:val="left"/>`, heiti, size4s},
	{"Chart", "图", `<w:spacing w:line="240" w:lineRule="auto"/><w:jc w:val="center"/>`, "", 0},
	{"Footer", "footer", `<w:snapToGrid w:val="0"/><w:spacing w:line="240" w:lineRule="auto"/>`, songti, size4},
}

// leadFonts are the fonts of headings that run into their paragraph, by level.
var leadFonts = [5]string{"", heiti, kaiti, fangsong, fangsong}

func stylesXML() string {
	var b strings.Builder
	b.WriteString(header + `<w:styles ` + namespaces + `><w:docDefaults><w:rPrDefault><w:rPr>` + fontsXML(fangsong) +
		sizeXML(size3) + `<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/></w:pPr></w:pPrDefault></w:docDefaults>`)
	// Lines and characters keep the grid's pitch by their own spacing and do not snap to it: programs differ in what they do with a
	// character that is wider than its cell (LibreOffice gives it two). Widow control, and space around Latin text, would break the
	// count of 22 lines of 28 characters.
	b.WriteString(`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/><w:pPr><w:widowControl w:val="0"/>` +
		`<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/><w:snapToGrid w:val="0"/>` + gridLine + `<w:jc w:val="both"/></w:pPr><w:rPr>` + fontsXML(fangsong) + `<w:snapToGrid w:val="0"/>` + spacingXML(charPitch-size3*10) +
		sizeXML(size3) + `</w:rPr></w:style>`)
	for _, s := range styles {
		b.WriteString(s.xml())
	}
	b.WriteString(`<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>` +
		`<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="85" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>`)
	return b.String() + `</w:styles>`
}

func (s style) xml() string {
	x := `<w:style w:type="paragraph" w:styleId="` + s.id + `"><w:name w:val="` + s.name + `"/><w:basedOn w:val="Normal"/><w:qFormat/>` +
		`<w:pPr>` + s.paragraph + `</w:pPr><w:rPr>`
	switch s.font {
	case "":
	case songti: // page numbers, whose digits are 宋体 too
		x += fontPairXML(songti, songti)
	default:
		x += fontsXML(s.font)
	}
	if s.size != 0 {
		x += spacingXML(0) + sizeXML(s.size)
	}
	return x + `</w:rPr></w:style>`
}

// spacingXML adds to the width of each character, in twentieths of a point. Only 3号 has to be squeezed.
func spacingXML(twips int) string { return fmt.Sprintf(`<w:spacing w:val="%d"/>`, twips) }

func sizeXML(halfPoints int) string {
	return fmt.Sprintf(`<w:sz w:val="%d"/><w:szCs w:val="%d"/>`, halfPoints, halfPoints)
}
