package access

import (
	"context"
	"errors"
	"fmt"

	"huizong/pkg/reporting"
)

// Why somebody is not signed in: each is wrapped in an error of code unauthenticated.
var (
	// ErrCredentials is the one answer to a name that is not there, a disabled account, a wrong password and a wrong code.
	ErrCredentials = errors.New("the name, the password or the code is wrong")
	// ErrCodeNeeded is for a right password without the code that the account needs: ask for it, and sign in with both.
	ErrCodeNeeded = errors.New("a code of the authenticator is needed")
	// errWrongCode is told like ErrCredentials, and noted as what it is: somebody has the password.
	errWrongCode = fmt.Errorf("%w", ErrCredentials)
	// ErrExpired is for a right one-time password that is too old: only a new one helps.
	ErrExpired = errors.New("the one-time password has expired")
	// ErrNoSession is for a session that is not, not any more, or was never there.
	ErrNoSession = errors.New("the session has ended")
	// ErrNoToken is for a machine token that is unknown, expired or revoked.
	ErrNoToken = errors.New("the token is not valid")
)

func unauthenticated(reason error) error {
	return reporting.Errorf(reporting.Unauthenticated, "sign in: %w", reason)
}

// SignIn begins a session of the account and returns its token, which is kept nowhere. The code is of the authenticator or a recovery
// code, and is not looked at where the account needs none.
//
// Errors: unauthenticated around one of the Err… above; too_many around a DelayError; canceled with ctx; unavailable where the disk
// fails. A principal that is Confined has used a one-time password and may only change it.
func (a *Accounts) SignIn(ctx context.Context, name, password, code string, from Origin) (token string, p Principal, err error) {
	name = canonical(name)
	acc, use, err := a.prove(ctx, name, password, code, from)
	if err != nil {
		return "", Principal{}, err
	}
	token, p = a.begin(acc, from.Address)
	p.Factor = use.factor()
	return token, p, nil
}

// prove establishes that password and code are those of the account, and says what was used up; nil where it needs no code.
func (a *Accounts) prove(ctx context.Context, name, password, code string, from Origin) (*account, *codeUse, error) {
	where := a.place(name, from)
	if err := a.hasher.acquire(ctx); err != nil {
		return nil, nil, err
	}
	acc, use, err := a.tryBoth(name, password, code, where)
	a.hasher.release()
	if err == nil && use != nil {
		err = a.spend(acc, *use, where)
	}
	if err != nil {
		return nil, nil, err
	}
	a.lockout.succeed(name, where)
	return acc, use, nil
}

// tryBoth checks password and code and counts the failure, all in one slot of the hasher: however many try at once, no more of them pass
// the lockout together than there are slots.
func (a *Accounts) tryBoth(name, password, code string, where place) (*account, *codeUse, error) {
	acc, err := a.tryPassword(name, password, where)
	if err != nil || acc.TOTP == nil {
		return acc, nil, err
	}
	if code == "" {
		return nil, nil, unauthenticated(ErrCodeNeeded)
	}
	use, ok := acc.TOTP.accepts(code, a.now())
	if !ok {
		a.lockout.fail(name, where, a.now())
		return nil, nil, unauthenticated(errWrongCode)
	}
	return acc, &use, nil
}

// tryPassword compares, and does the same work whether there is such an account or not. The caller has a slot.
func (a *Accounts) tryPassword(name, password string, where place) (*account, error) {
	if err := a.lockout.check(name, where, a.now()); err != nil {
		return nil, err
	}
	acc, hash := a.state.Load().accounts[name], a.hasher.decoy
	if acc != nil {
		hash = acc.Password
	}
	ok, old := a.hasher.matches(password, hash)
	if !ok || acc == nil || acc.Disabled {
		a.lockout.fail(name, where, a.now())
		return nil, unauthenticated(ErrCredentials)
	}
	if !acc.OneTimeUntil.IsZero() && !a.now().Before(acc.OneTimeUntil) {
		return nil, unauthenticated(ErrExpired)
	}
	if old {
		a.rehash(acc, password)
	}
	return acc, nil
}

// verify is tryPassword for who has a session, and needs no code.
func (a *Accounts) verify(ctx context.Context, name, password string, from Origin) (*account, error) {
	if err := a.hasher.acquire(ctx); err != nil {
		return nil, err
	}
	defer a.hasher.release()
	where := a.place(name, from)
	acc, err := a.tryPassword(name, password, where)
	if err == nil {
		a.lockout.succeed(name, where)
	}
	return acc, err
}

// rehash keeps the password under the parameters of today. That the disk fails here is no reason to refuse a sign-in: the next one does
// it. The caller has a slot.
func (a *Accounts) rehash(acc *account, password string) {
	hash, err := a.hasher.make(password)
	if err != nil {
		return
	}
	_ = a.alter(acc.Name, func(now *account) error {
		if now.Password != acc.Password {
			return fmt.Errorf("the password of %q was changed meanwhile", acc.Name)
		}
		now.Password = hash
		return nil
	})
}

// principal is who signs in as the account.
func (acc *account) principal() Principal {
	name := acc.Display
	if name == "" {
		name = acc.Name
	}
	return Principal{Account: acc.Name, Name: name, Role: acc.Role, Also: acc.Also, Unit: acc.Unit, Version: acc.epoch}
}
