// Package portal is where people and machines read: outcomes and findings, facts, figures, traces, reports, over HTTP and, for a
// unit's own system, outcomes over NATS. It changes nothing: there is no way to alter a figure here, or anywhere.
package portal

import (
	"context"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
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
	"huizong/pkg/picture"
	"huizong/pkg/problem"
	"huizong/pkg/reporting"
	"huizong/pkg/reports"
)

// Config of the service. All fields but Secure are needed.
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
	Note      func(context.Context, endpoint.Deed) error // writes what a program asks for on NATS to the log
	Sender    func(id string) (access.Principal, error)  // who has the id that a request on NATS carries; an error is nobody
	Counter   Counter
	Log       *zap.Logger
	Machine   Machine
	Secure    bool // it is reached over TLS
	SQLPort   int  // of the database's HTTP interface on this machine, for analysts; 0 is none that they can rely on
}

// Portal is the service.
type Portal struct {
	Config

	mu      sync.Mutex
	waiting map[string][]chan struct{} // by submission; closed when its outcome is announced
	recent  recent
	started time.Time   // what was received from then on is announced to us
	answers atomic.Bool // outcomes are told on NATS: who sends there is not refused

	document  []byte                        // describes the API
	templates map[string]*template.Template // of the pages, by language and name: zh/due
	listeners listeners
	asking    asking
	stopped   chan struct{} // closed when the service ends: streams of events end with it
}

// New returns the service.
func New(c Config) (*Portal, error) {
	p := &Portal{Config: c, waiting: map[string][]chan struct{}{}, started: time.Now(), stopped: make(chan struct{})}
	var err error
	if p.templates, err = p.loadPages(); err != nil {
		return nil, fmt.Errorf("portal: %w", err)
	}
	return p, nil
}

// Run hears of outcomes, for those who wait for one, and answers on NATS, until ctx ends.
func (p *Portal) Run(ctx context.Context) error {
	decided, err := p.Bus.Consume(ctx, nats.ConsumerConfig{Stream: nats.Submissions, Durable: "portal", Filter: nats.AllDecided, Workers: 1}, p.decided)
	if err != nil {
		return fmt.Errorf("portal: %w", err)
	}
	outcomes, err := p.Bus.Serve(ctx, nats.ServeConfig{Subject: nats.AllOutcome, Queue: "portal", Workers: maxAsking}, p.outcomeNATS)
	if err != nil {
		return fmt.Errorf("portal: %w", err)
	}
	p.Accounts.Watch(p.listeners.recheck)
	p.answers.Store(true)
	context.AfterFunc(ctx, func() { close(p.stopped) })
	decided.Wait()
	outcomes.Wait()
	return nil
}

func (p *Portal) health(w http.ResponseWriter, _ *http.Request) error {
	return problem.JSON(w, http.StatusOK, map[string]string{"status": "ok"})
}

// ready answers 200 when a submission that is sent now will be decided.
func (p *Portal) ready(w http.ResponseWriter, r *http.Request) error {
	ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
	defer cancel()
	if err := p.Facts.Ping(ctx); err != nil {
		return reporting.Errorf(reporting.Unavailable, "clickhouse: %w", err)
	}
	if !p.answers.Load() {
		return reporting.Errorf(reporting.Unavailable, "outcomes: not answered on NATS yet")
	}
	if err := p.Bus.Ready(ctx); err != nil {
		return reporting.Errorf(reporting.Unavailable, "nats: %w", err)
	}
	return problem.JSON(w, http.StatusOK, map[string]string{"status": "ready"})
}

// decided hears of an outcome: it is kept for a while, and those who wait for it are woken.
func (p *Portal) decided(ctx context.Context, m nats.Message) {
	var d reporting.Decided
	if json.Unmarshal(m.Data, &d) == nil {
		p.mu.Lock()
		if d.Findings != nil {
			p.recent.add(d)
		}
		for _, waiter := range p.waiting[d.Submission] {
			close(waiter)
		}
		delete(p.waiting, d.Submission)
		p.mu.Unlock()
		p.listeners.tell(eventOf(d))
	}
	if err := m.Ack(context.WithoutCancel(ctx)); err != nil {
		p.Log.Warn("outcome not acknowledged; it will come again", zap.Error(err))
	}
}

