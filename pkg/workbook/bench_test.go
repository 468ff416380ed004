package workbook

import (
	"testing"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/workbooktest"
)

// benchRows × 10 cells is the size of the largest ledger that a city keeps.
const benchRows = 200_000

// BenchmarkRows reads generated files of 2 million cells row by row. The comparison with other readers is in ./benchmark.
func BenchmarkRows(b *testing.B) {
	ledger := workbooktest.Ledger(benchRows)
	for _, file := range []struct {
		name string
		data []byte
	}{
		{"xlsx-shared", workbooktest.XLSX(workbooktest.Shared, ledger)},
		{"xlsx-inline", workbooktest.XLSX(workbooktest.Inline, ledger)},
		{"xls", workbooktest.XLS(workbooktest.Split(ledger, 50_000)...)},
		{"csv", workbooktest.CSV(ledger)},
	} {
		b.Run(file.name, func(b *testing.B) { benchmarkRows(b, file.data) })
	}
}

func benchmarkRows(b *testing.B, data []byte) {
	b.ReportAllocs()
	cells := 0
	for b.Loop() {
		cells = 0
		book, err := Open(data, Limits{})
		if err != nil {
			b.Fatal(err)
		}
		for i := range book.Sheets() {
			if err := book.Rows(i, func(row *reporting.Row) error { cells += len(row.Cells); return nil }); err != nil {
				b.Fatal(err)
			}
		}
	}
	if cells != benchRows*10 {
		b.Fatalf("%d cells", cells)
	}
	b.ReportMetric(float64(cells)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mcells/s")
}
