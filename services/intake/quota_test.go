package intake

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/reporting"
)

// filesIn are the paths of all files under a folder.
func filesIn(t *testing.T, dir string) (paths []string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasPrefix(path, "journal.") { // the journal's head and key, which the store makes
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// TestRefusedLeavesNothing: whoever is refused, on whichever way, has put nothing on the disk; and what was recognised and never confirmed
// goes when its hour is over.
func TestRefusedLeavesNothing(t *testing.T) {
	now := time.Date(2020, 7, 1, 9, 0, 0, 0, time.UTC)
	c := newCounterIn(t, t.TempDir(), Quota{Files: 20, Bytes: 1000})
	c.pending.now = func() time.Time { return now }
	subject := requestBy(t, "349981002", "m1")
	overNATS := func(headers map[string]string, size int) error {
		_, err := c.Bus.Request(t.Context(), subject, bytes.Repeat([]byte("x"), size), headers)
		return err
	}
	for name, refused := range map[string]error{
		"Period": overNATS(map[string]string{"period": "sometime"}, 10),
		"Form":   overNATS(map[string]string{"period": "2020-06", "form": "x"}, 10),
		"Quota":  overNATS(map[string]string{"period": "2020-06"}, 1001),
	} {
		if refused == nil {
			t.Errorf("over NATS %s: taken", name)
		}
	}
	for name, test := range map[string]struct {
		who, body string
		status    int
	}{
		"Role":      {"analyst wu", form("org", "349981001", "period", "2020-06", "file", "x"), 403},
		"Unit":      {clerk, form("org", "349981002", "period", "2020-06", "file", "x"), 403},
		"UnitAfter": {clerk, form("file", "x", "org", "349981002", "period", "2020-06"), 403},
		"Period":    {clerk, form("file", "x", "org", "349981001", "period", "June"), 400},
		"Quota":     {clerk, form("file", strings.Repeat("x", 1001), "org", "349981001", "period", "2020-06"), 429},
		"Cut":       {clerk, strings.TrimSuffix(form("org", "349981001", "period", "2020-06", "file", "x"), "--b--\r\n"), 400},
		"SecondCut": {clerk, strings.TrimSuffix(form("file", "x", "org", "349981001"), "1\r\n--b--\r\n"), 400},
	} {
		response, err := postAs(test.who, c.url+"/api/v1/submissions", "multipart/form-data; boundary=b", strings.NewReader(test.body))
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != test.status {
			t.Errorf("%s: %d, want %d", name, response.StatusCode, test.status)
		}
	}
	if left := filesIn(t, c.data); len(left) > 0 {
		t.Errorf("%q on the disk after refusals", left)
	}
	_, rec, _ := c.recognise(t, clerk, "x.csv", "employment_monthly 2020-06")
	if left := filesIn(t, c.data); len(left) != 1 {
		t.Errorf("%q on the disk while one waits", left)
	}
	now = now.Add(confirmWithin + time.Second)
	c.pending.mu.Lock()
	c.pending.sweep()
	c.pending.mu.Unlock()
	if left := filesIn(t, c.data); len(left) > 0 {
		t.Errorf("%q on the disk after an hour", left)
	}
	if status, _ := c.json(t, clerk, "/api/v1/submissions", `{"sha256":"`+rec.SHA256+`"}`, &reporting.Receipt{}); status != http.StatusNotFound {
		t.Errorf("confirmed after an hour: %d", status)
	}
}

// form is a multipart form of names and values; the one named file is a file.
func form(fields ...string) string {
	var b strings.Builder
	for i := 0; i < len(fields); i += 2 {
		file := ""
		if fields[i] == "file" {
			file = `; filename="x.csv"`
		}
		fmt.Fprintf(&b, "--b\r\nContent-Disposition: form-data; name=\"%s\"%s\r\n\r\n%s\r\n", fields[i], file, fields[i+1])
	}
	return b.String() + "--b--\r\n"
}

// TestQuota: an account hands in so much a day, on all ways together; a restart does not forget it, and the next day begins anew.
func TestQuota(t *testing.T) {
	data := t.TempDir()
	c := newCounterIn(t, data, Quota{Files: 3, Bytes: 1000})
	send := func(c counter, who, org, content string) int {
		t.Helper()
		response, err := postAs(who, c.url+"/api/v1/submissions", "multipart/form-data; boundary=b", strings.NewReader(form("org", org, "period", "2020-06", "file", content)))
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		return response.StatusCode
	}
	want := func(what string, got, status int) {
		t.Helper()
		if got != status {
			t.Errorf("%s: %d, want %d", what, got, status)
		}
	}
	if _, err := c.hold(t.Context(), access.Principal{Account: "li"}, strings.NewReader(strings.Repeat("x", 1001))); err == nil || !strings.HasPrefix(err.Error(), "今天报送的文件已达上限") {
		t.Errorf("too many bytes: %v", err)
	}
	want("the first", send(c, clerk, "349981001", "a"), 201)
	want("refused, which does not count", send(c, clerk, "349981002", "b"), 403)
	status, rec, _ := c.recognise(t, clerk, "x.csv", "employment_monthly 2020-06")
	want("recognised, the second", status, 201)
	want("too many bytes", send(c, clerk, "349981001", strings.Repeat("x", 990)), 429)
	var receipt reporting.Receipt
	status, _ = c.json(t, clerk, "/api/v1/submissions", `{"sha256":"`+rec.SHA256+`"}`, &receipt)
	want("confirmed, which is the same", status, 201)
	status, _ = c.json(t, clerk, "/api/v1/submissions", `{"sha256":"`+rec.SHA256+`","period":"2020-05"}`, &receipt)
	want("confirmed as another, the third", status, 201)
	status, detail := c.json(t, clerk, "/api/v1/submissions", `{"sha256":"`+rec.SHA256+`","period":"2020-04"}`, &receipt)
	if status != 429 || !strings.Contains(detail, "今天报送的文件已达上限（每个账号每天 3 份") {
		t.Errorf("the fourth: %d %s", status, detail)
	}
	want("another account of the unit", send(c, "clerk wu 349981001", "349981001", "c"), 201)
	for n := range 10 {
		want("the operator", send(c, "operator operator", "349981001", fmt.Sprint(n, strings.Repeat("x", 900))), 201)
	}
	overNATS := func(id string) reporting.Code {
		_, err := c.Bus.Request(t.Context(), requestBy(t, "349981002", id), []byte("x"), map[string]string{"period": "2020-06"})
		return reporting.CodeOf(err)
	}
	if code := overNATS("m1"); code != reporting.TooMany {
		t.Errorf("the same account over NATS: %q", code)
	}
	for range 3 {
		if code := overNATS("other"); code != "" {
			t.Errorf("over NATS: %s", code)
		}
	}
	if code := overNATS("other"); code != reporting.TooMany {
		t.Errorf("the fourth over NATS: %q", code)
	}

	again := newCounterIn(t, data, Quota{Files: 3, Bytes: 1000})
	want("after a restart", send(again, clerk, "349981001", "d"), 429)
	want("another after a restart", send(again, "clerk wu 349981001", "349981001", "e"), 201)
	again.quota.now = func() time.Time { return time.Now().Add(24 * time.Hour) }
	want("the next day", send(again, clerk, "349981001", "f"), 201)
}

// TestQuotaAtOnce: files that come together do not slip through together.
func TestQuotaAtOnce(t *testing.T) {
	c := newCounterIn(t, t.TempDir(), Quota{Files: 100, Bytes: 1000})
	var taken, files int
	var mu sync.Mutex
	var all sync.WaitGroup
	for n := range 20 {
		all.Go(func() {
			h, err := c.hold(t.Context(), access.Principal{Account: "zhou"}, strings.NewReader(fmt.Sprintf("%0150d", n)))
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				taken, files = taken+int(h.Size), files+1
			} else if reporting.CodeOf(err) != reporting.TooMany {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if taken > 1000 || len(filesIn(t, c.data)) != files {
		t.Errorf("%d bytes were taken of 1000, %d files are there of %d", taken, len(filesIn(t, c.data)), files)
	}
	if u := c.quota.used["zhou"]; u.Bytes != int64(taken) || u.Files != files {
		t.Errorf("counted %+v, taken %d in %d files", u, taken, files)
	}
}
