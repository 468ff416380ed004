package endpoint

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"strings"
	"sync"

	"go.uber.org/zap"

	"huizong/pkg/access"
	"huizong/pkg/problem"
	"huizong/pkg/reporting"
)

// Keys find the holder of a session or a token. An error of code unauthenticated means that there is none.
type Keys interface {
	Session(token string) (access.Principal, error)
	Token(secret string) (access.Principal, error)
}

// Event is what somebody did or was refused, for the audit log.
type Event struct {
	Who     access.Principal
	Address string      // of the caller
	Route   string      // the method and the path of the description
	Role    access.Role // under which it was allowed; "" where the route asks for none, or it was refused
	Action  string
	Persons bool              // it may have shown persons
	Object  string            // what it was done to: the variables of the path, unless the handler calls NoteObject
	Outcome string            // ok, or the code of the error
	Detail  map[string]string // further details; never a secret
}

// Viewed is the event that somebody was shown persons, or was refused with err, on another way than a route.
func Viewed(who access.Principal, way, object string, err error) Event {
	d := Event{Who: who, Route: way, Role: who.Roles().Granting(access.ReadSubmissions), Action: look, Persons: true, Object: object, Outcome: "ok"}
	if err != nil {
		d.Outcome = string(reporting.CodeOf(err))
	}
	return d
}

// Gate stands before all routes. All fields but Secure are needed.
type Gate struct {
	Keys   Keys
	Note   func(context.Context, Event) error // writes to the audit log
	Log    *zap.Logger
	Secure bool // it is reached over TLS
	// Proxies are the addresses of proxies of ours: their X-Forwarded-For is trusted.
	Proxies []netip.Prefix
	// ErrorPage shows an error to a person.
	ErrorPage func(w http.ResponseWriter, r *http.Request, status int, err error)

	limits limits
}

// ConfinedTo is the page on which a person does what has to be done first.
var ConfinedTo = map[access.Confinement]string{access.ToPassword: "/password", access.ToAuthenticator: "/account"}

// SignInPath is where a page sends a person who is not signed in.
const SignInPath = "/sign-in"

// Handler serves the endpoints and nothing else. It is an error where one of them is not described well enough to be guarded.
func (g *Gate) Handler(endpoints []Endpoint) (http.Handler, error) {
	mux := http.NewServeMux()
	seen := map[string]bool{}
	for _, e := range endpoints {
		if err := e.check(); err != nil {
			return nil, fmt.Errorf("gate: %w", err)
		}
		if seen[e.pattern()] {
			return nil, fmt.Errorf("gate: %s is described twice", e.pattern())
		}
		seen[e.pattern()] = true
		mux.Handle(e.pattern(), g.guard(e))
	}
	if !seen["GET /"] {
		mux.Handle("/", g.guard(Endpoint{Needs: access.Anyone, Page: true, Handle: nothing}))
		mux.Handle(apiPrefix, g.guard(Endpoint{Needs: access.Anyone, Handle: nothing}))
	}
	return g.harden(mux), nil
}

// apiPrefix is that of what machines ask: they are told of errors in problem documents.
const apiPrefix = "/api/"

// nothing is there.
func nothing(_ http.ResponseWriter, r *http.Request) error {
	return reporting.Errorf(reporting.NotFound, "there is no %s", r.URL.Path)
}

// guard lets the requests through that are permitted. The order is: authenticate, check the permission and the rate, run the handler, write
// the event. Of what shows persons the event is written before the first byte.
func (g *Gate) guard(e Endpoint) http.Handler {
	return http.HandlerFunc(func(plain http.ResponseWriter, r *http.Request) {
		who, err := g.who(r)
		event := Event{Who: who, Address: AddressOf(r), Route: e.pattern(), Role: who.Roles().Granting(e.Needs), Action: e.action(), Persons: e.Persons, Object: e.object(r)}
		w := &answer{ResponseWriter: plain}
		limited := !g.limits.allow(who, AddressOf(r))
		if limited {
			err = reporting.Errorf(reporting.TooMany, "too many requests: wait a moment")
			event.Role, event.Action, event.Persons, event.Object = "", slowed, false, "" // one kind for each caller, whatever is asked for: the log counts them
		} else if err == nil || e.Needs == access.Anyone {
			r = r.WithContext(context.WithValue(access.With(r.Context(), who), eventKey{}, &event))
			err = g.admit(e, who, r)
		}
		if reporting.CodeOf(err) == reporting.Unauthenticated {
			w.Header().Set("WWW-Authenticate", `Bearer realm="huizong"`)
		}
		if err == nil {
			if e.Persons {
				w.before = sync.OnceValue(func() error { return g.note(r, event, nil) })
				r = r.WithContext(context.WithValue(r.Context(), lookKey{}, w.before))
			}
			err = errors.Join(g.work(w, r, e), w.failed)
		}
		if !(w.noted && err == nil) {
			err = g.note(r, event, err)
		}
		var answered answeredError
		if err == nil || errors.As(err, &answered) {
			return
		}
		if w.begun { // a part of an answer must not be taken for the whole, nor hold another one
			g.Log.Warn("answer broken off", zap.String("method", r.Method), zap.String("path", r.URL.Path), zap.Error(err))
			panic(http.ErrAbortHandler)
		}
		g.refuse(plain, r, e, who, err)
	})
}

// work runs the handler. A panic becomes an internal error, so that the event is written and the caller gets an answer.
func (g *Gate) work(w http.ResponseWriter, r *http.Request, e Endpoint) (err error) {
	defer func() {
		if broken := recover(); broken != nil {
			err = reporting.Errorf(reporting.Internal, "%s broke down: %v\n%s", e.pattern(), broken, debug.Stack())
		}
	}()
	return tagged(w, r, e)
}

