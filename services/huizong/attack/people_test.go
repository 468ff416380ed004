package attack

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"huizong/pkg/access"
	"huizong/services/portal/account"
	"huizong/services/portal/admin"
)

// administrators are the three of a bureau that has the people, on a server of their own, and one who is all.
func administrators(t *testing.T) (s *server, system, security, auditor, all caller) {
	t.Helper()
	s = start(t)
	for _, one := range []account.NewAccount{
		{Name: "xitong", Role: access.Administrator}, {Name: "anquan", Role: access.Security}, {Name: "shenji", Role: access.Auditor},
		{Name: "yiren", Role: access.Administrator, Also: []access.Role{access.Security, access.Auditor}},
		{Name: "wang", Role: access.Reviewer}, {Name: "li", Role: access.Clerk, Unit: unit},
	} {
		s.hire(t, one)
	}
	who := func(name string) caller {
		session, _ := s.signIn(t, name, password)
		return caller{name: name, session: session}
	}
	return s, who("xitong"), who("anquan"), who("shenji"), who("yiren")
}

// TestActingAsAnother: no administrator makes a token in another's name, changes the own account, or gives alone an account that sees
// sheets.
func TestActingAsAnother(t *testing.T) {
	s, system, security, _, all := administrators(t)
	refused := func(what string, r reply, want int) {
		t.Helper()
		if r.status != want {
			t.Errorf("%s: %d %.200s, want %d", what, r.status, r.body, want)
		}
	}
	for _, who := range []caller{system, security, all} {
		token := account.NewToken{Owner: "wang", Label: "x", Scopes: []access.Permission{access.ReadSubmissions}, Days: 1, Password: password}
		refused(who.name+" makes a token for the reviewer", s.json(t, who, http.MethodPost, "/api/v1/tokens", token), http.StatusForbidden)
		token.Owner = ""
		refused(who.name+" makes an own token that sees sheets", s.json(t, who, http.MethodPost, "/api/v1/tokens", token), http.StatusBadRequest)
		token.Scopes, token.Password = []access.Permission{access.ReadSystem}, "wrong"
		refused(who.name+" makes a token without the password", s.json(t, who, http.MethodPost, "/api/v1/tokens", token), http.StatusUnauthorized)
		for _, path := range []string{"/role", "/reset", "/forget-authenticator", "/disable", "/enable", "/unlock"} {
			body := any(struct{}{})
			if path == "/role" {
				body = account.NewRole{Role: access.Reviewer}
			}
			refused(who.name+" does "+path+" to the own account", s.json(t, who, http.MethodPost, "/api/v1/accounts/"+who.name+path, body), http.StatusForbidden)
			refused(who.name+" does "+path+" to the own account, written otherwise", s.json(t, who, http.MethodPost, "/api/v1/accounts/"+strings.ToUpper(who.name)+path, body), http.StatusForbidden)
		}
		for path, fields := range map[string]url.Values{"/role": {"role": {"reviewer"}}, "/reset": nil, "/forget-authenticator": nil} {
			refused(who.name+" does "+path+" to the own account by page", s.form(t, who, "/admin/accounts/"+who.name+path, fields), http.StatusForbidden)
		}
	}
	refused("the system administrator makes a reviewer", s.json(t, system, http.MethodPost, "/api/v1/accounts", account.NewAccount{Name: "x", Role: access.Reviewer}), http.StatusForbidden)
	refused("the same by page", s.form(t, system, "/admin/accounts", url.Values{"name": {"x"}, "role": {"reviewer"}}), http.StatusForbidden)
	refused("the security administrator makes an account", s.json(t, security, http.MethodPost, "/api/v1/accounts", account.NewAccount{Name: "x"}), http.StatusForbidden)
	refused("the security administrator makes an administrator see sheets", s.json(t, security, http.MethodPost, "/api/v1/accounts/xitong/role", account.NewRole{Role: access.Reviewer, Also: []access.Role{access.Administrator}}), http.StatusBadRequest)
	refused("the system administrator makes an account", s.json(t, system, http.MethodPost, "/api/v1/accounts", account.NewAccount{Name: "x"}), http.StatusOK)
	refused("the security administrator gives it a role", s.json(t, security, http.MethodPost, "/api/v1/accounts/x/role", account.NewRole{Role: access.Analyst}), http.StatusOK)
}

