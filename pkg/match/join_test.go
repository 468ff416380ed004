package match_test

import (
	"strings"
	"testing"

	"huizong/pkg/match"
	"huizong/pkg/reporting"
	"huizong/pkg/reporting/reportingtest"
)

// TestJoinedSheets reads a form that stands on several sheets as one, where nothing of it is lacking then and no two numbers stand in one place.
func TestJoinedSheets(t *testing.T) {
	const head = "指标名称 | 本月数 | 本年累计"
	lines := strings.Split(strings.TrimSpace(rows), "\n")
	part := func(from, to int) string { return "\n" + strings.Join(lines[from:to], "\n") + "\n" }
	measure := func(column int) string {
		text := "指标名称 | 数量\n"
		for _, line := range lines {
			cells := strings.Split(line, "|")
			text += cells[0] + "|" + cells[column] + "\n"
		}
		return text
	}
	const sums = "合计 | 1 | 2\n"
	for name, c := range map[string]struct {
		book         []string
		papers, find string
	}{
		"a continuation":            {[]string{"@ name 一\n就业创业工作月报表\n" + head + part(0, 6), "@ name 二\n就业创业工作月报表（续）\n" + head + part(6, 10)}, "一 二", "warning value_assumed"},
		"without a header":          {[]string{"@ name 一\n就业创业工作月报表\n" + head + part(0, 6) + "填报人：甲", "@ name 二" + part(6, 10) + "审核人：乙"}, "一 二", "warning value_assumed"},
		"one row on another sheet":  {[]string{"@ name 一\n" + head + part(0, 9), "@ name 二\n" + head + part(9, 10)}, "一 二", "warning value_assumed"},
		"columns in another order":  {[]string{"@ name 一\n" + head + part(0, 9), "@ name 二\n指标名称 | 本年累计 | 本月数\n案外调解劳动争议 | 20 | 4"}, "一 二", "warning value_assumed"},
		"a tab for each measure":    {[]string{"@ name 本月数\n" + measure(1), "@ name 本年累计\n" + measure(2)}, "本月数 本年累计", "warning value_assumed"},
		"beside a note":             {[]string{"@ name 一\n" + head + part(0, 6), "@ name 二\n" + head + part(6, 10), "@ name 说明\n本表由各乡镇填报"}, "一 二", "warning value_assumed\nnote unread_sheet"},
		"a row on both":             {[]string{"@ name 一\n" + head + part(0, 6), "@ name 二\n" + head + part(5, 10)}, "一", "error ambiguous_column A1"},
		"a row on none":             {[]string{"@ name 一\n" + head + part(0, 6), "@ name 二\n" + head + part(7, 10)}, "一", "warning unread_sheet"},
		"another month":             {[]string{"@ name 一\n2020年6月\n" + head + part(0, 6), "@ name 二\n2020年5月\n" + head + part(6, 10)}, "一", "note unread_sheet"},
		"the first is whole":        {[]string{"@ name 一\n" + head + part(0, 10), "@ name 二\n" + head + part(6, 10)}, "一", "error ambiguous_column A1"},
		"a part that nobody names":  {[]string{"@ name 一\n" + head + part(0, 9), "@ name 二\n其他 | 4 | 20"}, "一", "note unread_sheet"},
		"an example of the rest":    {[]string{"@ name 一\n" + head + part(0, 6), "@ name 填写示例\n" + head + part(6, 10)}, "一", "note unread_sheet"},
		"a hidden part":             {[]string{"@ name 一\n" + head + part(0, 6), "@ name 二 | hidden\n" + head + part(6, 10)}, "一", "warning unread_sheet"},
		"with a sum over each part": {[]string{"@ name 一\n" + head + part(0, 6) + sums, "@ name 二\n" + head + part(6, 10) + sums}, "一", "error ambiguous_column A1"},
	} {
		t.Run(name, func(t *testing.T) {
			var sheets []*reporting.Sheet
			for _, text := range c.book {
				sheets = append(sheets, reportingtest.Sheet(t, text))
			}
			layout, findings := match.New(catalogue.Forms).Find(sheets, match.Expected{Form: "employment_monthly", Period: june(t)})
			if layout == nil {
				t.Fatal(findings)
			}
			if papers, found := strings.Join(layout.Sheet.Papers(), " "), reportingtest.Findings(findings); papers != c.papers || found != c.find {
				t.Errorf("read %q with %q, want %q with %q", papers, found, c.papers, c.find)
			}
			if guesses := match.New(catalogue.Forms).Recognise(sheets, june(t)); strings.Contains(c.papers, " ") && (len(guesses) == 0 || len(guesses[0].Layout.Sheet.Papers()) < 2 || !guesses[0].Whole) {
				t.Errorf("recognised %+v", guesses)
			}
		})
	}
}