// recent are the last decisions that were announced. Senders ask for theirs at once, and then the database need not be asked.
type recent struct {
	byID  map[string]reporting.Decision
	order []string // a ring
	next  int
}

// maxRecent decisions are kept.
const maxRecent = 1024

func (r *recent) add(d reporting.Decision) {
	if r.byID == nil {
		r.byID, r.order = map[string]reporting.Decision{}, make([]string, maxRecent)
	}
	if _, there := r.byID[d.Submission]; there { // decided again: one that could not be
		r.byID[d.Submission] = d
		return
	}
	delete(r.byID, r.order[r.next])
	r.order[r.next], r.byID[d.Submission] = d.Submission, d
	r.next = (r.next + 1) % maxRecent
}

// State is a submission as its sender sees it: Outcome is "" while it waits.
type State struct {
	reporting.Decision
	Pending bool `json:"pending"`

	// Groups are the findings put together by their cause, for people. Answers have them; they are made when one is given.
	Groups []reporting.FindingGroup `json:"groups"`
}

// answer is the state as it is told, with the groups.
func (s State) answer() State {
	s.Groups = reporting.GroupFindings(s.Findings)
	return s
}

// lookAgain is how long a waiter relies on announcements before it looks for itself.
const lookAgain = time.Second

// await returns the submission's state, after at most patience if it has no outcome by then. What findings quote of persons is whole for the
// people of its unit, and for the one who runs the server.
func (p *Portal) await(ctx context.Context, id string, patience time.Duration) (State, error) {
	e, err := p.envelope(ctx, id)
	if err != nil {
		return State{}, err
	}
	s, err := p.stateOf(ctx, e, patience)
	if who := access.From(ctx); who.Unit != e.Org && who.Via != access.ViaLocal {
		s.Findings = picture.MaskFindings(s.Findings)
	}
	return s, err
}

// stateOf is await for whoever may see the whole of it.
func (p *Portal) stateOf(ctx context.Context, e reporting.Envelope, patience time.Duration) (State, error) {
	id := e.ID
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	again := time.NewTicker(lookAgain)
	defer again.Stop()
	// What came in since we listen is announced to us: only what came before, and what is asked without patience, is looked up at once.
	look := patience == 0 || e.ReceivedAt.Before(p.started)
	for ; ; look = true {
		known, announced, leave := p.wait(id) // before looking, or an outcome in between would be missed
		if known != nil {
			leave()
			return State{Decision: *known}, nil
		}
		if look {
			d, decided, err := p.Facts.Outcome(ctx, id)
			if err == nil && decided || err != nil && patience == 0 {
				leave()
				return State{Decision: d}, err
			}
		}
		select {
		case <-announced:
		case <-again.C:
		case <-ctx.Done():
			leave()
			return State{}, reporting.Errorf(reporting.Canceled, "submission %s: %w", id, ctx.Err())
		case <-deadline.C:
			leave()
			return pending(e), nil
		}
		leave()
	}
}

// envelope is the submission of the id, where whoever asks may see its unit: to others it is not there, in the same words.
func (p *Portal) envelope(ctx context.Context, id string) (reporting.Envelope, error) {
	e, err := p.Store.Envelope(id)
	if err != nil && reporting.CodeOf(err) != reporting.NotFound {
		return e, err
	}
	if err != nil || e.Kind != reporting.SubmissionReceived || !access.From(ctx).MaySee(e.Org) {
		return reporting.Envelope{}, reporting.Errorf(reporting.NotFound, "%s is no submission", id)
	}
	return e, nil
}

