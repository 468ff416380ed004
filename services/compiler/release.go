package compiler

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"huizong/pkg/compile"
	"huizong/pkg/reporting"
	"huizong/pkg/warn"
)

// The files of a release besides the report itself.
const (
	figuresFile    = "figures.json"
	templateFolder = "template"
)

// Publish makes a release of the question's report and period: it freezes figures, template, inputs and files under the next number.
//
// The cut-off is a moment that has passed, and every submission received by then is decided: so what stood then will be the same
// whenever it is asked for again.
func (c *Compiler) Publish(ctx context.Context, q reporting.Question) (reporting.Release, error) {
	c.publish.Lock()
	defer c.publish.Unlock()
	if strings.TrimSpace(q.Reason) == "" {
		return reporting.Release{}, reporting.Errorf(reporting.Invalid, "a release needs a reason")
	}
	r, err := c.recipe(q)
	if err != nil {
		return reporting.Release{}, err
	}
	if now := c.Now(); r.cutoff.After(now) {
		return reporting.Release{}, reporting.Errorf(reporting.Invalid, "the cut-off %s of a release lies in the future", r.cutoff.Format(time.RFC3339))
	}
	if err := c.settled(ctx, r.cutoff); err != nil {
		return reporting.Release{}, err
	}
	b, err := c.basis(ctx, r.period, r.cutoff, r.rules)
	if err != nil {
		return reporting.Release{}, err
	}
	formats := q.Formats
	if len(formats) == 0 {
		formats = Formats
	}
	made, err := c.files(ctx, r, b, formats)
	if err != nil {
		return reporting.Release{}, err
	}
	release := reporting.Release{
		Report: r.template.ID, Period: r.period, Cutoff: r.cutoff, ReleasedAt: c.Now(), Reason: q.Reason, By: q.By, Parameters: q.Parameters,
		Program: c.Program, Schemas: c.Schemas, Figures: reporting.ReleaseFile{Name: figuresFile},
	}
	if release.Inputs, err = c.inputs(ctx, b); err != nil {
		return release, err
	}
	for _, name := range []string{release.Report + "/report.yaml", release.Report + "/report.tmpl", warningsFile} {
		data, err := fs.ReadFile(c.Reports, name)
		if err != nil {
			return release, fmt.Errorf("template: %w", err)
		}
		frozen := templateFolder + "/" + path.Base(name)
		made[frozen] = data
		release.Template = append(release.Template, reporting.ReleaseFile{Name: frozen})
	}
	for _, format := range formats {
		release.Files = append(release.Files, reporting.ReleaseFile{Name: FileName(r.template.ID, r.period, format)})
	}
	if slices.Contains(formats, "pdf") {
		fonts, err := c.Fonts()
		if err != nil {
			return release, err
		}
		release.Fonts = fonts.Sum()
	}
	return c.Releases.Add(ctx, release, made)
}

// FileName is the name of a report's file: half-year-2020H1.docx.
func FileName(report string, p reporting.Period, format string) string {
	return fileStem(report, p) + "." + format
}

func fileStem(report string, p reporting.Period) string {
	return strings.ReplaceAll(report, "_", "-") + "-" + p.String()
}

// settled reports whether all that was received by the cut-off is decided.
func (c *Compiler) settled(ctx context.Context, cutoff time.Time) error {
	decided, err := c.Facts.DecidedAll(ctx)
	if err != nil {
		return fmt.Errorf("decided submissions: %w", err)
	}
	for e := range c.Journal.Envelopes() {
		if e.Kind == reporting.SubmissionReceived && !e.ReceivedAt.After(cutoff) && !decided[e.ID] {
			return reporting.Errorf(reporting.Conflict, "submission %s of %s is not decided yet: release again when it is", e.ID, e.Org)
		}
	}
	return nil
}

// files compiles the report and writes it in the formats, by name, with its figures beside it.
func (c *Compiler) files(ctx context.Context, r recipe, b *basis, formats []string) (map[string][]byte, error) {
	d, err := c.compile(ctx, r, b)
	if err != nil {
		return nil, err
	}
	for _, format := range formats {
		if !slices.Contains(Formats, format) {
			return nil, reporting.Errorf(reporting.Invalid, "format %q: want one of %s", format, strings.Join(Formats, ", "))
		}
	}
	files := make([][]byte, len(formats))
	var steps []func() error
	for i, format := range formats {
		steps = append(steps, func() (err error) {
			files[i], err = c.write(d, format)
			return err
		})
	}
	if err := together(steps...); err != nil {
		return nil, err
	}
	made := map[string][]byte{}
	for i, format := range formats {
		made[FileName(r.template.ID, r.period, format)] = files[i]
	}
	made[figuresFile], err = frozen(b.figures)
	return made, err
}

// frozen writes figures for a release: a line each, so that two releases can be compared with any tool.
func frozen(figures []reporting.Figure) ([]byte, error) {
	var out bytes.Buffer
	out.WriteString("[")
	for i, f := range figures {
		line, err := json.Marshal(f)
		if err != nil {
			return nil, fmt.Errorf("figures: %w", err)
		}
		out.WriteString(strings.Repeat(",", min(i, 1)) + "\n")
		out.Write(line)
	}
	out.WriteString("\n]\n")
	return out.Bytes(), nil
}

