package analyst

import "huizong/pkg/reporting"

// What the views of the database and their columns mean, for analysts who write SQL. A test compares it with the database: a view or a
// column that is not explained here fails it.

// viewNames explain the views, in the order in which an analyst needs them.
var viewNames = []struct {
	Name  string
	About reporting.Text
}{
	{"fact_monthly", reporting.Text{ZH: "按指标、单位、月份加好的数。多数问题从这里开始。在办案件不按月，见 fact。", EN: "Facts added up by indicator, unit and month: the place to begin. Cases on a docket are not monthly, see fact."}},
	{"fact", reporting.Text{ZH: "现行有效的每一个观测值，带工作表和单元格。", EN: "Every observation that stands now, with its sheet and cell."}},
	{"fact_at", reporting.Text{ZH: "某一时刻有效的观测值：fact_at(as_of = '2020-07-01 00:00:00')，时间为 UTC；列与 fact 相同。", EN: "The observations that stood at a moment: fact_at(as_of = '2020-07-01 00:00:00'), UTC; the columns of fact."}},
	{"standing", reporting.Text{ZH: "现行有效的报送：每个单位、每张表、每个期间一份。", EN: "The submissions that speak now: one of each unit, form and period."}},
	{"standing_at", reporting.Text{ZH: "某一时刻有效的报送，用法同 fact_at；列与 standing 相同。", EN: "The submissions that spoke at a moment, asked for like fact_at; the columns of standing."}},
	{"standing_target", reporting.Text{ZH: "年度目标。", EN: "Targets of the year."}},
	{"standing_baseline", reporting.Text{ZH: "上年同期数（没有上年逐月报表时用）。", EN: "Figures of last year, where its monthly sheets are not there."}},
	{"standing_narrative", reporting.Text{ZH: "报告用的文字材料。", EN: "Texts for the report."}},
	{"standing_training", reporting.Text{ZH: "技能培训台账，每人每班一行；姓名和证件号已遮盖。", EN: "Skill training, a row a person and class; persons are masked."}},
	{"standing_benefit_payment", reporting.Text{ZH: "特殊人群待遇发放台账，每人每月一行；姓名和证件号已遮盖。", EN: "Benefits paid to special groups, a row a person and month; persons are masked."}},
	{"standing_dispute_case", reporting.Text{ZH: "劳动争议仲裁案件台账，每案一行。", EN: "Arbitration cases, a row a case."}},
	{"standing_inspection_case", reporting.Text{ZH: "劳动监察投诉案件台账，每案一行。", EN: "Complaints to labour inspection, a row a case."}},
	{"standing_wage_deposit", reporting.Text{ZH: "农民工工资保证金台账，每个项目一行。", EN: "Wage deposits of building projects, a row a project."}},
	{"standing_enterprise_visit", reporting.Text{ZH: "走访企业台账，每次一行。", EN: "Visits to enterprises, a row a visit."}},
	{"standing_fair_employer", reporting.Text{ZH: "线上招聘会参会企业，每家每期一行。", EN: "Employers at online job fairs, a row an employer and fair."}},
	{"reported_twice", reporting.Text{ZH: "同一指标同一月份被多个单位报过的人或企业：是要问一问的线索，不一定是错。", EN: "Persons and enterprises that several units have reported for one indicator and month: a question, not a fault."}},
	{"submission", reporting.Text{ZH: "每一份已判定的报送，受理的和有错误的都在。", EN: "Every decided submission, accepted or rejected."}},
	{"submission_at", reporting.Text{ZH: "某一时刻每一份已判定的报送，用法同 fact_at；列与 submission 相同。", EN: "The decided submissions as they were at a moment, asked for like fact_at; the columns of submission."}},
	{"submission_finding", reporting.Text{ZH: "每一份报送里发现的问题。", EN: "What was found in each submission."}},
}

