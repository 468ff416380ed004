package docx

import (
	"fmt"
	"strings"

	"huizong/pkg/compile"
)

// body writes word/document.xml.
type body struct {
	strings.Builder
	document *compile.Document
	width    int // of the text, on the page that is being written
	controls int // content controls so far: their ids must differ
	marks    int // bookmarks so far
	charts   []compile.Chart
	closing  int // blocks until the signature, which never stands on a page without text
}

func newBody(d *compile.Document) *body { return &body{document: d, width: textWidth} }

func (b *body) documentXML() string {
	d := b.document
	b.WriteString(header + `<w:document ` + namespaces + `><w:body>`)
	b.number(d)
	b.title(d.Title)
	b.note(d.Note)
	if d.Recipient != "" {
		b.paragraph("Recipient", "", textRun(d.Recipient))
	}
	b.closing = len(d.Body)
	b.blocks(d.Body)
	b.annexList()
	if !d.Internal {
		b.signature()
	}
	for i, a := range d.Annexes {
		b.annex(compile.AnnexLabel(i, len(d.Annexes)), a)
	}
	b.emptyLine(lowLine) // a document does not end with a table
	b.WriteString(sectionXML(b.width == wideWidth) + `</w:body></w:document>`)
	return b.String()
}

// number writes the document's number, and at the other edge who has signed it: one character in from each, as a report to those above has
// them.
func (b *body) number(d *compile.Document) {
	if d.Number == "" && d.Signer == "" {
		return
	}
	runs := []string{textRun(d.Number)}
	if d.Signer != "" {
		runs = append(runs, `<w:r><w:tab/></w:r>`, textRun("签发人："), runXML(fontsXML(kaiti), d.Signer))
	}
	b.paragraph("Normal", fmt.Sprintf(`<w:tabs><w:tab w:val="right" w:pos="%d"/></w:tabs><w:ind w:left="%d" w:right="%d"/><w:jc w:val="left"/>`, textWidth-charPitch, charPitch, charPitch), runs...)
	b.emptyLine("")
}

// annex begins on a page of its own, and in a section of its own where the page turns.
func (b *body) annex(label string, a compile.Annex) {
	newPage := ""
	if turned := b.width == wideWidth; turned != a.Wide {
		b.emptyLine(lowLine + sectionXML(turned))
		newPage = `<w:pageBreakBefore w:val="0"/>`
		b.width = wideWidth + textWidth - b.width
	}
	b.paragraph("AnnexLabel", newPage, textRun(label))
	b.title([]string{a.Title})
	b.blocks(a.Blocks)
}

// lowLine makes a paragraph that has to be there as low as can be, so that it does not fill a page of its own.
const lowLine = `<w:spacing w:line="20" w:lineRule="exact"/>`

// paragraph writes runs in a style; properties add to it, in the order of the schema.
func (b *body) paragraph(style, properties string, runs ...string) {
	b.WriteString(`<w:p><w:pPr><w:pStyle w:val="` + style + `"/>` + properties + `</w:pPr>` + strings.Join(runs, "") + `</w:p>`)
}

func (b *body) emptyLine(properties string) { b.paragraph("Normal", properties) }

// title writes one paragraph, for it is one title, and an empty line below it.
func (b *body) title(lines []string) {
	runs := make([]string, 0, 2*len(lines))
	for i, line := range lines {
		if i > 0 {
			runs = append(runs, `<w:r><w:br/></w:r>`)
		}
		runs = append(runs, textRun(line))
	}
	b.paragraph("Title", "", runs...)
	b.emptyLine(`<w:keepNext/>`)
}

// note writes the list of what is missing in a box, which an editor deletes when the report is whole.
func (b *body) note(note []compile.Paragraph) {
	for _, p := range note {
		b.paragraph("Note", "", b.runs(p)...)
	}
	if len(note) > 0 {
		b.emptyLine("")
	}
}

func (b *body) blocks(blocks []compile.Block) {
	for i, block := range blocks {
		keep := ""
		if b.closing--; b.closing == 0 {
			keep = `<w:keepNext/>`
		}
		switch block := block.(type) {
		case compile.Heading:
			b.paragraph(fmt.Sprintf("Heading%d", block.Level), "", textRun(block.Number+block.Text))
		case compile.Paragraph:
			style := "Body"
			if block.Small {
				style = "DenseText"
			}
			b.paragraph(style, keep, b.runs(block)...)
		case compile.Table:
			b.table(block)
			// Word joins two tables that nothing parts.
			if i+1 < len(blocks) {
				if next, table := blocks[i+1].(compile.Table); table && next.Caption == "" {
					b.emptyLine(lowLine)
				}
			}
		case compile.Chart:
			b.chart(block)
		}
	}
}

func (b *body) runs(p compile.Paragraph) []string {
	runs := make([]string, 0, len(p.Runs)+1)
	if p.Lead != "" {
		runs = append(runs, runXML(fontsXML(leadFonts[p.Level]), p.Lead))
	}
	for _, r := range p.Runs {
		runs = append(runs, b.run(r))
	}
	return runs
}

func (b *body) run(r compile.Run) string {
	switch {
	case r.Binding != "":
		return b.control(r)
	case r.Entry != "":
		return b.bookmark(r)
	case r.Mark == compile.Absent:
		return runXML(hint+`<w:highlight w:val="yellow"/>`, r.Text)
	}
	return textRun(r.Text)
}

// control puts a number into a content control. Word shows the alias where the pointer rests; it may have 64 characters.
func (b *body) control(r compile.Run) string {
	b.controls++
	alias := r.Binding
	if binding := b.document.Binding(r.Binding); binding != nil {
		alias = binding.Label
	}
	if runes := []rune(alias); len(runes) > 64 {
		alias = string(runes[:64])
	}
	return fmt.Sprintf(`<w:sdt><w:sdtPr><w:alias w:val="%s"/><w:tag w:val="%s"/><w:id w:val="%d"/></w:sdtPr><w:sdtContent>%s</w:sdtContent></w:sdt>`,
		escape(alias), escape(r.Binding), b.controls, runXML("", r.Text))
}

// bookmark marks where the origin of a number is listed.
func (b *body) bookmark(r compile.Run) string {
	b.marks++
	return fmt.Sprintf(`<w:bookmarkStart w:id="%d" w:name="%s"/>%s<w:bookmarkEnd w:id="%d"/>`, b.marks, escape(r.Entry), textRun(r.Text), b.marks)
}

// annexList names the annexes below the text.
func (b *body) annexList() {
	for i, line := range b.document.AnnexLines() {
		if i == 0 {
			b.emptyLine(`<w:keepNext/>`)
		}
		b.paragraph("Body", `<w:keepNext/>`, textRun(line))
	}
}
