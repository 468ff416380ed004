package endpoint

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"go.uber.org/zap"

	"huizong/pkg/access"
	"huizong/pkg/reporting"
)

// TestLocalPath: a field of a form leads to a page of ours, whatever somebody has put into it.
func TestLocalPath(t *testing.T) {
	for next, want := range map[string]string{
		"/": "/", "/history?form=a&page=2": "/history?form=a&page=2", "/sheets/1#B2": "/sheets/1",
		"": "/", "history": "/", "//example.org/": "/", "https://example.org/": "/", `/\example.org`: "/", `\\example.org`: "/", "javascript:alert(1)": "/",
		"/a\r\nSet-Cookie: x": "/", "/\t/example.org": "/", "///example.org": "/", "http:/x": "/", "/%zz": "/", "//": "/",
	} {
		if got := LocalPath(next); got != want {
			t.Errorf("LocalPath(%q) = %q, want %q", next, got, want)
		}
	}
}

// TestDone: a browser's form is answered with the way to a page, a machine with the value, also one that sends JSON under the form's type.
func TestDone(t *testing.T) {
	handle := func(w http.ResponseWriter, r *http.Request) error {
		if FromPage(r) {
			if err := ReadForm(w, r, 64); err != nil {
				return err
			}
		}
		return Done(w, r, http.StatusCreated, map[string]string{"name": "li"})
	}
	const form = "application/x-www-form-urlencoded; charset=UTF-8"
	for name, test := range map[string]struct {
		media, accept, body string
		status              int
		location            string
		code                reporting.Code
	}{
		"a page":        {form, "text/html,*/*", url.Values{"next": {"/accounts"}}.Encode(), http.StatusSeeOther, "/accounts", ""},
		"to elsewhere":  {form, "text/html,*/*", url.Values{"next": {"//example.org"}}.Encode(), http.StatusSeeOther, "/", ""},
		"a machine":     {"application/json", "*/*", `{}`, http.StatusCreated, "", ""},
		"a wrong type":  {form, "*/*", `{}`, http.StatusCreated, "", ""},
		"too long":      {form, "text/html", "next=" + strings.Repeat("x", 100), 0, "", reporting.Invalid},
		"a broken form": {form, "text/html", "next=%zz", 0, "", reporting.Invalid},
	} {
		r := httptest.NewRequest("POST", "/api/v1/accounts", strings.NewReader(test.body))
		r.Header.Set("Content-Type", test.media)
		r.Header.Set("Accept", test.accept)
		w := httptest.NewRecorder()
		err := handle(w, r)
		if test.code != "" {
			if reporting.CodeOf(err) != test.code {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil || w.Code != test.status || w.Header().Get("Location") != test.location || (test.location == "") != strings.Contains(w.Body.String(), "li") {
			t.Errorf("%s: %d to %q, %s, %v", name, w.Code, w.Header().Get("Location"), w.Body, err)
		}
	}
}

// TestNotes: a handler says whose deed it was, to what and what else there is to say; what it has shown to the person itself is noted, and not shown again.
func TestNotes(t *testing.T) {
	var events []Event
	guard := &Gate{Keys: holders{}, Log: zap.NewNop(), Note: func(_ context.Context, d Event) error { events = append(events, d); return nil },
		ErrorPage: func(http.ResponseWriter, *http.Request, int, error) { t.Error("the error page is shown") }}
	wrong := reporting.Errorf(reporting.Unauthenticated, "wrong password")
	handler, err := guard.Handler([]Endpoint{{Method: "POST", Path: "/sign-in", Needs: access.Anyone, Page: true, Audit: "sign_in", Handle: func(w http.ResponseWriter, r *http.Request) error {
		NoteWho(r, access.Principal{Account: "li"})
		NoteObject(r, "li")
		NoteDetail(r, "factor", "password")
		NoteDetail(r, "nothing", "")
		return Answered(wrong, respond("try again")(w, r))
	}}})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest("POST", "/sign-in", nil))
	if w.Body.String() != "try again" || len(events) != 1 {
		t.Fatalf("%s, %+v", w.Body, events)
	}
	if d := events[0]; d.Who.Account != "li" || d.Object != "li" || d.Outcome != string(reporting.Unauthenticated) || len(d.Detail) != 1 || d.Detail["factor"] != "password" {
		t.Errorf("noted %+v", d)
	}
	gone := errors.New("the connection is gone")
	if err := Answered(wrong, gone); err != gone {
		t.Errorf("an error that could not be shown is %v", err)
	}
	if err := Answered(wrong, nil); reporting.CodeOf(err) != reporting.Unauthenticated || !errors.Is(err, wrong) {
		t.Errorf("an error that was shown is %v", err)
	}
	NoteWho(httptest.NewRequest("GET", "/", nil), access.Principal{}) // without a gate nobody notes it
}

// TestViewed: a look by another way than a route is noted under the role that allows it, and a refused one with its reason.
func TestViewed(t *testing.T) {
	who := access.Principal{Account: "wang", Role: access.Reviewer, Via: access.ViaToken}
	if d := Viewed(who, "NATS huizong.sheet", "01A", nil); d.Outcome != "ok" || d.Role != access.Reviewer || !d.Persons || d.Action != look || d.Object != "01A" {
		t.Errorf("%+v", d)
	}
	if d := Viewed(access.Principal{}, "NATS", "01A", reporting.Errorf(reporting.NotFound, "none")); d.Outcome != string(reporting.NotFound) || d.Role != "" {
		t.Errorf("%+v", d)
	}
}
