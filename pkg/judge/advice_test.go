package judge

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"huizong/pkg/label"
	"huizong/pkg/reporting"
	"huizong/pkg/reporting/reportingtest"
	"huizong/pkg/validate"
	"huizong/pkg/workbook"
	"huizong/schemas"
)

// The sheets that are right, by what they are sent as. Several sheets of a book stand behind each other, with --- between them.
var rightSheets = map[string]string{
	"employment_monthly 349981001 2020-06": `填报单位：城东街道 | 报表所属期：2020年6月
指标名称 | 计量单位 | 本月数 | 本年累计
城镇新增就业人数 | 人 | 12 | 80
失业人员再就业人数 | 人 | 3 | 30
就业困难人员就业人数 | 人 | 1 | 30
期末城镇登记失业人数 | 人 | 50 | —
期末城镇登记劳动力人数 | 人 | 5000 | —
引进外埠人员 | 人 | 5 | 30
举办线下招聘会 | 场 | 1 | 2
开发公益性岗位 | 个 | 1 | 2
集中政策宣讲 | 场 | 1 | 2
案外调解劳动争议 | 件 | 1 | 2`,
	"employment_center_monthly 349981JY 2020-01": `指标名称 | 计量单位 | 本月数 | 本年累计
线上招聘会 | 期 | 1 | 1
线上提供职位 | 个 | 100 | 100
新增就业见习到岗人员 | 人 | 10 | 10
公益性岗位补贴 | 万元 | 1.5 | 1.5
就业见习补贴 | 万元 | 2 | 2
基层特岗补贴 | 万元 | 3 | 3
创业担保贷款发放额 | 万元 | 4 | 4
职业技能培训补贴 | 万元 | 5 | 5`,
	"dispute_cases 349981ZC 2020-06": `案号 | 申请人 | 被申请人 | 所属乡镇（街道） | 案由 | 立案日期 | 结案日期 | 结案方式 | 涉及人数 | 涉案金额（元）
1号 | 张三 | 甲厂 | 港口镇 | 工资 | 2020-01-06 | 2020-02-06 | 裁决 | 1 | 500
2号 | 李四 | 乙厂 | 港口镇 | 工资 | 2020-02-06 | | | 1 | 600`,
	"training_ledger 349981ZJ 2020-06": `姓名 | 身份证号码 | 培训类别 | 班期编号 | 开班日期 | 结业日期 | 证书等级 | 是否鉴定 | 所在单位 | 补贴金额（元）
张三 | '349981198001010017 | 创业培训 | A1 | 2020-05-11 | 2020-06-15 | 无 | 否 | | 1000`,
	"enterprise_visits 349981003 2020-06": `走访日期 | 企业名称 | 统一社会信用代码 | 走访人员 | 企业诉求
2020-06-02 | 甲厂 | 91349981MA0000001N | 张三 | `,
	"benefit_payments 349981SB 2020-06": `姓名 | 身份证号码 | 所属乡镇 | 待遇类别 | 发放月份 | 发放金额（元）
张三 | '349981196001010018 | 港口镇 | 被征地农民养老保险待遇 | 2020-06 | 200
张三 | '349981196001010018 | 港口镇 | “七老”人员生活补贴 | 2020-06 | 50`,
	"talent_monthly 349981RS 2020-01": `指标名称 | 计量单位 | 本月数 | 本年累计
事业单位招聘人员 | 名 | 10 | 10
其中：人才引进 | 名 | 4 | 4
三支一扶招募 | 名 | 1 | 1
新聘任高级职称 | 人 | 1 | 1
新聘任中级职称 | 人 | 1 | 1
新聘任初级职称 | 人 | 1 | 1
推荐政府特殊津贴人选 | 名 | 1 | 1
发放人才补贴企业 | 家 | 1 | 1
人才生活补贴和安家补贴 | 万元 | 1 | 1`,
	"fund_monthly 349981SB 2020-01": `社会保险基金收支情况月报表 | | | | | | | 单位：万元
险种 | 期初结余 | 收入 | | 支出 | | | 期末滚存结余
 | | 本月 | 本年累计 | 本月 | 其中：上解省级 | 本年累计 |
企业职工基本养老保险 | 100 | 10 | 10 | 8 | 2 | 8 | 102
失业保险 | 50 | 5 | 5 | 4 | — | 4 | 51
工伤保险 | 20 | 2 | 2 | 1 | — | 1 | 21
城乡居民基本养老保险 | 30 | 3 | 3 | 2.5 | — | 2.5 | 30.5
机关事业单位基本养老保险 | 5 | 6 | 6 | 5 | — | 5 | 6
合计 | 205 | 26 | 26 | 20.5 | 2 | 20.5 | 210.5`,
}

