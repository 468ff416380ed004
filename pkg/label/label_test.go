package label

import (
	"strings"
	"testing"

	"huizong/pkg/reporting"
)

func TestHeader(t *testing.T) {
	for _, c := range []struct{ in, text, measure string }{
		{"收入\n（万元）", "收入", "万元"},
		{"本 月 数", "本月数", ""},
		{"乡镇（街道）", "乡镇街道", ""},
		{"发放金额(元)", "发放金额", "元"},
		{"金额（单位：万元）", "金额", "万元"},
		{"ＡＢ列", "ab列", ""},
		{"增幅（%）", "增幅", "%"},
		{"金额（万元）（保留两位小数）", "金额", "万元"},
		{"（元）", "元", ""},
		{"参保人数/人", "参保人数", "人"},
		{"金额：万元", "金额", "万元"},
		{"保证金金额，千元", "保证金金额", "千元"},
		{"保证金金额_元", "保证金金额", "元"},
		{"保证金金额 万元", "保证金金额", "万元"},
		{"公益性岗位补贴（以元计）", "公益性岗位补贴", "元"},
		{"公益性岗位补贴（元，保留整数）", "公益性岗位补贴", "元"},
		{"公益性岗位补贴（RMB）", "公益性岗位补贴", "元"},
		{"补贴（高校毕业生）", "补贴高校毕业生", ""},
		{"参保人数【万人】", "参保人数", "万人"},
		{"1.指标名称", "指标名称", ""},
		{"*姓名", "姓名", ""},
		{"期初结余①", "期初结余", ""},
		{"期末滚存结余\n（4=1+2-3）", "期末滚存结余", ""},
		{"本月数（第3栏）", "本月数", ""},
		{"身份证号码（18位）", "身份证号码", ""},
		{"1-6月累计", "16月累计", ""},
		{"其中：上解省级", "其中上解省级", ""},
	} {
		if text, measure := Header(c.in); text != c.text || measure != c.measure {
			t.Errorf("Header(%q) = %q, %q, want %q, %q", c.in, text, measure, c.text, c.measure)
		}
	}
}

