package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"
	natsgo "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"huizong/pkg/reporting"
)

// busPatience bounds a wait of these tests.
const busPatience = time.Minute

func notASheet(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.csv")
	if err := os.WriteFile(path, []byte("不是报表\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// ownBus starts a NATS server as a bureau would run one of its own, and returns its address.
func ownBus(t *testing.T) string {
	t.Helper()
	own, err := natsserver.NewServer(&natsserver.Options{Host: "127.0.0.1", Port: natsserver.RANDOM_PORT, JetStream: true, StoreDir: t.TempDir(), MaxPayload: 9 << 20, NoSigs: true, NoLog: true})
	if err != nil {
		t.Fatal(err)
	}
	own.Start()
	t.Cleanup(func() { own.Shutdown(); own.WaitForShutdown() })
	if !own.ReadyForConnections(busPatience) {
		t.Fatal("the NATS server is not ready")
	}
	return own.ClientURL()
}

// TestStreamsLost: on a server of the bureau's own somebody deletes the stream. It is made again, what was received meanwhile is decided, and the
// server says that it is not ready while it is missing.
func TestStreamsLost(t *testing.T) {
	t.Parallel()
	own := ownBus(t)
	server := startProcess(t, t.TempDir(), "--nats", own)
	raw, err := natsgo.Connect(own)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	js, err := jetstream.New(raw)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := js.DeleteStream(t.Context(), "SUBMISSIONS"); err != nil {
			t.Fatal(err)
		}
		out, _ := server.run(t, "submit", "--org", "349981001", "--period", "2020-06", "--json", notASheet(t))
		if sent := lines(t, out); len(sent) != 1 || sent[0].Outcome != reporting.Rejected {
			t.Errorf("a sheet that is none: %s", out)
		}
		if err := server.waitReady(t.Context()); err != nil {
			t.Error(err)
		}
	}
}
