package explore

import (
	"huizong/pkg/reporting"
)

// MeasureNames are what the numbers of a figure are called.
var MeasureNames = map[Measure]reporting.Text{
	ShowValue:      {ZH: "数值", EN: "Value"},
	ShowYoY:        {ZH: "同比", EN: "Year on year"},
	ShowPrevious:   {ZH: "上年同期", EN: "Last year"},
	ShowShare:      {ZH: "占全市", EN: "Share of the city"},
	ShowCompletion: {ZH: "完成年度目标", EN: "Of the year's target"},
}

// LackNames stand where there is no number.
var LackNames = map[Lack]reporting.Text{
	notReported:   {ZH: "未报", EN: "not sent"},
	notApplicable: reporting.AbsentNotOwed,
	noBasis:       reporting.AbsentNoBasis,
	noSuchNumber:  {ZH: "—", EN: "—"},
	notKnown:      {ZH: "…", EN: "…"},
}

var kindNames = map[reporting.Kind]reporting.Text{
	reporting.Flow:  {ZH: "流量", EN: "flow"},
	reporting.Stock: {ZH: "期末数", EN: "end of period"},
	reporting.Ratio: {ZH: "比率", EN: "rate"},
}

var rollupNames = map[reporting.Rollup]reporting.Text{
	reporting.RollupSum:      {ZH: "合计", EN: "added up"},
	reporting.RollupLast:     {ZH: "合计", EN: "added up"},
	reporting.RollupDistinct: {ZH: "去重计数", EN: "counted once each"},
	reporting.RollupDocket:   {ZH: "在办件数", EN: "cases open"},
	reporting.RollupParts:    {ZH: "分项之和", EN: "sum of parts"},
	reporting.RollupRatio:    {ZH: "先合计再相除", EN: "sums divided"},
}
