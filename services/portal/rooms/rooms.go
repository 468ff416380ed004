// Package rooms puts the portal together: a shell, a desk, and a room for each audience. It is the only place that knows all of them.
package rooms

import (
	"context"
	"net/http"
	"slices"
	"time"

	"go.uber.org/zap"

	"huizong/pkg/access"
	"huizong/pkg/answers"
	"huizong/pkg/audit"
	"huizong/pkg/clickhouse"
	"huizong/pkg/endpoint"
	"huizong/pkg/judge"
	"huizong/pkg/nats"
	"huizong/pkg/originals"
	"huizong/pkg/reporting"
	"huizong/pkg/reports"
	"huizong/services/intake"
	"huizong/services/portal"
	"huizong/services/portal/account"
	"huizong/services/portal/admin"
	"huizong/services/portal/analyst"
	"huizong/services/portal/api"
	"huizong/services/portal/clerk"
	"huizong/services/portal/review"
	"huizong/services/portal/submission"
)

// Config is what the rooms need: all of it, but for Secure and SQLPort.
type Config struct {
	Store     *originals.Store
	Facts     *clickhouse.Store
	Answers   *answers.Answers
	Reports   *reports.Reports
	Bus       *nats.Bus
	Catalogue *reporting.Catalogue
	Reader    *judge.Room
	Accounts  *access.Accounts
	Audit     *audit.Log
	Note      func(context.Context, endpoint.Event) error // writes what a program asks for on NATS to the log
	Sender    func(id string) (access.Principal, error)   // who has the id that a request on NATS carries; an error means none
	Intake    *intake.Intake
	Log       *zap.Logger
	Machine   admin.Machine
	Secure    bool // it is reached over TLS
	SQLPort   int  // of the database's HTTP interface on this machine, for analysts; 0 is none that they can rely on
}

// Rooms are the portal. Of the zero value the endpoints can be listed.
type Rooms struct {
	shell   *portal.Shell
	api     api.Service
	account account.Pages
	clerk   clerk.Pages
	review  review.Pages
	analyst analyst.Pages
	admin   admin.Pages
}

// New opens the rooms.
func New(c Config) (*Rooms, error) {
	shell, err := portal.NewShell(portal.Shell{Catalogue: c.Catalogue, Person: displayName(c.Accounts), Secure: c.Secure}, admin.Templates, account.Templates, review.Templates, clerk.Templates, analyst.Templates, api.Templates)
	if err != nil {
		return nil, err
	}
	desk := submission.New(&submission.Desk{Store: c.Store, Facts: c.Facts, Catalogue: c.Catalogue, Reader: c.Reader, Answers: c.Answers})
	r := &Rooms{shell: shell,
		api:     api.Service{Shell: shell, Desk: desk, Store: c.Store, Facts: c.Facts, Answers: c.Answers, Reports: c.Reports, Bus: c.Bus, Reader: c.Reader, Accounts: c.Accounts, Sender: c.Sender, Note: c.Note, Log: c.Log},
		account: account.Pages{Shell: shell, Accounts: c.Accounts},
		clerk:   clerk.Pages{Shell: shell, Desk: desk, Store: c.Store, Facts: c.Facts, Answers: c.Answers, Intake: c.Intake},
		review:  review.Pages{Shell: shell, Desk: desk, Store: c.Store, Answers: c.Answers, Accounts: c.Accounts},
		analyst: analyst.Pages{Shell: shell, Desk: desk, Facts: c.Facts, Answers: c.Answers, Reports: c.Reports, SQLPort: c.SQLPort},
		admin:   admin.Pages{Shell: shell, Store: c.Store, Facts: c.Facts, Bus: c.Bus, Reader: c.Reader, Accounts: c.Accounts, Audit: c.Audit, Machine: c.Machine, Started: time.Now()},
	}
	r.api.Open()
	return r, nil
}

// Endpoints are the routes of all rooms.
func (r *Rooms) Endpoints() []endpoint.Endpoint {
	return slices.Concat(r.api.Endpoints(), r.account.Endpoints(), r.clerk.Endpoints(), r.review.Endpoints(), r.analyst.Endpoints(), r.admin.Endpoints())
}

// Run takes in outcomes until ctx ends, for those who wait for one.
func (r *Rooms) Run(ctx context.Context) error { return r.api.Run(ctx) }

// Describe gives the portal all endpoints of the server, its own and the others', for the OpenAPI document and its viewer.
// It has to come before the first request.
func (r *Rooms) Describe(version string, endpoints []endpoint.Endpoint) error {
	return r.api.Describe(version, endpoints)
}

// ErrorPage shows an error to a person: what happened, and what to do.
func (r *Rooms) ErrorPage(w http.ResponseWriter, q *http.Request, status int, err error) {
	r.shell.ErrorPage(w, q, status, err)
}

// displayName finds what an account's owner is called; "" is nothing.
func displayName(accounts *access.Accounts) func(string) string {
	return func(name string) string {
		account, err := accounts.Find(name)
		if err != nil {
			return ""
		}
		return account.Display
	}
}
