package endpoint

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"go.uber.org/zap"

	"huizong/pkg/access"
	"huizong/pkg/reporting"
)

// TestLooksAreNoted: who is shown persons is noted, with the role and before anything is shown; who is not shown them is not.
func TestLooksAreNoted(t *testing.T) {
	var g *gate
	g = newGate(t,
		Endpoint{Method: "GET", Path: "/sheets/{id}", Needs: access.ReadFigures, Persons: true, Handle: func(w http.ResponseWriter, r *http.Request) error {
			if r.PathValue("id") == "none" {
				return reporting.Errorf(reporting.NotFound, "none")
			}
			if _, err := io.WriteString(w, "x"); err != nil {
				return err
			}
			if len(g.noted) == 0 || !strings.HasSuffix(g.noted[len(g.noted)-1], r.PathValue("id")+" ok") {
				t.Errorf("shown before it was noted: %q", g.noted)
			}
			return nil
		}},
		Endpoint{Method: "GET", Path: "/json", Needs: access.ReadFigures, Persons: true, Answer: "", Handle: respond("[1]")})
	g.ask("GET", "/sheets/a", "analyst")
	g.ask("GET", "/sheets/none", "analyst")
	tag := g.ask("GET", "/json", "analyst").Header.Get("ETag")
	g.ask("GET", "/json", "analyst", "If-None-Match", tag) // has them already, and looks again
	g.ask("GET", "/sheets/a", "clerk")
	want := []string{"a persons.look a ok", "a persons.look none not_found", "a persons.look  ok", "a persons.look  ok", "c persons.look a forbidden"}
	if !slices.Equal(g.noted, want) {
		t.Errorf("noted %q, want %q", g.noted, want)
	}
}

// TestAwaitedLooksAreNoted: the look at what is waited for is noted once, while the caller waits, and is on disk before the first byte.
func TestAwaitedLooksAreNoted(t *testing.T) {
	noted := make(chan Event, 2)
	guard := &Gate{Keys: holders{"a": {Account: "a", Role: access.Analyst, Via: access.ViaSession}}, Log: zap.NewNop(),
		Note: func(_ context.Context, d Event) error { noted <- d; return nil }}
	var waited Event
	handler, err := guard.Handler([]Endpoint{{Method: "GET", Path: "/sheets/{id}", Needs: access.ReadFigures, Persons: true, Handle: func(w http.ResponseWriter, r *http.Request) error {
		Awaits(r)
		waited = <-noted // the outcome comes after it
		return respond("a name")(w, r)
	}}})
	if err != nil {
		t.Fatal(err)
	}
	got := (&gate{Handler: handler}).ask("GET", "/sheets/x", "a")
	if got.StatusCode != http.StatusOK || waited.Object != "x" || waited.Outcome != "ok" || !waited.Persons || len(noted) != 0 {
		t.Errorf("answered %d; noted %+v and %d more", got.StatusCode, waited, len(noted))
	}
}

// TestNotNotedNotShown: where the log cannot be written, persons are not shown.
func TestNotNotedNotShown(t *testing.T) {
	for _, answer := range []any{nil, ""} {
		guard := &Gate{Keys: holders{"a": {Account: "a", Role: access.Analyst, Via: access.ViaSession}}, Log: zap.NewNop(),
			Note: func(context.Context, Event) error { return errors.New("the disk is full") }}
		handler, err := guard.Handler([]Endpoint{{Method: "GET", Path: "/x", Needs: access.ReadFigures, Persons: true, Answer: answer, Handle: respond("a name")}})
		if err != nil {
			t.Fatal(err)
		}
		got := (&gate{Handler: handler}).ask("GET", "/x", "a")
		body, _ := io.ReadAll(got.Body)
		if got.StatusCode != http.StatusInternalServerError || strings.Contains(string(body), "a name") {
			t.Errorf("answered %d %s", got.StatusCode, body)
		}
	}
}

// TestRoleIsNoted: of an account with several roles the log has the one under which the request was allowed, and of a machine which token.
func TestRoleIsNoted(t *testing.T) {
	var events []Event
	guard := &Gate{Keys: holders{"both": {Account: "b", Role: access.Administrator, Also: []access.Role{access.Auditor}, Via: access.ViaToken, Session: "t1"}}, Log: zap.NewNop(),
		Note: func(_ context.Context, d Event) error { events = append(events, d); return nil }}
	handler, err := guard.Handler([]Endpoint{{Method: "GET", Path: "/log/{n}", Needs: access.ReadAudit, Audit: "audit.read", Handle: respond("1")}})
	if err != nil {
		t.Fatal(err)
	}
	(&gate{Handler: handler}).ask("GET", "/log/7", "both")
	if len(events) != 1 || events[0].Role != access.Auditor || events[0].Who.Session != "t1" || events[0].Route != "GET /log/{n}" || events[0].Object != "7" {
		t.Errorf("noted %+v", events)
	}
}

