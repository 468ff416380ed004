package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"huizong/pkg/reporting"
)

// parentVar makes the test binary a parent to be killed: it starts an engine in the folder named and waits.
const parentVar = "HUIZONG_TEST_PARENT"

func TestMain(m *testing.M) {
	RunIfChild()
	if dir := os.Getenv(parentVar); dir != "" {
		os.Exit(runParent(dir))
	}
	os.Exit(m.Run())
}

func runParent(dir string) int {
	e, err := Start(context.Background(), Config{Dir: dir})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println(e.PID(), e.Addr())
	io.Copy(io.Discard, os.Stdin)
	return 0
}

// TestEngine is one engine's life, each stage standing on the one before: a start costs half a second and 210 MB.
func TestEngine(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "工作 'n' data") // an office names its folders as it likes
	e := mustStart(t, dir)
	db := mustOpen(t, e, e.Account(Service))
	t.Run("Service", func(t *testing.T) { testService(t, db) })
	t.Run("DefaultIsPowerless", func(t *testing.T) { testDefault(t, e) })
	t.Run("AnalystReads", func(t *testing.T) { testAnalyst(t, e) })
	t.Run("FilesAreClosed", func(t *testing.T) { testConfined(t, e) })
	t.Run("SecondStart", func(t *testing.T) { testSecondStart(t, dir) })
	t.Run("FilesAreOurs", func(t *testing.T) { testFiles(t, e) })
	t.Run("ChildKilled", func(t *testing.T) { testChildKilled(t, e, db) })
	t.Run("Strangers", func(t *testing.T) { testStrangers(t, e, db) })
	t.Run("CloseAndStart", func(t *testing.T) { testCloseAndStart(t, e, dir) })
}

func testService(t *testing.T, db driver.Conn) {
	for _, q := range []string{
		"CREATE DATABASE huizong",
		"CREATE TABLE huizong.fact (n UInt32, s String) ENGINE = MergeTree ORDER BY n SETTINGS fsync_after_insert = 1, fsync_part_directory = 1",
		"CREATE VIEW huizong.facts AS SELECT n, s FROM huizong.fact",
		"ALTER TABLE huizong.fact ADD COLUMN extra Nullable(Decimal(18, 2))",
		"CREATE DATABASE huizong_test",
		"CREATE TABLE huizong_test.copy AS huizong.fact ENGINE = ReplacingMergeTree ORDER BY n",
		"INSERT INTO huizong_test.copy (n) SELECT number FROM numbers(10)",
		"DROP DATABASE huizong_test SYNC",
	} {
		mustExec(t, db, q)
	}
	mustInsert(t, db, 20)
	wantCount(t, db, 20)
	for _, q := range []string{
		"CREATE DATABASE other",
		"SELECT * FROM file('/etc/passwd', 'LineAsString', 'l String')",
		"CREATE TABLE huizong.out (a String) ENGINE = File(CSV)",
		"CREATE TABLE huizong.web (a String) ENGINE = URL('http://127.0.0.1:1/', 'CSV')",
	} {
		wantRefused(t, db, q)
	}
}

// testDefault: the account that ClickHouse wants without a password may do nothing, should somebody get as far.
func testDefault(t *testing.T, e *Engine) {
	if _, body := askAsDefault(t, e, "SELECT currentUser()"); body != "default\n" {
		t.Fatalf("who has our prefix asks as %q: what follows tries another account", body)
	}
	for _, q := range []string{
		"SELECT count() FROM huizong.fact",
		"SELECT count() FROM huizong.facts",
		"SELECT * FROM file('/etc/passwd', 'LineAsString', 'l String')",
		"SELECT * FROM file('/dev/stdin', 'LineAsString', 'l String')",
		"SELECT count() FROM system.processes",
		"INSERT INTO huizong.fact (n) VALUES (1)",
		"CREATE DATABASE huizong_x",
		"CREATE TEMPORARY TABLE x (a Int8) ENGINE = Memory",
		"DROP TABLE huizong.fact",
		"SELECT file('users.xml')",
		"SELECT length(file('/etc/passwd'))",
		"SELECT file('users.xml') SETTINGS max_ast_depth = 100",
		"INSERT INTO FUNCTION null('x UInt8') VALUES (file('users.xml'))", // the error would quote it
		"EXPLAIN SELECT file('users.xml')",
		"DESCRIBE TABLE (SELECT file('users.xml'))",
		"SET max_ast_depth = 0",
		"SYSTEM STOP LISTEN TCP",
		"SYSTEM START LISTEN MYSQL",
	} {
		if number, body := askAsDefault(t, e, q); !slices.Contains(refusals, number) {
			t.Errorf("%s: %s %s, want a refusal", q, number, body)
		}
	}
}

