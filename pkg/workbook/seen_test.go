package workbook_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"huizong/pkg/match"
	"huizong/pkg/normalize"
	"huizong/pkg/reporting"
	"huizong/pkg/workbook"
	"huizong/schemas"
)

// A drawn sheet: what it says is known, and each amount is dressed as some office would dress it.
type (
	drawnRun  struct{ text, mark string } // mark: "", "struck", "raised"
	drawnCell struct {
		number  string // or runs
		runs    []drawnRun
		format  string
		struck  bool
		formula string // with number as its result, "" for none
	}
	drawnSheet struct {
		rows   [][]drawnCell
		merges []reporting.Range
		stale  bool   // the workbook asks for its formulas to be calculated
		box    string // a text box, or the page's header
		inABS  bool   // of an .xls: formulas are the argument of a function
	}
	truth map[string]string // unit → yuan
)

func text(s string) drawnCell { return drawnCell{runs: []drawnRun{{s, ""}}} }

// dress draws how an amount of so many yuan stands in a cell under a header in the unit. Only a dress that says the truth to a person is
// drawn, or one that must be found.
func dress(r *rand.Rand, yuan int64, unit string, stale bool) drawnCell {
	factor := map[string]int64{"元": 1, "千元": 1000, "万元": 10_000}[unit]
	in := func(f int64) string { return reporting.Int(yuan).Quo(reporting.Int(f), 8).String() }
	shown, noise := in(factor), in(factor)
	if f, err := strconv.ParseFloat(shown, 64); err == nil && r.IntN(3) == 0 {
		noise = strconv.FormatFloat(math.Nextafter(f, math.Inf(1)), 'f', -1, 64)
	}
	pick := func(formats ...string) string { return formats[r.IntN(len(formats))] }
	switch r.IntN(16) {
	case 0:
		return drawnCell{number: noise, format: pick("", "0.00##", "#,##0.00", `_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ `, "#,##0.00_);[Red](#,##0.00)", `"¥"#,##0.00`)}
	case 1:
		return drawnCell{number: in(1), format: pick(`#,##0"元"`, `0.00"元"`, `G/通用格式"元"`, `0\元`, `General" 元"`)}
	case 2:
		return drawnCell{number: in(10_000), format: pick(`0.0000"万元"`, `#,##0.00##"万元"`, `0.####\万\元`, `0.0000" 万元"`)}
	case 3:
		return drawnCell{number: in(1), format: pick(`0!.0000"万元"`, `0\.0,"万元"`, `0"."0000万元`, `#!.0000"万元"`)}
	case 4: // scaled without a word: right under 万元 alone
		return drawnCell{number: in(1), format: pick(`0!.0000`, `0\.0,`, `#!.0000`)}
	case 5:
		return drawnCell{number: in(1), format: pick(`0.000,"千元"`, `#,##0.0##,"千元"`, `[>=10000]0!.0000"万元";0"元"`, `[<10000]0"元";[<100000000]0!.0,"万元";0!.0,,"亿元"`)}
	case 6:
		return drawnCell{runs: []drawnRun{{shown, ""}, {pick("1", "2", "①", "注"), "raised"}}}
	case 7:
		return drawnCell{runs: []drawnRun{{pick("94", "12.5", "3"), "struck"}, {shown, ""}}}
	case 8:
		return drawnCell{runs: []drawnRun{{pick(shown+"①", shown+"²", "②"+shown, shown+"〔1〕", shown+"⒈", shown+"*"), ""}}}
	case 9:
		return drawnCell{number: shown, struck: true}
	case 10:
		if stale {
			return drawnCell{number: pick(shown, "0", "7"), formula: shown + "*1"}
		}
		return drawnCell{number: shown, formula: shown + "*1"}
	case 11:
		return drawnCell{formula: shown + "+0"}
	case 12:
		return drawnCell{runs: []drawnRun{{pick(shown+unit, in(10_000)+"万元", in(1)+"元", in(10_000)+" 万元"), ""}}}
	case 13:
		return drawnCell{number: shown, format: pick(";;;", `yyyy"年"m"月"`, "0%", `0"个"`, `"第"0"号"`, `"1"0`, `0"5"`, `-0`, `\(0\)`, `"0."00`, `#-##`, `#,##0,,,`, `0" "00`)}
	case 14:
		return drawnCell{number: shown, format: pick(`0.####"①"`, `General"²"`, `[Color 5]0.00##`, `[红色]0.00##`, `[$-804]#" "##0.00##`)}
	}
	return drawnCell{runs: []drawnRun{{shown, ""}}}
}

