package access

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// How long a session lasts: until nothing is asked of it for the first, and never longer than the second.
const (
	SessionIdle  = 30 * time.Minute
	SessionLimit = 12 * time.Hour
)

// maxSessions are those that an account may have at a time: an office, a meeting room, a telephone. The oldest ends for a further one.
const maxSessions = 10

// sweepEvery is how often ended sessions are looked for.
const sweepEvery = time.Minute

// sessions are those of now, by the hash of their token: who reads the memory of the process, or a dump of it, gets no token. They are
// looked up on every request, so many at once, under a lock for reading.
type sessions struct {
	// mu guards the map and swept. What it points to does not change, but for its clock.
	mu    sync.RWMutex
	all   map[digest]*session
	swept time.Time
}

type session struct {
	id      string
	account string
	epoch   int // of the account when it began
	address string
	began   time.Time
	seen    atomic.Int64 // the last request, Unix nanoseconds
}

// Session is one, as its owner is shown it.
type Session struct {
	ID      string    `json:"id"` // no secret: a Principal carries it
	Address string    `json:"address"`
	Began   time.Time `json:"began"`
	Seen    time.Time `json:"seen"`
}

func newSessions() *sessions { return &sessions{all: map[digest]*session{}} }

// begin makes a session of the account as it was when its password was checked: if that was changed since, the session is over already.
func (a *Accounts) begin(acc *account, address string) (string, Principal) {
	token, sum := newSecret("")
	now := a.now()
	s := &session{id: hex.EncodeToString(sum[:8]), account: acc.Name, epoch: acc.epoch, address: address, began: now.UTC()}
	s.seen.Store(now.UnixNano())
	a.sessions.add(sum, s, now)
	a.usage.account(acc.Name, now.UTC().Truncate(time.Second))
	return token, a.inSession(acc, s)
}

func (a *Accounts) inSession(acc *account, s *session) Principal {
	p := acc.principal()
	p.Via, p.Session = ViaSession, s.id
	switch {
	case !acc.OneTimeUntil.IsZero():
		p.Confined = ToPassword
	case acc.TOTP == nil && slices.ContainsFunc(acc.roles(), func(r Role) bool { return slices.Contains(a.factorRoles, r) }):
		p.Confined = ToAuthenticator
	}
	return p
}

// Session returns who has the token, as the account is now, and counts as use of the session. It is the first step of every request and
// touches no disk. Error: unauthenticated.
func (a *Accounts) Session(token string) (Principal, error) {
	s, acc, err := a.session(token)
	if err != nil {
		return Principal{}, err
	}
	return a.inSession(acc, s), nil
}

func (a *Accounts) session(token string) (*session, *account, error) {
	sum := digest(sha256.Sum256([]byte(token)))
	s := a.sessions.find(sum)
	if s == nil {
		return nil, nil, unauthenticated(ErrNoSession)
	}
	now := a.now()
	acc := a.state.Load().accounts[s.account]
	if s.over(now) || !s.belongs(acc) {
		a.sessions.remove(sum)
		return nil, nil, unauthenticated(ErrNoSession)
	}
	s.seen.Store(now.UnixNano())
	return s, acc, nil
}

// over says whether its time is up.
func (s *session) over(now time.Time) bool {
	return now.Sub(time.Unix(0, s.seen.Load())) >= SessionIdle || now.Sub(s.began) >= SessionLimit
}

// belongs says whether the account is as it was when the session began.
func (s *session) belongs(acc *account) bool {
	return acc != nil && !acc.Disabled && acc.epoch == s.epoch
}

// SignOut ends the session of the token. It is no error where there is none.
func (a *Accounts) SignOut(token string) {
	a.sessions.remove(digest(sha256.Sum256([]byte(token))))
	a.watch.notify()
}

// SignOutAll ends the account's sessions.
func (a *Accounts) SignOutAll(name string) { a.SignOutOthers(name, "") }

// SignOutOthers ends the account's sessions, except the one of the id keep.
func (a *Accounts) SignOutOthers(name, keep string) {
	name = canonical(name)
	a.sessions.removeIf(func(s *session) bool { return s.account == name && s.id != keep })
	a.watch.notify()
}

// EndSession ends the account's session of the id. It is no error where there is none.
func (a *Accounts) EndSession(name, id string) {
	name = canonical(name)
	a.sessions.removeIf(func(s *session) bool { return s.account == name && s.id == id })
	a.watch.notify()
}

// Sessions lists the account's sessions, the latest first.
func (a *Accounts) Sessions(name string) []Session {
	name = canonical(name)
	now, acc := a.now(), a.state.Load().accounts[name]
	a.sessions.mu.RLock()
	defer a.sessions.mu.RUnlock()
	var list []Session
	for _, s := range a.sessions.all {
		if s.account == name && !s.over(now) && s.belongs(acc) {
			list = append(list, Session{ID: s.id, Address: s.address, Began: s.began, Seen: time.Unix(0, s.seen.Load()).UTC()})
		}
	}
	slices.SortFunc(list, func(x, y Session) int { return cmp.Or(y.Began.Compare(x.Began), cmp.Compare(x.ID, y.ID)) })
	return list
}

// ChangePassword is SetPassword for the one who has the session of the token: the account's sessions end, this one too, and a new one
// begins in its place, so that its owner goes on without signing in again. Errors: SetPassword's.
func (a *Accounts) ChangePassword(token, old, password string) (newToken string, p Principal, err error) {
	s, acc, err := a.session(token)
	if err != nil {
		return "", Principal{}, err
	}
	if acc, err = a.setPassword(acc.Name, old, password, Origin{Address: s.address, Session: s.id}); err != nil {
		return "", Principal{}, err
	}
	newToken, p = a.begin(acc, s.address)
	return newToken, p, nil
}

func (ss *sessions) find(sum digest) *session {
	ss.mu.RLock()
	defer ss.mu.RUnlock()
	return ss.all[sum]
}

func (ss *sessions) add(sum digest, s *session, now time.Time) {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	ss.makeRoom(s.account)
	ss.all[sum] = s
	if now.Sub(ss.swept) < sweepEvery {
		return
	}
	ss.swept = now
	for sum, s := range ss.all {
		if s.over(now) {
			delete(ss.all, sum)
		}
	}
}

// makeRoom ends the oldest session of an account that has as many as it may. The caller holds mu.
func (ss *sessions) makeRoom(account string) {
	var oldest digest
	own := 0
	for sum, s := range ss.all {
		if s.account != account {
			continue
		}
		if own++; own == 1 || s.began.Before(ss.all[oldest].began) {
			oldest = sum
		}
	}
	if own >= maxSessions {
		delete(ss.all, oldest)
	}
}

func (ss *sessions) remove(sum digest) {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	delete(ss.all, sum)
}

func (ss *sessions) removeIf(goes func(*session) bool) {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	for sum, s := range ss.all {
		if goes(s) {
			delete(ss.all, sum)
		}
	}
}

// endStale forgets the sessions that a change of the account has ended.
func (ss *sessions) endStale(name string, acc *account) {
	ss.removeIf(func(s *session) bool { return s.account == name && !s.belongs(acc) })
}

// newSecret is 256 random bits in letters that need no escape in a cookie or a header, and their hash.
func newSecret(prefix string) (string, digest) {
	var raw [32]byte
	rand.Read(raw[:]) // never fails
	secret := prefix + base64.RawURLEncoding.EncodeToString(raw[:])
	return secret, sha256.Sum256([]byte(secret))
}