// askAsDefault asks with the account without a password, as who has overheard the prefix could; number is that of the exception.
func askAsDefault(t *testing.T, e *Engine, query string) (number, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+e.Addr()+"/?user=default", strings.NewReader(query))
	if err != nil {
		t.Fatal(err)
	}
	request.SetBasicAuth(Service, e.Account(Service).Password[:prefixLength])
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.Header.Get("X-ClickHouse-Exception-Code"), string(said)
}

// testStrangers: whoever reaches the child's port on this machine may send what they like: it goes on, and so does a query of ours.
func testStrangers(t *testing.T, e *Engine, db driver.Conn) {
	if err := e.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	pid := e.PID()
	for _, name := range []string{Service, Analyst, "default", "nobody"} {
		resp, err := http.Get("http://" + e.Addr() + "/?user=" + name + "&password=guess&query=SELECT+count()+FROM+huizong.fact")
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode == http.StatusOK {
			t.Errorf("HTTP as %s with a wrong password = %s", name, resp.Status)
		}
	}
	for _, garbage := range garbage() {
		conn, err := net.Dial("tcp", e.Addr())
		if err != nil {
			t.Fatal(err)
		}
		conn.Write(garbage) // the child may close it at once
		if tcp, ok := conn.(*net.TCPConn); ok {
			tcp.CloseWrite()
		}
		conn.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
		io.Copy(io.Discard, conn)
		conn.Close()
		wantCount(t, db, 25)
	}
	if e.PID() != pid {
		t.Errorf("the child has pid %d after it, before it %d", e.PID(), pid)
	}
}

