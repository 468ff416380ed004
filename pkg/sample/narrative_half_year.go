package sample

import (
	"slices"

	"huizong/pkg/reporting"
	"huizong/pkg/sample/internal/clerk"
)

// text is something that an office reports in words.
type text struct {
	office               unit // "" code: any township
	section, title, body string
}

var anyTownship = unit{}

var texts = []text{
	{bureauOffice, "获得荣誉", "窗口建设", "服务大厅获评全市优质服务窗口。"},
	{bureauOffice, "党建", "支部活动", "围绕业务开展支部共建，党员到企业一线帮办。"},
	{bureauOffice, "下半年计划", "作风建设", "继续压减办事材料，推行一次办结。"},
	{employmentCentre, "就业", "重点群体就业", "为高校毕业生和退役军人建立台账，逐人推荐岗位。"},
	{employmentCentre, "创新做法", "夜间招聘", "在商圈开设夜间招聘点，方便在岗人员求职。"},
	{employmentCentre, "下半年计划", "就业服务", "把零工信息接入镇街服务站。"},
	{insuranceCentre, "社保", "经办服务", "待遇资格认证改为数据比对为主，减少上门。"},
	{insuranceCentre, "存在问题", "灵活就业参保", "灵活就业人员参保意愿不高，断缴较多。"},
	{talentSection, "人才", "职称服务", "把评审咨询送到园区，集中答复企业提问。"},
	{arbitrationCourt, "劳动关系", "调解前移", "在两个园区设立调解点，小额争议当天受理。"},
	{inspectionTeam, "劳动关系", "工资支付检查", "对在建项目逐个核对专户和考勤。"},
	{anyTownship, "就业", "家门口就业", "联系辖区企业增设岗位，优先安排本地困难人员。"},
	{anyTownship, "创新做法", "村组联络员", "每个村组定一名联络员，用工信息当天转达。"},
	{anyTownship, "存在问题", "技能短板", "求职人员技能与岗位要求有差距。"},
}

// oneIn is the number of townships of which one sends a text.
const oneIn = 5

// Form 15: what the half-year report says in words.
var narrativeHalfYear = form{
	id: "narrative_half_year", title: "半年工作文字材料",
	shape: reporting.NarrativeForm, coverage: reporting.CoversPeriod, duty: reporting.NoDuty, sent: eachHalf,
	senders: append(slices.Clone(townships), bureauOffice, employmentCentre, insuranceCentre, talentSection, arbitrationCourt, inspectionTeam),
	columns: []clerk.Column{
		{ID: "section", Header: "章节", Type: reporting.Category},
		{ID: "title", Header: "标题", Type: reporting.TextValue},
		{ID: "body", Header: "正文", Type: reporting.TextValue},
	},
	open: func(c *city) books {
		return func(u unit, p reporting.Period) (page, bool) {
			rng, pg := c.chance("narrative_half_year", u.code, p.String()), page{}
			sends := slices.Contains(townships, u) && rng.IntN(oneIn) == 0
			for _, t := range texts {
				if t.office == u || (sends && t.office == anyTownship) {
					pg.lines = append(pg.lines, clerk.Line{clerk.Text(t.section), clerk.Text(t.title), clerk.Text(t.body)})
				}
			}
			return pg, len(pg.lines) > 0
		}
	},
}
