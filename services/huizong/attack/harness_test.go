package attack

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/endpoint"
	"huizong/pkg/reporting"
	"huizong/pkg/sample"
	"huizong/services/huizong/huizongtest"
	"huizong/services/intake"
	"huizong/services/portal/account"
	"huizong/services/portal/rooms"
	"huizong/services/portal/submission"
)

// binary is the product, built once.
var binary string

func TestMain(m *testing.M) { os.Exit(buildAndRun(m)) }

func buildAndRun(m *testing.M) int {
	dir, err := os.MkdirTemp("", "huizong-attack")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "huizong")
	if out, err := exec.Command("go", "build", "-o", binary, "huizong/services/huizong").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the product: %v\n%s", err, out)
		return 1
	}
	defer func() {
		if shared.server != nil {
			shared.server.kill()
			os.RemoveAll(shared.server.data)
		}
	}()
	return m.Run()
}

// endpoints are all routes of a server, in the order of their descriptions.
func endpoints() []endpoint.Endpoint {
	return slices.Concat((&intake.Intake{}).Endpoints(), (&rooms.Rooms{}).Endpoints())
}

// server is a running product.
type server struct {
	url      string
	data     string
	operator string // its local token
	cmd      *exec.Cmd
	ended    chan struct{}
	printed  *huizongtest.Output
}

// start starts the product on a new data directory, with the flags, and returns when it is ready.
func start(t *testing.T, flags ...string) *server {
	t.Helper()
	s, err := startOn(t.TempDir(), flags...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.kill)
	return s
}

func startOn(data string, flags ...string) (*server, error) {
	s := &server{data: data, ended: make(chan struct{}), printed: &huizongtest.Output{}}
	s.cmd = exec.Command(binary, append([]string{"serve", "--data", data, "--listen", "127.0.0.1:0", "--log-level", "error"}, flags...)...)
	s.cmd.Stdout, s.cmd.Stderr = s.printed, s.printed
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	go func() { s.cmd.Wait(); close(s.ended) }()
	ctx, cancel := context.WithTimeout(context.Background(), huizongtest.Patience)
	defer cancel()
	for again := time.NewTicker(20 * time.Millisecond); ; {
		select {
		case <-s.ended:
			return nil, fmt.Errorf("serve ended:\n%s", s.printed)
		case <-ctx.Done():
			s.kill()
			return nil, fmt.Errorf("serve was not ready:\n%s", s.printed)
		case <-again.C:
		}
		if s.ready() {
			return s, nil
		}
	}
}

// ready reports whether the server says where it is, and that it is ready.
func (s *server) ready() bool {
	var file struct{ URL string }
	data, err := os.ReadFile(filepath.Join(s.data, "server.json"))
	if err != nil || json.Unmarshal(data, &file) != nil {
		return false
	}
	answer, err := client.Get(file.URL + "/readyz")
	if err != nil {
		return false
	}
	answer.Body.Close()
	if s.operator, err = access.FindLocalToken(file.URL); err != nil || answer.StatusCode != http.StatusOK {
		return false
	}
	s.url = file.URL
	return true
}

func (s *server) kill() {
	s.cmd.Process.Kill()
	<-s.ended
}

// caller is somebody who asks, by what they show. The zero value is nobody.
type caller struct {
	name    string // for messages
	role    access.Role
	token   string // a machine's
	session string // a browser's
}

// reply is what was answered, as far as it was read.
type reply struct {
	status int
	header http.Header
	body   string
}

// refused reports whether the gate did not let the request through.
func (r reply) refused() bool {
	return r.header.Get("WWW-Authenticate") != "" || r.status == http.StatusForbidden
}

// as sends a request as somebody. Headers are names and values by turns.
func (s *server) as(t *testing.T, c caller, method, path, body string, headers ...string) reply {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	if c.session != "" {
		request.AddCookie(&http.Cookie{Name: endpoint.CookieName(false), Value: c.session})
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Add(headers[i], headers[i+1])
	}
	return send(t, request)
}

