package access

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"image/png"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"huizong/pkg/reporting"
)

const (
	totpIssuer    = "Huizong"
	totpPeriod    = 30 * time.Second
	totpSkew      = 1 // steps before and after, for clocks that differ
	enrolmentLife = 15 * time.Minute
	recoveryCodes = 10
	maxCode       = 200 // bytes; more is no code
)

// secondFactor is an account's authenticator, in the file. It is never altered once a state points to it.
type secondFactor struct {
	// Secret is shared with the authenticator, in base32: unlike a password it cannot be kept as a hash.
	Secret string    `json:"secret"`
	Since  time.Time `json:"since"`
	// LastStep is that of the last code used. Codes of it and of earlier steps are used up.
	LastStep int64 `json:"last_step"`
	// Recovery are the hashes of the recovery codes that are left. A code has 120 random bits, so sha256 will do.
	Recovery []digest `json:"recovery,omitempty"`
}

// codeUse is what a code that was accepted uses up: a step, or a recovery code.
type codeUse struct {
	step     int64
	recovery digest
}

// factor is what a sign-in went by beside the password.
func (use *codeUse) factor() Factor {
	switch {
	case use == nil:
		return NoFactor
	case use.step > 0:
		return Authenticator
	}
	return RecoveryCode
}

// enrolments are the secrets that were shown and not yet confirmed. A restart forgets them. The zero value is empty.
type enrolments struct {
	mu      sync.Mutex
	pending map[string]enrolment // by account
}

type enrolment struct {
	secret string
	epoch  int // of the account
	until  time.Time
}

// BeginTOTP makes a secret for an authenticator and returns it, also as the URI that an authenticator reads from a picture. It is asked
// for only after ConfirmTOTP; a secret that is not confirmed within 15 minutes is forgotten. Ask for the password first. Errors:
// not_found; conflict for an account that has one.
func (a *Accounts) BeginTOTP(name string) (uri, secret string, err error) {
	name = canonical(name)
	acc := a.state.Load().accounts[name]
	if acc == nil {
		return "", "", noAccount(name)
	}
	if acc.TOTP != nil {
		return "", "", hasTOTP(name)
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: totpIssuer, AccountName: name, SecretSize: 20})
	if err != nil {
		return "", "", reporting.Errorf(reporting.Internal, "begin an authenticator of %q: %w", name, err)
	}
	a.enrols.mu.Lock()
	defer a.enrols.mu.Unlock()
	if a.enrols.pending == nil {
		a.enrols.pending = map[string]enrolment{}
	}
	a.enrols.pending[name] = enrolment{key.Secret(), acc.epoch, a.now().Add(enrolmentLife)}
	return key.URL(), key.Secret(), nil
}

// ConfirmTOTP takes the secret of BeginTOTP into use once the authenticator gives a right code, and returns the recovery codes: each
// signs in once in place of a code. They are kept as hashes, so show them now. Other sessions go on; SignOutOthers ends them. Errors:
// invalid around ErrCredentials for a wrong code, which may be tried again; conflict where BeginTOTP has to come first.
func (a *Accounts) ConfirmTOTP(name, code string) (recovery []string, err error) {
	name = canonical(name)
	a.enrols.mu.Lock()
	defer a.enrols.mu.Unlock()
	e, ok := a.enrols.pending[name]
	if !ok || !a.now().Before(e.until) {
		delete(a.enrols.pending, name)
		return nil, reporting.Errorf(reporting.Conflict, "confirm the authenticator of %q: none was begun within %s", name, enrolmentLife)
	}
	step, ok := matchStep(e.secret, code, a.now(), 0)
	if !ok {
		return nil, reporting.Errorf(reporting.Invalid, "confirm the authenticator of %q: %w", name, ErrCredentials)
	}
	codes, hashes := newRecoveryCodes()
	err = a.alter(name, func(acc *account) error {
		if acc.TOTP != nil || acc.epoch != e.epoch {
			return hasTOTP(name)
		}
		acc.TOTP = &secondFactor{Secret: e.secret, Since: a.moment(), LastStep: step, Recovery: hashes}
		acc.ForgottenBy = ""
		return nil
	})
	if err != nil {
		return nil, err
	}
	delete(a.enrols.pending, name)
	return codes, nil
}

// RemoveTOTP lets an account sign in with its password alone, for its owner, who gives a code of the authenticator or a recovery code.
// Ask for the password first. Failures count like those of a sign-in. Errors: unauthenticated around ErrCredentials for a wrong code;
// too_many; conflict where there is none.
func (a *Accounts) RemoveTOTP(name, code string, from Origin) error {
	name = canonical(name)
	acc := a.state.Load().accounts[name]
	switch {
	case acc == nil:
		return noAccount(name)
	case acc.TOTP == nil:
		return reporting.Errorf(reporting.Conflict, "%q has no authenticator", name)
	}
	where := a.place(name, from)
	if err := a.lockout.check(name, where, a.now()); err != nil {
		return err
	}
	use, ok := acc.TOTP.accepts(code, a.now())
	if !ok {
		a.lockout.fail(name, where, a.now())
		return unauthenticated(ErrCredentials)
	}
	if err := a.spend(acc, use, where); err != nil {
		return err
	}
	return a.alter(name, func(acc *account) error {
		acc.TOTP = nil
		return nil
	})
}

