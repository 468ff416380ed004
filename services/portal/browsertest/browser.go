// Package browsertest drives a headless Chromium through the pages, as a person would, for end-to-end tests. It finds things by what
// a person reads on them, waits for events and never sleeps, and fails a test for what a person would not see: an error in the console,
// a violation of the content security policy, an uncaught exception, a request that leaves the machine.
//
//	page := browsertest.New(t)
//	page.Open(server + "/sign-in")
//	page.Type("用户名", "clerk")
//	page.Follow("登录")
//	page.WaitFor("本月应报")
//	page.Axe()
//	page.Screenshot("clerk-first-page")
//
// One Chromium serves all tests of a package; each page has cookies and a cache of its own, so tests may run in parallel. The TestMain
// of a package that uses it calls Close after the tests.
package browsertest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// running is the one Chromium of the test program. It is started by the first page.
var running struct {
	mu     sync.Mutex // guards what follows
	ctx    context.Context
	cancel context.CancelFunc
}

// Close ends Chromium and removes its profile. A test program that ends without it takes Chromium along and leaves the profile behind.
func Close() {
	running.mu.Lock()
	defer running.mu.Unlock()
	if running.ctx == nil {
		return
	}
	chromedp.Cancel(running.ctx)
	running.cancel()
	running.ctx, running.cancel = nil, nil
}

// start returns the context of the running browser.
func start(tb testing.TB) context.Context {
	tb.Helper()
	running.mu.Lock()
	defer running.mu.Unlock()
	if running.ctx != nil {
		return running.ctx
	}
	path, err := find()
	if err != nil {
		tb.Fatal(err)
	}
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), flags(path)...)
	// What a newer Chromium says that the protocol's Go types do not know is no error of a page.
	ctx, _ := chromedp.NewContext(allocator, chromedp.WithErrorf(func(string, ...any) {}))
	if err := chromedp.Do(ctx); err != nil {
		cancel()
		tb.Fatalf("start %s: %v", path, err)
	}
	running.ctx, running.cancel = ctx, cancel
	return ctx
}

// find returns the Chromium of this machine: CHROMIUM, or one on PATH.
func find() (string, error) {
	if path := os.Getenv("CHROMIUM"); path != "" {
		return path, nil
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome-headless-shell", "headless-shell"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("no Chromium here, which the tests of the pages need: run `make browser`, or name one in CHROMIUM")
}

func flags(path string) []chromedp.ExecAllocatorOption {
	options := append(chromedp.DefaultExecAllocatorOptions[:], // a fresh profile among them, and no background networking
		chromedp.ExecPath(path),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-domain-reliability", true),
		chromedp.Flag("no-proxy-server", true),
		chromedp.Flag("lang", "zh-CN"),
		chromedp.Flag("font-render-hinting", "none"),
		// No name but the machine's own has an address: what a page asks elsewhere fails, besides being reported.
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE ::1"),
		chromedp.IgnoreCertErrors, // a server's self-made certificate
	)
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	return options
}
