// Package admin has the pages of those who run the system, and what the API has of the same: the audit log, and submissions that could not be
// decided.
package admin

import (
	"embed"
	"net/http"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/audit"
	"huizong/pkg/clickhouse"
	"huizong/pkg/endpoint"
	"huizong/pkg/judge"
	"huizong/pkg/nats"
	"huizong/pkg/originals"
	"huizong/services/portal"
)

// Pages are for those who run the system: its health, units, targets and calendar as they are in force, what could not be decided, and the log
// of what people did.
type Pages struct {
	*portal.Shell
	Store    *originals.Store
	Facts    *clickhouse.Store
	Bus      *nats.Bus
	Reader   *judge.Room
	Accounts *access.Accounts
	Audit    *audit.Log
	Machine  Machine
	Started  time.Time
}

//go:embed pages
var pages embed.FS

// Templates are the pages, and what each shows.
var Templates = portal.Templates{Files: pages, Of: map[string]any{
	"units":      unitsPage{},
	"targets":    targetsPage{},
	"calendar":   calendarPage{},
	"health":     healthPage{},
	"quarantine": quarantinePage{},
	"audit":      logPage{},
}}

// Endpoints are for those who run the system: its health, units, targets and calendar as they are in
// force, what could not be decided, and the log of what people did.
func (p *Pages) Endpoints() []endpoint.Endpoint {
	get := func(path string, needs access.Permission, summary string, handle func(http.ResponseWriter, *http.Request) error) endpoint.Endpoint {
		return endpoint.Endpoint{Method: http.MethodGet, Path: path, Needs: needs, Page: true, Summary: summary, Handle: handle}
	}
	post := func(path string, needs access.Permission, action, summary string, handle func(http.ResponseWriter, *http.Request) error) endpoint.Endpoint {
		return endpoint.Endpoint{Method: http.MethodPost, Path: path, Needs: needs, Page: true, Audit: action, Summary: summary, Handle: handle}
	}
	return []endpoint.Endpoint{
		get("/admin/health", access.ReadSystem, "How the system is", p.healthPage),
		get("/admin/units", access.ReadSystem, "Units on a day, and which forms they owe", p.unitsPage),
		get("/admin/targets", access.ReadFigures, "Targets of a year, and the sheets that they come from", p.targetsPage),
		get("/admin/calendar", access.ReadSystem, "Until when forms are due", p.calendarPage),
		get("/admin/quarantine", access.ManageQuarantine, "Submissions that could not be decided", p.quarantinePage),
		{Method: http.MethodGet, Path: "/api/v1/quarantine", Needs: access.ManageQuarantine, Tag: "quarantine", Handle: p.listQuarantine,
			Summary: "Submissions that could not be decided through our own fault, and why", Answer: []Undecided{}},
		get("/admin/audit", access.ReadAudit, "What people did", p.auditPage),
		post("/admin/audit/verify", access.ReadAudit, verifyAuditAction, "Verify the audit log", p.verifyAuditPage),
		post("/admin/journal/verify", access.ReadSystem, verifyJournalAction, "Verify the journal and the originals", p.verifyJournalPage),
		{Method: http.MethodGet, Path: "/api/v1/audit", Needs: access.ReadAudit, Tag: "audit", Summary: "What people did, the newest first; format=jsonl is the whole log as it is kept, line by line",
			Handle: p.auditEvents, Answer: AuditPage{}, Media: []string{portal.JsonLines}, Audit: "audit.read", Query: []endpoint.Parameter{
				{Name: "who", About: "an account"}, {Name: "action", About: "an action, or a thing: account is every account.…", Example: "account"},
				{Name: "from", About: "a day, or a moment", Example: "2020-07-01"}, {Name: "to", About: "a day, which is included, or a moment before which"},
				{Name: "before", About: "only events of a lower number: next of the answer before"}, {Name: "limit", About: "up to 1000; empty: 100"}, {Name: "format", About: "json or jsonl"},
			}},
		{Method: http.MethodGet, Path: "/api/v1/audit/verify", Needs: access.ReadAudit, Tag: "audit", Summary: "Whether the audit log is what it was: its chain is read again", Handle: p.verifyAudit, Answer: AuditCheck{}, Audit: verifyAuditAction},
	}
}
