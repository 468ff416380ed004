package access

import (
	"maps"
	"sync"
	"time"
)

// usage is when accounts signed in and tokens were used since the file was written last. Nothing is decided by it, so it does not cost
// a write of its own: a token may be used a thousand times a minute. The zero value is empty.
type usage struct {
	mu   sync.Mutex
	seen seen
}

type seen struct {
	accounts map[string]time.Time // by name
	tokens   map[string]time.Time // by id
}

func (u *usage) account(name string, at time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.seen.accounts == nil {
		u.seen.accounts = map[string]time.Time{}
	}
	u.seen.accounts[name] = at
}

func (u *usage) token(id string, at time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.seen.tokens == nil {
		u.seen.tokens = map[string]time.Time{}
	}
	u.seen.tokens[id] = at
}

func (u *usage) signedIn(name string) time.Time {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.seen.accounts[name]
}

func (u *usage) used(id string) time.Time {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.seen.tokens[id]
}

func (u *usage) empty() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return len(u.seen.accounts)+len(u.seen.tokens) == 0
}

// take empties it, for a write.
func (u *usage) take() seen {
	u.mu.Lock()
	defer u.mu.Unlock()
	taken := u.seen
	u.seen = seen{}
	return taken
}

// giveBack is for a write that failed. What was seen since is newer.
func (u *usage) giveBack(taken seen) {
	u.mu.Lock()
	defer u.mu.Unlock()
	maps.Copy(orMake(&taken.accounts), u.seen.accounts)
	maps.Copy(orMake(&taken.tokens), u.seen.tokens)
	u.seen = taken
}

func orMake(m *map[string]time.Time) map[string]time.Time {
	if *m == nil {
		*m = map[string]time.Time{}
	}
	return *m
}

// touch enters what was seen into a state that nobody else has yet.
func (s *state) touch(seen seen) {
	for name, at := range seen.accounts {
		if acc := s.accounts[name]; acc != nil {
			newer := *acc
			newer.LastSignIn = at
			s.accounts[name] = &newer
		}
	}
	for id, at := range seen.tokens {
		if t := s.tokens[id]; t != nil {
			newer := *t
			newer.LastUsed = at
			s.put(&newer)
		}
	}
}
