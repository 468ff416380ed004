package admin_test

import (
	"net/http"
	"net/url"
	"os"
	"testing"

	"huizong/services/portal/portaltest"
)

func TestMain(m *testing.M) { os.Exit(portaltest.Main(m)) }

// TestPages: the administrator's pages over a server that runs, in both languages, and what the API has of the same.
func TestPages(t *testing.T) {
	s := portaltest.Open(t, "employment_monthly", "targets_annual")
	who := portaltest.Administrator
	for _, lang := range []string{"lang=zh", "lang=en"} {
		for _, page := range []string{"/admin/health?", "/admin/units?", "/admin/units?on=2019-01-01&all=1&", "/admin/targets?", "/admin/targets?year=2020&", "/admin/calendar?", "/admin/calendar?done=deadline&form=employment_monthly&",
			"/admin/quarantine?", "/admin/audit?", "/admin/audit?who=li&action=account&from=2020-01-01&to=2030-01-01&"} {
			s.Get(t, who, page+lang, "</main>")
		}
	}
	s.Get(t, who, "/admin/health", "数据库", "消息总线")
	s.Get(t, who, "/admin/targets?year=2020", "</main>")
	s.Get(t, who, "/api/v1/audit", `"events"`)
	s.Get(t, who, "/api/v1/audit?format=jsonl")
	s.Get(t, who, "/api/v1/audit/verify", `"ok":true`)
	s.Get(t, who, "/api/v1/quarantine", "[]")
	s.Post(t, who, "/admin/audit/verify", url.Values{}, http.StatusOK, "</main>")
	s.Post(t, who, "/admin/journal/verify", url.Values{}, http.StatusOK, "</main>")
	s.Refused(t, who, "/admin/units?on=x", http.StatusBadRequest)
	s.Refused(t, who, "/api/v1/audit?from=x", http.StatusBadRequest)
	s.Refused(t, who, "/api/v1/audit?limit=x", http.StatusBadRequest)
}
