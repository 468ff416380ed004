package workbook

import (
	"bytes"
	"encoding/binary"
	"testing"

	"huizong/pkg/workbook/internal/fixture"
)

// TestXLSRefuses changes records of a sound stream. Each must be an error that names its cause, and never fewer cells.
func TestXLSRefuses(t *testing.T) {
	sound := fixture.Stream(fixture.Table("S", "甲 | 1 | 2.5\n乙 | =3 | TRUE"), fixture.Table("T", "x"))
	find := func(b []byte, id uint16, nth int) int {
		for at := 0; at+4 <= len(b); at += 4 + int(binary.LittleEndian.Uint16(b[at+2:])) {
			if binary.LittleEndian.Uint16(b[at:]) == id {
				if nth--; nth < 0 {
					return at
				}
			}
		}
		t.Fatalf("no record %#04x", id)
		return 0
	}
	const sheet, labelSST, rk, formula, sst, row, boundSheet, eof = 0x0809, 0x00FD, 0x027E, 0x0006, 0x00FC, 0x0208, 0x0085, 0x000A
	for name, test := range map[string]struct {
		change func(b []byte) []byte
		cause  string
	}{
		"string index":             {func(b []byte) []byte { b[find(b, labelSST, 0)+10] = 9; return b }, "there are 3"},
		"rows backwards":           {func(b []byte) []byte { b[find(b, labelSST, 0)+4] = 7; return b }, "out of order"},
		"columns backwards":        {func(b []byte) []byte { b[find(b, rk, 0)+6] = 0; return b }, "out of order"},
		"style index":              {func(b []byte) []byte { b[find(b, rk, 0)+8] = 9; return b }, "style 9"},
		"id a bit away":            {func(b []byte) []byte { b[find(b, labelSST, 1)] ^= 0x10; return b }, "among the cells"},
		"id of the global part":    {func(b []byte) []byte { b[find(b, labelSST, 1)] ^= 0x01; return b }, "among the cells"},
		"unknown id":               {func(b []byte) []byte { b[find(b, rk, 0)+1] = 0x33; return b }, "among the cells"},
		"a record swallows others": {func(b []byte) []byte { b[find(b, formula, 0)+2] += 12; return b }, "bytes"},
		"length":                   {func(b []byte) []byte { b[find(b, rk, 0)+2]--; return b }, "instead of 10"},
		"no number":                {func(b []byte) []byte { copy(b[find(b, 0x0203, 0)+10:], "\x00\x00\x00\x00\x00\x00\xF8\x7F"); return b }, "no number"},
		"more strings than said":   {func(b []byte) []byte { b[find(b, sst, 0)+8]--; return b }, "more text"},
		"fewer strings than said":  {func(b []byte) []byte { b[find(b, sst, 0)+8]++; return b }, "broken"},
		"end too early":            {func(b []byte) []byte { copy(b[find(b, row, 1):], "\x0A\x00\x00\x00"); return b }, "more records follow"},
		"sheet not in the list":    {func(b []byte) []byte { b[find(b, boundSheet, 1)] = 0x86; return b }, "more records follow"},
		"two entries for a sheet": {func(b []byte) []byte {
			copy(b[find(b, boundSheet, 1)+4:][:4], b[find(b, boundSheet, 0)+4:])
			return b
		}, "same place"},
		"offset of a sheet": {func(b []byte) []byte { b[find(b, boundSheet, 0)+4]++; return b }, ""},
		"cut short":         {func(b []byte) []byte { return b[:find(b, eof, 2)] }, "end record is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readAll(test.change(bytes.Clone(sound)), Limits{})
			checkDamaged(t, err, "", test.cause)
		})
	}
}

// TestCompoundRefuses changes the container.
func TestCompoundRefuses(t *testing.T) {
	sound := fixture.XLS(fixture.Ledger(100))
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
			_, err := readAll(change(bytes.Clone(sound)), Limits{})
			checkDamaged(t, err, "", "")
		})
	}
}
