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
	width    int            // of the text, on the page that is being written
	marks    int            // bookmarks so far
	places   map[string]int // id of a binding → places of its number so far
	charts   []compile.Chart
	closing  int // blocks until the signature, which never stands on a page without text
}

func newBody(d *compile.Document) *body {
	return &body{document: d, width: textWidth, places: map[string]int{}}
}

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
		return b.bound(r)
	case r.Entry != "":
		return b.entry(r)
	case r.Reference != "":
		return b.reference(r)
	case r.Mark == compile.Absent:
		return runXML(hint+`<w:highlight w:val="yellow"/>`, r.Text)
	}
	return textRun(r.Text)
}

// bound writes a number as a run like any other, between two marks that name its binding: programs that read runs alone, as many do, read
// the sentence whole. Where its origin is listed it leads there.
func (b *body) bound(r compile.Run) string {
	b.places[r.Binding]++
	binding := b.document.Binding(r.Binding)
	if binding == nil || binding.Entry == "" {
		return b.marked(placeOf(r.Binding, b.places[r.Binding]), textRun(r.Text))
	}
	return b.marked(placeOf(r.Binding, b.places[r.Binding]), linkXML(binding.Entry, binding.ID+" "+binding.Label, r.Text))
}

// placeOf is the name of a number's nth place. Word does not list names that begin so.
func placeOf(binding string, n int) string { return fmt.Sprintf("_%s_%d", binding, n) }

// entry marks where the origin of a number is listed, and leads back to the number's first place.
func (b *body) entry(r compile.Run) string {
	text := textRun(r.Text)
	if b.places[r.Entry] > 0 { // the list stands behind all numbers
		text = linkXML(placeOf(r.Entry, 1), "", r.Text)
	}
	return b.marked(r.Entry, text)
}

// reference names the number before it, and leads to its entry.
func (b *body) reference(r compile.Run) string {
	if binding := b.document.Binding(r.Reference); binding != nil && binding.Entry != "" {
		return linkXML(binding.Entry, binding.Label, r.Text)
	}
	return textRun(r.Text)
}

func (b *body) marked(name, runs string) string {
	b.marks++
	return fmt.Sprintf(`<w:bookmarkStart w:id="%d" w:name="%s"/>%s<w:bookmarkEnd w:id="%d"/>`, b.marks, escape(name), runs, b.marks)
}

// linkXML is a field that leads to a mark. An element around the run would do the same and hide the text from plain readers.
func linkXML(to, tip, text string) string {
	code := ` HYPERLINK \l "` + to + `" `
	if tip != "" {
		code += `\o "` + strings.NewReplacer(`"`, "", `\`, "").Replace(tip) + `" `
	}
	return `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">` + escape(code) + `</w:instrText></w:r>` +
		`<w:r><w:fldChar w:fldCharType="separate"/></w:r>` + textRun(text) + `<w:r><w:fldChar w:fldCharType="end"/></w:r>`
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
