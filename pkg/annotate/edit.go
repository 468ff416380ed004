package annotate

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// editor copies a part of a package without what could act. All other bytes stay as they are.
type editor struct {
	gone   map[string]harm // ids of the part's relations that were taken out
	shared map[string]bool // formulas, by their number, whose first cell has lost it
	count  func(harm, int)

	out   bytes.Buffer
	stack []frame
}

// frame is an element that has begun.
type frame struct {
	local   string
	start   int    // of its tag in out
	content int    // behind its tag in out
	text    []byte // of one that holds a formula
	group   string // number of the shared formula that it begins or uses
	drop    bool
	empty   bool // nothing stands in it yet
	cut     bool // something was cut out of it
}

// Elements by their local names.
var (
	// harmful act by being there.
	harmful = map[string]harm{"FmlaMacro": macros, "script": macros, "webPublishItems": connections, "webPublishing": connections,
		"webPublishObjects": connections, "dataModel": connections, "xmlColumnPr": customXML, "HyperlinkBase": links, "oleObject": embedded}
	// holders make no sense without what they hold.
	holders = []string{"hyperlinks", "oleObjects", "controls", "externalReferences", "pivotCaches", "tableParts", "customProperties",
		"dataRefs", "dataConsolidate", "AlternateContent", "Choice", "Fallback", "extLst", "ext"}
	// bearers of a relation do without it.
	bearers = []string{"pageSetup", "blip", "imagedata"}
	// written hold a formula; "f" is one of a cell, or of a chart.
	written = []string{"f", "formula", "formula1", "formula2", "definedName", "calculatedColumnFormula", "totalsRowFormula",
		"FmlaLink", "FmlaRange", "FmlaPict", "FmlaGroup", "FmlaTxbx"}
)

func (e *editor) edit(content []byte) ([]byte, error) {
	decoder := xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))))
	content = bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
	for {
		from := decoder.InputOffset()
		token, err := decoder.RawToken()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if err := e.token(token, content[from:decoder.InputOffset()]); err != nil {
			return nil, err
		}
	}
	if len(e.stack) > 0 {
		return nil, fmt.Errorf("element %s does not end", e.stack[0].local)
	}
	return e.out.Bytes(), nil
}

func (e *editor) token(token xml.Token, raw []byte) error {
	switch t := token.(type) {
	case xml.StartElement:
		return e.begin(t, raw)
	case xml.EndElement:
		return e.end(t.Name.Local, raw)
	case xml.Directive:
		return fmt.Errorf("it has a document type")
	case xml.ProcInst:
		if t.Target == "xml" {
			e.out.Write(raw)
		}
	case xml.CharData:
		e.out.Write(raw)
		if n := len(e.stack); n > 0 {
			top := &e.stack[n-1]
			top.empty = top.empty && len(bytes.TrimSpace(t)) == 0
			if slices.Contains(written, top.local) {
				top.text = append(top.text, t...)
			}
		}
	default:
		e.out.Write(raw)
	}
	return nil
}

func (e *editor) begin(t xml.StartElement, raw []byte) error {
	f := frame{local: t.Name.Local, start: e.out.Len(), empty: true}
	why, acts := harmful[f.local]
	acts = acts && len(e.stack) > 0 // not a part's own kind: a diagram's is dataModel, too
	f.drop = acts
	changed := false
	attrs := t.Attr[:0:0]
	for _, a := range t.Attr {
		_, lost := e.gone[a.Value]
		switch {
		case lost && a.Name.Space != "" && f.local == "sheet":
			return errRebuild // the numbers of the sheets behind it would shift
		case lost && a.Name.Space != "" && !slices.Contains(bearers, f.local):
			f.drop, acts = true, false // it is counted as the relation
		case lost && a.Name.Space != "", e.acts(f.local, a):
			changed = true
			continue
		case f.local == "f" && a.Name.Local == "si":
			f.group = a.Value
		}
		attrs = append(attrs, a)
	}
	if acts {
		e.count(why, 1)
	}
	if f.local == "definedName" && isMacroName(t.Attr) {
		f.drop = true
		e.count(macros, 1)
	}
	if fromElsewhere(t) {
		return errRebuild
	}
	if changed {
		raw = startTag(t.Name, attrs, bytes.HasSuffix(raw, []byte("/>")))
	}
	e.out.Write(raw)
	f.content = e.out.Len()
	if n := len(e.stack); n > 0 && !f.drop {
		e.stack[n-1].empty = false
	}
	e.stack = append(e.stack, f)
	return nil
}

