// Package account has the pages of signing in and of accounts, one's own and, for administrators, those of others; and what the API has
// of accounts and machine tokens.
package account

import (
	"cmp"
	"embed"
	"encoding/base64"
	"errors"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/endpoint"
	"huizong/pkg/problem"
	"huizong/pkg/reporting"
	"huizong/services/portal"
)

// Pages are those of signing in, of one's own account, and of the accounts of others for who administers them; and what the API has of them.
type Pages struct {
	*portal.Shell
	Accounts *access.Accounts
}

// Endpoints are the routes of accounts.
func (p *Pages) Endpoints() []endpoint.Endpoint {
	return slices.Concat(p.accountEndpoints(), p.accountPages())
}

//go:embed pages
var pages embed.FS

// Templates are the pages, and what each shows.
var Templates = portal.Templates{Files: pages, Of: map[string]any{
	"accounts":    accountsPage{},
	"account_one": oneAccount{},
	"sign_in":     signInForm{},
	"password":    passwordForm{},
	"account":     ownAccount{},
}}

// accountPages are those of signing in, of one's own account, and of the accounts of others for who administers them.
func (p *Pages) accountPages() []endpoint.Endpoint {
	page := func(method, path string, needs access.Permission, audit, summary string, handle func(http.ResponseWriter, *http.Request) error) endpoint.Endpoint {
		return endpoint.Endpoint{Method: method, Path: path, Needs: needs, Page: true, Audit: audit, Summary: summary, Handle: handle}
	}
	return []endpoint.Endpoint{
		page("GET", endpoint.SignInPath, access.Anyone, "", "Sign in", p.signInPage),
		page("POST", endpoint.SignInPath, access.Anyone, "session.begin", "Sign in", p.signIn),
		page("POST", "/sign-out", access.SignedIn, "session.end", "Sign out", p.signOut),
		page("GET", "/password", access.SignedIn, "", "Change the password", p.passwordPage),
		page("POST", "/password", access.SignedIn, "password.change", "Change the password", p.changePassword),
		page("GET", "/account", access.SignedIn, "", "The own account", p.accountPage),
		page("POST", "/account/authenticator", access.SignedIn, "authenticator.begin", "Begin with an authenticator", p.beginAuthenticator),
		page("POST", "/account/authenticator/confirm", access.SignedIn, "authenticator.add", "Confirm the authenticator", p.confirmAuthenticator),
		page("POST", "/account/authenticator/remove", access.SignedIn, "authenticator.remove", "Remove the authenticator", p.removeAuthenticator),
		page("POST", "/account/sessions/end", access.SignedIn, "session.end", "End a session", p.endSession),
		page("POST", "/account/sessions/end-all", access.SignedIn, "session.end-all", "Sign out everywhere", p.endSessions),
		page("POST", "/account/tokens", access.SignedIn, "token.make", "Make a machine token for oneself", p.makeToken),
		page("POST", "/account/tokens/{id}/revoke", access.SignedIn, "token.revoke", "Revoke one of the own machine tokens", p.endToken),
		page("GET", "/admin/accounts", access.ReadAccounts, "", "Accounts and machine tokens", p.accountsPage),
		page("POST", "/admin/accounts", access.ManageAccounts, "account.add", "Make an account", p.makeAccount),
		page("GET", "/admin/accounts/{name}", access.ReadAccounts, "", "An account", p.oneAccountPage),
		page("POST", "/admin/accounts/{name}/reset", access.ManageAccounts, "password.reset", "Give an account a one-time password", p.resetOneAccount),
		page("POST", "/admin/accounts/{name}/role", access.GrantRoles, "account.change", "Give an account another role or unit", p.changeRole),
		page("POST", "/admin/accounts/{name}/forget-authenticator", access.GrantRoles, "account.forget-authenticator", "Forget the lost authenticator of an account", p.forgetOneAuthenticator),
		page("POST", "/admin/accounts/{name}/{verb}", access.ManageAccounts, "account", "Disable, enable or unlock an account", p.changeAccount),
		page("POST", "/admin/tokens/{id}/revoke", access.GrantRoles, "token.revoke", "Revoke a machine token", p.endToken),
	}
}

// maxForm bounds the body of a page's form.
const maxForm = 64 << 10

// readForm reads what a page has sent.
func readForm(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		return reporting.Errorf(reporting.Invalid, "the form cannot be read: %w", err)
	}
	return nil
}

var signInTitle = reporting.Text{ZH: "登录", EN: "Sign in"}

// signInForm is what the page of the sign-in shows again after a failure.
type signInForm struct {
	Name, Next string
	Problem    *reporting.Text
	NeedsCode  bool
}

func (p *Pages) signInPage(w http.ResponseWriter, r *http.Request) error {
	if access.From(r.Context()).Via != "" {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return nil
	}
	return p.Show(w, r, "sign_in", signInTitle, signInForm{Next: r.URL.Query().Get("next")})
}

