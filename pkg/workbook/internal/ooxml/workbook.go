// Package ooxml reads .xlsx and .xlsm workbooks.
//
// A row is handed on as soon as it is complete, and memory does not grow with the sheet. The rules about content are as
// strict as those about form: inside the sheet's data every element is known or the file is refused, rows and columns only
// go forward, and every index points to something. What stands outside the data and is not understood is passed over.
package ooxml

import (
	"errors"
	"path"
	"strings"

	"huizong/pkg/reporting"
	"huizong/pkg/workbook/internal/arena"
	"huizong/pkg/workbook/internal/fault"
	"huizong/pkg/workbook/internal/limits"
	"huizong/pkg/workbook/internal/shared"
	"huizong/pkg/workbook/internal/unzip"
	"huizong/pkg/workbook/internal/xmlscan"
)

// The main namespaces: of the transitional dialect that everybody writes, and of the strict one.
const (
	transitional = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	strict       = "http://purl.oclc.org/ooxml/spreadsheetml/main"
	relations    = "http://schemas.openxmlformats.org/package/2006/relationships"
)

// Sheet is an entry of the workbook's list of sheets.
type Sheet struct {
	Name       string
	Hidden     bool
	VeryHidden bool
	Kind       string // "worksheet", "chartsheet", "dialogsheet", "macrosheet", "module"
	part       string
}

// Workbook is an opened workbook. Parts are read when they are asked for.
type Workbook struct {
	Sheets   []Sheet
	Date1904 bool

	zip     *unzip.Archive
	limits  limits.Limits
	related map[string][]relation // of the workbook part, by the last word of the type
	strings *shared.Strings       // nil before the first sheet is read
	rich    map[int]richString    // the shared strings that are more than their letters
	styles  *styles
	stale   bool // formulas are to be calculated when the workbook is opened
}

// Open reads the workbook's list of sheets. It returns nil when the zip is no workbook of this kind.
func Open(zip *unzip.Archive, l limits.Limits) (*Workbook, error) {
	main, err := mainPart(zip)
	if err != nil || main == "" {
		return nil, err
	}
	w := &Workbook{zip: zip, limits: l, rich: map[int]richString{}}
	links, err := readRelations(zip, main)
	if err != nil {
		return nil, err
	}
	w.related = map[string][]relation{}
	for _, r := range links {
		w.related[r.kind] = append(w.related[r.kind], r)
	}
	if err := w.refuseDDE(); err != nil {
		return nil, err
	}
	if err := refusePictures(zip); err != nil {
		return nil, err
	}
	return w, w.readMain(main, links)
}

// refuseDDE looks for links to running programs, which formulas mention only by number. Links to other workbooks are no fault,
// and a link's part is not read further than to tell the two apart.
func (w *Workbook) refuseDDE() error {
	for _, link := range w.related["externalLink"] {
		enough, isDDE := errors.New("enough"), false
		err := scanPart(w.zip, link.target, func(s *xmlscan.Scanner) error {
			if s.Depth() == 1 {
				return nil
			}
			isDDE = string(s.Local()) == "ddeLink"
			return enough
		}, transitional, strict)
		if err == enough && isDDE {
			return fault.Unreadable(link.target, fault.FromOutside("DDE"))
		}
	}
	return nil
}

// refusePictures looks for linked pictures that are not on the web. Opening the workbook when it goes back would fetch them
// unasked, and from a server of files in his own name.
func refusePictures(zip *unzip.Archive) error {
	for _, part := range zip.Names() {
		if !strings.HasSuffix(unzip.Key(part), ".rels") {
			continue
		}
		err := scanPart(zip, part, func(s *xmlscan.Scanner) error {
			if string(s.Local()) != "Relationship" {
				return nil
			}
			address, err := linkedPicture(s)
			if err != nil || address == "" || isWeb(address) {
				return err
			}
			return fault.Unreadable(part, fault.LinkedPicture(address))
		}, relations)
		if err != nil {
			return err
		}
	}
	return nil
}

// linkedPicture is the address of a relation's picture, "" where it is none or the workbook holds it.
func linkedPicture(s *xmlscan.Scanner) (address string, err error) {
	var isPicture, isLinked bool
	for _, a := range s.Attrs() {
		v, err := s.Value(a)
		if err != nil {
			return "", err
		}
		switch string(a.Name) {
		case "Type":
			isPicture = path.Base(string(v)) == "image"
		case "Target":
			address = string(v)
		case "TargetMode":
			isLinked = strings.EqualFold(string(v), "External")
		}
	}
	if !isPicture || !isLinked {
		address = ""
	}
	return address, s.Skip()
}

