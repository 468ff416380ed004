package docx_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"huizong/pkg/compile"
	"huizong/pkg/compile/compiletest"
	"huizong/pkg/compile/docx"
	"huizong/pkg/reporting"
)

func write(t *testing.T, in compile.Input) (*compile.Document, []byte) {
	t.Helper()
	d, err := compile.Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := docx.Write(&b, d); err != nil {
		t.Fatal(err)
	}
	return d, b.Bytes()
}

// pair writes a report and its companion.
func pair(t *testing.T, in compile.Input) [2][]byte {
	t.Helper()
	d, report := write(t, in)
	var b bytes.Buffer
	if err := docx.Write(&b, d.Companion); err != nil {
		t.Fatal(err)
	}
	return [2][]byte{report, b.Bytes()}
}

// unpack returns the parts of a file by name, each of them well-formed.
func unpack(t *testing.T, file []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(content)
		for decoder := xml.NewDecoder(bytes.NewReader(content)); ; {
			if _, err := decoder.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
		}
	}
	return parts
}

func TestWriteTwice(t *testing.T) {
	a, b := pair(t, compiletest.Input(t)), pair(t, compiletest.Input(t))
	if !bytes.Equal(a[0], b[0]) || !bytes.Equal(a[1], b[1]) {
		t.Error("the same input gave different bytes")
	}
}

// reading is what a plain reader takes from a document: of each paragraph the runs that stand in it directly, and what stands between bookmarks.
type reading struct {
	paragraphs []string
	marked     map[string]string // name of a bookmark → text
}

