package rolluptest

import (
	"fmt"
	"strings"
	"testing"

	"huizong/pkg/reporting"
)

// declarations is a small city for the cases below; their own text begins at line 4.
const declarations = `unit township A B
form jobs indicators sent by A
indicator jobs.new flow sum 人 in jobs
`

func TestParseErrors(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"expects jobs.new", `x.test:4: unknown statement "expects"`},
		{"  expect value 1", `x.test:4: "expect" belongs to no statement above`},
		{"unit village C", `x.test:4: unknown level "village"`},
		{"unit township C until 2020-02-30", `x.test:4: day "2020-02-30"`},
		{"form cases list sent by A", `x.test:4: unknown shape "list"`},
		{"form cases ledger weekly sent by A", `x.test:4: unknown word "weekly" of a form`},
		{"form cases ledger sent by C", `x.test:4: unknown unit "C"`},
		{"indicator jobs.old flow sum 人 in work", `x.test:4: unknown form "work"`},
		{"indicator jobs flow sum 人 in jobs", `x.test:4: "jobs" is no code of an indicator`},
		{"indicator jobs.old flow 人 = jobs.new - jobs.new", `x.test:4: want: indicator CODE`},
		{"submit work from A for 2020-01", `x.test:4: unknown form "work"`},
		{"submit jobs from B for 2020-01", `x.test:4: B does not send jobs`},
		{"submit jobs from A for 2020-13", `x.test:4: period "2020-13"`},
		{"submit jobs from A for 2020-01\n  jobs.old 3", `x.test:5: unknown indicator "jobs.old"`},
		{"submit jobs from A for 2020-01\n  jobs.new many", `x.test:5: value "many"`},
		{"submit jobs from A for 2020-01\n  jobs.new 3 near B", `x.test:5: unknown word "near"`},
		{"load jobs.new from 2020-01\n  A 1 x", `x.test:5: value "x"`},
		{"load jobs.new from 2020-01\n  B 1", `x.test:5: B does not send jobs`},
		{"target jobs.new next 3", `x.test:4: year "next"`},
		{"eval jobs.new at C 2020-01", `x.test:4: unknown unit "C"`},
		{"eval jobs.old at city 2020-01", `x.test:4: unknown indicator "jobs.old"`},
		{"eval jobs.new at city 2020-01\n  expect median 3", `x.test:5: unknown expectation "median"`},
		{"eval jobs.new at city 2020-01\n  expect value three", `x.test:5: number "three"`},
		{"eval jobs.new at city 2020-01\n  expect reported 3 from 4", `x.test:5: want: expect reported N of M`},
		{"eval jobs.new at city 2020-01\nunit township C", `x.test:5: "unit" after the first sheet or eval`},
	} {
		_, err := Parse("x.test", strings.NewReader(declarations+tt.text))
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("Parse(%q) = %v, want %s…", tt.text, err, tt.want)
		}
	}
}

// recorder is a testing.TB that keeps what is said to it.
type recorder struct {
	testing.TB
	said []string
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	r.said = append(r.said, fmt.Sprintf(format, args...))
}

// TestRunSaysWhatIsWrong: a script that expects the wrong thing fails, at its line.
func TestRunSaysWhatIsWrong(t *testing.T) {
	const text = declarations + `load jobs.new from 2020-01
  A 1 2
target jobs.new 2020 9
eval jobs.new at city 2020-01..2020-02
  expect value 4
  expect value none
  expect completion about 0.34
  expect completion about 0.33
  expect yoy 1
  expect reported 0 of 1
  expect missing A
  expect no figure
eval jobs.new at B 2020-01
  expect value 1
refused nothing`
	script, err := Parse("x.test", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var r recorder
	Run(&r, script, Reference)
	want := []string{
		`x.test:18: the catalogue is not refused with "nothing" but: <nil>`,
		"x.test:8: jobs.new at CITY 2020-01..2020-02: value = 3, want 4",
		"x.test:9: jobs.new at CITY 2020-01..2020-02: value = 3, want none",
		"x.test:10: jobs.new at CITY 2020-01..2020-02: completion = 1/3, want 17/50",
		"x.test:12: jobs.new at CITY 2020-01..2020-02: yoy = none, want 1",
		"x.test:13: jobs.new at CITY 2020-01..2020-02: reported 1 of 1, want 0 of 1",
		"x.test:14: jobs.new at CITY 2020-01..2020-02: missing [], want [A]",
		"x.test:15: jobs.new at CITY 2020-01..2020-02: a figure, want none",
		"x.test:17: jobs.new at B 2020-01: no figure",
	}
	if got := strings.Join(r.said, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("said:\n%s\nwant:\n%s", got, strings.Join(want, "\n"))
	}
}

// TestRunComparesAggregates: an implementation that leaves one out fails.
func TestRunComparesAggregates(t *testing.T) {
	script, err := Parse("x.test", strings.NewReader(declarations+"load jobs.new from 2020-01\n  A 1\neval jobs.new at city 2020-01\n"))
	if err != nil {
		t.Fatal(err)
	}
	var r recorder
	Run(&r, script, func(tb testing.TB, stage *Stage, periods []reporting.Period) []reporting.Aggregate {
		return Reference(tb, stage, periods)[:1]
	})
	if len(r.said) != 1 || !strings.HasPrefix(r.said[0], "aggregate 1 is missing") {
		t.Errorf("said %q, want that aggregate 1 is missing", r.said)
	}
}
