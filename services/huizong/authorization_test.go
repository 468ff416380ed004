package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/endpoint"
	"huizong/pkg/reporting"
	"huizong/services/intake"
	"huizong/services/portal"
)

// routes are all routes of a server, in the order of their descriptions.
func routes() []endpoint.Endpoint {
	return slices.Concat((&intake.Intake{}).Endpoints(), (&portal.Portal{}).Endpoints())
}

// policy reads testdata/routes.txt, which says for every route who may use it: written by hand, and nothing that the code is asked for.
func policy(t *testing.T) map[string][]string {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", "routes.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	allowed := map[string][]string{}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) == 0 || fields[0] == "#" {
			continue
		}
		if len(fields) < 3 {
			t.Fatalf("routes.txt: %q: want METHOD PATH WHO…", lines.Text())
		}
		allowed[fields[0]+" "+fields[1]] = fields[2:]
	}
	return allowed
}

// TestEveryRouteForEveryRole asks for every route as every role, and as nobody: those may who stand in routes.txt, and no others. A route
// that is not there fails, so that nobody adds one without saying who may use it.
func TestEveryRouteForEveryRole(t *testing.T) {
	t.Parallel()
	allowed := policy(t)
	server := startProcess(t, t.TempDir())
	submission := sendSomething(t, server, "349981001")
	callers := map[string]string{"nobody": ""}
	for _, role := range access.Roles {
		callers[string(role)] = tokenFor(t, server, role, unitOf(role))
	}
	known := map[string]bool{}
	for _, e := range routes() {
		pattern := e.Method + " " + e.Path
		known[pattern] = true
		may, described := allowed[pattern]
		if !described {
			t.Errorf("%s is not in routes.txt: who may use it?", pattern)
			continue
		}
		for caller, token := range callers {
			want := slices.Contains(may, caller) || slices.Contains(may, "anyone") || slices.Contains(may, "signed-in") && caller != "nobody"
			answer := ask(t, server, e, token, submission)
			if got := admitted(answer); got != want {
				t.Errorf("%s as %s: %s, admitted %v, want %v", pattern, caller, answer.Status, got, want)
			}
			if answer.StatusCode == http.StatusInternalServerError {
				t.Errorf("%s as %s: %s", pattern, caller, answer.Status)
			}
		}
	}
	for pattern := range allowed {
		if !known[pattern] {
			t.Errorf("%s is in routes.txt, and there is no such route", pattern)
		}
	}
}

// TestAnotherUnit: what belongs to one unit is not there for a clerk of another, whatever the route.
func TestAnotherUnit(t *testing.T) {
	t.Parallel()
	server := startProcess(t, t.TempDir())
	submission := sendSomething(t, server, "349981001")
	own, other := tokenFor(t, server, access.Clerk, "349981001"), tokenFor(t, server, access.Clerk, "349981002")
	checked := 0
	for _, e := range routes() {
		if e.Method != http.MethodGet || !strings.Contains(e.Path, "/submissions/{id}") || !access.Clerk.Grants(e.Needs) && e.Needs != access.SignedIn {
			continue
		}
		checked++
		if status := ask(t, server, e, own, submission).StatusCode; status == http.StatusForbidden || status == http.StatusUnauthorized {
			t.Errorf("%s is refused to its own clerk: %d", e.Path, status)
		}
		if status := ask(t, server, e, other, submission).StatusCode; status != http.StatusNotFound {
			t.Errorf("%s answers another unit's clerk with %d, want 404", e.Path, status)
		}
	}
	if checked < 3 {
		t.Errorf("%d routes of a submission were checked only", checked)
	}
	for _, path := range []string{"/api/v1/submissions?org=349981001", "/api/v1/forms/employment_monthly/template?org=349981001&period=2020-06", "/api/v1/board?org=349981001&period=2020-06"} {
		if status := get(t, server, path, other); status != http.StatusNotFound {
			t.Errorf("%s answers another unit's clerk with %d, want 404", path, status)
		}
	}
	body := formParts{"org": "349981001", "period": "2020-06", "file": "x"}
	for _, path := range []string{"/api/v1/submissions", "/api/v1/recognitions"} {
		if status := post(t, server, path, other, body); status != http.StatusForbidden {
			t.Errorf("%s for another unit: %d, want 403", path, status)
		}
	}
}

