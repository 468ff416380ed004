package compile

import (
	"cmp"
	"slices"
	"strings"

	"huizong/pkg/reporting"
)

// Gaps is what a report could not say.
type Gaps struct {
	Missing    []Gap    // figures without a value
	Incomplete []Gap    // figures that some units are not in
	NoPrevious []string // indicators without a figure of last year
	NoTarget   []string // indicators without a target for the year
	Unset      []string // labels of parameters that have no value
	Silent     []string // sections for which nobody sent a text
}

// Gap is a figure that is not there, or not whole.
type Gap struct {
	Indicator string
	Name      string
	Form      string // title of the form that it comes from, "" where the catalogue has none
	Reported  int
	Expected  int
	Units     []string // names of the units that did not report
}

// None reports whether nothing is missing.
func (g Gaps) None() bool {
	return len(g.Missing)+len(g.Incomplete)+len(g.NoPrevious)+len(g.NoTarget)+len(g.Unset)+len(g.Silent) == 0
}

// gapBook collects gaps while a document is made, each once.
type gapBook struct {
	Gaps
	catalogue *reporting.Catalogue
}

func (b *gapBook) missing(codes ...string) {
	for _, code := range codes {
		addGap(&b.Missing, Gap{Indicator: code, Name: nameOf(b.catalogue, code), Form: formOf(b.catalogue, code)})
	}
}

func (b *gapBook) incomplete(f reporting.Figure) {
	g := Gap{
		Indicator: f.Indicator, Name: nameOf(b.catalogue, f.Indicator), Form: formOf(b.catalogue, f.Indicator),
		Reported: f.Reported, Expected: f.Expected,
	}
	for _, code := range f.Missing {
		name := code
		if u := b.catalogue.Unit(code); u != nil {
			name = u.Name.ZH
		}
		g.Units = append(g.Units, name)
	}
	addGap(&b.Incomplete, g)
}

func (b *gapBook) baseless(code string, l lack) {
	switch l {
	case lacksPrevious:
		b.NoPrevious = appendNew(b.NoPrevious, nameOf(b.catalogue, code))
	case lacksTarget:
		b.NoTarget = appendNew(b.NoTarget, nameOf(b.catalogue, code))
	}
}

func (b *gapBook) unset(label string)    { b.Unset = appendNew(b.Unset, label) }
func (b *gapBook) silent(section string) { b.Silent = appendNew(b.Silent, section) }

func addGap(list *[]Gap, g Gap) {
	if !slices.ContainsFunc(*list, func(o Gap) bool { return o.Indicator == g.Indicator }) {
		*list = append(*list, g)
	}
}

// nameOf is an indicator's name as it stands alone, without the words that tie it to a row above it.
func nameOf(c *reporting.Catalogue, code string) string {
	i := c.Indicator(code)
	if i == nil {
		return code
	}
	return cmp.Or(strings.TrimPrefix(i.Name.ZH, "其中："), code)
}

// formOf is the title of the form that an indicator comes from, or its first part does.
func formOf(c *reporting.Catalogue, code string) string {
	if f := c.FormOf(code); f != nil {
		return f.Title.ZH
	}
	i := c.Indicator(code)
	switch {
	case i == nil:
	case i.Numerator != "" && i.Numerator != code:
		return formOf(c, i.Numerator)
	case len(i.Parts) > 0 && i.Parts[0] != code:
		return formOf(c, i.Parts[0])
	}
	return ""
}
