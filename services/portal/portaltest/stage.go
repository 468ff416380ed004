package portaltest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"huizong/pkg/access"
	"huizong/pkg/answers"
	"huizong/pkg/audit"
	"huizong/pkg/clickhouse/clickhousetest"
	"huizong/pkg/compile"
	"huizong/pkg/compile/pdf"
	"huizong/pkg/endpoint"
	"huizong/pkg/judge"
	"huizong/pkg/judge/judgetest"
	"huizong/pkg/nats"
	"huizong/pkg/originals"
	"huizong/pkg/problem"
	"huizong/pkg/release"
	"huizong/pkg/reporting"
	"huizong/pkg/reports"
	"huizong/pkg/sample"
	"huizong/pkg/warn"
	"huizong/schemas"
	"huizong/services/intake"
	"huizong/services/portal/rooms"
	"huizong/services/portal/submission"
	"huizong/services/worker"
)

// Main runs the tests of a room, with an engine: os.Exit(portaltest.Main(m)).
func Main(m *testing.M) int {
	judge.RunIfChild(submission.Views())
	return clickhousetest.Main(m)
}

// Stage is the rooms over a city whose sheets have been decided by the real worker, without the gate: each request of a test names its caller.
type Stage struct {
	*clickhousetest.City
	Store    *originals.Store
	Accounts *access.Accounts
	Sent     []reporting.Envelope // the sheets, in order

	rooms *rooms.Rooms
	mux   *http.ServeMux
}

// The people of the stage.
var (
	Clerk         = access.Principal{Account: "li", Name: "李", Role: access.Clerk, Unit: "349981001", Via: access.ViaSession}
	Reviewer      = access.Principal{Account: "wang", Role: access.Reviewer, Via: access.ViaSession}
	Analyst       = access.Principal{Account: "sun", Role: access.Analyst, Via: access.ViaSession}
	Administrator = access.Principal{Account: "zhou", Role: access.Administrator, Also: []access.Role{access.Security, access.Auditor}, Via: access.ViaSession}
	Program       = access.Principal{Account: "sun", Role: access.Operator, Via: access.ViaLocal}
)

// Open sends the sample city's sheets of two months of the forms, and the sheets besides, and waits until all are decided.
func Open(t *testing.T, forms ...string) *Stage {
	t.Helper()
	s := &Stage{City: clickhousetest.New(t), mux: http.NewServeMux()}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	var err error
	s.Store, err = originals.Open(filepath.Join(dir, "data"), originals.Options{})
	must(err)
	s.Accounts, err = access.Open(dir, time.Now)
	must(err)
	for _, who := range []access.Principal{Clerk, Reviewer, Analyst, Administrator} {
		_, err := s.Accounts.Add(access.Account{Name: who.Account, Display: who.Name, Role: who.Role, Also: who.Also, Unit: who.Unit})
		must(err)
	}
	log, err := audit.Open(dir, time.Now)
	must(err)
	releases, err := release.Open(filepath.Join(dir, "releases"))
	must(err)
	rules, err := warn.Load(schemas.FS(), reports.WarningsFile, s.Catalogue)
	must(err)
	answered, err := answers.New(answers.Config{Facts: s.Facts, Catalogue: s.Catalogue, Journal: s.Store, Releases: releases, Rules: rules})
	must(err)
	template, err := compile.LoadTemplate(schemas.FS(), "reports/half_year", s.Catalogue)
	must(err)
	made := reports.New(reports.Config{Answers: answered, Templates: map[string]*compile.Template{template.ID: template}, Schemas: schemas.FS(), Load: schemas.Load, Program: "test",
		Fonts: func() (*pdf.Fonts, error) { return nil, errors.New("no fonts here") },
		Now:   func() time.Time { return time.Now().In(reporting.Zone) }, DraftsFolder: filepath.Join(dir, "drafts")})
	reader := judgetest.OpenBy(t, s.Catalogue, s.Store.Mappings)
	server, err := nats.StartServer(nats.Config{Dir: filepath.Join(dir, "nats")})
	must(err)
	bus, err := server.Connect(nats.Options{})
	must(err)
	must(bus.EnsureStreams(t.Context(), 1))
	in := intake.New(intake.Config{Store: s.Store, Bus: bus, Catalogue: s.Catalogue, Facts: s.Facts, Recogniser: reader, Note: func(context.Context, endpoint.Event) error { return nil }, Log: zap.NewNop()})
	wo := worker.New(worker.Config{Store: s.Store, Facts: s.Facts, Bus: bus, Catalogue: s.Catalogue, Judge: reader, Log: zap.NewNop()})
	s.rooms, err = rooms.New(rooms.Config{Store: s.Store, Facts: s.Facts, Answers: answered, Reports: made, Bus: bus, Catalogue: s.Catalogue, Reader: reader, Intake: in,
		Accounts: s.Accounts, Audit: log, Log: zap.NewNop(), Note: func(context.Context, endpoint.Event) error { return nil }, Sender: func(string) (access.Principal, error) { return Program, nil }})
	must(err)
	endpoints := s.rooms.Endpoints()
	must(s.rooms.Describe("test", endpoints))
	for _, e := range endpoints {
		s.mux.HandleFunc(e.Method+" "+e.Path, func(w http.ResponseWriter, r *http.Request) {
			if err := e.Handle(w, r); err != nil && e.Page {
				s.rooms.ErrorPage(w, r, problem.Status(reporting.CodeOf(err)), err)
			} else if err != nil {
				http.Error(w, err.Error(), problem.Status(reporting.CodeOf(err)))
			}
		})
	}
	s.send(t, forms)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 2)
	go func() { ended <- wo.Run(ctx) }()
	go func() { ended <- s.rooms.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := errors.Join(<-ended, <-ended); err != nil {
			t.Error(err)
		}
		bus.Close()
		server.Close()
		log.Close()
		reader.Close()
	})
	for _, e := range s.Sent {
		s.Get(t, Program, "/api/v1/submissions/"+e.ID+"?wait=1m", `"pending":false`)
	}
	return s
}

