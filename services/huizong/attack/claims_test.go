package attack

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"huizong/pkg/access"
	"huizong/pkg/endpoint"
	"huizong/services/portal/account"
)

// TestPages: every page of everybody who is signed in has the way out, says what it is in, and brings no script but ours; passwords are asked for as passwords, and
// a password manager may fill them in.
func TestPages(t *testing.T) {
	c, allowed, seen := theCity(t), policy(t), 0
	for _, e := range endpoints() {
		for _, role := range access.Roles {
			if e.Method != http.MethodGet || !e.Page || !may(allowed["GET "+e.Path], role) {
				continue
			}
			answer := c.as(t, c.people[role].bySession, http.MethodGet, c.pathOf(e)+queries[e.Path], "", "Accept", "text/html")
			if answer.status != http.StatusOK || !strings.HasPrefix(answer.header.Get("Content-Type"), "text/html") || !strings.Contains(answer.body, "<html") {
				continue // a part of a page, a file
			}
			seen++
			if !strings.Contains(answer.body, `action="/sign-out"`) {
				t.Errorf("%s as %s has no way out", e.Path, role)
			}
			if found := regexp.MustCompile(`(?i)<script>|<script [^>]*src="(?:https?:)?//|\son[a-z]+="|javascript:`).FindString(answer.body); found != "" {
				t.Errorf("%s as %s has %q", e.Path, role, found)
			}
		}
	}
	if seen < 40 {
		t.Errorf("%d pages were looked at only", seen)
	}
	for path, who := range map[string]caller{"/sign-in": {}, "/password": c.people[access.Clerk].bySession, "/account": c.people[access.Clerk].bySession} {
		page := c.as(t, who, http.MethodGet, path, "", "Accept", "text/html").body
		fields := regexp.MustCompile(`<input[^>]*name="(?:password|old|again)"[^>]*>`).FindAllString(page, -1)
		if len(fields) == 0 {
			t.Errorf("%s asks for no password", path)
		}
		for _, field := range fields {
			if !strings.Contains(field, `type="password"`) || !regexp.MustCompile(`autocomplete="(?:current|new)-password"`).MatchString(field) || strings.Contains(field, "readonly") {
				t.Errorf("%s: %s", path, field)
			}
		}
	}
}

// TestNothingElseIsServed: what a server of another kind would show is not there: the source and its history, lists of files, what was sent, by its path, ways in for who
// looks for faults.
func TestNothingElseIsServed(t *testing.T) {
	c := theCity(t)
	for _, path := range []string{"/.git/HEAD", "/.git/config", "/.svn/entries", "/.hg/", "/.env", "/.gitignore", "/go.mod", "/Makefile", "/accounts.json", "/server.json", "/audit/", "/originals/", "/originals/" + c.sum[unit][:2] + "/" + c.sum[unit], "/envelopes/", "/tls/key.pem",
		"/static/", "/built/", "/built", "/api/", "/api/v1/", "/debug/pprof/", "/debug/pprof/heap", "/debug/vars", "/metrics", "/varz", "/server-status", "/actuator", "/phpinfo.php", "/swagger", "/graphql", "/console", "/robots.txt.bak", "/backup.zip", "/WEB-INF/web.xml"} {
		for _, who := range []caller{{name: "nobody"}, c.people[access.Reviewer].bySession, c.theOperator()} {
			if answer := c.as(t, who, http.MethodGet, path, ""); answer.status != http.StatusNotFound {
				t.Errorf("%s as %s: %d %.100s", path, who.name, answer.status, answer.body)
			}
		}
	}
	for path, want := range map[string]string{"/healthz": `{"status":"ok"}`, "/readyz": `{"status":"ready"}`} {
		if answer := c.as(t, caller{}, http.MethodGet, path, ""); strings.TrimSpace(answer.body) != want {
			t.Errorf("%s tells nobody in particular %s", path, answer.body)
		}
	}
	for _, path := range []string{"/api/v1/openapi.json", "/api/v1/docs"} {
		if answer := c.as(t, caller{}, http.MethodGet, path, ""); !answer.refused() && answer.header.Get("Location") == "" {
			t.Errorf("%s tells nobody in particular: %d", path, answer.status)
		}
	}
}

// TestReadingChangesNothing: no route that is asked by GET writes to the journal, an account, a release or a draft.
func TestReadingChangesNothing(t *testing.T) {
	c := theCity(t)
	files := func() map[string]string {
		all := map[string]string{}
		for _, pattern := range []string{"envelopes/*", "originals/*/*", "releases/*", "accounts.json", "deadlines*", "journal.*"} {
			paths, err := filepath.Glob(filepath.Join(c.data, pattern))
			if err != nil {
				t.Fatal(err)
			}
			for _, path := range paths {
				content, err := os.ReadFile(path)
				if err != nil {
					content = nil // a folder
				}
				all[path] = string(content)
			}
		}
		return all
	}
	before := files()
	if len(before) < 5 {
		t.Fatalf("%d files are looked at only", len(before))
	}
	for _, e := range endpoints() {
		if e.Method != http.MethodGet {
			continue
		}
		for _, who := range []caller{c.theOperator(), c.people[access.Reviewer].bySession, c.people[access.Administrator].bySession} {
			c.as(t, who, http.MethodGet, c.pathOf(e)+queries[e.Path], "")
			c.as(t, who, http.MethodGet, c.pathOf(e)+"?name=x&role=reviewer&password=x&reason=x&by=x&period=2020-06&_method=POST", "", "X-HTTP-Method-Override", "POST")
		}
	}
	after := files()
	for path, content := range after {
		if was, there := before[path]; !there || was != content {
			t.Errorf("%s was written", path)
		}
	}
}

