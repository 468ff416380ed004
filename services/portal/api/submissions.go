package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"go.uber.org/zap"

	"huizong/pkg/access"
	"huizong/pkg/clickhouse"
	"huizong/pkg/endpoint"
	"huizong/pkg/nats"
	"huizong/pkg/problem"
	"huizong/pkg/reporting"
	"huizong/services/portal"
	"huizong/services/portal/submission"
)

// decided passes on what the bus says of an outcome.
func (p *Service) decided(ctx context.Context, m nats.Message) {
	if err := p.Desk.Decided(ctx, m); err != nil {
		p.Log.Warn("outcome not acknowledged; it will come again", zap.Error(err))
	}
}

// Run takes in outcomes, for those who wait for one, and answers on NATS, until ctx ends.
func (p *Service) Run(ctx context.Context) error {
	decided, err := p.Bus.Consume(ctx, nats.ConsumerConfig{Stream: nats.Submissions, Durable: "portal", Filter: nats.AllDecided, Workers: 1}, p.decided)
	if err != nil {
		return fmt.Errorf("portal: %w", err)
	}
	outcomes, err := p.Bus.Serve(ctx, nats.ServeConfig{Subject: nats.AllOutcome, Queue: "portal", Workers: maxAsking}, p.outcomeNATS)
	if err != nil {
		return fmt.Errorf("portal: %w", err)
	}
	p.Accounts.Watch(p.listeners.recheck)
	p.onNATS.Store(true)
	context.AfterFunc(ctx, func() { close(p.stopped) })
	decided.Wait()
	outcomes.Wait()
	return nil
}

func (p *Service) health(w http.ResponseWriter, _ *http.Request) error {
	return problem.JSON(w, http.StatusOK, map[string]string{"status": "ok"})
}

// ready answers 200 when a submission that is sent now will be decided.
func (p *Service) ready(w http.ResponseWriter, r *http.Request) error {
	ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
	defer cancel()
	if err := p.Facts.Ping(ctx); err != nil {
		return reporting.Errorf(reporting.Unavailable, "clickhouse: %w", err)
	}
	if !p.onNATS.Load() {
		return reporting.Errorf(reporting.Unavailable, "outcomes: not answered on NATS yet")
	}
	if err := p.Bus.Ready(ctx); err != nil {
		return reporting.Errorf(reporting.Unavailable, "nats: %w", err)
	}
	return problem.JSON(w, http.StatusOK, map[string]string{"status": "ready"})
}

// maxPatience bounds how long a request may wait for an outcome.
const maxPatience = time.Minute

func (p *Service) submission(w http.ResponseWriter, r *http.Request) error {
	patience, err := durationOf(r.URL.Query().Get("wait"))
	if err != nil {
		return err
	}
	if patience > 0 {
		if _, err := p.Desk.Envelope(r.Context(), r.PathValue("id")); err != nil {
			return err
		}
		endpoint.Awaits(r)
	}
	state, err := p.Desk.Await(r.Context(), r.PathValue("id"), patience)
	if err != nil {
		return err
	}
	return problem.JSON(w, http.StatusOK, state.Answer())
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
func (p *Service) outcomeNATS(ctx context.Context, r nats.Request) (nats.Reply, error) {
	unit, id := nats.Sender(r.Subject)
	who, err := p.Sender(id)
	if err != nil {
		return nats.Reply{}, err
	}
	sent := string(r.Data[:min(len(r.Data), maxID)])
	state, err := p.outcomeFor(access.With(ctx, who), id, unit, sent)
	if err == nil && !state.Pending || reporting.CodeOf(err) == reporting.NotFound {
		if failed := p.Note(ctx, endpoint.Viewed(who, nats.AllOutcome, sent, err)); failed != nil {
			return nats.Reply{}, reporting.Errorf(reporting.Internal, "audit a look: %w", failed)
		}
	}
	if err != nil {
		return nats.Reply{}, err
	}
	data, err := json.Marshal(state.Answer())
	return nats.Reply{Data: data}, err
}

// outcomeFor waits for the outcome of a sent of the unit, for the program whose requests have the id.
func (p *Service) outcomeFor(ctx context.Context, id, unit, sent string) (submission.State, error) {
	e, err := p.Desk.Envelope(ctx, sent)
	if err != nil {
		return submission.State{}, err
	}
	who := access.From(ctx)
	own := e.Token != "" && e.Token == who.TokenID() && who.May(access.SendSubmissions)
	if e.Org != unit || !own && !who.May(access.ReadSubmissions) {
		return submission.State{}, reporting.Errorf(reporting.NotFound, "%s is no submission", sent)
	}
	end, err := p.asking.begin(id)
	if err != nil {
		return submission.State{}, err
	}
	defer end()
	return p.Desk.Await(ctx, sent, 20*time.Second)
}

func (p *Service) submissions(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	org, err := portal.OwnUnit(r.Context(), q.Get("org"))
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

func (p *Service) trace(w http.ResponseWriter, r *http.Request) error {
	wanted, err := p.Selection(r)
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
