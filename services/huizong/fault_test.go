package main

import (
	"context"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"huizong/pkg/originals"
	"huizong/pkg/reporting"
	"huizong/pkg/sample"
)

// runsVar is how many seeds TestKilledAtAnyMoment goes through: `make fault RUNS=N` sets it.
const runsVar = "HUIZONG_FAULT_RUNS"

// kills is how often the server, or the engine alone, dies while one manifest is sent: by `make test`, and by `make fault`.
const (
	someKills = 5
	allKills  = 20
)

// TestKilledAtAnyMoment sends a manifest while the server and its engine are killed at random moments and started again. Every
// submission with a receipt ends with one outcome, and the facts and figures are those of a run without kills.
func TestKilledAtAnyMoment(t *testing.T) {
	runs, kills := 1, someKills
	if text := os.Getenv(runsVar); text != "" {
		var err error
		if runs, err = strconv.Atoi(text); err != nil {
			t.Fatalf("%s: %v", runsVar, err)
		}
		kills = allKills
	}
	_, manifest := writeKit(t, sample.Config{Seed: 3, Forms: fourForms})
	sheets, err := readManifest(manifest)
	if err != nil {
		t.Fatal(err)
	}
	calm := startProcess(t, t.TempDir())
	out, _ := calm.run(t, "submit", "--manifest", manifest, "--json")
	outcomes := map[sheet]reporting.Outcome{}
	for i, l := range lines(t, out) {
		outcomes[sheets[i]] = l.Outcome
	}
	want := calm.answers(t)
	calm.stop()
	for seed := range int64(runs) {
		t.Run(fmt.Sprint("Seed", seed), func(t *testing.T) { killWhileSending(t, seed, kills, sheets, outcomes, want) })
	}
}

func killWhileSending(t *testing.T, seed int64, kills int, sheets []sheet, outcomes map[sheet]reporting.Outcome, want string) {
	random := rand.New(rand.NewSource(seed))
	moments := map[int]int{} // sheet → kills while it is under way
	for range kills {
		moments[random.Intn(len(sheets))]++
	}
	data := t.TempDir()
	server := startProcess(t, data)
	receipts := map[string]sheet{}
	for i, s := range sheets {
		receipt, err := server.client.submit(t.Context(), s)
		for range moments[i] {
			// Up to two sheets' time later: the blow falls into judging, inserting, committing or announcing.
			<-time.After(time.Duration(random.Intn(40_000)) * time.Microsecond)
			if random.Intn(3) == 0 && killEngine(t, server.cmd.Process.Pid) {
				continue
			}
			server.kill()
			server = startProcess(t, data)
		}
		if err != nil || receipt.Submission == "" {
			if receipt, err = server.client.submit(t.Context(), s); err != nil {
				t.Fatalf("%s: %v", s.path, err)
			}
		}
		receipts[receipt.Submission] = s
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	for id, s := range receipts {
		st, err := server.outcome(ctx, reporting.Receipt{Submission: id})
		if err != nil {
			t.Fatalf("%s of %s has its receipt and no outcome: %v", id, s.path, err)
		}
		if st.Outcome != outcomes[s] {
			t.Errorf("%s of %s is %s, without kills it is %s", id, s.path, st.Outcome, outcomes[s])
		}
	}
	if got := server.answers(t); got != want {
		t.Errorf("after %d kills:\n%s", kills, firstDifference(got, want))
	}
	checkJournal(t, server, data, receipts)
}

// checkJournal reads the store from zero: the chain holds, every original is as it was sent, and every receipt is in it. Nothing in
// it waits, also not what was stored and lost its receipt on the way back.
func checkJournal(t *testing.T, server *process, data string, receipts map[string]sheet) {
	if status := server.stop(); status != 0 {
		t.Errorf("serve: exit status %d after SIGTERM", status)
	}
	store, err := originals.Open(data, originals.Options{}) // the server has let go of it
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Verify(t.Context()); err != nil {
		t.Error(err)
	}
	for id, s := range receipts {
		if e, err := store.Envelope(id); err != nil || e.FileName != filepath.Base(s.path) {
			t.Errorf("%s has the receipt %s; the journal has %q, %v", s.path, id, e.FileName, err)
		}
	}
	server = startProcess(t, data)
	defer server.stop()
	for e := range store.Envelopes() {
		if e.Kind != reporting.SubmissionReceived {
			continue
		}
		if st, err := server.outcome(t.Context(), reporting.Receipt{Submission: e.ID}); err != nil || st.Outcome == "" {
			t.Errorf("%s of %s has no outcome: %v", e.ID, e.FileName, err)
		}
	}
}

// killEngine kills the server's children, the engine and the readers of sheets, and reports whether there were any.
func killEngine(t *testing.T, server int) bool {
	processes, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	killed := false
	for _, path := range processes {
		stat, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		// pid (name) state parent …; the name may hold anything, so the fields are counted from its end.
		fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
		if len(fields) < 2 || fields[1] != strconv.Itoa(server) {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path))); err == nil {
			killed = syscall.Kill(pid, syscall.SIGKILL) == nil || killed
		}
	}
	return killed
}

