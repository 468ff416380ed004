package browsertest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
)

// Text is the text of the first element of a selector, once there is one. White space is one space.
func (p *Page) Text(selector string) string {
	p.tb.Helper()
	var text string
	if err := p.eval(p.find("textOf", selector), &text); err != nil {
		p.fail("no "+selector, err)
	}
	return text
}

// Texts are the texts of all elements of a selector, as they are now.
func (p *Page) Texts(selector string) []string {
	p.tb.Helper()
	var texts []string
	p.Eval(p.find("textsOf", selector), &texts)
	return texts
}

// WaitFor waits until the page shows a text, or an element of a selector.
func (p *Page) WaitFor(target string) {
	p.tb.Helper()
	if err := p.eval(p.find("appears", target), nil); err != nil {
		p.fail(fmt.Sprintf("the page does not show %q", target), err)
	}
}

// WaitGone waits until the page shows it no more.
func (p *Page) WaitGone(target string) {
	p.tb.Helper()
	if err := p.eval(p.find("vanishes", target), nil); err != nil {
		p.fail(fmt.Sprintf("the page still shows %q", target), err)
	}
}

// twoFrames waits until what the page does on a new size is laid out and drawn.
const twoFrames = "new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(() => r(true))))"

// Screenshot writes the whole page as a picture, on the desk and on the phone, to NAME-1440.png and NAME-390.png in the folder
// HUIZONG_SCREENSHOTS, or in a folder that goes with the test. A page that is wider than the phone is an error.
func (p *Page) Screenshot(name string) {
	p.tb.Helper()
	dir := os.Getenv("HUIZONG_SCREENSHOTS")
	if dir == "" {
		dir = p.tb.TempDir()
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		p.tb.Fatal(err)
	}
	for _, width := range []int64{Phone, Desk} {
		p.Resize(width)
		p.Eval(twoFrames, nil)
		size := call(p, "measure", page.GetLayoutMetrics, struct{}{}).CSSContentSize
		if size.Width > float64(width) {
			p.tb.Errorf("%s is %v px wide on a screen of %d px", p.URL(), size.Width, width)
		}
		yes := true
		shot := call(p, "screenshot", page.CaptureScreenshot, page.CaptureScreenshotParams{CaptureBeyondViewport: &yes,
			Clip: &page.Viewport{Width: float64(width), Height: size.Height, Scale: 1}})
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%d.png", name, width)), shot.Data, 0o644); err != nil {
			p.tb.Fatal(err)
		}
	}
}

// View is what a screen of the size shows of the page, as a .png.
func (p *Page) View(width, height int64) []byte {
	p.tb.Helper()
	call(p, "resize", emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1})
	p.Eval(twoFrames, nil)
	return call(p, "view", page.CaptureScreenshot, page.CaptureScreenshotParams{}).Data
}

// violation is what axe-core found against one rule.
type violation struct {
	ID, Impact, Help string
	Nodes            []struct {
		Target         []json.RawMessage
		FailureSummary string
	}
}

// Axe fails the test for each serious or critical violation of the rules of axe-core on the page as it is now.
func (p *Page) Axe() {
	p.tb.Helper()
	source, err := axe()
	if err != nil {
		p.tb.Fatal(err)
	}
	var there bool
	if p.Eval("'axe' in window", &there); !there {
		p.Eval(source+"\n;0", nil)
	}
	var found []violation
	p.Eval("axe.run(document, {resultTypes: ['violations']}).then((r) => r.violations)", &found)
	for _, v := range found {
		if v.Impact != "serious" && v.Impact != "critical" {
			continue
		}
		for _, node := range v.Nodes {
			target, _ := json.Marshal(node.Target)
			p.tb.Errorf("axe: %s: %s (%s) at %s on %s\n%s", v.ID, v.Help, v.Impact, target, p.URL(), node.FailureSummary)
		}
	}
}

// axe is the source of axe-core, which `make bundle` fetched.
func axe() (string, error) {
	dir, err := os.Getwd()
	for ; err == nil && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, missing := os.Stat(filepath.Join(dir, "go.mod")); missing == nil {
			break
		}
	}
	source, err := os.ReadFile(filepath.Join(dir, "services/portal/bundle/node_modules/axe-core/axe.min.js"))
	if err != nil {
		return "", fmt.Errorf("axe-core is not here: run `make bundle`: %w", err)
	}
	return string(source), nil
}

// FirstPaint is how long the page took from its request to its first content on the screen.
func (p *Page) FirstPaint() time.Duration {
	p.tb.Helper()
	var ms float64
	p.Eval(`new Promise((r) => new PerformanceObserver((list) => {
		const paint = list.getEntries().find((e) => e.name === 'first-contentful-paint')
		if (paint) r(paint.startTime)
	}).observe({type: 'paint', buffered: true}))`, &ms)
	return time.Duration(ms * float64(time.Millisecond))
}

// TransferSize loads the page anew, without what the browser keeps, and returns the bytes that came until it was loaded.
func (p *Page) TransferSize() int {
	p.tb.Helper()
	p.mu.Lock()
	p.received = 0
	p.mu.Unlock()
	yes := true
	p.Loads(func() { call(p, "reload", page.Reload, page.ReloadParams{IgnoreCache: &yes}) })
	p.mu.Lock()
	defer p.mu.Unlock()
	return int(p.received)
}

// Title is the title of the page.
func (p *Page) Title() string {
	p.tb.Helper()
	var title string
	p.Eval("document.title", &title)
	return strings.TrimSpace(title)
}
