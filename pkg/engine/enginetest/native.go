// Package enginetest runs a ClickHouse server as a bureau would run one of its own, for tests.
package enginetest

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// Native starts a server that speaks the native protocol, and returns an address at which it is reached. Its account is default, without a password.
// The server ends with the test. One that dies is started again on its data, as a bureau's service would be: on a busy machine the library does now
// and then. Who connects meanwhile waits. TestMain has called engine.RunIfChild, and the test's package lies two folders below the root.
func Native(t *testing.T) string {
	t.Helper()
	n := &native{library: theLibrary(t), dir: t.TempDir(), addr: freeAddress(t), ended: make(chan struct{})}
	if err := os.Mkdir(filepath.Join(n.dir, "data"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := n.start(); err != nil {
		t.Fatal(err)
	}
	front, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	running.Go(n.keep)
	go n.serve(front)
	t.Cleanup(func() {
		front.Close()
		close(n.ended)
		n.mu.Lock()
		n.server.Process.Kill()
		n.mu.Unlock()
		running.Wait()
	})
	await(t, n.addr)
	return front.Addr().String()
}

// native is a server that is kept running.
type native struct {
	library, dir, addr string
	ended              chan struct{} // closed when the test ends

	mu     sync.Mutex // guards server
	server *exec.Cmd
}

func (n *native) start() error {
	_, port, _ := net.SplitHostPort(n.addr)
	server := exec.Command(os.Args[0], "engine-child", n.library, "--path", filepath.Join(n.dir, "data"), "--listen_host", "127.0.0.1", "--tcp_port", port, "--log-level", "none",
		"--query", "SYSTEM START LISTEN TCP; INSERT INTO FUNCTION null('line String') FROM INFILE '/dev/stdin' FORMAT LineAsString")
	server.Dir, server.Stderr = n.dir, os.Stderr
	if _, err := server.StdinPipe(); err != nil { // it ends when the pipe does
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.server = server
	return server.Start()
}

// keep starts the server again whenever it has ended, until the test does.
func (n *native) keep() {
	for {
		n.server.Wait()
		select {
		case <-n.ended:
			return
		default:
		}
		fmt.Fprintln(os.Stderr, "the ClickHouse of the test ended by itself and is started again:", n.server.ProcessState)
		if err := n.start(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return
		}
	}
}

// serve hands connections on to the server, and waits for it where it is away.
func (n *native) serve(front net.Listener) {
	for {
		client, err := front.Accept()
		if err != nil {
			return
		}
		go n.hand(client)
	}
}

func (n *native) hand(client net.Conn) {
	defer client.Close()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		server, err := net.Dial("tcp", n.addr)
		if err == nil {
			defer server.Close()
			go func() {
				io.Copy(server, client)
				server.Close()
			}()
			io.Copy(client, server)
			return
		}
		select {
		case <-tick.C:
		case <-n.ended:
			return
		}
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer free.Close()
	return free.Addr().String()
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
