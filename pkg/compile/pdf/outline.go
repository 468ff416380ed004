package pdf

import "strings"

// item is a line of the outline that viewers show beside the pages.
type item struct {
	title string
	page  int // from 0
	y     float64
}

// mark adds the place where the setter stands to the outline.
func (s *setter) mark(title string) {
	p := s.page()
	s.serif.lacks.place = title
	s.outline = append(s.outline, item{title, len(s.pages) - 1, p.height - s.y})
}

// assembleOutline makes the outline's objects and returns the entry of the catalog, "" where there is no outline. The document's
// headings are few: it is flat.
func (s *setter) assembleOutline(o *objects, pages []reference) string {
	if len(s.outline) == 0 {
		return ""
	}
	root := o.reserve()
	items := make([]reference, len(s.outline))
	for i := range items {
		items[i] = o.reserve()
	}
	for i, it := range s.outline {
		var links strings.Builder
		if i > 0 {
			links.WriteString("/Prev " + items[i-1].String())
		}
		if i < len(items)-1 {
			links.WriteString("/Next " + items[i+1].String())
		}
		o.set(items[i], "<</Title %s/Parent %s%s/Dest[%s/XYZ null %s null]>>", text(it.title), root, links.String(), pages[it.page], number(it.y))
	}
	o.set(root, "<</Type/Outlines/First %s/Last %s/Count %d>>", items[0], items[len(items)-1], len(items))
	return "/Outlines " + root.String()
}
