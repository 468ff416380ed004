package text

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/arena"
	"huizong/pkg/workbook/internal/limits"
)

// read prints the cells as "A1=text", one row a line.
func read(t *testing.T, data string) (*Table, string, error) {
	t.Helper()
	table, err := Open([]byte(data), limits.Default())
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
		"utf-16 surrogates":       {"\xFF\xFE\x40\xD8\x00\xDC", "UTF-16LE", ",", "A1=𠀀"},
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
		"nul":                        "a,\x00b",
		"control":                    "a,\x01b",
		"unclosed quote":             "a,b\n\"c,d\ne,f\n",
		"neither UTF-8 nor GB18030":  "\xFF\x30,a",
		"GB18030 with a hole":        "\xD6\xB8\xB1\xEA,\xFF\n",
		"UTF-8 cut in a character":   "甲乙丙"[:8],
		"marked UTF-8 that is not":   "\xEF\xBB\xBF\xD6\xD6",
		"half a UTF-16 character":    "\xFF\xFEa\x00b",
		"half a pair of surrogates":  "\xFF\xFE\x40\xD8a\x00",
		"UTF-16 without its mark":    "a\x00,\x00b\x00",
		"a UTF-32 character too big": "\xFF\xFE\x00\x00\xFF\xFF\xFF\x7F",
		"blank":                      " \n\t\n",
	} {
		_, got, err := read(t, data)
		var e *reporting.FileError
		if !errors.As(err, &e) || e.Code != reporting.UnreadableFile || e.Reason.ZH == "" {
			t.Errorf("%s: read as %q, error %v", name, got, err)
		}
	}
}
