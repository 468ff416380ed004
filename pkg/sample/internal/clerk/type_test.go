package clerk

import (
	"bytes"
	"encoding/csv"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/unicode/norm"

	"huizong/pkg/reporting"
)

const clerks = 400 // of whom at least one has each habit

// The papers have values that no other cell of a sheet can hold, so that a reader without a schema finds them.
func indicatorPaper() Paper {
	yuan := func(s string) Value { return Yuan(reporting.MustDecimal(s)) }
	return testPaper(Paper{
		Shape: reporting.IndicatorForm, Money: reporting.TenKilo,
		Columns: []Column{
			{ID: "seq", Header: "序号", Aliases: []string{"编号"}, Type: reporting.Sequence, Loose: true},
			{ID: "label", Header: "指标名称", Aliases: []string{"指标"}, Type: reporting.RowLabel},
			{ID: "measure", Header: "计量单位", Type: reporting.Measure},
			{ID: "month", Header: "本月数", Aliases: []string{"当月数"}, Type: reporting.Amount},
			{ID: "year", Header: "本年累计", Type: reporting.Amount, SumOf: "month"},
		},
		Lines: []Line{
			{{}, Text("发放证书"), Text("张"), Number(10203), Number(40506)},
			{{}, Text("培训补贴"), Text("万元"), yuan("70809.12"), yuan("9080706.05")},
			{{}, Text("期末人数"), Text("人"), Number(60504), Nothing()},
		},
	})
}

func matrixPaper() Paper {
	yuan := func(s string) Value { return Yuan(reporting.MustDecimal(s)) }
	return testPaper(Paper{
		Shape: reporting.Matrix, Money: reporting.TenKilo, Group: "收支",
		Columns: []Column{
			{ID: "scheme", Header: "险种", Type: reporting.RowLabel},
			{ID: "opening", Header: "期初", Type: reporting.MoneyValue},
			{ID: "income", Header: "本月", Group: []string{"收入"}, Type: reporting.MoneyValue},
			{ID: "year", Header: "累计", Group: []string{"收入"}, Type: reporting.MoneyValue, SumOf: "income"},
		},
		Lines: []Line{{Text("甲险"), yuan("1020304.05"), yuan("60708.09"), yuan("90807.06")}},
		Total: &Line{Text("合计"), yuan("1020304.05"), yuan("60708.09"), yuan("90807.06")},
	})
}

func ledgerPaper() Paper {
	day, _ := reporting.NewDate(2020, 6, 15)
	return testPaper(Paper{
		Shape: reporting.Ledger, Money: reporting.Yuan,
		Columns: []Column{
			{ID: "seq", Header: "序号", Type: reporting.Sequence, Loose: true},
			{ID: "class", Header: "班期", Type: reporting.TextValue, Mergeable: true},
			{ID: "id", Header: "身份证号码", Type: reporting.IDNumber},
			{ID: "town", Header: "所属乡镇", Type: reporting.UnitValue},
			{ID: "day", Header: "日期", Type: reporting.DateValue},
			{ID: "amount", Header: "金额", Type: reporting.MoneyValue},
		},
		Lines: []Line{
			{{}, Text("一班"), Text("34998119900101001X"), Office("云梯畲族乡"), On(day), Yuan(reporting.MustDecimal("908070.5"))},
			{{}, Text("一班"), Text("349981199001010028"), Office("港口镇"), On(day), Yuan(reporting.Decimal{})},
		},
	})
}

func testPaper(p Paper) Paper {
	p.City, p.Office, p.Title = "示例市", "港口镇", "测试表"
	p.Period = reporting.MonthPeriod(reporting.NewMonth(2020, 6))
	p.Filled = p.Period.End().AddDays(3)
	p.People = [3]string{"甲", "乙", "丙"}
	return p
}