var townships = []string{"南极乡", "汪溪街道", "梅林镇", "天湖街道"}

// draw makes a ledger of deposits whose unit stands in one of the places where offices write it.
func draw(r *rand.Rand, codes map[string]string) (drawnSheet, truth) {
	s, want := drawnSheet{stale: r.IntN(2) == 0}, truth{}
	unit := []string{"元", "万元", "万元", "千元"}[r.IntN(4)]
	header, note, info := "保证金金额", "", ""
	switch r.IntN(6) {
	case 0, 1:
		header += "（" + unit + "）"
	case 2:
		header += []string{"（" + unit + "，保留四位小数）", "\n（单位：" + unit + "）", "/" + unit}[r.IntN(3)]
	case 3:
		info = []string{"    单位：" + unit, "    金额单位：" + unit}[r.IntN(2)]
	case 4:
		note = []string{"注：本表金额单位为" + unit + "。", "说明：金额均以" + unit + "为单位"}[r.IntN(2)]
	case 5:
		s.box = "单位：" + unit
	}
	s.rows = [][]drawnCell{
		{text("在建工程项目农民工工资保证金台账")},
		{text("填报单位：劳动保障监察大队    报表所属期：2024年4月" + info)},
		{text("序号"), text("项目名称"), text("施工单位"), text("所属乡镇（街道）"), text("缴存日期"), text(header), text("状态")},
	}
	n := 2 + r.IntN(3)
	for i := range n {
		yuan := int64(1+r.IntN(300)) * 10_000 * int64(1+r.IntN(9)) / 4
		yuan -= yuan % 1000
		township := townships[i]
		want[codes[township]] = strconv.FormatInt(yuan, 10)
		s.rows = append(s.rows, []drawnCell{{number: strconv.Itoa(i + 1)}, text("示例" + strconv.Itoa(i+1) + "期工程"), text("示例市盛岭建设有限公司"), text(township),
			text("2023-05-0" + strconv.Itoa(i+1)), dress(r, yuan, unit, s.stale), text("在缴")})
	}
	if r.IntN(6) == 0 { // the second amount lies under the first
		s.merges = append(s.merges, reporting.Range{FirstRow: 3, LastRow: 4, FirstCol: 5, LastCol: 5})
	}
	if note != "" {
		s.rows = append(s.rows, []drawnCell{text(note)})
	}
	return s, want
}

