package annotate_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/xuri/excelize/v2"

	"huizong/pkg/annotate"
	"huizong/pkg/judge"
	"huizong/pkg/reporting"
	"huizong/pkg/validate"
	"huizong/pkg/workbook"
	"huizong/schemas"
)

// newJudge is the pipeline that the annotated files are sent through again.
func newJudge(t *testing.T) *judge.Judge {
	t.Helper()
	catalogue, err := schemas.Load(schemas.FS())
	if err != nil {
		t.Fatal(err)
	}
	j, err := judge.New(catalogue, []byte("test"), workbook.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func noPast(string) (validate.History, error) { return validate.History{}, nil }

// decode reads all sheets of a file, hidden ones too.
func decode(t *testing.T, file []byte) []*reporting.Sheet {
	t.Helper()
	book, err := workbook.Open(file, workbook.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var sheets []*reporting.Sheet
	for i, info := range book.Sheets() {
		sheet, err := book.Read(i)
		if err != nil {
			t.Fatalf("sheet %q: %v", info.Name, err)
		}
		sheets = append(sheets, sheet)
	}
	return sheets
}

func write(t *testing.T, in annotate.Input) []byte {
	t.Helper()
	book, _ := writeTold(t, in)
	return book
}

// writeTold writes the workbook and returns what was left out of it, too.
func writeTold(t *testing.T, in annotate.Input) ([]byte, []annotate.Removed) {
	t.Helper()
	var b bytes.Buffer
	removed, err := annotate.Write(&b, in)
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), removed
}

// open reads a workbook with excelize, and fails where the package has a link to a part that is not there.
func open(t *testing.T, file []byte) *excelize.File {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { book.Close() })
	return book
}

// save is the bytes of a workbook that a test has made.
func save(t *testing.T, book *excelize.File) []byte {
	t.Helper()
	b, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// do fails the test at the first error: for the many calls that build a workbook.
func do(t *testing.T, errs ...error) {
	t.Helper()
	for i, err := range errs {
		if err != nil {
			t.Fatalf("call %d: %v", i, err)
		}
	}
}

// value is the text of a cell as excelize sees it, without its format.
func value(t *testing.T, book *excelize.File, sheet, cell string) string {
	t.Helper()
	text, err := book.GetCellValue(sheet, cell, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func finding(severity reporting.Severity, sheet, cell, value, message string) reporting.Finding {
	return reporting.Finding{Code: "test", Severity: severity, Sheet: sheet, Cell: cell, Value: value, Message: message, MessageEN: "en: " + message}
}

// same compares the cells of two sheets, and names the first that differs.
func same(was, is *reporting.Sheet) error {
	cells := func(s *reporting.Sheet) map[string]string {
		m := map[string]string{}
		for _, row := range s.Rows {
			for _, c := range row.Cells {
				m[reporting.CellName(c.Row, c.Col)] = fmt.Sprint(c.Text, c.Formula())
			}
		}
		return m
	}
	before, after := cells(was), cells(is)
	for name, text := range before {
		if after[name] != text {
			return fmt.Errorf("sheet %q cell %s is %q, was %q", was.Name, name, after[name], text)
		}
	}
	if len(after) != len(before) {
		return fmt.Errorf("sheet %q has %d cells, had %d", was.Name, len(after), len(before))
	}
	return nil
}
