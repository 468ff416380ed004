package engine

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"huizong/pkg/reporting"
)

// Bounds of what analysts' programs may ask at a time, and of each question.
const (
	maxQuery      = 256 << 10        // bytes of SQL, ClickHouse's own bound
	maxQuestions  = 8                // at work at a time
	questionWait  = 10 * time.Second // for one of them to end
	questionRead  = 30 * time.Second // for a question to come
	answerWrite   = 10 * time.Minute // for an answer to be taken
	maxDoorHeader = 32 << 10
)

// door is where analysts' programs ask: it has ClickHouse's HTTP interface and lets only questions about tables through. It checks the analysts' password
// itself, and asks the child with a password that only this process has.
type door struct {
	engine   *Engine
	client   *http.Client
	working  chan struct{} // one place for each question at work
	listener net.Listener  // nil where no port was asked for
	server   *http.Server

	mu    sync.Mutex
	rules *rules // nil until the child has listed its functions
}

// openDoor makes the door, and opens it where there is a port.
func (e *Engine) openDoor(ctx context.Context, port int) error {
	e.sql = &door{engine: e, working: make(chan struct{}, maxQuestions),
		client: &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, addr string) (net.Conn, error) { return e.DialContext(ctx, addr) },
			DisableCompression: true, MaxIdleConnsPerHost: maxQuestions, IdleConnTimeout: 5 * time.Second}}}
	if port == 0 {
		return nil
	}
	if !confinable() {
		e.log.Warn("no SQL for analysts: this kernel cannot keep the engine to its own files")
		return nil
	}
	var listen net.ListenConfig
	listener, err := listen.Listen(ctx, "tcp", net.JoinHostPort(loopback, strconv.Itoa(port)))
	if err != nil {
		return reporting.Errorf(reporting.Unavailable, "port for SQL: %w", err)
	}
	e.sql.listener = listener
	e.sql.server = &http.Server{Handler: e.sql, ReadHeaderTimeout: questionRead, ReadTimeout: questionRead, WriteTimeout: answerWrite, IdleTimeout: time.Minute, MaxHeaderBytes: maxDoorHeader}
	go e.sql.server.Serve(listener)
	return nil
}

// SQL answers analysts' programs.
func (e *Engine) SQL() http.Handler { return e.sql }

func (d *door) close() {
	if d.server != nil {
		d.server.Close() // questions under way end: the child does, too
	}
	d.client.CloseIdleConnections()
}

// ServeHTTP answers one question. The order is: who asks, what, may it be asked, the answer.
func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/ping" {
		io.WriteString(w, "Ok.\n")
		return
	}
	if err := d.answer(w, r); err != nil {
		refuse(w, err)
	}
}

func (d *door) answer(w http.ResponseWriter, r *http.Request) error {
	if r.URL.Path != "/" {
		return reporting.Errorf(reporting.NotFound, "there is no %s here", r.URL.Path)
	}
	if !d.knows(r) {
		return reporting.Errorf(reporting.Unauthenticated, "the account %s and its password are needed", Analyst)
	}
	q, err := questionOf(w, r)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), answerWrite)
	defer cancel()
	leave, err := d.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	if q.text == "" { // as ClickHouse answers a look at the address
		_, err := io.WriteString(w, "Ok.\n")
		return err
	}
	if err := d.check(ctx, q); err != nil {
		return err
	}
	answer, err := d.ask(ctx, d.engine.inner[Analyst], q.settings, q.text)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	return pass(w, answer)
}

// enter waits for a place.
func (d *door) enter(ctx context.Context) (leave func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, questionWait)
	defer cancel()
	select {
	case d.working <- struct{}{}:
		return func() { <-d.working }, nil
	case <-ctx.Done():
		return nil, reporting.Errorf(reporting.TooMany, "%d questions are being answered: ask again in a moment", maxQuestions)
	}
}

// knows reports whether the request shows the analysts' account, in one of the ways in which ClickHouse takes it.
func (d *door) knows(r *http.Request) bool {
	name, password, basic := r.BasicAuth()
	if !basic {
		name, password = r.Header.Get("X-ClickHouse-User"), r.Header.Get("X-ClickHouse-Key")
	}
	if q := r.URL.Query(); name == "" {
		name, password = q.Get("user"), q.Get("password")
	}
	got, want := sha256.Sum256([]byte(password)), sha256.Sum256([]byte(d.engine.accounts[Analyst].Password))
	return name == Analyst && subtle.ConstantTimeCompare(got[:], want[:]) == 1
}

// question is what is asked, and how.
type question struct {
	text     string
	settings url.Values
}

// dropped are parameters that we set ourselves, and those of sessions, which a reader does not need.
var dropped = []string{"query", "user", "password", "quota_key", "role", "profile", "session_id", "session_timeout", "session_check", "close_session", "stacktrace", "buffer_size"}

var settingName = regexp.MustCompile(`^[a-z][a-z0-9_]*$|^param_\w+$`)

