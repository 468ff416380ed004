package review_test

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"huizong/services/portal/portaltest"
)

func TestMain(m *testing.M) { os.Exit(portaltest.Main(m)) }

// TestPages: the reviewers' pages over sheets that the worker has decided: every page, in both languages, with its filters, and what there is not.
func TestPages(t *testing.T) {
	s := portaltest.Open(t, "employment_monthly", "training_ledger")
	e := s.Of(t, "349981001", "employment_monthly")
	place := "/review/" + e.Org + "/" + e.Form + "/" + e.Period.String()
	for _, lang := range []string{"lang=zh", "lang=en"} {
		for _, page := range []string{"/review?", "/review?period=2020-01..2020-02&", "/review?period=2020-02&show=attention&", "/review?period=2020-02&level=township&form=employment_monthly&",
			"/review?period=2020-02&cell=" + strings.TrimPrefix(place, "/review/") + "&", place + "?", place + "?part=side&", place + "?only=large&sheet=1&rows=1-20&", "/review/approve?period=2020-02&",
			"/review/approve?period=2020-02&form=employment_monthly&", "/reminders?period=2020-02&", "/reminders?", "/periods?", "/periods?year=2020&done=closed&"} {
			s.Get(t, portaltest.Reviewer, page+lang, "</main>")
		}
	}
	s.Get(t, portaltest.Reviewer, "/review?period=2020-02", "培训", s.Catalogue.Unit(e.Org).Name.ZH)
	s.Get(t, portaltest.Reviewer, place, "2020 年 1 月")
	s.Refused(t, portaltest.Reviewer, "/review?period=2010-01..2020-12", http.StatusBadRequest)
	s.Refused(t, portaltest.Reviewer, "/review/000/employment_monthly/2020-02", http.StatusNotFound)
	s.Refused(t, portaltest.Reviewer, "/review/"+e.Org+"/employment_monthly/x", http.StatusNotFound)
}

// TestVersions: two versions of a sheet stand beside each other with what differs.
func TestVersions(t *testing.T) {
	s := portaltest.Open(t, "employment_monthly")
	seen := map[string]string{}
	for _, e := range s.Sent {
		at := e.Org + "/" + e.Form + "/" + e.Period.String()
		if before := seen[at]; before != "" {
			s.Get(t, portaltest.Reviewer, "/review/"+at+"?a="+before+"&b="+e.ID, "</main>")
			s.Get(t, portaltest.Reviewer, "/review/"+at+"?v="+before, "</main>")
		}
		seen[at] = e.ID
	}
}
