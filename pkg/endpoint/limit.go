package endpoint

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"huizong/pkg/access"
)

// How often somebody may ask: one session or token, and one address that is not signed in, which may be a whole office.
const (
	perSecond, burst               = 40, 200
	perSecondNobody, burstOfNobody = 200, 2000
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

// allow takes a request from the budget of whoever asks. The command line of the one who runs the server has no limit.
func (l *limits) allow(who access.Principal, address string) bool {
	if who.Via == access.ViaLocal {
		return true
	}
	key, limit, size := "address "+address, rate.Limit(perSecondNobody), burstOfNobody
	if who.Via != "" {
		key, limit, size = string(who.Via)+" "+who.Account+" "+who.Session, perSecond, burst
	}
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sweep(now)
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
