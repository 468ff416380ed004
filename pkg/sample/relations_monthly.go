package sample

import "huizong/pkg/reporting"

var relationsMonthlyItems = []item{
	{code: "relations.employees_with_contract", label: "期末签订劳动合同职工人数", measure: "人", month: 0, stock: true, whole: "relations.employees_surveyed", percent: [2]int64{96, 98}},
	{code: "relations.employees_surveyed", label: "期末调查企业职工人数", measure: "人", month: 46800, stock: true},
	{code: "relations.employment_filings", label: "新增劳动用工备案", measure: "人次", month: 1750},
	{code: "legal.litigation_injury_determination", label: "工伤认定行政诉讼", measure: "件", month: 2, odds: 60},
	{code: "legal.litigation_injury_benefits", label: "工伤待遇行政诉讼", measure: "件", month: 1, odds: 45},
	{code: "services.petitions_accepted", label: "受理信访案件", measure: "起", month: 16},
}

// Form 13: labour relations, law suits and petitions.
var relationsMonthly = form{
	id: "relations_monthly", title: "劳动关系与法规信访月报表",
	shape: reporting.IndicatorForm, coverage: reporting.CoversPeriod, duty: reporting.MonthlyDuty,
	senders: []unit{relationsSection}, columns: indicatorColumns, indicators: rollups(relationsMonthlyItems),
	open: indicatorBooks("relations_monthly", relationsMonthlyItems, []unit{relationsSection}),
}