func isWeb(address string) bool {
	address = strings.ToLower(address)
	return strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "https://")
}

// mainPart finds the workbook part: by the package's relations, or where everybody has it when there are none.
func mainPart(zip *unzip.Archive) (string, error) {
	links, err := readRelations(zip, "")
	if err != nil {
		return "", err
	}
	for _, r := range links {
		if r.kind == "officeDocument" && strings.HasSuffix(unzip.Key(r.target), ".xml") && !isOther(r.target) {
			return r.target, nil
		}
	}
	if len(links) == 0 && zip.Has("xl/workbook.xml") {
		return "xl/workbook.xml", nil
	}
	return "", nil
}

// isOther reports whether the part belongs to a text or to slides.
func isOther(part string) bool {
	key := unzip.Key(part)
	return strings.HasPrefix(key, "word/") || strings.HasPrefix(key, "ppt/")
}

func (w *Workbook) readMain(main string, links []relation) error {
	byID := map[string]relation{}
	for _, r := range links {
		byID[r.id] = r
	}
	return scanPart(w.zip, main, func(s *xmlscan.Scanner) error {
		switch string(s.Local()) {
		case "workbook", "sheets":
			return nil
		case "workbookPr":
			return w.readProperties(s)
		case "calcPr":
			return w.readCalculation(s)
		case "sheet":
			return w.readSheetEntry(s, byID)
		}
		return s.Skip()
	}, transitional, strict)
}

func (w *Workbook) readProperties(s *xmlscan.Scanner) error {
	v, found, err := s.Attr("date1904")
	if err != nil {
		return err
	}
	if found {
		if w.Date1904, err = parseBool(s, v); err != nil {
			return err
		}
	}
	return s.Skip()
}

// readCalculation looks whether the program that wrote the workbook vouches for the results of its formulas.
func (w *Workbook) readCalculation(s *xmlscan.Scanner) error {
	for _, name := range []string{"fullCalcOnLoad", "forceFullCalc"} {
		v, _, err := s.Attr(name)
		if err != nil {
			return err
		}
		is, err := parseBool(s, v)
		if err != nil {
			return err
		}
		w.stale = w.stale || is
	}
	v, found, err := s.Attr("calcCompleted") // not, where somebody saved before a long calculation had ended, or calculates by hand
	if err != nil {
		return err
	}
	completed, err := parseBool(s, v)
	if err != nil {
		return err
	}
	w.stale = w.stale || found && !completed
	return s.Skip()
}

func (w *Workbook) readSheetEntry(s *xmlscan.Scanner, links map[string]relation) error {
	var sheet Sheet
	var id string
	for _, a := range s.Attrs() {
		v, err := s.Value(a)
		if err != nil {
			return err
		}
		switch name := string(a.Name); {
		case name == "name":
			sheet.Name = string(v)
		case name == "state":
			if err := sheet.setState(s, string(v)); err != nil {
				return err
			}
		case strings.HasSuffix(name, ":id"):
			id = string(v)
		}
	}
	if id == "" { // a module of old macros, which has no cells
		sheet.Kind = "module"
		w.Sheets = append(w.Sheets, sheet)
		return s.Skip()
	}
	r, found := links[id]
	if !found {
		return s.Errorf("sheet %q has no part", sheet.Name)
	}
	if !w.zip.Has(r.target) {
		return fault.Damaged(r.target, fault.NoOffset, "the part of sheet %q is missing", sheet.Name)
	}
	sheet.part, sheet.Kind = r.target, sheetKind(r.kind)
	w.Sheets = append(w.Sheets, sheet)
	if len(w.Sheets) > w.limits.Entries {
		return fault.TooLarge("", fault.Bomb())
	}
	return s.Skip()
}

func (sheet *Sheet) setState(s *xmlscan.Scanner, state string) error {
	switch state {
	case "visible":
	case "hidden":
		sheet.Hidden = true
	case "veryHidden":
		sheet.Hidden, sheet.VeryHidden = true, true
	default:
		return s.Errorf("sheet state %q", state)
	}
	return nil
}

