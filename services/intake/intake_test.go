package intake

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"go.uber.org/zap"

	"huizong/pkg/access"
	"huizong/pkg/clickhouse"
	"huizong/pkg/clickhouse/clickhousetest"
	"huizong/pkg/endpoint"
	"huizong/pkg/judge"
	"huizong/pkg/nats"
	"huizong/pkg/originals"
	"huizong/pkg/problem"
	"huizong/pkg/reporting"
)

// counter is an intake with a small limit, over HTTP and NATS.
type counter struct {
	*Intake
	url   string
	data  string // the store's folder
	city  *clickhousetest.City
	notes *notes
}

func TestMain(m *testing.M) {
	judge.RunIfChild(nil)
	os.Exit(clickhousetest.Main(m))
}

func newCounter(t *testing.T) counter { return newCounterIn(t, t.TempDir(), Quota{}) }

func newCounterIn(t *testing.T, data string, quota Quota) counter {
	t.Helper()
	city := clickhousetest.New(t)
	store, err := originals.Open(data, originals.Options{})
	if err != nil {
		t.Fatal(err)
	}
	server, err := nats.StartServer(nats.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	bus, err := server.Connect(nats.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := bus.EnsureStreams(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	noted := &notes{}
	in := New(Config{Store: store, Bus: bus, Catalogue: city.Catalogue, Facts: city.Facts, Recogniser: firstLine{}, Sender: sender, Log: zap.NewNop(), MaxBytes: 1 << 20, Quota: quota, Note: noted.note})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- in.Run(ctx) }()
	gate := &endpoint.Gate{Keys: everyone{}, Note: noted.note, Log: zap.NewNop(),
		ErrorPage: func(w http.ResponseWriter, _ *http.Request, status int, err error) {
			http.Error(w, err.Error(), status)
		}}
	handler, err := gate.Handler(in.Endpoints())
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(handler)
	waitServing(t, bus)
	t.Cleanup(func() {
		web.Close()
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		bus.Close()
		server.Close()
	})
	return counter{Intake: in, url: web.URL, data: data, city: city, notes: noted}
}

// notes are what was noted.
type notes struct {
	mu   sync.Mutex
	list []endpoint.Event
}

func (n *notes) note(_ context.Context, e endpoint.Event) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.list = append(n.list, e)
	return nil
}

// everyone holds a token: "clerk zhou 349981001" is that clerk's of that unit, any other the operator's.
type everyone struct{ endpoint.Keys }

func (everyone) Token(secret string) (access.Principal, error) {
	if words := strings.Fields(secret + " "); len(words) > 1 {
		who := access.Principal{Role: access.Role(words[0]), Account: words[1], Via: access.ViaSession}
		if len(words) == 3 {
			who.Unit = words[2]
		}
		return who, nil
	}
	return access.Principal{Account: "tester", Role: access.Operator, Via: access.ViaLocal}, nil
}

// decide stores what became of a submission, as the worker would.
func (c counter) decide(t *testing.T, e reporting.Envelope, outcome reporting.Outcome, findings ...reporting.Finding) {
	t.Helper()
	const form = "employment_monthly"
	c.city.Store(t, clickhouse.Entry{Attempt: clickhouse.NewAttempt(), Slot: c.Catalogue.Form(form).Slot(e.Period), Decision: reporting.Decision{Submission: e.ID, Outcome: outcome,
		Form: form, Org: e.Org, Period: e.Period, SHA256: e.SHA256, ReceivedAt: e.ReceivedAt, Findings: findings}})
}

// post sends a request as the operator.
func post(url, contentType string, body io.Reader) (*http.Response, error) {
	return postAs("any", url, contentType, body)
}

// postAs sends a request as somebody that everyone knows.
func postAs(who, url, contentType string, body io.Reader) (*http.Response, error) {
	request, err := http.NewRequest(http.MethodPost, url, body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", contentType)
	request.Header.Set("Authorization", "Bearer "+who)
	return http.DefaultClient.Do(request)
}

// json sends JSON to a path as somebody, and reads the answer into value where the status is 201.
func (c counter) json(t *testing.T, who, path, body string, value any) (status int, detail string) {
	t.Helper()
	response, err := postAs(who, c.url+path, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusCreated {
		var p problem.Problem
		if err := json.Unmarshal(data, &p); err != nil || p.Detail == "" {
			t.Errorf("%s: %d %s is no problem document: %v", path, response.StatusCode, data, err)
		}
		return response.StatusCode, p.Detail
	}
	if err := json.Unmarshal(data, value); err != nil {
		t.Errorf("%s: %s: %v", path, data, err)
	}
	return response.StatusCode, ""
}

// sender is a token of a clerk, by its id: that is the unit.
func sender(id string) (access.Principal, error) {
	if id == "gone" {
		return access.Principal{}, reporting.Errorf(reporting.Unauthenticated, "no such token")
	}
	scopes := []access.Permission{access.SendSubmissions}
	if id == "reader" {
		scopes = []access.Permission{access.ReadSubmissions}
	}
	account := "zhou"
	if id == "other" {
		account = "sun"
	}
	return access.Principal{Account: account, Role: access.Clerk, Unit: "349981002", Via: access.ViaToken, Session: id, Scopes: scopes}, nil
}

// requestBy is the subject of a file for the unit as the server hands it on from the token of the id.
func requestBy(t *testing.T, unit, id string) string {
	t.Helper()
	subject, err := nats.SendSubject(unit)
	if err != nil {
		t.Fatal(err)
	}
	return subject + "." + id
}

// waitServing waits until the intake answers on NATS: it refuses what has no period.
func waitServing(t *testing.T, bus *nats.Bus) {
	t.Helper()
	subject, err := requestBy(t, "349981002", "m1"), error(nil)
	for reporting.CodeOf(err) != reporting.Invalid {
		_, err = bus.Request(t.Context(), subject, nil, nil)
		if code := reporting.CodeOf(err); code != reporting.Invalid && code != reporting.Unavailable {
			t.Fatal(err)
		}
	}
}

// post sends parts, in their order, as a multipart form: pairs of name and content, where "file:NAME" is a file.
func (c counter) post(t *testing.T, parts ...string) (int, []byte) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i < len(parts); i += 2 {
		name, file, isFile := strings.Cut(parts[i], ":")
		var part io.Writer
		var err error
		if isFile {
			part, err = form.CreateFormFile(name, file)
		} else {
			part, err = form.CreateFormField(name)
		}
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(part, parts[i+1])
	}
	form.Close()
	return c.send(t, form.FormDataContentType(), &body)
}

func (c counter) send(t *testing.T, contentType string, body io.Reader) (int, []byte) {
	t.Helper()
	response, err := post(c.url+"/api/v1/submissions", contentType, body)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, data
}

func TestReceipt(t *testing.T) {
	c := newCounter(t)
	for name, parts := range map[string][]string{
		"FieldsFirst": {"org", "349981001", "form", "employment_monthly", "period", "2020-06", "file:六月.xlsx", "bytes"},
		"FileFirst":   {"file:六月.xlsx", "bytes", "period", " 2020-06 ", "org", "349981001"},
		"PathInName":  {"file:../../etc/cron.d/x\n.xlsx", "bytes", "period", "2020-06", "org", "349981001"},
		"EmptyFile":   {"file:empty.csv", "", "period", "2020-06", "org", "349981001"},
	} {
		t.Run(name, func(t *testing.T) {
			status, data := c.post(t, parts...)
			var receipt reporting.Receipt
			if err := json.Unmarshal(data, &receipt); status != http.StatusCreated || err != nil {
				t.Fatalf("%d %s", status, data)
			}
			e, err := c.Store.Envelope(receipt.Submission)
			if err != nil || e.SHA256 != receipt.SHA256 || strings.ContainsAny(e.FileName, "/\\\n") {
				t.Errorf("envelope %+v, %v", e, err)
			}
			file, err := c.Store.Original(receipt.SHA256)
			if err != nil || hash(file) != receipt.SHA256 || int64(len(file)) != receipt.Size {
				t.Errorf("original of %d bytes, %v; receipt %+v", len(file), err, receipt)
			}
		})
	}
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func TestRefused(t *testing.T) {
	c := newCounter(t)
	for name, parts := range map[string][]string{
		"UnknownOrg":        {"org", "nowhere", "period", "2020-06", "file:x.csv", "a"},
		"NoOrg":             {"period", "2020-06", "file:x.csv", "a"},
		"UnknownForm":       {"org", "349981001", "form", "../x", "period", "2020-06", "file:x.csv", "a"},
		"BadPeriod":         {"org", "349981001", "period", "2020-13", "file:x.csv", "a"},
		"PeriodOfOtherKind": {"org", "349981001", "form", "employment_monthly", "period", "2020", "file:x.csv", "a"},
		"NoFile":            {"org", "349981001", "period", "2020-06"},
		"TwoFiles":          {"org", "349981001", "period", "2020-06", "file:a.csv", "a", "file:b.csv", "b"},
		"TooLarge":          {"org", "349981001", "period", "2020-06", "file:x.csv", strings.Repeat("x", 1<<20+1)},
		"FarTooLarge":       {"org", "349981001", "period", "2020-06", "file:x.csv", strings.Repeat("x", 4<<20)},
	} {
		t.Run(name, func(t *testing.T) {
			status, data := c.post(t, parts...)
			var p problem.Problem
			if err := json.Unmarshal(data, &p); status != http.StatusBadRequest || err != nil || p.Code != reporting.Invalid || p.Detail == "" {
				t.Errorf("%d %s, want a problem of code invalid", status, data)
			}
		})
	}
	t.Run("NotMultipart", func(t *testing.T) {
		if status, data := c.send(t, "application/json", strings.NewReader(`{}`)); status != http.StatusBadRequest {
			t.Errorf("%d %s", status, data)
		}
	})
	t.Run("CutShort", func(t *testing.T) {
		body := "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.csv\"\r\n\r\nhalf a fi"
		if status, data := c.send(t, "multipart/form-data; boundary=b", strings.NewReader(body)); status != http.StatusBadRequest {
			t.Errorf("%d %s", status, data)
		}
	})
	if left := filesIn(t, c.data); len(left) > 0 {
		t.Errorf("%q on the disk after refusals", left)
	}
}

func TestPeriods(t *testing.T) {
	c := newCounter(t)
	for name, test := range map[string]struct {
		path, body string
		status     int
	}{
		"Close":    {"2020-06/close", `{"reason":"上报完毕","by":"reviewer"}`, http.StatusCreated},
		"Open":     {"2020H1/open", `{"reason":"更正"}`, http.StatusCreated},
		"NoReason": {"2020-06/close", `{"reason":" "}`, http.StatusBadRequest},
		"NoPeriod": {"June/close", `{"reason":"x"}`, http.StatusBadRequest},
		"NoVerb":   {"2020-06/forget", `{"reason":"x"}`, http.StatusNotFound},
		"NoJSON":   {"2020-06/close", `reason`, http.StatusBadRequest},
	} {
		t.Run(name, func(t *testing.T) {
			response, err := post(c.url+"/api/v1/periods/"+test.path, "application/json", strings.NewReader(test.body))
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			if response.StatusCode != test.status {
				t.Errorf("%d, want %d", response.StatusCode, test.status)
			}
		})
	}
	if n := len(c.Store.PeriodEvents()); n != 2 {
		t.Errorf("%d closings and openings in the journal, want 2", n)
	}
}

// TestOverNATS: the unit is the one of the subject, whatever the headers say.
func TestOverNATS(t *testing.T) {
	c := newCounter(t)
	subject := requestBy(t, "349981002", "m1")
	reply, err := c.Bus.Request(t.Context(), subject, []byte("a sheet"), map[string]string{"period": "2020-06", "org": "349981001", "file-name": "x.csv"})
	if err != nil {
		t.Fatal(err)
	}
	var receipt reporting.Receipt
	if err := json.Unmarshal(reply.Data, &receipt); err != nil || receipt.Org != "349981002" || receipt.SHA256 != hash([]byte("a sheet")) {
		t.Errorf("receipt %+v, %v", receipt, err)
	}
	e, err := c.Store.Envelope(receipt.Submission)
	if err != nil || e.By != "zhou" || e.Role != "clerk" || e.Token != "m1" || e.Via != "nats" {
		t.Errorf("the envelope says not who sent: %+v, %v", e, err)
	}
	for subject, want := range map[string]reporting.Code{
		requestBy(t, "349981001", "m1"): reporting.Forbidden, requestBy(t, "349981002", "reader"): reporting.Forbidden, requestBy(t, "349981002", "gone"): reporting.Unauthenticated,
	} {
		if _, err := c.Bus.Request(t.Context(), subject, []byte("a sheet"), map[string]string{"period": "2020-06"}); reporting.CodeOf(err) != want {
			t.Errorf("%s: %v, want %s", subject, err, want)
		}
	}
	if _, err := c.Bus.Request(t.Context(), subject, []byte("a sheet"), map[string]string{"period": "sometime"}); reporting.CodeOf(err) != reporting.Invalid {
		t.Errorf("a bad period over NATS: %v, want invalid", err)
	}
}
