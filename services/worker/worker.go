// Package worker decides submissions: decode, match, normalize, validate, insert the facts, read them back, record the outcome
// last, announce it, acknowledge.
//
// A message only says that there is work. What is decided, and against what, follows from the journal: a submission is judged
// after every earlier one of its unit, in whatever order messages arrive or however often. So a run without faults, one with
// kills, and a rebuild come to the same.
package worker

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"go.uber.org/zap"

	"huizong/pkg/clickhouse"
	"huizong/pkg/nats"
	"huizong/pkg/originals"
	"huizong/pkg/reporting"
	"huizong/pkg/validate"
)

// Config of the service. All fields but the last three are needed; Bus is not for a Replay.
type Config struct {
	Store     *originals.Store
	Facts     *clickhouse.Store
	Bus       *nats.Bus
	Catalogue *reporting.Catalogue
	Judge     *Judge
	Log       *zap.Logger

	Workers    int           // submissions in work at a time; default DefaultWorkers
	SweepEvery time.Duration // default a minute
	Patience   time.Duration // between two looks whether a server that did not answer is back; default a second
}

// Defaults of a Config. Many are in work at a time, so that they share their inserts; only as many as there are processors are
// judged at once, which bounds the memory.
const (
	DefaultWorkers    = 16
	DefaultSweepEvery = time.Minute
	DefaultPatience   = time.Second
)

// A message is delivered up to maxDeliver times. That many deaths of the process in the middle of one file quarantine it; an
// internal error, which is likely to come again, does so after internalTries.
const (
	maxDeliver    = 30
	internalTries = 5
	ackWait       = 30 * time.Second
)

// Worker is the service.
type Worker struct {
	Config
	commits *committer
	pasts   *pasts
	judging chan struct{}     // one place for each sheet that may be judged at once
	shared  []*reporting.Form // forms in which persons or enterprises are to be reported by one unit only
	alone   bool              // nobody else decides, and what is not remembered has no outcome
	started string            // an id that is smaller than those of all submissions received since this process began

	mu      sync.Mutex
	orgs    map[string]*sync.Mutex // held while a unit's submissions are decided, for one is judged against the other
	decided map[string]bool        // what this process knows to have an outcome
}

// New returns the service.
func New(c Config) *Worker {
	if c.Workers == 0 {
		c.Workers = DefaultWorkers
	}
	if c.SweepEvery == 0 {
		c.SweepEvery = DefaultSweepEvery
	}
	if c.Patience == 0 {
		c.Patience = DefaultPatience
	}
	w := &Worker{Config: c, commits: newCommitter(c.Facts, c.Catalogue), pasts: newPasts(c.Facts, c.Catalogue), orgs: map[string]*sync.Mutex{},
		decided: map[string]bool{}, judging: make(chan struct{}, runtime.GOMAXPROCS(0))}
	for e := range c.Store.Envelopes() {
		w.started = e.ID
	}
	for _, f := range c.Catalogue.Forms {
		if f.Shared(reporting.YearPeriod(2000)) != nil {
			w.shared = append(w.shared, f)
		}
	}
	return w
}

// Run consumes submissions until ctx ends, and sweeps: at the start, and from time to time, every submission without an outcome
// is announced again.
func (w *Worker) Run(ctx context.Context) error {
	go w.commits.run(ctx)
	sub, err := w.Bus.Consume(ctx, nats.ConsumerConfig{
		Stream: nats.Submissions, Durable: "worker", Filter: nats.AllReceived, Workers: w.Workers, AckWait: ackWait, MaxDeliver: maxDeliver,
		MaxAckPending: 4 * w.Workers,
	}, w.handle)
	if err != nil {
		return fmt.Errorf("worker: %w", err)
	}
	ticker := time.NewTicker(w.SweepEvery)
	defer ticker.Stop()
	for {
		if err := w.sweep(ctx); err != nil && ctx.Err() == nil {
			w.Log.Warn("sweep not finished", zap.Error(err))
		}
		select {
		case <-ctx.Done():
			sub.Wait()
			return nil
		case <-ticker.C:
		}
	}
}