// told is a sheet about which something is found, and what is done about it.
type told struct {
	sent    string   // of rightSheets
	wrong   []string // old, new: what makes it wrong
	stood   []string // what stood before: period, indicator, unit, value
	says    string   // the advice, as the finding gives it; "" asks nothing
	follow  []string // old, new: the advice followed on the wrong sheet; none: the right sheet is written
	another bool     // what was taken out is sent as another book
}

const (
	townJobs   = "employment_monthly 349981001 2020-06"
	centerJobs = "employment_center_monthly 349981JY 2020-01"
	disputes   = "dispute_cases 349981ZC 2020-06"
	training   = "training_ledger 349981ZJ 2020-06"
	visits     = "enterprise_visits 349981003 2020-06"
	benefits   = "benefit_payments 349981SB 2020-06"
	talent     = "talent_monthly 349981RS 2020-01"
	fund       = "fund_monthly 349981SB 2020-01"
)

// besideTown is a column more, for each row of the form of townships.
func besideTown(head, cell string) []string {
	rows := strings.Split(rightSheets[townJobs], "\n")
	wrong := []string{rows[1], rows[1] + " | " + head}
	for _, row := range rows[2:] {
		wrong = append(wrong, row, row+" | "+cell)
	}
	return wrong
}

// secondTown is the form of a township on a second sheet, with another number.
var secondTown = "\n---\n@ name 另一张\n" + strings.Replace(rightSheets[townJobs], "| 12 |", "| 13 |", 1)

