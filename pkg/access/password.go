package access

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"huizong/pkg/reporting"
)

// Why a new password is refused: each is wrapped in an error of code invalid. There is no rule about kinds of characters, and none that
// a password has to be changed from time to time: both make passwords worse.
var (
	ErrShort  = fmt.Errorf("a password has at least %d characters", minPassword)
	ErrLong   = fmt.Errorf("a password has at most %d characters", maxPassword)
	ErrOwn    = errors.New("a password is not made of the account's own name or unit")
	ErrCommon = errors.New("the password is one of the first that would be tried")
	ErrSame   = errors.New("the new password is the old one")
)

const (
	minPassword = 12  // characters
	maxPassword = 256 // characters; a bound on the work, not a rule for people
)

// passwordParameters are the first choice of OWASP's password storage cheat sheet. A hash of other parameters is made anew when its
// owner signs in.
var passwordParameters = argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// hasher makes and compares hashes of passwords, as many at once as there are cores: each takes 19 MiB, and a thousand sign-ins at once
// have to wait for a core anyway.
type hasher struct {
	params argon2id.Params
	slots  chan struct{}
	decoy  string // the hash of an unknown password, compared with for names that are not there
}

func newHasher(params argon2id.Params) (*hasher, error) {
	decoy, err := argon2id.CreateHash(rand.Text(), &params)
	if err != nil {
		return nil, fmt.Errorf("hash a password: %w", err)
	}
	return &hasher{params: params, slots: make(chan struct{}, runtime.GOMAXPROCS(0)), decoy: decoy}, nil
}

// acquire waits for a core. Every nil has to be followed by a release.
func (h *hasher) acquire(ctx context.Context) error {
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return reporting.Errorf(reporting.Canceled, "wait to check a password: %w", context.Cause(ctx))
	}
}

func (h *hasher) release() { <-h.slots }

func (h *hasher) hash(password string) (string, error) {
	if err := h.acquire(context.Background()); err != nil {
		return "", err
	}
	defer h.release()
	return h.make(password)
}

// make hashes. The caller has a slot.
func (h *hasher) make(password string) (string, error) {
	hash, err := argon2id.CreateHash(password, &h.params)
	if err != nil {
		return "", reporting.Errorf(reporting.Internal, "hash a password: %w", err)
	}
	return hash, nil
}

// matches compares, and says whether the hash is of old parameters. The caller has a slot. A hash that does not decode matches nothing:
// the file's were checked when it was read.
func (h *hasher) matches(password, hash string) (ok, old bool) {
	if utf8.RuneCountInString(password) > maxPassword {
		password = "" // of no account; the work is the same
	}
	ok, params, err := argon2id.CheckHash(password, hash)
	return ok && err == nil, err == nil && *params != h.params
}

// checkHash refuses a hash that cannot be compared with, or that would take more memory or time than a sign-in may.
func checkHash(hash string) error {
	params, _, _, err := argon2id.DecodeHash(hash)
	switch {
	case err != nil:
		return fmt.Errorf("its password's hash: %w", err)
	case params.Memory < 8 || params.Memory > 1<<20 || params.Iterations < 1 || params.Iterations > 100 || params.Parallelism < 1 ||
		params.SaltLength < 8 || params.KeyLength < 16 || params.KeyLength > 128:
		return fmt.Errorf("its password's hash has parameters out of bounds")
	}
	return nil
}

// checkPassword holds the rules for a new password of the account. The error names the rule: only the person who chooses the
// password sees it. The names of the bureau's units are refused like the account's own.
func checkPassword(acc *account, password string, refused refusedList, units ...string) error {
	own := append([]string{acc.Name, acc.Display, acc.Unit}, units...)
	n := utf8.RuneCountInString(password)
	switch {
	case n < minPassword:
		return ErrShort
	case n > maxPassword:
		return ErrLong
	case !utf8.ValidString(password):
		return errors.New("a password is text")
	case isWeak(password), refused.has(password):
		return ErrCommon
	case isWeak(password, own...):
		return ErrOwn
	case !isGuessable(password, own...):
		return nil
	case isGuessable(password):
		return ErrCommon
	}
	return ErrOwn
}