// TestResetIsSeen: who resets a password and signs in with it leaves a trace: the owner is shown who did, and cannot sign in as before; with
// an authenticator the one-time password lets nobody in; and one alone does not take that as well.
func TestResetIsSeen(t *testing.T) {
	s, system, security, auditor, all := administrators(t)
	var made account.OneTime
	s.must(t, s.json(t, system, http.MethodPost, "/api/v1/accounts/wang/reset", struct{}{}), &made)
	if session, _ := s.signIn(t, "wang", password); session != "" {
		t.Error("the old password goes on to work")
	}
	session, _ := s.signIn(t, "wang", made.Password)
	if r := s.as(t, caller{session: session}, http.MethodGet, "/api/v1/submissions", ""); r.status != http.StatusForbidden {
		t.Errorf("a one-time password opens sheets: %d", r.status)
	}
	if page := s.as(t, caller{session: session}, http.MethodGet, "/password", ""); !strings.Contains(page.body, "xitong") {
		t.Error("the owner is not told who has reset the password")
	}
	var log admin.AuditPage
	s.must(t, s.as(t, auditor, http.MethodGet, "/api/v1/audit?action=password.reset", ""), &log)
	if len(log.Events) != 1 || log.Events[0].Who != "xitong" || log.Events[0].Object != "wang" || log.Events[0].Role != string(access.Administrator) {
		t.Errorf("the log of the reset: %+v", log.Events)
	}
	if r := s.json(t, all, http.MethodPost, "/api/v1/accounts/li/reset", struct{}{}); r.status != http.StatusOK {
		t.Fatalf("reset: %d", r.status)
	}
	if r := s.json(t, all, http.MethodPost, "/api/v1/accounts/li/forget-authenticator", struct{}{}); r.status != http.StatusConflict {
		t.Errorf("one alone takes the password and the authenticator: %d %s", r.status, r.body)
	}
	if r := s.json(t, security, http.MethodPost, "/api/v1/accounts/li/forget-authenticator", struct{}{}); r.status != http.StatusOK {
		t.Errorf("another takes the authenticator: %d %s", r.status, r.body)
	}
}

// TestHiringForOneself: who holds system and security administration can make a reviewer and sign in as it, which no program keeps from one person who is both. It is in the log, by
// name and from where; the health page names who can; where the roles are two people's, neither can.
func TestHiringForOneself(t *testing.T) {
	s, system, security, auditor, all := administrators(t)
	for _, who := range []caller{system, security, auditor} {
		if r := s.json(t, who, http.MethodPost, "/api/v1/accounts", account.NewAccount{Name: "ghost", Role: access.Reviewer}); r.status != http.StatusForbidden {
			t.Errorf("%s makes a reviewer: %d %s", who.name, r.status, r.body)
		}
	}
	var made account.OneTime
	s.must(t, s.json(t, all, http.MethodPost, "/api/v1/accounts", account.NewAccount{Name: "ghost", Role: access.Reviewer}), &made)
	if session, _ := s.signIn(t, "ghost", made.Password); session == "" {
		t.Fatal("the account cannot be signed in to: this test looks for the trace of what cannot be done")
	}
	for action, who := range map[string]string{"account.add": "yiren", "session.begin": "ghost"} {
		var log admin.AuditPage
		s.must(t, s.as(t, auditor, http.MethodGet, "/api/v1/audit?who="+who+"&action="+action+"&limit=1", ""), &log)
		if len(log.Events) != 1 || log.Events[0].Address == "" || action == "account.add" && log.Events[0].Object != "ghost" {
			t.Errorf("%s of %s: %+v", action, who, log.Events)
		}
	}
	for _, who := range []caller{system, security, auditor} {
		if page := s.as(t, who, http.MethodGet, "/admin/health", "").body; !strings.Contains(page, "自建一个审核员账号") || !strings.Contains(page, "yiren") {
			t.Errorf("the health page tells %s not who can hire for themselves", who.name)
		}
	}
}

// TestAuditIsTheAuditors: who administers reads no audit log, by no route and no page, and verifies none; what an event shows beside is none
// of it.
func TestAuditIsTheAuditors(t *testing.T) {
	s, system, security, auditor, all := administrators(t)
	for _, who := range []caller{system, security} {
		for _, path := range []string{"/admin/audit", "/api/v1/audit", "/api/v1/audit?format=jsonl", "/api/v1/audit/verify"} {
			if r := s.as(t, who, http.MethodGet, path, ""); !r.refused() {
				t.Errorf("%s reads %s: %d", who.name, path, r.status)
			}
		}
		if r := s.form(t, who, "/admin/audit/verify", nil); !r.refused() {
			t.Errorf("%s verifies the log: %d", who.name, r.status)
		}
		if r := s.form(t, who, "/admin/journal/verify", nil); r.status != http.StatusOK || strings.Contains(r.body, "/api/v1/audit") || strings.Contains(r.body, "session.begin") {
			t.Errorf("%s verifies the journal and is shown the log: %d", who.name, r.status)
		}
		if r := s.as(t, who, http.MethodGet, "/admin/health", ""); r.status != http.StatusOK || strings.Contains(r.body, `href="/admin/audit`) {
			t.Errorf("%s is led to the log: %d", who.name, r.status)
		}
	}
	for _, who := range []caller{auditor, all} {
		if r := s.as(t, who, http.MethodGet, "/api/v1/audit", ""); r.status != http.StatusOK {
			t.Errorf("%s reads the log: %d", who.name, r.status)
		}
	}
	page := s.as(t, all, http.MethodGet, "/admin/health", "")
	if !strings.Contains(page.body, "一人兼任") || !strings.Contains(page.body, "yiren") {
		t.Error("the health page does not warn of one who holds all three roles")
	}
}

