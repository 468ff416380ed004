// Package endpoint is the way in over HTTP. A service describes each of its routes once: what it needs, takes and answers, and who
// handles it. The gate is built from these descriptions and lets nothing through that they do not allow; the OpenAPI document is
// written from the same, so that it cannot say anything else.
package endpoint

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"huizong/pkg/access"
	"huizong/pkg/problem"
)

// Endpoint describes a route.
type Endpoint struct {
	Method, Path string            // as http.ServeMux has them
	Needs        access.Permission // without one the gate is not built
	Page         bool              // it answers people: an error is a page, and nobody is sent to the sign-in
	Audit        string            // the action under which its use is noted, also a refused one; "" is not noted
	Persons      bool              // its answer may show names or numbers of persons: each look is noted before its first byte goes out

	Tag     string // the part of the API that it belongs to
	Summary string
	Query   []Parameter
	Body    any      // a value of the type that it takes as JSON, or a Multipart; nil takes none
	Answer  any      // a value of the type that it answers as JSON; nil answers none
	Media   []string // further types that it answers
	Status  int      // of a success; 0 is 200

	Handle problem.Handler
}

// Parameter is one of the query.
type Parameter struct {
	Name     string
	About    string
	Required bool
	Example  string
}

// Multipart is the body of a form with a file.
type Multipart []Parameter

// Table is the Answer of a route that answers with rows of named columns: numbers as numbers, all else as text.
type Table []string

// look is the action of having been shown persons, on a route whose use is not noted otherwise.
const look = "persons.look"

// action is what the use of the route is noted as; "" is not noted.
func (e Endpoint) action() string {
	if e.Audit == "" && e.Persons {
		return look
	}
	return e.Audit
}

// pattern is what the mux wants.
func (e Endpoint) pattern() string { return e.Method + " " + e.Path }

// wildcard finds {name}, {name...} and {$} in a path.
var wildcard = regexp.MustCompile(`\{([a-z0-9_]*)(\.\.\.)?(\$)?\}`)

// variables are the names in the path.
func (e Endpoint) variables() []string {
	var names []string
	for _, m := range wildcard.FindAllStringSubmatch(e.Path, -1) {
		if m[1] != "" {
			names = append(names, m[1])
		}
	}
	return names
}

// object is what the request's path names.
func (e Endpoint) object(r *http.Request) string {
	var values []string
	for _, name := range e.variables() {
		values = append(values, r.PathValue(name))
	}
	return strings.Join(values, "/")
}

// check refuses a description that would leave a route open by mistake.
func (e Endpoint) check() error {
	switch {
	case e.Handle == nil:
		return fmt.Errorf("%s: it has no handler", e.pattern())
	case e.Needs == "":
		return fmt.Errorf("%s: it names no permission", e.pattern())
	case e.Method != http.MethodGet && e.Needs == access.Anyone && e.Audit == "":
		return fmt.Errorf("%s: what changes something for nobody in particular has to be noted", e.pattern())
	}
	return nil
}