// handle turns the result of a message into what becomes of it. This table, and nothing else, decides that.
//
//	decided            ack, after the outcome is stored
//	canceled           nak at once: we are being stopped
//	not_found, invalid terminate: the message is about nothing that we have
//	unavailable        wait and try again in the same delivery: a server that is away is not the submission's fault
//	internal, a panic  nak with back-off, then quarantine for a person to look at
func (w *Worker) handle(ctx context.Context, m nats.Message) {
	var received reporting.Received
	if err := json.Unmarshal(m.Data, &received); err != nil {
		w.Log.Error("message is not one of ours", zap.String("subject", m.Subject), zap.Error(err))
		w.logged(m.Terminate("not a received submission"))
		return
	}
	log := w.Log.With(zap.String("submission", received.Submission))
	for {
		err := w.safely(func() error { return w.decide(ctx, received.Submission, m.Deliveries == 1) })
		switch code := reporting.CodeOf(err); {
		case err == nil:
			w.logged(m.Ack(context.WithoutCancel(ctx)))
			return
		case ctx.Err() != nil, code == reporting.Canceled:
			w.logged(m.Nak(0))
			return
		case code == reporting.NotFound, code == reporting.Invalid:
			log.Error("submission is not in the journal", zap.Error(err))
			w.logged(m.Terminate(err.Error()))
			return
		case code == reporting.Unavailable:
			log.Warn("waiting for a server", zap.Error(err))
			w.logged(m.InProgress())
			if !sleep(ctx, w.Patience) {
				w.logged(m.Nak(0))
				return
			}
		case m.Deliveries >= internalTries:
			log.Error("submission quarantined", zap.Error(err))
			if err := w.Bus.Quarantine(context.WithoutCancel(ctx), received.Submission, err.Error(), m); err != nil {
				w.logged(m.Nak(w.Patience))
				return
			}
			w.logged(m.Terminate("quarantined"))
			return
		default:
			log.Error("submission not decided; trying again", zap.Uint64("deliveries", m.Deliveries), zap.Error(err))
			w.logged(m.Nak(time.Duration(m.Deliveries) * w.Patience))
			return
		}
	}
}

// logged notes an ack or nak that did not reach the server: the message comes again then, and the outcome is there already.
func (w *Worker) logged(err error) {
	if err != nil {
		w.Log.Warn("message not settled; it will come again", zap.Error(err))
	}
}

func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// safely makes an error of a panic: one sheet that breaks us must not keep the others waiting.
func (w *Worker) safely(decide func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = reporting.Errorf(reporting.Internal, "panic: %v\n%s", r, debug.Stack())
		}
	}()
	return decide()
}

// decide decides the submission, and before it every earlier one of the same unit that is still open. It does nothing for one that
// has an outcome; first says that its message is delivered for the first time.
func (w *Worker) decide(ctx context.Context, id string, first bool) error {
	e, err := w.Store.Envelope(id)
	if err != nil {
		return err
	}
	if e.Kind != reporting.SubmissionReceived {
		return reporting.Errorf(reporting.Invalid, "envelope %s is a %s", id, e.Kind)
	}
	if w.shared != nil { // before the lock is taken: whoever holds one waits for nobody
		if err := w.decideOthers(ctx, e, first); err != nil {
			return err
		}
	}
	lock := w.orgLock(e.Org)
	lock.Lock()
	defer lock.Unlock()
	open, err := w.open(ctx, e, first)
	if err != nil {
		return err
	}
	for i := len(open) - 1; i >= 0; i-- {
		if err := w.decideOne(ctx, open[i]); err != nil {
			return err
		}
	}
	return nil
}

func (w *Worker) orgLock(org string) *sync.Mutex {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.orgs[org] == nil {
		w.orgs[org] = new(sync.Mutex)
	}
	return w.orgs[org]
}

// open returns the submission and the earlier ones of its unit that have no outcome, newest first. An outcome is given only after
// those before it, so the walk ends at the first one that has it.
func (w *Worker) open(ctx context.Context, e reporting.Envelope, first bool) ([]reporting.Envelope, error) {
	var open []reporting.Envelope
	for {
		done, err := w.isDecided(ctx, e.ID, first && len(open) == 0)
		if err != nil {
			return nil, err
		}
		if done {
			return open, nil
		}
		open = append(open, e)
		if e.Prior == "" {
			return open, nil
		}
		if e, err = w.Store.Envelope(e.Prior); err != nil {
			return nil, reporting.Errorf(reporting.Internal, "journal: prior of %s: %w", open[len(open)-1].ID, err)
		}
	}
}

// isDecided spares the question for a submission that came in since we began and whose message is delivered for the first time:
// nobody else can have decided it, but for another process that was told of it in a second message, and two runs of one submission
// do no harm.
func (w *Worker) isDecided(ctx context.Context, id string, first bool) (bool, error) {
	w.mu.Lock()
	known := w.decided[id]
	w.mu.Unlock()
	if known || w.alone {
		return known, nil
	}
	if first && id > w.started {
		return false, nil
	}
	decided, err := w.Facts.Decided(ctx, []string{id})
	if decided[id] {
		w.remember(id)
	}
	return decided[id], err
}

