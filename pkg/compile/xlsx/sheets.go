package xlsx

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"huizong/pkg/compile"
)

// cover says what the workbook is, and what is missing from it.
func (b *book) cover() error {
	d := b.document
	sheet, err := b.sheet("说明", false, 1)
	if err != nil {
		return err
	}
	t := compile.Table{Columns: []compile.Column{{Title: "项目", Share: 20}, {Title: "内容", Share: 100}}}
	add := func(name, text string) { t.Rows = append(t.Rows, []compile.Cell{{{Text: name}}, {{Text: text}}}) }
	add("报告", strings.Join(d.Title, ""))
	add("期间", d.Period.Label())
	add("数据截止", d.Cutoff.Format("2006-01-02 15:04 -07:00"))
	add("编制单位", d.Issuer)
	for _, l := range [][2]string{{"发文字号", d.Number}, {"签发人", d.Signer}} {
		if l[1] != "" {
			add(l[0], l[1])
		}
	}
	for _, p := range d.Note {
		var text strings.Builder
		for _, r := range p.Runs {
			text.WriteString(r.Text)
		}
		add(strings.TrimSuffix(p.Lead, "："), text.String())
	}
	return b.table(sheet, t)
}

// gaps lists what is missing and what is not whole, a row each: in the companion, for the report is sent without.
func (b *book) gaps() error {
	if !b.document.Internal {
		return nil
	}
	t := compile.Table{Columns: []compile.Column{{Title: "情形", Share: 16}, {Title: "指标", Share: 44}, {Title: "指标代码", Share: 44}, {Title: "报表", Share: 30}, {Title: "未报单位", Share: 50}}}
	add := func(kind, name, code, form, units string) {
		row := make([]compile.Cell, 5)
		for i, text := range []string{kind, name, code, form, units} {
			row[i] = compile.Cell{{Text: text}}
		}
		t.Rows = append(t.Rows, row)
	}
	g := b.document.Gaps
	for _, m := range g.Missing {
		add("未报", m.Name, m.Indicator, m.Form, "")
	}
	for _, m := range g.Incomplete {
		add(fmt.Sprintf("数据不全（%d个单位已报齐%d个）", m.Expected, m.Reported), m.Name, m.Indicator, m.Form, strings.Join(m.Units, "、"))
	}
	for _, n := range g.Named() {
		for _, name := range n.Names {
			add(n.Label, name, "", "", "")
		}
	}
	sheet, err := b.sheet("未报清单", true, 1)
	if err != nil {
		return err
	}
	return b.table(sheet, t)
}

// index lists every bound number with the place where it stands and the figure that it is, so that the file alone says which. The
// place is a link to the number, the id one to its origin. What is sent shows no ids: there the sheet is hidden.
func (b *book) index() error {
	t := compile.Table{Columns: []compile.Column{
		{Title: "编号", Share: 8}, {Title: "位置", Share: 40}, {Title: "名称", Share: 56}, {Title: "指标代码", Share: 44}, {Title: "单位代码", Share: 12},
		{Title: "期间", Share: 10}, {Title: "方面", Share: 22}, {Title: "计量单位", Share: 10}, {Title: "小数位", Share: 8},
	}}
	for _, p := range b.places {
		n := b.document.Binding(p.binding)
		row := make([]compile.Cell, len(t.Columns))
		for i, text := range []string{
			n.ID, fmt.Sprintf("'%s'!%s", p.sheet, p.cell), n.Label, n.Figure.Indicator, n.Figure.Unit, n.Figure.Period.String(), string(n.Aspect), n.Measure, fmt.Sprint(n.Places),
		} {
			row[i] = compile.Cell{{Text: text}}
		}
		t.Rows = append(t.Rows, row)
	}
	sheet, err := b.sheet("编号索引", true, 1)
	if err != nil {
		return err
	}
	if err := b.table(sheet, t); err != nil {
		return err
	}
	if err := b.links(sheet); err != nil {
		return err
	}
	if b.document.Internal {
		return b.numberLinks()
	}
	return b.file.SetSheetVisible(sheet, false)
}

// numberLinks lead from each number, and from its id beside it, to the entry of its origin, and from there to the number's first place.
func (b *book) numberLinks() error {
	back := map[place]bool{}
	for _, p := range append(b.places[:len(b.places):len(b.places)], b.named...) {
		binding := b.document.Binding(p.binding)
		entry, ok := b.entries[binding.Entry]
		if !ok {
			continue
		}
		if err := b.link(place{sheet: p.sheet, cell: p.cell}, entry); err != nil {
			return err
		}
		if back[entry] || binding.Entry != binding.ID { // a unit's number is a part of the entry
			continue
		}
		back[entry] = true
		if err := b.link(entry, p); err != nil {
			return err
		}
	}
	return nil
}

func (b *book) link(from, to place) error {
	return b.file.SetCellHyperLink(from.sheet, from.cell, fmt.Sprintf("'%s'!%s", to.sheet, to.cell), "Location")
}

func (b *book) links(sheet string) error {
	for y, p := range b.places {
		if err := b.file.SetCellHyperLink(sheet, address(1, y+1), fmt.Sprintf("'%s'!%s", p.sheet, p.cell), "Location"); err != nil {
			return err
		}
		entry, ok := b.entries[b.document.Binding(p.binding).Entry]
		if !ok {
			continue
		}
		if err := b.file.SetCellHyperLink(sheet, address(0, y+1), fmt.Sprintf("'%s'!%s", entry.sheet, entry.cell), "Location"); err != nil {
			return err
		}
	}
	if err := b.file.AutoFilter(sheet, fmt.Sprintf("A1:I%d", len(b.places)+1), []excelize.AutoFilterOptions{}); err != nil {
		return err
	}
	return b.fitWidth(sheet) // the filter has taken the properties for its own
}
