package account

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/endpoint"
	"huizong/pkg/phrase"
	"huizong/pkg/problem"
	"huizong/pkg/reporting"
	"huizong/services/portal"
)

// accountsPage lists who can sign in, and the machines that have a token.
type accountsPage struct {
	Accounts []accountLine
	Tokens   []tokenLine
	Roles    []portal.Option
	Units    []portal.Option
	Draft    NewAccount
	Manage   bool     // the viewer makes accounts
	Grant    bool     // and says what they may do
	OneTime  *OneTime // shown this once
	Problem  *reporting.Text
	Done     *reporting.Text
	Own      string // of the viewer
}

type accountLine struct {
	access.Account
	Sessions int
	States   []accountState
}

// accountState is what is particular about an account.
type accountState struct {
	Name reporting.Text
	Tone string
}

type tokenLine struct {
	access.Token
	Over bool
}

// oneAccount is an account with what can be done to it.
type oneAccount struct {
	accountLine
	Open   []access.Session
	Tokens []tokenLine
	Roles  []portal.Option
	Also   []portal.Option // further roles
	Units  []portal.Option
	Manage bool
	Grant  bool

	OneTime *OneTime
	Problem *reporting.Text
	Done    *reporting.Text
	Own     bool
}

var accountsTitle = reporting.Text{ZH: "账号", EN: "Accounts"}

func (p *Pages) accountLine(a access.Account) accountLine {
	line := accountLine{Account: a, Sessions: len(p.Accounts.Sessions(a.Name))}
	for _, s := range []struct {
		is   bool
		name reporting.Text
		tone string
	}{
		{a.Disabled, reporting.Text{ZH: "已停用", EN: "disabled"}, "rejected"},
		{!a.LockedUntil.IsZero(), reporting.Text{ZH: "已锁定", EN: "locked"}, "overdue"},
		{!a.OneTimeUntil.IsZero() && a.OneTimeUntil.Before(time.Now()), reporting.Text{ZH: "一次性密码已过期", EN: "one-time password expired"}, "overdue"},
		{!a.OneTimeUntil.IsZero() && !a.OneTimeUntil.Before(time.Now()), reporting.Text{ZH: "待首次登录", EN: "not yet signed in"}, "waiting"},
	} {
		if s.is {
			line.States = append(line.States, accountState{s.name, s.tone})
		}
	}
	if len(line.States) == 0 {
		line.States = []accountState{{reporting.Text{ZH: "正常", EN: "in use"}, "accepted"}}
	}
	return line
}

func (p *Pages) tokenLines(owner string) []tokenLine {
	var lines []tokenLine
	for _, t := range p.Accounts.Tokens() {
		if owner == "" || t.Owner == owner {
			lines = append(lines, tokenLine{t, t.Expires.Before(time.Now())})
		}
	}
	return lines
}

// newAccountsPage is the page without what was just done.
func (p *Pages) newAccountsPage(lang string, r *http.Request) *accountsPage {
	who := access.From(r.Context())
	page := &accountsPage{Manage: who.May(access.ManageAccounts), Grant: who.May(access.GrantRoles), Tokens: p.tokenLines(""), Own: who.Account, Done: accountDone[r.URL.Query().Get("done")]}
	for _, a := range p.Accounts.List() {
		page.Accounts = append(page.Accounts, p.accountLine(a))
	}
	slices.SortStableFunc(page.Accounts, func(a, b accountLine) int {
		return cmp.Or(cmp.Compare(slices.Index(access.Roles, a.Role), slices.Index(access.Roles, b.Role)), cmp.Compare(a.Unit, b.Unit))
	})
	return page.choices(p, lang)
}

func (page *accountsPage) choices(p *Pages, lang string) *accountsPage {
	page.Roles = roleOptions(lang, page.Draft.Role)
	page.Units = p.senderOptions(lang, page.Draft.Unit)
	return page
}

func roleOptions(lang string, chosen access.Role) []portal.Option {
	options := []portal.Option{{Name: phrase.Pick(lang, reporting.Text{ZH: "（暂不授予）", EN: "(none yet)"}), Chosen: chosen == ""}}
	for _, r := range access.Roles {
		options = append(options, portal.Option{Value: string(r), Name: phrase.Pick(lang, portal.RoleNames[r]), Chosen: r == chosen})
	}
	return options
}

