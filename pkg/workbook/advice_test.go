package workbook_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"huizong/pkg/match"
	"huizong/pkg/normalize"
	"huizong/pkg/reporting"
	"huizong/pkg/workbook"
	"huizong/schemas"
)

// deposits is a ledger of two deposits, of 1,230,000 and 450,000 yuan.
func deposits() drawnSheet {
	row := func(no, project, township, amount string) []drawnCell {
		return []drawnCell{{number: no}, text(project), text("示例市盛岭建设有限公司"), text(township), text("2023-05-06"), {number: amount}, text("在缴")}
	}
	return drawnSheet{rows: [][]drawnCell{
		{text("在建工程项目农民工工资保证金台账")},
		{text("填报单位：劳动保障监察大队    报表所属期：2024年4月")},
		{text("序号"), text("项目名称"), text("施工单位"), text("所属乡镇（街道）"), text("缴存日期"), text("保证金金额（万元）"), text("状态")},
		row("1", "示例一期工程", "梅林镇", "123"),
		row("2", "示例二期工程", "南极乡", "45"),
	}}
}

// TestAdviceIsSound spoils a sheet, sees the error at its cell, does what its message says, and gets every fact.
func TestAdviceIsSound(t *testing.T) {
	const row, amount = 3, 5
	merge := func(col int32) []reporting.Range {
		return []reporting.Range{{FirstRow: row, LastRow: row + 1, FirstCol: col, LastCol: col}}
	}
	for name, test := range map[string]struct {
		spoil, follow func(*drawnSheet)
		cell, advice  string
	}{
		"a struck number": {func(s *drawnSheet) { s.rows[row][amount].struck = true }, func(s *drawnSheet) { s.rows[row][amount].struck = false }, "F4", "去掉删除线"},
		"a struck number that is void": {func(s *drawnSheet) { s.rows[row][amount] = drawnCell{number: "99", struck: true} },
			func(s *drawnSheet) { s.rows[row][amount] = drawnCell{number: "123"} }, "F4", "写上正确的内容"},
		"a struck row": {func(s *drawnSheet) {
			s.rows = append(s.rows, slices.Clone(s.rows[row+1]))
			for i := range s.rows[row+2] {
				s.rows[row+2][i].struck = true
			}
		}, func(s *drawnSheet) { s.rows = s.rows[:row+2] }, "B6", "删去这一行"},
		"a hidden number": {func(s *drawnSheet) { s.rows[row][amount].format = ";;;" }, func(s *drawnSheet) { s.rows[row][amount].format = "" }, "F4", "格式改成“常规”"},
		"a scale that no unit explains": {func(s *drawnSheet) { s.rows[row][amount] = drawnCell{number: "1230000", format: "0.00,"} },
			func(s *drawnSheet) { s.rows[row][amount] = drawnCell{number: "123"} }, "F4", "按表中的单位重新填写"},
		"a date": {func(s *drawnSheet) { s.rows[row][amount] = drawnCell{number: "43983", format: "m/d"} },
			func(s *drawnSheet) { s.rows[row][amount] = drawnCell{number: "123"} }, "F4", "重新填写数字"},
		"a covered number": {func(s *drawnSheet) { s.merges = merge(amount) }, func(s *drawnSheet) { s.merges = nil }, "F5", "取消合并"},
		"one record over two rows": {func(s *drawnSheet) { s.merges, s.rows[row+1][1] = merge(1), text("") },
			func(s *drawnSheet) { s.merges, s.rows[row+1][1] = nil, text("示例二期工程") }, "B5", "取消合并、逐行填写"},
		"a formula that nobody has calculated": {func(s *drawnSheet) { s.rows[row][amount] = drawnCell{formula: "VLOOKUP(1,Z1:Z9,1)"} },
			func(s *drawnSheet) { s.rows[row][amount].number = "123" }, "F4", "打开、保存"},
		"two units": {func(s *drawnSheet) {
			s.rows[2][amount] = text("保证金金额")
			s.rows = append(s.rows, []drawnCell{text("注：金额单位为万元")}, []drawnCell{text("注：金额单位为元")})
		}, func(s *drawnSheet) { s.rows = s.rows[:len(s.rows)-1] }, "", "请只写一种"},
		"another currency":     {func(s *drawnSheet) { s.rows[2][amount] = text("保证金金额（美元）") }, func(s *drawnSheet) { s.rows[2][amount] = text("保证金金额（万元）") }, "F3", "元、万元或亿元"},
		"a letter for a digit": {func(s *drawnSheet) { s.rows[row][amount] = text("1O3") }, func(s *drawnSheet) { s.rows[row][amount] = drawnCell{number: "123"} }, "F4", "改成数字"},
		"two numbers":          {func(s *drawnSheet) { s.rows[row][amount] = text("119 4") }, func(s *drawnSheet) { s.rows[row][amount] = drawnCell{number: "123"} }, "F4", "只写一个数"},
	} {
		t.Run(name, func(t *testing.T) {
			s := deposits()
			test.spoil(&s)
			findings, _ := judged(t, writeXLSX(s))
			if !slices.ContainsFunc(findings, func(f reporting.Finding) bool {
				return f.Severity == reporting.SeverityError && (test.cell == "" || f.Cell == test.cell) && strings.Contains(f.Message, test.advice)
			}) {
				t.Fatalf("no error at %s with %q in\n%s", test.cell, test.advice, explain(findings))
			}
			test.follow(&s)
			wholeAgain(t, writeXLSX(s))
		})
	}
}

