// Package compiler has reports compiled when they are due: drafts of the half-year report, when the last sheet that is expected is in, and at
// the deadline with what there is. A later sheet brings the draft up to date. It keeps nothing of its own.
package compiler

import (
	"cmp"
	"time"

	"go.uber.org/zap"

	"huizong/pkg/nats"
	"huizong/pkg/reporting"
	"huizong/pkg/reports"
)

// Config of the service. Reports, Bus and Log are needed.
type Config struct {
	Reports  *reports.Reports
	Bus      *nats.Bus
	Log      *zap.Logger
	Report   string                    // id of the template; default half_year
	Deadline Deadline                  // the zero value is none: then only a complete half-year has a draft
	Settle   time.Duration             // how long it must be quiet before it is looked whether all is in; default 2 s
	Timer    func(time.Duration) Timer // nil: of the clock
}

// Compiler is the service.
type Compiler struct {
	Config
	touched chan reporting.Period
	looked  func(reporting.Period) // called when it has been looked whether a draft is due, and it is made if so; for tests
}

// New returns the service.
func New(c Config) (*Compiler, error) {
	c.Report, c.Settle = cmp.Or(c.Report, "half_year"), cmp.Or(c.Settle, 2*time.Second)
	if c.Reports.Templates[c.Report] == nil {
		return nil, reporting.Errorf(reporting.Invalid, "drafts: no such report: %q", c.Report)
	}
	if c.Timer == nil {
		c.Timer = realTimer
	}
	return &Compiler{Config: c, touched: make(chan reporting.Period, 64), looked: func(reporting.Period) {}}, nil
}
