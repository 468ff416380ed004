package difference_test

import (
	"fmt"
	"strings"
	"testing"

	"huizong/pkg/difference"
	"huizong/pkg/match"
	"huizong/pkg/normalize"
	"huizong/pkg/reporting"
	"huizong/pkg/reporting/reportingtest"
	"huizong/schemas"
)

// read makes the table that a sheet, given as text, holds.
func read(t *testing.T, form, org, text string) *reporting.Table {
	t.Helper()
	c, err := schemas.Load(schemas.FS())
	if err != nil {
		t.Fatal(err)
	}
	period, _ := reporting.ParsePeriod("2020-06")
	layout, findings := match.New(c.Forms).Find([]*reporting.Sheet{reportingtest.Sheet(t, text)}, match.Expected{Form: form, Period: period})
	if layout == nil {
		t.Fatal(findings)
	}
	table, _, _ := normalize.NewReader(c, []byte("test")).Read(layout, org, period)
	return table
}

const visits = `序号 | 走访日期 | 企业名称 | 统一社会信用代码 | 走访人员 | 企业诉求
`

const cases = `案件编号 | 受理日期 | 办结日期 | 用人单位 | 所属乡镇（街道） | 案件来源 | 涉及劳动者人数 | 追讨工资（元） | 办理状态
`

// The rows that are alike in both sheets.
const (
	jobs = `指标名称 | 计量单位 | 本月数 | 本年累计
失业人员再就业人数 | 人 | 5 | 30
就业困难人员就业人数 | 人 | 5 | 30
期末城镇登记失业人数 | 人 | 5 | —
期末城镇登记劳动力人数 | 人 | 500 | —
举办线下招聘会 | 场 | 1 | 2
开发公益性岗位 | 个 | 1 | 2
集中政策宣讲 | 场 | 1 | 2
`
	centre = `指标名称 | 计量单位 | 本月数 | 本年累计
线上招聘会 | 期 | 5 | 30
线上提供职位 | 个 | 5 | 30
新增就业见习到岗人员 | 人 | 5 | 30
公益性岗位补贴 | 万元 | 5 | 30
基层特岗补贴 | 万元 | 5 | 30
创业担保贷款发放额 | 万元 | 5 | 30
`
)

