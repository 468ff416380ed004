package docx

import (
	"fmt"
	"strings"

	"huizong/pkg/compile"
	"huizong/pkg/compile/drawing"
)

// emuPerTwip turns the page's unit into that of drawings.
const emuPerTwip = 635

func chartRel(i int) string    { return fmt.Sprintf("rIdChart%d", i+1) }
func chartTarget(i int) string { return fmt.Sprintf("charts/chart%d.xml", i+1) }

// chart writes the place of a chart; its numbers and its look stand in a part of their own, as Word makes it.
func (b *body) chart(c compile.Chart) {
	n := len(b.charts)
	b.charts = append(b.charts, c)
	height := int(drawing.Height(c) * 20)
	picture := fmt.Sprintf(`<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%d" cy="%d"/><wp:docPr id="%d" name="图%d" descr="%s"/>`+
		`<wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart r:id="%s"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`,
		b.width*emuPerTwip, height*emuPerTwip, n+1, n+1, escape(c.Describe()), chartRel(n))
	b.paragraph("Caption", `<w:jc w:val="center"/>`, textRun(c.Title))
	b.paragraph("Chart", "", picture)
	if note := drawing.Note(c); note != "" {
		b.paragraph("DenseText", `<w:jc w:val="center"/>`, textRun(note))
	}
}

// chartXML is a native chart. Its numbers are in it and not in a workbook behind it: they are the report's, and not to be edited.
func chartXML(c compile.Chart) string {
	direction, position, order := "col", [2]string{"b", "l"}, "minMax"
	if c.Kind == compile.Bars {
		direction, position, order = "bar", [2]string{"l", "b"}, "maxMin"
	}
	var b strings.Builder
	fmt.Fprintf(&b, `%s<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">`+
		`<c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/><c:barChart><c:barDir val="%s"/><c:grouping val="clustered"/><c:varyColors val="0"/>`, header, direction)
	for i, s := range c.Series {
		b.WriteString(seriesXML(c, i, s))
	}
	fmt.Fprintf(&b, `<c:gapWidth val="60"/><c:axId val="1"/><c:axId val="2"/></c:barChart>`+
		`<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="%s"/></c:scaling><c:delete val="0"/><c:axPos val="%s"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/><c:crossAx val="2"/><c:crosses val="autoZero"/></c:catAx>`+
		`<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="1"/><c:axPos val="%s"/><c:crossAx val="1"/><c:crosses val="autoZero"/></c:valAx></c:plotArea>`,
		order, position[0], position[1])
	if len(c.Series) > 1 {
		b.WriteString(`<c:legend><c:legendPos val="b"/><c:overlay val="0"/></c:legend>`)
	}
	b.WriteString(`<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>` +
		`<c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="900"><a:latin typeface="` + latin + `"/><a:ea typeface="` + fangsong + `"/></a:defRPr></a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr></c:chartSpace>`)
	return b.String()
}

func seriesXML(c compile.Chart, n int, s compile.Series) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<c:ser><c:idx val="%d"/><c:order val="%d"/><c:tx><c:v>%s</c:v></c:tx>%s<c:invertIfNegative val="0"/>`,
		n, n, escape(s.Name), fillXML(drawing.Color(n)))
	for i, p := range s.Points {
		if color := drawing.PointColor(c, n, p); color != drawing.Color(n) {
			fmt.Fprintf(&b, `<c:dPt><c:idx val="%d"/><c:invertIfNegative val="0"/><c:bubble3D val="0"/>%s</c:dPt>`, i, fillXML(color))
		}
	}
	b.WriteString(`<c:dLbls><c:spPr><a:noFill/></c:spPr><c:dLblPos val="outEnd"/><c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>`)
	fmt.Fprintf(&b, `<c:cat><c:strLit><c:ptCount val="%d"/>`, len(c.Categories))
	for i, name := range c.Categories {
		fmt.Fprintf(&b, `<c:pt idx="%d"><c:v>%s</c:v></c:pt>`, i, escape(name))
	}
	fmt.Fprintf(&b, `</c:strLit></c:cat><c:val><c:numLit><c:formatCode>%s</c:formatCode><c:ptCount val="%d"/>`, drawing.Format(s), len(s.Points))
	for i, p := range s.Points {
		if p.Value != nil {
			fmt.Fprintf(&b, `<c:pt idx="%d"><c:v>%s</c:v></c:pt>`, i, escape(p.Run.Text))
		}
	}
	return b.String() + `</c:numLit></c:val></c:ser>`
}

func fillXML(color string) string {
	return `<c:spPr><a:solidFill><a:srgbClr val="` + color + `"/></a:solidFill></c:spPr>`
}
