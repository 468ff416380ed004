package workbook

import (
	"archive/zip"
	"bytes"
	"io"
	"testing"

	"github.com/klauspost/compress/flate"
	"github.com/xuri/excelize/v2"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/fixture"
)

// benchRows × 10 cells is the size of the largest ledger that a city keeps.
const benchRows = 200_000

// BenchmarkRows reads generated files of 2 million cells row by row.
func BenchmarkRows(b *testing.B) {
	ledger := fixture.Ledger(benchRows)
	for _, file := range []struct {
		name string
		data []byte
	}{
		{"xlsx-shared", fixture.XLSX(fixture.Shared, ledger)},
		{"xlsx-inline", fixture.XLSX(fixture.Inline, ledger)},
		{"xls", fixture.XLS(split(ledger)...)},
		{"csv", fixture.CSV(ledger)},
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

// split cuts a sheet into sheets of 50,000 rows, as .xls has room for 65,536.
func split(s *reporting.Sheet) (parts []*reporting.Sheet) {
	const rows = 50_000
	for first := 0; first < len(s.Rows); first += rows {
		part := &reporting.Sheet{Name: s.Name + string(rune('A'+first/rows))}
		for _, row := range s.Rows[first:min(first+rows, len(s.Rows))] {
			moved := reporting.Row{Index: row.Index - int32(first)}
			for _, c := range row.Cells {
				c.Row = moved.Index
				moved.Cells = append(moved.Cells, c)
			}
			part.Rows = append(part.Rows, moved)
		}
		parts = append(parts, part)
	}
	return parts
}

// BenchmarkInflate only inflates the parts that a reader must read, which is the bound for any reader.
func BenchmarkInflate(b *testing.B) {
	ledger := fixture.Ledger(benchRows)
	for name, where := range map[string]fixture.Strings{"xlsx-shared": fixture.Shared, "xlsx-inline": fixture.Inline} {
		data := fixture.XLSX(where, ledger)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				inflate(b, data)
			}
		})
	}
}

func inflate(b *testing.B, data []byte) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		b.Fatal(err)
	}
	for _, f := range archive.File {
		at, err := f.DataOffset()
		if err != nil {
			b.Fatal(err)
		}
		r := flate.NewReader(bytes.NewReader(data[at : at+int64(f.CompressedSize64)]))
		if _, err := io.Copy(io.Discard, r); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkExcelize reads the same files with the library that most Go programs use, row by row.
func BenchmarkExcelize(b *testing.B) {
	ledger := fixture.Ledger(benchRows)
	for name, where := range map[string]fixture.Strings{"xlsx-shared": fixture.Shared, "xlsx-inline": fixture.Inline} {
		data := fixture.XLSX(where, ledger)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f, err := excelize.OpenReader(bytes.NewReader(data))
				if err != nil {
					b.Fatal(err)
				}
				rows, err := f.Rows("台账")
				if err != nil {
					b.Fatal(err)
				}
				for rows.Next() {
					if _, err := rows.Columns(excelize.Options{RawCellValue: true}); err != nil {
						b.Fatal(err)
					}
				}
				if err := rows.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
