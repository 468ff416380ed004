package html

import (
	"fmt"
	"strings"

	"huizong/pkg/compile"
)

func (p *page) blocks(blocks []compile.Block) {
	for _, block := range blocks {
		switch block := block.(type) {
		case compile.Heading:
			p.element(fmt.Sprintf("h%d", block.Level+1), fmt.Sprintf("level%d", block.Level), block.Number+block.Text)
		case compile.Paragraph:
			class := "text"
			if block.Small {
				class = "legend"
			}
			p.paragraph(class, block)
		case compile.Table:
			p.table(block)
		case compile.Chart:
			p.chart(block)
		}
	}
}

func (p *page) paragraph(class string, block compile.Paragraph) {
	p.add(open("p", class))
	if block.Lead != "" {
		p.add(fmt.Sprintf(`<b class="level%d">`, block.Level), escape(block.Lead), "</b>")
	}
	p.runs(block.Runs)
	p.add("</p>\n")
}

func (p *page) runs(runs []compile.Run) {
	for _, r := range runs {
		p.run(r)
	}
}

var markClasses = map[compile.Mark]string{compile.Absent: "absent", compile.Partial: "partial"}

func (p *page) run(r compile.Run) {
	switch {
	case r.Binding != "":
		p.number(r)
	case r.Entry != "":
		p.entry(r)
	case r.Reference != "":
		p.reference(r)
	case r.Mark != compile.NoMark:
		p.add(open("span", markClasses[r.Mark]), escape(r.Text), "</span>")
	default:
		p.add(escape(r.Text))
	}
}

// number writes a bound number: a link to where its origin is listed, if it is.
func (p *page) number(r compile.Run) {
	b := p.document.Binding(r.Binding)
	if b == nil {
		p.add(escape(r.Text))
		return
	}
	tag, link := "span", ""
	if b.Entry != "" {
		tag, link = "a", ` href="#`+escape(b.Entry)+`"`
	}
	p.add("<", tag, link, p.anchor(r), ` class="number"`, dataOf(*b), ` title="`, escape(b.ID+" "+b.Label), `">`, escape(r.Text), "</", tag, ">")
}

// anchor names the first place of a number, so that its entry leads back to it.
func (p *page) anchor(r compile.Run) string {
	if p.placed[r.Binding] {
		return ""
	}
	p.placed[r.Binding] = true
	return ` id="` + placeOf(r.Binding) + `"`
}

func placeOf(binding string) string { return "at-" + escape(binding) }

// entry marks where the origin of a number is listed, and leads back to the number.
func (p *page) entry(r compile.Run) {
	if !p.placed[r.Entry] { // the list stands behind all numbers
		p.add(`<span class="entry" id="`, escape(r.Entry), `">`, escape(r.Text), "</span>")
		return
	}
	p.add(`<a class="entry" id="`, escape(r.Entry), `" href="#`, placeOf(r.Entry), `">`, escape(r.Text), "</a>")
}

// reference names the number before it, and leads to its entry.
func (p *page) reference(r compile.Run) {
	b := p.document.Binding(r.Reference)
	if b == nil || b.Entry == "" {
		p.add(escape(r.Text))
		return
	}
	p.add(`<a class="reference" href="#`, escape(b.Entry), `">`, escape(r.Text), "</a>")
}

// dataOf names the figure of a number, so that the page alone says which one it is.
func dataOf(b compile.Binding) string {
	return fmt.Sprintf(` data-id="%s" data-indicator="%s" data-unit="%s" data-period="%s" data-aspect="%s" data-measure="%s" data-places="%d"`,
		escape(b.ID), escape(b.Figure.Indicator), escape(b.Figure.Unit), b.Figure.Period, escape(string(b.Aspect)), escape(b.Measure), b.Places)
}

var alignClasses = map[compile.Align]string{compile.Left: "", compile.Center: "center", compile.Right: "right"}

func (p *page) table(t compile.Table) {
	class := ""
	if t.Dense {
		class = "dense"
	}
	p.add("<div class=\"scroll\">", strings.TrimSuffix(open("table", class), ">"), ` aria-label="`, escape(t.Describe()), "\">\n")
	if t.Caption != "" {
		p.element("caption", "", t.Caption)
	}
	p.add("<colgroup>")
	for _, share := range t.Shares() {
		p.add(fmt.Sprintf(`<col width="%.2f%%">`, 100*share))
	}
	p.add("</colgroup>\n<thead><tr>")
	for _, c := range t.Columns {
		p.add(`<th scope="col">`, escape(c.Title), "</th>")
	}
	p.add("</tr></thead>\n<tbody>\n")
	for _, row := range t.Rows {
		p.add("<tr>")
		for i, cell := range row {
			p.add(open("td", alignClasses[t.Columns[i].Align]))
			p.runs(cell)
			p.add("</td>")
		}
		p.add("</tr>\n")
	}
	p.add("</tbody></table></div>\n")
}