// TestWhatIsSeen draws one content with formats, scales, units, marks, merges, results and kinds of file, and reads it as the worker does:
// the facts are those that the content says, or a finding stands at each cell whose fact is another. HUIZONG_SEEN is how many are drawn.
func TestWhatIsSeen(t *testing.T) {
	catalogue, err := schemas.Load(schemas.FS())
	if err != nil {
		t.Fatal(err)
	}
	codes := map[string]string{}
	for _, u := range catalogue.Units {
		codes[u.Name.ZH] = u.Code
	}
	matcher, reader := match.New(catalogue.Forms), normalize.NewReader(catalogue, []byte("key"))
	period, _ := reporting.ParsePeriod("2024-04")
	n := 200
	if text := os.Getenv("HUIZONG_SEEN"); text != "" {
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	accepted := 0
	for seed := range n {
		r := rand.New(rand.NewPCG(uint64(seed), 12))
		sheet, want := draw(r, codes)
		kind := []string{"xlsx", "xls", "ods", "csv"}[r.IntN(4)]
		data := map[string]func(drawnSheet) []byte{"xlsx": writeXLSX, "xls": writeXLS, "ods": writeODS, "csv": writeCSV}[kind](sheet)
		book, err := workbook.Open(data, workbook.Limits{})
		if err != nil {
			t.Fatalf("seed %d, %s: %v", seed, kind, err)
		}
		read, err := book.Read(0)
		if err != nil {
			t.Fatalf("seed %d, %s: %v", seed, kind, err)
		}
		layout, findings := matcher.Find([]*reporting.Sheet{read}, match.Expected{Form: "wage_deposits", Period: period})
		if layout == nil {
			t.Fatalf("seed %d, %s: %v", seed, kind, findings)
		}
		_, reading, more := reader.Read(layout, "349981JC", period)
		if findings = append(findings, more...); reporting.HasErrors(findings) {
			continue
		}
		accepted++
		got := truth{}
		for _, o := range reading.Observations {
			if o.Indicator == "inspection.wage_deposit_amount" {
				got[o.Unit] = o.Value.String()
			}
		}
		for i, township := range townships[:len(want)] {
			cell, code := reporting.CellName(int32(3+i), 5), codes[township]
			said := slices.ContainsFunc(findings, func(f reporting.Finding) bool { return f.Cell == cell && f.Severity != reporting.SeverityNote })
			if got[code] != want[code] && !(kind == "csv" && sheet.box != "") {
				t.Errorf("seed %d, %s: %s of %s is %q, not %q (a word at it: %v)\n%+v\n%s", seed, kind, cell, township, got[code], want[code], said, sheet.rows[3+i][5], explain(findings))
			}
		}
	}
	if accepted < n/20 {
		t.Errorf("of %d sheets %d were read", n, accepted)
	}
}

func explain(findings []reporting.Finding) string {
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&b, "  %s %s %s %s\n", f.Severity, f.Code, f.Cell, f.Message)
	}
	return b.String()
}

func escaped(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer takes everything
	return b.String()
}

func zipped(parts ...string) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		part, _ := w.CreateHeader(&zip.FileHeader{Name: parts[i], Method: zip.Deflate})
		fmt.Fprint(part, parts[i+1])
	}
	_ = w.Close()
	return b.Bytes()
}

// styleOf numbers the pairs of format and struck that come up.
type styleOf struct {
	formats []string // each with a mark in front: "S" struck, "-" not
}

func (s *styleOf) number(c drawnCell) int {
	key := "-" + c.format
	if c.struck {
		key = "S" + c.format
	}
	if i := slices.Index(s.formats, key); i >= 0 {
		return i
	}
	s.formats = append(s.formats, key)
	return len(s.formats) - 1
}

func whole(c drawnCell) string {
	all := ""
	for _, run := range c.runs {
		all += run.text
	}
	return all
}

