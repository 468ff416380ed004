package workbook

import (
	"runtime"
	"strings"
	"testing"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/fixture"
)

// TestRowsMemory reads files with far more text than may stay in memory, and weighs what is alive beside the file while the
// last rows come by.
func TestRowsMemory(t *testing.T) {
	const rows, most = 4000, 24 << 20
	distinct := fixture.Distinct(rows) // with long texts: 30 MB
	for _, row := range distinct.Rows {
		for i := range row.Cells {
			row.Cells[i].Text = strings.Repeat(row.Cells[i].Text, 18)
		}
	}
	for name, data := range map[string][]byte{
		"xlsx": fixture.XLSX(fixture.Shared, distinct),
		"xls":  fixture.XLS(distinct),
	} {
		t.Run(name, func(t *testing.T) {
			before, during := alive(), uint64(0)
			book := mustOpen(t, data)
			err := book.Rows(0, func(row *reporting.Row) error {
				if row.Index == rows-1 {
					during = alive()
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if during > before+most {
				t.Errorf("%d MB are alive beside the file, want at most %d", (during-before)>>20, most>>20)
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
