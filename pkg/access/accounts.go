package access

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"huizong/pkg/durable"
	"huizong/pkg/reporting"
)

// oneTimeLife is how long a one-time password is good for.
const oneTimeLife = 7 * 24 * time.Hour

// Account is somebody who can sign in. Accounts are disabled, never deleted: the audit log goes on to name them.
type Account struct {
	Name    string    `json:"name"`              // to sign in with; lower case
	Display string    `json:"display,omitempty"` // for people; "" is Name
	Role    Role      `json:"role,omitempty"`    // "" has not been given one yet, and may do nothing
	Also    []Role    `json:"also,omitempty"`    // further ones of Administration
	Unit    string    `json:"unit,omitempty"`    // of a clerk; "" for all others
	Created time.Time `json:"created"`

	Disabled bool `json:"disabled,omitempty"`
	// OneTimeUntil is when the one-time password ends that has not been changed yet; zero: the password is the account's own.
	OneTimeUntil    time.Time `json:"one_time_until,omitzero"`
	PasswordChanged time.Time `json:"password_changed,omitzero"` // by its owner; zero: never
	LastSignIn      time.Time `json:"last_sign_in,omitzero"`     // may be lost by a crash, nothing is decided by it
	ResetAt         time.Time `json:"reset_at,omitzero"`         // when somebody else gave it a one-time password last
	ResetBy         string    `json:"reset_by,omitempty"`

	TOTP          bool      `json:"totp,omitempty"`           // signs in with a code as well
	RecoveryCodes int       `json:"recovery_codes,omitempty"` // that are left
	LockedUntil   time.Time `json:"locked_until,omitzero"`    // after failed sign-ins
}

// Accounts is the store of who can sign in: accounts, machine tokens, and the sessions of now. A directory has one at a time. Its
// methods may be called concurrently.
//
// Accounts and tokens are one file, which is written whole. Sessions and the counts of failures are memory only: a restart signs
// everybody out and clears them.
type Accounts struct {
	file string
	now  func() time.Time
	disk durable.Disk

	factorRoles []Role   // whose accounts need a second factor
	unitNames   []string // of the bureau, which no password is made of

	hasher   *hasher
	refused  refusedList
	lockout  *lockout
	sessions *sessions
	enrols   enrolments
	usage    usage
	watch    watch

	// queueMu guards queue, the changes that wait for the next write of the file.
	queueMu sync.Mutex
	queue   []*changing

	// writeMu is held across a write of the file, so that one follows from the other.
	writeMu sync.Mutex

	// state is what the file says. Only the holder of writeMu replaces it, and nobody alters what it points to: a request reads it
	// without a lock.
	state atomic.Pointer[state]
}

// Open opens the accounts of the data directory, where a missing file means that there are none yet. A file that cannot be read as a
// whole is an error of code internal: a server without its accounts must not start as if it were new.
func Open(dir string, now func() time.Time) (*Accounts, error) {
	a := &Accounts{
		file:     filepath.Join(dir, "accounts.json"),
		now:      now,
		disk:     durable.Real,
		lockout:  newLockout(),
		sessions: newSessions(),
	}
	var err error
	if a.hasher, err = newHasher(passwordParameters); err != nil {
		return nil, fmt.Errorf("open accounts of %s: %w", dir, err)
	}
	if a.refused, err = openRefused(filepath.Join(dir, refusedFile)); err != nil {
		return nil, fmt.Errorf("open accounts of %s: %w", dir, err)
	}
	s, err := a.load()
	if err != nil {
		return nil, fmt.Errorf("open accounts %s: %w", a.file, err)
	}
	a.state.Store(s)
	return a, nil
}

// NeedFactor has accounts of the roles sign in with an authenticator: who has none may only set one up. It has to come before the first
// request. Error: invalid for a role that no account has.
func (a *Accounts) NeedFactor(roles ...Role) error {
	for _, r := range roles {
		if !slices.Contains(Roles, r) {
			return reporting.Errorf(reporting.Invalid, "second factor: no such role: %q", r)
		}
	}
	a.factorRoles = roles
	return nil
}

// KnowUnits has passwords refused that are made of the names of the bureau's units. It has to come before the first request.
func (a *Accounts) KnowUnits(names ...string) { a.unitNames = names }

// Close writes what only memory knows: when accounts and tokens were used last. Closing twice is harmless.
func (a *Accounts) Close() error {
	if a.usage.empty() {
		return nil
	}
	return a.change(func(*state) error { return nil })
}

// Empty reports whether there is no account yet.
func (a *Accounts) Empty() bool { return len(a.state.Load().accounts) == 0 }

