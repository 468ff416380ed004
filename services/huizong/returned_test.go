package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"huizong/pkg/reporting"
	"huizong/pkg/sample"
	"huizong/services/portal/submission"
)

// TestWhatGoesBack is about what clerks get: their own workbook with the findings, and a form with what is known of the months before.
func TestWhatGoesBack(t *testing.T) {
	kit, manifest := writeKit(t, sample.Config{Seed: 7, Months: 3, Forms: []string{"employment_monthly", "fund_monthly"}})
	server := startProcess(t, t.TempDir())
	out, _ := server.run(t, "submit", "--manifest", manifest, "--json")
	outcomes := lines(t, out)
	t.Run("Annotated", func(t *testing.T) { checkAnnotated(t, server, kit, outcomes) })
	t.Run("Groups", func(t *testing.T) { checkGroups(t, server) })
	t.Run("Boundaries", func(t *testing.T) { checkBoundaries(t, server) })
	t.Run("Diff", func(t *testing.T) { checkDiff(t, server, kit, outcomes) })
	t.Run("Template", func(t *testing.T) { checkTemplate(t, server) })
}

// checkAnnotated takes a rejected sheet: what comes back names the fault on its first sheet, and is taken for the same form again.
func checkAnnotated(t *testing.T, server *process, kit *sample.Kit, outcomes []line) {
	for i, got := range outcomes {
		if got.Outcome != reporting.Rejected {
			continue
		}
		path := filepath.Join(t.TempDir(), "back.xlsx")
		server.run(t, "annotate", got.Submission, "--out", path)
		book, err := excelize.OpenFile(path)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := book.GetRows(book.GetSheetList()[0])
		book.Close()
		text := ""
		for _, row := range rows {
			text += strings.Join(row, " ") + "\n"
		}
		if err != nil || !strings.Contains(text, got.Findings[0].Message) || !strings.Contains(text, "还差") {
			t.Errorf("%s: the list of findings does not say %q: %v\n%s", kit.Files[i].Path, got.Findings[0].Message, err, text)
		}
		out, _ := server.run(t, "submit", "--org", got.Org, "--form", got.Form, "--period", got.Period.String(), "--json", path)
		again := lines(t, out)[0]
		if again.Outcome != reporting.Rejected || again.Findings[0].Code != got.Findings[0].Code || again.Findings[0].Cell != got.Findings[0].Cell {
			t.Errorf("%s sent again as it came back: %s with %v, want %v", kit.Files[i].Path, again.Outcome, again.Findings, got.Findings)
		}
		return
	}
	t.Fatal("no sheet of the kit is rejected")
}

// checkGroups: the answer about a submission has every finding, and those of one cause together beside them.
func checkGroups(t *testing.T, server *process) {
	path := filepath.Join(t.TempDir(), "misspelled.csv")
	sheet := strings.Replace(ownWords, "六月战果", "本月数", 1)
	for _, value := range []string{"人,12,", "人,50,", "人,5000,"} {
		sheet = strings.Replace(sheet, value, strings.Replace(value, ",", ",很多", 1), 1)
	}
	if err := os.WriteFile(path, []byte(sheet), 0o644); err != nil {
		t.Fatal(err)
	}
	out, _ := server.run(t, "submit", "--org", "349981002", "--form", "employment_monthly", "--period", "2020-06", "--json", path)
	body, err := server.get(t.Context(), "/api/v1/submissions/"+lines(t, out)[0].Submission, nil)
	if err != nil {
		t.Fatal(err)
	}
	var answer struct {
		Findings []reporting.Finding
		Groups   []struct {
			reporting.Finding
			Count int
			Cells []string
		}
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		t.Fatal(err)
	}
	total, found := 0, false
	for _, g := range answer.Groups {
		total += g.Count
		found = found || g.Code == reporting.NotANumber && g.Count >= 2 && len(g.Cells) == g.Count && g.Cells[0] == g.Cell
	}
	if !found || total != len(answer.Findings) {
		t.Errorf("groups of %d findings: %+v", len(answer.Findings), answer.Groups)
	}
}

// checkTemplate fills the month after the last one and sends it: balances and sums of the months before stand in it.
func checkTemplate(t *testing.T, server *process) {
	for form, org := range map[string]string{"fund_monthly": "349981SB", "employment_monthly": "349981001"} {
		path := filepath.Join(t.TempDir(), form+".xlsx")
		server.run(t, "template", form, "--org", org, "--period", "2020-04", "--out", path)
		fillUnlocked(t, path)
		out, _ := server.run(t, "submit", "--org", org, "--period", "2020-04", "--json", path)
		got := lines(t, out)[0]
		if got.Outcome != reporting.Accepted || got.Form != form {
			t.Errorf("%s: a filled template is %s as %q: %v", form, got.Outcome, got.Form, got.Findings)
		}
		for _, f := range got.Findings {
			// The clerk of this test types 1 everywhere, and sends no other form.
			if f.Code != reporting.Outlier && f.Code != reporting.UnitSuspect && f.Code != reporting.CheckNotRun {
				t.Errorf("%s: %s at %s: %s", form, f.Code, f.Cell, f.Message)
			}
		}
	}
	for _, args := range [][]string{{"no_form", "349981001", "2020-04"}, {"fund_monthly", "349981001", "2020-04"}, {"fund_monthly", "nobody", "2020-04"}, {"fund_monthly", "349981SB", "2020"}} {
		_, err := server.get(t.Context(), "/api/v1/forms/"+args[0]+"/template", query("org", args[1], "period", args[2]))
		if code := reporting.CodeOf(err); code != reporting.Invalid && code != reporting.NotFound {
			t.Errorf("template %v: %v, want invalid or not_found", args, err)
		}
	}
}

