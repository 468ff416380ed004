package worker

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"huizong/pkg/clickhouse"
	"huizong/pkg/nats"
	"huizong/pkg/originals"
	"huizong/pkg/reporting"
	"huizong/pkg/sample"
)

// talent is a sheet of form 14 for a month of 2020, in which the first count and the amount are as given.
func talent(month int, recruits, allowance string) sample.File {
	rows := [][2]string{{"事业单位招聘人员,名", recruits}, {"其中：人才引进,名", "0"}, {"三支一扶招募,名", "0"}, {"新聘任高级职称,人", "0"}, {"新聘任中级职称,人", "0"},
		{"新聘任初级职称,人", "0"}, {"推荐政府特殊津贴人选,名", "0"}, {"发放人才补贴企业,家", "1"}, {"人才生活补贴和安家补贴,万元", allowance}}
	var b strings.Builder
	b.WriteString("人事人才工作月报表\n指标名称,计量单位,本月数,本年累计\n")
	for _, r := range rows {
		fmt.Fprintf(&b, "%s,%s,%s\n", r[0], r[1], r[1])
	}
	return sample.File{Path: fmt.Sprintf("talent-%d.csv", month), Org: "349981RS", Form: "talent_monthly", Period: reporting.MonthPeriod(reporting.NewMonth(2020, month)), Bytes: []byte(b.String())}
}

// outcome is what became of the n-th submission.
func (s *stage) outcome(t *testing.T, n int) reporting.Decision {
	t.Helper()
	d, decided, err := s.Facts.Outcome(t.Context(), s.submissions[n].ID)
	if err != nil || !decided {
		t.Fatalf("submission %d is not decided: %v", n, err)
	}
	return d
}

// start runs a worker until stop is called.
func (s *stage) start(t *testing.T) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- New(s.Config).Run(ctx) }()
	stop = func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		ended <- nil
	}
	t.Cleanup(stop)
	return stop
}

// awaitDecided waits until so many entries have an outcome.
func (s *stage) awaitDecided(t *testing.T, n int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	s.await(t, ctx, func() bool { decided, err := s.Facts.DecidedAll(ctx); return err == nil && len(decided) >= n })
}

// rebuilt is the same journal, decided again on tables of its own.
func (s *stage) rebuilt(t *testing.T) (*stage, []Undecided) {
	t.Helper()
	again := *s
	again.Facts, again.Bus = newFacts(t), nil
	undecided, err := New(again.Config).Replay(t.Context(), func(int, int) {})
	if err != nil {
		t.Fatal(err)
	}
	return &again, undecided
}