func pending(e reporting.Envelope) State {
	return State{Pending: true, Decision: reporting.Decision{Submission: e.ID, Form: e.Form, Org: e.Org, Period: e.Period, SHA256: e.SHA256,
		FileName: e.FileName, ReceivedAt: e.ReceivedAt, Findings: []reporting.Finding{}}}
}

// wait returns the decision where it was announced a moment ago, else a channel that is closed when it is announced; and how to stop
// waiting.
func (p *Portal) wait(id string) (known *reporting.Decision, announced <-chan struct{}, leave func()) {
	waiter := make(chan struct{})
	p.mu.Lock()
	defer p.mu.Unlock()
	if d, there := p.recent.byID[id]; there {
		known = &d
	}
	p.waiting[id] = append(p.waiting[id], waiter)
	return known, waiter, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.waiting[id] = slices.DeleteFunc(p.waiting[id], func(w chan struct{}) bool { return w == waiter })
		if len(p.waiting[id]) == 0 {
			delete(p.waiting, id)
		}
	}
}

// maxPatience bounds how long a request may wait for an outcome.
const maxPatience = time.Minute

func (p *Portal) submission(w http.ResponseWriter, r *http.Request) error {
	patience, err := durationOf(r.URL.Query().Get("wait"))
	if err != nil {
		return err
	}
	state, err := p.await(r.Context(), r.PathValue("id"), patience)
	if err != nil {
		return err
	}
	return problem.JSON(w, http.StatusOK, state.answer())
}

func durationOf(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return 0, reporting.Errorf(reporting.Invalid, "wait %q: want a duration like 10s", text)
	}
	return min(d, maxPatience), nil
}

// maxID bounds what is taken for a submission's id.
const maxID = 100

// outcomeNATS tells a unit's own system the outcome of one of the unit's submissions, or, where its token may not read, of one that it has sent itself.
// The look is noted before it is shown; one that waits has shown nothing.
func (p *Portal) outcomeNATS(ctx context.Context, r nats.Request) (nats.Reply, error) {
	unit, id := nats.Sender(r.Subject)
	who, err := p.Sender(id)
	if err != nil {
		return nats.Reply{}, err
	}
	submission := string(r.Data[:min(len(r.Data), maxID)])
	state, err := p.outcomeFor(access.With(ctx, who), id, unit, submission)
	if err == nil && !state.Pending || reporting.CodeOf(err) == reporting.NotFound {
		if failed := p.Note(ctx, endpoint.Looked(who, nats.AllOutcome, submission, err)); failed != nil {
			return nats.Reply{}, reporting.Errorf(reporting.Internal, "audit a look: %w", failed)
		}
	}
	if err != nil {
		return nats.Reply{}, err
	}
	data, err := json.Marshal(state.answer())
	return nats.Reply{Data: data}, err
}

// outcomeFor waits for the outcome of a submission of the unit, for the program whose requests have the id.
func (p *Portal) outcomeFor(ctx context.Context, id, unit, submission string) (State, error) {
	e, err := p.envelope(ctx, submission)
	if err != nil {
		return State{}, err
	}
	who := access.From(ctx)
	own := e.Token != "" && e.Token == who.TokenID() && who.May(access.SendSubmissions)
	if e.Org != unit || !own && !who.May(access.ReadSubmissions) {
		return State{}, reporting.Errorf(reporting.NotFound, "%s is no submission", submission)
	}
	end, err := p.asking.begin(id)
	if err != nil {
		return State{}, err
	}
	defer end()
	return p.await(ctx, submission, 20*time.Second)
}

func (p *Portal) submissions(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	org, err := ownUnit(r.Context(), q.Get("org"))
	if err != nil {
		return err
	}
	limit, err := limitOf(r, submissionsOnPage)
	if err != nil {
		return err
	}
	filter := clickhouse.SubmissionFilter{Org: org, Form: q.Get("form"), After: q.Get("after"), Limit: limit + 1} // one more shows that there is a next page
	if text := q.Get("period"); text != "" {
		period, err := reporting.ParsePeriod(text)
		if err != nil {
			return err
		}
		filter.Period = period
	}
	list, err := p.Facts.Submissions(r.Context(), filter)
	if err != nil {
		return err
	}
	if len(list) > limit {
		list = list[:limit]
		linkNext(w, r, list[limit-1].Submission)
	}
	return problem.JSON(w, http.StatusOK, list)
}

