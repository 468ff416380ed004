package workbooktest

import "strings"

// Parts is a workbook of one sheet as its parts; a case states only what differs.
type Parts struct {
	Workbook, Rels, Styles, Strings, Sheet string
	Without                                string // a part to leave out
	Picture                                string // the address of a linked picture
	Beside                                 []Part // parts more
}

// The names of the parts' elements and relations.
const (
	MainNS = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	RelNS  = `xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
)

// Zip packs them.
func (p Parts) Zip() []byte {
	or := func(text, fallback string) string {
		if text == "" {
			return fallback
		}
		return text
	}
	sheet := p.Sheet
	if !strings.Contains(sheet, "<?xml") && !strings.Contains(sheet, "worksheet") {
		sheet = `<worksheet ` + MainNS + `><sheetData>` + sheet + `</sheetData></worksheet>`
	}
	var list []Part
	for _, part := range []Part{
		{Name: "_rels/.rels", Text: `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="` + Office + `officeDocument" Target="/xl/workbook.xml"/></Relationships>`},
		{Name: "xl/workbook.xml", Text: or(p.Workbook, `<workbook `+MainNS+` `+RelNS+`><sheets><sheet name="S" sheetId="1" r:id="s"/></sheets></workbook>`)},
		{Name: "xl/_rels/workbook.xml.rels", Text: or(p.Rels, `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="s" Type="`+Office+`worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="t" Type="`+Office+`sharedStrings" Target="sharedStrings.xml"/><Relationship Id="y" Type="`+Office+`styles" Target="styles.xml"/></Relationships>`)},
		{Name: "xl/styles.xml", Text: or(p.Styles, `<styleSheet `+MainNS+`><numFmts count="1"><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="176"/><xf numFmtId="31"/></cellXfs></styleSheet>`)},
		{Name: "xl/sharedStrings.xml", Text: or(p.Strings, `<sst `+MainNS+`><si><t>甲</t></si><si><r><t>乙</t></r><r><rPr><b/></rPr><t xml:space="preserve"> 丙</t></r><rPh sb="0" eb="1"><t>YI</t></rPh></si><si><t>a_x000D_b_x005F_x0041_</t></si><si/></sst>`)},
		{Name: "xl/worksheets/sheet1.xml", Text: sheet},
	} {
		if part.Name != p.Without {
			list = append(list, part)
		}
	}
	list = append(list, p.Beside...)
	if p.Picture != "" {
		list = append(list, Part{Name: "xl/Drawings/_rels/drawing1.xml.RELS", Text: `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="p" Type="` + Office + `image" Target="` + p.Picture + `" TargetMode="External"/></Relationships>`})
	}
	return Zip(list...)
}

// ODS is a spreadsheet of OpenDocument with the given styles and tables.
func ODS(styles, tables string) []byte {
	return Zip(
		Part{Name: "mimetype", Text: "application/vnd.oasis.opendocument.spreadsheet"},
		Part{Name: "content.xml", Text: `<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:style="s" xmlns:calcext="c">` +
			`<office:automatic-styles>` + styles + `</office:automatic-styles><office:body><office:spreadsheet>` + tables + `</office:spreadsheet></office:body></office:document-content>`},
	)
}
