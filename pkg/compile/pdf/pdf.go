// Package pdf writes a compile.Document as a PDF in the format of official documents, GB/T 9704-2012: A4, 22 lines of 28 characters,
// — 1 — at the foot, the fonts in the file.
//
// Every number is marked with its id and links to its entry in the list of origins; an attached list says which figure each id is,
// so that the file alone does. The same Document and fonts give the same bytes. It is not a general typesetter: it sets what a
// Document can hold, and no more.
package pdf

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"huizong/pkg/compile"
	"huizong/pkg/compile/internal/manifest"
)

// Write writes the document to w.
func Write(w io.Writer, d *compile.Document, fonts *Fonts) error {
	s := newSetter(d, fonts)
	s.whole()
	o := &objects{}
	root, err := s.assemble(o)
	if err != nil {
		return fmt.Errorf("write pdf: %w", err)
	}
	at := d.Cutoff.UTC().Format("20060102150405")
	info := o.add("<</Title %s/Author %s/Producer(Huizong)/CreationDate(D:%sZ)/ModDate(D:%sZ)>>", text(strings.Join(d.Title, "")), text(d.Issuer), at, at)
	return o.write(w, root, info)
}

// assemble makes the objects of the pages that are set.
func (s *setter) assemble(o *objects) (root reference, err error) {
	resources, tree := o.reserve(), o.reserve()
	fonts := ""
	for _, f := range []*face{s.serif, s.sans} {
		r, err := f.embed(o)
		if err != nil {
			return 0, err
		}
		fonts += "/" + f.name + " " + r.String()
	}
	o.set(resources, "<</Font<<%s>>>>", fonts)
	var pages []reference
	kids, places := "", map[string]string{}
	for _, p := range s.pages {
		page := s.assemblePage(o, p, tree, resources)
		pages, kids = append(pages, page), kids+page.String()+" "
		for _, e := range p.entries {
			if places[e.id] == "" { // the first of a number
				places[e.id] = fmt.Sprintf("[%s/XYZ null %s null]", page, number(e.y))
			}
		}
	}
	o.set(tree, "<</Type/Pages/Count %d/Kids[%s]>>", len(s.pages), kids)
	names := s.names(o, places)
	outline := s.assembleOutline(o, pages)
	return o.add("<</Type/Catalog/Pages %s/Lang(zh-CN)/ViewerPreferences<</DisplayDocTitle true>>/Names<<%s>>%s>>", tree, names, outline), nil
}

func (s *setter) assemblePage(o *objects, p *page, tree, resources reference) reference {
	links := ""
	for _, l := range p.links {
		links += o.add("<</Type/Annot/Subtype/Link/Rect[%s %s %s %s]/Border[0 0 0]/Dest(%s)>>", number(l.x1), number(l.y1), number(l.x2), number(l.y2), l.to).String() + " "
	}
	content := o.stream("", p.content.Bytes())
	return o.add("<</Type/Page/Parent %s/MediaBox[0 0 %s %s]/Resources %s/Contents %s/Annots[%s]>>", tree, number(p.width), number(p.height), resources, content, links)
}

// names are the places that links lead to, and the attached list of bindings.
func (s *setter) names(o *objects, places map[string]string) string {
	var dests strings.Builder
	for _, id := range slices.Sorted(maps.Keys(places)) {
		fmt.Fprintf(&dests, "(%s)%s", id, places[id])
	}
	list := o.stream("/Type/EmbeddedFile/Subtype/text#2Fxml", []byte(manifest.XML(s.document)))
	file := o.add("<</Type/Filespec/F(bindings.xml)/UF(bindings.xml)/Desc %s/EF<</F %s>>>>", text("数字编号与指标对照"), list)
	return fmt.Sprintf("/Dests<</Names[%s]>>/EmbeddedFiles<</Names[(bindings.xml)%s]>>", dests.String(), file)
}
