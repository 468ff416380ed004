package workbook

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"strings"
	"testing"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/workbooktest"
)

var mutations = flag.Int("mutations", 4000, "how many seeded mutations TestMutations tries in all")

// TestMutations damages sound files, and wants of each the same cells as before, or an error.
//
// An .xlsx has checksums, so there it is exactly that. An .xls has none: a bit that changes inside a number or a text changes
// that cell, and no reader can tell. There the oracle is that no sheet loses a cell; what was altered is counted.
//
// Run all of them with: go test -run TestMutations -count=1 ./pkg/workbook -args -mutations=100000
func TestMutations(t *testing.T) {
	small := []*reporting.Sheet{workbooktest.Form(), workbooktest.HiddenSheet()}
	files := []struct {
		name  string
		data  []byte
		exact bool
	}{
		{"xlsx shared", workbooktest.XLSX(workbooktest.Shared, small...), true},
		{"xlsx inline", workbooktest.XLSX(workbooktest.Inline, small...), true},
		{"xls", workbooktest.XLS(small...), false},
		{"xls with long texts", workbooktest.XLS(workbooktest.LongTexts()), false},
		{"xls, plain", workbooktest.Compound("Workbook", workbooktest.Stream(workbooktest.Plain, small...)), false},
		{"xls by columns", workbooktest.Compound("Workbook", workbooktest.Stream(workbooktest.Columns, small...)), false},
	}
	for n, file := range files {
		t.Run(file.name, func(t *testing.T) {
			t.Parallel()
			original, err := readAll(file.data, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			tally := map[string]int{}
			for seed := range *mutations / len(files) {
				damaged, what := mutate(rand.New(rand.NewPCG(uint64(seed), uint64(n))), file.data)
				outcome, why := judgeMutation(original, damaged, file.exact)
				tally[outcome]++
				if why != "" {
					t.Errorf("seed %d, %s: %s", seed, what, why)
				}
			}
			t.Logf("%d mutations: %v", *mutations/len(files), tally)
		})
	}
}

// mutate damages a copy of the file: flips bits, cuts the end, cuts a piece out, copies one over another, or zeroes one.
func mutate(r *rand.Rand, data []byte) ([]byte, string) {
	b := append([]byte{}, data...)
	at := r.IntN(len(b))
	n := 1 + r.IntN(min(64, len(b)-at))
	switch r.IntN(6) {
	case 0:
		bit := r.IntN(8)
		b[at] ^= 1 << bit
		return b, fmt.Sprintf("flip bit %d of byte %d", bit, at)
	case 1:
		b[at] = byte(r.IntN(256))
		return b, fmt.Sprintf("set byte %d", at)
	case 2:
		return b[:at], fmt.Sprintf("cut at %d", at)
	case 3:
		return append(b[:at], b[at+n:]...), fmt.Sprintf("delete %d bytes at %d", n, at)
	case 4:
		from := r.IntN(len(b) - n + 1)
		copy(b[at:], data[from:from+n])
		return b, fmt.Sprintf("splice %d bytes from %d to %d", n, from, at)
	}
	clear(b[at : at+n])
	return b, fmt.Sprintf("zero %d bytes at %d", n, at)
}

// judgeMutation reads the damaged file and says what came of it, and what is wrong with that.
func judgeMutation(original []*reporting.Sheet, damaged []byte, exact bool) (outcome, why string) {
	defer func() {
		if r := recover(); r != nil {
			outcome, why = "panic", fmt.Sprintf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	sheets, emptied, err := readCounting(damaged)
	if err != nil {
		return judgeError(err)
	}
	if len(sheets) < len(original) {
		return "short", fmt.Sprintf("%d sheets instead of %d", len(sheets), len(original))
	}
	changed := false
	for i, want := range original {
		if exact && workbooktest.Print(sheets[i]) != workbooktest.Print(want) {
			return "wrong", "the sheet differs:\n" + workbooktest.Print(sheets[i])
		}
		if got, had := countCells(sheets[i]), countCells(want); got+emptied < had {
			return "short", fmt.Sprintf("%d cells instead of %d", got, had)
		}
		changed = changed || workbooktest.Print(sheets[i]) != workbooktest.Print(want)
	}
	if changed {
		return "altered", ""
	}
	return "same", ""
}

// readCounting is readAll that also counts the cells of an .xls whose text is empty: a text that has become empty is altered,
// not lost, although no cell is handed on.
func readCounting(data []byte) (sheets []*reporting.Sheet, emptied int, err error) {
	book, err := Open(data, Limits{})
	if err != nil {
		return nil, 0, err
	}
	for i := range book.Sheets() {
		sheet, err := book.Read(i)
		if err != nil {
			return nil, 0, err
		}
		sheets = append(sheets, sheet)
	}
	if x, ok := book.source.(xls); ok {
		emptied = x.book.Emptied
	}
	return sheets, emptied, nil
}

// judgeError wants every error to be a FileError, and none to come from a panic.
func judgeError(err error) (outcome, why string) {
	finding, ok := reporting.FindingOf(err)
	if !ok {
		return "error", fmt.Sprintf("not a FileError: %v", err)
	}
	if finding.Message == "" || finding.MessageEN == "" {
		return "error", "no reason for the clerk"
	}
	if strings.Contains(err.Error(), "panic:") {
		return "panic", err.Error()
	}
	return "error", ""
}

func countCells(s *reporting.Sheet) (n int) {
	for _, row := range s.Rows {
		n += len(row.Cells)
	}
	return n
}
