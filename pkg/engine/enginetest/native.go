// Package enginetest runs a ClickHouse server as a bureau would run one of its own, for tests.
package enginetest

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// Native starts a server that speaks the native protocol, and returns its address. Its account is default, without a password. The server
// ends with the test. TestMain has called engine.RunIfChild, and the test's package lies two folders below the root.
func Native(t *testing.T) string {
	t.Helper()
	library := theLibrary(t)
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
	return addr
}

func theLibrary(t *testing.T) string {
	t.Helper()
	root := "../../deploy/engine"
	if named := os.Getenv("HUIZONG_ENGINE"); named != "" {
		root = named
	}
	libraries, _ := filepath.Glob(filepath.Join(root, "node_modules/@chdb/lib-*/libchdb.*"))
	if len(libraries) == 0 {
		t.Fatalf("no library to run a server of in %s: `make engine` fetches it", root)
	}
	library, err := filepath.Abs(libraries[0])
	if err != nil {
		t.Fatal(err)
	}
	return library
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
