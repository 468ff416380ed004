package text

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/simplifiedchinese"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/arena"
	"huizong/pkg/workbook/internal/input"
	"huizong/pkg/workbook/internal/limits"
)

// read prints the cells as "A1=text", one row a line.
func read(t *testing.T, data string) (*Table, string, error) {
	t.Helper()
	table, err := Open(input.New(strings.NewReader(data), int64(len(data))), limits.Default())
	if err != nil {
		return nil, "", err
	}
	var lines []string
	var texts arena.Texts
	err = table.Scan(&texts, func(row *reporting.Row) error {
		var cells []string
		for _, c := range row.Cells {
			cells = append(cells, fmt.Sprintf("%s=%s", reporting.CellName(c.Row, c.Col), c.Text))
		}
		lines = append(lines, strings.Join(cells, " "))
		return nil
	})
	return table, strings.Join(lines, "\n"), err
}

func TestScan(t *testing.T) {
	gb, err := simplifiedchinese.GB18030.NewEncoder().String("指标,本月\n新增㐀𠀀,12\n")
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ data, encoding, delimiter, want string }{
		"commas":                  {"a,b\n1,2\n", "UTF-8", ",", "A1=a B1=b\nA2=1 B2=2"},
		"tabs with commas inside": {"a\tb\n1,234\t2,345\n", "UTF-8", "\t", "A1=a B1=b\nA2=1,234 B2=2,345"},
		"semicolons":              {"a;b;c\n1;2,5;3\n", "UTF-8", ";", "A1=a B1=b C1=c\nA2=1 B2=2,5 C2=3"},
		"bars":                    {"a|b\n1|2", "UTF-8", "|", "A1=a B1=b\nA2=1 B2=2"},
		"named":                   {"sep=;\r\na;b,c\r\n", "UTF-8", ";", "A2=a B2=b,c"},
		"one column":              {"甲\n乙\n", "UTF-8", ",", "A1=甲\nA2=乙"},
		"mark":                    {"\xEF\xBB\xBF甲,乙", "UTF-8", ",", "A1=甲 B1=乙"},
		"utf-16le":                {"\xFF\xFE\x32\x75,\x00\x31\x00", "UTF-16LE", ",", "A1=甲 B1=1"},
		"utf-16be":                {"\xFE\xFF\x75\x32\x00,\x00\x31", "UTF-16BE", ",", "A1=甲 B1=1"},
		"utf-16le without mark":   {"\x32\x75,\x00\x31\x00\n\x00", "UTF-16LE", ",", "A1=甲 B1=1"},
		"utf-16be without mark":   {"\x75\x32\x00,\x00\x31\x00\r\x00\n\x4E\x0A\x00,", "UTF-16BE", ",", "A1=甲 B1=1\nA2=上"},
		"utf-32le without mark":   {"\x32\x75\x00\x00,\x00\x00\x00\n\x00\x00\x00", "UTF-32LE", ",", "A1=甲"},
		"utf-16 ctrl-z":           {"\xFE\xFF\x75\x32\x00,\x00\x1A", "UTF-16BE", ",", "A1=甲"},
		"utf-16 surrogates":       {"\xFF\xFE\x40\xD8\x00\xDC,\x00", "UTF-16LE", ",", "A1=𠀀"},
		"gb18030":                 {gb, "GB18030", ",", "A1=指标 B1=本月\nA2=新增㐀𠀀 B2=12"},
		"quotes":                  {`"a ""b""",c` + "\n", "UTF-8", ",", `A1=a "b" B1=c`},
		"line break in quotes":    {"\"a\r\nb\",c\n1,2\n", "UTF-8", ",", "A1=a\r\nb B1=c\nA2=1 B2=2"},
		"text after quotes":       {"\"七老\"人员,1\n", "UTF-8", ",", "A1=七老人员 B1=1"},
		"quote inside":            {"a\"b,c\n", "UTF-8", ",", "A1=a\"b B1=c"},
		"blank lines count":       {"a,b\n\n\nc,d\n", "UTF-8", ",", "A1=a B1=b\nA4=c B4=d"},
		"only delimiters":         {",,\na,b,c\n", "UTF-8", ",", "A2=a B2=b C2=c"},
		"ragged":                  {"a,b,c\n1\n1,,3,4\n", "UTF-8", ",", "A1=a B1=b C1=c\nA2=1\nA3=1 C3=3 D3=4"},
		"line ends of a mac":      {"a,b\r1,2\r", "UTF-8", ",", "A1=a B1=b\nA2=1 B2=2"},
		"spaces stay":             {" a ,\tb\n", "UTF-8", ",", "A1= a  B1=\tb"},
		"ctrl-z at the end":       {"a,b\n\x1A", "UTF-8", ",", "A1=a B1=b"},
	} {
		t.Run(name, func(t *testing.T) {
			table, got, err := read(t, test.data)
			if err != nil {
				t.Fatal(err)
			}
			if table.Encoding != test.encoding || string(table.Delimiter) != test.delimiter || got != test.want {
				t.Errorf("%s %q\n%s\nwant %s %q\n%s", table.Encoding, table.Delimiter, got, test.encoding, test.delimiter, test.want)
			}
		})
	}
}

