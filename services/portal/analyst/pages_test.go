package analyst_test

import (
	"net/http"
	"net/url"
	"os"
	"testing"

	"huizong/services/portal/portaltest"
)

func TestMain(m *testing.M) { os.Exit(portaltest.Main(m)) }

// TestPages: the analysts' pages over sheets that the worker has decided, in both languages, from a figure down to the cell.
func TestPages(t *testing.T) {
	s := portaltest.Open(t, "employment_monthly", "training_ledger", "targets_annual")
	who := portaltest.Analyst
	e := s.Of(t, "349981001", "employment_monthly")
	const jobs = "/explore/employment.urban_new_jobs"
	for _, lang := range []string{"lang=zh", "lang=en"} {
		for _, page := range []string{"/explore?", "/explore?shape=units&indicator=employment.urban_new_jobs&period=2020-01..2020-02&by=month&shade=1&", "/explore?shape=profile&period=2020-02&",
			"/explore?unit=349981001&as_of=2030-01-01&boundaries=2020-02-01&", jobs + "?period=2020-02&", jobs + "?period=2020-01..2020-02&unit=349981001&",
			"/explore/employment.registered_unemployment_rate?period=2020-02&", jobs + "/cells?period=2020-01..2020-02&", jobs + "/cells?period=2020-01..2020-02&unit=349981001&page=1&",
			"/cell/" + e.ID + "?", "/cell/" + e.ID + "?sheet=x&cell=D5&", "/reports?", "/releases?", "/warnings?", "/warnings?period=2020-02&", "/data?"} {
			s.Get(t, who, page+lang, "</main>")
		}
	}
	s.Get(t, who, jobs+"/cells?period=2020-02", "/cell/")
	for _, format := range []string{"csv", "json", "xlsx"} {
		s.Get(t, who, "/explore/export?format="+format+"&shape=units&indicator=employment.urban_new_jobs&show=value&show=yoy&period=2020-01..2020-02&by=month")
	}
	s.Get(t, who, "/reports/file?report=half-year&period=2020H1&format=html", "<html")
	s.Refused(t, who, "/explore?period=x", http.StatusBadRequest)
	s.Refused(t, who, "/explore/no.such", http.StatusNotFound)
	s.Refused(t, who, jobs+"?unit=000", http.StatusNotFound)
	s.Refused(t, who, "/cell/"+e.ID+"?cell=x", http.StatusBadRequest)
	s.Refused(t, who, "/releases/1", http.StatusNotFound)
}

// TestReleases: what is published has its pages, and two releases can be compared.
func TestReleases(t *testing.T) {
	s := portaltest.Open(t, "employment_monthly", "targets_annual")
	who := portaltest.Analyst
	for _, reason := range []string{"首次发布", "更正"} {
		s.Post(t, who, "/releases", url.Values{"report": {"half-year"}, "period": {"2020H1"}, "formats": {"html"}, "reason": {reason}, "param.unfinished": {"试编"}}, http.StatusSeeOther)
	}
	for _, lang := range []string{"lang=zh", "lang=en"} {
		for _, page := range []string{"/releases?", "/reports?", "/releases/1?", "/releases/2?", "/releases/2/verify?", "/releases/1/diff/2?"} {
			s.Get(t, who, page+lang, "</main>")
		}
	}
	s.Get(t, who, "/releases/2", "更正")
	s.Refused(t, who, "/releases/2/compare?with=1", http.StatusSeeOther)
	s.Refused(t, who, "/releases/x", http.StatusNotFound)
	s.Post(t, who, "/releases", url.Values{"report": {"half-year"}, "period": {"x"}}, http.StatusBadRequest)
}
