package normalize_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"huizong/pkg/match"
	"huizong/pkg/reporting"
	"huizong/pkg/reporting/reportingtest"
)

// leaf is a sheet of a workbook that a clerk works on.
type leaf struct {
	name   string
	hidden bool
	rows   []string
}

// book is a workbook with what it is sent as. right is what belongs into a cell, for whoever is asked to write it.
type book struct {
	leaves []leaf
	form   string
	period string
	right  map[string]string
}

func (b book) copy() book {
	b.leaves = slices.Clone(b.leaves)
	for i := range b.leaves {
		b.leaves[i].rows = slices.Clone(b.leaves[i].rows)
	}
	return b
}

func (b book) leaf(name string) int {
	return slices.IndexFunc(b.leaves, func(l leaf) bool { return l.name == name })
}

// write puts a text into a cell.
func (b book) write(t *testing.T, sheet, cell, text string) {
	at, err := reportingtest.Range(cell)
	if err != nil {
		t.Fatalf("%s!%s: %v", sheet, cell, err)
	}
	row := &b.leaves[b.leaf(sheet)].rows[at.FirstRow]
	cells := strings.Split(*row, "|")
	cells[at.FirstCol] = text
	*row = strings.Join(cells, "|")
}

// read judges the book by itself. What it lists is accounted for if a line holds it, or if its sheet is named.
func (b book) read(t *testing.T) (findings []reporting.Finding, silent []string) {
	var sheets []*reporting.Sheet
	for _, l := range b.leaves {
		head := "@ name " + l.name
		if l.hidden {
			head += " | hidden"
		}
		sheets = append(sheets, reportingtest.Sheet(t, head+"\n"+strings.Join(l.rows, "\n")))
	}
	period, err := reporting.ParsePeriod(b.period)
	if err != nil {
		t.Fatal(err)
	}
	layout, findings := match.New(catalogue.Forms).Find(sheets, match.Expected{Form: b.form, Period: period})
	taken := map[string]bool{}
	if layout != nil {
		table, _, more := reader.Read(layout, catalogue.Form(b.form).Senders[0], period)
		findings = append(findings, more...)
		for _, line := range table.Lines {
			for _, v := range line.Values {
				taken[v.Text] = true
			}
		}
	}
	for _, l := range b.leaves {
		named := slices.ContainsFunc(findings, func(f reporting.Finding) bool {
			return f.Sheet == l.name || strings.Contains(f.Message, "“"+l.name+"”")
		})
		for _, row := range l.rows {
			for _, cell := range strings.Split(row, "|") {
				if cell = strings.TrimSpace(cell); strings.HasPrefix(cell, "〔") && !taken[cell] && !named {
					silent = append(silent, l.name+" "+cell)
				}
			}
		}
	}
	return findings, silent
}

// advice is what is done where a message says so: it gives the books that are sent then.
var advice = []struct {
	says   string
	follow func(t *testing.T, b book, f reporting.Finding) []book
}{
	{"合并到一张工作表", func(_ *testing.T, b book, _ reporting.Finding) []book {
		first := &b.leaves[0]
		for _, l := range b.leaves[1:] {
			for _, row := range l.rows[1:] {
				if !slices.Contains(first.rows, row) {
					first.rows = append(first.rows, row)
				}
			}
		}
		b.leaves = b.leaves[:1]
		return []book{b}
	}},
	{"另外报送", func(_ *testing.T, b book, f reporting.Finding) []book {
		out := b.copy()
		out.leaves, out.form = []leaf{b.leaves[b.leaf(f.Sheet)]}, b.right[f.Sheet]
		b.leaves = slices.Delete(b.leaves, b.leaf(f.Sheet), b.leaf(f.Sheet)+1)
		return []book{b, out}
	}},
	{"按那个时期报送", func(_ *testing.T, b book, f reporting.Finding) []book {
		out := b.copy()
		out.leaves, out.period = []leaf{b.leaves[b.leaf(f.Sheet)]}, b.right[f.Sheet]
		b.leaves = slices.Delete(b.leaves, b.leaf(f.Sheet), b.leaf(f.Sheet)+1)
		return []book{b, out}
	}},
	{"取消隐藏", func(_ *testing.T, b book, f reporting.Finding) []book {
		b.leaves[b.leaf(f.Sheet)].hidden = false
		return []book{b}
	}},
	{"没有的请留空", func(t *testing.T, b book, f reporting.Finding) []book {
		b.write(t, f.Sheet, f.Cell, "")
		return []book{b}
	}},
	{"请", func(t *testing.T, b book, f reporting.Finding) []book { // write what is right into the cell
		text, known := b.right[f.Sheet+"!"+f.Cell]
		if !known {
			t.Errorf("nobody knows how to follow %q at %s!%s", f.Message, f.Sheet, f.Cell)
			return nil
		}
		b.write(t, f.Sheet, f.Cell, text)
		return []book{b}
	}},
}

