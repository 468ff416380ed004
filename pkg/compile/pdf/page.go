package pdf

import (
	"bytes"
	"fmt"
	"strconv"

	"huizong/pkg/compile"
)

// The page of GB/T 9704-2012 in points: 156 × 225 mm of text on A4, 22 lines of 28 characters.
const (
	mm         = 72 / 25.4
	paperShort = 210 * mm
	paperLong  = 297 * mm
	head       = 37 * mm
	foot       = 35 * mm
	binding    = 28 * mm
	fore       = 26 * mm

	linePitch = 225 * mm / 22
	charPitch = 156 * mm / 28
)

// Sizes of type in points.
const (
	size2  = 22.0 // 2号
	size3  = 16.0 // 3号
	size4  = 14.0 // 4号
	size4s = 12.0 // 小四
	size5s = 9.0  // 小五
)

// page is one page: y counts from its top, as one writes; the format counts from the bottom.
type page struct {
	width, height            float64
	left, top, right, bottom float64 // margins
	content                  bytes.Buffer
	links                    []*link
	entries                  []entry
	marked                   []*element // of the structure, by the number of their piece
	marking                  bool       // a piece has begun
	self                     reference
}

// link is a rectangle that leads to an entry.
type link struct {
	x1, y1, x2, y2 float64
	to             string
	element        *element
	self           reference
}

// entry is a place that links lead to: where the origin of a number is listed, or where the number stands.
type entry struct {
	id string
	y  float64
}

// newPage returns an empty page. One that lies is the same page turned: its head is at the binding.
func newPage(wide bool) *page {
	if wide {
		return &page{width: paperLong, height: paperShort, left: foot, top: binding, right: head, bottom: fore}
	}
	return &page{width: paperShort, height: paperLong, left: binding, top: head, right: fore, bottom: foot}
}

func (p *page) textWidth() float64 { return p.width - p.left - p.right }
func (p *page) floor() float64     { return p.height - p.bottom }

// number prints a length or a position. Two digits are far below what can be seen, and hide what processors round differently.
func number(f float64) string { return strconv.FormatFloat(f, 'f', 2, 64) }

func (p *page) add(format string, args ...any) { fmt.Fprintf(&p.content, format, args...) }

// fill draws a rectangle; color is six hexadecimal digits.
func (p *page) fill(x, y, width, height float64, color string) {
	defer p.mark(nil)()
	p.add("%s rg %s %s %s %s re f 0 g\n", rgb(color), number(x), number(p.height-y-height), number(width), number(height))
}

func (p *page) line(x1, y1, x2, y2 float64, color string, dashed bool) {
	defer p.mark(nil)()
	dash := "[]"
	if dashed {
		dash = "[3 2]"
	}
	p.add("0.5 w %s 0 d %s RG %s %s m %s %s l S\n", dash, rgb(color), number(x1), number(p.height-y1), number(x2), number(p.height-y2))
}

func (p *page) frame(x, y, width, height float64) {
	defer p.mark(nil)()
	p.add("0.5 w [] 0 d 0 G %s %s %s %s re S\n", number(x), number(p.height-y-height), number(width), number(height))
}

func rgb(color string) string {
	n, _ := strconv.ParseUint(color, 16, 32) // colours are constants of ours
	part := func(shift int) string { return strconv.FormatFloat(float64(n>>shift&255)/255, 'f', 3, 64) }
	return part(16) + " " + part(8) + " " + part(0)
}

// print draws a line of glyphs of an element from x on, its base line at y, with extra room behind each glyph. Neighbours that look alike are one
// string.
func (p *page) print(d *compile.Document, e *element, glyphs []glyph, x, y, extra float64) {
	for len(glyphs) > 0 {
		n := 1
		for n < len(glyphs) && glyphs[n].face == glyphs[0].face && glyphs[n].size == glyphs[0].size && glyphs[n].run == glyphs[0].run && glyphs[n].lacking() == glyphs[0].lacking() {
			n++
		}
		width := advance(glyphs[:n]) + extra*float64(n)
		p.piece(d, e, glyphs[:n], x, y, width, extra)
		x, glyphs = x+width, glyphs[n:]
	}
}

// link makes a piece of text lead to an entry, and returns the element of the link, which belongs to e.
func (p *page) link(e *element, x, y, width, size float64, to string) *element {
	l := &link{x1: x, y1: p.height - y - size*0.2, x2: x + width, y2: p.height - y + size*0.9, to: to, element: e.add("Link")}
	p.links = append(p.links, l)
	l.element.kids = append(l.element.kids, kid{page: p, link: l})
	return l.element
}

// placeOf is the name of a number's first place, to which its entry leads back.
func placeOf(binding string) string { return "at-" + binding }

func (p *page) piece(d *compile.Document, e *element, glyphs []glyph, x, y, width, extra float64) {
	g := glyphs[0]
	size := g.size
	if g.run.Mark == compile.Absent {
		p.fill(x, y-size*0.88, width, size*1.16, "FFFF00")
	}
	if g.run.Entry != "" {
		p.entries = append(p.entries, entry{g.run.Entry, p.height - y + size*1.5})
		if d.Binding(g.run.Entry) != nil {
			e = p.link(e, x, y, width, size, placeOf(g.run.Entry))
		}
	}
	if b := d.Binding(g.run.Reference); b != nil && b.Entry != "" {
		e = p.link(e, x, y, width, size, b.Entry)
	}
	bound := d.Binding(g.run.Binding)
	if b := bound; b != nil {
		if b.Entry != "" {
			e = p.link(e, x, y, width, size, b.Entry)
			p.entries = append(p.entries, entry{placeOf(b.ID), p.height - y + size*1.5})
		}
	}
	defer p.mark(e)()
	if g.lacking() {
		p.add("/Span<</ActualText %s>>BDC\n", text(charsOf(glyphs)))
		defer p.add("EMC\n")
	}
	if bound != nil {
		p.add("/Number<</Id(%s)>>BDC ", bound.ID)
		defer p.add("EMC\n")
	}
	p.add("BT /%s %s Tf %s Tc %s %s Td <", g.face.name, number(size), number(g.spacing+extra), number(x), number(p.height-y))
	for _, g := range glyphs {
		p.add("%04X", g.face.take(g.char))
	}
	p.add(">Tj ET\n")
}
