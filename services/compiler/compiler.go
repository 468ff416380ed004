// Package compiler has reports compiled when they are due: drafts of each report whose template says when, as soon as the last sheet that is expected
// is in, and at its day with what there is. A later sheet brings the draft up to date. It keeps nothing of its own.
package compiler

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"go.uber.org/zap"

	"huizong/pkg/nats"
	"huizong/pkg/reporting"
	"huizong/pkg/reports"
)

// Config of the service. Reports, Bus and Log are needed.
type Config struct {
	Reports *reports.Reports
	Bus     *nats.Bus
	Log     *zap.Logger
	Settle  time.Duration             // how long it must be quiet before it is looked whether all is in; default 2 s
	Timer   func(time.Duration) Timer // nil: of the clock
}

// Compiler is the service.
type Compiler struct {
	Config
	plans   []plan
	touched chan reporting.Month // the last month of a sheet that was accepted
	looked  func(task)           // called when it has been looked whether a draft is due, and it is made if so; for tests
}

// plan is a report that is drafted by itself.
type plan struct {
	report string // id of its template
	kind   reporting.PeriodKind
	due    reporting.Due
}

// task is to look whether a draft is due.
type task struct {
	plan
	period reporting.Period
}

// New returns the service. It drafts the reports whose templates say when they are due.
func New(c Config) *Compiler {
	c.Settle = cmp.Or(c.Settle, 2*time.Second)
	if c.Timer == nil {
		c.Timer = realTimer
	}
	made := &Compiler{Config: c, touched: make(chan reporting.Month, 64), looked: func(task) {}}
	for _, id := range slices.Sorted(maps.Keys(c.Reports.Templates)) {
		if t := c.Reports.Templates[id]; t.Due != nil {
			made.plans = append(made.plans, plan{id, reporting.PeriodKind(t.Periods), *t.Due})
		}
	}
	return made
}

// before is the last period of the report that has ended.
func (p plan) before(now time.Time) reporting.Period {
	return p.kind.Of(p.kind.Of(reporting.NewMonth(now.Year(), int(now.Month()))).First - 1)
}

// next is the first day after now on which the report is due.
func (p plan) next(now time.Time) time.Time {
	for period := p.before(now); ; period = p.kind.Of(period.Last + 1) {
		if at := p.due.At(period, now.Location()); at.After(now) {
			return at
		}
	}
}
