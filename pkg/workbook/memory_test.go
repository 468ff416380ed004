package workbook

import (
	"runtime"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/fixture"
)

// TestRowsMemory reads files with far more text than may stay in memory, and weighs what is alive beside the file while the
// last rows come by.
func TestRowsMemory(t *testing.T) {
	const rows = 4000
	distinct := fixture.Distinct(rows) // with long texts: 30 MB
	for _, row := range distinct.Rows {
		for i := range row.Cells {
			row.Cells[i].Text = strings.Repeat(row.Cells[i].Text, 18)
		}
	}
	gb18030, err := simplifiedchinese.GB18030.NewEncoder().Bytes(fixture.CSV(distinct))
	if err != nil {
		t.Fatal(err)
	}
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes(fixture.CSV(distinct))
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		data []byte
		most uint64
	}{
		"xlsx":       {fixture.XLSX(fixture.Shared, distinct), 24 << 20},
		"xls":        {fixture.XLS(distinct), 24 << 20},
		"csv":        {fixture.CSV(distinct), 1 << 20},
		"csv gb":     {gb18030, 1 << 20},
		"csv utf-16": {utf16, 1 << 20},
	} {
		t.Run(name, func(t *testing.T) {
			before, during := alive(), uint64(0)
			book := mustOpen(t, test.data)
			err := book.Rows(0, func(row *reporting.Row) error {
				if row.Index == rows-1 {
					during = alive()
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if during > before+test.most {
				t.Errorf("%d MB are alive beside the file, want at most %d", (during-before)>>20, test.most>>20)
			}
			runtime.KeepAlive(book)
		})
	}
}

// alive is the memory that is in use once nothing is left to collect.
func alive() uint64 {
	runtime.GC()
	runtime.GC() // what the first one finalized
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
