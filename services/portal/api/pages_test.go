package api_test

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"huizong/services/portal/portaltest"
)

func TestMain(m *testing.M) { os.Exit(portaltest.Main(m)) }

// TestAnswers: what programs ask, over sheets that the worker has decided, in each format, page by page, and what there is not.
func TestAnswers(t *testing.T) {
	s := portaltest.Open(t, "employment_monthly", "training_ledger", "targets_annual")
	who, reviewer := portaltest.Analyst, portaltest.Reviewer
	e := s.Of(t, "349981001", "employment_monthly")
	at := "/api/v1/submissions/" + e.ID
	s.Get(t, portaltest.Program, "/healthz", "ok")
	s.Get(t, portaltest.Program, "/api/v1/openapi.json", `"openapi"`)
	s.Get(t, who, "/api/v1/docs", "</main>")
	s.Get(t, reviewer, "/api/v1/submissions?limit=2", e.Form)
	s.Get(t, reviewer, "/api/v1/submissions?org=349981001&form=employment_monthly&period=2020-02", e.ID)
	s.Get(t, reviewer, "/api/v1/board?period=2020-02", "employment_monthly")
	s.Get(t, reviewer, "/api/v1/board?org=349981001")
	s.Get(t, reviewer, "/api/v1/reported-twice?period=2020-02", "[")
	s.Get(t, reviewer, at, e.SHA256)
	s.Get(t, reviewer, at+"/annotated?lang=en")
	s.Get(t, reviewer, at+"/diff", `"changes"`)
	s.Get(t, portaltest.Program, at+"/diff", `"moved"`)
	s.Get(t, reviewer, at+"/original")
	s.Get(t, reviewer, at+"/sheets?rows=1-20", `"cells"`)
	s.Get(t, reviewer, "/api/v1/originals/"+e.SHA256)
	s.Get(t, portaltest.Clerk, "/api/v1/forms/employment_monthly/template?period=2020-03")
	for _, format := range []string{"csv", "json", "xlsx"} {
		s.Get(t, who, "/api/v1/facts?format="+format+"&period=2020-01..2020-02&indicator=employment.urban_new_jobs")
		s.Get(t, who, "/api/v1/figures?format="+format+"&period=2020-02,2020-01..2020-02&unit=*")
	}
	s.Get(t, who, "/api/v1/facts?limit=2&as_of=2030-01-01", "indicator")
	s.Get(t, who, "/api/v1/figures?format=sdmx-csv&period=2020-02&boundaries=2020-02-01", "STRUCTURE")
	s.Get(t, who, "/api/v1/trace/employment.urban_new_jobs?period=2020-02&unit=349981001", e.ID)
	s.Get(t, who, "/api/v1/warnings?period=2020-02")
	s.Get(t, who, "/api/v1/drafts", "[")
	s.Get(t, who, "/api/v1/reports/half-year?period=2020H1&format=html&show=1", "<html")
	for address, status := range map[string]int{
		"/api/v1/submissions?limit=x": http.StatusBadRequest, "/api/v1/submissions?period=x": http.StatusBadRequest, "/api/v1/submissions/none": http.StatusNotFound, at + "?wait=x": http.StatusBadRequest,
		"/api/v1/board?period=2010..2020": http.StatusBadRequest, "/api/v1/board?org=000": http.StatusNotFound, at + "/sheets?sheet=99": http.StatusBadRequest, at + "/sheets?sheet=x": http.StatusBadRequest,
		at + "/sheets?rows=x": http.StatusBadRequest, "/api/v1/facts?indicator=none": http.StatusNotFound, "/api/v1/facts?period=x": http.StatusBadRequest, "/api/v1/figures?period=x": http.StatusBadRequest,
		"/api/v1/figures?period=2020&format=x": http.StatusBadRequest, "/api/v1/forms/none/template": http.StatusNotFound, "/api/v1/facts?after=x&limit=1": http.StatusBadRequest,
		"/api/v1/releases/1": http.StatusNotFound, "/api/v1/releases/x": http.StatusNotFound, "/api/v1/releases/1/diff/2": http.StatusNotFound, "/api/v1/releases/1/files/x": http.StatusNotFound,
		"/api/v1/drafts/half-year/2020H1/files/x": http.StatusNotFound, "/static/none.css": http.StatusNotFound,
	} {
		s.Refused(t, portaltest.Program, address, status)
	}
	s.Refused(t, portaltest.Clerk, "/api/v1/originals/"+e.SHA256, http.StatusNotFound)
}

// TestReleases: a release is published, read, verified and compared by programs.
func TestReleases(t *testing.T) {
	s := portaltest.Open(t, "employment_monthly")
	who := portaltest.Analyst
	for range 2 {
		s.Send(t, who, http.MethodPost, "/api/v1/releases", "application/json", strings.NewReader(`{"report":"half-year","period":"2020H1","formats":["html"],"reason":"更正","parameters":{"unfinished":"试编"}}`), http.StatusOK, `"number"`)
	}
	s.Send(t, who, http.MethodPost, "/api/v1/releases", "application/json", strings.NewReader(`{"report":"half-year"}`), http.StatusBadRequest)
	s.Send(t, who, http.MethodPost, "/api/v1/releases", "application/json", strings.NewReader(`{"report":"half-year","period":"2020H1","as_of":"x"}`), http.StatusBadRequest)
	for _, address := range []string{"/api/v1/releases", "/api/v1/releases/1", "/api/v1/releases/1/diff/2", "/api/v1/releases/2/verify"} {
		s.Get(t, who, address, "{")
	}
}