// TestNumbersThatTookTheUnit are the numbers that once passed validation, failed in the store, and took the unit's later sheets and a rebuild
// with them. Each is found at its cell now, or rounded, and the next sheet of the unit is decided.
func TestNumbersThatTookTheUnit(t *testing.T) {
	t.Parallel()
	figures := func(period string, rate string) sample.File {
		p, _ := reporting.ParsePeriod(period)
		return sample.File{Path: "last.csv", Org: "349981BG", Form: "baseline_figures", Period: p,
			Bytes: []byte("上年同期数据表\n指标名称,计量单位,上年同期数\n劳动人事争议结案率,%," + rate + "\n受理劳动争议案件,件,12\n")}
	}
	s := newStage(t)
	s.connect(t)
	first, last := talent(1, "5", "1"), talent(12, "5", "1") // of the calendar's first and last month
	first.Period, last.Period = reporting.MonthPeriod(reporting.NewMonth(1900, 1)), reporting.MonthPeriod(reporting.NewMonth(2200, 12))
	s.receive(t, &sample.Kit{Files: []sample.File{
		figures("2019H1", "95.65217391304348"),
		figures("2018H1", "1234567890123456789012"),
		talent(1, "1234567890123456789012", "1"),
		talent(1, "5", "349981199001010011"),
		talent(1, "5", "0.30000000000000004"),
		talent(1, "-1", "1E+30"),
		talent(1, "13800138000", "46.8"),
		talent(2, "6", "46.8"),
		first, last,
	}})
	stop := s.start(t)
	s.awaitDecided(t, len(s.submissions))
	for n, want := range map[int]string{0: "", 1: "C3", 2: "C3", 3: "C11", 4: "", 6: "C3"} {
		d := s.outcome(t, n)
		if want == "" {
			if d.Outcome != reporting.Accepted || len(d.Findings) > 0 {
				t.Errorf("sheet %d is %s: %v", n, d.Outcome, d.Findings)
			}
			continue
		}
		i := slices.IndexFunc(d.Findings, func(f reporting.Finding) bool { return f.Code == reporting.OutOfBounds })
		if d.Outcome != reporting.Rejected || i < 0 || d.Findings[i].Cell != want || !strings.Contains(d.Findings[i].Message, "小于 10 ") {
			t.Errorf("sheet %d is %s: %v; want out_of_bounds at %s", n, d.Outcome, d.Findings, want)
			continue
		}
		if strings.Contains(fmt.Sprint(d.Findings), "349981199001010011") {
			t.Errorf("sheet %d shows an identity number: %v", n, d.Findings)
		}
	}
	for n := range s.submissions {
		if d := s.outcome(t, n); d.ThroughOurFault() {
			t.Errorf("sheet %d could not be decided", n)
		}
	}
	stop()
	want := s.answers(t)
	again, undecided := s.rebuilt(t)
	if got := again.answers(t); got != want || len(undecided) > 0 {
		t.Errorf("rebuilt, with %v undecided:\n%s\nwas\n%s", undecided, got, want)
	}
}

// TestTheLastGate: a value that fits no column, should one come as far as the store, rejects its sheet with a finding at its cell.
func TestTheLastGate(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.receive(t, &sample.Kit{Files: []sample.File{talent(1, "1", "1")}})
	w := New(s.Config)
	go w.commits.run(t.Context())
	e := s.submissions[0]
	d := reporting.Decision{Submission: e.ID, Outcome: reporting.Accepted, Form: e.Form, Org: e.Org, Period: e.Period, ReceivedAt: e.ReceivedAt, Observations: 1}
	_, err := w.storeFitting(t.Context(), e, clickhouse.Entry{Decision: d, Attempt: clickhouse.NewAttempt(), Slot: "2020-01", Reading: reporting.Reading{Observations: []reporting.Observation{{
		Indicator: "talent.subsidy_amount", Unit: e.Org, Period: e.Period, Value: reporting.MustDecimal("3499811990010100110000"), Lineage: reporting.Lineage{Cell: "C11", Written: "349981199001010011"}}}}})
	if err != nil {
		t.Fatal(err)
	}
	if d := s.outcome(t, 0); d.Outcome != reporting.Rejected || d.Observations != 0 || len(d.Findings) != 1 || d.Findings[0].Code != reporting.OutOfBounds || d.Findings[0].Cell != "C11" {
		t.Errorf("%+v", d)
	}
}

// damage alters the original of a submission, and returns what puts it back.
func (s *stage) damage(t *testing.T, dir string, e reporting.Envelope) (mend func()) {
	t.Helper()
	path := filepath.Join(dir, "originals", e.SHA256[:2], e.SHA256)
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	overwrite(t, path, []byte("somebody else's numbers"))
	return func() { overwrite(t, path, file) }
}

