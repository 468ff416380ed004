package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"huizong/pkg/reporting"
	"huizong/pkg/sample"
	"huizong/pkg/workbook"
)

// TestTheWholeWay sends half a year of a city and compares what comes out with what the sheets were made from: outcomes, facts,
// figures, the report, and the cells that a figure is traced to.
func TestTheWholeWay(t *testing.T) {
	kit, manifest := writeKit(t, sample.Config{Seed: 7})
	data := t.TempDir()
	server := startProcess(t, data)
	out, status := server.run(t, "submit", "--manifest", manifest, "--json")
	if status != 2 {
		t.Errorf("submit: exit status %d, want 2: some sheets of the story are wrong", status)
	}
	outcomes := lines(t, out)
	if len(outcomes) != len(kit.Files) {
		t.Fatalf("%d outcomes for %d sheets", len(outcomes), len(kit.Files))
	}
	for i, f := range kit.Files {
		got := outcomes[i]
		if got.Outcome != f.Expect || f.Finding != "" && !hasFinding(got.Findings, f.Finding) {
			t.Errorf("%s (%s): %s with %v, want %s %s", f.Path, f.Note, got.Outcome, got.Findings, f.Expect, f.Finding)
		}
	}
	t.Run("Facts", func(t *testing.T) { compareFacts(t, server, kit) })
	t.Run("Figures", func(t *testing.T) { compareFigures(t, server, kit) })
	t.Run("Restated", func(t *testing.T) { checkRestated(t, server, kit) })
	t.Run("Trace", func(t *testing.T) { checkTrace(t, server) })
	t.Run("Report", func(t *testing.T) { checkReport(t, server) })
	t.Run("Page", func(t *testing.T) { checkPage(t, server) })
	t.Run("Description", func(t *testing.T) { checkDescription(t, server, outcomes[0].Submission) })
	t.Run("Formats", func(t *testing.T) { checkFormats(t, server) })
	t.Run("Warnings", func(t *testing.T) { checkWarnings(t, server) })
	t.Run("Releases", func(t *testing.T) { checkReleases(t, server, kit, filepath.Dir(manifest)) })
	t.Run("ClosedPeriod", func(t *testing.T) { checkClosedPeriod(t, server, kit, filepath.Dir(manifest)) })
	if status := server.stop(); status != 0 {
		t.Errorf("serve: exit status %d after SIGTERM, want 0", status)
	}
}

func compareFacts(t *testing.T, server *process, kit *sample.Kit) {
	out, _ := server.run(t, "facts", "--format", "csv")
	got := map[string]string{}
	for _, row := range table(t, out) {
		got[factKey(row["indicator"], row["period"], row["org"])] = row["value"]
	}
	facts := kit.Truth.Facts()
	if len(facts) < 1000 {
		t.Fatalf("the kit has %d facts only", len(facts))
	}
	for _, want := range facts {
		key := factKey(want.Indicator, want.Month.String(), want.Unit)
		value, err := reporting.ParseDecimal(got[key])
		if err != nil && want.Value.Sign() == 0 {
			continue // a ledger's zero need not be listed
		}
		if err != nil || !value.Equal(want.Value) {
			t.Errorf("fact %s = %q, want %s", key, got[key], want.Value)
		}
		delete(got, key)
	}
	for key, value := range got {
		if value != "0" && value != "0.00" {
			t.Errorf("fact %s = %s, want none", key, value)
		}
	}
}

