package reports

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"huizong/pkg/answers"
	"huizong/pkg/reporting"
	"huizong/schemas"
)

// TestOnBoundaries: on the boundaries of a day after a merger a trace of the unit that came out of it leads to the cells of those that
// went into it, a report has their values under it and says so, and a release on these boundaries compiles to the same again.
func TestOnBoundaries(t *testing.T) {
	const old, heir = "349981204", "349981203"
	end, _ := reporting.NewDate(2020, 3, 31)
	day := end.AddDays(1)
	b := newBenchOf(t, merged(t, old, heir, end))
	march := mustPeriod("2020-03")
	b.Accept(t, reporting.MissingSheet{Form: "employment_monthly", Org: old, Period: march}, reporting.MissingSheet{Form: "employment_monthly", Org: heir, Period: march})
	for on, want := range map[reporting.Date]string{0: "10 from " + heir, day: "20 from " + heir + " " + old} {
		trace, err := b.Answers.Trace(t.Context(), "employment.urban_new_jobs", heir, march, answers.Standpoint{On: on})
		if err != nil {
			t.Fatal(err)
		}
		var units []string
		for _, o := range trace.Parts[0].Cells {
			units = append(units, o.Unit)
		}
		slices.Sort(units)
		if got := fmt.Sprintf("%s from %s", trace.Figure.Value.FloatString(0), strings.Join(units, " ")); got != want {
			t.Errorf("on %v: %s, want %s", on, got, want)
		}
	}
	disputes := b.Entry(reporting.MissingSheet{Form: "dispute_cases", Org: "349981ZC", Period: march})
	for i, unit := range []string{old, heir, heir} { // two of the heir are below the red threshold, three are not
		disputes.Reading.Rows = append(disputes.Reading.Rows, reporting.LedgerRow{Table: "ledger_dispute_case", Sheet: "台账", Row: int32(i), Fields: []reporting.Field{
			{Name: "filed_on", Value: march.Start()}, {Name: "unit", Value: unit}, {Name: "persons", Value: reporting.Int(12)}}})
	}
	b.Store(t, disputes)
	for on, want := range map[reporting.Date]string{0: "yellow 2 " + heir + " yellow 1 " + old + " ", day: "red 3 " + heir + " "} {
		warnings, err := b.Answers.Warnings(t.Context(), march, answers.Standpoint{On: on})
		got := ""
		for _, w := range warnings {
			if w.Rule == "mass_disputes" {
				got += fmt.Sprintf("%s %s %s ", w.Level, w.Value, w.Unit)
			}
		}
		if err != nil || got != want {
			t.Errorf("warnings on %v: %s%v, want %s", on, got, err, want)
		}
	}
	order := Order{Report: "monthly_bulletin", Period: march, Standpoint: answers.Standpoint{AsOf: b.Now}}
	for on, want := range map[reporting.Date]bool{0: false, day: true} {
		order.On = on
		file, err := b.Report(t.Context(), order, "html")
		if err != nil {
			t.Fatal(err)
		}
		if says := strings.Contains(string(file.Data), "按2020年4月1日的区划"); says != want {
			t.Errorf("on %v: the report says its boundaries: %v", on, says)
		}
	}
	order.On, order.Parameters = day, unfinished
	release, err := b.Publish(t.Context(), Publication{Order: order, Formats: []string{"html", "xlsx"}, Reason: "合并后口径"})
	if err != nil || release.Boundaries != day {
		t.Fatalf("release on %v: %v", release.Boundaries, err)
	}
	check, err := b.Verify(t.Context(), release.Number)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range check.Checks {
		if !p.OK {
			t.Errorf("%s: %s", p.What.EN, p.Note.EN)
		}
	}
}

// merged is the embedded schemas with a unit that ended on the day and has a successor.
func merged(t *testing.T, unit, successor string, end reporting.Date) fs.FS {
	t.Helper()
	all := fstest.MapFS{}
	err := fs.WalkDir(schemas.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			all[name] = &fstest.MapFile{}
			all[name].Data, err = fs.ReadFile(schemas.FS(), name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	head := fmt.Sprintf("  - code: %q\n", unit)
	text := string(all["units/city.yaml"].Data)
	all["units/city.yaml"].Data = []byte(strings.Replace(text, head, head+fmt.Sprintf("    to: %s\n    successors: [%q]\n", end, successor), 1))
	return all
}