func writeXLSX(s drawnSheet) []byte {
	const ns = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	const rel = `http://schemas.openxmlformats.org/officeDocument/2006/relationships/`
	const head = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`
	styles := styleOf{formats: []string{"-"}}
	var cells strings.Builder
	for i, row := range s.rows {
		fmt.Fprintf(&cells, `<row r="%d">`, i+1)
		for j, c := range row {
			at := fmt.Sprintf(`<c r="%s" s="%d"`, reporting.CellName(int32(i), int32(j)), styles.number(c))
			switch {
			case c.formula != "" && c.number == "":
				fmt.Fprintf(&cells, `%s><f>%s</f></c>`, at, c.formula)
			case c.formula != "":
				fmt.Fprintf(&cells, `%s><f>%s</f><v>%s</v></c>`, at, c.formula, c.number)
			case c.number != "":
				fmt.Fprintf(&cells, `%s><v>%s</v></c>`, at, c.number)
			default:
				fmt.Fprintf(&cells, `%s t="inlineStr"><is>`, at)
				for _, run := range c.runs {
					mark := map[string]string{"struck": "<rPr><strike/></rPr>", "raised": `<rPr><vertAlign val="superscript"/></rPr>`}[run.mark]
					fmt.Fprintf(&cells, `<r>%s<t xml:space="preserve">%s</t></r>`, mark, escaped(run.text))
				}
				cells.WriteString(`</is></c>`)
			}
		}
		cells.WriteString(`</row>`)
	}
	var merges, formats, xfs strings.Builder
	for _, m := range s.merges {
		fmt.Fprintf(&merges, `<mergeCell ref="%s"/>`, m)
	}
	for i, f := range styles.formats {
		id := 0
		if f[1:] != "" {
			id = 170 + i
			fmt.Fprintf(&formats, `<numFmt numFmtId="%d" formatCode="%s"/>`, id, escaped(f[1:]))
		}
		fmt.Fprintf(&xfs, `<xf numFmtId="%d" fontId="%d"/>`, id, strings.Count(f[:1], "S"))
	}
	calc := ""
	if s.stale {
		calc = `<calcPr fullCalcOnLoad="1"/>`
	}
	drawing := ""
	if s.box != "" {
		drawing = `<headerFooter><oddHeader>&amp;R` + s.box + `</oddHeader></headerFooter>`
	}
	return zipped("[Content_Types].xml", head+`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
		"_rels/.rels", head+`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="`+rel+`officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml", head+`<workbook `+ns+`><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets>`+calc+`</workbook>`,
		"xl/_rels/workbook.xml.rels", head+`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="`+rel+`worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="`+rel+`styles" Target="styles.xml"/></Relationships>`,
		"xl/styles.xml", head+`<styleSheet `+ns+`><numFmts>`+formats.String()+`</numFmts><fonts><font/><font><strike/></font></fonts><cellXfs>`+xfs.String()+`</cellXfs></styleSheet>`,
		"xl/worksheets/sheet1.xml", head+`<worksheet `+ns+`><sheetData>`+cells.String()+`</sheetData>`+mergeCells(merges.String())+drawing+`</worksheet>`)
}

// numberStyle writes the few formats that an OpenDocument file can say in so many words; others are written without one, and the number
// as it is shown.
func numberStyle(name, format string) (string, bool) {
	unit, digits, found := "", format, false
	format = strings.ReplaceAll(format, `"."`, "!.")
	for _, u := range []string{"万元", "千元", "元"} {
		if strings.HasSuffix(strings.ReplaceAll(format, `"`, ""), u) {
			unit, digits, found = u, strings.TrimSuffix(strings.ReplaceAll(format, `"`, ""), u), true
			break
		}
	}
	code := map[string]string{"": `number:min-integer-digits="1"`, "0.0000": `number:decimal-places="4" number:min-integer-digits="1"`, "#,##0": `number:min-integer-digits="1" number:grouping="true"`,
		"0.00": `number:decimal-places="2" number:min-integer-digits="1"`, "0.000,": `number:decimal-places="3" number:min-integer-digits="1" number:display-factor="1000"`}
	embedded := ""
	attrs, known := code[digits]
	if digits == "0!.0000" {
		attrs, embedded, known = `number:min-integer-digits="5"`, `<number:embedded-text number:position="4">.</number:embedded-text>`, true
	}
	if !known || !found && embedded == "" {
		return "", false
	}
	return fmt.Sprintf(`<number:number-style style:name="N%[1]s"><number:number %[2]s>%[3]s</number:number><number:text>%[4]s</number:text></number:number-style>`+
		`<style:style style:name="%[1]s" style:family="table-cell" style:data-style-name="N%[1]s"/>`, name, attrs, embedded, unit), true
}

