package reports

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"huizong/pkg/answers"
	"huizong/pkg/clickhouse"
	"huizong/pkg/clickhouse/clickhousetest"
	"huizong/pkg/compile"
	"huizong/pkg/compile/pdf"
	"huizong/pkg/originals"
	"huizong/pkg/release"
	"huizong/pkg/reporting"
	"huizong/pkg/warn"
	"huizong/schemas"
)

func TestMain(m *testing.M) { os.Exit(clickhousetest.Main(m)) }

var errNoFonts = reporting.Errorf(reporting.Unavailable, "no font for PDF (run `make fonts`)")

// bench are the reports of a city.
type bench struct {
	*clickhousetest.City
	*Reports
	journal *originals.Store
}

func newBench(t *testing.T) *bench { return newBenchOf(t, schemas.FS()) }

func newBenchOf(t *testing.T, files fs.FS) *bench {
	t.Helper()
	city := clickhousetest.New(t)
	journal, err1 := originals.Open(t.TempDir(), originals.Options{})
	releases, err2 := release.Open(filepath.Join(t.TempDir(), "releases"))
	catalogue, err3 := schemas.Load(files)
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	city.Catalogue = catalogue
	rules, err := warn.Load(files, WarningsFile, catalogue)
	if err != nil {
		t.Fatal(err)
	}
	answers, err := answers.New(answers.Config{Facts: city.Facts, Catalogue: catalogue, Journal: journal, Releases: releases, Rules: rules})
	if err != nil {
		t.Fatal(err)
	}
	templates := map[string]*compile.Template{}
	for _, id := range []string{"half_year", "monthly_bulletin", "unit_sheet"} {
		if templates[id], err = compile.LoadTemplate(files, "reports/"+id, catalogue); err != nil {
			t.Fatal(err)
		}
	}
	return &bench{city, New(Config{Answers: answers, Templates: templates, Schemas: files, Load: schemas.Load,
		Fonts: func() (*pdf.Fonts, error) { return nil, errNoFonts }, Program: "this", Now: func() time.Time { return city.Now }, DraftsFolder: t.TempDir()}), journal}
}

var half = mustPeriod("2020H1")

func mustPeriod(s string) reporting.Period {
	p, err := reporting.ParsePeriod(s)
	if err != nil {
		panic(err)
	}
	return p
}

var halfYear = Order{Report: "half_year", Period: half}

func wantCode(t *testing.T, what string, err error, code reporting.Code, part string) {
	t.Helper()
	if reporting.CodeOf(err) != code || !strings.Contains(fmt.Sprint(err), part) {
		t.Errorf("%s: error = %v (%s), want code %s and %q", what, err, reporting.CodeOf(err), code, part)
	}
}

// checkUnitSheets: a unit's sheet has its own number, the city's beside it, and its own cells; one that has not reported is told so. It is not released.
func (b *bench) checkUnitSheets(t *testing.T) {
	t.Helper()
	for unit, want := range map[string]string{"349981001": "城镇新增就业10人", "349981002": "未报"} {
		sheet := Order{Report: "unit_sheet", Period: half, Parameters: map[string]string{"unit": unit}}
		f, err := b.Report(t.Context(), sheet, "html")
		if err != nil {
			t.Fatal(err)
		}
		if text := plainText(f.Data); !strings.Contains(text, want) || f.Name != "unit-sheet-2020H1-"+unit+".html" {
			t.Errorf("%s of %s: %q is not in\n%s", f.Name, unit, want, text)
		}
		_, err = b.Publish(t.Context(), Publication{Order: sheet, Reason: "test", By: "test"})
		wantCode(t, "release of a unit's sheet", err, reporting.Invalid, "is not released")
	}
	_, err := b.Report(t.Context(), Order{Report: "unit_sheet", Period: half}, "html")
	wantCode(t, "a sheet of nobody", err, reporting.Invalid, "say which")
}

var tags = regexp.MustCompile(`<[^>]*>`)

func plainText(page []byte) string { return tags.ReplaceAllString(string(page), "") }

