package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/endpoint"
	"huizong/pkg/reporting"
	"huizong/services/intake"
	"huizong/services/portal/account"
	"huizong/services/portal/rooms"
)

// routes are all routes of a server, in the order of their descriptions.
func routes() []endpoint.Endpoint {
	return slices.Concat((&intake.Intake{}).Endpoints(), (&rooms.Rooms{}).Endpoints())
}

// sendSomething sends a sheet that is none and returns its submission, decided.
func sendSomething(t *testing.T, server *process, org string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.csv")
	if err := os.WriteFile(path, []byte("不是报表\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, _ := server.run(t, "submit", "--org", org, "--period", "2020-06", "--json", path)
	sent := lines(t, out)
	if len(sent) != 1 || sent[0].Outcome != reporting.Rejected {
		t.Fatalf("a sheet that is none: %s", out)
	}
	return sent[0].Submission
}

// tokenFor makes an account of the role and returns a token with all that it may do.
func tokenFor(t *testing.T, server *process, role access.Role, unit string) string {
	t.Helper()
	name := string(role) + unit
	if _, err := server.client.post(t.Context(), "/api/v1/accounts", account.NewAccount{Name: name, Role: role, Unit: unit}); err != nil {
		t.Fatal(err)
	}
	body, err := server.client.post(t.Context(), "/api/v1/tokens", account.NewToken{Owner: name, Label: "test", Scopes: role.Permissions(), Days: 1})
	if err != nil {
		t.Fatal(err)
	}
	var made account.Secret
	if err := json.Unmarshal(body, &made); err != nil || made.Expires.Before(time.Now()) {
		t.Fatalf("token of %s: %v, %s", name, err, body)
	}
	return made.Secret
}

// TestBusByToken: a unit's own system sends over NATS with its token, for its unit and no other.
func TestBusByToken(t *testing.T) {
	t.Parallel()
	server := startProcess(t, t.TempDir(), "--nats-listen", "127.0.0.1:0")
	address := server.printed.Await(t, server.ended, `nats: (\S+)`)
	token := tokenFor(t, server, access.Clerk, "349981001")
	path := filepath.Join(t.TempDir(), "x.csv")
	if err := os.WriteFile(path, []byte("不是报表\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	submit := func(org, token string) (string, int) {
		cmd := command(t, "submit", "--nats", address[1], "--org", org, "--period", "2020-06", "--json", path)
		cmd.Env = append(cmd.Env, "HUIZONG_SERVER="+server.server, "HUIZONG_TOKEN="+token)
		out, _ := cmd.CombinedOutput()
		return string(out), cmd.ProcessState.ExitCode()
	}
	if out, status := submit("349981001", token); status != 2 || !strings.Contains(out, `"outcome":"rejected"`) {
		t.Errorf("for the own unit: exit status %d\n%s", status, out)
	}
	if out, status := submit("349981001", ""); status != 2 { // the one who runs the server
		t.Errorf("with the local token: exit status %d\n%s", status, out)
	}
	for org, token := range map[string]string{"349981002": token, "349981001": "hz_none"} {
		if out, status := submit(org, token); status != 1 {
			t.Errorf("for %s with %s: exit status %d, want 1\n%s", org, token, status, out)
		}
	}
}
