package clickhouse_test

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"huizong/pkg/clickhouse"
	"huizong/pkg/match"
	"huizong/pkg/normalize"
	"huizong/pkg/reporting"
	"huizong/pkg/sample"
	"huizong/pkg/validate"
	"huizong/pkg/workbook"
	"huizong/schemas"
)

var (
	wildRuns = flag.Int("wild", 3, "sheets of wild numbers of each form")
	wildSeed = flag.Uint64("wild-seed", 1, "seed of the wild numbers")
)

// TestWildNumbers: whatever stands in the cells of a sheet, of each of the seventeen forms, what is read of it is checked, stored and read back.
func TestWildNumbers(t *testing.T) {
	c, err := schemas.Load(schemas.FS())
	if err != nil {
		t.Fatal(err)
	}
	kit, err := sample.Generate(sample.Config{Seed: 9, Months: 6})
	if err != nil {
		t.Fatal(err)
	}
	reader := normalize.NewReader(c, []byte("a secret of thirty-two bytes, yes"))
	checker, err := validate.New(c)
	if err != nil {
		t.Fatal(err)
	}
	s, _ := newStore(t)
	domain := func(code string) reporting.Domain { return c.Indicator(code).Domain }
	random := rand.New(rand.NewPCG(*wildSeed, 0))
	values, bounded := map[string]int{}, map[string]int{}
	for n, f := range wildFiles(kit, c) {
		for range *wildRuns {
			layout, _ := match.New(c.Forms).Find(wildSheets(t, random, f), match.Expected{Form: f.Form, Period: f.Period})
			if layout == nil {
				continue // the header is wild
			}
			table, reading, findings := reader.Read(layout, f.Org, f.Period)
			findings = append(findings, checker.Check(table, validate.History{})...)
			e := clickhouse.Entry{Attempt: clickhouse.NewAttempt(), Slot: layout.Form.Slot(f.Period), Reading: reading, Decision: reporting.Decision{
				Submission: id(n), Outcome: reporting.Accepted, Form: layout.Form.ID, Org: f.Org, Period: f.Period, ReceivedAt: receipt(1), Findings: findings,
				Observations: len(reading.Observations)}}
			for _, step := range []func() error{
				func() error { return s.Insert(t.Context(), []clickhouse.Entry{e}, domain) },
				func() error { return s.ReadBack(t.Context(), []clickhouse.Entry{e}) },
				func() error { return s.Commit(t.Context(), []clickhouse.Entry{e}) },
			} {
				if err := step(); err != nil {
					t.Fatalf("%s of %s, seed %d: %v", layout.Form.ID, f.Org, *wildSeed, err)
				}
			}
			values[layout.Form.ID] += len(reading.Observations) + len(reading.Targets) + len(reading.Baselines) + len(reading.Narratives) + len(reading.Rows)
			for _, f := range findings {
				if f.Code == reporting.OutOfBounds {
					bounded[layout.Form.ID]++
				}
			}
		}
	}
	for _, f := range c.Forms {
		if values[f.ID] == 0 {
			t.Errorf("nothing of form %s was stored", f.ID)
		}
	}
	if len(bounded) < 12 {
		t.Errorf("numbers were out of bounds in %d forms only: %v", len(bounded), bounded)
	}
}

// wildFiles is one sheet of each form that is read without an error.
func wildFiles(kit *sample.Kit, c *reporting.Catalogue) map[int]sample.File {
	files, known := map[int]sample.File{}, map[string]bool{}
	for i, f := range kit.Files {
		if f.Expect == reporting.Accepted && !known[f.Form] && c.Form(f.Form) != nil {
			files[i+1], known[f.Form] = f, true
		}
	}
	return files
}

// wildSheets are the sheets of the file with some of its numbers, days and texts replaced.
func wildSheets(t *testing.T, random *rand.Rand, f sample.File) []*reporting.Sheet {
	t.Helper()
	book, err := workbook.OpenFile(bytes.NewReader(f.Bytes), workbook.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	var sheets []*reporting.Sheet
	for i := range book.Sheets() {
		sheet, err := book.Read(i)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range sheet.Rows {
			for k := range row.Cells {
				cell := &row.Cells[k]
				number := cell.Kind == reporting.NumberCell || cell.Text != "" && strings.Trim(cell.Text, "0123456789.,-") == ""
				if number && random.IntN(4) == 0 || row.Index > 4 && random.IntN(40) == 0 {
					cell.Text, cell.Kind, cell.Date = wild(random), []reporting.CellKind{reporting.NumberCell, reporting.TextCell}[random.IntN(2)], random.IntN(20) == 0
				}
			}
		}
		sheets = append(sheets, sheet)
	}
	return sheets
}

// wild is something that may stand in a cell.
func wild(random *rand.Rand) string {
	digits := func(n int) string {
		text := make([]byte, n)
		for i := range text {
			text[i] = byte('0' + random.IntN(10))
		}
		return "1" + string(text)
	}
	odd := []string{"95.65217391304348", "0.30000000000000004", "-0.0000000000000001", "1E+400", "1E-400", "1.7976931348623157E+308", "5E-324", "NaN", "Infinity",
		"349981199001010011", "349981199001010011", "13800138000", "-999999999999", "4294967296", "999999999", "1000000000", "9999999999999.99", "1E+13", "1E+19", "3.5E+17",
		"2958465", "-1", "0", "60", "1900-01-00", "9999-12-31", "1753-01-01", "2201-01", "0001年1月", "1,234,567,890,123,456", "１２３４５６７８９０１２３４５６７８９０１２",
		"999亿", "1234567890万元", "100%", "1E5%", strings.Repeat("字", 40_000), "(12.345678901234567)"}
	switch random.IntN(4) {
	case 0:
		return digits(random.IntN(45))
	case 1:
		return fmt.Sprintf("%s%d.%s", []string{"", "-"}[random.IntN(2)], random.IntN(1_000_000), digits(random.IntN(30)))
	case 2:
		return fmt.Sprintf("%d.%dE%+d", random.IntN(10), random.IntN(1_000_000_000), random.IntN(700)-350)
	}
	return odd[random.IntN(len(odd))]
}
