package workbooktest

import (
	"bytes"
	"fmt"

	"huizong/pkg/reporting"
)

// Form is a small sheet with a cell of every kind.
func Form() *reporting.Sheet {
	s := Table("月报", `
就业创业工作月报表
填报单位：港口镇 | | 2020年6月
指标 | 单位 | 本月 | 日期
城镇新增就业 | 人 | 1234 | d43997
公益性岗位 | 个 | '12' | d43998.5

小数 | 元 | 4123.450000000001 | -0.5
合计 | | =1246 | =TRUE
其中：“七老” | FALSE | =文字 | #REF!
`)
	s.Merges = []reporting.Range{{LastCol: 3}, {FirstRow: 1, LastRow: 1, LastCol: 1}}
	s.HiddenCols = []reporting.Range{{FirstCol: 4, LastCol: 5}, {FirstCol: 7, LastCol: 7}}
	s.Rows[4].Hidden = true
	return s
}

// HiddenSheet is one of three cells.
func HiddenSheet() *reporting.Sheet {
	s := Table("旧表", "1 | 2 | 3")
	s.Hidden = true
	return s
}

// LongTexts is enough text for the shared strings of .xls to be torn over several records, in both widths.
func LongTexts() *reporting.Sheet {
	s := &reporting.Sheet{Name: "长文"}
	for i := range 700 {
		text := fmt.Sprintf("plain %d %s", i, bytes.Repeat([]byte("x"), i%50))
		if i%3 == 0 {
			text = fmt.Sprintf("城乡居民基本养老保险参保人数统计第%d行", i)
		}
		s.Rows = append(s.Rows, reporting.Row{Index: int32(i), Cells: []reporting.Cell{{Row: int32(i), Kind: reporting.TextCell, Text: text}}})
	}
	return s
}
