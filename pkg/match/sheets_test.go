package match_test

import (
	"strings"
	"testing"

	"huizong/pkg/match"
	"huizong/pkg/reporting"
	"huizong/pkg/reporting/reportingtest"
)

// TestSheetsOfAList reads the sheets of one list together, and says of every other one why it is not read.
func TestSheetsOfAList(t *testing.T) {
	const header = "\n案号 | 申请人 | 被申请人 | 所属乡镇（街道） | 案由 | 立案日期 | 结案日期 | 结案方式 | 涉及人数 | 涉案金额（元）\n"
	row := func(no string) string {
		return no + " | 张三 | 甲厂 | 港口镇 | 工资 | 2020-01-06 | | | 1 | 5000\n"
	}
	sheet := func(name, above string, numbers ...string) string {
		text := "@ name " + name + "\n" + above + header
		for _, no := range numbers {
			text += row(no)
		}
		return text
	}
	longHidden := sheet("旧", "", "2") + strings.Repeat(row("2"), 99)
	for name, c := range map[string]struct {
		book []string
		read string
		find string
	}{
		"a hidden copy that goes on": {[]string{sheet("台账", "", "1", "2"), strings.Replace(longHidden, "@ name 旧", "@ name 旧 | hidden", 1)}, "台账", "note unread_sheet"},
		"months of the year so far":  {[]string{sheet("1月", "", "1"), sheet("2月", "", "2"), sheet("6月", "", "6")}, "6月 1月 2月", ""},
		"a month that is to come":    {[]string{sheet("6月", "", "6"), sheet("7月", "", "7")}, "6月", "note unread_sheet"},
		"each is whole by itself":    {[]string{sheet("5月", "", "1", "2"), sheet("6月", "", "1", "2", "3")}, "6月", "note unread_sheet"},
		"classes":                    {[]string{sheet("已结", "", "1"), sheet("未结", "", "2")}, "已结 未结", ""},
		"a sum and its parts":        {[]string{sheet("汇总", "", "1", "2"), sheet("甲组", "", "1"), sheet("乙组", "", "2")}, "汇总", "note unread_sheet\nnote unread_sheet"},
		"signatures on both":         {[]string{sheet("一页", "", "1") + "填报人：甲    审核人：乙", sheet("二页", "", "2") + "填报人：甲    审核人：乙"}, "一页 二页", ""},
		"rows on both":               {[]string{sheet("甲组", "", "1", "2"), sheet("乙组", "", "2", "3")}, "甲组", "error ambiguous_column A2"},
		"an example and an empty form": {[]string{sheet("填写示例", "", "9"), sheet("台账", "", "1"), sheet("空表", "")}, "台账",
			"note unread_sheet\nnote unread_sheet"},
		"on without a header":      {[]string{sheet("一页", "", "1"), "@ name 二页\n" + row("2")}, "一页 二页", ""},
		"another table, no header": {[]string{sheet("一页", "", "1"), "@ name 二页\n物品 | 数量\n纸 | 3"}, "一页", "note unread_sheet"},
		"another form": {[]string{sheet("台账", "", "1"), "@ name 走访\n走访企业台账\n序号 | 走访日期 | 企业名称 | 统一社会信用代码 | 走访人员 | 企业诉求\n1 | 2020-06-02 | 甲 | 9 | 乙 | 无"},
			"台账", "warning unread_sheet"},
		"hidden rows":       {[]string{sheet("台账", "", "1"), strings.Replace(sheet("旧", "", "2"), "@ name 旧", "@ name 旧 | hidden", 1)}, "台账", "warning unread_sheet"},
		"a hidden copy":     {[]string{sheet("台账", "", "1", "2"), strings.Replace(sheet("旧", "", "2"), "@ name 旧", "@ name 旧 | hidden", 1)}, "台账", ""},
		"one of last month": {[]string{sheet("台账", "所属期：2020年6月", "1"), strings.Replace(sheet("旧", "所属期：2019年6月", "2"), "@ name 旧", "@ name 旧 | hidden", 1)}, "台账", ""},
	} {
		t.Run(name, func(t *testing.T) {
			var sheets []*reporting.Sheet
			for _, text := range c.book {
				sheets = append(sheets, reportingtest.Sheet(t, text))
				sheets[len(sheets)-1].Cut = len(sheets[len(sheets)-1].Rows) > 99 // as package judge has it
			}
			layout, findings := match.New(catalogue.Forms).Find(sheets, match.Expected{Form: "dispute_cases", Period: june(t)})
			if layout == nil {
				t.Fatal(findings)
			}
			read := layout.Sheet.Name
			for _, more := range layout.Further {
				read += " " + more.Sheet.Name
			}
			if found := reportingtest.Findings(findings); read != c.read || found != c.find {
				t.Errorf("read %q with %q, want %q with %q", read, found, c.read, c.find)
			}
		})
	}
}

// TestSheetOfTheUnit takes the sender's own sheet of a workbook of all units.
func TestSheetOfTheUnit(t *testing.T) {
	table := "指标名称 | 本月数 | 本年累计" + rows
	other := strings.Replace(table, "12", "13", 1)
	codes := map[string]string{"示例市": "city", "港口镇": "port", "云梯乡": "yunti"}
	expected := match.Expected{Form: "employment_monthly", Period: june(t), Org: "port", Unit: func(name string) string { return codes[name] }}
	for name, book := range map[string][]string{
		"by their lines": {"@ name 1\n填报单位：示例市\n" + other, "@ name 2\n填报单位：港口镇\n" + table, "@ name 3\n填报单位：云梯乡\n" + other},
		"by their tabs":  {"@ name 汇总\n" + other, "@ name 港口镇\n" + table, "@ name 云梯乡\n" + other},
	} {
		var sheets []*reporting.Sheet
		for _, text := range book {
			sheets = append(sheets, reportingtest.Sheet(t, text))
		}
		layout, findings := match.New(catalogue.Forms).Find(sheets, expected)
		if layout == nil || layout.Sheet != sheets[1] || reportingtest.Findings(findings) != "note unread_sheet\nnote unread_sheet" {
			t.Errorf("%s: %+v, %v", name, layout, findings)
		}
	}
}

// TestNumbersUnderNoHeader names them, but for running numbers.
func TestNumbersUnderNoHeader(t *testing.T) {
	find := func(text string) string {
		_, findings := match.New(catalogue.Forms).Find([]*reporting.Sheet{reportingtest.Sheet(t, text)}, match.Expected{Form: "wage_deposits", Period: june(t)})
		return reportingtest.Findings(findings)
	}
	const header = " | 项目名称 | 施工单位 | 所属乡镇（街道） | 缴存日期 | 保证金金额（万元） | 状态\n"
	const row = " | 甲 | 一建 | 港口镇 | 2019-03-01 | 12.5 | 在缴"
	if got := find(header + "1" + row + " | 7\n2" + row); got != "note unclaimed_column H2" {
		t.Errorf("found %q", got)
	}
	if got := find(header + "1" + row + "\n2" + row); got != "" {
		t.Errorf("running numbers: %q", got)
	}
}
