package compile

import (
	"slices"
	"time"

	"huizong/pkg/reporting"
)

// Input is all that a report is made from.
type Input struct {
	Template   *Template
	Catalogue  *reporting.Catalogue
	Figures    Lookup
	Traces     []reporting.Trace     // of the city's figures, for the list of origins; one that is not there is asked for by name
	Warnings   []Warning             // in the order in which they are printed
	Narratives []reporting.Narrative // in the order in which they are printed
	Parameters map[string]string     // name → text; they win over the template's defaults
	Period     reporting.Period
	Cutoff     time.Time      // what was known then; printed in its own zone
	Boundaries reporting.Date // on whose boundaries of units the figures are; zero: each unit as it was
	Issued     reporting.Date // zero: the day of Cutoff
}

// compiler holds what grows while a document is made.
type compiler struct {
	Input
	parameters map[string]string
	subject    string // code of the unit that the report is about
	binder     binder
	gaps       gapBook
	numbers    [4]int // of the last heading of each level
}

// Compile makes the document. Its errors, all of code invalid, are about the input: a parameter that the template does not have, a
// text for a section that it does not print. Figures that are not there are no error: the document says so.
func Compile(in Input) (*Document, error) {
	in = in.legible()
	c := &compiler{Input: in, binder: newBinder(in.Catalogue), gaps: gapBook{catalogue: in.Catalogue}}
	if err := c.checkInput(); err != nil {
		return nil, err
	}
	var err error
	if c.subject, err = in.Template.Subject(in.Catalogue, in.Parameters); err != nil {
		return nil, err
	}
	if err := c.fillParameters(); err != nil {
		return nil, err
	}
	d := &Document{Template: in.Template.ID, Period: in.Period, Cutoff: in.Cutoff, Date: c.parameters[issueDate], Number: c.parameters[documentNumber], Signer: c.parameters[signer]}
	for _, line := range in.Template.title {
		d.Title = append(d.Title, c.plain(line))
	}
	d.Recipient, d.Issuer = c.plain(in.Template.recipient), c.plain(in.Template.issuer)
	body, annexes, companion := c.parts(in.Template.parts)
	d.Body = body
	sent, kept, err := chosen(annexes, c.parameters[annexesSent])
	if err != nil {
		return nil, err
	}
	d.Annexes = sent
	for _, section := range in.Template.narratives {
		if len(c.texts(section)) == 0 {
			c.gaps.silent(section)
		}
	}
	d.Gaps = c.gaps.Gaps
	c.explain(d)
	d.Companion = c.companion(d, append(kept, companion...))
	d.own(c.binder.bindings)
	d.Companion.own(c.binder.bindings)
	return d, nil
}

func (c *compiler) checkInput() error {
	declared := map[string]bool{}
	for _, p := range c.Template.parameters {
		declared[p.text] = true
	}
	for name := range c.Parameters {
		if !declared[name] && !standard(name) {
			return reporting.Errorf(reporting.Invalid, "compile %s: the template has no parameter %q", c.Template.ID, name)
		}
	}
	sections := map[string]bool{}
	for _, s := range c.Template.narratives {
		sections[s] = true
	}
	for _, n := range c.Narratives {
		if !sections[n.Section] {
			return reporting.Errorf(reporting.Invalid, "compile %s: the template has no section %q, for which a text was sent", c.Template.ID, n.Section)
		}
	}
	return nil
}

// figureOf is the subject's figure of a node, and false where it has no value.
func (c *compiler) figureOf(n figureNode) (reporting.Figure, bool) {
	f, ok := c.known(n)
	return f, ok && f.Value != nil
}

// known is the subject's figure of a node, with a value or without, and false where there is none.
func (c *compiler) known(n figureNode) (reporting.Figure, bool) {
	return c.Figures(n.code.text, c.subject, c.periodOf(n))
}

func (c *compiler) periodOf(n figureNode) reporting.Period {
	if n.toDate {
		return c.Period.YearToDate()
	}
	return c.Period
}

// texts lists the narratives of a section; what several units have sent word for word alike is there once.
func (c *compiler) texts(section string) []reporting.Narrative {
	var texts []reporting.Narrative
	for _, n := range c.Narratives {
		if n.Section == section && !slices.Contains(texts, n) {
			texts = append(texts, n)
		}
	}
	return texts
}
