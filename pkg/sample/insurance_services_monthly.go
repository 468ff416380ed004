package sample

import "huizong/pkg/reporting"

var insuranceServicesMonthlyItems = []item{
	{code: "insurance.contributions_relieved", label: "减免社会保险费", measure: "万元", month: 9_400_000, odds: 85},
	{code: "insurance.unemployment.refund_enterprises", label: "失业保险费返还企业", measure: "家", month: 42, odds: 70},
	{code: "insurance.unemployment.refund_amount", label: "失业保险费返还金额", measure: "万元", month: 870_000},
	{code: "services.social_security_cards_issued", label: "发放社会保障卡", measure: "张", month: 1320},
	{code: "insurance.retirement_approvals", label: "办理退休审批", measure: "人", month: 118},
	{code: "insurance.work_injury.determination_applications", label: "受理工伤认定申请", measure: "件", month: 37},
	{code: "insurance.work_injury.capacity_appraisal_applications", label: "报送劳动能力鉴定申请", measure: "人", month: 19},
	{code: "insurance.pension_institution.units_rechecked", label: "重核退休待遇单位", measure: "家", month: 9, odds: 60},
}

// Form 8: what the insurance centre handles besides the funds.
var insuranceServicesMonthly = form{
	id: "insurance_services_monthly", title: "社会保险经办业务月报表",
	shape: reporting.IndicatorForm, coverage: reporting.CoversPeriod, duty: reporting.MonthlyDuty, money: reporting.TenKilo,
	senders: []unit{insuranceCentre}, columns: indicatorColumns, indicators: rollups(insuranceServicesMonthlyItems),
	open: indicatorBooks("insurance_services_monthly", insuranceServicesMonthlyItems, []unit{insuranceCentre}),
}