// TestUndecided: a sheet that cannot be decided gets an outcome that says whose fault it is, and holds up neither the unit's next sheet nor a
// rebuild. When the fault is mended, a rebuild comes to the same all the same, until the sheet is replayed; and to the same again after.
func TestUndecided(t *testing.T) {
	t.Parallel()
	s, dir := newStage(t), t.TempDir()
	var err error
	if s.Store, err = originals.Open(dir, originals.Options{}); err != nil {
		t.Fatal(err)
	}
	core, logs := observer.New(zap.ErrorLevel)
	s.Log = zap.New(core)
	s.connect(t)
	s.receive(t, &sample.Kit{Files: []sample.File{talent(1, "1", "1"), talent(2, "2", "2"), talent(3, "3", "3"), talent(2, "4", "4")}})
	mend := s.damage(t, dir, s.submissions[1])
	s.start(t)
	s.awaitDecided(t, 4)
	d := s.outcome(t, 1)
	if !d.ThroughOurFault() || !strings.Contains(d.Findings[0].Message, "请不要重报") {
		t.Errorf("the sheet that cannot be decided: %+v", d)
	}
	said, there := s.Store.Undecided(s.submissions[1].ID)
	if !there || !strings.Contains(said.Reason, "altered") {
		t.Errorf("the journal says %+v", said)
	}
	if logs.FilterMessageSnippet("could not be decided").Len() != 1 {
		t.Errorf("nobody is alarmed: %v", logs.All())
	}
	before := s.answers(t)
	mend()
	again, undecided := s.rebuilt(t)
	if got := again.answers(t); got != before {
		t.Errorf("rebuilt:\n%s\nwas\n%s", got, before)
	}
	if len(undecided) != 1 || undecided[0].Submission != s.submissions[1].ID || undecided[0].Org != "349981RS" || undecided[0].Reason != said.Reason {
		t.Errorf("the rebuild lists %+v", undecided)
	}

	e := s.submissions[1]
	replay, err := s.Store.Append(t.Context(), reporting.Envelope{Kind: reporting.SubmissionReplayed, Org: e.Org, Form: e.Form, Period: e.Period, Subject: e.ID})
	if err != nil {
		t.Fatal(err)
	}
	s.announce(t, replay, replay.ID)
	s.awaitDecided(t, 5)
	if d := s.outcome(t, 1); d.ThroughOurFault() {
		t.Errorf("after the replay: %+v", d)
	}
	after := s.answers(t)
	again, undecided = s.rebuilt(t)
	if got := again.answers(t); got != after || len(undecided) > 0 {
		t.Errorf("rebuilt after the replay, with %v undecided:\n%s\nwas\n%s", undecided, got, after)
	}
	if after == before {
		t.Error("the replay changed nothing")
	}
}

var (
	replayRuns = flag.Int("replays", 2, "runs of sheets, faults, closings and replays")
	replaySeed = flag.Uint64("replay-seed", 1, "seed of the first")
)

// TestReplaysAndARebuild: sheets come, originals break and are mended, periods are closed and opened, what could not be decided is replayed, all
// in any order; a rebuild, by a program that could decide everything, comes to the same outcomes, findings and facts.
func TestReplaysAndARebuild(t *testing.T) {
	t.Parallel()
	for n := range *replayRuns {
		seed := *replaySeed + uint64(n)
		t.Run(fmt.Sprint("Seed", seed), func(t *testing.T) { t.Parallel(); replayAndRebuild(t, rand.New(rand.NewPCG(seed, 0))) })
	}
}

