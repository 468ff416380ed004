package api

import (
	"encoding/json"
	"fmt"
	"net/http"

	"huizong/pkg/endpoint"
	"huizong/pkg/reporting"
)

// Describe gives the portal all endpoints of the server, its own and the others', for the OpenAPI document and its viewer.
// It has to come before the first request.
func (p *Service) Describe(version string, endpoints []endpoint.Endpoint) error {
	document, err := endpoint.Document("Huizong", version, endpoints)
	if err != nil {
		return fmt.Errorf("portal: %w", err)
	}
	if p.document, err = json.MarshalIndent(document, "", " "); err != nil {
		return fmt.Errorf("portal: %w", err)
	}
	return nil
}

func (p *Service) openAPI(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "application/json")
	_, err := w.Write(p.document)
	return err
}

// apiReference is the viewer of the document.
func (p *Service) apiReference(w http.ResponseWriter, r *http.Request) error {
	return p.Show(w, r, "api", reporting.Text{ZH: "接口文档", EN: "API reference"}, nil)
}
