package compile

import (
	"slices"
	"strings"
)

// companion is the file for the office that goes with the report and is not sent: what is missing, all numbers, and where each comes
// from. Both are of one compilation: a number that stands in both has one id.
func (c *compiler) companion(d *Document, annexes []Annex) *Document {
	title := slices.Clone(d.Title)
	title[len(title)-1] += "（编制附册）"
	about := "本册供办公室核对，不随文发出。与《" + strings.Join(d.Title, "") + "》同一次编制，同一数字的编号相同。"
	body := []Block{Paragraph{Runs: []Run{{Text: about}}}}
	if slices.ContainsFunc(c.binder.bindings, func(b Binding) bool { return b.Entry != "" }) {
		body = append(body, Paragraph{Runs: []Run{{Text: "以下正文与发出的相同，每个数字后标其编号；点数字或编号可到其来源，点来源中的编号可回到数字。"}}})
		body = append(body, c.withIDs(d.Body)...)
	}
	return &Document{
		Template: d.Template, Title: title, Note: note(d.Gaps, c.parameters["cutoff"], c.Boundaries), Body: body,
		Issuer: d.Issuer, Date: d.Date, Annexes: annexes, Gaps: d.Gaps, Period: d.Period, Cutoff: d.Cutoff, Internal: true,
	}
}

// withIDs is the text with its id behind each number and its measure. Tables and charts are left out: the companion has tables of its own.
func (c *compiler) withIDs(blocks []Block) []Block {
	var text []Block
	for _, block := range blocks {
		switch block := block.(type) {
		case Heading:
			text = append(text, block)
		case Paragraph:
			block.Runs = c.runsWithIDs(block.Runs)
			text = append(text, block)
		}
	}
	return text
}

func (c *compiler) runsWithIDs(runs []Run) []Run {
	var named []Run
	measures := map[string]string{}
	for _, b := range c.binder.bindings {
		measures[b.ID] = b.Measure
	}
	behind := "" // the number whose id is still to be said
	for _, r := range append(slices.Clone(runs), Run{}) {
		if behind != "" {
			if rest, ok := strings.CutPrefix(r.Text, measures[behind]); ok && r.plain() {
				named = append(named, Run{Text: measures[behind]})
				r.Text = rest
			}
			named = append(named, Run{Text: "〔" + behind + "〕", Reference: behind})
		}
		behind = r.Binding
		if r.Text != "" {
			named = append(named, r)
		}
	}
	return named
}

// own keeps the bindings whose numbers stand in the document. In a document without a list of origins they lead nowhere.
func (d *Document) own(all []Binding) {
	used := map[string]bool{}
	listed := false
	for _, blocks := range d.parts() {
		for _, r := range runsOf(blocks) {
			used[r.Binding] = true
			listed = listed || r.Entry != ""
		}
	}
	d.Bindings = nil
	for _, b := range all {
		if !used[b.ID] {
			continue
		}
		if !listed {
			b.Entry = ""
		}
		d.Bindings = append(d.Bindings, b)
	}
}

// parts are the text and the annexes, as lists of blocks.
func (d *Document) parts() [][]Block {
	parts := [][]Block{d.Body}
	for _, a := range d.Annexes {
		parts = append(parts, a.Blocks)
	}
	return parts
}

// runsOf lists all runs of the blocks, in their order.
func runsOf(blocks []Block) []Run {
	var runs []Run
	for _, block := range blocks {
		switch block := block.(type) {
		case Paragraph:
			runs = append(runs, block.Runs...)
		case Table:
			for _, row := range block.Rows {
				for _, cell := range row {
					runs = append(runs, cell...)
				}
			}
		case Chart:
			for _, s := range block.Series {
				for _, p := range s.Points {
					runs = append(runs, p.Run)
				}
			}
		}
	}
	return runs
}
