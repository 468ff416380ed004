package attack

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"huizong/pkg/access"
	"huizong/pkg/endpoint"
	"huizong/services/portal/account"
	"huizong/services/portal/admin"
)

// persons is the word of routes.txt for a route whose answer may show persons.
const persons = "persons"

// policy reads testdata/routes.txt, which says for every route who may use it: written by hand, and nothing that the code is asked for.
func policy(t *testing.T) map[string][]string {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", "routes.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	allowed := map[string][]string{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		if len(fields) < 3 {
			t.Fatalf("routes.txt: %q: want METHOD PATH WHO…", lines.Text())
		}
		pattern := fields[0] + " " + fields[1]
		if allowed[pattern] != nil {
			t.Errorf("routes.txt has %s twice", pattern)
		}
		for _, who := range fields[2:] {
			if who != "anyone" && who != "signed-in" && who != persons && !slices.Contains(access.Roles, access.Role(who)) {
				t.Errorf("routes.txt: %s: nobody is called %q", pattern, who)
			}
		}
		allowed[pattern] = fields[2:]
	}
	return allowed
}

// may reports whether the table lets the role in; "" is somebody who is signed in and has none.
func may(who []string, role access.Role) bool {
	return slices.Contains(who, "anyone") || slices.Contains(who, "signed-in") || slices.Contains(who, string(role))
}

// isPage reports whether a route is for people: no token is let in there, whatever its scopes.
func isPage(path string) bool { return !strings.HasPrefix(path, "/api/") || path == "/api/v1/docs" }

// variable is one of a route's path.
var variable = regexp.MustCompile(`\{[^}]*\}`)

// pathOf fills the variables of a route with things that are there where asking for them changes nothing, and are not where it would.
func (c *city) pathOf(e endpoint.Endpoint) string {
	reads := e.Method == http.MethodGet
	return variable.ReplaceAllStringFunc(e.Path, func(name string) string {
		value := map[string]string{"{$}": "", "{form}": "employment_monthly", "{org}": unit, "{period}": sheetPeriod, "{indicator}": "employment.urban_new_jobs", "{report}": "half-year",
			"{file...}": "portal.css", "{file}": "charts.js", "{number}": "1", "{n}": "1", "{m}": "2", "{other}": "2", "{name}": "nobody-at-all", "{verb}": "nothing"}[name]
		switch {
		case name == "{$}" || value != "":
			return value
		case reads && name == "{sha256}":
			return c.sum[unit]
		case reads:
			return c.submission[unit]
		}
		return "01ARZ3NDEKTSV4RRFFQ69G5FAV"
	})
}

// queries are what a route needs to be asked for something that is there.
var queries = map[string]string{
	"/api/v1/trace/{indicator}": "?period=" + sheetPeriod, "/explore/{indicator}/cells": "?period=" + sheetPeriod, "/explore/{indicator}": "?period=" + sheetPeriod,
	"/api/v1/figures": "?period=" + sheetPeriod, "/history": "?org=" + unit, "/api/v1/forms/{form}/template": "?org=" + unit + "&period=2020-03",
	"/api/v1/board": "?org=" + unit + "&period=" + sheetPeriod, "/cell/{submission}": "?sheet=1&cell=C6",
}

// endsSessions are routes after which the caller is signed out.
var endsSessions = []string{"/sign-out", "/account/sessions/end-all"}

// TestEveryRoute asks for every route as every role, by session and by token, and as nobody: those may who stand in routes.txt, and no
// others. A route that is not there fails, so that nobody adds one without saying who may use it and whether it shows persons.
func TestEveryRoute(t *testing.T) {
	c, allowed := theCity(t), policy(t)
	known := map[string]bool{}
	for _, e := range endpoints() {
		pattern := e.Method + " " + e.Path
		known[pattern] = true
		who, described := allowed[pattern]
		if !described {
			t.Errorf("%s is not in routes.txt: who may use it?", pattern)
			continue
		}
		if shows := slices.Contains(who, persons); shows != e.Persons {
			t.Errorf("%s: routes.txt says persons: %t, its description %t", pattern, shows, e.Persons)
		}
		c.askFor(t, e, caller{name: "nobody"}, slices.Contains(who, "anyone"))
		for _, role := range access.Roles {
			person := c.people[role]
			c.askFor(t, e, person.bySession, may(who, role))
			c.askFor(t, e, person.byToken, may(who, role) && (!isPage(e.Path) || slices.Contains(who, "anyone")))
			if slices.Contains(endsSessions, e.Path) {
				person.bySession.session, _ = c.signIn(t, string(role), password)
				c.people[role] = person
			}
		}
	}
	for pattern := range allowed {
		if !known[pattern] {
			t.Errorf("%s is in routes.txt, and there is no such route", pattern)
		}
	}
}