// garbage is what breaks servers: packets of the native protocol, with a wrong password and without sense, of TLS, cut off, too long, and noise.
func garbage() [][]byte {
	hello := "\x00\x06client\x18\x01\xc8\xa9\x03\x07default\x07huizong\x05guess"
	all := [][]byte{
		[]byte(hello), []byte(hello[:9]), []byte("\x01"), []byte("\x00\xff\xff\xff\xff\xff\xff\xff\xff\x7f"), []byte("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
		[]byte("GET"), []byte("GET / HTTP/1.1\r\nHost"), []byte("POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\nSELECT"), []byte("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"),
		[]byte("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\nx"), []byte("POST /?decompress=1 HTTP/1.1\r\nContent-Length: 30\r\n\r\n" + strings.Repeat("\x82", 30)),
		[]byte("POST / HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=\r\nContent-Length: 10\r\n\r\n----------"),
		[]byte("GET /?database=none&query=SELECT+1 HTTP/1.1\r\n\r\n"), []byte("GET /?session_id=a&session_timeout=99999999&query=SELECT+1 HTTP/1.1\r\n\r\n"),
		[]byte("GET / HTTP/1.1\r\nAuthorization: Basic !!!!\r\n\r\n"), []byte("GET / HTTP/1.1\r\nX-ClickHouse-SSL-Certificate-Auth: on\r\nX-ClickHouse-User: huizong\r\n\r\n"),
		[]byte("GET /" + strings.Repeat("a", 1<<21) + " HTTP/1.1\r\n\r\n"), []byte("GET / HTTP/1.1\r\n" + strings.Repeat("A: b\r\n", 1<<16) + "\r\n"),
	}
	noise := rand.New(rand.NewSource(7))
	for range 50 {
		b := make([]byte, 1+noise.Intn(4000))
		noise.Read(b)
		all = append(all, b)
	}
	return all
}

func testAnalyst(t *testing.T, e *Engine) {
	db := mustOpen(t, e, e.inner[Analyst])
	wantCount(t, db, 20)
	var n uint64
	ctx := clickhouse.Context(t.Context(), clickhouse.WithSettings(clickhouse.Settings{"max_execution_time": 5, "max_block_size": 1000}))
	if err := db.QueryRow(ctx, "SELECT count() FROM huizong.facts").Scan(&n); err != nil || n != 20 {
		t.Errorf("view with settings of the query = %d, %v, want 20", n, err)
	}
	for _, q := range []string{
		"INSERT INTO huizong.fact (n) VALUES (1)",
		"CREATE TABLE huizong.mine (a Int8) ENGINE = MergeTree ORDER BY a",
		"CREATE DATABASE huizong_x",
		"ALTER TABLE huizong.fact DELETE WHERE 1",
		"TRUNCATE TABLE huizong.fact",
		"DROP TABLE huizong.fact",
		"DROP DATABASE huizong",
		"SET readonly = 0",
		"SELECT 1 SETTINGS max_execution_time = 3600",
		"SELECT 1 SETTINGS max_execution_time = 0",
		"SELECT 1 SETTINGS max_memory_usage = 0",
		"SELECT count() FROM system.processes",
		"SELECT * FROM file('/etc/passwd', 'LineAsString', 'l String')",
		"SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString', 'l String')",
		"SELECT * FROM remote('127.0.0.1:1', 'huizong.fact')",
	} {
		wantRefused(t, db, q)
	}
}

func testSecondStart(t *testing.T, dir string) {
	second, err := Start(t.Context(), Config{Dir: dir})
	if err == nil {
		second.Close()
	}
	if code := reporting.CodeOf(err); code != reporting.Conflict || !strings.Contains(err.Error(), dir) {
		t.Errorf("second Start = %v (%s), want a conflict that names the folder", err, code)
	}
}

func testFiles(t *testing.T, e *Engine) {
	for _, name := range []string{accountsName, usersName, configName, logName} {
		info, err := os.Stat(filepath.Join(e.dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if perm := info.Mode().Perm(); perm != 0o600 {
			t.Errorf("%s has mode %o, want 600", name, perm)
		}
	}
	users, err := os.ReadFile(filepath.Join(e.dir, usersName))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{Service, Analyst} {
		if pw := e.Account(name).Password; len(pw) < 20 || strings.Contains(string(users), pw) {
			t.Errorf("password of %s is short, or in %s in clear", name, usersName)
		}
	}
}

func testChildKilled(t *testing.T, e *Engine, db driver.Conn) {
	if err := e.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	pid, addr := e.PID(), e.Addr()
	mustKill(t, pid)
	mustGo(t, pid)
	awaitCount(t, db, 20) // the same pool, the same rows
	mustInsert(t, db, 5)
	wantCount(t, db, 25)
	if e.PID() == pid || e.PID() == 0 {
		t.Errorf("PID = %d after the kill of %d, want another", e.PID(), pid)
	}
	t.Logf("served at %s before, at %s after", addr, e.Addr())
}

func testCloseAndStart(t *testing.T, e *Engine, dir string) {
	if err := e.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	pid, service, analyst := e.PID(), e.Account(Service), e.Account(Analyst)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e.Close() // twice is once
	mustGo(t, pid)
	if code := reporting.CodeOf(e.Ready(t.Context())); code != reporting.Canceled {
		t.Errorf("Ready after Close has code %q, want canceled", code)
	}
	if _, err := e.DialContext(t.Context(), ""); reporting.CodeOf(err) != reporting.Canceled {
		t.Errorf("DialContext after Close = %v, want canceled", err)
	}
	e = mustStart(t, dir)
	if e.Account(Service) == service || e.Account(Analyst) != analyst {
		t.Error("the service's password is that of before, or the analysts' is another one")
	}
	wantCount(t, mustOpen(t, e, e.Account(Service)), 25)
}

// TestParentKilled: nobody is left to close the engine, and it must go all the same, with its locks, and leave the rows.
func TestParentKilled(t *testing.T) {
	dir := t.TempDir()
	parent := exec.Command(os.Args[0])
	parent.Env = append(os.Environ(), parentVar+"="+dir)
	parent.Stderr = os.Stderr
	if _, err := parent.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	var pid int
	var addr string
	if _, err := fmt.Fscan(out, &pid, &addr); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, 0); err != nil {
		t.Fatalf("child %d is not there: %v", pid, err)
	}
	mustKill(t, parent.Process.Pid)
	parent.Wait()
	e := mustStart(t, dir) // at once, as a service manager does
	mustGo(t, pid)
	mustExec(t, mustOpen(t, e, e.Account(Service)), "CREATE DATABASE huizong")
}

// TestStrays: whatever lies in the engine's folder that it has not made, it starts, and the stray is still there, aside. So it is where the child ends over a
// definition that a query of before could leave.
func TestStrays(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "clickhouse")
	e := mustStart(t, dir)
	db := mustOpen(t, e, e.Account(Service))
	for _, q := range []string{"CREATE DATABASE huizong", "CREATE TABLE huizong.fact (n UInt32, s String) ENGINE = MergeTree ORDER BY n", "INSERT INTO huizong.fact VALUES (1, 'a')"} {
		mustExec(t, db, q)
	}
	e.Close()
	strays := []string{
		"evil.db", "config.d/evil.xml", "users.d/evil.xml", "conf.d/evil.xml", "port.tsv", "data/evil", "data/evil.db", "data/named_collections/evil.sql", "data/access/evil.sql", "data/workload/evil.sql",
		"data/metadata/evil.sql", "data/metadata/evil.db", "data/metadata/huizong/evil.sql", "data/metadata/huizong/evil", "data/metadata/huizong/evil.d/x",
	}
	for _, name := range append(slices.Clone(strays), "data/data/evil", "data/store/evil", "data/store/abc/evil", "data/tmp/evil", "data/metadata_dropped/evil.sql", "data/user_files/evil") {
		mustMkdir(t, dir, filepath.Dir(name))
		mustWrite(t, filepath.Join(dir, name), "")
	}
	if err := errors.Join(os.Remove(filepath.Join(dir, servesName)), os.MkdirAll(filepath.Join(dir, servesName, "x"), 0o700)); err != nil {
		t.Fatal(err)
	}
	e = mustStart(t, dir)
	db = mustOpen(t, e, e.Account(Service))
	wantCount(t, db, 1)
	for _, name := range append(strays, servesName+"/x") {
		if aside, _ := filepath.Glob(filepath.Join(dir, straysName, "*", name)); len(aside) != 1 {
			t.Errorf("%s is aside %d times", name, len(aside))
		}
	}
	mustWrite(t, filepath.Join(dir, "data/metadata/evil.sql"), "")
	mustKill(t, e.PID())
	awaitCount(t, db, 1)
}

func TestStartErrors(t *testing.T) {
	t.Run("NoEngine", func(t *testing.T) {
		t.Setenv(PathVar, "")
		t.Setenv("PATH", t.TempDir())
		t.Chdir(t.TempDir())
		_, err := Start(t.Context(), Config{Dir: t.TempDir()})
		wantError(t, err, reporting.Unavailable, "make engine", "install clickhouse", "--clickhouse", PathVar)
	})
	t.Run("NoSuchPath", func(t *testing.T) {
		_, err := Start(t.Context(), Config{Dir: t.TempDir(), Path: "/nowhere/libchdb.so"})
		wantError(t, err, reporting.Unavailable, "/nowhere/libchdb.so")
	})
	t.Run("DamagedLibrary", func(t *testing.T) {
		lib := filepath.Join(t.TempDir(), "libchdb.so")
		mustWrite(t, lib, "half a download")
		_, err := Start(t.Context(), Config{Dir: t.TempDir(), Path: lib})
		wantError(t, err, reporting.Unavailable, lib, "its log ends: load engine library")
	})
	t.Run("DamagedData", func(t *testing.T) {
		dir := t.TempDir()
		definition := filepath.Join(dir, dataName, "metadata", "huizong.sql")
		mustMkdir(t, filepath.Dir(definition))
		mustWrite(t, definition, "ATTACH DATABASE of nothing")
		_, err := Start(t.Context(), Config{Dir: dir})
		wantError(t, err, reporting.Unavailable, dir, "its log ends: ")
	})
	t.Run("DamagedAccounts", func(t *testing.T) {
		dir := t.TempDir()
		mustWrite(t, filepath.Join(dir, accountsName), "{")
		_, err := Start(t.Context(), Config{Dir: dir})
		wantError(t, err, reporting.Invalid, accountsName)
	})
	t.Run("CalledOff", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		dir := t.TempDir()
		_, err := Start(ctx, Config{Dir: dir})
		wantError(t, err, reporting.Canceled)
		locks := folderLocks{}
		if err := locks.take(t.Context(), dir); err != nil {
			t.Errorf("the folder is not given back: %v", err)
		}
		locks.release()
	})
}

