package main

import (
	"os"
	"path/filepath"
	"testing"

	"huizong/pkg/reporting"
)

// TestStraysDoNotStopTheStart: what lies about in the data directory that is not ours, and what stands in the way of what can be made again, is there
// afterwards, and the server works.
func TestStraysDoNotStopTheStart(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	for _, path := range []string{
		"evil", "evil.d/x", "nats", "clickhouse", "server.json/x", "originals/evil", "releases/evil", "drafts/evil", "drafts/x/evil", "tls/evil", "accounts.json.new", "evil.db", "audit/.DS_Store",
	} {
		path = filepath.Join(data, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("somebody's"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	works := func() {
		t.Helper()
		server := startProcess(t, data)
		out, _ := server.run(t, "submit", "--org", "349981001", "--period", "2020-06", "--json", notASheet(t))
		if sent := lines(t, out); len(sent) != 1 || sent[0].Outcome != reporting.Rejected {
			t.Errorf("a sheet that is none: %s", out)
		}
		server.kill()
	}
	works()
	for _, path := range []string{"clickhouse/data/metadata/evil.sql", "clickhouse/data/metadata/huizong/evil", "clickhouse/evil", "nats/evil", "nats/jetstream/$G/streams/evil/meta.inf", "nats/jetstream/$G/streams/SUBMISSIONS/evil"} {
		path = filepath.Join(data, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	works()
	for _, name := range []string{"nats", "clickhouse", "server.json"} {
		if aside, _ := filepath.Glob(filepath.Join(data, name+".stray-*")); len(aside) != 1 {
			t.Errorf("%s is aside %d times", name, len(aside))
		}
	}
}
