package label

import "testing"

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
	} {
		if got := Row(in); got != want {
			t.Errorf("Row(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestUnit(t *testing.T) {
	for in, want := range map[string]string{"万元": "万元", "（元）": "元", " 人 次 ": "人次", "人民币万元": "万元", "联系人": "", "3万元": ""} {
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
		"二○二○年十二月": "2020-12", " ２０２０ 年 ６ 月 ": "2020-06", "2020-06-15": "", "2020年13月": "", "2020年6月15日": "", "联系人": "", "2024年 12 月": "2024-12", "20200615": "",
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
