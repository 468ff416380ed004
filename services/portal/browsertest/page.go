package browsertest

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is how long a step may take: much longer than any does on two busy cores.
var patience = 30 * time.Second

// Widths of the desk and of the phone, in CSS pixels.
const (
	Desk  = 1440
	Phone = 390
)

// Page is a tab with a profile of its own. Its methods fail the test where they cannot do what they say. A target is what a person
// reads on a thing (the text of a button or link, the label of a field; the shortest that says it wins), or a CSS selector: it begins
// with #, . or [, or with css=.
type Page struct {
	tb  testing.TB
	ctx context.Context

	mu       sync.Mutex // guards what follows
	problems []string
	allowed  []string
	received float64 // bytes of the finished requests
}

// New returns a page for a test, as wide as a desk's screen. When the test ends, the page is closed and its problems are reported.
func New(tb testing.TB) *Page {
	tb.Helper()
	p := &Page{tb: tb}
	ctx, cancel := chromedp.NewContext(start(tb), chromedp.WithNewBrowserContext(), chromedp.WithListener(p.onEvent))
	p.ctx = ctx
	tb.Cleanup(func() {
		p.settle()
		chromedp.Cancel(ctx)
		cancel()
		p.report()
	})
	if err := chromedp.Do(ctx); err != nil {
		tb.Fatalf("open a page: %v", err)
	}
	p.Resize(Desk)
	return p
}

// onEvent is called in the order of the events. It may not call the browser.
func (p *Page) onEvent(event any) {
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "assert" {
			p.problem("console: %s", textOf(e.Args))
		}
	case *runtime.EventExceptionThrown:
		p.problem("uncaught: %s", (&chromedp.ExceptionError{ExceptionDetails: e.ExceptionDetails}).Error())
	case *log.EventEntryAdded:
		// The browser itself asks for an icon where it shows what is no page of ours, as JSON.
		if (e.Entry.Level == "error" || e.Entry.Source == "security") && !strings.HasSuffix(e.Entry.URL, "/favicon.ico") {
			p.problem("%s: %s (%s)", e.Entry.Source, e.Entry.Text, e.Entry.URL)
		}
	case *network.EventRequestWillBeSent:
		if leaves(e.Request.URL) {
			p.problem("leaves the machine: %s", e.Request.URL)
		}
	case *network.EventWebSocketCreated:
		if leaves(e.URL) {
			p.problem("leaves the machine: %s", e.URL)
		}
	case *network.EventLoadingFinished:
		p.mu.Lock()
		p.received += e.EncodedDataLength
		p.mu.Unlock()
	}
}

// leaves says whether an address is on another machine.
func leaves(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return true
	}
	if u.Host == "" {
		return false // data:, blob:, about:
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback())
}

func textOf(args []*runtime.RemoteObject) string {
	var words []string
	for _, a := range args {
		var text string
		switch {
		case a.Description != "":
			text = a.Description
		case json.Unmarshal(a.Value, &text) != nil:
			text = string(a.Value)
		}
		words = append(words, text)
	}
	return strings.Join(words, " ")
}

func (p *Page) problem(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.problems = append(p.problems, fmt.Sprintf(format, args...))
}

// Allow says that a problem is meant: one that contains the words, as the console's "status of 422" for a form that has to be refused.
func (p *Page) Allow(words string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.allowed = append(p.allowed, words)
}

// settle lets the page end what it was told last, so that its problems are heard. A page that is gone has none left.
func (p *Page) settle() {
	ctx, cancel := context.WithTimeout(p.ctx, 5*time.Second)
	defer cancel()
	chromedp.Run(ctx, chromedp.Evaluate[bool]("new Promise((r) => requestAnimationFrame(() => setTimeout(() => r(true))))", chromedp.EvalAwaitPromise))
}

func (p *Page) report() {
	p.tb.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
problems:
	for _, problem := range p.problems {
		for _, words := range p.allowed {
			if strings.Contains(problem, words) {
				continue problems
			}
		}
		p.tb.Errorf("browser: %s", problem)
	}
}

// Open goes to an address and waits until it is loaded.
func (p *Page) Open(address string) {
	p.tb.Helper()
	p.do("open "+address, chromedp.Navigate(address))
}

// URL is the address of the page.
func (p *Page) URL() string {
	p.tb.Helper()
	var address string
	p.Eval("location.href", &address)
	return address
}

// Loads calls act and waits until the page that act leads to is loaded.
func (p *Page) Loads(act func()) {
	p.tb.Helper()
	then := chromedp.Func(func(context.Context, *chromedp.Target) error { act(); return nil })
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.WaitEvent(page.LoadEventFired, nil, then)); err != nil {
		p.fail("no other page was loaded", err)
	}
}

// Resize makes the page as wide as a screen.
func (p *Page) Resize(width int64) {
	p.tb.Helper()
	height := int64(900)
	if width < 600 {
		height = 844
	}
	call(p, "resize", emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1})
}

// Eval runs an expression in the page, whatever the page's policy, waits for it where it is a promise, and reads its value into result,
// which may be nil.
func (p *Page) Eval(expression string, result any) {
	p.tb.Helper()
	if err := p.eval(expression, result); err != nil {
		p.fail("evaluate "+brief(expression), err)
	}
}

func (p *Page) eval(expression string, result any) error {
	value, err := p.evaluate(expression, true)
	if err != nil || result == nil {
		return err
	}
	return json.Unmarshal(value.Value, result)
}

// evaluate goes on in the next page where the present one goes away meanwhile.
func (p *Page) evaluate(expression string, byValue bool) (*runtime.RemoteObject, error) {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	yes := true
	for {
		answer, err := chromedp.Call(ctx, runtime.Evaluate, runtime.EvaluateParams{Expression: expression, AwaitPromise: &yes, ReturnByValue: &byValue, UserGesture: &yes})
		if gone(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if answer.ExceptionDetails != nil {
			return nil, &chromedp.ExceptionError{ExceptionDetails: answer.ExceptionDetails}
		}
		return answer.Result, nil
	}
}

// gone says whether a call failed because its page was left.
func gone(err error) bool {
	var e *cdproto.Error
	if !errors.As(err, &e) {
		return false
	}
	for _, words := range []string{"context was destroyed", "Cannot find context", "navigated or closed", "Cannot find default execution context", "Promise was collected"} {
		if strings.Contains(e.Message, words) {
			return true
		}
	}
	return false
}

//go:embed find.js
var finder string

// find calls a function of find.js, which may wait.
func (p *Page) find(function string, args ...any) string {
	words, _ := json.Marshal(args) // texts and lists of texts
	return fmt.Sprintf("(() => { %s\nreturn %s(...%s) })()", finder, function, words)
}

// call runs a command of the protocol.
func call[P, R any](p *Page, what string, command cdp.Command[P, R], params P) R {
	p.tb.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	result, err := chromedp.Call(ctx, command, params)
	if err != nil {
		p.fail(what, err)
	}
	return result
}

func (p *Page) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	p.tb.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		p.fail(what, err)
	}
}

// fail ends the test with what a person would see now.
func (p *Page) fail(what string, err error) {
	p.tb.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 5*time.Second)
	defer cancel()
	seen, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href + "\n" + document.body.innerText.slice(0, 2000)`))
	p.tb.Fatalf("%s: %v\nthe page: %s", what, err, seen)
}

func brief(expression string) string {
	if i := strings.LastIndex(expression, "\nreturn "); i >= 0 {
		expression = expression[i+1:]
	}
	return expression[:min(len(expression), 120)]
}
