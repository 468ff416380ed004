package access

import (
	"fmt"
	"net/netip"
	"sync"
	"time"

	"huizong/pkg/reporting"
)

// How failures are slowed down. A person who mistypes is not hindered; who guesses has some hundred tries a day against a name, whatever
// the number of machines. No name is locked for good: that would let anybody shut an office out.
const (
	failuresOfName    = 5  // that are free for one name
	failuresOfAddress = 30 // that are free for one address, behind which a whole office may sit
	firstDelay        = 30 * time.Second
	longestDelay      = 15 * time.Minute
	failuresForgotten = 24 * time.Hour // after the last one
	maxTallies        = 100_000        // names and addresses that are remembered
)

// DelayError says how long to wait. It comes inside an error of code too_many.
type DelayError struct{ Wait time.Duration }

func (e *DelayError) Error() string {
	return fmt.Sprintf("too many failures: wait %s", e.Wait.Round(time.Second))
}

// lockout counts failures by name and by address, alike for names that have no account.
type lockout struct {
	// mu guards the maps and what they point to.
	mu        sync.Mutex
	names     map[string]*tally
	addresses map[string]*tally
}

// tally is the failures of one name or address.
type tally struct {
	failures int
	last     time.Time
	from     map[string]int // of a name: by address
}

func newLockout() *lockout {
	return &lockout{names: map[string]*tally{}, addresses: map[string]*tally{}}
}

// check refuses while a delay runs.
func (l *lockout) check(name, address string, now time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	until := l.names[name].until(failuresOfName)
	if other := l.addresses[network(address)].until(failuresOfAddress); other.After(until) {
		until = other
	}
	if wait := until.Sub(now); wait > 0 {
		return reporting.Errorf(reporting.TooMany, "%w", &DelayError{wait})
	}
	return nil
}

// until is when the delay of a name ends; zero where none runs.
func (l *lockout) until(name string, now time.Time) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	if until := l.names[name].until(failuresOfName); until.After(now) {
		return until
	}
	return time.Time{}
}

// fail counts a failure.
func (l *lockout) fail(name, address string, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	address = network(address)
	n := count(l.names, name, now)
	if address == "" {
		return
	}
	if n.from == nil {
		n.from = map[string]int{}
	}
	n.from[address]++
	count(l.addresses, address, now)
}

// succeed forgives a name its failures, and the address those that it had with this name: an office does not pay for what was put
// right, and who has one account does not clear the tries at others.
func (l *lockout) succeed(name, address string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n := l.names[name]; n != nil {
		delete(l.names, name)
		l.forgive(network(address), n)
	}
}

// forget forgives a name, by an administrator's word, and every address what it had with it.
func (l *lockout) forget(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n := l.names[name]; n != nil {
		delete(l.names, name)
		for address := range n.from {
			l.forgive(address, n)
		}
	}
}

// forgive takes the failures that an address had with a name off its tally. The caller holds mu.
func (l *lockout) forgive(address string, name *tally) {
	t := l.addresses[address]
	if t == nil {
		return
	}
	if t.failures -= name.from[address]; t.failures <= 0 {
		delete(l.addresses, address)
	}
}

// count adds one to the key's tally, which begins anew when the last failure is long ago.
func count(tallies map[string]*tally, key string, now time.Time) *tally {
	t := tallies[key]
	if t == nil || now.Sub(t.last) > failuresForgotten {
		makeRoom(tallies, now)
		t = &tally{}
		tallies[key] = t
	}
	t.failures++
	t.last = now
	return t
}

// makeRoom keeps guesses at made-up names from filling the memory: what is old goes first, then what was tried once or twice, then any.
func makeRoom(tallies map[string]*tally, now time.Time) {
	if len(tallies) < maxTallies {
		return
	}
	for _, goes := range []func(*tally) bool{
		func(t *tally) bool { return now.Sub(t.last) > failuresForgotten },
		func(t *tally) bool { return t.failures < failuresOfName-1 },
		func(*tally) bool { return true },
	} {
		for key, t := range tallies {
			if len(tallies) < maxTallies*9/10 {
				return
			}
			if goes(t) {
				delete(tallies, key)
			}
		}
	}
}

// until is when the next try may be: at once up to the free ones, then twice as long after each failure.
func (t *tally) until(free int) time.Time {
	if t == nil || t.failures < free {
		return time.Time{}
	}
	delay := longestDelay
	if over := t.failures - free; over < 10 {
		delay = min(firstDelay<<over, longestDelay)
	}
	return t.last.Add(delay)
}

// network is what counts as one address: with or without a port; of IPv6 the 64 bits that one subscriber is given.
func network(address string) string {
	if pair, err := netip.ParseAddrPort(address); err == nil {
		address = pair.Addr().String()
	}
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is4() {
		return ip.String()
	}
	prefix, _ := ip.Prefix(64) // an IPv6 address has one
	return prefix.String()
}
