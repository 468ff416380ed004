package rooms

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"huizong/pkg/access"
	"huizong/pkg/endpoint"
	"huizong/pkg/reporting"
)

// TestEndpoints: the routes of all rooms pass the gate and stand beside one another, and each that machines use is in a part of the description.
func TestEndpoints(t *testing.T) {
	endpoints := (&Rooms{}).Endpoints()
	gate := &endpoint.Gate{Log: zap.NewNop()}
	if _, err := gate.Handler(endpoints); err != nil { // panics where two routes are one
		t.Fatal(err)
	}
	seen, rooms := map[string]bool{}, map[string]int{}
	for _, e := range endpoints {
		route := e.Method + " " + e.Path
		if seen[route] {
			t.Errorf("%s stands twice", route)
		}
		seen[route] = true
		first, _, _ := strings.Cut(strings.TrimPrefix(e.Path, "/"), "/")
		rooms[first]++
		if !e.Page && e.Tag == "" {
			t.Errorf("%s is in no part of the description", route)
		}
	}
	for _, first := range []string{"api", "{$}", "history", "review", "explore", "admin", "account", "static", "built", "help"} {
		if rooms[first] == 0 {
			t.Errorf("nothing is served at /%s", first)
		}
	}
}

// TestNew: the rooms have one shell, which calls people by the names of their accounts and tells errors as a page.
func TestNew(t *testing.T) {
	accounts, err := access.Open(t.TempDir(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := accounts.Add(access.Account{Name: "wang", Display: "王", Role: access.Reviewer}); err != nil {
		t.Fatal(err)
	}
	catalogue := &reporting.Catalogue{}
	catalogue.Index()
	r, err := New(Config{Catalogue: catalogue, Accounts: accounts, Log: zap.NewNop()})
	if err != nil {
		t.Fatal(err)
	}
	for account, want := range map[string]string{"wang": "王", "nobody": "nobody"} {
		if got := r.shell.PersonWords("zh", account); got != want {
			t.Errorf("%s is called %s", account, got)
		}
	}
	if err := r.Describe("1.2.3", r.Endpoints()); err != nil {
		t.Errorf("the API cannot be described: %v", err)
	}
	w := httptest.NewRecorder()
	r.ErrorPage(w, httptest.NewRequest(http.MethodGet, "/review", nil), http.StatusInternalServerError, errors.New("the disk is full"))
	if w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), "</main>") || strings.Contains(w.Body.String(), "disk") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
