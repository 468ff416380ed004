package workbook

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/xuri/excelize/v2"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/fixture"
)

// form is a small sheet with a cell of every kind.
func form() *reporting.Sheet {
	s := fixture.Table("月报", `
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

func hiddenSheet() *reporting.Sheet {
	s := fixture.Table("旧表", "1 | 2 | 3")
	s.Hidden = true
	return s
}

// longTexts is enough text for the shared strings of .xls to be torn over several records, in both widths.
func longTexts() *reporting.Sheet {
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

// TestRoundTrip writes sheets in every format, and reads them back whole and row by row.
func TestRoundTrip(t *testing.T) {
	sheets := []*reporting.Sheet{form(), hiddenSheet(), longTexts()}
	for name, data := range map[string][]byte{
		"xlsx shared": fixture.XLSX(fixture.Shared, sheets...),
		"xlsx inline": fixture.XLSX(fixture.Inline, sheets...),
		"xls":         fixture.XLS(sheets...),
		"et":          fixture.Compound("WORKBOOK", fixture.Stream(fixture.Blocks, sheets...)),
		"xls, plain":  fixture.Compound("Workbook", fixture.Stream(fixture.Plain, sheets...)),
		"bare stream": fixture.Stream(fixture.Blocks, sheets...),
	} {
		t.Run(name, func(t *testing.T) {
			book := mustOpen(t, data)
			if n := len(book.Sheets()); n != len(sheets) {
				t.Fatalf("%d sheets", n)
			}
			for i, want := range sheets {
				checkSheet(t, book, i, want)
			}
		})
	}
}

func mustOpen(t testing.TB, data []byte) *Book {
	t.Helper()
	book, err := Open(data, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return book
}

// checkSheet compares Read and Rows with the sheet that is wanted.
func checkSheet(t *testing.T, book *Book, i int, want *reporting.Sheet) {
	t.Helper()
	if info := book.Sheets()[i]; info.Name != want.Name || info.Hidden != want.Hidden {
		t.Errorf("listed as %+v", info)
	}
	got, err := book.Read(i)
	if err != nil {
		t.Fatal(err)
	}
	if g, w := fixture.Print(got), fixture.Print(want); g != w {
		t.Errorf("Read gives\n%s\nwant\n%s", g, w)
	}
	streamed := *want
	streamed.Rows = nil
	err = book.Rows(i, func(row *reporting.Row) error {
		streamed.Rows = append(streamed.Rows, cloneRow(row))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if g, w := fixture.Print(&streamed), fixture.Print(want); g != w {
		t.Errorf("Rows gives\n%s\nwant\n%s", g, w)
	}
}

func cloneRow(row *reporting.Row) reporting.Row {
	kept := reporting.Row{Index: row.Index, Hidden: row.Hidden}
	for _, c := range row.Cells {
		c.Text = string([]byte(c.Text))
		if c.Look != nil {
			look := *c.Look
			look.Kept, look.Formula = string([]byte(look.Kept)), string([]byte(look.Formula))
			c.Look = &look
		}
		kept.Cells = append(kept.Cells, c)
	}
	return kept
}

func TestDate1904(t *testing.T) {
	s := fixture.Table("日期", "d42735")
	s.Date1904 = true
	for name, data := range map[string][]byte{"xlsx": fixture.XLSX(fixture.Shared, s), "xls": fixture.XLS(s)} {
		got, err := mustOpen(t, data).Read(0)
		if err != nil {
			t.Fatal(err)
		}
		if !got.Date1904 || !got.Rows[0].Cells[0].Date {
			t.Errorf("%s: %s", name, fixture.Print(got))
		}
	}
}

// TestAgreesWithExcelize lets excelize write workbooks, and compares the values that it and we read from them.
func TestAgreesWithExcelize(t *testing.T) {
	f := excelize.NewFile()
	values := [][]any{
		{"指标", "单位", 12, 3.5, true},
		{nil, "text & <more>", -7, 1e21, false},
		{"  spaces ", "line\nbreak", 0.1, 123456789012345, nil},
	}
	for i, row := range values {
		for j, v := range row {
			if v == nil {
				continue
			}
			name, _ := excelize.CoordinatesToCellName(j+1, i+1)
			if err := f.SetCellValue("Sheet1", name, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.MergeCell("Sheet1", "A1", "B1"); err != nil {
		t.Fatal(err)
	}
	compareWithExcelize(t, f)
}

// TestAgreesWithExcelizeOnOurs does the same with a file of our own writer.
func TestAgreesWithExcelizeOnOurs(t *testing.T) {
	for _, where := range []fixture.Strings{fixture.Shared, fixture.Inline} {
		f, err := excelize.OpenReader(bytes.NewReader(fixture.XLSX(where, fixture.Ledger(500))))
		if err != nil {
			t.Fatal(err)
		}
		compareWithExcelize(t, f)
	}
}

func compareWithExcelize(t *testing.T, f *excelize.File) {
	t.Helper()
	buffer, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	book := mustOpen(t, buffer.Bytes())
	for i, info := range book.Sheets() {
		sheet, err := book.Read(i)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := f.GetRows(info.Name, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for r, row := range rows {
			for c, want := range row {
				got, _ := sheet.At(int32(r), int32(c))
				if got.Kind == reporting.BoolCell {
					want = map[string]string{"1": "TRUE", "0": "FALSE"}[want]
				}
				if got.Text != want {
					t.Errorf("%s: we read %q, excelize %q", reporting.CellName(int32(r), int32(c)), got.Text, want)
				}
			}
		}
	}
}
