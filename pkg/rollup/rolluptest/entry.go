package rolluptest

import "huizong/pkg/reporting"

// entry is what the arithmetic needs of an observation.
type entry struct {
	unit   string
	period reporting.Period
	value  reporting.Decimal
	key    string          // "" where the indicator does not count keys
	opened reporting.Month // of a case; 0: no case
	closed reporting.Month // of a case; 0: still open
}

func entryOf(i *reporting.Indicator, o *reporting.Observation) entry {
	e := entry{unit: o.Unit, period: o.Period, value: o.Value}
	if i.Rollup == reporting.RollupDistinct {
		e.key = o.Key
	}
	if o.Opened != 0 {
		e.opened = o.Opened.Month()
	}
	if o.Closed != 0 {
		e.closed = o.Closed.Month()
	}
	return e
}

// countsIn reports whether the entry counts in the period.
func (e *entry) countsIn(r reporting.Rollup, p reporting.Period) bool {
	switch r {
	case reporting.RollupDocket:
		return e.onDocket(p)
	case reporting.RollupLast:
		return p.Contains(e.period) && e.period.Last == p.Last
	}
	return p.Contains(e.period)
}

// onDocket reports whether a case was on the docket in the period: filed in it, or filed before and not closed before it (forms.md,
// form 10). Periods are whole months, so months decide as days would.
//
// A row speaks for the months of its ledger only, January to the ledger's month: a later month whose ledger is missing gets no
// docket from an earlier one. In a period that runs into the next year, a case that was open at the year's end is in the next
// year's ledger too, and is counted there.
func (e *entry) onDocket(p reporting.Period) bool {
	ledger := e.period.YearToDate()
	first, last := max(p.First, ledger.First), min(p.Last, ledger.Last)
	if first > last || e.opened > last || e.closedBefore(first) {
		return false
	}
	nextYear := ledger.First + 12
	return p.Last < nextYear || e.closedBefore(nextYear)
}

func (e *entry) closedBefore(m reporting.Month) bool { return e.closed != 0 && e.closed < m }

// entries are those of one indicator. Plain values of one unit and period are added up as they come: a ledger has a row for each
// payment, and the city needs one number a month of them. Cases and keys are kept as they are.
type entries struct {
	list  []entry
	plain map[cell]int // where the plain value of a unit and period stands in the list
}

type cell struct {
	unit   string
	period reporting.Period
}

func (s *entries) add(e entry) {
	if e.opened != 0 || e.key != "" {
		s.list = append(s.list, e)
		return
	}
	c := cell{e.unit, e.period}
	if n, met := s.plain[c]; met {
		s.list[n].value = s.list[n].value.Add(e.value)
		return
	}
	if s.plain == nil {
		s.plain = make(map[cell]int)
	}
	s.plain[c] = len(s.list)
	s.list = append(s.list, e)
}
