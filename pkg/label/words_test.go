package label

import "testing"

func TestMeans(t *testing.T) {
	for meaning, texts := range map[Meaning][]string{
		Nil:      {"无", "本月无", "零报告", "本月未发生", "本期暂无相关业务", "（无）", "0报告", "本乡镇本月没有走访企业", "未开展培训", "N/A"},
		Zero:     {"无", "零", "未发生", "零报告"},
		Ditto:    {"同上", "〃", "″", "同 上", "\"", "同前", "同上一行", "〃〃"},
		Open:     {"未结", "审理中", "正在审理", "尚未结案", "未办结", "办理中", "在办", "未审结", "正在审理中", "待结案", "案件正在办理中", "仲裁中"},
		End:      {"以下空白", "（以下空白）", "——以下空白——", "以 下 空 白", "以下无正文", "本页以下空白", "此行以下空白", "结束", "（完）", "表格到此结束"},
		Subtotal: {"小计", "南极乡 汇总", "总计", "汇总", "承前页", "合计人数", "街道小计", "总计数"},
		Yes:      {"√", "是", "✔", "Y"},
		No:       {"×", "否", "N"},
	} {
		for _, text := range texts {
			if !Means(text, meaning) {
				t.Errorf("%q does not mean %s", text, meaning)
			}
		}
	}
	for meaning, texts := range map[Meaning][]string{
		Nil:   {"无锡恒达有限公司", "无锡", "无证经营", "0", "没有填无", "—", "", "暂无法提供", "无业人员"},
		Zero:  {"暂无", "无数据", "本月无"},
		Ditto: {"同上海", "同意", "上", "—", "'"},
		Open:  {"已结", "已办结", "审理终结", "结案", "2020-06-15", "中", "中街", "审理", "未成年人"},
		End:   {"完达山乳业", "结束日期", "空白村", "以下内容"},
		Yes:   {"是否", "否", "是的，已鉴定"},
	} {
		for _, text := range texts {
			if Means(text, meaning) {
				t.Errorf("%q means %s", text, meaning)
			}
		}
	}
}

func TestNumeral(t *testing.T) {
	for in, want := range map[string]string{
		"十二": "12", "三十五人": "35人", "一百二十": "120", "一百零五": "105", "二千": "2000", "三万五千": "35000", "壹佰贰拾叁人": "123人", "两千零六": "2006",
		"五": "5", "零": "0", "十": "10", "三十万": "300000", "一亿两千万": "120000000", "一万零五": "10005", "三十五万": "350000",
	} {
		if got, ok := Numeral(in); !ok || got != want {
			t.Errorf("Numeral(%q) = %q, %v, want %q", in, got, ok, want)
		}
	}
	for _, in := range []string{"三百五", "三万五", "一二三", "百", "万", "十百", "人", "", "二〇二〇", "五十十", "千万"} {
		if got, ok := Numeral(in); ok {
			t.Errorf("Numeral(%q) = %q, want none", in, got)
		}
	}
}

func TestHints(t *testing.T) {
	for in, want := range map[string]string{
		"结业日期（格式：2020-06-15）": "结业日期", "走访日期（如：2020-06-15）": "走访日期", "培训类别（下拉选择）": "培训类别", "是否鉴定（是/否）": "是否鉴定",
		"证书等级（无证书填“无”）": "证书等级", "企业名称（全称）": "企业名称", "开班日期（年/月/日）": "开班日期", "期末参保人数（不含退休）": "期末参保人数", "结案日期（yyyy-mm-dd）": "结案日期",
		"收入（不含上年结转）（万元）": "收入",
		"本月数（请填上年同期数）":   "本月数请填上年同期数", "本月数（计划数）": "本月数计划数", "就业人数（女）": "就业人数女", "补贴（高校毕业生）": "补贴高校毕业生", "人数（其中：女）": "人数其中女",
	} {
		if got, _ := Header(in); got != want {
			t.Errorf("Header(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestWithoutBound(t *testing.T) {
	for in, want := range map[string]string{"≥200": "200", "不低于 95%": "95%", "控制在3.5%以内": "3.5%", "200": "", "200以上": "200", ">=200人": "200人"} {
		got, ok := WithoutBound(in)
		if ok != (want != "") || ok && got != want {
			t.Errorf("WithoutBound(%q) = %q, %v, want %q", in, got, ok, want)
		}
	}
}

// TestOtherMeasure: a column of last year, of growth or of shares is known for what it is.
func TestOtherMeasure(t *testing.T) {
	for header, want := range map[string]string{
		"上年同期": "上年的数", "去年累计": "上年的数", "同比增减(%)": "增减变化", "比上年同期增减": "增减变化", "环比": "增减变化", "占全年目标(%)": "比例或完成率", "完成率": "比例或完成率",
		"上月数": "上期的数", "全年目标任务数": "目标或计划数", "其中:女": "其中的一部分", "排名": "排名或得分", "本月数": "", "备用": "",
	} {
		if got, ok := OtherMeasure(header); got.ZH != want || ok != (want != "") {
			t.Errorf("OtherMeasure(%q) = %q, want %q", header, got.ZH, want)
		}
	}
}
