package judge_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"huizong/pkg/annotate"
	"huizong/pkg/confined"
	"huizong/pkg/judge"
	"huizong/pkg/judge/judgetest"
	"huizong/pkg/reporting"
	"huizong/pkg/sample"
	"huizong/pkg/validate"
	"huizong/schemas"
)

// rowsSeen is a view: how many rows each sheet has.
func rowsSeen(o judge.Opened, most int) (counts []int, err error) {
	sheets, err := o.Sheets()
	for _, s := range sheets {
		counts = append(counts, min(len(s.Rows), most))
	}
	return counts, err
}

func TestMain(m *testing.M) {
	judge.RunIfChild(map[string]judge.View{"rows": judge.ViewOf(rowsSeen)})
	os.Exit(m.Run())
}

// disk is a file as a Room wants it.
type disk struct{ *os.File }

func (d disk) Disk() *os.File { return d.File }

func onDisk(tb testing.TB, data []byte) disk {
	tb.Helper()
	name := filepath.Join(tb.TempDir(), "sheet")
	if err := os.WriteFile(name, data, 0o600); err != nil {
		tb.Fatal(err)
	}
	f, err := os.Open(name)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { f.Close() })
	return disk{f}
}

// history is some of each kind.
func history(e reporting.Envelope) judge.History {
	return judge.History{
		Before: func(form string) (validate.History, error) {
			return validate.History{Standing: []reporting.Standing{{Submission: "R", Form: form, Org: e.Org, Period: e.Period, ReceivedAt: e.ReceivedAt}},
				Facts: []reporting.Fact{{Submission: "R", Form: form, Sender: e.Org, Observation: reporting.Observation{Indicator: "employment.new_urban_jobs", Unit: e.Org, Period: e.Period, Value: reporting.MustDecimal("12.5")}}}}, nil
		},
		Elsewhere: func(q validate.Wanted) ([]reporting.Fact, error) {
			return []reporting.Fact{{Submission: "R", Sender: "349981002", Observation: reporting.Observation{Indicator: q.Indicators[0], Key: q.Keys[0], Period: q.Period}}}, nil
		},
	}
}