func (w *Worker) remember(id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.decided[id] = true
}

// decideOne judges one submission, stores what it says, then its outcome, and announces it.
func (w *Worker) decideOne(ctx context.Context, e reporting.Envelope) error {
	entry, err := w.entry(ctx, e)
	if err != nil {
		return err
	}
	if err := w.commits.commit(ctx, entry); err != nil {
		return fmt.Errorf("submission %s: %w", e.ID, err)
	}
	// From here on the submission is decided. If we crash before the announcement, whoever waits for it looks for itself.
	w.remember(e.ID)
	d := entry.Decision
	w.pasts.after(e, d, entry.Reading)
	w.Log.Info("decided", zap.String("submission", d.Submission), zap.String("outcome", string(d.Outcome)), zap.String("form", d.Form),
		zap.String("org", d.Org), zap.Stringer("period", d.Period), zap.Int("observations", d.Observations), zap.Int("findings", len(d.Findings)))
	return w.announce(ctx, d)
}

// entry judges the submission.
func (w *Worker) entry(ctx context.Context, e reporting.Envelope) (clickhouse.Entry, error) {
	verdict, err := w.judge(ctx, e)
	if err != nil {
		return clickhouse.Entry{}, err
	}
	if finding, locked := w.locked(e); locked {
		verdict.Findings = append([]reporting.Finding{finding}, verdict.Findings...)
		verdict.Reading = reporting.Reading{}
	}
	same, err := w.sameFile(ctx, e, verdict.Form)
	if err != nil {
		return clickhouse.Entry{}, err
	}
	verdict.Findings = append(verdict.Findings, same...)
	d := reporting.Decision{
		Submission: e.ID, Outcome: reporting.Accepted, Form: verdict.Form, Org: e.Org, Period: e.Period, SHA256: e.SHA256, FileName: e.FileName,
		ReceivedAt: e.ReceivedAt, Observations: len(verdict.Reading.Observations), Findings: verdict.Findings,
	}
	if reporting.HasErrors(verdict.Findings) {
		d.Outcome = reporting.Rejected
	}
	slot := ""
	if form := w.Catalogue.Form(verdict.Form); form != nil {
		slot = form.Slot(e.Period)
	}
	return clickhouse.Entry{Decision: d, Attempt: clickhouse.NewAttempt(), Slot: slot, Reading: verdict.Reading}, nil
}

// judge reads the original and judges it, when there is a place.
func (w *Worker) judge(ctx context.Context, e reporting.Envelope) (Verdict, error) {
	w.judging <- struct{}{}
	defer func() { <-w.judging }()
	file, err := w.Store.OpenFile(e.SHA256)
	if err != nil {
		return Verdict{}, err
	}
	defer file.Close()
	judge := w.Judge.For(e, w.Store.Mappings(e.Org))
	v, err := judge.Judge(file, e.Form, e.Org, e.Period, func(form string) (validate.History, error) {
		return w.pasts.before(ctx, e, form)
	})
	if err != nil {
		return v, err
	}
	return v, judge.Elsewhere(&v, func(q validate.Wanted) ([]reporting.Fact, error) {
		return w.Facts.Elsewhere(ctx, q.Form, e.Org, q.Indicators, q.Keys, q.Period, e.ID)
	})
}

// locked says whether the period was closed when the submission came: by the last closing or opening before it in the journal.
func (w *Worker) locked(e reporting.Envelope) (reporting.Finding, bool) {
	var last reporting.Envelope
	for _, other := range w.Store.PeriodEvents() {
		if other.ID < e.ID && other.Period.Contains(e.Period) {
			last = other
		}
	}
	if last.Kind != reporting.PeriodClosed {
		return reporting.Finding{}, false
	}
	message := reporting.Textf("%s已于 %s 关闭（%s），不能再报送；确需更正请联系市局重新开放",
		"%s was closed on %s (%s): nothing can be sent for it; ask the bureau to open it again", e.Period.Label(), last.ReceivedAt.Format(time.DateOnly), last.Reason)
	return reporting.Finding{Code: reporting.PeriodLocked, Severity: reporting.SeverityError, Message: message.ZH, MessageEN: message.EN}, true
}

