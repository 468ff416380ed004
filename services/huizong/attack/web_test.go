package attack

import (
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"huizong/pkg/access"
	"huizong/pkg/endpoint"
	"huizong/services/portal/account"
	"huizong/services/portal/admin"
)

// TestOtherSites: what another site's page has a browser send, in the name of whoever is signed in there, is refused on every route that
// changes something.
func TestOtherSites(t *testing.T) {
	c, allowed := theCity(t), policy(t)
	tried := 0
	for _, e := range endpoints() {
		if e.Method == http.MethodGet {
			continue
		}
		for _, role := range access.Roles {
			if !may(allowed[e.Method+" "+e.Path], role) {
				continue
			}
			tried++
			for _, header := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://elsewhere.example"}, {"Origin", "null"}} {
				answer := c.as(t, c.people[role].bySession, e.Method, c.pathOf(e), "", append(header, "Content-Type", "application/x-www-form-urlencoded", "Accept", "text/html")...)
				if answer.status != http.StatusForbidden {
					t.Errorf("%s %s as %s from elsewhere (%s): %d, want 403", e.Method, e.Path, role, header[1], answer.status)
				}
			}
			break
		}
	}
	if tried < 30 {
		t.Errorf("%d routes that change something were tried only", tried)
	}
	if r := c.as(t, c.people[access.Clerk].bySession, http.MethodGet, "/account", ""); r.status != http.StatusOK {
		t.Errorf("the sign-out of another site was heard: %d", r.status)
	}
}

// TestSessions: a session's cookie is for the browser alone, is not what the browser brought, and ends when its owner says so.
func TestSessions(t *testing.T) {
	s := start(t)
	s.hire(t, account.NewAccount{Name: "li", Role: access.Clerk, Unit: unit})
	s.hire(t, account.NewAccount{Name: "wang", Role: access.Clerk, Unit: unit})
	brought := strings.Repeat("B", 43)
	session, answer := s.signIn(t, "li", password, "Cookie", endpoint.CookieName(false)+"="+brought)
	if session == "" || session == brought {
		t.Fatalf("the session is what the browser brought: %q", session)
	}
	if r := s.as(t, caller{session: brought}, http.MethodGet, "/api/v1/submissions", ""); r.status != http.StatusUnauthorized {
		t.Errorf("what the browser brought is a session: %d", r.status)
	}
	for _, cookie := range cookiesOf(answer) {
		if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || cookie.Domain != "" {
			t.Errorf("cookie %s", cookie)
		}
	}
	another, _ := s.signIn(t, "li", password)
	wangs, _ := s.signIn(t, "wang", password)
	lives := func(session string) bool {
		return s.as(t, caller{session: session}, http.MethodGet, "/account", "").status == http.StatusOK
	}

	page := s.as(t, caller{session: session}, http.MethodGet, "/account", "").body
	if strings.Contains(page, session) || strings.Contains(page, another) {
		t.Error("the page of the account holds a session's token")
	}
	s.form(t, caller{session: wangs}, "/account/sessions/end", url.Values{"password": {password}, "session": {idOf(t, page)}})
	if !lives(another) || !lives(session) {
		t.Error("somebody else ends a session")
	}
	if r := s.form(t, caller{session: another}, "/account/sessions/end", url.Values{"password": {"wrong"}, "session": {idOf(t, page)}}); r.status == http.StatusSeeOther {
		t.Error("a session is ended without the password")
	}
	if r := s.form(t, caller{session: session}, "/account/sessions/end-all", nil); r.status != http.StatusSeeOther {
		t.Errorf("sign out everywhere: %d", r.status)
	}
	if lives(session) || lives(another) || !lives(wangs) {
		t.Error("signing out everywhere ends not all, or another's")
	}
	var many []string
	for range 12 {
		one, _ := s.signIn(t, "li", password)
		many = append(many, one)
	}
	if lives(many[0]) || lives(many[1]) || !lives(many[2]) || !lives(many[11]) {
		t.Error("an account has more than ten sessions, or fewer")
	}
}

// idOf is the id of the first session that can be ended on the account's page.
func idOf(t *testing.T, page string) string {
	t.Helper()
	_, rest, found := strings.Cut(page, `name="session" value="`)
	id, _, ended := strings.Cut(rest, `"`)
	if !found || !ended {
		t.Fatal("no session can be ended on the page")
	}
	return id
}