// advised has what is told by each code, but for those of other packages.
var advised = map[reporting.FindingCode][]told{
	reporting.UnknownForm: {
		{sent: townJobs, wrong: []string{"填报单位", "@ hidden\n填报单位"}, says: "取消隐藏"},
		{sent: disputes, wrong: []string{"案号 | 申请人 | 被申请人 | 所属乡镇（街道） | 案由 | 立案日期", "甲 | 乙 | 丙 | 丁 | 戊 | 己", "结案日期 | 结案方式 | 涉及人数 | 涉案金额（元）", "庚 | 辛 | 壬 | 癸"}, says: "用本系统提供的模板填报"},
	},
	reporting.MissingColumn: {
		{sent: townJobs, wrong: []string{"本月数", "备查数"}, says: "请补上这一列"},
		{sent: disputes, wrong: []string{"被申请人", "被申情人"}, says: "请改成“被申请人”", follow: []string{"被申情人", "被申请人"}},
	},
	reporting.AmbiguousColumn: {
		{sent: townJobs, wrong: besideTown("当月数", "7"), says: "其余各列的表头改成能说明内容的名称", follow: []string{"| 当月数", "| 市局核对"}},
		{sent: townJobs, wrong: append([]string{"填报单位", "@ merge C2:D2 | merge E2:E2\n填报单位", "本月数 | 本年累计", "本月数 |  | 本年累计"}, widened()...), says: "其余各列写明各是什么",
			follow: []string{"@ merge C2:D2 | merge E2:E2\n", "", "本月数 |  | 本年累计", "本月数 | 市局核对 | 本年累计"}},
		{sent: townJobs, wrong: []string{"案外调解劳动争议 | 件 | 1 | 2", "案外调解劳动争议 | 件 | 1 | 2" + secondTown}, says: "把不报送的那一张移出这个文件", follow: []string{secondTown, ""}},
		{sent: disputes, wrong: []string{"2号 | 李四 | 乙厂 | 港口镇 | 工资 | 2020-02-06 | | | 1 | 600", "2号 | 李四 | 乙厂 | 港口镇 | 工资 | 2020-02-06 | | | 1 | 600" + secondCases}, says: "合并到一张工作表上", follow: []string{secondCases, "\n3号 | 王五 | 丙厂 | 港口镇 | 工资 | 2020-03-06 | | | 1 | 700"}},
		{sent: centerJobs, wrong: []string{"指标名称 | 计量", "单位：元 | | | 金额单位：万元\n指标名称 | 计量"}, says: "请把写错的那一处改正", follow: []string{"单位：元 |", "单位：万元 |"}},
	},
	reporting.UnclaimedColumn: {{sent: townJobs, wrong: besideTown("市局核对", "7")}},
	reporting.UnreadSheet: {
		{sent: townJobs, wrong: []string{"案外调解劳动争议 | 件 | 1 | 2", "案外调解劳动争议 | 件 | 1 | 2" + mayTown}, says: "请按那个时期报送", follow: []string{mayTown, ""}, another: true},
		{sent: townJobs, wrong: []string{"案外调解劳动争议 | 件 | 1 | 2", "案外调解劳动争议 | 件 | 1 | 2\n---\n@ name 备忘\n电话 | 13"}},
	},
	reporting.MissingRow:   {{sent: townJobs, wrong: []string{"\n引进外埠人员 | 人 | 5 | 30", ""}, says: "请补上后重新上报"}},
	reporting.AmbiguousRow: {{sent: townJobs, wrong: []string{"\n失业人员", "\n城镇新增就业情况 | 人 | 20 | —\n失业人员"}, says: "改成不会混淆的名称", follow: []string{"城镇新增就业情况", "外地务工返乡登记"}}},
	reporting.UnclaimedRow: {{sent: townJobs, wrong: []string{"\n失业人员", "\n外地务工返乡登记 | 人 | 20 | —\n失业人员"}}},
	reporting.WrongOrg:     {{sent: townJobs, wrong: []string{"城东街道", "城西街道"}, says: "请核对后重新上报"}},
	reporting.WrongPeriod: {
		{sent: townJobs, wrong: []string{"2020年6月", "2020年5月"}, says: "请核对后重新上报"},
		{sent: townJobs, wrong: []string{"填报单位", "就业创业工作月报表（2020年5月）\n填报单位"}, says: "请把写错的那一处改正", follow: []string{"2020年5月", "2020年6月"}},
		{sent: townJobs, wrong: []string{"本月数", "5月"}, says: "请核对是否拿错了报表"},
	},
	reporting.NotANumber:   {{sent: townJobs, wrong: []string{"| 12 |", "| 很多 |"}, says: "请改成数字"}},
	reporting.NotAnInteger: {{sent: townJobs, wrong: []string{"| 12 |", "| 12.5 |"}, says: "请核对"}},
	reporting.OutOfBounds:  {{sent: townJobs, wrong: []string{"| 12 |", "| 13800138000 |"}, says: "请核对是否多写了数字"}},
	reporting.Negative:     {{sent: townJobs, wrong: []string{"| 12 |", "| -12 |"}, says: "请核对"}},
	reporting.MissingValue: {{sent: townJobs, wrong: []string{"| 12 |", "| |"}, says: "没有发生请填 0"}},
	reporting.BadDate:      {{sent: disputes, wrong: []string{"2020-01-06", "2020-13-06"}, says: "请按 2020-06-15 的样子填写"}},
	reporting.UnknownUnit:  {{sent: disputes, wrong: []string{"甲厂 | 港口镇", "甲厂 | 北河镇"}, says: "请填写规定的全称"}},
	reporting.UnknownCategory: {
		{sent: training, wrong: []string{"创业培训", "老板班"}, says: "应为：创业培训"},
		{sent: fund, wrong: []string{"\n失业保险 |", "\n商业保险 |"}, says: "请改为表内规定的名称"},
	},
	reporting.BadIDNumber:   {{sent: training, wrong: []string{"010017", "010018"}, says: "请对照证件改正"}},
	reporting.BadCreditCode: {{sent: visits, wrong: []string{"0001N", "0001P"}, says: "请对照营业执照改正"}},
	reporting.DuplicateRow: {
		{sent: disputes, wrong: []string{"2号", "1号"}, says: "如果不是，请改正其中写错的"},
		{sent: townJobs, wrong: []string{"\n失业人员", "\n城镇新增就业人数 | 人 | 20 | —\n失业人员"}, says: "如果是两项，请写成各自的名称", follow: []string{"城镇新增就业人数 | 人 | 20", "外地务工返乡登记 | 人 | 20"}},
	},
	reporting.DateOutOfPeriod:      {{sent: training, wrong: []string{"2020-06-15", "2020-07-15"}, says: "属于别的月份的请报到那个月"}},
	reporting.ClosedBeforeAccepted: {{sent: disputes, wrong: []string{"2020-01-06 | 2020-02-06", "2020-02-06 | 2020-01-06"}, says: "请核对"}},
	reporting.TotalMismatch:        {{sent: fund, wrong: []string{"合计 | 205", "合计 | 206"}, says: "应为"}},
	reporting.PartExceedsWhole:     {{sent: talent, wrong: []string{"名 | 4 | 4", "名 | 11 | 11"}, says: "大于"}},
	reporting.BalanceMismatch:      {{sent: fund, wrong: []string{"| 51\n", "| 52\n", "210.5", "211.5"}, says: "应为"}},
	reporting.OpeningMismatch: {{sent: fund, wrong: []string{"失业保险 | 50 |", "失业保险 | 49 |", "| 51\n", "| 50\n", "205", "204", "210.5", "209.5"}, says: "应为",
		stood: []string{"2019-12 insurance.unemployment.balance 349981SB 500000"}}},
	reporting.CumulativeMismatch: {{sent: centerJobs, wrong: []string{"100 | 100", "100 | 101"}, says: "本年累计"}},
	reporting.Outlier: {{sent: centerJobs, wrong: []string{"100 | 100", "4000 | 4000"}, says: "如果属实可以不改",
		stood: []string{"2019-09 employment.online_fair_positions 349981JY 100", "2019-10 employment.online_fair_positions 349981JY 99", "2019-11 employment.online_fair_positions 349981JY 101", "2019-12 employment.online_fair_positions 349981JY 100"}}},
	reporting.UnitSuspect: {
		{sent: centerJobs, wrong: []string{"1.5 | 1.5", "15300 | 15300"}, says: "请核对是否混用了元和万元",
			stood: []string{"2019-12 employment.subsidy_public_welfare_posts 349981JY 15000", "2019-12 employment.startup_loans 349981JY 40000"}},
		{sent: centerJobs, wrong: []string{"公益性岗位补贴 | 万元", "公益性岗位补贴 | 美元"}, says: "请写元、万元或亿元"},
	},
	reporting.DuplicatePerson: {{sent: benefits, wrong: []string{"港口镇 | “七老”", "中溪镇 | “七老”"}, says: "请核实是否重复"}},
	reporting.ValueAssumed: {
		{sent: townJobs, wrong: []string{"| 12 |", "| 12人 |"}, says: "请只填数字"},
		{sent: disputes, wrong: []string{"甲厂 | 港口镇", "甲厂 | 港口"}, says: "请写全称"},
	},
	reporting.CheckNotRun: {{sent: fund, wrong: []string{"合计", "合计"}}},
}