func TestReport(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Accept(t, reporting.MissingSheet{Form: "employment_monthly", Org: "349981001", Period: mustPeriod("2020-05")},
		reporting.MissingSheet{Form: "narrative_half_year", Org: "349981001", Period: half, Title: "多措并举，扩大就业。"},
		reporting.MissingSheet{Form: "narrative_half_year", Org: "349981001", Period: mustPeriod("2019H1"), Title: "去年的文字。"})
	f, err := b.Report(t.Context(), halfYear, "html")
	if err != nil {
		t.Fatal(err)
	}
	text := string(f.Data)
	if !strings.Contains(text, "多措并举，扩大就业。") || strings.Contains(text, "去年的文字。") {
		t.Error("a report prints the texts that were sent for its period, and no others")
	}
	if !f.Cutoff.Equal(b.Now) || !strings.Contains(f.Policy, "default-src 'none'") {
		t.Errorf("cut-off %s, policy %q", f.Cutoff, f.Policy)
	}
	b.checkUnitSheets(t)
	_, err = b.Report(t.Context(), halfYear, "pdf")
	wantCode(t, "pdf without fonts", err, reporting.Unavailable, "make fonts")
	_, err = b.Report(t.Context(), halfYear, "doc")
	wantCode(t, "doc", err, reporting.Invalid, "docx, html, pdf, xlsx")
	_, err = b.Report(t.Context(), Order{Report: "nothing", Period: half}, "docx")
	wantCode(t, "unknown report", err, reporting.NotFound, "nothing")
	early := halfYear
	early.AsOf = b.Now.AddDate(0, 0, -1)
	if f, err := b.Report(t.Context(), early, "html"); err != nil || strings.Contains(string(f.Data), "多措并举") {
		t.Errorf("a report as of yesterday holds what was sent today (%v)", err)
	}
}

// TestTwoTargets: the city's and the province's target of one indicator stand side by side, each with its completion, and a sheet with
// other targets is their next revision.
func TestTwoTargets(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	targets := func(city, province int64, sha string) clickhouse.Entry {
		e := b.Entry(reporting.MissingSheet{Form: "targets_annual", Org: "349981BG", Period: mustPeriod("2020")})
		e.Decision.SHA256 = sha
		for level, value := range map[string]int64{reporting.CityTarget: city, reporting.ProvinceTarget: province} {
			e.Reading.Targets = append(e.Reading.Targets, reporting.Target{Indicator: "employment.urban_new_jobs", Year: 2020, Level: level, Value: reporting.Int(value)})
		}
		return e
	}
	jobs := b.Entry(reporting.MissingSheet{Form: "employment_monthly", Org: "349981001", Period: mustPeriod("2020-05")})
	jobs.Reading.Observations = []reporting.Observation{{Indicator: "employment.urban_new_jobs", Unit: "349981001", Period: mustPeriod("2020-05"), Value: reporting.Int(50801)}}
	b.Store(t, jobs, targets(41000, 39000, "first"))
	b.Store(t, targets(40000, 39000, "second"))
	figures, err := b.Answers.Figures(t.Context(), answers.Selection{Periods: []reporting.Period{half}, Indicator: "employment.urban_new_jobs"})
	if err != nil || len(figures) != 1 || len(figures[0].Targets) != 2 {
		t.Fatalf("Figures = %+v, %v", figures, err)
	}
	for i, want := range []string{"city 2 40000 1.2700", "province 2 39000 1.3026"} {
		target := figures[0].Targets[i]
		if got := fmt.Sprintf("%s %d %s %s", target.Level, target.Revision, target.Value.RatString(), target.Completion.FloatString(4)); got != want {
			t.Errorf("target %d = %s, want %s", i, got, want)
		}
	}
	if figures[0].Completion.FloatString(4) != "1.2700" {
		t.Errorf("completion = %s, want the city's", figures[0].Completion.FloatString(4))
	}
	f, err := b.Report(t.Context(), halfYear, "html")
	if err != nil || !strings.Contains(string(f.Data), ">130.26<") || !strings.Contains(string(f.Data), ">127.00<") {
		t.Errorf("the report does not print both completions (%v)", err)
	}
}

// unfinished says why a report of few sheets is released.
var unfinished = map[string]string{"unfinished": "试编"}