func TestRow(t *testing.T) {
	for in, want := range map[string]string{
		"1.城镇新增就业人数":    "城镇新增就业人数",
		"（１）城镇新增就业人数":   "城镇新增就业人数",
		"一、城镇新增就业人数":    "城镇新增就业人数",
		"①城镇新增就业人数":     "城镇新增就业人数",
		"1.1 城镇新增就业人数":  "城镇新增就业人数",
		"　　其中：人才引进":     "人才引进",
		"其中:人才引进":       "人才引进",
		"2、其中：人才引进":     "人才引进",
		"三支一扶招募":        "三支一扶招募",
		"三、三支一扶招募（名）":   "三支一扶招募",
		"10、案外调解劳动争议":   "案外调解劳动争议",
		"“七老”人员生活补贴":    "七老人员生活补贴",
		"合 计":           "合计",
		"7. 举办线下招聘会(场)": "举办线下招聘会",
		"1 城镇新增就业人数":    "城镇新增就业人数",
		"1-2、城镇新增就业人数":  "城镇新增就业人数",
		"A.城镇新增就业人数":    "城镇新增就业人数",
		"第三项：城镇新增就业人数":  "城镇新增就业人数",
		"#人才引进":         "人才引进",
		"（其中）人才引进":      "人才引进",
		"其中：1.人才引进":     "人才引进",
		"其中":            "其中",
		"5":             "5",
		"1-6月就业人数":      "16月就业人数",
	} {
		if got := Row(in); got != want {
			t.Errorf("Row(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestUnit(t *testing.T) {
	for in, want := range map[string]string{"万元": "万元", "（元）": "元", " 人 次 ": "人次", "人民币万元": "万元", "万人": "万人", "联系人": "", "3万元": ""} {
		if got, ok := Unit(in); got != want || ok != (want != "") {
			t.Errorf("Unit(%q) = %q, %v, want %q", in, got, ok, want)
		}
	}
}

func TestNear(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"指标名称", "指标名", true}, {"立案日期", "结案日期", true}, {"本月数", "本年累计", false}, {"姓名", "经办人姓名", false},
		{"涉案金额", "涉案金颔", true}, {"案号", "案件号码", false},
	} {
		if got := Near(c.a, c.b); got != c.want {
			t.Errorf("Near(%q, %q) = %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

func TestPeriod(t *testing.T) {
	for in, want := range map[string]string{
		"2020年6月": "2020-06", "2020年06月份": "2020-06", "2020.06": "2020-06", "2020/6": "2020-06", "2020-06": "2020-06", "202006": "2020-06",
		"示例市2020年6月就业创业工作月报表": "2020-06", "2020年1-6月": "2020H1", "2020年1月—6月": "2020H1", "2020年1月至2020年5月": "2020-01..2020-05",
		"2020年上半年": "2020H1", "2020年第二季度": "2020Q2", "2020年": "2020", "2020年度": "2020", "2020": "2020", "二〇二〇年六月": "2020-06",
		"二O二O年一月": "2020-01", "2020年元月": "2020-01", "每人100元月均2020年6月": "2020-06", "20年6月份": "2020-06", "2020年6月1日至30日": "2020-06", "2020-06-01~30日": "2020-06", "2020年6月1日至2020年6月30日": "2020-06", "2020年5月21日—6月20日": "2020-06",
		"2020.1.1-2020.3.31": "2020Q1", "2020年6月十五日": "", "2020-06-08": "", "2020.6.8": "", "二○二○年十二月": "2020-12", " ２０２０ 年 ６ 月 ": "2020-06", "2020-06-15": "", "2020年13月": "", "2020年6月15日": "", "联系人": "", "2024年 12 月": "2024-12", "20200615": "",
	} {
		got, ok := Period(in)
		if got.String() != want && !(want == "" && !ok) {
			t.Errorf("Period(%q) = %v, %v, want %q", in, got, ok, want)
		}
	}
	if got, ok := MonthOf("六月", 2020); !ok || got.String() != "2020-06" {
		t.Errorf("MonthOf(六月) = %v, %v", got, ok)
	}
}

func TestMonthIn(t *testing.T) {
	for in, want := range map[string]string{
		"6月份就业创业工作月报表": "2020-06", "就业（六月）": "2020-06", "1—6月就业情况": "2020H1", "13月": "", "3-6月": "", "1月2月": "", "月报表": "",
	} {
		if got, ok := MonthIn(in, 2020); got.String() != want || ok != (want != "") {
			t.Errorf("MonthIn(%q) = %v, %v, want %q", in, got, ok, want)
		}
	}
}

func TestDay(t *testing.T) {
	for in, want := range map[string]string{
		"2020-06-15": "2020-06-15", "2020-6-5": "2020-06-05", "2020.6.15": "2020-06-15", "2020/6/15": "2020-06-15", "2020年6月15日": "2020-06-15", "20200615": "2020-06-15",
		"２０２０／６／１５": "2020-06-15", "2020。6。15": "2020-06-15", "2020.06.15.": "2020-06-15", "2020年6月15日 星期一": "2020-06-15", "2020 6 15": "2020-06-15",
		"2020-06-15 00:00:00": "2020-06-15", "二〇二〇年六月十五日": "2020-06-15", "二○二○年十二月三十一日": "2020-12-31", "2020-02-30": "", "2020-13-01": "",
		"20.6.15": "", "6月15日": "", "2020-06": "", "15/06/2020": "", "": "", "2020-06-15至2020-06-20": "",
	} {
		if got, ok := Day(in); got.String() != want || ok != (want != "") {
			t.Errorf("Day(%q) = %v, %v, want %q", in, got, ok, want)
		}
	}
}

func TestOfOtherPeriod(t *testing.T) {
	june, _ := reporting.ParsePeriod("2020-06")
	for in, want := range map[string]bool{
		"本月数": false, "6月": false, "5月": true, "1-6月累计": false, "1—5月累计": true, "2020年6月": false, "2019年6月": true, "2019年": true, "2020年": false, "六月份": false, "2020年与2019年": false,
	} {
		if got := OfOtherPeriod(in, june); got != want {
			t.Errorf("OfOtherPeriod(%q) = %v, want %v", in, got, want)
		}
	}
}

func TestCore(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"实际缴存金额", "缴存额", true}, {"本月数", "上月数", false}, {"涉及人数", "涉及劳动者人数", false}, {"立案日期", "立案时间", true}, {"数", "额", false},
	} {
		if got := Core(c.a) != "" && Core(c.a) == Core(c.b); got != c.same {
			t.Errorf("Core(%q) = %q, Core(%q) = %q, want alike %v", c.a, Core(c.a), c.b, Core(c.b), c.same)
		}
	}
}

func TestColumnNumbers(t *testing.T) {
	for text, want := range map[string]bool{
		"甲 乙 1 2 3": true, "甲 1 2": true, "(1) (2) (3)=(1)+(2)": true, "栏次 1 2": true, "A B C": true, "1 2 3 1 2 3": true, "1 2 4": false,
		"1 甲 乙 12": false, "3 4 5": false, "12 8": false, "1": false, "甲 丙": false, "1 2 港口镇": false,
	} {
		var cells []reporting.Cell
		for i, cell := range strings.Fields(text) {
			cells = append(cells, reporting.Cell{Col: int32(i), Text: cell})
		}
		if got := AreColumnNumbers(cells); got != want {
			t.Errorf("AreColumnNumbers(%q) = %v", text, got)
		}
	}
}

func FuzzPeriod(f *testing.F) {
	for _, s := range []string{"2020年6月", "2020.06", "二〇二〇年六月", "2020年5月21日—6月20日", "20年6月", "2020-06-15", "1-6月"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, ok := Period(s)
		if !ok {
			return
		}
		if again, ok := Period(p.Label()); p.Last < p.First || !ok || again != p {
			t.Errorf("Period(%q) = %v, and of its label %q %v", s, p, p.Label(), again)
		}
		Day(s)
		MonthIn(s, 2020)
		OfOtherPeriod(s, p)
	})
}

func FuzzRow(f *testing.F) {
	for _, s := range []string{"1.城镇新增就业人数", "　　其中：人才引进", "①1、(2)", "其中其中其中", "(((", "1-1-1、甲（人）"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		row := Row(s)
		if Fold(row) != row {
			t.Errorf("Row(%q) = %q, which is not folded", s, row)
		}
		Header(s)
		WithoutBrackets(s)
		Core(row)
	})
}