func writeODS(s drawnSheet) []byte {
	var styles, rows strings.Builder
	for i, row := range s.rows {
		rows.WriteString(`<table:table-row>`)
		for j, c := range row {
			name := fmt.Sprintf("c%d-%d", i, j)
			span, attr := "", ""
			for _, m := range s.merges {
				if int(m.FirstRow) == i && int(m.FirstCol) == j {
					span = fmt.Sprintf(` table:number-rows-spanned="%d" table:number-columns-spanned="1"`, m.LastRow-m.FirstRow+1)
				}
			}
			if c.struck {
				fmt.Fprintf(&styles, `<style:style style:name="%s" style:family="table-cell"><style:text-properties style:text-line-through-style="solid"/></style:style>`, name)
				attr = ` table:style-name="` + name + `"`
			} else if style, ok := numberStyle(name, c.format); ok && c.format != "" {
				styles.WriteString(style)
				attr = ` table:style-name="` + name + `"`
			} else if c.format != "" { // said in words instead
				c.formula = "?"
			}
			if c.formula != "" {
				attr += ` table:formula="of:=` + escaped(c.formula) + `"`
				c.number = map[bool]string{true: "", false: c.number}[strings.HasSuffix(c.formula, "+0") || c.formula == "?"]
				if s.stale || c.number != "" {
					c.number = "" // LibreOffice always stores what it shows
				}
			}
			switch {
			case c.number != "":
				fmt.Fprintf(&rows, `<table:table-cell%s%s office:value-type="float" office:value="%s"><text:p>%s</text:p></table:table-cell>`, span, attr, c.number, c.number)
			case c.formula != "":
				fmt.Fprintf(&rows, `<table:table-cell%s%s/>`, span, attr)
			default:
				fmt.Fprintf(&rows, `<table:table-cell%s%s office:value-type="string"><text:p>`, span, attr)
				for _, run := range c.runs {
					if run.mark == "" {
						rows.WriteString(escaped(run.text))
					} else {
						fmt.Fprintf(&rows, `<text:span text:style-name="%s">%s</text:span>`, run.mark, escaped(run.text))
					}
				}
				rows.WriteString(`</text:p></table:table-cell>`)
			}
		}
		rows.WriteString(`</table:table-row>`)
	}
	box := ""
	if s.box != "" {
		box = `<table:shapes><draw:frame><draw:text-box><text:p>` + s.box + `</text:p></draw:text-box></draw:frame></table:shapes>`
	}
	return zipped("mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml",
		`<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"><office:automatic-styles>`+
			`<style:style style:name="struck" style:family="text"><style:text-properties style:text-line-through-style="solid"/></style:style>`+
			`<style:style style:name="raised" style:family="text"><style:text-properties style:text-position="super 58%"/></style:style>`+styles.String()+
			`</office:automatic-styles><office:body><office:spreadsheet><table:table table:name="Sheet1">`+box+rows.String()+`</table:table></office:spreadsheet></office:body></office:document-content>`)
}

// writeCSV writes what a spreadsheet would show, as saving does, without any mark; so only plain dresses come out as they are.
func writeCSV(s drawnSheet) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	for _, row := range s.rows {
		fields := make([]string, 7)
		for j, c := range row {
			fields[j] = c.number + whole(c)
			if c.format != "" || c.struck || c.formula != "" || len(c.runs) > 1 {
				fields[j] = "#" // not a number in a text file
			}
		}
		_ = w.Write(fields)
	}
	w.Flush()
	return b.Bytes()
}

