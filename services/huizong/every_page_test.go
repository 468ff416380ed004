package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"huizong/pkg/access"
	"huizong/pkg/sample"
	"huizong/services/portal/browsertest"
)

// noPages answer a browser with something that is not shown in place: files, and what leads elsewhere.
var noPages = []string{"/static/{file...}", "/built/{file}", "/explore/export", "/reports/file", "/releases/{number}/compare", "/sent", "/confirm"}

// TestEveryPage opens every page of the route table in both languages, as somebody who may see it, looks for faults of accessibility, and
// keeps a picture of each, for the desk and for the phone, where no page may be wider than the screen.
func TestEveryPage(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	_, manifest := writeKit(t, sample.Config{Seed: 2, Months: 2, Forms: []string{"employment_monthly", "enterprise_visits", "targets_annual"}})
	out, _ := o.run(t, "submit", "--manifest", manifest, "--json")
	sent := lines(t, out)
	last := sent[len(sent)-1]
	o.run(t, "report", "half-year", "--period", "2020H1", "--release", "--unfinished", "test", "--reason", "test")
	o.run(t, "report", "half-year", "--period", "2020H1", "--release", "--unfinished", "test", "--reason", "test")
	for _, role := range access.Roles {
		o.hire(t, string(role), role, map[bool]string{true: last.Org}[role.OfUnit()])
	}
	path := func(pattern string) string {
		return strings.NewReplacer("{id}", last.Submission, "{submission}", last.Submission, "{org}", last.Org, "{form}", last.Form, "{period}", last.Period.String(),
			"{indicator}", "employment.urban_new_jobs", "{number}", "1", "{other}", "2", "{name}", "clerk", "{$}", "").Replace(pattern)
	}
	pages := map[string]*browsertest.Page{}
	for _, e := range routes() {
		if !e.Page || e.Method != http.MethodGet || slices.Contains(noPages, e.Path) {
			continue
		}
		for _, lang := range []string{"zh", "en"} {
			page := o.pageFor(t, pages, e.Needs, lang)
			if page == nil {
				t.Errorf("no role may see %s", e.Path)
				continue
			}
			o.open(page, path(e.Path), nil)
			if title := page.Title(); title == "" || strings.Contains(page.Text("main"), "500") && strings.Contains(page.Text("h1"), "出错") {
				t.Errorf("%s in %s: %q", e.Path, lang, title)
			}
			if lang == "zh" { // in the other language it is the same page
				page.Axe()
				page.Screenshot("every" + strings.NewReplacer("/", "-", "{", "", "}", "", "$", "").Replace(e.Path))
			}
		}
	}
}

// pageFor is the browser of the first role that has the permission, signed in once a language; without a session where anyone may.
func (o office) pageFor(t *testing.T, pages map[string]*browsertest.Page, needs access.Permission, lang string) *browsertest.Page {
	t.Helper()
	for _, role := range append([]access.Role{""}, access.Roles...) {
		if role == "" && needs != access.Anyone || role != "" && needs != access.SignedIn && !role.Grants(needs) {
			continue
		}
		key := string(role) + lang
		if pages[key] == nil && role == "" {
			pages[key] = browsertest.New(t)
			o.open(pages[key], "/sign-in", map[string][]string{"lang": {lang}})
		} else if pages[key] == nil {
			pages[key] = o.signIn(t, string(role), lang)
		}
		return pages[key]
	}
	return nil
}
