package access

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"huizong/pkg/reporting"
)

// TokenPrefix begins every machine token, so that one is recognised where it should not be: in a log, in a file, in a repository.
const TokenPrefix = "hz_"

// Token is a machine's: what it may do, in whose name, and until when. The secret itself is shown once and kept nowhere.
type Token struct {
	ID       string       `json:"id"`
	Owner    string       `json:"owner"` // the account whose permissions and unit bound it
	Label    string       `json:"label"`
	Scopes   []Permission `json:"scopes"`
	Created  time.Time    `json:"created"`
	Expires  time.Time    `json:"expires"`
	LastUsed time.Time    `json:"last_used,omitzero"` // may be lost by a crash, nothing is decided by it
}

// token is one in the file. It is never altered once a state points to it.
type token struct {
	Token
	Secret digest `json:"sha256"`
}

// NewToken makes a token of the owner, for at most a year, and returns its secret. The scopes are permissions of the owner: of those it
// may have fewer later, then so has the token. Errors: invalid; not_found where there is no such account.
func (a *Accounts) NewToken(owner, label string, scopes []Permission, expires time.Time) (secret string, t Token, err error) {
	owner, label = canonical(owner), strings.TrimSpace(label)
	acc := a.state.Load().accounts[owner]
	if acc == nil {
		return "", Token{}, noAccount(owner)
	}
	now := a.moment()
	if err := errors.Join(checkTokenLabel(label), checkScopes(scopes, acc.roles().Permissions()), checkExpiry(now, expires)); err != nil {
		return "", Token{}, reporting.Errorf(reporting.Invalid, "make a token of %q: %w", owner, err)
	}
	secret, sum := newSecret(TokenPrefix)
	t = Token{ID: newTokenID(), Owner: owner, Label: label, Scopes: slices.Clone(scopes), Created: now, Expires: expires.UTC().Truncate(time.Second)}
	err = a.change(func(s *state) error {
		if s.accounts[owner].Disabled {
			return reporting.Errorf(reporting.Invalid, "make a token of %q: the account is disabled", owner)
		}
		s.put(&token{Token: t, Secret: sum})
		return nil
	})
	if err != nil {
		return "", Token{}, err
	}
	return secret, t, nil
}

// Tokens lists the tokens, also those that have expired, by owner and age.
func (a *Accounts) Tokens() []Token {
	var list []Token
	for _, t := range a.state.Load().tokens {
		view := t.Token
		view.Scopes = slices.Clone(t.Scopes)
		if at := a.usage.used(t.ID); at.After(view.LastUsed) {
			view.LastUsed = at
		}
		list = append(list, view)
	}
	slices.SortFunc(list, func(x, y Token) int {
		return cmp.Or(cmp.Compare(x.Owner, y.Owner), x.Created.Compare(y.Created), cmp.Compare(x.ID, y.ID))
	})
	return list
}

// RevokeToken ends a token; not_found where there is none of the id.
func (a *Accounts) RevokeToken(id string) error {
	return a.change(func(s *state) error {
		t := s.tokens[id]
		if t == nil {
			return reporting.Errorf(reporting.NotFound, "there is no token %q", id)
		}
		s.drop(t)
		return nil
	})
}

// Token returns who has the secret: the owner as the account is now, narrowed to the token's scopes. It touches no disk. Error:
// unauthenticated, also where the owner is disabled.
func (a *Accounts) Token(secret string) (Principal, error) {
	s := a.state.Load()
	return a.holder(s, s.secrets[sha256.Sum256([]byte(secret))])
}

// TokenHolder is Token for who knows the id of the token from a server that has seen the secret.
func (a *Accounts) TokenHolder(id string) (Principal, error) {
	s := a.state.Load()
	return a.holder(s, s.tokens[id])
}

func (a *Accounts) holder(s *state, t *token) (Principal, error) {
	if t == nil || !a.now().Before(t.Expires) || s.accounts[t.Owner].Disabled {
		return Principal{}, unauthenticated(ErrNoToken)
	}
	a.usage.token(t.ID, a.moment())
	p := s.accounts[t.Owner].principal()
	p.Via, p.Session, p.Scopes, p.Until = ViaToken, t.ID, slices.Clone(t.Scopes), t.Expires
	return p, nil
}

func checkTokenLabel(label string) error {
	if label == "" {
		return errors.New("a token has a label that says what it is for")
	}
	return checkLabel("a label", label)
}

// checkScopes refuses none at all: the absence of scopes means no narrowing in a Principal.
func checkScopes(scopes, allowed []Permission) error {
	if len(scopes) == 0 {
		return errors.New("a token has at least one scope")
	}
	for i, scope := range scopes {
		if !slices.Contains(allowed, scope) {
			return fmt.Errorf("the scope %q is none that its owner has", scope)
		}
		if slices.Contains(scopes[:i], scope) {
			return fmt.Errorf("the scope %q is there twice", scope)
		}
	}
	return nil
}

func checkExpiry(now, expires time.Time) error {
	if !expires.After(now) || expires.After(now.AddDate(1, 0, 1)) { // a day for who counts a year from midnight
		return errors.New("a token expires within a year")
	}
	return nil
}

func newTokenID() string {
	var raw [6]byte
	rand.Read(raw[:]) // never fails
	return hex.EncodeToString(raw[:])
}
