package problem

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"huizong/pkg/reporting"
)

// TestFaults: the caller is told what they can mend; a fault of the program or of its machine stands in the log, and nothing of it in the answer.
func TestFaults(t *testing.T) {
	_, disk := os.Open("/secret/accounts.json")
	move := os.Rename("/secret/a", "/secret/b")
	_, connection := net.Dial("tcp", "127.0.0.1:1")
	for _, test := range []struct {
		err    error
		status int
		told   bool
	}{
		{reporting.Errorf(reporting.Invalid, "no period /secret"), 400, true},
		{reporting.Errorf(reporting.NotFound, "there is no /secret"), 404, true},
		{reporting.Errorf(reporting.Unavailable, "no font for /secret"), 503, true},
		{reporting.Errorf(reporting.Unavailable, "write /secret: %w", disk), 503, false},
		{reporting.Errorf(reporting.Unavailable, "write: %w", move), 503, false},
		{fmt.Errorf("answer: %w", reporting.Errorf(reporting.Unavailable, "ask /secret: %w", connection)), 503, false},
		{reporting.Errorf(reporting.Invalid, "upload: %w", disk), 400, false},
		{reporting.Errorf(reporting.Internal, "broken at /secret"), 500, false},
		{errors.New("whatever /secret"), 500, false},
	} {
		core, log := observer.New(zap.InfoLevel)
		w := httptest.NewRecorder()
		Write(w, httptest.NewRequest("GET", "/x", nil), zap.New(core), test.err)
		var p Problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != test.status || p.Status != test.status || p.Detail == "" {
			t.Errorf("%v: %d %s", test.err, w.Code, w.Body)
		}
		if told := strings.Contains(w.Body.String(), "secret"); told != test.told {
			t.Errorf("%v: the caller is told %s", test.err, w.Body)
		}
		if noted := log.Len() == 1; noted == test.told {
			t.Errorf("%v: %d lines in the log", test.err, log.Len())
		}
	}
}

// TestRead: what a server answers with Write comes back as the same error; what is no problem of ours is a server that cannot be used.
func TestRead(t *testing.T) {
	for _, code := range []reporting.Code{reporting.Invalid, reporting.NotFound, reporting.Conflict, reporting.Unavailable, reporting.Unauthenticated, reporting.Forbidden, reporting.TooMany} {
		w := httptest.NewRecorder()
		Write(w, httptest.NewRequest("GET", "/x", nil), zap.NewNop(), reporting.Errorf(code, "no period 2020-13"))
		if err := Read(w.Code, w.Body.Bytes()); reporting.CodeOf(err) != code || err.Error() != "no period 2020-13" || w.Code != Status(code) {
			t.Errorf("%s came back as %v (%d)", code, err, w.Code)
		}
	}
	for _, body := range []string{"", "<html>Bad Gateway</html>", `{"title": "x"}`, "null"} {
		if err := Read(502, []byte(body)); reporting.CodeOf(err) != reporting.Unavailable || !strings.Contains(err.Error(), "502 Bad Gateway") {
			t.Errorf("%q: %v", body, err)
		}
	}
	if Status("unheard of") != 500 {
		t.Error("a code that nobody knows is a fault of ours")
	}
}

func TestJSON(t *testing.T) {
	w := httptest.NewRecorder()
	if err := JSON(w, 201, []string{"甲"}); err != nil || w.Code != 201 || w.Header().Get("Content-Type") != "application/json" || w.Body.String() != "[\"甲\"]\n" {
		t.Errorf("%d %s %s, %v", w.Code, w.Header(), w.Body, err)
	}
	if err := JSON(httptest.NewRecorder(), 200, make(chan int)); err == nil {
		t.Error("what is no JSON is no error")
	}
}