func writeXLS(s drawnSheet) []byte {
	le := binary.LittleEndian
	words := func(list ...int) []byte {
		var b []byte
		for _, w := range list {
			b = le.AppendUint16(b, uint16(w))
		}
		return b
	}
	record := func(b []byte, id uint16, data []byte) []byte {
		return append(append(b, words(int(id), len(data))...), data...)
	}
	wide := func(text string) []byte {
		units := utf16.Encode([]rune(text))
		b := append(words(len(units)), 1)
		for _, u := range units {
			b = le.AppendUint16(b, u)
		}
		return b
	}
	styles := styleOf{formats: []string{"-"}}
	sst, texts := []byte{}, 0
	number := func(text string) []byte {
		f, _ := strconv.ParseFloat(text, 64)
		return le.AppendUint64(nil, math.Float64bits(f))
	}
	sheet := record(nil, 0x0809, words(0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 0, 6, 0))
	if s.box != "" {
		sheet = record(sheet, 0x0014, wide("&R"+s.box))
	}
	sheet = record(sheet, 0x0200, append(words(0, 0, len(s.rows), 0), words(0, 7, 0)...))
	for i, row := range s.rows {
		for j, c := range row {
			at := words(i, j, styles.number(c))
			switch {
			case c.formula != "":
				value, flags := number(c.number), 0
				if c.number == "" {
					value = append([]byte{3, 0, 0, 0, 0, 0}, 0xFF, 0xFF)
				} else if s.stale {
					flags = 2
				}
				left, right := c.formula[:strings.IndexAny(c.formula, "*+")], c.formula[len(c.formula)-1:]
				operator := map[bool]byte{true: 5, false: 3}[strings.Contains(c.formula, "*")]
				tokens := slices.Concat([]byte{0x1F}, number(left), []byte{0x1F}, number(right), []byte{operator})
				if s.inABS {
					tokens = slices.Concat(tokens, []byte{0x15, 0x41}, words(24))
				}
				sheet = record(sheet, 0x0006, slices.Concat(at, value, words(flags, 0, 0), words(len(tokens)), tokens))
			case c.number != "":
				sheet = record(sheet, 0x0203, append(at, number(c.number)...))
			default:
				b := wide(whole(c))
				if len(c.runs) > 1 {
					var runs []byte
					place := 0
					for _, run := range c.runs {
						runs = append(runs, words(place, map[string]int{"": 0, "struck": 1, "raised": 2}[run.mark])...)
						place += len(utf16.Encode([]rune(run.text)))
					}
					b[2] |= 8
					b = slices.Concat(b[:3], words(len(c.runs)), b[3:], runs)
				}
				sst = append(sst, b...)
				sheet = record(sheet, 0x00FD, append(at, le.AppendUint32(nil, uint32(texts))...))
				texts++
			}
		}
	}
	for _, m := range s.merges {
		sheet = record(sheet, 0x00E5, words(1, int(m.FirstRow), int(m.LastRow), int(m.FirstCol), int(m.LastCol)))
	}
	sheet = record(sheet, 0x000A, nil)
	global := func(offset int) []byte {
		b := record(nil, 0x0809, words(0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 0, 6, 0))
		b = record(b, 0x0042, words(1200))
		for _, font := range [][2]int{{0, 0}, {8, 0}, {0, 1}} {
			b = record(b, 0x0031, append(words(200, font[0], 8, 400, font[1], 0, 0), wide("A")[0], 1, 'A', 0))
		}
		for i, f := range styles.formats {
			b = record(b, 0x041E, append(words(170+i), wide(f[1:])...))
		}
		for i, f := range styles.formats {
			format := 0
			if f[1:] != "" {
				format = 170 + i
			}
			b = record(b, 0x00E0, append(words(strings.Count(f[:1], "S"), format, 1), make([]byte, 14)...))
		}
		name := wide("Sheet1")
		b = record(b, 0x0085, slices.Concat(le.AppendUint32(nil, uint32(offset)), []byte{0, 0, name[0]}, name[2:]))
		b = record(b, 0x00FC, slices.Concat(le.AppendUint32(nil, uint32(texts)), le.AppendUint32(nil, uint32(texts)), sst))
		return record(b, 0x000A, nil)
	}
	return append(global(len(global(0))), sheet...)
}

