package normalize_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"huizong/pkg/label"
	"huizong/pkg/match"
	"huizong/pkg/normalize"
	"huizong/pkg/reporting"
	"huizong/pkg/validate"
	"huizong/schemas"
)

var (
	layoutRuns = flag.Int("layouts", 5, "random layouts of each form")
	layoutSeed = flag.Uint64("layout-seed", 1, "seed of the random layouts")
)

// variation is one way in which offices lay out a form otherwise than it is printed. aspect groups those of which a sheet has one.
type variation struct {
	aspect, name string
	apply        func(p *paper) bool // false where it does not fit the form
}

func always(f func(p *paper)) func(*paper) bool {
	return func(p *paper) bool { f(p); return true }
}

func hasType(p *paper, types ...reporting.ValueType) bool {
	return slices.ContainsFunc(p.form.Columns, func(c reporting.Column) bool { return slices.Contains(types, c.Type) })
}

func isLedger(p *paper) bool { return p.form.Shape == reporting.Ledger }

// moneyNeedsInfo: without an info line the unit of money must stand elsewhere.
func (p *paper) setInfo(rows ...[]cell) {
	p.above = append(p.above[:1:1], rows...)
}

func (p *paper) monthly() bool { return p.period.Len() == 1 }

func (p *paper) moneyText(style string) string {
	if p.form.Money == "" {
		return ""
	}
	return fmt.Sprintf(style, p.measure)
}

// each changes the cells under columns of the types.
func (p *paper) each(f func(spec *reporting.Column, c cell) cell, types ...reporting.ValueType) {
	change := func(l *line) {
		for col, c := range l.cells {
			if spec := p.spec(col); spec != nil && slices.Contains(types, spec.Type) && c.text != "" {
				l.cells[col] = f(spec, c)
			}
		}
	}
	for i := range p.lines {
		change(&p.lines[i])
	}
	if p.total != nil {
		change(p.total)
	}
}

var numeric = []reporting.ValueType{reporting.Amount, reporting.Integer, reporting.MoneyValue}

func (p *paper) numbers(f func(d reporting.Decimal) cell) func(*reporting.Column, cell) cell {
	return func(_ *reporting.Column, c cell) cell {
		d, err := reporting.ParseDecimal(c.text)
		if err != nil {
			return c
		}
		return f(d)
	}
}

func (p *paper) heads(f func(spec *reporting.Column, head string) string) {
	for _, c := range p.columns {
		if spec := p.spec(c); spec != nil {
			for i := range c.head {
				c.head[i] = f(spec, c.head[i])
			}
		}
	}
}

func (p *paper) labels(f func(i int, s string) string) bool {
	at := p.form.ColumnOf(reporting.RowLabel)
	if at < 0 {
		return false
	}
	for i := range p.lines {
		for col, c := range p.lines[i].cells {
			if col.at == at {
				p.lines[i].cells[col] = text(f(i, c.text))
			}
		}
	}
	return true
}

func (p *paper) place(ty reporting.ValueType) *column {
	for _, c := range p.columns {
		if spec := p.spec(c); spec != nil && spec.Type == ty {
			return c
		}
	}
	return nil
}

func (p *paper) insert(at int, c *column) { p.columns = slices.Insert(p.columns, at, c) }

// own is a column that the office adds for itself.
func own(cells func(i int) cell, head ...string) *column {
	return &column{at: -1, head: head, cells: cells}
}

// firstText is the first column in which the word for a total may stand.
func (p *paper) firstText() int {
	return slices.IndexFunc(p.columns, func(c *column) bool {
		return c.at >= 0 && !slices.Contains(numeric, p.form.Columns[c.at].Type)
	})
}

func somewhere(p *paper) int { return 1 + p.rng.IntN(len(p.columns)) }

func plain(s string) string {
	folded, _ := label.Header(s)
	return folded
}

