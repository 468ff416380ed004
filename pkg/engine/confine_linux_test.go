package engine

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"huizong/pkg/landlock"
	"huizong/pkg/landlock/landlocktest"
)

// testConfined: whoever may ask ClickHouse anything can call file(), which `clickhouse local` restricts to nothing. The kernel does.
func testConfined(t *testing.T, e *Engine) {
	landlocktest.Require(t, confinable(), fmt.Sprintf("Landlock %d of %d, so analysts have no way in", landlock.Version(), oldestLandlock))
	outside := filepath.Join(filepath.Dir(e.dir), "person.key")
	mustWrite(t, outside, "secret")
	for _, account := range []string{Service, Analyst} {
		db := mustOpen(t, e, e.inner[account])
		for _, path := range []string{outside, accountsName, filepath.Join(e.dir, accountsName), logName, "../person.key", "/etc/shadow", "/proc/" + strconv.Itoa(os.Getpid()) + "/environ"} {
			var text string
			err := db.QueryRow(t.Context(), "SELECT file($1)", path).Scan(&text)
			if err == nil || !strings.Contains(err.Error(), "Permission denied") {
				t.Errorf("%s reads %s: %q, %v", account, path, text, err)
			}
		}
	}
	env, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", e.PID()))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range strings.Split(strings.Trim(string(env), "\x00"), "\x00") {
		if v != "" && !strings.HasPrefix(v, "TZ=") {
			t.Errorf("the child's environment has %q", v)
		}
	}
	landlocktest.Require(t, landlock.Version() >= 4, "Landlock before version 4 (Linux 6.7) closes no network")
	wantNoConnection(t, mustOpen(t, e, e.Account(Service)))
}

// wantNoConnection: whoever may name an address reaches nobody there, not even on this machine.
func wantNoConnection(t *testing.T, db driver.Conn) {
	l, err := net.Listen("tcp", net.JoinHostPort(loopback, "0"))
	if err != nil {
		t.Fatal(err)
	}
	reached := make(chan bool, 1)
	go func() {
		conn, err := l.Accept()
		if err == nil {
			conn.Close()
		}
		reached <- err == nil
	}()
	if err := db.Exec(t.Context(), fmt.Sprintf("SELECT * FROM remote('%s', system.one, 'a', 'b')", l.Addr())); err == nil {
		t.Error("a query of another server succeeded")
	}
	l.Close()
	if <-reached {
		t.Error("the engine has opened a connection")
	}
}