// inputs are the submissions that stand in a release.
func (c *Compiler) inputs(ctx context.Context, b *basis) ([]reporting.ReleaseInput, error) {
	files, err := c.submissions(ctx)
	if err != nil {
		return nil, err
	}
	inputs := make([]reporting.ReleaseInput, len(b.standings))
	for i, s := range b.standings {
		inputs[i] = reporting.ReleaseInput{Submission: s.Submission, SHA256: files[s.Submission].SHA256, Form: s.Form, Org: s.Org, Period: s.Period}
	}
	return inputs, nil
}

// again is a release compiled once more, from what stood at its cut-off, by the template and the rules that it has frozen.
func (c *Compiler) again(ctx context.Context, release reporting.Release) (map[string][]byte, []reporting.ReleaseInput, error) {
	folder := c.Releases.FS(release.Number)
	template, err := compile.LoadTemplate(folder, templateFolder, c.Catalogue)
	if err != nil {
		return nil, nil, fmt.Errorf("template of release %d: %w", release.Number, err)
	}
	rules, err := warn.Load(folder, templateFolder+"/"+warningsFile, c.Catalogue)
	if err != nil {
		return nil, nil, fmt.Errorf("warnings of release %d: %w", release.Number, err)
	}
	cutoff := release.Cutoff.In(c.Now().Location())
	b, err := c.basis(ctx, release.Period, cutoff, rules)
	if err != nil {
		return nil, nil, err
	}
	inputs, err := c.inputs(ctx, b)
	if err != nil {
		return nil, nil, err
	}
	var formats []string
	for _, f := range release.Files {
		formats = append(formats, strings.TrimPrefix(path.Ext(f.Name), "."))
	}
	made, err := c.files(ctx, recipe{template, rules, release.Period, cutoff, release.Parameters}, b, formats)
	return made, inputs, err
}

// Rebuild compiles a release again and returns one of its files as it comes out now.
func (c *Compiler) Rebuild(ctx context.Context, number int, name string) ([]byte, error) {
	release, err := c.Releases.Find(number)
	if err != nil {
		return nil, err
	}
	made, _, err := c.again(ctx, release)
	if err != nil {
		return nil, err
	}
	data, ok := made[name]
	if !ok {
		return nil, reporting.Errorf(reporting.NotFound, "release %d has no file %q that is compiled", number, name)
	}
	return data, nil
}

// Verify checks that a release is as it was written, that the same submissions stand at its cut-off, and that it compiles again to the
// same bytes.
func (c *Compiler) Verify(ctx context.Context, number int) (reporting.ReleaseCheck, error) {
	release, err := c.Releases.Find(number)
	if err != nil {
		return reporting.ReleaseCheck{}, err
	}
	check := reporting.ReleaseCheck{Number: number, OK: true, Notes: c.differences(release)}
	add := func(zh, en string, fault string) {
		check.Checks = append(check.Checks, reporting.CheckPoint{What: reporting.Text{ZH: zh, EN: en}, OK: fault == "", Note: reporting.Text{ZH: fault, EN: fault}})
		check.OK = check.OK && fault == ""
	}
	fault := ""
	if err := c.Releases.Verify(number); err != nil {
		fault = err.Error()
	}
	add("存档文件与发布时一致", "its files and the chain are as they were written", fault)
	made, inputs, err := c.again(ctx, release)
	if err != nil {
		add("可以重新编制", "it compiles again", err.Error())
		return check, nil
	}
	fault = ""
	if !slices.Equal(inputs, release.Inputs) {
		fault = fmt.Sprintf("%d submissions stood at the cut-off, %d stand there now, or others", len(release.Inputs), len(inputs))
	}
	add("截止时有效的报送与发布时一致", "the same submissions stand at its cut-off", fault)
	for _, f := range append([]reporting.ReleaseFile{release.Figures}, release.Files...) {
		fault = ""
		if sum := sumOf(made[f.Name]); sum != f.SHA256 {
			fault = fmt.Sprintf("released as %.12s, compiled now as %.12s", f.SHA256, sum)
		}
		add("重新编制后逐字节相同："+f.Name, "compiles to the same bytes: "+f.Name, fault)
	}
	return check, nil
}

// differences says what a release was made with that is another thing now.
func (c *Compiler) differences(release reporting.Release) []reporting.Text {
	var notes []reporting.Text
	if release.Program != c.Program {
		notes = append(notes, reporting.Textf("发布时的程序版本为 %s，现为 %s：结果不同可能由此而来", "it was released by program version %s, this is %s: a difference may come from that", release.Program, c.Program))
	}
	if release.Schemas != c.Schemas {
		notes = append(notes, reporting.Textf("发布时的表式和规则（%.12s）与现在的（%.12s）不同", "it was released with forms and rules %.12s, now they are %.12s", release.Schemas, c.Schemas))
	}
	if release.Fonts != "" {
		if fonts, err := c.Fonts(); err == nil && fonts.Sum() != release.Fonts {
			notes = append(notes, reporting.Textf("发布时的字体文件（%.12s）与现在的（%.12s）不同，影响 pdf", "it was released with font files %.12s, now they are %.12s; this concerns the pdf", release.Fonts, fonts.Sum()))
		}
	}
	return notes
}
