package cfb_test

import (
	"bytes"
	"testing"

	"huizong/pkg/workbook/internal/cfb"
	"huizong/pkg/workbook/internal/limits"
	"huizong/pkg/workbook/internal/workbooktest"
)

func stream(data []byte, name string) ([]byte, error) {
	file, err := cfb.Open(workbooktest.Input(data), limits.Default())
	if err != nil {
		return nil, err
	}
	s, err := file.Stream(name)
	if err != nil {
		return nil, err
	}
	b := make([]byte, s.Size())
	return b, s.Read(b, 0)
}

// TestRefuses changes the container.
func TestRefuses(t *testing.T) {
	sound := workbooktest.XLS(workbooktest.Ledger(100))
	table := len(sound) - 512 // the allocation table is the last sector
	for name, change := range map[string]func(b []byte) []byte{
		"byte order":       func(b []byte) []byte { b[28] = 0; return b },
		"sector size":      func(b []byte) []byte { b[30] = 12; return b },
		"a chain in rings": func(b []byte) []byte { copy(b[table+4:], "\x00\x00\x00\x00"); return b },
		"a chain cut":      func(b []byte) []byte { copy(b[table+4:], "\xFE\xFF\xFF\xFF"); return b },
		"a chain out":      func(b []byte) []byte { copy(b[table+4:], "\xFF\xFF\x00\x00"); return b },
		"many tables":      func(b []byte) []byte { copy(b[44:], "\xFF\xFF\xFF\x7F"); return b },
		"a huge stream":    func(b []byte) []byte { copy(b[table-512+128+120:], "\xFF\xFF\xFF\x7F"); return b },
		"cut short":        func(b []byte) []byte { return b[:len(b)/2] },
		"only a header":    func(b []byte) []byte { return b[:512] },
		"half a header":    func(b []byte) []byte { return b[:100] },
	} {
		t.Run(name, func(t *testing.T) {
			_, err := stream(change(bytes.Clone(sound)), "Workbook")
			workbooktest.CheckDamaged(t, err, "", "")
		})
	}
}
