package label

import (
	"regexp"
	"strings"
	"unicode"
)

// Meaning is what a text says where it is no value of its own: that there is nothing, that it is as above, that a case is open.
type Meaning string

// The meanings.
const (
	Nil      Meaning = "nil"      // nothing to report
	Zero     Meaning = "zero"     // none of what is counted
	Ditto    Meaning = "ditto"    // as in the row above
	Open     Meaning = "open"     // not closed yet
	End      Meaning = "end"      // the table ends here
	Subtotal Meaning = "subtotal" // the sum of some rows, or of all
	Yes      Meaning = "yes"
	No       Meaning = "no"
	Example  Meaning = "example" // how the form is filled in
	Hint     Meaning = "hint"    // in brackets: how to fill in what it stands behind, or what is counted in it
)

// words are the words of each meaning, as patterns of a whole text without its spaces and what surrounds it. A word that offices use is
// added here, and nowhere else.
var words = map[Meaning][]string{
	Nil: {
		`(?:(?:本|当|该|此)?(?:月|期|季度?|年度?|单位|部门|辖区|乡镇|乡|镇|街道|科室|表)(?:内|份)?)*(?:暂|均|皆|都|全部|一律|目前|尚|暂时|暂均)?(?:为|是)?(?:无|没有|没|未发生|未开展|未产生|未新增|未发现|未组织|未举办|未发放|零|空)` +
			`(?:新增|发生|开展|报送|上报|申报|报告|举办|组织|产生|有关|相关|此类|此项|该项|该类|符合条件|需要|需|应|要|任何|可报|可填|走访|培训|招聘|发放)*(?:的)?` +
			`(?:数据|业务|情况|案件|人员|事项|内容|项目|记录|企业|走访|培训|发放|变动|变化|报表|任务|活动|对象|单位|诉求|事宜|工作|信息|招聘会|台账|资料|此情况|上述情况)*`,
		`[0零]报告`, `nil|none|null|n/?a`,
	},
	Zero:  {`无|零|〇|没有|无发生|未发生|没有发生|无新增|未新增|未开展|[0零]报告|零上报|零申报|nil|none`},
	Ditto: {`同(?:上|前)(?:一?行|一?栏|一?格|列|条|例)?|同上[.。]?|仝上?|々|〃+|″+|"+|'{2,}|′{2,}|“+|”+|“”|ditto|do\.?|idem|ibid\.?|(?:与|和)?上(?:一)?(?:行|条|栏|格)?相同`},
	Open: {
		`(?:案件|本案|该案)?(?:目前|现|至今|尚|暂|仍|还)*(?:未|没有|没|待|尚未|未予|未能)(?:予以|作出|做出)?(?:审理|办理|处理|调查|处置)?(?:审结|办结|结案|结|了结|裁决|裁定|调解|开庭|审理|办理|处理|完结|完成|终结|完毕|核查|调查)(?:案|案件)?`,
		`(?:案件|本案|该案)?(?:目前|现|尚|仍|还)*(?:正在|正|在|处于)?(?:审理|办理|处理|调查|调解|仲裁|开庭|进行|查办|核查|跟进|查处|办案|办|审|协调|核实|裁决|立案|追讨)(?:过程|阶段|程序)?(?:之|当)?中`,
		`(?:目前|现|尚|仍|还)*(?:正在|尚在|仍在|还在)(?:审理|办理|处理|调查|调解|仲裁|开庭|进行|查办|核查|跟进|查处|协调|核实|裁决|追讨)`,
		`在(?:办|审|查|处理|办理)(?:案件)?|未决|中止(?:审理)?|延期(?:审理|办理)?|进行中|待(?:定|结案?|办|审|裁|处理|开庭)|open|pending`,
	},
	End: {
		`(?:本|此|该)?(?:表|页)?(?:自?此?行?以下|下面|之后|后面|下方|以后|此后|下列|以下各行|以下行|其下)(?:均|全部|皆)?(?:为|是)?(?:空白|空|无正文|无内容|无数据|无记录|无|空行|空格|留空|空白行|空白页|没有了?)`,
		`(?:本|此|该)?(?:表格?|名单|台账|清单|数据|全文|正文|页|登记|内容)?(?:到此|至此)?(?:结束|完毕|完|终|止|结尾|为止|截止|完结)(?:线)?`, `end(?:ofdata|oftable|ofsheet)?|eof`,
	},
	Subtotal: {
		`(?:其中)?.{0,10}(?:小计|合计|总计|共计|累计)(?:数|金额|人数|户数|件数)?\d*[人元件户个]?`,
		`.{0,30}(?:汇总|总和|求和|计数|平均值|总计数|总平均值|总汇总)`, `(?:承|接|续)(?:前|上)页|(?:过|转|续)(?:次|下)页`, `(?:grand)?total|sub-?total`,
	},
	Yes:     {`是|有|对|已|已?参加|已?通过|y|yes|true|t|√|✓|✔|☑|1`},
	Example: {`(?:填写|填报|填表|表格|报表|上报|录入)?(?:示例|样例|样表|范例|例表|示范|举例|样本|样张|范本|案例|参考样式|样式|example|sample|demo)(?:表|数据|填写|页|仅供参考)?\d*`, `(?:填写|填报|填表)(?:说明|示例|样例|范例)`},
	Hint: {
		`(?:格式|样式|示例|样例|举例|例|例如|如|比如|譬如|形如|参考|参照|注|备注|说明|提示)[:,].*|(?:格式|例如|比如|形如|如|例)\S*\d.*`,
		`.*(?:下拉|勾选|选填|必填|选择|单选|多选|任选|请填|填写|不填|勿填|照填|如实填|自动生成|自动计算|自动汇总|无需|填数字|填“.*|填".*|填无|填有|填是|填否|填0|填/|打√|打勾|划√|√|保留|精确|四舍五入|取整).*`,
		`(?:按|以|根据|依据|参照|同|与).*(?:为准|填|口径|顺序|一致|计算|统计|相同)|见.{1,10}|详见.*`,
		`(?:年|y{2,4}|20\d\d|x{4})[/.、-]?(?:月|m{1,2}|x{1,2})(?:[/.、-]?(?:日|d{1,2}|x{1,2}))?(?:格式)?`,
		`[^\d/或、]{1,4}(?:[/或、][^\d/或、]{1,4}){1,5}`, `.{0,6}(?:全称|全名|简称|规范名称)|\d{1,2}位(?:数|数字|码|号码|编码)?|(?:阿拉伯)?数字|整数|小数|文本|文字|大写|小写|公历|阳历`,
		`(?:不|未)?(?:含|包含|包括|计入|纳入)[^\d]{1,16}|(?:剔除|扣除|除)[^\d]{1,14}`,
	},
	No: {`否|没有|无|不|未|未参加|未通过|n|no|false|f|×|✗|✘|✕|✖|☒|x|0`},
}