// fillUnlocked types 1 into every empty cell that can be typed into, and works the formulas out.
func fillUnlocked(t *testing.T, path string) {
	t.Helper()
	book, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	sheet := book.GetSheetList()[0]
	var formulas []string
	for row := 1; row <= 30; row++ {
		for column := 1; column <= 14; column++ {
			cell, _ := excelize.CoordinatesToCellName(column, row)
			if formula, _ := book.GetCellFormula(sheet, cell); formula != "" {
				formulas = append(formulas, cell)
				continue
			}
			id, _ := book.GetCellStyle(sheet, cell)
			style, err := book.GetStyle(id)
			text, _ := book.GetCellValue(sheet, cell)
			if err == nil && style.Protection != nil && !style.Protection.Locked && text == "" {
				if err := book.SetCellInt(sheet, cell, 1); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	for range 2 { // totals stand last
		for _, cell := range formulas {
			formula, _ := book.GetCellFormula(sheet, cell)
			result, err := book.CalcCellValue(sheet, cell, excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatal(err)
			}
			if err := book.SetCellDefault(sheet, cell, result); err != nil {
				t.Fatal(err)
			}
			if err := book.SetCellFormula(sheet, cell, formula); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := book.Save(); err != nil {
		t.Fatal(err)
	}
}

// checkDiff takes the correction of an accepted sheet: the cells that it changed are told, and the city's figures moved by as much.
func checkDiff(t *testing.T, server *process, kit *sample.Kit, outcomes []line) {
	for i, f := range kit.Files {
		if !strings.Contains(f.Note, "correction of an accepted sheet") {
			continue
		}
		out, _ := server.run(t, "diff", outcomes[i].Submission, "--json")
		var d submission.Diff
		if err := json.Unmarshal([]byte(out), &d); err != nil {
			t.Fatal(err)
		}
		if d.Against == "" || len(d.Changes) == 0 || len(d.Moved) == 0 {
			t.Fatalf("a correction changed nothing: %s", out)
		}
		jobs := -1
		for j, c := range d.Changes {
			if c.Row == "城镇新增就业人数" && c.Column == "本月数" {
				jobs = j
			}
		}
		if jobs < 0 {
			t.Fatalf("new jobs did not change: %+v", d.Changes)
		}
		by := reporting.MustDecimal(d.Changes[jobs].New).Sub(reporting.MustDecimal(d.Changes[jobs].Old))
		checked := 0
		for _, m := range d.Moved {
			if m.Indicator != "employment.urban_new_jobs" || m.What != "value" {
				continue
			}
			checked++
			if got := reporting.MustDecimal(m.Difference); !got.Equal(by) || !reporting.MustDecimal(m.New).Sub(reporting.MustDecimal(m.Old)).Equal(by) {
				t.Errorf("the figure of %s moved by %s, the cell by %s", m.Period, m.Difference, by)
			}
		}
		if checked != 3 { // the month, the year so far, the half-year
			t.Errorf("new jobs moved in %d periods, want 3: %+v", checked, d.Moved)
		}
		words, _ := server.run(t, "diff", outcomes[i].Submission)
		if !strings.Contains(words, "城镇新增就业人数“本月数”") || !strings.Contains(words, "全市数据变动") {
			t.Errorf("diff in words:\n%s", words)
		}
		same, _ := server.run(t, "diff", outcomes[i].Submission, "--against", outcomes[i].Submission, "--json")
		if !strings.Contains(same, `"changes":[]`) {
			t.Errorf("a submission differs from itself: %s", same)
		}
		return
	}
	t.Fatal("no sheet of the kit is a correction")
}

// checkBoundaries: where no unit has ended, all boundaries are the same.
func checkBoundaries(t *testing.T, server *process) {
	plain, _ := server.run(t, "figures", "--period", "2020Q1", "--unit", "*")
	if on, _ := server.run(t, "figures", "--period", "2020Q1", "--unit", "*", "--boundaries", "2020-07-01"); on != plain {
		t.Error("figures differ on the boundaries of a day on which nothing had changed")
	}
	trace := func(args ...string) string {
		out, _ := server.run(t, append([]string{"trace", "employment.urban_new_jobs", "--period", "2020Q1", "--org", "349981001"}, args...)...)
		return out
	}
	if trace("--boundaries", "2020-07-01") != trace() {
		t.Error("a trace differs on the boundaries of a day on which nothing had changed")
	}
	warned, _ := server.run(t, "warnings", "--period", "2020-03", "--json")
	if on, _ := server.run(t, "warnings", "--period", "2020-03", "--json", "--boundaries", "2020-07-01"); on != warned || warned == "" {
		t.Error("warnings differ on the boundaries of a day on which nothing had changed")
	}
	dir := t.TempDir()
	server.run(t, "report", "monthly-bulletin", "--period", "2020-03", "--out", dir, "--format", "html", "--boundaries", "2020-07-01")
	if page, err := os.ReadFile(filepath.Join(dir, "monthly-bulletin-2020-03.html")); err != nil || !strings.Contains(string(page), "按2020年7月1日的区划") {
		t.Errorf("the report does not say its boundaries: %v", err)
	}
	if _, err := server.get(t.Context(), "/api/v1/figures", query("period", "2020Q1", "boundaries", "July")); reporting.CodeOf(err) != reporting.Invalid {
		t.Errorf("boundaries of no day: %v, want invalid", err)
	}
}
