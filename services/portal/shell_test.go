package portal

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"huizong/pkg/access"
	"huizong/pkg/reporting"
)

// greeting is the page of a room of the test.
type greeting struct{ Name string }

func newShell(t *testing.T, secure bool) *Shell {
	t.Helper()
	catalogue := &reporting.Catalogue{Units: []reporting.OrgUnit{{Code: "A", Name: reporting.Text{ZH: "港口镇", EN: "Gangkou"}}}}
	catalogue.Index()
	names := map[string]string{"li": "李"}
	s, err := NewShell(Shell{Catalogue: catalogue, Person: func(account string) string { return names[account] }, Secure: secure},
		Templates{Files: fstest.MapFS{"pages/hello.html": {Data: []byte(`{{define "body"}}{{template "row" .}}{{end}}{{define "row"}}<p title="{{.Name}}">{{t "您好" "hello"}} {{.Name}}</p>{{end}}`)}}, Of: map[string]any{"hello": greeting{}}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func as(r *http.Request, who access.Principal) *http.Request {
	return r.WithContext(access.With(r.Context(), who))
}

// TestShow: a page stands in its frame, in the language that was asked for and is remembered, and whatever its data are they are text.
func TestShow(t *testing.T) {
	for _, secure := range []bool{false, true} {
		s := newShell(t, secure)
		page := greeting{`"><script>alert(1)</script>`}
		who := access.Principal{Account: "li", Name: "李", Role: access.Clerk, Unit: "A", Via: access.ViaSession}
		ask := func(address string, cookies ...*http.Cookie) *httptest.ResponseRecorder {
			r := as(httptest.NewRequest("GET", address, nil), who)
			for _, c := range cookies {
				r.AddCookie(c)
			}
			w := httptest.NewRecorder()
			if err := s.Show(w, r, "hello", reporting.Text{ZH: "问候", EN: "Greeting"}, page); err != nil {
				t.Fatal(err)
			}
			return w
		}
		zh := ask("/hello?period=2020-03")
		for _, want := range []string{"您好", "<title>问候", "港口镇 · 李", "lang=en&amp;period=2020-03"} {
			if !strings.Contains(zh.Body.String(), want) {
				t.Errorf("the page lacks %s:\n%s", want, zh.Body)
			}
		}
		if strings.Contains(zh.Body.String(), "<script>alert") || zh.Header().Get("Content-Language") != "zh" {
			t.Errorf("%s:\n%s", zh.Header(), zh.Body)
		}
		en := ask("/hello?lang=en")
		cookies := en.Result().Cookies()
		if !strings.Contains(en.Body.String(), "hello") || !strings.Contains(en.Body.String(), "Gangkou") || len(cookies) != 1 || cookies[0].Secure != secure || !cookies[0].HttpOnly || strings.HasPrefix(cookies[0].Name, "__Host-") != secure {
			t.Errorf("in English, with %v:\n%s", cookies, en.Body)
		}
		if again := ask("/hello", cookies[0]); again.Header().Get("Content-Language") != "en" || len(again.Result().Cookies()) != 0 {
			t.Errorf("the language is not remembered: %s", again.Header())
		}
		if odd := ask("/hello?lang=xx"); odd.Header().Get("Content-Language") != "zh" {
			t.Errorf("in no language: %s", odd.Header())
		}
	}
}

// TestPagesThatAreNone: a page of the wrong data or name is an error before its first byte, and no half page.
func TestPagesThatAreNone(t *testing.T) {
	s := newShell(t, false)
	for page, data := range map[string]any{"hello": struct{ Other string }{}, "none": greeting{}} {
		w := httptest.NewRecorder()
		if err := s.Show(w, httptest.NewRequest("GET", "/", nil), page, reporting.Text{}, data); err == nil || w.Body.Len() > 0 {
			t.Errorf("%s with %T: %v, %d bytes", page, data, err, w.Body.Len())
		}
	}
	w := httptest.NewRecorder()
	if err := s.Fragment(w, httptest.NewRequest("GET", "/?lang=en", nil), "hello", "row", greeting{"li"}); err != nil || w.Body.String() != `<p title="li">hello li</p>` {
		t.Errorf("a part of a page: %s, %v", w.Body, err)
	}
}

// TestMenu: each role sees what it may, its own page first; who is confined to one page, or not signed in, sees no menu.
func TestMenu(t *testing.T) {
	menu := func(path string, who access.Principal) (paths []string, here string) {
		for _, item := range navigation(httptest.NewRequest("GET", path, nil), "zh", who) {
			if paths = append(paths, item.Path); item.Here {
				here += item.Path
			}
		}
		return paths, here
	}
	for role, first := range map[access.Role]string{access.Clerk: "/", access.Reviewer: "/review", access.Analyst: "/explore", access.Administrator: "/admin/health", access.Security: "/admin/accounts", access.Auditor: "/admin/audit"} {
		who := access.Principal{Account: "x", Role: role, Via: access.ViaSession}
		if role == access.Clerk {
			who.Unit = "A"
		} else if got := FirstPage(role); got != first {
			t.Errorf("%s begins at %s", role, got)
		}
		paths, _ := menu("/help", who)
		if !slices.Contains(paths, first) || !slices.Contains(paths, "/help") || slices.Contains(paths, "/admin/audit") != (role == access.Auditor) || slices.Contains(paths, "/history") != (role == access.Clerk) {
			t.Errorf("%s sees %v", role, paths)
		}
	}
	reviewer := access.Principal{Account: "x", Role: access.Reviewer, Via: access.ViaSession}
	for path, want := range map[string]string{"/review": "/review", "/review/A/x": "/review", "/reviewers": "", "/": ""} {
		if _, here := menu(path, reviewer); here != want {
			t.Errorf("at %s the menu stands at %q", path, here)
		}
	}
	confined := reviewer
	confined.Confined = access.ToPassword
	for _, who := range []access.Principal{{}, confined} {
		if paths, _ := menu("/", who); paths != nil {
			t.Errorf("%+v sees %v", who, paths)
		}
	}
	if FirstPage("") != "/help" {
		t.Error("who has no role yet begins at the help")
	}
}

// TestQuestions: what a request asks for is read strictly, and told by its name where it is wrong.
func TestQuestions(t *testing.T) {
	for text, want := range map[string]string{"2020-07-01T08:00:00+08:00": "2020-07-01T00:00:00Z", "2020-07-01": "2020-07-01T15:59:59.999Z", "": "0001-01-01T00:00:00Z", "2020-07": "", "2020-02-30": "", "now": ""} {
		got, err := TimeOf(text)
		if want == "" && reporting.CodeOf(err) != reporting.Invalid || want != "" && (err != nil || got.UTC().Format(time.RFC3339Nano) != want) {
			t.Errorf("TimeOf(%q) = %s, %v", text, got, err)
		}
	}
	for text, ok := range map[string]bool{"": true, "2020-07-01": true, "2020-13-01": false, "yesterday": false} {
		if day, err := DayOf("until", text); (err == nil) != ok || !ok && !strings.Contains(err.Error(), "until") || (day == 0) != (text == "" || !ok) {
			t.Errorf("DayOf(%q) = %v, %v", text, day, err)
		}
	}
	for query, want := range map[string]int{"": 1, "page=3": 3, "page=-7": 1, "page=x": 1, "page=99999999": 1 << 20} {
		if got := PageNumber(httptest.NewRequest("GET", "/?"+query, nil)); got != want {
			t.Errorf("%s is page %d", query, got)
		}
	}
	r := httptest.NewRequest("GET", "/", nil)
	r.SetPathValue("number", "3")
	r.SetPathValue("other", "12")
	if from, to, err := TwoReleases(r); from != 3 || to != 12 || err != nil {
		t.Errorf("releases %d and %d, %v", from, to, err)
	}
	r.SetPathValue("other", "3a")
	if _, _, err := TwoReleases(r); reporting.CodeOf(err) != reporting.NotFound {
		t.Errorf("release 3a: %v", err)
	}
	for _, query := range []string{"", "period=2020-13", "period=2020-06&boundaries=x", "period=2020-06&as_of=x"} {
		if _, err := newShell(t, false).Selection(httptest.NewRequest("GET", "/?"+query, nil)); reporting.CodeOf(err) != reporting.Invalid {
			t.Errorf("%q: %v", query, err)
		}
	}
}

// TestOwnUnit: a list is narrowed to the one unit of who has one; another's is not there.
func TestOwnUnit(t *testing.T) {
	clerk, reviewer := access.Principal{Role: access.Clerk, Unit: "A", Via: access.ViaSession}, access.Principal{Role: access.Reviewer, Via: access.ViaSession}
	for _, test := range []struct {
		who         access.Principal
		asked, want string
		code        reporting.Code
	}{{clerk, "", "A", ""}, {clerk, "A", "A", ""}, {clerk, "B", "", reporting.NotFound}, {reviewer, "", "", ""}, {reviewer, "B", "B", ""}} {
		got, err := OwnUnit(access.With(t.Context(), test.who), test.asked)
		if got != test.want || (err != nil) != (test.code != "") || err != nil && reporting.CodeOf(err) != test.code {
			t.Errorf("%s of %q asks for %q: %q, %v", test.who.Role, test.who.Unit, test.asked, got, err)
		}
	}
}

// TestReportOrder: a report's name, period and parameters come from the address.
func TestReportOrder(t *testing.T) {
	r := httptest.NewRequest("GET", "/reports/half-year?period=2020H1&param.signer=王&param.number=1&format=pdf", nil)
	r.SetPathValue("report", "half-year")
	order, err := newShell(t, false).reportOrder(r)
	if err != nil || order.Report != "half_year" || order.Period.String() != "2020H1" || len(order.Parameters) != 2 || order.Parameters["signer"] != "王" {
		t.Errorf("%+v, %v", order, err)
	}
	r.URL.RawQuery = "period=next"
	if _, err := newShell(t, false).reportOrder(r); reporting.CodeOf(err) != reporting.Invalid {
		t.Errorf("a report of no period: %v", err)
	}
}

// TestSendFile: a file is kept; only a page or a .pdf is shown where that is asked for, and a page of ours in a place of its own.
func TestSendFile(t *testing.T) {
	for _, test := range []struct {
		name, query, policy, disposition, csp string
	}{
		{"a.docx", "?show=1", "", "attachment", ""},
		{"a.pdf", "", "", "attachment", ""},
		{"a.pdf", "?show=1", "", "inline", ""},
		{"a.html", "?show=1", "default-src 'none'", "inline", "default-src 'none'; sandbox"},
		{"a.html", "", "default-src 'none'", "attachment", "default-src 'none'; sandbox"},
	} {
		w := httptest.NewRecorder()
		if err := SendFile(w, httptest.NewRequest("GET", "/x"+test.query, nil), test.name, test.policy, []byte("data")); err != nil || w.Body.String() != "data" ||
			!strings.HasPrefix(w.Header().Get("Content-Disposition"), test.disposition+";") || w.Header().Get(PolicyHeader) != test.csp {
			t.Errorf("%s%s: %s, %v", test.name, test.query, w.Header(), err)
		}
	}
}

// TestStaticFiles: a file of ours is kept for good under the hash of its content; nothing beside the folder is served.
func TestStaticFiles(t *testing.T) {
	s := newShell(t, false)
	words, err := s.Words("zh")
	if err != nil {
		t.Fatal(err)
	}
	address := words["static"].(func(string) string)("portal.css")
	serve := func(address, file string) (*httptest.ResponseRecorder, error) {
		r, w := httptest.NewRequest("GET", address, nil), httptest.NewRecorder()
		r.SetPathValue("file", file)
		return w, s.StaticFile(w, r)
	}
	if w, err := serve(address, "portal.css"); err != nil || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/css") || w.Body.Len() == 0 {
		t.Errorf("%s: %s, %v", address, w.Header(), err)
	}
	if w, err := serve("/static/portal.css", "portal.css"); err != nil || w.Header().Get("Cache-Control") != "" {
		t.Errorf("without its hash: %s, %v", w.Header(), err)
	}
	for _, file := range []string{"none.css", "../shell.go", "..%2fshell.go", "../../etc/passwd", "/etc/passwd", "", ".", "portal.css/x"} {
		if w, err := serve("/static/x", file); reporting.CodeOf(err) != reporting.NotFound || w.Body.Len() > 0 {
			t.Errorf("%s: %d bytes, %v", file, w.Body.Len(), err)
		}
	}
	r := httptest.NewRequest("GET", "/built/none.js", nil)
	r.SetPathValue("file", "none.js")
	if err := s.BuiltFile(httptest.NewRecorder(), r); reporting.CodeOf(err) != reporting.NotFound {
		t.Errorf("a script that was not built: %v", err)
	}
}

// TestTableJSON: numbers go out as they are, to the last digit; what has none is null, and a list is a list.
func TestTableJSON(t *testing.T) {
	table := Table{Name: "x", Columns: []string{"text", "number", "list"}, Rows: [][]Cell{{Text("甲"), Number("12345678901234567890.10"), {List: []string{"a"}, Text: "a"}}, {Text(""), Number(""), Text("<b>")}}}
	w := httptest.NewRecorder()
	if err := table.Write(w, httptest.NewRequest("GET", "/?format=json", nil)); err != nil {
		t.Fatal(err)
	}
	const want = "[\n{\"list\":[\"a\"],\"number\":12345678901234567890.10,\"text\":\"甲\"},\n{\"list\":\"\\u003cb\\u003e\",\"number\":null,\"text\":\"\"}\n]\n"
	if w.Body.String() != want {
		t.Errorf("%s", w.Body)
	}
	if err := table.Write(httptest.NewRecorder(), httptest.NewRequest("GET", "/?format=yaml", nil)); reporting.CodeOf(err) != reporting.Invalid {
		t.Errorf("format yaml: %v", err)
	}
}

// TestNames: addresses keep what they had, and people are called by their names.
func TestNames(t *testing.T) {
	if got := AddQuery("/x?a=1&b=2", "b", "3 4&c"); got != "/x?a=1&b=3+4%26c" {
		t.Errorf("AddQuery = %s", got)
	}
	if got := CellLink("01A", "表 1", "B2"); got != "/cell/01A?cell=B2&sheet=%E8%A1%A8+1" {
		t.Errorf("CellLink = %s", got)
	}
	s := newShell(t, false)
	for account, want := range map[string]string{"li": "李", "wang": "wang", string(access.Operator): "command line"} {
		if got := s.PersonWords("en", account); got != want {
			t.Errorf("%s is called %s", account, got)
		}
	}
	for _, test := range []struct {
		of   reporting.Indicator
		want string
	}{{reporting.Indicator{Measure: "万元"}, "元"}, {reporting.Indicator{Measure: "%", Kind: reporting.Ratio}, ""}, {reporting.Indicator{Measure: "人"}, "人"}} {
		if got := StoredMeasure(&test.of); got != test.want {
			t.Errorf("%s is stored in %q", test.of.Measure, got)
		}
	}
}
