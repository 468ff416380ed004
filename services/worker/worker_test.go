package worker

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand"
	"net"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/zap"

	"huizong/pkg/clickhouse"
	"huizong/pkg/engine"
	"huizong/pkg/judge"
	"huizong/pkg/judge/judgetest"
	"huizong/pkg/nats"
	"huizong/pkg/originals"
	"huizong/pkg/reporting"
	"huizong/pkg/sample"
	"huizong/schemas"
)

// shared is one engine for all tests of the package; each test has a database of its own.
var shared *engine.Engine

func TestMain(m *testing.M) {
	engine.RunIfChild()
	judge.RunIfChild(nil)
	dir, err := os.MkdirTemp("", "worker-test")
	if err != nil {
		panic(err)
	}
	shared, err = engine.Start(context.Background(), engine.Config{Dir: dir})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	status := m.Run()
	shared.Close()
	os.RemoveAll(dir)
	os.Exit(status)
}

// stage is everything that a worker stands on.
type stage struct {
	Config
	submissions []reporting.Envelope
}

var databases atomic.Int32

func newStage(t *testing.T) *stage {
	t.Helper()
	store, err := originals.Open(t.TempDir(), originals.Options{})
	if err != nil {
		t.Fatal(err)
	}
	judge, catalogue := judgetest.Open(t, schemas.FS(), store.Mappings)
	return &stage{Config: Config{Store: store, Facts: newFacts(t), Catalogue: catalogue, Judge: judge, Log: zap.NewNop(), Patience: time.Millisecond}}
}

func newFacts(t *testing.T) *clickhouse.Store {
	t.Helper()
	return newFactsOver(t, func(ctx context.Context, addr string) (net.Conn, error) { return shared.DialContext(ctx, addr) })
}

func newFactsOver(t *testing.T, dial func(context.Context, string) (net.Conn, error)) *clickhouse.Store {
	t.Helper()
	account := shared.Account(engine.Service)
	facts, err := clickhouse.Open(t.Context(), clickhouse.Config{Account: account.Name, Password: account.Password,
		Database:    fmt.Sprintf("huizong_worker_%d", databases.Add(1)),
		DialContext: dial})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { facts.Close() })
	if err := facts.Migrate(t.Context(), schemas.Sub("clickhouse")); err != nil {
		t.Fatal(err)
	}
	return facts
}

// receive puts the kit's files into the store, as intake does, without telling anybody.
func (s *stage) receive(t *testing.T, kit *sample.Kit) {
	t.Helper()
	for _, f := range kit.Files {
		sum, size, err := s.Store.Put(t.Context(), bytes.NewReader(f.Bytes), 1<<26)
		if err != nil {
			t.Fatal(err)
		}
		e, err := s.Store.Append(t.Context(), reporting.Envelope{Kind: reporting.SubmissionReceived, Org: f.Org, Form: f.Form, Period: f.Period,
			SHA256: sum, Size: size, FileName: filepath.Base(f.Path)})
		if err != nil {
			t.Fatal(err)
		}
		s.submissions = append(s.submissions, e)
	}
}

// connect starts a bus for the stage.
func (s *stage) connect(t *testing.T) {
	t.Helper()
	server, err := nats.StartServer(nats.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if s.Bus, err = server.Connect(nats.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Bus.Close(); server.Close() })
	if err := s.Bus.EnsureStreams(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
}

func (s *stage) announce(t *testing.T, e reporting.Envelope, msgID string) {
	t.Helper()
	subject, err := nats.ReceivedSubject(e.Org)
	if err != nil {
		t.Fatal(err)
	}
	payload, _ := json.Marshal(reporting.Received{Submission: e.ID, SHA256: e.SHA256})
	if err := s.Bus.Publish(t.Context(), subject, msgID, payload); err != nil {
		t.Fatal(err)
	}
}

// answers is what the facts say, as text, with the outcome of every submission.
func (s *stage) answers(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	facts, err := s.Facts.Facts(t.Context(), clickhouse.FactFilter{}, s.Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range facts {
		fmt.Fprintln(&b, f.Indicator, f.Month, f.Unit, f.Value, f.Observations)
	}
	for _, e := range s.submissions {
		d, decided, err := s.Facts.Outcome(t.Context(), e.ID)
		if err != nil || !decided {
			t.Fatalf("%s is not decided: %v", e.ID, err)
		}
		fmt.Fprintln(&b, d.Outcome, d.Form, d.Findings)
	}
	return b.String()
}

// TestDeliveredTwiceAndOutOfOrder announces every submission twice and in a random order; a replay in order, on tables of its own,
// is what it must come to.
func TestDeliveredTwiceAndOutOfOrder(t *testing.T) {
	kit, err := sample.Generate(sample.Config{Seed: 9, Months: 3, Forms: []string{"employment_monthly", "fund_monthly", "dispute_cases", "targets_annual"}})
	if err != nil {
		t.Fatal(err)
	}
	s := newStage(t)
	s.receive(t, kit)
	inOrder := *s
	inOrder.Facts = newFacts(t)
	if _, err := New(inOrder.Config).Replay(t.Context(), func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	want := inOrder.answers(t)

	s.connect(t)
	random := rand.New(rand.NewSource(9))
	for round := range 2 {
		for _, i := range random.Perm(len(s.submissions)) {
			s.announce(t, s.submissions[i], fmt.Sprint(s.submissions[i].ID, round))
		}
	}
	s.runUntilDecided(t, len(s.submissions))
	if got := s.answers(t); got != want {
		t.Errorf("out of order:\n%.2000s\nin order:\n%.2000s", got, want)
	}
}

// runUntilDecided runs a worker until so many submissions have an outcome.
func (s *stage) runUntilDecided(t *testing.T, n int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	ended := make(chan error, 1)
	go func() { ended <- New(s.Config).Run(ctx) }()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for {
		decided, err := s.Facts.DecidedAll(t.Context())
		if err != nil && reporting.CodeOf(err) != reporting.Unavailable { // the engine may die of connections that a stopped worker cuts off; it is started again
			t.Fatal(err)
		}
		if len(decided) >= n {
			break
		}
		select {
		case err := <-ended:
			t.Fatalf("the worker ended: %v", err)
		case <-ctx.Done():
			t.Fatalf("%d of %d decided in time", len(decided), n)
		case <-ticker.C:
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}

// TestSweep decides what nobody announced: intake died between receipt and announcement, or the streams were lost.
func TestSweep(t *testing.T) {
	kit, err := sample.Generate(sample.Config{Seed: 9, Months: 1, Forms: []string{"employment_monthly"}})
	if err != nil {
		t.Fatal(err)
	}
	s := newStage(t)
	s.receive(t, kit)
	s.connect(t)
	s.runUntilDecided(t, len(s.submissions))
}
