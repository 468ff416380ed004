package portaltest

import (
	"strings"
	"testing"
	"testing/fstest"

	"huizong/services/portal"
)

type shown struct {
	Name  string
	Lines []line
	By    map[string]line
}

type line struct{ Text string }

func (l *line) Upper() string { return strings.ToUpper(l.Text) }

// TestCheck: what a page's type has not is found in every branch, in what it ranges over, in the components it uses and in what it gives them.
func TestCheck(t *testing.T) {
	for body, want := range map[string]string{
		`{{.Name}}{{range $n, $l := .Lines}}{{add $n 1}}{{$l.Text}}{{.Upper}}{{$.Name}}{{end}}{{range .By}}{{.Text}}{{end}}{{with index .Lines 0}}{{.Text}}{{end}}{{(index .By "x").Text}}`: "",
		`{{.By.x}}`:                                           "has no x",
		`{{.Nome}}`:                                           "has no Nome",
		`{{if false}}{{else}}{{.Nome}}{{end}}`:                "has no Nome",
		`{{range .Lines}}{{.Name}}{{end}}`:                    "line has no Name",
		`{{range .Name}}{{end}}`:                              "has no elements",
		`{{with .Lines}}{{else}}{{$.Nome}}{{end}}`:            "has no Nome",
		`{{$x := index .Lines 0}}{{$x.Name}}`:                 "line has no Name",
		`{{template "options" .Lines}}`:                       "line has no Value",
		`{{template "own" pair "Title" .Name}}`:               "not given Hint",
		`{{template "own" pair "Title" .Name "Hint" .Lines}}`: "",
		`{{template "nowhere" .}}`:                            "no such template",
		`{{period .Name}}`:                                    "argument 1 is string",
		`{{text .Name}}`:                                      "argument 1 is string",
	} {
		room := portal.Templates{Files: fstest.MapFS{"pages/p.html": {Data: []byte(`{{define "body"}}` + body + `{{end}}`)},
			"pages/components.html": {Data: []byte(`{{define "own"}}{{.Title}}{{.Hint}}{{end}}`)}}, Of: map[string]any{"p": shown{}}}
		got := strings.Join(Problems(t, room), "\n")
		if !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
	untyped := portal.Templates{Files: fstest.MapFS{"pages/p.html": {Data: []byte(`{{define "body"}}{{end}}`)}}}
	if got := Problems(t, untyped); len(got) != 1 {
		t.Errorf("a page without a type: %q", got)
	}
}