func replayAndRebuild(t *testing.T, random *rand.Rand) {
	s, dir := newStage(t), t.TempDir()
	var err error
	if s.Store, err = originals.Open(dir, originals.Options{}); err != nil {
		t.Fatal(err)
	}
	s.connect(t)
	stop := s.start(t)
	mend := map[int]func(){} // of submissions that cannot be decided
	entries, replays := 0, 0
	replay := func(n int) {
		mend[n]()
		delete(mend, n)
		e := s.submissions[n]
		r, err := s.Store.Append(t.Context(), reporting.Envelope{Kind: reporting.SubmissionReplayed, Org: e.Org, Form: e.Form, Period: e.Period, Subject: e.ID})
		if err != nil {
			t.Fatal(err)
		}
		s.announce(t, r, r.ID)
		entries, replays = entries+1, replays+1
	}
	for range 24 {
		switch n := len(s.submissions); random.IntN(8) {
		case 0:
			kind := []reporting.EnvelopeKind{reporting.PeriodClosed, reporting.PeriodOpened, reporting.PeriodOpened}[random.IntN(3)]
			if _, err := s.Store.Append(t.Context(), reporting.Envelope{Kind: kind, Period: reporting.MonthPeriod(reporting.NewMonth(2020, 1+random.IntN(4))), Reason: "x"}); err != nil {
				t.Fatal(err)
			}
		case 1, 2:
			s.awaitDecided(t, entries)
			for n := range mend { // any of them
				replay(n)
				break
			}
		default:
			s.receive(t, &sample.Kit{Files: []sample.File{talent(1+random.IntN(4), fmt.Sprint(1+random.IntN(50)), fmt.Sprint(random.IntN(9)))}})
			sum := s.submissions[n].SHA256
			same := slices.ContainsFunc(s.submissions[:n], func(e reporting.Envelope) bool { return e.SHA256 == sum })
			if random.IntN(3) == 0 && !same {
				mend[n] = s.damage(t, dir, s.submissions[n])
			}
			s.announce(t, s.submissions[n], s.submissions[n].ID)
			entries++
		}
	}
	s.awaitDecided(t, entries)
	stop()
	want := s.answers(t)
	for _, mended := range mend {
		mended()
	}
	again, undecided := s.rebuilt(t)
	if got := again.answers(t); got != want || len(undecided) != len(mend) {
		t.Errorf("%d undecided, want %d; rebuilt:\n%s\nwas\n%s", len(undecided), len(mend), got, want)
	}
	if replays == 0 {
		t.Error("nothing was replayed: take another seed")
	}
}

// TestRebuildMeetsAFault: what a rebuild alone fails at is listed, and the journal is not written to.
func TestRebuildMeetsAFault(t *testing.T) {
	t.Parallel()
	s, dir := newStage(t), t.TempDir()
	var err error
	if s.Store, err = originals.Open(dir, originals.Options{}); err != nil {
		t.Fatal(err)
	}
	s.receive(t, &sample.Kit{Files: []sample.File{talent(1, "1", "1"), talent(2, "2", "2"), talent(3, "3", "3")}})
	whole, undecided := s.rebuilt(t)
	if len(undecided) > 0 {
		t.Fatalf("undecided: %v", undecided)
	}
	mend := s.damage(t, dir, s.submissions[0])
	broken, undecided := s.rebuilt(t)
	if len(undecided) != 1 || !strings.Contains(undecided[0].Reason, "altered") || s.Store.Len() != 3 {
		t.Errorf("the rebuild lists %+v; the journal has %d entries", undecided, s.Store.Len())
	}
	if d := broken.outcome(t, 2); d.ThroughOurFault() {
		t.Errorf("the unit's last sheet: %+v", d)
	}
	mend()
	again, _ := s.rebuilt(t)
	if got, want := again.answers(t), whole.answers(t); got != want {
		t.Errorf("rebuilt:\n%s\nwas\n%s", got, want)
	}
}

// TestDeaths: what a process has died of maxDeaths times is not begun again; what was in work beside it, a few times, is.
func TestDeaths(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.Tries = t.TempDir()
	s.connect(t)
	s.receive(t, &sample.Kit{Files: []sample.File{talent(1, "1", "1"), talent(2, "2", "2")}})
	killer := newTries(s.Tries, s.Log)
	for n, deaths := range []int{maxDeaths, maxTries} {
		for range deaths {
			killer.begin(s.submissions[n].ID) // and the process is gone
		}
	}
	stop := s.start(t)
	s.awaitDecided(t, 2)
	stop()
	said, _ := s.Store.Undecided(s.submissions[0].ID)
	if d := s.outcome(t, 0); !d.ThroughOurFault() || !strings.Contains(said.Reason, "ended 30 times") {
		t.Errorf("%+v, for %q", d, said.Reason)
	}
	if d := s.outcome(t, 1); d.ThroughOurFault() {
		t.Errorf("the one beside it: %+v", d)
	}
	New(s.Config).load(t.Context()) // it was stopped perhaps between an outcome and the end of its try
	if left, err := os.ReadDir(s.Tries); err != nil || len(left) > 0 {
		t.Errorf("%d tries are left: %v", len(left), err)
	}
}

