package reports

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"huizong/pkg/answers"
	"huizong/pkg/compile"
	"huizong/pkg/reporting"
	"huizong/pkg/warn"
)

// The files of a release besides the report itself.
const (
	figuresFile   = "figures.json"
	schemasFolder = "schemas"
)

// Publication says which release is wanted.
type Publication struct {
	Order
	Formats []string // none is all
	Reason  string
	By      string // who releases
}

// Publish makes a release: it freezes figures, template, inputs and files under the next number. It is made also where whoever asked for it
// has gone.
//
// The cut-off is a moment that has passed, and every submission received by then is decided: so what stood then will be the same
// whenever it is asked for again.
func (r *Reports) Publish(ctx context.Context, p Publication) (reporting.Release, error) {
	_, end, err := r.Answers.Begin(ctx)
	if err != nil {
		return reporting.Release{}, err
	}
	defer end()
	ctx = context.WithoutCancel(ctx)
	r.publish.Lock()
	defer r.publish.Unlock()
	if strings.TrimSpace(p.Reason) == "" {
		return reporting.Release{}, reporting.Errorf(reporting.Invalid, "a release needs a reason")
	}
	recipe, err := r.recipe(p.Order)
	if err != nil {
		return reporting.Release{}, err
	}
	if now := r.Now(); recipe.cutoff.After(now) {
		return reporting.Release{}, reporting.Errorf(reporting.Invalid, "the cut-off %s of a release lies in the future", recipe.cutoff.Format(time.RFC3339))
	}
	if err := r.settled(ctx, recipe.cutoff); err != nil {
		return reporting.Release{}, err
	}
	if recipe.subject != r.Answers.Catalogue.City { // and numbers tell releases apart by report and period alone
		return reporting.Release{}, reporting.Errorf(reporting.Invalid, "单位数据反馈表随时编制，不作为正式报告发布 / a sheet for one unit is compiled when it is wanted, and is not released")
	}
	b, err := recipe.basis(ctx)
	if err != nil {
		return reporting.Release{}, err
	}
	formats := p.Formats
	if len(formats) == 0 {
		formats = Formats
	}
	formats = withCompanions(formats)
	d, err := recipe.compile(ctx, b)
	if err != nil {
		return reporting.Release{}, err
	}
	if err := finished(d, recipe); err != nil {
		return reporting.Release{}, err
	}
	made, err := r.files(d, recipe, b, formats)
	if err != nil {
		return reporting.Release{}, err
	}
	release := reporting.Release{
		Report: recipe.template.ID, Period: recipe.period, Cutoff: recipe.cutoff, ReleasedAt: r.Now(), Reason: p.Reason, By: p.By, Parameters: p.Parameters, Boundaries: p.On,
		Program: r.Program, Figures: reporting.ReleaseFile{Name: figuresFile},
	}
	if release.Inputs, err = r.inputs(ctx, b); err != nil {
		return release, err
	}
	schemas, sum, err := r.frozenSchemas(release.Report)
	if err != nil {
		return release, err
	}
	release.Schemas = sum
	for _, name := range slices.Sorted(maps.Keys(schemas)) {
		made[name] = schemas[name]
		release.Template = append(release.Template, reporting.ReleaseFile{Name: name})
	}
	for _, format := range formats {
		release.Files = append(release.Files, reporting.ReleaseFile{Name: FileName(recipe.template.ID, recipe.period, format)})
	}
	if slices.Contains(formats, "pdf") { // and its companion is one, too
		fonts, err := r.Fonts()
		if err != nil {
			return release, err
		}
		release.Fonts = fonts.Sum()
	}
	return r.Answers.Releases.Add(ctx, release, made)
}

// finished refuses a report with places that are not filled in, or with numbers that some unit is not in, unless it says why it goes out.
func finished(d *compile.Document, r recipe) error {
	if len(d.Unfinished) == 0 || strings.TrimSpace(r.parameters[compile.WhyUnfinished]) != "" {
		return nil
	}
	return reporting.Errorf(reporting.Invalid, "报告还有未完成之处，请补齐，或填写“未完成处的说明”（%s）后再发布 / the report is not finished: complete it, or say why it goes out (%s). %s",
		compile.WhyUnfinished, compile.WhyUnfinished, strings.Join(d.Unfinished, ""))
}

