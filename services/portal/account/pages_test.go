package account_test

import (
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"huizong/pkg/access"
	"huizong/services/portal/portaltest"
)

func TestMain(m *testing.M) { os.Exit(portaltest.Main(m)) }

const password = "correct horse 汉字 battery"

// TestAdministering: an account is made, granted a role, reset, disabled and unlocked; nobody does that to the own one.
func TestAdministering(t *testing.T) {
	s := portaltest.Open(t, "targets_annual")
	who := portaltest.Administrator
	for _, lang := range []string{"lang=zh", "lang=en"} {
		for _, page := range []string{"/admin/accounts?", "/admin/accounts?done=disable&", "/admin/accounts/li?", "/admin/accounts/zhou?"} {
			s.Get(t, who, page+lang, "</main>")
		}
	}
	s.Post(t, who, "/admin/accounts", url.Values{"name": {"chen"}, "display": {"陈"}, "role": {"clerk"}, "unit": {"349981002"}}, http.StatusOK, "</main>")
	s.Post(t, who, "/admin/accounts", url.Values{"name": {"chen"}, "role": {"clerk"}, "unit": {"349981002"}}, http.StatusConflict, "</main>")
	s.Post(t, who, "/admin/accounts/chen/reset", url.Values{}, http.StatusOK, "一次性密码")
	s.Post(t, who, "/admin/accounts/chen/role", url.Values{"role": {"reviewer"}}, http.StatusSeeOther)
	for _, verb := range []string{"disable", "enable", "unlock"} {
		s.Post(t, who, "/admin/accounts/chen/"+verb, url.Values{}, http.StatusSeeOther)
	}
	s.Post(t, who, "/admin/accounts/chen/nothing", url.Values{}, http.StatusNotFound)
	s.Post(t, who, "/admin/accounts/zhou/reset", url.Values{}, http.StatusForbidden)
	s.Refused(t, who, "/admin/accounts/nobody", http.StatusNotFound)
	if a, err := s.Accounts.Find("chen"); err != nil || a.Role != access.Reviewer {
		t.Errorf("%+v, %v", a, err)
	}
	json := func(method, path, body string, status int, words ...string) string {
		t.Helper()
		return s.Send(t, who, method, path, "application/json", strings.NewReader(body), status, words...)
	}
	json("POST", "/api/v1/accounts", `{"name":"wu","role":"clerk","unit":"349981003"}`, http.StatusOK, `"password"`)
	json("POST", "/api/v1/accounts", `{"name":"wu2","unit":"000"}`, http.StatusBadRequest)
	json("POST", "/api/v1/accounts", `{"nome":"x"}`, http.StatusBadRequest)
	json("POST", "/api/v1/accounts/wu/reset", ``, http.StatusOK, `"password"`)
	json("POST", "/api/v1/accounts/wu/role", `{"role":"analyst"}`, http.StatusOK, "analyst")
	json("POST", "/api/v1/accounts/wu/disable", ``, http.StatusOK, "disabled")
	json("POST", "/api/v1/accounts/wu/forget-authenticator", ``, http.StatusConflict) // who has reset the password does not take the other proof too
	s.Get(t, who, "/api/v1/accounts", "wu")
	s.Get(t, who, "/api/v1/tokens", "[]")
}

// TestOwnAccount: signing in with a one-time password leads to a new one; the own sessions and tokens are seen and ended.
func TestOwnAccount(t *testing.T) {
	s := portaltest.Open(t, "targets_annual")
	nobody := access.Principal{}
	s.Get(t, nobody, "/sign-in", "</main>")
	s.Post(t, nobody, "/sign-in", url.Values{"name": {"li"}, "password": {"wrong"}}, http.StatusUnauthorized, "不对")
	oneTime, err := s.Accounts.ResetPassword("li", "zhou")
	if err != nil {
		t.Fatal(err)
	}
	s.Post(t, nobody, "/sign-in", url.Values{"name": {"li"}, "password": {oneTime}, "next": {"/history"}}, http.StatusSeeOther)
	token, who, err := s.Accounts.SignIn(t.Context(), "li", oneTime, "", access.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	s.Get(t, who, "/password", "</main>")
	s.Post(t, who, "/password", url.Values{"old": {oneTime}, "password": {password}, "again": {"x"}}, http.StatusBadRequest, "不一样")
	if token, who, err = s.Accounts.ChangePassword(token, oneTime, password); err != nil {
		t.Fatal(err)
	}
	s.Get(t, who, "/account?lang=en", "</main>")
	s.Get(t, who, "/account?lang=zh", "我的账号")
	s.Post(t, who, "/account/tokens", url.Values{"label": {"程序"}, "scope": {string(access.ReadSubmissions)}, "days": {"30"}, "password": {"wrong"}}, http.StatusBadRequest)
	s.Post(t, who, "/account/tokens", url.Values{"label": {""}, "password": {password}}, http.StatusBadRequest)
	s.Post(t, who, "/account/tokens", url.Values{"label": {"程序"}, "scope": {string(access.ReadSubmissions)}, "days": {"30"}, "password": {password}}, http.StatusOK, "程序")
	tokens := s.Accounts.Tokens()
	if len(tokens) != 1 {
		t.Fatalf("tokens %v", tokens)
	}
	s.Get(t, who, "/api/v1/tokens", tokens[0].ID)
	s.Post(t, who, "/account/tokens/"+tokens[0].ID+"/revoke", url.Values{}, http.StatusSeeOther)
	s.Send(t, who, http.MethodDelete, "/api/v1/tokens/none", "application/json", strings.NewReader(""), http.StatusNotFound)
	s.Post(t, who, "/account/authenticator", url.Values{"password": {password}}, http.StatusOK, "data:image/png")
	s.Post(t, who, "/account/authenticator/confirm", url.Values{"code": {"000000"}}, http.StatusBadRequest)
	s.Post(t, who, "/account/authenticator/remove", url.Values{"password": {"wrong"}}, http.StatusBadRequest)
	s.Post(t, who, "/account/sessions/end", url.Values{"session": {"x"}, "password": {password}}, http.StatusSeeOther)
	s.Post(t, who, "/sign-out", url.Values{}, http.StatusSeeOther)
	s.Post(t, who, "/account/sessions/end-all", url.Values{}, http.StatusSeeOther)
	if len(s.Accounts.Sessions("li")) != 0 || token == "" {
		t.Error("a session is open after signing out everywhere")
	}
}
