package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"strings"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/audit"
	"huizong/pkg/endpoint"
	"huizong/pkg/nats"
	"huizong/pkg/reporting"
	"huizong/services/portal/admin"
)

// keys tell who holds a session or a token: of an account, or the local one, which the command line on this machine sends.
type keys struct {
	*access.Accounts
	local *access.LocalToken
}

func (k keys) Token(secret string) (access.Principal, error) {
	if who, ok := k.local.Principal(secret); ok {
		return who, nil
	}
	return k.Accounts.Token(secret)
}

// reach is how far a token's holder reaches on the bus: a unit's own system its unit's requests, the one who runs the server those of all.
func (k keys) reach(token string) (nats.Reach, bool) {
	who, err := k.Token(token)
	if err != nil || !who.May(access.SendSubmissions) || who.Unit == "" && who.Via != access.ViaLocal {
		return nats.Reach{}, false
	}
	return nats.Reach{ID: cmp.Or(who.TokenID(), operatorID), Unit: who.Unit, Version: who.Version, Until: who.Until}, true
}

// operatorID stands for the token's id in the requests of the one who runs the server.
const operatorID = string(access.Operator)

// sender is who has the id that the bus gave to a request, as of now: a token may have ended while its connection was open.
func (k keys) sender(id string) (access.Principal, error) {
	if id == operatorID {
		return access.OperatorHere, nil
	}
	return k.TokenHolder(id)
}

// factorRoles are those that need a second factor: the ones that were given, and without any, those who administer and those who review,
// where others than this machine reach the server.
func (cfg serveConfig) factorRoles() []access.Role {
	if len(cfg.SecondFactor) == 0 && cfg.reached() {
		return admin.FactorRoles
	}
	var roles []access.Role
	for _, name := range cfg.SecondFactor {
		if name != "none" {
			roles = append(roles, access.Role(name))
		}
	}
	return roles
}

// reached reports whether others than this machine reach the server: it listens beyond loopback, or a proxy passes on to it.
func (cfg serveConfig) reached() bool { return !isLoopback(cfg.Listen) || len(cfg.TrustedProxies) > 0 }

// openAccounts opens the accounts of a data directory. The first start makes an administrator, and prints its password this once.
func openAccounts(cfg serveConfig, out io.Writer) (*access.Accounts, error) {
	accounts, err := access.Open(cfg.Data, time.Now)
	if err != nil {
		return nil, err
	}
	if err := accounts.NeedFactor(cfg.factorRoles()...); err != nil || !accounts.Empty() {
		return accounts, err
	}
	name, password, err := accounts.Bootstrap()
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "首次启动，已建管理员账号 / first start, an administrator was made:\n  账号 account: %s\n  一次性密码 one-time password: %s\n  （只显示这一次，7 天内登录并修改 / shown this once; sign in within 7 days and change it）\n", name, password)
	return accounts, nil
}

// roleOf is the role under which the request was allowed; where it needed none, all roles of the account.
func roleOf(d endpoint.Event) string {
	if d.Role != "" {
		return string(d.Role)
	}
	var names []string
	for _, r := range d.Who.Roles() {
		names = append(names, string(r))
	}
	return strings.Join(names, ",")
}

// noteIn writes events to the audit log.
func noteIn(log *audit.Log) func(context.Context, endpoint.Event) error {
	return func(ctx context.Context, d endpoint.Event) error {
		e := audit.Event{Who: d.Who.Account, Role: roleOf(d), Via: string(d.Who.Via), Address: d.Address, Action: audit.Action(d.Action), Object: d.Object, Outcome: audit.OK, Detail: maps.Clone(d.Detail)}
		if e.Detail == nil {
			e.Detail = map[string]string{}
		}
		if d.Who.Via == access.ViaToken {
			e.Detail["token_id"] = d.Who.Session
		}
		if d.Persons {
			e.Detail["route"] = d.Route
		}
		switch reporting.Code(d.Outcome) {
		case "ok":
		case reporting.Unauthenticated, reporting.Forbidden, reporting.TooMany:
			e.Outcome = audit.Refused
		default:
			e.Outcome, e.Detail["error"] = audit.Failed, d.Outcome // a detail named code would be hidden as a secret
		}
		return log.Note(ctx, e)
	}
}