// signIn begins a session. A failure is answered with the page, and as an error to the one who keeps the log.
func (p *Pages) signIn(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	form := signInForm{Name: r.PostForm.Get("name"), Next: r.PostForm.Get("next"), NeedsCode: r.PostForm.Has("code")}
	token, who, err := p.Accounts.SignIn(r.Context(), form.Name, r.PostForm.Get("password"), r.PostForm.Get("code"), p.comesFrom(r, form.Name))
	if err != nil {
		words, known := signInProblem(err)
		if !known {
			return err
		}
		if account, err := p.Accounts.Find(form.Name); err == nil { // a name that is none may be a password in the wrong field
			endpoint.NoteWho(r, access.Principal{Account: account.Name, Role: account.Role, Also: account.Also})
		}
		endpoint.NoteDetail(r, "factor", string(access.FactorOf(err)))
		form.Problem, form.NeedsCode = &words, form.NeedsCode || errors.Is(err, access.ErrCodeNeeded)
		return endpoint.Answered(err, p.ShowStatus(w, r, problem.Status(reporting.CodeOf(err)), "sign_in", signInTitle, form))
	}
	p.setSession(w, token, who)
	endpoint.NoteWho(r, who)
	endpoint.NoteDetail(r, "factor", string(who.Factor))
	http.Redirect(w, r, cmp.Or(endpoint.ConfinedTo[who.Confined], endpoint.LocalPath(form.Next)), http.StatusSeeOther)
	return nil
}

// signInProblem is what a person is shown of a failure: never whether the name or the password was wrong.
func signInProblem(err error) (reporting.Text, bool) {
	var delay *access.DelayError
	switch {
	case errors.As(err, &delay):
		return reporting.Textf("失败次数太多，请 %[1]d 秒后再试。", "Too many failures: try again in %[1]d seconds.", int(delay.Wait.Round(time.Second)/time.Second)), true
	case errors.Is(err, access.ErrCodeNeeded):
		return reporting.Text{ZH: "请再输入身份验证器上的 6 位数字（或一个恢复码），以及密码。", EN: "Please enter the six digits of your authenticator, or a recovery code, and the password again."}, true
	case errors.Is(err, access.ErrExpired):
		return reporting.Text{ZH: "一次性密码已过期，请联系市局管理员重置。", EN: "The one-time password has expired: ask the administrator for a new one."}, true
	case errors.Is(err, access.ErrCredentials):
		return reporting.Text{ZH: "账号、密码或验证码不对。", EN: "The name, the password or the code is wrong."}, true
	}
	return reporting.Text{}, false
}

// comesFrom is where a try to sign in as somebody comes from, with what the browser has kept of having been that before.
func (p *Pages) comesFrom(r *http.Request, name string) access.Origin {
	from := access.Origin{Address: endpoint.AddressOf(r)}
	if cookie, err := r.Cookie(p.deviceCookie(name)); err == nil {
		from.Device = cookie.Value
	}
	return from
}

// origin is where a request of somebody who is signed in comes from.
func (p *Pages) origin(r *http.Request) access.Origin {
	return access.Origin{Address: endpoint.AddressOf(r), Session: access.From(r.Context()).Session}
}

func (p *Pages) deviceCookie(name string) string {
	if p.Secure {
		return "__Host-" + access.DeviceCookie(name)
	}
	return access.DeviceCookie(name)
}

// setSession gives the browser the session's token, which ends with the browser at the latest, and has it known to the account from now on:
// who guesses elsewhere cannot delay it.
func (p *Pages) setSession(w http.ResponseWriter, token string, who access.Principal) {
	http.SetCookie(w, &http.Cookie{Name: p.deviceCookie(who.Account), Value: p.Accounts.KnownDevice(who.Account), Path: "/", MaxAge: int(access.DeviceLife.Seconds()), HttpOnly: true, Secure: p.Secure, SameSite: http.SameSiteLaxMode})
	http.SetCookie(w, &http.Cookie{Name: endpoint.CookieName(p.Secure), Value: token, Path: "/", HttpOnly: true, Secure: p.Secure, SameSite: http.SameSiteLaxMode})
}

// sessionToken is that of the request, "" without a session.
func (p *Pages) sessionToken(r *http.Request) string {
	cookie, err := r.Cookie(endpoint.CookieName(p.Secure))
	if err != nil {
		return ""
	}
	return cookie.Value
}

func (p *Pages) signOut(w http.ResponseWriter, r *http.Request) error {
	p.Accounts.SignOut(p.sessionToken(r))
	http.SetCookie(w, &http.Cookie{Name: endpoint.CookieName(p.Secure), Path: "/", MaxAge: -1, HttpOnly: true, Secure: p.Secure, SameSite: http.SameSiteLaxMode})
	w.Header().Set("Clear-Site-Data", `"cache"`)
	http.Redirect(w, r, endpoint.SignInPath, http.StatusSeeOther)
	return nil
}