// TestServerAwayIsNoTry: however often a server that is away breaks a decision off, the sheet is decided when it is back.
func TestServerAwayIsNoTry(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	away, refused := s.interrupt(t)
	s.connect(t)
	s.Tries = t.TempDir()
	s.start(t)
	s.receive(t, &sample.Kit{Files: []sample.File{talent(1, "1", "1")}})
	s.announce(t, s.submissions[0], "first")
	s.awaitDecided(t, 1) // the worker has read what is decided, and is at work
	away.Store(true)
	s.receive(t, &sample.Kit{Files: []sample.File{talent(2, "2", "2")}})
	s.announce(t, s.submissions[1], "second")
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	s.await(t, ctx, func() bool { return refused.Load() > 10*maxTries })
	away.Store(false)
	s.awaitDecided(t, 2)
	if d := s.outcome(t, 1); d.ThroughOurFault() {
		t.Errorf("%+v", d)
	}
}

// TestTheServerIsAwayForOneSheet: a sheet that breaks the connection each time it is stored, while others are stored, is given up in the end, and
// harms no other: not those that share its inserts, and not the unit's next.
func TestTheServerIsAwayForOneSheet(t *testing.T) {
	t.Parallel()
	const poison = "98765432"
	s := newStage(t)
	s.Facts = newFactsOver(t, func(ctx context.Context, addr string) (net.Conn, error) {
		conn, err := shared.DialContext(ctx, addr)
		return poisoned{conn, []byte(poison)}, err
	})
	s.connect(t)
	kit := &sample.Kit{Files: []sample.File{talent(1, poison, "1"), talent(2, "2", "2")}}
	for n := range 3 * maxOvertaken {
		kit.Files = append(kit.Files, sample.File{Path: "other.csv", Org: fmt.Sprintf("34998100%d", 1+n%6), Period: reporting.MonthPeriod(reporting.NewMonth(2020, 1)), Bytes: fmt.Appendf(nil, "甲,乙\n%d,1\n", n)})
	}
	s.receive(t, kit)
	s.start(t)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	s.await(t, ctx, func() bool {
		decided, err := s.Facts.DecidedAll(ctx)
		return err == nil && len(decided) >= len(kit.Files)-2
	})
	more := len(kit.Files)
	s.await(t, ctx, func() bool { // others go on until it is given up
		if _, given := s.Store.Undecided(s.submissions[0].ID); given {
			return true
		}
		s.receive(t, &sample.Kit{Files: []sample.File{{Path: "other.csv", Org: "349981002", Period: reporting.MonthPeriod(reporting.NewMonth(2020, 1)), Bytes: fmt.Appendf(nil, "甲,乙\n%d,2\n", more)}}})
		s.announce(t, s.submissions[more], fmt.Sprint("more", more))
		more++
		return false
	})
}

// poisoned is a connection that breaks when something is sent over it.
type poisoned struct {
	net.Conn
	by []byte
}

func (c poisoned) Write(b []byte) (int, error) {
	if bytes.Contains(b, c.by) {
		return 0, &net.OpError{Op: "write", Err: syscall.ECONNRESET}
	}
	return c.Conn.Write(b)
}

// TestWaitingIsSaid: of a sheet that waits for longer than a message may go unanswered the server hears, and does not deliver it again.
func TestWaitingIsSaid(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.AckWait = 2 * time.Second
	away, _ := s.interrupt(t)
	s.connect(t)
	w := New(s.Config)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- w.Run(ctx) }()
	s.receive(t, &sample.Kit{Files: []sample.File{talent(1, "1", "1"), talent(2, "2", "2")}})
	s.announce(t, s.submissions[0], "first")
	s.awaitDecided(t, 1)
	away.Store(true)
	s.announce(t, s.submissions[1], "second")
	<-time.After(3 * s.AckWait)
	if held := w.queue.held(); len(held) != 1 || held[0].Deliveries != 1 {
		t.Errorf("held: %+v", held)
	}
	away.Store(false)
	s.awaitDecided(t, 2)
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// interrupt makes connections to the database break while away is set; refused counts what was not sent.
func (s *stage) interrupt(t *testing.T) (away *atomic.Bool, refused *atomic.Int32) {
	t.Helper()
	away, refused = new(atomic.Bool), new(atomic.Int32)
	s.Facts = newFactsOver(t, func(ctx context.Context, addr string) (net.Conn, error) {
		conn, err := shared.DialContext(ctx, addr)
		return interrupted{conn, away, refused}, err
	})
	return away, refused
}

