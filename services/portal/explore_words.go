package portal

import (
	"net/http"
	"net/url"
	"strconv"

	"huizong/pkg/reporting"
)

func itoa(n int) string { return strconv.Itoa(n) }

var measureNames = map[measure]reporting.Text{
	showValue:      {ZH: "数值", EN: "Value"},
	showYoY:        {ZH: "同比", EN: "Year on year"},
	showPrevious:   {ZH: "上年同期", EN: "Last year"},
	showShare:      {ZH: "占全市", EN: "Share of the city"},
	showCompletion: {ZH: "完成年度目标", EN: "Of the year's target"},
}

var lackNames = map[lack]reporting.Text{
	notReported:   {ZH: "未报", EN: "not sent"},
	notApplicable: {ZH: "—", EN: "—"},
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

// cellLink is the address of the picture of a cell.
func cellLink(submission, sheet, cell string) string {
	return "/cell/" + submission + "?" + url.Values{"sheet": {sheet}, "cell": {cell}}.Encode()
}

// pageNumber is the page of a list that is asked for, from 1.
func pageNumber(r *http.Request) int {
	n, _ := strconv.Atoi(r.URL.Query().Get("page"))
	return min(max(n, 1), 1<<20)
}
