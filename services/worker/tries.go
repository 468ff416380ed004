package worker

import (
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"go.uber.org/zap"
)

// maxTries is how often an entry may fail by an internal error or a panic before it is given up. A try that was broken off because we were
// stopped, or because a server was away, does not count.
const maxTries = 5

// maxDeaths is how often a process may end while it is at an entry. It is many: a sheet is read in a child, so that it hardly ever ends the
// server, and power cuts and kills are no sheet's fault.
const maxDeaths = 30

// maxOvertaken is how often an entry may be broken off because a server was away, while those of other units were stored: then it is not the
// server that is away, and the entry is given up like any other.
const maxOvertaken = 20

// tries counts how often each entry was begun and not decided. A count is in a file of the entry's name while the entry is in work, and stays
// there when the process dies of it. The file is not synced: it outlives the process, and a power cut is no sheet's fault.
type tries struct {
	dir string // "" keeps the counts in memory only
	log *zap.Logger

	mu     sync.Mutex        // guards the maps
	counts map[string]int    // begun and not decided, by this process and those before it
	failed map[string]int    // failed in this process
	causes map[string]string // why this process gave entries up
	fatal  map[string]bool   // in work when an earlier process ended, and not tried since
	broken map[string]int    // broken off because a server was away → how often others were stored meanwhile
}

func newTries(dir string, log *zap.Logger) *tries {
	t := &tries{dir: dir, log: log, counts: map[string]int{}, failed: map[string]int{}, causes: map[string]string{}, fatal: map[string]bool{}, broken: map[string]int{}}
	if dir == "" {
		return t
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		log.Warn("tries are not kept", zap.Error(err))
	}
	files, _ := os.ReadDir(dir) // none where it could not be made
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if n, bad := strconv.Atoi(string(text)); err == nil && bad == nil {
			t.counts[f.Name()], t.fatal[f.Name()] = n, true
		}
	}
	return t
}

// forget drops what is decided: a process has died between an outcome and the end of its try.
func (t *tries) forget(decided map[string]bool) {
	t.mu.Lock()
	var ended []string
	for id := range t.counts {
		if decided[id] {
			ended = append(ended, id)
		}
	}
	t.mu.Unlock()
	for _, id := range ended {
		t.end(id)
	}
}

// of is how often the entry was begun and not decided.
func (t *tries) of(id string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.counts[id]
}

// mayBeFatal reports whether an earlier process may have died of the entry, once.
func (t *tries) mayBeFatal(id string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	fatal := t.fatal[id]
	delete(t.fatal, id)
	return fatal
}

// begin counts one more try, before anything is done with the entry.
func (t *tries) begin(id string) { t.set(id, t.of(id)+1) }

// fail counts a try that failed by our fault, and returns how many did.
func (t *tries) fail(id string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.failed[id]++
	return t.failed[id]
}

// forgive takes back the last try: it was not the entry that broke it off.
func (t *tries) forgive(id string) { t.set(id, t.of(id)-1) }

// brokenOff notes that a server was away, and whether others were stored meanwhile. It returns how often they were.
func (t *tries) brokenOff(id string, overtaken bool) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := t.broken[id]
	if overtaken {
		n++
	}
	t.broken[id] = n
	return n
}

// wasBrokenOff reports whether a server was away when the entry was last tried.
func (t *tries) wasBrokenOff(id string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, broken := t.broken[id]
	return broken
}

// end forgets an entry that is decided.
func (t *tries) end(id string) {
	t.set(id, 0)
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.broken, id)
	delete(t.failed, id)
}

// gaveUp remembers why an entry was given up.
func (t *tries) gaveUp(id string, cause error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.causes[id] = cause.Error()
}

// cause is why this process gave the entry up; "" where it did not.
func (t *tries) cause(id string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.causes[id]
}

func (t *tries) set(id string, n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if n > 0 {
		t.counts[id] = n
	} else {
		delete(t.counts, id)
	}
	if t.dir == "" {
		return
	}
	var err error
	if n > 0 {
		err = os.WriteFile(filepath.Join(t.dir, id), []byte(strconv.Itoa(n)), 0o600)
	} else {
		err = os.Remove(filepath.Join(t.dir, id))
	}
	if err != nil && !os.IsNotExist(err) {
		t.log.Warn("try not kept", zap.String("entry", id), zap.Error(err))
	}
}
