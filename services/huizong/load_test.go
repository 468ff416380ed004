package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/reporting"
	"huizong/pkg/sample"
)

// TestDeadlineRush: many clerks at once open their page, send a sheet and look at what came of it. Nobody gets an error, and everything
// that has a receipt is decided.
func TestDeadlineRush(t *testing.T) {
	t.Parallel()
	rush(t, newOffice(t), 24, 0)
}

// BenchmarkDeadlineRush measures how long a thousand clerks wait who work within one minute, on a server of this machine that they share
// its processors with.
func BenchmarkDeadlineRush(b *testing.B) {
	for range b.N {
		o := office{startProcess(b, b.TempDir())}
		waits := rush(b, o, 1000, time.Minute)
		for _, step := range steps {
			took := waits[step]
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Milliseconds()), step+"-p50-ms")
			b.ReportMetric(float64(took[len(took)*99/100].Milliseconds()), step+"-p99-ms")
		}
	}
}

// steps are what each clerk does, in order.
var steps = []string{"page", "recognise", "send", "outcome", "result"}

// rush has clerks come in at random moments within the span, each signed in already, and returns how long each waited for each step.
func rush(tb testing.TB, o office, clerks int, within time.Duration) map[string][]time.Duration {
	tb.Helper()
	files := townshipSheets(tb, clerks)
	people := hireClerks(tb, o, files)
	random := rand.New(rand.NewPCG(1, 2))
	var all sync.WaitGroup
	for _, c := range people {
		comes := time.After(time.Duration(random.Int64N(int64(within) + 1)))
		all.Go(func() {
			<-comes
			c.err = c.work(tb.Context())
		})
	}
	all.Wait()
	waits := map[string][]time.Duration{}
	for _, c := range people {
		if c.err != nil {
			tb.Errorf("%s: %v", c.file.Path, c.err)
			continue
		}
		for step, took := range c.waited {
			waits[step] = append(waits[step], took)
		}
		if c.state.SHA256 != c.receipt.SHA256 {
			tb.Errorf("%s has the receipt %s, and the outcome of another file: %+v", c.file.Path, c.receipt.Submission, c.state)
		}
	}
	return waits
}

// hireClerks makes a clerk for each sheet, signed in. Several at a time: a password takes a while on purpose.
func hireClerks(tb testing.TB, o office, files []sample.File) []*hiredClerk {
	tb.Helper()
	people, errs := make([]*hiredClerk, len(files)), make([]error, len(files))
	slots := make(chan struct{}, 4)
	var all sync.WaitGroup
	for i := range files {
		all.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			people[i], errs[i] = newClerk(tb.Context(), o, fmt.Sprintf("clerk%d", i), files[i])
		})
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		tb.Fatal(err)
	}
	return people
}

// townshipSheets are sheets of townships, no two alike.
func townshipSheets(tb testing.TB, n int) []sample.File {
	tb.Helper()
	var files []sample.File
	for seed := int64(10); len(files) < n; seed++ {
		kit, err := sample.Generate(sample.Config{Seed: seed, Forms: []string{"employment_monthly", "enterprise_visits"}})
		if err != nil {
			tb.Fatal(err)
		}
		files = append(files, kit.Files...)
	}
	return files[:n]
}

// hiredClerk is somebody with a browser who has one sheet to send.
type hiredClerk struct {
	server  string
	browser *http.Client
	file    sample.File

	waited  map[string]time.Duration
	receipt reporting.Receipt
	state   state
	err     error
}

// newClerk makes the account and signs in.
func newClerk(ctx context.Context, o office, name string, file sample.File) (*hiredClerk, error) {
	made, err := o.account(ctx, name, access.Clerk, file.Org)
	if err != nil {
		return nil, err
	}
	if err := choosePassword(o.client, made, officePassword); err != nil {
		return nil, err
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	c := &hiredClerk{server: o.server, browser: &http.Client{Jar: jar}, file: file, waited: map[string]time.Duration{}}
	response, err := c.browser.PostForm(o.server+"/sign-in", url.Values{"name": {name}, "password": {officePassword}})
	if err != nil {
		return nil, err
	}
	return c, response.Body.Close()
}

// work is a clerk's visit: the page, the sheet, its receipt, its outcome, and the page of that.
func (c *hiredClerk) work(ctx context.Context) error {
	if _, err := c.step(ctx, "page", http.MethodGet, "/", "", nil); err != nil {
		return err
	}
	form, kind, err := c.upload()
	if err != nil {
		return err
	}
	answer, err := c.step(ctx, "recognise", http.MethodPost, "/api/v1/recognitions", kind, form)
	if err != nil {
		return err
	}
	var recognised struct {
		SHA256 string `json:"sha256"`
	}
	if err := json.Unmarshal(answer, &recognised); err != nil {
		return err
	}
	confirmed, err := json.Marshal(map[string]string{"sha256": recognised.SHA256, "org": c.file.Org, "form": c.file.Form, "period": c.file.Period.String()})
	if err != nil {
		return err
	}
	if answer, err = c.step(ctx, "send", http.MethodPost, "/api/v1/submissions", "application/json", bytes.NewReader(confirmed)); err != nil {
		return err
	}
	if err := json.Unmarshal(answer, &c.receipt); err != nil {
		return err
	}
	if err := c.outcome(ctx); err != nil {
		return err
	}
	_, err = c.step(ctx, "result", http.MethodGet, "/submissions/"+c.receipt.Submission, "", nil)
	return err
}

// outcome waits until the sheet is decided, however many requests that takes.
func (c *hiredClerk) outcome(ctx context.Context) error {
	began := time.Now()
	for c.state.Outcome == "" {
		answer, err := c.step(ctx, "outcome", http.MethodGet, "/api/v1/submissions/"+c.receipt.Submission+"?wait=1m", "", nil)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(answer, &c.state); err != nil {
			return err
		}
	}
	c.waited["outcome"] = time.Since(began)
	return nil
}

func (c *hiredClerk) upload() (io.Reader, string, error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", path.Base(c.file.Path))
	if err != nil {
		return nil, "", err
	}
	if _, err := part.Write(c.file.Bytes); err != nil {
		return nil, "", err
	}
	return &body, form.FormDataContentType(), form.Close()
}

// step does one thing, reads the whole answer, and notes how long that took.
func (c *hiredClerk) step(ctx context.Context, name, method, path, kind string, body io.Reader) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, c.server+path, body)
	if err != nil {
		return nil, err
	}
	if kind != "" {
		request.Header.Set("Content-Type", kind)
	}
	began := time.Now()
	response, err := c.browser.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	c.waited[name] = time.Since(began)
	if err == nil && response.StatusCode >= 300 {
		err = fmt.Errorf("%s %s: %s %.200s", method, path, response.Status, strings.TrimSpace(string(answer)))
	}
	return answer, err
}
