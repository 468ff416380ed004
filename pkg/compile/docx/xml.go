package docx

import (
	"encoding/xml"
	"strings"
)

const header = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

const namespaces = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" ` +
	`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`

// hint asks for the Chinese font where a character is in both. Word looks for it in the run itself.
const hint = `<w:rFonts w:hint="eastAsia"/>`

// escape makes any text safe in XML. Characters that XML cannot hold, such as controls, become U+FFFD, so that they show.
func escape(text string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(text)) // a strings.Builder does not fail
	return b.String()
}

func textRun(text string) string { return runXML(hint, text) }

// runXML writes a run with its properties.
func runXML(properties, text string) string {
	if properties != "" {
		properties = `<w:rPr>` + properties + `</w:rPr>`
	}
	return `<w:r>` + properties + `<w:t xml:space="preserve">` + escape(text) + `</w:t></w:r>`
}
