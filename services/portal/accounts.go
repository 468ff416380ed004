package portal

import (
	"encoding/json"
	"net/http"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/endpoint"
	"huizong/pkg/problem"
	"huizong/pkg/reporting"
)

// accountEndpoints are the administrator's, over accounts and machine tokens.
func (p *Portal) accountEndpoints() []endpoint.Endpoint {
	route := func(method, path, audit, summary string, handle problem.Handler, body, answer any) endpoint.Endpoint {
		return endpoint.Endpoint{Method: method, Path: path, Needs: access.ManageAccounts, Audit: audit, Tag: "accounts", Summary: summary, Handle: handle, Body: body, Answer: answer}
	}
	return []endpoint.Endpoint{
		route("GET", "/api/v1/accounts", "", "All accounts", p.accounts, nil, []access.Account{}),
		route("POST", "/api/v1/accounts", "account.add", "Make an account; the answer has its one-time password, this once", p.addAccount, NewAccount{}, OneTime{}),
		route("POST", "/api/v1/accounts/{name}/reset", "password.reset", "Give an account a one-time password and end its sessions", p.resetAccount, nil, OneTime{}),
		route("POST", "/api/v1/accounts/{name}/role", "account.change", "Give an account another role or unit, and end its sessions", p.setRole, NewRole{}, access.Account{}),
		route("POST", "/api/v1/accounts/{name}/{verb}", "account", "disable, enable or unlock an account, or forget its authenticator; verb says which", p.alterAccount, nil, access.Account{}),
		route("GET", "/api/v1/tokens", "", "All machine tokens, without their secrets", p.tokens, nil, []access.Token{}),
		route("POST", "/api/v1/tokens", "token.make", "Make a machine token; the answer has its secret, this once", p.addToken, NewToken{}, Secret{}),
		route("DELETE", "/api/v1/tokens/{id}", "token.revoke", "Revoke a machine token", p.revokeToken, nil, nil),
	}
}

// NewAccount is what an account is made with.
type NewAccount struct {
	Name    string      `json:"name"` // to sign in with
	Display string      `json:"display,omitempty"`
	Role    access.Role `json:"role"`
	Unit    string      `json:"unit,omitempty"` // of a clerk
}

// NewRole is the role, and a clerk's unit.
type NewRole struct {
	Role access.Role `json:"role"`
	Unit string      `json:"unit,omitempty"`
}

// OneTime is a password that its owner has to change at the first sign-in.
type OneTime struct {
	Name     string `json:"name"`
	Password string `json:"password"`
}

// NewToken is what a machine token is made with.
type NewToken struct {
	Owner  string              `json:"owner"`
	Label  string              `json:"label"`
	Scopes []access.Permission `json:"scopes"`
	Days   int                 `json:"days"` // until it expires, up to 366
}

// Secret is a machine token with its secret.
type Secret struct {
	access.Token
	Secret string `json:"secret"`
}

// readBody reads a JSON document of a known shape.
func readBody(w http.ResponseWriter, r *http.Request, value any) error {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxForm))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(value); err != nil {
		return reporting.Errorf(reporting.Invalid, "the body is not what this route takes: %w", err)
	}
	return nil
}

func (p *Portal) accounts(w http.ResponseWriter, _ *http.Request) error {
	return problem.JSON(w, http.StatusOK, p.Accounts.List())
}

func (p *Portal) addAccount(w http.ResponseWriter, r *http.Request) error {
	var body NewAccount
	if err := readBody(w, r, &body); err != nil {
		return err
	}
	endpoint.On(r, body.Name)
	password, err := p.newAccount(body)
	if err != nil {
		return err
	}
	return problem.JSON(w, http.StatusOK, OneTime{body.Name, password})
}

// newAccount makes an account. Its unit has to be one of ours.
func (p *Portal) newAccount(a NewAccount) (oneTime string, err error) {
	if err := p.checkUnit(a.Unit); err != nil {
		return "", err
	}
	return p.Accounts.Add(access.Account{Name: a.Name, Display: a.Display, Role: a.Role, Unit: a.Unit})
}

func (p *Portal) checkUnit(code string) error {
	if code != "" && p.Catalogue.Unit(code) == nil {
		return reporting.Errorf(reporting.Invalid, "unit %q: no such unit", code)
	}
	return nil
}

func (p *Portal) resetAccount(w http.ResponseWriter, r *http.Request) error {
	password, err := p.Accounts.ResetPassword(r.PathValue("name"))
	if err != nil {
		return err
	}
	return problem.JSON(w, http.StatusOK, OneTime{r.PathValue("name"), password})
}

func (p *Portal) setRole(w http.ResponseWriter, r *http.Request) error {
	var body NewRole
	if err := readBody(w, r, &body); err != nil {
		return err
	}
	if err := p.checkUnit(body.Unit); err != nil {
		return err
	}
	if err := p.Accounts.SetRole(r.PathValue("name"), body.Role, body.Unit); err != nil {
		return err
	}
	return p.showAccount(w, r)
}

// alter does to an account what the verb says.
func (p *Portal) alter(name, verb string) error {
	switch verb {
	case "disable":
		return p.Accounts.Disable(name)
	case "enable":
		return p.Accounts.Enable(name)
	case "unlock":
		p.Accounts.Unlock(name)
		return nil
	case "forget-authenticator":
		return p.Accounts.RemoveTOTP(name)
	}
	return reporting.Errorf(reporting.NotFound, "an account can be disabled, enabled, unlocked, or its authenticator forgotten (forget-authenticator); %q is none of these", verb)
}

func (p *Portal) alterAccount(w http.ResponseWriter, r *http.Request) error {
	if err := p.alter(r.PathValue("name"), r.PathValue("verb")); err != nil {
		return err
	}
	return p.showAccount(w, r)
}

func (p *Portal) showAccount(w http.ResponseWriter, r *http.Request) error {
	account, err := p.Accounts.Find(r.PathValue("name"))
	if err != nil {
		return err
	}
	return problem.JSON(w, http.StatusOK, account)
}

func (p *Portal) tokens(w http.ResponseWriter, _ *http.Request) error {
	return problem.JSON(w, http.StatusOK, p.Accounts.Tokens())
}

func (p *Portal) addToken(w http.ResponseWriter, r *http.Request) error {
	var body NewToken
	if err := readBody(w, r, &body); err != nil {
		return err
	}
	endpoint.On(r, body.Owner+"/"+body.Label)
	secret, token, err := p.Accounts.NewToken(body.Owner, body.Label, body.Scopes, time.Now().AddDate(0, 0, body.Days))
	if err != nil {
		return err
	}
	return problem.JSON(w, http.StatusOK, Secret{token, secret})
}

func (p *Portal) revokeToken(w http.ResponseWriter, r *http.Request) error {
	if err := p.Accounts.RevokeToken(r.PathValue("id")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
