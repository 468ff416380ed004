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
	sent    reporting.Period  // what the submission was sent for
	others  []reporting.Note  // further units of the same lines
	rivals  [2]reporting.Note // two periods, or two units of money, of which neither is surer than the other
	taken   string            // the cell that was read as the value of a key
	below   []string          // and those that stand under theirs
	end     int32             // the row of the header
}

// The keys of the info line. 单位 alone is the unit of money or of count when such a unit follows, else the sender.
var (
	orgKeys = []string{"填报单位", "报送单位", "上报单位", "编制单位", "制表单位", "填表单位", "申报单位", "汇总单位", "填报部门", "报送部门", "填报机构",
		"报表单位", "机构名称", "填报单位名称", "报送单位名称", "编报单位", "报告单位", "填报机关", "呈报单位", "汇总部门", "单位(部门)", "单位名称", "所属单位", "填报乡镇", "乡镇街道", "乡镇(街道)", "乡镇"}
	periodKeys = []string{"报表所属期", "报表所属期间", "所属期", "所属期间", "所属时期", "报告期", "报告期间", "报告时间", "报表期", "报表期间", "报表月份",
		"填报期", "填报期间", "填报月份", "填报时期", "统计期", "统计期间", "统计时间", "统计月份", "所属月份", "所属年月", "所属年度", "所属年份", "报送月份", "上报月份", "数据期间", "数据月份", "数据时间", "统计年月", "统计年度", "统计日期", "报表时期", "报表年月", "会计期间", "费款所属期", "截止时间", "截至时间", "月份", "年度", "年月", "期间"}
	measureKeys = []string{"金额单位", "计量单位", "货币单位", "数据单位", "数量单位", "计数单位", "单位"}
)

type infoKey int

const (
	orgKey infoKey = iota
	periodKey
	measureKey
)

var (
	keyPattern = regexp.MustCompile(`(?:` + keyAlternatives() + `)\s*(?:\([^)]{0,8}\))?\s*:`)
	keyAlone   = regexp.MustCompile(`^(?:` + keyAlternatives() + `)\s*(?:\([^)]{0,8}\))?$`)
	fillKey    = regexp.MustCompile(`^(?:填报|填表|报送|制表|报出|上报|打印|导出|生成)(?:日期|时间)`)
)

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

// readInfo reads the rows above the header's first. period is the one that the sheet was sent for: it lends its year to a month
// without one.
func readInfo(g *grid, first int32, period reporting.Period) info {
	in := info{sent: period, end: first}
	for _, row := range g.sheet.Rows {
		if row.Index >= first {
			break
		}
		for i, cell := range row.Cells {
			if text := in.shown(g.sheet, cell); text != "" {
				in.cell(g.sheet, cell, text, row.Cells[i+1:])
			}
		}
	}
	if in.names.IsZero() {
		in.names, _ = in.periodIn(in.title.Text)
	} else {
		in.another(in.title)
	}
	return in
}

// another notes that a line names another period of the same length than the one that was read: somebody has brought only one of them up to
// date.
func (in *info) another(note reporting.Note) {
	if p, ok := in.periodIn(note.Text); ok && p != in.names && p.Len() == in.names.Len() && in.period.Text != "" {
		in.rivals = [2]reporting.Note{in.period, note}
	}
}

// setMeasure takes a unit of measure. Two of money that differ are no unit at all.
func (in *info) setMeasure(unit, cell string) {
	was, is := reporting.Money(in.measure.Text), reporting.Money(unit)
	_, wasMoney := was.Factor()
	_, isMoney := is.Factor()
	note := reporting.Note{Text: unit, Cell: cell}
	if wasMoney && isMoney && was != is {
		in.rivals = [2]reporting.Note{in.measure, note}
	}
	if isMoney || !wasMoney {
		in.measure = note
	}
}

// cell reads one cell: what stands before its first key, and each key with its value.
func (in *info) cell(sheet *reporting.Sheet, cell reporting.Cell, text string, rest []reporting.Cell) {
	name := reporting.CellName(cell.Row, cell.Col)
	if in.taken == name || slices.Contains(in.below, name) {
		return // it was the value of the key to its left, or over it
	}
	keys := keyPattern.FindAllStringIndex(text, -1)
	if keyAlone.MatchString(text) {
		keys = [][]int{{0, len(text)}}
	}
	if len(keys) == 0 {
		in.plain(name, text)
		return
	}
	if before := strings.TrimRight(text[:keys[0][0]], " ([【,;"); before != "" {
		in.plain(name, before)
	}
	for k, at := range keys {
		end := len(text)
		if k+1 < len(keys) {
			end = keys[k+1][0]
		}
		value := reporting.Note{Text: label.Clean(text[at[1]:end]), Cell: name}
		if value.Text == "" {
			value = in.next(sheet, rest, value)
		}
		if below := cell.Row + 1; value.Text == "" && below < in.end && onlyKeys(sheet, cell.Row) {
			value = in.under(sheet, below, cell.Col)
		}
		in.set(keyOf(text[at[0]:at[1]]), value)
	}
}

// shown is the cell's text; of a date its month, where it can only stand for one.
func (in *info) shown(sheet *reporting.Sheet, cell reporting.Cell) string {
	day, ok := sheet.Day(cell)
	if !ok {
		return label.Clean(cell.Shown())
	}
	if bounds := reporting.MonthPeriod(day.Month()); day == bounds.Start() || day == bounds.End() {
		return day.Month().String()
	}
	return ""
}