var wordings = map[string][]string{
	"本月数":  {"本期发生数", "本月实际完成数", "当月实际完成情况", "本月完成情况", "本期实际数", "本月实际数", "当月发生额"},
	"本年累计": {"自年初累计", "本年累计完成数", "年初至本月累计", "1—本月累计", "本年度累计", "年初至本期累计", "累计完成情况"},
	"指标名称": {"指标（项目）名称", "统计指标名称", "项目（指标）", "主要指标", "考核项目"}, "计量单位": {"单 位", "计 量\n单 位", "计量单位名称"},
	"期初结余": {"年初（期初）结余", "上月末滚存结余", "期初基金结余", "上期末滚存结余"}, "期末滚存结余": {"期末余额", "本月末滚存结余", "期末基金滚存结余", "期末累计滚存结余"}, "险种": {"险种类型", "社保险种", "基金险种", "参保险种"},
	"立案日期": {"立案时间", "立案（受理）日期", "立案受理日期"}, "结案日期": {"结案（审结）日期", "裁决日期", "审理终结日期"}, "案号": {"仲裁案件编号", "案件文书号", "立案案号"},
	"涉案金额（元）": {"标的金额(元)", "涉案标的金额（元）", "涉案总金额（元）", "仲裁标的（元）"}, "涉及人数": {"涉及劳动者人数（人）", "涉案劳动者人数", "涉及员工人数"},
	"受理日期": {"受理投诉日期", "案件受理日期", "投诉受理时间"}, "办结日期": {"案件办结日期", "结案（办结）时间", "办结（结案）日期"}, "追讨工资（元）": {"追讨工资总额（元）", "为劳动者追讨工资（元）", "追回拖欠工资（元）"},
	"身份证号码": {"居民身份证号", "公民身份号码", "身份证件号码", "身份证号码（18位）"}, "姓名": {"姓 名", "姓\n名", "学员姓名"}, "发放金额（元）": {"本月发放金额（元）", "实际发放金额（元）", "发放待遇金额（元）"},
	"发放月份": {"待遇发放月份", "发放所属年月", "发放年月"}, "所属乡镇": {"所属乡镇（街道）", "所在乡镇（街道）", "乡镇（街道）名称", "户籍所在乡镇"}, "所属乡镇（街道）": {"所在镇（街道）", "属地乡镇（街道）", "所属乡（镇、街道）", "管辖乡镇（街道）"},
	"企业名称": {"企业（单位）名称", "企业全称", "用人单位名称"}, "统一社会信用代码": {"统一社会信用代码（18位）", "单位统一社会信用代码", "企业统一社会信用代码"}, "走访日期": {"走访时间", "走访（服务）日期", "走访企业日期"},
	"岗位数": {"提供岗位数量", "招聘岗位数量（个）", "发布岗位数"}, "结业日期": {"培训结束时间", "培训结业日期", "结业（结束）日期"}, "开班日期": {"培训开班日期", "开班（开始）日期", "培训开始时间"},
	"全年目标任务数": {"年度目标任务数", "全年任务目标", "年度目标值", "2020年目标任务"}, "上年同期数": {"上年同期实际数", "去年同期完成数", "上年同期完成情况"},
	"乡镇（街道）": {"乡（镇、街道）", "镇（街道）名称", "单位名称"}, "保证金金额（万元）": {"缴存保证金金额（万元）", "工资保证金金额（万元）", "应缴保证金（万元）"}, "项目名称": {"在建工程项目名称", "工程项目名称", "建设项目名称"},
	"期末参保人数": {"期末实有参保人数", "参保总人数", "期末在册参保人数"}, "本月新增": {"本月新增参保人数", "本期新增参保", "当月新增参保人数"}, "其中：上解省级": {"其中：上解省级支出", "其中:上解省级统筹", "#上解省级"},
	"正文": {"文字材料内容", "具体材料", "正文内容"}, "章节": {"所属章节", "章节名称", "报告章节"}, "标题": {"材料标题", "小标题", "标题名称"},
}

var variations = append(printedVariations, officeVariations...)