// TestTraversal: no path, name or hash leads to a file that is not served.
func TestTraversal(t *testing.T) {
	c := theCity(t)
	secret := func(body string) bool {
		return strings.Contains(body, "argon2id") || strings.Contains(body, "root:") || strings.Contains(body, `"pid"`) || strings.Contains(body, "PRIVATE KEY")
	}
	tries := 0
	for _, e := range endpoints() {
		if e.Method != http.MethodGet || !strings.Contains(e.Path, "{") || e.Path == "/{$}" {
			continue
		}
		for _, name := range []string{"../accounts.json", "../../accounts.json", "../../../../../../etc/passwd", "..\\..\\accounts.json", "/etc/passwd", "%00", "accounts.json%00.css", ".", "..", "~", "....//....//accounts.json",
			"../tls/key.pem", "../server.json"} {
			for _, written := range []string{url.PathEscape(name), strings.ReplaceAll(name, "..", "%2e%2e"), strings.ReplaceAll(url.PathEscape(name), "%", "%25"), strings.ReplaceAll(name, "/", "%c0%af")} {
				path := c.pathOf(e)
				last := variable.FindAllString(e.Path, -1)
				value := c.pathOf(endpoint.Endpoint{Method: e.Method, Path: last[len(last)-1]})
				i := strings.LastIndex(path, value)
				path = path[:i] + written + path[i+len(value):]
				request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.url+"/", nil)
				if err != nil {
					t.Fatal(err)
				}
				if request.URL.Opaque = "//" + request.URL.Host + path; strings.ContainsAny(path, "\\ ") {
					continue // no address at all
				}
				request.Header.Set("Authorization", "Bearer "+c.operator)
				tries++
				if answer := send(t, request); answer.status == http.StatusInternalServerError || secret(answer.body) {
					t.Errorf("%s: %d %.200s", path, answer.status, answer.body)
				}
			}
		}
	}
	if tries < 500 {
		t.Errorf("%d paths were tried only", tries)
	}
}

// TestNobodyIsLockedOut: somebody guesses at an account and from the address of its office for as long as the server lets; its owner signs in
// there meanwhile at the browser of every day, and elsewhere too; and an administrator unlocks it for a new one, by page.
func TestNobodyIsLockedOut(t *testing.T) {
	s := start(t, "--trusted-proxies", "127.0.0.1,::1", "--second-factor", "none")
	s.hire(t, account.NewAccount{Name: "wang", Role: access.Reviewer})
	s.hire(t, account.NewAccount{Name: "xitong", Role: access.Administrator})
	from := func(address string, more ...string) []string {
		return append([]string{"X-Forwarded-For", address}, more...)
	}
	_, first := s.signIn(t, "wang", password, from("10.0.0.1")...)
	var known string
	for _, cookie := range cookiesOf(first) {
		if cookie.Name == access.DeviceCookie("wang") {
			known = cookie.Name + "=" + cookie.Value
		}
	}
	if known == "" {
		t.Fatalf("the browser is not known after a sign-in: %v", first.header)
	}
	delayed := 0
	for i := range 80 {
		for _, name := range []string{"wang", fmt.Sprint("someone", i)} {
			if _, answer := s.signIn(t, name, "wrong", from("10.0.0.1")...); answer.status == http.StatusTooManyRequests {
				delayed++
			}
		}
	}
	if delayed == 0 {
		t.Error("guessing is not slowed down")
	}
	if session, answer := s.signIn(t, "wang", password, from("10.0.0.1")...); session != "" {
		t.Errorf("a browser that is not known goes on trying: %d", answer.status)
	}
	if session, answer := s.signIn(t, "wang", password, from("10.0.0.1", "Cookie", known)...); session == "" {
		t.Errorf("the browser of every day is shut out: %d", answer.status)
	}
	if session, answer := s.signIn(t, "wang", password, from("10.0.0.2")...); session == "" {
		t.Errorf("the owner is shut out elsewhere: %d", answer.status)
	}
	if session, _ := s.signIn(t, "wang", "wrong", from("10.0.0.3, 203.0.113.1")...); session != "" {
		t.Error("a wrong password signs in")
	}
	administrator, _ := s.signIn(t, "xitong", password, from("10.0.0.4", "Cookie", "x=y")...)
	var log admin.AuditPage
	s.must(t, s.as(t, s.theOperator(), http.MethodGet, "/api/v1/audit?who=wang&action=session&limit=5", ""), &log)
	if len(log.Events) == 0 || log.Events[0].Address != "203.0.113.1" {
		t.Errorf("the log has the proxy's address, or what the caller made up: %+v", log.Events)
	}
	who := caller{session: administrator}
	if page := s.as(t, who, http.MethodGet, "/admin/accounts/wang", "").body; !strings.Contains(page, "/admin/accounts/wang/unlock") {
		t.Error("the account's page has no way to unlock it")
	}
	if r := s.form(t, who, "/admin/accounts/wang/unlock", nil); r.status != http.StatusSeeOther {
		t.Errorf("unlock: %d", r.status)
	}
	if page := s.as(t, who, http.MethodGet, "/admin/accounts/wang", "").body; strings.Contains(page, "/admin/accounts/wang/unlock") {
		t.Error("the account is still locked")
	}
}

