package worker

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"huizong/pkg/clickhouse"
	"huizong/pkg/judge"
	"huizong/pkg/reporting"
	"huizong/pkg/validate"
)

// pasts remembers, for each unit, what stands of the forms whose checks look back, so that a sheet is not judged against a query
// when the one before it was decided here.
//
// What stood for a unit when a submission came depends on that unit's earlier submissions alone, and they are decided in order. So
// what is remembered up to one submission is right for the next exactly when that one is its Prior, whatever other processes do
// meanwhile; in every other case the database is asked. The caller has the unit's turn.
type pasts struct {
	facts     *clickhouse.Store
	catalogue *reporting.Catalogue

	mu    sync.Mutex // guards units; a unit's past is guarded by its turn
	units map[string]*past
}

// past is what stands of one unit, up to and with the submission `upTo`.
type past struct {
	upTo  string
	forms map[string]map[string]stood // form → slot
}

// stood is one standing submission and its facts.
type stood struct {
	standing reporting.Standing
	facts    []reporting.Fact
}

func newPasts(facts *clickhouse.Store, c *reporting.Catalogue) *pasts {
	return &pasts{facts: facts, catalogue: c, units: map[string]*past{}}
}

// before returns what stood for the sender of e and the form when e came.
func (p *pasts) before(ctx context.Context, e reporting.Envelope, form string) (validate.History, error) {
	if !p.looksBack(form) {
		return validate.History{}, nil
	}
	unit := p.unit(e.Org)
	if unit.upTo != e.Prior || unit.forms == nil {
		*unit = past{upTo: e.Prior, forms: map[string]map[string]stood{}}
	}
	if slots, known := unit.forms[form]; known {
		return history(slots), nil
	}
	facts, standing, err := p.facts.History(ctx, form, e.Org, e.ID)
	if err != nil {
		return validate.History{}, err
	}
	slots := map[string]stood{}
	for _, s := range standing {
		slots[p.catalogue.Form(form).Slot(s.Period)] = stood{standing: s}
	}
	for _, f := range facts {
		for slot, s := range slots {
			if s.standing.Submission == f.Submission {
				s.facts = append(s.facts, f)
				slots[slot] = s
			}
		}
	}
	unit.forms[form] = slots
	return history(slots), nil
}

// early begins to look up what stood of the form that the sheet was sent as, while the sheet is read; before waits for that. The caller keeps the unit's
// turn until end has returned.
func (p *pasts) early(ctx context.Context, e reporting.Envelope) (before judge.Past, end func()) {
	var found validate.History
	var failed error
	ready := make(chan struct{})
	go func() {
		defer close(ready)
		found, failed = p.before(ctx, e, e.Form)
	}()
	before = func(form string) (validate.History, error) {
		<-ready
		if form == e.Form {
			return found, failed
		}
		return p.before(ctx, e, form)
	}
	return before, func() { <-ready }
}

func (p *pasts) unit(org string) *past {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.units[org] == nil {
		p.units[org] = &past{}
	}
	return p.units[org]
}

// looksBack reports whether a check of the form compares with earlier months. Ledgers say all that they say in one sheet.
func (p *pasts) looksBack(form string) bool {
	f := p.catalogue.Form(form)
	return f != nil && (f.Shape == reporting.IndicatorForm || f.Shape == reporting.Matrix)
}

// after adds a decision to what is remembered.
func (p *pasts) after(e reporting.Envelope, d reporting.Decision, reading reporting.Reading) {
	unit := p.unit(e.Org)
	if unit.upTo != e.Prior || unit.forms == nil {
		*unit = past{forms: map[string]map[string]stood{}}
	}
	unit.upTo = e.ID
	slots, known := unit.forms[d.Form]
	if d.Outcome != reporting.Accepted || !p.looksBack(d.Form) || !known {
		return
	}
	s := stood{standing: reporting.Standing{Submission: d.Submission, Form: d.Form, Org: d.Org, Period: d.Period, ReceivedAt: d.ReceivedAt}}
	for _, o := range reading.Observations {
		s.facts = append(s.facts, reporting.Fact{Submission: d.Submission, Form: d.Form, Sender: d.Org, Observation: o})
	}
	slot := p.catalogue.Form(d.Form).Slot(d.Period)
	if old, there := slots[slot]; !there || cmp.Or(cmp.Compare(old.standing.Period.Last, d.Period.Last), cmp.Compare(old.standing.Submission, d.Submission)) <= 0 {
		slots[slot] = s // an older one that was decided late does not take the place of a newer
	}
}

func history(slots map[string]stood) validate.History {
	var h validate.History
	var last reporting.Month
	for _, s := range slots {
		last = max(last, s.standing.Period.Last)
	}
	for _, s := range slots {
		if s.standing.Period.Last > last-clickhouse.HistoryMonths {
			h.Standing = append(h.Standing, s.standing)
			h.Facts = append(h.Facts, s.facts...)
		}
	}
	// The order of a map is not to show in a finding.
	slices.SortFunc(h.Standing, func(a, b reporting.Standing) int { return int(b.Period.Last - a.Period.Last) })
	return h
}