func compareFigures(t *testing.T, server *process, kit *sample.Kit) {
	periods := "2020-01,2020-06,2020Q1,2020Q2,2020H1,2020-01..2020-05"
	out, _ := server.run(t, "figures", "--period", periods, "--format", "csv")
	rows := table(t, out)
	checked := 0
	for _, row := range rows {
		period, err := reporting.ParsePeriod(row["period"])
		if err != nil {
			t.Fatal(err)
		}
		want, ok := kit.Truth.Figure(row["indicator"], period)
		if !ok {
			continue
		}
		checked++
		places := 0
		if _, fraction, ok := strings.Cut(row["value"], "."); ok {
			places = len(fraction)
		}
		for column, wanted := range map[string]string{
			"value": reporting.PlainNumber(want.Value, places), "completion": reporting.PlainNumber(want.Completion, 6),
			"yoy": reporting.PlainNumber(want.YearOnYear, 6),
		} {
			if row[column] != wanted {
				t.Errorf("%s %s %s = %q, want %q", row["indicator"], row["period"], column, row[column], wanted)
			}
		}
		if row["reported_units"] != number(want.Reported) || row["expected_units"] != number(want.Expected) {
			t.Errorf("%s %s: %s of %s units, want %d of %d", row["indicator"], row["period"], row["reported_units"], row["expected_units"], want.Reported, want.Expected)
		}
	}
	if checked < 500 {
		t.Errorf("only %d of %d figures could be compared", checked, len(rows))
	}
}

func number(n int) string { return reporting.Int(int64(n)).String() }

// checkRestated: a month that a unit sent again with other numbers, after it was accepted, is marked; the months of other forms are not.
func checkRestated(t *testing.T, server *process, kit *sample.Kit) {
	accepted, restated := map[string]int{}, map[string]bool{}
	for _, f := range kit.Files {
		if f.Form == "employment_monthly" && f.Expect == reporting.Accepted {
			key := f.Org + f.Period.String()
			if accepted[key]++; accepted[key] > 1 {
				restated[f.Period.String()] = true
			}
		}
	}
	if len(restated) == 0 {
		t.Fatal("the kit's story has no correction of an accepted sheet")
	}
	out, _ := server.run(t, "figures", "--period", "2020-01,2020-02,2020-03,2020-04,2020-05,2020-06")
	for _, row := range table(t, out) {
		want := row["indicator"] == "employment.urban_new_jobs" && restated[row["period"]]
		if (row["indicator"] == "employment.urban_new_jobs" || row["indicator"] == "services.petitions_accepted") && row["restated"] != fmt.Sprint(want) {
			t.Errorf("%s %s restated = %s, want %v", row["indicator"], row["period"], row["restated"], want)
		}
	}
}

// checkTrace follows a ratio down to its cells, and reads some of these cells in the originals again.
func checkTrace(t *testing.T, server *process) {
	out, _ := server.run(t, "trace", "employment.registered_unemployment_rate", "--period", "2020-05", "--json")
	var trace reporting.Trace
	if err := json.Unmarshal([]byte(out), &trace); err != nil {
		t.Fatal(err)
	}
	if len(trace.Parts) != 2 || len(trace.Parts[0].Cells) != 20 || len(trace.Parts[1].Cells) != 20 {
		t.Fatalf("a rate of 20 units is traced to %d parts: %+v", len(trace.Parts), trace)
	}
	for i, part := range trace.Parts {
		sum := reporting.Decimal{}
		for _, cell := range part.Cells {
			sum = sum.Add(cell.Value)
		}
		if want := []string{trace.Figure.Numerator.FloatString(0), trace.Figure.Denominator.FloatString(0)}[i]; sum.String() != want {
			t.Errorf("the cells of %s come to %s, the figure has %s", part.Figure.Indicator, sum, want)
		}
		for _, cell := range part.Cells[:3] {
			if got := cellOf(t, server, cell); got != cell.Written {
				t.Errorf("%s %s!%s holds %q, the trace says %q", cell.FileName, cell.Sheet, cell.Cell, got, cell.Written)
			}
		}
	}
	words, _ := server.run(t, "trace", "employment.urban_new_jobs", "--period", "2020H1")
	if !strings.Contains(words, "城镇新增就业人数") || strings.Count(words, "表中") < 100 {
		t.Errorf("trace in words:\n%.600s", words)
	}
}