func firstDifference(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(a), len(b)) {
		x, y := "(end)", "(end)"
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if x != y {
			return fmt.Sprintf("line %d of %d and %d\ngot  %s\nwant %s", i+1, len(a), len(b), x, y)
		}
	}
	return "no difference"
}

// TestRebuiltFromOriginals deletes NATS, ClickHouse, and both, and finds the same figures after a rebuild; and after a mere start
// where only NATS is gone.
func TestRebuiltFromOriginals(t *testing.T) {
	_, manifest := writeKit(t, sample.Config{Seed: 5, Months: 3, Forms: fourForms})
	data := t.TempDir()
	server := startProcess(t, data)
	first, _ := server.run(t, "submit", "--manifest", manifest, "--json")
	want := server.answers(t)
	server.stop()
	for _, lost := range [][]string{{natsFolder}, {clickhouseFolder}, {natsFolder, clickhouseFolder}, {}} {
		t.Run(strings.Join(append(lost, "Lost"), ""), func(t *testing.T) {
			for _, folder := range lost {
				if err := os.RemoveAll(filepath.Join(data, folder)); err != nil {
					t.Fatal(err)
				}
			}
			cmd := command(t, "rebuild", "--data", data)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("rebuild: %v\n%s", err, out)
			}
			server := startProcess(t, data)
			defer server.stop()
			if got := server.answers(t); got != want {
				t.Error(firstDifference(got, want))
			}
		})
	}
	t.Run("OutcomesAsBefore", func(t *testing.T) {
		server := startProcess(t, data)
		for _, l := range lines(t, first) {
			st, err := server.outcome(t.Context(), reporting.Receipt{Submission: l.Submission})
			if err != nil || st.Outcome != l.Outcome || fmt.Sprint(st.Findings) != fmt.Sprint(l.Findings) {
				t.Errorf("%s: %s %v, want %s %v (%v)", l.Submission, st.Outcome, st.Findings, l.Outcome, l.Findings, err)
			}
		}
		if out, err := command(t, "rebuild", "--data", data).CombinedOutput(); err == nil || !strings.Contains(string(out), "another huizong uses") {
			t.Errorf("rebuild under a running server: %v\n%s", err, out)
		}
	})
}

// TestSentTwice sends a manifest twice: the second time changes nothing and says so. Of a ledger of the year to date the later month speaks.
func TestSentTwice(t *testing.T) {
	kit, manifest := writeKit(t, sample.Config{Seed: 5, Months: 2, Forms: fourForms})
	server := startProcess(t, t.TempDir())
	server.run(t, "submit", "--manifest", manifest, "--json")
	want := server.answers(t)
	out, _ := server.run(t, "submit", "--manifest", manifest, "--json")
	if got := server.answers(t); got != want {
		t.Error(firstDifference(got, want))
	}
	for i, l := range lines(t, out) {
		if f := kit.Files[i]; f.Expect == reporting.Accepted && l.Outcome == reporting.Accepted && !hasFinding(l.Findings, reporting.DuplicateFile) && !hasFinding(l.Findings, reporting.LaterStands) {
			t.Errorf("%s was not recognised as sent before: %v", f.Path, l.Findings)
		}
	}
}

// TestSentOverNATS sends sheets as a unit's own system does: requests on its own subject.
func TestSentOverNATS(t *testing.T) {
	kit, manifest := writeKit(t, sample.Config{Seed: 5, Months: 1, Forms: fourForms})
	server := startProcess(t, t.TempDir(), "--nats-listen", "127.0.0.1:0")
	url := server.printed.Await(t, server.ended, `nats: (\S+)`)[1]
	out, _ := server.run(t, "submit", "--nats", url, "--manifest", manifest, "--json")
	got := lines(t, out)
	for i, f := range kit.Files {
		if got[i].Outcome != f.Expect {
			t.Errorf("%s over NATS: %s, want %s", f.Path, got[i].Outcome, f.Expect)
		}
	}
}
