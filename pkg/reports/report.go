package reports

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"huizong/pkg/answers"
	"huizong/pkg/clickhouse"
	"huizong/pkg/compile"
	"huizong/pkg/compile/docx"
	"huizong/pkg/compile/html"
	"huizong/pkg/compile/pdf"
	"huizong/pkg/compile/xlsx"
	"huizong/pkg/reporting"
	"huizong/pkg/warn"
)

// Formats are what a report can be written as. Behind companionPrefix each is that of its companion.
var Formats = []string{"docx", "html", "pdf", "xlsx"}

const companionPrefix = "companion."

// withCompanions are the formats, each followed by that of the companion; what names a companion is not said twice.
func withCompanions(formats []string) []string {
	var all []string
	for _, f := range formats {
		f = strings.TrimPrefix(f, companionPrefix)
		if !slices.Contains(all, f) {
			all = append(all, f, companionPrefix+f)
		}
	}
	return all
}

func checkFormat(format string) error {
	if !slices.Contains(Formats, strings.TrimPrefix(format, companionPrefix)) {
		return reporting.Errorf(reporting.Invalid, "format %q: want one of %s, or of these behind %q", format, strings.Join(Formats, ", "), companionPrefix)
	}
	return nil
}

// File is a report in one format.
type File struct {
	Name   string // unit-sheet-2020H1-349981001.docx
	Data   []byte
	Cutoff time.Time // as of which it was compiled
	Policy string    // of a page: the content security policy that it goes by
}

// Order says which report is wanted.
type Order struct {
	Report     string // id of its template
	Period     reporting.Period
	Parameters map[string]string
	answers.Standpoint
}

// Report compiles a report in a format.
func (r *Reports) Report(ctx context.Context, o Order, format string) (File, error) {
	if err := checkFormat(format); err != nil {
		return File{}, err
	}
	recipe, err := r.recipe(o)
	if err != nil {
		return File{}, err
	}
	ctx, end, err := r.Answers.Begin(ctx)
	if err != nil {
		return File{}, err
	}
	defer end()
	document, err := r.document(ctx, recipe)
	if err != nil {
		return File{}, err
	}
	f := File{Cutoff: recipe.cutoff, Name: recipe.stem() + "." + format}
	if strings.TrimPrefix(format, companionPrefix) == "html" {
		f.Policy = html.Policy
	}
	f.Data, err = r.write(document, format)
	return f, err
}

// recipe is all that decides about a document, besides what stood at its cut-off.
type recipe struct {
	answers    *answers.Answers // by the catalogue, the rules and the boundaries of the report
	template   *compile.Template
	subject    string // code of the unit that it is about
	period     reporting.Period
	cutoff     time.Time
	parameters map[string]string
}

// recipe reads an order. A report as of now has now as its cut-off, so that the same one can be asked for again.
func (r *Reports) recipe(o Order) (recipe, error) {
	made := recipe{answers: r.Answers.On(o.On), template: r.Templates[o.Report], period: o.Period, cutoff: o.AsOf, parameters: o.Parameters}
	if made.template == nil {
		return made, reporting.Errorf(reporting.NotFound, "no such report: %q", strings.ReplaceAll(o.Report, "_", "-"))
	}
	var err error
	if made.subject, err = made.template.Subject(made.answers.Catalogue, o.Parameters); err != nil {
		return made, err
	}
	now := r.Now()
	if made.cutoff.IsZero() {
		made.cutoff = now
	}
	made.cutoff = made.cutoff.In(now.Location()).Truncate(time.Millisecond)
	return made, nil
}

// stem is what its files are called, without the format.
func (of recipe) stem() string {
	stem := fileStem(of.template.ID, of.period)
	if of.subject != of.answers.Catalogue.City {
		stem += "-" + of.subject
	}
	return stem
}

// document compiles a report by one of our own templates, or takes what was compiled of the very same before.
func (r *Reports) document(ctx context.Context, of recipe) (*compile.Document, error) {
	standings, err := r.Answers.Facts.Standings(ctx, of.cutoff)
	if err != nil {
		return nil, fmt.Errorf("standings: %w", err)
	}
	key, err := of.key(standings)
	if err != nil {
		return nil, err
	}
	if d := r.recent.find(key); d != nil {
		return d, nil
	}
	b, err := of.basis(ctx)
	if err != nil {
		return nil, err
	}
	d, err := of.compile(ctx, b)
	if err != nil {
		return nil, err
	}
	if again, err := of.key(b.Standings); err == nil && again == key { // or something was decided between the two
		r.recent.keep(key, d)
	}
	return d, nil
}

