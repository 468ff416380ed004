package label

import (
	"slices"
	"strings"

	"huizong/pkg/reporting"
)

// measure is what a column beside the form's own holds, and the words by which its header tells: last year's number is not this year's.
type measure struct {
	is    reporting.Text
	words []string
}

// otherMeasures are the measures that offices set beside those of a form. A header is of the first one that has a word in it: 同比增减 is a growth,
// though 同期 and 上年 are near. A word that makes another measure of a header is added here, and nowhere else.
var otherMeasures = []measure{
	{reporting.Text{ZH: "增减变化", EN: "a change"}, []string{"同比", "环比", "增减", "增幅", "增长", "增速", "升降", "比上", "较上"}},
	{reporting.Text{ZH: "比例或完成率", EN: "a share or rate"}, []string{"比重", "占比", "比例", "率", "百分"}},
	{reporting.Text{ZH: "上年的数", EN: "last year's number"}, []string{"上年", "去年", "前年", "往年", "历年", "同期"}},
	{reporting.Text{ZH: "上期的数", EN: "the number of the time before"}, []string{"上月", "上期", "上季", "前期"}},
	{reporting.Text{ZH: "下期的数", EN: "the number of the time after"}, []string{"下月", "下期", "下年"}},
	{reporting.Text{ZH: "目标或计划数", EN: "a target"}, []string{"目标", "任务", "计划", "预算", "预计", "预测", "进度", "要求", "应完成"}},
	{reporting.Text{ZH: "与目标的差额", EN: "what is lacking"}, []string{"差额", "差距", "缺口", "剩余", "未完成", "超额"}},
	{reporting.Text{ZH: "排名或得分", EN: "a rank"}, []string{"排名", "名次", "位次", "得分", "分值", "权重"}},
	{reporting.Text{ZH: "其中的一部分", EN: "a part of the number"}, []string{"其中", "男", "女", "农村"}},
	{reporting.Text{ZH: "平均或极值", EN: "an average"}, []string{"月均", "人均", "平均", "最高", "最低"}},
	{reporting.Text{ZH: "退回的数", EN: "what went back"}, []string{"退还", "退回", "返还"}},
	{reporting.Text{ZH: "调整数", EN: "a correction"}, []string{"核定", "审定", "调整", "调减", "差异", "误差"}},
}

// otherWords are the words of all of them.
var otherWords = func() []string {
	var all []string
	for _, m := range otherMeasures {
		all = append(all, m.words...)
	}
	return all
}()

// OtherWords are the words that make another measure of a header.
func OtherWords() []string { return otherWords }

// OtherMeasure is what a header says that its numbers are, where they are none of this time's own: 上年的数 of 去年同期.
func OtherMeasure(header string) (reporting.Text, bool) {
	if strings.Contains(header, "占") && strings.Contains(header, "%") {
		header = "占比"
	}
	for _, m := range otherMeasures {
		if slices.ContainsFunc(m.words, func(word string) bool { return strings.Contains(header, word) }) {
			return m.is, true
		}
	}
	return reporting.Text{}, false
}