// ownUnit is the unit that a list is narrowed to: the one that was asked for, or the only one that whoever asks may see.
func ownUnit(ctx context.Context, asked string) (string, error) {
	who := access.From(ctx)
	if asked == "" {
		return who.Unit, nil
	}
	if !who.MaySee(asked) {
		return "", reporting.Errorf(reporting.NotFound, "no unit %q", asked)
	}
	return asked, nil
}

// selection reads which figures the request asks for: period (several by commas), unit or org, boundaries, as_of.
func (p *Portal) selection(r *http.Request) (answers.Selection, error) {
	q := r.URL.Query()
	var wanted answers.Selection
	for _, text := range strings.Split(q.Get("period"), ",") {
		period, err := reporting.ParsePeriod(strings.TrimSpace(text))
		if err != nil {
			return wanted, err
		}
		wanted.Periods = append(wanted.Periods, period)
	}
	for _, key := range []string{"unit", "org"} {
		if text := q.Get(key); text != "" {
			wanted.Units = append(wanted.Units, strings.Split(text, ",")...)
		}
	}
	if text := q.Get("boundaries"); text != "" {
		on, ok := reporting.ParseDate(text)
		if !ok {
			return wanted, reporting.Errorf(reporting.Invalid, "boundaries %q: want a day like 2020-07-01", text)
		}
		wanted.On = on
	}
	wanted.Units, wanted.Periods = distinct(wanted.Units), distinct(wanted.Periods)
	if n := len(wanted.Periods) * p.unitsAsked(wanted.Units); n > maxAsked {
		return wanted, reporting.Errorf(reporting.Invalid, "%d periods of units at once: up to %d, please", n, maxAsked)
	}
	asOf, err := timeOf(q.Get("as_of"))
	wanted.AsOf, wanted.Indicator = asOf, q.Get("indicator")
	return wanted, err
}

// maxAsked bounds one question for figures: periods times units.
const maxAsked = 1500

func (p *Portal) unitsAsked(units []string) int {
	if slices.Contains(units, "*") {
		return len(p.Catalogue.Units)
	}
	return max(1, len(units))
}

// distinct is the list without what was named before.
func distinct[T comparable](list []T) []T {
	var once []T
	seen := map[T]bool{}
	for _, one := range list {
		if !seen[one] {
			once = append(once, one)
		}
		seen[one] = true
	}
	return once
}

// timeOf reads a moment: 2020-07-01T08:00:00Z, or a day, of which it is the end.
func timeOf(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, text, reporting.Zone)
	if err != nil {
		return time.Time{}, reporting.Errorf(reporting.Invalid, "as_of %q: want 2020-07-01 or 2020-07-01T08:00:00+08:00", text)
	}
	return day.AddDate(0, 0, 1).Add(-time.Millisecond), nil
}

func (p *Portal) trace(w http.ResponseWriter, r *http.Request) error {
	wanted, err := p.selection(r)
	if err != nil {
		return err
	}
	unit := ""
	if len(wanted.Units) > 0 {
		unit = wanted.Units[0]
	}
	trace, err := p.Answers.Trace(r.Context(), r.PathValue("indicator"), unit, wanted.Periods[0], wanted.Standpoint)
	return answered(w, trace, err)
}

func dayOf(key, text string) (reporting.Date, error) {
	day, ok := reporting.ParseDate(text)
	if text != "" && !ok {
		return 0, reporting.Errorf(reporting.Invalid, "%s %q: want a day like 2020-07-01", key, text)
	}
	return day, nil
}
