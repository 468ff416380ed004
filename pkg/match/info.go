package match

import (
	"regexp"
	"slices"
	"strings"

	"huizong/pkg/label"
	"huizong/pkg/reporting"
)

// info is what the lines above a table say.
type info struct {
	title   reporting.Note
	titles  []string // folded texts of all cells above the table
	org     reporting.Note
	period  reporting.Note
	measure reporting.Note
	names   reporting.Period
}

// The keys of the info line. 单位 alone is the unit of money or of count when such a unit follows, else the sender.
var (
	orgKeys = []string{"填报单位", "报送单位", "上报单位", "编制单位", "制表单位", "填表单位", "申报单位", "汇总单位", "填报部门", "报送部门", "填报机构",
		"报表单位", "机构名称", "单位名称", "所属单位", "填报乡镇", "乡镇街道", "乡镇(街道)", "乡镇"}
	periodKeys = []string{"报表所属期", "报表所属期间", "所属期", "所属期间", "所属时期", "报告期", "报告期间", "报告时间", "报表期", "报表期间", "报表月份",
		"填报期", "填报期间", "填报月份", "填报时期", "统计期", "统计期间", "统计时间", "统计月份", "所属月份", "所属年月", "所属年度", "所属年份", "月份", "年度", "年月", "期间"}
	measureKeys = []string{"金额单位", "计量单位", "货币单位", "数据单位", "单位"}
)

type infoKey int

const (
	orgKey infoKey = iota
	periodKey
	measureKey
)

var keyPattern = regexp.MustCompile(`(?:` + keyAlternatives() + `)\s*(?:\([^)]{0,8}\))?\s*:`)

// keyAlternatives lists the keys, the longest first, with spaces allowed between their characters: 填 报 单 位.
func keyAlternatives() string {
	all := slices.Concat(orgKeys, periodKeys, measureKeys)
	slices.SortFunc(all, func(a, b string) int { return len(b) - len(a) })
	spaced := make([]string, len(all))
	for i, key := range all {
		letters := strings.Split(key, "")
		for j := range letters {
			letters[j] = regexp.QuoteMeta(letters[j])
		}
		spaced[i] = strings.Join(letters, `\s*`)
	}
	return strings.Join(spaced, "|")
}

func keyOf(text string) infoKey {
	key, _, _ := strings.Cut(text, ":")
	folded := label.Fold(key)
	for kind, keys := range [][]string{orgKeys, periodKeys, measureKeys} {
		for _, k := range keys {
			if strings.HasPrefix(folded, label.Fold(k)) {
				return infoKey(kind)
			}
		}
	}
	return orgKey
}

// readInfo reads the rows above the header's first.
func readInfo(g *grid, first int32) info {
	var in info
	for _, row := range g.sheet.Rows {
		if row.Index >= first {
			break
		}
		for i, cell := range row.Cells {
			text := label.Clean(cell.Text)
			if text == "" {
				continue
			}
			keys := keyPattern.FindAllStringIndex(text, -1)
			if len(keys) == 0 {
				in.plain(cell, text)
				continue
			}
			for k, at := range keys {
				end := len(text)
				if k+1 < len(keys) {
					end = keys[k+1][0]
				}
				value := reporting.Note{Text: label.Clean(text[at[1]:end]), Cell: reporting.CellName(cell.Row, cell.Col)}
				if value.Text == "" {
					value = nextValue(g.sheet, row.Cells[i+1:], value)
				}
				in.set(keyOf(text[at[0]:at[1]]), value)
			}
		}
	}
	if in.names.IsZero() {
		in.names, _ = label.Period(in.title.Text)
	}
	return in
}

// nextValue is the text of the next cell of the row, where the key stands in a cell of its own.
func nextValue(sheet *reporting.Sheet, cells []reporting.Cell, none reporting.Note) reporting.Note {
	for _, c := range cells {
		text := label.Clean(c.Text)
		switch {
		case text == "":
			continue
		case keyPattern.MatchString(text):
			return none
		}
		if day, ok := sheet.Day(c); ok {
			text = day.Month().String()
		}
		return reporting.Note{Text: text, Cell: reporting.CellName(c.Row, c.Col)}
	}
	return none
}

func (in *info) set(key infoKey, value reporting.Note) {
	if value.Text == "" {
		return
	}
	if unit, ok := label.Unit(value.Text); ok && key != periodKey {
		in.measure = reporting.Note{Text: unit, Cell: value.Cell}
		return
	}
	switch key {
	case orgKey, measureKey:
		if in.org.Text == "" {
			in.org = value
		}
	case periodKey:
		if in.period.Text == "" {
			in.period = value
			in.names, _ = label.Period(value.Text)
		}
	}
}

// plain reads a cell without a key: a title, or a period that stands alone.
func (in *info) plain(cell reporting.Cell, text string) {
	note := reporting.Note{Text: text, Cell: reporting.CellName(cell.Row, cell.Col)}
	folded := label.Fold(text)
	in.titles = append(in.titles, folded)
	if p, ok := label.Period(strings.Trim(text, "()")); ok && len([]rune(folded)) <= 12 && in.period.Text == "" {
		in.period, in.names = note, p
		return
	}
	if unit, ok := label.Unit(text); ok {
		in.measure = reporting.Note{Text: unit, Cell: note.Cell}
		return
	}
	if len(text) > len(in.title.Text) {
		in.title = note
	}
}

// hasTitle reports whether a line above the table carries one of the form's titles.
func (in *info) hasTitle(form *reporting.Form) bool {
	for _, title := range append([]string{form.Title.ZH}, form.Aliases...) {
		folded := label.Fold(title)
		if slices.ContainsFunc(in.titles, func(text string) bool { return strings.Contains(text, folded) }) {
			return true
		}
	}
	return false
}