// ForgetTOTP is for an account whose authenticator was lost: by is who takes it away, and its sessions end. Error: conflict where by has
// given the account the one-time password that it has, one person could then sign in as the owner.
func (a *Accounts) ForgetTOTP(name, by string) error {
	return a.alter(name, func(acc *account) error {
		if acc.ResetBy == by && !acc.OneTimeUntil.IsZero() && by != string(Operator) {
			return needsAnother(acc.Name, by)
		}
		if acc.TOTP != nil {
			acc.TOTP, acc.ForgottenBy = nil, by
			acc.epoch++
		}
		return nil
	})
}

// ErrAnother is for who has taken the one proof of an account, its password or its authenticator, and wants to take the other too: one alone
// could then sign in as its owner.
var ErrAnother = errors.New("somebody else has to do this")

func needsAnother(name, by string) error {
	return reporting.Errorf(reporting.Conflict, "%q has taken away the one proof of %q: for the other, %w", by, name, ErrAnother)
}

// TOTPImage is the URI of BeginTOTP as a picture to scan, in PNG.
func TOTPImage(uri string, pixels int) ([]byte, error) {
	key, err := otp.NewKeyFromURL(uri)
	if err != nil {
		return nil, reporting.Errorf(reporting.Invalid, "draw the authenticator's picture: %w", err)
	}
	picture, err := key.Image(pixels, pixels)
	if err != nil {
		return nil, reporting.Errorf(reporting.Invalid, "draw the authenticator's picture: %w", err)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		return nil, reporting.Errorf(reporting.Internal, "draw the authenticator's picture: %w", err)
	}
	return b.Bytes(), nil
}

// accepts says whether the code is one of the authenticator now or a recovery code, and what it uses up.
func (f *secondFactor) accepts(code string, now time.Time) (codeUse, bool) {
	if len(code) > maxCode {
		return codeUse{}, false
	}
	if step, ok := matchStep(f.Secret, code, now, f.LastStep); ok {
		return codeUse{step: step}, true
	}
	sum := recoveryDigest(code)
	return codeUse{recovery: sum}, slices.Contains(f.Recovery, sum)
}

// without returns the factor with the use entered; false where it was used up before.
func (f *secondFactor) without(use codeUse) (*secondFactor, bool) {
	next := *f
	if use.step > 0 {
		next.LastStep = use.step
		return &next, use.step > f.LastStep
	}
	i := slices.Index(f.Recovery, use.recovery)
	if i < 0 {
		return nil, false
	}
	next.Recovery = slices.Delete(slices.Clone(f.Recovery), i, i+1)
	return &next, true
}

// spend enters that a code was used, on disk, before the session that it opens begins: of two that come with the same code at once, one
// is refused, also after a restart.
func (a *Accounts) spend(acc *account, use codeUse, where place) error {
	refused := unauthenticated(errWrongCode)
	err := a.alter(acc.Name, func(now *account) error {
		if now.epoch != acc.epoch || now.TOTP == nil {
			return refused
		}
		next, ok := now.TOTP.without(use)
		if !ok {
			return refused
		}
		now.TOTP = next
		return nil
	})
	if err == refused {
		a.lockout.fail(acc.Name, where, a.now())
	}
	return err
}

// matchStep returns the step near now, later than last, that the code is of.
func matchStep(secret, code string, now time.Time, last int64) (int64, bool) {
	code = strings.ReplaceAll(fold(code), " ", "") // full-width digits, and the gap that an authenticator shows
	current := now.Unix() / int64(totpPeriod/time.Second)
	opts := hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1} // all that some authenticators know
	for step := current - totpSkew; step <= current+totpSkew; step++ {
		if step <= last || step < 1 {
			continue
		}
		if ok, err := hotp.ValidateCustom(code, uint64(step), secret, opts); ok && err == nil {
			return step, true
		}
	}
	return 0, false
}

// newRecoveryCodes are codes of 120 random bits.
func newRecoveryCodes() (codes []string, hashes []digest) {
	for range recoveryCodes {
		code := grouped(randomText(24))
		codes, hashes = append(codes, code), append(hashes, recoveryDigest(code))
	}
	return codes, hashes
}

// recoveryDigest is of the code however it was typed from paper.
func recoveryDigest(code string) digest {
	return sha256.Sum256([]byte(strings.NewReplacer("-", "", " ", "").Replace(fold(code))))
}

func (f *secondFactor) check() error {
	if f == nil {
		return nil
	}
	secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(f.Secret)
	if err != nil {
		return fmt.Errorf("its authenticator's secret: %w", err)
	}
	if len(secret) < 16 {
		return errors.New("its authenticator's secret is too short")
	}
	return nil
}

func hasTOTP(name string) error {
	return reporting.Errorf(reporting.Conflict, "%q has an authenticator, or was changed: remove it or begin again", name)
}
