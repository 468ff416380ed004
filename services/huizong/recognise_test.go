package main

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"testing"

	"huizong/pkg/reporting"
	"huizong/pkg/sample"
)

// TestRecogniseAndConfirm drops a clerk's sheets without a word about them, confirms what they were recognised as, and finds each
// decided as if it had been sent with all its particulars.
func TestRecogniseAndConfirm(t *testing.T) {
	kit, err := sample.Generate(sample.Config{Seed: 9, Months: 1})
	if err != nil {
		t.Fatal(err)
	}
	server := startProcess(t, t.TempDir())
	sent := 0
	for _, f := range kit.Files {
		rec := server.recognise(t, f)
		if f.Expect != reporting.Accepted || rec.Period != f.Period {
			continue // wrong, or it names no month: a person has to say
		}
		sent++
		body, err := server.post(t.Context(), "/api/v1/submissions", map[string]string{"sha256": rec.SHA256, "org": f.Org})
		if err != nil {
			t.Fatal(err)
		}
		var receipt reporting.Receipt
		if err := json.Unmarshal(body, &receipt); err != nil {
			t.Fatal(err)
		}
		got, err := server.outcome(t.Context(), receipt)
		if err != nil || got.Outcome != reporting.Accepted || got.Form != f.Form || got.Org != f.Org || got.Period != f.Period {
			t.Errorf("%s: %s as %s of %s for %s with %v, %v", f.Path, got.Outcome, got.Form, got.Org, got.Period, got.Findings, err)
		}
	}
	if sent < 30 {
		t.Errorf("only %d sheets could be confirmed", sent)
	}
}

// recognise puts the file, and says nothing of it but who would send it.
func (p *process) recognise(tb testing.TB, f sample.File) reporting.Recognition {
	tb.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	form.WriteField("org", f.Org)
	form.WriteField("period", "2020-01")
	part, err := form.CreateFormFile("file", f.Path)
	if err != nil {
		tb.Fatal(err)
	}
	part.Write(f.Bytes)
	form.Close()
	request, err := http.NewRequestWithContext(tb.Context(), http.MethodPost, p.server+"/api/v1/recognitions", &body)
	if err != nil {
		tb.Fatal(err)
	}
	request.Header.Set("Content-Type", form.FormDataContentType())
	data, err := p.do(request)
	if err != nil {
		tb.Fatalf("%s: %v", f.Path, err)
	}
	var rec reporting.Recognition
	if err := json.Unmarshal(data, &rec); err != nil {
		tb.Fatal(err)
	}
	return rec
}
