package annotate

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"huizong/pkg/reporting"
)

// Removed is one kind of thing that the copy has not, because it could act when it is opened.
type Removed struct {
	Kind  reporting.Text `json:"kind"`
	Count int            `json:"count"` // 0 is not counted: all of it
}

// The kinds that are not counted.
var (
	allButCells = Removed{Kind: reporting.Text{ZH: "单元格以外的一切：宏、公式、链接、图片（批注表按单元格内容重新生成）", EN: "everything but the cells: macros, formulas, links, pictures (the copy is made of the cells)"}}
	allOfIt     = Removed{Kind: reporting.Text{ZH: "原表的全部内容（只列出了问题）", EN: "all of the sheet (the findings are listed alone)"}}
)

// left is what the copy has not, of all that the original may have.
func (a *annotation) left() []Removed {
	switch {
	case len(a.Sheets) == 0:
		return []Removed{allOfIt}
	case a.ofCells():
		return append(listed(a.removed), allButCells)
	}
	return listed(a.removed)
}

// ofCells reports whether the copy is made of the cells alone, and the original may have had more: a text file has nothing else.
func (a *annotation) ofCells() bool { return a.anew && len(a.Sheets) > 0 && a.Sheets[0].Name != "" }

// harm is a kind of what is taken out.
type harm int

const (
	macros harm = iota
	connections
	otherBooks
	embedded
	controls
	links
	ribbons
	addIns
	customXML
	pictures
	formulas
	others
	silent // of no consequence: Excel makes it again
)

var harms = [silent]reporting.Text{
	macros:      {ZH: "宏", EN: "macros"},
	connections: {ZH: "外部数据连接", EN: "connections to data elsewhere"},
	otherBooks:  {ZH: "与其他文件或程序的链接", EN: "links to other files or programs"},
	embedded:    {ZH: "嵌入的对象", EN: "embedded objects"},
	controls:    {ZH: "ActiveX 控件", EN: "ActiveX controls"},
	links:       {ZH: "指向文件或网络共享的超链接", EN: "hyperlinks to files or shares"},
	ribbons:     {ZH: "自定义功能区", EN: "ribbons of its own"},
	addIns:      {ZH: "加载项", EN: "add-ins"},
	customXML:   {ZH: "自定义 XML（含 Power Query）", EN: "custom XML, Power Query included"},
	pictures:    {ZH: "链接的图片", EN: "linked pictures"},
	formulas:    {ZH: "从文件外取数或运行程序的公式（只留结果）", EN: "formulas that reach outside (their results stay)"},
	others:      {ZH: "其他不认识的部件", EN: "other parts that are not known"},
}

// kept are the kinds of relations that lead to what a sheet is made of. All others, whatever they are, are taken out.
var kept = []string{
	"officeDocument", "core-properties", "extended-properties", "custom-properties", "coreProperties", "extendedProperties", "customProperties",
	"worksheet", "chartsheet", "sharedStrings", "styles", "theme", "comments", "threadedComment", "person", "vmlDrawing", "drawing", "hyperlink",
	"printerSettings", "table", "image", "ctrlProp", "pivotTable", "pivotCacheDefinition", "pivotCacheRecords",
	"slicer", "slicerCache", "timeline", "timelineCache", "cellImage", // WPS's pictures in cells
	"chart", "chartEx", "chartStyle", "chartColorStyle", "themeOverride", "chartUserShapes",
	"diagramData", "diagramLayout", "diagramQuickStyle", "diagramColors", "diagramDrawing",
}

// harmOf says what the known ones of the others are.
var harmOf = map[string]harm{
	"vbaProject": macros, "jsaProject": macros, "attachedToolbars": macros, "xlMacrosheet": macros, "xlIntlMacrosheet": macros, "dialogsheet": macros,
	"connections": connections, "queryTable": connections, "powerPivotData": connections, "volatileDependencies": connections,
	"externalLink": otherBooks, "externalLinkPath": otherBooks, "externalLinkLongPath": otherBooks, "xlPathMissing": otherBooks,
	"oleObject": embedded, "package": embedded, "control": controls, "activeXControlBinary": controls,
	"extensibility": ribbons, "webextension": addIns, "webextensiontaskpanes": addIns, "taskpanes": addIns,
	"customXml": customXML, "customXmlProps": customXML, "xmlMaps": customXML, "tableSingleCells": customXML,
	"calcChain": silent, "sheetMetadata": silent, "thumbnail": silent, "customProperty": silent,
	"classificationlabels": silent, "origin": silent, // of a digital signature, which no longer holds for a copy
}

// errRebuild is of a workbook out of which something cannot be cut: it is made anew of its cells instead.
var errRebuild = errors.New("the workbook cannot be cleaned part by part")

// cleaner takes out of a package what could act when it is opened. It goes by what is known to be harmless: from the package's root
// along the kept kinds of relations, and what is not reached so is left behind.
type cleaner struct {
	*archive
	names   map[string]string // of the parts, by their names in small letters
	reached map[string]bool
	removed map[harm]int
}