// frozenSchemas are the files that decide about a report, by the names that they have in a release, and the hash of all of them: the
// report's template, the rules of warnings, and the forms, indicators and units that its figures are added up by.
func (r *Reports) frozenSchemas(report string) (files map[string][]byte, sum string, err error) {
	files = map[string][]byte{}
	h := sha256.New()
	roots := []string{"forms", "indicators", "units", WarningsFile, templateFolder(report)}
	if t := r.Templates[report]; t != nil && t.Text != report {
		roots = append(roots, templateFolder(t.Text))
	}
	for _, root := range roots {
		err := fs.WalkDir(r.Schemas, root, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := fs.ReadFile(r.Schemas, name)
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

// FileName is the name of a report's file: half-year-2020H1.docx, and half-year-2020H1.companion.docx of its companion.
func FileName(report string, p reporting.Period, format string) string {
	return fileStem(report, p) + "." + format
}

func fileStem(report string, p reporting.Period) string {
	return strings.ReplaceAll(report, "_", "-") + "-" + p.String()
}

// settled reports whether all that was received by the cut-off is decided.
func (r *Reports) settled(ctx context.Context, cutoff time.Time) error {
	decided, err := r.Answers.Facts.DecidedAll(ctx)
	if err != nil {
		return fmt.Errorf("decided submissions: %w", err)
	}
	for e := range r.Answers.Journal.Envelopes() {
		if e.Kind.Decides() && !e.ReceivedAt.After(cutoff) && !decided[e.ID] {
			return reporting.Errorf(reporting.Conflict, "submission %s of %s is not decided yet: release again when it is", e.ID, e.Org)
		}
	}
	return nil
}

// files writes the report in the formats, by name, with its figures beside it.
func (r *Reports) files(d *compile.Document, of recipe, b *answers.Basis, formats []string) (made map[string][]byte, err error) {
	for _, format := range formats {
		if err := checkFormat(format); err != nil {
			return nil, err
		}
	}
	files, errs := make([][]byte, len(formats)), make([]error, len(formats))
	var writing sync.WaitGroup
	for i, format := range formats {
		writing.Go(func() { files[i], errs[i] = r.write(d, format) })
	}
	writing.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	made = map[string][]byte{}
	for i, format := range formats {
		made[FileName(of.template.ID, of.period, format)] = files[i]
	}
	made[figuresFile], err = frozen(b.Figures)
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
func (r *Reports) inputs(ctx context.Context, b *answers.Basis) ([]reporting.ReleaseInput, error) {
	files, err := r.Answers.Submissions(ctx)
	if err != nil {
		return nil, err
	}
	inputs := make([]reporting.ReleaseInput, len(b.Standings))
	for i, s := range b.Standings {
		inputs[i] = reporting.ReleaseInput{Submission: s.Submission, SHA256: files[s.Submission].SHA256, Form: s.Form, Org: s.Org, Period: s.Period}
	}
	return inputs, nil
}

// again is a release compiled once more, from what stood at its cut-off, by the schemas that it has frozen.
func (r *Reports) again(ctx context.Context, release reporting.Release) (map[string][]byte, []reporting.ReleaseInput, error) {
	then, err := r.then(release)
	if err != nil {
		return nil, nil, fmt.Errorf("schemas of release %d: %w", release.Number, err)
	}
	b, err := then.basis(ctx)
	if err != nil {
		return nil, nil, err
	}
	inputs, err := r.inputs(ctx, b)
	if err != nil {
		return nil, nil, err
	}
	var formats []string
	for _, f := range release.Files {
		formats = append(formats, strings.TrimPrefix(f.Name, fileStem(then.template.ID, then.period)+"."))
	}
	d, err := then.compile(ctx, b)
	if err != nil {
		return nil, nil, err
	}
	made, err := r.files(d, then, b, formats)
	return made, inputs, err
}

// then is the recipe of a release: with its catalogue, template and rules.
func (r *Reports) then(release reporting.Release) (recipe, error) {
	then := recipe{period: release.Period, cutoff: release.Cutoff.In(r.Now().Location()), parameters: release.Parameters}
	folder, err := fs.Sub(r.Answers.Releases.FS(release.Number), schemasFolder)
	if err != nil {
		return then, err
	}
	catalogue, err := r.Load(folder)
	if err != nil {
		return then, err
	}
	if then.template, err = compile.LoadTemplate(folder, templateFolder(release.Report), catalogue); err != nil {
		return then, err
	}
	rules, err := warn.Load(folder, WarningsFile, catalogue)
	then.answers = r.Answers.Of(catalogue, rules).On(release.Boundaries)
	then.subject = catalogue.City
	return then, err
}

// Releases lists the releases without their inputs and schemas, which are long.
func (r *Reports) Releases() []reporting.Release {
	list := r.Answers.Releases.List()
	for i := range list {
		list[i].Inputs, list[i].Template = nil, nil
	}
	return list
}

// Release is one of them, with all that it was made of.
func (r *Reports) Release(number int) (reporting.Release, error) {
	return r.Answers.Releases.Find(number)
}

// ReleaseFile is a file of a release as it was frozen.
func (r *Reports) ReleaseFile(number int, name string) ([]byte, error) {
	return r.Answers.Releases.File(number, name)
}

// Rebuild compiles a release again and returns one of its files as it comes out now.
func (r *Reports) Rebuild(ctx context.Context, number int, name string) ([]byte, error) {
	ctx, end, err := r.Answers.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	release, err := r.Answers.Releases.Find(number)
	if err != nil {
		return nil, err
	}
	made, _, err := r.again(ctx, release)
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
func (r *Reports) Verify(ctx context.Context, number int) (reporting.ReleaseCheck, error) {
	ctx, end, err := r.Answers.Begin(ctx)
	if err != nil {
		return reporting.ReleaseCheck{}, err
	}
	defer end()
	release, err := r.Answers.Releases.Find(number)
	if err != nil {
		return reporting.ReleaseCheck{}, err
	}
	check := reporting.ReleaseCheck{Number: number, OK: true, Notes: r.differences(release)}
	add := func(zh, en string, fault string) {
		check.Checks = append(check.Checks, reporting.CheckPoint{What: reporting.Text{ZH: zh, EN: en}, OK: fault == "", Note: reporting.Text{ZH: fault, EN: fault}})
		check.OK = check.OK && fault == ""
	}
	fault := ""
	if err := r.Answers.Releases.Verify(number); err != nil {
		fault = err.Error()
	}
	add("存档文件与发布时一致", "its files and the chain are as they were written", fault)
	made, inputs, err := r.again(ctx, release)
	if ctx.Err() != nil {
		return check, err
	}
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
func (r *Reports) differences(release reporting.Release) []reporting.Text {
	var notes []reporting.Text
	if release.Program != r.Program {
		notes = append(notes, reporting.Textf("发布时的程序版本为 %s，现为 %s：结果不同可能由此而来", "it was released by program version %s, this is %s: a difference may come from that", release.Program, r.Program))
	}
	if _, sum, err := r.frozenSchemas(release.Report); err == nil && release.Schemas != sum {
		notes = append(notes, reporting.Textf("发布后表式、指标或规则有改动（%.12s，现为 %.12s）：重新编制按发布时的；但重建数据（huizong rebuild）按现在的规则判定报表",
			"forms, indicators or rules have changed since (%.12s, now %.12s): it is compiled by those of then; a rebuild of the data judges sheets by those of now", release.Schemas, sum))
	}
	if release.Fonts != "" {
		if fonts, err := r.Fonts(); err == nil && fonts.Sum() != release.Fonts {
			notes = append(notes, reporting.Textf("发布时的字体文件（%.12s）与现在的（%.12s）不同，影响 pdf", "it was released with font files %.12s, now they are %.12s; this concerns the pdf", release.Fonts, fonts.Sum()))
		}
	}
	return notes
}

func sumOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
