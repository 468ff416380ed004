package sample

import (
	"huizong/pkg/reporting"
	"huizong/pkg/sample/internal/clerk"
)

// goal is what the city is to reach in a year.
type goal struct {
	code, name, measure string
	year                int64
}

var goals = []goal{
	{"employment.urban_new_jobs", "城镇新增就业人数", "个", 4700},
	{"employment.unemployed_reemployed", "失业人员再就业人数", "人", 1500},
	{"employment.hardship_employed", "就业困难人员就业人数", "人", 560},
	{"training.new_hire_pre_job", "企业新录用人员岗前技能培训人数", "人", 540},
	{"training.subsidised_total", "补贴性职业技能培训人数", "人", 1180},
	{"talent.skilled_workers_new", "新增技能人才", "人", 1020},
	{"training.skill_appraisals", "职业技能鉴定人数", "人", 1260},
	{"insurance.pension_employee.insured", "城镇职工养老保险参保人数", "人", 74600},
	{"insurance.unemployment.insured", "失业保险参保人数", "人", 39800},
	{"insurance.work_injury.insured", "工伤保险参保人数", "人", 53400},
	{"insurance.pension_resident.insured", "城乡居民养老保险参保人数", "人", 187500},
	{"insurance.pension_institution.insured", "机关事业单位养老保险参保人数", "人", 14300},
	{"services.social_security_cards_issued", "发放社会保障卡", "张", 15600},
}

// Form 16: what is to be reached by the end of the year. Every target is a floor.
var targetsAnnual = form{
	id: "targets_annual", title: "年度目标任务表",
	shape: reporting.TargetForm, coverage: reporting.CoversPeriod, duty: reporting.YearlyDuty, sent: eachYear,
	senders: []unit{bureauOffice},
	columns: []clerk.Column{
		{ID: "label", Header: "指标名称", Type: reporting.RowLabel},
		{ID: "measure", Header: "计量单位", Type: reporting.Measure},
		{ID: "target", Header: "全年目标任务数", Type: reporting.Amount},
	},
	open: func(c *city) books {
		return func(u unit, p reporting.Period) (page, bool) {
			pg := page{}
			for _, g := range goals {
				value := g.year + g.year*c.chance("targets_annual", g.code).Int64N(9)/100
				value -= value % 10
				pg.lines = append(pg.lines, clerk.Line{clerk.Text(g.name), clerk.Text(g.measure), clerk.Number(value)})
				pg.facts = append(pg.facts, reporting.Observation{Indicator: g.code, Unit: cityCode, Period: p, Value: reporting.Int(value)})
			}
			return pg, true
		}
	},
}