// drawMonthly makes a monthly report with counts and amounts, whose units stand where offices put them.
func drawMonthly(r *rand.Rand) (drawnSheet, truth) {
	pick := func(texts ...string) string { return texts[r.IntN(len(texts))] }
	unit := pick("元", "万元", "千元")
	factor := map[string]int64{"元": 1, "千元": 1000, "万元": 10_000}[unit]
	s, want, title := drawnSheet{}, truth{}, ""
	place := r.IntN(6)
	if place == 5 {
		title = pick("（单位："+unit+"）", "    金额单位："+unit)
	}
	s.rows = [][]drawnCell{{text("就业服务中心业务月报表")}, {text("填报单位：就业服务中心    报表所属期：2024年4月" + title)},
		{text("序号"), text("指标名称"), text("计量单位"), text("本月数"), text("本年累计")}}
	add := func(code, label, measure string, cell drawnCell, value int64) {
		s.rows = append(s.rows, []drawnCell{{number: strconv.Itoa(len(s.rows) - 2)}, text(label), text(measure), cell, {number: "1"}})
		s.rows[len(s.rows)-1][4] = cell
		want[code] = strconv.FormatInt(value, 10)
	}
	for _, row := range [][3]string{{"employment.online_job_fairs", "线上招聘会", "期"}, {"employment.online_fair_positions", "线上提供职位", "个"}, {"employment.internships_started", "新增就业见习到岗人员", "人"}} {
		n := int64(r.IntN(900) + 1)
		digits := strconv.FormatInt(n, 10)
		add(row[0], row[1], row[2], []drawnCell{{number: digits}, {number: digits, format: `0"` + row[2] + `"`}, {number: digits, format: `G/通用格式"` + row[2] + `"`},
			text(digits + row[2]), text(digits + "②"), {runs: []drawnRun{{"1", "struck"}, {digits, ""}}}, {number: digits, format: "yyyy/m/d"},
			{number: digits, format: pick(`0"①"`, `"1"0`, `-0`, `#-##`, `0,.0`, `[Color 10]0`, `0"〔2〕"`)}, text("\u200b" + digits[:1] + "\u200b" + digits[1:]),
			{number: digits, format: "#,##0"}, text(digits + " 12"), text("1O" + digits)}[r.IntN(12)], n)
	}
	for i, row := range [][2]string{{"employment.subsidy_public_welfare_posts", "公益性岗位补贴"}, {"employment.subsidy_internships", "就业见习补贴"}, {"employment.subsidy_grassroots_posts", "基层特岗补贴"},
		{"employment.startup_loans", "创业担保贷款发放额"}, {"training.skill_training_subsidy", "职业技能培训补贴"}} {
		yuan := int64(r.IntN(900)+1) * 1000
		label, measure := row[1], ""
		switch place {
		case 0:
			measure = pick(unit, unit, unit+"（人民币）", "人民币"+unit, "（"+unit+"）")
		case 1:
			if measure = unit; i > 0 {
				measure = pick("〃", "同上")
			}
		case 2:
			if i == 0 {
				measure = unit
				s.merges = append(s.merges, reporting.Range{FirstRow: int32(len(s.rows)), LastRow: int32(len(s.rows)) + 4, FirstCol: 2, LastCol: 2})
			}
		case 3:
			label += "（" + unit + "）"
		case 4:
			if measure = pick(unit, "美元", unit); i > 0 {
				measure = pick(unit, "")
			}
		}
		add(row[0], label, measure, drawnCell{number: reporting.Int(yuan).Quo(reporting.Int(factor), 8).String()}, yuan)
	}
	return s, want
}

// TestMonthlyIsSeen is TestWhatIsSeen for a monthly report: the units of its rows, and its counts.
func TestMonthlyIsSeen(t *testing.T) {
	catalogue, err := schemas.Load(schemas.FS())
	if err != nil {
		t.Fatal(err)
	}
	matcher, reader := match.New(catalogue.Forms), normalize.NewReader(catalogue, []byte("key"))
	period, _ := reporting.ParsePeriod("2024-04")
	read := 0
	const n = 200
	for seed := range n {
		r := rand.New(rand.NewPCG(uint64(seed), 13))
		drawn, want := drawMonthly(r)
		data := [](func(drawnSheet) []byte){writeXLSX, writeXLS, writeODS}[r.IntN(3)](drawn)
		book, err := workbook.Open(data, workbook.Limits{})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		sheet, err := book.Read(0)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		layout, findings := matcher.Find([]*reporting.Sheet{sheet}, match.Expected{Form: "employment_center_monthly", Period: period})
		if layout == nil {
			t.Fatalf("seed %d: %v", seed, findings)
		}
		_, reading, more := reader.Read(layout, "349981JY", period)
		if findings = append(findings, more...); reporting.HasErrors(findings) {
			continue
		}
		read++
		got := truth{}
		for _, o := range reading.Observations {
			got[o.Indicator] = o.Value.String()
		}
		for code := range want {
			if got[code] != want[code] {
				t.Errorf("seed %d: %s is %q, not %q\n%s", seed, code, got[code], want[code], explain(findings))
			}
		}
	}
	if read < n/20 {
		t.Errorf("of %d sheets %d were read", n, read)
	}
}

