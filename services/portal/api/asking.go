package api

import (
	"sync"

	"huizong/pkg/reporting"
)

// The bounds of who waits for outcomes on NATS, all together and each token: one must not keep the others from asking.
const (
	maxAsking   = 256
	maxAskingBy = 64 // `huizong submit` waits for some 34
)

// asking counts the questions that wait, by who asks. The zero value is ready.
type asking struct {
	mu sync.Mutex
	by map[string]int
}

// begin counts one more, until the function that it returns is called; too many of one are refused.
func (a *asking) begin(who string) (end func(), err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.by == nil {
		a.by = map[string]int{}
	}
	if a.by[who] >= maxAskingBy {
		return nil, reporting.Errorf(reporting.TooMany, "%d questions of yours wait for an outcome: ask again when one is answered", maxAskingBy)
	}
	a.by[who]++
	return func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.by[who]--; a.by[who] == 0 {
			delete(a.by, who)
		}
	}, nil
}
