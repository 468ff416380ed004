// Package ods reads OpenDocument spreadsheets, which LibreOffice and some office suites of government save.
//
// The whole workbook is one part, so each sheet is a pass over it. Names of elements are taken with the prefixes that every
// program writes. Repeated rows and cells are expanded while they hold something, against the limits.
package ods

import (
	"slices"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/arena"
	"huizong/pkg/workbook/internal/fault"
	"huizong/pkg/workbook/internal/limits"
	"huizong/pkg/workbook/internal/unzip"
	"huizong/pkg/workbook/internal/xmlscan"
)

const (
	content  = "content.xml"
	manifest = "META-INF/manifest.xml"
)

// Sheet is a table of the workbook.
type Sheet struct {
	Name   string
	Hidden bool
}

// Workbook is an opened workbook.
type Workbook struct {
	Sheets []Sheet
	zip    *unzip.Archive
	limits limits.Limits
	styles *styles
	pages  []string // texts in the headers and footers of pages
}

// Is reports whether the archive is an OpenDocument spreadsheet, by the type that it states.
func Is(zip *unzip.Archive) bool {
	if !zip.Has(content) || !zip.Has("mimetype") {
		return false
	}
	r, err := zip.Open("mimetype")
	if err != nil {
		return false
	}
	defer r.Close()
	head := make([]byte, 64)
	n, _ := r.Read(head) // a wrong type is no spreadsheet, whatever the error
	const kind = "application/vnd.oasis.opendocument.spreadsheet"
	return n >= len(kind) && string(head[:len(kind)]) == kind
}

// Open reads the list of tables.
func Open(zip *unzip.Archive, l limits.Limits) (*Workbook, error) {
	w := &Workbook{zip: zip, limits: l, styles: newStyles()}
	if err := w.checkManifest(); err != nil {
		return nil, err
	}
	if zip.Has(stylesPart) {
		if err := w.passOver(stylesPart, w.element); err != nil {
			return nil, err
		}
	}
	return w, w.pass(w.element)
}

// element reads the list of tables, and the styles.
func (w *Workbook) element(s *xmlscan.Scanner) error {
	switch string(s.Name()) {
	case "office:document-content", "office:document-styles", "office:styles", "office:automatic-styles", "office:body", "office:spreadsheet":
		return nil
	case "office:master-styles":
		return besideCells(s, &w.pages)
	case "table:table":
		return w.addSheet(s)
	}
	if isStyle, err := w.styles.element(s); isStyle || err != nil {
		return err
	}
	return s.Skip()
}

func (w *Workbook) addSheet(s *xmlscan.Scanner) error {
	name, _, err := s.Attr("table:name")
	if err != nil {
		return err
	}
	sheet := Sheet{Name: string(name)}
	style, _, err := s.Attr("table:style-name")
	if err != nil {
		return err
	}
	sheet.Hidden = w.styles.hidden[string(style)]
	if w.Sheets = append(w.Sheets, sheet); len(w.Sheets) > w.limits.Entries {
		return fault.TooLarge(content, fault.Bomb())
	}
	return s.Skip()
}

// checkManifest looks whether the parts have a password.
func (w *Workbook) checkManifest() error {
	if !w.zip.Has(manifest) {
		return nil
	}
	return w.passOver(manifest, func(s *xmlscan.Scanner) error {
		if string(s.Name()) == "manifest:encryption-data" {
			return fault.Encrypted()
		}
		return nil
	})
}

func (w *Workbook) pass(start func(*xmlscan.Scanner) error) error { return w.passOver(content, start) }

// passOver reads a part to its end, and calls start for each element that begins and is not inside a skipped one.
func (w *Workbook) passOver(part string, start func(*xmlscan.Scanner) error) error {
	r, err := w.zip.Open(part)
	if err != nil {
		return err
	}
	defer r.Close()
	s := xmlscan.New(r, part)
	for {
		kind, err := s.Next()
		if err != nil {
			return err
		}
		switch kind {
		case xmlscan.EOF:
			return nil
		case xmlscan.Start:
			err = start(s)
		case xmlscan.Text:
			_, err = s.Text()
		}
		if err != nil {
			return err
		}
	}
}

// Scan reads the sheet row by row; see ooxml.Workbook.Scan.
func (w *Workbook) Scan(i int, texts *arena.Texts, visit func(*reporting.Row) error) (*reporting.Sheet, error) {
	head := &reporting.Sheet{Name: w.Sheets[i].Name, Hidden: w.Sheets[i].Hidden, Beside: slices.Clone(w.pages)}
	table := -1
	err := w.pass(func(s *xmlscan.Scanner) error {
		switch string(s.Name()) {
		case "office:document-content", "office:body", "office:spreadsheet":
			return nil
		case "table:table":
			if table++; table == i {
				r := &tableReader{
					Scanner: s, limits: w.limits, styles: w.styles, head: head, texts: texts, visit: visit,
					meter: limits.NewMeter(w.limits, content, head.Name),
				}
				return r.table()
			}
		}
		return s.Skip()
	})
	return head, err
}
