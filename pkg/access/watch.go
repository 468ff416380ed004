package access

import "sync"

// watch are those who are told when somebody may have lost a way in. The zero value is ready.
type watch struct {
	mu    sync.Mutex
	tells []func()
}

// Watch has tell called after each change by which a session or a token may have ended, or may do less than before: whoever holds something open
// for one looks again then. It is called before the change returns, so that what the change ends has ended by then; it must not change accounts itself.
func (a *Accounts) Watch(tell func()) {
	a.watch.mu.Lock()
	defer a.watch.mu.Unlock()
	a.watch.tells = append(a.watch.tells, tell)
}

func (w *watch) tell() {
	w.mu.Lock()
	tells := w.tells // grows only
	w.mu.Unlock()
	for _, tell := range tells {
		tell()
	}
}