func TestRefuses(t *testing.T) {
	for name, data := range map[string]string{
		"nul":                         "a,\x00b",
		"control":                     "a,\x01b",
		"unclosed quote":              "a,b\n\"c,d\ne,f\n",
		"neither UTF-8 nor GB18030":   "\xFF\x30,a",
		"GB18030 with a hole":         "\xD6\xB8\xB1\xEA,\xFF\n",
		"UTF-8 cut in a character":    "甲乙丙"[:8],
		"marked UTF-8 that is not":    "\xEF\xBB\xBF\xD6\xD6",
		"half a UTF-16 character":     "\xFF\xFEa\x00b",
		"half a pair of surrogates":   "\xFF\xFE\x40\xD8a\x00",
		"UTF-16 that may be either":   "a\x00,\x00b\x00",
		"a zero in ASCII":             "a,b\n1,\x00\n",
		"zeros that look like UTF-16": "ab\x00\nab\x00,ab\x00\n", // in one line no delimiter
		"a UTF-32 character too big":  "\xFF\xFE\x00\x00\xFF\xFF\xFF\x7F",
		"blank":                       " \n\t\n",
	} {
		_, got, err := read(t, data)
		var e *reporting.FileError
		if !errors.As(err, &e) || e.Code != reporting.UnreadableFile || e.Reason.ZH == "" {
			t.Errorf("%s: read as %q, error %v", name, got, err)
		}
	}
}

// encoders write text in the encodings that are not read where they lie.
var encoders = map[string]func(string) string{
	"GB18030": func(s string) string {
		b, err := simplifiedchinese.GB18030.NewEncoder().String(s)
		if err != nil {
			panic(err)
		}
		return b
	},
	"UTF-16LE": func(s string) string { return "\xFF\xFE" + string(wide(binary.LittleEndian, s)) },
	"UTF-16BE": func(s string) string { return "\xFE\xFF" + string(wide(binary.BigEndian, s)) },
}

func wide(order binary.AppendByteOrder, s string) (b []byte) {
	for _, u := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, u)
	}
	return b
}

// long is a table of many pieces, with whatever can be torn where one of them ends.
func long() string {
	var b strings.Builder
	for i := range 6000 {
		fmt.Fprintf(&b, "%s户主%d,\"引\"\"号%d\r\n𠀀㐀\"尾,%d\r\n", strings.Repeat("x", i%7), i, i, i*i)
	}
	return b.String() + "末行,\"完\""
}

// TestPieces wants of every encoding what UTF-8 gives.
func TestPieces(t *testing.T) {
	_, want, err := read(t, long())
	if err != nil {
		t.Fatal(err)
	}
	for name, encode := range encoders {
		table, got, err := read(t, encode(long()))
		if err != nil || table.Encoding != name || got != want {
			t.Errorf("%s: read as %s, error %v, equal: %t", name, table.Encoding, err, got == want)
		}
	}
}

// TestPlace wants the exact byte of what is wrong far behind the first piece, before anything is read.
func TestPlace(t *testing.T) {
	for name, test := range map[string]struct{ encoding, bad string }{
		"a lead byte alone":  {"GB18030", "\xD6 "},
		"no such character":  {"GB18030", "\x84\x31\xA5\x30"},
		"a control":          {"GB18030", "\x01"},
		"half a pair":        {"UTF-16LE", "\x40\xD8a\x00"},
		"a wide control":     {"UTF-16BE", "\x00\x01"},
		"half a code unit":   {"UTF-16LE", "a"},
		"the end of a pair":  {"UTF-16BE", "\xDC\x00\x00a"},
		"a pair without end": {"UTF-16BE", "\xD8\x40"},
	} {
		sound := encoders[test.encoding](long())
		whole := sound + test.bad
		_, err := Open(input.New(strings.NewReader(whole), int64(len(whole))), limits.Default())
		var e *reporting.FileError
		if !errors.As(err, &e) || e.Offset != int64(len(sound)) {
			t.Errorf("%s: got %v, want an error at %d", name, err, len(sound))
		}
	}
}

// TestLongField refuses what no cell can hold, wherever the file ends.
func TestLongField(t *testing.T) {
	far := strings.Repeat("甲", maxField)
	for name, text := range map[string]string{"plain": "a," + far + ",b\n", "quoted": "a,\"" + far + "\"\n"} {
		for encoding, encode := range encoders {
			_, _, err := read(t, encode(text))
			var e *reporting.FileError
			if !errors.As(err, &e) || e.Code != reporting.TooLarge || e.Cell != "B1" {
				t.Errorf("%s in %s: got %v", name, encoding, err)
			}
		}
		if _, _, err := read(t, text); reporting.CodeOf(err) == "" {
			t.Errorf("%s in UTF-8 is read", name)
		}
	}
}
