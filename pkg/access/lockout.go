package access

import (
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"time"

	"huizong/pkg/reporting"
)

// How failures are slowed down. A person who mistypes is not hindered; who guesses has some hundred tries a day against a name from one
// place, and some thousand from all places together. Guesses at one account do not shut out another:
//
//   - The long delay is of a name from one address. It does not hold elsewhere.
//   - What counts for a name from everywhere, or for an address behind which a whole office may sit, is slowed down by a minute at most.
//   - A browser that has signed in to the account before, or is signed in, is counted by itself: none of the others' delays are its own.
const (
	failuresOfName    = 5  // that are free for one name from one address, or from a browser that is known
	failuresOfAddress = 30 // that are free for one address
	failuresFromAll   = 50 // that are free for one name from everywhere
	firstDelay        = 30 * time.Second
	longestDelay      = 15 * time.Minute
	sharedDelay       = time.Minute    // the longest of what others may have caused
	failuresForgotten = 24 * time.Hour // after the last one
	maxTallies        = 100_000        // names and addresses that are remembered
	maxPlaces         = 1_000          // of one name
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

// tally is the failures of one name or address, or of a name at one place.
type tally struct {
	failures int
	last     time.Time
	from     map[string]*tally // of a name: by address
	known    map[string]*tally // of a name: by browser or session that is known
}

// place is where a try comes from: known is the browser or session that has proved to be the account's before, "" where it has not.
type place struct{ address, known string }

func newLockout() *lockout {
	return &lockout{names: map[string]*tally{}, addresses: map[string]*tally{}}
}

// check refuses while a delay runs.
func (l *lockout) check(name string, p place, now time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if wait := l.ends(name, p).Sub(now); wait > 0 {
		return reporting.Errorf(reporting.TooMany, "%w", &DelayError{wait})
	}
	return nil
}

// ends is when the delay of a try ends. The caller holds mu.
func (l *lockout) ends(name string, p place) time.Time {
	n := l.names[name]
	if n == nil {
		n = &tally{}
	}
	if p.known != "" {
		return n.known[p.known].until(failuresOfName, longestDelay)
	}
	address := network(p.address)
	return latest(n.from[address].until(failuresOfName, longestDelay), n.until(failuresFromAll, sharedDelay), l.addresses[address].until(failuresOfAddress, sharedDelay))
}

func latest(times ...time.Time) time.Time { return slices.MaxFunc(times, time.Time.Compare) }

// until is when the last of the delays of a name ends, wherever it holds; zero where none runs.
func (l *lockout) until(name string, now time.Time) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := l.names[name]
	if n == nil {
		return time.Time{}
	}
	end := n.until(failuresFromAll, sharedDelay)
	for _, places := range []map[string]*tally{n.from, n.known} {
		for _, t := range places {
			end = latest(end, t.until(failuresOfName, longestDelay))
		}
	}
	if !end.After(now) {
		return time.Time{}
	}
	return end
}

// fail counts a failure.
func (l *lockout) fail(name string, p place, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := find(l.names, name, maxTallies, now)
	if n.from == nil {
		n.from, n.known = map[string]*tally{}, map[string]*tally{}
	}
	if p.known != "" {
		n.last = now // so that it is not forgotten before its parts
		find(n.known, p.known, maxPlaces, now).count(now)
		return
	}
	n.count(now)
	address := network(p.address)
	find(n.from, address, maxPlaces, now).count(now)
	if address != "" {
		find(l.addresses, address, maxTallies, now).count(now)
	}
}

// succeed clears the failures of a name at the place: the office does not wait for a mistake that was put right, and one account does not
// clear the tries at others.
func (l *lockout) succeed(name string, p place) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := l.names[name]
	if n == nil {
		return
	}
	if p.known != "" {
		delete(n.known, p.known)
		return
	}
	l.forgive(n, network(p.address))
}

// forget clears the failures of a name everywhere, for an administrator.
func (l *lockout) forget(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := l.names[name]
	if n == nil {
		return
	}
	for address := range n.from {
		l.forgive(n, address)
	}
	delete(l.names, name)
}

// forgive takes the failures that a name had at an address off all tallies. The caller holds mu.
func (l *lockout) forgive(n *tally, address string) {
	there := n.from[address]
	if there == nil {
		return
	}
	delete(n.from, address)
	n.failures = max(0, n.failures-there.failures)
	if t := l.addresses[address]; t != nil {
		if t.failures -= there.failures; t.failures <= 0 {
			delete(l.addresses, address)
		}
	}
}

// find returns the key's tally, which begins anew when the last failure is long ago.
func find(tallies map[string]*tally, key string, most int, now time.Time) *tally {
	t := tallies[key]
	if t == nil || now.Sub(t.last) > failuresForgotten {
		makeRoom(tallies, most, now)
		t = &tally{}
		tallies[key] = t
	}
	return t
}

func (t *tally) count(now time.Time) {
	t.failures++
	t.last = now
}

// makeRoom keeps guesses at made-up names from filling the memory: what is old goes first, then what was tried once or twice, then any.
func makeRoom(tallies map[string]*tally, most int, now time.Time) {
	if len(tallies) < most {
		return
	}
	for _, goes := range []func(*tally) bool{
		func(t *tally) bool { return now.Sub(t.last) > failuresForgotten },
		func(t *tally) bool { return t.failures < failuresOfName-1 && len(t.known) == 0 },
		func(*tally) bool { return true },
	} {
		for key, t := range tallies {
			if len(tallies) < most*9/10 {
				return
			}
			if goes(t) {
				delete(tallies, key)
			}
		}
	}
}

// until is when the next try may be: at once up to the free ones, then twice as long after each failure, up to the longest.
func (t *tally) until(free int, longest time.Duration) time.Time {
	if t == nil || t.failures < free {
		return time.Time{}
	}
	delay := longest
	if over := t.failures - free; over < 10 {
		delay = min(firstDelay<<over, longest)
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
