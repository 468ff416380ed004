package answers

import (
	"crypto/sha256"
	"sync"
	"time"

	"huizong/pkg/reporting"
)

// memory holds what figures are made of, so that an accepted submission has the store add up only what it touches: the indicators of
// its form, in the periods that it covers.
//
// Nothing in it can be stale, for nothing in it says of itself that it is of now. What stands is kept under the store's mark, which every
// question asks for first; sums, and what they are compared with, under the submissions that they are made of. A submission that is
// decided changes the mark, and the names of the sums that it has a part in; the others keep theirs and are found again. So no message
// has to arrive for an answer to be right, and a question as of a past day finds what was added up for it before. It is of one
// catalogue and one store, and begins empty.
//
// The facts of an indicator are those of its form, which schemas.Load sees to; whoever moves an indicator to another form has the
// sheets read again (huizong rebuild), and with that begins a new table and a new mark.
type memory struct {
	mu      sync.Mutex // guards what follows; it is not held while the store is asked
	stood   map[momentKey]*remembered[[]reporting.Standing]
	planned map[[sha256.Size]byte]*remembered[plans]
	sums    map[sumKey]*remembered[[]reporting.Aggregate]
	size    int    // aggregates in sums
	clock   uint64 // counts uses, to tell what was used last
}

// What is kept at most. The report of a half-year needs 17 forms in some 40 periods.
const (
	momentsKept    = 8 // and as many plans
	aggregatesKept = 400_000
	sumsKept       = 20_000
)

type momentKey struct {
	mark string
	asOf int64 // milliseconds; those of the zero Time are now
}

// plans are what figures are compared with.
type plans struct {
	targets   []reporting.Target
	baselines []reporting.Baseline
}

// sumKey names the aggregates of a form's indicators in a period by all that they are made of.
type sumKey struct {
	form      string
	period    reporting.Period
	on        reporting.Date    // whose boundaries; zero: those of each time
	standings [sha256.Size]byte // the submissions that cover the period
}

type remembered[T any] struct {
	value T
	used  uint64
}

func keyOf(mark string, asOf time.Time) momentKey { return momentKey{mark, asOf.UnixMilli()} }

// standings returns what stood. The caller does not change it.
func (m *memory) standings(mark string, asOf time.Time) ([]reporting.Standing, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return use(m, m.stood, keyOf(mark, asOf))
}

// plans returns the targets and last year's figures that submissions have given. The caller does not change them.
func (m *memory) plans(submissions [sha256.Size]byte) (plans, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return use(m, m.planned, submissions)
}

// sum returns the aggregates of the key, which may be none. The caller does not change them.
func (m *memory) sum(key sumKey) ([]reporting.Aggregate, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return use(m, m.sums, key)
}

func (m *memory) keepStandings(mark string, asOf time.Time, standings []reporting.Standing) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stood = put(m, m.stood, keyOf(mark, asOf), standings)
	for len(m.stood) > momentsKept {
		delete(m.stood, oldest(m.stood))
	}
}

func (m *memory) keepPlans(submissions [sha256.Size]byte, p plans) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.planned = put(m, m.planned, submissions, p)
	for len(m.planned) > momentsKept {
		delete(m.planned, oldest(m.planned))
	}
}

func (m *memory) keepSum(key sumKey, list []reporting.Aggregate) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.sums[key] != nil {
		return
	}
	m.sums = put(m, m.sums, key, list)
	m.size += len(list)
	for m.size > aggregatesKept || len(m.sums) > sumsKept {
		m.forget()
	}
}

// forget drops the half of the sums that was not used for longest, one at least: the last one too where it is too large to be kept.
func (m *memory) forget() {
	limit := m.clock
	for _, s := range m.sums {
		limit = min(limit, s.used)
	}
	limit += (m.clock - limit) / 2
	for key, s := range m.sums {
		if s.used <= limit {
			m.size -= len(s.value)
			delete(m.sums, key)
		}
	}
}

// use returns what is kept under the key and notes that it was used.
func use[K comparable, V any](m *memory, kept map[K]*remembered[V], key K) (value V, ok bool) {
	r := kept[key]
	if r == nil {
		return value, false
	}
	m.clock++
	r.used = m.clock
	return r.value, true
}

// put keeps a value as used now, in the map or a new one.
func put[K comparable, V any](m *memory, kept map[K]*remembered[V], key K, value V) map[K]*remembered[V] {
	if kept == nil {
		kept = make(map[K]*remembered[V])
	}
	m.clock++
	kept[key] = &remembered[V]{value, m.clock}
	return kept
}

func oldest[K comparable, V any](kept map[K]*remembered[V]) (key K) {
	var least uint64
	for k, r := range kept {
		if least == 0 || r.used < least {
			key, least = k, r.used
		}
	}
	return key
}
