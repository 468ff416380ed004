package biff_test

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/biff"
	"huizong/pkg/workbook/internal/limits"
	"huizong/pkg/workbook/internal/workbooktest"
)

func readAll(stream []byte) ([]*reporting.Sheet, error) {
	book, err := biff.Open(workbooktest.Input(stream), limits.Default())
	if err != nil {
		return nil, err
	}
	return workbooktest.ReadAll(book, len(book.Sheets))
}

func checkSheets(t *testing.T, got []*reporting.Sheet, err error, want ...*reporting.Sheet) {
	t.Helper()
	if err != nil || len(got) != len(want) {
		t.Fatalf("%d sheets, %v; want %d", len(got), err, len(want))
	}
	for i := range want {
		if g, w := workbooktest.Print(got[i]), workbooktest.Print(want[i]); g != w {
			t.Errorf("got\n%s\nwant\n%s", g, w)
		}
	}
}

// TestLayouts reads what is written in the orders that programs have.
func TestLayouts(t *testing.T) {
	for _, layout := range []workbooktest.Layout{workbooktest.Blocks, workbooktest.Plain, workbooktest.Columns} {
		sheets := []*reporting.Sheet{workbooktest.Form(), workbooktest.HiddenSheet(), workbooktest.LongTexts()}
		if layout == workbooktest.Columns { // it has no records of rows, which are what is hidden
			sheets[0].Rows[4].Hidden = false
		}
		got, err := readAll(workbooktest.Stream(layout, sheets...))
		checkSheets(t, got, err, sheets...)
	}
}

// TestRefuses changes records of a sound stream. Each must be an error that names its cause, and never fewer cells.
func TestRefuses(t *testing.T) {
	sound := workbooktest.Stream(workbooktest.Blocks, workbooktest.Table("S", "甲 | 1 | 2.5\n乙 | =3 | TRUE"), workbooktest.Table("T", "x"))
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
		"rows backwards":           {func(b []byte) []byte { b[find(b, labelSST, 0)+4] = 7; return b }, "without a record"},
		"columns backwards":        {func(b []byte) []byte { b[find(b, rk, 0)+6] = 0; return b }, "out of order"},
		"style index":              {func(b []byte) []byte { b[find(b, rk, 0)+8] = 9; return b }, "style 9"},
		"id a bit away":            {func(b []byte) []byte { b[find(b, labelSST, 1)] ^= 0x10; return b }, "among the cells"},
		"id of the global part":    {func(b []byte) []byte { b[find(b, labelSST, 1)] ^= 0x01; return b }, "among the cells"},
		"unknown id":               {func(b []byte) []byte { b[find(b, rk, 0)+1] = 0x33; return b }, "among the cells"},
		"a record swallows others": {func(b []byte) []byte { b[find(b, formula, 0)+2] += 12; return b }, "bytes"},
		"length":                   {func(b []byte) []byte { b[find(b, rk, 0)+2]--; return b }, "instead of 10"},
		"more strings than said":   {func(b []byte) []byte { b[find(b, sst, 0)+8]--; return b }, "more text"},
		"end too early":            {func(b []byte) []byte { copy(b[find(b, row, 1):], "\x0A\x00\x00\x00"); return b }, "more records follow"},
		"sheet not in the list":    {func(b []byte) []byte { b[find(b, boundSheet, 1)] = 0x86; return b }, "more records follow"},
		"two entries for a sheet": {func(b []byte) []byte {
			copy(b[find(b, boundSheet, 1)+4:][:4], b[find(b, boundSheet, 0)+4:])
			return b
		}, "same place"},
		"offset of a sheet":               {func(b []byte) []byte { b[find(b, boundSheet, 0)+4]++; return b }, ""},
		"two cells of one place":          {func(b []byte) []byte { b[find(b, labelSST, 1)+4] = 0; return b }, "out of order"},
		"cell outside its row":            {func(b []byte) []byte { b[find(b, 0x0205, 0)+6] = 9; return b }, "outside the columns"},
		"a cell ends the block":           {func(b []byte) []byte { b[find(b, labelSST, 0)] = 0xD7; return b }, "does not begin 0 bytes back"},
		"no row at the block's beginning": {func(b []byte) []byte { b[find(b, 0x00D7, 0)+4]++; return b }, "does not begin"},
		"row out of order":                {func(b []byte) []byte { b[find(b, row, 1)+4] = 0; return b }, "stands after"},
		"reserved bits of a row":          {func(b []byte) []byte { b[find(b, row, 0)+17] |= 0x80; return b }, "is broken"},
		"reserved bits of a text":         {func(b []byte) []byte { b[find(b, sst, 0)+14] |= 0x80; return b }, "is broken"},
		"no such character":               {func(b []byte) []byte { copy(b[find(b, sst, 0)+15:], "\xFF\xFF"); return b }, "is broken"},
		"a control character":             {func(b []byte) []byte { copy(b[find(b, sst, 0)+15:], "\x01\x00"); return b }, "is broken"},
		"boolean":                         {func(b []byte) []byte { b[find(b, 0x0205, 0)+10] = 3; return b }, "neither"},
		"flags of a formula":              {func(b []byte) []byte { b[find(b, formula, 0)+18] = 0x80; return b }, "flags"},
		"format of a style":               {func(b []byte) []byte { b[find(b, 0x00E0, 1)+6] = 163; return b }, "format 163"},
		"date system":                     {func(b []byte) []byte { b[find(b, 0x0022, 0)+4] = 2; return b }, "date system"},
		"name of a sheet":                 {func(b []byte) []byte { b[find(b, boundSheet, 0)+12] = '*'; return b }, "name"},
		"sheets of one name":              {func(b []byte) []byte { b[find(b, boundSheet, 1)+12] = 'S'; return b }, "name"},
		"length of a name":                {func(b []byte) []byte { b[find(b, boundSheet, 0)+10] = 0; return b }, "broken"},
		"cut short":                       {func(b []byte) []byte { return b[:find(b, eof, 2)] }, "end record is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readAll(test.change(bytes.Clone(sound)))
			workbooktest.CheckDamaged(t, err, "", test.cause)
		})
	}
}

