package workbook

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/workbooktest"
)

// TestOpenNames lists files that are no tables: each is named for what it is, in both languages.
func TestOpenNames(t *testing.T) {
	for name, test := range map[string]struct {
		data   []byte
		code   reporting.FindingCode
		zh, en string
	}{
		"empty":         {nil, reporting.UnreadableFile, "空的", "empty"},
		"only spaces":   {[]byte(" \r\n\r\n"), reporting.UnreadableFile, "没有任何内容", "nothing"},
		"pdf":           {[]byte("%PDF-1.7\n"), reporting.UnreadableFile, "PDF", "PDF"},
		"png":           {[]byte("\x89PNG\r\n\x1a\n"), reporting.UnreadableFile, "图片", "picture"},
		"jpeg":          {[]byte("\xFF\xD8\xFF\xE0"), reporting.UnreadableFile, "图片", "picture"},
		"rar":           {[]byte("Rar!\x1a\x07"), reporting.UnreadableFile, "解压", "Unpack"},
		"guarded":       {[]byte("\x14#e?\x00\x13\x01E-SafeNet\x00\x00\x00LOCK\x00\x00"), reporting.EncryptedFile, "解密", "decrypted"},
		"as if guarded": {scrambled(300), reporting.UnreadableFile, "解密", "decrypted"},
		"html":          {[]byte("\xEF\xBB\xBF\r\n<html><table><tr><td>1</td></tr></table></html>"), reporting.UnreadableFile, "网页", "web page"},
		"html fragment": {[]byte("<table border=1><tr><td>1</table>"), reporting.UnreadableFile, "网页", "web page"},
		"web archive":   {[]byte("MIME-Version: 1.0\nX-Document-Type: Workbook\n"), reporting.UnreadableFile, "网页存档", "web archive"},
		"xml 2003":      {[]byte(`<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>`), reporting.UnreadableFile, "XML 电子表格 2003", "XML Spreadsheet 2003"},
		"word":          {workbooktest.Zip(workbooktest.Part{Name: "word/document.xml", Text: "<x/>"}), reporting.UnreadableFile, "复制", "Copy"},
		"xlsb":          {workbooktest.Zip(workbooktest.Part{Name: "xl/workbook.bin", Text: "x"}), reporting.UnreadableFile, "xlsb", "xlsb"},
		"zip":           {workbooktest.Zip(workbooktest.Part{Name: "a.txt", Text: "x"}), reporting.UnreadableFile, "解压", "zip"},
		"old word":      {workbooktest.Compound("WordDocument", nil), reporting.UnreadableFile, "Word", "Word"},
		"other ole":     {workbooktest.Compound("Contents", nil), reporting.UnreadableFile, "其他程序", "another program"},
		"old excel":     {[]byte("\x09\x04\x06\x00\x00\x00\x10\x00\x00\x00"), reporting.UnreadableFile, "Excel 4.0", "Excel 4.0"},
		"nul bytes":     {[]byte("a,b\n1,\x00\n"), reporting.UnreadableFile, "NUL", "NUL"},
		"ooxml, locked": {workbooktest.Compound("EncryptedPackage", nil), reporting.EncryptedFile, "密码", "password"},
		"biff, locked":  {workbooktest.Compound("Workbook", locked()), reporting.EncryptedFile, "密码", "password"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(test.data, Limits{})
			var e *reporting.FileError
			if !errors.As(err, &e) {
				t.Fatalf("got %v", err)
			}
			if e.Code != test.code || !strings.Contains(e.Reason.ZH, test.zh) || !strings.Contains(e.Reason.EN, test.en) {
				t.Errorf("got %s %+v", e.Code, e.Reason)
			}
		})
	}
}

// scrambled are bytes in which nothing can be recognised.
func scrambled(n int) []byte {
	data := make([]byte, n)
	state := uint32(7)
	for i := range data {
		state = state*1664525 + 1013904223
		data[i] = byte(state >> 24)
	}
	return data
}

// locked is a stream whose second record says that the rest is encrypted.
func locked() []byte {
	stream := workbooktest.Stream(workbooktest.Blocks, workbooktest.Table("S", "1"))
	return append(stream[:20:20], 0x2F, 0, 6, 0, 1, 0, 1, 0, 1, 0)
}

