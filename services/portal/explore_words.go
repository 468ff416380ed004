package portal

import (
	"fmt"
	"math/big"
	"net/http"
	"net/url"
	"strconv"
	"strings"

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

// measuresEN are the units of measure for those who read English.
var measuresEN = map[string]string{"人": "persons", "名": "persons", "人次": "times", "件": "cases", "起": "cases", "个": "number", "家": "employers", "场": "events", "期": "events", "张": "cards",
	"个月": "months", "个月缺口": "months lacking", "元": "yuan", "万元": "10,000 yuan", "亿元": "100 million yuan"}

// measureWords is the unit in which the indicator's numbers are shown.
func measureWords(lang string, i *reporting.Indicator) string {
	if words, ok := measuresEN[i.Measure]; ok && lang == "en" {
		return words
	}
	return i.Measure
}

// growthWords prints a change with its sign: +2.0%, or of a rate +0.14 个百分点.
func growthWords(lang string, change *big.Rat, points bool) string {
	hundredths := new(big.Rat).Mul(change, big.NewRat(100, 1))
	if points {
		return signed(hundredths, 2) + pick(lang, reporting.Text{ZH: " 个百分点", EN: " points"})
	}
	return signed(hundredths, 1) + "%"
}

// signed prints a number with its sign; the minus is as wide as the plus.
func signed(r *big.Rat, places int) string {
	text := grouped(new(big.Rat).Abs(r), places)
	switch {
	case strings.Trim(text, "0.") == "":
		return text
	case r.Sign() < 0:
		return "−" + text
	}
	return "+" + text
}

// tenths prints a share with one digit: 48.9%.
func tenths(share *big.Rat) string {
	return grouped(new(big.Rat).Mul(share, big.NewRat(100, 1)), 1) + "%"
}

var shortMonths = []string{"", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}

// periodHead names a period above a column, without the year where the whole table is of one.
func periodHead(lang string, p, span reporting.Period) string {
	oneYear := span.First.Year() == span.Last.Year()
	switch {
	case p == span && p.Len() > 1:
		return pick(lang, reporting.Text{ZH: strings.TrimPrefix(periodWords("zh", p), fmt.Sprintf("%d 年", p.First.Year())), EN: periodWords("en", p)})
	case p.Len() > 1 || !oneYear:
		return periodWords(lang, p)
	case lang == "en":
		return shortMonths[p.First.Number()]
	}
	return fmt.Sprintf("%d 月", p.First.Number())
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

// shownPlain prints a number of a file for people; "" stays "".
func shownPlain(plain string, i *reporting.Indicator) string {
	value, ok := new(big.Rat).SetString(plain)
	if !ok {
		return plain
	}
	return shown(value, i)
}
