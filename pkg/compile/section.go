package compile

import (
	"fmt"
	"slices"
	"strings"

	"huizong/pkg/reporting"
)

// assembler makes blocks of a template's parts, in order.
type assembler struct {
	*compiler
	body    []Block
	annexes []Annex
	sent    int    // annexes that are sent with the report; the others go into its companion. −1: no companion has begun
	lead    string // a heading that waits for its paragraph, which it runs into
	leads   int    // its level
	level   int    // of the last heading on a line of its own
}

func (c *compiler) parts(parts []part) (body []Block, annexes, companion []Annex) {
	a := &assembler{compiler: c, sent: -1}
	for i := 0; i < len(parts); {
		i += a.part(parts[i:])
	}
	a.text(nil)
	for i := range a.annexes {
		a.annexes[i].Wide = wide(a.annexes[i].Blocks)
	}
	if a.sent < 0 {
		a.sent = len(a.annexes)
	}
	return a.body, filled(a.annexes[:a.sent]), filled(a.annexes[a.sent:])
}

// filled are the annexes that have something in them.
func filled(annexes []Annex) []Annex {
	return slices.DeleteFunc(slices.Clone(annexes), func(a Annex) bool { return len(a.Blocks) == 0 })
}

// part adds the first part and returns how many it has dealt with: of a section that is left out, all.
func (a *assembler) part(parts []part) int {
	if p, ok := parts[0].(paragraphPart); ok {
		runs, long := a.paragraph(p)
		a.text(runs)
		a.print(long)
		return 1
	}
	a.text(nil)
	switch p := parts[0].(type) {
	case headingPart:
		if section := parts[:sectionLen(parts)]; !a.holds(p.when, section) {
			a.missed(section)
			return len(section)
		}
		a.heading(p)
	case narrativesPart:
		a.narratives(p.section)
	case annexPart:
		a.annexes = append(a.annexes, Annex{Title: a.plain(p.sentence)})
	case companionPart:
		a.sent = len(a.annexes)
	case chartPart:
		if chart := a.chart(p); chart.some() {
			a.add(chart)
		}
	case tablePart:
		for _, b := range tableMakers[p.name](a.compiler, p) {
			a.add(b)
		}
	}
	return 1
}

// add puts a block into the annex that was opened last, or into the body before any.
func (a *assembler) add(b Block) {
	if n := len(a.annexes); n > 0 {
		a.annexes[n-1].Blocks = append(a.annexes[n-1].Blocks, b)
		return
	}
	a.body = append(a.body, b)
}

// text adds a paragraph behind the lead that waits for it. A lead without one stands alone.
func (a *assembler) text(runs []Run) {
	if len(runs) > 0 || a.lead != "" {
		a.add(Paragraph{Lead: a.lead, Level: a.leads, Runs: runs})
	}
	a.lead = ""
}

func (a *assembler) heading(p headingPart) {
	number, text := a.nextNumber(p.level), a.plain(p.sentence)
	if p.level == 4 || strings.HasSuffix(text, "。") {
		a.lead, a.leads = number+text, p.level
		return
	}
	a.level = p.level
	a.add(Heading{Level: p.level, Number: number, Text: text})
}

// sectionLen counts the parts of the section whose heading is the first of them.
func sectionLen(parts []part) int {
	level := parts[0].(headingPart).level
	for i, p := range parts[1:] {
		h, heading := p.(headingPart)
		_, end := p.(endPart)
		_, annex := p.(annexPart)
		_, companion := p.(companionPart)
		if end || annex || companion || heading && h.level <= level {
			return i + 1
		}
	}
	return len(parts)
}

// holds reports whether there is anything to say in a section.
func (c *compiler) holds(when *condition, section []part) bool {
	if when == nil {
		return true
	}
	if when.warnings {
		return len(c.Warnings) > 0
	}
	if when.narratives != "" {
		return len(c.texts(when.narratives)) > 0
	}
	return slices.ContainsFunc(figuresIn(section), func(n figureNode) bool { _, there := c.figureOf(n); return there })
}

// missed lists the figures of a section that is left out: a section may go, but never in silence.
func (c *compiler) missed(section []part) {
	for _, n := range figuresIn(section) {
		if _, there := c.figureOf(n); !there {
			c.gaps.missing(n.code.text)
		}
	}
}

func figuresIn(parts []part) []figureNode {
	var figures []figureNode
	for _, p := range parts {
		for _, s := range sentencesOf(p) {
			figures = append(figures, figuresOf(s.nodes)...)
		}
	}
	return figures
}

// narratives prints each text of a section, its title as a heading one level below that of the section. What people sent is kept
// word for word; only white space around lines goes, for indents are the writer's business.
func (a *assembler) narratives(section string) { a.print(a.texts(section)) }

func (a *assembler) print(texts []reporting.Narrative) {
	level := a.level + 1
	for _, n := range texts {
		lead := strings.TrimRight(strings.TrimSpace(n.Title), "。.")
		if lead != "" {
			lead = a.nextNumber(level) + lead + "。"
		}
		for _, line := range paragraphsOf(n.Body) {
			a.add(Paragraph{Lead: lead, Level: level, Runs: []Run{{Text: line}}})
			lead = ""
		}
	}
}

// paragraphsOf splits a text at its line breaks. A line that ends in a comma goes on in the next one: no paragraph ends so, but
// people break lines to fit a cell.
func paragraphsOf(body string) []string {
	var paragraphs []string
	open := false
	for _, line := range strings.FieldsFunc(body, func(r rune) bool { return r == '\n' || r == '\r' }) {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
			continue
		case open:
			paragraphs[len(paragraphs)-1] += line
		default:
			paragraphs = append(paragraphs, line)
		}
		open = strings.HasSuffix(line, "，") || strings.HasSuffix(line, "、") || strings.HasSuffix(line, ",")
	}
	return paragraphs
}

// nextNumber counts headings of a level, from the beginning under each higher one.
func (c *compiler) nextNumber(level int) string {
	c.numbers[level-1]++
	for i := level; i < len(c.numbers); i++ {
		c.numbers[i] = 0
	}
	n := c.numbers[level-1]
	switch level {
	case 1:
		return numeral(n) + "、"
	case 2:
		return "（" + numeral(n) + "）"
	case 3:
		return fmt.Sprintf("%d.", n)
	}
	return fmt.Sprintf("（%d）", n)
}

// numeral writes 1 to 99 in Chinese.
func numeral(n int) string {
	digits := []rune("零一二三四五六七八九")
	var b strings.Builder
	if n >= 20 {
		b.WriteRune(digits[n/10])
	}
	if n >= 10 {
		b.WriteRune('十')
	}
	if n%10 != 0 {
		b.WriteRune(digits[n%10])
	}
	return b.String()
}