func (of recipe) basis(ctx context.Context) (*answers.Basis, error) {
	return of.answers.Basis(ctx, of.subject, of.period, of.cutoff)
}

// compile makes the document. It is compiled twice: which numbers are to be traced is known when it has been once.
func (of recipe) compile(ctx context.Context, b *answers.Basis) (*compile.Document, error) {
	texts, err := of.texts(ctx, b)
	if err != nil {
		return nil, err
	}
	in := compile.Input{Template: of.template, Catalogue: of.answers.Catalogue, Figures: b.Lookup, Warnings: of.warnings(b.Warnings),
		Narratives: texts, Parameters: of.parameters, Period: of.period, Cutoff: of.cutoff, Boundaries: of.answers.Boundaries()}
	first, err := compile.Compile(in)
	if err != nil {
		return nil, err
	}
	var ids []compile.FigureID
	seen := map[compile.FigureID]bool{}
	for _, binding := range slices.Concat(first.Bindings, first.Companion.Bindings) {
		if id := binding.Figure; (id.Unit == in.Catalogue.City || id.Unit == of.subject) && !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	if in.Traces, err = of.answers.Origins(ctx, b.Lookup, ids, of.cutoff); err != nil {
		return nil, err
	}
	return compile.Compile(in)
}

// warnings are those found, as a report prints them: those about the unit that it is about, or all. The city's are about an indicator, the others
// about a unit.
func (of recipe) warnings(found []warn.Warning) []compile.Warning {
	catalogue := of.answers.Catalogue
	if of.subject != catalogue.City {
		found = slices.DeleteFunc(slices.Clone(found), func(w warn.Warning) bool { return w.Unit != of.subject })
	}
	list := make([]compile.Warning, len(found))
	for i, w := range found {
		list[i] = compile.Warning{Rule: w.Rule.ID, Level: w.Level.Name().ZH, Text: w.Text.ZH, Value: w.Value, Threshold: w.Threshold, Measure: w.Measure,
			Places: w.Places, Basis: w.Rule.Basis, Figure: compile.FigureID{Indicator: w.Indicator, Unit: w.Unit, Period: w.Period}}
		if w.Unit == catalogue.City {
			list[i].Subject = catalogue.Indicator(w.Indicator).Name.ZH
		}
	}
	return list
}

// texts are those that were sent for the period and that the template prints, in the order of the units that sent them.
func (of recipe) texts(ctx context.Context, b *answers.Basis) ([]reporting.Narrative, error) {
	sections := of.template.Sections()
	if len(sections) == 0 {
		return nil, nil
	}
	texts, err := of.answers.Facts.Narratives(ctx, of.cutoff)
	if err != nil {
		return nil, fmt.Errorf("narratives: %w", err)
	}
	speaks := map[string]bool{}
	for _, s := range b.Standings {
		speaks[s.Submission] = of.period.Contains(s.Period) // a year holds those of its halves
	}
	place := map[string]int{}
	for i, u := range of.answers.Catalogue.Units {
		place[u.Code] = i
	}
	slices.SortStableFunc(texts, func(a, b clickhouse.Narrative) int { return place[a.Sender] - place[b.Sender] })
	var list []reporting.Narrative
	for _, t := range texts {
		if speaks[t.Submission] && (of.subject == of.answers.Catalogue.City || t.Sender == of.subject) && slices.Contains(sections, t.Section) {
			list = append(list, t.Narrative)
		}
	}
	return list, nil
}

// write writes a document, or its companion, in a format.
func (r *Reports) write(d *compile.Document, format string) ([]byte, error) {
	var file bytes.Buffer
	if of, companion := strings.CutPrefix(format, companionPrefix); companion {
		d, format = d.Companion, of
	}
	writers := map[string]func(io.Writer, *compile.Document) error{"docx": docx.Write, "html": html.Write, "xlsx": xlsx.Write,
		"pdf": func(w io.Writer, d *compile.Document) error {
			fonts, err := r.Fonts()
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
func (of recipe) key(standings []reporting.Standing) (string, error) {
	parameters, err := json.Marshal(of.parameters)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s %s %d %s\n", of.template.ID, of.period, of.cutoff.UnixMilli(), parameters)
	if on := of.answers.Boundaries(); on != 0 {
		fmt.Fprintln(h, on)
	}
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
