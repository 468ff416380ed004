package clickhouse_test

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"huizong/pkg/clickhouse"
)

// TestServerOfOnesOwn: a server that the bureau runs itself is spoken to in the native protocol, and the store is the same on it.
func TestServerOfOnesOwn(t *testing.T) {
	t.Parallel()
	libraries, _ := filepath.Glob("../../deploy/engine/node_modules/@chdb/lib-*/libchdb.*")
	if named := os.Getenv("HUIZONG_ENGINE"); named != "" {
		libraries, _ = filepath.Glob(named + "/node_modules/@chdb/lib-*/libchdb.*")
	}
	if len(libraries) == 0 {
		t.Skip("no library to run a server of: `make engine` fetches it")
	}
	library, err := filepath.Abs(libraries[0])
	if err != nil {
		t.Fatal(err)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := free.Addr().String()
	_, port, _ := net.SplitHostPort(addr)
	free.Close()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "data"), 0o700); err != nil {
		t.Fatal(err)
	}
	server := exec.Command(os.Args[0], "engine-child", library, "--path", filepath.Join(dir, "data"), "--listen_host", "127.0.0.1", "--tcp_port", port, "--log-level", "none",
		"--query", "SYSTEM START LISTEN TCP; INSERT INTO FUNCTION null('line String') FROM INFILE '/dev/stdin' FORMAT LineAsString")
	server.Dir, server.Stderr = dir, os.Stderr
	alive, err := server.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { alive.Close(); server.Process.Kill(); server.Wait() })
	await(t, addr)

	s := mustOpen(t, clickhouse.Config{Addr: addr, Account: "default", Database: "huizong", Version: "test"})
	if err := s.Migrate(t.Context(), migrations()); err != nil {
		t.Fatal(err)
	}
	e := full(1)
	mustWrite(t, s, e)
	mustReadBack(t, s, e)
	wantJobs(t, s, time.Time{}, "2020-01=10.25")
}

// await waits until somebody listens at the address.
func await(t *testing.T, addr string) {
	t.Helper()
	deadline := time.After(time.Minute)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := net.Dial("tcp", addr)
		if err == nil {
			conn.Close()
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal(err)
		}
	}
}
