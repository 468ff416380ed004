package main

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// checkDescription: the server describes its API in a valid document, with every route that a machine may use.
func checkDescription(t *testing.T, server *process) {
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
	for path, method := range map[string]string{"/api/v1/submissions": http.MethodPost, "/api/v1/figures": http.MethodGet, "/api/v1/releases/{number}/files/{file}": http.MethodGet} {
		if item := document.Paths.Find(path); item == nil || item.GetOperation(method) == nil {
			t.Errorf("%s %s is not described", method, path)
		}
	}
	if !json.Valid(body) || document.Paths.Find("/sign-in") != nil {
		t.Error("a page is described as a route for machines")
	}
}