func TestTables(t *testing.T) {
	for name, c := range map[string]struct {
		form, org, header string
		old, new          string
		want              string // kind, row, column, cells, texts; a line each
	}{
		"Same": {"employment_monthly", "349981001", jobs, "城镇新增就业人数 | 人 | 12 | 80", "1.城镇新增就业人数 | 人 | '１２ | 80", ""},
		"Cell": {"employment_monthly", "349981001", jobs, "城镇新增就业人数 | 人 | 12 | 80\n引进外埠人员 | 人 | 5 | 30", "引进外埠人员 | 人 | 5 | 30\n城镇新增就业人数 | 人 | 21 | 89",
			"changed 城镇新增就业人数 本月数 C9 C10 12 21\nchanged 城镇新增就业人数 本年累计 D9 D10 80 89"},
		"GivenWasMissing": {"employment_monthly", "349981001", jobs, "城镇新增就业人数 | 人 | — | 80", "城镇新增就业人数 | 人 | 0 | 80", "changed 城镇新增就业人数 本月数 C9 C9 — 0"},
		"FixedRow":        {"employment_monthly", "349981001", jobs, "城镇新增就业人数 | 人 | 1 | 2", "城镇新增就业人数 | 人 | 1 | 2\n引进外埠人员 | 人 | 3 | 4", "added 引进外埠人员   A10  3 | 4"},
		"UnitOfMoney":     {"employment_center_monthly", "349981JY", centre, "就业见习补贴 | 元 | 20 | 20", "就业见习补贴 | 万元 | 20 | 20", "changed 就业见习补贴 本月数 C8 C8 20 元 20 万元\nchanged 就业见习补贴 本年累计 D8 D8 20 元 20 万元"},
		"SameMoney":       {"employment_center_monthly", "349981JY", centre, "就业见习补贴 | 元 | 200000 | 200000", "就业见习补贴 | 万元 | 20 | 20", ""},
		"KeyedRows": {"inspection_cases", "349981JC", cases,
			"A1 | 2020-01-02 | 2020-02-03 | 甲 | 港口镇 | 投诉 | 3 | 100 | 办结\nA2 | 2020-01-05 |  | 乙 | 港口镇 | 投诉 | 4 | — | 在办",
			"A3 | 2020-06-01 |  | 丙 | 中溪镇 | 投诉 | 1 | — | 在办\nA1 | 2020-01-02 | 2020-02-03 | 甲 | 港口镇 | 投诉 | 3 | 150.5 | 办结",
			"added A3   A2  A3 | 2020-06-01 | 丙 | 中溪镇 | 投诉 | 1 | — | 在办\n" +
				"changed A1 追讨工资（元） H2 H3 100 150.5\n" +
				"removed A2  A3  A2 | 2020-01-05 | 乙 | 港口镇 | 投诉 | 4 | — | 在办"},
		"NoKey": {"enterprise_visits", "349981001", visits,
			"1 | 2020-06-03 | 甲公司 | 91349981MABNMCJK53 | 张三 | 无\n2 | 2020-06-04 | 甲公司 | 91349981MABNMCJK53 | 李四 | 用工",
			"1 | 2020-06-04 | 甲公司 | 91349981MABNMCJK53 | 李四 | 用工\n2 | 2020-06-08 | 甲公司 | 91349981MABNMCJK53 | 张三 | 无",
			"changed 91349981MABNMCJK53 走访日期 B2 B3 2020-06-03 2020-06-08"},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, d := range difference.Tables(read(t, c.form, c.org, c.header+c.old), read(t, c.form, c.org, c.header+c.new)) {
				got = append(got, fmt.Sprint(string(d.Kind), " ", d.Row, " ", d.Column, " ", d.OldCell, " ", d.NewCell, " ", d.Old, " ", d.New))
			}
			if text := strings.TrimSpace(strings.ReplaceAll(strings.Join(got, "\n"), "Sheet1!", "")); text != c.want {
				t.Errorf("got\n%s\nwant\n%s", text, c.want)
			}
		})
	}
}

// TestHalves: a ledger set in two halves is compared record by record: two share a row of the paper, and each its cells.
func TestHalves(t *testing.T) {
	head := strings.TrimSpace(cases)
	a, b, c := "A1 | 2020-01-02 | 2020-02-03 | 甲厂 | 港口镇 | 投诉 | 3 | 100 | 办结", "A2 | 2020-01-05 | | 乙厂 | 港口镇 | 投诉 | 4 | — | 在办", "A3 | 2020-01-09 | | 丙厂 | 港口镇 | 投诉 | 5 | — | 在办"
	plain := read(t, "inspection_cases", "349981JC", head+"\n"+a+"\n"+b+"\n"+c)
	halved := read(t, "inspection_cases", "349981JC", head+" | | "+head+"\n"+a+" | | "+c+"\n"+b)
	if len(halved.Lines) != 3 || halved.Lines[0].Row != halved.Lines[2].Row || halved.Lines[0].Values[1].Cell == halved.Lines[2].Values[1].Cell {
		t.Fatalf("%+v", halved.Lines)
	}
	if got := difference.Tables(plain, halved); len(got) != 0 {
		t.Errorf("the same records: %+v", got)
	}
	short := read(t, "inspection_cases", "349981JC", head+" | | "+head+"\n"+a+" | | "+c+"\n"+strings.Replace(b, "A2", "A4", 1))
	if got := difference.Tables(halved, short); len(got) != 2 || got[0].NewCell != "Sheet1!A3" || got[1].OldCell != "Sheet1!A3" {
		t.Errorf("another record: %+v", got)
	}
}