func TestPublish(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Accept(t, reporting.MissingSheet{Form: "employment_monthly", Org: "349981001", Period: mustPeriod("2020-05")})
	q := Publication{Order: halfYear}
	q.Formats = []string{"docx", "html"}
	_, err := b.Publish(t.Context(), q)
	wantCode(t, "without a reason", err, reporting.Invalid, "reason")
	q.Reason = "初稿"
	future := q
	future.AsOf = b.Now.Add(time.Hour)
	_, err = b.Publish(t.Context(), future)
	wantCode(t, "in the future", err, reporting.Invalid, "future")
	_, err = b.Publish(t.Context(), q)
	wantCode(t, "with units missing, and no word why", err, reporting.Invalid, "未报")
	q.Parameters = unfinished
	all := q
	all.Formats = nil
	_, err = b.Publish(t.Context(), all)
	wantCode(t, "without fonts", err, reporting.Unavailable, "make fonts")
	first, err := b.Publish(t.Context(), q)
	if err != nil || first.Number != 1 || len(first.Inputs) != 1 || len(first.Files) != 4 || first.Files[1].Name != "half-year-2020H1.companion.docx" || len(first.Template) < 20 {
		t.Fatalf("Publish = %+v, %v", first, err)
	}
	b.Now = b.Now.Add(2 * time.Hour)
	b.Accept(t, reporting.MissingSheet{Form: "employment_monthly", Org: "349981002", Period: mustPeriod("2020-05")})
	q.Reason = "补报"
	if _, err := b.Publish(t.Context(), q); err != nil {
		t.Fatal(err)
	}
	b.recent = documents{}
	for n := 1; n <= 2; n++ {
		b.Program = map[int]string{1: "this", 2: "another"}[n]
		check, err := b.Verify(t.Context(), n)
		if err != nil || !check.OK || (len(check.Notes) > 0) != (n == 2) {
			t.Errorf("Verify(%d) = %+v, %v", n, check, err)
		}
	}
	diff, err := b.Answers.Diff(t.Context(), 1, 2)
	if err != nil || len(diff.Figures) == 0 || diff.Figures[0].Before != "10" || diff.Figures[0].After != "20" || len(diff.Figures[0].Causes) != 1 || diff.Figures[0].Causes[0].Org != "349981002" {
		t.Errorf("Diff = %+v, %v", diff, err)
	}

	sum, size, err := b.journal.Put(t.Context(), strings.NewReader("x"), 10)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.journal.Append(t.Context(), reporting.Envelope{Kind: reporting.SubmissionReceived, Org: "349981001", SHA256: sum, Size: size}); err != nil {
		t.Fatal(err)
	}
	b.Now = time.Now().Add(time.Minute)
	_, err = b.Publish(t.Context(), q)
	wantCode(t, "undecided", err, reporting.Conflict, "not decided")
}

// TestVerifyAfterChanges: a release compiles by the forms, indicators and texts that it has frozen, whatever they are now.
func TestVerifyAfterChanges(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Accept(t, reporting.MissingSheet{Form: "employment_monthly", Org: "349981001", Period: mustPeriod("2020-05")})
	q := Publication{Order: halfYear}
	q.Formats, q.Reason, q.Parameters = []string{"docx"}, "初稿", unfinished
	if _, err := b.Publish(t.Context(), q); err != nil {
		t.Fatal(err)
	}
	changed := fstest.MapFS{}
	for _, root := range []string{"forms", "indicators", "units", "reports"} {
		err := fs.WalkDir(schemas.FS(), root, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := fs.ReadFile(schemas.FS(), name)
			changed[name] = &fstest.MapFile{Data: data}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	changed["reports/half_year/report.tmpl"].Data = []byte("今年不写了。\n")
	b.Schemas = changed
	slices.Reverse(b.Catalogue.Indicators)
	b.Catalogue.Index()
	check, err := b.Verify(t.Context(), 1)
	if err != nil || !check.OK || len(check.Notes) != 1 || !strings.Contains(check.Notes[0].EN, "have changed") {
		t.Errorf("Verify = %+v, %v", check, err)
	}
}
