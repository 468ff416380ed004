package workbook

import (
	"errors"
	"strings"
	"testing"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/fixture"
)

// parts is a workbook of one sheet as its parts; a case states only what differs.
type parts struct {
	workbook, rels, styles, strings, sheet string
	without                                string // a part to leave out
	picture                                string // the address of a linked picture
}

const (
	mainNS = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	relNS  = `xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
)

func (p parts) zip() []byte {
	or := func(text, fallback string) string {
		if text == "" {
			return fallback
		}
		return text
	}
	sheet := p.sheet
	if !strings.Contains(sheet, "<?xml") && !strings.Contains(sheet, "worksheet") {
		sheet = `<worksheet ` + mainNS + `><sheetData>` + sheet + `</sheetData></worksheet>`
	}
	var list []fixture.Part
	for _, part := range []fixture.Part{
		{Name: "_rels/.rels", Text: `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="` + office + `officeDocument" Target="/xl/workbook.xml"/></Relationships>`},
		{Name: "xl/workbook.xml", Text: or(p.workbook, `<workbook `+mainNS+` `+relNS+`><sheets><sheet name="S" sheetId="1" r:id="s"/></sheets></workbook>`)},
		{Name: "xl/_rels/workbook.xml.rels", Text: or(p.rels, `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="s" Type="`+office+`worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="t" Type="`+office+`sharedStrings" Target="sharedStrings.xml"/><Relationship Id="y" Type="`+office+`styles" Target="styles.xml"/></Relationships>`)},
		{Name: "xl/styles.xml", Text: or(p.styles, `<styleSheet `+mainNS+`><numFmts count="1"><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="176"/><xf numFmtId="31"/></cellXfs></styleSheet>`)},
		{Name: "xl/sharedStrings.xml", Text: or(p.strings, `<sst `+mainNS+`><si><t>甲</t></si><si><r><t>乙</t></r><r><rPr><b/></rPr><t xml:space="preserve"> 丙</t></r><rPh sb="0" eb="1"><t>YI</t></rPh></si><si><t>a_x000D_b_x005F_x0041_</t></si><si/></sst>`)},
		{Name: "xl/worksheets/sheet1.xml", Text: sheet},
	} {
		if part.Name != p.without {
			list = append(list, part)
		}
	}
	if p.picture != "" {
		list = append(list, fixture.Part{Name: "xl/Drawings/_rels/drawing1.xml.RELS", Text: `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="p" Type="` + office + `image" Target="` + p.picture + `" TargetMode="External"/></Relationships>`})
	}
	return fixture.Zip(list...)
}

