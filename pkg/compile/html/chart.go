package html

import (
	"fmt"
	"strconv"

	"huizong/pkg/compile"
	"huizong/pkg/compile/drawing"
)

// chartWidth is that of the text, in points; the screen scales it.
const chartWidth = 442

// chart draws a chart as SVG. Its numbers are links, too.
func (p *page) chart(c compile.Chart) {
	p.add("<figure>\n")
	p.element("figcaption", "", c.Title)
	p.add(fmt.Sprintf(`<svg viewBox="0 0 %d %s" role="img" aria-label="%s">`, chartWidth, length(drawing.Height(c)), escape(c.Describe())), "\n")
	for _, s := range drawing.Draw(c, chartWidth) {
		p.shape(s)
	}
	p.add("</svg>\n")
	p.element("p", "legend", drawing.Note(c))
	p.add("</figure>\n")
}

func (p *page) shape(s drawing.Shape) {
	switch s := s.(type) {
	case drawing.Rect:
		p.add(fmt.Sprintf(`<rect x="%s" y="%s" width="%s" height="%s" fill="#%s"/>`, length(s.X), length(s.Y), length(s.Width), length(s.Height), s.Color))
	case drawing.Line:
		dashes := ""
		if s.Dashed {
			dashes = ` stroke-dasharray="3 2"`
		}
		p.add(fmt.Sprintf(`<line x1="%s" y1="%s" x2="%s" y2="%s" stroke="#%s" stroke-width="0.75"%s/>`, length(s.X1), length(s.Y1), length(s.X2), length(s.Y2), s.Color, dashes))
	case drawing.Text:
		p.add(fmt.Sprintf(`<text x="%s" y="%s" font-size="%s" text-anchor="%s">`, length(s.X), length(s.Y), length(s.Size), s.Anchor))
		p.svgRun(s.Run)
		p.add("</text>")
	}
	p.add("\n")
}

// svgRun writes a number as a link around its text, for SVG has no elements of HTML.
func (p *page) svgRun(r compile.Run) {
	b := p.document.Binding(r.Binding)
	if b == nil {
		p.add(escape(r.Text))
		return
	}
	tag, link := "tspan", ""
	if b.Entry != "" {
		tag, link = "a", ` href="#`+escape(b.Entry)+`"`
	}
	p.add("<", tag, link, ` class="number"`, dataOf(*b), ">", escape(r.Text), "</", tag, ">")
}

func length(points float64) string { return strconv.FormatFloat(points, 'f', 2, 64) }
