package annotate

import (
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"huizong/pkg/reporting"
)

// note is one comment on a cell.
type note struct {
	row, col int32 // zero-based
	author   string
	text     string
	lastCol  int32 // where its box ends, so that it is wide enough whatever the widths of the columns
}

// sheetNotes are all comments that a sheet is to have: the clerk's own and ours.
type sheetNotes struct {
	sheet string
	notes []note
}

// addNotes gives each sheet its comments, in place of those that it has. The blocks of shape ids go on after those of the sheets
// that are left as they are.
func (a *archive) addNotes(sheets []sheetNotes) error {
	parts, err := a.sheetParts()
	if err != nil {
		return err
	}
	places := make([]notePlace, len(sheets))
	ours := map[string]bool{}
	for i, s := range sheets {
		if places[i], err = a.notePlace(parts[s.sheet], i+1); err != nil {
			return err
		}
		ours[places[i].drawing] = true
	}
	block := a.lastBlock(ours) + 1
	for i, s := range sheets {
		slices.SortFunc(s.notes, func(x, y note) int { return int(x.row-y.row)*excelColumns + int(x.col-y.col) })
		drawing, next := drawNotes(s.notes, places[i].kept, block)
		block = next
		a.set(places[i].drawing, drawing)
		a.set(places[i].comments, commentsXML(s.notes))
		a.addType("/"+places[i].comments, "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml")
	}
	if len(sheets) > 0 {
		a.addType("vml", "application/vnd.openxmlformats-officedocument.vmlDrawing")
	}
	return nil
}

const excelColumns = 16384

// notePlace is where a sheet's comments stand: their texts in one part, their boxes in another.
type notePlace struct {
	comments string
	drawing  string
	kept     string // shapes of the drawing that are no comments, such as buttons
}

// notePlace finds the sheet's two parts, or makes their links.
func (a *archive) notePlace(sheet string, number int) (notePlace, error) {
	if !a.has(sheet) {
		return notePlace{}, fmt.Errorf("sheet part %q is not in the package", sheet)
	}
	relations, err := a.relations(sheet)
	if err != nil {
		return notePlace{}, err
	}
	content := a.text(sheet)
	place := notePlace{comments: fmt.Sprintf("xl/huizongComments%d.xml", number), drawing: fmt.Sprintf("xl/drawings/huizongDrawing%d.vml", number)}
	linked := false
	for _, r := range relations {
		switch {
		case r.is("comments"):
			place.comments, linked = r.target(sheet), true
		case r.is("vmlDrawing") && strings.Contains(content, `legacyDrawing r:id="`+r.ID+`"`):
			place.drawing = r.target(sheet)
			place.kept = otherShapes(a.text(place.drawing))
		}
	}
	if !linked {
		relations = append(relations, relation{ID: "rIdHuizongComments", Type: relationNamespace + "/comments", Target: "/" + place.comments})
	}
	if !strings.Contains(content, "<legacyDrawing ") {
		relations = append(relations, relation{ID: "rIdHuizongDrawing", Type: relationNamespace + "/vmlDrawing", Target: "/" + place.drawing})
		if content, err = withLegacyDrawing(content, "rIdHuizongDrawing"); err != nil {
			return place, err
		}
		a.set(sheet, content)
	}
	a.setRelations(sheet, relations)
	return place, nil
}

// afterLegacyDrawing are the elements of a worksheet that must stand behind legacyDrawing: Excel refuses any other order.
var afterLegacyDrawing = []string{"legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst"}

// withLegacyDrawing puts the link to the drawing in its place. Only what follows the cells is parsed: it is short.
func withLegacyDrawing(sheet, id string) (string, error) {
	start := strings.LastIndex(sheet, "</sheetData>")
	if start < 0 {
		start = strings.LastIndex(sheet, "<sheetData/>")
	}
	if start < 0 {
		return "", fmt.Errorf("worksheet without sheetData")
	}
	start += len("</sheetData>") // as long as <sheetData/>
	at, err := offsetOfFirst(sheet[start:], afterLegacyDrawing)
	if err != nil {
		return "", err
	}
	at += start
	link := `<legacyDrawing xmlns:r="` + relationNamespace + `" r:id="` + id + `"/>`
	return sheet[:at] + link + sheet[at:], nil
}