// Bootstrap makes the first administrator of a store that has no account, who may make accounts and say what they may do until others
// share that, and returns its name and one-time password, which is kept nowhere: print it now. Of a store that has accounts it returns "".
func (a *Accounts) Bootstrap() (name, oneTime string, err error) {
	if !a.Empty() {
		return "", "", nil
	}
	const first = "admin"
	if oneTime, err = a.Add(Account{Name: first, Role: Administrator, Also: []Role{Security}}); err != nil {
		return "", "", fmt.Errorf("make the first administrator: %w", err)
	}
	return first, oneTime, nil
}

// Add makes an account of the name, display, role and unit given and returns its one-time password, which has to be changed at the
// first sign-in and ends after seven days. Errors: invalid; conflict where the name is taken.
func (a *Accounts) Add(acc Account) (oneTime string, err error) {
	name, err := newName(acc.Name)
	if err != nil {
		return "", err
	}
	display := strings.TrimSpace(acc.Display)
	if err := errors.Join(checkLabel("a display name", display), checkRoles(acc.Roles(), acc.Unit)); err != nil {
		return "", reporting.Errorf(reporting.Invalid, "add account %q: %w", name, err)
	}
	oneTime = newOneTimePassword()
	hash, err := a.hasher.hash(oneTime)
	if err != nil {
		return "", fmt.Errorf("add account %q: %w", name, err)
	}
	err = a.change(func(s *state) error {
		if s.accounts[name] != nil {
			return reporting.Errorf(reporting.Conflict, "add account: there is a %q already", name)
		}
		now := a.moment()
		s.accounts[name] = &account{
			Name: name, Display: display, Role: acc.Role, Also: slices.Clone(acc.Also), Unit: acc.Unit,
			Password: hash, OneTimeUntil: now.Add(oneTimeLife), Created: now,
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	return oneTime, nil
}

// Find returns the account of the name; not_found where there is none.
func (a *Accounts) Find(name string) (Account, error) {
	acc := a.state.Load().accounts[canonical(name)]
	if acc == nil {
		return Account{}, noAccount(name)
	}
	return a.view(acc), nil
}

// List returns the accounts by name.
func (a *Accounts) List() []Account {
	var list []Account
	for _, acc := range a.state.Load().accounts {
		list = append(list, a.view(acc))
	}
	slices.SortFunc(list, func(x, y Account) int { return cmp.Compare(x.Name, y.Name) })
	return list
}

// SetDisplay changes the name that people read.
func (a *Accounts) SetDisplay(name, display string) error {
	display = strings.TrimSpace(display)
	if err := checkLabel("a display name", display); err != nil {
		return reporting.Errorf(reporting.Invalid, "rename account %q: %w", name, err)
	}
	return a.alter(name, func(acc *account) error {
		acc.Display = display
		return nil
	})
}

// SetRole changes the roles and the unit of an account and ends its sessions. The last administrator of each kind stays one: conflict.
func (a *Accounts) SetRole(name string, role Role, unit string, also ...Role) error {
	if err := checkRoles(append(RoleSet{role}, also...), unit); err != nil {
		return reporting.Errorf(reporting.Invalid, "set role of account %q: %w", name, err)
	}
	return a.alter(name, func(acc *account) error {
		acc.Role, acc.Also, acc.Unit = role, slices.Clone(also), unit
		acc.epoch++
		return nil
	})
}

// Disable ends an account's sessions and lets it sign in no more, nor its tokens. The last administrator cannot be disabled: conflict.
func (a *Accounts) Disable(name string) error { return a.setDisabled(name, true) }

// Enable undoes Disable. The sessions of before are not given back.
func (a *Accounts) Enable(name string) error { return a.setDisabled(name, false) }

func (a *Accounts) setDisabled(name string, disabled bool) error {
	return a.alter(name, func(acc *account) error {
		acc.Disabled = disabled
		acc.epoch++
		return nil
	})
}

// Unlock clears the failed sign-ins of a name. It is no error where there are none.
func (a *Accounts) Unlock(name string) { a.lockout.forget(canonical(name)) }

// alter changes one account. Where that ends its sessions, they are ended when alter returns.
func (a *Accounts) alter(name string, do func(acc *account) error) error {
	return a.alterIn(name, func(_ *state, acc *account) error { return do(acc) })
}

// alterIn is alter for what changes more than the account.
func (a *Accounts) alterIn(name string, do func(s *state, acc *account) error) error {
	name = canonical(name)
	err := a.change(func(s *state) error {
		old := s.accounts[name]
		if old == nil {
			return noAccount(name)
		}
		acc := *old
		if err := do(s, &acc); err != nil {
			return err
		}
		s.accounts[name] = &acc
		return s.keepsEach(old, &acc)
	})
	if err == nil {
		a.sessions.endStale(name, a.state.Load().accounts[name])
	}
	return err
}

// keepsEach refuses a change after which no account could make accounts any more, or none grant roles.
func (s *state) keepsEach(old, now *account) error {
	for _, role := range []Role{Administrator, Security} {
		acts := func(acc *account) bool { return !acc.Disabled && slices.Contains(acc.roles(), role) }
		if acts(old) && !acts(now) && !slices.ContainsFunc(s.list(), acts) {
			return reporting.Errorf(reporting.Conflict, "%q is the last account of the role %s", now.Name, role)
		}
	}
	return nil
}

func (acc *account) roles() RoleSet { return append(RoleSet{acc.Role}, acc.Also...) }

// Roles are all roles of the account.
func (a Account) Roles() RoleSet { return append(RoleSet{a.Role}, a.Also...) }

// view is what others may know of an account.
func (a *Accounts) view(acc *account) Account {
	v := Account{
		Name: acc.Name, Display: acc.Display, Role: acc.Role, Also: slices.Clone(acc.Also), Unit: acc.Unit, Created: acc.Created, Disabled: acc.Disabled,
		ResetAt: acc.ResetAt, ResetBy: acc.ResetBy,
		OneTimeUntil: acc.OneTimeUntil, PasswordChanged: acc.PasswordChanged, LastSignIn: acc.LastSignIn,
		LockedUntil: a.lockout.until(acc.Name, a.now()),
	}
	if at := a.usage.signedIn(acc.Name); at.After(v.LastSignIn) {
		v.LastSignIn = at
	}
	if acc.TOTP != nil {
		v.TOTP, v.RecoveryCodes = true, len(acc.TOTP.Recovery)
	}
	return v
}

// moment is now as the file keeps it.
func (a *Accounts) moment() time.Time { return a.now().UTC().Truncate(time.Second) }

func noAccount(name string) error {
	return reporting.Errorf(reporting.NotFound, "there is no account %q", name)
}

// canonical is the form of a name that accounts are kept under: as an input method of full-width letters or a Shift key may have
// typed it, it is the same name.
func canonical(name string) string {
	if len(name) > 4*maxName { // not worth folding: no account has it
		return ""
	}
	return strings.ToLower(norm.NFKC.String(strings.TrimSpace(name)))
}

const maxName = 64 // letters

// reserved are names that the audit log gives to what has no account.
var reserved = []string{string(Operator), "nobody", "system"}

// newName is the canonical form of a name for a new account: letters of any script, digits, and .-_@ between them.
func newName(raw string) (string, error) {
	name := canonical(raw)
	if len([]rune(name)) > maxName || name == "" {
		return "", reporting.Errorf(reporting.Invalid, "add account: a name has 1 to %d letters", maxName)
	}
	if slices.Contains(reserved, name) {
		return "", reporting.Errorf(reporting.Invalid, "add account: the name %q is reserved", name)
	}
	for i, r := range name {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && (i == 0 || !strings.ContainsRune(".-_@", r)) {
			return "", reporting.Errorf(reporting.Invalid, "add account: the name %q has %q in it: letters, digits and .-_@ are allowed", name, r)
		}
	}
	return name, nil
}

// checkLabel refuses what would not print as one line.
func checkLabel(what, text string) error {
	if len([]rune(text)) > 100 {
		return fmt.Errorf("%s has at most 100 letters", what)
	}
	if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return fmt.Errorf("%s has no control characters", what)
	}
	return nil
}

// checkRoles checks what the policy assumes: a clerk has a unit, the other roles have none; only roles of administration go together.
func checkRoles(set RoleSet, unit string) error {
	for i, role := range set {
		switch {
		case slices.Contains(set[:i], role):
			return fmt.Errorf("the role %s is there twice", role)
		case len(set) > 1 && !slices.Contains(Administration, role):
			return fmt.Errorf("%q goes together with no other role: only %v do", role, Administration)
		}
	}
	role := set[0]
	switch {
	case role == "" && unit == "": // to be given one
		return nil
	case !slices.Contains(Roles, role):
		return fmt.Errorf("%q is no role of an account", role)
	case role.OfUnit() && unit == "":
		return fmt.Errorf("a %s is of a unit", role)
	case !role.OfUnit() && unit != "":
		return fmt.Errorf("a %s is of no unit", role)
	}
	return checkLabel("a unit", unit)
}