// TestReadsOn: bytes that no value hangs on refuse nothing, as in the programs that people have.
func TestReadsOn(t *testing.T) {
	sound := workbooktest.Stream(workbooktest.Blocks, workbooktest.Table("S", "1.23456789 | 2"))
	number := bytes.Index(sound, []byte("\x03\x02\x0e\x00"))
	if number < 0 {
		t.Fatal("no number in the stream")
	}
	sheets, err := readAll(append(bytes.Clone(sound), "\x1d\x00\x02\x00\x01\x01"...))
	if err != nil || len(sheets[0].Rows) == 0 {
		t.Errorf("leftovers after the end: %v", err)
	} else if len(sheets[0].Noted) != 1 {
		t.Errorf("leftovers after the end are said %d times", len(sheets[0].Noted))
	}
	if sheets, err = readAll(sound); err != nil || len(sheets[0].Noted) != 0 {
		t.Errorf("of a sound sheet is said %+v, %v", sheets[0].Noted, err)
	}
	noNumber := bytes.Clone(sound)
	copy(noNumber[number+10:], "\x00\x00\x00\x00\x00\x00\xF8\x7F")
	if sheets, err = readAll(noNumber); err != nil {
		t.Fatal(err)
	}
	if got := workbooktest.Print(sheets[0]); !strings.Contains(got, "#NUM!") {
		t.Errorf("what is no number reads as\n%s", got)
	}
}

