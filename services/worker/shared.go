package worker

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"huizong/pkg/reporting"
)

// decideOthers decides what other units have sent before and what the submission, or an earlier one of its unit that is still open, is
// compared with: the sheets of a form in which persons or enterprises are to be reported by one unit only (docs/decisions/0007).
//
// All that a submission waits for has a smaller id, so there is no circle, and the smallest one that is open can always be decided. No
// lock is held meanwhile.
func (w *Worker) decideOthers(ctx context.Context, e reporting.Envelope, first bool) error {
	open, err := w.open(ctx, e, first)
	if err != nil {
		return err
	}
	for _, o := range slices.Backward(open) {
		others, err := w.others(ctx, o)
		if err != nil {
			return err
		}
		for _, other := range others {
			if err := w.decide(ctx, other.ID, false); err != nil {
				return fmt.Errorf("%s of %s, which %s is compared with: %w", other.ID, other.Org, o.ID, err)
			}
		}
	}
	return nil
}

// others lists the submissions of other units, in order, that are to be decided before e and are not. Since these are decided in one
// order, the search goes back to the first one that is.
func (w *Worker) others(ctx context.Context, e reporting.Envelope) ([]reporting.Envelope, error) {
	var open []reporting.Envelope
	for _, form := range w.shared {
		if !w.mayBe(e, form) {
			continue
		}
		for _, p := range form.Shared(e.Period) {
			for other := range w.Store.ReceivedBefore(p, e.ID) {
				if other.Org == e.Org || !w.mayBe(other, form) {
					continue
				}
				done, err := w.isDecided(ctx, other.ID, false)
				if err != nil {
					return nil, err
				}
				if done {
					break
				}
				open = append(open, other)
			}
		}
	}
	slices.SortFunc(open, func(a, b reporting.Envelope) int { return cmp.Compare(a.ID, b.ID) })
	return slices.CompactFunc(open, func(a, b reporting.Envelope) bool { return a.ID == b.ID }), nil
}

// mayBe reports whether the submission may turn out to be of the form: it was sent as it, or as none and by a unit that sends it.
func (w *Worker) mayBe(e reporting.Envelope, form *reporting.Form) bool {
	unit := w.Catalogue.Unit(e.Org)
	return unit != nil && form.SentBy(*unit) && (e.Form == form.ID || e.Form == "")
}