func (c *city) askFor(t *testing.T, e endpoint.Endpoint, who caller, want bool) {
	t.Helper()
	answer := c.as(t, who, e.Method, c.pathOf(e)+queries[e.Path], "")
	if got := !answer.refused(); got != want {
		t.Errorf("%s %s as %s: %d, admitted %t, want %t", e.Method, e.Path, who.name, answer.status, got, want)
	}
	if answer.status == http.StatusInternalServerError {
		t.Errorf("%s %s as %s: %d %.300s", e.Method, e.Path, who.name, answer.status, answer.body)
	}
}

// TestDescribedRoutes: the description that a server gives of itself names no route that this suite does not know.
func TestDescribedRoutes(t *testing.T) {
	c, allowed := theCity(t), policy(t)
	var document struct {
		Paths map[string]map[string]json.RawMessage
	}
	c.must(t, c.as(t, c.people[access.Clerk].byToken, http.MethodGet, "/api/v1/openapi.json", ""), &document)
	if len(document.Paths) < 40 {
		t.Fatalf("%d paths are described", len(document.Paths))
	}
	for path, operations := range document.Paths {
		for method := range operations {
			pattern := strings.ToUpper(method) + " " + path
			if allowed[pattern] == nil && allowed[strings.Replace(pattern, "{file}", "{file...}", 1)] == nil && method != "parameters" {
				t.Errorf("%s is described, and not in routes.txt", pattern)
			}
		}
	}
}

// TestOtherMethods: a route refuses the methods that it is not described with, for every caller.
func TestOtherMethods(t *testing.T) {
	c, made := theCity(t), map[string][]string{}
	for _, e := range endpoints() {
		made[e.Path] = append(made[e.Path], e.Method)
	}
	for path, methods := range made {
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"} {
			if slices.Contains(methods, method) {
				continue
			}
			for _, who := range []caller{{name: "nobody"}, c.people[access.Reviewer].bySession, c.theOperator()} {
				if answer := c.as(t, who, method, c.pathOf(endpoint.Endpoint{Method: "POST", Path: path}), ""); answer.status < 400 && !strings.HasPrefix(answer.header.Get("Location"), "/sign-in") {
					t.Errorf("%s %s as %s: %d", method, path, who.name, answer.status)
				}
			}
		}
	}
}

// TestLessThanARole: who has less than a role gets no further than that: a password to be changed first, a token of one scope, no role at
// all, an account that was disabled, a session or token that has ended, one that was made up.
func TestLessThanARole(t *testing.T) {
	s := start(t)
	c := &city{server: s, submission: map[string]string{unit: "01ARZ3NDEKTSV4RRFFQ69G5FAV"}, sum: map[string]string{unit: strings.Repeat("0", 64)}}
	var first account.OneTime
	s.must(t, s.json(t, s.theOperator(), http.MethodPost, "/api/v1/accounts", account.NewAccount{Name: "new", Role: access.Reviewer}), &first)
	confined, _ := s.signIn(t, "new", first.Password)
	s.hire(t, account.NewAccount{Name: "norole"})
	noRole, _ := s.signIn(t, "norole", password)
	s.hire(t, account.NewAccount{Name: "wang", Role: access.Reviewer})
	over, _ := s.signIn(t, "wang", password)
	s.as(t, caller{session: over}, http.MethodPost, "/sign-out", "")
	narrow := s.tokenFor(t, "wang", access.ReadFigures)
	revoked := s.tokenFor(t, "wang", access.ReadFigures)
	var tokens []access.Token
	s.must(t, s.as(t, caller{token: revoked}, http.MethodGet, "/api/v1/tokens", ""), &tokens)
	if len(tokens) != 1 {
		t.Fatalf("a machine is told of %d tokens, want its own", len(tokens))
	}
	s.must(t, s.as(t, caller{token: revoked}, http.MethodDelete, "/api/v1/tokens/"+tokens[0].ID, ""), nil)
	s.hire(t, account.NewAccount{Name: "gone", Role: access.Reviewer})
	goneSession, _ := s.signIn(t, "gone", password)
	goneToken := s.tokenFor(t, "gone", access.Reviewer.Permissions()...)
	s.must(t, s.json(t, s.theOperator(), http.MethodPost, "/api/v1/accounts/gone/disable", struct{}{}), nil)

	open := []access.Permission{access.Anyone}
	signedIn := append(open, access.SignedIn)
	for _, who := range []struct {
		caller
		may []access.Permission
	}{
		{caller{name: "who has to change the password", session: confined}, signedIn},
		{caller{name: "who has no role", session: noRole}, signedIn},
		{caller{name: "a token of one scope", token: narrow}, append(signedIn, access.ReadFigures)},
		{caller{name: "a revoked token", token: revoked}, open},
		{caller{name: "a session that has ended", session: over}, open},
		{caller{name: "a disabled account's session", session: goneSession}, open},
		{caller{name: "a disabled account's token", token: goneToken}, open},
		{caller{name: "a token that was made up", token: access.TokenPrefix + strings.Repeat("A", 43)}, open},
		{caller{name: "a session that was made up", session: strings.Repeat("A", 43)}, open},
		{caller{name: "a session's token as a machine's", token: noRole}, open},
	} {
		for _, e := range endpoints() {
			if slices.Contains(endsSessions, e.Path) {
				continue
			}
			answer := s.as(t, who.caller, e.Method, c.pathOf(e), "")
			admitted := !answer.refused() && (answer.header.Get("Location") != "/password" || e.Path == "/{$}") // the first page leads there itself
			want := slices.Contains(who.may, e.Needs)
			if who.token != "" && isPage(e.Path) && e.Needs != access.Anyone {
				want = false
			}
			if who.session == confined && e.Path == "/account/tokens" { // a token would not be confined
				want = false
			}
			if admitted != want {
				t.Errorf("%s %s as %s: %d, admitted %t, want %t", e.Method, e.Path, who.name, answer.status, admitted, want)
			}
		}
	}
	if r := s.json(t, caller{session: confined}, http.MethodPost, "/api/v1/tokens", account.NewToken{Label: "x", Scopes: []access.Permission{access.ReadFigures}, Days: 1, Password: first.Password}); r.status != http.StatusForbidden {
		t.Errorf("who has to change the password makes a token: %d %s", r.status, r.body)
	}
}