// cellOf reads a cell of an original as it was sent.
func cellOf(t *testing.T, server *process, at reporting.Origin) string {
	file, err := server.get(t.Context(), "/api/v1/originals/"+at.SHA256, nil)
	if err != nil {
		t.Fatal(err)
	}
	book, err := workbook.Open(file, workbook.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	for i, info := range book.Sheets() {
		if info.Name != at.Sheet {
			continue
		}
		sheet, err := book.Read(i)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range sheet.Rows {
			for _, c := range row.Cells {
				if reporting.CellName(c.Row, c.Col) == at.Cell {
					return c.Text
				}
			}
		}
	}
	return "no such cell"
}

var tags = regexp.MustCompile(`<[^>]*>`)

// checkReport reads the reports again: they must carry the figures as the API gives them, and say what is missing.
func checkReport(t *testing.T, server *process) {
	dir := t.TempDir()
	server.run(t, "report", "half-year", "--period", "2020H1", "--out", dir, "--format", "docx,xlsx,pdf,html")
	list, _ := server.run(t, "report", "list")
	for report, period := range map[string]string{"annual-report": "2020", "quarterly-bulletin": "2020Q2", "monthly-bulletin": "2020-06"} {
		if !strings.Contains(list, report) {
			t.Errorf("the list of reports has no %s:\n%s", report, list)
		}
		server.run(t, "report", report, "--period", period, "--out", dir)
		for _, ending := range []string{"docx", "companion.docx"} {
			if _, err := os.Stat(filepath.Join(dir, report+"-"+period+"."+ending)); err != nil {
				t.Error(err)
			}
		}
	}
	files := map[string][]byte{}
	for _, format := range []string{"docx", "xlsx", "pdf", "html"} {
		file, err := os.ReadFile(filepath.Join(dir, "half-year-2020H1."+format))
		if err != nil {
			t.Fatal(err)
		}
		files[format] = file
	}
	if !bytes.HasPrefix(files["pdf"], []byte("%PDF-")) {
		t.Errorf("the .pdf begins with %.8q", files["pdf"])
	}
	out, _ := server.run(t, "figures", "--period", "2020H1", "--format", "csv")
	texts := map[string]string{"docx": docxText(t, files["docx"]), "html": tags.ReplaceAllString(string(files["html"]), "")}
	for _, row := range table(t, out) {
		for format, text := range texts {
			checkSentence(t, format, text, row)
		}
		if row["indicator"] == "employment.urban_new_jobs" && !workbookHolds(t, files["xlsx"], row["value"]) {
			t.Errorf("no cell of the .xlsx holds %s", row["value"])
		}
	}
	twice := [2][]byte{}
	for i := range twice {
		var err error
		if twice[i], err = server.get(t.Context(), "/api/v1/reports/half-year", url.Values{"period": {"2020H1"}, "as_of": {"2199-01-01"}}); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(twice[0], twice[1]) {
		t.Error("the same report twice is not the same bytes")
	}
	server.run(t, "report", "monthly-bulletin", "--period", "2020-06", "--out", dir, "--format", "docx,xlsx,pdf,html")
	for m := 1; m <= 6; m++ {
		period := fmt.Sprintf("2020-%02d", m)
		bulletin, err := server.get(t.Context(), "/api/v1/reports/monthly-bulletin", url.Values{"period": {period}, "format": {"pdf"}})
		if n := bytes.Count(bulletin, []byte("/Type/Page/")); err != nil || n < 1 || n > 2 {
			t.Errorf("the bulletin of %s has %d pages, want two at most (%v)", period, n, err)
		}
	}
}

func checkSentence(t *testing.T, format, text string, row map[string]string) {
	t.Helper()
	want := ""
	switch row["indicator"] {
	case "employment.urban_new_jobs":
		want = "城镇新增就业" + row["value"] + "人（20个单位已报齐19个）"
	case "insurance.urban_three.balance":
		want = reporting.MustDecimal(row["value"]).Quo(reporting.Int(100_000_000), 2).Text(2) + "亿元"
	case "disputes.cases_accepted":
		want = row["value"] + "件"
	}
	if !strings.Contains(text, want) {
		t.Errorf("the .%s does not say %q (%s)", format, want, row["indicator"])
	}
}

func workbookHolds(t *testing.T, file []byte, text string) bool {
	t.Helper()
	book, err := workbook.Open(file, workbook.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	for i := range book.Sheets() {
		sheet, err := book.Read(i)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range sheet.Rows {
			for _, c := range row.Cells {
				if c.Text == text {
					return true
				}
			}
		}
	}
	return false
}

// checkReleases publishes a report, lets a unit send a corrected sheet, and publishes it again: the first stays as it was, the
// difference is explained, and both compile to the same bytes again.
func checkReleases(t *testing.T, server *process, kit *sample.Kit, dir string) {
	server.run(t, "report", "half-year", "--period", "2020H1", "--release", "--unfinished", "梅林镇缺报", "--reason", "初稿")
	file := textSheet(t, kit, "employment_monthly")
	server.run(t, "submit", "--org", file.Org, "--period", file.Period.String(), withOther(t, filepath.Join(dir, filepath.FromSlash(file.Path))))
	out := t.TempDir()
	server.run(t, "report", "half-year", "--period", "2020H1", "--release", "--unfinished", "梅林镇缺报", "--reason", "更正", "--out", out)
	for _, format := range []string{"docx", "xlsx", "pdf", "html"} {
		if _, err := os.Stat(filepath.Join(out, "half-year-2020H1."+format)); err != nil {
			t.Error(err)
		}
	}
	for _, n := range []string{"1", "2"} {
		if words, status := server.run(t, "release", "verify", n); status != 0 || strings.Count(words, "✓") != 11 {
			t.Errorf("verify %s: status %d\n%s", n, status, words)
		}
	}
	var list []reporting.Release
	if words, _ := server.run(t, "release", "list", "--json"); json.Unmarshal([]byte(words), &list) != nil || len(list) != 2 || list[1].Supersedes != 1 {
		t.Errorf("releases = %s", words)
	}
	var diff reporting.ReleaseDiff
	words, _ := server.run(t, "release", "diff", "1", "2", "--json")
	if err := json.Unmarshal([]byte(words), &diff); err != nil || len(diff.Inputs) != 1 || diff.Inputs[0].Org != file.Org || diff.Reason != "更正" {
		t.Errorf("diff = %v, %s", err, words)
	}
	explained := 0
	for _, f := range diff.Figures {
		if f.Unit == "349981" && f.Aspect == "value" && len(f.Causes) == 1 && f.Causes[0].Submission == diff.Inputs[0].Submission {
			explained++
		}
	}
	if explained == 0 {
		t.Errorf("no figure of the city is explained: %s", words)
	}
}

// textSheet is an accepted sheet of the form that is a text with tabs.
func textSheet(t *testing.T, kit *sample.Kit, form string) sample.File {
	t.Helper()
	for _, f := range kit.Files {
		if f.Form == form && f.Expect == reporting.Accepted && strings.Contains(f.Note, "tab_utf8") {
			return f
		}
	}
	t.Fatalf("the kit has no such sheet of %s", form)
	return sample.File{}
}

// withOther is the sheet with one more policy briefing, in the month and in the year so far.
func withOther(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(data), "\n")
	for i, line := range lines {
		if !strings.Contains(line, "政策宣讲") {
			continue
		}
		fields := strings.Split(line, "\t")
		for j, f := range fields {
			if n, err := strconv.Atoi(f); err == nil && j > 1 {
				fields[j] = strconv.Itoa(n + 1)
			}
		}
		lines[i] = strings.Join(fields, "\t")
	}
	other := filepath.Join(t.TempDir(), filepath.Base(path))
	if err := os.WriteFile(other, []byte(strings.Join(lines, "\n")), 0o644); err != nil {
		t.Fatal(err)
	}
	return other
}

// checkWarnings: what is printed as words and as data is the same list, and each warning has its source.
func checkWarnings(t *testing.T, server *process) {
	words, _ := server.run(t, "warnings", "--period", "2020H1")
	out, _ := server.run(t, "warnings", "--period", "2020H1", "--json")
	var warnings []reporting.Warning
	if err := json.Unmarshal([]byte(out), &warnings); err != nil || len(warnings) == 0 || strings.Count(words, "\n") != len(warnings)+1 {
		t.Fatalf("warnings: %v, %d of %s", err, len(warnings), words)
	}
	for _, w := range warnings {
		if w.Basis == "" || w.Value == "" || w.Level != "red" && w.Level != "yellow" {
			t.Errorf("warning %+v", w)
		}
	}
}

func docxText(t *testing.T, file []byte) string {
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	part, err := archive.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer part.Close()
	xml, err := io.ReadAll(part)
	if err != nil {
		t.Fatal(err)
	}
	return tags.ReplaceAllString(string(xml), "")
}

func checkPage(t *testing.T, server *process) {
	response, err := http.Get(server.server + "/nothing")
	if err != nil || response.StatusCode != http.StatusNotFound {
		t.Errorf("unknown page: %v, %v", response, err)
	}
}

func checkFormats(t *testing.T, server *process) {
	out, _ := server.run(t, "figures", "--period", "2020H1", "--format", "json")
	var rows []map[string]any
	if err := json.Unmarshal([]byte(out), &rows); err != nil || len(rows) == 0 {
		t.Errorf("figures as json: %v, %d rows", err, len(rows))
	}
	out, _ = server.run(t, "figures", "--period", "2020H1", "--format", "xlsx")
	if _, err := workbook.Open([]byte(out), workbook.DefaultLimits()); err != nil {
		t.Errorf("figures as xlsx: %v", err)
	}
	for _, query := range []url.Values{{"period": {"2020-13"}}, {"period": {"2020H1"}, "format": {"doc"}}, {"period": {"2020H1"}, "unit": {"nowhere"}}, {}} {
		if _, err := server.get(t.Context(), "/api/v1/figures", query); reporting.CodeOf(err) != reporting.Invalid && reporting.CodeOf(err) != reporting.NotFound {
			t.Errorf("figures %v = %v, want invalid or not_found", query, err)
		}
	}
}

// checkClosedPeriod: a closed period takes nothing, and takes again when it is opened.
func checkClosedPeriod(t *testing.T, server *process, kit *sample.Kit, dir string) {
	var file sample.File
	for _, f := range kit.Files {
		if f.Form == "employment_monthly" && f.Expect == reporting.Accepted && f.Period.String() == "2020-02" {
			file = f
		}
	}
	before := server.answers(t)
	send := func() line {
		out, _ := server.run(t, "submit", "--org", file.Org, "--form", file.Form, "--period", "2020-02", "--json", filepath.Join(dir, filepath.FromSlash(file.Path)))
		return lines(t, out)[0]
	}
	server.run(t, "period", "close", "2020Q1", "--reason", "第一季度已上报", "--by", "reviewer")
	if got := send(); got.Outcome != reporting.Rejected || !hasFinding(got.Findings, reporting.PeriodLocked) {
		t.Errorf("sent for a closed period: %s with %v", got.Outcome, got.Findings)
	}
	server.run(t, "period", "open", "2020-02", "--reason", "更正", "--by", "reviewer")
	if got := send(); got.Outcome != reporting.Accepted || !hasFinding(got.Findings, reporting.DuplicateFile) {
		t.Errorf("sent again after it was opened: %s with %v", got.Outcome, got.Findings)
	}
	if after := server.answers(t); after != before {
		t.Error("an identical file changed the figures")
	}
}
