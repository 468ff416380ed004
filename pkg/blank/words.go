package blank

import "huizong/pkg/reporting"

// words are the sentences of the instructions, in one language.
type words struct {
	sheet       string // name of the sheet of instructions
	heading     string
	columns     [3]string // headers of the list of columns
	general     []string
	money       string // with the unit
	known       string // of the grey columns beside the table
	required    string
	optional    string
	optionalIf  string // with the other column
	locked      string
	computed    string
	opening     string
	year        string
	whole       string
	decimal     string
	notNegative string
	zero        string
	date        string
	code        string
	choose      string
	oneOf       string
	types       map[reporting.ValueType]string
	wrong       string // title of the message when a check fails
}

var chinese = words{
	sheet: "填报说明", heading: "填报说明", columns: [3]string{"栏目", "怎样填", "可否空着"},
	general: []string{
		"白色的格是要填的；灰色的格是公式或固定内容，已经锁定，不需要填。",
		"没有发生填 0；不适用填“—”；没有数据的必填格不能空着，空着表示没有报。",
		"只填数字，不要在数字后面写单位。",
		"填完后保存为 .xlsx 上报，不要改动表头、栏目名称和所属期。",
	},
	money: "本表金额单位为%s。", known: "表右侧灰色的“上月累计”取自上月已受理的数据，供核对，不上报；“本年累计”由它与本月数相加得出。",
	required: "必填", optional: "可以空着", optionalIf: "“%s”空着时可以空着", locked: "已印好，不用填。", computed: "自动计算，不用填。",
	opening: "已按上月已受理的数据填好，请核对。", year: "1 月至本月之和。",
	whole: "填整数", decimal: "填数字，最多 {places} 位小数", notNegative: "，不能小于 0", zero: "；没有发生填 0，不适用填“—”。",
	date: "填日期，样子如 2020-06-15，在 %s 与 %s 之间。", code: "填 18 位，最后一位是校验码。",
	choose: "从下拉列表中选择。", oneOf: "从下拉列表中选择：",
	types: map[reporting.ValueType]string{reporting.TextValue: "填文字。", reporting.Remark: "需要说明的写在这里。", reporting.Sequence: "顺序号。"},
	wrong: "请核对",
}

var english = words{
	sheet: "填报说明", heading: "How to fill in this form", columns: [3]string{"Column", "What to fill in", "May be empty"},
	general: []string{
		"White cells are to be filled; grey ones are formulas or printed, and locked.",
		"Write 0 for nothing and — for not applicable. A required cell that is empty means not reported.",
		"Write the number alone, without its unit.",
		"Save as .xlsx and send. Do not change headers or the period.",
	},
	money: "Amounts are in %s.", known: "The grey “上月累计” on the right is last month's cumulative as accepted: it is not sent. The year to date adds this month to it.",
	required: "required", optional: "may be empty", optionalIf: "may be empty where “%s” is", locked: "Printed: leave as it is.", computed: "Computed: leave as it is.",
	opening: "Filled in from last month as accepted: please check.", year: "The sum of January to this month.",
	whole: "A whole number", decimal: "A number with at most {places} digits after the point", notNegative: ", not below 0", zero: "; 0 for nothing, — for not applicable.",
	date: "A date like 2020-06-15, from %s to %s.", code: "18 characters, the last a check character.",
	choose: "Choose from the list.", oneOf: "Choose from the list: ",
	types: map[reporting.ValueType]string{reporting.TextValue: "Text.", reporting.Remark: "Remarks.", reporting.Sequence: "A running number."},
	wrong: "Please check",
}

func wordsOf(language string) *words {
	if language == "en" {
		return &english
	}
	return &chinese
}