// unpack reads a package into memory. The reader has bounded what is unpacked before; this bounds it again.
func unpack(file []byte) (*archive, error) {
	zr, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, err
	}
	a := &archive{parts: map[string]*bytes.Buffer{}}
	left := int64(unpackedLimit)
	for _, f := range zr.File {
		name := strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(f.Name, `\`, "/")), "/")
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return nil, fmt.Errorf("part %s: %w", name, err)
		}
		var content bytes.Buffer
		n, err := io.Copy(&content, io.LimitReader(r, left+1))
		if err = errors.Join(err, r.Close()); err != nil {
			return nil, fmt.Errorf("part %s: %w", name, err)
		}
		if left -= n; left < 0 {
			return nil, fmt.Errorf("more than %d bytes unpacked", int64(unpackedLimit))
		}
		a.parts[name] = &content
	}
	return a, nil
}

// clean takes out what could act, and returns how much of what it was.
func (a *archive) clean() (map[harm]int, error) {
	c := &cleaner{archive: a, names: map[string]string{}, reached: map[string]bool{}, removed: map[harm]int{}}
	for name := range a.parts {
		c.names[strings.ToLower(name)] = name
	}
	if err := c.part(""); err != nil {
		return c.removed, err
	}
	for name := range a.parts {
		if !c.reached[name] && name != contentTypes {
			delete(a.parts, name)
		}
	}
	return c.removed, c.cleanTypes()
}

// part cleans a part and, first, what it leads to.
func (c *cleaner) part(name string) error {
	c.reached[name] = true
	c.reached[relationsPart(name)] = true
	relations, err := c.relations(name)
	if err != nil {
		return err
	}
	gone := map[string]harm{}
	stay := relations[:0:0]
	for _, r := range relations {
		if why, harmful := c.judge(r, name); harmful {
			gone[r.ID] = why
			c.count(why, 1)
			continue
		}
		if target := c.find(r, name); target != "" && !c.reached[target] {
			if err := c.part(target); err != nil {
				return err
			}
		}
		stay = append(stay, r)
	}
	if c.has(relationsPart(name)) {
		c.setRelations(name, stay)
	}
	if name == "" || !isXML(name) {
		return nil
	}
	e := &editor{gone: gone, shared: map[string]bool{}, count: c.count}
	content, err := e.edit(c.parts[name].Bytes())
	if err != nil {
		return fmt.Errorf("part %s: %w", name, err)
	}
	c.parts[name] = bytes.NewBuffer(content)
	return nil
}

func (c *cleaner) count(why harm, n int) {
	if why != silent {
		c.removed[why] += n
	}
}

// judge reports whether a relation has to go, and what it is then.
func (c *cleaner) judge(r relation, from string) (harm, bool) {
	kind := path.Base(r.Type)
	external := strings.EqualFold(r.Mode, "External")
	switch {
	case kind == "hyperlink" && (strings.HasPrefix(r.Target, "#") || external && isWebAddress(r.Target)):
		return 0, false
	case kind == "hyperlink":
		return links, true
	case kind == "image" && external:
		return pictures, true
	case slices.Contains(kept, kind) && !external && c.find(r, from) != "":
		return 0, false
	case slices.Contains(kept, kind) && !external:
		return silent, true // it leads nowhere
	}
	why, known := harmOf[kind]
	if !known {
		why = others
	}
	return why, true
}

// find is the part that a relation leads to, "" where there is none.
func (c *cleaner) find(r relation, from string) string {
	if r.is("hyperlink") {
		return ""
	}
	target := r.target(from)
	if plain, err := url.PathUnescape(target); err == nil && c.names[strings.ToLower(target)] == "" {
		target = plain
	}
	return c.names[strings.ToLower(target)]
}

// isWebAddress reports whether a link leads to a page or a mailbox. Anything else is a file, here or on a server that would be
// told who opens it, or a program.
func isWebAddress(target string) bool {
	u, err := url.Parse(target)
	if err != nil {
		return false
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		return u.Host != ""
	case "mailto":
		return true
	}
	return false
}

func isXML(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".xml", ".vml":
		return true
	}
	return false
}

// actingType are types of parts that no kept relation leads to.
var actingType = regexp.MustCompile(`(?i)macrosheet|dialogsheet|vbaProject|oleObject|activeX|customUI|webextension|externalLink|connections|queryTable|customXml`)

// cleanTypes drops the types of parts that are gone.
func (c *cleaner) cleanTypes() error {
	var list struct {
		Defaults []struct {
			Extension   string `xml:",attr"`
			ContentType string `xml:",attr"`
		} `xml:"Default"`
		Overrides []struct {
			PartName    string `xml:",attr"`
			ContentType string `xml:",attr"`
		} `xml:"Override"`
	}
	if err := xml.Unmarshal([]byte(c.text(contentTypes)), &list); err != nil {
		return fmt.Errorf("content types: %w", err)
	}
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n" + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">`)
	for _, d := range list.Defaults {
		if !actingType.MatchString(d.ContentType) {
			fmt.Fprintf(&b, `<Default Extension="%s" ContentType="%s"/>`, escape(d.Extension), escape(d.ContentType))
		}
	}
	for _, o := range list.Overrides {
		if name := c.names[strings.ToLower(strings.TrimPrefix(o.PartName, "/"))]; c.reached[name] && name != "" {
			if actingType.MatchString(o.ContentType) {
				return errRebuild // a part that is not what the relation to it says
			}
			fmt.Fprintf(&b, `<Override PartName="/%s" ContentType="%s"/>`, escape(name), escape(o.ContentType))
		}
	}
	b.WriteString(`</Types>`)
	c.set(contentTypes, b.String())
	return nil
}

// listed are what was taken out, in a fixed order.
func listed(removed map[harm]int) []Removed {
	var list []Removed
	for h, kind := range harms {
		if n := removed[harm(h)]; n > 0 {
			list = append(list, Removed{kind, n})
		}
	}
	return list
}
