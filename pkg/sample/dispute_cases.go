package sample

import (
	"fmt"

	"huizong/pkg/reporting"
	"huizong/pkg/sample/internal/clerk"
	"huizong/pkg/sample/internal/fiction"
)

var (
	disputeLoad  = caseload{id: "dispute_cases", carried: 9, monthly: 13, weeks: 8}
	disputeCodes = docketCodes{"disputes.cases_accepted", "disputes.cases_closed", "disputes.cases_on_docket"}

	disputeCauses  = []string{"追索劳动报酬", "追索劳动报酬", "经济补偿金", "工伤待遇", "确认劳动关系", "加班工资", "违法解除劳动合同", "社会保险待遇"}
	disputeClosing = []string{"调解", "调解", "裁决", "撤诉"}
)

// Form 10: the arbitration court's cases of the year so far, those carried in included.
var disputeCases = form{
	id: "dispute_cases", title: "劳动人事争议仲裁案件台账",
	shape: reporting.Ledger, coverage: reporting.CoversYear, duty: reporting.MonthlyDuty, money: reporting.Yuan,
	senders: []unit{arbitrationCourt},
	columns: []clerk.Column{
		{ID: "seq", Header: "序号", Aliases: []string{"编号"}, Type: reporting.Sequence, Loose: true},
		{ID: "number", Header: "案号", Type: reporting.TextValue},
		{ID: "applicant", Header: "申请人", Type: reporting.TextValue},
		{ID: "respondent", Header: "被申请人", Type: reporting.TextValue},
		{ID: "town", Header: "所属乡镇（街道）", Aliases: []string{"所属乡镇", "乡镇"}, Type: reporting.UnitValue},
		{ID: "cause", Header: "案由", Type: reporting.TextValue},
		{ID: "opened", Header: "立案日期", Aliases: []string{"立案时间"}, Type: reporting.DateValue},
		{ID: "closed", Header: "结案日期", Aliases: []string{"结案时间"}, Type: reporting.DateValue},
		{ID: "closing", Header: "结案方式", Type: reporting.TextValue},
		{ID: "persons", Header: "涉及人数", Aliases: []string{"人数"}, Type: reporting.Integer},
		{ID: "amount", Header: "涉案金额", Type: reporting.MoneyValue},
	},
	indicators: disputeCodes.indicators(),
	open: func(c *city) books {
		all := disputeLoad.matters(c)
		return func(u unit, p reporting.Period) (page, bool) {
			pg := page{}
			for _, m := range known(all, p) {
				pg.lines = append(pg.lines, disputeLine(c, m, p))
				pg.facts = append(pg.facts, m.facts(disputeCodes, c, p)...)
			}
			return pg, true
		}
	},
}

func disputeLine(c *city, m matter, p reporting.Period) clerk.Line {
	rng := m.chance(c, "dispute_cases")
	number := fmt.Sprintf("示例劳人仲案字〔%d〕第%d号", m.opened.Month().Year(), m.number)
	persons := int64(1)
	applicant := fiction.Name(rng)
	if rng.IntN(6) == 0 {
		persons, applicant = 2+rng.Int64N(7), applicant+"等"
	}
	amount := fen(persons * (300_000 + rng.Int64N(90_000)*50))
	cause, closing := pick(rng, disputeCauses), ""
	if way := pick(rng, disputeClosing); m.closedBy(p) != 0 {
		closing = way
	}
	firm := c.firm(rng).Name
	return clerk.Line{
		{}, clerk.Text(number), clerk.Text(applicant), clerk.Text(firm), clerk.Office(m.town.name), clerk.Text(cause),
		clerk.On(m.opened), m.closing(p, rng), clerk.Text(closing), clerk.Number(persons), clerk.Yuan(amount),
	}
}
