package attack

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestListeners: without flags that say otherwise there are two listeners on the machine, both on loopback: that of the server, and that of its engine.
func TestListeners(t *testing.T) {
	s := start(t)
	listening := listeners(t, family(t, s.cmd.Process.Pid))
	if len(listening) != 2 || slices.ContainsFunc(listening, func(a string) bool { return !strings.HasPrefix(a, "127.0.0.1:") && !strings.HasPrefix(a, "[::1]:") }) {
		t.Errorf("listening: %v", listening)
	}
}

// family are a process and its children, of all generations.
func family(t *testing.T, pid int) []int {
	t.Helper()
	all := []int{pid}
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, path := range tasks {
		children, _ := os.ReadFile(path) // a thread may have ended
		for _, field := range strings.Fields(string(children)) {
			if child, err := strconv.Atoi(field); err == nil {
				all = append(all, family(t, child)...)
			}
		}
	}
	return all
}

// listeners are the addresses on which some processes listen for TCP.
func listeners(t *testing.T, pids []int) []string {
	t.Helper()
	sockets := map[string]string{} // address by inode
	for _, table := range []string{"tcp", "tcp6"} {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/net/%s", pids[0], table))
		if err != nil {
			continue // no such protocol here
		}
		for line := range bytes.Lines(text) {
			if f := strings.Fields(string(line)); len(f) > 9 && f[3] == "0A" {
				sockets[f[9]] = addressOf(t, f[1])
			}
		}
	}
	var found []string
	for _, pid := range pids {
		links, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
		for _, link := range links {
			target, _ := os.Readlink(link)
			inode := strings.TrimSuffix(strings.TrimPrefix(target, "socket:["), "]")
			if address, listens := sockets[inode]; listens && !slices.Contains(found, address) {
				found = append(found, address)
			}
		}
	}
	return found
}

// addressOf reads an address as /proc writes it: words of the machine's order, in hexadecimal digits.
func addressOf(t *testing.T, text string) string {
	t.Helper()
	host, port, _ := strings.Cut(text, ":")
	n, err := strconv.ParseUint(port, 16, 16)
	if err != nil {
		t.Fatal(err)
	}
	var ip net.IP
	for ; len(host) >= 8; host = host[8:] {
		word, err := strconv.ParseUint(host[:8], 16, 32)
		if err != nil {
			t.Fatal(err)
		}
		ip = append(ip, byte(word), byte(word>>8), byte(word>>16), byte(word>>24))
	}
	return net.JoinHostPort(ip.String(), strconv.FormatUint(n, 10))
}
