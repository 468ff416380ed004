package account

import (
	"net/http"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/endpoint"
	"huizong/pkg/problem"
	"huizong/pkg/reporting"
)

// accountEndpoints are the administrators', over accounts, and everybody's over the own machine tokens. To make accounts and to say what
// they may do are two permissions, of two roles.
func (p *Pages) accountEndpoints() []endpoint.Endpoint {
	route := func(method, path string, needs access.Permission, audit, summary string, handle problem.Handler, body, answer any) endpoint.Endpoint {
		return endpoint.Endpoint{Method: method, Path: path, Needs: needs, Audit: audit, Tag: "accounts", Summary: summary, Handle: handle, Body: body, Answer: answer}
	}
	return []endpoint.Endpoint{
		route("GET", "/api/v1/accounts", access.ReadAccounts, "", "All accounts", p.accounts, nil, []access.Account{}),
		route("POST", "/api/v1/accounts", access.ManageAccounts, "account.add", "Make an account, with a role only for who may also grant one; the answer has its one-time password, this once", p.addAccount, NewAccount{}, OneTime{}),
		route("POST", "/api/v1/accounts/{name}/reset", access.ManageAccounts, "password.reset", "Give another's account a one-time password and end its sessions", p.resetAccount, nil, OneTime{}),
		route("POST", "/api/v1/accounts/{name}/role", access.GrantRoles, "account.change", "Give another's account another role or unit, and end its sessions", p.setRole, NewRole{}, access.Account{}),
		route("POST", "/api/v1/accounts/{name}/forget-authenticator", access.GrantRoles, "account.forget-authenticator", "Forget the lost authenticator of another's account, and end its sessions", p.forgetAuthenticator, nil, access.Account{}),
		route("POST", "/api/v1/accounts/{name}/{verb}", access.ManageAccounts, "account", "disable, enable or unlock another's account; verb says which", p.alterAccount, nil, access.Account{}),
		route("GET", "/api/v1/tokens", access.SignedIn, "", "The own machine tokens, without their secrets; for administrators, all", p.tokens, nil, []access.Token{}),
		route("POST", "/api/v1/tokens", access.SignedIn, "token.make", "Make a machine token for oneself; the answer has its secret, this once", p.addToken, NewToken{}, Secret{}),
		route("DELETE", "/api/v1/tokens/{id}", access.SignedIn, "token.revoke", "Revoke one of the own machine tokens; the security administrator, any", p.revokeToken, nil, nil),
	}
}

// NewAccount is what an account is made with. Without a role it may do nothing before it is given one.
type NewAccount struct {
	Name    string        `json:"name"` // to sign in with
	Display string        `json:"display,omitempty"`
	Role    access.Role   `json:"role,omitempty"`
	Also    []access.Role `json:"also,omitempty"` // further roles of administration
	Unit    string        `json:"unit,omitempty"` // of a clerk
}

// NewRole is the role, and a clerk's unit.
type NewRole struct {
	Role access.Role   `json:"role"`
	Also []access.Role `json:"also,omitempty"`
	Unit string        `json:"unit,omitempty"`
}

// OneTime is a password that its owner has to change at the first sign-in.
type OneTime struct {
	Name     string `json:"name"`
	Password string `json:"password"`
}

// NewToken is what a machine token is made with, by its owner.
type NewToken struct {
	Owner    string              `json:"owner,omitempty"` // oneself; only the one who runs the server may name another
	Label    string              `json:"label"`
	Scopes   []access.Permission `json:"scopes"`
	Days     int                 `json:"days"`               // until it expires, up to 366
	Password string              `json:"password,omitempty"` // of who is signed in, once more
}

// Secret is a machine token with its secret.
type Secret struct {
	access.Token
	Secret string `json:"secret"`
}

// readBody reads a JSON document of a known shape.
func readBody(w http.ResponseWriter, r *http.Request, value any) error {
	return endpoint.ReadJSON(w, r, maxForm, value)
}

func (p *Pages) accounts(w http.ResponseWriter, _ *http.Request) error {
	return problem.JSON(w, http.StatusOK, p.Accounts.List())
}

func (p *Pages) addAccount(w http.ResponseWriter, r *http.Request) error {
	var body NewAccount
	if err := readBody(w, r, &body); err != nil {
		return err
	}
	endpoint.NoteObject(r, body.Name)
	password, err := p.newAccount(r, body)
	if err != nil {
		return err
	}
	return problem.JSON(w, http.StatusOK, OneTime{body.Name, password})
}

// newAccount makes an account. Its unit has to be one of ours, and a role is for who may grant one.
func (p *Pages) newAccount(r *http.Request, a NewAccount) (oneTime string, err error) {
	if a.Role != "" && !access.From(r.Context()).May(access.GrantRoles) {
		return "", reporting.Errorf(reporting.Forbidden, "make account %q: its role is granted by a security administrator", a.Name)
	}
	if err := p.checkUnit(a.Unit); err != nil {
		return "", err
	}
	return p.Accounts.Add(access.Account{Name: a.Name, Display: a.Display, Role: a.Role, Also: a.Also, Unit: a.Unit})
}

// another is the name of the account in the path, and of the administrator. An administrator does not administer the own account.
func (p *Pages) another(r *http.Request) (name, by string, err error) {
	account, err := p.Accounts.Find(r.PathValue("name"))
	if err != nil {
		return "", "", err
	}
	who := access.From(r.Context())
	if account.Name == who.Account {
		return "", "", reporting.Errorf(reporting.Forbidden, "account %q: nobody administers the own account", account.Name)
	}
	return account.Name, who.Account, nil
}