// client follows no redirect, keeps no cookie, and takes the certificate that a server has made for itself.
var client = &http.Client{
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Transport:     &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, MaxIdleConnsPerHost: 8},
}

func send(t *testing.T, request *http.Request) reply {
	t.Helper()
	answer, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	got := reply{status: answer.StatusCode, header: answer.Header}
	if strings.HasPrefix(answer.Header.Get("Content-Type"), "text/event-stream") { // never ends
		return got
	}
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", request.Method, request.URL, err)
	}
	got.body = string(text)
	return got
}

// json sends a JSON document.
func (s *server) json(t *testing.T, c caller, method, path string, value any) reply {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return s.as(t, c, method, path, string(data), "Content-Type", "application/json")
}

// form sends a page's form, as a browser does.
func (s *server) form(t *testing.T, c caller, path string, fields url.Values) reply {
	t.Helper()
	return s.as(t, c, http.MethodPost, path, fields.Encode(), "Content-Type", "application/x-www-form-urlencoded", "Accept", "text/html")
}

// must is the body of an answer that has to be a success, read into value where that is not nil.
func (s *server) must(t *testing.T, r reply, value any) {
	t.Helper()
	if r.status >= 400 {
		t.Fatalf("answered %d: %.300s", r.status, r.body)
	}
	if value == nil {
		return
	}
	if err := json.Unmarshal([]byte(r.body), value); err != nil {
		t.Fatalf("%v: %.300s", err, r.body)
	}
}

// theOperator is the command line of the one who runs the server.
func (s *server) theOperator() caller {
	return caller{name: "operator", role: access.Operator, token: s.operator}
}

const password = "vier graue Reiher im Moor"

// hire makes an account and gives it a password of its own.
func (s *server) hire(t *testing.T, one account.NewAccount) {
	t.Helper()
	var made account.OneTime
	s.must(t, s.json(t, s.theOperator(), http.MethodPost, "/api/v1/accounts", one), &made)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, CheckRedirect: client.CheckRedirect}
	for path, fields := range map[string]url.Values{"/sign-in": {"name": {one.Name}, "password": {made.Password}}} {
		post(t, browser, s.url+path, fields)
	}
	post(t, browser, s.url+"/password", url.Values{"old": {made.Password}, "password": {password}, "again": {password}})
}

func post(t *testing.T, browser *http.Client, address string, fields url.Values) {
	t.Helper()
	answer, err := browser.PostForm(address, fields)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusSeeOther {
		t.Fatalf("%s answered %s", address, answer.Status)
	}
}

// signIn begins a session and returns its token; "" where it was refused.
func (s *server) signIn(t *testing.T, name, password string, headers ...string) (session string, answer reply) {
	t.Helper()
	fields := url.Values{"name": {name}, "password": {password}}
	answer = s.as(t, caller{}, http.MethodPost, "/sign-in", fields.Encode(), append([]string{"Content-Type", "application/x-www-form-urlencoded", "Accept", "text/html"}, headers...)...)
	for _, cookie := range cookiesOf(answer) {
		if cookie.Name == endpoint.CookieName(false) {
			session = cookie.Value
		}
	}
	return session, answer
}

func cookiesOf(r reply) []*http.Cookie { return (&http.Response{Header: r.header}).Cookies() }

// tokenFor makes a token of an account; without scopes, with all that the account may.
func (s *server) tokenFor(t *testing.T, name string, scopes ...access.Permission) string {
	t.Helper()
	var made account.Secret
	s.must(t, s.json(t, s.theOperator(), http.MethodPost, "/api/v1/tokens", account.NewToken{Owner: name, Label: "attack", Scopes: scopes, Days: 1}), &made)
	return made.Secret
}

// unit is that of the clerk, other is another's.
const unit, other = "349981001", "349981002"

