package normalize_test

import (
	"testing"

	"huizong/pkg/match"
	"huizong/pkg/reporting"
	"huizong/pkg/reporting/reportingtest"
)

// readSheets reads what a form has on several sheets, which must all be found.
func readSheets(t *testing.T, form, org, month string, sheets ...*reporting.Sheet) (*reporting.Table, reporting.Reading, []reporting.Finding) {
	t.Helper()
	period, err := reporting.ParsePeriod(month)
	if err != nil {
		t.Fatal(err)
	}
	layout, findings := match.New(catalogue.Forms).Find(sheets, match.Expected{Form: form, Period: period})
	if layout == nil || len(findings) > 0 {
		t.Fatal(findings)
	}
	return reader.Read(layout, org, period)
}

// TestSheetsOfAList: each value, row and finding of a list over several sheets says on which of them it stands.
func TestSheetsOfAList(t *testing.T) {
	const header = "案号 | 申请人 | 被申请人 | 所属乡镇（街道） | 案由 | 立案日期 | 结案日期 | 结案方式 | 涉及人数 | 涉案金额（元）\n"
	sheets := []*reporting.Sheet{
		reportingtest.Sheet(t, "@ name 2月\n"+header+"2 | 李四 | 乙厂 | 云梯畲族乡 | 工资 | 2020-02-06 | | | 3 | 5000"),
		reportingtest.Sheet(t, "@ name 1月\n填报单位：港口镇\n"+header+"1 | 张三 | 甲厂 | 港口镇 | 工资 | 2020-01-06 | 审理中 | | 1 | 五千"),
	}
	table, reading, found := readSheets(t, "dispute_cases", "349981ZC", "2020-02", sheets...)
	want := map[string]string{"wrong_org": "1月", "value_assumed": "1月", "not_a_number": "1月"}
	for _, f := range found {
		if sheet := want[string(f.Code)]; sheet != f.Sheet {
			t.Errorf("%+v, want it on %q", f, sheet)
		}
		delete(want, string(f.Code))
	}
	if len(want) > 0 || len(table.Lines) != 2 || table.Lines[1].Sheet != "1月" || table.Lines[1].Values[0].Sheet != "1月" || table.Lines[0].Values[0].Sheet != "" {
		t.Errorf("not found %v, lines %+v", want, table.Lines)
	}
	at := map[string]string{}
	for _, o := range reading.Observations {
		if o.Indicator == "disputes.cases_accepted" {
			at[o.Period.String()] = o.Sheet
		}
	}
	if at["2020-01"] != "1月" || at["2020-02"] != "2月" || len(reading.Rows) != 2 || reading.Rows[0].Sheet != "2月" || reading.Rows[1].Sheet != "1月" {
		t.Errorf("observations on %v, rows %+v", at, reading.Rows)
	}
}

// TestSheetsOfOneTable: each value and finding of a form with fixed rows over several sheets says on which of them it stands.
func TestSheetsOfOneTable(t *testing.T) {
	const header = "险种 | 期初结余 | 本月收入 | 本年累计收入 | 本月支出 | 其中：上解省级 | 本年累计支出 | 期末滚存结余\n"
	const numbers = " | 1000 | 300 | 300 | 200 | 20 | 200 | 1100\n"
	sheets := []*reporting.Sheet{
		reportingtest.Sheet(t, "@ name 一\n社会保险基金收支情况月报表\n单位：万元\n"+header+"企业职工基本养老保险"+numbers+"失业保险"+numbers+"填报人：甲"),
		reportingtest.Sheet(t, "@ name 二\n"+header+"工伤保险"+numbers+"城乡居民基本养老保险"+numbers+"机关事业单位基本养老保险 | 1000 | 三百 | 300 | 200 | 20 | 200 | 1100\n合计 | 5000 | 1500 | 1500 | 1000 | 100 | 1000 | 5500"),
	}
	period, _ := reporting.ParsePeriod("2020-01")
	layout, _ := match.New(catalogue.Forms).Find(sheets, match.Expected{Form: "fund_monthly", Period: period})
	if layout == nil {
		t.Fatal("not found")
	}
	table, reading, found := reader.Read(layout, "349981SB", period)
	if len(found) != 1 || found[0].Sheet != "二" || found[0].Cell != "C4" || found[0].Code != reporting.NotANumber {
		t.Errorf("findings %+v", found)
	}
	if len(table.Lines) != 5 || table.Total == nil || table.Total.Values[2].Place() != "二!B5" || table.Lines[1].Values[2].Place() != "B5" {
		t.Errorf("lines %+v, total %+v", table.Lines, table.Total)
	}
	at := map[string]string{}
	for _, o := range reading.Observations {
		at[o.Indicator] = o.Sheet + "!" + o.Cell + " " + o.Value.String()
	}
	if at["insurance.unemployment.income"] != "一!C5 3000000" || at["insurance.work_injury.balance"] != "二!H2 11000000" {
		t.Errorf("observations %v", at)
	}
}

// TestSheetAClass: the tab or the title says of all rows what no column does.
func TestSheetAClass(t *testing.T) {
	const header = "姓名 | 身份证号码 | 所属乡镇 | 发放月份 | 发放金额（元）\n"
	sheets := []*reporting.Sheet{
		reportingtest.Sheet(t, "@ name 被征地\n特殊人群待遇发放台账\n"+header+"张三 | 349981198001010017 | 港口镇 | 2020-06 | 700"),
		reportingtest.Sheet(t, "@ name Sheet2\n特殊人群待遇发放台账（七老）\n"+header+"李四 | 349981198001010025 | 云梯畲族乡 | 2020-06 | 800"),
	}
	_, reading, found := readSheets(t, "benefit_payments", "349981SB", "2020-06", sheets...)
	paid := map[string]string{}
	for _, o := range reading.Observations {
		paid[o.Indicator] = o.Unit + " " + o.Value.String()
	}
	if paid["insurance.land_expropriated.paid"] != "349981100 700" || paid["insurance.seven_elders.paid"] != "349981204 800" {
		t.Errorf("paid %v, found %v", paid, found)
	}
	if got := reportingtest.Findings(found); got != "warning value_assumed\nwarning value_assumed A1" {
		t.Errorf("found %q", got)
	}
}
