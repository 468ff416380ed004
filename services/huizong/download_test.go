package main

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"huizong/pkg/reporting"
)

// TestNamesOfDownloads: on no route that sends a file is it called what its sender called it.
func TestNamesOfDownloads(t *testing.T) {
	t.Parallel()
	server := startProcess(t, t.TempDir())
	token := tokenOf(server.server, "")
	const wild = "..\\\\..\\\\CON.\u202excs.exe"
	var body bytes.Buffer
	for name, value := range map[string]string{"org": "349981001", "form": "employment_monthly", "period": "2020-06", "file": "不是报表\n"} {
		extra := ""
		if name == "file" {
			extra = `; filename="` + wild + `"`
		}
		io.WriteString(&body, "--edge\r\nContent-Disposition: form-data; name=\""+name+"\""+extra+"\r\n\r\n"+value+"\r\n")
	}
	io.WriteString(&body, "--edge--\r\n")
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.server+"/api/v1/submissions", &body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "multipart/form-data; boundary=edge")
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	var receipt reporting.Receipt
	err = json.NewDecoder(response.Body).Decode(&receipt)
	response.Body.Close()
	if err != nil || receipt.Submission == "" {
		t.Fatalf("%s: %v", response.Status, err)
	}
	if _, err := server.outcome(t.Context(), receipt); err != nil {
		t.Fatal(err)
	}
	ours := regexp.MustCompile(`^[\pL\pN_()-]+\.(xlsx|csv|json|jsonl|txt|docx|bin)$`)
	queries := map[string]string{"/api/v1/forms/{form}/template": "?org=349981001&period=2020-06", "/api/v1/figures": "?period=2020-06", "/api/v1/reports/{report}": "?period=2020H1", "/api/v1/audit": "?format=jsonl"}
	sent := map[string]bool{}
	for _, e := range routes() {
		if e.Method != http.MethodGet {
			continue
		}
		path := strings.NewReplacer("{id}", receipt.Submission, "{sha256}", receipt.SHA256, "{form}", "employment_monthly", "{report}", "half-year").Replace(e.Path) + queries[e.Path]
		if strings.Contains(path, "{") || e.Page || e.Path == "/api/v1/events" {
			continue
		}
		get, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.server+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		answer := send(t, get, token)
		what := answer.Header.Get("Content-Disposition")
		if what == "" {
			continue
		}
		sent[e.Path] = true
		kind, fields, err := mime.ParseMediaType(what)
		if err != nil || kind != "attachment" || !ours.MatchString(fields["filename"]) || strings.Contains(what, "exe") || answer.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %s is sent as %q", path, answer.Status, what)
		}
	}
	for _, path := range []string{"/api/v1/submissions/{id}/original", "/api/v1/submissions/{id}/annotated", "/api/v1/originals/{sha256}", "/api/v1/forms/{form}/template", "/api/v1/facts", "/api/v1/figures", "/api/v1/reports/{report}", "/api/v1/audit"} {
		if !sent[path] {
			t.Errorf("%s sent no file", path)
		}
	}
}

// send sends a request as the holder of the token and returns as soon as the answer has begun: some never end.
func send(t *testing.T, request *http.Request, token string) *http.Response {
	t.Helper()
	request.Header.Set("Authorization", "Bearer "+token)
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := browser.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response
}
