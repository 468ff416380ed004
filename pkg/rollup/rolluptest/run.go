package rolluptest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"huizong/pkg/reporting"
	"huizong/pkg/rollup"
)

// Aggregator computes the aggregates of the stage's facts for the periods, as Aggregates specifies: the same list in the
// same order. An implementation that stores facts loads them afresh on each call; it must leave nothing behind for the next, and
// fails tb when it cannot do its work. It is called from one goroutine.
type Aggregator func(tb testing.TB, stage *Stage, periods []reporting.Period) []reporting.Aggregate

// Reference is Aggregates as an Aggregator.
func Reference(_ testing.TB, stage *Stage, periods []reporting.Period) []reporting.Aggregate {
	return Aggregates(stage.Catalogue, stage.Facts, periods)
}

// RunDir runs each script *.test of the folder as a subtest; a folder without one is a failure.
func RunDir(t *testing.T, dir string, aggregate Aggregator) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.test"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no scripts in %s: %v", dir, err)
	}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".test")
		t.Run(name, func(t *testing.T) { runFile(t, path, aggregate) })
	}
}

func runFile(t *testing.T, path string, aggregate Aggregator) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	script, err := Parse(path, file)
	if err != nil {
		t.Fatal(err)
	}
	Run(t, script, aggregate)
}

// Run runs a script: the catalogue is checked, then each stage's aggregates are compared with the reference and the figures made
// of them with what the script expects.
func Run(tb testing.TB, script *Script, aggregate Aggregator) {
	tb.Helper()
	checkCatalogue(tb, script)
	for n := range script.Stages {
		stage := &script.Stages[n]
		if len(stage.Evals) == 0 {
			continue
		}
		periods := rollup.Needed(stage.Periods())
		aggregates := aggregate(tb, stage, periods)
		CompareAggregates(tb, aggregates, Reference(tb, stage, periods))
		judge(tb, script.Name, stage, rollup.Figures(rollup.Input{
			Catalogue: stage.Catalogue, Aggregates: aggregates, Standings: stage.Standings,
			Targets: stage.Targets, Baselines: stage.Baselines,
			Periods: stage.Periods(), Units: rollup.EveryUnit(stage.Catalogue),
		}))
	}
}

func checkCatalogue(tb testing.TB, script *Script) {
	tb.Helper()
	err := rollup.Check(script.Stages[0].Catalogue)
	if err != nil && len(script.Refused) == 0 {
		tb.Errorf("%s: the catalogue is refused: %v", script.Name, err)
	}
	for _, r := range script.Refused {
		if err == nil || !strings.Contains(err.Error(), r.Text) {
			tb.Errorf("%s:%d: the catalogue is not refused with %q but: %v", script.Name, r.Line, r.Text, err)
		}
	}
}

func judge(tb testing.TB, name string, stage *Stage, figures []reporting.Figure) {
	tb.Helper()
	for _, eval := range stage.Evals {
		figure := find(figures, eval)
		for n := range eval.Expects {
			if wrong := eval.Expects[n].judge(figure); wrong != "" {
				tb.Errorf("%s:%d: %s at %s %s: %s", name, eval.Expects[n].Line, eval.Indicator, eval.Unit, eval.Period, wrong)
			}
		}
	}
}

func find(figures []reporting.Figure, e Eval) *reporting.Figure {
	for n := range figures {
		if f := &figures[n]; f.Indicator == e.Indicator && f.Unit == e.Unit && f.Period == e.Period {
			return f
		}
	}
	return nil
}

// CompareAggregates fails tb at the first place where the lists differ.
func CompareAggregates(tb testing.TB, got, want []reporting.Aggregate) {
	tb.Helper()
	for n := range max(len(got), len(want)) {
		switch {
		case n >= len(got):
			tb.Errorf("aggregate %d is missing: %v", n, want[n])
		case n >= len(want):
			tb.Errorf("aggregate %d is too many: %v", n, got[n])
		case !sameAggregate(got[n], want[n]):
			tb.Errorf("aggregate %d = %v, want %v", n, got[n], want[n])
		default:
			continue
		}
		return
	}
}

func sameAggregate(a, b reporting.Aggregate) bool {
	return a.Indicator == b.Indicator && a.Unit == b.Unit && a.Period == b.Period && a.Value.Equal(b.Value)
}