// BenchmarkInsert is one sheet's rows with both fsyncs, a row count as the measure has it.
func BenchmarkInsert(b *testing.B) {
	e := mustStart(b, b.TempDir())
	db := mustOpen(b, e, e.Account(Service))
	mustExec(b, db, "CREATE DATABASE huizong")
	mustExec(b, db, "CREATE TABLE huizong.fact (n UInt32, s String) ENGINE = MergeTree ORDER BY n SETTINGS fsync_after_insert = 1, fsync_part_directory = 1")
	for b.Loop() {
		mustInsert(b, db, 20)
	}
}

func BenchmarkStart(b *testing.B) {
	dir := b.TempDir()
	mustStart(b, dir).Close()
	for b.Loop() {
		e, err := Start(b.Context(), Config{Dir: dir})
		if err != nil {
			b.Fatal(err)
		}
		e.Close()
	}
}

func mustStart(tb testing.TB, dir string) *Engine {
	tb.Helper()
	e, err := Start(tb.Context(), Config{Dir: dir, SQLPort: mustFreePort(tb)})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { e.Close() })
	return e
}

func mustFreePort(tb testing.TB) int {
	tb.Helper()
	port, err := freePort()
	if err != nil {
		tb.Fatal(err)
	}
	return port
}

func mustOpen(tb testing.TB, e *Engine, a Account) driver.Conn {
	tb.Helper()
	db, err := clickhouse.Open(&clickhouse.Options{
		Protocol:    clickhouse.HTTP,
		Addr:        []string{"127.0.0.1"}, // DialContext knows where
		DialContext: e.DialContext,
		Auth:        clickhouse.Auth{Username: a.Name, Password: a.Password},
	})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { db.Close() })
	return db
}

