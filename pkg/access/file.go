package access

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"time"

	"huizong/pkg/durable"
	"huizong/pkg/reporting"
)

// fileVersion is of the file's layout. A newer one is refused: an older program would drop what it does not know. Of version 1 an
// administrator did also what is the security administrator's since.
const fileVersion = 2

// account is one in the file. It is never altered once a state points to it.
type account struct {
	Name            string        `json:"name"`
	Display         string        `json:"display,omitempty"`
	Role            Role          `json:"role,omitempty"`
	Also            []Role        `json:"also,omitempty"`
	Unit            string        `json:"unit,omitempty"`
	Password        string        `json:"password"` // argon2id, with its parameters and salt
	OneTimeUntil    time.Time     `json:"one_time_until,omitzero"`
	PasswordChanged time.Time     `json:"password_changed,omitzero"`
	Created         time.Time     `json:"created"`
	LastSignIn      time.Time     `json:"last_sign_in,omitzero"`
	Disabled        bool          `json:"disabled,omitempty"`
	TOTP            *secondFactor `json:"totp,omitempty"`
	ResetAt         time.Time     `json:"reset_at,omitzero"`
	ResetBy         string        `json:"reset_by,omitempty"`
	ForgottenBy     string        `json:"authenticator_forgotten_by,omitempty"` // until its owner has chosen a password or set up another

	// epoch counts what ends the sessions of before: a new password, a new role, disabling. A session holds the count that it began
	// with, so it is over at the very moment at which the change stands.
	epoch int
}

// accountsFile is accounts.json.
type accountsFile struct {
	Version  int        `json:"version"`
	Accounts []*account `json:"accounts"`
	Tokens   []*token   `json:"tokens,omitempty"`
}

// state is the file's content, indexed.
type state struct {
	accounts map[string]*account
	tokens   map[string]*token // by id
	secrets  map[digest]*token // by the hash of the secret
}

func (s *state) clone() *state {
	return &state{accounts: maps.Clone(s.accounts), tokens: maps.Clone(s.tokens), secrets: maps.Clone(s.secrets)}
}

func (s *state) list() []*account {
	return slices.SortedFunc(maps.Values(s.accounts), func(x, y *account) int { return cmp.Compare(x.Name, y.Name) })
}

func (s *state) put(t *token) {
	s.tokens[t.ID] = t
	s.secrets[t.Secret] = t
}

func (s *state) drop(t *token) {
	delete(s.tokens, t.ID)
	delete(s.secrets, t.Secret)
}

// dropOf ends all tokens of an owner.
func (s *state) dropOf(owner string) {
	for _, t := range s.tokens {
		if t.Owner == owner {
			s.drop(t)
		}
	}
}

// changing is a change that waits for its write. The holder of writeMu owns it once it is out of the queue.
type changing struct {
	do   func(*state) error
	done bool
	err  error
}

// change alters the state by do, which puts new values into the maps of the state that it is given and may be called while others
// change as well, one after the other. When change returns nil the file has it. Changes that wait are written together: at nine in the
// morning many sign in with a code, and each uses its code up.
//
// On an error of the disk nothing is changed here; the file may have it nevertheless, until the next change writes it anew.
func (a *Accounts) change(do func(*state) error) error {
	c := &changing{do: do}
	a.queueMu.Lock()
	a.queue = append(a.queue, c)
	a.queueMu.Unlock()

	a.writeMu.Lock()
	defer a.writeMu.Unlock()
	if !c.done {
		a.queueMu.Lock()
		batch := a.queue
		a.queue = nil
		a.queueMu.Unlock()
		a.write(batch)
	}
	return c.err
}

// write applies a batch and stores what came out. The caller holds writeMu.
func (a *Accounts) write(batch []*changing) {
	next := a.state.Load()
	var applied []*changing
	for _, c := range batch {
		c.done = true
		trial := next.clone() // so that a change which fails halfway leaves nothing
		if c.err = c.do(trial); c.err == nil {
			next, applied = trial, append(applied, c)
		}
	}
	if len(applied) == 0 {
		return
	}
	seen := a.usage.take()
	next.touch(seen)
	if err := a.save(next); err != nil {
		a.usage.giveBack(seen)
		for _, c := range applied {
			c.err = err
		}
		return
	}
	a.state.Store(next)
	a.watch.notify()
}