// TestLimits lists what is too large. None of it may be allocated first.
func TestLimits(t *testing.T) {
	one := func(row, col int32) *reporting.Sheet {
		return &reporting.Sheet{Name: "S", Rows: []reporting.Row{
			{Index: 0, Cells: []reporting.Cell{{Kind: reporting.NumberCell, Text: "1"}}},
			{Index: row, Cells: []reporting.Cell{{Row: row, Col: col, Kind: reporting.NumberCell, Text: "1"}}},
		}}
	}
	wide := workbooktest.Table("S", strings.Repeat("x|", 300))
	for name, test := range map[string]struct {
		data   []byte
		limits Limits
		cell   string
	}{
		"far cell":     {workbooktest.XLSX(workbooktest.Shared, one(1<<20-1, 1<<14-1)), Limits{}, "XFD1048576"},
		"far row":      {workbooktest.XLSX(workbooktest.Shared, one(1<<20-1, 0)), Limits{}, "A1048576"},
		"300 columns":  {workbooktest.XLSX(workbooktest.Inline, wide), Limits{}, "IW1"},
		"csv columns":  {workbooktest.CSV(wide), Limits{}, "IW1"},
		"rows":         {workbooktest.XLSX(workbooktest.Shared, workbooktest.Ledger(11)), Limits{Rows: 10}, "J11"},
		"cells":        {workbooktest.XLS(workbooktest.Ledger(11)), Limits{Cells: 100}, "J11"},
		"memory":       {workbooktest.CSV(workbooktest.Ledger(5000)), Limits{Memory: 1 << 20}, ""},
		"strings":      {workbooktest.XLSX(workbooktest.Shared, workbooktest.Ledger(3000)), Limits{Strings: 64 << 10}, ""},
		"xls strings":  {workbooktest.XLS(workbooktest.Ledger(3000)), Limits{Strings: 64 << 10}, ""},
		"bytes":        {workbooktest.CSV(workbooktest.Ledger(10)), Limits{Bytes: 100}, ""},
		"unpacked":     {workbooktest.XLSX(workbooktest.Shared, workbooktest.Ledger(1000)), Limits{Unpacked: 50_000}, ""},
		"zip entries":  {workbooktest.XLSX(workbooktest.Shared, workbooktest.Ledger(1)), Limits{Entries: 3}, ""},
		"bomb by size": {workbooktest.Parts{Sheet: strings.Repeat(" ", 40<<20)}.Zip(), Limits{}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readAll(test.data, test.limits)
			var e *reporting.FileError
			if !errors.As(err, &e) || e.Code != reporting.TooLarge {
				t.Fatalf("got %v", err)
			}
			if e.Cell != test.cell || e.Reason.ZH == "" {
				t.Errorf("cell %q, reason %+v", e.Cell, e.Reason)
			}
		})
	}
}

// readAll reads every sheet of a file.
func readAll(data []byte, l Limits) ([]*reporting.Sheet, error) {
	return readAllOf(bytes.NewReader(data), l)
}

func readAllOf(file File, l Limits) ([]*reporting.Sheet, error) {
	book, err := OpenFile(file, l)
	if err != nil {
		return nil, err
	}
	var sheets []*reporting.Sheet
	for i := range book.Sheets() {
		sheet, err := book.Read(i)
		if err != nil {
			return nil, err
		}
		sheets = append(sheets, sheet)
	}
	return sheets, nil
}

// TestVisitError sees that a visit can stop the reading, in every format and also while parts inflate ahead.
func TestVisitError(t *testing.T) {
	enough := errors.New("enough")
	for name, data := range map[string][]byte{
		"xlsx": workbooktest.XLSX(workbooktest.Inline, workbooktest.Ledger(5000)),
		"xls":  workbooktest.XLS(workbooktest.Ledger(100)),
		"csv":  workbooktest.CSV(workbooktest.Ledger(100)),
	} {
		book := mustOpen(t, data)
		for range 3 {
			rows := 0
			err := book.Rows(0, func(*reporting.Row) error {
				if rows++; rows == 3 {
					return enough
				}
				return nil
			})
			if err != enough || rows != 3 {
				t.Errorf("%s: %v after %d rows", name, err, rows)
			}
		}
		if _, err := book.Read(0); err != nil {
			t.Errorf("%s: reading again: %v", name, err)
		}
	}
}

// TestPanicIsAnError is the last resort at the border.
func TestPanicIsAnError(t *testing.T) {
	book := mustOpen(t, workbooktest.CSV(workbooktest.Ledger(3)))
	err := book.Rows(0, func(*reporting.Row) error { panic("boom") })
	workbooktest.CheckDamaged(t, err, "", "boom")
}

func ExampleBook_Read() {
	data := workbooktest.CSV(workbooktest.Table("", "指标,单位 | 本月\n城镇新增就业 | 1,234"))
	book, err := Open(data, DefaultLimits())
	if err != nil {
		panic(err)
	}
	sheet, err := book.Read(0)
	if err != nil {
		panic(err)
	}
	for _, row := range sheet.Rows {
		for _, c := range row.Cells {
			fmt.Println(reporting.CellName(c.Row, c.Col), c.Text)
		}
	}
	// Output:
	// A1 指标,单位
	// B1 本月
	// A2 城镇新增就业
	// B2 1,234
}