func (p *Pages) checkUnit(code string) error {
	if code != "" && p.Catalogue.Unit(code) == nil {
		return reporting.Errorf(reporting.Invalid, "unit %q: no such unit", code)
	}
	return nil
}

func (p *Pages) resetAccount(w http.ResponseWriter, r *http.Request) error {
	password, err := p.reset(r)
	if err != nil {
		return err
	}
	return problem.JSON(w, http.StatusOK, OneTime{r.PathValue("name"), password})
}

func (p *Pages) reset(r *http.Request) (oneTime string, err error) {
	name, by, err := p.another(r)
	if err != nil {
		return "", err
	}
	return p.Accounts.ResetPassword(name, by)
}

func (p *Pages) setRole(w http.ResponseWriter, r *http.Request) error {
	var body NewRole
	if err := readBody(w, r, &body); err != nil {
		return err
	}
	if err := p.grant(r, body); err != nil {
		return err
	}
	return p.showAccount(w, r)
}

func (p *Pages) grant(r *http.Request, to NewRole) error {
	name, _, err := p.another(r)
	if err != nil {
		return err
	}
	if err := p.checkUnit(to.Unit); err != nil {
		return err
	}
	return p.Accounts.SetRole(name, to.Role, to.Unit, to.Also...)
}

func (p *Pages) forgetAuthenticator(w http.ResponseWriter, r *http.Request) error {
	if err := p.forget(r); err != nil {
		return err
	}
	return p.showAccount(w, r)
}

func (p *Pages) forget(r *http.Request) error {
	name, by, err := p.another(r)
	if err != nil {
		return err
	}
	return p.Accounts.ForgetTOTP(name, by)
}

// alter does to an account what the verb says.
func (p *Pages) alter(r *http.Request) error {
	verb := r.PathValue("verb")
	do := map[string]func(name string) error{
		"disable": p.Accounts.Disable,
		"enable":  p.Accounts.Enable,
		"unlock":  func(name string) error { p.Accounts.Unlock(name); return nil },
	}[verb]
	if do == nil {
		return reporting.Errorf(reporting.NotFound, "an account can be disabled, enabled or unlocked; %q is none of these", verb)
	}
	name, _, err := p.another(r)
	if err != nil {
		return err
	}
	return do(name)
}

func (p *Pages) alterAccount(w http.ResponseWriter, r *http.Request) error {
	if err := p.alter(r); err != nil {
		return err
	}
	return p.showAccount(w, r)
}

func (p *Pages) showAccount(w http.ResponseWriter, r *http.Request) error {
	account, err := p.Accounts.Find(r.PathValue("name"))
	if err != nil {
		return err
	}
	return problem.JSON(w, http.StatusOK, account)
}

// owns reports whether the token is one of the caller: for a machine, the one that it has sent.
func owns(who access.Principal, t access.Token) bool {
	return t.Owner == who.Account && (who.Via != access.ViaToken || t.ID == who.Session)
}

func (p *Pages) tokens(w http.ResponseWriter, r *http.Request) error {
	who, list := access.From(r.Context()), []access.Token{}
	for _, t := range p.Accounts.Tokens() {
		if owns(who, t) || who.May(access.ReadAccounts) {
			list = append(list, t)
		}
	}
	return problem.JSON(w, http.StatusOK, list)
}

func (p *Pages) addToken(w http.ResponseWriter, r *http.Request) error {
	var body NewToken
	if err := readBody(w, r, &body); err != nil {
		return err
	}
	secret, err := p.newToken(r, body)
	if err != nil {
		return err
	}
	return problem.JSON(w, http.StatusOK, secret)
}

// newToken makes a machine token for the caller, who gives the password once more. A token makes none: it would outlive its own end. The
// one who runs the server names an owner.
func (p *Pages) newToken(r *http.Request, asked NewToken) (Secret, error) {
	who := access.From(r.Context())
	owner := who.Signs(asked.Owner)
	endpoint.NoteObject(r, owner+"/"+asked.Label)
	switch {
	case who.Confined != "":
		return Secret{}, reporting.Errorf(reporting.Forbidden, "make a token of %q: the password or the authenticator comes first", owner)
	case who.Via == access.ViaToken:
		return Secret{}, reporting.Errorf(reporting.Forbidden, "a token makes no token: sign in for that")
	case asked.Owner != "" && asked.Owner != owner:
		return Secret{}, reporting.Errorf(reporting.Forbidden, "make a token of %q: everybody makes the own ones", asked.Owner)
	case who.Via == access.ViaSession:
		if err := p.Accounts.CheckPassword(r.Context(), owner, asked.Password, p.origin(r)); err != nil {
			return Secret{}, err
		}
	}
	secret, token, err := p.Accounts.NewToken(owner, asked.Label, asked.Scopes, time.Now().AddDate(0, 0, asked.Days))
	return Secret{token, secret}, err
}

func (p *Pages) revokeToken(w http.ResponseWriter, r *http.Request) error {
	if err := p.revoke(r); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// revoke ends a token: one's own, or any for who says what accounts may do.
func (p *Pages) revoke(r *http.Request) error {
	who, id := access.From(r.Context()), r.PathValue("id")
	for _, t := range p.Accounts.Tokens() {
		if t.ID == id && (owns(who, t) || who.May(access.GrantRoles)) {
			return p.Accounts.RevokeToken(id)
		}
	}
	return reporting.Errorf(reporting.NotFound, "there is no token %q", id)
}
