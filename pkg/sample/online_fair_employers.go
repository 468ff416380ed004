package sample

import (
	"fmt"

	"huizong/pkg/reporting"
	"huizong/pkg/sample/internal/clerk"
)

// Form 4: the employers in the online job fairs of the month. One that comes to two fairs counts twice.
var onlineFairEmployers = form{
	id: "online_fair_employers", title: "线上招聘会参聘企业名单",
	shape: reporting.Ledger, coverage: reporting.CoversPeriod, duty: reporting.MonthlyDuty,
	senders: []unit{employmentCentre},
	columns: []clerk.Column{
		{ID: "seq", Header: "序号", Aliases: []string{"编号"}, Type: reporting.Sequence, Loose: true},
		{ID: "fair", Header: "招聘会期次", Aliases: []string{"期次"}, Type: reporting.TextValue, Mergeable: true},
		{ID: "firm", Header: "企业名称", Aliases: []string{"参聘企业"}, Type: reporting.TextValue},
		{ID: "code", Header: "统一社会信用代码", Aliases: []string{"社会信用代码"}, Type: reporting.CreditCode},
		{ID: "positions", Header: "岗位数", Aliases: []string{"招聘岗位数"}, Type: reporting.Integer},
	},
	indicators: []indicator{{"employment.online_fair_employers", reporting.RollupSum}},
	open: func(c *city) books {
		return func(u unit, p reporting.Period) (page, bool) {
			rng, pg := c.chance("online_fair_employers", p.String()), page{}
			for n := range 1 + rng.IntN(3) {
				fair := fmt.Sprintf("%d年%d月第%d期", p.Last.Year(), p.Last.Number(), n+1)
				for _, at := range rng.Perm(len(c.firms))[:9+rng.IntN(14)] {
					firm := c.firms[at]
					pg.lines = append(pg.lines, clerk.Line{
						{}, clerk.Text(fair), clerk.Text(firm.Name), clerk.Text(firm.CreditCode), clerk.Number(1 + rng.Int64N(24)),
					})
					pg.facts = append(pg.facts, observe("employment.online_fair_employers", u, p.Last, reporting.Int(1)))
				}
			}
			return pg, true
		}
	},
}
