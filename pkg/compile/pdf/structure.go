package pdf

import (
	"fmt"
	"strings"
)

// element is a part of the document's structure, by which programs read it aloud or turn it into text. Its kinds are the standard's: H1, P,
// Table, TR, TH, TD, Caption, Figure, Link.
type element struct {
	kind   string
	alt    string // in words, of what is not text
	column bool   // a TH that heads a column
	kids   []kid
	self   reference
}

// kid is an element, or the piece of a page with a number there, or a link.
type kid struct {
	element *element
	page    *page
	mark    int
	link    *link
}

// add puts a new element at the end of another one.
func (e *element) add(kind string) *element {
	child := &element{kind: kind}
	e.kids = append(e.kids, kid{element: child})
	return child
}

// in sets what belongs to a new element of the kind; what is set without one, lines and repeated heads, is an artifact.
func (s *setter) in(kind string, set func()) *element {
	before := s.at
	s.at = before.add(kind)
	set()
	e := s.at
	s.at = before
	return e
}

// mark begins what belongs to an element; nil is an artifact. All between it and the end is one piece, whatever is marked within.
func (p *page) mark(e *element) (end func()) {
	if p.marking {
		return func() {}
	}
	p.marking = true
	if e == nil {
		p.add("/Artifact BMC\n")
	} else {
		p.add("/%s<</MCID %d>>BDC\n", e.kind, len(p.marked))
		e.kids = append(e.kids, kid{page: p, mark: len(p.marked)})
		p.marked = append(p.marked, e)
	}
	return func() {
		p.marking = false
		p.add("EMC\n")
	}
}

// assembleStructure writes the tree and returns its root. It finds an element by the number of its piece on a page, and by its link.
func (s *setter) assembleStructure(o *objects) reference {
	root := o.reserve()
	reserveElements(o, s.root)
	s.root.write(o, root)
	var numbers strings.Builder
	for i, p := range s.pages {
		fmt.Fprintf(&numbers, "%d[", i)
		for _, e := range p.marked {
			numbers.WriteString(e.self.String() + " ")
		}
		numbers.WriteString("]")
	}
	next := len(s.pages)
	for _, p := range s.pages {
		for _, l := range p.links {
			fmt.Fprintf(&numbers, "%d %s ", next, l.element.self)
			next++
		}
	}
	o.set(root, "<</Type/StructTreeRoot/K %s/ParentTree<</Nums[%s]>>/ParentTreeNextKey %d>>", s.root.self, numbers.String(), next)
	return root
}

func reserveElements(o *objects, e *element) {
	e.self = o.reserve()
	for _, k := range e.kids {
		if k.element != nil {
			reserveElements(o, k.element)
		}
	}
}

func (e *element) write(o *objects, parent reference) {
	var kids strings.Builder
	for _, k := range e.kids {
		switch {
		case k.element != nil:
			k.element.write(o, e.self)
			kids.WriteString(k.element.self.String() + " ")
		case k.link != nil:
			fmt.Fprintf(&kids, "<</Type/OBJR/Pg %s/Obj %s>>", k.page.self, k.link.self)
		default:
			fmt.Fprintf(&kids, "<</Type/MCR/Pg %s/MCID %d>>", k.page.self, k.mark)
		}
	}
	more := ""
	if e.alt != "" {
		more += "/Alt " + text(e.alt)
	}
	if e.column {
		more += "/A<</O/Table/Scope/Column>>"
	}
	o.set(e.self, "<</Type/StructElem/S/%s/P %s/K[%s]%s>>", e.kind, parent, kids.String(), more)
}
