// Package docx writes a compile.Document as a Word file in the format of official documents, GB/T 9704-2012: A4, 22 lines of 28
// characters, fonts by name, numbered headings, — 1 — at the foot.
//
// Every number stands between bookmarks that name its binding (_F001_2 is the second place of F001); the custom XML part lists the bindings,
// so that the file alone says which figure each number is. In the companion a number leads to the entry of its origin, and the entry back.
// The same Document gives the same bytes. It does not lay out pages: Word does.
package docx

import (
	"io"

	"huizong/pkg/compile"
	"huizong/pkg/compile/internal/archive"
	"huizong/pkg/compile/internal/manifest"
)

// Write writes the document to w.
func Write(w io.Writer, d *compile.Document) error {
	b := newBody(d)
	document := b.documentXML()
	parts := []archive.Part{
		{Name: "[Content_Types].xml", Content: contentTypes(len(b.charts))},
		{Name: "_rels/.rels", Content: packageRels},
		{Name: "docProps/core.xml", Content: coreProperties(d)},
		{Name: "docProps/app.xml", Content: appProperties},
		{Name: "word/document.xml", Content: document},
		{Name: "word/_rels/document.xml.rels", Content: documentRels(len(b.charts))},
		{Name: "word/styles.xml", Content: stylesXML()},
		{Name: "word/settings.xml", Content: settingsXML},
		{Name: "word/fontTable.xml", Content: fontTableXML()},
		{Name: "word/footer1.xml", Content: footerXML("right")},
		{Name: "word/footer2.xml", Content: footerXML("left")},
		{Name: "customXml/item1.xml", Content: header + manifest.XML(d)},
		{Name: "customXml/_rels/item1.xml.rels", Content: customRels},
		{Name: "customXml/itemProps1.xml", Content: customProperties},
	}
	for i, c := range b.charts {
		parts = append(parts, archive.Part{Name: "word/" + chartTarget(i), Content: chartXML(c)})
	}
	return archive.Write(w, parts)
}