var passwordTitle = reporting.Text{ZH: "修改密码", EN: "Change the password"}

// passwordForm is what the page of the password shows.
type passwordForm struct {
	First   bool // it was a one-time password
	ResetBy string
	ResetAt time.Time
	Problem *reporting.Text
}

func (p *Pages) passwordPage(w http.ResponseWriter, r *http.Request) error {
	return p.Show(w, r, "password", passwordTitle, p.newPasswordForm(r))
}

// newPasswordForm names who made the one-time password, where that was not the owner.
func (p *Pages) newPasswordForm(r *http.Request) passwordForm {
	who := access.From(r.Context())
	form := passwordForm{First: who.Confined == access.ToPassword}
	if account, err := p.Accounts.Find(who.Account); err == nil && form.First {
		form.ResetBy, form.ResetAt = account.ResetBy, account.ResetAt
	}
	return form
}

func (p *Pages) changePassword(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	form := p.newPasswordForm(r)
	refuse := func(err error, words reporting.Text) error {
		form.Problem = &words
		return endpoint.Answered(err, p.ShowStatus(w, r, http.StatusBadRequest, "password", passwordTitle, form))
	}
	if r.PostForm.Get("password") != r.PostForm.Get("again") {
		return refuse(reporting.Errorf(reporting.Invalid, "the two entries differ"), reporting.Text{ZH: "两次输入的新密码不一样。", EN: "The two entries of the new password differ."})
	}
	token, who, err := p.Accounts.ChangePassword(p.sessionToken(r), r.PostForm.Get("old"), r.PostForm.Get("password"))
	if err != nil {
		if words, known := passwordProblem(err); known {
			return refuse(err, words)
		}
		return err
	}
	p.setSession(w, token, who)
	http.Redirect(w, r, "/", http.StatusSeeOther)
	return nil
}

// passwordProblems are what is wrong with a new password.
var passwordProblems = []struct {
	err   error
	words reporting.Text
}{
	{access.ErrShort, reporting.Text{ZH: "新密码至少要 12 个字符。可以用几个不相干的词连起来。", EN: "A password has at least 12 characters: a few unrelated words will do."}},
	{access.ErrLong, reporting.Text{ZH: "新密码太长。", EN: "The password is too long."}},
	{access.ErrCommon, reporting.Text{ZH: "这个密码太常见，容易被猜到，请换一个。", EN: "This password is too common and easily guessed."}},
	{access.ErrOwn, reporting.Text{ZH: "密码里不要包含自己的账号、姓名或单位。", EN: "A password must not hold your name, account or unit."}},
	{access.ErrSame, reporting.Text{ZH: "新密码和旧密码一样，请换一个。", EN: "The new password is the old one."}},
	{access.ErrCredentials, reporting.Text{ZH: "原密码不对。", EN: "The old password is wrong."}},
}

func passwordProblem(err error) (reporting.Text, bool) {
	for _, p := range passwordProblems {
		if errors.Is(err, p.err) {
			return p.words, true
		}
	}
	return signInProblem(err)
}

var accountTitle = reporting.Text{ZH: "我的账号", EN: "My account"}

// ownAccount is what a person is shown of the own account.
type ownAccount struct {
	access.Account
	Sessions []access.Session
	Tokens   []tokenLine
	Scopes   []scopeLine
	Token    *Secret // one that was just made
	Done     *reporting.Text
	Needs    bool   // an authenticator has to be set up first
	Here     string // id of the session of the request
	// Picture and Secret are of an authenticator that is being set up; Recovery are the codes of one that has just been.
	Picture  template.URL
	Secret   string
	Recovery []string
	Problem  *reporting.Text
}

func (p *Pages) own(r *http.Request) (ownAccount, error) {
	who := access.From(r.Context())
	if who.Via != access.ViaSession {
		return ownAccount{}, reporting.Errorf(reporting.NotFound, "%s has no account", who.Account)
	}
	account, err := p.Accounts.Find(who.Account)
	own := ownAccount{Account: account, Sessions: p.Accounts.Sessions(who.Account), Tokens: p.tokenLines(who.Account), Here: who.Session,
		Needs: who.Confined == access.ToAuthenticator, Done: accountDone[r.URL.Query().Get("done")]}
	for _, scope := range account.Roles().Permissions() {
		own.Scopes = append(own.Scopes, scopeLine{scope, portal.PermissionNames[scope]})
	}
	return own, err
}

// scopeLine is something that a token may be allowed.
type scopeLine struct {
	Scope access.Permission
	Name  reporting.Text
}