var printedVariations = []variation{
	{"title", "title of city and period", always(func(p *paper) { p.above[0] = row("示例市" + p.period.Label() + p.form.Title.ZH) })},
	{"title", "title spaced", always(func(p *paper) { p.above[0] = row(strings.Join(strings.Split(p.form.Title.ZH, ""), " ")) })},
	{"title", "title in two rows", always(func(p *paper) {
		p.above = slices.Insert(p.above, 0, row("示例市人力资源和社会保障局"))
		p.above[1] = row(p.form.Title.ZH + "（" + p.period.Label() + "）")
	})},
	{"title", "annex and number above", always(func(p *paper) {
		p.above = slices.Insert(p.above, 0, row("附件2：", "", "", "", "表号：示人社统1表"))
	})},
	{"title", "title with the unit of money behind", func(p *paper) bool {
		p.above[0] = row(p.form.Title.ZH + p.moneyText("（单位：%s）"))
		return p.form.Money != ""
	}},
	{"title", "title in a later column", always(func(p *paper) { p.above[0] = row("", "", p.form.Title.ZH) })},

	{"info", "info of other keys", always(func(p *paper) {
		p.setInfo(row("编制单位：" + p.org.Name.ZH + "   统计时间：" + p.period.Label() + p.moneyText("   金额单位：%s")))
	})},
	{"info", "key and value in cells", always(func(p *paper) {
		p.setInfo(row("报送单位：", p.org.Name.ZH, "所属月份：", p.period.Label()), row(p.moneyText("（单位：%s）")))
	})},
	{"info", "keys without colon", always(func(p *paper) {
		p.setInfo(row("填报单位", p.org.Name.ZH, "报表所属期", p.period.Label(), p.moneyText("单位：%s")))
	})},
	{"info", "one cell, blanks for keys", always(func(p *paper) {
		p.setInfo(row("填报单位：" + p.org.Name.ZH + "　　　" + p.period.Label() + p.moneyText("　　　单位：%s")))
	})},
	{"info", "stamp after the key", always(func(p *paper) {
		p.setInfo(row("填报单位（盖章）："+p.org.Name.ZH, "", p.period.Label(), "", p.moneyText("单位：人民币%s")))
	})},
	{"info", "full-width and spaced keys", always(func(p *paper) {
		p.setInfo(row("填 报 单 位 ： "+p.org.Name.ZH), row("报告期："+p.period.Label()+p.moneyText("（金额单位：%s）")))
	})},
	{"info", "empty unit", always(func(p *paper) {
		p.anonymous = true
		p.setInfo(row("填报单位：", "", p.period.Label(), "", p.moneyText("单位：%s")))
	})},
	{"info", "period only in the title", always(func(p *paper) {
		p.above[0] = row(p.period.Label() + p.form.Title.ZH)
		p.setInfo(row("填报单位：" + p.org.Name.ZH + p.moneyText("  单位：%s")))
	})},
	{"info", "period only on the tab", func(p *paper) bool {
		if !p.monthly() {
			return false
		}
		p.anonymous, p.tab = true, fmt.Sprintf("%d月", p.period.First.Number())
		p.setInfo(row(p.moneyText("（单位：%s）")))
		return true
	}},
	{"info", "month without year", func(p *paper) bool {
		if !p.monthly() {
			return false
		}
		p.setInfo(row("填报单位："+p.org.Name.ZH, "所属期："+fmt.Sprintf("%d月份", p.period.First.Number()), p.moneyText("单位：%s")))
		return true
	}},
	{"info", "Chinese numerals", func(p *paper) bool {
		if !p.monthly() {
			return false
		}
		p.setInfo(row("填报单位："+p.org.Name.ZH, "统计期间：二O二O年一月", p.moneyText("单位：%s")))
		return true
	}},
	{"info", "run of days", always(func(p *paper) {
		p.setInfo(row("填报单位："+p.org.Name.ZH, fmt.Sprintf("报告期：%s至%s", han(p.period.Start()), han(p.period.End())), p.moneyText("单位：%s")))
	})},
	{"info", "up to a day", func(p *paper) bool {
		if !p.monthly() {
			return false
		}
		p.setInfo(row("填报单位："+p.org.Name.ZH, "统计时间：截至"+han(p.period.End()), p.moneyText("单位：%s")))
		return true
	}},
	{"info", "period is a date cell", func(p *paper) bool {
		if !p.monthly() {
			return false
		}
		p.setInfo([]cell{text("填报单位：" + p.org.Name.ZH), text("所属期："), {text: "43831", number: true, date: true}, text(p.moneyText("单位：%s"))})
		return true
	}},
	{"info", "units of count and money", always(func(p *paper) {
		p.setInfo(row("填报单位："+p.org.Name.ZH, p.period.Label(), "单位：人、"+p.moneyText("%s")+"（保留两位小数）"))
	})},
	{"info", "no title and no info", func(p *paper) bool {
		p.above, p.anonymous, p.timeless = nil, true, true
		return true
	}},

	{"heads", "wrapped headers", always(func(p *paper) {
		p.heads(func(_ *reporting.Column, h string) string {
			r := []rune(h)
			at := len(r) / 2
			return string(r[:at]) + pick(p.rng, []string{"\n", " \n ", "　", "\r\n"}) + string(r[at:])
		})
	})},
	{"heads", "headers spaced out", always(func(p *paper) {
		p.heads(func(_ *reporting.Column, h string) string { return strings.Join(strings.Split(h, ""), " ") })
	})},
	{"heads", "other words", always(func(p *paper) {
		p.heads(func(_ *reporting.Column, h string) string {
			if words := wordings[h]; len(words) > 0 {
				return pick(p.rng, words)
			}
			return h
		})
	})},
	{"heads", "English brackets and units", func(p *paper) bool {
		p.heads(func(spec *reporting.Column, h string) string {
			h = strings.NewReplacer("（", "(", "）", ")", "：", ":").Replace(h)
			if spec.Type == reporting.Integer {
				h += pick(p.rng, []string{"(人)", " [人]", "【人】", "/人"})
			}
			return h
		})
		return true
	}},
	{"heads", "units behind a stroke", func(p *paper) bool {
		p.heads(func(spec *reporting.Column, h string) string {
			if spec.Type == reporting.MoneyValue {
				h = strings.NewReplacer("（元）", "", "（万元）", "").Replace(h) + pick(p.rng, []string{"/" + p.measure, "（单位：" + p.measure + "）", "\n（" + p.measure + "）", "：" + p.measure})
			}
			return h
		})
		return p.form.Money != "" && hasType(p, reporting.MoneyValue) && p.form.Shape != reporting.Matrix
	}},
	{"heads", "numbered headers", always(func(p *paper) {
		n := 0
		p.heads(func(_ *reporting.Column, h string) string { n++; return fmt.Sprintf("%d.%s", n, h) })
	})},
	{"heads", "formulas in headers", func(p *paper) bool {
		n := 0
		p.heads(func(spec *reporting.Column, h string) string {
			if n++; slices.Contains(numeric, spec.Type) {
				return h + pick(p.rng, []string{fmt.Sprintf("\n（%d=%d+%d）", n, n+1, n+2), fmt.Sprintf("(%d)", n), fmt.Sprintf("（第%d栏）", n)})
			}
			return h
		})
		return true
	}},
	{"heads", "stars of duty", always(func(p *paper) { p.heads(func(_ *reporting.Column, h string) string { return "*" + h }) })},
	{"heads", "remarks in headers", always(func(p *paper) {
		p.heads(func(_ *reporting.Column, h string) string {
			return h + pick(p.rng, []string{"（必填）", "", "（如实填写）", "（见说明）"})
		})
	})},

	{"codes", "line of column numbers", always(func(p *paper) {
		texts := p.rng.IntN(4)
		before := p.rng.IntN(2) * texts // counted on, or begun anew
		for i := range p.columns {
			if i < texts {
				p.codes = append(p.codes, []string{"甲", "乙", "丙"}[i])
			} else {
				p.codes = append(p.codes, fmt.Sprint(i+1-before))
			}
		}
	})},
	{"codes", "line of column numbers in brackets", always(func(p *paper) {
		for i := range p.columns {
			p.codes = append(p.codes, fmt.Sprintf("(%d)", i+1))
		}
	})},
	{"codes", "line of column formulas", always(func(p *paper) {
		for i := range p.columns {
			p.codes = append(p.codes, []string{"A", "B", fmt.Sprint(i), fmt.Sprintf("%d=%d-%d", i, i+1, i+2)}[min(i, 3)])
		}
	})},

	{"extra", "last year and rates", always(func(p *paper) {
		if p.form.Shape != reporting.BaselineForm {
			p.insert(somewhere(p), own(func(i int) cell { return digit(fmt.Sprint(7 + 3*i)) }, "上年同期完成数"))
		}
		p.insert(somewhere(p), own(func(i int) cell { return text(fmt.Sprintf("%d.5%%", i)) }, "同比增减（%）"))
		p.insert(somewhere(p), own(func(i int) cell { return digit(fmt.Sprint(100 + i)) }, "上月数"))
	})},
	{"extra", "targets and completion", func(p *paper) bool {
		p.insert(somewhere(p), own(func(i int) cell { return digit(fmt.Sprint(900 + i)) }, "进度要求"))
		p.insert(somewhere(p), own(func(i int) cell { return digit(fmt.Sprint(0.1 * float64(i))) }, "完成率（%）"))
		p.insert(somewhere(p), own(func(i int) cell { return text("增长") }, "环比增减"))
		return p.form.Shape != reporting.TargetForm
	}},
	{"extra", "last year under a head", func(p *paper) bool {
		if p.deep > 1 || p.form.Shape != reporting.IndicatorForm {
			return false
		}
		p.deep = 2
		for _, c := range p.columns {
			if spec := p.spec(c); slices.Contains(numeric, spec.Type) {
				c.head = append([]string{"本年完成情况"}, c.head...)
			}
		}
		p.columns = append(p.columns, own(func(i int) cell { return digit(fmt.Sprint(i + 5)) }, "上年同期", "本月数"), own(func(i int) cell { return digit(fmt.Sprint(i + 50)) }, "上年同期", "本年累计"))
		return true
	}},
	{"extra", "texts of the office", always(func(p *paper) {
		p.insert(somewhere(p), own(func(i int) cell { return text("8230" + fmt.Sprint(100+i)) }, "联系电话"))
		p.columns = append(p.columns, own(func(i int) cell { return text("窗口") }, "责任科室"))
	})},
	{"extra", "columns without header", always(func(p *paper) {
		p.columns = append(p.columns, own(func(i int) cell { return cell{} }), own(func(i int) cell { return text("√") }))
	})},
	{"extra", "blank columns between", always(func(p *paper) {
		at := somewhere(p)
		p.insert(at, own(func(int) cell { return cell{} }))
	})},
	{"extra", "hidden copy of a column", always(func(p *paper) {
		for i, c := range p.columns {
			if spec := p.spec(c); spec != nil && slices.Contains(numeric, spec.Type) {
				c := own(func(i int) cell { return digit(fmt.Sprint(i)) }, c.head...)
				p.insert(i, c)
				p.hidden = append(p.hidden, c)
				return
			}
		}
	})},
	{"extra", "legend to the right", func(p *paper) bool {
		p.columns = append(p.columns, own(func(int) cell { return cell{} }), own(func(i int) cell {
			if i < 3 {
				return digit(fmt.Sprint(i))
			}
			return cell{}
		}, "代码"), own(func(i int) cell {
			if i < 3 {
				return text("含义")
			}
			return cell{}
		}, "类别"))
		return true
	}},

	{"order", "reordered columns", func(p *paper) bool {
		if p.deep > 1 || p.columns[len(p.columns)-1].at < 0 {
			return false
		}
		p.rng.Shuffle(len(p.columns), func(i, j int) { p.columns[i], p.columns[j] = p.columns[j], p.columns[i] })
		return true
	}},
	{"order", "table begins further right", always(func(p *paper) {
		p.insert(0, own(func(int) cell { return cell{} }))
		for i := range p.above {
			p.above[i] = append(row(""), p.above[i]...)
		}
	})},
	{"order", "without sequence and remark", always(func(p *paper) {
		p.columns = slices.DeleteFunc(p.columns, func(c *column) bool {
			spec := p.spec(c)
			return spec != nil && (spec.Type == reporting.Sequence || spec.Type == reporting.Remark)
		})
	})},
	{"order", "one header over all", func(p *paper) bool {
		if p.deep > 1 {
			return false
		}
		p.deep = 2
		for _, c := range p.columns {
			if c.at >= 0 || c.cells(0).text != "" && len(c.head) > 0 && !slices.Contains([]string{"代码", "类别"}, c.head[0]) {
				c.head = append([]string{"基本情况"}, c.head...)
			}
		}
		return true
	}},
	{"order", "three header rows", func(p *paper) bool {
		if p.deep != 2 || p.form.Shape != reporting.Matrix {
			return false
		}
		p.deep = 3
		for _, c := range p.columns {
			if len(c.head) == 2 {
				c.head = append([]string{"本期情况"}, c.head...)
			}
		}
		return true
	}},
	{"order", "one header row", func(p *paper) bool {
		if p.form.Shape != reporting.Matrix || p.deep != 2 || slices.ContainsFunc(p.columns, func(c *column) bool { return strings.ContainsAny(strings.Join(c.head, ""), "[(/【\n（") }) {
			return false
		}
		p.deep = 1
		for _, c := range p.columns {
			c.head = []string{strings.Join(c.head, pick(p.rng, []string{"", "-", "—", "\n", "（"}))}
			if strings.Contains(c.head[0], "（") && len(c.head[0]) > 0 && !strings.Contains(c.head[0], "）") {
				c.head[0] += "）"
			}
		}
		return true
	}},
	{"order", "groups turned round", func(p *paper) bool {
		if p.form.Shape != reporting.Matrix || p.deep != 2 || !p.form.RowUnits {
			return false
		}
		for _, c := range p.columns {
			if len(c.head) == 2 {
				c.head[0], c.head[1] = c.head[1], c.head[0]
			}
		}
		slices.SortStableFunc(p.columns, func(a, b *column) int {
			if len(a.head) < 2 || len(b.head) < 2 {
				return len(a.head) - len(b.head)
			}
			return strings.Compare(a.head[0], b.head[0])
		})
		return true
	}},

	{"labels", "numbered 1 ", func(p *paper) bool {
		return p.labels(func(i int, s string) string { return fmt.Sprintf("%d %s", i+1, s) })
	}},
	{"labels", "numbered ①", func(p *paper) bool {
		return p.labels(func(i int, s string) string { return string('①'+rune(i%20)) + s })
	}},
	{"labels", "numbered A. I、", func(p *paper) bool {
		return p.labels(func(i int, s string) string { return string('A'+rune(i%26)) + "." + s })
	}},
	{"labels", "numbered 1-1", func(p *paper) bool {
		return p.labels(func(i int, s string) string { return fmt.Sprintf("1-%d、%s", i+1, s) })
	}},
	{"labels", "numbered 1．", func(p *paper) bool {
		return p.labels(func(i int, s string) string { return fmt.Sprintf("　%d．%s", i+1, s) })
	}},
	{"labels", "units behind", func(p *paper) bool {
		if p.form.Shape != reporting.IndicatorForm {
			return false
		}
		measures := map[string]string{}
		for _, r := range p.form.Rows {
			measures[r.Label] = r.Measure
		}
		return p.labels(func(_ int, s string) string { return s + "（" + measures[s] + "）" })
	}},
	{"labels", "其中 otherwise", func(p *paper) bool {
		return p.labels(func(_ int, s string) string {
			return strings.Replace(s, "其中：", pick(p.rng, []string{"其中: ", "　其中：", "#", "（其中）", "其中，", "　　#其中："}), 1)
		})
	}},
	{"labels", "labels broken and padded", func(p *paper) bool {
		return p.labels(func(_ int, s string) string {
			r := []rune(s)
			return "\u00a0" + string(r[:len(r)/2]) + "\n" + string(r[len(r)/2:]) + "　"
		})
	}},
	{"labels", "group column under one header", func(p *paper) bool {
		c := p.place(reporting.RowLabel)
		if c == nil || p.deep > 1 {
			return false
		}
		group := own(func(i int) cell {
			if i == 0 {
				return text("主要指标")
			}
			return cell{}
		}, c.head[0])
		c.head, c.joined = nil, true
		p.insert(slices.Index(p.columns, c), group)
		return true
	}},

	{"rows", "section heads", func(p *paper) bool {
		if isLedger(p) || p.form.Shape == reporting.NarrativeForm {
			return false
		}
		p.lines[0].before = append(p.lines[0].before, row("一、基本情况"))
		p.lines[len(p.lines)/2].before = append(p.lines[len(p.lines)/2].before, row("", "二、其他"))
		return true
	}},
	{"rows", "blank rows", always(func(p *paper) {
		for i := range p.lines {
			if p.rng.IntN(3) == 0 {
				p.lines[i].before = append(p.lines[i].before, row(""))
			}
		}
	})},
	{"rows", "shuffled rows", func(p *paper) bool {
		if isLedger(p) || p.form.Shape == reporting.NarrativeForm {
			return false
		}
		p.rng.Shuffle(len(p.lines), func(i, j int) { p.lines[i], p.lines[j] = p.lines[j], p.lines[i] })
		return true
	}},
	{"rows", "hidden rows", always(func(p *paper) { p.lines[1].hidden = true })},
	{"rows", "header printed again", func(p *paper) bool {
		if p.deep > 1 {
			return false
		}
		var again []cell
		for _, c := range p.columns {
			again = append(again, text(strings.Join(c.head, "")))
		}
		p.lines[3].before = append(p.lines[3].before, row(p.form.Title.ZH), again)
		return true
	}},
	{"rows", "total first", func(p *paper) bool {
		if p.total == nil {
			return false
		}
		p.lines[0].before = append(p.lines[0].before, p.cells(*p.total, 99))
		p.total = nil
		return true
	}},
	{"rows", "sub-totals between", func(p *paper) bool {
		first := p.columns[p.firstText()]
		if p.total != nil {
			first = p.place(reporting.RowLabel)
			if first == nil {
				first = p.place(reporting.UnitValue)
			}
		}
		if !isLedger(p) && p.total == nil {
			return false
		}
		sub := line{cells: map[*column]cell{first: text(pick(p.rng, []string{"小计", "街道小计", "其中：小计", "乡镇合计", "小 计"}))}}
		for _, c := range p.columns {
			if spec := p.spec(c); spec != nil && slices.Contains(numeric, spec.Type) {
				sub.cells[c] = digit("12")
			}
		}
		p.lines[2].before = append(p.lines[2].before, p.cells(sub, 99))
		return true
	}},
	{"rows", "total of a ledger", func(p *paper) bool {
		if !isLedger(p) {
			return false
		}
		first := p.firstText()
		total := line{cells: map[*column]cell{p.columns[first]: text(pick(p.rng, []string{"合 计", "总计：", "合计（元）", "共计", "本月合计", "合计9人"}))}}
		for _, c := range p.columns {
			if spec := p.spec(c); spec != nil && slices.Contains(numeric, spec.Type) {
				total.cells[c] = digit("1234")
			}
		}
		p.total = &total
		return true
	}},
	{"rows", "numbered in advance", func(p *paper) bool {
		seq := p.place(reporting.Sequence)
		if seq == nil || !isLedger(p) {
			return false
		}
		for i := range 3 {
			p.below = slices.Insert(p.below, i, p.cells(line{cells: map[*column]cell{seq: digit(fmt.Sprint(len(p.lines) + i + 1))}}, 99))
		}
		return true
	}},

	{"below", "no signatures", always(func(p *paper) { p.below = nil })},
	{"below", "signatures without colon", always(func(p *paper) {
		p.below = [][]cell{row("填报人", "赵安", "审核人", "钱柏", "填报日期", "2020.2.3")}
	})},
	{"below", "signatures in one cell", always(func(p *paper) {
		p.below = [][]cell{row("单位负责人（签字）：　　　　统计负责人：　　　　填表人：赵安　　　　联系电话：8230117　　　报出日期：2020年2月3日")}
	})},
	{"below", "signatures under blank rows", always(func(p *paper) {
		p.below = [][]cell{row(""), row(""), row("", "局长：", "", "科长：", "", "制表：赵安"), row("", "", "2020年2月3日")}
	})},
	{"below", "notes after the signatures", always(func(p *paper) {
		p.below = append(p.below, row("说明：1.本表由各单位填报，于次月5日前报出；"), row("2.“本月”指报告期当月；"), row("3、数据以系统为准。"), row("", "※ 联系人见通讯录"))
	})},
	{"below", "notes before the signatures", always(func(p *paper) {
		p.below = slices.Insert(p.below, 0, row("注：本表一式两份"), row("审核关系：1栏≥2栏"))
	})},
	{"below", "legend below", func(p *paper) bool {
		if p.form.Shape == reporting.NarrativeForm {
			return false // every column is a text: it is refused
		}
		p.below = append(p.below, row(""), row("代码", "含义"), row("1", "在册"), row("2", "其他"))
		return true
	}},
	{"below", "zero report in words", func(p *paper) bool {
		if !isLedger(p) {
			return false
		}
		p.lines = nil
		p.below = [][]cell{row(pick(p.rng, []string{"本月无", "无", "本月无发生", "本月未发生此项业务", "零报告"}))}
		return true
	}},

	{"numbers", "numbers as text", always(func(p *paper) {
		p.each(p.numbers(func(d reporting.Decimal) cell { return text(" " + d.String() + "\t") }), numeric...)
	})},
	{"numbers", "grouped with full-width commas", always(func(p *paper) {
		p.each(p.numbers(func(d reporting.Decimal) cell { return text(strings.ReplaceAll(d.Grouped(-1), ",", "，")) }), numeric...)
	})},
	{"numbers", "accounting", always(func(p *paper) {
		p.each(p.numbers(func(d reporting.Decimal) cell {
			switch d.Sign() {
			case -1:
				return text("(" + d.Neg().Grouped(2) + ")")
			case 0:
				return text(pick(p.rng, []string{"0.00", "-0", "０", "无", "零"}))
			}
			return text(" " + d.Grouped(2) + " ")
		}), numeric...)
	})},
	{"numbers", "invisible marks", always(func(p *paper) {
		p.each(p.numbers(func(d reporting.Decimal) cell { return text("\u202d" + d.String() + "\u202c\u00a0") }), numeric...)
	})},
	{"numbers", "money with its unit", func(p *paper) bool {
		p.each(p.numbers(func(d reporting.Decimal) cell {
			return text(fmt.Sprintf(pick(p.rng, []string{"￥%s", "%s " + p.measure, "%s" + p.measure + "整", "¥ %s"}), d.String()))
		}), reporting.MoneyValue)
		return hasType(p, reporting.MoneyValue) && p.form.Shape == reporting.Ledger
	}},
	{"numbers", "binary noise", always(func(p *paper) {
		p.each(func(_ *reporting.Column, c cell) cell {
			if c.number && strings.Contains(c.text, ".") {
				c.text += "00000000007"
			}
			return c
		}, reporting.MoneyValue)
	})},
	{"numbers", "other unit of money in the header", func(p *paper) bool {
		if p.deep > 1 || !hasType(p, reporting.MoneyValue) || slices.ContainsFunc(p.columns, func(c *column) bool { return strings.ContainsAny(strings.Join(c.head, ""), "/:：") }) {
			return false
		}
		to, factor := "元", reporting.Int(10000)
		if p.form.Money == reporting.Yuan {
			to, factor = "万元", reporting.MustDecimal("0.0001")
		}
		p.each(p.numbers(func(d reporting.Decimal) cell { return digit(d.Mul(factor).String()) }), reporting.MoneyValue)
		p.heads(func(spec *reporting.Column, h string) string {
			if spec.Type == reporting.MoneyValue && !strings.Contains(h, "单位") {
				h = strings.NewReplacer("（元）", "", "（万元）", "").Replace(h) + "（" + to + "）"
			}
			return h
		})
		return true
	}},

	{"dates", "2020。1。5", func(p *paper) bool { return p.dates("%d。%d。%d") }},
	{"dates", "2020.01.05.", func(p *paper) bool { return p.dates("%d.%02d.%02d.") }},
	{"dates", "2020年01月05日 星期三", func(p *paper) bool { return p.dates("%d年%02d月%02d日 星期三") }},
	{"dates", "2020 1 5", func(p *paper) bool { return p.dates("%d 1 %[3]d") }},
	{"dates", "2020\\1\\5", func(p *paper) bool { return p.dates(`%d\%d\%d`) }},
	{"dates", "2020－1－5", func(p *paper) bool { return p.dates("%d－%d－%d") }},
	{"dates", "2020-1-5 0:00:00", func(p *paper) bool { return p.dates("%d-%d-%d 0:00:00") }},
	{"dates", "full-width", func(p *paper) bool {
		return p.dates("%d／%d／%d")
	}},
	{"dates", "date cells", func(p *paper) bool {
		p.each(func(_ *reporting.Column, c cell) cell {
			d, ok := reporting.ParseDate(c.text)
			if !ok {
				return c
			}
			first, _ := reporting.NewDate(1900, 3, 1)
			return cell{text: fmt.Sprint(int(d-first) + 61), number: true, date: true}
		}, reporting.DateValue)
		return hasType(p, reporting.DateValue)
	}},

	{"units", "official names", func(p *paper) bool {
		return p.names(func(s string) string {
			if strings.HasSuffix(s, "街道") {
				return s + "办事处"
			}
			if s == "市直" {
				return "市直单位"
			}
			return s + "人民政府"
		})
	}},
	{"units", "city before", func(p *paper) bool {
		return p.names(func(s string) string {
			if s == "市直" {
				return s
			}
			return "示例市" + s
		})
	}},
	{"units", "town government", func(p *paper) bool {
		return p.names(func(s string) string {
			if strings.HasSuffix(s, "镇") || strings.HasSuffix(s, "乡") {
				return s + "政府"
			}
			return s
		})
	}},
	{"units", "numbered", func(p *paper) bool {
		n := 0
		return p.names(func(s string) string { n++; return fmt.Sprintf("%d、%s", n, s) })
	}},
	{"units", "codes before", func(p *paper) bool {
		return p.names(func(s string) string { return p.codeOf(s) + pick(p.rng, []string{"", " ", "-", "　"}) + s })
	}},
	{"units", "spaced", func(p *paper) bool {
		return p.names(func(s string) string { return strings.Join(strings.Split(s, ""), "　") })
	}},

	{"book", "cover before", always(func(p *paper) {
		p.before = append(p.before, plainSheet("封面", row("示例市人力资源和社会保障局"), row("统计报表"), row("单位：", p.org.Name.ZH), row("报送时间：2020年2月")))
	})},
	{"book", "index of forms before", always(func(p *paper) {
		p.before = append(p.before, plainSheet("目录", row("序号", "表名", "报送单位"), row("1", p.form.Title.ZH, p.org.Name.ZH), row("2", "其他表", "")))
	})},
	{"book", "a sheet a month", func(p *paper) bool {
		if !p.monthly() {
			return false
		}
		other := *p
		other.period = reporting.MonthPeriod(p.period.First + 1)
		other.above = [][]cell{row(p.form.Title.ZH), row("填报单位："+p.org.Name.ZH, "报表所属期："+other.period.Label(), p.moneyText("单位：%s"))}
		other.tab, other.before, other.after = "2月", nil, nil
		p.tab = "1月"
		p.before = append(p.before, other.sheets()...)
		return true
	}},
	{"book", "hidden old sheet", always(func(p *paper) {
		old := *p
		old.before, old.after = nil, nil
		sheets := old.sheets()
		sheets[0].Hidden, sheets[0].Name = true, "旧"
		p.before = append(p.before, sheets...)
	})},
	{"book", "empty sheets", always(func(p *paper) {
		p.after = append(p.after, &reporting.Sheet{Name: "Sheet2"}, &reporting.Sheet{Name: "Sheet3"})
	})},
}

