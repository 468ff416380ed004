package main

import (
	"bytes"
	"encoding/json"
	"net/url"
	"slices"
	"testing"

	"huizong/pkg/duty"
	"huizong/pkg/originals"
	"huizong/pkg/reporting"
	"huizong/pkg/sample"
)

// TestReviews: the board says what became of each sheet of a half-year; a return and an approval change it, and no figure; and after a
// kill and after a rebuild it is the same.
func TestReviews(t *testing.T) {
	kit, manifest := writeKit(t, sample.Config{Seed: 7, Forms: []string{"employment_monthly", "dispute_cases"}})
	data := t.TempDir()
	server := startProcess(t, data)
	server.run(t, "submit", "--manifest", manifest, "--json")
	board := server.board(t)
	compareBoard(t, board, kit)
	figures := server.answers(t)

	fine := board.Cell("349981001", "employment_monthly", mustPeriod(t, "2020-06"))
	poor := board.Cell("349981002", "employment_monthly", mustPeriod(t, "2020-06"))
	server.mustPost(t, "/api/v1/submissions/"+fine.Standing.Submission+"/approve", nil)
	server.mustPost(t, "/api/v1/submissions/"+poor.Standing.Submission+"/return", map[string]any{"reason": "与台账不符", "remarks": []reporting.CellRemark{{Cell: "D9", Text: "请核对"}}})
	// In ten thousand days of a demo nothing is in time, but for what was given the time.
	server.mustPost(t, "/api/v1/deadlines", map[string]any{"form": "employment_monthly", "period": "2020-06", "date": "2199-12-31", "reason": "测试"})

	board = server.board(t)
	if c := board.Cell(fine.Unit, fine.Form, fine.Period); c.State != duty.Approved || c.Late || c.Deadline.Format("2006-01-02 15:04") != "2199-12-31 18:00" {
		t.Errorf("approved, with time left: %+v", c)
	}
	if c := board.Cell(poor.Unit, poor.Form, poor.Period); c.State != duty.Returned || c.Review == nil || c.Review.Reason != "与台账不符" || len(c.Review.Remarks) != 1 || c.Standing == nil {
		t.Errorf("returned: %+v", c)
	}
	if got := server.answers(t); got != figures {
		t.Error("a return or an approval changed a figure")
	}

	before := cells(t, board)
	server.kill()
	server = startProcess(t, data)
	if got := cells(t, server.board(t)); !bytes.Equal(got, before) {
		t.Errorf("after a kill the board is another:\n%s\nwant\n%s", got, before)
	}
	server.stop()
	if out, err := command(t, "rebuild", "--data", data).CombinedOutput(); err != nil {
		t.Fatalf("rebuild: %v\n%s", err, out)
	}
	server = startProcess(t, data)
	if got := cells(t, server.board(t)); !bytes.Equal(got, before) {
		t.Errorf("after a rebuild the board is another:\n%s\nwant\n%s", got, before)
	}
	if got := server.answers(t); got != figures {
		t.Error("after a rebuild the figures are others")
	}
	server.stop()
	store, err := originals.Open(data, originals.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

func (p *process) board(tb testing.TB) *duty.Board {
	tb.Helper()
	body, err := p.get(tb.Context(), "/api/v1/board", url.Values{"period": {"2020H1"}})
	if err != nil {
		tb.Fatal(err)
	}
	board := &duty.Board{}
	if err := json.Unmarshal(body, board); err != nil {
		tb.Fatal(err)
	}
	return board
}

func (p *process) mustPost(tb testing.TB, path string, value any) {
	tb.Helper()
	if _, err := p.post(tb.Context(), path, value); err != nil {
		tb.Fatal(err)
	}
}

// cells are what a board says, whatever the day on which it is asked.
func cells(tb testing.TB, b *duty.Board) []byte {
	tb.Helper()
	for _, row := range b.Rows {
		for _, c := range row.Cells {
			if c != nil {
				c.DaysLeft = 0
			}
		}
	}
	data, err := json.MarshalIndent(b.Rows, "", " ")
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func mustPeriod(tb testing.TB, text string) reporting.Period {
	tb.Helper()
	p, err := reporting.ParsePeriod(text)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// compareBoard holds the board against what the sheets were made to come to.
func compareBoard(t *testing.T, board *duty.Board, kit *sample.Kit) {
	t.Helper()
	type place struct {
		org, form string
		period    reporting.Period
	}
	sent := map[place][]sample.File{}
	for _, f := range kit.Files {
		at := place{f.Org, f.Form, f.Period}
		sent[at] = append(sent[at], f)
	}
	accepted := func(f sample.File) bool { return f.Expect == reporting.Accepted }
	seen := 0
	for _, row := range board.Rows {
		for _, c := range row.Cells {
			if c == nil {
				continue
			}
			files := sent[place{c.Unit, c.Form, c.Period}]
			if c.Versions != len(files) || (c.Standing != nil) != slices.ContainsFunc(files, accepted) {
				t.Errorf("%s %s %s: %d versions, standing %v; sent were %d", c.Unit, c.Form, c.Period, c.Versions, c.Standing, len(files))
			}
			if len(files) == 0 {
				continue
			}
			seen++
			want := map[reporting.Outcome]duty.State{reporting.Accepted: duty.Accepted, reporting.Rejected: duty.Rejected}[files[len(files)-1].Expect]
			if c.State != want || (c.Submission.Errors > 0) != (want == duty.Rejected) || !c.Late && c.Standing != nil {
				t.Errorf("%s %s %s is %s with %d errors, late %v; want %s, late", c.Unit, c.Form, c.Period, c.State, c.Submission.Errors, c.Late, want)
			}
		}
	}
	if seen != len(sent) || seen < 100 {
		t.Errorf("%d cells have a sheet, of %d; %d are not placed", seen, len(sent), len(board.Unplaced))
	}
}
