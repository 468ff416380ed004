package pdf

import (
	"fmt"
	"strconv"
	"strings"

	"huizong/pkg/compile"
)

// setter sets a document on pages, from the top of the first to the end of the last.
type setter struct {
	document    *compile.Document
	serif, sans *face
	pages       []*page
	y           float64 // of the next line's top, on the last page
	wide        bool    // pages lie
	outline     []item
	root, at    *element // of the structure: all of it, and what is being set
}

func newSetter(d *compile.Document, fonts *Fonts) *setter {
	root := &element{kind: "Document"}
	serif, sans := newFace("F1", "NotoSerifSC-Regular", fonts.serif), newFace("F2", "NotoSansSC-Medium", fonts.sans)
	serif.other, sans.other = sans, serif
	serif.lacks = &lacks{known: map[rune]bool{}}
	sans.lacks = serif.lacks
	return &setter{root: root, at: root, document: d, serif: serif, sans: sans}
}

func (s *setter) page() *page { return s.pages[len(s.pages)-1] }

// newPage begins a page and numbers it: — 1 — in 4号 7 mm below the text, one character in from the outer edge.
func (s *setter) newPage() {
	p := newPage(s.wide)
	s.pages = append(s.pages, p)
	s.y = p.top
	folio := setText("— "+strconv.Itoa(len(s.pages))+" —", s.serif, size4)
	x := p.left + size4
	if len(s.pages)%2 == 1 {
		x = p.width - p.right - size4 - advance(folio)
	}
	p.print(s.document, nil, folio, x, p.floor()+7*mm+size4/2, 0)
}

// need begins a page if there is no room of the height left on this one.
func (s *setter) need(height float64) {
	if s.y+height > s.page().floor()+0.01 && s.y > s.page().top {
		s.newPage()
	}
}

// whole sets the document.
func (s *setter) whole() {
	d := s.document
	s.newPage()
	s.number()
	s.title(d.Title)
	s.note()
	if d.Recipient != "" {
		s.paragraph(setText(d.Recipient, s.serif, size3), 0)
	}
	s.body()
	s.closing()
	for i, a := range d.Annexes {
		s.wide = a.Wide
		s.newPage()
		label := compile.AnnexLabel(i, len(d.Annexes))
		s.mark(label + "　" + a.Title)
		s.paragraph(setText(label, s.sans, size3), 0)
		s.title([]string{a.Title})
		s.blocks(a.Blocks)
	}
}

// number sets the document's number and who has signed it, one character in from the edges.
func (s *setter) number() {
	d, p := s.document, s.page()
	if d.Number == "" && d.Signer == "" {
		return
	}
	base := s.y + linePitch/2 + size3*0.38
	if d.Number != "" {
		s.in("P", func() { p.print(d, s.at, setText(d.Number, s.serif, size3), p.left+charPitch, base, 0) })
	}
	if d.Signer != "" {
		line := setText("签发人："+d.Signer, s.serif, size3)
		s.in("P", func() { p.print(d, s.at, line, p.left+p.textWidth()-charPitch-advance(line), base, 0) })
	}
	s.y += 2 * linePitch
}

// title sets centred lines and an empty one below.
func (s *setter) title(lines []string) {
	const pitch = 35.0
	s.in("H1", func() {
		for _, line := range lines {
			for _, part := range breakLines(setText(line, s.serif, size2), 0, s.page().textWidth()) {
				s.need(pitch)
				p := s.page()
				p.print(s.document, s.at, part, p.left+(p.textWidth()-advance(part))/2, s.y+pitch/2+size2*0.38, 0)
				s.y += pitch
			}
		}
	})
	s.y += linePitch
}

// note sets the list of what is missing in a box.
func (s *setter) note() {
	const pitch, pad = 20.0, 6.0
	if len(s.document.Note) == 0 {
		return
	}
	var lines [][]glyph
	var of []*element // by line
	for _, n := range s.document.Note {
		glyphs := append(setText(n.Lead, s.sans, size4s), setRuns(n.Runs, s.serif, size4s)...)
		e := s.at.add("P")
		for _, line := range breakLines(glyphs, 0, s.page().textWidth()-2*pad) {
			lines, of = append(lines, line), append(of, e)
		}
	}
	for len(lines) > 0 {
		p := s.page()
		n := max(1, min(len(lines), int((p.floor()-s.y-2*pad)/pitch)))
		p.frame(p.left, s.y, p.textWidth(), float64(n)*pitch+2*pad)
		for i, line := range lines[:n] {
			p.print(s.document, of[i], line, p.left+pad, s.y+pad+float64(i)*pitch+pitch/2+size4s*0.38, 0)
		}
		s.y += float64(n)*pitch + 2*pad + linePitch
		if lines, of = lines[n:], of[n:]; len(lines) > 0 {
			s.newPage()
		}
	}
}

