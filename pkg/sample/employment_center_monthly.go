package sample

import "huizong/pkg/reporting"

var employmentCenterMonthlyItems = []item{
	{code: "employment.online_job_fairs", label: "线上招聘会", measure: "期", month: 3},
	{code: "employment.online_fair_positions", label: "线上提供职位", measure: "个", month: 1450},
	{code: "employment.internships_started", label: "新增就业见习到岗人员", measure: "人", month: 24},
	{code: "employment.subsidy_public_welfare_posts", label: "公益性岗位补贴", measure: "万元", month: 486_000},
	{code: "employment.subsidy_internships", label: "就业见习补贴", measure: "万元", month: 152_000},
	{code: "employment.subsidy_grassroots_posts", label: "基层特岗补贴", measure: "万元", month: 118_000},
	{code: "employment.startup_loans", label: "创业担保贷款发放额", measure: "万元", month: 5_600_000},
	{code: "training.skill_training_subsidy", label: "职业技能培训补贴", measure: "万元", month: 243_000},
}

// Form 2: the employment centre's own business.
var employmentCenterMonthly = form{
	id: "employment_center_monthly", title: "就业服务中心业务月报表",
	shape: reporting.IndicatorForm, coverage: reporting.CoversPeriod, duty: reporting.MonthlyDuty, money: reporting.TenKilo,
	senders: []unit{employmentCentre}, columns: indicatorColumns, indicators: rollups(employmentCenterMonthlyItems),
	open: indicatorBooks("employment_center_monthly", employmentCenterMonthlyItems, []unit{employmentCentre}),
}
