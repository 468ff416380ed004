package sample

import (
	"slices"

	"huizong/pkg/reporting"
)

var employmentSenders = append(slices.Clone(townships), employmentCentre)

var employmentItems = []item{
	{code: "employment.urban_new_jobs", label: "城镇新增就业人数", measure: "人", month: 410},
	{code: "employment.unemployed_reemployed", label: "失业人员再就业人数", measure: "人", month: 132},
	{code: "employment.hardship_employed", label: "就业困难人员就业人数", measure: "人", month: 48},
	{code: "employment.registered_unemployed", label: "期末城镇登记失业人数", measure: "人", stock: true, month: 2450},
	{code: "employment.registered_labour_force", label: "期末城镇登记劳动力人数", measure: "人", stock: true, month: 84600},
	{code: "employment.inbound_workers", label: "引进外埠人员", measure: "人", month: 230},
	{code: "employment.offline_job_fairs", label: "举办线下招聘会", measure: "场", month: 14},
	{code: "employment.public_welfare_posts", label: "开发公益性岗位", measure: "个", month: 36},
	{code: "services.policy_briefings", label: "集中政策宣讲", measure: "场", month: 27},
	{code: "disputes.mediated_out_of_docket", label: "案外调解劳动争议", measure: "件", month: 22},
}

// Form 1: each township's month of employment work, and the employment centre's.
var employmentMonthly = form{
	id: "employment_monthly", title: "就业创业工作月报表",
	shape: reporting.IndicatorForm, coverage: reporting.CoversPeriod, duty: reporting.MonthlyDuty,
	senders: employmentSenders, columns: indicatorColumns, indicators: rollups(employmentItems),
	open: indicatorBooks("employment_monthly", employmentItems, employmentSenders),
}