func mustExec(tb testing.TB, db driver.Conn, q string) {
	tb.Helper()
	if err := db.Exec(tb.Context(), q); err != nil {
		tb.Fatalf("%s: %v", q, err)
	}
}

func mustInsert(tb testing.TB, db driver.Conn, rows int) {
	tb.Helper()
	batch, err := db.PrepareBatch(tb.Context(), "INSERT INTO huizong.fact (n, s)")
	if err != nil {
		tb.Fatal(err)
	}
	for i := range rows {
		if err := batch.Append(uint32(i), "row "+strconv.Itoa(i)); err != nil {
			tb.Fatal(err)
		}
	}
	if err := batch.Send(); err != nil {
		tb.Fatal(err)
	}
}

func mustWrite(tb testing.TB, path, text string) {
	tb.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
}

func mustKill(tb testing.TB, pid int) {
	tb.Helper()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		tb.Fatalf("kill %d: %v", pid, err)
	}
}

// mustGo waits until no process has the id, or only a dead one that its new parent has not yet buried.
func mustGo(tb testing.TB, pid int) {
	tb.Helper()
	deadline := time.After(10 * time.Second)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for syscall.Kill(pid, 0) == nil && !zombie(pid) {
		select {
		case <-tick.C:
		case <-deadline:
			tb.Fatalf("process %d is still there", pid)
		}
	}
}

func zombie(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, after, ok := strings.Cut(string(stat), ") ")
	return err == nil && ok && strings.HasPrefix(after, "Z")
}

func wantCount(tb testing.TB, db driver.Conn, want uint64) {
	tb.Helper()
	var n uint64
	if err := db.QueryRow(tb.Context(), "SELECT count() FROM huizong.fact").Scan(&n); err != nil || n != want {
		tb.Errorf("rows = %d, %v, want %d", n, err, want)
	}
}

// awaitCount is wantCount for a moment in which the child dies: its last breath may still take a connection, and break it.
func awaitCount(tb testing.TB, db driver.Conn, want uint64) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), 20*time.Second)
	defer cancel()
	for {
		var n uint64
		err := db.QueryRow(ctx, "SELECT count() FROM huizong.fact").Scan(&n)
		if err == nil && n == want {
			return
		}
		if ctx.Err() != nil || err == nil {
			tb.Fatalf("rows = %d, %v, want %d", n, err, want)
		}
	}
}

// wantRefused runs q and wants a refusal by rights, settings or quota, not any other error.
// refusals are READONLY, TOO_DEEP_AST, QUOTA_EXCEEDED, SETTING_CONSTRAINT_VIOLATION and ACCESS_DENIED.
var refusals = []string{"164", "167", "201", "452", "497"}

func wantRefused(tb testing.TB, db driver.Conn, q string) {
	tb.Helper()
	err := db.Exec(tb.Context(), q)
	var ex *clickhouse.Exception
	if !errors.As(err, &ex) {
		tb.Errorf("%s = %v, want a refusal", q, err)
		return
	}
	if !slices.Contains(refusals, strconv.Itoa(int(ex.Code))) {
		tb.Errorf("%s = %v, want a refusal", q, err)
	}
}

func wantError(tb testing.TB, err error, code reporting.Code, parts ...string) {
	tb.Helper()
	if got := reporting.CodeOf(err); got != code {
		tb.Fatalf("error %v has code %q, want %q", err, got, code)
	}
	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			tb.Errorf("error %q does not say %q", err, p)
		}
	}
}
