package pdf

import "huizong/pkg/compile"

// tableLook is how a table is set.
type tableLook struct{ size, pitch, pad float64 }

func lookOf(t compile.Table) tableLook {
	if t.Dense {
		return tableLook{size5s, 12.5, 3}
	}
	return tableLook{size4s, 20, 4}
}

// tableRow is a row with its cells in lines.
type tableRow struct {
	cells  [][][]glyph
	height float64
}

// table sets a table over the whole width. Its first row repeats on every page, and no row parts unless it is higher than a page.
func (s *setter) table(t compile.Table) {
	look, widths := lookOf(t), columnWidths(t, s.page().textWidth())
	titles, centered := make([]compile.Cell, len(t.Columns)), make([]compile.Align, len(t.Columns))
	aligns := make([]compile.Align, len(t.Columns))
	for i, c := range t.Columns {
		titles[i], centered[i], aligns[i] = compile.Cell{{Text: c.Title}}, compile.Center, c.Align
	}
	head := s.row(titles, s.sans, look, widths)
	page := s.page().floor() - s.page().top
	var rows []tableRow
	for _, cells := range t.Rows {
		rows = append(rows, split(s.row(cells, s.serif, look, widths), page-head.height, look)...)
	}
	first := head.height
	if len(rows) > 0 {
		first += rows[0].height
	}
	s.in("Table", func() {
		s.at.alt = t.Describe()
		s.caption(t.Caption, first)
		s.need(first)
		s.in("TR", func() { s.drawRow(head, "TH", look, widths, centered) })
		for _, r := range rows {
			if s.y+r.height > s.page().floor()+0.01 {
				s.newPage()
				s.drawRow(head, "", look, widths, centered)
			}
			s.in("TR", func() { s.drawRow(r, "TD", look, widths, aligns) })
		}
	})
	s.y += look.pitch / 2
}

// caption stands on the page of what follows it, which is of the height.
func (s *setter) caption(caption string, height float64) {
	const pitch = 22.0
	if caption == "" {
		return
	}
	s.need(pitch + height)
	p := s.page()
	s.in("Caption", func() {
		p.print(s.document, s.at, setText(caption, s.sans, size4s), p.left, s.y+pitch/2+size4s*0.38, 0)
	})
	s.y += pitch
}

func (s *setter) row(cells []compile.Cell, f *face, look tableLook, widths []float64) tableRow {
	r := tableRow{cells: make([][][]glyph, len(cells))}
	most := 1
	for i, cell := range cells {
		r.cells[i] = breakLines(setRuns(cell, f, look.size), 0, widths[i]-2*look.pad)
		most = max(most, len(r.cells[i]))
	}
	r.height = float64(most)*look.pitch + look.pad
	return r
}

// split parts a row that is higher than the room into such that are not.
func split(r tableRow, room float64, look tableLook) []tableRow {
	most := max(1, int((room-look.pad)/look.pitch))
	var rows []tableRow
	for {
		part, rest, lines, more := tableRow{}, tableRow{}, 1, false
		for _, cell := range r.cells {
			n := min(len(cell), most)
			part.cells, rest.cells = append(part.cells, cell[:n]), append(rest.cells, cell[n:])
			lines, more = max(lines, n), more || n < len(cell)
		}
		part.height = float64(lines)*look.pitch + look.pad
		rows = append(rows, part)
		if !more {
			return rows
		}
		r = rest
	}
}

// drawRow draws a row, whose cells are of a kind; those of "" were there before, at the head of the page before.
func (s *setter) drawRow(r tableRow, kind string, look tableLook, widths []float64, aligns []compile.Align) {
	p := s.page()
	x := p.left
	for i, cell := range r.cells {
		var e *element
		if kind != "" {
			e = s.at.add(kind)
			e.column = kind == "TH"
		}
		p.frame(x, s.y, widths[i], r.height)
		y := s.y + (r.height-float64(len(cell))*look.pitch)/2
		for _, line := range cell {
			p.print(s.document, e, line, x+offset(aligns[i], line, widths[i], look.pad), y+look.pitch/2+look.size*0.38, 0)
			y += look.pitch
		}
		x += widths[i]
	}
	s.y += r.height
}

// offset is where a line begins in its cell.
func offset(align compile.Align, line []glyph, width, pad float64) float64 {
	switch align {
	case compile.Center:
		return (width - advance(line)) / 2
	case compile.Right:
		return width - pad - advance(line)
	}
	return pad
}

func columnWidths(t compile.Table, width float64) []float64 {
	widths := t.Shares()
	for i := range widths {
		widths[i] *= width
	}
	return widths
}
