package main

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/legacy"
)

// checkDescription: the server describes its API in a valid document without pages, and answers as the document says.
func checkDescription(t *testing.T, server *process, submission string) {
	body, err := server.get(t.Context(), "/api/v1/openapi.json", nil)
	if err != nil {
		t.Fatal(err)
	}
	document, err := openapi3.NewLoader().LoadFromData(body)
	if err != nil {
		t.Fatal(err)
	}
	if err := document.Validate(t.Context()); err != nil {
		t.Error(err)
	}
	if document.Paths.Find("/sign-in") != nil {
		t.Error("a page is described as a route for machines")
	}
	document.Servers = openapi3.Servers{{URL: server.server}}
	checked := map[string]bool{}
	for _, path := range []string{
		"/healthz", "/readyz", "/api/v1/submissions?limit=5", "/api/v1/submissions/" + submission, "/api/v1/submissions/" + submission + "/diff",
		"/api/v1/submissions/" + submission + "/sheets", "/api/v1/board?period=2020-06", "/api/v1/facts?format=json&limit=5", "/api/v1/figures?period=2020H1&format=json",
		"/api/v1/trace/employment.urban_new_jobs?period=2020H1", "/api/v1/warnings?period=2020H1", "/api/v1/drafts", "/api/v1/reports", "/api/v1/releases", "/api/v1/mappings",
		"/api/v1/deadlines", "/api/v1/quarantine", "/api/v1/accounts", "/api/v1/tokens", "/api/v1/audit", "/api/v1/audit/verify", "/api/v1/recognitions", "/api/v1/reported-twice",
		"/api/v1/submissions/none", "/api/v1/figures?period=2020-13",
	} {
		answersAsDescribed(t, server, document, path)
		checked[strings.Split(path, "?")[0]] = true
	}
	for path, item := range document.Paths.Map() {
		if operation := item.Get; operation != nil && !strings.Contains(path, "{") && !checked[path] && !streams[path] {
			t.Errorf("GET %s is described, and not compared with what it answers", path)
		}
	}
}

// streams are the routes whose answer is no document: one that does not end, and the description itself.
var streams = map[string]bool{"/api/v1/events": true, "/api/v1/openapi.json": true}

// answersAsDescribed asks for a path and compares the answer, also a problem, with the document.
func answersAsDescribed(t *testing.T, server *process, document *openapi3.T, path string) {
	t.Helper()
	router, err := legacy.NewRouter(document)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.server+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+tokenOf(server.server, ""))
	route, variables, err := router.FindRoute(request)
	if err != nil {
		t.Errorf("%s is not described: %v", path, err)
		return
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	options := &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true}
	input := &openapi3filter.ResponseValidationInput{Status: response.StatusCode, Header: response.Header, Body: io.NopCloser(bytes.NewReader(answer)), Options: options,
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: request, PathParams: variables, Route: route, Options: options}}
	if err := openapi3filter.ValidateResponse(t.Context(), input); err != nil {
		t.Errorf("%s does not answer as described: %.600v\n%.300s", path, err, answer)
	}
}