// readPlainly reads only w:p/w:r/w:t, as python-docx and others do.
func readPlainly(t *testing.T, document string) reading {
	t.Helper()
	r := reading{marked: map[string]string{}}
	var path []string
	open := map[string]string{} // id of a bookmark → name
	decoder := xml.NewDecoder(strings.NewReader(document))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return r
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			path = append(path, token.Name.Local)
			switch token.Name.Local {
			case "p":
				r.paragraphs = append(r.paragraphs, "")
			case "bookmarkStart":
				name := attribute(token, "name")
				if _, twice := r.marked[name]; twice {
					t.Errorf("two bookmarks have the name %s", name)
				}
				open[attribute(token, "id")], r.marked[name] = name, ""
			case "bookmarkEnd":
				delete(open, attribute(token, "id"))
			}
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.CharData:
			if strings.HasSuffix(strings.Join(path, "/"), "/p/r/t") {
				r.paragraphs[len(r.paragraphs)-1] += string(token)
				for _, name := range open {
					r.marked[name] += string(token)
				}
			}
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// A plain reader has every sentence whole, with its numbers.
func TestPlainReaders(t *testing.T) {
	d, err := compile.Compile(compiletest.Input(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []*compile.Document{d, d.Companion} {
		var file bytes.Buffer
		if err := docx.Write(&file, d); err != nil {
			t.Fatal(err)
		}
		read := map[string]bool{}
		for _, p := range readPlainly(t, unpack(t, file.Bytes())["word/document.xml"]).paragraphs {
			read[p] = true
		}
		blocks := slices.Clone(d.Body)
		for _, a := range d.Annexes {
			blocks = append(blocks, a.Blocks...)
		}
		for _, want := range texts(blocks) {
			if !read[want] {
				t.Errorf("a plain reader does not find %q", want)
			}
		}
	}
}

// texts are the paragraphs and cells of the blocks, as their runs say them.
func texts(blocks []compile.Block) []string {
	var list []string
	add := func(lead string, runs []compile.Run) {
		for _, r := range runs {
			lead += r.Text
		}
		list = append(list, lead)
	}
	for _, block := range blocks {
		switch block := block.(type) {
		case compile.Paragraph:
			add(block.Lead, block.Runs)
		case compile.Table:
			for _, row := range block.Rows {
				for _, cell := range row {
					add("", cell)
				}
			}
		}
	}
	return list
}

// In the companion a number leads to the entry of its origin and the entry back to the number; what is sent has no links and shows no ids.
func TestNumbersLeadToTheirCells(t *testing.T) {
	files := pair(t, compiletest.Input(t))
	sent, kept := unpack(t, files[0])["word/document.xml"], unpack(t, files[1])["word/document.xml"]
	if strings.Contains(sent, "HYPERLINK") || regexp.MustCompile(`<w:t[^>]*>[^<]*F\d{3}`).MatchString(sent) {
		t.Error("the report that is sent has links or ids")
	}
	read, links := readPlainly(t, kept), map[string]bool{}
	for _, m := range regexp.MustCompile(`HYPERLINK \\l &#34;([^&]+)&#34;`).FindAllStringSubmatch(kept, -1) {
		if _, there := read.marked[m[1]]; !there {
			t.Errorf("a link leads to %s, which is nowhere", m[1])
		}
		links[m[1]] = true
	}
	for name := range read.marked {
		id := numbered.FindStringSubmatch(name)
		if id == nil || !strings.HasSuffix(name, "_1") {
			continue
		}
		if _, entered := read.marked[id[1]]; entered && (!links[id[1]] || !links[name]) {
			t.Errorf("%s and its entry do not lead to each other", id[1])
		}
	}
	if !links["F001"] || !links["_F001_1"] {
		t.Error("F001 and its entry do not lead to each other")
	}
}

// numbered is the name of a number's place.
var numbered = regexp.MustCompile(`^_(F\d+)_\d+$`)

// Every number in the two files, read back from each file alone, is that of its figure, rounded half up at the digits that are printed;
// and one id is one number in both.
func TestNumbersAreFigures(t *testing.T) {
	in := compiletest.Input(t)
	byID, used, total := map[string]compiletest.Number{}, map[string]bool{}, 0
	for _, file := range pair(t, in) {
		parts := unpack(t, file)
		var list struct {
			Figures []compiletest.Number `xml:"figure"`
		}
		if err := xml.Unmarshal([]byte(parts["customXml/item1.xml"]), &list); err != nil {
			t.Fatal(err)
		}
		listed := map[string]bool{}
		for _, l := range list.Figures {
			if before, known := byID[l.ID]; known && before != l {
				t.Errorf("%s is %+v in one file and %+v in the other", l.ID, before, l)
			}
			byID[l.ID], listed[l.ID] = l, true
		}
		for name, text := range readPlainly(t, parts["word/document.xml"]).marked {
			id, place := numbered.FindStringSubmatch(name), listed[name]
			if id == nil {
				if !place && text != name { // the entry of a number that stands in the other file alone
					t.Errorf("the bookmark %s holds %q", name, text)
				}
				continue
			}
			if !listed[id[1]] {
				t.Fatalf("the number %s %q is not listed", name, text)
			}
			used[id[1]] = true
			compiletest.CheckNumber(t, in, byID[id[1]], text)
			total++
		}
	}
	if total < 1000 {
		t.Errorf("%d numbers, want at least 1000", total)
	}
	for id, l := range byID {
		if !used[id] && l.Period == in.Period.String() {
			t.Errorf("%s is listed and stands nowhere", id)
		}
	}
}

// What is sent holds nothing of the office's own: no hash, no cell, no list of what is missing, no source of a threshold.
func TestSentIsClean(t *testing.T) {
	files := pair(t, compiletest.Input(t))
	sent, companion := unpack(t, files[0])["word/document.xml"], unpack(t, files[1])["word/document.xml"]
	for _, own := range []string{"〔", "编制说明", "huizong trace", "示例依据", "全部指标汇总表", "数据来源追溯表", "待确认"} {
		if strings.Contains(sent, own) {
			t.Errorf("the report that is sent has %s", own)
		}
	}
	for _, own := range []string{"〔", "编制说明", "示例依据", "全部指标汇总表", "数据来源追溯表", "同一数字的编号相同"} {
		if !strings.Contains(companion, own) {
			t.Errorf("the companion has no %s", own)
		}
	}
}

// The native charts hold the numbers of the document's.
func TestCharts(t *testing.T) {
	d, file := write(t, compiletest.Input(t))
	parts := unpack(t, file)
	var want, got []string
	for _, a := range d.Annexes {
		for _, block := range a.Blocks {
			c, ok := block.(compile.Chart)
			if !ok {
				continue
			}
			for _, s := range c.Series {
				for _, p := range s.Points {
					if p.Value != nil {
						want = append(want, p.Run.Text)
					}
				}
			}
		}
	}
	for i := 1; parts[fmt.Sprintf("word/charts/chart%d.xml", i)] != ""; i++ {
		var chart struct {
			Numbers []string `xml:"chart>plotArea>barChart>ser>val>numLit>pt>v"`
		}
		if err := xml.Unmarshal([]byte(parts[fmt.Sprintf("word/charts/chart%d.xml", i)]), &chart); err != nil {
			t.Fatal(err)
		}
		got = append(got, chart.Numbers...)
	}
	if !regexp.MustCompile(`<wp:docPr [^>]*descr="条形图“[^"]+最高的是[^"]+。"`).MatchString(parts["word/document.xml"]) || !strings.Contains(parts["word/document.xml"], `<w:tblDescription w:val="表格，`) {
		t.Error("a chart or a table is not described")
	}
	if len(want) == 0 || !slices.Equal(got, want) {
		t.Errorf("charts hold %v, want %v", got, want)
	}
}

// Outside of bookmarks stand only those digits that the template, parameters, dates and texts bring.
func TestNoUnboundNumbers(t *testing.T) {
	in := compiletest.Input(t)
	in.Narratives = nil
	_, file := write(t, in)
	document := regexp.MustCompile(`<w:bookmarkStart w:id="\d+" w:name="_F\d+_\d+"/>.*?<w:bookmarkEnd w:id="\d+"/>`).ReplaceAllString(unpack(t, file)["word/document.xml"], "")
	plain := strings.Join(regexp.MustCompile(`<w:t[^>]*>[^<]*`).FindAllString(document, -1), "\n")
	plain = regexp.MustCompile(`<w:t[^>]*>`).ReplaceAllString(plain, "")
	known := regexp.MustCompile(`附件\d|时序进度\d+%|（?\d+/\d+|\d+个单位已报齐\d+个|\d+个单位同口径|等\d+项|\d+年(\d+月(\d+日(\d+时\d+分)?)?)?|\d—\d月|（\d+）|(?m:^(附件：|　　　)?\d+\.([^\d]|$))|3\.00?(个月|%)|表\d|共\d+项|2\+N|\d+年度`)
	if left := regexp.MustCompile(`.*\d.*`).FindAllString(known.ReplaceAllString(plain, ""), -1); left != nil {
		t.Errorf("numbers without a figure: %q", left)
	}
}

func TestHostileText(t *testing.T) {
	const hostile = "a<b>&\"c'\x00\x01\x0b\uffff]]></w:t><w:p/>\xff😀结束"
	in := compiletest.Input(t)
	in.Narratives = []reporting.Narrative{{Section: "就业", Title: hostile, Body: hostile + "\n" + hostile}}
	in.Parameters["recruitment_site"], in.Parameters["issuer"] = hostile, hostile
	_, file := write(t, in)
	document := unpack(t, file)["word/document.xml"]
	if want := "a&lt;b&gt;&amp;&#34;c&#39;\ufffd\ufffd\ufffd\ufffd]]&gt;&lt;/w:t&gt;&lt;w:p/&gt;\ufffd😀结束"; strings.Count(document, want) < 3 {
		t.Errorf("the text is not kept as %q", want)
	}
}

func TestMarks(t *testing.T) {
	in := compiletest.Input(t)
	in.Figures = compile.LookupIn(compiletest.FirstForms(t, compiletest.Figures(t)))
	files := pair(t, in)
	document := unpack(t, files[0])["word/document.xml"] + unpack(t, files[1])["word/document.xml"]
	for _, want := range []string{
		`<w:highlight w:val="yellow"/></w:rPr><w:t xml:space="preserve">【未报：走访企业数】</w:t>`, "（20个单位已报齐19个）", "未报齐：云梯畲族乡",
		`<w:pStyle w:val="Note"/>`,
	} {
		if !strings.Contains(document, want) {
			t.Errorf("document.xml has no %s", want)
		}
	}
}

// The page and its parts are those of the standard.
func TestFormat(t *testing.T) {
	_, file := write(t, compiletest.Input(t))
	parts := unpack(t, file)
	for part, wants := range map[string][]string{
		"word/document.xml": {
			`<w:pgSz w:w="11906" w:h="16838"/>`, `w:top="2098" w:right="1474" w:bottom="1984" w:left="1587"`,
			`<w:docGrid w:type="linesAndChars" w:linePitch="579" w:charSpace="-849"/>`, `<w:tblHeader/>`, `<w:trPr><w:cantSplit/></w:trPr>`,
			// 13 characters of issuer end two before the edge, and the date begins two after it.
			`<w:pStyle w:val="Signature"/><w:ind w:left="4095"/>`, `<w:pStyle w:val="SignDate"/><w:ind w:left="4725"/>`,
			`附件：1.主要目标任务完成情况表`,
			`<w:keepNext/></w:pPr><w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t xml:space="preserve">特此报告。</w:t>`,
		},
		"word/styles.xml": {
			`w:eastAsia="方正小标宋简体"/><w:spacing w:val="0"/><w:sz w:val="44"/>`, `w:eastAsia="仿宋_GB2312"/>`, `w:eastAsia="楷体_GB2312"/>`, `w:eastAsia="黑体"/>`,
			`<w:ind w:firstLineChars="200" w:firstLine="630"/>`, `<w:spacing w:line="579" w:lineRule="exact"/>`,
		},
		"word/footer1.xml":  {`<w:ind w:right="280"/><w:jc w:val="right"/>`, `— </w:t>`, ` PAGE `},
		"word/footer2.xml":  {`<w:ind w:left="280"/><w:jc w:val="left"/>`},
		"word/settings.xml": {`<w:evenAndOddHeaders/>`},
		"docProps/core.xml": {`2020-07-01T00:30:00Z</dcterms:created>`},
	} {
		for _, want := range wants {
			if !strings.Contains(parts[part], want) {
				t.Errorf("%s has no %s", part, want)
			}
		}
	}
}

// Word refuses a file that lacks a part which another one names.
func TestPackageIsWhole(t *testing.T) {
	_, file := write(t, compiletest.Input(t))
	parts := unpack(t, file)
	for _, m := range regexp.MustCompile(`PartName="/([^"]+)"`).FindAllStringSubmatch(parts["[Content_Types].xml"], -1) {
		if _, ok := parts[m[1]]; !ok {
			t.Errorf("no part %s", m[1])
		}
	}
	for _, m := range regexp.MustCompile(`Target="(\.\./)?([^"]+)"`).FindAllStringSubmatch(parts["word/_rels/document.xml.rels"], -1) {
		name := "word/" + m[2]
		if m[1] != "" {
			name = m[2]
		}
		if _, ok := parts[name]; !ok {
			t.Errorf("no part %s", name)
		}
	}
}

// The date moves the issuer where it is the longer of the two.
func TestShortIssuer(t *testing.T) {
	in := compiletest.Input(t)
	in.Parameters["issuer"] = "某局"
	_, file := write(t, in)
	document := unpack(t, file)["word/document.xml"]
	for _, want := range []string{`"Signature"/><w:ind w:left="5670"/>`, `"SignDate"/><w:ind w:left="6300"/>`} {
		if !strings.Contains(document, want) {
			t.Errorf("document.xml has no %s", want)
		}
	}
}

func BenchmarkReport(b *testing.B) {
	in := compiletest.Input(b)
	for b.Loop() {
		d, err := compile.Compile(in)
		if err != nil {
			b.Fatal(err)
		}
		if err := docx.Write(io.Discard, d); err != nil {
			b.Fatal(err)
		}
	}
}
