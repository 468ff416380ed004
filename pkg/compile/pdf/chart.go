package pdf

import (
	"huizong/pkg/compile"
	"huizong/pkg/compile/drawing"
)

// chart sets a chart with its title above and the meaning of its colours below.
func (s *setter) chart(c compile.Chart) {
	const pitch = 22.0
	height := drawing.Height(c)
	s.need(height + 2*pitch)
	s.in("P", func() { s.centered(setText(c.Title, s.sans, size4s), pitch) })
	p, top := s.page(), s.y
	s.in("Figure", func() {
		s.at.alt = c.Describe()
		defer p.mark(s.at)()
		for _, shape := range drawing.Draw(c, p.textWidth()) {
			s.shape(p, top, shape)
		}
	})
	s.y += height
	s.in("P", func() { s.centered(setText(drawing.Note(c), s.serif, size5s), pitch) })
}

func (s *setter) centered(line []glyph, pitch float64) {
	p := s.page()
	p.print(s.document, s.at, line, p.left+(p.textWidth()-advance(line))/2, s.y+pitch/2+line[0].size*0.38, 0)
	s.y += pitch
}

func (s *setter) shape(p *page, top float64, shape drawing.Shape) {
	switch d := shape.(type) {
	case drawing.Rect:
		p.fill(p.left+d.X, top+d.Y, d.Width, d.Height, d.Color)
	case drawing.Line:
		p.line(p.left+d.X1, top+d.Y1, p.left+d.X2, top+d.Y2, d.Color, d.Dashed)
	case drawing.Text:
		glyphs := setRuns([]compile.Run{d.Run}, s.serif, d.Size)
		x := p.left + d.X
		switch d.Anchor {
		case drawing.Middle:
			x -= advance(glyphs) / 2
		case drawing.End:
			x -= advance(glyphs)
		}
		p.print(s.document, s.at, glyphs, x, top+d.Y, 0)
	}
}
