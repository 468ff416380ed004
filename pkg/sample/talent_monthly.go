package sample

import "huizong/pkg/reporting"

var talentMonthlyItems = []item{
	{code: "talent.institution_recruits", label: "事业单位招聘人员", measure: "名", month: 21, odds: 65},
	{code: "talent.institution_recruits_talent_intake", label: "其中：人才引进", measure: "名", month: 0, whole: "talent.institution_recruits", percent: [2]int64{20, 45}},
	{code: "talent.three_supports_recruits", label: "三支一扶招募", measure: "名", month: 9, odds: 35},
	{code: "talent.titles_senior_appointed", label: "新聘任高级职称", measure: "人", month: 11, odds: 70},
	{code: "talent.titles_intermediate_appointed", label: "新聘任中级职称", measure: "人", month: 26},
	{code: "talent.titles_junior_appointed", label: "新聘任初级职称", measure: "人", month: 34},
	{code: "talent.special_allowance_nominees", label: "推荐政府特殊津贴人选", measure: "名", month: 2, odds: 25},
	{code: "talent.subsidy_enterprises", label: "发放人才补贴企业", measure: "家", month: 13, odds: 75},
	{code: "talent.subsidy_amount", label: "人才生活补贴和安家补贴", measure: "万元", month: 520_000},
}

// Form 14: recruiting, titles and subsidies for skilled persons.
var talentMonthly = form{
	id: "talent_monthly", title: "人事人才工作月报表",
	shape: reporting.IndicatorForm, coverage: reporting.CoversPeriod, duty: reporting.MonthlyDuty, money: reporting.TenKilo,
	senders: []unit{talentSection}, columns: indicatorColumns, indicators: rollups(talentMonthlyItems),
	open: indicatorBooks("talent_monthly", talentMonthlyItems, []unit{talentSection}),
}
