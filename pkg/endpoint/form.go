package endpoint

import (
	"mime"
	"net/http"
	"net/url"
	"strings"

	"huizong/pkg/problem"
	"huizong/pkg/reporting"
)

// Pages work without script, so their forms may be posted to routes of the API: what a machine sends as JSON comes as the fields of a
// form then, and the answer is a page to go to.

// FromPage reports whether a browser has posted a page's form. A program that sends JSON under the wrong type is none.
func FromPage(r *http.Request) bool {
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return r.Method == http.MethodPost && media == "application/x-www-form-urlencoded" && strings.Contains(r.Header.Get("Accept"), "text/html")
}

// ReadForm reads the fields of a page's form, of at most so many bytes.
func ReadForm(w http.ResponseWriter, r *http.Request, limit int64) error {
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	if err := r.ParseForm(); err != nil {
		return reporting.Errorf(reporting.Invalid, "the form cannot be read: %w", err)
	}
	return nil
}

// Done answers a request that changed something: a machine with the value as JSON, a page's form with the way to the page that its field next names.
func Done(w http.ResponseWriter, r *http.Request, status int, value any) error {
	if !FromPage(r) {
		return problem.JSON(w, status, value)
	}
	http.Redirect(w, r, LocalPath(r.PostFormValue("next")), http.StatusSeeOther)
	return nil
}

// LocalPath is where a field next leads: to a page of ours, never to another site's.
func LocalPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return "/"
	}
	return u.RequestURI()
}
