// Package worker decides submissions: decode, match, normalize, validate, insert the facts, read them back, record the outcome
// last, announce it, acknowledge.
//
// A message only says that there is work. What is decided, and against what, follows from the journal: a submission is judged
// after every earlier one of its unit, in whatever order messages arrive or however often. So a run without faults, one with
// kills, and a rebuild come to the same. A submission that cannot be decided gets an outcome of
// its own kind, and holds up no other.
package worker

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"go.uber.org/zap"

	"huizong/pkg/clickhouse"
	"huizong/pkg/judge"
	"huizong/pkg/nats"
	"huizong/pkg/originals"
	"huizong/pkg/reporting"
	"huizong/pkg/validate"
)

// Config of the service. All fields but the last five are needed; Bus is not for a Replay.
type Config struct {
	Store     *originals.Store
	Facts     *clickhouse.Store
	Bus       *nats.Bus
	Catalogue *reporting.Catalogue
	Judge     *judge.Room
	Log       *zap.Logger

	Workers    int           // entries in work at a time; default DefaultWorkers
	SweepEvery time.Duration // default a minute
	Patience   time.Duration // between two looks whether a server that did not answer is back; default a second
	AckWait    time.Duration // silence after which a message is delivered again; of one that waits or is in work the server hears more often. Default half a minute
	Tries      string        // folder that remembers what a process was at when it died; "" remembers nothing
}

// Defaults of a Config. Many are in work at a time, so that they share their inserts; only as many as there are processors are
// judged at once, which bounds the memory.
const (
	DefaultWorkers    = 16
	DefaultSweepEvery = time.Minute
	DefaultPatience   = time.Second
	DefaultAckWait    = 30 * time.Second
)

// Worker is the service.
type Worker struct {
	Config
	commits *committer
	pasts   *pasts
	queue   *queue
	tries   *tries
	apart   sync.RWMutex      // held alone while an entry is decided of which the process may have died
	shared  []*reporting.Form // forms in which persons or enterprises are to be reported by one unit only
}

// New returns the service.
func New(c Config) *Worker {
	c.Workers = cmp.Or(c.Workers, DefaultWorkers)
	c.SweepEvery = cmp.Or(c.SweepEvery, DefaultSweepEvery)
	c.Patience = cmp.Or(c.Patience, DefaultPatience)
	c.AckWait = cmp.Or(c.AckWait, DefaultAckWait)
	w := &Worker{Config: c, commits: newCommitter(c.Facts, c.Catalogue), pasts: newPasts(c.Facts, c.Catalogue), queue: newQueue(c.Store),
		tries: newTries(c.Tries, c.Log)}
	for _, f := range c.Catalogue.Forms {
		if f.Shared(reporting.YearPeriod(2000)) != nil {
			w.shared = append(w.shared, f)
		}
	}
	return w
}

// Run decides the entries that the journal has and the database has not, and then those that come in, until ctx ends. An entry needs no
// message to be decided: sweeps find it in the journal, at the start and every SweepEvery.
func (w *Worker) Run(ctx context.Context) error {
	if !w.load(ctx) {
		return nil
	}
	running, end := context.WithCancel(ctx)
	defer end()
	go w.commits.run(running)
	done := w.work(running, func() {})
	sub, err := w.Bus.Consume(ctx, nats.ConsumerConfig{
		Stream: nats.Submissions, Durable: "worker", Filter: nats.AllReceived, AckWait: w.AckWait,
		MaxAckPending: 1000 + 2*len(w.Catalogue.Units), // one is held for each unit
	}, w.receive)
	if err != nil {
		return fmt.Errorf("worker: %w", err)
	}
	sweep, beat := time.NewTicker(w.SweepEvery), time.NewTicker(w.AckWait/4)
	defer sweep.Stop()
	defer beat.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-w.Bus.Restored():
			w.queue.sweep()
		case <-sweep.C:
			w.queue.sweep()
		case <-beat.C:
			for _, m := range w.queue.held() {
				w.logged(m.InProgress())
			}
		}
	}
	sub.Wait()
	<-done
	for _, m := range w.queue.held() { // to be delivered to the next process at once
		w.logged(m.Nak(0))
	}
	return nil
}

// load reads which entries of the journal have an outcome, once; false when ctx has ended before there was an answer.
func (w *Worker) load(ctx context.Context) bool {
	for {
		decided, err := w.Facts.DecidedAll(ctx)
		if err == nil {
			w.queue.load(decided)
			w.tries.forget(decided)
			return true
		}
		if ctx.Err() == nil {
			w.Log.Warn("waiting for the database", zap.Error(err))
		}
		if !sleep(ctx, w.Patience) {
			return false
		}
	}
}

