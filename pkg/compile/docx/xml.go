package docx

import "huizong/pkg/compile/internal/markup"

const header = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

const namespaces = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" ` +
	`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" ` +
	`xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" ` +
	`xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"`

// hint asks for the Chinese font where a character is in both. Word looks for it in the run itself.
const hint = `<w:rFonts w:hint="eastAsia"/>`

func escape(text string) string { return markup.Escape(text) }

func textRun(text string) string { return runXML(hint, text) }

// runXML writes a run with its properties.
func runXML(properties, text string) string {
	if properties != "" {
		properties = `<w:rPr>` + properties + `</w:rPr>`
	}
	return `<w:r>` + properties + `<w:t xml:space="preserve">` + escape(text) + `</w:t></w:r>`
}