// TestSecretsInAddresses: no token and no password is taken from an address, where logs and histories keep it; and of a field that comes twice the first counts, of the
// body alone.
func TestSecretsInAddresses(t *testing.T) {
	c := theCity(t)
	token := c.people[access.Reviewer].byToken.token
	for _, name := range []string{"token", "access_token", "api_key", "apikey", "key", "auth", "authorization", "bearer", "session", "huizong", "jwt"} {
		if answer := c.as(t, caller{}, http.MethodGet, "/api/v1/submissions?"+name+"="+token, ""); answer.status != http.StatusUnauthorized {
			t.Errorf("a token as ?%s=: %d", name, answer.status)
		}
	}
	credentials := url.Values{"name": {"clerk"}, "password": {password}}.Encode()
	for body, signedIn := range map[string]bool{"": false, "name=clerk&password=wrong&" + credentials: false, "name=nobody&" + credentials: false, credentials: true, credentials + "&password=wrong": true} {
		answer := c.as(t, caller{}, http.MethodPost, "/sign-in?"+credentials, body, "Content-Type", "application/x-www-form-urlencoded", "Accept", "text/html")
		if got := answer.status == http.StatusSeeOther; got != signedIn {
			t.Errorf("a sign-in with the password in the address and %q in the body: %d", strings.ReplaceAll(body, url.QueryEscape(password), "…"), answer.status)
		}
	}
}

// TestSigningOut: what the browser keeps of a session is told to go.
func TestSigningOut(t *testing.T) {
	c := theCity(t)
	session, _ := c.signIn(t, "clerk", password)
	answer := c.form(t, caller{session: session}, "/sign-out", nil)
	ended := slices.ContainsFunc(cookiesOf(answer), func(cookie *http.Cookie) bool {
		return cookie.Name == endpoint.CookieName(false) && cookie.MaxAge < 0
	})
	if answer.header.Get("Clear-Site-Data") == "" || !ended || answer.status != http.StatusSeeOther {
		t.Errorf("signing out: %d %v", answer.status, answer.header)
	}
}

// TestTLSByItself: beyond loopback the server speaks TLS alone, by a key of P-256, with ciphers that keep what was said a secret when the key is not one any more; who speaks
// without TLS is led nowhere.
func TestTLSByItself(t *testing.T) {
	t.Parallel()
	s := start(t, "--listen", "0.0.0.0:0") // the last one counts
	if !strings.HasPrefix(s.url, "https://") {
		t.Fatalf("beyond loopback the server is %s", s.url)
	}
	_, port, err := net.SplitHostPort(strings.TrimPrefix(s.url, "https://"))
	if err != nil {
		t.Fatal(err)
	}
	address := net.JoinHostPort("127.0.0.1", port)
	plain, err := client.Get("http://" + address + "/sign-in")
	if err != nil {
		t.Fatal(err)
	}
	plain.Body.Close()
	if plain.StatusCode != http.StatusBadRequest || plain.Header.Get("Location") != "" {
		t.Errorf("without TLS: %s to %q", plain.Status, plain.Header.Get("Location"))
	}
	conn, err := tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if key, ok := conn.ConnectionState().PeerCertificates[0].PublicKey.(*ecdsa.PublicKey); !ok || key.Curve != elliptic.P256() {
		t.Errorf("the certificate's key is a %T", conn.ConnectionState().PeerCertificates[0].PublicKey)
	}
	var weak []uint16
	for _, suite := range append(tls.InsecureCipherSuites(), tls.CipherSuites()...) {
		if strings.HasPrefix(suite.Name, "TLS_RSA_") || strings.Contains(suite.Name, "3DES") || strings.Contains(suite.Name, "RC4") || strings.HasSuffix(suite.Name, "CBC_SHA256") {
			weak = append(weak, suite.ID)
		}
	}
	if conn, err := tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS12, CipherSuites: weak}); err == nil {
		conn.Close()
		t.Error("a weak cipher is spoken")
	}
}

// TestCertificatesAreChecked: the command line, which sends a token, does not speak with a server whose certificate it cannot check.
func TestCertificatesAreChecked(t *testing.T) {
	t.Parallel()
	s := start(t, "--tls", "on")
	for _, args := range [][]string{{"figures", "--server", s.url, "--period", "2020-06"}} {
		out, err := command(t, []string{"HUIZONG_TOKEN=" + s.operator, "SSL_CERT_FILE=/dev/null", "SSL_CERT_DIR=/dev/null"}, args...)
		if err == nil || !strings.Contains(out, "certificate") {
			t.Errorf("%v: %v %s", args, err, out)
		}
	}
}

// TestFaultsAreNotTold: a fault of ours is told as one, without what it was; what it was stands in the server's own log.
func TestFaultsAreNotTold(t *testing.T) {
	s := start(t)
	if err := os.Remove(filepath.Join(s.data, "accounts.json")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(s.data, "accounts.json"), 0o700); err != nil {
		t.Fatal(err)
	}
	answer := s.json(t, s.theOperator(), http.MethodPost, "/api/v1/accounts", account.NewAccount{Name: "li"})
	if answer.status < 500 || strings.Contains(answer.body, s.data) || strings.Contains(answer.body, "rename") {
		t.Errorf("the disk fails, and the caller is told: %d %s", answer.status, answer.body)
	}
	s.printed.Await(t, s.ended, `accounts\.json`) // the server's log says what it was
}
