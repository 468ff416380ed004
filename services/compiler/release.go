package compiler

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
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
	figuresFile   = "figures.json"
	schemasFolder = "schemas"
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
	on := c.on(q.On)
	b, err := on.basis(ctx, r.period, r.cutoff, r.rules)
	if err != nil {
		return reporting.Release{}, err
	}
	formats := q.Formats
	if len(formats) == 0 {
		formats = Formats
	}
	made, err := on.files(ctx, r, b, formats)
	if err != nil {
		return reporting.Release{}, err
	}
	release := reporting.Release{
		Report: r.template.ID, Period: r.period, Cutoff: r.cutoff, ReleasedAt: c.Now(), Reason: q.Reason, By: q.By, Parameters: q.Parameters, Boundaries: q.On,
		Program: c.Program, Figures: reporting.ReleaseFile{Name: figuresFile},
	}
	if release.Inputs, err = c.inputs(ctx, b); err != nil {
		return release, err
	}
	schemas, sum, err := c.frozenSchemas(release.Report)
	if err != nil {
		return release, err
	}
	release.Schemas = sum
	for _, name := range slices.Sorted(maps.Keys(schemas)) {
		made[name] = schemas[name]
		release.Template = append(release.Template, reporting.ReleaseFile{Name: name})
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

// frozenSchemas are the files that decide about a report, by the names that they have in a release, and the hash of all of them: the
// report's template, the rules of warnings, and the forms, indicators and units that its figures are added up by.
func (c *Compiler) frozenSchemas(report string) (files map[string][]byte, sum string, err error) {
	files = map[string][]byte{}
	h := sha256.New()
	for _, root := range []string{"forms", "indicators", "units", warningsFile, templateFolder(report)} {
		err := fs.WalkDir(c.Schemas, root, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := fs.ReadFile(c.Schemas, name)
			files[schemasFolder+"/"+name] = data
			fmt.Fprintf(h, "%s\n%d\n%s\n", name, len(data), data)
			return err
		})
		if err != nil {
			return nil, "", fmt.Errorf("schemas: %w", err)
		}
	}
	return files, hex.EncodeToString(h.Sum(nil)), nil
}

// templateFolder is where a report's template is, in the folder of schemas.
func templateFolder(report string) string { return "reports/" + report }

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
		if e.Kind.Decides() && !e.ReceivedAt.After(cutoff) && !decided[e.ID] {
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

// again is a release compiled once more, from what stood at its cut-off, by the schemas that it has frozen.
func (c *Compiler) again(ctx context.Context, release reporting.Release) (map[string][]byte, []reporting.ReleaseInput, error) {
	then, r, err := c.then(release)
	if err != nil {
		return nil, nil, fmt.Errorf("schemas of release %d: %w", release.Number, err)
	}
	b, err := then.basis(ctx, r.period, r.cutoff, r.rules)
	if err != nil {
		return nil, nil, err
	}
	inputs, err := then.inputs(ctx, b)
	if err != nil {
		return nil, nil, err
	}
	var formats []string
	for _, f := range release.Files {
		formats = append(formats, strings.TrimPrefix(path.Ext(f.Name), "."))
	}
	made, err := then.files(ctx, r, b, formats)
	return made, inputs, err
}

// then is the compiler as it was for a release: with its catalogue, template and rules.
func (c *Compiler) then(release reporting.Release) (*Compiler, recipe, error) {
	r := recipe{period: release.Period, cutoff: release.Cutoff.In(c.Now().Location()), parameters: release.Parameters}
	folder, err := fs.Sub(c.Releases.FS(release.Number), schemasFolder)
	if err != nil {
		return nil, r, err
	}
	then := &Compiler{Config: c.Config}
	if then.Catalogue, err = c.Load(folder); err != nil {
		return nil, r, err
	}
	if r.template, err = compile.LoadTemplate(folder, templateFolder(release.Report), then.Catalogue); err != nil {
		return nil, r, err
	}
	if r.rules, err = warn.Load(folder, warningsFile, then.Catalogue); err != nil {
		return nil, r, err
	}
	return then.on(release.Boundaries), r, nil
}

// released lists the releases without their inputs and schemas, which are long: a list of all must fit into a message.
func (c *Compiler) released() []reporting.Release {
	list := c.Releases.List()
	for i := range list {
		list[i].Inputs, list[i].Template = nil, nil
	}
	return list
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
	if _, sum, err := c.frozenSchemas(release.Report); err == nil && release.Schemas != sum {
		notes = append(notes, reporting.Textf("发布后表式、指标或规则有改动（%.12s，现为 %.12s）：重新编制按发布时的；但重建数据（huizong rebuild）按现在的规则判定报表",
			"forms, indicators or rules have changed since (%.12s, now %.12s): it is compiled by those of then; a rebuild of the data judges sheets by those of now", release.Schemas, sum))
	}
	if release.Fonts != "" {
		if fonts, err := c.Fonts(); err == nil && fonts.Sum() != release.Fonts {
			notes = append(notes, reporting.Textf("发布时的字体文件（%.12s）与现在的（%.12s）不同，影响 pdf", "it was released with font files %.12s, now they are %.12s; this concerns the pdf", release.Fonts, fonts.Sum()))
		}
	}
	return notes
}