// TestSameInTheRoom: a sheet that is read in a child says exactly what it says here, to everybody who reads it.
func TestSameInTheRoom(t *testing.T) {
	j, _ := judgetest.New(t, schemas.FS())
	confirmed := []reporting.Envelope{{ID: "0", Kind: reporting.MappingConfirmed, Mapping: &reporting.Mapping{Form: "employment_monthly", Text: "某项", Row: "employment.new_urban_jobs"}}}
	room, _ := judgetest.Open(t, schemas.FS(), func(string) []reporting.Envelope { return confirmed })
	kit, err := sample.Generate(sample.Config{Seed: 11, Months: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range kit.Files {
		e := reporting.Envelope{ID: "1", Org: f.Org, Form: f.Form, Period: f.Period}
		file := onDisk(t, f.Bytes)
		want, err := j.Decide(bytes.NewReader(f.Bytes), e, confirmed, history(e))
		if err != nil {
			t.Fatal(err)
		}
		got, err := room.Decide(t.Context(), file, e, history(e))
		if want.Table = nil; err != nil || !same(got, want) {
			t.Errorf("%s: decided %+v, %v\nwant %+v", f.Path, got, err, want)
		}
		hint := reporting.Hint{Period: f.Period, FileName: f.Path}
		wantRec, _ := j.Recognise(bytes.NewReader(f.Bytes), f.Org, confirmed, hint)
		if rec, err := room.Recognise(t.Context(), "a", file, f.Org, hint); err != nil || !same(rec, wantRec) {
			t.Errorf("%s: recognised %+v, %v\nwant %+v", f.Path, rec, err, wantRec)
		}
		wantTable, wantErr := j.Table(bytes.NewReader(f.Bytes), e, confirmed)
		if table, err := room.Table(t.Context(), "a", file, e); !same(table, wantTable) || reporting.CodeOf(err) != reporting.CodeOf(wantErr) {
			t.Errorf("%s: another table, %v; want %v", f.Path, err, wantErr)
		}
		sheets, _ := j.Sheets(bytes.NewReader(f.Bytes))
		in := annotate.Input{File: f.Bytes, Sheets: sheets, Decision: reporting.Decision{Findings: got.Findings}}
		var book bytes.Buffer
		if _, err := annotate.Write(&book, in); err != nil {
			t.Fatal(err)
		}
		if annotated, err := room.Annotate(t.Context(), "a", file, in, 1<<20); err != nil || !bytes.Equal(annotated.Book, book.Bytes()) {
			t.Errorf("%s: annotated otherwise: %d bytes, %v; want %d", f.Path, len(annotated.Book), err, book.Len())
		}
		var rows []int
		if err := room.Look(t.Context(), "a", "rows", file, e, 5, &rows); len(rows) != len(sheets) || (sheets == nil) != (err != nil) {
			t.Errorf("%s: %v, %v", f.Path, rows, err)
		}
	}
}

// TestOverrunInTheRoom: a file that takes more memory than its reader has is too large, whoever reads it, and can be annotated with that.
func TestOverrunInTheRoom(t *testing.T) {
	_, c := judgetest.New(t, schemas.FS())
	room, err := judge.Open(judge.Config{Catalogue: c, PersonKey: []byte("k"), Confined: confined.Limits{Memory: 128 << 20, Alone: 128 << 20}})
	if err != nil {
		t.Fatal(err)
	}
	defer room.Close()
	var text bytes.Buffer
	for i := range 400_000 {
		fmt.Fprintf(&text, "%d,甲%d,乙%d,丙%d\n", i, i, i, i)
	}
	file := onDisk(t, text.Bytes())
	e := reporting.Envelope{ID: "1", Org: "349981001"}
	v, err := room.Decide(t.Context(), file, e, judge.History{Before: nothing})
	if err != nil || len(v.Findings) != 1 || v.Findings[0].Code != reporting.TooLarge || v.Findings[0].Message == "" {
		t.Errorf("decided %+v, %v", v, err)
	}
	if rec, err := room.Recognise(t.Context(), "a", file, e.Org, reporting.Hint{}); err != nil || len(rec.Findings) != 1 || rec.OrgName.ZH == "" {
		t.Errorf("recognised %+v, %v", rec, err)
	}
	if _, err := room.Table(t.Context(), "a", file, e); reporting.CodeOf(err) != reporting.Invalid {
		t.Errorf("table: %v", err)
	}
	if book, err := room.Annotate(t.Context(), "a", file, annotate.Input{Decision: reporting.Decision{Findings: v.Findings}}, 1000); err != nil || len(book.Book) == 0 {
		t.Errorf("annotated: %d bytes, %v", len(book.Book), err)
	}
}

// same compares by what is written of values: a number may lie in memory in two ways.
func same(a, b any) bool {
	one, err := json.Marshal(a)
	two, err2 := json.Marshal(b)
	return err == nil && err2 == nil && bytes.Equal(one, two)
}

// TestHistoryFails: what went wrong with the history is what comes back, and the sheet is read again when it is there.
func TestHistoryFails(t *testing.T) {
	room, _ := judgetest.Open(t, schemas.FS(), nil)
	kit, err := sample.Generate(sample.Config{Seed: 11, Months: 1, Forms: []string{"employment_monthly"}})
	if err != nil {
		t.Fatal(err)
	}
	f := kit.Files[0]
	e := reporting.Envelope{ID: "1", Org: f.Org, Form: f.Form, Period: f.Period}
	away := errors.New("away")
	h := history(e)
	h.Before = func(string) (validate.History, error) {
		return validate.History{}, reporting.Errorf(reporting.Unavailable, "history: %w", away)
	}
	if _, err := room.Decide(t.Context(), onDisk(t, f.Bytes), e, h); reporting.CodeOf(err) != reporting.Unavailable || !errors.Is(err, away) {
		t.Errorf("%v, want unavailable", err)
	}
	if v, err := room.Decide(t.Context(), onDisk(t, f.Bytes), e, history(e)); err != nil || v.Form != f.Form {
		t.Errorf("%+v, %v", v, err)
	}
}

// BenchmarkRoom judges a sheet as clerks make them, here and in a child.
func BenchmarkRoom(b *testing.B) {
	kit, err := sample.Generate(sample.Config{Seed: 11, Months: 1})
	if err != nil {
		b.Fatal(err)
	}
	j, c := judgetest.New(b, schemas.FS())
	room, err := judge.Open(judge.Config{Catalogue: c, PersonKey: []byte("k")})
	if err != nil {
		b.Fatal(err)
	}
	defer room.Close()
	var files []disk
	for _, f := range kit.Files {
		files = append(files, onDisk(b, f.Bytes))
	}
	b.Run("here", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			f := kit.Files[i%len(files)]
			e := reporting.Envelope{ID: "1", Org: f.Org, Form: f.Form, Period: f.Period}
			if _, err := j.Decide(bytes.NewReader(f.Bytes), e, nil, history(e)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("child", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			f := kit.Files[i%len(files)]
			e := reporting.Envelope{ID: "1", Org: f.Org, Form: f.Form, Period: f.Period}
			if _, err := room.Decide(b.Context(), files[i%len(files)], e, history(e)); err != nil {
				b.Fatal(err)
			}
		}
	})
}