// TestAdministratorsSeeNoSheets asks as each who administers, also who is the auditor too, for everything that is there of a sheet: nothing
// of it comes back from any route.
func TestAdministratorsSeeNoSheets(t *testing.T) {
	c := theCity(t)
	c.hireOnce(t, account.NewAccount{Name: "allthree", Role: access.Administrator, Also: []access.Role{access.Security, access.Auditor}})
	session, _ := c.signIn(t, "allthree", password)
	secrets := c.numbersOf(t, unit)
	for _, who := range []caller{c.people[access.Administrator].bySession, c.people[access.Security].bySession, c.people[access.Administrator].byToken, {name: "all three", session: session}} {
		for _, e := range endpoints() {
			if e.Method != http.MethodGet || e.Path == "/api/v1/events" {
				continue
			}
			for _, at := range []string{queries[e.Path], "?period=" + sheetPeriod + "&org=" + unit + "&unit=" + unit} {
				answer := c.as(t, who, http.MethodGet, c.pathOf(e)+at, "")
				for _, secret := range secrets {
					if strings.Contains(answer.body, secret) {
						t.Errorf("%s is shown %s, of a sheet, by %s%s", who.name, secret, e.Path, at)
					}
				}
			}
		}
	}
}

// hireOnce makes an account that is there for one test of the shared server.
func (c *city) hireOnce(t *testing.T, one account.NewAccount) {
	t.Helper()
	var list []access.Account
	c.must(t, c.as(t, c.theOperator(), http.MethodGet, "/api/v1/accounts", ""), &list)
	if !slices.ContainsFunc(list, func(a access.Account) bool { return a.Name == one.Name }) {
		c.hire(t, one)
	}
}

// numbersOf are what the figures of a unit, or of the city ("") are, as far as they are long enough to be nobody else's, written plainly and
// as people print them.
func (c *city) numbersOf(t *testing.T, of string) []string {
	t.Helper()
	var figures []map[string]any
	c.must(t, c.as(t, c.theOperator(), http.MethodGet, "/api/v1/figures?format=json&period="+sheetPeriod+",2020-01..2020-02,2020H1&unit="+of, ""), &figures)
	var numbers []string
	for _, f := range figures {
		value, ok := f["value"].(float64)
		if whole := int64(value); ok && float64(whole) == value && whole >= 10_000 {
			plain := strconv.FormatInt(whole, 10)
			numbers = append(numbers, plain, grouped(plain))
		}
	}
	if len(numbers) < 4 {
		t.Fatalf("the figures of %q are too few to look for: %v", of, numbers)
	}
	return numbers
}

