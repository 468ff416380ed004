package biff_test

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"testing"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/workbooktest"
)

var le = binary.LittleEndian

// words packs 16-bit numbers.
func words(list ...int) (b []byte) {
	for _, w := range list {
		b = le.AppendUint16(b, uint16(w))
	}
	return b
}

func record(id int, data ...[]byte) []byte {
	all := slices.Concat(data...)
	return append(words(id, len(all)), all...)
}

func bits(v float64) []byte { return le.AppendUint64(nil, math.Float64bits(v)) }

// stream is a workbook of one sheet, with the records given in its global part and among its cells.
func stream(version int, global, cells []byte) []byte {
	sheet := slices.Concat(record(0x0809, words(version, 0x0010, 0, 0)), record(0x0200, make([]byte, 14)), cells, record(0x000A))
	name := []byte{1, 0, 'S'}
	if version == 0x0500 {
		name = []byte{1, 'S'}
	}
	part := func(offset int) []byte {
		return slices.Concat(record(0x0809, words(version, 0x0005, 0, 0)), record(0x00E0, words(0, 0, 1)), global,
			record(0x0085, words(offset, 0, 0), name), record(0x000A))
	}
	return append(part(len(part(0))), sheet...)
}

// TestRecords reads the records that old programs write for the cells, each from a sheet that has just it.
func TestRecords(t *testing.T) {
	const v5, v8 = 0x0500, 0x0600
	at := func(col int) []byte { return words(0, col, 0) }
	minus := int32(-1235)
	rk := func(v uint32) []byte { return le.AppendUint32(nil, v) }
	for name, test := range map[string]struct {
		version       int
		global, cells []byte
		want          string
	}{
		"packed numbers": {v8, nil, slices.Concat(record(0x027E, at(0), rk(123<<2|3)), record(0x027E, at(1), rk(uint32(minus)<<2|3)), record(0x027E, at(2), rk(700<<2|3)),
			record(0x027E, at(3), rk(0x3FF80000)), record(0x027E, at(4), rk(0x4059_0001))), "A 1.23 | B -12.35 | C 7 | D 1.5 | E 1"},
		"several in a record": {v8, nil, slices.Concat(record(0x00BE, words(0, 0, 0, 0, 1)), record(0x00BD, words(0, 2, 0), rk(1<<2|2), words(0), rk(2<<2|2), words(3))), "C 1 | D 2"},
		"blank":               {v8, nil, slices.Concat(record(0x0201, at(0)), record(0x0203, at(1), bits(1e22)), record(0x0203, at(2), bits(1e-10))), "B 1E+22 | C 1E-10"},
		"a text in its cell":  {v8, nil, slices.Concat(record(0x0204, at(0), words(2), []byte{1}, words('甲', '乙')), record(0x0204, at(1), words(1), []byte{0}, []byte("x"))), `A "甲乙" | B "x"`},
		"with its formatting": {v8, nil, record(0x00D6, at(0), words(2), []byte{0}, []byte("ab"), words(1, 1, 0)), `A "ab"`},
		"a pair of UTF-16":    {v8, nil, record(0x0204, at(0), words(2), []byte{1}, words(0xD840, 0xDC0B)), `A "𠀋"`},
		"readings":            {v8, nil, record(0x0204, at(0), words(1), []byte{5}, rk(4), words('甲'), []byte{1, 2, 3, 4}), `A "甲"`},
		"of version 5":        {v5, record(0x0042, words(936)), record(0x0204, at(0), words(4), []byte("\xbc\xd7\xd2\xd2")), `A "甲乙"`},
		"characters counted":  {v5, record(0x0042, words(936)), record(0x0204, at(0), words(2), []byte("\xbc\xd7\xd2\xd2")), `A "甲乙"`},
		"of no known page":    {v5, record(0x0042, words(7)), record(0x0204, at(0), words(1), []byte("\xe9")), `A "é"`},
		"version 5, rich":     {v5, nil, record(0x00D6, at(0), words(2), []byte("ab"), []byte{1, 1, 0}), `A "ab"`},
		"a chart on it": {v8, nil, slices.Concat(record(0x0203, at(0), bits(2.5)), record(0x0809, words(v8, 0x0020, 0, 0)), record(0x0203, at(5), bits(9)),
			record(0x0809, words(v8, 0x0020, 0, 0)), record(0x000A), record(0x000A)), "A 2.5"},
		"a shared formula": {v8, nil, slices.Concat(record(0x0006, at(0), []byte{0, 0, 0, 0, 0, 0, 0xFF, 0xFF}, words(8, 0, 0, 5), []byte{1, 0, 0, 0, 0}),
			record(0x04BC, make([]byte, 10)), record(0x0207, words(1), []byte{0, 'x'})), `A ="x"`},
		"errors and truths": {v8, nil, slices.Concat(record(0x0205, at(0), []byte{7, 1}), record(0x0205, at(1), []byte{1, 0, 0})), "A #DIV/0! | B TRUE"},
	} {
		sheets, err := readAll(stream(test.version, test.global, test.cells))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		lines := strings.Split(workbooktest.Print(sheets[0]), "\n")
		if got := strings.TrimPrefix(lines[1], "1 | "); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

// TestRecordsRefused: what a record of these says wrongly names the record or the cell.
func TestRecordsRefused(t *testing.T) {
	at := words(0, 0, 0)
	for name, test := range map[string]struct {
		version       int
		global, cells []byte
		cause         string
	}{
		"version":              {0x0400, nil, nil, "version 0x0400"},
		"columns of a run":     {0x0600, nil, record(0x00BE, words(0, 0, 0, 0, 5)), "columns 0 to 5 in a record of 2"},
		"length of a run":      {0x0600, nil, record(0x00BD, words(0, 0, 0)), "has 6 bytes"},
		"column 300":           {0x0600, nil, record(0x0201, words(0, 300, 0)), "column 300"},
		"a text cut":           {0x0600, nil, record(0x0204, at, words(9), []byte{0, 'x'}), "is broken"},
		"a text too short":     {0x0500, nil, record(0x0204, at, words(9), []byte("x")), "is broken"},
		"half a pair":          {0x0600, nil, record(0x0204, at, words(1), []byte{1}, words(0xD840)), "is broken"},
		"two halves":           {0x0600, nil, record(0x0204, at, words(2), []byte{1}, words(0xD840, 0x41)), "is broken"},
		"readings without end": {0x0600, nil, record(0x0204, at, words(1), []byte{4, 0, 0, 0, 9, 'x'}), "is broken"},
		"a formula's text":     {0x0600, nil, record(0x0006, at, []byte{0, 0, 0, 0, 0, 0, 0xFF, 0xFF}, words(0, 0, 0, 0)), "text is missing"},
		"a formula's result":   {0x0600, nil, record(0x0006, at, []byte{9, 0, 0, 0, 0, 0, 0xFF, 0xFF}, words(0, 0, 0, 0)), "result of type 9"},
		"shared by nothing":    {0x0600, nil, record(0x04BC, make([]byte, 10)), "without its formula"},
		"a chart cut short":    {0x0600, nil, record(0x0809, words(0x0600, 0x0020, 0, 0)), "end record is missing"},
		"two used ranges":      {0x0600, nil, record(0x0200, make([]byte, 14)), "two records of the used range"},
		"a hole":               {0x0600, nil, record(0x0000), "0 bytes instead of 8"},
		"columns of no width":  {0x0600, nil, record(0x007D, words(5, 2, 0, 0, 0, 0)), "columns 5 to 2"},
		"state of a sheet":     {0x0600, record(0x0085, words(9, 0, 7), []byte{1, 0, 'T'}), nil, "sheet state 7"},
		"type of a sheet":      {0x0600, record(0x0085, words(9, 0, 0x0500), []byte{1, 0, 'T'}), nil, "sheet type 5"},
		"outside the stream":   {0x0600, record(0x0085, words(0, 9, 0), []byte{1, 0, 'T'}), nil, `"T" lies outside`},
		"no such format":       {0x0600, record(0x00E0, words(0, 200, 1)), nil, "format 200"},
		"two tables of texts":  {0x0600, slices.Concat(record(0x00FC, make([]byte, 8)), record(0x00FC, make([]byte, 8))), nil, "two tables"},
		"a part in the global": {0x0600, record(0x0809, words(0x0600, 0x0010, 0, 0)), nil, "inside the global part"},
		"an unknown record":    {0x0600, record(0x3333), nil, "unknown record 0x3333"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readAll(stream(test.version, test.global, test.cells))
			workbooktest.CheckDamaged(t, err, "Workbook", test.cause)
		})
	}
}

// TestFormulas: where the file does not vouch for a result, its formula is put back into text and reckoned with; what is more than arithmetic stays in doubt.
func TestFormulas(t *testing.T) {
	seven := slices.Concat([]byte{0x1E}, words(7))
	place := func(row, col int) []byte { return words(row, col|0xC000) }
	for name, test := range map[string]struct {
		tokens []byte
		want   string
	}{
		"7*7":             {slices.Concat(seven, seven, []byte{0x05}), "=49"},
		"-7+7%":           {slices.Concat(seven, []byte{0x13}, seven, []byte{0x14, 0x03}), "=-6.93"},
		"(2.5)^7":         {slices.Concat([]byte{0x1F}, bits(2.5), []byte{0x15}, seven, []byte{0x07}), "=1"},
		"A1*2":            {slices.Concat([]byte{0x44}, place(0, 0), []byte{0x1E, 2, 0, 0x05}), "=20"},
		"SUM(A1:A2)":      {slices.Concat([]byte{0x25}, words(0, 1), words(0xC000, 0xC000), []byte{0x19, 0x10, 0, 0}), "=13"},
		"SUM(A1:A2,7)":    {slices.Concat([]byte{0x25}, words(0, 1), words(0xC000, 0xC000), seven, []byte{0x22, 2}, words(4)), "=20"},
		"ABS(7)":          {slices.Concat(seven, []byte{0x21}, words(24)), "=1"},
		"of another book": {slices.Concat([]byte{0x3A}, make([]byte, 6)), "=1"},
		"no operand":      {[]byte{0x03}, "=1"},
		"cut short":       {[]byte{0x1E, 7}, "=1"},
		"no function":     {slices.Concat(seven, []byte{0x21}, words(9999)), "=1"},
		"two results":     {slices.Concat(seven, seven), "=1"},
		"a choice":        {slices.Concat(seven, []byte{0x19, 0x04, 0, 0}), "=1"},
	} {
		const uncalculated = 2
		formula := record(0x0006, words(2, 0, 0), bits(1), words(uncalculated, 0, 0, len(test.tokens)), test.tokens)
		sheets, err := readAll(stream(0x0600, nil, slices.Concat(record(0x0203, words(0, 0, 0), bits(10)), record(0x0203, words(1, 0, 0), bits(3)), formula)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		c, _ := sheets[0].At(2, 0)
		doubtful := c.Marks&reporting.Doubtful != 0
		if got := "=" + c.Text; got != test.want || doubtful != (c.Text == "1") {
			t.Errorf("%s: %s, doubtful %t; want %s", name, got, doubtful, test.want)
		}
	}
}

// TestEmptyResults: a program that has calculated nothing leaves an empty text; arithmetic gives none, so it is reckoned with.
func TestEmptyResults(t *testing.T) {
	empty := []byte{3, 0, 0, 0, 0, 0, 0xFF, 0xFF}
	sum, text := slices.Concat([]byte{0x1E}, words(2), []byte{0x1E}, words(3), []byte{0x03}), slices.Concat([]byte{0x1E}, words(2), []byte{0x1E}, words(3), []byte{0x08})
	sheets, err := readAll(stream(0x0600, nil, slices.Concat(record(0x0006, words(0, 0, 0), empty, words(0, 0, 0, len(sum)), sum), record(0x0006, words(0, 1, 0), empty, words(0, 0, 0, len(text)), text))))
	if err != nil {
		t.Fatal(err)
	}
	if got := workbooktest.Print(sheets[0]); !strings.Contains(got, "A =5") || strings.Contains(got, "B ") {
		t.Errorf("2+3 and 2&3 without results read as\n%s", got)
	}
}

// TestMarks: what is struck through or raised in a part of a text is told, with what is left of it.
func TestMarks(t *testing.T) {
	font := func(flags, position int) []byte {
		return record(0x0031, words(200, flags, 8, 400, position, 0, 0), []byte{1, 0, 'A'})
	}
	global := slices.Concat(font(0, 0), font(8, 0), font(0, 1), record(0x00E0, words(1, 0, 1)))
	rich := func(col, style int, text string, runs ...int) []byte {
		return record(0x00D6, words(0, col, style, len(text)), []byte{0}, []byte(text), words(len(runs)/2), words(runs...))
	}
	sheets, err := readAll(stream(0x0600, global, slices.Concat(rich(0, 0, "12 34", 0, 1, 3, 0), rich(1, 0, "7m2", 2, 2), rich(2, 1, "56"), rich(3, 0, "89", 0, 1), rich(4, 1, "90", 0, 0))))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct {
		marks reporting.Marks
		kept  string
	}{{reporting.PartStruck, "34"}, {reporting.Raised, "7m"}, {reporting.Struck, ""}, {reporting.Struck, ""}, {0, ""}} {
		c, kept := sheets[0].Rows[0].Cells[i], ""
		if c.Look != nil {
			kept = c.Look.Kept
		}
		if c.Marks != want.marks || kept != want.kept {
			t.Errorf("%q: marks %v, kept %q; want %v, %q", c.Text, c.Marks, kept, want.marks, want.kept)
		}
	}
}

// TestBeside: headers, footers and text boxes are kept beside the cells; a broken one refuses nothing.
func TestBeside(t *testing.T) {
	header := record(0x0014, words(17), []byte{0}, []byte("&L 2020-06 &RUnit"))
	box := slices.Concat(record(0x01B6, words(0, 0, 0, 0, 0, 5), make([]byte, 6)), record(0x003C, []byte{0}, []byte("boxed")))
	sheets, err := readAll(stream(0x0600, nil, slices.Concat(record(0x0203, words(0, 0, 0), bits(1.5)), header, record(0x0015, words(99), []byte{0, 'x'}), record(0x023E, make([]byte, 18)), box)))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(sheets[0].Beside, "|"); got != "2020-06|Unit|boxed" {
		t.Errorf("beside the cells: %s", got)
	}
}

// TestBrokenFormat: a number whose format is broken in the file is read, and its cell is told.
func TestBrokenFormat(t *testing.T) {
	global := slices.Concat(record(0x041E, words(170, 9), []byte{0, 'x'}), record(0x00E0, words(0, 170, 1)))
	sheets, err := readAll(stream(0x0600, global, record(0x0203, words(0, 1, 1), bits(1.5))))
	if err != nil || len(sheets[0].Noted) != 1 || sheets[0].Noted[0].Cell != "B1" {
		t.Errorf("%+v, %v", sheets, err)
	}
}