// questionOf reads a question: of the query parameter, the body, or both, one behind the other.
func questionOf(w http.ResponseWriter, r *http.Request) (question, error) {
	q := question{settings: url.Values{}}
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	asked := r.URL.Query()
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodPost:
		return q, reporting.Errorf(reporting.Invalid, "a question is a GET or a POST")
	case strings.HasPrefix(media, "multipart/"), r.Header.Get("Content-Encoding") != "", asked.Get("decompress") == "1":
		return q, reporting.Errorf(reporting.Invalid, "a question is plain text")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxQuery))
	if err != nil {
		return q, reporting.Errorf(reporting.Invalid, "question of at most %d bytes: %w", maxQuery, err)
	}
	q.settings.Set("database", Database)
	q.text = strings.TrimSpace(asked.Get("query") + "\n" + string(body))
	for name, values := range asked {
		if slices.Contains(dropped, name) || name == "decompress" {
			continue
		}
		if !settingName.MatchString(name) || len(values) != 1 {
			return q, reporting.Errorf(reporting.Invalid, "parameter %q", name)
		}
		q.settings[name] = values
	}
	if format := r.Header.Get("X-ClickHouse-Format"); format != "" {
		q.settings.Set("default_format", format)
	}
	if name := r.Header.Get("X-ClickHouse-Database"); name != "" {
		q.settings.Set("database", name)
	}
	return q, nil
}

// explain makes the child print the syntax tree of a query.
const explain = "EXPLAIN AST\n"

// check refuses a question that is not about tables.
func (d *door) check(ctx context.Context, q question) error {
	rules, err := d.known(ctx)
	if err != nil {
		return err
	}
	settings := url.Values{"default_format": {"TSV"}}
	for name, values := range q.settings {
		if strings.HasPrefix(name, "param_") || name == "database" {
			settings[name] = values
		}
	}
	tree, err := d.text(ctx, d.engine.inner[Analyst], settings, explain+q.text)
	if err != nil {
		return err
	}
	return rules.check(tree, q.text)
}

// known are the rules for the child's table functions.
func (d *door) known(ctx context.Context) (rules, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.rules != nil {
		return *d.rules, nil
	}
	tables, err := d.text(ctx, d.engine.inner[Service], nil, "SELECT name FROM system.table_functions FORMAT TSV")
	if err != nil {
		return rules{}, err
	}
	functions, err := d.text(ctx, d.engine.inner[Service], nil, "SELECT name FROM system.functions FORMAT TSV")
	if err != nil {
		return rules{}, err
	}
	r := newRules(strings.Fields(tables), strings.Fields(functions))
	d.rules = &r
	return r, nil
}

// maxTree bounds what is read of a question's tree.
const maxTree = 64 << 20

// text is the child's answer in full, or its refusal.
func (d *door) text(ctx context.Context, as Account, settings url.Values, query string) (string, error) {
	answer, err := d.ask(ctx, as, settings, query)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxTree+1))
	switch {
	case err != nil:
		return "", reporting.Errorf(reporting.Unavailable, "answer of the engine: %w", err)
	case answer.StatusCode != http.StatusOK:
		return "", refusal{answer.StatusCode, answer.Header, body}
	case len(body) > maxTree:
		return "", reporting.Errorf(reporting.Invalid, "the question is too large")
	}
	return string(body), nil
}

// ask sends a query to the child.
func (d *door) ask(ctx context.Context, as Account, settings url.Values, query string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+loopback+"/?"+settings.Encode(), strings.NewReader(query))
	if err != nil {
		return nil, reporting.Errorf(reporting.Internal, "ask the engine: %w", err)
	}
	request.SetBasicAuth(as.Name, as.Password)
	answer, err := d.client.Do(request)
	if err != nil {
		return nil, reporting.Errorf(reporting.Unavailable, "ask the engine: %w", err)
	}
	return answer, nil
}

// pass hands the child's answer on, as it comes.
func pass(w http.ResponseWriter, answer *http.Response) error {
	copyHeaders(w.Header(), answer.Header)
	w.WriteHeader(answer.StatusCode)
	if _, err := io.Copy(w, answer.Body); err != nil {
		panic(http.ErrAbortHandler) // an answer that breaks off must not look like one that has ended
	}
	return nil
}

func copyHeaders(to, from http.Header) {
	for name, values := range from {
		if name == "Content-Type" || name == "Content-Encoding" || strings.HasPrefix(name, "X-Clickhouse-") {
			to[name] = values
		}
	}
}

// refusal is the child's answer to a query that it refuses.
type refusal struct {
	status  int
	headers http.Header
	body    []byte
}

func (r refusal) Error() string { return string(r.body) }

// exceptions are ClickHouse's numbers and names of what we refuse, as drivers know them, with the status of the answer.
var exceptions = map[reporting.Code]struct {
	status, number int
	name           string
}{
	reporting.Unauthenticated: {http.StatusForbidden, 516, "AUTHENTICATION_FAILED"},
	reporting.Forbidden:       {http.StatusForbidden, 497, "ACCESS_DENIED"},
	reporting.Invalid:         {http.StatusBadRequest, 36, "BAD_ARGUMENTS"},
	reporting.NotFound:        {http.StatusNotFound, 60, "NOT_FOUND"},
	reporting.TooMany:         {http.StatusTooManyRequests, 202, "TOO_MANY_SIMULTANEOUS_QUERIES"},
}

// refuse answers with the error, as ClickHouse would.
func refuse(w http.ResponseWriter, err error) {
	if given := (refusal{}); errors.As(err, &given) {
		copyHeaders(w.Header(), given.headers)
		w.WriteHeader(given.status)
		w.Write(bytes.ReplaceAll(given.body, []byte(explain), nil))
		return
	}
	as, known := exceptions[reporting.CodeOf(err)]
	if !known {
		as.status, as.number, as.name = http.StatusServiceUnavailable, 210, "NETWORK_ERROR"
	}
	w.Header().Set("Content-Type", "text/plain; charset=UTF-8")
	w.Header().Set("X-ClickHouse-Exception-Code", strconv.Itoa(as.number))
	w.WriteHeader(as.status)
	fmt.Fprintf(w, "Code: %d. DB::Exception: %s: %v. (%s)\n", as.number, Analyst, err, as.name)
}
