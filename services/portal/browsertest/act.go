package browsertest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Click clicks a target, with the mouse, once it can be clicked.
func (p *Page) Click(target string) {
	p.tb.Helper()
	x, y := p.place(target)
	p.do("click "+target, chromedp.MouseClickXY(x, y))
}

// Hover puts the mouse on the middle of a target.
func (p *Page) Hover(target string) {
	p.tb.Helper()
	x, y := p.place(target)
	p.do("hover over "+target, chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x, y))
}

// place waits until a target can be clicked, and says where.
func (p *Page) place(target string) (x, y float64) {
	p.tb.Helper()
	var at struct{ X, Y float64 }
	if err := p.eval(p.find("place", target), &at); err != nil {
		p.fail(fmt.Sprintf("nothing to click that says %q", target), err)
	}
	return at.X, at.Y
}

// Follow clicks a target and waits until the page that it leads to is loaded.
func (p *Page) Follow(target string) {
	p.tb.Helper()
	p.Loads(func() { p.Click(target) })
}

// Type writes a text into a field, in place of what is in it. A date is written as its field's value: 2020-07-01.
func (p *Page) Type(field, text string) {
	p.tb.Helper()
	var how string
	if err := p.eval(p.find("ready", field), &how); err != nil {
		p.fail(fmt.Sprintf("no field %q to write in", field), err)
	}
	if how == "set" {
		p.Eval(p.find("set", field, text), nil)
		return
	}
	if text == "" {
		p.Press("Delete")
		return
	}
	call(p, "type into "+field, input.InsertText, input.InsertTextParams{Text: text})
}

// Select chooses the option of a field by its text or value.
func (p *Page) Select(field, option string) {
	p.tb.Helper()
	if err := p.eval(p.find("choose", field, option), nil); err != nil {
		p.fail(fmt.Sprintf("field %q has no option %q", field, option), err)
	}
}

var keys = map[string]string{"Enter": kb.Enter, "Tab": kb.Tab, "Escape": kb.Escape, "Backspace": kb.Backspace, "Delete": kb.Delete, "Space": " ",
	"ArrowUp": kb.ArrowUp, "ArrowDown": kb.ArrowDown, "ArrowLeft": kb.ArrowLeft, "ArrowRight": kb.ArrowRight,
	"Home": kb.Home, "End": kb.End, "PageUp": kb.PageUp, "PageDown": kb.PageDown}

var modifiers = map[string]chromedp.Modifier{"Shift": chromedp.ModifierShift, "Control": chromedp.ModifierCtrl, "Alt": chromedp.ModifierAlt}

// Press presses keys one after the other, each by its name or character: "Tab", "Shift+Tab", "Enter", "n".
func (p *Page) Press(names ...string) {
	p.tb.Helper()
	for _, name := range names {
		parts := strings.Split(name, "+")
		key := parts[len(parts)-1]
		if named, ok := keys[key]; ok {
			key = named
		}
		var held []chromedp.Modifier
		for _, m := range parts[:len(parts)-1] {
			held = append(held, modifiers[m])
		}
		p.do("press "+name, chromedp.KeyEvent(key, chromedp.KeyModifiers(held...)))
	}
}

// Upload gives files to a file field.
func (p *Page) Upload(field string, files ...string) {
	p.tb.Helper()
	object, err := p.evaluate(p.find("control", field), false)
	if err != nil {
		p.fail(fmt.Sprintf("no field %q for files", field), err)
	}
	call(p, "upload to "+field, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: p.absolute(files), ObjectID: object.ObjectID})
}

// Drop drags files from outside onto a target.
func (p *Page) Drop(target string, files ...string) {
	p.tb.Helper()
	x, y := p.place(target)
	data := &input.DragData{Items: []*input.DragDataItem{}, Files: p.absolute(files), DragOperationsMask: 1}
	for _, step := range []input.DispatchDragEventType{"dragEnter", "dragOver", "drop"} {
		call(p, "drop on "+target, input.DispatchDragEvent, input.DispatchDragEventParams{Type: step, X: x, Y: y, Data: data})
	}
}

func (p *Page) absolute(files []string) []string {
	p.tb.Helper()
	paths := make([]string, len(files))
	for i, f := range files {
		path, err := filepath.Abs(f)
		if err == nil {
			_, err = os.Stat(path)
		}
		if err != nil {
			p.tb.Fatal(err)
		}
		paths[i] = path
	}
	return paths
}

// Download clicks a target and returns the path of the file that comes, under the name that the server gave it.
func (p *Page) Download(target string) string {
	p.tb.Helper()
	dir, yes := p.tb.TempDir(), true
	here := chromedp.FromContext(p.ctx)
	if _, err := chromedp.CallBrowser(p.ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{Behavior: "allowAndName",
		BrowserContextID: here.BrowserContextID, DownloadPath: dir, EventsEnabled: &yes}); err != nil {
		p.fail("download "+target, err)
	}
	ended := make(chan browser.EventDownloadProgress, 1)
	var begun browser.EventDownloadWillBegin // by the listener, until ended has it
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	err := chromedp.ListenBrowser(ctx, func(event any) {
		switch e := event.(type) {
		case *browser.EventDownloadWillBegin:
			if string(e.FrameID) == string(here.Target.TargetID) && begun.GUID == "" {
				begun = *e
			}
		case *browser.EventDownloadProgress:
			if e.GUID == begun.GUID && e.State != "inProgress" && len(ended) == 0 {
				ended <- *e
			}
		}
	})
	if err != nil {
		p.fail("download "+target, err)
	}
	p.Click(target)
	select {
	case e := <-ended:
		if e.State != "completed" {
			p.fail("download "+target, fmt.Errorf("it was %s", e.State))
		}
	case <-ctx.Done():
		p.fail("download "+target, ctx.Err())
	}
	path := filepath.Join(dir, filepath.Base(begun.SuggestedFilename))
	if err := os.Rename(filepath.Join(dir, begun.GUID), path); err != nil {
		p.tb.Fatal(err)
	}
	return path
}
