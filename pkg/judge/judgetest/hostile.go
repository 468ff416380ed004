package judgetest

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"

	"huizong/pkg/reporting"
)

// Hostile is a file that is made to harm its reader.
type Hostile struct {
	Name  string
	Bytes []byte
	Want  []reporting.FindingCode // one of these is found
}

// HostileFiles makes one of each kind. size scales them: 1 is as large as a server must bear, a fraction of it does for quick tests.
func HostileFiles(size float64) []Hostile {
	n := func(full int) int { return max(1, int(float64(full)*size)) }
	large := []reporting.FindingCode{reporting.TooLarge}
	broken := []reporting.FindingCode{reporting.TooLarge, reporting.UnreadableFile}
	return []Hostile{
		{"one line", []byte(strings.Repeat("a,", n(30<<20)) + "a\n"), large},
		{"one line of numbers in GB18030", append([]byte("\xd6\xb8\xb1\xea\xc3\xfb\xb3\xc6,"), bytes.Repeat([]byte("1,"), n(30<<20))...), large},
		{"one field", []byte("指标名称,本月数\n" + strings.Repeat("a", n(60<<20)) + ",1\n"), large},
		{"a million columns", workbookOf(func(w io.Writer) { cells(w, 1, n(1_000_000)) }), large},
		{"a million columns in an .ods", documentOf(`<table:table-row>`, `<table:table-cell office:value-type="float" office:value="1"/>`, `</table:table-row>`, n(1_000_000)), large},
		{"deep XML", workbookOf(func(w io.Writer) { repeat(w, "<a>", n(5_000_000)) }), broken},
		{"deep XML in an .ods", documentOf("", "<table:table-row>", "", n(5_000_000)), broken},
		{"bomb", workbookOf(func(w io.Writer) { repeat(w, strings.Repeat(" ", 1<<20), max(64, n(1536))) }), broken},
		{"bomb in an .ods", documentOf("", strings.Repeat(" ", 1<<20), "", max(64, n(1536))), broken},
		{"millions of cells", workbookOf(func(w io.Writer) {
			for row := range n(60_000) {
				fmt.Fprintf(w, `<row r="%d">`, row+1)
				repeat(w, `<c><v>1</v></c>`, 100)
				io.WriteString(w, `</row>`)
			}
		}), []reporting.FindingCode{reporting.TooLarge, reporting.UnknownForm}},
		{"a hundred thousand findings", visits(n(50_000)), []reporting.FindingCode{reporting.BadDate}},
		{"millions of texts", []byte("名称,甲,乙\n" + numbered(n(1_500_000))), []reporting.FindingCode{reporting.TooLarge, reporting.UnknownForm}},
	}
}

func repeat(w io.Writer, text string, n int) {
	many := strings.Repeat(text, 1+(64<<10)/len(text))
	for left := n * len(text); left > 0; left -= len(many) {
		io.WriteString(w, many[:min(len(many), left)])
	}
}

func cells(w io.Writer, row, n int) {
	fmt.Fprintf(w, `<row r="%d">`, row)
	repeat(w, `<c><v>1</v></c>`, n)
	io.WriteString(w, `</row>`)
}

func numbered(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "第%d名,%d甲,%d乙\n", i, i*7, i*13)
	}
	return b.String()
}

// visits is a ledger of form 7 whose every row names a place that there is not.
func visits(rows int) []byte {
	var b strings.Builder
	b.WriteString("企业走访服务台账\n填报单位：城东街道,,报表所属期：2020年6月\n序号,走访日期,企业名称,统一社会信用代码,所属乡镇（街道）,所属行业,在岗职工人数,缺工人数,走访方式,反映的主要问题,是否办结,备注\n")
	for i := range rows {
		fmt.Fprintf(&b, "%d,六月,甲公司,%d,云乡%d,制造业,很多,不少,实地,缺工,是,\n", i+1, i, i)
	}
	return []byte(b.String())
}

// workbookOf is an .xlsx whose sheet has what is written.
func workbookOf(rows func(io.Writer)) []byte {
	return zipped(func(add func(name string) io.Writer) {
		for _, part := range [][2]string{
			{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`},
			{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
			{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`},
			{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
		} {
			io.WriteString(add(part[0]), part[1])
		}
		w := add("xl/worksheets/sheet1.xml")
		io.WriteString(w, `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
		rows(w)
		io.WriteString(w, `</sheetData></worksheet>`)
	})
}

// documentOf is an .ods whose table has the text so many times.
func documentOf(before, text, after string, n int) []byte {
	return zipped(func(add func(name string) io.Writer) {
		io.WriteString(add("mimetype"), "application/vnd.oasis.opendocument.spreadsheet")
		io.WriteString(add("META-INF/manifest.xml"), `<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>`)
		w := add("content.xml")
		io.WriteString(w, `<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="S">`+before)
		repeat(w, text, n)
		io.WriteString(w, after+`</table:table></office:spreadsheet></office:body></office:document-content>`)
	})
}

func zipped(write func(add func(name string) io.Writer)) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	write(func(name string) io.Writer {
		w, err := z.Create(name)
		if err != nil {
			panic(err) // a buffer takes everything
		}
		return w
	})
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}