// SetPassword changes an account's password, by its owner, and ends all its sessions. Errors: unauthenticated where old is not the
// password, too_many after several of those, invalid around one of the Err… of this package for a new one that will not do.
func (a *Accounts) SetPassword(name, old, password string) error {
	_, err := a.setPassword(canonical(name), old, password, Origin{})
	return err
}

// setPassword returns the account as it is with the new password.
func (a *Accounts) setPassword(name, old, password string, from Origin) (*account, error) {
	operation := fmt.Sprintf("change the password of %q", name)
	acc, err := a.verify(context.Background(), name, old, from)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", operation, err)
	}
	if old == password {
		return nil, reporting.Errorf(reporting.Invalid, "%s: %w", operation, ErrSame)
	}
	if err := checkPassword(acc, password, a.refused, a.unitNames...); err != nil {
		return nil, reporting.Errorf(reporting.Invalid, "%s: %w", operation, err)
	}
	hash, err := a.hasher.hash(password)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", operation, err)
	}
	var changed *account
	err = a.alter(name, func(now *account) error {
		if now.epoch != acc.epoch { // reset or disabled between the check and here
			return reporting.Errorf(reporting.Conflict, "%s: the account was changed meanwhile", operation)
		}
		now.Password, now.OneTimeUntil, now.PasswordChanged, now.ForgottenBy = hash, time.Time{}, a.moment(), ""
		now.epoch++
		changed = now
		return nil
	})
	return changed, err
}

// ResetPassword gives an account a one-time password, as Add does, clears its failed sign-ins and ends its sessions and its tokens, which
// may have been made with the old password. The owner sees who did it. The authenticator stays: ForgetTOTP takes it away, and needs another
// person. Error: conflict where by has taken the authenticator away before: one person could then sign in as the owner.
func (a *Accounts) ResetPassword(name, by string) (oneTime string, err error) {
	oneTime = newOneTimePassword()
	hash, err := a.hasher.hash(oneTime)
	if err != nil {
		return "", fmt.Errorf("reset the password of %q: %w", name, err)
	}
	err = a.alterIn(name, func(s *state, acc *account) error {
		if acc.ForgottenBy == by && by != string(Operator) {
			return needsAnother(acc.Name, by)
		}
		acc.Password, acc.OneTimeUntil = hash, a.moment().Add(oneTimeLife)
		acc.ResetAt, acc.ResetBy = a.moment(), by
		acc.epoch++
		s.dropOf(acc.Name)
		return nil
	})
	if err != nil {
		return "", err
	}
	a.Unlock(name)
	return oneTime, nil
}

// CheckPassword is asked before what a session alone is not enough for: to add or remove an authenticator. Its errors are SetPassword's.
func (a *Accounts) CheckPassword(ctx context.Context, name, password string, from Origin) error {
	_, err := a.verify(ctx, canonical(name), password, from)
	return err
}

// newOneTimePassword is 80 random bits, in letters and digits that are not taken for each other on paper.
func newOneTimePassword() string { return grouped(randomText(16)) }

// readable are 32 letters and digits without 0, 1, l and o.
const readable = "abcdefghijkmnpqrstuvwxyz23456789"

// randomText is n characters of readable, five random bits each.
func randomText(n int) string {
	raw := make([]byte, n)
	rand.Read(raw) // never fails
	for i, b := range raw {
		raw[i] = readable[b&31]
	}
	return string(raw)
}

// grouped sets a hyphen after every fourth character.
func grouped(text string) string {
	var b strings.Builder
	for i, r := range text {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteRune(r)
	}
	return b.String()
}