func han(d reporting.Date) string {
	t := d.Time()
	return fmt.Sprintf("%d年%d月%d日", t.Year(), int(t.Month()), t.Day())
}

func plainSheet(name string, rows ...[]cell) *reporting.Sheet {
	p := paper{form: &reporting.Form{}, tab: name, above: rows, deep: 0}
	return p.sheets()[0]
}

func (p *paper) dates(format string) bool {
	p.each(func(_ *reporting.Column, c cell) cell {
		d, ok := reporting.ParseDate(c.text)
		if !ok {
			return c
		}
		t := d.Time()
		return text(strings.Split(fmt.Sprintf(format, t.Year(), int(t.Month()), t.Day()), "%!")[0])
	}, reporting.DateValue)
	return hasType(p, reporting.DateValue)
}

func (p *paper) names(f func(string) string) bool {
	p.each(func(_ *reporting.Column, c cell) cell {
		if c.text == "合计" {
			return c
		}
		return text(f(c.text))
	}, reporting.UnitValue)
	return hasType(p, reporting.UnitValue)
}

func (p *paper) codeOf(name string) string {
	for _, u := range catalogue.Units {
		if u.Name.ZH == name {
			return u.Code
		}
	}
	return ""
}

var catalogue = func() *reporting.Catalogue {
	c, err := schemas.Load(schemas.FS())
	if err != nil {
		panic(err)
	}
	return c
}()

