package browsertest

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	os.Unsetenv("HUIZONG_SCREENSHOTS") // ours are no pages of the product
	code := m.Run()
	Close()
	os.Exit(code)
}

// trial is a test of which we expect that it fails: it keeps what it is told.
type trial struct {
	testing.TB
	mu       sync.Mutex
	said     []string
	cleanups []func()
}

func (t *trial) Helper()          {}
func (t *trial) Cleanup(f func()) { t.cleanups = append(t.cleanups, f) }
func (t *trial) Errorf(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.said = append(t.said, fmt.Sprintf(format, args...))
}
func (t *trial) Fatal(args ...any) { t.Errorf("%s", fmt.Sprint(args...)); runtime.Goexit() }
func (t *trial) Fatalf(format string, args ...any) {
	t.Errorf(format, args...)
	runtime.Goexit()
}

// try runs a test to its end and returns what it was failed for.
func try(t *testing.T, test func(tb testing.TB)) []string {
	tr, done := &trial{TB: t}, make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			for _, f := range slices.Backward(tr.cleanups) {
				f()
			}
		}()
		test(tr)
	}()
	<-done
	return tr.said
}

// site serves one page, with the portal's policy, and what the page may ask for.
func site(t *testing.T, body string) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'")
		fmt.Fprintf(w, `<!doctype html><html lang="zh-CN"><head><title>试</title><link rel="icon" href="data:,"><meta name="viewport" content="width=device-width">
<script src="/page.js" defer></script></head><body><main><h1>试页</h1>%s</main></body></html>`, body)
	})
	mux.HandleFunc("GET /page.js", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, "testdata/page.js")
	})
	mux.HandleFunc("GET /next", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><html lang="zh-CN"><title>下一页</title><link rel="icon" href="data:,"><p>收到：%s</p>`, r.URL.Query().Get("name"))
	})
	mux.HandleFunc("GET /table.csv", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Disposition", `attachment; filename="table.csv"`)
		w.Write([]byte("a,b\n"))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL + "/"
}

func TestFailsFor(t *testing.T) {
	for name, test := range map[string]struct {
		body string
		do   func(*Page)
		want string
	}{
		"ErrConsole":      {`<button id="complain">抱怨</button>`, func(p *Page) { p.Click("抱怨") }, "console: 不行"},
		"ErrUncaught":     {`<button id="throw">扔</button>`, func(p *Page) { p.Click("扔") }, "uncaught: "},
		"ErrInlineStyle":  {`<p style="color:red">红</p>`, nil, "Content Security Policy"},
		"ErrInlineScript": {`<script>document.title = 1</script>`, nil, "Content Security Policy"},
		"ErrElsewhere":    {`<img alt="" src="http://example.com/x.png">`, nil, "example.com"},
		"ErrRequest":      {`<a href="http://192.0.2.1/">别处</a>`, func(p *Page) { p.Click("别处"); p.WaitGone("试页") }, "leaves the machine: http://192.0.2.1/"},
		"ErrMissing":      {`<img alt="" src="/missing.png">`, nil, "404"},
		"ErrNoLabel":      {`<input name="x">`, func(p *Page) { p.Axe() }, "axe: label: "},
		"ErrTooWide":      {`<pre>` + strings.Repeat("宽", 100) + `</pre>`, func(p *Page) { p.Screenshot("wide") }, "on a screen of 390 px"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := site(t, test.body)
			said := try(t, func(tb testing.TB) {
				p := New(tb)
				p.Open(address)
				if test.do != nil {
					test.do(p)
				}
			})
			if !slices.ContainsFunc(said, func(s string) bool { return strings.Contains(s, test.want) }) {
				t.Errorf("failed for %q, want one with %q", said, test.want)
			}
		})
	}
}

func TestAllow(t *testing.T) {
	t.Parallel()
	p := New(t)
	p.Allow("不行")
	p.Open(site(t, `<button id="complain">抱怨</button>`))
	p.Click("抱怨")
	p.WaitFor("抱怨过")
}

func TestActs(t *testing.T) {
	file := filepath.Join(t.TempDir(), "城东街道.csv")
	if err := os.WriteFile(file, []byte("a\n1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	address := site(t, `<form action="/next"><label>姓名 <input name="name" value="旧"></label> <label>日期 <input type="date" name="day"></label>
		<label>单位 <select name="unit"><option value="1">城东街道<option value="2">城西街道</select></label>
		<label>文件 <input type="file" id="files" multiple></label> <button>送出</button></form>
		<p><a href="/table.csv" download>下载表格</a> <button id="later">稍后</button> <button id="hide">收起</button></p>
		<div id="zone" tabindex="0">拖到这里</div><p id="said"></p><p id="note">须知</p>`)
	for name, test := range map[string]func(*testing.T, *Page){
		"Type": func(t *testing.T, p *Page) {
			p.Type("姓名", "李四")
			p.Type("日期", "2020-07-01")
			p.Select("单位", "城西街道")
			p.Follow("送出")
			if got := p.Text("css=p"); got != "收到：李四" {
				t.Errorf("Text = %q, want %q", got, "收到：李四")
			}
			if want := "day=2020-07-01&unit=2"; !strings.HasSuffix(p.URL(), want) {
				t.Errorf("URL = %q, want one that ends with %q", p.URL(), want)
			}
		},
		"ClickThenWait": func(t *testing.T, p *Page) {
			p.Click("送出")
			p.WaitFor("收到：旧")
		},
		"Press": func(t *testing.T, p *Page) {
			p.Type("姓名", "王五")
			p.Loads(func() { p.Press("Enter") })
			p.WaitFor("收到：王五")
		},
		"PressShortcut": func(t *testing.T, p *Page) {
			p.Press("n", "Control+ArrowDown")
			p.WaitFor("键： n Control+ArrowDown")
		},
		"Upload": func(t *testing.T, p *Page) {
			p.Upload("文件", file)
			p.WaitFor("文件：城东街道.csv 4")
		},
		"Drop": func(t *testing.T, p *Page) {
			p.Drop("#zone", file)
			p.WaitFor("放下：城东街道.csv 4")
		},
		"WaitFor": func(t *testing.T, p *Page) {
			p.Click("稍后")
			p.WaitFor("到了")
			p.Click("收起")
			p.WaitGone("#note")
		},
		"Download": func(t *testing.T, p *Page) {
			path := p.Download("下载表格")
			content, err := os.ReadFile(path)
			if err != nil || string(content) != "a,b\n" || filepath.Base(path) != "table.csv" {
				t.Errorf("Download = %s with %q, %v", path, content, err)
			}
		},
		"Measure": func(t *testing.T, p *Page) {
			if d := p.FirstPaint(); d <= 0 {
				t.Errorf("FirstPaint = %v", d)
			}
			if n := p.TransferSize(); n < 1000 || n > 100_000 {
				t.Errorf("TransferSize = %d", n)
			}
		},
		"Look": func(t *testing.T, p *Page) {
			p.Axe()
			dir := t.TempDir()
			t.Setenv("HUIZONG_SCREENSHOTS", dir)
			p.Screenshot("page")
			for _, name := range []string{"page-390.png", "page-1440.png"} {
				if content, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !bytes.HasPrefix(content, []byte("\x89PNG")) {
					t.Errorf("%s: %d bytes, %v", name, len(content), err)
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := New(t)
			p.Open(address)
			test(t, p)
		})
	}
}

func TestNothingToClick(t *testing.T) {
	patience = time.Second
	defer func() { patience = 30 * time.Second }()
	address := site(t, `<button disabled>不可点</button>`)
	said := try(t, func(tb testing.TB) {
		p := New(tb)
		p.Open(address)
		p.Click("不可点")
	})
	if len(said) != 1 || !strings.Contains(said[0], `"不可点"`) || !strings.Contains(said[0], "试页") {
		t.Errorf("said %q, want what was not there, and what the page shows", said)
	}
}

func TestSelfMadeCertificate(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "<p>secret") }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	p := New(t)
	p.Open(server.URL)
	p.WaitFor("secret")
}