func unitOf(role access.Role) string {
	if role.OfUnit() {
		return unit
	}
	return ""
}

// both are an account of the role by session and by token, of the shared server.
type both struct{ bySession, byToken caller }

// city is a server with somebody of every role, and sheets of two units.
type city struct {
	*server
	people     map[access.Role]both
	otherClerk caller
	submission map[string]string // of a unit
	sum        map[string]string // of that submission's file
}

var shared struct {
	once   sync.Once
	server *server
	city   *city
}

// theCity is the one server that most attacks share: what changes accounts or counts failures starts its own.
func theCity(t *testing.T) *city {
	t.Helper()
	shared.once.Do(func() {
		dir, err := os.MkdirTemp("", "huizong-attack-data")
		if err != nil {
			t.Fatal(err)
		}
		if shared.server, err = startOn(dir, "--nats-listen", "127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
		shared.city = populate(t, shared.server)
	})
	if shared.city == nil {
		t.Fatal("the city was not made, see the first test")
	}
	return shared.city
}

// sheetPeriod is what the sheets are for.
const sheetPeriod = "2020-02"

func populate(t *testing.T, s *server) *city {
	c := &city{server: s, people: map[access.Role]both{}, submission: map[string]string{}, sum: map[string]string{}}
	for _, role := range access.Roles {
		name := string(role)
		s.hire(t, account.NewAccount{Name: name, Role: role, Unit: unitOf(role)})
		session, _ := s.signIn(t, name, password)
		c.people[role] = both{caller{name: name + " by session", role: role, session: session}, caller{name: name + " by token", role: role, token: s.tokenFor(t, name, role.Permissions()...)}}
	}
	s.hire(t, account.NewAccount{Name: "otherclerk", Role: access.Clerk, Unit: other})
	session, _ := s.signIn(t, "otherclerk", password)
	c.otherClerk = caller{name: "clerk of another unit", role: access.Clerk, session: session}
	kit, err := sample.Generate(sample.Config{Seed: 3, Months: 2, Forms: []string{"employment_monthly"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range kit.Files {
		if f.Org != unit && f.Org != other {
			continue
		}
		c.send(t, f)
	}
	if c.submission[unit] == "" || c.submission[other] == "" {
		t.Fatal("the kit has no sheets of the two units")
	}
	return c
}

// send sends a sheet as the operator and waits for its outcome. The last of a unit is remembered.
func (c *city) send(t *testing.T, f sample.File) {
	t.Helper()
	body, boundary := multipartBody(map[string]string{"org": f.Org, "form": f.Form, "period": f.Period.String()}, filepath.Base(f.Path), f.Bytes)
	var receipt reporting.Receipt
	c.must(t, c.as(t, c.theOperator(), http.MethodPost, "/api/v1/submissions", body, "Content-Type", "multipart/form-data; boundary="+boundary), &receipt)
	var state submission.State
	for state.Pending = true; state.Pending; {
		c.must(t, c.as(t, c.theOperator(), http.MethodGet, "/api/v1/submissions/"+receipt.Submission+"?wait=30s", ""), &state)
	}
	if state.Outcome == reporting.Accepted {
		c.submission[f.Org], c.sum[f.Org] = receipt.Submission, state.SHA256
	}
}

func multipartBody(fields map[string]string, name string, file []byte) (body, boundary string) {
	var b strings.Builder
	boundary = "edge-of-a-part"
	for key, value := range fields {
		fmt.Fprintf(&b, "--%s\r\nContent-Disposition: form-data; name=%q\r\n\r\n%s\r\n", boundary, key, value)
	}
	fmt.Fprintf(&b, "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=%q\r\n\r\n%s\r\n--%s--\r\n", boundary, name, file, boundary)
	return b.String(), boundary
}

// command runs a command of the product with further variables of the environment, and returns what it has printed.
func command(t *testing.T, env []string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), binary, args...)
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}
