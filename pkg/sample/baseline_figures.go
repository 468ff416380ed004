package sample

import (
	"huizong/pkg/reporting"
	"huizong/pkg/sample/internal/clerk"
)

// past is what the city had in the first half of last year.
type past struct {
	code, name, measure string
	value               int64 // money in yuan, a rate in hundredths of a percent
}

var pasts = []past{
	{"employment.urban_new_jobs", "城镇新增就业人数", "个", 2360},
	{"employment.unemployed_reemployed", "失业人员再就业人数", "人", 765},
	{"employment.hardship_employed", "就业困难人员就业人数", "人", 290},
	{"employment.registered_unemployment_rate", "城镇登记失业率", "%", 281},
	{"employment.inbound_workers", "引进外埠人员", "人", 1490},
	{"training.subsidised_total", "补贴性职业技能培训人数", "人", 530},
	{"training.skill_appraisals", "职业技能鉴定人数", "人", 610},
	{"employment.startup_loans", "创业担保贷款发放额", "万元", 30_400_000},
	{"insurance.pension_employee.insured", "城镇职工养老保险参保人数", "人", 70_300},
	{"insurance.pension_resident.insured", "城乡居民养老保险参保人数", "人", 183_600},
	{"services.social_security_cards_issued", "发放社会保障卡", "张", 8120},
	{"disputes.cases_accepted", "受理劳动争议案件", "件", 74},
	{"disputes.closing_rate", "劳动人事争议结案率", "%", 8260},
	{"inspection.complaints_accepted", "受理投诉案件", "件", 57},
	{"services.petitions_accepted", "受理信访案件", "起", 92},
}

// Form 17: last year's figures, to compare with.
var baselineFigures = form{
	id: "baseline_figures", title: "上年同期数据表",
	shape: reporting.BaselineForm, coverage: reporting.CoversPeriod, duty: reporting.YearlyDuty, sent: lastHalf, money: reporting.TenKilo,
	senders: []unit{bureauOffice},
	columns: []clerk.Column{
		{ID: "label", Header: "指标名称", Aliases: []string{"指标", "项目名称"}, Type: reporting.RowLabel},
		{ID: "measure", Header: "计量单位", Aliases: []string{"单位"}, Type: reporting.Measure},
		{ID: "value", Header: "上年同期数", Aliases: []string{"上年同期", "去年同期数"}, Type: reporting.Amount},
	},
	open: func(c *city) books {
		return func(_ unit, p reporting.Period) (page, bool) {
			pg := page{}
			for _, b := range pasts {
				cell, value := b.draw(c)
				pg.lines = append(pg.lines, clerk.Line{clerk.Text(b.name), clerk.Text(b.measure), cell})
				pg.facts = append(pg.facts, reporting.Observation{Indicator: b.code, Unit: cityCode, Period: p, Value: value})
			}
			return pg, true
		}
	},
}

// draw varies the value by a few parts of a hundred. A rate is written in percent and kept as a fraction.
func (b past) draw(c *city) (clerk.Value, reporting.Decimal) {
	n := b.value + b.value*c.chance("baseline_figures", b.code).Int64N(7)/100
	switch b.measure {
	case "%":
		percent := fen(n)
		return clerk.Value{Kind: clerk.Count, Number: percent}, percent.Quo(reporting.Int(100), 6)
	case string(reporting.TenKilo):
		n -= n % 100
		return clerk.Yuan(reporting.Int(n)), reporting.Int(n)
	}
	return clerk.Number(n), reporting.Int(n)
}
