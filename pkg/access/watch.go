package access

import "sync"

// watch has the functions to call when a session or a token may have ended. The zero value is ready.
type watch struct {
	mu        sync.Mutex
	callbacks []func()
}

// Watch has changed called after each change by which a session or a token may have ended, or may do less than before: a connection that is
// open for one is checked again then. It is called before the change returns, so that the connection has ended by then; it must not change accounts itself.
func (a *Accounts) Watch(changed func()) {
	a.watch.mu.Lock()
	defer a.watch.mu.Unlock()
	a.watch.callbacks = append(a.watch.callbacks, changed)
}

func (w *watch) notify() {
	w.mu.Lock()
	callbacks := w.callbacks // grows only
	w.mu.Unlock()
	for _, call := range callbacks {
		call()
	}
}