// TestFactorIsAsked: where others than this machine reach the server, who administers or reviews sets up an authenticator first and gets
// no further without; the operator can relax that, and the page says so.
func TestFactorIsAsked(t *testing.T) {
	s := start(t, "--trusted-proxies", "127.0.0.1")
	for _, role := range access.Roles {
		s.hire(t, account.NewAccount{Name: string(role), Role: role, Unit: unitOf(role)})
		session, _ := s.signIn(t, string(role), password)
		answer := s.as(t, caller{session: session}, http.MethodGet, "/help", "")
		home := s.as(t, caller{session: session}, http.MethodGet, "/", "")
		needs := slices.Contains([]access.Role{access.Reviewer, access.Administrator, access.Security, access.Auditor}, role)
		if led := home.header.Get("Location") == "/account"; led != needs || answer.status != http.StatusOK {
			t.Errorf("%s is led to %q with a password alone, help answers %d", role, home.header.Get("Location"), answer.status)
		}
	}
	relaxed := start(t, "--trusted-proxies", "127.0.0.1", "--second-factor", "none")
	relaxed.hire(t, account.NewAccount{Name: "xitong", Role: access.Administrator})
	session, _ := relaxed.signIn(t, "xitong", password)
	if page := relaxed.as(t, caller{session: session}, http.MethodGet, "/admin/health", ""); page.status != http.StatusOK || !strings.Contains(page.body, "放宽了") {
		t.Errorf("the health page does not say that the second factor is relaxed: %d", page.status)
	}
}

// TestFilesAreOurs: what the server, its message bus and its engine write, beside the data too, is for its user alone, in a folder that others
// could read before.
func TestFilesAreOurs(t *testing.T) {
	data := t.TempDir()
	if err := os.Chmod(data, 0o755); err != nil {
		t.Fatal(err)
	}
	s, err := startOn(data, "--tls", "on")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.kill)
	s.must(t, s.json(t, s.theOperator(), http.MethodPost, "/api/v1/accounts", account.NewAccount{Name: "li"}), nil) // so that there is a log
	seen := map[string]bool{}
	walk := func(folder string) {
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return nil // gone meanwhile: the database's temporary files
			}
			info, err := entry.Info()
			if err != nil || info.Mode()&fs.ModeSymlink != 0 {
				return nil
			}
			seen[filepath.Base(path)] = true
			if info.Mode().Perm()&0o077 != 0 {
				t.Errorf("%s is %s: others have rights on it", path, info.Mode())
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	walk(s.data)
	for _, name := range []string{"server.json", "accounts.json", "key.pem", "cert.pem", "head", "clickhouse", "nats"} {
		if !seen[name] {
			t.Errorf("%s is not there to be looked at", name)
		}
	}
}

// TestSignInsAreNoted: the log says of each sign-in whether a code was used, and of each failure whether somebody had the password.
func TestSignInsAreNoted(t *testing.T) {
	s := start(t)
	s.hire(t, account.NewAccount{Name: "wang", Role: access.Reviewer})
	session, _ := s.signIn(t, "wang", password)
	who := caller{session: session}
	page := s.form(t, who, "/account/authenticator", url.Values{"password": {password}}).body
	secret := regexp.MustCompile(`\b[A-Z2-7]{32}\b`).FindString(page)
	now := time.Now()
	code := func(at time.Time) string {
		text, err := totp.GenerateCode(secret, at)
		if err != nil {
			t.Fatalf("code of %q: %v", secret, err)
		}
		return text
	}
	page = s.form(t, who, "/account/authenticator/confirm", url.Values{"code": {code(now)}}).body
	recovery := regexp.MustCompile(`\b(?:[a-z2-9]{4}-){3,5}[a-z2-9]{4}\b`).FindString(page)
	for _, try := range []string{"", "000000", code(now.Add(30 * time.Second)), recovery} {
		s.form(t, caller{}, "/sign-in", url.Values{"name": {"wang"}, "password": {password}, "code": {try}})
	}
	s.signIn(t, "wang", "wrong")
	var log admin.AuditPage
	text := s.as(t, s.theOperator(), http.MethodGet, "/api/v1/audit?who=wang&action=session.begin", "")
	s.must(t, text, &log)
	var got []string
	for _, e := range log.Events {
		got = append(got, string(e.Outcome)+" "+e.Detail["factor"])
	}
	slices.Sort(got)
	// The one-time password of the first day, the one of every day, and those above.
	want := []string{"ok authenticator", "ok none", "ok none", "ok recovery", "refused ", "refused missing", "refused wrong"}
	if !slices.Equal(got, want) {
		t.Errorf("the log has the sign-ins %q, want %q", got, want)
	}
	if strings.Contains(text.body, secret) || strings.Contains(text.body, recovery) || strings.Contains(text.body, password) {
		t.Error("the log holds a secret")
	}
}