type eventKey struct{}

// NoteWho sets who the event is of, where the gate could not know: somebody signs in.
func NoteWho(r *http.Request, who access.Principal) {
	if event, ok := r.Context().Value(eventKey{}).(*Event); ok {
		event.Who = who
	}
}

// NoteObject sets what was done something to, where the path does not name it.
func NoteObject(r *http.Request, object string) {
	if event, ok := r.Context().Value(eventKey{}).(*Event); ok {
		event.Object = object
	}
}

// NoteDetail adds a detail to the event; no text adds none.
func NoteDetail(r *http.Request, name, text string) {
	event, ok := r.Context().Value(eventKey{}).(*Event)
	if !ok || text == "" {
		return
	}
	if event.Detail == nil {
		event.Detail = map[string]string{}
	}
	event.Detail[name] = text
}

type lookKey struct{}

// Awaits is for a handler that has found out that the caller may see what the route's variables name, and waits until it is there: the look is noted
// meanwhile, so that the answer does not wait for the disk once more. Nothing may be added to the note after it. A wait that fails is noted as well.
func Awaits(r *http.Request) {
	if look, ok := r.Context().Value(lookKey{}).(func() error); ok {
		go look()
	}
}

// answeredError is one that the handler has answered already: it is noted only.
type answeredError struct{ error }

func (e answeredError) Unwrap() error { return e.error }

// Answered is for a handler that has shown the error to the person itself, on the page where it can be mended; showing is the error
// of that.
func Answered(err, showing error) error {
	if showing != nil {
		return showing
	}
	return answeredError{err}
}

// who is the caller: the holder of the bearer token, or of the session's cookie; the zero value where there is neither.
func (g *Gate) who(r *http.Request) (access.Principal, error) {
	if header := r.Header.Get("Authorization"); header != "" {
		secret, ok := strings.CutPrefix(header, "Bearer ")
		if !ok {
			return access.Principal{}, reporting.Errorf(reporting.Unauthenticated, "the Authorization header has to be: Bearer TOKEN")
		}
		return g.Keys.Token(strings.TrimSpace(secret))
	}
	cookie, err := r.Cookie(g.CookieName())
	if err != nil {
		return access.Principal{}, nil
	}
	who, err := g.Keys.Session(cookie.Value)
	if reporting.CodeOf(err) == reporting.Unauthenticated { // it has ended: not signed in
		return access.Principal{}, nil
	}
	return who, err
}

func (g *Gate) admit(e Endpoint, who access.Principal, r *http.Request) error {
	switch {
	case e.Page && who.Via == access.ViaToken && e.Needs != access.Anyone: // "signed in" has no scope that could narrow it, and a page shows more than its machine was meant to have
		return reporting.Errorf(reporting.Forbidden, "pages are for people who sign in: a token has the API")
	case who.May(e.Needs):
		return nil
	case who.Via == "":
		return reporting.Errorf(reporting.Unauthenticated, "sign in first, or send a token")
	case who.Confined == access.ToPassword:
		return reporting.Errorf(reporting.Forbidden, "the one-time password has to be changed first")
	case who.Confined == access.ToAuthenticator:
		return reporting.Errorf(reporting.Forbidden, "an authenticator has to be set up first")
	}
	return reporting.Errorf(reporting.Forbidden, "this needs the permission %s, which %s has not", e.Needs, nameOf(who))
}

func nameOf(who access.Principal) string {
	if who.Via == access.ViaToken {
		return "the token of " + who.Account
	}
	return who.Account
}

// refused is the action of asking for what one may not do, on a route whose use is not noted otherwise.
const refused = "route.refused"

// slowed is the action of asking too often.
const slowed = "route.slowed"

// note writes the event to the audit log. A request whose event cannot be written fails, although the work may be done: no work goes unlogged.
func (g *Gate) note(r *http.Request, event Event, err error) error {
	code := reporting.CodeOf(err)
	if event.Action == "" && code == reporting.Forbidden {
		event.Action, event.Object = refused, r.Method+" "+r.URL.Path
	}
	if event.Action == "" {
		return err
	}
	if event.Outcome = "ok"; err != nil {
		event.Outcome = string(code)
	}
	if failed := g.Note(context.WithoutCancel(r.Context()), event); failed != nil && err == nil {
		return reporting.Errorf(reporting.Internal, "audit %s: %w", event.Action, failed)
	}
	return err
}

// refuse answers with the error: people get a page, also where a page's form was posted to the API, and machines a problem document.
func (g *Gate) refuse(w http.ResponseWriter, r *http.Request, e Endpoint, who access.Principal, err error) {
	if !e.Page && !FromPage(r) {
		problem.Write(w, r, g.Log, err)
		return
	}
	code := reporting.CodeOf(err)
	switch {
	case code == reporting.Unauthenticated && r.Method == http.MethodGet:
		http.Redirect(w, r, SignInPath+"?next="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
		return
	case ConfinedTo[who.Confined] != "" && code == reporting.Forbidden && r.Method == http.MethodGet:
		http.Redirect(w, r, ConfinedTo[who.Confined], http.StatusSeeOther)
		return
	case problem.Detail(err) == "":
		g.Log.Error("page failed", zap.String("method", r.Method), zap.String("path", r.URL.Path), zap.Error(err))
	}
	g.ErrorPage(w, r, problem.Status(code), err)
}

// CookieName is the name of the session's cookie. Over TLS its prefix has the browser refuse one that another host, or a page without
// TLS, has set.
func (g *Gate) CookieName() string { return CookieName(g.Secure) }

// CookieName is the name of a session's cookie, over TLS or not.
func CookieName(secure bool) string {
	if secure {
		return "__Host-huizong"
	}
	return "huizong"
}

// AddressOf is the caller's address without its port.
func AddressOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
