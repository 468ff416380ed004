package sample

import (
	"fmt"

	"huizong/pkg/reporting"
	"huizong/pkg/sample/internal/clerk"
)

const projectCount = 34

var (
	projectParts = []string{"安置房", "道路改造", "标准厂房", "学校扩建", "污水管网", "商住楼", "卫生院", "农贸市场", "河道整治", "物流园"}
	projectParks = []string{"东区", "西区", "南区", "北区", "新城"}
)

// project is a building site whose contractor holds a deposit until it is finished.
type project struct {
	name, contractor string
	town             unit
	paid, returned   reporting.Date
	deposit          reporting.Decimal
}

// Form 12: the deposits as they stand at the end of the month; those given back stay listed.
var wageDeposits = form{
	id: "wage_deposits", title: "在建工程项目农民工工资保证金台账",
	shape: reporting.Ledger, coverage: reporting.CoversSnapshot, duty: reporting.MonthlyDuty, money: reporting.TenKilo,
	senders: []unit{inspectionTeam},
	columns: []clerk.Column{
		{ID: "seq", Header: "序号", Aliases: []string{"编号"}, Type: reporting.Sequence, Loose: true},
		{ID: "project", Header: "项目名称", Aliases: []string{"工程名称"}, Type: reporting.TextValue},
		{ID: "contractor", Header: "施工单位", Aliases: []string{"施工企业"}, Type: reporting.TextValue},
		{ID: "town", Header: "所属乡镇（街道）", Aliases: []string{"所属乡镇", "乡镇"}, Type: reporting.UnitValue},
		{ID: "paid", Header: "缴存日期", Aliases: []string{"缴存时间"}, Type: reporting.DateValue},
		{ID: "deposit", Header: "保证金金额", Aliases: []string{"缴存金额"}, Type: reporting.MoneyValue},
		{ID: "state", Header: "状态", Aliases: []string{"保证金状态"}, Type: reporting.Category},
	},
	indicators: []indicator{{"inspection.wage_deposit_projects", reporting.RollupLast}, {"inspection.wage_deposit_amount", reporting.RollupLast}},
	open: func(c *city) books {
		all := c.projects()
		return func(_ unit, p reporting.Period) (page, bool) {
			pg := page{}
			for _, w := range all {
				if w.paid <= p.End() {
					pg.addDeposit(w, p)
				}
			}
			return pg, true
		}
	},
}

// projects began in the eighteen months to the end of the kit's year, no two under one name.
func (c *city) projects() []project {
	rng := c.chance("wage_deposits")
	span := reporting.Period{First: c.month(1) - 6, Last: c.month(12)}
	var all []project
	for n := range projectCount {
		town := township(rng)
		paid := weekday(rng, span.Start(), span.End())
		all = append(all, project{
			name:       fmt.Sprintf("%s%s%s%d期工程", town.name, projectParks[n/len(projectParts)%len(projectParks)], projectParts[n%len(projectParts)], 1+rng.IntN(3)),
			contractor: c.firm(rng).Name, town: town, paid: paid, returned: paid.AddDays(120 + rng.IntN(400)),
			deposit: reporting.Int(60_000 + rng.Int64N(160)*5_000),
		})
	}
	return all
}

func (pg *page) addDeposit(w project, p reporting.Period) {
	state := "已退还"
	if w.returned > p.End() {
		state = "在缴"
		pg.facts = append(pg.facts,
			observe("inspection.wage_deposit_projects", w.town, p.Last, reporting.Int(1)),
			observe("inspection.wage_deposit_amount", w.town, p.Last, w.deposit))
	}
	pg.lines = append(pg.lines, clerk.Line{
		{}, clerk.Text(w.name), clerk.Text(w.contractor), clerk.Office(w.town.name), clerk.On(w.paid), clerk.Yuan(w.deposit), clerk.Text(state),
	})
}