// TestLinkedPictures refuses pictures that are fetched from a disk or a server of files.
func TestLinkedPictures(t *testing.T) {
	for address, refused := range map[string]bool{
		"https://example.org/a.png":       false,
		"HTTP://example.org/a.png":        false,
		"file:///C:/Temp/a.png":           true,
		"file://server/share/a.png":       true,
		`\\server\share\a.png`:            true,
		"//server/share/a.png":            true,
		`C:\Temp\a.png`:                   true,
		"a.png":                           true,
		"httpx://example.org/a.png":       true,
		" https://example.org/a.png":      true,
		"ftp://example.org/a.png":         true,
		"data:image/png;base64,AAAA":      true,
		"&#102;ile:///C:/Temp/a.png":      true,
		"mhtml:https://example.org!a.gif": true,
	} {
		_, err := readAll(parts{sheet: `<row><c><v>1</v></c></row>`, picture: address}.zip(), Limits{})
		finding, _ := reporting.FindingOf(err)
		if (err != nil) != refused || refused && (finding.Code != reporting.UnreadableFile || !strings.Contains(finding.Message, "图片")) {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// TestXLSX reads the kinds of content, each from a sheet that shows just it.
func TestXLSX(t *testing.T) {
	for name, test := range map[string]struct {
		parts parts
		want  string // the sheet as fixture.Print shows it, without its first line
	}{
		"shared, rich and phonetic": {parts{sheet: `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>`}, `1 | A "甲" | B "乙 丙"`},
		"escapes":                   {parts{sheet: `<row><c t="s"><v>2</v></c></row>`}, `1 | A "a\rb_x0041_"`},
		"empty string is no cell":   {parts{sheet: `<row r="1"><c r="A1" t="s"><v>3</v></c><c r="B1"><v>1</v></c></row>`}, `1 | B 1`},
		"inline":                    {parts{sheet: `<row r="2"><c r="C2" t="inlineStr"><is><t>x</t></is></c></row>`}, `2 | C "x"`},
		"inline rich":               {parts{sheet: `<row><c t="inlineStr"><is><r><t>x</t></r><r><t>y</t></r></is></c></row>`}, `1 | A "xy"`},
		"cdata":                     {parts{sheet: `<row><c t="str"><v>a<![CDATA[<b>&]]>c</v></c></row>`}, `1 | A "a<b>&c"`},
		"entities":                  {parts{sheet: `<row><c t="str"><v>&lt;&amp;&#x4E2D;&#65;</v></c></row>`}, `1 | A "<&中A"`},
		"decimal text is kept":      {parts{sheet: `<row><c><v>4123.4500000000007</v></c><c><v>1E3</v></c><c><v>-.5</v></c></row>`}, `1 | A 4123.4500000000007 | B 1E3 | C -.5`},
		"chinese dates":             {parts{sheet: `<row><c s="1"><v>43997</v></c><c s="2"><v>43998</v></c><c s="1" t="str"><v>x</v></c></row>`}, `1 | A d43997 | B d43998 | C "x"`},
		"booleans and errors":       {parts{sheet: `<row><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c></row>`}, `1 | A TRUE | B #N/A`},
		"iso date":                  {parts{sheet: `<row><c t="d"><v>2020-06-15</v></c></row>`}, `1 | A d43997`},
		"places are implied":        {parts{sheet: `<row><c><v>1</v></c><c/><c><v>3</v></c></row><row/><row><c r="B3"><v>2</v></c></row>`}, "1 | A 1 | C 3\n3 | B 2"},
		"hidden row":                {parts{sheet: `<row r="1" hidden="1"><c><v>1</v></c></row>`}, `1 hidden | A 1`},
		"cached formula":            {parts{sheet: `<row><c><f>SUM(B1)</f><v>7</v></c><c t="str"><f>X()</f><v></v></c></row>`}, `1 | A =7`},
		"sum is evaluated":          {parts{sheet: `<row><c><v>1.10</v></c><c><v>2.2</v></c><c><f>SUM(A1:B1)*2-1</f></c></row>`}, `1 | A 1.10 | B 2.2 | C =5.6`},
		"chain is evaluated":        {parts{sheet: `<row><c><f>B1+1</f><v/></c><c><f>C1/4</f></c><c><v>1</v></c></row>`}, `1 | A =1.25 | B =0.25 | C 1`},
		"shared formula":            {parts{sheet: `<row><c><v>1</v></c><c><f t="shared" si="0" ref="B1:B2">A1*2</f></c></row><row><c><v>5</v></c><c><f t="shared" si="0"/></c></row>`}, "1 | A 1 | B =2\n2 | A 5 | B =10"},
		"other formula stays":       {parts{sheet: `<row><c><f>VLOOKUP(B1,C:D,2)</f></c></row>`}, `1 | A {VLOOKUP(B1,C:D,2)}`},
		"cycle stays":               {parts{sheet: `<row><c><f>B1</f></c><c><f>A1</f></c></row>`}, `1 | A {B1} | B {A1}`},
		"columns without width": {
			parts{sheet: `<worksheet ` + mainNS + `><cols><col min="1" max="1" width="9.5"/><col min="2" max="2" width="0" customWidth="1"/></cols><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>`},
			"1 | A 1\nhidden B:B",
		},
		"merges and hidden columns": {
			parts{sheet: `<worksheet ` + mainNS + `><cols><col min="2" max="3" hidden="true"/></cols><sheetData><row><c><v>1</v></c></row></sheetData><mergeCells><mergeCell ref="A1:C2"/></mergeCells></worksheet>`},
			"1 | A 1\nmerged A1:C2\nhidden B:C",
		},
		"prefix": {parts{sheet: `<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData><x:row><x:c><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>`}, `1 | A 1`},
		"strict": {parts{sheet: `<worksheet xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>`}, `1 | A 1`},
		"foreign parts around the data": {
			parts{sheet: `<?xml version="1.0"?><!-- c --><worksheet ` + mainNS + ` xmlns:y="urn:y"><y:row><c/></y:row><sheetData/><extLst><ext xmlns="urn:z"><sheetData><row><c><v>9</v></c></row></sheetData></ext></extLst></worksheet>`},
			"",
		},
	} {
		t.Run(name, func(t *testing.T) {
			sheet, err := mustOpen(t, test.parts.zip()).Read(0)
			if err != nil {
				t.Fatal(err)
			}
			_, got, _ := strings.Cut(fixture.Print(sheet), "\n")
			if got = strings.TrimSuffix(got, "\n"); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// TestXLSXRefuses lists what must be an error with its part, and never fewer cells.
func TestXLSXRefuses(t *testing.T) {
	sheetPart := "xl/worksheets/sheet1.xml"
	for name, test := range map[string]struct {
		parts parts
		part  string
		cause string
	}{
		"cut short":            {parts{sheet: `<worksheet ` + mainNS + `><sheetData><row><c><v>1</v></c></row>`}, sheetPart, "cut short"},
		"a value from the web": {parts{sheet: `<row><c><f>_xlfn.WEBSERVICE("http://x")</f><v>1</v></c></row>`}, sheetPart, "(WEBSERVICE)"},
		"a link to a program": {parts{
			rels:   `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="s" Type="` + office + `worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="l" Type="` + office + `externalLink" Target="styles.xml"/></Relationships>`,
			styles: `<externalLink ` + mainNS + `><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>`,
		}, "xl/styles.xml", "(DDE)"},
		"wrong end tag":         {parts{sheet: `<row><c><v>1</w></c></row>`}, sheetPart, "closed by another"},
		"end without start":     {parts{sheet: `</row>`}, sheetPart, "closed by another"},
		"two roots":             {parts{sheet: `<worksheet ` + mainNS + `><sheetData/></worksheet><worksheet/>`}, sheetPart, "second root"},
		"text after the root":   {parts{sheet: `<worksheet ` + mainNS + `><sheetData/></worksheet>x`}, sheetPart, "outside the root"},
		"attribute twice":       {parts{sheet: `<row><c r="A1" r="B1"/></row>`}, sheetPart, "stands twice"},
		"attribute unquoted":    {parts{sheet: `<row r=1/>`}, sheetPart, "not quoted"},
		"unknown entity":        {parts{sheet: `<row><c t="str"><v>&nbsp;</v></c></row>`}, sheetPart, "entity"},
		"control character":     {parts{sheet: "<row><c t=\"str\"><v>\x01</v></c></row>"}, sheetPart, "control"},
		"bad UTF-8":             {parts{sheet: "<row><c t=\"str\"><v>\xC3(</v></c></row>"}, sheetPart, "UTF-8"},
		"doctype":               {parts{sheet: `<!DOCTYPE x><worksheet ` + mainNS + `><sheetData/></worksheet>`}, sheetPart, "DOCTYPE"},
		"other encoding":        {parts{sheet: `<?xml version="1.0" encoding="gb2312"?><worksheet ` + mainNS + `><sheetData/></worksheet>`}, sheetPart, "encoding"},
		"no data":               {parts{sheet: `<worksheet ` + mainNS + `/>`}, sheetPart, "no data"},
		"two data":              {parts{sheet: `<worksheet ` + mainNS + `><sheetData/><sheetData/></worksheet>`}, sheetPart, "two data"},
		"unknown in a row":      {parts{sheet: `<row><b r="A1"><v>1</v></b></row>`}, sheetPart, "unknown element"},
		"unknown in a cell":     {parts{sheet: `<row><c><w>1</w></c></row>`}, sheetPart, "unknown element"},
		"foreign row":           {parts{sheet: `<y:row xmlns:y="urn:y"/>`}, sheetPart, "unknown element"},
		"text among cells":      {parts{sheet: `<row>1<c/></row>`}, sheetPart, "none belongs"},
		"rows backwards":        {parts{sheet: `<row r="2"/><row r="1"/>`}, sheetPart, "stands after"},
		"row twice":             {parts{sheet: `<row r="2"/><row r="2"/>`}, sheetPart, "stands after"},
		"row zero":              {parts{sheet: `<row r="0"/>`}, sheetPart, "row number"},
		"cells backwards":       {parts{sheet: `<row r="1"><c r="B1"/><c r="A1"/></row>`}, sheetPart, "out of order"},
		"cell of another row":   {parts{sheet: `<row r="1"><c r="A2"/></row>`}, sheetPart, "out of order"},
		"cell reference":        {parts{sheet: `<row r="1"><c r="A"/></row>`}, sheetPart, "cell reference"},
		"string index":          {parts{sheet: `<row><c t="s"><v>4</v></c></row>`}, sheetPart, "there are 4"},
		"string index negative": {parts{sheet: `<row><c t="s"><v>-1</v></c></row>`}, sheetPart, "there are 4"},
		"style index":           {parts{sheet: `<row><c s="3"/></row>`}, sheetPart, "does not exist"},
		"number":                {parts{sheet: `<row><c><v>12a</v></c></row>`}, sheetPart, "no number"},
		"type":                  {parts{sheet: `<row><c t="x"/></row>`}, sheetPart, "cell type"},
		"two values":            {parts{sheet: `<row><c><v>1</v><v>2</v></c></row>`}, sheetPart, "two values"},
		"shared formula":        {parts{sheet: `<row><c><f t="shared" si="3"/></c></row>`}, sheetPart, "does not exist"},
		"merge":                 {parts{sheet: `<worksheet ` + mainNS + `><sheetData/><mergeCells><mergeCell ref="B2:A1"/></mergeCells></worksheet>`}, sheetPart, "merged"},
		"strings broken":        {parts{strings: `<sst ` + mainNS + `><si><t>x</si></sst>`, sheet: `<row/>`}, "xl/sharedStrings.xml", "closed by another"},
		"strings unknown":       {parts{strings: `<sst ` + mainNS + `><sj><t>x</t></sj></sst>`, sheet: `<row/>`}, "xl/sharedStrings.xml", "unknown element"},
		"strings missing":       {parts{without: "xl/sharedStrings.xml", sheet: `<row/>`}, "sharedStrings", "missing"},
		"styles missing":        {parts{without: "xl/styles.xml", sheet: `<row/>`}, "styles", "missing"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readAll(test.parts.zip(), Limits{})
			checkDamaged(t, err, test.part, test.cause)
		})
	}
	for name, p := range map[string]parts{
		"sheet part missing": {without: sheetPart},
		"relation missing":   {rels: `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>`},
		"state":              {workbook: `<workbook ` + mainNS + ` ` + relNS + `><sheets><sheet name="S" state="gone" r:id="s"/></sheets></workbook>`},
		"workbook missing":   {without: "xl/workbook.xml"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(p.zip(), Limits{})
			checkDamaged(t, err, "", "")
		})
	}
}

// checkDamaged wants an unreadable file whose part and cause contain the words.
func checkDamaged(t *testing.T, err error, part, cause string) {
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

func TestSheetStates(t *testing.T) {
	p := parts{sheet: `<row/>`, workbook: `<workbook ` + mainNS + ` ` + relNS + `><sheets><sheet name="a" r:id="s"/><sheet name="b" state="hidden" r:id="s"/><sheet name="c" state="veryHidden" r:id="s"/></sheets></workbook>`}
	got := mustOpen(t, p.zip()).Sheets()
	want := []SheetInfo{{Name: "a", Kind: "worksheet"}, {Name: "b", Hidden: true, Kind: "worksheet"}, {Name: "c", Hidden: true, VeryHidden: true, Kind: "worksheet"}}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%d: %+v, want %+v", i, got[i], want[i])
		}
	}
}