// TestAdviceLosesNothing follows the advice of every finding on sheets as offices send them. What was found is gone then, and nothing of what
// the sheets list has vanished without a word, before or after.
func TestAdviceLosesNothing(t *testing.T) {
	const cases = "案号 | 申请人 | 被申请人 | 所属乡镇（街道） | 案由 | 立案日期 | 结案日期 | 结案方式 | 涉及人数 | 涉案金额（元）"
	row := func(no string) string {
		return "〔" + no + "〕 | 张三 | 甲厂 | 港口镇 | 工资 | 2020-01-06 | | | 1 | 5000"
	}
	const deposits = "项目名称 | 施工单位 | 所属乡镇（街道） | 缴存日期 | 保证金金额（万元） | 状态"
	project := func(no string) string {
		return "〔" + no + "〕工程 | 一建 | 港口镇 | 2019-03-01 | 12.5 | 在缴"
	}
	followed := map[string]bool{}
	for name, b := range map[string]book{
		"rows on two sheets":     {form: "dispute_cases", leaves: []leaf{{"甲", false, []string{cases, row("1"), row("2")}}, {"乙", false, []string{cases, row("2"), row("3")}}}},
		"two sheets of one list": {form: "dispute_cases", leaves: []leaf{{"甲", false, []string{cases, row("1")}}, {"乙", false, []string{cases, row("2")}}}},
		"another form beside it": {form: "dispute_cases", right: map[string]string{"保证金": "wage_deposits"},
			leaves: []leaf{{"案件", false, []string{cases, row("1")}}, {"保证金", false, []string{"在建工程项目农民工工资保证金台账", deposits, project("1")}}}},
		"a hidden sheet": {form: "dispute_cases", leaves: []leaf{{"甲", false, []string{cases, row("1")}}, {"乙", true, []string{cases, row("2")}}}},
		"months that are whole": {form: "wage_deposits", right: map[string]string{"5月": "2020-05"},
			leaves: []leaf{{"5月", false, []string{deposits, project("1")}}, {"6月", false, []string{deposits, project("1"), project("2")}}}},
		"a sheet without a row": {form: "dispute_cases", leaves: []leaf{{"甲", false, []string{cases, row("1"), row("2")}}, {"乙", false, []string{cases, row("3")}}, {"丙", false, []string{cases}}}},
		"cells": {form: "dispute_cases", right: map[string]string{"甲!D2": "港口镇", "甲!F2": "2020-01-06", "甲!I2": "31", "甲!I3": "12", "甲!C3": "甲厂", "甲!D3": "港口镇", "甲!F3": "2020-06-05", "甲!J3": "5000"},
			leaves: []leaf{{"甲", false, []string{cases,
				"〔1〕 | 张三 | 甲厂 | 港口 | 工资 | 1月6日 | 审理中 | | 31人（其中女12人） | 5000",
				"〔2〕 | 李四 | 〃 | 北河镇 | 工资 | 6月40日 | 尚未结案 | | 十二 | 伍仟元整"}}}},
		"the end, and a note below it": {form: "dispute_cases", leaves: []leaf{{"甲", false, []string{cases, row("1"), "以下空白", "注：〔9〕另案处理"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			b.period = "2020-06"
			findings, silent := b.read(t)
			if len(silent) > 0 {
				t.Errorf("vanished: %v", silent)
			}
			for _, f := range findings {
				if !strings.Contains(f.Message, "请") {
					continue
				}
				i := slices.IndexFunc(advice, func(a struct {
					says   string
					follow func(t *testing.T, b book, f reporting.Finding) []book
				}) bool {
					return strings.Contains(f.Message, a.says)
				})
				followed[advice[i].says] = true
				for _, then := range advice[i].follow(t, b.copy(), f) {
					found, silent := then.read(t)
					still := slices.ContainsFunc(found, func(g reporting.Finding) bool { return fmt.Sprint(g) == fmt.Sprint(f) })
					if len(silent) > 0 || still {
						t.Errorf("%q at %s!%s was followed: vanished %v, still found %v", f.Message, f.Sheet, f.Cell, silent, still)
					}
				}
			}
		})
	}
	for _, a := range advice {
		if !followed[a.says] {
			t.Errorf("no sheet is told %q", a.says)
		}
	}
}
