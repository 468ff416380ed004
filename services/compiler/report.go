package compiler

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"huizong/pkg/clickhouse"
	"huizong/pkg/compile"
	"huizong/pkg/compile/docx"
	"huizong/pkg/compile/html"
	"huizong/pkg/compile/pdf"
	"huizong/pkg/compile/xlsx"
	"huizong/pkg/reporting"
	"huizong/pkg/rollup"
	"huizong/pkg/warn"
)

// Formats are what a report can be written as.
var Formats = []string{"docx", "html", "pdf", "xlsx"}

// File is a report in one format.
type File struct {
	Data   []byte
	Cutoff time.Time // as of which it was compiled
	Policy string    // of a page: the content security policy that it goes by
}

// Report compiles the report of the question's first period in the format asked for.
func (c *Compiler) Report(ctx context.Context, q reporting.Question) (File, error) {
	if !slices.Contains(Formats, q.Format) {
		return File{}, reporting.Errorf(reporting.Invalid, "format %q: want one of %s", q.Format, strings.Join(Formats, ", "))
	}
	c = c.on(q.On)
	r, err := c.recipe(q)
	if err != nil {
		return File{}, err
	}
	document, err := c.document(ctx, r)
	if err != nil {
		return File{}, err
	}
	f := File{Cutoff: r.cutoff}
	if q.Format == "html" {
		f.Policy = html.Policy
	}
	f.Data, err = c.write(document, q.Format)
	return f, err
}

// reports lists what can be compiled.
func (c *Compiler) reports() []reporting.ReportTemplate {
	list := []reporting.ReportTemplate{}
	for _, id := range slices.Sorted(maps.Keys(c.Templates)) {
		list = append(list, c.Templates[id].Describe())
	}
	return list
}

// recipe is all that decides about a document, besides what stood at its cut-off.
type recipe struct {
	template   *compile.Template
	rules      []warn.Rule
	period     reporting.Period
	cutoff     time.Time
	parameters map[string]string
}

// recipe reads a question. A report as of now has now as its cut-off, so that the same one can be asked for again.
func (c *Compiler) recipe(q reporting.Question) (recipe, error) {
	r := recipe{template: c.Templates[q.Report], rules: c.rules, period: q.Periods[0], cutoff: q.AsOf, parameters: q.Parameters}
	if r.template == nil {
		return r, reporting.Errorf(reporting.NotFound, "no such report: %q", strings.ReplaceAll(q.Report, "_", "-"))
	}
	now := c.Now()
	if r.cutoff.IsZero() {
		r.cutoff = now
	}
	r.cutoff = r.cutoff.In(now.Location()).Truncate(time.Millisecond)
	return r, nil
}

// basis is what a report stands on: figures of one roll-up, and what they warn of.
type basis struct {
	asOf      time.Time
	standings []reporting.Standing
	figures   []reporting.Figure // of the city in all periods that a report speaks of, and of every unit in its own
	lookup    compile.Lookup
	warnings  []warn.Warning
}

func (c *Compiler) basis(ctx context.Context, period reporting.Period, asOf time.Time, rules []warn.Rule) (*basis, error) {
	b := &basis{asOf: asOf}
	periods := spoken(period, rules)
	var in rollup.Input
	var cases []warn.Case
	err := together(
		func() (err error) { in, err = c.known(ctx, c.Catalogue, 0, periods, asOf); return err },
		func() (err error) { cases, err = c.cases(ctx, b); return err })
	if err != nil {
		return nil, err
	}
	b.standings = in.Standings
	in.Periods, in.Units = []reporting.Period{period}, rollup.EveryUnit(c.Catalogue)
	b.figures = rollup.Figures(in)
	in.Periods, in.Units = periods[1:], nil
	b.figures = append(b.figures, rollup.Figures(in)...)
	if err := c.markRestated(b.figures, asOf); err != nil {
		return nil, err
	}
	b.lookup = compile.LookupIn(b.figures)
	b.warnings = warn.Find(warn.Input{Rules: rules, Catalogue: c.Catalogue, Figures: b.lookup, Cases: cases, Period: period})
	return b, nil
}

// spoken lists the periods of which a report may speak, its own first: the year to date, its months, and those that warnings look
// back over.
func spoken(p reporting.Period, rules []warn.Rule) []reporting.Period {
	list := []reporting.Period{p}
	add := func(q reporting.Period) {
		if !slices.Contains(list, q) {
			list = append(list, q)
		}
	}
	add(p.YearToDate())
	for _, m := range slices.Concat(p.Months(), p.YearToDate().Months(), warn.Months(rules, p)) {
		add(reporting.MonthPeriod(m))
	}
	return list
}