// alsoOptions are the roles that an account may hold beside another.
func alsoOptions(lang string, held []access.Role) []portal.Option {
	var options []portal.Option
	for _, r := range access.Administration {
		options = append(options, portal.Option{Value: string(r), Name: phrase.Pick(lang, portal.RoleNames[r]), Chosen: slices.Contains(held, r)})
	}
	return options
}

// senderOptions are the units that send something.
func (p *Pages) senderOptions(lang, chosen string) []portal.Option {
	options := []portal.Option{{Name: phrase.Pick(lang, reporting.Text{ZH: "（只有填报员要选）", EN: "(of a clerk only)"}), Chosen: chosen == ""}}
	for _, u := range p.Catalogue.Units {
		if slices.ContainsFunc(p.Catalogue.Forms, func(f *reporting.Form) bool { return f.SentBy(u) }) {
			options = append(options, portal.Option{Value: u.Code, Name: phrase.Pick(lang, u.Name), Chosen: u.Code == chosen})
		}
	}
	return options
}

// accountDone are the words for what was done, by the field of the address that says so.
var accountDone = map[string]*reporting.Text{
	"disable":              {ZH: "账号已停用，正在进行的登录和令牌随即失效。", EN: "The account is disabled. Its sessions and tokens have ended."},
	"enable":               {ZH: "账号已启用。", EN: "The account is enabled."},
	"unlock":               {ZH: "账号已解锁。", EN: "The account is unlocked."},
	"forget-authenticator": {ZH: "身份验证器已停用，凭密码即可登录；正在进行的登录已失效。", EN: "The authenticator is forgotten: the password alone signs in. Its sessions have ended."},
	"role":                 {ZH: "角色已更改，需要重新登录。", EN: "The role is changed. The person has to sign in again."},
	"revoked":              {ZH: "令牌已收回，即刻失效。", EN: "The token is revoked and works no more."},
}

func (p *Pages) accountsPage(w http.ResponseWriter, r *http.Request) error {
	return p.Show(w, r, "accounts", accountsTitle, p.newAccountsPage(p.Language(w, r), r))
}

// makeAccount makes an account. Its one-time password stands on the answer, and nowhere else.
func (p *Pages) makeAccount(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	lang := p.Language(w, r)
	draft := NewAccount{Name: r.PostForm.Get("name"), Display: r.PostForm.Get("display"), Role: access.Role(r.PostForm.Get("role")), Unit: r.PostForm.Get("unit")}
	if !draft.Role.OfUnit() { // the field stands there for every role
		draft.Unit = ""
	}
	endpoint.NoteObject(r, draft.Name)
	password, err := p.newAccount(r, draft)
	page := p.newAccountsPage(lang, r)
	if err != nil {
		page.Draft, page.Problem = draft, accountProblem(err)
		if page.Problem == nil {
			return err
		}
		return endpoint.Answered(err, p.ShowStatus(w, r, problem.Status(reporting.CodeOf(err)), "accounts", accountsTitle, page.choices(p, lang)))
	}
	page.OneTime = &OneTime{draft.Name, password}
	return p.Show(w, r, "accounts", accountsTitle, page)
}

// accountProblem says what is wrong in words, or nil where it is nothing that a person can mend.
func accountProblem(err error) *reporting.Text {
	switch reporting.CodeOf(err) {
	case reporting.Forbidden:
		return &reporting.Text{ZH: "角色要由安全管理员授予：请先不选角色。", EN: "A role is granted by a security administrator: make the account without one."}
	case reporting.Conflict:
		return &reporting.Text{ZH: "这个账号名已经有了，请换一个。", EN: "There is an account of this name already."}
	case reporting.Invalid:
		return &reporting.Text{ZH: "账号名只能用文字、数字和 . - _ @，最多 64 个字；填报员要选单位；姓名最多 100 个字。", EN: "A name has letters, digits and . - _ @, up to 64; a clerk needs a unit; the name for people has up to 100 letters."}
	}
	return nil
}

// lastAdministrator are the words for what the store refuses.
var (
	lastAdministrator = reporting.Text{ZH: "这是最后一个能用的管理员账号，不能停用，也不能改成别的角色。请先再设一个管理员。", EN: "This is the last administrator: it can neither be disabled nor given another role. Make another one first."}
	anotherHasTo      = reporting.Text{ZH: "密码和身份验证器不能由同一个人都停掉，请另一位管理员来办，或在服务器上用命令行。", EN: "One person alone does not take both the password and the authenticator: ask another administrator, or use the command line of the server."}
	ownAccountApart   = reporting.Text{ZH: "不能管理自己的账号，请另一位管理员来办。", EN: "Nobody administers the own account: ask another administrator."}
)

