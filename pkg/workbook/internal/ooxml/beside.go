package ooxml

import (
	"regexp"
	"strings"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/xmlscan"
)

const drawingText = "http://schemas.openxmlformats.org/drawingml/2006/main"

// maxBeside bounds the texts outside of the cells that are kept.
const maxBeside = 200

// besideCells adds the texts of the sheet's text boxes. They hold no value of the table, so what is wrong in a drawing refuses nothing.
func (w *Workbook) besideCells(part string, head *reporting.Sheet) {
	links, err := readRelations(w.zip, part)
	if err != nil {
		return
	}
	for _, link := range links {
		if link.kind == "drawing" && w.zip.Has(link.target) {
			w.drawing(link.target, head)
		}
	}
}

func (w *Workbook) drawing(part string, head *reporting.Sheet) {
	var paragraph strings.Builder
	flush := func() {
		if text := strings.TrimSpace(paragraph.String()); text != "" && len(head.Beside) < maxBeside {
			head.Beside = append(head.Beside, text)
		}
		paragraph.Reset()
	}
	_ = scanPart(w.zip, part, func(s *xmlscan.Scanner) error { // an error only means fewer texts
		switch string(s.Local()) {
		case "p":
			flush()
		case "t":
			b, err := s.Content()
			paragraph.Write(b)
			return err
		}
		return nil
	}, drawingText)
	flush()
}

// headerCodes are those of a page's header and footer: &L, &C and &R part it, the others are fonts, sizes and fields.
var headerCodes = regexp.MustCompile(`&(?:"[^"]*"|\d+|K[0-9A-F]{6}|[A-Z])`)

// pageText adds a header or footer of the printed page.
func (r *sheetReader) pageText() error {
	b, err := r.Content()
	if err != nil {
		return err
	}
	if text := strings.TrimSpace(headerCodes.ReplaceAllString(string(b), " ")); text != "" && len(r.head.Beside) < maxBeside {
		r.head.Beside = append(r.head.Beside, text)
	}
	return nil
}
