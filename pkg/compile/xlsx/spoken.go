package xlsx

import (
	"strings"

	"huizong/pkg/compile"
)

// spoken lists the numbers of the text, a row each with its sentence: a report that is all text has its numbers as numbers, too.
func (b *book) spoken() error {
	t := compile.Table{Columns: []compile.Column{{Title: "标题", Share: 20}, {Title: "名称", Share: 46}, {Title: "数值", Share: 14, Align: compile.Right}, {Title: "计量单位", Share: 10}, {Title: "所在句", Share: 76}}}
	if b.document.Internal {
		t.Columns = append(t.Columns, compile.Column{Title: "编号", Share: 8})
	}
	heading := ""
	for _, block := range b.document.Body {
		switch block := block.(type) {
		case compile.Heading:
			heading = block.Number + block.Text
		case compile.Paragraph:
			t.Rows = append(t.Rows, b.spokenIn(heading, block)...)
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	sheet, err := b.sheet("正文数字", true, 1)
	if err != nil {
		return err
	}
	return b.table(sheet, t)
}

// spokenIn are the rows of a paragraph, sentence by sentence.
func (b *book) spokenIn(heading string, p compile.Paragraph) [][]compile.Cell {
	var rows [][]compile.Cell
	for _, s := range sentences(p.Runs) {
		var text strings.Builder
		for _, r := range s {
			text.WriteString(r.Text)
		}
		for _, r := range s {
			n := b.document.Binding(r.Binding)
			if n == nil {
				continue
			}
			row := []compile.Cell{{{Text: heading}}, {{Text: n.Label}}, {r}, {{Text: n.Measure}}, {{Text: text.String()}}}
			if b.document.Internal {
				row = append(row, compile.Cell{{Text: n.ID, Reference: n.ID}})
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// sentences parts runs behind each 。 and leaves the ids behind the numbers away.
func sentences(runs []compile.Run) [][]compile.Run {
	list := [][]compile.Run{nil}
	for _, r := range runs {
		if r.Reference != "" {
			continue
		}
		for i, text := range strings.SplitAfter(r.Text, "。") {
			if i > 0 {
				list = append(list, nil)
			}
			part := r
			part.Text = text
			list[len(list)-1] = append(list[len(list)-1], part)
		}
	}
	return list
}
