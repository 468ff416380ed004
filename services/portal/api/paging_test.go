package api

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"huizong/pkg/clickhouse"
	"huizong/pkg/reporting"
)

// Who follows the links meets every fact once, also where one comes in between.
func TestFactsByPage(t *testing.T) {
	fact := func(indicator, unit string, month int) clickhouse.MonthlyFact {
		return clickhouse.MonthlyFact{Indicator: indicator, Unit: unit, Month: reporting.NewMonth(2020, month)}
	}
	all := []clickhouse.MonthlyFact{fact("a.b", "1", 1), fact("a.b", "2", 1), fact("a.b", "1", 2), fact("a.c", "1", 1), fact("a.c", "2", 1)}
	next, seen := "/api/v1/facts?limit=2", 0
	for pages := 0; next != ""; pages++ {
		if pages > len(all) {
			t.Fatal("the links go on for ever")
		}
		w := httptest.NewRecorder()
		page, err := factsOnPage(w, httptest.NewRequest("GET", next, nil), append([]clickhouse.MonthlyFact(nil), all...))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range page {
			if f != all[seen] {
				t.Errorf("fact %d is %v, want %v", seen, f, all[seen])
			}
			seen++
		}
		if pages == 0 { // sent by somebody now, and before the place that was reached: it moves nothing
			all = append([]clickhouse.MonthlyFact{fact("a.a", "1", 1)}, all...)
			seen++
		}
		next, _, _ = strings.Cut(strings.TrimPrefix(w.Header().Get("Link"), "<"), ">")
	}
	if seen != len(all) {
		t.Errorf("%d facts, want %d", seen, len(all))
	}
}

func TestPageAsked(t *testing.T) {
	for _, query := range []string{"limit=0", "limit=-1", "limit=x", "after=a.b", "after=" + url.QueryEscape("a.b/2020H1/1")} {
		_, err := factsOnPage(httptest.NewRecorder(), httptest.NewRequest("GET", "/?"+query, nil), nil)
		if reporting.CodeOf(err) != reporting.Invalid {
			t.Errorf("%s: %v, want an error of code invalid", query, err)
		}
	}
	if n, err := limitOf(httptest.NewRequest("GET", "/?limit=100000", nil), submissionsOnPage); n != maxSubmissionsOnPage || err != nil {
		t.Errorf("limit of 100000 is %d, %v", n, err)
	}
	if facts, err := factsOnPage(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil), make([]clickhouse.MonthlyFact, 5000)); len(facts) != 5000 || err != nil {
		t.Errorf("without a limit: %d facts, %v; want all", len(facts), err)
	}
}
