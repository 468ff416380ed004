package reporting

import "slices"

// Closed are the months that are closed: nothing moves their figures.
type Closed map[Month]bool

// ClosedBy are the months that are closed after the closings and openings, in the order of the journal: of each month the last one counts.
func ClosedBy(events []Envelope) Closed {
	closed := Closed{}
	for _, e := range events {
		for _, m := range e.Period.Months() {
			if e.Kind == PeriodClosed {
				closed[m] = true
			} else {
				delete(closed, m)
			}
		}
	}
	return closed
}

// Holds reports whether every month of the period is closed: nothing can be sent for it.
func (c Closed) Holds(p Period) bool {
	return !slices.ContainsFunc(p.Months(), func(m Month) bool { return !c[m] })
}

// Touches reports whether a month of the period is closed.
func (c Closed) Touches(p Period) bool {
	return slices.ContainsFunc(p.Months(), func(m Month) bool { return c[m] })
}

// Of are the closed months of the period.
func (c Closed) Of(p Period) []Month {
	return slices.DeleteFunc(p.Months(), func(m Month) bool { return !c[m] })
}