// TestBrokenAnswers: an answer that fails after its first byte is broken off, with nothing behind it; one that fails before is answered;
// and a handler that breaks down leaves its note.
func TestBrokenAnswers(t *testing.T) {
	part := func(w http.ResponseWriter) { io.WriteString(w, strings.Repeat("x", 1<<16)) }
	long := strings.Repeat("y", maxTagged)
	g := newGate(t,
		Endpoint{Method: "GET", Path: "/late", Needs: access.Anyone, Audit: "late", Handle: func(w http.ResponseWriter, _ *http.Request) error {
			part(w)
			return reporting.Errorf(reporting.Internal, "the disk")
		}},
		Endpoint{Method: "GET", Path: "/long", Needs: access.Anyone, Audit: "long", Answer: "", Handle: func(w http.ResponseWriter, _ *http.Request) error {
			part(w)
			io.WriteString(w, long)
			return reporting.Errorf(reporting.Internal, "the disk")
		}},
		Endpoint{Method: "GET", Path: "/panic", Needs: access.Anyone, Audit: "panic", Handle: func(http.ResponseWriter, *http.Request) error { panic("at once") }},
		Endpoint{Method: "GET", Path: "/panics", Needs: access.Anyone, Audit: "panics", Handle: func(w http.ResponseWriter, _ *http.Request) error { part(w); panic("late") }})
	server := httptest.NewServer(g)
	defer server.Close()
	for _, path := range []string{"/late", "/long", "/panics"} {
		answer, err := http.Get(server.URL + path)
		if err != nil {
			continue // before the first byte was on its way
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err == nil || strings.Contains(string(body), "{") {
			t.Errorf("%s: a whole answer of %d bytes, %v", path, len(body), err)
		}
	}
	if answer, err := http.Get(server.URL + "/panic"); err != nil || answer.StatusCode != http.StatusInternalServerError {
		t.Errorf("/panic: %v, %v", answer, err)
	}
	slices.Sort(g.noted)
	g.noted = slices.Compact(g.noted) // the client asks again where the connection broke off early
	if want := []string{" late  internal", " long  internal", " panic  internal", " panics  internal"}; !slices.Equal(g.noted, want) {
		t.Errorf("noted %q, want %q", g.noted, want)
	}
}

// TestCaller: what a proxy says is believed of ours, from the end of the list on.
func TestCaller(t *testing.T) {
	g := &Gate{Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}}
	for _, tt := range []struct {
		from      string
		forwarded []string
		want      string
	}{
		{"192.0.2.7:1", nil, "192.0.2.7"},
		{"192.0.2.7:1", []string{"198.51.100.1"}, "192.0.2.7"}, // anybody can say so
		{"10.0.0.1:1", nil, "10.0.0.1"},
		{"10.0.0.1:1", []string{"198.51.100.1"}, "198.51.100.1"},
		{"10.0.0.1:1", []string{"203.0.113.9, 198.51.100.1"}, "198.51.100.1"}, // the first was made up
		{"10.0.0.1:1", []string{"203.0.113.9", "198.51.100.1, 10.0.0.2"}, "198.51.100.1"},
		{"10.0.0.1:1", []string{"198.51.100.1, nonsense"}, "10.0.0.1"},
		{"10.0.0.1:1", []string{"10.0.0.3"}, "10.0.0.3"},
		{"[::1]:1", []string{"2001:db8::1"}, "2001:db8::1"},
		{"[::ffff:10.0.0.1]:1", []string{"198.51.100.1"}, "198.51.100.1"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = tt.from
		for _, value := range tt.forwarded {
			r.Header.Add("X-Forwarded-For", value)
		}
		if got := AddressOf(g.fromCaller(r)); got != tt.want {
			t.Errorf("from %s by %q: %s, want %s", tt.from, tt.forwarded, got, tt.want)
		}
	}
}

func TestReadJSON(t *testing.T) {
	var value struct{ A int }
	for body, ok := range map[string]bool{`{"A":1}`: true, ` {"A":1} `: true, `{"A":1,"B":2}`: false, `{"A":1}{"A":2}`: false, `{"A":1} x`: false, ``: false, `[]`: false, `{"A":"` + strings.Repeat("1", 100) + `"}`: false} {
		r := httptest.NewRequest("POST", "/", strings.NewReader(body))
		err := ReadJSON(httptest.NewRecorder(), r, 64, &value)
		if (err == nil) != ok || err != nil && reporting.CodeOf(err) != reporting.Invalid {
			t.Errorf("%s: %v", body, err)
		}
	}
}