// columnNames explain the columns. Where a column means something else in one view, its key is view.column.
var columnNames = map[string]reporting.Text{
	"domain":        {ZH: "业务领域", EN: "domain of the indicator"},
	"submission":    {ZH: "报送编号", EN: "id of the submission"},
	"attempt":       {ZH: "处理批次（内部用）", EN: "the run that read it (internal)"},
	"position":      {ZH: "在报送中的序号", EN: "place within the submission, from 0"},
	"form":          {ZH: "表号", EN: "id of the form"},
	"sender":        {ZH: "报送单位代码", EN: "code of the unit that sent it"},
	"indicator":     {ZH: "指标代码", EN: "code of the indicator"},
	"unit":          {ZH: "数值所属单位代码", EN: "code of the unit that it belongs to"},
	"period_from":   {ZH: "期间第一天", EN: "first day of the period"},
	"period_to":     {ZH: "期间最后一天", EN: "last day of the period"},
	"value":         {ZH: "数值；金额为元", EN: "the value; money in yuan"},
	"key":           {ZH: "去重用的键（人为加密散列）；没有则为空", EN: "what is counted once (a person as keyed hash), or empty"},
	"opened":        {ZH: "案件立案日；不是案件则为空", EN: "when the case opened; NULL for what is no case"},
	"closed":        {ZH: "案件结案日；未结为空", EN: "when the case closed; NULL while it is open"},
	"sheet":         {ZH: "工作表", EN: "name of the sheet"},
	"cell":          {ZH: "单元格", EN: "address of the cell"},
	"written":       {ZH: "单元格里的原样", EN: "the cell as it is written"},
	"month":         {ZH: "月份（当月第一天）", EN: "the month, as its first day"},
	"value_sum":     {ZH: "数值合计；金额为元", EN: "sum of the values; money in yuan"},
	"distinct_keys": {ZH: "去重后的个数", EN: "how many different keys"},
	"observations":  {ZH: "由多少个观测值组成", EN: "how many observations it is made of"},
	"slot":          {ZH: "这份报送代表的期间（累计台账为年份）", EN: "what it speaks for: its period, or the year of a year-to-date ledger"},
	"sha256":        {ZH: "原始文件指纹", EN: "hash of the original file"},
	"file_name":     {ZH: "文件名", EN: "name of the file"},
	"received_at":   {ZH: "收到时间（UTC）", EN: "when it was received, UTC"},
	"decided_at":    {ZH: "判定时间（UTC）", EN: "when it was decided, UTC"},
	"entry":         {ZH: "据以判定的流水记录：这份报送自己，或没能核对后的重新处理", EN: "entry of the journal that was decided: the submission, or its replay"},
	"entered_at":    {ZH: "那条记录的时间（UTC）", EN: "when that entry was made, UTC"},
	"outcome":       {ZH: "结果：accepted 受理，rejected 有错误", EN: "accepted or rejected"},
	"findings":      {ZH: "问题数", EN: "number of findings"},
	"version":       {ZH: "判定程序的版本", EN: "version of the program that decided"},
	"code":          {ZH: "问题代码", EN: "what was found"},
	"severity":      {ZH: "error 错误，warning 提醒，note 说明", EN: "error, warning or note"},
	"message":       {ZH: "说明（中文）", EN: "in words, Chinese"},
	"message_en":    {ZH: "说明（英文）", EN: "in words, English"},
	"question":      {ZH: "要回答的问题，或已有的回答", EN: "what is asked, or was answered"},
	"units":         {ZH: "报过它的单位", EN: "the units that reported it"},
	"year":          {ZH: "年份", EN: "the year"},
	"level":         {ZH: "下达层级：city 市，province 省", EN: "who set it: city or province"},
	"section":       {ZH: "报告章节", EN: "section of the report"},
	"title":         {ZH: "标题", EN: "title"},
	"body":          {ZH: "正文", EN: "the text"},
	"row":           {ZH: "表中第几行", EN: "row of the sheet, from 1"},
	"name":          {ZH: "姓名（已遮盖）", EN: "name of the person, masked"},
	"person_key":    {ZH: "人的加密散列：能区分人，认不出人", EN: "keyed hash of the person: tells persons apart, names nobody"},
	"id_masked":     {ZH: "证件号（已遮盖）", EN: "ID number, masked"},
	"category":      {ZH: "类别", EN: "kind"},
	"amount":        {ZH: "金额（元）", EN: "amount, yuan"},
	"case_no":       {ZH: "案号", EN: "number of the case"},
	"applicant":     {ZH: "申请人（个人姓名已遮盖）", EN: "applicant; names of persons are masked"},
	"respondent":    {ZH: "被申请人（个人姓名已遮盖）", EN: "respondent; names of persons are masked"},
	"cause":         {ZH: "案由", EN: "cause of action"},
	"filed_on":      {ZH: "立案日", EN: "day of filing"},
	"accepted_on":   {ZH: "受理日", EN: "day of acceptance"},
	"closed_on":     {ZH: "结案日；未结为空", EN: "day of closing, NULL while open"},
	"closing":       {ZH: "结案方式", EN: "how it was closed"},
	"persons":       {ZH: "涉及人数", EN: "persons involved"},
	"employer":      {ZH: "用人单位", EN: "the employer"},
	"source":        {ZH: "案件来源", EN: "where the case came from"},
	"workers":       {ZH: "涉及劳动者人数", EN: "workers involved"},
	"wages":         {ZH: "追发工资（元）", EN: "wages recovered, yuan"},
	"status":        {ZH: "状态（照原表）", EN: "state as the sheet says"},
	"visited_on":    {ZH: "走访日期", EN: "day of the visit"},
	"enterprise":    {ZH: "企业名称", EN: "name of the enterprise"},
	"credit_code":   {ZH: "统一社会信用代码", EN: "unified social credit code"},
	"visitor":       {ZH: "走访人（已遮盖）", EN: "who visited, masked"},
	"request":       {ZH: "企业诉求", EN: "what the enterprise asked for"},
	"fair":          {ZH: "招聘会期号", EN: "number of the fair"},
	"positions":     {ZH: "提供职位数", EN: "positions offered"},
	"class_no":      {ZH: "班号", EN: "number of the class"},
	"began_on":      {ZH: "开班日", EN: "first day of the class"},
	"ended_on":      {ZH: "结业日", EN: "last day of the class"},
	"certificate":   {ZH: "证书等级", EN: "level of the certificate"},
	"appraised":     {ZH: "是否鉴定：是、否", EN: "whether the skill was appraised: 是 or 否"},
	"subsidy":       {ZH: "补贴（元）", EN: "subsidy, yuan"},
	"project":       {ZH: "项目名称", EN: "name of the project"},
	"contractor":    {ZH: "施工单位", EN: "building contractor"},
	"deposited_on":  {ZH: "缴存日", EN: "day of the deposit"},

	"submission_finding.value":     {ZH: "单元格里写的", EN: "as it is written there"},
	"submission.value_sum":         {ZH: "所有数值之和：只作校验，不是指标", EN: "sum of all its values: a checksum, not a figure"},
	"submission.observations":      {ZH: "观测值个数", EN: "number of observations it holds"},
	"standing_target.value":        {ZH: "目标值；金额为元，比率为小数", EN: "the target; money in yuan, a rate as a fraction"},
	"standing_baseline.value":      {ZH: "上年数；金额为元，比率为小数", EN: "last year's figure; money in yuan, a rate as a fraction"},
	"standing_wage_deposit.status": {ZH: "在缴 或 已退还", EN: "在缴 (held) or 已退还 (returned)"},
}

// columnName explains a column of a view.
func columnName(view, column string) reporting.Text {
	if own, ok := columnNames[view+"."+column]; ok {
		return own
	}
	return columnNames[column]
}
