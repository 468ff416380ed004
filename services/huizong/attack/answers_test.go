package attack

import (
	"crypto/tls"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"huizong/pkg/endpoint"
	"huizong/services/portal/account"
)

// TestEveryAnswer asks a server over TLS for every route that reads, as its operator and as nobody. Whatever the answer is, a browser is told
// to run nothing but ours, to guess no type, to be framed by nobody, to tell other sites nothing, to keep nothing on the way, and to come
// back over TLS only; and no other site may read it.
func TestEveryAnswer(t *testing.T) {
	t.Parallel()
	s := start(t, "--tls", "on")
	c := &city{server: s}
	for _, e := range endpoints() {
		if e.Method != http.MethodGet {
			continue
		}
		for _, who := range []caller{s.theOperator(), {name: "nobody"}} {
			answer := s.as(t, who, http.MethodGet, c.pathOf(e)+queries[e.Path], "", "Origin", "https://elsewhere.example")
			h := answer.header
			for name, part := range map[string]string{
				"Content-Security-Policy": "frame-ancestors 'none'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
				"Strict-Transport-Security": "max-age=31536000; includeSubDomains", "Cross-Origin-Resource-Policy": "same-origin",
			} {
				if !strings.Contains(h.Get(name), part) {
					t.Errorf("%s %s as %s: %s is %q", e.Method, e.Path, who.name, name, h.Get(name))
				}
			}
			if policy := h.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") && e.Path != "/api/v1/docs" {
				t.Errorf("%s as %s: Content-Security-Policy is %q", e.Path, who.name, policy)
			}
			if kept := h.Get("Cache-Control"); kept != "no-store" && !strings.HasPrefix(kept, "private, no-cache") && e.Path != "/built/{file}" && e.Path != "/static/{file...}" { // those are the same for all
				t.Errorf("%s as %s: Cache-Control is %q", e.Path, who.name, kept)
			}
			if shared := h.Get("Access-Control-Allow-Origin"); shared != "" {
				t.Errorf("%s as %s: other sites may read it: %q", e.Path, who.name, shared)
			}
			if kind := h.Get("Content-Type"); strings.HasPrefix(kind, "text/") && !strings.Contains(kind, "charset=utf-8") && !strings.HasPrefix(kind, "text/event-stream") {
				t.Errorf("%s as %s: Content-Type is %q", e.Path, who.name, kind)
			}
		}
	}
}

// TestCookies: over TLS the cookies of a session are bound to this site, over TLS, and out of reach of scripts; and a sign-in leads
// nowhere else.
func TestCookies(t *testing.T) {
	t.Parallel()
	s := start(t, "--tls", "on", "--second-factor", "none")
	var made account.OneTime
	s.must(t, s.json(t, s.theOperator(), http.MethodPost, "/api/v1/accounts", account.NewAccount{Name: "sun", Role: "analyst"}), &made)
	answer := s.form(t, caller{}, "/sign-in", url.Values{"name": {"sun"}, "password": {made.Password}, "next": {"https://elsewhere.example/"}})
	found := false
	for _, cookie := range cookiesOf(answer) {
		found = found || cookie.Name == endpoint.CookieName(true)
		if !strings.HasPrefix(cookie.Name, "__Host-") || !cookie.Secure || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || cookie.Domain != "" {
			t.Errorf("cookie %s", cookie.Raw)
		}
	}
	if !found {
		t.Fatalf("no session: %d %.200s", answer.status, answer.body)
	}
	if to := answer.header.Get("Location"); !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") {
		t.Errorf("the sign-in leads to %q", to)
	}
}

// TestOldTLS: nothing older than TLS 1.2 is spoken.
func TestOldTLS(t *testing.T) {
	t.Parallel()
	s := start(t, "--tls", "on")
	address := strings.TrimPrefix(s.url, "https://")
	if conn, err := tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}); err == nil {
		conn.Close()
		t.Error("TLS 1.1 is spoken")
	}
	conn, err := tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
}