// sameFile notes that the very same file was accepted before. It is no error: the same facts take the place of themselves.
func (w *Worker) sameFile(ctx context.Context, e reporting.Envelope, form string) ([]reporting.Finding, error) {
	if !w.Store.SentBefore(e.SHA256, e.ID) {
		return nil, nil
	}
	earlier, err := w.Facts.SameFile(ctx, e.Org, form, e.Period, e.SHA256, e.ID)
	if err != nil || earlier == "" {
		return nil, err
	}
	message := reporting.Textf("这个文件与已受理的 %s 完全相同，数据没有变化", "this file is the same as %s, which was accepted: nothing changes", earlier)
	return []reporting.Finding{{Code: reporting.DuplicateFile, Severity: reporting.SeverityNote, Message: message.ZH, MessageEN: message.EN}}, nil
}

// maxAnnouncement bounds what is announced: a ledger of bad rows can have megabytes of findings.
const maxAnnouncement = 256 << 10

func (w *Worker) announce(ctx context.Context, d reporting.Decision) error {
	if w.Bus == nil {
		return nil
	}
	subject, err := nats.DecidedSubject(d.Org)
	if err != nil {
		return err
	}
	if d.Findings == nil {
		d.Findings = []reporting.Finding{}
	}
	payload, err := json.Marshal(d)
	if len(payload) > maxAnnouncement {
		d.Findings = nil
		payload, err = json.Marshal(d)
	}
	if err != nil {
		return err
	}
	return w.Bus.Publish(ctx, subject, d.Submission+"/decided", payload) // its own message id: the stream knows the receipt's already
}

// sweep announces again every submission that has no outcome and is not in the quarantine: its message was lost with a crash of
// intake, with the streams, or with a death of the consumer.
func (w *Worker) sweep(ctx context.Context) error {
	decided, err := w.Facts.DecidedAll(ctx)
	if err != nil {
		return fmt.Errorf("outcomes: %w", err)
	}
	quarantined, err := w.Bus.ListQuarantine(ctx)
	if err != nil {
		return fmt.Errorf("quarantine: %w", err)
	}
	held := map[string]bool{}
	for _, q := range quarantined {
		held[q.ID] = true
	}
	for e := range w.Store.Envelopes() {
		if e.Kind != reporting.SubmissionReceived || decided[e.ID] || held[e.ID] {
			continue
		}
		subject, err := nats.ReceivedSubject(e.Org)
		if err != nil {
			return err
		}
		payload, err := json.Marshal(reporting.Received{Submission: e.ID, SHA256: e.SHA256})
		if err != nil {
			return err
		}
		if err := w.Bus.Publish(ctx, subject, e.ID, payload); err != nil {
			return fmt.Errorf("announce %s: %w", e.ID, err)
		}
	}
	return nil
}

// Replay decides every submission of the journal, without the bus: a rebuild. Units are decided beside one another, each one's
// submissions in order; where one cannot be decided, the later ones of its unit are left open, and the error names it. progress is
// told how many of how many are done.
func (w *Worker) Replay(ctx context.Context, progress func(done, total int)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go w.commits.run(ctx)
	w.alone = true
	byOrg := map[string][]reporting.Envelope{}
	total := 0
	for e := range w.Store.Envelopes() {
		if e.Kind == reporting.SubmissionReceived {
			byOrg[e.Org] = append(byOrg[e.Org], e)
			total++
		}
	}
	queue := make(chan []reporting.Envelope)
	var wg sync.WaitGroup
	var mu sync.Mutex // guards done and errs
	done := 0
	var errs []error
	for range w.Workers {
		wg.Go(func() {
			for envelopes := range queue {
				for _, e := range envelopes {
					err := w.safely(func() error { return w.decide(ctx, e.ID, true) })
					mu.Lock()
					if err != nil {
						errs = append(errs, fmt.Errorf("replay %s of %s: %w", e.ID, e.Org, err))
						mu.Unlock()
						break
					}
					done++
					progress(done, total)
					mu.Unlock()
				}
			}
		})
	}
	for _, envelopes := range longestFirst(byOrg) {
		queue <- envelopes
	}
	close(queue)
	wg.Wait()
	return errors.Join(errs...)
}

// longestFirst orders the units by how much they sent, so that the longest row is not begun last.
func longestFirst(byOrg map[string][]reporting.Envelope) [][]reporting.Envelope {
	size := func(envelopes []reporting.Envelope) (n int64) {
		for _, e := range envelopes {
			n += e.Size
		}
		return n
	}
	return slices.SortedFunc(maps.Values(byOrg), func(a, b []reporting.Envelope) int { return cmp.Compare(size(b), size(a)) })
}
