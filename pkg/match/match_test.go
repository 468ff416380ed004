package match_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"huizong/pkg/match"
	"huizong/pkg/reporting"
	"huizong/pkg/reporting/reportingtest"
	"huizong/schemas"
)

var catalogue = func() *reporting.Catalogue {
	c, err := schemas.Load(schemas.FS())
	if err != nil {
		panic(err)
	}
	return c
}()

func june(t testing.TB) reporting.Period {
	t.Helper()
	p, err := reporting.ParsePeriod("2020-06")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// rows are the ten indicators of form 1 below a header of three columns.
const rows = `
城镇新增就业人数 | 12 | 60
失业人员再就业人数 | 3 | 18
就业困难人员就业人数 | 1 | 6
期末城镇登记失业人数 | 210 | —
期末城镇登记劳动力人数 | 8000 | —
引进外埠人员 | 5 | 30
举办线下招聘会 | 1 | 6
开发公益性岗位 | 2 | 9
集中政策宣讲 | 1 | 6
案外调解劳动争议 | 4 | 20
`

// TestFindHeader finds the three columns of form 1 wherever they are and whatever they are called.
func TestFindHeader(t *testing.T) {
	for name, c := range map[string]struct {
		head   string
		period string // of the rest; "" where the sheet names none
		where  string // header rows and the columns indicator, month, year_to_date
		other  string // findings
	}{
		"Printed":             {"指标名称 | 本月数 | 本年累计", "", "1-1 A B C", ""},
		"TitleAndInfo":        {"就业创业工作月报表\n填报单位：城东街道 | 报表所属期：2020年6月\n指标名称 | 本月数 | 本年累计", "2020-06", "3-3 A B C", ""},
		"SpacedAndWrapped":    {"指 标 名 称 | \"本\\n月数\" | 本年　累计", "", "1-1 A B C", ""},
		"Aliases":             {"项目 | 当月完成数 | 1-6月累计", "", "1-1 A B C", ""},
		"UnitsInHeaders":      {"指标名称 | 本月数（人） | 本年累计/人", "", "1-1 A B C", ""},
		"NumberedFormulas":    {"1.指标名称 | 2.本月数(1) | 本年累计（2=1+3）", "", "1-1 A B C", ""},
		"TwoRowsMerged":       {"@ merge A1:A2 | merge B1:C1\n指标名称 | 完成情况\n | 本月数 | 本年累计", "", "2-2 A B C", ""},
		"TwoRowsUnmerged":     {"指标名称 | 完成情况\n | 本月数 | 本年累计", "", "1-2 A B C", ""},
		"MonthOfThePeriod":    {"指标名称 | 6月 | 1-6月", "", "1-1 A B C", ""},
		"MonthOfAnother":      {"指标名称 | 5月 | 1-6月", "", "1-1 A B C", "error wrong_period B1"},
		"MissingColumn":       {"指标名称 | 上年同期本月数 | 本年累计", "", "1-1 A - C", "error missing_column\nnote unclaimed_column B1"},
		"LastYearAbove":       {"@ merge B1:C1\n | 上年同期\n指标名称 | 本月数 | 本年累计", "", "", "error unknown_form A2"},
		"TargetIsNoMonth":     {"指标名称 | 本月目标数 | 本年累计", "", "1-1 A - C", "error missing_column\nnote unclaimed_column B1"},
		"NearMissIsNamed":     {"指标名称 | 本目数 | 本年累计", "", "1-1 A - C", "error missing_column\nnote unclaimed_column B1"},
		"TwoClaims":           {"指标名称 | 本月数 | 本年累计 | 当月数\n", "", "1-1 A B C", "error ambiguous_column D1"},
		"HiddenColumnYields":  {"@ hide columns D\n指标名称 | 本月数 | 本年累计 | 本月数", "", "1-1 A B C", "note unclaimed_column D1"},
		"HeaderOverHidden":    {"@ merge B1:C1 | hide columns B\n指标名称 | 本月数 | | 本年累计", "", "1-1 A C D", ""},
		"HeaderOverBoth":      {"@ merge B1:C1\n指标名称 | 本月数 | | 本年累计", "", "1-1 A B D", "error ambiguous_column C1"},
		"HeaderOverTwo":       {"@ merge A1:B1\n指标名称 | | 本月数 | 本年累计", "", "1-1 A C D", ""},
		"BlankColumnBetween":  {"指标名称 | | 本月数 | | 本年累计", "", "1-1 A C E", "note unclaimed_column B2"},
		"LooseNameIsSaid":     {"指标名称 | 本月数 | 本年累计 | 备注\n", "", "1-1 A B C", ""},
		"ExtraColumnReported": {"指标名称 | 本月数 | 本年累计 | 上月数", "", "1-1 A B C", "note unclaimed_column D1"},
		"PeriodOnlyInTitle":   {"6月份就业创业工作月报表\n指标名称 | 本月数 | 本年累计", "2020-06", "2-2 A B C", ""},
		"YearUnderMonths":     {"@ merge B1:C1 | merge D1:E1\n | 2020年 | | 2019年\n指标名称 | 本月数 | 本年累计 | 本月数 | 本年累计", "", "2-2 A B C", ""},
	} {
		t.Run(name, func(t *testing.T) {
			body := rows
			switch { // the values stand under the columns of the case
			case name == "HeaderOverHidden" || name == "HeaderOverBoth":
				body = regexp.MustCompile(`(?m)^([^|\n]+) \|`).ReplaceAllString(rows, "$1 | 9 |")
			case strings.Contains(c.where, "A C D"):
				body = strings.ReplaceAll(rows, "数 |", "数 | |")
			case strings.Contains(c.other, "D1"), name == "HiddenColumnYields":
				body = strings.ReplaceAll(rows, "\n", " | 7\n")
			}
			sheet := reportingtest.Sheet(t, strings.TrimRight(c.head, "\n")+body)
			layout, findings := match.New(catalogue.Forms).Find([]*reporting.Sheet{sheet}, match.Expected{Form: "employment_monthly", Period: june(t)})
			if got := reportingtest.Findings(findings); got != c.other {
				t.Errorf("findings %q, want %q (%v)", got, c.other, findings)
			}
			if layout == nil {
				if c.where != "" {
					t.Errorf("found nothing")
				}
				return
			}
			where := fmt.Sprintf("%d-%d", layout.Header.FirstRow+1, layout.Header.LastRow+1)
			for _, id := range []string{"indicator", "month", "year_to_date"} {
				if at := layout.Columns[layout.Form.Column(id)]; at >= 0 {
					where += " " + reporting.ColumnName(at)
				} else {
					where += " -"
				}
			}
			if where != c.where || layout.Names.String() != c.period {
				t.Errorf("found %s naming %q, want %s naming %q", where, layout.Names, c.where, c.period)
			}
		})
	}
}

// TestInfo reads the lines above a table.
func TestInfo(t *testing.T) {
	for in, want := range map[string]string{
		"填报单位：城东街道 报表所属期：2020年6月 单位：万元":            "城东街道@A1 2020-06@A1 万元@A1",
		"填报单位：城东街道 | 报表所属期：2020年6月 | 单位：万元":        "城东街道@A1 2020-06@B1 万元@C1",
		"填报单位： | 城东街道 | 所属期： | 2020年6月 | 单位： | 万元": "城东街道@B1 2020-06@D1 万元@F1",
		"填报单位 | 城东街道 | 所属期 | 2020年6月":              "城东街道@B1 2020-06@D1 @",
		"填 报 单 位：城东街道　　2020年6月　　单位：元":              "城东街道@A1 2020-06@A1 元@A1",
		"填报单位（盖章）： | | 2020年6月 | （单位：万元）":          "@ 2020-06@C1 万元@D1",
		"单位：城东街道 | 2020.06 | 金额单位：人民币元":            "城东街道@A1 2020-06@B1 元@C1",
		"编制单位：城东街道 | 统计时间：2020年6月1日至6月30日":         "城东街道@A1 2020-06@B1 @",
		"报送单位：城东街道 | 统计时间：截至2020年6月30日":            "城东街道@A1 2020-06@B1 @",
		"所属期： | d43983":              "@ 2020-06@B1 @",
		"所属月份：6月份":                   "@ 2020-06@A1 @",
		"单位：人、万元（保留两位小数）":            "@ @ 万元@A1",
		"填报日期：2020年7月5日":             "@ @ @",
		"二〇二〇年六月":                    "@ 2020-06@A1 @",
		"统计日期：2020年7月3日 | 填报单位：港口镇":  "港口镇@B1 @A1 @",
		"社会保险基金收支情况表（单位：万元）":         "@ @ 万元@A1",
		"填报单位：城东街道(盖章) | 单位：万人":      "城东街道(盖章)@A1 @ 万人@B1",
		"报表所属期：2020年1-6月 | 填报单位：港口镇": "港口镇@B1 2020H1@A1 @",
	} {
		t.Run(in, func(t *testing.T) {
			sheet := reportingtest.Sheet(t, in+"\n指标名称 | 本月数 | 本年累计"+rows)
			layout, findings := match.New(catalogue.Forms).Find([]*reporting.Sheet{sheet}, match.Expected{Form: "employment_monthly", Period: june(t)})
			if layout == nil {
				t.Fatal(findings)
			}
			got := fmt.Sprintf("%s@%s %s@%s %s@%s", layout.Org.Text, layout.Org.Cell, layout.Names, layout.Period.Cell, layout.Measure.Text, layout.Measure.Cell)
			if got != want {
				t.Errorf("%s, want %s", got, want)
			}
		})
	}
}

// TestWhichSheet takes the sheet of the period among several.
func TestWhichSheet(t *testing.T) {
	table := "指标名称 | 本月数 | 本年累计" + rows
	other := strings.Replace(table, "12", "13", 1)
	book := func(texts ...string) []*reporting.Sheet {
		var sheets []*reporting.Sheet
		for _, text := range texts {
			sheets = append(sheets, reportingtest.Sheet(t, text))
		}
		return sheets
	}
	for name, c := range map[string]struct {
		book []*reporting.Sheet
		want string
		find string
	}{
		"ByTab":            {book("@ name 5月\n"+other, "@ name 6月\n"+table, "@ name 7月\n"+other), "6月", "note unread_sheet\nnote unread_sheet"},
		"ByInfo":           {book("@ name 甲\n2020年5月\n"+other, "@ name 乙\n2020年6月\n"+table), "乙", "note unread_sheet"},
		"InfoBeforeTab":    {book("@ name 6月\n2020年5月\n"+other, "@ name 5月\n2020年6月\n"+table), "5月", "note unread_sheet"},
		"HiddenIsNotRead":  {book("@ name 6月 | hidden\n"+other, "@ name 甲\n"+table), "甲", "warning unread_sheet"},
		"CoverFirst":       {book("@ name 封面\n就业创业工作月报表\n填报单位：城东街道", "@ name 甲\n"+table), "甲", "note unread_sheet"},
		"TwoOfThePeriod":   {book("@ name 甲\n"+table, "@ name 乙\n"+other), "甲", "error ambiguous_column A1"},
		"TwoAlike":         {book("@ name 甲\n"+table, "@ name 乙\n"+table), "甲", "note unread_sheet"},
		"OnlyHidden":       {book("@ hidden\n" + table), "", "error unknown_form"},
		"NothingAtAll":     {book("")[:0], "", "error unknown_form"},
		"AnotherOfOurs":    {book("走访企业台账\n序号 | 走访日期 | 企业名称 | 统一社会信用代码 | 走访人员 | 企业诉求\n1 | 2020-06-02"), "", "error unknown_form A2"},
		"AnotherTable":     {book("领用登记\n日期 | 物品 | 数量\n2020-06-01 | 纸 | 3"), "", "error unknown_form"},
		"SameColumnsOther": {book("指标名称 | 本月数 | 本年累计\n线上招聘会 | 1 | 2\n线上提供职位 | 3 | 4"), "", "error unknown_form A1"},
	} {
		t.Run(name, func(t *testing.T) {
			layout, findings := match.New(catalogue.Forms).Find(c.book, match.Expected{Form: "employment_monthly", Period: june(t)})
			got := ""
			if layout != nil {
				got = layout.Sheet.Name
			}
			if found := reportingtest.Findings(findings); got != c.want || found != c.find && !(c.find == "error unknown_form" && strings.HasPrefix(found, c.find)) {
				t.Errorf("found %q with %q, want %q with %q", got, found, c.want, c.find)
			}
		})
	}
}

// TestUnknownFormSaysWhy names the nearest form and what it lacks.
func TestUnknownFormSaysWhy(t *testing.T) {
	sheet := reportingtest.Sheet(t, "姓名 | 性别 | 身份证号 | 培训类别 | 学校\n张三 | 男 | 1 | 计算机 | 一中")
	_, findings := match.New(catalogue.Forms).Find([]*reporting.Sheet{sheet}, match.Expected{Period: june(t)})
	const want = "最接近的是《职业技能培训台账》，但缺少班期编号、开班日期、结业日期、证书等级等"
	if len(findings) != 1 || !strings.Contains(findings[0].Message, want) {
		t.Errorf("findings %v, want %q", findings, want)
	}
}

// TestSentAsAnotherForm: a whole ledger under its own title that is sent as another.
func TestSentAsAnotherForm(t *testing.T) {
	sheet := reportingtest.Sheet(t, `
		劳动人事争议仲裁案件台账
		序号 | 案号 | 申请人 | 被申请人 | 所属乡镇（街道） | 案由 | 立案日期 | 结案日期 | 结案方式 | 涉及人数 | 涉案金额（元）
		1 | 〔2020〕1号 | 甲 | 乙厂 | 港口镇 | 工资 | 2020-06-01 | | | 1 | 2`)
	for _, form := range []string{"inspection_cases", "benefit_payments", "employment_monthly"} {
		layout, findings := match.New(catalogue.Forms).Find([]*reporting.Sheet{sheet}, match.Expected{Form: form, Period: june(t)})
		if layout != nil || len(findings) != 1 || findings[0].Code != reporting.UnknownForm || !strings.Contains(findings[0].Message, "劳动人事争议仲裁案件台账") {
			t.Errorf("as %s: %v, %v, want unknown_form that names the ledger", form, layout, findings)
		}
	}
	layout, findings := match.New(catalogue.Forms).Find([]*reporting.Sheet{sheet}, match.Expected{Period: june(t)})
	if layout == nil || layout.Form.ID != "dispute_cases" || len(findings) > 0 {
		t.Errorf("as any form: %v, %v, want dispute_cases", layout, findings)
	}
}

// TestOtherMeasuresAreNeverClaimed: beside the form's own columns, and in the place of each of them, a column of another measure stays free.
func TestOtherMeasuresAreNeverClaimed(t *testing.T) {
	others := []string{"上年同期", "上年同期数", "去年同期本月数", "上年同期累计", "同比增减", "同比（%）", "环比", "增长率", "目标任务数", "全年目标", "本月计划数", "本月目标", "完成率", "累计完成率",
		"上月数", "上期数", "上月末数", "2019年6月", "2019年本月数", "5月", "1-5月累计", "其中：女", "其中：农村", "人均金额", "平均", "占比", "进度要求", "排名"}
	for _, form := range catalogue.Forms {
		if form.Shape == reporting.TargetForm || form.Shape == reporting.BaselineForm || form.Shape == reporting.NarrativeForm {
			continue
		}
		for _, other := range others {
			var heads, values []string
			for _, c := range form.Columns {
				heads, values = append(heads, c.Labels[0]), append(values, "7")
			}
			first := ""
			if len(form.Rows) > 0 {
				for _, r := range form.Rows {
					values[form.ColumnOf(reporting.RowLabel)] = r.Label
					first += strings.Join(values, " | ") + " | 9\n"
				}
			} else {
				first = strings.Join(values, " | ") + " | 9\n"
			}
			for swap := -1; swap < len(heads); swap++ { // −1: beside all others
				row := append(append([]string{}, heads...), other)
				if swap >= 0 {
					if c := form.Columns[swap]; !c.Required || c.Type != reporting.Amount && c.Type != reporting.Integer && c.Type != reporting.MoneyValue {
						continue
					}
					row[swap] = "空栏"
				}
				sheet := reportingtest.Sheet(t, form.Title.ZH+"\n"+strings.Join(row, " | ")+"\n"+first)
				layout, _ := match.New(catalogue.Forms).Find([]*reporting.Sheet{sheet}, match.Expected{Form: form.ID, Period: june(t)})
				if layout == nil {
					continue
				}
				for i, at := range layout.Columns {
					wrongMonth := other == "5月" || other == "1-5月累计" || strings.HasPrefix(other, "2019年") // claimed, and found wrong
					if at == int32(len(heads)) && !wrongMonth {
						t.Errorf("%s: %q was claimed as %s", form.ID, other, form.Columns[i].ID)
					}
				}
			}
		}
	}
}