func mustType(tb testing.TB, p Paper, seed uint64) Document {
	tb.Helper()
	doc, err := Type(p, rand.New(rand.NewPCG(seed, 1)))
	if err != nil {
		tb.Fatalf("clerk %d: %v", seed, err)
	}
	return doc
}

// TestMeaningStays types papers by many clerks and looks for each value, in 元 or 万元, on the sheets that can be seen.
func TestMeaningStays(t *testing.T) {
	t.Parallel()
	for name, paper := range map[string]func() Paper{"indicators": indicatorPaper, "matrix": matrixPaper, "ledger": ledgerPaper} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(clerks) {
				p := paper()
				doc := mustType(t, p, seed)
				cells := read(t, doc)
				for _, line := range p.Lines {
					for _, v := range line {
						if v.Number.Sign() != 0 && !slices.ContainsFunc(cells, v.isIn) {
							t.Errorf("clerk %d (%v): no %s in %q", seed, doc.Habits, v.Number, cells)
						}
					}
				}
			}
		})
	}
}

// isIn reports whether the cell holds the value, whatever the unit of money.
func (v Value) isIn(cell string) bool {
	text := strings.TrimRight(strings.ReplaceAll(strings.TrimSpace(norm.NFKC.String(cell)), ",", ""), "万元张人")
	n, err := reporting.ParseDecimal(text)
	if err != nil {
		return false
	}
	return n.Round(6).Equal(v.Number) || (v.Kind == Sum && n.Mul(reporting.Int(10_000)).Round(2).Equal(v.Number))
}

// read lists the texts of all cells on visible sheets.
func read(tb testing.TB, doc Document) (cells []string) {
	tb.Helper()
	if doc.Ext != ".xlsx" {
		return readText(tb, doc)
	}
	f, err := excelize.OpenReader(bytes.NewReader(doc.Bytes))
	if err != nil {
		tb.Fatal(err)
	}
	for _, sheet := range f.GetSheetList() {
		if visible, _ := f.GetSheetVisible(sheet); !visible {
			continue
		}
		rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			tb.Fatal(err)
		}
		cells = append(cells, slices.Concat(rows...)...)
	}
	return cells
}

func readText(tb testing.TB, doc Document) []string {
	tb.Helper()
	data := doc.Bytes
	if slices.Contains(doc.Habits, string(csvGB18030)) || slices.Contains(doc.Habits, string(tabGB18030)) {
		data, _ = simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	if doc.Ext == ".tsv" {
		r.Comma = '\t'
	}
	rows, err := r.ReadAll()
	if err != nil {
		tb.Fatal(err)
	}
	return slices.Concat(rows...)
}

// TestEveryHabitIsSomebodys: no habit is dead, and none escapes the tests above.
func TestEveryHabitIsSomebodys(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, p := range []Paper{indicatorPaper(), matrixPaper(), ledgerPaper()} {
		for seed := range uint64(clerks) {
			_, names := draw(&p, rand.New(rand.NewPCG(seed, 1)))
			for _, name := range names {
				seen[name] = true
			}
		}
	}
	for _, q := range questions {
		for _, a := range q.answers {
			if a.habit != asPrinted && !seen[string(a.habit)] {
				t.Errorf("nobody has the habit %s", a.habit)
			}
		}
	}
}

func TestTypeIsDeterministic(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		a, b := mustType(t, ledgerPaper(), seed), mustType(t, ledgerPaper(), seed)
		if !bytes.Equal(a.Bytes, b.Bytes) {
			t.Errorf("clerk %d (%v) types differently the second time", seed, a.Habits)
		}
	}
}

// TestPlain: a paper with a mistake names its sender and period, and computes nothing.
func TestPlain(t *testing.T) {
	t.Parallel()
	p := indicatorPaper()
	p.Plain = true
	for seed := range uint64(clerks) {
		for _, h := range mustType(t, p, seed).Habits {
			if h == string(bareTable) || h == string(formulas) {
				t.Errorf("clerk %d: %s", seed, h)
			}
		}
	}
}
