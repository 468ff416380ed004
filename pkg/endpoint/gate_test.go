package endpoint

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"go.uber.org/zap"

	"huizong/pkg/access"
	"huizong/pkg/problem"
	"huizong/pkg/reporting"
)

// holders are the principals of a test, by their secret.
type holders map[string]access.Principal

func (h holders) Session(token string) (access.Principal, error) { return h.Token(token) }

func (h holders) Token(secret string) (access.Principal, error) {
	who, known := h[secret]
	if !known {
		return access.Principal{}, reporting.Errorf(reporting.Unauthenticated, "no such token")
	}
	return who, nil
}

// gate is a gate with what was noted at it.
type gate struct {
	http.Handler
	noted []string
}

func newGate(t *testing.T, endpoints ...Endpoint) *gate {
	t.Helper()
	g := &gate{}
	guard := &Gate{
		Keys: holders{
			"clerk":    {Account: "c", Role: access.Clerk, Unit: "349981001", Via: access.ViaSession},
			"analyst":  {Account: "a", Role: access.Analyst, Via: access.ViaSession},
			"again":    {Account: "a", Role: access.Analyst, Via: access.ViaSession, Session: "another"},
			"both":     {Account: "b", Role: access.Administrator, Also: []access.Role{access.Auditor}, Via: access.ViaToken, Session: "t1"},
			"machine":  {Account: "a", Role: access.Analyst, Via: access.ViaToken, Session: "t2"},
			"narrow":   {Account: "a", Role: access.Analyst, Via: access.ViaToken, Scopes: []access.Permission{access.ReadSubmissions}},
			"unitless": {Account: "u", Role: access.Clerk, Via: access.ViaSession},
			"new":      {Account: "n", Role: access.Analyst, Via: access.ViaSession, Confined: access.ToPassword},
		},
		Note: func(_ context.Context, d Event) error {
			g.noted = append(g.noted, strings.Join([]string{d.Who.Account, d.Action, d.Object, d.Outcome}, " "))
			return nil
		},
		Log:       zap.NewNop(),
		ErrorPage: func(w http.ResponseWriter, _ *http.Request, status int, _ error) { w.WriteHeader(status) },
	}
	var err error
	if g.Handler, err = guard.Handler(endpoints); err != nil {
		t.Fatal(err)
	}
	return g
}

func (g *gate) ask(method, path, secret string, headers ...string) *http.Response {
	r := httptest.NewRequest(method, path, nil)
	if secret != "" {
		r.AddCookie(&http.Cookie{Name: CookieName(false), Value: secret})
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	g.ServeHTTP(w, r)
	return w.Result()
}

func respond(text string) problem.Handler {
	return func(w http.ResponseWriter, _ *http.Request) error {
		_, err := io.WriteString(w, text)
		return err
	}
}

func TestWhoMay(t *testing.T) {
	g := newGate(t,
		Endpoint{Method: "GET", Path: "/figures", Needs: access.ReadFigures, Handle: respond("1")},
		Endpoint{Method: "GET", Path: "/page", Needs: access.ReadFigures, Page: true, Handle: respond("1")},
		Endpoint{Method: "GET", Path: "/open", Needs: access.Anyone, Handle: respond("1")},
		Endpoint{Method: "GET", Path: "/mine", Needs: access.SignedIn, Handle: respond("1")})
	for _, test := range []struct {
		path, secret string
		want         int
	}{
		{"/figures", "analyst", 200},
		{"/figures", "clerk", 403},
		{"/figures", "narrow", 403},
		{"/figures", "unitless", 403},
		{"/figures", "new", 403},
		{"/figures", "", 401},
		{"/figures", "forged", 401},
		{"/page", "", 303},
		{"/page", "clerk", 403},
		{"/page", "new", 303},
		{"/page", "analyst", 200},
		{"/page", "machine", 403},
		{"/figures", "machine", 200},
		{"/open", "", 200},
		{"/open", "forged", 200},
		{"/mine", "new", 200},
		{"/mine", "", 401},
		{"/nowhere", "analyst", 404},
	} {
		if got := g.ask("GET", test.path, test.secret).StatusCode; got != test.want {
			t.Errorf("%s asks for %s: %d, want %d", test.secret, test.path, got, test.want)
		}
	}
	if got := g.ask("GET", "/open", "", "Authorization", "Basic YTpi").StatusCode; got != 200 {
		t.Errorf("open route with another scheme: %d", got)
	}
	if got := g.ask("GET", "/figures", "analyst", "Authorization", "Bearer forged").StatusCode; got != 401 {
		t.Errorf("a forged token beside a session: %d, want 401", got)
	}
}

// Another site's page must not act in the name of somebody who is signed in here.
func TestOtherSites(t *testing.T) {
	g := newGate(t, Endpoint{Method: "POST", Path: "/figures", Needs: access.ReadFigures, Audit: "figures", Handle: respond("1")})
	for _, headers := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://elsewhere.example"}} {
		if got := g.ask("POST", "/figures", "analyst", headers...).StatusCode; got != 403 {
			t.Errorf("with %v: %d, want 403", headers, got)
		}
	}
	if got := g.ask("POST", "/figures", "analyst", "Sec-Fetch-Site", "same-origin").StatusCode; got != 200 {
		t.Errorf("from our own page: %d", got)
	}
}

