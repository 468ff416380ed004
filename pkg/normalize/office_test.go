package normalize_test

import (
	"fmt"
	"slices"
	"strings"

	"huizong/pkg/reporting"
)

// monthTabs are the names that offices give the sheets of a workbook with one a month.
var monthTabs = []string{"%d月", "%02d月", "2020.%d", "2020.%02d", "2020-%02d", "2020%02d", "2020年%d月", "20年%d月", "%d月份", "（%d月）", "就业%d月", "%d月报表"}

var officeVariations = []variation{
	{"info", "unit and period on the tab only", func(p *paper) bool {
		p.above, p.anonymous = nil, true
		p.tab = p.org.Name.ZH + p.period.Label()
		return true
	}},
	{"info", "info to the right of the title", func(p *paper) bool {
		if !p.monthly() {
			return false // a year alone in the cell over a column is the column's
		}
		p.above = [][]cell{row(p.form.Title.ZH, "", "填报单位："+p.org.Name.ZH, p.period.Label(), p.moneyText("单位：%s"))}
		return true
	}},
	{"info", "unit to the right of the title", always(func(p *paper) {
		p.timeless = true
		p.above = [][]cell{row(p.form.Title.ZH, "", "填报单位："+p.org.Name.ZH, "", "", p.moneyText("单位：%s"))}
	})},
	{"info", "info under blank rows", always(func(p *paper) {
		p.above = slices.Insert(p.above, 1, row(""), row(""))
		p.above = append(p.above, row(""), row(""))
	})},
	{"info", "values under their keys", always(func(p *paper) {
		p.setInfo(row("填报单位", "", "报表所属期", "", "单位"), row(p.org.Name.ZH, "", p.period.Label(), "", p.moneyText("%s")))
	})},
	{"heads", "units in a row of their own", func(p *paper) bool {
		if p.deep > 2 || p.form.Shape == reporting.NarrativeForm {
			return false
		}
		for _, c := range p.columns {
			for len(c.head) < p.deep && len(c.head) > 0 {
				c.head = append(c.head, "")
			}
			unit := ""
			if spec := p.spec(c); spec != nil && spec.Type == reporting.MoneyValue {
				unit = p.measure
				c.head[p.deep-1] = strings.NewReplacer("（元）", "", "（万元）", "").Replace(c.head[p.deep-1])
			} else if spec != nil && spec.Type == reporting.Integer {
				unit = "人"
			}
			c.head = append(c.head, unit)
		}
		p.deep++
		return true
	}},
	{"heads", "units in brackets in a row of their own", func(p *paper) bool {
		if p.deep > 2 || p.form.Shape == reporting.NarrativeForm || !hasType(p, reporting.MoneyValue) {
			return false
		}
		for _, c := range p.columns {
			spec := p.spec(c)
			if spec == nil || spec.Type != reporting.MoneyValue {
				continue
			}
			for len(c.head) < p.deep && len(c.head) > 0 {
				c.head = append(c.head, "")
			}
			c.head[p.deep-1] = strings.NewReplacer("（元）", "", "（万元）", "").Replace(c.head[p.deep-1])
			c.head = append(c.head, "（"+p.measure+"）")
		}
		p.deep++
		return true
	}},
	{"rows", "notes in the middle", func(p *paper) bool {
		p.lines[2].before = append(p.lines[2].before, row("注：以上为城区，以下为乡镇"))
		p.lines[3].before = append(p.lines[3].before, row("", "备注：数据已核对"))
		return true
	}},
	{"rows", "page sums", func(p *paper) bool {
		if !isLedger(p) {
			return false
		}
		for at, word := range map[int]string{2: "本页小计", 3: "承前页", 5: "过次页"} {
			sub := line{cells: map[*column]cell{p.columns[p.firstText()]: text(word)}}
			for _, c := range p.columns {
				if spec := p.spec(c); spec != nil && slices.Contains(numeric, spec.Type) {
					sub.cells[c] = digit("1200")
				}
			}
			p.lines[at].before = append(p.lines[at].before, p.cells(sub, 99))
		}
		return true
	}},
	{"below", "another small table below", func(p *paper) bool {
		if seq := p.columns[0]; seq.at < 0 || p.spec(seq).Type != reporting.Sequence {
			return false // its texts would stand under columns that hold texts, too: it is refused
		}
		if p.form.Shape == reporting.NarrativeForm {
			return false
		}
		p.below = append(p.below, row(""), row("附：", "人员分工"), row("姓名", "电话", "分管"), row("赵安", "8230117", "统计"), row("钱柏", "8230118", "审核"))
		return true
	}},
	{"numbers", "full-width digits", always(func(p *paper) {
		p.each(p.numbers(func(d reporting.Decimal) cell {
			return text(strings.Map(func(r rune) rune {
				switch {
				case r >= '0' && r <= '9':
					return r - '0' + '０'
				case r == '.':
					return '．'
				}
				return r
			}, d.String()))
		}), numeric...)
	})},
	{"numbers", "counts with their unit", func(p *paper) bool {
		p.each(p.numbers(func(d reporting.Decimal) cell { return text(d.String() + " 人") }), reporting.Integer)
		return hasType(p, reporting.Integer)
	}},
	{"numbers", "grouped with spaces", always(func(p *paper) {
		p.each(p.numbers(func(d reporting.Decimal) cell { return text(strings.ReplaceAll(d.Grouped(-1), ",", " ")) }), numeric...)
	})},
	{"numbers", "apostrophe kept", always(func(p *paper) {
		p.each(p.numbers(func(d reporting.Decimal) cell { return text("'" + d.String()) }), numeric...)
	})},
	{"numbers", "zeros behind", always(func(p *paper) {
		p.each(p.numbers(func(d reporting.Decimal) cell {
			s := d.String()
			if !strings.Contains(s, ".") {
				s += ".00"
			}
			return text(s)
		}), numeric...)
	})},
	{"dates", "二〇二〇年一月五日", func(p *paper) bool {
		const tens = "〇一二三四五六七八九十"
		digits := []rune(tens)
		han := func(n int) string {
			s := ""
			if n >= 20 {
				s = string(digits[n/10])
			}
			if n >= 10 {
				s += "十"
			}
			if n%10 > 0 {
				s += string(digits[n%10])
			}
			return s
		}
		p.each(func(_ *reporting.Column, c cell) cell {
			d, ok := reporting.ParseDate(c.text)
			if !ok {
				return c
			}
			return text("二〇二〇年" + han(int(d.Time().Month())) + "月" + han(d.Time().Day()) + "日")
		}, reporting.DateValue)
		return hasType(p, reporting.DateValue)
	}},
	{"dates", "20200105 as number", func(p *paper) bool {
		p.each(func(_ *reporting.Column, c cell) cell {
			d, ok := reporting.ParseDate(c.text)
			if !ok {
				return c
			}
			return digit(strings.ReplaceAll(d.String(), "-", ""))
		}, reporting.DateValue)
		return hasType(p, reporting.DateValue)
	}},
	{"dates", "2020年1月5号", func(p *paper) bool { return p.dates("%d年%d月%d号") }},
	{"dates", "2020.01-05", func(p *paper) bool { return p.dates("%d.%02d-%02d") }},
	{"dates", "2020-01-05T00:00", func(p *paper) bool { return p.dates("%d-%02d-%02dT00:00:00") }},
	{"dates", "serial as text", func(p *paper) bool {
		p.each(func(_ *reporting.Column, c cell) cell {
			d, ok := reporting.ParseDate(c.text)
			if !ok {
				return c
			}
			first, _ := reporting.NewDate(1900, 3, 1)
			return text(fmt.Sprint(int(d-first) + 61))
		}, reporting.DateValue)
		return hasType(p, reporting.DateValue)
	}},
	{"dates", "2020年 1月 5日", func(p *paper) bool { return p.dates("%d 年 %d 月 %d 日") }},
	{"dates", "1月5日", func(p *paper) bool {
		inPeriod := slices.ContainsFunc(p.form.Columns, func(c reporting.Column) bool { return c.Bounds == reporting.InPeriod })
		if !inPeriod {
			return false
		}
		p.each(func(c *reporting.Column, x cell) cell {
			d, ok := reporting.ParseDate(x.text)
			if !ok || c.Bounds != reporting.InPeriod {
				return x
			}
			return text(fmt.Sprintf("%d月%d日", int(d.Time().Month()), d.Time().Day()))
		}, reporting.DateValue)
		return hasType(p, reporting.DateValue)
	}},
	{"months", "month as date cell", func(p *paper) bool { return p.months(cell{text: "43831", number: true, date: true}) }},
	{"months", "2020.1 as number", func(p *paper) bool { return p.months(digit("2020.01")) }},
	{"months", "20年1月", func(p *paper) bool { return p.months(text("20年1月")) }},
	{"months", "2020年元月", func(p *paper) bool { return p.months(text("2020年元月")) }},
	{"months", "一月份", func(p *paper) bool { return p.months(text("一月份")) }},
	{"months", "2020-01-01", func(p *paper) bool { return p.months(text("2020-01-01")) }},
	{"months", "2020年01月份", func(p *paper) bool { return p.months(text("2020年01月份")) }},
	{"months", "1", func(p *paper) bool { return p.months(digit("1")) }},
	{"ids", "spaced", func(p *paper) bool {
		p.each(func(_ *reporting.Column, c cell) cell {
			return text(c.text[:6] + " " + c.text[6:14] + " " + strings.ToLower(c.text[14:]))
		}, reporting.IDNumber)
		return hasType(p, reporting.IDNumber)
	}},
	{"ids", "full-width", func(p *paper) bool {
		p.each(func(_ *reporting.Column, c cell) cell {
			return text(strings.Map(func(r rune) rune { return r - '0' + '０' }, c.text))
		}, reporting.IDNumber, reporting.CreditCode)
		return hasType(p, reporting.IDNumber, reporting.CreditCode)
	}},
	{"ids", "apostrophe kept", func(p *paper) bool {
		p.each(func(_ *reporting.Column, c cell) cell { return text("'" + c.text) }, reporting.IDNumber, reporting.CreditCode)
		return hasType(p, reporting.IDNumber, reporting.CreditCode)
	}},
	{"ids", "lower case and dashes", func(p *paper) bool {
		p.each(func(_ *reporting.Column, c cell) cell { return text(strings.ToLower(c.text[:8] + "-" + c.text[8:])) }, reporting.IDNumber, reporting.CreditCode)
		return hasType(p, reporting.IDNumber, reporting.CreditCode)
	}},
	{"units", "township in brackets", func(p *paper) bool {
		return p.names(func(s string) string { return "示例市（" + s + "）" })
	}},
	{"units", "city and bureau behind", func(p *paper) bool {
		return p.names(func(s string) string {
			if s == "市直" {
				return s
			}
			return s + "人社所"
		})
	}},
	{"book", "all forms in one workbook", always(func(p *paper) {
		for _, f := range catalogue.Forms {
			if f.ID == p.form.ID {
				continue
			}
			other, _ := layOut(f, 3, nil)
			other.tab = f.Title.ZH
			if f.Number%2 == 0 {
				p.before = append(p.before, other.sheets()...)
			} else {
				p.after = append(p.after, other.sheets()...)
			}
		}
	})},
	{"book", "months by tabs", func(p *paper) bool {
		if !p.monthly() {
			return false
		}
		name := monthTabs[int(p.rng.Uint32())%len(monthTabs)]
		return p.monthsByTab(name)
	}},
	{"book", "months by tabs in Chinese", func(p *paper) bool { return p.monthsByTab("han") }},
	{"book", "months by tabs 1月小计", func(p *paper) bool { return p.monthsByTab("就业表（%d月）") }},
}

func (p *paper) months(c cell) bool {
	p.each(func(*reporting.Column, cell) cell { return c }, reporting.MonthValue)
	return hasType(p, reporting.MonthValue)
}

// monthsByTab has the year's sheets in one workbook, told apart by their tabs alone.
func (p *paper) monthsByTab(style string) bool {
	if !p.monthly() {
		return false
	}
	name := func(n int) string {
		if style == "han" {
			return []string{"", "一月", "二月", "三月"}[n]
		}
		return fmt.Sprintf(style, n)
	}
	p.above = [][]cell{row(p.form.Title.ZH), row("填报单位：" + p.org.Name.ZH + p.moneyText("  单位：%s"))}
	for n := 2; n <= 3; n++ {
		other, _ := layOut(p.form, uint64(40+n), nil)
		other.above, other.tab = p.above, name(n)
		p.after = append(p.after, other.sheets()...)
	}
	p.tab = name(1)
	return true
}