// TestLooksAreNoted: every route that shows persons leaves an event that says which account, role and token, or that it was a session, and who was
// refused one too.
func TestLooksAreNoted(t *testing.T) {
	c := theCity(t)
	var made account.Secret
	c.must(t, c.json(t, c.theOperator(), http.MethodPost, "/api/v1/tokens", account.NewToken{Owner: "reviewer", Label: "looks", Scopes: access.Reviewer.Permissions(), Days: 1}), &made)
	var log admin.AuditPage
	c.must(t, c.as(t, c.people[access.Auditor].byToken, http.MethodGet, "/api/v1/audit?limit=1", ""), &log)
	before, want := log.Events[0].Seq, map[string]bool{}
	for _, e := range endpoints() {
		if !e.Persons {
			continue
		}
		who := caller{token: made.Secret}
		if isPage(e.Path) {
			who = c.people[access.Reviewer].bySession
		}
		answer := c.as(t, who, e.Method, c.pathOf(e)+queries[e.Path], "")
		if answer.status != http.StatusOK {
			t.Errorf("%s: %d %.200s: the look was not tried", e.Path, answer.status, answer.body)
		}
		want[e.Method+" "+e.Path] = true
	}
	c.must(t, c.as(t, c.people[access.Auditor].byToken, http.MethodGet, "/api/v1/audit?who=reviewer&action=persons&limit=1000", ""), &log)
	for _, e := range log.Events {
		if e.Seq > before && e.Role == string(access.Reviewer) && e.Outcome == "ok" && (e.Via == "token" && e.Detail["token_id"] == made.ID || e.Via == "session" && isPage(strings.Fields(e.Detail["route"])[1])) {
			delete(want, e.Detail["route"])
		}
	}
	for route := range want {
		t.Errorf("%s: a look left no event with its role and token", route)
	}
	c.as(t, c.people[access.Administrator].byToken, http.MethodGet, "/api/v1/submissions/"+c.submission[unit]+"/original", "")
	c.must(t, c.as(t, c.people[access.Auditor].byToken, http.MethodGet, "/api/v1/audit?who=administrator&action=persons", ""), &log)
	if len(log.Events) == 0 || log.Events[0].Outcome != "refused" {
		t.Errorf("the administrator was refused a sheet, and the log has %+v", log.Events)
	}
}

// TestOverPosting: a field that a route does not take is refused by every route that takes JSON, and nothing is done.
func TestOverPosting(t *testing.T) {
	c, tried := theCity(t), 0
	for _, e := range endpoints() {
		if _, isForm := e.Body.(endpoint.Multipart); e.Body == nil || isForm {
			continue
		}
		tried++
		data, err := json.Marshal(e.Body)
		if err != nil {
			t.Fatal(err)
		}
		for _, extra := range []string{`"surplus":1`, `"role_of_caller":"operator"`, `"surplus":{"a":[]}`} {
			body := strings.Replace(string(data), "{", "{"+extra+map[bool]string{true: ",", false: ""}[len(data) > 2], 1)
			path := strings.Replace(c.pathOf(e), "/nothing", "/close", 1) // what a period can be
			answer := c.as(t, c.theOperator(), e.Method, path, body, "Content-Type", "application/json")
			if answer.status != http.StatusBadRequest || !strings.Contains(answer.body, "unknown field") {
				t.Errorf("%s %s with %s: %d %.200s", e.Method, e.Path, extra, answer.status, answer.body)
			}
		}
	}
	if tried < 9 {
		t.Errorf("%d routes take JSON, more are known", tried)
	}
	body := fmt.Sprintf(`{"sha256":%q,"org":%q,"surplus":1}`, strings.Repeat("0", 64), unit) // a route of a form takes it as well
	if answer := c.as(t, c.people[access.Clerk].byToken, http.MethodPost, "/api/v1/submissions", body, "Content-Type", "application/json"); answer.status != http.StatusBadRequest || !strings.Contains(answer.body, "unknown field") {
		t.Errorf("POST /api/v1/submissions: %d %s", answer.status, answer.body)
	}
}
