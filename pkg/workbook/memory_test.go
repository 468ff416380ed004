package workbook

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/workbooktest"
)

// TestRowsMemory reads files on the disk that are larger than what may be in memory, or have far more text than that, and weighs
// what is alive while the last rows come by.
func TestRowsMemory(t *testing.T) {
	long := func() *reporting.Sheet { // texts of 30 MB, none twice
		sheet := workbooktest.Distinct(4000)
		for _, row := range sheet.Rows {
			for i := range row.Cells {
				row.Cells[i].Text = strings.Repeat(row.Cells[i].Text, 18)
			}
		}
		return sheet
	}
	csv := func(e encoding.Encoding) func() []byte {
		return func() []byte { return encode(t, e, workbooktest.CSV(long())) }
	}
	for name, test := range map[string]struct {
		file func() []byte
		most uint64
	}{
		"xlsx":         {func() []byte { return workbooktest.XLSX(workbooktest.Shared, workbooktest.Distinct(30_000)) }, 24 << 20},
		"xlsx, inline": {func() []byte { return workbooktest.XLSX(workbooktest.Inline, workbooktest.Distinct(15_000)) }, 2 << 20},
		"xlsx, long":   {func() []byte { return workbooktest.XLSX(workbooktest.Shared, long()) }, 24 << 20},
		"xls":          {func() []byte { return workbooktest.XLS(long()) }, 24 << 20},
		"xls, numbers": {func() []byte { return workbooktest.XLS(workbooktest.Split(workbooktest.Ledger(60_000), 60_000)...) }, 6 << 20},
		"csv":          {csv(encoding.Nop), 1 << 20},
		"csv gb":       {csv(simplifiedchinese.GB18030), 1 << 20},
		"csv utf-16":   {csv(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)), 1 << 20},
	} {
		t.Run(name, func(t *testing.T) {
			file := onDisk(t, test.file)
			before, during := alive(), uint64(0)
			book, err := OpenFile(file, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			rows := 0
			if err := book.Rows(0, func(*reporting.Row) error { rows++; return nil }); err != nil {
				t.Fatal(err)
			}
			err = book.Rows(0, func(*reporting.Row) error {
				if rows--; rows == 0 {
					during = alive()
				}
				return nil
			})
			if err != nil || rows != 0 {
				t.Fatalf("%d rows fewer when read again, %v", rows, err)
			}
			if during > before+test.most {
				t.Errorf("%d KB are alive for a file of %d KB, want at most %d", (during-before)>>10, file.Size()>>10, test.most>>10)
			}
			runtime.KeepAlive(book)
		})
	}
}

// TestWideMemory reads files that are one endless row: they are refused at the limit, and not once the row is in memory.
func TestWideMemory(t *testing.T) {
	const size = 60 << 20
	wide := func(begin, cell, end string) func() []byte {
		return func() []byte { return []byte(begin + strings.Repeat(cell, size/len(cell)) + end) }
	}
	packed := func(cell string) func() []byte {
		return func() []byte {
			return workbooktest.ODS("", `<table:table table:name="S"><table:table-row>`+strings.Repeat(cell, 100_000)+`</table:table-row></table:table>`)
		}
	}
	const number = `<table:table-cell office:value-type="float" office:value="1"/>`
	for name, test := range map[string]struct {
		file func() []byte
		cell string
	}{
		"csv":            {wide("", "a,", "a\n"), "IW1"},
		"csv, quoted":    {wide("甲,乙\n", "\"a\",", "a\n"), "IW2"},
		"csv, few":       {wide("甲,乙\n", strings.Repeat("a", 100_000)+",", "a\n"), "AP2"},
		"csv gb":         {func() []byte { return encode(t, simplifiedchinese.GB18030, wide("甲,乙\n", "乙,", "乙\n")()) }, "IW2"},
		"ods":            {packed(number), "IW1"},
		"ods, far":       {packed(`<table:table-cell table:number-columns-repeated="9000"/>` + number), "MHE1"},
		"ods, repeating": {packed(strings.Replace(number, "/>", ` table:number-columns-repeated="16384"/>`, 1)), "IW1"},
	} {
		file := onDisk(t, test.file)
		before := allocated()
		_, err := readAllOf(file, Limits{})
		finding, _ := reporting.FindingOf(err)
		if took := (allocated() - before) >> 20; finding.Code != reporting.TooLarge || finding.Cell != test.cell || took > 24 {
			t.Errorf("%s: %v at %s after %d MB, want too_large at %s", name, err, finding.Cell, took, test.cell)
		}
	}
}

// allocated is all memory that was ever asked for.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// onDisk writes a file, of whose bytes nothing stays in memory.
func onDisk(t *testing.T, generate func() []byte) File {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, generate(), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	return io.NewSectionReader(file, 0, info.Size())
}

func encode(t *testing.T, e encoding.Encoding, text []byte) []byte {
	t.Helper()
	b, err := e.NewEncoder().Bytes(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestDiskFails reads files of which a piece cannot be read: the disk is at fault, and never the file, or the same cells come out
// as the piece was not needed.
func TestDiskFails(t *testing.T) {
	for name, data := range map[string][]byte{
		"xlsx":       workbooktest.XLSX(workbooktest.Shared, workbooktest.Ledger(300)),
		"ods":        workbooktest.ODS("", `<table:table table:name="S"><table:table-row><table:table-cell office:value-type="string"><text:p>甲</text:p></table:table-cell></table:table-row></table:table>`),
		"xls":        workbooktest.XLS(workbooktest.Ledger(300)),
		"xls, mixed": workbooktest.Compound("Workbook", workbooktest.Stream(workbooktest.Columns, workbooktest.Ledger(300))),
		"csv":        workbooktest.CSV(workbooktest.Ledger(300)),
		"csv gb":     encode(t, simplifiedchinese.GB18030, workbooktest.CSV(workbooktest.Ledger(300))),
		"csv utf-16": encode(t, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), workbooktest.CSV(workbooktest.Ledger(300))),
	} {
		want, err := readAll(data, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		for bad := 0; bad < len(data); bad += 1 + len(data)/500 {
			var got []*reporting.Sheet
			book, err := OpenFile(badDisk{bytes.NewReader(data), int64(bad)}, Limits{})
			for i := 0; err == nil && i < len(want); i++ {
				var sheet *reporting.Sheet
				sheet, err = book.Read(i)
				got = append(got, sheet)
			}
			_, blamed := reporting.FindingOf(err)
			if blamed || err != nil && reporting.CodeOf(err) != reporting.Unavailable || err == nil && !reflect.DeepEqual(got, want) {
				t.Fatalf("%s, byte %d of %d: %v", name, bad, len(data), err)
			}
		}
	}
}

// badDisk cannot read one byte.
type badDisk struct {
	*bytes.Reader
	bad int64
}

func (d badDisk) ReadAt(b []byte, at int64) (int, error) {
	if at <= d.bad && d.bad < at+int64(len(b)) {
		return 0, errors.New("bad sector")
	}
	return d.Reader.ReadAt(b, at)
}

// alive is the memory that is in use once nothing is left to collect.
func alive() uint64 {
	runtime.GC()
	runtime.GC() // what the first one finalized
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
