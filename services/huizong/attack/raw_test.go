package attack

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"huizong/pkg/access"
	"huizong/services/portal/account"
	"huizong/services/portal/admin"
)

// rawPatience bounds a wait for what the server says of a request that is none.
const rawPatience = time.Minute

// dial opens a connection to a server without TLS.
func (s *server) dial(t *testing.T) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(rawPatience))
	return conn
}

// TestBrokenRequests: a request whose end is not beyond doubt is refused and its connection ended, so that what stands behind it is not taken for another one; nothing of a
// file that was sent so is left, and the server answers on.
func TestBrokenRequests(t *testing.T) {
	c := theCity(t)
	behind := "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
	authorised := fmt.Sprintf("POST /api/v1/submissions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: multipart/form-data; boundary=b\r\n", c.people[access.Clerk].byToken.token)
	part := "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.csv\"\r\n\r\n"
	held := func() []string {
		files, err := filepath.Glob(filepath.Join(c.data, "originals", "*.*"))
		if err != nil {
			t.Fatal(err)
		}
		return files
	}
	envelopes := func() int {
		list, err := os.ReadDir(filepath.Join(c.data, "envelopes"))
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	before, left := envelopes(), len(held())
	for name, request := range map[string]string{
		"two lengths":              "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 0\r\n\r\n" + behind,
		"a negative length":        "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n" + behind,
		"a length with a sign":     "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: +3\r\n\r\nabc" + behind,
		"a length beyond counting": "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n" + behind,
		"an unknown coding":        "POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n" + behind,
		"a disguised coding":       "POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + behind,
		"two codings":              "POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + behind,
		"a blank before the colon": "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length : 0\r\n\r\n" + behind,
		"no host":                  "GET /healthz HTTP/1.1\r\n\r\n",
		"two hosts":                "GET /healthz HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
		"a NUL in a header":        "GET /healthz HTTP/1.1\r\nHost: x\r\nA: \x00\r\n\r\n",
		"an address with a break":  "GET /healthz\r\nX: y HTTP/1.1\r\nHost: x\r\n\r\n",
		"headers without end":      "GET /healthz HTTP/1.1\r\nHost: x\r\n" + strings.Repeat("A: "+strings.Repeat("b", 1000)+"\r\n", 3000),
		"another protocol":         "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + strings.Repeat("\x00", 100) + "\r\n\r\n",
		"HTTP/2 without TLS":       "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
		"a chunk of no size":       authorised + "Transfer-Encoding: chunked\r\n\r\nzz\r\n" + part + behind,
		"a chunk beyond counting":  authorised + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n" + part + behind,
		"a negative chunk":         authorised + "Transfer-Encoding: chunked\r\n\r\n-1\r\n" + part + behind,
		"a chunk that is longer":   authorised + "Transfer-Encoding: chunked\r\n\r\n" + fmt.Sprintf("%x\r\n%sxxxx", len(part), part) + behind,
		"a chunk of comments":      authorised + "Transfer-Encoding: chunked\r\n\r\n1;" + strings.Repeat("a", 1<<20) + "\r\n" + behind,
		"a file that breaks off":   authorised + "Transfer-Encoding: chunked\r\n\r\n" + fmt.Sprintf("%x\r\n%s\r\n", len(part), part),
		"a part without end":       authorised + fmt.Sprintf("Content-Length: %d\r\n\r\n", 1<<20) + part + "1,2,3\n",
	} {
		conn := c.dial(t)
		go func() {
			io.WriteString(conn, request) // it may be ended before
			conn.(*net.TCPConn).CloseWrite()
		}()
		answers := 0
		for reader := bufio.NewReader(conn); ; answers++ {
			answer, err := http.ReadResponse(reader, nil)
			if err != nil {
				if timeout := net.Error(nil); errors.As(err, &timeout) && timeout.Timeout() {
					t.Errorf("%s: the connection goes on", name)
				}
				break
			}
			io.Copy(io.Discard, answer.Body)
			answer.Body.Close()
			if answer.StatusCode < 400 {
				t.Errorf("%s: %s", name, answer.Status)
			}
		}
		if answers > 1 {
			t.Errorf("%s: %d answers", name, answers)
		}
	}
	if n := envelopes(); n != before {
		t.Errorf("%d entries of the journal are of requests that were broken", n-before)
	}
	if now := held(); len(now) > left {
		t.Errorf("left on the disk: %v", now)
	}
	if answer := c.as(t, caller{}, http.MethodGet, "/healthz", ""); answer.status != http.StatusOK {
		t.Errorf("the server after it: %d", answer.status)
	}
}

// TestSlowRequests: who opens connections and sends their requests a letter at a time, or never ends them, takes nobody's place: meanwhile people sign in, sheets are read, and
// the answer is asked for.
func TestSlowRequests(t *testing.T) {
	c := theCity(t)
	begun := []string{"", "G", "GET /healthz HTTP/1.1\r\nHost: x\r\nA: ", "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000\r\n\r\nname=clerk&password=",
		fmt.Sprintf("POST /api/v1/submissions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n--b\r\n\r\n", c.people[access.Clerk].byToken.token)}
	var slow []net.Conn
	for range 100 {
		for _, request := range begun {
			conn := c.dial(t)
			if _, err := io.WriteString(conn, request); err != nil {
				t.Fatal(err)
			}
			slow = append(slow, conn)
		}
	}
	for _, conn := range slow {
		io.WriteString(conn, "x") // one more letter
	}
	if !c.ready() {
		t.Error("the server is not ready")
	}
	if session, answer := c.signIn(t, "reviewer", password); session == "" {
		t.Errorf("the reviewer signs in: %d", answer.status)
	}
	for path, who := range map[string]caller{"/submissions/" + c.submission[unit]: c.people[access.Clerk].bySession, "/api/v1/submissions": c.people[access.Reviewer].byToken} {
		if answer := c.as(t, who, http.MethodGet, path, ""); answer.status != http.StatusOK {
			t.Errorf("%s meanwhile: %d", path, answer.status)
		}
	}
}

// TestFloodOfRefusals: thousands of requests from made-up addresses are refused, and somebody with an account asks without pause: the log has some lines of it, of each action one that
// says how many there were, and the event of another account in the midst is a line of its own.
func TestFloodOfRefusals(t *testing.T) {
	s := start(t, "--trusted-proxies", "127.0.0.1,::1", "--second-factor", "none")
	s.hire(t, account.NewAccount{Name: "wang", Role: access.Reviewer})
	session, _ := s.signIn(t, "wang", password)
	slowed := 0
	for i := range 3000 {
		address := fmt.Sprintf("203.%d.%d.9", i/250, i%250)
		s.as(t, caller{}, http.MethodPost, "/api/v1/accounts/x"+fmt.Sprint(i)+"/disable", "", "X-Forwarded-For", address, "User-Agent", strings.Repeat("x", 1000))
		if i < 1000 && s.as(t, caller{session: session}, http.MethodGet, "/help", "").status == http.StatusTooManyRequests {
			slowed++
		}
		if i == 1500 {
			s.must(t, s.json(t, s.theOperator(), http.MethodPost, "/api/v1/accounts", account.NewAccount{Name: "li"}), nil)
		}
	}
	var log admin.AuditPage
	s.must(t, s.as(t, s.theOperator(), http.MethodGet, "/api/v1/audit?limit=1000", ""), &log)
	lines := map[string]int{}
	for _, e := range log.Events {
		lines[string(e.Action)+" "+e.Object]++
	}
	if len(log.Events) > 250 {
		t.Errorf("the log has %d lines after a flood", len(log.Events))
	}
	if lines["account.add li"] != 1 {
		t.Error("what was done in the midst of the flood is not in the log")
	}
	if n := lines["route.slowed "]; slowed > 0 && n != 1 {
		t.Errorf("somebody was slowed down %d times, and the log has %d lines of it", slowed, n)
	}
}
