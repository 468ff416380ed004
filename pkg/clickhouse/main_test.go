package clickhouse_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	driver "github.com/ClickHouse/clickhouse-go/v2"

	"huizong/pkg/clickhouse"
	"huizong/pkg/engine"
	"huizong/pkg/reporting"
)

// server is the one real ClickHouse of this test binary; each test has a database of its own in it.
var server *engine.Engine

func TestMain(m *testing.M) {
	engine.RunIfChild()
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "huizong-clickhouse-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	if server, err = engine.Start(context.Background(), engine.Config{Dir: dir}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer server.Close()
	return m.Run()
}

// migrations are the real ones. Tests do not import package schemas: it does not belong to this layer.
func migrations() fs.FS { return os.DirFS("../../schemas/clickhouse") }

var databases atomic.Int64

// newDatabase returns the configuration of a database that nobody else uses.
func newDatabase(e *engine.Engine) clickhouse.Config {
	service := e.Account(engine.Service)
	return clickhouse.Config{DialContext: e.DialContext, Account: service.Name, Password: service.Password,
		Database: fmt.Sprintf("huizong_test_%d", databases.Add(1)), Version: "test"}
}

func mustOpen(tb testing.TB, cfg clickhouse.Config) *clickhouse.Store {
	tb.Helper()
	s, err := clickhouse.Open(tb.Context(), cfg)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { s.Close() })
	return s
}

// newStore returns a store on an empty, migrated database, and a connection to look behind it.
func newStore(tb testing.TB) (*clickhouse.Store, driver.Conn) {
	tb.Helper()
	cfg := newDatabase(server)
	s := mustOpen(tb, cfg)
	if err := s.Migrate(tb.Context(), migrations()); err != nil {
		tb.Fatal(err)
	}
	conn := mustConnect(tb, server, server.Account(engine.Service), cfg.Database)
	tb.Cleanup(func() { conn.Exec(context.Background(), "DROP DATABASE "+cfg.Database+" SYNC") })
	return s, conn
}

func mustConnect(tb testing.TB, e *engine.Engine, account engine.Account, database string) driver.Conn {
	tb.Helper()
	conn, err := driver.Open(&driver.Options{Protocol: driver.HTTP, Addr: []string{"127.0.0.1"}, DialContext: e.DialContext,
		Auth: driver.Auth{Database: database, Username: account.Name, Password: account.Password}})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { conn.Close() })
	return conn
}

func mustCount(tb testing.TB, conn driver.Conn, query string, want uint64) {
	tb.Helper()
	var got uint64
	if err := conn.QueryRow(tb.Context(), query).Scan(&got); err != nil {
		tb.Fatalf("%s: %v", query, err)
	}
	if got != want {
		tb.Errorf("%s = %d, want %d", query, got, want)
	}
}

// catalogue is a small city: a flow, a stock, a distinct count and a docket.
func catalogue() *reporting.Catalogue {
	c := &reporting.Catalogue{City: "CITY", Indicators: []reporting.Indicator{
		{Code: "employment.jobs", Kind: reporting.Flow, Rollup: reporting.RollupSum, Domain: reporting.Employment},
		{Code: "insurance.insured", Kind: reporting.Stock, Rollup: reporting.RollupLast, Domain: reporting.InsuranceFund},
		{Code: "insurance.persons", Kind: reporting.Flow, Rollup: reporting.RollupDistinct, Domain: reporting.InsuranceFund},
		{Code: "disputes.docket", Kind: reporting.Flow, Rollup: reporting.RollupDocket, Domain: reporting.LaborDispute},
	}}
	c.Index()
	return c
}

func domainOf(indicator string) reporting.Domain {
	switch {
	case strings.HasPrefix(indicator, "employment."):
		return reporting.Employment
	case strings.HasPrefix(indicator, "insurance."):
		return reporting.InsuranceFund
	case strings.HasPrefix(indicator, "disputes."):
		return reporting.LaborDispute
	}
	return ""
}

// id is a ULID's stand-in: later numbers are greater.
func id(n int) string { return fmt.Sprintf("%026d", n) }

// receipt is when submission n came: a minute after the one before.
func receipt(n int) time.Time {
	return time.Date(2020, 7, 1, 8, n, 0, 0, time.UTC)
}

func period(s string) reporting.Period {
	p, err := reporting.ParsePeriod(s)
	if err != nil {
		panic(err)
	}
	return p
}

func date(s string) reporting.Date {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return reporting.DateOf(t)
}

// entry is an accepted submission n of form "jobs" from sender A, with the observations given.
func entry(n int, p string, observations ...reporting.Observation) clickhouse.Entry {
	return clickhouse.Entry{
		Decision: reporting.Decision{Submission: id(n), Outcome: reporting.Accepted, Form: "jobs", Org: "A", Period: period(p),
			SHA256: "hash" + id(n), FileName: "表.xlsx", ReceivedAt: receipt(n), Observations: len(observations), Findings: []reporting.Finding{}},
		Attempt: clickhouse.NewAttempt(),
		Slot:    period(p).String(),
		Reading: reporting.Reading{Observations: observations},
	}
}

// jobs is an observation of employment.jobs for unit A.
func jobs(p, value string) reporting.Observation {
	return reporting.Observation{Indicator: "employment.jobs", Unit: "A", Period: period(p), Value: reporting.MustDecimal(value),
		Lineage: reporting.Lineage{Sheet: "报表", Cell: "D5", Written: value + "人"}}
}

func mustWrite(tb testing.TB, s *clickhouse.Store, entries ...clickhouse.Entry) {
	tb.Helper()
	if err := write(tb.Context(), s, entries...); err != nil {
		tb.Fatal(err)
	}
}

// write is the worker's order.
func write(ctx context.Context, s *clickhouse.Store, entries ...clickhouse.Entry) error {
	if err := s.Insert(ctx, entries, domainOf); err != nil {
		return err
	}
	if err := s.ReadBack(ctx, entries); err != nil {
		return err
	}
	return s.Commit(ctx, entries)
}

// wantJobs checks the values of employment.jobs that stand, in order of month.
func wantJobs(tb testing.TB, s *clickhouse.Store, asOf time.Time, want ...string) {
	tb.Helper()
	facts, err := s.Facts(tb.Context(), clickhouse.FactFilter{Indicator: "employment.jobs", AsOf: asOf}, catalogue())
	if err != nil {
		tb.Fatal(err)
	}
	var got []string
	for _, f := range facts {
		got = append(got, f.Month.String()+"="+f.Value.String())
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		tb.Errorf("facts = %v, want %v", got, want)
	}
}

func wantError(tb testing.TB, err error, code reporting.Code, parts ...string) {
	tb.Helper()
	if reporting.CodeOf(err) != code {
		tb.Fatalf("error = %v (%s), want code %s", err, reporting.CodeOf(err), code)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			tb.Errorf("error = %q, want %q in it", err, part)
		}
	}
}

func mustExec(tb testing.TB, conn driver.Conn, query string) {
	tb.Helper()
	if err := conn.Exec(tb.Context(), query); err != nil {
		tb.Fatalf("%s: %v", query, err)
	}
}