func sheetKind(relation string) string {
	switch relation {
	case "xlMacrosheet", "xlIntlMacrosheet":
		return "macrosheet"
	case "chartsheet", "dialogsheet":
		return relation
	}
	return "worksheet"
}

// Scan reads the sheet row by row. Texts are kept in the arena; the row is the reader's own and changes after visit. What is
// returned is the sheet without its rows.
func (w *Workbook) Scan(i int, texts *arena.Texts, visit func(*reporting.Row) error) (*reporting.Sheet, error) {
	entry := w.Sheets[i]
	head := &reporting.Sheet{Name: entry.Name, Hidden: entry.Hidden, Date1904: w.Date1904}
	if entry.Kind != "worksheet" && entry.Kind != "macrosheet" {
		return head, nil
	}
	if err := w.readShared(); err != nil {
		return nil, err
	}
	if err := w.scanSheet(entry, head, texts, visit); err != nil {
		return head, err
	}
	w.besideCells(entry.part, head)
	return head, nil
}

// readShared reads styles and shared strings once, before the first sheet.
func (w *Workbook) readShared() error {
	if w.styles == nil {
		var err error
		if w.styles, err = w.readStyles(w.onlyPart("styles")); err != nil {
			return err
		}
	}
	if w.strings == nil {
		var err error
		if w.strings, err = w.readStrings(w.onlyPart("sharedStrings")); err != nil {
			return err
		}
	}
	return nil
}

// onlyPart is the target of the workbook's relation of the kind, "" when there is none.
func (w *Workbook) onlyPart(kind string) string {
	if links := w.related[kind]; len(links) > 0 {
		return links[0].target
	}
	return ""
}

// maxRelations bounds the relations of a part.
const maxRelations = 20_000

// relation is a line of a .rels part.
type relation struct{ id, kind, target string }

// readRelations reads the relations of a part ("" is the package). A part without any has none.
func readRelations(zip *unzip.Archive, part string) ([]relation, error) {
	dir, file := path.Split(part)
	rels := dir + "_rels/" + file + ".rels"
	if !zip.Has(rels) {
		return nil, nil
	}
	var links []relation
	err := scanPart(zip, rels, func(s *xmlscan.Scanner) error {
		if string(s.Local()) != "Relationship" {
			return nil
		}
		if len(links) == maxRelations {
			return fault.TooLarge(rels, fault.Bomb())
		}
		r, external, err := readRelation(s, dir)
		if err == nil && !external {
			links = append(links, r)
		}
		return err
	}, relations)
	return links, err
}

func readRelation(s *xmlscan.Scanner, dir string) (r relation, external bool, err error) {
	for _, a := range s.Attrs() {
		v, err := s.Value(a)
		if err != nil {
			return r, false, err
		}
		switch string(a.Name) {
		case "Id":
			r.id = string(v)
		case "Type":
			r.kind = path.Base(string(v))
		case "Target":
			r.target = resolve(dir, string(v))
		case "TargetMode":
			external = string(v) == "External"
		}
	}
	return r, external, s.Skip()
}

// resolve turns a relation's target, which may be absolute, relative or written with backslashes, into a part's name.
func resolve(dir, target string) string {
	target = strings.ReplaceAll(target, `\`, "/")
	if !strings.HasPrefix(target, "/") {
		target = "/" + dir + target
	}
	return strings.TrimPrefix(path.Clean(target), "/")
}

// scanPart reads a small part to its end and calls start for each element that begins. A start that does not skip the
// element is called for the elements inside it too.
func scanPart(zip *unzip.Archive, part string, start func(*xmlscan.Scanner) error, namespaces ...string) error {
	r, err := zip.Open(part)
	if err != nil {
		return err
	}
	defer r.Close()
	s := xmlscan.New(r, part, namespaces...)
	for {
		kind, err := s.Next()
		if err != nil {
			return err
		}
		switch kind {
		case xmlscan.EOF:
			return nil
		case xmlscan.Start:
			if err := start(s); err != nil {
				return err
			}
		case xmlscan.Text:
			if _, err := s.Text(); err != nil {
				return err
			}
		}
	}
}

// parseBool reads the booleans of XML Schema.
func parseBool(s *xmlscan.Scanner, v []byte) (bool, error) {
	switch string(v) {
	case "1", "true", "on", "t":
		return true, nil
	case "0", "false", "off", "f", "":
		return false, nil
	}
	return false, s.Errorf("%q is no boolean", v)
}
