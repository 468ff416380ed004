// Package clickhousetest has the city's facts in a ClickHouse of the test's own, and stores sheets as the worker would.
package clickhousetest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"huizong/pkg/clickhouse"
	"huizong/pkg/engine"
	"huizong/pkg/reporting"
	"huizong/schemas"
)

// shared is one engine for all tests of a package; each test has a database of its own.
var shared *engine.Engine

// Main runs the tests of a package with an engine: os.Exit(clickhousetest.Main(m)).
func Main(m *testing.M) int {
	engine.RunIfChild()
	dir, err := os.MkdirTemp("", "huizong-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	if shared, err = engine.Start(context.Background(), engine.Config{Dir: dir}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer shared.Close()
	return m.Run()
}

// City is the facts and the catalogue of the city, with a clock that stands.
type City struct {
	Facts     *clickhouse.Store
	Catalogue *reporting.Catalogue
	Now       time.Time
	Sent      int
}

var databases atomic.Int32

// New is a city of which nothing is known.
func New(t *testing.T) *City {
	t.Helper()
	account := shared.Account(engine.Service)
	facts, err := clickhouse.Open(t.Context(), clickhouse.Config{Account: account.Name, Password: account.Password, Database: fmt.Sprintf("huizong_test_%d", databases.Add(1)),
		DialContext: shared.DialContext})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { facts.Close() })
	catalogue, err := schemas.Load(schemas.FS())
	if err := errors.Join(err, facts.Migrate(t.Context(), schemas.Sub("clickhouse"))); err != nil {
		t.Fatal(err)
	}
	return &City{Facts: facts, Catalogue: catalogue, Now: time.Date(2020, 7, 1, 8, 0, 0, 0, time.FixedZone("UTC+8", 8*60*60))}
}

// Accept stores a sheet as the worker would.
func (c *City) Accept(t *testing.T, sheets ...reporting.MissingSheet) {
	t.Helper()
	var entries []clickhouse.Entry
	for _, s := range sheets {
		form, e := c.Catalogue.Form(s.Form), c.Entry(s)
		if s.Form == "employment_monthly" {
			e.Reading.Observations = []reporting.Observation{{Indicator: "employment.urban_new_jobs", Unit: s.Org, Period: s.Period, Value: reporting.Int(10),
				Lineage: reporting.Lineage{Sheet: "表", Cell: "D5", Written: "10"}}}
		}
		if form.Shape == reporting.NarrativeForm {
			e.Reading.Narratives = []reporting.Narrative{{Section: "就业", Title: "稳岗", Body: s.Title}}
		}
		entries = append(entries, e)
	}
	c.Store(t, entries...)
}

// Entry is an accepted sheet that says nothing yet.
func (c *City) Entry(s reporting.MissingSheet) clickhouse.Entry {
	c.Sent++
	return clickhouse.Entry{Attempt: clickhouse.NewAttempt(), Slot: c.Catalogue.Form(s.Form).Slot(s.Period), Decision: reporting.Decision{
		Submission: fmt.Sprintf("%026d", c.Sent), Outcome: reporting.Accepted, Form: s.Form, Org: s.Org, Period: s.Period, SHA256: "hash", FileName: "表.xlsx",
		ReceivedAt: c.Now.Add(-time.Hour).Add(time.Duration(c.Sent) * time.Millisecond), Findings: []reporting.Finding{}}}
}

// Store stores decided sheets.
func (c *City) Store(t *testing.T, entries ...clickhouse.Entry) {
	t.Helper()
	domain := func(code string) reporting.Domain { return c.Catalogue.Indicator(code).Domain }
	if err := errors.Join(c.Facts.Insert(t.Context(), entries, domain), c.Facts.ReadBack(t.Context(), entries), c.Facts.Commit(t.Context(), entries)); err != nil {
		t.Fatal(err)
	}
}