// document compiles a report by one of our own templates, or takes what was compiled of the very same before.
func (c *Compiler) document(ctx context.Context, r recipe) (*compile.Document, error) {
	standings, err := c.Facts.Standings(ctx, r.cutoff)
	if err != nil {
		return nil, fmt.Errorf("standings: %w", err)
	}
	key, err := r.key(standings)
	if err != nil {
		return nil, err
	}
	if d := c.recent.find(key); d != nil {
		return d, nil
	}
	b, err := c.basis(ctx, r.period, r.cutoff, r.rules)
	if err != nil {
		return nil, err
	}
	d, err := c.compile(ctx, r, b)
	if err != nil {
		return nil, err
	}
	if again, err := r.key(b.standings); err == nil && again == key { // or something was decided between the two
		c.recent.keep(key, d)
	}
	return d, nil
}

// compile makes the document. It is compiled twice: which numbers are to be traced is known when it has been once.
func (c *Compiler) compile(ctx context.Context, r recipe, b *basis) (*compile.Document, error) {
	texts, err := c.texts(ctx, r, b)
	if err != nil {
		return nil, err
	}
	in := compile.Input{Template: r.template, Catalogue: c.Catalogue, Figures: b.lookup, Warnings: c.printedWarnings(b.warnings),
		Narratives: texts, Parameters: r.parameters, Period: r.period, Cutoff: r.cutoff, Boundaries: c.boundaries}
	first, err := compile.Compile(in)
	if err != nil {
		return nil, err
	}
	var ids []compile.FigureID
	seen := map[compile.FigureID]bool{}
	for _, binding := range first.Bindings {
		if id := binding.Figure; id.Unit == c.Catalogue.City && !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	t := tracer{Compiler: c, figures: b.lookup}
	if in.Traces, err = t.traces(ctx, ids, r.cutoff); err != nil {
		return nil, err
	}
	return compile.Compile(in)
}

// texts are those that were sent for the period and that the template prints, in the order of the units that sent them.
func (c *Compiler) texts(ctx context.Context, r recipe, b *basis) ([]reporting.Narrative, error) {
	sections := r.template.Sections()
	if len(sections) == 0 {
		return nil, nil
	}
	texts, err := c.Facts.Narratives(ctx, r.cutoff)
	if err != nil {
		return nil, fmt.Errorf("narratives: %w", err)
	}
	speaks := map[string]bool{}
	for _, s := range b.standings {
		speaks[s.Submission] = s.Period == r.period
	}
	place := map[string]int{}
	for i, u := range c.Catalogue.Units {
		place[u.Code] = i
	}
	slices.SortStableFunc(texts, func(a, b clickhouse.Narrative) int { return place[a.Sender] - place[b.Sender] })
	var list []reporting.Narrative
	for _, t := range texts {
		if speaks[t.Submission] && slices.Contains(sections, t.Section) {
			list = append(list, t.Narrative)
		}
	}
	return list, nil
}

// write writes a document in a format.
func (c *Compiler) write(d *compile.Document, format string) ([]byte, error) {
	var file bytes.Buffer
	writers := map[string]func(io.Writer, *compile.Document) error{"docx": docx.Write, "html": html.Write, "xlsx": xlsx.Write,
		"pdf": func(w io.Writer, d *compile.Document) error {
			fonts, err := c.Fonts()
			if err != nil {
				return err
			}
			return pdf.Write(w, d, fonts)
		}}
	if err := writers[format](&file, d); err != nil {
		return nil, fmt.Errorf("write %s: %w", format, err)
	}
	return file.Bytes(), nil
}

func packed(data []byte) ([]byte, error) {
	var file bytes.Buffer
	w := gzip.NewWriter(&file)
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return file.Bytes(), nil
}

// keptDocuments is how many documents are kept for the next format that is asked for.
const keptDocuments = 4

// documents are those that were compiled last, by all that they are made of. A document is only read.
type documents struct {
	mu   sync.Mutex // guards list
	list []kept
}

type kept struct {
	key      string
	document *compile.Document
}

// key names a document by all that it is made of: the submissions that speak stand for all that they say.
func (r recipe) key(standings []reporting.Standing) (string, error) {
	parameters, err := json.Marshal(r.parameters)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s %s %d %s\n", r.template.ID, r.period, r.cutoff.UnixMilli(), parameters)
	for _, s := range standings {
		fmt.Fprintln(h, s.Submission)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func (k *documents) find(key string) *compile.Document {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, d := range k.list {
		if d.key == key {
			return d.document
		}
	}
	return nil
}

func (k *documents) keep(key string, d *compile.Document) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.list = append(k.list, kept{key, d})
	if len(k.list) > keptDocuments {
		k.list = slices.Delete(k.list, 0, 1)
	}
}
