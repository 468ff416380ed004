package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"
	natsgo "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"huizong/pkg/access"
	"huizong/pkg/reporting"
	"huizong/pkg/sample"
	"huizong/services/portal"
)

// listensOnBus starts a server that takes programs over NATS, and returns it with the address.
func listensOnBus(t *testing.T) (*process, string) {
	t.Helper()
	server := startProcess(t, t.TempDir(), "--nats-listen", "127.0.0.1:0")
	address := regexp.MustCompile(`nats: (\S+)`).FindStringSubmatch(server.printed.String())
	if address == nil {
		t.Fatalf("no address of NATS:\n%s", server.printed)
	}
	return server, address[1]
}

// ownTokens makes a clerk of the unit, and a token for each list of scopes.
func ownTokens(t *testing.T, server *process, name, unit string, scopes ...[]access.Permission) (made []portal.Secret) {
	t.Helper()
	if _, err := server.client.post(t.Context(), "/api/v1/accounts", portal.NewAccount{Name: name, Role: access.Clerk, Unit: unit}); err != nil {
		t.Fatal(err)
	}
	for _, list := range scopes {
		body, err := server.client.post(t.Context(), "/api/v1/tokens", portal.NewToken{Owner: name, Label: "test", Scopes: list, Days: 1})
		if err != nil {
			t.Fatal(err)
		}
		var one portal.Secret
		if err := json.Unmarshal(body, &one); err != nil {
			t.Fatal(err)
		}
		made = append(made, one)
	}
	return made
}

// onBus is a program with a token; closed is closed when the server has ended its connection.
func onBus(t *testing.T, address, token string) (conn *natsgo.Conn, closed chan struct{}) {
	t.Helper()
	closed = make(chan struct{})
	conn, err := natsgo.Connect(address, natsgo.Token(token), natsgo.NoReconnect(), natsgo.ClosedHandler(func(*natsgo.Conn) { close(closed) }),
		natsgo.ErrorHandler(func(*natsgo.Conn, *natsgo.Subscription, error) {}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	return conn, closed
}

// busPatience bounds a wait of these tests.
const busPatience = time.Minute

// sendOnBus sends a sheet that is none, and returns its receipt.
func sendOnBus(t *testing.T, conn *natsgo.Conn, unit string) reporting.Receipt {
	t.Helper()
	m := natsgo.NewMsg("huizong.submissions.send." + unit)
	m.Data = []byte("不是报表\n")
	m.Header.Set("period", "2020-06")
	answer, err := conn.RequestMsg(m, busPatience)
	if err != nil {
		t.Fatal(err)
	}
	var receipt reporting.Receipt
	if err := json.Unmarshal(answer.Data, &receipt); err != nil || receipt.Submission == "" {
		t.Fatalf("receipt: %v %s %v", err, answer.Data, answer.Header)
	}
	return receipt
}

func notASheet(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.csv")
	if err := os.WriteFile(path, []byte("不是报表\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestAccessEndsConnections: what ends somebody's access ends the connections that are open, on NATS and the stream of events.
func TestAccessEndsConnections(t *testing.T) {
	t.Parallel()
	server, address := listensOnBus(t)
	scopes := []access.Permission{access.SendSubmissions, access.ReadSubmissions}
	post := func(path string, body any) func(name, token string) error {
		return func(name, _ string) error {
			_, err := server.client.post(t.Context(), "/api/v1/accounts/"+name+path, body)
			return err
		}
	}
	for name, end := range map[string]func(name, token string) error{
		"disabled": post("/disable", nil),
		"reset":    post("/reset", nil),
		"moved":    post("/role", portal.NewRole{Role: access.Clerk, Unit: "349981002"}),
		"promoted": post("/role", portal.NewRole{Role: access.Analyst}),
		"revoked": func(_, token string) error {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, server.server+"/api/v1/tokens/"+token, nil)
			if err != nil {
				return err
			}
			_, err = server.client.do(request)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			token := ownTokens(t, server, name, "349981001", scopes)[0]
			conn, closed := onBus(t, address, token.Secret)
			sendOnBus(t, conn, "349981001")
			ctx, cancel := context.WithTimeout(t.Context(), busPatience)
			defer cancel()
			request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.server+"/api/v1/events", nil)
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

// ownBus starts a NATS server as a bureau would run one of its own, and returns its address.
func ownBus(t *testing.T) string {
	t.Helper()
	own, err := natsserver.NewServer(&natsserver.Options{Host: "127.0.0.1", Port: natsserver.RANDOM_PORT, JetStream: true, StoreDir: t.TempDir(), MaxPayload: 9 << 20, NoSigs: true, NoLog: true})
	if err != nil {
		t.Fatal(err)
	}
	own.Start()
	t.Cleanup(func() { own.Shutdown(); own.WaitForShutdown() })
	if !own.ReadyForConnections(busPatience) {
		t.Fatal("the NATS server is not ready")
	}
	return own.ClientURL()
}

// TestStreamsLost: on a server of the bureau's own somebody deletes the stream. It is made again, what was received meanwhile is decided, and the
// server says that it is not ready while it is missing.
func TestStreamsLost(t *testing.T) {
	t.Parallel()
	own := ownBus(t)
	server := startProcess(t, t.TempDir(), "--nats", own)
	raw, err := natsgo.Connect(own)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	js, err := jetstream.New(raw)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := js.DeleteStream(t.Context(), "SUBMISSIONS"); err != nil {
			t.Fatal(err)
		}
		out, _ := server.run(t, "submit", "--org", "349981001", "--period", "2020-06", "--json", notASheet(t))
		if sent := lines(t, out); len(sent) != 1 || sent[0].Outcome != reporting.Rejected {
			t.Errorf("a sheet that is none: %s", out)
		}
		if err := server.waitReady(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

// TestAttackTemplate: a form ready to fill holds the months before for those who may read them; a token that may only send, and the administrator, get it empty.
func TestAttackTemplate(t *testing.T) {
	t.Parallel()
	_, manifest := writeKit(t, sample.Config{Seed: 3, Forms: []string{"employment_monthly"}})
	server := startProcess(t, t.TempDir())
	const unit = "349981001"
	tokens := ownTokens(t, server, "zhou", unit, []access.Permission{access.SendSubmissions}, []access.Permission{access.ReadSubmissions})
	holders := map[string]string{"send": tokens[0].Secret, "read": tokens[1].Secret, "administrator": tokenFor(t, server, access.Administrator, "")}
	form := func(token string) string {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.server+"/api/v1/forms/employment_monthly/template?period=2020-06&org="+unit, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+token)
		answer, err := http.DefaultClient.Do(request)
		if err != nil || answer.StatusCode != http.StatusOK {
			t.Fatal(err, answer)
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	empty := form(holders["read"])
	server.run(t, "submit", "--manifest", manifest, "--json")
	for who, token := range holders {
		if filled := form(token) != empty; filled != (who == "read") {
			t.Errorf("as %s the form is filled: %v", who, filled)
		}
	}
}
