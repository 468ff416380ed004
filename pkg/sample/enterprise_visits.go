package sample

import (
	"huizong/pkg/reporting"
	"huizong/pkg/sample/internal/clerk"
	"huizong/pkg/sample/internal/fiction"
)

const visitsOfMonth = 75 // in the whole city, about

var requests = []string{"", "", "无", "希望协助招工", "咨询稳岗补贴办理流程", "需要培训场地", "反映社保开户问题", "建议组织专场招聘"}

// Form 3: the enterprises that an office visited in the month. Who visited none sends nothing. Two offices may visit the same one.
var enterpriseVisits = form{
	id: "enterprise_visits", title: "走访企业台账",
	shape: reporting.Ledger, coverage: reporting.CoversPeriod, duty: reporting.NoDuty,
	senders: employmentSenders,
	columns: []clerk.Column{
		{ID: "seq", Header: "序号", Aliases: []string{"编号"}, Type: reporting.Sequence, Loose: true},
		{ID: "day", Header: "走访日期", Aliases: []string{"走访时间"}, Type: reporting.DateValue},
		{ID: "firm", Header: "企业名称", Aliases: []string{"走访企业"}, Type: reporting.TextValue},
		{ID: "code", Header: "统一社会信用代码", Aliases: []string{"社会信用代码", "信用代码"}, Type: reporting.CreditCode},
		{ID: "visitor", Header: "走访人员", Aliases: []string{"走访人"}, Type: reporting.TextValue},
		{ID: "request", Header: "企业诉求", Aliases: []string{"诉求"}, Type: reporting.TextValue},
	},
	indicators: []indicator{{"services.enterprises_visited", reporting.RollupDistinct}},
	open: func(c *city) books {
		return func(u unit, p reporting.Period) (page, bool) {
			rng := c.chance("enterprise_visits", u.code, p.String())
			pg, visitor := page{}, fiction.Name(rng)
			for range share(rng, visitsOfMonth, u, employmentSenders) {
				firm := c.firm(rng)
				pg.lines = append(pg.lines, clerk.Line{
					{}, clerk.On(weekday(rng, p.Start(), p.End())), clerk.Text(firm.Name), clerk.Text(firm.CreditCode), clerk.Text(visitor), clerk.Text(pick(rng, requests)),
				})
				visit := observe("services.enterprises_visited", u, p.Last, reporting.Int(1))
				visit.Key = firm.CreditCode
				pg.facts = append(pg.facts, visit)
			}
			return pg, len(pg.lines) > 0
		}
	},
}
