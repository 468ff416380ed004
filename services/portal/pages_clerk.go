package portal

import (
	"net/http"

	"huizong/pkg/endpoint"
	"huizong/pkg/reporting"
)

// clerkPages are the pages of a township's clerk: what is due, what was sent, what is wrong.
func (p *Portal) clerkPages() []endpoint.Endpoint {
	return nil
}

// due is a clerk's first page: what is due, what was sent, what is wrong.
func (p *Portal) due(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, "due", reporting.Text{ZH: "我的报表", EN: "My forms"}, nil)
}