var (
	reader     = normalize.NewReader(catalogue, []byte("secret"))
	checker, _ = validate.New(catalogue)
)

// read is the pipeline without files.
func read(sheets []*reporting.Sheet, form, org string, period reporting.Period) (*reporting.Table, reporting.Reading, []reporting.Finding) {
	layout, findings := match.New(catalogue.Forms).Find(sheets, match.Expected{Form: form, Period: period})
	if layout == nil {
		return nil, reporting.Reading{}, findings
	}
	table, reading, more := reader.Read(layout, org, period)
	findings = append(findings, more...)
	return table, reading, append(findings, checker.Check(table, validate.History{})...)
}

// said lists what a reading says, without the cells where it stands.
func said(r reporting.Reading) string {
	var lines []string
	for _, o := range r.Observations {
		lines = append(lines, fmt.Sprint(o.Indicator, " ", o.Unit, " ", o.Period, " ", o.Value, " ", o.Key, " ", o.Opened, " ", o.Closed))
	}
	for _, t := range r.Targets {
		lines = append(lines, fmt.Sprint(t.Indicator, " ", t.Year, " ", t.Value))
	}
	for _, b := range r.Baselines {
		lines = append(lines, fmt.Sprint(b.Indicator, " ", b.Period, " ", b.Value))
	}
	for _, n := range r.Narratives {
		lines = append(lines, n.Section+" "+n.Title+" "+n.Body)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func errorsOf(findings []reporting.Finding) string {
	var b strings.Builder
	for _, f := range findings {
		if f.Severity == reporting.SeverityError {
			fmt.Fprintf(&b, "  %s %s!%s %q %s\n", f.Code, f.Sheet, f.Cell, f.Value, f.Message)
		}
	}
	return b.String()
}

func dump(sheets []*reporting.Sheet) string {
	var b strings.Builder
	for _, s := range sheets {
		fmt.Fprintf(&b, "  [%s] hidden %v merges %v\n", s.Name, s.Hidden, s.Merges)
		for i, r := range s.Rows {
			if i > 12 {
				break
			}
			fmt.Fprintf(&b, "  %2d", r.Index+1)
			at := int32(0)
			for _, c := range r.Cells {
				for ; at < c.Col; at++ {
					b.WriteString(" |")
				}
				fmt.Fprintf(&b, " %q", c.Text)
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}

// layOut is the form's paper of the seed, under the variations that fit; it returns their names.
func layOut(form *reporting.Form, seed uint64, of []variation) (*paper, []string) {
	p := newPaper(catalogue, form, rand.New(rand.NewPCG(seed, 7)))
	p.group(func(id string) string {
		c := form.Columns[form.Column(id)]
		return strings.TrimSuffix(c.Labels[0], plain(c.Header))
	})
	if form.Shape != reporting.Matrix {
		p.deep = 1
	}
	var names []string
	for _, v := range of {
		if v.apply(p) {
			names = append(names, v.name)
		}
	}
	return p, names
}

func checkLayout(t *testing.T, form *reporting.Form, seed uint64, of []variation) bool {
	t.Helper()
	canonical, _ := layOut(form, seed, nil)
	p, names := layOut(form, seed, of)
	if len(p.lines) == 0 {
		canonical.lines = nil
	}
	_, want, findings := read(canonical.sheets(), form.ID, canonical.org.Code, canonical.period)
	if text := errorsOf(findings); text != "" || said(want) == "" && len(p.lines) > 0 {
		t.Fatalf("%s, as printed: %s", form.ID, text)
	}
	sheets := p.sheets()
	_, got, findings := read(sheets, form.ID, p.org.Code, p.period)
	text := errorsOf(findings)
	if text != "" || said(got) != said(want) {
		t.Errorf("%s, seed %d, %q:\n%s%s%s", form.ID, seed, names, text, diff(said(got), said(want)), dump(sheets))
		return false
	}
	return true
}

// checkSent sends the sheet for another period, and as another unit's: what the lines above the table say must be found wrong.
func checkSent(t *testing.T, p *paper, name string) {
	t.Helper()
	sheets, later := p.sheets(), p.period
	later.First, later.Last = later.First+reporting.Month(later.Len()), later.Last+reporting.Month(later.Len())
	_, _, findings := read(sheets, p.form.ID, p.org.Code, later)
	if !p.timeless && !found(findings, reporting.WrongPeriod) {
		t.Errorf("%s, %s: sent for %s and not found wrong\n%s", p.form.ID, name, later, dump(sheets))
	}
	other := "349981002"
	if p.org.Level != reporting.LevelTownship {
		other = "349981BG"
		if p.org.Code == other {
			other = "349981SB"
		}
	}
	_, _, findings = read(sheets, p.form.ID, other, p.period)
	if !p.anonymous && !found(findings, reporting.WrongOrg) {
		t.Errorf("%s, %s: sent by %s and not found wrong\n%s", p.form.ID, name, other, dump(sheets))
	}
}

func found(findings []reporting.Finding, code reporting.FindingCode) bool {
	return slices.ContainsFunc(findings, func(f reporting.Finding) bool { return f.Code == code && f.Severity == reporting.SeverityError })
}

func diff(got, want string) string {
	var b strings.Builder
	in := func(list, s string) bool { return slices.Contains(strings.Split(list, "\n"), s) }
	n := 0
	for _, s := range strings.Split(want, "\n") {
		if !in(got, s) && n < 4 {
			n++
			b.WriteString("  want " + s + "\n")
		}
	}
	for _, s := range strings.Split(got, "\n") {
		if !in(want, s) && n < 8 {
			n++
			b.WriteString("  got  " + s + "\n")
		}
	}
	return b.String()
}

// TestEachLayout reads each form under each variation alone: the same values, and no error. With -layouts below 50 a variation has a third of the
// forms, and each form a third of the variations.
func TestEachLayout(t *testing.T) {
	for n, v := range variations {
		t.Run(v.aspect+"/"+strings.ReplaceAll(v.name, "/", "_"), func(t *testing.T) {
			for i, form := range catalogue.Forms {
				if *layoutRuns < 50 && (n+i)%3 != 0 {
					continue
				}
				if p, names := layOut(form, *layoutSeed, []variation{v}); len(names) > 0 {
					checkLayout(t, form, *layoutSeed, []variation{v})
					if v.aspect == "info" || v.aspect == "title" {
						checkSent(t, p, v.name)
					}
				}
			}
		})
	}
}

// TestRandomLayouts reads each form under variations of several aspects at once.
func TestRandomLayouts(t *testing.T) {
	for _, form := range catalogue.Forms {
		t.Run(form.ID, func(t *testing.T) {
			failed := 0
			for run := range *layoutRuns {
				seed := *layoutSeed*1000 + uint64(run)
				if !checkLayout(t, form, seed, draw(seed)) {
					if failed++; failed >= 5 {
						break
					}
				}
			}
		})
	}
}

// draw takes one variation of about half of the aspects, in the order of the list.
func draw(seed uint64) []variation {
	rng := rand.New(rand.NewPCG(seed, 11))
	byAspect := map[string][]variation{}
	var aspects []string
	for _, v := range variations {
		if byAspect[v.aspect] == nil {
			aspects = append(aspects, v.aspect)
		}
		byAspect[v.aspect] = append(byAspect[v.aspect], v)
	}
	var drawn []variation
	for _, a := range aspects {
		if rng.IntN(2) == 0 {
			drawn = append(drawn, pick(rng, byAspect[a]))
		}
	}
	return drawn
}
