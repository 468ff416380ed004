package compile_test

import (
	"math/big"
	"testing"

	"huizong/pkg/compile"
)

// A chart is described by its data: the highest, the lowest, what stays behind, what is not there.
func TestDescribe(t *testing.T) {
	point := func(text string, n int64) compile.Point {
		return compile.Point{Run: compile.Run{Text: text}, Value: big.NewRat(n, 1)}
	}
	none := compile.Point{Run: compile.Run{Text: "—"}}
	bars := compile.Chart{Title: "目标完成进度", Kind: compile.Bars, Measure: "%", Categories: []string{"新增就业", "培训", "参保"},
		Series:    []compile.Series{{Name: "完成率", Points: []compile.Point{point("60", 60), point("40", 40), none}}},
		Reference: &compile.Reference{Label: "时序进度", Value: big.NewRat(50, 1)}}
	months := compile.Chart{Title: "受理和结案", Kind: compile.Months, Measure: "件", Categories: []string{"1月", "2月"},
		Series: []compile.Series{{Name: "受理", Points: []compile.Point{point("7", 7), point("9", 9)}}, {Name: "结案", Points: []compile.Point{point("3", 3), point("3", 3)}}, {Name: "调解", Points: []compile.Point{none, none}}}}
	table := compile.Table{Caption: "表1", Columns: []compile.Column{{Title: "指标"}, {Title: "数值"}}, Rows: make([][]compile.Cell, 3)}
	for _, c := range []struct{ got, want string }{
		{bars.Describe(), "条形图“目标完成进度”，3项（%）：最高的是新增就业（60），最低的是培训（40），1项没有数据；未达到时序进度的有1项。"},
		{months.Describe(), "柱状图“受理和结案”，2项（件）：受理最高的是2月（9），最低的是1月（7）；结案均为3；调解没有数据。"},
		{table.Describe(), "表格“表1”，3行，各列为：指标、数值。"},
	} {
		if c.got != c.want {
			t.Errorf("%s\nwant %s", c.got, c.want)
		}
	}
}