// TestLinks refuses a value that a running program gives, and no other link.
func TestLinks(t *testing.T) {
	stream := workbooktest.Stream(workbooktest.Blocks, workbooktest.Table("S", "1"))
	record := func(id uint16, data string) []byte {
		head := binary.LittleEndian.AppendUint16(nil, id)
		return append(binary.LittleEndian.AppendUint16(head, uint16(len(data))), data...)
	}
	const supBook, externSheet, externName = 0x01AE, 0x0017, 0x0023
	const item = "\x02\x00\x00\x00\x00\x00\x02\x00R1"
	for name, test := range map[string]struct {
		book, item string
		refused    bool
	}{
		"program":          {"\x00\x00\x0C\x00\x00cmd\x03/c calc ", item, true},
		"program, wide":    {"\x00\x00\x03\x00\x01甲\x00\x03\x00乙", item, true},
		"object":           {"\x00\x00\x0C\x00\x00Word\x03C:\\a.doc", "\x10" + item[1:], false},
		"workbook":         {"\x01\x00\x09\x00\x00\x01\x01Ca\x03b.xls\x01\x00\x00S", item, false},
		"add-in":           {"\x01\x00\x01\x3A", item, false},
		"the workbook":     {"\x01\x00\x01\x04", item, false},
		"nothing after it": {"\x00\x00\x0C\x00\x00cmd\x03/c calc ", "", false},
	} {
		links := record(supBook, test.book)
		if test.item != "" {
			links = append(links, record(externName, test.item)...)
		}
		links = append(links, record(externSheet, "\x00\x00")...)
		sound := bytes.Clone(stream)
		at := bytes.Index(sound, []byte("\x85\x00"))
		first := sound[at+4:]
		binary.LittleEndian.PutUint32(first, binary.LittleEndian.Uint32(first)+uint32(len(links)))
		_, err := readAll(slices.Insert(sound, at, links...))
		if finding, _ := reporting.FindingOf(err); (err != nil) != test.refused || test.refused && !strings.Contains(finding.MessageEN, "(DDE)") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestOrder reads what a program wrote in its own order, and refuses what one changed place would explain.
func TestOrder(t *testing.T) {
	want := workbooktest.Table("S", "甲 | 1 | 2.5 | =3\n乙 | TRUE | x | 7\n丙 | 1.5 | y | ")
	read := func(change func(b []byte) []byte) (*reporting.Sheet, error) {
		sheets, err := readAll(change(workbooktest.Stream(workbooktest.Columns, want)))
		if err != nil {
			return nil, err
		}
		return sheets[0], nil
	}
	got, err := read(func(b []byte) []byte { return b })
	if err != nil || workbooktest.Print(got) != workbooktest.Print(want) {
		t.Errorf("by columns: %v\n%s", err, workbooktest.Print(got))
	}
	blank := []byte("\x01\x02\x06\x00\x01\x00\x01\x00\x00\x00") // at B2
	got, err = read(func(b []byte) []byte {
		i := bytes.Index(b, []byte("\x05\x02\x08\x00"))
		return slices.Insert(b, i, blank...)
	})
	if err != nil || workbooktest.Print(got) != workbooktest.Print(want) {
		t.Errorf("with a blank cell below another: %v\n%s", err, workbooktest.Print(got))
	}
	_, err = read(func(b []byte) []byte {
		i := bytes.LastIndex(b, []byte("\xFD\x00\x0A\x00")) // the cell C3
		b[i+4] = 1
		return b
	})
	workbooktest.CheckDamaged(t, err, "", "out of order") // a second C2

	_, err = read(func(b []byte) []byte { b[bytes.Index(b, []byte("\x05\x02\x08\x00"))] ^= 2; return b }) // TRUE becomes a text
	workbooktest.CheckDamaged(t, err, "", "without its formula")

	_, err = read(func(b []byte) []byte { b[bytes.Index(b, []byte("\xFD\x00\x0A\x00"))] = 0x7E; return b }) // the first cell
	workbooktest.CheckDamaged(t, err, "", "before the first cell")

	_, err = readAll(workbooktest.Stream(workbooktest.Columns, workbooktest.Table("S", "1\n | 2\n3")))
	workbooktest.CheckDamaged(t, err, "", "out of order") // 1, 3, 2: it may be the 3 that has moved
}

// TestLocked opens what Excel opens unasked, and no more.
func TestLocked(t *testing.T) {
	stream := workbooktest.Stream(workbooktest.Blocks, workbooktest.Form(), workbooktest.LongTexts())
	got, err := readAll(workbooktest.Locked(stream, "VelvetSweatshop"))
	checkSheets(t, got, err, workbooktest.Form(), workbooktest.LongTexts())
	_, err = readAll(workbooktest.Locked(stream, "a secret"))
	if finding, ok := reporting.FindingOf(err); !ok || finding.Code != reporting.EncryptedFile {
		t.Errorf("with a password of its own: %v", err)
	}
}

// TestMerges refuses ranges that overlap, as Excel does.
func TestMerges(t *testing.T) {
	sheet := workbooktest.Table("S", "a | b | c")
	sheet.Merges = []reporting.Range{{LastCol: 1}, {FirstCol: 2, LastCol: 2, LastRow: 3}}
	if _, err := readAll(workbooktest.Stream(workbooktest.Blocks, sheet)); err != nil {
		t.Fatal(err)
	}
	sheet.Merges[1].FirstCol = 1
	_, err := readAll(workbooktest.Stream(workbooktest.Blocks, sheet))
	workbooktest.CheckDamaged(t, err, "", "merged cells B1:C4")
}
