package workbook

import (
	"bytes"
	"testing"

	"github.com/xuri/excelize/v2"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/workbooktest"
)

// TestRoundTrip writes sheets in every format, and reads them back whole and row by row.
func TestRoundTrip(t *testing.T) {
	sheets := []*reporting.Sheet{workbooktest.Form(), workbooktest.HiddenSheet(), workbooktest.LongTexts()}
	for name, data := range map[string][]byte{
		"xlsx shared": workbooktest.XLSX(workbooktest.Shared, sheets...),
		"xlsx inline": workbooktest.XLSX(workbooktest.Inline, sheets...),
		"xls":         workbooktest.XLS(sheets...),
		"et":          workbooktest.Compound("WORKBOOK", workbooktest.Stream(workbooktest.Blocks, sheets...)),
		"xls, plain":  workbooktest.Compound("Workbook", workbooktest.Stream(workbooktest.Plain, sheets...)),
		"bare stream": workbooktest.Stream(workbooktest.Blocks, sheets...),
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
	if g, w := workbooktest.Print(got), workbooktest.Print(want); g != w {
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
	if g, w := workbooktest.Print(&streamed), workbooktest.Print(want); g != w {
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
	s := workbooktest.Table("日期", "d42735")
	s.Date1904 = true
	for name, data := range map[string][]byte{"xlsx": workbooktest.XLSX(workbooktest.Shared, s), "xls": workbooktest.XLS(s)} {
		got, err := mustOpen(t, data).Read(0)
		if err != nil {
			t.Fatal(err)
		}
		if !got.Date1904 || !got.Rows[0].Cells[0].Date {
			t.Errorf("%s: %s", name, workbooktest.Print(got))
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
	for _, where := range []workbooktest.Strings{workbooktest.Shared, workbooktest.Inline} {
		f, err := excelize.OpenReader(bytes.NewReader(workbooktest.XLSX(where, workbooktest.Ledger(500))))
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
