package compile

import (
	"fmt"
	"strings"

	"huizong/pkg/reporting"
)

// note writes the list at the front: what is missing, by the form that should have brought it, so that the office sees at once
// whom to call. A report without gaps has none, but on the boundaries of a day it says so.
func note(g Gaps, cutoff string, boundaries reporting.Date) []Paragraph {
	var lines []string
	if boundaries != 0 {
		lines = append(lines, boundariesLine(boundaries))
	}
	if !g.None() {
		lines = append(lines, g.lines(cutoff)...)
	}
	var paragraphs []Paragraph
	for _, line := range lines {
		lead, rest, _ := strings.Cut(line, "：")
		paragraphs = append(paragraphs, Paragraph{Lead: lead + "：", Level: 1, Runs: []Run{{Text: rest}}})
	}
	return paragraphs
}

func boundariesLine(day reporting.Date) string {
	return "单位口径：按" + dateLabel(day) + "的区划，此前撤并单位的数据计入合并后的单位。"
}

func (g Gaps) lines(cutoff string) []string {
	lines := []string{"编制说明：本稿按截至" + cutoff + "收到的数据编制，【 】处须补齐后定稿。"}
	lines = append(lines, g.unfinished()...)
	for _, n := range g.Named() {
		if n.NoAction || n.Label == unset { // the workbook has the one, the other is among what is not finished
			continue
		}
		lines = append(lines, n.Label+"："+strings.Join(n.Names, "、")+"。")
	}
	return lines
}

// unfinished says what keeps the report from going out: what is owed and not there, or not all there, and the places that nobody has
// filled in.
func (g Gaps) unfinished() []string {
	var lines []string
	if n := len(g.Missing); n > 0 {
		lines = append(lines, fmt.Sprintf("未报：共%d项。%s", n, byForm(g.Missing)))
	}
	if n := len(g.Incomplete); n > 0 {
		lines = append(lines, fmt.Sprintf("数据不全：共%d项。%s", n, byCoverage(g.Incomplete)))
	}
	if len(g.Unset) > 0 {
		lines = append(lines, unset+"："+strings.Join(g.Unset, "、")+"。")
	}
	return lines
}

// grouped lists names under the heads that they share, heads in the order of their first name.
func grouped(gaps []Gap, head func(Gap) string) (heads []string, names map[string][]string) {
	names = map[string][]string{}
	for _, g := range gaps {
		h := head(g)
		heads = appendNew(heads, h)
		names[h] = append(names[h], g.Name)
	}
	return heads, names
}

func byForm(gaps []Gap) string {
	heads, names := grouped(gaps, func(g Gap) string {
		if g.Form == "" {
			return "其他"
		}
		return "《" + g.Form + "》"
	})
	var b strings.Builder
	for i, h := range heads {
		b.WriteString(separator(i) + h + "：" + strings.Join(names[h], "、"))
	}
	return b.String() + "。"
}

func byCoverage(gaps []Gap) string {
	heads, names := grouped(gaps, func(g Gap) string {
		coverage := fmt.Sprintf("（%d个单位已报齐%d个", g.Expected, g.Reported)
		if len(g.Units) > 0 {
			coverage += "，未报齐：" + strings.Join(g.Units, "、")
		}
		return coverage + "）"
	})
	var b strings.Builder
	for i, h := range heads {
		b.WriteString(separator(i) + strings.Join(names[h], "、") + h)
	}
	return b.String() + "。"
}

func separator(i int) string {
	if i == 0 {
		return ""
	}
	return "；"
}
