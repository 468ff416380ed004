// Package api is the portal for machines: outcomes and findings, facts, figures, traces, reports and releases over HTTP, and, for a unit's own
// system, outcomes over NATS; and the health checks /healthz and /readyz.
package api

import (
	"context"
	"embed"
	"sync/atomic"

	"go.uber.org/zap"

	"huizong/pkg/access"
	"huizong/pkg/answers"
	"huizong/pkg/clickhouse"
	"huizong/pkg/endpoint"
	"huizong/pkg/judge"
	"huizong/pkg/nats"
	"huizong/pkg/originals"
	"huizong/pkg/reporting"
	"huizong/pkg/reports"
	"huizong/services/portal"
	"huizong/services/portal/submission"
)

//go:embed pages
var pages embed.FS

// Templates are the pages, and what each shows.
var Templates = portal.Templates{Files: pages, Of: map[string]any{"api": nil, "copy": copyPage{}}}

// Service answers machines.
type Service struct {
	*portal.Shell
	Desk     *submission.Desk
	Store    *originals.Store
	Facts    *clickhouse.Store
	Answers  *answers.Answers
	Reports  *reports.Reports
	Bus      *nats.Bus
	Reader   *judge.Room
	Accounts *access.Accounts
	Note     func(context.Context, endpoint.Event) error // writes what a program asks for on NATS to the log
	Sender   func(id string) (access.Principal, error)   // who has the id that a request on NATS carries; an error means none
	Log      *zap.Logger

	onNATS    atomic.Bool // outcomes are told on NATS: who sends there is not refused
	document  []byte      // describes the API
	listeners listeners
	asking    asking
	stopped   chan struct{} // closed when the service ends: streams of events end with it
}

// Open passes decisions on to the listeners. It comes before anything else.
func (p *Service) Open() {
	p.stopped = make(chan struct{})
	p.Desk.OnDecided = func(d reporting.Decided) { p.listeners.publish(eventOf(d)) }
}
