package endpoint

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"huizong/pkg/access"
)

// How often a caller may ask. An account, with all its sessions and tokens, has a budget, and so has an address, which may be a whole office. A
// caller that is signed in takes from both; one that is not, from another budget of the address.
const (
	perSecond, burst                   = 40, 200
	perSecondAnonymous, burstAnonymous = 200, 2000
	perSecondAddress, burstOfAddress   = 1000, 10_000
)

// limits are the budgets of those who ask. The zero value is ready.
type limits struct {
	mu      sync.Mutex
	budgets map[string]*budget
	swept   time.Time
}

type budget struct {
	*rate.Limiter
	used time.Time
}

// forgotten is the age at which an unused budget, full again by then, is dropped.
const forgotten = time.Minute

// allow takes a request from the budgets of the caller. The command line of the one who runs the server has no limit.
func (l *limits) allow(who access.Principal, address string) bool {
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sweep(now)
	switch who.Via {
	case access.ViaLocal:
		return true
	case "":
		return l.take("nobody "+address, perSecondAnonymous, burstAnonymous, now)
	}
	return l.take("account "+who.Account, perSecond, burst, now) && l.take("address "+address, perSecondAddress, burstOfAddress, now)
}

// take takes one from a budget. The caller holds mu.
func (l *limits) take(key string, limit rate.Limit, size int, now time.Time) bool {
	b := l.budgets[key]
	if b == nil {
		b = &budget{Limiter: rate.NewLimiter(limit, size)}
		l.budgets[key] = b
	}
	b.used = now
	return b.AllowN(now, 1)
}

// sweep drops what is unused, at most once in its time.
func (l *limits) sweep(now time.Time) {
	if l.budgets == nil {
		l.budgets = map[string]*budget{}
	}
	if now.Sub(l.swept) < forgotten {
		return
	}
	l.swept = now
	for key, b := range l.budgets {
		if now.Sub(b.used) > forgotten {
			delete(l.budgets, key)
		}
	}
}