// body sets the text. Its last block goes to the page of the signature, which never stands on a page without text.
func (s *setter) body() {
	blocks := s.document.Body
	if len(blocks) == 0 {
		return
	}
	last := blocks[len(blocks)-1]
	s.blocks(blocks[:len(blocks)-1])
	if p, ok := last.(compile.Paragraph); ok {
		lines := breakLines(s.paragraphGlyphs(p), 2*charPitch, s.page().textWidth())
		s.need(float64(len(lines)+s.closingLines()) * linePitch)
	}
	s.blocks([]compile.Block{last})
}

func (s *setter) blocks(blocks []compile.Block) {
	for i, block := range blocks {
		switch block := block.(type) {
		case compile.Heading:
			s.serif.lacks.place = block.Number + block.Text
			s.need(float64(1+headings(blocks[i:])) * linePitch) // with the headings below it and a line of what they head
			if block.Level <= 2 {
				s.mark(block.Number + block.Text)
			}
			s.lines(fmt.Sprintf("H%d", block.Level+1), setText(block.Number+block.Text, s.headFace(block.Level), size3), 2*charPitch, linePitch)
		case compile.Paragraph:
			if block.Small {
				s.lines("P", setRuns(block.Runs, s.serif, size5s), 0, 12.5)
				continue
			}
			s.paragraph(s.paragraphGlyphs(block), 2*charPitch)
		case compile.Table:
			s.table(block)
		case compile.Chart:
			s.chart(block)
		}
	}
}

// headings counts the headings that the blocks begin with.
func headings(blocks []compile.Block) int {
	for i, block := range blocks {
		if _, ok := block.(compile.Heading); !ok {
			return i
		}
	}
	return len(blocks)
}

// headFace is 黑体 for the first level; the others have no free font of their own here.
func (s *setter) headFace(level int) *face {
	if level == 1 {
		return s.sans
	}
	return s.serif
}

func (s *setter) paragraphGlyphs(p compile.Paragraph) []glyph {
	if p.Lead != "" {
		s.serif.lacks.place = strings.TrimRight(p.Lead, "。")
	}
	return append(setText(p.Lead, s.headFace(p.Level), size3), setRuns(p.Runs, s.serif, size3)...)
}

// paragraph sets body text on the grid. Full lines end at the margin.
func (s *setter) paragraph(glyphs []glyph, indent float64) { s.lines("P", glyphs, indent, linePitch) }

// lines sets an element of a kind that has one size.
func (s *setter) lines(kind string, glyphs []glyph, indent, pitch float64) {
	if len(glyphs) == 0 {
		return
	}
	e := s.at.add(kind)
	size := glyphs[0].size
	lines := breakLines(glyphs, indent, s.page().textWidth())
	for i, line := range lines {
		s.need(pitch)
		p := s.page()
		x, extra := p.left, 0.0
		if i == 0 {
			x += indent
		}
		if i < len(lines)-1 {
			extra = stretch(line, p.left+p.textWidth()-x)
		}
		p.print(s.document, e, line, x, s.y+pitch/2+size*0.38, extra)
		s.y += pitch
	}
}

// closingLines is how many lines closing wants.
func (s *setter) closingLines() int {
	lines := 3
	if n := len(s.document.Annexes); n > 0 {
		lines += n + 1
	}
	return lines
}

// closing names the annexes, and sets who signs and the date, without a seal: the date ends two characters from the margin and
// begins two characters behind the issuer.
func (s *setter) closing() {
	d := s.document
	s.need(float64(s.closingLines()) * linePitch)
	if len(d.Annexes) > 0 {
		s.y += linePitch
	}
	for _, line := range d.AnnexLines() {
		s.paragraph(setText(line, s.serif, size3), 2*charPitch)
	}
	if d.Internal {
		return
	}
	s.y += linePitch
	issuer, date := setText(d.Issuer, s.serif, size3), setText(d.Date, s.serif, size3)
	edge := s.page().textWidth() - 2*charPitch
	at := max(0, min(edge-advance(issuer), edge-advance(date)-2*charPitch))
	s.paragraph(issuer, at)
	s.paragraph(date, at+2*charPitch)
}
