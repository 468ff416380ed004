// Package docx writes a compile.Document as a Word file in the format of official documents, GB/T 9704-2012: A4, 22 lines of 28
// characters, fonts by name, numbered headings, — 1 — at the foot.
//
// Every number stands in a content control whose tag is the id of its binding; the custom XML part lists the bindings, so that the
// file alone says which figure each number is. The same Document gives the same bytes. It does not lay out pages: Word does.
package docx

import (
	"io"

	"huizong/pkg/compile"
)

// Write writes the document to w.
func Write(w io.Writer, d *compile.Document) error {
	return writeZip(w, []part{
		{"[Content_Types].xml", contentTypes},
		{"_rels/.rels", packageRels},
		{"docProps/core.xml", coreProperties(d)},
		{"docProps/app.xml", appProperties},
		{"word/document.xml", documentXML(d)},
		{"word/_rels/document.xml.rels", documentRels},
		{"word/styles.xml", stylesXML()},
		{"word/settings.xml", settingsXML},
		{"word/fontTable.xml", fontTableXML()},
		{"word/footer1.xml", footerXML("right")},
		{"word/footer2.xml", footerXML("left")},
		{"customXml/item1.xml", bindingsXML(d)},
		{"customXml/_rels/item1.xml.rels", customRels},
		{"customXml/itemProps1.xml", customProperties},
	})
}
