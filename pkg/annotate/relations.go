package annotate

import (
	"encoding/xml"
	"fmt"
	"path"
	"regexp"
	"strings"
)

// relation is one link from a part to another.
type relation struct {
	ID     string `xml:"Id,attr"`
	Type   string `xml:"Type,attr"`
	Target string `xml:"Target,attr"`
	Mode   string `xml:"TargetMode,attr"`
}

const relationNamespace = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

// is compares the last word of the type: files in strict OOXML have another namespace before it.
func (r relation) is(kind string) bool { return path.Base(r.Type) == kind }

// relationsPart is where the links of a part stand: xl/worksheets/_rels/sheet1.xml.rels. Those of the package itself, part "", are
// in _rels/.rels.
func relationsPart(part string) string {
	folder, name := path.Split(part)
	return folder + "_rels/" + name + ".rels"
}

func (a *archive) relations(part string) ([]relation, error) {
	content := a.text(relationsPart(part))
	if content == "" {
		return nil, nil
	}
	var list struct {
		Relations []relation `xml:"Relationship"`
	}
	if err := xml.Unmarshal([]byte(content), &list); err != nil {
		return nil, fmt.Errorf("relations of %s: %w", part, err)
	}
	return list.Relations, nil
}

// target is the name of the part that the relation leads to.
func (r relation) target(from string) string {
	if strings.HasPrefix(r.Target, "/") {
		return strings.TrimPrefix(r.Target, "/")
	}
	return path.Join(path.Dir(from), r.Target)
}

// setRelations writes the links of a part anew.
func (a *archive) setRelations(part string, list []relation) {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n" +
		`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`)
	for _, r := range list {
		mode := ""
		if r.Mode != "" {
			mode = ` TargetMode="` + escape(r.Mode) + `"`
		}
		fmt.Fprintf(&b, `<Relationship Id="%s" Type="%s" Target="%s"%s/>`, escape(r.ID), escape(r.Type), escape(r.Target), mode)
	}
	b.WriteString(`</Relationships>`)
	a.set(relationsPart(part), b.String())
}

// addType says what a new part is; "/xl/comments1.xml" by its name, or "vml" by its extension.
func (a *archive) addType(name, contentType string) {
	content, entry := a.text(contentTypes), ""
	switch {
	case strings.HasPrefix(name, "/") && !strings.Contains(content, `PartName="`+name+`"`):
		entry = fmt.Sprintf(`<Override PartName="%s" ContentType="%s"/>`, name, contentType)
	case !strings.HasPrefix(name, "/") && !strings.Contains(content, `Extension="`+name+`"`):
		entry = fmt.Sprintf(`<Default Extension="%s" ContentType="%s"/>`, name, contentType)
	}
	a.set(contentTypes, strings.Replace(content, `</Types>`, entry+`</Types>`, 1))
}

// sheetParts maps the names of the sheets to their parts.
func (a *archive) sheetParts() (map[string]string, error) {
	workbook, err := a.workbook()
	if err != nil {
		return nil, err
	}
	var list struct {
		Sheets []struct {
			Name  string     `xml:"name,attr"`
			Attrs []xml.Attr `xml:",any,attr"`
		} `xml:"sheets>sheet"`
	}
	if err := xml.Unmarshal([]byte(a.text(workbook)), &list); err != nil {
		return nil, fmt.Errorf("list of sheets: %w", err)
	}
	relations, err := a.relations(workbook)
	if err != nil {
		return nil, err
	}
	targets := map[string]string{}
	for _, r := range relations {
		targets[r.ID] = r.target(workbook)
	}
	parts := map[string]string{}
	for _, s := range list.Sheets {
		for _, attr := range s.Attrs {
			if attr.Name.Local == "id" {
				parts[s.Name] = targets[attr.Value]
			}
		}
	}
	return parts, nil
}

// workbook is the name of the workbook's main part.
func (a *archive) workbook() (string, error) {
	relations, err := a.relations("")
	if err != nil {
		return "", err
	}
	for _, r := range relations {
		if r.is("officeDocument") {
			return r.target(""), nil
		}
	}
	return "", fmt.Errorf("the package names no workbook")
}

var mainTypes = regexp.MustCompile(`application/vnd\.(?:ms-excel\.(?:sheet|template|addin)\.macroEnabled|openxmlformats-officedocument\.spreadsheetml\.template)\.main\+xml`)

// asPlainWorkbook says that the package is a workbook: what comes back is named .xlsx, and Excel refuses a file that is another kind
// than its name says.
func (a *archive) asPlainWorkbook() {
	a.set(contentTypes, mainTypes.ReplaceAllString(a.text(contentTypes), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"))
}
