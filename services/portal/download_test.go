package portal

import (
	"mime"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// wild are names that a sender may have given a file.
var wild = []string{
	"六月.xlsx", "../../etc/passwd", `C:\桌面\x.xlsx`, "cod\u202excs.exe", "a\r\nX-Evil: 1.csv", "a\x00.csv", `a"; filename="x.exe`, "CON.xlsx", "com1.csv", "x.exe", "x.xlsx.scr",
	".htaccess", "...", "", " ", "x. ", strings.Repeat("长", 300) + ".xlsx", "a\xff\xfe.csv", "=cmd|'/c calc'!A0.csv", "a/b\\c:d*e?f<g>h|i.ods", "\u2066x\u2069.et", "x.XLSX", "desktop.ini", "a;b,c.csv",
}

var plain = regexp.MustCompile(`^[\pL\pN\-_()（）〔〕、·]+\.(docx|xlsx|pdf|html|csv|json|jsonl|xls|xlsm|et|ods|txt|bin)$`)

func checkName(t *testing.T, header, from string) {
	t.Helper()
	what, fields, err := mime.ParseMediaType(header)
	name := fields["filename"]
	stem, _, _ := strings.Cut(name, ".")
	if err != nil || what != "attachment" || !plain.MatchString(name) || len([]rune(name)) > 120 || device.MatchString(stem) || strings.ContainsAny(header, "\r\n\x00") {
		t.Errorf("%q goes out as %q: %v", from, header, err)
	}
}

func TestSafeName(t *testing.T) {
	for _, name := range wild {
		checkName(t, Disposition("attachment", name), name)
	}
	for name, want := range map[string]string{"城东街道-就业创业工作月报表-2020-06-0VXN8K.xlsx": "城东街道-就业创业工作月报表-2020-06-0VXN8K.xlsx", "half-year-2020H1.docx": "half-year-2020H1.docx",
		"x.exe": "x_exe.bin", "CON.xlsx": "file_CON.xlsx", "": "file_.bin", "x.XLSX": "x.xlsx"} {
		if got := safeName(name); got != want {
			t.Errorf("safeName(%q) = %q, want %q", name, got, want)
		}
	}
}

// TestNamesAreMadeInOnePlace: no other file of the services says how something is called that goes out.
func TestNamesAreMadeInOnePlace(t *testing.T) {
	for _, pattern := range []string{"../*/*.go", "*/*.go", "../../pkg/*/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatal(pattern, err)
		}
		for _, file := range files {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(string(source)) {
				if strings.Contains(line, `Set("Content-Disposition"`) && !strings.Contains(strings.ToLower(line), "disposition(") && !strings.HasSuffix(file, "_test.go") {
					t.Errorf("%s names a file by itself: %s", file, strings.TrimSpace(line))
				}
			}
		}
	}
}