// mayTown is the same form on a tab of the month before.
var mayTown = "\n---\n@ name 5月\n" + strings.Replace(rightSheets[townJobs], "2020年6月", "2020年5月", 1)

// secondCases are cases of which one is on the first sheet, too.
const secondCases = `
---
@ name 乙
案号 | 申请人 | 被申请人 | 所属乡镇（街道） | 案由 | 立案日期 | 结案日期 | 结案方式 | 涉及人数 | 涉案金额（元）
2号 | 李四 | 乙厂 | 港口镇 | 工资 | 2020-02-06 | | | 1 | 600
3号 | 王五 | 丙厂 | 港口镇 | 工资 | 2020-03-06 | | | 1 | 700`

// widened puts a number of somebody else's behind each of the month's.
func widened() []string {
	var wrong []string
	for _, row := range strings.Split(rightSheets[townJobs], "\n")[2:] {
		cells := strings.Split(row, " | ")
		wrong = append(wrong, row, strings.Join(slices.Insert(cells, 3, "7"), " | "))
	}
	return wrong
}

// toldElsewhere are the codes whose advice is followed where it is given: a test of the package.
var toldElsewhere = map[reporting.FindingCode][2]string{
	reporting.PeriodLocked:  {"../../services/worker/closed_test.go", "TestClosedMonthStays"},
	reporting.RowLeftOut:    {"../../services/worker/closed_test.go", "TestRowsLeftOut"},
	reporting.LaterStands:   {"../../services/worker/closed_test.go", "LaterStands"},
	reporting.DuplicateFile: {"../../services/worker/closed_test.go", "DuplicateFile"},
	reporting.OurFault:      {"../../services/worker/undecided_test.go", "TestUndecided"},
	reporting.MoreFindings:  {"../reporting/findinggroup_test.go", "TestAddFindings"},
}