var meanings = func() map[Meaning]*regexp.Regexp {
	all := map[Meaning]*regexp.Regexp{}
	for meaning, patterns := range words {
		all[meaning] = regexp.MustCompile(`^(?i:` + strings.Join(patterns, `|`) + `)$`)
	}
	return all
}()

// longestWord is the length in bytes up to which a text may be one of the words.
const longestWord = 90

// Means reports whether the text as a whole has the meaning, whatever brackets, dashes and spaces stand around it and in it: "（以 下 空 白）".
func Means(text string, m Meaning) bool {
	if len(text) > longestWord || text == "" {
		return false
	}
	text = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, Clean(text))
	return text != "" && (meanings[m].MatchString(text) || meanings[m].MatchString(strings.Trim(text, around)))
}

// around is what people set around a word: brackets, dashes, stops.
const around = `()[]{}【】〔〕<>《》-—–─=~_*.。,、;:!#/\|`

// WithoutHints is the text without the hints in brackets on how to fill it in: 结业日期 of 结业日期（格式：2020-06-15）.
func WithoutHints(s string) string {
	return brackets.ReplaceAllStringFunc(Clean(s), func(inBrackets string) string {
		if isHint(strings.Trim(inBrackets, `()[]【】<>`)) {
			return ""
		}
		return inBrackets
	})
}

// isHint reports whether what stands in brackets tells how to fill in. What asks for another number than the text before it is none.
func isHint(s string) bool {
	return Means(s, Hint) && (scope.MatchString(s) || !otherNumber.MatchString(s))
}

var (
	scope       = regexp.MustCompile(`^(?:不|未)?(?:含|包含|包括|计入|纳入)|^(?:剔除|扣除)`)
	otherNumber = regexp.MustCompile(`上年|去年|往年|前年|同期|上月|上期|上季|计划|目标|任务|预算|预计|累计|同比|环比|增|减|其中|男|女|农村|人均|月均|应|比例|占比|率`)
)

// bounds are the words with which a target says that it is the least or the most.
var (
	boundBefore = regexp.MustCompile(`^(?:≥|≧|⩾|≤|≦|⩽|>=?|<=?|=|不得?(?:低|少|小|高|多|大)于|不得?超过|(?:高|大|低|小|少|多)于|超过|至少|最少|至多|最多|控制在|保持在|稳定在|维持在|达到|力争达到|力争|确保|完成|实现|须|应|需)+`)
	boundBehind = regexp.MustCompile(`(?:及|或)?(?:以上|以内|以下|之内|内)$`)
)

// WithoutBound is the text without the words that make a bound of its number, and whether there were any: 95% of 不低于 95%.
func WithoutBound(s string) (string, bool) {
	text := strings.ReplaceAll(Clean(s), " ", "")
	rest := boundBehind.ReplaceAllString(boundBefore.ReplaceAllString(text, ""), "")
	return rest, rest != text
}
