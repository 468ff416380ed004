package sample

import (
	"fmt"

	"huizong/pkg/reporting"
	"huizong/pkg/sample/internal/clerk"
)

var (
	inspectionLoad  = caseload{id: "inspection_cases", carried: 6, monthly: 10, weeks: 9}
	inspectionCodes = docketCodes{"inspection.complaints_accepted", "inspection.complaints_closed", "inspection.complaints_on_docket"}

	inspectionSources = []string{"投诉", "投诉", "举报", "上级交办", "日常巡查", "热线转办"}
)

// Form 11: the inspection team's complaints of the year so far, those carried in included.
var inspectionCases = form{
	id: "inspection_cases", title: "劳动保障监察投诉案件台账",
	shape: reporting.Ledger, coverage: reporting.CoversYear, duty: reporting.MonthlyDuty, money: reporting.Yuan,
	senders: []unit{inspectionTeam},
	columns: []clerk.Column{
		{ID: "seq", Header: "序号", Type: reporting.Sequence, Loose: true},
		{ID: "number", Header: "案件编号", Aliases: []string{"案号"}, Type: reporting.TextValue},
		{ID: "opened", Header: "受理日期", Aliases: []string{"受理时间"}, Type: reporting.DateValue},
		{ID: "closed", Header: "办结日期", Aliases: []string{"办结时间", "结案日期"}, Type: reporting.DateValue},
		{ID: "employer", Header: "用人单位", Aliases: []string{"被投诉单位"}, Type: reporting.TextValue},
		{ID: "town", Header: "所属乡镇（街道）", Aliases: []string{"所属乡镇"}, Type: reporting.UnitValue},
		{ID: "source", Header: "案件来源", Aliases: []string{"来源"}, Type: reporting.TextValue},
		{ID: "workers", Header: "涉及劳动者人数", Aliases: []string{"涉及人数"}, Type: reporting.Integer},
		{ID: "wages", Header: "追讨工资", Aliases: []string{"追讨金额"}, Type: reporting.MoneyValue},
		{ID: "state", Header: "办理状态", Aliases: []string{"办理情况"}, Type: reporting.TextValue},
	},
	indicators: append(inspectionCodes.indicators(),
		indicator{"inspection.workers_involved", reporting.RollupSum}, indicator{"inspection.wages_recovered", reporting.RollupSum}),
	open: func(c *city) books {
		all := inspectionLoad.matters(c)
		return func(_ unit, p reporting.Period) (page, bool) {
			pg := page{}
			for _, m := range known(all, p) {
				line, facts := complaint(c, m, p)
				pg.lines = append(pg.lines, line)
				pg.facts = append(pg.facts, facts...)
			}
			return pg, true
		}
	},
}

func complaint(c *city, m matter, p reporting.Period) (clerk.Line, []reporting.Observation) {
	rng := m.chance(c, "inspection_cases")
	number := fmt.Sprintf("示例劳监案字〔%d〕第%d号", m.opened.Month().Year(), m.number)
	workers := 1 + rng.Int64N(6)*rng.Int64N(6)
	recovered := fen(workers * (400_000 + rng.Int64N(15_000)*50))
	employer, source := c.firm(rng).Name, pick(rng, inspectionSources)

	facts := m.facts(inspectionCodes, c, p)
	if m.opened >= c.month(1).Start() {
		facts = append(facts, observe("inspection.workers_involved", m.town, m.opened.Month(), reporting.Int(workers)))
	}
	wages, state := clerk.Yuan(reporting.Decimal{}), "办理中"
	if closed := m.closedBy(p); closed != 0 {
		wages, state = clerk.Yuan(recovered), "已办结"
		facts = append(facts, observe("inspection.wages_recovered", m.town, closed.Month(), recovered))
	}
	return clerk.Line{
		{}, clerk.Text(number), clerk.On(m.opened), m.closing(p, rng), clerk.Text(employer), clerk.Office(m.town.name),
		clerk.Text(source), clerk.Number(workers), wages, clerk.Text(state),
	}, facts
}
