package main

import (
	"context"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"huizong/pkg/judge/judgetest"
	"huizong/pkg/reporting"
	"huizong/pkg/sample"
)

// The sizes that `make soak` names.
const (
	hostileVar = "HUIZONG_HOSTILE"     // of hostile files, 1 is the whole
	sheetsVar  = "HUIZONG_SOAK_SHEETS" // how many TestEveryTenthHostile sends
)

func named(t *testing.T, variable string, otherwise float64) float64 {
	text := os.Getenv(variable)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return n
}

// mostMemory is what the server and its readers may take together, without the engine.
const mostMemory = 1 << 30

// TestHostileSheets: while a clerk sends files of every kind that are made to harm, the sheets of the other units are decided, the server and
// its readers stay below a gigabyte together, and every one of those files has its outcome.
func TestHostileSheets(t *testing.T) {
	server := startProcess(t, t.TempDir())
	peak := watchMemory(t, server.cmd.Process.Pid)
	folder := t.TempDir()
	var hostile []reporting.Receipt
	for i, h := range judgetest.HostileFiles(named(t, hostileVar, 0.03)) {
		hostile = append(hostile, server.receipt(t, written(t, folder, fmt.Sprint(i), h.Bytes), "349981001"))
	}
	kit, manifest := writeKit(t, sample.Config{Seed: 5, Months: 1, Forms: []string{"employment_monthly"}})
	sheets, err := readManifest(manifest)
	if err != nil {
		t.Fatal(err)
	}
	before := 0
	for i, s := range sheets[:8] {
		if kit.Files[i].Org == "349981001" {
			continue // waits for what its own unit has sent
		}
		receipt, err := server.submit(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		if st, err := server.outcome(t.Context(), receipt); err != nil || st.Outcome != kit.Files[i].Expect {
			t.Errorf("%s: %s, %v; want %s", s.path, st.Outcome, err, kit.Files[i].Expect)
		}
		if !decidedNow(t, server, hostile[len(hostile)-1]) {
			before++
		}
	}
	if before == 0 {
		t.Error("the others' sheets were decided after the hostile ones")
	}
	for _, r := range hostile {
		if st, err := server.outcome(t.Context(), r); err != nil || st.Outcome != reporting.Rejected || st.Findings[0].Message == "" {
			t.Errorf("%s: %s, %v", r.Submission, st.Outcome, err)
		}
	}
	if status := server.stop(); status != 0 {
		t.Errorf("serve: exit status %d\n%s", status, server.printed)
	}
	t.Logf("%d hostile files; %d sheets of others decided before the last of them; at most %d MB", len(hostile), before, peak()>>20)
	if most := peak(); most > mostMemory {
		t.Errorf("the server and its readers took %d MB", most>>20)
	}
}

func written(t *testing.T, folder, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func (p *process) receipt(t *testing.T, path, org string) reporting.Receipt {
	t.Helper()
	receipt, err := p.submit(t.Context(), sheet{path: path, org: org, period: "2020-06"})
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return receipt
}

// decidedNow does not wait.
func decidedNow(t *testing.T, p *process, r reporting.Receipt) bool {
	body, err := p.get(t.Context(), "/api/v1/submissions/"+r.Submission, nil)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Contains(string(body), `"outcome":"rejected"`)
}

// watchMemory adds up what the server and its readers have in memory, many times a second, until the test asks for the peak.
func watchMemory(t *testing.T, server int) (peak func() int64) {
	var most atomic.Int64
	ctx, cancel := context.WithCancel(context.Background())
	var wait sync.WaitGroup
	wait.Go(func() {
		for ctx.Err() == nil {
			sum := resident(server)
			for _, reader := range readersOf(server) {
				sum += resident(reader)
			}
			most.Store(max(most.Load(), sum))
			<-time.After(20 * time.Millisecond)
		}
	})
	t.Cleanup(func() { cancel(); wait.Wait() })
	return most.Load
}

func resident(pid int) int64 {
	statm, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	fields := strings.Fields(string(statm))
	if err != nil || len(fields) < 2 {
		return 0 // it has ended
	}
	pages, _ := strconv.ParseInt(fields[1], 10, 64)
	return pages * int64(os.Getpagesize())
}

// readersOf are the children of the server that read sheets.
func readersOf(server int) (pids []int) {
	processes, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range processes {
		stat, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
		line, _ := os.ReadFile(filepath.Join(filepath.Dir(path), "cmdline"))
		if len(fields) < 2 || fields[1] != strconv.Itoa(server) || !strings.Contains(string(line), "\x00reader") {
			continue
		}
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		pids = append(pids, pid)
	}
	return pids
}

// TestEveryTenthHostile sends sheets of which every tenth is hostile, kills readers at random moments in the middle of their work and the
// server once: all others come to what they come to without any of it, unit by unit in order, and a rebuild to the same.
func TestEveryTenthHostile(t *testing.T) {
	count := int(named(t, sheetsVar, 40))
	_, manifest := writeKit(t, sample.Config{Seed: 7, Forms: []string{"employment_monthly", "enterprise_visits", "fund_monthly", "dispute_cases"}})
	sheets, err := readManifest(manifest)
	if err != nil {
		t.Fatal(err)
	}
	for len(sheets) < count { // a year is sent again and again: each time it is judged against what stands
		sheets = append(sheets, sheets[:min(len(sheets), count-len(sheets))]...)
	}
	sheets = sheets[:count]
	calm := startProcess(t, t.TempDir())
	want := outcomesOf(t, calm, sendAll(t, calm, sheets))
	facts := calm.answers(t)
	calm.stop()

	data := t.TempDir()
	rough := roughly{random: rand.New(rand.NewSource(11)), data: data, server: startProcess(t, data)}
	elsewhere := t.TempDir()
	for i, h := range judgetest.HostileFiles(0.02) {
		rough.hostile = append(rough.hostile, written(t, elsewhere, fmt.Sprint(i), h.Bytes))
	}
	got := rough.send(t, sheets)
	if outcomes := outcomesOf(t, rough.server, got); outcomes != want {
		t.Error(firstDifference(outcomes, want))
	}
	if answers := rough.server.answers(t); answers != facts {
		t.Error(firstDifference(answers, facts))
	}
	for _, r := range rough.sent {
		if st, err := rough.server.outcome(t.Context(), r); err != nil || st.Outcome != reporting.Rejected {
			t.Errorf("hostile %s: %s, %v", r.Submission, st.Outcome, err)
		}
	}
	hostile := outcomesOf(t, rough.server, rough.sent)
	rough.server.kill()
	if out, err := command(t, "rebuild", "--data", data).CombinedOutput(); err != nil {
		t.Fatalf("rebuild: %v\n%s", err, out)
	}
	again := startProcess(t, data)
	defer again.stop()
	if outcomes := outcomesOf(t, again, got) + outcomesOf(t, again, rough.sent); outcomes != want+hostile {
		t.Error(firstDifference(outcomes, want+hostile))
	}
	if answers := again.answers(t); answers != facts {
		t.Error(firstDifference(answers, facts))
	}
	t.Logf("%d sheets, %d hostile ones, %d readers killed; at most %d MB", len(sheets), len(rough.sent), rough.killed, rough.peak>>20)
	if rough.peak > mostMemory {
		t.Errorf("the server and its readers took %d MB", rough.peak>>20)
	}
}

func sendAll(t *testing.T, p *process, sheets []sheet) (receipts []reporting.Receipt) {
	for _, s := range sheets {
		r, err := p.submit(t.Context(), s)
		if err != nil {
			t.Fatalf("%s: %v", s.path, err)
		}
		receipts = append(receipts, r)
	}
	return receipts
}

// outcomesOf is what each came to, without the receipts' numbers, which differ from run to run.
func outcomesOf(t *testing.T, p *process, receipts []reporting.Receipt) string {
	var b strings.Builder
	for i, r := range receipts {
		st, err := p.outcome(t.Context(), r)
		if err != nil {
			t.Fatalf("%s has a receipt and no outcome: %v", r.Submission, err)
		}
		fmt.Fprintf(&b, "%d %s %s", i, st.Outcome, st.Form)
		for _, f := range st.Findings {
			fmt.Fprintf(&b, " %s@%s", f.Code, f.Cell)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// roughly sends sheets to a server that has it hard.
type roughly struct {
	random  *rand.Rand
	data    string
	server  *process
	hostile []string
	sent    []reporting.Receipt // of the hostile ones
	killed  int
	peak    int64
}

func (r *roughly) send(t *testing.T, sheets []sheet) (receipts []reporting.Receipt) {
	peak := watchMemory(t, r.server.cmd.Process.Pid)
	for i, s := range sheets {
		if i%9 == 4 { // with these, every tenth is one
			r.sent = append(r.sent, r.server.receipt(t, r.hostile[r.random.Intn(len(r.hostile))], s.org))
		}
		if i == len(sheets)/2 {
			r.peak = peak()
			r.server.kill()
			r.server = startProcess(t, r.data)
			peak = watchMemory(t, r.server.cmd.Process.Pid)
		}
		receipts = append(receipts, sendAll(t, r.server, []sheet{s})...)
		if r.random.Intn(5) == 0 {
			for _, pid := range readersOf(r.server.cmd.Process.Pid) {
				if syscall.Kill(pid, syscall.SIGKILL) == nil {
					r.killed++
				}
			}
		}
	}
	for _, receipt := range append(receipts, r.sent...) {
		if _, err := r.server.outcome(t.Context(), receipt); err != nil {
			t.Fatal(err)
		}
	}
	r.peak = max(r.peak, peak())
	return receipts
}