// unreadable are files that cannot be read at all, with what their finding says to do: the table is saved anew, then.
var unreadable = map[reporting.FindingCode]struct{ file, says string }{
	reporting.UnreadableFile: {"<html><table><tr><td>1</td></tr></table></html>", "另存为"},
	reporting.EncryptedFile:  {"\x14#e?\x00\x13\x01E-SafeNet\x00\x00\x00LOCK\x00\x00", "解密"},
	reporting.TooLarge:       {strings.Repeat("列,", 300) + "列\n1\n", "列"},
}

// TestEveryAdvice follows what the finding of every code says. Then the finding is gone, the facts are those that were meant, and before and
// after no number of the sheets is left out without a finding that names it.
func TestEveryAdvice(t *testing.T) {
	source, err := os.ReadFile("../reporting/finding.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`FindingCode = "(\w+)"`).FindAllStringSubmatch(string(source), -1) {
		code := reporting.FindingCode(m[1])
		_, raw := unreadable[code]
		elsewhere, other := toldElsewhere[code]
		if !raw && !other && len(advised[code]) == 0 {
			t.Errorf("nobody follows what %s says", code)
		}
		if text, err := os.ReadFile(elsewhere[0]); other && (err != nil || !strings.Contains(string(text), elsewhere[1])) {
			t.Errorf("%s: %s has no %s: %v", code, elsewhere[0], elsewhere[1], err)
		}
	}
	j := adviser(t)
	for code, file := range unreadable {
		v, err := j.read(strings.NewReader(file.file), "employment_monthly", "349981001", juneOf(t, townJobs))
		if err != nil || len(v.Findings) != 1 || v.Findings[0].Code != code || !strings.Contains(v.Findings[0].Message, file.says) {
			t.Errorf("%s: %v, %v", code, v.Findings, err)
		}
	}
	for _, code := range slices.Sorted(maps.Keys(advised)) {
		for i, c := range advised[code] {
			t.Run(fmt.Sprint(code, i), func(t *testing.T) { c.check(t, j, code) })
		}
	}
}