// refusalWords are the words for what could not be done to an account, or nil.
func refusalWords(err error) *reporting.Text {
	switch code := reporting.CodeOf(err); {
	case err == nil:
		return nil
	case errors.Is(err, access.ErrAnother):
		return &anotherHasTo
	case code == reporting.Conflict:
		return &lastAdministrator
	case code == reporting.Forbidden:
		return &ownAccountApart
	case code == reporting.Invalid:
		return &reporting.Text{ZH: "填报员要选一个单位；兼任的只能是系统管理员、安全管理员、审计员。", EN: "A clerk needs a unit; only the roles of administration go together."}
	}
	return nil
}

func (p *Pages) newOneAccount(lang string, r *http.Request) (*oneAccount, error) {
	a, err := p.Accounts.Find(r.PathValue("name"))
	if err != nil {
		return nil, err
	}
	who := access.From(r.Context())
	return &oneAccount{accountLine: p.accountLine(a), Open: p.Accounts.Sessions(a.Name), Tokens: p.tokenLines(a.Name), Roles: roleOptions(lang, a.Role), Also: alsoOptions(lang, a.Also),
		Units: p.senderOptions(lang, a.Unit), Manage: who.May(access.ManageAccounts), Grant: who.May(access.GrantRoles), Own: who.Account == a.Name, Done: accountDone[r.URL.Query().Get("done")]}, nil
}

func (p *Pages) showOne(w http.ResponseWriter, r *http.Request, status int, one *oneAccount) error {
	name := cmp.Or(one.Display, one.Name)
	return p.ShowStatus(w, r, status, "account_one", reporting.Text{ZH: name, EN: name}, one)
}

func (p *Pages) oneAccountPage(w http.ResponseWriter, r *http.Request) error {
	one, err := p.newOneAccount(p.Language(w, r), r)
	if err != nil {
		return err
	}
	return p.showOne(w, r, http.StatusOK, one)
}

func (p *Pages) resetOneAccount(w http.ResponseWriter, r *http.Request) error {
	password, err := p.reset(r)
	if words := refusalWords(err); words != nil {
		return p.refuseOne(w, r, err, *words)
	}
	if err != nil {
		return err
	}
	one, err := p.newOneAccount(p.Language(w, r), r)
	if err != nil {
		return err
	}
	one.OneTime = &OneTime{one.Name, password}
	return p.showOne(w, r, http.StatusOK, one)
}

// refuseOne shows the account with what could not be done to it.
func (p *Pages) refuseOne(w http.ResponseWriter, r *http.Request, err error, words reporting.Text) error {
	one, missing := p.newOneAccount(p.Language(w, r), r)
	if missing != nil {
		return missing
	}
	one.Problem = &words
	return endpoint.Answered(err, p.showOne(w, r, problem.Status(reporting.CodeOf(err)), one))
}

func (p *Pages) changeRole(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	role, unit := access.Role(r.PostForm.Get("role")), r.PostForm.Get("unit")
	if !role.OfUnit() {
		unit = ""
	}
	to := NewRole{Role: role, Unit: unit}
	for _, also := range r.PostForm["also"] {
		if also != string(role) {
			to.Also = append(to.Also, access.Role(also))
		}
	}
	return p.backToAccount(w, r, "role", p.grant(r, to))
}

func (p *Pages) changeAccount(w http.ResponseWriter, r *http.Request) error {
	return p.backToAccount(w, r, r.PathValue("verb"), p.alter(r))
}

func (p *Pages) forgetOneAuthenticator(w http.ResponseWriter, r *http.Request) error {
	return p.backToAccount(w, r, "forget-authenticator", p.forget(r))
}

func (p *Pages) backToAccount(w http.ResponseWriter, r *http.Request, done string, err error) error {
	if words := refusalWords(err); words != nil {
		return p.refuseOne(w, r, err, *words)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/admin/accounts/"+url.PathEscape(r.PathValue("name"))+"?done="+done, http.StatusSeeOther)
	return nil
}

func (p *Pages) endToken(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	if err := p.revoke(r); err != nil {
		return err
	}
	http.Redirect(w, r, endpoint.LocalPath(cmp.Or(r.PostForm.Get("next"), "/account"))+"?done=revoked", http.StatusSeeOther)
	return nil
}

// DaysLeft is how long the token lasts.
func (t tokenLine) DaysLeft() string {
	return fmt.Sprint(max(0, int(time.Until(t.Expires).Hours()/24)))
}