func (p *Pages) accountPage(w http.ResponseWriter, r *http.Request) error {
	own, err := p.own(r)
	if err != nil {
		return err
	}
	return p.Show(w, r, "account", accountTitle, own)
}

// proven reads the form and checks the password once more, before something about the account is changed.
func (p *Pages) proven(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	return p.Accounts.CheckPassword(r.Context(), access.From(r.Context()).Account, r.PostForm.Get("password"), p.origin(r))
}

// refusedAccount shows the account's page with what went wrong.
func (p *Pages) refusedAccount(w http.ResponseWriter, r *http.Request, own ownAccount, err error) error {
	words, known := signInProblem(err)
	if !known {
		return err
	}
	own.Problem = &words
	return endpoint.Answered(err, p.ShowStatus(w, r, http.StatusBadRequest, "account", accountTitle, own))
}

func (p *Pages) beginAuthenticator(w http.ResponseWriter, r *http.Request) error {
	own, err := p.own(r)
	if err != nil {
		return err
	}
	if err := p.proven(w, r); err != nil {
		return p.refusedAccount(w, r, own, err)
	}
	uri, secret, err := p.Accounts.BeginTOTP(own.Name)
	if err != nil {
		return err
	}
	return p.showAuthenticator(w, r, own, uri, secret)
}

func (p *Pages) showAuthenticator(w http.ResponseWriter, r *http.Request, own ownAccount, uri, secret string) error {
	picture, err := access.TOTPImage(uri, 200)
	if err != nil {
		return err
	}
	own.Secret, own.Picture = secret, template.URL("data:image/png;base64,"+base64.StdEncoding.EncodeToString(picture))
	return p.Show(w, r, "account", accountTitle, own)
}

func (p *Pages) confirmAuthenticator(w http.ResponseWriter, r *http.Request) error {
	own, err := p.own(r)
	if err != nil {
		return err
	}
	if err := readForm(w, r); err != nil {
		return err
	}
	if own.Recovery, err = p.Accounts.ConfirmTOTP(own.Name, r.PostForm.Get("code")); err != nil {
		return p.refusedAccount(w, r, own, err)
	}
	own.TOTP, own.RecoveryCodes = true, len(own.Recovery)
	return p.Show(w, r, "account", accountTitle, own)
}

func (p *Pages) removeAuthenticator(w http.ResponseWriter, r *http.Request) error {
	own, err := p.own(r)
	if err != nil {
		return err
	}
	if err := p.proven(w, r); err != nil {
		return p.refusedAccount(w, r, own, err)
	}
	if err := p.Accounts.RemoveTOTP(own.Name, r.PostForm.Get("code"), p.origin(r)); err != nil {
		return p.refusedAccount(w, r, own, err)
	}
	http.Redirect(w, r, "/account", http.StatusSeeOther)
	return nil
}

func (p *Pages) endSession(w http.ResponseWriter, r *http.Request) error {
	own, err := p.own(r)
	if err != nil {
		return err
	}
	if err := p.proven(w, r); err != nil {
		return p.refusedAccount(w, r, own, err)
	}
	p.Accounts.EndSession(own.Name, r.PostForm.Get("session"))
	http.Redirect(w, r, "/account", http.StatusSeeOther)
	return nil
}

// endSessions signs out everywhere, here too.
func (p *Pages) endSessions(w http.ResponseWriter, r *http.Request) error {
	own, err := p.own(r)
	if err != nil {
		return err
	}
	p.Accounts.SignOutAll(own.Name)
	return p.signOut(w, r)
}

// makeToken makes a machine token for the caller. Its secret stands on the answer, and nowhere else.
func (p *Pages) makeToken(w http.ResponseWriter, r *http.Request) error {
	own, err := p.own(r)
	if err != nil {
		return err
	}
	if err := readForm(w, r); err != nil {
		return err
	}
	asked := NewToken{Label: r.PostForm.Get("label"), Password: r.PostForm.Get("password")}
	for _, s := range r.PostForm["scope"] {
		asked.Scopes = append(asked.Scopes, access.Permission(s))
	}
	asked.Days, _ = strconv.Atoi(r.PostForm.Get("days"))
	secret, err := p.newToken(r, asked)
	if reporting.CodeOf(err) == reporting.Invalid && err != nil {
		own.Problem = &reporting.Text{ZH: "令牌要有用途、至少一项权限、1 到 366 天的期限。", EN: "A token needs a purpose, at least one permission and 1 to 366 days."}
		return endpoint.Answered(err, p.ShowStatus(w, r, http.StatusBadRequest, "account", accountTitle, own))
	}
	if err != nil {
		return p.refusedAccount(w, r, own, err)
	}
	own.Token, own.Tokens = &secret, p.tokenLines(own.Name)
	return p.Show(w, r, "account", accountTitle, own)
}
