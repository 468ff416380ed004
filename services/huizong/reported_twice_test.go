package main

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"huizong/pkg/normalize"
	"huizong/pkg/reporting"
	"huizong/services/portal/api"
)

// TestReportedTwice: two units' sheets of a form in which a person is to be reported by one of them, sent while the server is killed and
// started again. The second one is warned, as without kills, and the reviewer sees the pair with both cells, masked.
func TestReportedTwice(t *testing.T) {
	own := t.TempDir()
	example, err := os.ReadFile("../../docs/examples/once_form.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(own, "forms"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(own, "forms", "job_subsidies.yaml"), example, 0o644); err != nil {
		t.Fatal(err)
	}
	sheets := subsidySheets(t)
	calm := startProcess(t, t.TempDir(), "--schemas", own)
	want := sendWithKills(t, calm, sheets, func(s *process) *process { return s })
	if strings.Count(want, "duplicate_person") < 5 {
		t.Fatalf("without kills:\n%s", want)
	}
	data, random := t.TempDir(), rand.New(rand.NewSource(5))
	got := sendWithKills(t, startProcess(t, data, "--schemas", own), sheets, func(s *process) *process {
		if random.Intn(2) == 0 {
			return s
		}
		<-time.After(time.Duration(random.Intn(40_000)) * time.Microsecond)
		s.kill()
		return startProcess(t, data, "--schemas", own)
	})
	if got != want {
		t.Errorf("with kills:\n%s\nwithout:\n%s", got, want)
	}
}

// subsidySheets are two townships' sheets of three months: each month one person is in both, and one of the first township's is in the other's
// a month later.
func subsidySheets(t *testing.T) []sheet {
	t.Helper()
	dir := t.TempDir()
	var sheets []sheet
	for month := 1; month <= 3; month++ {
		for i, org := range []string{"349981001", "349981002"} {
			var b strings.Builder
			b.WriteString("一次性求职补贴发放台账\n序号,姓名,身份证号码,发放日期,补贴金额（元）\n")
			for k, n := range []int{10*i + month, 50 + month, 70 + month - i} {
				id := checked(fmt.Sprintf("34998119900101%03d", n), "0123456789X", normalize.ValidIDNumber)
				fmt.Fprintf(&b, "%d,张三,%s,2020-%02d-%02d,1500\n", k+1, id, month, 10+i)
			}
			s := sheet{path: filepath.Join(dir, fmt.Sprintf("%s-%d.csv", org, month)), org: org, form: "job_subsidies", period: fmt.Sprintf("2020-%02d", month)}
			if err := os.WriteFile(s.path, []byte(b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
			sheets = append(sheets, s)
		}
	}
	return sheets
}

// sendWithKills sends the sheets, and does between what after does. It returns what was found and who stands twice, without the ids.
func sendWithKills(t *testing.T, server *process, sheets []sheet, after func(*process) *process) string {
	t.Helper()
	var ids []string
	for _, s := range sheets {
		receipt, err := server.client.submit(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, receipt.Submission)
		server = after(server)
	}
	var b strings.Builder
	for i, id := range ids {
		st, err := server.outcome(t.Context(), reporting.Receipt{Submission: id})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&b, i, st.Outcome)
		for _, f := range st.Findings {
			fmt.Fprintln(&b, f.Code, f.Cell, f.Value, f.Message)
		}
	}
	out, _ := server.run(t, "reported-twice", "--period", "2020-02", "--json")
	checkPairs(t, out)
	b.WriteString(out)
	words, _ := server.run(t, "reported-twice")
	if !strings.Contains(words, "城西街道") || !strings.Contains(words, ids[1]) || strings.Contains(words, "199001") {
		t.Errorf("reported twice, in words:\n%s", words)
	}
	text := b.String()
	for i, id := range ids {
		text = strings.ReplaceAll(text, id, fmt.Sprint("sheet ", i))
	}
	server.stop()
	return text
}

// checkPairs: of each person both units, submissions and cells, and no full number.
func checkPairs(t *testing.T, out string) {
	t.Helper()
	var list []api.Twice
	if err := json.Unmarshal([]byte(out), &list); err != nil || len(list) == 0 {
		t.Fatalf("reported twice: %v, %s", err, out)
	}
	for _, p := range list {
		units, submissions := map[string]bool{}, map[string]bool{}
		for _, r := range p.Reports {
			units[r.Unit], submissions[r.Submission] = true, true
			if r.Cell == "" || r.Org != r.Unit || r.Form != "job_subsidies" {
				t.Errorf("report %+v", r)
			}
		}
		if len(units) != 2 || len(submissions) < 2 || p.Period.String() != "2020" || !strings.Contains(p.Who, "********") {
			t.Errorf("pair %+v", p)
		}
	}
}