func TestNoted(t *testing.T) {
	g := newGate(t, Endpoint{Method: "POST", Path: "/periods/{period}/{verb}", Needs: access.ReadFigures, Audit: "period", Handle: func(_ http.ResponseWriter, r *http.Request) error {
		if r.PathValue("verb") == "close" {
			return nil
		}
		return reporting.Errorf(reporting.Invalid, "no")
	}})
	g.ask("POST", "/periods/2020-06/close", "analyst")
	g.ask("POST", "/periods/2020-06/shut", "analyst")
	g.ask("POST", "/periods/2020-06/close", "clerk")
	g.ask("POST", "/periods/2020-06/close", "")
	want := []string{"a period 2020-06/close ok", "a period 2020-06/shut invalid", "c period 2020-06/close forbidden", " period 2020-06/close unauthenticated"}
	if !slices.Equal(g.noted, want) {
		t.Errorf("noted %q, want %q", g.noted, want)
	}
}

// A refusal is noted on every route, also where the use is not.
func TestRefusalsAreNoted(t *testing.T) {
	g := newGate(t, Endpoint{Method: "GET", Path: "/figures", Needs: access.ReadFigures, Handle: respond("1")})
	g.ask("GET", "/figures", "analyst")
	g.ask("GET", "/figures", "clerk")
	g.ask("GET", "/figures", "")
	if want := []string{"c route.refused GET /figures forbidden"}; !slices.Equal(g.noted, want) {
		t.Errorf("noted %q, want %q", g.noted, want)
	}
}

// A route that is not described well enough keeps the gate from being built.
func TestRefusedDescriptions(t *testing.T) {
	for name, list := range map[string][]Endpoint{
		"NoPermission": {{Method: "GET", Path: "/", Handle: respond("")}},
		"NoHandler":    {{Method: "GET", Path: "/", Needs: access.Anyone}},
		"Unnoted":      {{Method: "POST", Path: "/", Needs: access.Anyone, Handle: respond("")}},
		"Twice":        {{Method: "GET", Path: "/", Needs: access.Anyone, Handle: respond("")}, {Method: "GET", Path: "/", Needs: access.SignedIn, Handle: respond("")}},
	} {
		if _, err := (&Gate{}).Handler(list); err == nil {
			t.Errorf("%s: the gate was built", name)
		}
	}
}

func TestUnchangedAnswerIsNotSentAgain(t *testing.T) {
	g := newGate(t, Endpoint{Method: "GET", Path: "/figures", Needs: access.ReadFigures, Answer: "", Handle: respond("[1]")})
	tag := g.ask("GET", "/figures", "analyst").Header.Get("ETag")
	if tag == "" {
		t.Fatal("no ETag")
	}
	if got := g.ask("GET", "/figures", "analyst", "If-None-Match", tag); got.StatusCode != http.StatusNotModified {
		t.Errorf("asked again: %d, want 304", got.StatusCode)
	}
	if got := g.ask("GET", "/figures", "clerk", "If-None-Match", tag); got.StatusCode != http.StatusForbidden {
		t.Errorf("asked by somebody who may not: %d, want 403", got.StatusCode)
	}
}

func TestTooOften(t *testing.T) {
	g := newGate(t, Endpoint{Method: "GET", Path: "/figures", Needs: access.ReadFigures, Handle: respond("1")})
	var last int
	for range 2 * burst {
		last = g.ask("GET", "/figures", "analyst").StatusCode
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("after %d requests at once: %d, want 429", 2*burst, last)
	}
	if got := g.ask("GET", "/figures", "again").StatusCode; got != http.StatusTooManyRequests {
		t.Errorf("the same account in another session: %d, want 429", got)
	}
	if got := g.ask("GET", "/figures", "clerk").StatusCode; got != http.StatusForbidden {
		t.Errorf("somebody else: %d, want 403: the limit is not shared", got)
	}
	if !slices.Contains(g.noted, "a route.slowed  too_many") {
		t.Errorf("noted %q: not that somebody asks too often", g.noted)
	}
}

// TestOtherSitesAnswered: what another site's page sends is refused, noted where it was in somebody's name, and answered with the headers of
// every answer, as a document to machines.
func TestOtherSitesAnswered(t *testing.T) {
	done := 0
	handle := func(http.ResponseWriter, *http.Request) error { done++; return nil }
	g := newGate(t, Endpoint{Method: "POST", Path: "/api/v1/x", Needs: access.SignedIn, Handle: handle}, Endpoint{Method: "POST", Path: "/x", Needs: access.SignedIn, Page: true, Handle: handle})
	for path, media := range map[string]string{"/api/v1/x": "application/problem+json", "/x": ""} {
		for _, header := range [][]string{{"Origin", "http://evil.example"}, {"Origin", "null"}, {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}} {
			answer := g.ask("POST", path, "clerk", header...)
			if answer.StatusCode != http.StatusForbidden || answer.Header.Get("Content-Type") != media || answer.Header.Get("Content-Security-Policy") == "" {
				t.Errorf("%s %v: %d %v", path, header, answer.StatusCode, answer.Header)
			}
			g.ask("POST", path, "", header...)
		}
	}
	if done != 0 || len(g.noted) != 8 || !slices.Contains(g.noted, "c route.refused POST /api/v1/x forbidden") {
		t.Errorf("done %d times, noted %q", done, g.noted)
	}
	if answer := g.ask("GET", "/api/v1/none", "clerk"); answer.StatusCode != http.StatusNotFound || answer.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("no such route of the API: %d %v", answer.StatusCode, answer.Header)
	}
}