// next is the text of the next cell of the row, where the key stands in a cell of its own.
func (in *info) next(sheet *reporting.Sheet, cells []reporting.Cell, none reporting.Note) reporting.Note {
	for _, c := range cells {
		text := in.shown(sheet, c)
		if day, ok := sheet.Day(c); ok {
			text = day.Month().String()
		}
		switch {
		case text == "":
			continue
		case keyPattern.MatchString(text) || keyAlone.MatchString(text):
			return none
		}
		in.taken = reporting.CellName(c.Row, c.Col)
		return reporting.Note{Text: text, Cell: in.taken}
	}
	return none
}

// onlyKeys reports whether the row holds several keys and nothing else: their values stand under them.
func onlyKeys(sheet *reporting.Sheet, index int32) bool {
	keys := 0
	for _, row := range sheet.Rows {
		if row.Index != index {
			continue
		}
		for _, c := range row.Cells {
			text := label.Clean(c.Text)
			if text != "" && !keyAlone.MatchString(strings.TrimRight(text, ":")) {
				return false
			}
			if text != "" {
				keys++
			}
		}
	}
	return keys > 1
}

func (in *info) under(sheet *reporting.Sheet, row, col int32) reporting.Note {
	cell, ok := sheet.At(row, col)
	text := in.shown(sheet, cell)
	if !ok || text == "" || keyPattern.MatchString(text) || keyAlone.MatchString(text) {
		return reporting.Note{}
	}
	name := reporting.CellName(row, col)
	in.below = append(in.below, name)
	return reporting.Note{Text: text, Cell: name}
}

func (in *info) set(key infoKey, value reporting.Note) {
	if value.Text == "" {
		return
	}
	if key == periodKey {
		in.setPeriod(value)
		return
	}
	if unit, ok := measureOf(value.Text, key == measureKey); ok {
		in.setMeasure(unit, value.Cell)
		return
	}
	// Behind the unit a period or a unit of measure may follow without a key of its own: 城东街道　　2020年6月　　单位：人.
	var name []string
	for _, part := range blanks.Split(value.Text, -1) {
		if p, ok := in.periodIn(part); ok && !p.IsZero() {
			in.setPeriod(reporting.Note{Text: part, Cell: value.Cell})
		} else if unit, ok := label.Unit(part); ok {
			in.setMeasure(unit, value.Cell)
		} else {
			name = append(name, part)
		}
	}
	value.Text = strings.Join(name, " ")
	switch {
	case len(name) == 0 || label.Fold(value.Text) == "":
	case in.org.Text == "":
		in.org = value
	default:
		in.others = append(in.others, value)
	}
}

var blanks = regexp.MustCompile(`\s+`)

func (in *info) setPeriod(value reporting.Note) {
	if in.period.Text != "" {
		in.another(value)
		return
	}
	in.period = value
	if p, ok := in.periodIn(value.Text); ok {
		in.names = p
	} else if day, ok := label.Day(strings.TrimPrefix(strings.TrimPrefix(value.Text, "截至"), "截止")); ok {
		// A day names the period that it ends; any other may be the day on which the sheet was filled in.
		switch m := reporting.MonthPeriod(day.Month()); {
		case !in.sent.IsZero() && day == in.sent.End():
			in.names = in.sent
		case m.End() == day:
			in.names = m
		}
	}
}

// periodIn finds the period in a text; a month without a year is one of the submission's year.
func (in *info) periodIn(text string) (reporting.Period, bool) {
	if p, ok := label.Period(text); ok {
		return p, true
	}
	if in.sent.IsZero() || strings.Contains(text, "日") {
		return reporting.Period{}, false
	}
	return label.MonthIn(text, in.sent.Last.Year())
}

// measureOf is the unit of measure that a text names: alone, or as the only one of money among units of count.
func measureOf(text string, several bool) (string, bool) {
	if unit, ok := label.Unit(text); ok || !several {
		return unit, ok
	}
	text, _, _ = strings.Cut(text, "(")
	var money []string
	units := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("、,/;和及 ", r) })
	for _, part := range units {
		unit, ok := label.Unit(part)
		if !ok {
			return "", false
		}
		if _, ok := reporting.Money(unit).Factor(); ok {
			money = append(money, unit)
		}
	}
	if len(units) == 0 || len(money) > 1 {
		return "", len(units) > 0
	}
	return strings.Join(money, ""), true
}

// plain reads a text without a key: a title, or a period or a unit of measure that stands alone.
func (in *info) plain(name, text string) {
	if fillKey.MatchString(text) {
		return
	}
	note := reporting.Note{Text: text, Cell: name}
	folded := label.Fold(text)
	in.titles = append(in.titles, folded)
	if p, ok := in.periodIn(strings.Trim(text, "()")); ok && len([]rune(folded)) <= 14 && in.period.Text == "" && !titleWord.MatchString(folded) {
		if p.Len() == 12 && in.sent.Len() < 12 && !in.sent.IsZero() {
			return // a year over columns, or in words of the office: it names no month
		}
		in.period, in.names = note, p
		return
	}
	if unit, ok := label.Unit(text); ok {
		in.setMeasure(unit, note.Cell)
		return
	}
	if len(text) > len(in.title.Text) {
		in.title = note
	}
}

// titleWord ends a title: 2020年6月就业月报表 is no period that stands alone.
var titleWord = regexp.MustCompile(`(?:表|台账|名单|材料|名册|清单|汇总|报告)`)

// titleEnd is how a title ends, and no head of columns does.
var titleEnd = regexp.MustCompile(`(?:表|台账|名单|名册|清单)$`)

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
