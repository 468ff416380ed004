package answers

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"huizong/pkg/clickhouse/clickhousetest"
	"huizong/pkg/duty"
	"huizong/pkg/originals"
	"huizong/pkg/release"
	"huizong/pkg/reporting"
	"huizong/pkg/warn"
	"huizong/schemas"
)

func TestMain(m *testing.M) { os.Exit(clickhousetest.Main(m)) }

// bench answers about a city.
type bench struct {
	*clickhousetest.City
	answers *Answers
}

func newBench(t *testing.T) *bench {
	t.Helper()
	city := clickhousetest.New(t)
	journal, err := originals.Open(t.TempDir(), originals.Options{})
	if err != nil {
		t.Fatal(err)
	}
	releases, err := release.Open(filepath.Join(t.TempDir(), "releases"))
	if err != nil {
		t.Fatal(err)
	}
	rules, err := warn.Load(schemas.FS(), "reports/warnings.yaml", city.Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	a, err := New(Config{Facts: city.Facts, Catalogue: city.Catalogue, Journal: journal, Releases: releases, Rules: rules})
	if err != nil {
		t.Fatal(err)
	}
	return &bench{city, a}
}

var half = mustPeriod("2020H1")

func mustPeriod(s string) reporting.Period {
	p, err := reporting.ParsePeriod(s)
	if err != nil {
		panic(err)
	}
	return p
}

func wantCode(t *testing.T, what string, err error, code reporting.Code, part string) {
	t.Helper()
	if reporting.CodeOf(err) != code || !strings.Contains(fmt.Sprint(err), part) {
		t.Errorf("%s: error = %v (%s), want code %s and %q", what, err, reporting.CodeOf(err), code, part)
	}
}

// TestNotThere: what is not in the catalogue, or not released, is not found.
func TestNotThere(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	_, err := b.answers.Figures(t.Context(), Selection{Periods: []reporting.Period{half}, Units: []string{"nobody"}})
	wantCode(t, "figures of no unit", err, reporting.NotFound, "nobody")
	_, err = b.answers.Trace(t.Context(), "nothing", "", half, Standpoint{})
	wantCode(t, "trace of no indicator", err, reporting.NotFound, "nothing")
	_, err = b.answers.Trace(t.Context(), "employment.urban_new_jobs", "nobody", half, Standpoint{})
	wantCode(t, "trace of no unit", err, reporting.NotFound, "nobody")
	_, err = b.answers.Diff(t.Context(), 1, 2)
	wantCode(t, "difference of no releases", err, reporting.NotFound, "release 1")
}

// TestTurns: so many answers are made at a time; one more waits for its turn, or until the caller goes.
func TestTurns(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var ends []func()
	for range atOnce {
		_, end, err := b.answers.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ends = append(ends, end)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	_, err := b.answers.Figures(gone, Selection{Periods: []reporting.Period{half}})
	wantCode(t, "figures for one who has gone", err, reporting.Canceled, "wait")
	late, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	_, err = b.answers.Warnings(late, half, Standpoint{})
	wantCode(t, "warnings too late", err, reporting.Unavailable, "wait")
	answered := make(chan error)
	go func() {
		_, err := b.answers.Trace(t.Context(), "employment.urban_new_jobs", "", half, Standpoint{})
		answered <- err
	}()
	for _, end := range ends {
		end()
	}
	if err := <-answered; err != nil {
		t.Errorf("after the others: %v", err)
	}
}

// TestMoved: a sheet moves the figures of its month, the year so far and the half-year; each once, and they stay as they are.
func TestMoved(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, month := range []string{"2020-04", "2020-05"} {
		b.Accept(t, reporting.MissingSheet{Form: "employment_monthly", Org: "349981001", Period: mustPeriod(month)})
	}
	d, _, err := b.Facts.Outcome(t.Context(), fmt.Sprintf("%026d", b.Sent))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		moved, err := b.answers.Moved(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, m := range moved {
			if m.Indicator == "employment.urban_new_jobs" {
				got = append(got, fmt.Sprintf("%s %s: %s, %s to %s", m.Period, m.What, m.Difference, m.Old, m.New))
			}
		}
		want := []string{"2020-05 value: ,  to 10", "2020-01..2020-05 value: 10, 10 to 20", "2020H1 value: 10, 10 to 20"}
		if !slices.Equal(got, want) {
			t.Errorf("moved %q, want %q", got, want)
		}
	}
}

// TestBoard: what the journal has and is decided is on the board, of its unit and of all.
func TestBoard(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	sheet := reporting.MissingSheet{Form: "employment_monthly", Org: "349981001", Period: mustPeriod("2020-05")}
	sum, size, err := b.answers.Journal.Put(t.Context(), strings.NewReader("x"), 10)
	if err != nil {
		t.Fatal(err)
	}
	received, err := b.answers.Journal.Append(t.Context(), reporting.Envelope{Kind: reporting.SubmissionReceived, Form: sheet.Form, Org: sheet.Org, Period: sheet.Period, SHA256: sum, Size: size})
	if err != nil {
		t.Fatal(err)
	}
	e := b.Entry(sheet)
	e.Decision.Submission, e.Decision.ReceivedAt = received.ID, received.ReceivedAt
	b.Store(t, e)
	for unit, accepted := range map[string]int{"349981001": 1, "349981002": 0, "": 1} {
		board, err := b.answers.Board(t.Context(), sheet.Period, unit, b.Now)
		if err != nil {
			t.Fatal(err)
		}
		if got := board.Counts.States[duty.Accepted]; got != accepted || (len(board.Rows) == 1) != (unit != "") {
			t.Errorf("board of %q: %d accepted of %d units, want %d", unit, got, len(board.Rows), accepted)
		}
	}
}
