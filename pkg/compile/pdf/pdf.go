// Package pdf writes a compile.Document as a PDF in the format of official documents, GB/T 9704-2012: A4, 22 lines of 28 characters,
// — 1 — at the foot, the fonts in the file.
//
// Every number is marked with its id; in the companion it links to its entry in the list of origins, and the entry back. A list in the file
// says which figure each id is, so that the file alone does. Files are tagged and made for archives: PDF/A-2a. The same Document and fonts give the same bytes. It is not a general typesetter: it sets what a
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
	if list := s.serif.lacks.list; d.Internal && len(list) > 0 {
		s = newSetter(naming(d, list), fonts)
		s.whole()
	}
	o := &objects{}
	root, err := s.assemble(o)
	if err != nil {
		return fmt.Errorf("write pdf: %w", err)
	}
	at := d.Cutoff.UTC().Format("20060102150405")
	info := o.add("<</Title %s/Author %s/Producer(Huizong)/CreationDate(D:%sZ)/ModDate(D:%sZ)>>", text(titleOf(d)), text(d.Issuer), at, at)
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
	links := len(s.pages) // so many keys of the structure are the pages'
	for i, p := range s.pages {
		page := s.assemblePage(o, p, i, links, tree, resources)
		links += len(p.links)
		pages, kids = append(pages, page), kids+page.String()+" "
		for _, e := range p.entries {
			if places[e.id] == "" { // the first of a number
				places[e.id] = fmt.Sprintf("[%s/XYZ null %s null]", page, number(e.y))
			}
		}
	}
	o.set(tree, "<</Type/Pages/Count %d/Kids[%s]>>", len(s.pages), kids)
	outline, structure, meta := s.assembleOutline(o, pages), s.assembleStructure(o), o.stream("/Type/Metadata/Subtype/XML", []byte(metadata(s.document)))
	return o.add("<</Type/Catalog/Pages %s/Lang(zh-CN)/ViewerPreferences<</DisplayDocTitle true>>/MarkInfo<</Marked true>>/StructTreeRoot %s/Metadata %s/OutputIntents[%s]/Names<<%s>>/PieceInfo<<%s>>%s>>",
		tree, structure, meta, intent(o), destinations(places), s.bindings(o), outline), nil
}

// assemblePage makes the objects of a page: key is its own in the structure, and its links' are those from first on.
func (s *setter) assemblePage(o *objects, p *page, key, first int, tree, resources reference) reference {
	links := ""
	for i, l := range p.links {
		l.self = o.add("<</Type/Annot/Subtype/Link/F 4/Rect[%s %s %s %s]/Border[0 0 0]/Contents %s/StructParent %d/Dest(%s)>>",
			number(l.x1), number(l.y1), number(l.x2), number(l.y2), text("转到"+strings.TrimPrefix(l.to, "at-")), first+i, l.to)
		links += l.self.String() + " "
	}
	content := o.stream("", p.content.Bytes())
	p.self = o.add("<</Type/Page/Parent %s/MediaBox[0 0 %s %s]/Resources %s/Contents %s/StructParents %d/Tabs/S/Annots[%s]>>", tree, number(p.width), number(p.height), resources, content, key, links)
	return p.self
}

// destinations are the places that links lead to.
func destinations(places map[string]string) string {
	var dests strings.Builder
	for _, id := range slices.Sorted(maps.Keys(places)) {
		fmt.Fprintf(&dests, "(%s)%s", id, places[id])
	}
	return "/Dests<</Names[" + dests.String() + "]>>"
}

// bindings is the list of bindings as data of ours: an archival file may attach only such as are archival themselves.
func (s *setter) bindings(o *objects) string {
	list := o.stream("", []byte(manifest.XML(s.document)))
	return fmt.Sprintf("/Huizong<</LastModified(D:%sZ)/Private %s>>", s.document.Cutoff.UTC().Format("20060102150405"), list)
}
