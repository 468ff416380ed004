package compiler

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"go.uber.org/zap"

	"huizong/pkg/clickhouse"
	"huizong/pkg/compile"
	"huizong/pkg/compile/pdf"
	"huizong/pkg/engine"
	"huizong/pkg/originals"
	"huizong/pkg/release"
	"huizong/pkg/reporting"
	"huizong/schemas"
)

// shared is one engine for all tests of the package; each test has a database of its own.
var shared *engine.Engine

func TestMain(m *testing.M) {
	engine.RunIfChild()
	dir, err := os.MkdirTemp("", "compiler-test")
	if err != nil {
		panic(err)
	}
	if shared, err = engine.Start(context.Background(), engine.Config{Dir: dir}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	status := m.Run()
	shared.Close()
	os.RemoveAll(dir)
	os.Exit(status)
}

var databases atomic.Int32

var errNoFonts = reporting.Errorf(reporting.Unavailable, "no font for PDF (run `make fonts`)")

// bench is a compiler with everything below it but the bus, and a clock that stands.
type bench struct {
	*Compiler
	now  time.Time
	sent int
}

func newBench(t *testing.T) *bench {
	t.Helper()
	account := shared.Account(engine.Service)
	facts, err := clickhouse.Open(t.Context(), clickhouse.Config{Account: account.Name, Password: account.Password, Database: fmt.Sprintf("huizong_compiler_%d", databases.Add(1)),
		DialContext: func(ctx context.Context, addr string) (net.Conn, error) { return shared.DialContext(ctx, addr) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { facts.Close() })
	journal, err1 := originals.Open(t.TempDir())
	releases, err2 := release.Open(filepath.Join(t.TempDir(), "releases"))
	catalogue, err3 := schemas.Load(schemas.FS())
	if err := errors.Join(facts.Migrate(t.Context(), schemas.Sub("clickhouse")), err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	b := &bench{now: time.Date(2020, 7, 1, 8, 0, 0, 0, time.FixedZone("UTC+8", 8*60*60))}
	templates := map[string]*compile.Template{}
	for _, id := range []string{"half_year", "monthly_bulletin"} {
		if templates[id], err = compile.LoadTemplate(schemas.FS(), "reports/"+id, catalogue); err != nil {
			t.Fatal(err)
		}
	}
	if b.Compiler, err = New(Config{Facts: facts, Journal: journal, Releases: releases, Catalogue: catalogue, Templates: templates, Schemas: schemas.FS(), Load: schemas.Load,
		Fonts: func() (*pdf.Fonts, error) { return nil, errNoFonts }, Program: "this", Log: zap.NewNop(),
		Now: func() time.Time { return b.now }, Drafts: DraftConfig{Dir: t.TempDir(), Deadline: Deadline{1, 9, 0}}}); err != nil {
		t.Fatal(err)
	}
	return b
}

// accept stores a sheet as the worker would.
func (b *bench) accept(t *testing.T, sheets ...reporting.MissingSheet) {
	t.Helper()
	var entries []clickhouse.Entry
	for _, s := range sheets {
		form, e := b.Catalogue.Form(s.Form), b.entry(s)
		if s.Form == "employment_monthly" {
			e.Reading.Observations = []reporting.Observation{{Indicator: "employment.urban_new_jobs", Unit: s.Org, Period: s.Period, Value: reporting.Int(10),
				Lineage: reporting.Lineage{Sheet: "表", Cell: "D5", Written: "10"}}}
		}
		if form.Shape == reporting.NarrativeForm {
			e.Reading.Narratives = []reporting.Narrative{{Section: "就业", Title: "稳岗", Body: s.Title}}
		}
		entries = append(entries, e)
	}
	b.store(t, entries...)
}

// entry is an accepted sheet that says nothing yet.
func (b *bench) entry(s reporting.MissingSheet) clickhouse.Entry {
	b.sent++
	return clickhouse.Entry{Attempt: clickhouse.NewAttempt(), Slot: b.Catalogue.Form(s.Form).Slot(s.Period), Decision: reporting.Decision{
		Submission: fmt.Sprintf("%026d", b.sent), Outcome: reporting.Accepted, Form: s.Form, Org: s.Org, Period: s.Period, SHA256: "hash", FileName: "表.xlsx",
		ReceivedAt: b.now.Add(-time.Hour).Add(time.Duration(b.sent) * time.Millisecond), Findings: []reporting.Finding{}}}
}

func (b *bench) store(t *testing.T, entries ...clickhouse.Entry) {
	t.Helper()
	domain := func(code string) reporting.Domain { return b.Catalogue.Indicator(code).Domain }
	if err := errors.Join(b.Facts.Insert(t.Context(), entries, domain), b.Facts.ReadBack(t.Context(), entries), b.Facts.Commit(t.Context(), entries)); err != nil {
		t.Fatal(err)
	}
}

var half = mustPeriod("2020H1")

func mustPeriod(s string) reporting.Period {
	p, err := reporting.ParsePeriod(s)
	if err != nil {
		panic(err)
	}
	return p
}

func (b *bench) question(format string) reporting.Question {
	return reporting.Question{Periods: []reporting.Period{half}, Report: "half_year", Format: format}
}

func wantCode(t *testing.T, what string, err error, code reporting.Code, part string) {
	t.Helper()
	if reporting.CodeOf(err) != code || !strings.Contains(fmt.Sprint(err), part) {
		t.Errorf("%s: error = %v (%s), want code %s and %q", what, err, reporting.CodeOf(err), code, part)
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.accept(t, reporting.MissingSheet{Form: "employment_monthly", Org: "349981001", Period: mustPeriod("2020-05")},
		reporting.MissingSheet{Form: "narrative_half_year", Org: "349981001", Period: half, Title: "多措并举，扩大就业。"},
		reporting.MissingSheet{Form: "narrative_half_year", Org: "349981001", Period: mustPeriod("2019H1"), Title: "去年的文字。"})
	f, err := b.Report(t.Context(), b.question("html"))
	if err != nil {
		t.Fatal(err)
	}
	text := string(f.Data)
	if !strings.Contains(text, "多措并举，扩大就业。") || strings.Contains(text, "去年的文字。") {
		t.Error("a report prints the texts that were sent for its period, and no others")
	}
	if !f.Cutoff.Equal(b.now) || !strings.Contains(f.Policy, "default-src 'none'") {
		t.Errorf("cut-off %s, policy %q", f.Cutoff, f.Policy)
	}
	_, err = b.Report(t.Context(), b.question("pdf"))
	wantCode(t, "pdf without fonts", err, reporting.Unavailable, "make fonts")
	_, err = b.Report(t.Context(), b.question("doc"))
	wantCode(t, "doc", err, reporting.Invalid, "docx, html, pdf, xlsx")
	_, err = b.Report(t.Context(), reporting.Question{Periods: []reporting.Period{half}, Report: "nothing", Format: "docx"})
	wantCode(t, "unknown report", err, reporting.NotFound, "nothing")
	early := b.question("html")
	early.AsOf = b.now.AddDate(0, 0, -1)
	if f, err := b.Report(t.Context(), early); err != nil || strings.Contains(string(f.Data), "多措并举") {
		t.Errorf("a report as of yesterday holds what was sent today (%v)", err)
	}
}

// TestTwoTargets: the city's and the province's target of one indicator stand side by side, each with its completion, and a sheet with
// other targets is their next revision.
func TestTwoTargets(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	targets := func(city, province int64, sha string) clickhouse.Entry {
		e := b.entry(reporting.MissingSheet{Form: "targets_annual", Org: "349981BG", Period: mustPeriod("2020")})
		e.Decision.SHA256 = sha
		for level, value := range map[string]int64{reporting.CityTarget: city, reporting.ProvinceTarget: province} {
			e.Reading.Targets = append(e.Reading.Targets, reporting.Target{Indicator: "employment.urban_new_jobs", Year: 2020, Level: level, Value: reporting.Int(value)})
		}
		return e
	}
	jobs := b.entry(reporting.MissingSheet{Form: "employment_monthly", Org: "349981001", Period: mustPeriod("2020-05")})
	jobs.Reading.Observations = []reporting.Observation{{Indicator: "employment.urban_new_jobs", Unit: "349981001", Period: mustPeriod("2020-05"), Value: reporting.Int(50801)}}
	b.store(t, jobs, targets(41000, 39000, "first"))
	b.store(t, targets(40000, 39000, "second"))
	q := b.question("html")
	q.Indicator = "employment.urban_new_jobs"
	figures, err := b.Figures(t.Context(), q)
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
	q.Indicator = ""
	f, err := b.Report(t.Context(), q)
	if err != nil || !strings.Contains(string(f.Data), ">130.26<") || !strings.Contains(string(f.Data), ">127.00<") {
		t.Errorf("the report does not print both completions (%v)", err)
	}
}

func TestPublish(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.accept(t, reporting.MissingSheet{Form: "employment_monthly", Org: "349981001", Period: mustPeriod("2020-05")})
	q := b.question("")
	q.Formats = []string{"docx", "html"}
	_, err := b.Publish(t.Context(), q)
	wantCode(t, "without a reason", err, reporting.Invalid, "reason")
	q.Reason = "初稿"
	future := q
	future.AsOf = b.now.Add(time.Hour)
	_, err = b.Publish(t.Context(), future)
	wantCode(t, "in the future", err, reporting.Invalid, "future")
	all := q
	all.Formats = nil
	_, err = b.Publish(t.Context(), all)
	wantCode(t, "without fonts", err, reporting.Unavailable, "make fonts")
	first, err := b.Publish(t.Context(), q)
	if err != nil || first.Number != 1 || len(first.Inputs) != 1 || len(first.Files) != 2 || len(first.Template) < 20 {
		t.Fatalf("Publish = %+v, %v", first, err)
	}
	b.now = b.now.Add(2 * time.Hour)
	b.accept(t, reporting.MissingSheet{Form: "employment_monthly", Org: "349981002", Period: mustPeriod("2020-05")})
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
	diff, err := b.Diff(t.Context(), 1, 2)
	if err != nil || len(diff.Figures) == 0 || diff.Figures[0].Before != "10" || diff.Figures[0].After != "20" || len(diff.Figures[0].Causes) != 1 || diff.Figures[0].Causes[0].Org != "349981002" {
		t.Errorf("Diff = %+v, %v", diff, err)
	}

	sum, size, err := b.Journal.Put(t.Context(), strings.NewReader("x"), 10)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Journal.Append(t.Context(), reporting.Envelope{Kind: reporting.SubmissionReceived, Org: "349981001", SHA256: sum, Size: size}); err != nil {
		t.Fatal(err)
	}
	b.now = time.Now().Add(time.Minute)
	_, err = b.Publish(t.Context(), q)
	wantCode(t, "undecided", err, reporting.Conflict, "not decided")
}

// TestVerifyAfterChanges: a release compiles by the forms, indicators and texts that it has frozen, whatever they are now.
func TestVerifyAfterChanges(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.accept(t, reporting.MissingSheet{Form: "employment_monthly", Org: "349981001", Period: mustPeriod("2020-05")})
	q := b.question("")
	q.Formats, q.Reason = []string{"docx"}, "初稿"
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

func TestDrafts(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	folder := filepath.Join(b.Drafts.Dir, "half-year-2020H1")
	draft := func() (reporting.Draft, error) {
		t.Helper()
		if err := b.draft(t.Context(), half); err != nil {
			t.Fatal(err)
		}
		return readDraft(folder)
	}
	if _, err := draft(); err == nil {
		t.Error("a draft of nothing")
	}
	owed := b.missing(nil, half)
	b.accept(t, owed[0])
	if _, err := draft(); err == nil {
		t.Error("a draft before the deadline, with sheets missing")
	}
	b.now = b.now.Add(2 * time.Hour)
	d, err := draft()
	if err != nil || d.Because != "deadline" || len(d.Missing) != len(owed)-1 && b.Catalogue.Form(owed[0].Form).Coverage == reporting.CoversPeriod || len(d.Files) != 3 || len(d.Notes) != 1 {
		t.Errorf("draft at the deadline = %+v, %v", d, err)
	}
	for _, name := range d.Files {
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			t.Error(err)
		}
	}
	b.now = b.now.Add(time.Hour)
	if again, _ := draft(); !again.Cutoff.Equal(d.Cutoff) {
		t.Error("a draft was made again although nothing is new")
	}
	b.accept(t, owed[1:]...)
	if d, err := draft(); err != nil || d.Because != "complete" || len(d.Missing) != 0 {
		t.Errorf("draft of all = %s, %d missing, %v", d.Because, len(d.Missing), err)
	}
}

func TestDeadlines(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("UTC+8", 8*60*60)
	d, err := ParseDeadline("5 17:30")
	if at := d.Of(mustPeriod("2020H2"), zone); err != nil || at.Format(time.RFC3339) != "2021-01-05T17:30:00+08:00" {
		t.Errorf("deadline of 2020H2 = %s, %v", at, err)
	}
	for _, text := range []string{"x", "0 09:00", "29 09:00", "1 24:00", "1", "1 9"} {
		if _, err := ParseDeadline(text); reporting.CodeOf(err) != reporting.Invalid {
			t.Errorf("ParseDeadline(%q) = %v, want an error", text, err)
		}
	}
	for now, want := range map[string]string{"2020-07-01": "2020H1", "2020-12-31": "2020H1", "2021-01-01": "2020H2", "2020-06-30": "2019H2"} {
		day, err := time.ParseInLocation(time.DateOnly, now, zone)
		if got := halfBefore(day); err != nil || got != mustPeriod(want) {
			t.Errorf("halfBefore(%s) = %s, want %s", now, got, want)
		}
	}
}
