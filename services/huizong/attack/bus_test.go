package attack

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	natsgo "github.com/nats-io/nats.go"

	"huizong/pkg/access"
	"huizong/pkg/reporting"
	"huizong/services/portal/account"
	"huizong/services/portal/admin"
	"huizong/services/portal/submission"
)

// bus is a server that takes programs over NATS.
type bus struct {
	*server
	address string
}

func startBus(t *testing.T) bus {
	t.Helper()
	s := start(t, "--nats-listen", "127.0.0.1:0")
	return bus{s, s.printed.Await(t, s.ended, `nats: (\S+)`)[1]}
}

// tokens makes an account of the role, and a token for each list of scopes.
func (b bus) tokens(t *testing.T, name string, role access.Role, of string, scopes ...[]access.Permission) (made []account.Secret) {
	t.Helper()
	b.must(t, b.json(t, b.theOperator(), http.MethodPost, "/api/v1/accounts", account.NewAccount{Name: name, Role: role, Unit: of}), nil)
	for _, list := range scopes {
		var one account.Secret
		b.must(t, b.json(t, b.theOperator(), http.MethodPost, "/api/v1/tokens", account.NewToken{Owner: name, Label: "attack", Scopes: list, Days: 1}), &one)
		made = append(made, one)
	}
	return made
}

// program is one that is connected.
type program struct{ *natsgo.Conn }

