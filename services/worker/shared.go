package worker

import "huizong/pkg/reporting"

// others returns an entry of another unit that is to be decided before e and is not, and false where there is none: e is compared with it,
// if both turn out to be of a form in which persons or enterprises are to be reported by one unit only (docs/decisions/0007).
//
// All that an entry waits for has a smaller id, so there is no circle, and the smallest one that is open can always be decided. Since these are
// decided in one order, the search ends at the newest one: when it is decided, so are those before it.
func (w *Worker) others(e reporting.Envelope) (reporting.Envelope, bool) {
	for _, form := range w.shared {
		if !w.mayBe(e, form) {
			continue
		}
		for _, p := range form.Shared(e.Period) {
			for other := range w.Store.ReceivedBefore(p, e.ID) {
				if other.Org == e.Org || !w.mayBe(other, form) {
					continue
				}
				if w.queue.isOpen(other) {
					return other, true
				}
				break
			}
			for _, r := range w.Store.Replays() {
				if r.ID < e.ID && r.Org != e.Org && r.Period == p && w.mayBe(r, form) && w.queue.isOpen(r) {
					return r, true
				}
			}
		}
	}
	return reporting.Envelope{}, false
}

// mayBe reports whether the submission may turn out to be of the form: it was sent as it, or as none and by a unit that sends it.
func (w *Worker) mayBe(e reporting.Envelope, form *reporting.Form) bool {
	unit := w.Catalogue.Unit(e.Org)
	return unit != nil && form.SentBy(*unit) && (e.Form == form.ID || e.Form == "")
}