func mergeCells(merges string) string {
	if merges == "" {
		return ""
	}
	return "<mergeCells>" + merges + "</mergeCells>"
}

// TestCaseIsSeen: what stands in the place of a day or of wages, and is none, never makes an open case or an empty one.
func TestCaseIsSeen(t *testing.T) {
	catalogue, err := schemas.Load(schemas.FS())
	if err != nil {
		t.Fatal(err)
	}
	matcher, reader := match.New(catalogue.Forms), normalize.NewReader(catalogue, []byte("key"))
	period, _ := reporting.ParsePeriod("2021-03")
	sheet := func() drawnSheet {
		s := drawnSheet{}
		for _, line := range []string{"劳动保障监察投诉案件台账", "填报单位：劳动保障监察大队    报表所属期：2021年3月", "序号|案件编号|受理日期|办结日期|用人单位|所属乡镇（街道）|案件来源|涉及劳动者人数|追讨工资（元）|办理状态",
			"1|示劳监〔2021〕1号|2021-02-03|2021-03-04|示例一公司|梅林镇|投诉|3|1000|已办结", "2|示劳监〔2021〕2号|2021-02-05|2021-03-06|示例二公司|天湖街道|投诉|4|2000|已办结"} {
			var row []drawnCell
			for _, cell := range strings.Split(line, "|") {
				row = append(row, text(cell))
			}
			s.rows = append(s.rows, row)
		}
		return s
	}
	for name, test := range map[string]struct {
		dress func(*drawnSheet)
		cell  string // of the error, "" for none
	}{
		"as it is":             {func(*drawnSheet) {}, ""},
		"no result":            {func(s *drawnSheet) { s.rows[4][3] = drawnCell{formula: "A1+0"} }, "D5"},
		"a mark inside":        {func(s *drawnSheet) { s.rows[4][3] = text("2021年3月1①日") }, "D5"},
		"under the header":     {func(s *drawnSheet) { s.merges = []reporting.Range{{FirstRow: 2, LastRow: 3, FirstCol: 8, LastCol: 8}} }, "I4"},
		"a day's format hides": {func(s *drawnSheet) { s.rows[4][3] = drawnCell{number: "44261", format: ";;;"} }, "D5"},
	} {
		for kind, write := range map[string]func(drawnSheet) []byte{"xlsx": writeXLSX, "xls": writeXLS, "ods": writeODS} {
			if kind == "xls" && name == "no result" {
				continue // its formulas here are of two numbers
			}
			drawn := sheet()
			test.dress(&drawn)
			book, err := workbook.Open(write(drawn), workbook.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			read, err := book.Read(0)
			if err != nil {
				t.Fatal(err)
			}
			layout, findings := matcher.Find([]*reporting.Sheet{read}, match.Expected{Form: "inspection_cases", Period: period})
			if layout == nil {
				t.Fatalf("%s, %s: %v", name, kind, findings)
			}
			read.Rows[4].Hidden = true
			_, _, findings = reader.Read(layout, "349981JC", period)
			if !slices.ContainsFunc(findings, func(f reporting.Finding) bool {
				return f.Severity == reporting.SeverityNote && strings.Contains(f.Message, "隐藏的行")
			}) {
				t.Errorf("%s, %s: nothing says that the hidden row was read\n%s", name, kind, explain(findings))
			}
			at := ""
			for _, f := range findings {
				if f.Severity == reporting.SeverityError {
					at = f.Cell
				}
			}
			if at != test.cell {
				t.Errorf("%s, %s: the error is at %q, not %q\n%s", name, kind, at, test.cell, explain(findings))
			}
		}
	}
}
