package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"huizong/pkg/engine/enginetest"
	"huizong/pkg/sample"
)

// TestServersCannotShare lets two data directories meet on one NATS server, and on one ClickHouse: the second is refused while the first is
// at work, and while what is there is the first one's. A copy of a directory is refused as well, and a server that was paused for so
// long that another took its place ends when it wakes.
func TestServersCannotShare(t *testing.T) {
	facts, bus := enginetest.Native(t), ownBus(t)
	_, manifest := writeKit(t, sample.Config{Seed: 5, Months: 1, Forms: []string{"employment_monthly"}})

	for _, test := range []struct{ name, flag, value, owned string }{
		{"NATS", "--nats", bus, "the streams are about another journal"},
		{"ClickHouse", "--clickhouse", facts, "the facts come from another journal"},
	} {
		t.Run(test.name, func(t *testing.T) {
			one, two, twin := filepath.Join(t.TempDir(), "one"), filepath.Join(t.TempDir(), "two"), filepath.Join(t.TempDir(), "twin")
			first := startProcess(t, one, test.flag, test.value)
			first.run(t, "submit", "--manifest", manifest, "--json")
			want := first.answers(t)
			refused := func(data string, words ...string) string {
				said := refusedStart(t, data, test.flag, test.value)
				for _, w := range words {
					if !strings.Contains(said, w) {
						t.Errorf("serve says\n%s\nwant %q", said, w)
					}
				}
				return said
			}
			refused(two, "is used by the huizong of "+one)
			first.stop()
			copyFolder(t, one, twin)
			refused(two, test.owned, one)

			first = startProcess(t, one, test.flag, test.value)
			refused(twin, "is used by the huizong of "+one)
			first.kill()
			first = startProcess(t, one, test.flag, test.value) // a crash keeps nobody out of his own directory
			must(t, first.cmd.Process.Signal(syscall.SIGSTOP))
			second := startProcess(t, twin, test.flag, test.value) // is taken for dead meanwhile
			must(t, first.cmd.Process.Signal(syscall.SIGCONT))
			first.awaitEnd(t)
			if said := first.printed.String(); first.cmd.ProcessState.Success() || !strings.Contains(said, "another has taken its place") || !strings.Contains(said, twin) {
				t.Errorf("the paused server ends with\n%s", said)
			}
			if got := second.answers(t); got != want {
				t.Error(firstDifference(got, want))
			}
			second.stop()

			follow(t, refused(two, test.owned), "rebuild") // --take-over: the first is gone for good
			last := startProcess(t, two, test.flag, test.value)
			out, _ := last.run(t, "submit", "--manifest", manifest, "--json")
			if got := last.answers(t); got != want {
				t.Errorf("%s\n%s", firstDifference(got, want), out)
			}
			last.stop()
			follow(t, refused(one, test.owned), "rebuild") // and comes back
			first = startProcess(t, one, test.flag, test.value)
			if got := first.answers(t); got != want {
				t.Error(firstDifference(got, want))
			}
		})
	}
}

// TestFactsOfAnother puts the folders of one data directory into another.
func TestFactsOfAnother(t *testing.T) {
	_, manifest := writeKit(t, sample.Config{Seed: 5, Months: 1, Forms: []string{"employment_monthly"}})
	one, two := filepath.Join(t.TempDir(), "one"), filepath.Join(t.TempDir(), "two")
	for _, data := range []string{one, two} {
		server := startProcess(t, data)
		server.run(t, "submit", "--manifest", manifest, "--json")
		server.stop()
	}
	for _, folder := range []string{clickhouseFolder, natsFolder} {
		must(t, os.RemoveAll(filepath.Join(two, folder)))
		copyFolder(t, filepath.Join(one, folder), filepath.Join(two, folder))
		said := refusedStart(t, two)
		if !strings.Contains(said, "another journal") || !strings.Contains(said, one) || !strings.Contains(said, filepath.Join(two, folder)) {
			t.Errorf("serve with %s of another says\n%s", folder, said)
		}
		follow(t, said, "rebuild")
		startProcess(t, two).stop()
	}
}
