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