// grouped sets a comma after every third digit from the right.
func grouped(digits string) string {
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// TestUnreleasedFigures: on no page and no route is a clerk shown a figure of the city, and by none another unit's.
func TestUnreleasedFigures(t *testing.T) {
	c, allowed := theCity(t), policy(t)
	own := c.as(t, c.theOperator(), http.MethodGet, "/api/v1/submissions/"+c.submission[unit]+"/sheets", "").body
	var secrets []string
	for _, number := range append(c.numbersOf(t, ""), c.numbersOf(t, other)...) {
		if !strings.Contains(own, number) {
			secrets = append(secrets, number)
		}
	}
	more := []string{"/history?at=" + c.submission[unit], "/history?org=" + unit + "&at=" + c.submission[unit], "/api/v1/submissions?org=" + unit, "/api/v1/board?period=2020H1",
		"/api/v1/submissions/" + c.submission[unit] + "/diff?against=" + c.submission[unit], "/submissions/" + c.submission[unit] + "?lang=en", "/?period=" + sheetPeriod}
	for _, e := range endpoints() {
		if e.Method == http.MethodGet && e.Path != "/api/v1/events" && may(allowed[e.Method+" "+e.Path], access.Clerk) {
			more = append(more, c.pathOf(e)+queries[e.Path], c.pathOf(e)+"?period="+sheetPeriod)
		}
	}
	for _, path := range more {
		for _, who := range []caller{c.people[access.Clerk].bySession, c.people[access.Clerk].byToken} {
			answer := c.as(t, who, http.MethodGet, path, "")
			for _, secret := range secrets {
				if strings.Contains(answer.body, secret) {
					t.Errorf("%s is shown %s by %s", who.name, secret, path)
				}
			}
		}
	}
	shown := c.as(t, c.people[access.Reviewer].byToken, http.MethodGet, "/api/v1/submissions/"+c.submission[unit]+"/diff", "").body
	if !slices.ContainsFunc(c.numbersOf(t, ""), func(number string) bool { return strings.Contains(shown, number) }) {
		t.Error("the reviewer is not shown what moved: this test looks for numbers that are nowhere")
	}
}

// TestAnotherUnit: what belongs to one unit is not there for a clerk of another, whatever the route, and ids tell nothing.
func TestAnotherUnit(t *testing.T) {
	c, checked := theCity(t), 0
	for _, e := range endpoints() {
		if e.Method != http.MethodGet || !strings.Contains(e.Path, "{id}") || !access.Clerk.Grants(e.Needs) {
			continue
		}
		checked++
		path := c.pathOf(e)
		if r := c.as(t, c.people[access.Clerk].bySession, http.MethodGet, path, ""); r.refused() || r.status == http.StatusNotFound {
			t.Errorf("%s is refused to its own clerk: %d", e.Path, r.status)
		}
		answer := c.as(t, c.otherClerk, http.MethodGet, path, "")
		if answer.status != http.StatusNotFound {
			t.Errorf("%s answers another unit's clerk with %d, want 404", e.Path, answer.status)
		}
		none := "01ARZ3NDEKTSV4RRFFQ69G5FAV" // one that is nobody's is answered alike
		nobodys := c.as(t, c.otherClerk, http.MethodGet, strings.Replace(path, c.submission[unit], none, 1), "")
		if nobodys.status != answer.status || strings.ReplaceAll(answer.body, c.submission[unit], none) != nobodys.body {
			t.Errorf("%s tells that an id of another unit is one", e.Path)
		}
	}
	if checked < 6 {
		t.Errorf("%d routes of a submission were checked only", checked)
	}
	for _, path := range []string{"/api/v1/submissions?org=" + unit, "/api/v1/forms/employment_monthly/template?org=" + unit + "&period=2020-06", "/api/v1/board?org=" + unit + "&period=2020-06",
		"/api/v1/originals/" + c.sum[unit], "/history?at=" + c.submission[unit]} {
		if r := c.as(t, c.otherClerk, http.MethodGet, path, ""); r.status != http.StatusNotFound {
			t.Errorf("%s answers another unit's clerk with %d, want 404", path, r.status)
		}
	}
	body, boundary := multipartBody(map[string]string{"org": unit, "period": "2020-06"}, "x.csv", []byte("x"))
	for _, path := range []string{"/api/v1/submissions", "/api/v1/recognitions"} {
		if r := c.as(t, c.otherClerk, http.MethodPost, path, body, "Content-Type", "multipart/form-data; boundary="+boundary); r.status != http.StatusForbidden {
			t.Errorf("%s for another unit: %d, want 403", path, r.status)
		}
	}
	if r := c.json(t, c.otherClerk, http.MethodPost, "/api/v1/mappings", map[string]string{"org": unit, "form": "employment_monthly", "column": "x", "text": "y"}); r.status != http.StatusForbidden {
		t.Errorf("a mapping for another unit: %d", r.status)
	}
	var tokens []access.Token
	c.must(t, c.as(t, c.people[access.Clerk].byToken, http.MethodGet, "/api/v1/tokens", ""), &tokens)
	for _, token := range tokens {
		if token.Owner != string(access.Clerk) {
			t.Errorf("a clerk is shown a token of %s", token.Owner)
		}
		if r := c.as(t, c.otherClerk, http.MethodDelete, "/api/v1/tokens/"+token.ID, ""); r.status != http.StatusNotFound {
			t.Errorf("another's token is ended: %d", r.status)
		}
		if r := c.form(t, c.otherClerk, "/account/tokens/"+token.ID+"/revoke", nil); r.status != http.StatusNotFound {
			t.Errorf("another's token is ended by page: %d", r.status)
		}
	}
}

// TestTemplate: a form ready to fill holds the months before for those who may read them; a token that may only send, and the administrator, get it empty.
func TestTemplate(t *testing.T) {
	c := theCity(t)
	form := func(who caller) string {
		r := c.as(t, who, http.MethodGet, "/api/v1/forms/employment_monthly/template?period=2020-03&org="+unit, "")
		if r.status != http.StatusOK {
			t.Fatalf("%s: %d %s", who.name, r.status, r.body)
		}
		return r.body
	}
	empty := form(caller{name: "sends", token: c.tokenFor(t, "clerk", access.SendSubmissions)})
	if form(c.people[access.Administrator].byToken) != empty {
		t.Error("the administrator is given another form than who may only send")
	}
	if form(caller{name: "reads", token: c.tokenFor(t, "clerk", access.ReadSubmissions)}) == empty {
		t.Error("the form is empty for who may read the months before: this test compares nothing")
	}
}
