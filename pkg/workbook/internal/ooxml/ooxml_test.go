package ooxml_test

import (
	"strings"
	"testing"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/limits"
	"huizong/pkg/workbook/internal/ooxml"
	"huizong/pkg/workbook/internal/unzip"
	"huizong/pkg/workbook/internal/workbooktest"
)

func open(data []byte) (*ooxml.Workbook, error) {
	zip, err := unzip.Open(workbooktest.Input(data), limits.Default())
	if err != nil {
		return nil, err
	}
	return ooxml.Open(zip, limits.Default())
}

func readAll(data []byte) ([]*reporting.Sheet, error) {
	book, err := open(data)
	if err != nil {
		return nil, err
	}
	return workbooktest.ReadAll(book, len(book.Sheets))
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
		_, err := readAll(workbooktest.Parts{Sheet: `<row><c><v>1</v></c></row>`, Picture: address}.Zip())
		finding, _ := reporting.FindingOf(err)
		if (err != nil) != refused || refused && (finding.Code != reporting.UnreadableFile || !strings.Contains(finding.Message, "图片")) {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// TestReads reads the kinds of content, each from a sheet that shows just it.
func TestReads(t *testing.T) {
	for name, test := range map[string]struct {
		parts workbooktest.Parts
		want  string // the sheet as workbooktest.Print shows it, without its first line
	}{
		"shared, rich and phonetic": {workbooktest.Parts{Sheet: `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>`}, `1 | A "甲" | B "乙 丙"`},
		"escapes":                   {workbooktest.Parts{Sheet: `<row><c t="s"><v>2</v></c></row>`}, `1 | A "a\rb_x0041_"`},
		"empty string is no cell":   {workbooktest.Parts{Sheet: `<row r="1"><c r="A1" t="s"><v>3</v></c><c r="B1"><v>1</v></c></row>`}, `1 | B 1`},
		"inline":                    {workbooktest.Parts{Sheet: `<row r="2"><c r="C2" t="inlineStr"><is><t>x</t></is></c></row>`}, `2 | C "x"`},
		"inline rich":               {workbooktest.Parts{Sheet: `<row><c t="inlineStr"><is><r><t>x</t></r><r><t>y</t></r></is></c></row>`}, `1 | A "xy"`},
		"cdata":                     {workbooktest.Parts{Sheet: `<row><c t="str"><v>a<![CDATA[<b>&]]>c</v></c></row>`}, `1 | A "a<b>&c"`},
		"entities":                  {workbooktest.Parts{Sheet: `<row><c t="str"><v>&lt;&amp;&#x4E2D;&#65;</v></c></row>`}, `1 | A "<&中A"`},
		"decimal text is kept":      {workbooktest.Parts{Sheet: `<row><c><v>4123.4500000000007</v></c><c><v>1E3</v></c><c><v>-.5</v></c></row>`}, `1 | A 4123.4500000000007 | B 1E3 | C -.5`},
		"chinese dates":             {workbooktest.Parts{Sheet: `<row><c s="1"><v>43997</v></c><c s="2"><v>43998</v></c><c s="1" t="str"><v>x</v></c></row>`}, `1 | A d43997 | B d43998 | C "x"`},
		"booleans and errors":       {workbooktest.Parts{Sheet: `<row><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c></row>`}, `1 | A TRUE | B #N/A`},
		"iso date":                  {workbooktest.Parts{Sheet: `<row><c t="d"><v>2020-06-15</v></c></row>`}, `1 | A d43997`},
		"places are implied":        {workbooktest.Parts{Sheet: `<row><c><v>1</v></c><c/><c><v>3</v></c></row><row/><row><c r="B3"><v>2</v></c></row>`}, "1 | A 1 | C 3\n3 | B 2"},
		"hidden row":                {workbooktest.Parts{Sheet: `<row r="1" hidden="1"><c><v>1</v></c></row>`}, `1 hidden | A 1`},
		"cached formula":            {workbooktest.Parts{Sheet: `<row><c><f>SUM(B1)</f><v>7</v></c><c t="str"><f>X()</f><v></v></c></row>`}, `1 | A =7`},
		"sum is evaluated":          {workbooktest.Parts{Sheet: `<row><c><v>1.10</v></c><c><v>2.2</v></c><c><f>SUM(A1:B1)*2-1</f></c></row>`}, `1 | A 1.10 | B 2.2 | C =5.6`},
		"chain is evaluated":        {workbooktest.Parts{Sheet: `<row><c><f>B1+1</f><v/></c><c><f>C1/4</f></c><c><v>1</v></c></row>`}, `1 | A =1.25 | B =0.25 | C 1`},
		"shared formula":            {workbooktest.Parts{Sheet: `<row><c><v>1</v></c><c><f t="shared" si="0" ref="B1:B2">A1*2</f></c></row><row><c><v>5</v></c><c><f t="shared" si="0"/></c></row>`}, "1 | A 1 | B =2\n2 | A 5 | B =10"},
		"other formula stays":       {workbooktest.Parts{Sheet: `<row><c><f>VLOOKUP(B1,C:D,2)</f></c></row>`}, `1 | A {VLOOKUP(B1,C:D,2)}`},
		"cycle stays":               {workbooktest.Parts{Sheet: `<row><c><f>B1</f></c><c><f>A1</f></c></row>`}, `1 | A {B1} | B {A1}`},
		"columns without width": {
			workbooktest.Parts{Sheet: `<worksheet ` + workbooktest.MainNS + `><cols><col min="1" max="1" width="9.5"/><col min="2" max="2" width="0" customWidth="1"/></cols><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>`},
			"1 | A 1\nhidden B:B",
		},
		"merges and hidden columns": {
			workbooktest.Parts{Sheet: `<worksheet ` + workbooktest.MainNS + `><cols><col min="2" max="3" hidden="true"/></cols><sheetData><row><c><v>1</v></c></row></sheetData><mergeCells><mergeCell ref="A1:C2"/></mergeCells></worksheet>`},
			"1 | A 1\nmerged A1:C2\nhidden B:C",
		},
		"prefix": {workbooktest.Parts{Sheet: `<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData><x:row><x:c><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>`}, `1 | A 1`},
		"strict": {workbooktest.Parts{Sheet: `<worksheet xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>`}, `1 | A 1`},
		"foreign parts around the data": {
			workbooktest.Parts{Sheet: `<?xml version="1.0"?><!-- c --><worksheet ` + workbooktest.MainNS + ` xmlns:y="urn:y"><y:row><c/></y:row><sheetData/><extLst><ext xmlns="urn:z"><sheetData><row><c><v>9</v></c></row></sheetData></ext></extLst></worksheet>`},
			"",
		},
	} {
		t.Run(name, func(t *testing.T) {
			sheets, err := readAll(test.parts.Zip())
			if err != nil {
				t.Fatal(err)
			}
			_, got, _ := strings.Cut(workbooktest.Print(sheets[0]), "\n")
			if got = strings.TrimSuffix(got, "\n"); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// TestRefuses lists what must be an error with its part, and never fewer cells.
func TestRefuses(t *testing.T) {
	sheetPart := "xl/worksheets/sheet1.xml"
	for name, test := range map[string]struct {
		parts workbooktest.Parts
		part  string
		cause string
	}{
		"cut short":            {workbooktest.Parts{Sheet: `<worksheet ` + workbooktest.MainNS + `><sheetData><row><c><v>1</v></c></row>`}, sheetPart, "cut short"},
		"a value from the web": {workbooktest.Parts{Sheet: `<row><c><f>_xlfn.WEBSERVICE("http://x")</f><v>1</v></c></row>`}, sheetPart, "(WEBSERVICE)"},
		"a link to a program": {workbooktest.Parts{
			Rels:   `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="s" Type="` + workbooktest.Office + `worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="l" Type="` + workbooktest.Office + `externalLink" Target="styles.xml"/></Relationships>`,
			Styles: `<externalLink ` + workbooktest.MainNS + `><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>`,
		}, "xl/styles.xml", "(DDE)"},
		"wrong end tag":         {workbooktest.Parts{Sheet: `<row><c><v>1</w></c></row>`}, sheetPart, "closed by another"},
		"end without start":     {workbooktest.Parts{Sheet: `</row>`}, sheetPart, "closed by another"},
		"two roots":             {workbooktest.Parts{Sheet: `<worksheet ` + workbooktest.MainNS + `><sheetData/></worksheet><worksheet/>`}, sheetPart, "second root"},
		"text after the root":   {workbooktest.Parts{Sheet: `<worksheet ` + workbooktest.MainNS + `><sheetData/></worksheet>x`}, sheetPart, "outside the root"},
		"attribute twice":       {workbooktest.Parts{Sheet: `<row><c r="A1" r="B1"/></row>`}, sheetPart, "stands twice"},
		"attribute unquoted":    {workbooktest.Parts{Sheet: `<row r=1/>`}, sheetPart, "not quoted"},
		"unknown entity":        {workbooktest.Parts{Sheet: `<row><c t="str"><v>&nbsp;</v></c></row>`}, sheetPart, "entity"},
		"control character":     {workbooktest.Parts{Sheet: "<row><c t=\"str\"><v>\x01</v></c></row>"}, sheetPart, "control"},
		"bad UTF-8":             {workbooktest.Parts{Sheet: "<row><c t=\"str\"><v>\xC3(</v></c></row>"}, sheetPart, "UTF-8"},
		"doctype":               {workbooktest.Parts{Sheet: `<!DOCTYPE x><worksheet ` + workbooktest.MainNS + `><sheetData/></worksheet>`}, sheetPart, "DOCTYPE"},
		"other encoding":        {workbooktest.Parts{Sheet: `<?xml version="1.0" encoding="gb2312"?><worksheet ` + workbooktest.MainNS + `><sheetData/></worksheet>`}, sheetPart, "encoding"},
		"no data":               {workbooktest.Parts{Sheet: `<worksheet ` + workbooktest.MainNS + `/>`}, sheetPart, "no data"},
		"two data":              {workbooktest.Parts{Sheet: `<worksheet ` + workbooktest.MainNS + `><sheetData/><sheetData/></worksheet>`}, sheetPart, "two data"},
		"unknown in a row":      {workbooktest.Parts{Sheet: `<row><b r="A1"><v>1</v></b></row>`}, sheetPart, "unknown element"},
		"unknown in a cell":     {workbooktest.Parts{Sheet: `<row><c><w>1</w></c></row>`}, sheetPart, "unknown element"},
		"foreign row":           {workbooktest.Parts{Sheet: `<y:row xmlns:y="urn:y"/>`}, sheetPart, "unknown element"},
		"text among cells":      {workbooktest.Parts{Sheet: `<row>1<c/></row>`}, sheetPart, "none belongs"},
		"rows backwards":        {workbooktest.Parts{Sheet: `<row r="2"/><row r="1"/>`}, sheetPart, "stands after"},
		"row twice":             {workbooktest.Parts{Sheet: `<row r="2"/><row r="2"/>`}, sheetPart, "stands after"},
		"row zero":              {workbooktest.Parts{Sheet: `<row r="0"/>`}, sheetPart, "row number"},
		"cells backwards":       {workbooktest.Parts{Sheet: `<row r="1"><c r="B1"/><c r="A1"/></row>`}, sheetPart, "out of order"},
		"cell of another row":   {workbooktest.Parts{Sheet: `<row r="1"><c r="A2"/></row>`}, sheetPart, "out of order"},
		"cell reference":        {workbooktest.Parts{Sheet: `<row r="1"><c r="A"/></row>`}, sheetPart, "cell reference"},
		"string index":          {workbooktest.Parts{Sheet: `<row><c t="s"><v>4</v></c></row>`}, sheetPart, "there are 4"},
		"string index negative": {workbooktest.Parts{Sheet: `<row><c t="s"><v>-1</v></c></row>`}, sheetPart, "there are 4"},
		"style index":           {workbooktest.Parts{Sheet: `<row><c s="3"/></row>`}, sheetPart, "does not exist"},
		"number":                {workbooktest.Parts{Sheet: `<row><c><v>12a</v></c></row>`}, sheetPart, "no number"},
		"type":                  {workbooktest.Parts{Sheet: `<row><c t="x"/></row>`}, sheetPart, "cell type"},
		"two values":            {workbooktest.Parts{Sheet: `<row><c><v>1</v><v>2</v></c></row>`}, sheetPart, "two values"},
		"shared formula":        {workbooktest.Parts{Sheet: `<row><c><f t="shared" si="3"/></c></row>`}, sheetPart, "does not exist"},
		"merge":                 {workbooktest.Parts{Sheet: `<worksheet ` + workbooktest.MainNS + `><sheetData/><mergeCells><mergeCell ref="B2:A1"/></mergeCells></worksheet>`}, sheetPart, "merged"},
		"strings broken":        {workbooktest.Parts{Strings: `<sst ` + workbooktest.MainNS + `><si><t>x</si></sst>`, Sheet: `<row/>`}, "xl/sharedStrings.xml", "closed by another"},
		"strings unknown":       {workbooktest.Parts{Strings: `<sst ` + workbooktest.MainNS + `><sj><t>x</t></sj></sst>`, Sheet: `<row/>`}, "xl/sharedStrings.xml", "unknown element"},
		"strings missing":       {workbooktest.Parts{Without: "xl/sharedStrings.xml", Sheet: `<row/>`}, "sharedStrings", "missing"},
		"styles missing":        {workbooktest.Parts{Without: "xl/styles.xml", Sheet: `<row/>`}, "styles", "missing"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readAll(test.parts.Zip())
			workbooktest.CheckDamaged(t, err, test.part, test.cause)
		})
	}
	for name, p := range map[string]workbooktest.Parts{
		"sheet part missing": {Without: sheetPart},
		"relation missing":   {Rels: `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>`},
		"state":              {Workbook: `<workbook ` + workbooktest.MainNS + ` ` + workbooktest.RelNS + `><sheets><sheet name="S" state="gone" r:id="s"/></sheets></workbook>`},
		"workbook missing":   {Without: "xl/workbook.xml"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := open(p.Zip())
			workbooktest.CheckDamaged(t, err, "", "")
		})
	}
}

func TestSheetStates(t *testing.T) {
	p := workbooktest.Parts{Sheet: `<row/>`, Workbook: `<workbook ` + workbooktest.MainNS + ` ` + workbooktest.RelNS + `><sheets><sheet name="a" r:id="s"/><sheet name="b" state="hidden" r:id="s"/><sheet name="c" state="veryHidden" r:id="s"/></sheets></workbook>`}
	book, err := open(p.Zip())
	if err != nil {
		t.Fatal(err)
	}
	want := []ooxml.Sheet{{Name: "a", Kind: "worksheet"}, {Name: "b", Hidden: true, Kind: "worksheet"}, {Name: "c", Hidden: true, VeryHidden: true, Kind: "worksheet"}}
	for i := range want {
		got := book.Sheets[i]
		if got.Name != want[i].Name || got.Hidden != want[i].Hidden || got.VeryHidden != want[i].VeryHidden || got.Kind != want[i].Kind {
			t.Errorf("%d: %+v, want %+v", i, got, want[i])
		}
	}
}

// TestWritten reads the cells as nearly every program writes them: with places, styles and types in one order, texts shared or in the cell.
func TestWritten(t *testing.T) {
	for _, where := range []workbooktest.Strings{workbooktest.Shared, workbooktest.Inline} {
		want := []*reporting.Sheet{workbooktest.Form(), workbooktest.HiddenSheet(), workbooktest.LongTexts()}
		got, err := readAll(workbooktest.XLSX(where, want...))
		if err != nil || len(got) != len(want) {
			t.Fatalf("%d sheets, %v", len(got), err)
		}
		for i := range want {
			if g, w := workbooktest.Print(got[i]), workbooktest.Print(want[i]); g != w {
				t.Errorf("got\n%s\nwant\n%s", g, w)
			}
		}
	}
}

// TestMarks: what a font strikes through or raises in a text, or in a cell as a whole, is told, with what is left of the text.
func TestMarks(t *testing.T) {
	run := func(properties, text string) string {
		return `<r><rPr>` + properties + `</rPr><t xml:space="preserve">` + text + `</t></r>`
	}
	const strike, raised = `<b/><strike/>`, `<vertAlign val="superscript"/>`
	p := workbooktest.Parts{
		Styles: `<styleSheet ` + workbooktest.MainNS + ` xmlns:mc="m"><fonts><font/><font><strike/></font><mc:AlternateContent><mc:Choice><font><strike/></font></mc:Choice><mc:Fallback><font><strike val="0"/></font></mc:Fallback></mc:AlternateContent></fonts>` +
			`<cellXfs><xf fontId="0"/><xf fontId="1"/><xf fontId="2"/></cellXfs></styleSheet>`,
		Strings: `<sst ` + workbooktest.MainNS + `><si>` + run(strike, "12 ") + run(``, "34") + `</si><si>` + run(strike, "5") + run(strike, "6") + `</si><si>` + run(``, "7m") + run(raised, "2") + `</si><si>` + run(raised, "9") + `</si></sst>`,
		Sheet: `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c><c r="D1" t="s"><v>3</v></c><c r="E1" s="1"><v>8</v></c><c r="F1" s="2"><v>8</v></c>` +
			`<c r="G1" t="inlineStr"><is>` + run(strike, "x") + run(``, "y") + `</is></c></row>`,
	}
	sheets, err := readAll(p.Zip())
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct {
		marks reporting.Marks
		kept  string
	}{{reporting.PartStruck, "34"}, {reporting.Struck, ""}, {reporting.Raised, "7m"}, {0, ""}, {reporting.Struck, ""}, {0, ""}, {reporting.PartStruck, "y"}} {
		c, kept := sheets[0].Rows[0].Cells[i], ""
		if c.Look != nil {
			kept = c.Look.Kept
		}
		if c.Marks != want.marks || kept != want.kept {
			t.Errorf("%s %q: marks %v, kept %q; want %v, %q", reporting.CellName(c.Row, c.Col), c.Text, c.Marks, kept, want.marks, want.kept)
		}
	}
}

// TestCalculation: where the program that wrote the workbook does not vouch for its results, those of more than arithmetic are doubtful.
func TestCalculation(t *testing.T) {
	for properties, stale := range map[string]bool{
		``: false, `<calcPr calcId="191029"/>`: false, `<calcPr fullCalcOnLoad="1"/>`: true, `<calcPr forceFullCalc="true"/>`: true, `<calcPr calcCompleted="0"/>`: true, `<calcPr calcCompleted="1"/>`: false,
	} {
		p := workbooktest.Parts{Workbook: book(`<sheet name="S" sheetId="1" r:id="s"/>`, properties), Sheet: `<row><c><f>VLOOKUP(1,B:C,2)</f><v>3</v></c><c><f>1+1</f><v>3</v></c></row>`}
		sheets, err := readAll(p.Zip())
		if err != nil {
			t.Fatal(err)
		}
		a, b := sheets[0].Rows[0].Cells[0], sheets[0].Rows[0].Cells[1]
		if (a.Marks&reporting.Doubtful != 0) != stale || a.Text != "3" || b.Text != map[bool]string{false: "3", true: "2"}[stale] {
			t.Errorf("%s: a result is %s (%v), a sum %s", properties, a.Text, a.Marks, b.Text)
		}
	}
}

func book(sheets, behind string) string {
	return `<workbook ` + workbooktest.MainNS + ` ` + workbooktest.RelNS + `><workbookPr date1904="1"/><sheets>` + sheets + `</sheets>` + behind + `</workbook>`
}

// TestKinds: sheets without cells are listed as what they are, and read as empty; dates count from the workbook's own first day.
func TestKinds(t *testing.T) {
	relation := func(id, kind string) string {
		return `<Relationship Id="` + id + `" Type="` + workbooktest.Office + kind + `" Target="worksheets\sheet1.xml"/>`
	}
	sheets, err := readAll(workbooktest.Parts{
		Workbook: book(`<sheet name="a" r:id="w"/><sheet name="b" r:id="c"/><sheet name="c" r:id="m"/><sheet name="d" sheetId="4"/>`, ``),
		Rels: `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + relation("w", "worksheet") + relation("c", "chartsheet") + relation("m", "xlMacrosheet") +
			`<Relationship Id="y" Type="` + workbooktest.Office + `styles" Target="/xl/styles.xml"/></Relationships>`,
		Sheet: `<row><c s="1"><v>1</v></c><c t="d"><v>1904-01-02</v></c></row>`,
	}.Zip())
	if err != nil {
		t.Fatal(err)
	}
	for i, rows := range []int{1, 0, 1, 0} {
		if len(sheets[i].Rows) != rows || !sheets[i].Date1904 {
			t.Errorf("sheet %s has %d rows, want %d", sheets[i].Name, len(sheets[i].Rows), rows)
		}
	}
	if c := sheets[0].Rows[0].Cells; c[0].Text != "1" || c[1].Text != "1" || !c[0].Date || !c[1].Date {
		t.Errorf("2 January 1904 is %+v", c)
	}
}

// TestBeside: page headers and the text boxes of a drawing are kept beside the cells; a broken drawing refuses nothing.
func TestBeside(t *testing.T) {
	const drawing = `<xdr:wsDr xmlns:xdr="x" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:p><a:r><a:t>2020年</a:t></a:r><a:r><a:t>6月</a:t></a:r></a:p><a:p><a:t>港口镇</a:t></a:p>`
	for _, end := range []string{`</xdr:wsDr>`, `<`, ``} {
		sheets, err := readAll(workbooktest.Parts{
			Sheet: `<worksheet ` + workbooktest.MainNS + `><sheetData><row><c><v>1</v></c></row></sheetData><headerFooter><oddHeader>&amp;R&amp;"宋体,常规"&amp;10单位：万元</oddHeader><oddFooter>&amp;P</oddFooter></headerFooter></worksheet>`,
			Beside: []workbooktest.Part{
				{Name: "xl/worksheets/_rels/sheet1.xml.rels", Text: `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="d" Type="` + workbooktest.Office + `drawing" Target="../drawings/drawing1.xml"/></Relationships>`},
				{Name: "xl/drawings/drawing1.xml", Text: drawing + end},
			},
		}.Zip())
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(sheets[0].Beside, "|"); got != "单位：万元|2020年6月|港口镇" {
			t.Errorf("beside the cells, with a drawing that ends in %q: %s", end, got)
		}
	}
}