// save writes the file whole: a new one beside it, which takes its name.
func (a *Accounts) save(s *state) error {
	data, err := encode(s)
	if err != nil {
		return reporting.Errorf(reporting.Internal, "write %s: %w", a.file, err)
	}
	return durable.Error("write "+a.file, a.disk.Replace(a.file, data))
}

func encode(s *state) ([]byte, error) {
	f := accountsFile{Version: fileVersion, Accounts: s.list()}
	f.Tokens = slices.SortedFunc(maps.Values(s.tokens), func(x, y *token) int {
		return cmp.Or(x.Created.Compare(y.Created), cmp.Compare(x.ID, y.ID))
	})
	data, err := json.MarshalIndent(f, "", "  ")
	return append(data, '\n'), err
}

// load reads the file. A missing one is a new store.
func (a *Accounts) load() (*state, error) {
	info, err := os.Stat(a.file)
	if errors.Is(err, fs.ErrNotExist) {
		return newState(), nil
	}
	if err != nil {
		return nil, reporting.Errorf(reporting.Unavailable, "%w", err)
	}
	// A copy from a backup often has wider rights than what it was made of. The hashes are for this user alone.
	if info.Mode().Perm()&0o077 != 0 {
		if err := os.Chmod(a.file, 0o600); err != nil {
			return nil, reporting.Errorf(reporting.Unavailable, "%w", err)
		}
	}
	data, err := os.ReadFile(a.file)
	if err != nil {
		return nil, reporting.Errorf(reporting.Unavailable, "%w", err)
	}
	s, err := decode(data)
	if err != nil {
		return nil, reporting.Errorf(reporting.Internal, "the file is damaged, restore it from a backup: %w", err)
	}
	return s, nil
}

func newState() *state {
	return &state{accounts: map[string]*account{}, tokens: map[string]*token{}, secrets: map[digest]*token{}}
}

// decode reads a file that is whole and means what it says, or says what is wrong with it.
func decode(data []byte) (*state, error) {
	var f accountsFile
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("something follows its end")
	}
	if f.Version != 1 && f.Version != fileVersion {
		return nil, fmt.Errorf("its version is %d, this program reads 1 and %d", f.Version, fileVersion)
	}
	s := newState()
	for i, acc := range f.Accounts {
		if f.Version == 1 && acc != nil && acc.Role == Administrator {
			acc.Also = []Role{Security}
		}
		if err := s.admit(acc); err != nil {
			return nil, fmt.Errorf("account %d: %w", i+1, err)
		}
	}
	for i, t := range f.Tokens {
		if err := s.admitToken(t); err != nil {
			return nil, fmt.Errorf("token %d: %w", i+1, err)
		}
	}
	return s, nil
}

func (s *state) admit(acc *account) error {
	if acc == nil {
		return errors.New("is null")
	}
	name, err := newName(acc.Name)
	switch {
	case err != nil:
		return err
	case name != acc.Name:
		return fmt.Errorf("the name %q is not as this program writes it", acc.Name)
	case s.accounts[name] != nil:
		return fmt.Errorf("%q is there twice", name)
	}
	if err := errors.Join(checkRoles(acc.roles(), acc.Unit), checkHash(acc.Password), acc.TOTP.check()); err != nil {
		return fmt.Errorf("%q: %w", name, err)
	}
	s.accounts[name] = acc
	return nil
}

func (s *state) admitToken(t *token) error {
	switch {
	case t == nil:
		return errors.New("is null")
	case t.ID == "" || s.tokens[t.ID] != nil:
		return fmt.Errorf("the id %q is empty or there twice", t.ID)
	case s.accounts[t.Owner] == nil:
		return fmt.Errorf("%s: there is no account %q", t.ID, t.Owner)
	case t.Secret == digest{}:
		return fmt.Errorf("%s: it has no hash", t.ID)
	}
	if err := checkScopes(t.Scopes, Permissions); err != nil {
		return fmt.Errorf("%s: %w", t.ID, err)
	}
	s.put(t)
	return nil
}

// digest is the sha256 of a secret that is too long to be guessed. In JSON it is hex.
type digest [32]byte

// MarshalText writes hex.
func (d digest) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(d[:])), nil }

// UnmarshalText reads hex.
func (d *digest) UnmarshalText(text []byte) error {
	if hex.DecodedLen(len(text)) != len(d) {
		return fmt.Errorf("%q is not a sha256", text)
	}
	_, err := hex.Decode(d[:], text)
	return err
}