// work runs the workers until ctx ends, and closes the channel when they have. decided is called after each entry.
func (w *Worker) work(ctx context.Context, decided func()) <-chan struct{} {
	var workers sync.WaitGroup
	for range w.Workers {
		workers.Go(func() {
			for {
				u, e, ok := w.queue.next(ctx)
				if !ok {
					return
				}
				w.turn(ctx, u, e, decided)
			}
		})
	}
	done := make(chan struct{})
	go func() { workers.Wait(); close(done) }()
	return done
}

// receive queues the entry that a message names. The message is acknowledged when the entry has its outcome, or when a later message of the
// unit makes it needless.
func (w *Worker) receive(ctx context.Context, m nats.Message) {
	var received reporting.Received
	if err := json.Unmarshal(m.Data, &received); err != nil {
		w.Log.Error("message is not one of ours", zap.String("subject", m.Subject), zap.Error(err))
		w.logged(m.Terminate("not a received submission"))
		return
	}
	e, err := w.Store.Envelope(received.Submission)
	if err != nil || !e.Kind.Decides() {
		w.Log.Error("message is about no submission of the journal", zap.String("submission", received.Submission), zap.Error(err))
		w.logged(m.Terminate("no submission of the journal"))
		return
	}
	if needless := w.queue.receive(e, m); needless != nil {
		w.logged(needless.Ack(context.WithoutCancel(ctx)))
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

// turn decides the first open entry of the unit whose turn it is. This table, and nothing else, says what becomes of it:
//
//	waits for another unit   the unit is put aside until that one's entry is decided
//	decided                  the message is acknowledged, after the outcome is stored; the unit's next entry has its next turn
//	canceled                 we are being stopped: nothing
//	unavailable              again after a while, as often as it takes: a server that is away is not the sheet's fault. It is given up
//	                         where others are stored again and again meanwhile
//	internal, a panic        again, with growing pauses; after maxTries, or maxDeaths of the process, an outcome that says so
func (w *Worker) turn(ctx context.Context, u *unit, e reporting.Envelope, decided func()) {
	if other, waits := w.others(e); waits {
		w.queue.park(u, other)
		return
	}
	err := w.attempt(ctx, e)
	log := w.Log.With(zap.String("submission", cmp.Or(e.Subject, e.ID)), zap.String("org", e.Org))
	switch code := reporting.CodeOf(err); {
	case err == nil:
		if m := w.queue.decided(u); m != nil {
			w.logged(m.Ack(context.WithoutCancel(ctx)))
		}
		decided()
	case ctx.Err() != nil, code == reporting.Canceled:
		w.queue.rest(u, 0)
	case code == reporting.Unavailable:
		log.Warn("waiting for a server", zap.Error(err))
		w.queue.rest(u, w.Patience)
	default:
		n := w.tries.of(e.ID)
		log.Error("submission not decided; trying again", zap.Int("tries", n), zap.Error(err))
		w.queue.rest(u, time.Duration(n)*w.Patience)
	}
}

// attempt is one try to decide the entry. An entry that a process may have died of is decided alone, so that none beside it is blamed.
func (w *Worker) attempt(ctx context.Context, e reporting.Envelope) error {
	begun := w.tries.of(e.ID)
	if w.tries.mayBeFatal(e.ID) {
		w.apart.Lock()
		defer w.apart.Unlock()
	} else {
		w.apart.RLock()
		defer w.apart.RUnlock()
	}
	if begun >= maxDeaths {
		return w.giveUp(ctx, e, fmt.Errorf("the process ended %d times while it was at it", begun))
	}
	w.tries.begin(e.ID)
	stored := w.commits.stored.Load()
	err := w.safely(func() error { return w.decide(ctx, e) })
	code := reporting.CodeOf(err)
	switch {
	case err == nil:
		w.tries.end(e.ID)
	case ctx.Err() != nil, code == reporting.Canceled:
		w.tries.forgive(e.ID)
	case code == reporting.Unavailable:
		w.tries.forgive(e.ID)
		if n := w.tries.brokenOff(e.ID, w.commits.stored.Load() > stored); n >= maxOvertaken {
			return w.giveUp(ctx, e, fmt.Errorf("%d others were stored while it could not be: %w", n, err))
		}
	case w.tries.fail(e.ID) >= maxTries:
		return w.giveUp(ctx, e, err)
	}
	return err
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

// decide judges what an entry is of, stores what it says, then its outcome, and announces it.
func (w *Worker) decide(ctx context.Context, at reporting.Envelope) error {
	if _, undecided := w.Store.Undecided(at.ID); undecided { // so it was, and so it is for good, until it is replayed
		return w.storeUndecided(ctx, at)
	}
	e, err := w.judged(at)
	if err != nil {
		return err
	}
	entry, err := w.entry(ctx, e)
	if err != nil {
		return err
	}
	if entry, err = w.storeFitting(ctx, at, entry); err != nil {
		return err
	}
	w.pasts.after(e, entry.Decision, entry.Reading)
	return nil
}

// storeFitting stores the entry, or, where a value fits no column, its rejection with that finding, and returns what it stored. Values are
// bounded where they are read, so this is the last gate, and not the first.
func (w *Worker) storeFitting(ctx context.Context, at reporting.Envelope, entry clickhouse.Entry) (clickhouse.Entry, error) {
	err := w.store(ctx, at, entry)
	finding, unfit := reporting.FindingOf(err)
	if !unfit {
		return entry, err
	}
	entry.Attempt, entry.Reading = clickhouse.NewAttempt(), reporting.Reading{}
	entry.Decision.Outcome, entry.Decision.Observations = reporting.Rejected, 0
	entry.Decision.Findings = append([]reporting.Finding{finding}, entry.Decision.Findings...)
	return entry, w.store(ctx, at, entry)
}

// judged is what is judged for an entry: the submission, and for a replay the submission as if it had come with the replay, so that what
// it is judged against is the same in a rebuild.
func (w *Worker) judged(at reporting.Envelope) (reporting.Envelope, error) {
	if at.Kind != reporting.SubmissionReplayed {
		return at, nil
	}
	e, err := w.Store.Envelope(at.Subject)
	if err != nil {
		return e, reporting.Errorf(reporting.Internal, "journal: %s replays %w", at.ID, err)
	}
	e.ID, e.Prior, e.Subject = at.ID, at.Prior, at.Subject
	return e, nil
}

// store stores what is meant by an entry, its outcome last, and announces it.
func (w *Worker) store(ctx context.Context, at reporting.Envelope, entry clickhouse.Entry) error {
	if at.Kind == reporting.SubmissionReplayed {
		entry.Replay = at
	}
	d := entry.Decision
	if err := w.commits.commit(ctx, entry, w.tries.wasBrokenOff(at.ID)); err != nil {
		return fmt.Errorf("submission %s: %w", d.Submission, err)
	}
	// From here on the submission is decided. If we crash before the announcement, or it fails, those who wait for it look for themselves.
	w.Log.Info("decided", zap.String("submission", d.Submission), zap.String("outcome", string(d.Outcome)), zap.String("form", d.Form),
		zap.String("org", d.Org), zap.Stringer("period", d.Period), zap.Int("observations", d.Observations), zap.Int("findings", len(d.Findings)))
	if err := w.announce(ctx, at.ID, d); err != nil {
		w.Log.Warn("outcome not announced", zap.String("submission", d.Submission), zap.Error(err))
	}
	return nil
}

// entry judges the submission.
func (w *Worker) entry(ctx context.Context, e reporting.Envelope) (clickhouse.Entry, error) {
	verdict, err := w.judge(ctx, e)
	if err != nil {
		return clickhouse.Entry{}, err
	}
	if err := w.compare(ctx, e, &verdict); err != nil {
		return clickhouse.Entry{}, err
	}
	d := reporting.Decision{
		Submission: cmp.Or(e.Subject, e.ID), Outcome: reporting.Accepted, Form: verdict.Form, Org: e.Org, Period: e.Period, SHA256: e.SHA256, FileName: e.FileName,
		ReceivedAt: e.ReceivedAt, Observations: len(verdict.Reading.Observations), Findings: verdict.Findings,
	}
	if reporting.HasErrors(verdict.Findings) {
		d.Outcome = reporting.Rejected
	}
	entry := clickhouse.Entry{Decision: d, Attempt: clickhouse.NewAttempt(), Reading: verdict.Reading}
	if form := w.Catalogue.Form(verdict.Form); form != nil {
		entry.Slot, entry.Hashes = form.Slot(e.Period), w.monthHashes(e, d, form, verdict.Reading)
	}
	return entry, nil
}

// judge has the original read and judged, when it is its turn.
func (w *Worker) judge(ctx context.Context, e reporting.Envelope) (judge.Verdict, error) {
	file, err := w.Store.OpenFile(e.SHA256)
	if err != nil {
		return judge.Verdict{}, err
	}
	defer file.Close()
	before, end := w.pasts.early(ctx, e)
	defer end()
	return w.Judge.Decide(ctx, file, e, judge.History{
		Before: before,
		Elsewhere: func(q validate.Wanted) ([]reporting.Fact, error) {
			return w.Facts.Elsewhere(ctx, q.Form, e.Org, q.Indicators, q.Keys, q.Period, e.ID)
		},
	})
}

// maxAnnouncement bounds what is announced: a ledger of bad rows can have megabytes of findings.
const maxAnnouncement = 256 << 10

func (w *Worker) announce(ctx context.Context, entry string, d reporting.Decision) error {
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
	return w.Bus.Publish(ctx, subject, entry+"/decided", payload) // its own message id: the stream knows the receipt's already
}