// offsetOfFirst is where the first of the elements begins on the top level of the text, or else where the worksheet ends.
func offsetOfFirst(tail string, names []string) (int, error) {
	decoder := xml.NewDecoder(strings.NewReader(tail))
	decoder.Strict = false
	for depth := 0; ; {
		at := int(decoder.InputOffset())
		token, err := decoder.RawToken()
		if err == io.EOF {
			return 0, fmt.Errorf("worksheet without its end")
		}
		if err != nil {
			return 0, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if depth == 0 && slices.Contains(names, t.Name.Local) {
				return at, nil
			}
			depth++
		case xml.EndElement:
			if depth == 0 {
				return at, nil
			}
			depth--
		}
	}
}

var shape = regexp.MustCompile(`(?s)<v:shape [^>]*>.*?</v:shape>`)

// otherShapes are the shapes of a drawing that are no comments, as they are written, with the types that they refer to.
func otherShapes(drawing string) string {
	kept := ""
	for _, s := range shape.FindAllString(drawing, -1) {
		if !strings.Contains(s, `ObjectType="Note"`) {
			kept += s
		}
	}
	if kept == "" {
		return ""
	}
	types := regexp.MustCompile(`(?s)<v:shapetype .*?</v:shapetype>`).FindAllString(drawing, -1)
	types = slices.DeleteFunc(types, func(t string) bool { return strings.Contains(t, `id="`+noteType+`"`) })
	return strings.Join(types, "") + kept
}

var blocks = regexp.MustCompile(`<o:idmap [^>]*data="([\d,]+)"`)

// lastBlock is the greatest block of shape ids that a drawing other than ours has, and that the kept shapes of ours may have.
func (a *archive) lastBlock(ours map[string]bool) int {
	last := 0
	for name := range a.parts {
		if path.Ext(name) != ".vml" || ours[name] && otherShapes(a.text(name)) == "" {
			continue
		}
		for _, m := range blocks.FindAllStringSubmatch(a.text(name), -1) {
			for text := range strings.SplitSeq(m[1], ",") {
				n, _ := strconv.Atoi(text)
				last = max(last, n)
			}
		}
	}
	return last
}

const (
	noteType  = "_x0000_t202"
	blockSize = 1024
)

// drawNotes draws the boxes, hidden until the pointer is on their cells. It takes as many blocks of ids as it needs from the given
// one on, and returns the next free one.
func drawNotes(notes []note, kept string, block int) (drawing string, next int) {
	next = block + (len(notes)+blockSize-2)/(blockSize-1)
	data := make([]string, 0, next-block)
	for n := block; n < next; n++ {
		data = append(data, strconv.Itoa(n))
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">`+
		`<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="%s"/></o:shapelayout>`+
		`<v:shapetype id="%s" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>`+
		`<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>%s`, strings.Join(data, ","), noteType, kept)
	for i, n := range notes {
		// The first id of a block is Excel's own.
		id := (block+i/(blockSize-1))*blockSize + 1 + i%(blockSize-1)
		fmt.Fprintf(&b, `<v:shape id="_x0000_s%d" type="#%s" style="position:absolute;width:200pt;height:60pt;z-index:%d;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">`+
			`<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>`+
			`<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>`+
			`<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>%d, 15, %d, 4, %d, 15, %d, 4</x:Anchor>`+
			`<x:AutoFill>False</x:AutoFill><x:Row>%d</x:Row><x:Column>%d</x:Column></x:ClientData></v:shape>`,
			id, noteType, i+1, n.col+1, max(n.row-1, 0), n.lastCol, max(n.row-1, 0)+n.height(), n.row, n.col)
	}
	b.WriteString(`</xml>`)
	return b.String(), next
}

// height is how many rows of usual height the text needs in a box of usual width.
func (n note) height() int32 {
	lines := 1
	for line := range strings.SplitSeq(n.text, "\n") {
		lines += 1 + displayWidth(line)/boxCharacters
	}
	return int32(min(max(lines, 3), 30))
}

// commentsXML holds the texts.
func commentsXML(notes []note) string {
	var authors []string
	var list strings.Builder
	for _, n := range notes {
		author := slices.Index(authors, n.author)
		if author < 0 {
			author, authors = len(authors), append(authors, n.author)
		}
		fmt.Fprintf(&list, `<comment ref="%s" authorId="%d"><text><r><rPr><sz val="9"/><color indexed="81"/><rFont val="宋体"/></rPr><t xml:space="preserve">%s</t></r></text></comment>`,
			reporting.CellName(n.row, n.col), author, escape(n.text))
	}
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n" + `<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><authors>`)
	for _, a := range authors {
		b.WriteString(`<author>` + escape(a) + `</author>`)
	}
	b.WriteString(`</authors><commentList>` + list.String() + `</commentList></comments>`)
	return b.String()
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder does not fail
	return b.String()
}
