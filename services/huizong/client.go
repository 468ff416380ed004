package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"huizong/pkg/problem"
	"huizong/pkg/reporting"
)

const defaultServer = "http://127.0.0.1:8080"

// client talks to a server.
type client struct {
	server string
}

func serverFlag(cmd *cobra.Command, c *client) {
	cmd.Flags().StringVar(&c.server, "server", defaultServer, "address of the server (or HUIZONG_SERVER)")
}

// get reads a resource.
func (c client) get(ctx context.Context, path string, query url.Values) ([]byte, error) {
	target := strings.TrimSuffix(c.server, "/") + path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return nil, err
	}
	return c.do(request)
}

// post sends a JSON document.
func (c client) post(ctx context.Context, path string, value any) ([]byte, error) {
	body, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(c.server, "/")+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	return c.do(request)
}

func (c client) do(request *http.Request) ([]byte, error) {
	body, _, err := c.answer(request)
	return body, err
}

// answer sends the request and returns the body and the headers of a success.
func (c client) answer(request *http.Request) ([]byte, http.Header, error) {
	if token := tokenOf(c.server, os.Getenv("HUIZONG_TOKEN")); token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, nil, reporting.Errorf(reporting.Unavailable, "no server at %s (is `huizong serve` running? --server says where): %w", c.server, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, nil, reporting.Errorf(reporting.Unavailable, "%s: %w", request.URL, err)
	}
	if response.StatusCode >= 300 {
		return nil, nil, problem.Read(response.StatusCode, body)
	}
	return body, response.Header, nil
}

// sheet is a file to submit.
type sheet struct {
	path, org, form, period string
	answers                 string // to what it asks, as they are sent
}

// submit sends the file and returns its receipt.
func (c client) submit(ctx context.Context, s sheet) (receipt reporting.Receipt, err error) {
	return receipt, c.postFile(ctx, "/api/v1/submissions", s, &receipt)
}

// postFile sends the file with what is said of it. It is streamed.
func (c client) postFile(ctx context.Context, path string, s sheet, into any) error {
	file, err := os.Open(s.path)
	if err != nil {
		return err
	}
	defer file.Close()
	reader, writer := io.Pipe()
	form := multipart.NewWriter(writer)
	go func() { writer.CloseWithError(s.writeParts(form, file)) }()
	defer reader.Close() // ends the writer where the server has answered without reading all
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(c.server, "/")+path, reader)
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", form.FormDataContentType())
	body, err := c.do(request)
	if err != nil {
		return err
	}
	return json.Unmarshal(body, into)
}

func (s sheet) writeParts(form *multipart.Writer, file io.Reader) error {
	for name, value := range map[string]string{"org": s.org, "form": s.form, "period": s.period, "answers": s.answers} {
		if err := form.WriteField(name, value); err != nil {
			return err
		}
	}
	part, err := form.CreateFormFile("file", filepath.Base(s.path))
	if err != nil {
		return err
	}
	if _, err := io.Copy(part, file); err != nil {
		return err
	}
	return form.Close()
}

// state is a submission as the server shows it.
type state struct {
	reporting.Decision
	Pending bool `json:"pending"`
}

// outcome waits for the submission's outcome for as long as ctx lasts.
func (c client) outcome(ctx context.Context, receipt reporting.Receipt) (state, error) {
	for {
		body, err := c.get(ctx, "/api/v1/submissions/"+url.PathEscape(receipt.Submission), url.Values{"wait": {"30s"}})
		if err != nil {
			return state{}, err
		}
		var s state
		if err := json.Unmarshal(body, &s); err != nil {
			return s, fmt.Errorf("submission %s: %w", receipt.Submission, err)
		}
		if !s.Pending {
			return s, nil
		}
	}
}

// waitReady waits until the server is ready, or ctx ends.
func (c client) waitReady(ctx context.Context) error {
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	for {
		if _, err := c.get(ctx, "/readyz", nil); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("server at %s: %w", c.server, context.Cause(ctx))
		case <-ticker.C:
		}
	}
}