func (b bus) as(t *testing.T, secret string) program {
	t.Helper()
	conn, err := natsgo.Connect(b.address, natsgo.Token(secret), natsgo.NoReconnect(), natsgo.ErrorHandler(func(*natsgo.Conn, *natsgo.Subscription, error) {}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	return program{conn}
}

// busPatience bounds a wait of these tests.
const busPatience = time.Minute

// lets reports whether the server lets a program do what it asks for, on a connection of its own: a refusal comes before the answer to a ping.
func (b bus) lets(t *testing.T, secret string, ask func(program) error) bool {
	t.Helper()
	p := b.as(t, secret)
	defer p.Close()
	if ask(p) != nil { // the library knows that it is no subject
		return false
	}
	if err := p.FlushTimeout(busPatience); err != nil {
		t.Fatal(err)
	}
	return p.LastError() == nil
}

// send sends a sheet that is none, and returns its receipt.
func (p program) send(t *testing.T, of string) reporting.Receipt {
	t.Helper()
	m := natsgo.NewMsg("huizong.submissions.send." + of)
	m.Data = []byte("不是报表\n")
	m.Header.Set("period", "2020-06")
	for _, name := range []string{"by", "account", "role", "token", "via", "org", "unit", "id", "received_at"} { // whoever sends is not asked who it is
		m.Header.Set(name, "operator")
	}
	answer, err := p.RequestMsg(m, busPatience)
	if err != nil {
		t.Fatal(err)
	}
	var receipt reporting.Receipt
	if err := json.Unmarshal(answer.Data, &receipt); err != nil || receipt.Submission == "" {
		t.Fatalf("receipt: %v %s %v", err, answer.Data, answer.Header)
	}
	return receipt
}

// outcome asks for an outcome and returns the code of the error; "" is an outcome.
func (p program) outcome(t *testing.T, of, id string) string {
	t.Helper()
	answer, err := p.Request("huizong.submissions.outcome."+of, []byte(id), busPatience)
	if err != nil {
		t.Fatal(err)
	}
	if code := answer.Header.Get("Huizong-Error-Code"); code != "" {
		return code
	}
	var state submission.State
	if err := json.Unmarshal(answer.Data, &state); err != nil || state.Submission != id {
		t.Errorf("outcome of %s: %v %s", id, err, answer.Data)
	}
	return ""
}

// subjects reads testdata/subjects.txt, and compares it with the constants of the program: one that is not there fails.
func subjects(t *testing.T) map[string]string {
	t.Helper()
	known := map[string]string{}
	table, err := os.ReadFile(filepath.Join("testdata", "subjects.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(table)) {
		if fields := strings.Fields(line); len(fields) == 2 {
			known[fields[0]] = fields[1]
		}
	}
	source, err := os.ReadFile("../../../pkg/nats/subject.go")
	if err != nil {
		t.Fatal(err)
	}
	constants := regexp.MustCompile(`(?m)^\t\w+ += "(huizong\.[^"]*)"`).FindAllStringSubmatch(string(source), -1)
	for _, m := range constants {
		if known[m[1]] == "" {
			t.Errorf("the subject %s is not in subjects.txt: who may publish to it?", m[1])
		}
	}
	if len(constants) != len(known) {
		t.Errorf("the program has %d subjects, subjects.txt %d", len(constants), len(known))
	}
	return known
}

// TestEverySubject: to each subject of ours, and to the server's own, a program publishes where subjects.txt says, for its own unit, and hears its own
// inbox alone; who has no token, or one that may not send, is not let in at all.
func TestEverySubject(t *testing.T) {
	b := startBus(t)
	send := []access.Permission{access.SendSubmissions}
	secrets := map[string]string{"sends": b.tokens(t, "li", access.Clerk, unit, send)[0].Secret, "sends and reads": b.tokens(t, "wang", access.Clerk, unit, append(send, access.ReadSubmissions))[0].Secret, "the operator": b.operator}
	var foreign []string
	for _, tail := range []string{"API.INFO", "API.STREAM.DELETE.SUBMISSIONS", "API.STREAM.PURGE.SUBMISSIONS", "API.CONSUMER.DELETE.SUBMISSIONS.worker", "ACK.SUBMISSIONS.worker.1.1.1.1.0", ">"} {
		foreign = append(foreign, "$JS."+tail)
	}
	foreign = append(foreign, "$SYS.REQ.SERVER.PING", "$SYS.REQ.ACCOUNT.PING", "$SYS.>", "_R_.x", "_R_.>", "anything", ">", "*", "*.>", "*."+unit)
	for name, secret := range secrets {
		checks := map[string]bool{}
		for _, subject := range foreign {
			checks[subject] = false
		}
		for subject, who := range subjects(t) {
			for _, tail := range []string{unit, other, unit + ".x", other + ".3f1c9a2b7d4e", "*", ">", "publish"} {
				ownUnit := tail == unit || name == "the operator" && !strings.ContainsAny(tail, ".*>")
				checks[subject+tail] = who == "sender" && ownUnit
			}
		}
		for subject, want := range checks {
			if got := b.lets(t, secret, func(p program) error { return p.Publish(subject, []byte("x")) }); got != want && !strings.ContainsAny(subject, "*>") {
				t.Errorf("%s publishes to %s: %t, want %t", name, subject, got, want)
			}
			if b.lets(t, secret, func(p program) error { _, err := p.SubscribeSync(subject); return err }) {
				t.Errorf("%s hears %s", name, subject)
			}
		}
	}
	for who, secret := range map[string]string{
		"nobody": "", "a token that was made up": access.TokenPrefix + strings.Repeat("A", 43), "a clerk's token that only reads": b.tokens(t, "zhao", access.Clerk, unit, []access.Permission{access.ReadSubmissions})[0].Secret,
		"an administrator": b.tokens(t, "xitong", access.Administrator, "", access.Administrator.Permissions())[0].Secret, "an analyst": b.tokens(t, "fenxi", access.Analyst, "", access.Analyst.Permissions())[0].Secret,
	} {
		if conn, err := natsgo.Connect(b.address, natsgo.Token(secret), natsgo.NoReconnect()); err == nil {
			conn.Close()
			t.Errorf("%s is let in", who)
		}
	}
}

// TestReplies: a unit's program has our responders answer where it chooses; the streams stay, and the city's sheets go on to be judged. A token that may only
// send has the outcomes of what it has sent, and nothing else on any way in.
func TestReplies(t *testing.T) {
	b := startBus(t)
	send := []access.Permission{access.SendSubmissions}
	tokens := b.tokens(t, "zhou", access.Clerk, unit, send, send, append(send, access.ReadSubmissions))
	first, second, reader := b.as(t, tokens[0].Secret), b.as(t, tokens[1].Secret), b.as(t, tokens[2].Secret)
	for _, reply := range []string{"$JS.API.STREAM.DELETE.SUBMISSIONS", "$JS.API.STREAM.PURGE.SUBMISSIONS", "$JS.API.CONSUMER.DELETE.SUBMISSIONS.worker", "huizong.submissions.send." + other, "huizong.quarantine.x"} {
		for _, subject := range []string{"huizong.submissions.send." + unit, "huizong.submissions.outcome." + unit} {
			if err := first.PublishRequest(subject, reply, []byte("x")); err != nil {
				t.Fatal(err)
			}
		}
	}
	receipt := first.send(t, unit)
	for who, test := range map[string]struct {
		program
		want string
	}{"the token that sent it": {first, ""}, "another that may only send": {second, "not_found"}, "one that may read": {reader, ""}} {
		if got := test.outcome(t, unit, receipt.Submission); got != test.want {
			t.Errorf("the outcome as %s: %q, want %q", who, got, test.want)
		}
	}
	if r := b.server.as(t, caller{token: tokens[1].Secret}, http.MethodGet, "/api/v1/submissions/"+receipt.Submission, ""); !r.refused() {
		t.Errorf("the outcome of another token's submission over HTTP: %d", r.status)
	}
	if got := first.outcome(t, unit, second.send(t, unit).Submission); got != "not_found" {
		t.Errorf("the outcome of another token's submission: %q", got)
	}
	if !b.ready() {
		t.Error("the server is not ready after it")
	}
	var e reporting.Envelope
	file, err := os.ReadFile(filepath.Join(b.data, "envelopes", receipt.Submission+".json"))
	if err != nil || json.Unmarshal(file, &e) != nil || e.By != "zhou" || e.Role != "clerk" || e.Token != tokens[0].ID || e.Via != "nats" || e.Org != unit {
		t.Errorf("the envelope says not who sent: %+v, %v", e, err)
	}
}

// TestLooksOverTheBus: an answer with an outcome is a look that the log has, with the role and the token; a refused one too, and one that waits shows nothing.
func TestLooksOverTheBus(t *testing.T) {
	b := startBus(t)
	tokens := b.tokens(t, "zhou", access.Clerk, unit, []access.Permission{access.SendSubmissions}, []access.Permission{access.SendSubmissions, access.ReadSubmissions})
	sender, reader := b.as(t, tokens[0].Secret), b.as(t, tokens[1].Secret)
	receipt := sender.send(t, unit)
	reader.outcome(t, unit, receipt.Submission)
	foreign := b.as(t, b.operator).send(t, other)
	reader.outcome(t, unit, foreign.Submission)
	var log admin.AuditPage
	b.must(t, b.json(t, b.theOperator(), http.MethodGet, "/api/v1/audit?who=zhou&action=persons.look", nil), &log)
	got := map[string]string{}
	for _, e := range log.Events {
		got[e.Object] = strings.Join([]string{e.Role, e.Via, e.Detail["token_id"], e.Detail["route"], string(e.Outcome)}, " ")
	}
	for object, outcome := range map[string]string{receipt.Submission: "ok", foreign.Submission: "failed"} {
		if want := "clerk token " + tokens[1].ID + " huizong.submissions.outcome.*.* " + outcome; got[object] != want {
			t.Errorf("the look at %s is noted as %q, want %q", object, got[object], want)
		}
	}
}

// TestAccessEndsConnections: what ends somebody's access ends the connections that are open, on NATS and the stream of events.
func TestAccessEndsConnections(t *testing.T) {
	b := startBus(t)
	scopes := []access.Permission{access.SendSubmissions, access.ReadSubmissions}
	post := func(path string, body any) func(name, token string) error {
		return func(name, _ string) error {
			return b.does(t, http.MethodPost, "/api/v1/accounts/"+name+path, body)
		}
	}
	for name, end := range map[string]func(name, token string) error{
		"disabled": post("/disable", struct{}{}),
		"reset":    post("/reset", struct{}{}),
		"moved":    post("/role", account.NewRole{Role: access.Clerk, Unit: other}),
		"promoted": post("/role", account.NewRole{Role: access.Analyst}),
		"revoked": func(_, token string) error {
			return b.does(t, http.MethodDelete, "/api/v1/tokens/"+token, nil)
		},
	} {
		t.Run(name, func(t *testing.T) {
			token := b.tokens(t, name, access.Clerk, unit, scopes)[0]
			closed := make(chan struct{})
			p := b.as(t, token.Secret)
			p.SetClosedHandler(func(*natsgo.Conn) { close(closed) })
			p.send(t, unit)
			ctx, cancel := context.WithTimeout(t.Context(), busPatience)
			defer cancel()
			request, err := http.NewRequestWithContext(ctx, http.MethodGet, b.url+"/api/v1/events", nil)
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Authorization", "Bearer "+token.Secret)
			events, err := http.DefaultClient.Do(request)
			if err != nil || events.StatusCode != http.StatusOK {
				t.Fatal(err, events)
			}
			defer events.Body.Close()
			asked := time.Now()
			if err := end(name, token.ID); err != nil {
				t.Fatal(err)
			}
			select {
			case <-closed:
			case <-ctx.Done():
				t.Fatal("the connection to NATS goes on")
			}
			for buffer := make([]byte, 1024); err == nil; {
				_, err = events.Body.Read(buffer)
			}
			if ctx.Err() != nil {
				t.Fatal("the stream of events goes on")
			}
			t.Logf("both ended within %s", time.Since(asked))
		})
	}
}

// does has the operator do something.
func (b bus) does(t *testing.T, method, path string, body any) error {
	if r := b.json(t, b.theOperator(), method, path, body); r.status >= 400 {
		return fmt.Errorf("%s %s: %d %s", method, path, r.status, r.body)
	}
	return nil
}
