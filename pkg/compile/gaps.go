package compile

import (
	"cmp"
	"slices"
	"strings"

	"huizong/pkg/reporting"
)

// Gaps is what a report could not say.
type Gaps struct {
	Missing    []Gap    // figures that are owed and have no value
	Incomplete []Gap    // figures that some units are not in
	NotOwed    []string // indicators that do not apply
	NoBasis    []string // rates of nothing, and comparisons with nothing
	Uncompared []string // comparisons that the template's rule about incomplete figures has left out
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
	return len(g.Missing)+len(g.Incomplete)+len(g.NotOwed)+len(g.NoBasis)+len(g.Uncompared)+len(g.NoPrevious)+len(g.NoTarget)+len(g.Unset)+len(g.Silent) == 0
}

// unset is what places are called that nobody has filled in.
const unset = "待填"

// NamedGaps are gaps of one kind of which there is no more to say than their names.
type NamedGaps struct {
	Label    string
	Names    []string
	NoAction bool // nothing has to be sent for it
}

// Named are the gaps besides what is missing and what is not whole, by kind; a kind without any is left out.
func (g Gaps) Named() []NamedGaps {
	all := []NamedGaps{
		{"因单位未报齐未作比较", g.Uncompared, true}, {string(noBasis), g.NoBasis, true}, {string(notApplicable), g.NotOwed, true},
		{"无上年同期数", g.NoPrevious, false}, {"无全年目标", g.NoTarget, false}, {unset, g.Unset, false}, {"未收到文字材料", g.Silent, false},
	}
	return slices.DeleteFunc(all, func(n NamedGaps) bool { return len(n.Names) == 0 })
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

// absent takes note of a figure without a value, by the word for it.
func (b *gapBook) absent(code string, why absence) {
	switch why {
	case unreported:
		b.missing(code)
	case notApplicable:
		b.NotOwed = appendNew(b.NotOwed, nameOf(b.catalogue, code))
	case noBasis:
		b.NoBasis = appendNew(b.NoBasis, nameOf(b.catalogue, code))
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
	case lacksBasis:
		b.NoBasis = appendNew(b.NoBasis, nameOf(b.catalogue, code)+"（同比）")
	case lacksGoal:
		b.NoBasis = appendNew(b.NoBasis, nameOf(b.catalogue, code)+"（完成率）")
	case lacksUnits:
		b.Uncompared = appendNew(b.Uncompared, nameOf(b.catalogue, code))
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
