package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"huizong/pkg/originals"
	"huizong/pkg/reporting"
)

// TestOurFault is an operator's way with a sheet that cannot be decided: a rebuild ends with the list of such sheets and says so by its exit status,
// the running server lists it, and decides it again when the fault is mended; a rebuild then has nothing to list.
func TestOurFault(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	mend := leaveDamaged(t, data)
	store, err := originals.Open(data, originals.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var sent reporting.Envelope
	for e := range store.Envelopes() {
		sent = e
	}
	rebuild := func(status int) string {
		t.Helper()
		cmd := command(t, "rebuild", "--data", data)
		out, _ := cmd.CombinedOutput() // its exit status is asked next
		if got := cmd.ProcessState.ExitCode(); got != status {
			t.Fatalf("rebuild: exit status %d, want %d\n%s", got, status, out)
		}
		return string(out)
	}
	line := sent.ID + "  " + sent.Org + " " + sent.Form
	if out := rebuild(1); !strings.Contains(out, line) || !strings.Contains(out, "altered") {
		t.Errorf("the rebuild lists:\n%s", out)
	}
	server := startProcess(t, data)
	if st, err := server.outcome(t.Context(), reporting.Receipt{Submission: sent.ID}); err != nil || !st.ThroughOurFault() {
		t.Errorf("%+v, %v", st, err)
	}
	if page, err := server.get(t.Context(), "/submissions/"+sent.ID, nil); err != nil || !strings.Contains(string(page), "不用重新上传") {
		t.Errorf("its page: %v\n%.400s", err, page)
	}
	if out, _ := server.run(t, "quarantine", "list"); !strings.HasPrefix(out, line) {
		t.Errorf("quarantine list:\n%s", out)
	}
	mend()
	server.run(t, "quarantine", "replay", sent.ID)
	look, deadline := time.NewTicker(50*time.Millisecond), time.Now().Add(2*time.Minute)
	defer look.Stop()
	for ; ; <-look.C {
		st, err := server.outcome(t.Context(), reporting.Receipt{Submission: sent.ID})
		if err == nil && st.Outcome == reporting.Accepted {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("after the replay: %+v, %v", st, err)
		}
	}
	if out, _ := server.run(t, "quarantine", "list"); out != "" {
		t.Errorf("quarantine list after the replay:\n%s", out)
	}
	want := server.answers(t)
	server.stop()
	rebuild(0)
	server = startProcess(t, data)
	if got := server.answers(t); got != want {
		t.Errorf("in %s: %s", filepath.Base(data), firstDifference(got, want))
	}
	server.stop()
}
