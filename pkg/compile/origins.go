package compile

import (
	"cmp"
	"fmt"
	"strings"

	"huizong/pkg/reporting"
)

// The list of origins names all cells of a number that has few, and of others so many files with their first cells.
const (
	cellsListed = 4
	filesListed = 2
)

// origins is the table that leads from each number before it to the cells: a row for each part of each figure.
func (c *compiler) origins() Table {
	t := Table{Dense: true, Wide: true, Columns: []Column{
		{"编号", 40, Left}, {"指标和算法", 44, Left}, {"组成", 28, Left}, {"来源（文件〔校验码〕工作表!单元格＝原值）", 64, Left},
	}}
	entries := map[FigureID]string{} // the first number of each
	for _, figure := range c.wholeFigures() {
		entries[figure] = c.bindingsOf(figure)[0].ID
		t.Rows = append(t.Rows, c.entry(figure)...)
	}
	// A unit's number is a part of the city's, and is found there, unless the report is about the unit.
	for i := range c.binder.bindings {
		b := &c.binder.bindings[i]
		if c.whole(b.Figure) {
			b.Entry = b.ID
			continue
		}
		id := b.Figure
		id.Unit = c.Catalogue.City
		b.Entry = entries[id]
	}
	return t
}

// whole reports whether a figure is followed to its cells by itself: the city's, and that of the unit which the report is about.
func (c *compiler) whole(id FigureID) bool {
	return id.Unit == c.Catalogue.City || id.Unit == c.subject
}

// wholeFigures lists those of the printed figures that are followed to their cells, in the order of their first number.
func (c *compiler) wholeFigures() []FigureID {
	var figures []FigureID
	seen := map[FigureID]bool{}
	for _, b := range c.binder.bindings {
		if !seen[b.Figure] && c.whole(b.Figure) {
			figures = append(figures, b.Figure)
		}
		seen[b.Figure] = true
	}
	return figures
}

func (c *compiler) bindingsOf(figure FigureID) []Binding {
	var list []Binding
	for _, at := range c.binder.byFigure[figure] {
		list = append(list, c.binder.bindings[at])
	}
	return list
}

// entry makes the rows of a figure. Without a trace there is one, which says how to get it.
func (c *compiler) entry(figure FigureID) [][]Cell {
	command := Run{Text: fmt.Sprintf("huizong trace %s --period %s", figure.Indicator, figure.Period)}
	if figure.Unit != c.Catalogue.City {
		command.Text += " --org " + figure.Unit
	}
	trace := c.trace(figure)
	if trace == nil {
		return [][]Cell{{c.idCell(figure), c.nameCell(figure, ""), {{Text: none}}, {command}}}
	}
	rows := make([][]Cell, len(trace.Parts))
	for i := range trace.Parts {
		p := &trace.Parts[i]
		source := Cell{{Text: sourceOf(p.Cells)}}
		if len(p.Cells) > cellsListed {
			source = append(source, Run{Text: "全部见 "}, command)
		}
		rows[i] = []Cell{{}, {}, c.partCell(p), source}
	}
	if len(rows) > 0 {
		rows[0][0], rows[0][1] = c.idCell(figure), c.nameCell(figure, trace.Formula.ZH)
	}
	return rows
}

// trace finds the trace of a figure. The city stands in a trace by its code or by none.
func (c *compiler) trace(figure FigureID) *reporting.Trace {
	for i := range c.Traces {
		f := &c.Traces[i].Figure
		if f.Indicator == figure.Indicator && f.Period == figure.Period && cmp.Or(f.Unit, c.Catalogue.City) == figure.Unit {
			return &c.Traces[i]
		}
	}
	return nil
}

// idCell lists the ids of the figure's numbers under what they are, for the same number may be printed in several measures.
func (c *compiler) idCell(figure FigureID) Cell {
	var labels []string
	ids := map[string][]string{}
	for _, b := range c.bindingsOf(figure) {
		label := cmp.Or(b.Aspect.label(), "数值")
		labels = appendNew(labels, label)
		ids[label] = append(ids[label], b.ID)
	}
	var cell Cell
	for i, label := range labels {
		cell = append(cell, Run{Text: separator(i) + label})
		for j, id := range ids[label] {
			cell = append(cell, Run{Text: strings.Repeat("、", min(j, 1)) + " "}, Run{Text: id, Entry: id})
		}
	}
	return join(cell)
}

func (c *compiler) nameCell(figure FigureID, formula string) Cell {
	text := nameOf(c.Catalogue, figure.Indicator) + "（" + figure.Indicator + "，" + figure.Period.Label() + "）"
	if formula != "" {
		text += "：" + formula
	}
	return Cell{{Text: text}}
}

var roleLabels = map[string]string{"numerator": "分子：", "denominator": "分母：", "part": "组成："}

func (c *compiler) partCell(p *reporting.Part) Cell {
	text := roleLabels[p.Role] + nameOf(c.Catalogue, p.Figure.Indicator)
	if i := c.Catalogue.Indicator(p.Figure.Indicator); i != nil && p.Figure.Value != nil {
		measure := ownMeasure(i)
		text += " " + printed(p.Figure.Value, measure, c.Template.precision[measure]) + measure
	}
	return Cell{{Text: text}}
}

// sourceOf says which cells a part was added up from, in short where they are many.
func sourceOf(cells []reporting.Origin) string {
	if len(cells) == 0 {
		return "没有单元格"
	}
	files, first := firstCells(cells)
	var b strings.Builder
	if len(cells) > cellsListed {
		fmt.Fprintf(&b, "%d个文件%d格，如", len(files), len(cells))
		first = first[:min(len(first), filesListed)]
	} else {
		first = cells
	}
	for i, o := range first {
		b.WriteString(separator(i) + originText(o))
	}
	return b.String() + "。"
}

// firstCells returns the hashes of the files in the order of the cells, and of each its first cell.
func firstCells(cells []reporting.Origin) (files []string, first []reporting.Origin) {
	seen := map[string]bool{}
	for _, o := range cells {
		if !seen[o.SHA256] {
			seen[o.SHA256] = true
			files, first = append(files, o.SHA256), append(first, o)
		}
	}
	return files, first
}

// originText names one cell. Of the hash it gives eight digits, which tell the files of a year apart and which `huizong trace` takes up.
func originText(o reporting.Origin) string {
	o = legibleOrigin(o)
	sheet := o.Sheet
	if sheet != "" {
		sheet += "!"
	}
	sign := ""
	if o.TakenOff {
		sign = "减"
	}
	return fmt.Sprintf("%s%s〔%.8s〕%s%s＝%s", sign, cmp.Or(o.FileName, o.Form), o.SHA256, sheet, o.Cell, cmp.Or(o.Written, o.Value.String()))
}