// send puts the sheets into the journal, as intake does.
func (s *Stage) send(t *testing.T, forms []string) {
	t.Helper()
	kit, err := sample.Generate(sample.Config{Seed: 1, Months: 2, Forms: forms})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range append(kit.Files, kit.Withheld...) {
		sum, size, err := s.Store.Put(t.Context(), bytes.NewReader(f.Bytes), 1<<26)
		if err != nil {
			t.Fatal(err)
		}
		e, err := s.Store.Append(t.Context(), reporting.Envelope{Kind: reporting.SubmissionReceived, Org: f.Org, Form: f.Form, Period: f.Period, SHA256: sum, Size: size, FileName: filepath.Base(f.Path)})
		if err != nil {
			t.Fatal(err)
		}
		s.Sent = append(s.Sent, e)
	}
}

// Of is the newest sheet of a unit, a form and a period.
func (s *Stage) Of(t *testing.T, org, form string) reporting.Envelope {
	t.Helper()
	for i := len(s.Sent) - 1; i >= 0; i-- {
		if e := s.Sent[i]; e.Org == org && e.Form == form {
			return e
		}
	}
	t.Fatalf("no %s of %s was sent", form, org)
	return reporting.Envelope{}
}

// Get asks for an address, and fails where the answer is no 200 or lacks one of the words.
func (s *Stage) Get(t *testing.T, who access.Principal, address string, words ...string) string {
	t.Helper()
	return s.ask(t, who, httptest.NewRequest(http.MethodGet, address, nil), http.StatusOK, words...)
}

// Refused asks for an address that is answered with a status of an error.
func (s *Stage) Refused(t *testing.T, who access.Principal, address string, status int, words ...string) {
	t.Helper()
	s.ask(t, who, httptest.NewRequest(http.MethodGet, address, nil), status, words...)
}

// Post sends a form of a page, and wants a status.
func (s *Stage) Post(t *testing.T, who access.Principal, address string, form url.Values, status int, words ...string) string {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.ask(t, who, r, status, words...)
}

// Send sends a body, and wants a status.
func (s *Stage) Send(t *testing.T, who access.Principal, method, address, kind string, body io.Reader, status int, words ...string) string {
	t.Helper()
	r := httptest.NewRequest(method, address, body)
	r.Header.Set("Content-Type", kind)
	return s.ask(t, who, r, status, words...)
}

func (s *Stage) ask(t *testing.T, who access.Principal, r *http.Request, status int, words ...string) string {
	t.Helper()
	w := httptest.NewRecorder()
	s.mux.ServeHTTP(w, r.WithContext(access.With(r.Context(), who)))
	body := w.Body.String()
	if w.Code != status {
		t.Errorf("%s %s for %s is %d, want %d: %.200s", r.Method, r.URL, who.Role, w.Code, status, body)
		return body
	}
	for _, word := range words {
		if !strings.Contains(body, word) {
			t.Errorf("%s %s for %s does not say %q: %.200s", r.Method, r.URL, who.Role, word, body)
		}
	}
	return body
}