// unitOf is the unit of the test's account of the role.
func unitOf(role access.Role) string {
	if role.OfUnit() {
		return "349981001"
	}
	return ""
}

// admitted reports whether the gate let the request through, whatever became of it then. Who is nobody is asked who it is.
func admitted(answer *http.Response) bool {
	return answer.Header.Get("WWW-Authenticate") == "" && answer.StatusCode != http.StatusForbidden
}

// variable is one of a route's path.
var variable = regexp.MustCompile(`\{[^}]*\}`)

// values of the variables: things that are there where asking for them changes nothing, and are not where it would.
var values = map[string]string{
	"{$}": "", "{form}": "employment_monthly", "{org}": "349981001", "{period}": "2020-06", "{indicator}": "employment.urban_new_jobs", "{report}": "half-year",
	"{file...}": "portal.css", "{file}": "charts.js", "{number}": "1", "{n}": "1", "{m}": "2", "{other}": "2", "{name}": "nobody", "{verb}": "nothing", "{session}": "none",
}

func ask(t *testing.T, server *process, e endpoint.Endpoint, token, submission string) *http.Response {
	t.Helper()
	path := variable.ReplaceAllStringFunc(e.Path, func(name string) string {
		if value, known := values[name]; known {
			return value
		}
		if e.Method == http.MethodGet {
			return submission
		}
		return "01ARZ3NDEKTSV4RRFFQ69G5FAV"
	})
	request, err := http.NewRequestWithContext(t.Context(), e.Method, server.server+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return send(t, request, token)
}

// send sends a request as the holder of the token and returns as soon as the answer has begun: some never end.
func send(t *testing.T, request *http.Request, token string) *http.Response {
	t.Helper()
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := browser.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response
}

func get(t *testing.T, server *process, path, token string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.server+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return send(t, request, token).StatusCode
}

// formParts is a form with a file, which is the part of that name.
type formParts map[string]string

func post(t *testing.T, server *process, path, token string, form formParts) int {
	t.Helper()
	var body bytes.Buffer
	boundary := "edge"
	for name, value := range form {
		extra := ""
		if name == "file" {
			extra = `; filename="x.csv"`
		}
		io.WriteString(&body, "--"+boundary+"\r\nContent-Disposition: form-data; name=\""+name+"\""+extra+"\r\n\r\n"+value+"\r\n")
	}
	io.WriteString(&body, "--"+boundary+"--\r\n")
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.server+path, &body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "multipart/form-data; boundary="+boundary)
	return send(t, request, token).StatusCode
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
	if _, err := server.client.post(t.Context(), "/api/v1/accounts", portal.NewAccount{Name: name, Role: role, Unit: unit}); err != nil {
		t.Fatal(err)
	}
	body, err := server.client.post(t.Context(), "/api/v1/tokens", portal.NewToken{Owner: name, Label: "test", Scopes: role.Permissions(), Days: 1})
	if err != nil {
		t.Fatal(err)
	}
	var made portal.Secret
	if err := json.Unmarshal(body, &made); err != nil || made.Expires.Before(time.Now()) {
		t.Fatalf("token of %s: %v, %s", name, err, body)
	}
	return made.Secret
}

// TestBusByToken: a unit's own system sends over NATS with its token, for its unit and no other.
func TestBusByToken(t *testing.T) {
	t.Parallel()
	server := startProcess(t, t.TempDir(), "--nats-listen", "127.0.0.1:0")
	address := regexp.MustCompile(`nats: (\S+)`).FindStringSubmatch(server.printed.String())
	if address == nil {
		t.Fatalf("no address of NATS:\n%s", server.printed)
	}
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
