package answers

import (
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"strings"
	"testing"

	"huizong/pkg/compile"
	"huizong/pkg/reporting"
)

// TestInputChanges: a sheet that took another's place, one that is new and one that is gone are told; what is the same is not.
func TestInputChanges(t *testing.T) {
	input := func(form, org, submission string) reporting.ReleaseInput {
		return reporting.ReleaseInput{Form: form, Org: org, Period: half, Submission: submission}
	}
	a := reporting.Release{Inputs: []reporting.ReleaseInput{input("f", "A", "1"), input("f", "B", "2"), input("g", "A", "3")}}
	b := reporting.Release{Inputs: []reporting.ReleaseInput{input("f", "A", "1"), input("f", "B", "9"), input("f", "C", "4")}}
	want := []reporting.InputChange{{ReleaseInput: input("f", "B", "9"), Replaces: "2"}, {ReleaseInput: input("f", "C", "4")}, {ReleaseInput: input("g", "A", "3"), Gone: true}}
	if got := inputChanges(a, b); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := inputChanges(a, a); got == nil || len(got) != 0 {
		t.Errorf("the same: %+v", got)
	}
}

// TestOtherChanges: whatever else a release was made with is told by its name, with what it was and is.
func TestOtherChanges(t *testing.T) {
	file := func(name, sum string) reporting.ReleaseFile { return reporting.ReleaseFile{Name: name, SHA256: sum} }
	a := reporting.Release{Report: "half_year", Period: half, Program: "1", Parameters: map[string]string{"signer": "王", "date": "1日"}, Template: []reporting.ReleaseFile{file("a.yaml", "x"), file("b.yaml", "y")}}
	b := reporting.Release{Report: "half_year", Period: half, Program: "2", Parameters: map[string]string{"signer": "李", "date": "1日"}, Template: []reporting.ReleaseFile{file("a.yaml", "z"), file("c.yaml", "w")}, Fonts: "f"}
	var got []string
	for _, c := range otherChanges(a, b) {
		got = append(got, fmt.Sprintf("%s: %s→%s", c.What, c.Before, c.After))
	}
	if want := "a.yaml: x→z|b.yaml: y→|c.yaml: →w|parameter signer: 王→李|program: 1→2|fonts: →f"; strings.Join(got, "|") != want {
		t.Errorf("%q, want %s", got, want)
	}
	if got := otherChanges(a, a); got == nil || len(got) != 0 {
		t.Errorf("the same: %+v", got)
	}
}

// TestCauses: of two standpoints the sheets are listed that do not give the same to an indicator, also where their sums are alike.
func TestCauses(t *testing.T) {
	of := func(org string) source { return source{"jobs", "f", org, half} }
	gives := func(submission string, sum int64, rows ...string) *part {
		return &part{submission, reporting.Int(sum), rows}
	}
	before := map[source]*part{of("A"): gives("1", 3, "a", "b"), of("B"): gives("2", 5, "c"), of("D"): gives("4", 1, "d")}
	after := map[source]*part{of("A"): gives("9", 3, "b", "a"), of("B"): gives("8", 5, "e"), of("C"): gives("7", 2, "f")}
	var got []string
	for _, c := range causesOf(before, after)["jobs"] {
		got = append(got, fmt.Sprintf("%s %s %s→%s %s", c.Org, c.Replaces, c.Before, c.After, c.Submission))
	}
	if want := []string{"B 2 5→5 8", "C  →2 7", "D 4 1→ "}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestSpoken: a report speaks of its period, the year so far and its months, and of a month or quarter the one before.
func TestSpoken(t *testing.T) {
	for period, want := range map[string]string{
		"2020H1": "2020H1 2020-01 2020-02 2020-03 2020-04 2020-05 2020-06", "2020-03": "2020-03 2020Q1 2020-02 2020-01", "2020Q2": "2020Q2 2020H1 2020Q1 2020-04 2020-05 2020-06 2020-01 2020-02 2020-03",
	} {
		var got []string
		for _, p := range periodsOf(mustPeriod(period), nil) {
			got = append(got, p.String())
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", period, got, want)
		}
	}
}

// TestCellsOfAFigure: a figure of the city leads to each cell that it was added up from, a unit's to its own; a ratio to those of both its sides, and each says in
// words how it is made. Warnings name what they are about.
func TestCellsOfAFigure(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, org := range []string{"349981001", "349981002"} {
		for _, month := range []string{"2020-01", "2020-02"} {
			b.Accept(t, reporting.MissingSheet{Form: "employment_monthly", Org: org, Period: mustPeriod(month)})
		}
	}
	for unit, want := range map[string]int{"": 4, "349981002": 2, "349981003": 0} {
		trace, err := b.answers.Trace(t.Context(), "employment.urban_new_jobs", unit, half, Standpoint{})
		if err != nil {
			t.Fatal(err)
		}
		if len(trace.Parts) != 1 || trace.Parts[0].Role != "value" || len(trace.Parts[0].Cells) != want || trace.Formula.ZH == "" {
			t.Errorf("of %q: %+v", unit, trace)
			continue
		}
		for _, c := range trace.Parts[0].Cells {
			if c.Cell != "D5" || c.Written != "10" || c.FileName != "表.xlsx" || unit != "" && c.Unit != unit {
				t.Errorf("of %q: the cell %+v", unit, c)
			}
		}
		if want > 0 && trace.Figure.Value.Cmp(big.NewRat(int64(10*want), 1)) != 0 {
			t.Errorf("of %q: the figure is %s", unit, trace.Figure.Value)
		}
	}
	for _, i := range b.Catalogue.Indicators {
		formula, parts := b.answers.formula(&i), b.answers.parts(&i, "value")
		if formula.ZH == "" || formula.EN == "" || len(parts) == 0 || i.Rollup == reporting.RollupRatio && len(parts) < 2 {
			t.Errorf("%s: %q of %v", i.Code, formula, parts)
		}
	}
	warnings, err := b.answers.Warnings(t.Context(), half, Standpoint{})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range warnings {
		if w.Name.ZH == "" || w.UnitName == "" || w.Rule == "" {
			t.Errorf("%+v", w)
		}
	}
	if b.answers.UnitName("349981001") == "349981001" || b.answers.UnitName("none") != "none" {
		t.Error("units are called by their names, and others by their codes")
	}
	id := compile.FigureID{Indicator: "employment.urban_new_jobs", Unit: "349981", Period: half}
	changes := b.answers.compare(id, reporting.Figure{Value: big.NewRat(10, 1), Reported: 1, Expected: 2}, reporting.Figure{Value: big.NewRat(20, 1), Target: big.NewRat(7, 1), Reported: 2, Expected: 2})
	var got []string
	for _, c := range changes {
		got = append(got, fmt.Sprintf("%s %s→%s", c.Aspect, c.Before, c.After))
	}
	if want := []string{"value 10→20", "target →7", "reported 1/2→2/2"}; !slices.Equal(got, want) {
		t.Errorf("compared: %q, want %q", got, want)
	}
}