// TestAdviceForTextFiles is TestAdviceIsSound for what only text files have.
func TestAdviceForTextFiles(t *testing.T) {
	sound := string(writeCSV(deposits()))
	for name, test := range map[string]struct{ from, to, cell, advice string }{
		"a comma without quotes":        {",123,在缴", ",1,123,在缴", "F4", "去掉数字里的逗号"},
		"a quote that takes in a row":   {"示例一期工程", "\"示例一期工程", "B4", "删去或补全这个引号"},
		"a quote that closes in a word": {"1,示例一期工程,示例市盛岭建设有限公司,梅林镇,2023-05-06,123,在缴\n2,示例二期工程,", "1,\"示例一期工程,示例市盛岭建设有限公司,梅林镇,2023-05-06,123,在缴\n2,示例\"二期工程,", "B4", "删去或补全这个引号"},
	} {
		t.Run(name, func(t *testing.T) {
			spoiled := strings.Replace(sound, test.from, test.to, 1)
			if spoiled == sound {
				t.Fatalf("nothing spoiled in\n%s", sound)
			}
			findings, _ := judged(t, []byte(spoiled))
			if !slices.ContainsFunc(findings, func(f reporting.Finding) bool {
				return f.Severity == reporting.SeverityError && f.Cell == test.cell && strings.Contains(f.Message, test.advice)
			}) {
				t.Fatalf("no error at %s with %q in\n%s", test.cell, test.advice, explain(findings))
			}
			wholeAgain(t, []byte(strings.Replace(spoiled, test.to, test.from, 1)))
		})
	}
	guarded := strings.Replace(sound, ",123,", `,="123",`, 1)
	wholeAgain(t, []byte(guarded))
	if !bytes.Contains([]byte(guarded), []byte(`="123"`)) {
		t.Error("nothing is guarded")
	}
}

// wholeAgain sees that both deposits are read, and nothing is wrong.
func wholeAgain(t *testing.T, data []byte) {
	t.Helper()
	findings, sums := judged(t, data)
	if reporting.HasErrors(findings) || sums["梅林镇"] != "1230000" || sums["南极乡"] != "450000" {
		t.Errorf("after the advice %v\n%s", sums, explain(findings))
	}
}

// judged reads the file as the worker does.
func judged(t *testing.T, data []byte) ([]reporting.Finding, map[string]string) {
	t.Helper()
	catalogue, err := schemas.Load(schemas.FS())
	if err != nil {
		t.Fatal(err)
	}
	book, err := workbook.Open(data, workbook.Limits{})
	var sheet *reporting.Sheet
	if err == nil {
		sheet, err = book.Read(0)
	}
	if finding, ok := reporting.FindingOf(err); ok {
		return []reporting.Finding{finding}, nil
	}
	if err != nil {
		t.Fatal(err)
	}
	period, _ := reporting.ParsePeriod("2024-04")
	layout, findings := match.New(catalogue.Forms).Find([]*reporting.Sheet{sheet}, match.Expected{Form: "wage_deposits", Period: period})
	if layout == nil {
		return findings, nil
	}
	_, reading, more := normalize.NewReader(catalogue, []byte("key")).Read(layout, "349981JC", period)
	sums := map[string]string{}
	for _, o := range reading.Observations {
		if o.Indicator == "inspection.wage_deposit_amount" {
			sums[catalogue.Unit(o.Unit).Name.ZH] = o.Value.String()
		}
	}
	return append(findings, more...), sums
}

// TestDoubtfulResults: a workbook that asks for its formulas to be calculated is no fault where they come out the same.
func TestDoubtfulResults(t *testing.T) {
	for name, test := range map[string]struct {
		formula, result string
		accepted, word  bool
	}{
		"arithmetic, right":        {"120+3", "123", true, false},
		"arithmetic, binary noise": {"120+3", "123.00000000000001", true, false},
		"arithmetic, never done":   {"120+3", "0", true, true},
		"rounding":                 {"ROUND(1230000/10000,2)", "123", true, false},
		"a function, right":        {"IF(1>0,123,0)", "123", true, false},
		"a function, never done":   {"IF(1>0,123,0)", "0", false, false},
		"another sheet":            {"Sheet9!A1", "123", false, false},
	} {
		s := deposits()
		s.stale, s.rows[3][5] = true, drawnCell{formula: test.formula, number: test.result}
		findings, sums := judged(t, writeXLSX(s))
		word := slices.ContainsFunc(findings, func(f reporting.Finding) bool { return f.Cell == "F4" && strings.Contains(f.Message, "公式") })
		if accepted := !reporting.HasErrors(findings); accepted != test.accepted || word != (test.word || !test.accepted) || accepted && sums["梅林镇"] != "1230000" {
			t.Errorf("%s: accepted %v, %v\n%s", name, accepted, sums, explain(findings))
		}
	}
}

// TestDoubtfulFunctions is TestDoubtfulResults for a function in an .xls, whose formulas are no text.
func TestDoubtfulFunctions(t *testing.T) {
	for result, accepted := range map[string]bool{"123": true, "0": false} {
		s := deposits()
		s.stale, s.inABS, s.rows[3][5] = true, true, drawnCell{formula: "123*1", number: result}
		findings, sums := judged(t, writeXLS(s))
		if got := !reporting.HasErrors(findings); got != accepted || got && sums["梅林镇"] != "1230000" {
			t.Errorf("%s: accepted %v, %v\n%s", result, got, sums, explain(findings))
		}
	}
}