// interrupted is a connection that breaks while the server is away.
type interrupted struct {
	net.Conn
	away    *atomic.Bool
	refused *atomic.Int32
}

func (c interrupted) Write(b []byte) (int, error) {
	if c.away.Load() {
		c.refused.Add(1)
		return 0, &net.OpError{Op: "write", Err: syscall.ECONNRESET}
	}
	return c.Conn.Write(b)
}

var floodSize = flag.Int("flood", 100, "sheets that one unit sends at once")

// TestFlood: one unit sends a hundred sheets (five hundred in make soak), and then another one sends one. The other's is decided among the first.
func TestFlood(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	core, logs := observer.New(zap.InfoLevel)
	s.Log = zap.New(core)
	s.connect(t)
	kit := &sample.Kit{}
	for n := range *floodSize {
		kit.Files = append(kit.Files, sample.File{Path: "flood.csv", Org: "349981001", Period: reporting.MonthPeriod(reporting.NewMonth(2020, 1)), Bytes: fmt.Appendf(nil, "甲,乙\n%d,1\n", n)})
	}
	kit.Files = append(kit.Files, talent(1, "1", "1"))
	s.receive(t, kit)
	for _, e := range s.submissions {
		s.announce(t, e, e.ID)
	}
	s.start(t)
	s.awaitDecided(t, len(s.submissions))
	place := 0
	var last string
	for n, entry := range logs.FilterMessage("decided").All() {
		id := entry.ContextMap()["submission"].(string)
		switch {
		case id == s.submissions[*floodSize].ID:
			place = n + 1
		case id <= last:
			t.Errorf("%s of the unit is decided after %s", id, last)
		default:
			last = id
		}
	}
	if place == 0 || place > *floodSize/10 {
		t.Errorf("the other unit's sheet is the %dth that is decided", place)
	}
}

// TestQueue: messages in any order, and sweeps, add each entry once; of a unit's messages one is held, and each is given back once.
func TestQueue(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	var files []sample.File
	for n := range 6 {
		files = append(files, sample.File{Path: "x.csv", Org: []string{"349981001", "349981002"}[n%2], Period: reporting.MonthPeriod(reporting.NewMonth(2020, 1)), Bytes: fmt.Appendf(nil, "%d", n)})
	}
	s.receive(t, &sample.Kit{Files: files[:2]})
	q := newQueue(s.Store)
	if open := q.load(map[string]bool{s.submissions[0].ID: true}); open != 1 {
		t.Fatalf("%d are open", open)
	}
	s.receive(t, &sample.Kit{Files: files[2:]})
	needless := 0
	for i, n := range []int{4, 2, 0, 5, 3, 5} {
		if q.receive(s.submissions[n], nats.Message{MsgID: fmt.Sprint(i)}) != nil {
			needless++
		}
	}
	for range 3 {
		q.sweep()
	}
	if needless != 4 || len(q.held()) != 2 {
		t.Errorf("%d messages were needless, %d are held", needless, len(q.held()))
	}
	var order []string
	acknowledged := 0
	for len(q.turns) > 0 {
		u, e, _ := q.next(t.Context())
		order = append(order, e.ID)
		if q.decided(u) != nil {
			acknowledged++
		}
	}
	var want []string
	for _, n := range []int{1, 2, 3, 4, 5} {
		want = append(want, s.submissions[n].ID)
	}
	if !slices.Equal(order, want) || acknowledged != 2 {
		t.Errorf("decided %v, want %v; %d acknowledged", order, want, acknowledged)
	}
	q.sweep()
	if len(q.turns) != 0 {
		t.Error("a sweep brings back what is decided")
	}
}
