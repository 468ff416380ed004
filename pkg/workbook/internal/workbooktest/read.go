package workbooktest

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/arena"
	"huizong/pkg/workbook/internal/formula"
	"huizong/pkg/workbook/internal/input"
)

// Input is bytes in memory as a reader's file.
func Input(data []byte) input.File { return input.New(bytes.NewReader(data), int64(len(data))) }

// Scanner is an opened workbook of any format.
type Scanner interface {
	Scan(i int, texts *arena.Texts, visit func(*reporting.Row) error) (*reporting.Sheet, error)
}

// Read returns the whole of sheet i, with its formulas evaluated.
func Read(book Scanner, i int) (*reporting.Sheet, error) {
	var texts arena.Texts
	var rows []reporting.Row
	sheet, err := book.Scan(i, &texts, func(row *reporting.Row) error {
		kept := *row
		kept.Cells = append([]reporting.Cell(nil), row.Cells...)
		rows = append(rows, kept)
		return nil
	})
	if err != nil {
		return nil, err
	}
	sheet.Rows = rows
	formula.Evaluate(sheet)
	return sheet, nil
}

// ReadAll returns the first n sheets of it.
func ReadAll(book Scanner, n int) (sheets []*reporting.Sheet, err error) {
	for i := range n {
		sheet, err := Read(book, i)
		if err != nil {
			return nil, err
		}
		sheets = append(sheets, sheet)
	}
	return sheets, nil
}

// CheckDamaged wants an unreadable file whose part and cause contain the words.
func CheckDamaged(t testing.TB, err error, part, cause string) {
	t.Helper()
	var e *reporting.FileError
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want a FileError", err)
	}
	if e.Code != reporting.UnreadableFile || !strings.Contains(e.Part, part) || !strings.Contains(e.Error(), cause) {
		t.Errorf("got %v, want it to name %q and %q", e, part, cause)
	}
	if e.Reason.ZH == "" || e.Reason.EN == "" {
		t.Errorf("no reason for the clerk: %+v", e)
	}
}
