package access

import (
	"context"
	"errors"
	"slices"
	"time"
)

// Via says how somebody was recognised.
type Via string

// The ways. A caller that is not signed in has none of them.
const (
	ViaSession Via = "session" // signed in with a password
	ViaToken   Via = "token"   // a machine's token
	ViaLocal   Via = "local"   // the command line of the one who runs the server
)

// Confinement is what has to be done before anything else may be.
type Confinement string

// The confinements; "" is none.
const (
	ToPassword      Confinement = "password"      // the password was a one-time password
	ToAuthenticator Confinement = "authenticator" // the role needs a second factor, and the account has none
)

// Factor is what a sign-in went by beside the password.
type Factor string

// The factors.
const (
	NoFactor      Factor = "none" // the account has no authenticator
	Authenticator Factor = "authenticator"
	RecoveryCode  Factor = "recovery"
	MissingCode   Factor = "missing" // the password was right, and the code was not given
	WrongCode     Factor = "wrong"   // the password was right, and the code was not
)

// FactorOf is the factor that a sign-in failed by; "" where it was the password, or the name.
func FactorOf(err error) Factor {
	switch {
	case errors.Is(err, ErrCodeNeeded):
		return MissingCode
	case errors.Is(err, errWrongCode):
		return WrongCode
	}
	return ""
}

// Principal is the caller of a request. The zero value is not signed in.
type Principal struct {
	Account string // its name
	Name    string // for people
	Role    Role
	Also    []Role // further roles of administration
	Unit    string // code of the unit that it is confined to; "" is none, all units
	Via     Via
	Session string // id of the session or token, which is no secret
	// Scopes narrow what a token may do; nil narrows nothing.
	Scopes   []Permission
	Confined Confinement
	Factor   Factor    // of the sign-in that has just been; "" afterwards
	Version  int       // of the account: another one after what ends its sessions
	Until    time.Time // when the token ends; zero of others
}

// TokenID is the id of the machine's token that the principal was recognised by; "" where there was none.
func (p Principal) TokenID() string {
	if p.Via != ViaToken {
		return ""
	}
	return p.Session
}

// May reports whether the principal may do what needs the permission.
func (p Principal) May(need Permission) bool {
	switch {
	case need == Anyone:
		return true
	case p.Via == "" || need == "":
		return false
	case need == SignedIn:
		return true
	case p.Confined != "" || p.Scopes != nil && !slices.Contains(p.Scopes, need):
		return false
	case p.Role.OfUnit() && p.Unit == "": // a clerk of no unit could see all
		return false
	}
	return p.Roles().Granting(need) != ""
}

// Roles are all roles of the principal.
func (p Principal) Roles() RoleSet { return append(RoleSet{p.Role}, p.Also...) }

// MaySee reports whether what belongs to the unit is there for the principal.
func (p Principal) MaySee(unit string) bool {
	if p.Via == "" || p.Role.OfUnit() && p.Unit == "" {
		return false
	}
	return p.Unit == "" || p.Unit == unit
}

// Signs is the name under which an event of the principal is written down. Only the one who runs the server may do something in another's
// name, and says whose.
func (p Principal) Signs(claimed string) string {
	if p.Via == ViaLocal && claimed != "" {
		return claimed
	}
	return p.Account
}

type principalKey struct{}

// With returns a context that carries who makes the request.
func With(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, principalKey{}, p)
}

// From is who makes the request: the zero value where ctx carries none.
func From(ctx context.Context) Principal {
	p, _ := ctx.Value(principalKey{}).(Principal)
	return p
}