// acts reports whether an attribute runs, fetches or points at something outside.
func (e *editor) acts(element string, a xml.Attr) bool {
	value := strings.TrimSpace(a.Value)
	switch local := a.Name.Local; {
	case local == "macro" || local == "fmlaMacro":
		if value != "" {
			e.count(macros, 1)
		}
		return value != ""
	case element == "c" && (local == "cm" || local == "vm"): // numbers in sheetMetadata, which is not kept
		return true
	case element == "table" && (local == "connectionId" || local == "tableType"), element == "tableColumn" && local == "queryTableFieldId":
		return true
	case local == "href" || local == "src": // of a drawing in VML
		bad := strings.ContainsAny(value, `:\`) || strings.HasPrefix(value, "//")
		if bad {
			e.count(links, 1)
		}
		return bad
	case (strings.HasPrefix(local, "fmla") || local == "textlink") && outward(value):
		e.count(formulas, 1)
		return true
	case strings.HasPrefix(local, "on") && strings.HasPrefix(strings.ToLower(local), "onmouse"):
		return true
	}
	return false
}

// isMacroName reports whether a name is that of a macro, or of what runs when the workbook is opened.
func isMacroName(attrs []xml.Attr) bool {
	for _, a := range attrs {
		switch a.Name.Local {
		case "xlm", "function", "vbProcedure":
			if a.Value != "0" && a.Value != "false" {
				return true
			}
		case "name":
			name := strings.TrimPrefix(strings.ToLower(a.Value), "_xlnm.")
			if slices.ContainsFunc([]string{"auto_open", "auto_close", "auto_activate", "auto_deactivate"}, func(auto string) bool { return strings.HasPrefix(name, auto) }) {
				return true
			}
		}
	}
	return false
}

// fromElsewhere reports whether it is the source of a pivot table whose data are not in the workbook: it cannot be cut out of the table.
func fromElsewhere(t xml.StartElement) bool {
	for _, a := range t.Attr {
		switch {
		case t.Name.Local == "cacheSource" && a.Name.Local == "type" && a.Value != "worksheet",
			t.Name.Local == "worksheetSource" && a.Name.Local == "id":
			return true
		}
	}
	return false
}

// startTag writes a tag anew.
func startTag(name xml.Name, attrs []xml.Attr, closed bool) []byte {
	var b bytes.Buffer
	b.WriteString("<" + qualified(name))
	for _, a := range attrs {
		b.WriteString(" " + qualified(a.Name) + `="` + escape(a.Value) + `"`)
	}
	if closed {
		b.WriteByte('/')
	}
	b.WriteByte('>')
	return b.Bytes()
}

func qualified(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}

func (e *editor) end(local string, raw []byte) error {
	n := len(e.stack)
	if n == 0 || e.stack[n-1].local != local {
		return fmt.Errorf("element %s ends where it has not begun", local)
	}
	f := e.stack[n-1]
	e.stack = e.stack[:n-1]
	if slices.Contains(written, f.local) && !f.drop {
		e.formula(&f)
	}
	if f.drop || f.cut && f.empty && slices.Contains(holders, f.local) {
		e.out.Truncate(f.start)
		if n > 1 {
			e.cutFrom(n - 2)
		}
		return nil
	}
	e.out.Write(raw) // nothing, of a tag that closes itself
	return nil
}

// cutFrom notes that an element has lost one that stood in it.
func (e *editor) cutFrom(i int) {
	e.stack[i].cut = true
	e.stack[i].empty = len(bytes.TrimSpace(e.out.Bytes()[e.stack[i].content:])) == 0
}

// formula takes out one that reaches outside. A cell keeps its value; elsewhere it stands as Excel writes one whose target is gone.
func (e *editor) formula(f *frame) {
	lost := f.group != "" && e.shared[f.group]
	if !lost && !outward(string(f.text)) {
		return
	}
	e.count(formulas, 1)
	if f.local == "f" && len(e.stack) > 0 && e.stack[len(e.stack)-1].local == "c" {
		e.shared[f.group] = f.group != ""
		f.drop = true
		return
	}
	e.out.Truncate(f.content)
	e.out.WriteString("#REF!")
}

// What reaches out of a workbook in a formula; [0] is the workbook itself. What stands in a string is looked at like the rest: a sheet's name may hold a quotation
// mark, and a formula too many that only leaves its value is the smaller loss.
var (
	otherBook = regexp.MustCompile(`\[0*[1-9]\d*\][\pL\pN_.\\?:]*!|'[^'!]*(?:\[|\\|//)[^'!]*'!|\[[^\[\]]+\.(?i:xl\w*|csv|ods|et|txt)\]`)
	program   = regexp.MustCompile(`\|[^!|]*!`)
	fetching  = regexp.MustCompile(`(?i)(?:^|[^\pL\pN_])(?:_xl\w+\.)*(?:WEBSERVICE|FILTERXML|RTD|CALL|REGISTER|REGISTER\.ID|EXEC|EXECUTE|INITIATE|POKE|DDE|IMAGE|STOCKHISTORY|PY|SQL\.REQUEST|CUBE\w+|HYPERLINK)\s*\(`)
	webLink   = regexp.MustCompile(`(?i)HYPERLINK\s*\(\s*"(?:#|https?://|mailto:)[^"]*"\s*[,)]`)
)

// outward reports whether a formula reaches out of the workbook: to another one, to a program, to the web, or by a link to a file.
func outward(formula string) bool {
	if otherBook.MatchString(formula) || program.MatchString(formula) {
		return true
	}
	return fetching.MatchString(webLink.ReplaceAllString(formula, "("))
}
