package label

import (
	"slices"
	"strings"
	"testing"
)

func TestMoney(t *testing.T) {
	for text, want := range map[string]string{
		"元": "元", "万元": "万元", "元（人民币）": "元", "人民币万元": "万元", "仟元": "千元", "萬圓": "万元", "百万元": "百万元",
		"保证金金额（元，保留两位小数）": "元", "保证金金额（单位：元 保留2位）": "元", "公益性岗位补贴（元）": "元", "金额/万元": "万元", "补贴金额（元/人）": "元",
		"单\n位\n：\n元": "元", "收入（万元） 其中（元）": "万元 元", "金额（美元）": "美元", "十万元": "十万元",
		"10万元以上案件数": "", "单元数": "", "元旦补贴": "", "人": "", "第二单元": "", "": "", "5万元": "", "金额 元": "元",
	} {
		if got := Money(text); !slices.Equal(got, strings.Fields(want)) {
			t.Errorf("Money(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestMultiple(t *testing.T) {
	for text, want := range map[string]string{"万": "万", "补贴金额（万）": "万", "人数(w)": "万", "万元": "", "金额（万元）": "", "": "", "千人": "", "万里镇": ""} {
		if got := Multiple(text); got != want {
			t.Errorf("Multiple(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestStated(t *testing.T) {
	for text, want := range map[string]string{
		"单位：万元": "万元", "单位:人、万元": "万元", "（单位：人民币元）": "元", "注：本表金额单位为元。": "元", "说明：1.本表金额以万元为单位，保留两位小数": "万元",
		"单\n位\n：\n元": "元", "单 位 ： 万 元": "万元", "（万元）": "万元", "金额单位：元（保留两位小数）": "元", "以上金额均以元计": "元", "币种：人民币 单位：千元": "千元",
		"填报单位：就业服务中心    报表所属期：2024年11月": "", "填报单位：社会保险中心    报表所属期：2014年4月    单位：万元": "万元", "施工单位：元通建设公司": "", "计量单位": "",
		"本月追讨工资12万元": "", "单位：人": "", "单位：元 件": "元", "金额单位（元）": "元", "计量单位：件、元": "元", "金额按万元填报": "万元", "单位：美元": "美元", "单位：元/人": "元",
		"注：金额单位均为万元": "万元", "金额单位统一为元": "元", "注：单位为万元": "万元",
	} {
		if got := Stated(text); !slices.Equal(got, strings.Fields(want)) {
			t.Errorf("Stated(%q) = %q, want %q", text, got, want)
		}
	}
}
