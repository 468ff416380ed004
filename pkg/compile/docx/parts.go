package docx

import (
	"strings"
	"time"

	"huizong/pkg/compile"
	"huizong/pkg/compile/internal/manifest"
)

const fixedTypes = header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
	`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
	`<Default Extension="xml" ContentType="application/xml"/>` +
	`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>` +
	`<Override PartName="/docProps/app.xml" ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/>` +
	`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>` +
	`<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>` +
	`<Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/>` +
	`<Override PartName="/word/fontTable.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml"/>` +
	`<Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/>` +
	`<Override PartName="/word/footer2.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/>` +
	`<Override PartName="/customXml/itemProps1.xml" ContentType="application/vnd.openxmlformats-officedocument.customXmlProperties+xml"/>`

func contentTypes(charts int) string {
	var b strings.Builder
	b.WriteString(fixedTypes)
	for i := range charts {
		b.WriteString(`<Override PartName="/word/` + chartTarget(i) + `" ContentType="application/vnd.openxmlformats-officedocument.drawingml.chart+xml"/>`)
	}
	return b.String() + `</Types>`
}

const (
	relationships = header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	officeType    = `http://schemas.openxmlformats.org/officeDocument/2006/relationships/`
)

const packageRels = relationships +
	`<Relationship Id="rId1" Type="` + officeType + `officeDocument" Target="word/document.xml"/>` +
	`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>` +
	`<Relationship Id="rId3" Type="` + officeType + `extended-properties" Target="docProps/app.xml"/></Relationships>`

const fixedRels = relationships +
	`<Relationship Id="rId1" Type="` + officeType + `styles" Target="styles.xml"/>` +
	`<Relationship Id="rId2" Type="` + officeType + `settings" Target="settings.xml"/>` +
	`<Relationship Id="rId3" Type="` + officeType + `fontTable" Target="fontTable.xml"/>` +
	`<Relationship Id="rId4" Type="` + officeType + `footer" Target="footer1.xml"/>` +
	`<Relationship Id="rId5" Type="` + officeType + `footer" Target="footer2.xml"/>` +
	`<Relationship Id="rId6" Type="` + officeType + `customXml" Target="../customXml/item1.xml"/>`

func documentRels(charts int) string {
	var b strings.Builder
	b.WriteString(fixedRels)
	for i := range charts {
		b.WriteString(`<Relationship Id="` + chartRel(i) + `" Type="` + officeType + `chart" Target="` + chartTarget(i) + `"/>`)
	}
	return b.String() + `</Relationships>`
}

const customRels = relationships +
	`<Relationship Id="rId1" Type="` + officeType + `customXmlProps" Target="itemProps1.xml"/></Relationships>`

const customProperties = header + `<ds:datastoreItem ds:itemID="{6A1D7E52-0F7B-4C53-9C0E-2B6B54D9A7F1}" ` +
	`xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml"><ds:schemaRefs><ds:schemaRef ds:uri="` + manifest.Space + `"/></ds:schemaRefs></ds:datastoreItem>`

// appProperties names no version: a release must not change with the program that wrote it.
const appProperties = header + `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>Huizong</Application></Properties>`

const settingsXML = header + `<w:settings ` + namespaces + `><w:zoom w:percent="100"/>` +
	`<w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/><w:drawingGridHorizontalSpacing w:val="158"/><w:drawingGridVerticalSpacing w:val="579"/>` +
	`<w:characterSpacingControl w:val="compressPunctuation"/>` +
	`<w:compat><w:useFELayout/><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>` +
	`<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>`

// coreProperties dates the file at the cut-off: the package keeps no clock.
func coreProperties(d *compile.Document) string {
	at := d.Cutoff.UTC().Format(time.RFC3339)
	return header + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" ` +
		`xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		`<dc:title>` + escape(strings.Join(d.Title, "")) + `</dc:title><dc:creator>` + escape(d.Issuer) + `</dc:creator>` +
		`<cp:lastModifiedBy>` + escape(d.Issuer) + `</cp:lastModifiedBy>` +
		`<dcterms:created xsi:type="dcterms:W3CDTF">` + at + `</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">` + at + `</dcterms:modified>` +
		`<dc:language>zh-CN</dc:language></cp:coreProperties>`
}