func adviser(t *testing.T) *Judge {
	catalogue, err := schemas.Load(schemas.FS())
	if err != nil {
		t.Fatal(err)
	}
	j, err := New(catalogue, []byte("a key for tests"), workbook.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func (c told) check(t *testing.T, j *Judge, code reporting.FindingCode) {
	right := rightSheets[c.sent]
	wrong := replaced(t, right, c.wrong)
	found, _ := c.judge(t, j, wrong)
	at := slices.IndexFunc(found, func(f reporting.Finding) bool { return f.Code == code && strings.Contains(f.Message, c.says) })
	if at < 0 {
		t.Fatalf("not found: %+v", found)
	}
	if asks := strings.Contains(found[at].Message, "请"); c.says == "" {
		if asks || found[at].Severity != reporting.SeverityNote {
			t.Errorf("it asks for something: %s", found[at].Message)
		}
		return
	}
	then := right
	if c.follow != nil {
		then = replaced(t, wrong, c.follow)
	}
	after, facts := c.judge(t, j, then)
	_, meant := c.judge(t, j, right)
	if c.says == "合并到一张工作表上" {
		meant = facts // it has a row more than the right one: that none of them is lost is checked as everywhere
		if strings.Count(facts, "disputes.cases_accepted") != 3 {
			t.Errorf("of three cases %s", facts)
		}
	}
	if facts != meant || facts == "" || reporting.HasErrors(after) {
		t.Errorf("after %q: facts %s\nmeant %s\nfound %+v", found[at].Message, facts, meant, after)
	}
	if slices.ContainsFunc(after, func(f reporting.Finding) bool {
		return f.Code == code && f.Cell == found[at].Cell && f.Message == found[at].Message
	}) {
		t.Errorf("it was followed, and still: %s", found[at].Message)
	}
	if c.another {
		alone := told{sent: strings.Replace(c.sent, "2020-06", "2020-05", 1)}
		if again, facts := alone.judge(t, j, strings.TrimPrefix(c.follow[0], "\n---\n")); facts == "" || reporting.HasErrors(again) {
			t.Errorf("sent by itself: %+v", again)
		}
	}
}

func replaced(t *testing.T, text string, pairs []string) string {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("%q is not in\n%s", pairs[i], text)
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return text
}

func juneOf(t *testing.T, sent string) reporting.Period {
	p, err := reporting.ParsePeriod(strings.Fields(sent)[2])
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// judge reads a book, and compares what is read with what stands there: a number that is in no value has a finding at it, in its row or column, or
// of its sheet.
func (c told) judge(t *testing.T, j *Judge, text string) ([]reporting.Finding, string) {
	t.Helper()
	words := strings.Fields(c.sent)
	var sheets []*reporting.Sheet
	for _, sheet := range strings.Split(text, "\n---\n") {
		sheets = append(sheets, reportingtest.Sheet(t, sheet))
	}
	v := j.readSheets(sheets, words[0], words[1], juneOf(t, c.sent))
	if v.Table == nil {
		return v.Findings, ""
	}
	var h validate.History
	for _, line := range c.stood {
		stood := strings.Fields(line)
		p, err := reporting.ParsePeriod(stood[0])
		if err != nil {
			t.Fatal(err)
		}
		value, err := reporting.ParseDecimal(stood[3])
		if err != nil {
			t.Fatal(err)
		}
		h.Standing = append(h.Standing, reporting.Standing{Submission: stood[0], Form: words[0], Org: words[1], Period: p})
		h.Facts = append(h.Facts, reporting.Fact{Submission: stood[0], Form: words[0], Sender: words[1], Observation: reporting.Observation{Indicator: stood[1], Unit: stood[2], Period: p, Value: value}})
	}
	v.Findings = append(v.Findings, j.checker.Check(v.Table, h)...)
	read := map[string]bool{}
	lines := slices.Clone(v.Table.Lines)
	if v.Table.Total != nil {
		lines = append(lines, *v.Table.Total)
	}
	for _, l := range lines {
		for _, value := range l.Values {
			read[value.Sheet+"!"+value.Cell] = true
		}
	}
	for _, sheet := range sheets {
		for _, row := range sheet.Rows {
			for _, cell := range row.Cells {
				name := reporting.CellName(cell.Row, cell.Col)
				if cell.Kind != reporting.NumberCell || sheet.Hidden || read[sheet.Name+"!"+name] || sheet.Name == v.Table.Sheet && read["!"+name] {
					continue
				}
				if !slices.ContainsFunc(v.Findings, func(f reporting.Finding) bool { return names(f, sheet, cell) }) {
					t.Errorf("%s!%s, %s, is left out without a word", sheet.Name, name, label.Clean(cell.Text))
				}
			}
		}
	}
	var facts []string
	for _, o := range v.Reading.Observations {
		facts = append(facts, o.Indicator+" "+o.Unit+" "+o.Period.String()+" "+o.Value.String())
	}
	slices.Sort(facts)
	return v.Findings, strings.Join(facts, ", ")
}

// names reports whether the finding is about the cell, its column or row, or the whole sheet.
func names(f reporting.Finding, sheet *reporting.Sheet, cell reporting.Cell) bool {
	row, col, ok := reporting.ParseCellName(f.Cell)
	if whole := strings.Contains(f.Message, "“"+sheet.Name+"”"); whole || f.Sheet != sheet.Name {
		return whole
	}
	return !ok || row == cell.Row || col == cell.Col || strings.Contains(f.Message, reporting.CellName(cell.Row, cell.Col)) ||
		f.Question != nil && slices.ContainsFunc(f.Question.Options, func(o reporting.Option) bool { return o.ID == reporting.ColumnName(cell.Col) })
}
