package built_test

import (
	"html/template"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"huizong/pkg/endpoint"
	"huizong/pkg/problem"
	"huizong/pkg/reporting"
	"huizong/services/portal/browsertest"
	"huizong/services/portal/built"
)

func TestMain(m *testing.M) {
	code := m.Run()
	browsertest.Close()
	os.Exit(code)
}

// serve answers with a page at / under the portal's policy, with the bundle, and with documents by their path.
func serve(t *testing.T, page string, documents map[string]string) string {
	t.Helper()
	parsed := template.Must(template.New("").Funcs(template.FuncMap{"built": built.Path}).Parse(page))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", endpoint.Policy)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		parsed.Execute(w, map[string]any{"Months": months, "Progress": progress}) // fails where the page was left
	})
	mux.HandleFunc("GET "+built.Prefix+"{file}", func(w http.ResponseWriter, r *http.Request) {
		if err := built.Serve(w, r, r.PathValue("file")); err != nil {
			http.Error(w, err.Error(), problem.Status(reporting.CodeOf(err)))
		}
	})
	mux.HandleFunc("GET /portal.css", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, "../static/portal.css") })
	for path, document := range documents {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Write([]byte(document))
		})
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func values(texts ...string) []*reporting.Decimal {
	all := make([]*reporting.Decimal, len(texts))
	for i, text := range texts {
		if text == "" {
			continue
		}
		d := reporting.MustDecimal(text)
		all[i] = &d
	}
	return all
}

var months = built.Chart{Kind: built.Bars, Label: "城镇新增就业人数，2020年与2019年逐月", Measure: "人",
	Categories: []string{"1月", "2月", "3月", "4月", "5月", "6月"},
	Series: []built.ChartSeries{
		{Name: "2019年", Before: true, Values: values("431", "150", "468", "447", "463", "471")},
		{Name: "2020年", Values: values("345", "128", "380", "", "425", "443")}},
	Links: []string{"", "", "/explore?period=2020-03"}}

var progress = built.Chart{Kind: built.Progress, Label: "各乡镇完成年度目标的进度", Percent: true, Digits: 1,
	Categories: []string{"城东街道", "城西街道", "宁墩镇"},
	Series:     []built.ChartSeries{{Name: "完成", Values: values("0.489", "0.399", "0.649")}},
	Mark:       &built.ChartMark{Name: "时序 50%", Value: reporting.MustDecimal("0.5")}}

const lines = `{"kind":"lines","label":"三个单位逐月","measure":"人","categories":["1月","2月","3月"],"series":[
	{"name":"城东街道","values":[31,"28.5",40]},{"name":"城西街道","values":[12,null,14]},{"name":"宁墩镇","values":[20,21,22]}],"mark":{"name":"目标","value":"25"}}`

const charts = `<!doctype html><html lang="zh-CN"><head><title>图</title><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><link rel="stylesheet" href="/portal.css">
<script src="{{built "charts.js"}}" defer></script></head><body><main><h1>图表</h1>
<figure data-chart id="months"><figcaption>逐月</figcaption><script type="application/json">{{.Months}}</script></figure>
<figure data-chart id="progress"><figcaption>进度</figcaption><script type="application/json">{{.Progress}}</script></figure>
<figure data-chart="/lines.json" id="lines"><figcaption>单位</figcaption></figure>
</main></body></html>`

func TestCharts(t *testing.T) {
	server := serve(t, charts, map[string]string{"/lines.json": lines, "/explore": "{}"})
	p := browsertest.New(t)
	p.Open(server)
	for _, id := range []string{"#months", "#progress", "#lines"} {
		p.WaitFor(id + "[data-state=drawn] svg")
	}
	for id, want := range map[string][]string{
		"#months":   {"1月", "6月", "2019年", "2020年"},
		"#progress": {"城东街道", "48.9%", "时序 50%"},
		"#lines":    {"宁墩镇", "目标"},
	} {
		got := p.Text(id)
		for _, text := range want {
			if !strings.Contains(got, text) {
				t.Errorf("%s shows %q, want %q in it", id, got, text)
			}
		}
	}
	p.Axe()
	p.Screenshot("charts")
	p.Hover("#months svg")
	p.WaitFor("人") // the measure: only the tooltip has it
	p.Eval("dispatchEvent(new Event('beforeprint'))", nil)
}

func TestChartLink(t *testing.T) {
	one := strings.Replace(lines, `"categories":["1月","2月","3月"]`, `"kind":"bars","categories":["1月"],"links":["/explore"]`, 1)
	p := browsertest.New(t)
	p.Open(serve(t, charts, map[string]string{"/lines.json": one, "/explore": "{}"}))
	p.WaitFor("#lines[data-state=drawn] svg")
	p.Loads(func() { p.Click("#lines svg") })
	if !strings.HasSuffix(p.URL(), "/explore") {
		t.Errorf("URL = %q, want /explore", p.URL())
	}
}

func TestChartFails(t *testing.T) {
	server := serve(t, charts, nil) // no lines.json
	p := browsertest.New(t)
	p.Allow("404")
	p.Open(server)
	p.WaitFor("图表未能显示，数字见表格。")
	p.WaitFor("#lines[data-state=failed]")
}

const reference = `<!doctype html><html lang="zh-CN"><head><title>API</title><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><link rel="stylesheet" href="/portal.css">
<link rel="stylesheet" href="{{built "reference.css"}}"><script src="{{built "reference.js"}}" defer></script></head>
<body><main><h1>API</h1><div id="reference" data-document="/openapi.json"></div></main></body></html>`

const document = `{"openapi":"3.1.0","info":{"title":"Huizong","version":"1"},"tags":[{"name":"figures","description":"Figures"}],
"paths":{"/api/v1/figures":{"get":{"tags":["figures"],"summary":"Figures of the city or of units","operationId":"figures",
 "parameters":[{"name":"period","in":"query","required":true,"schema":{"type":"string"},"description":"several by commas","example":"2020H1"}],
 "responses":{"200":{"description":"The figures","content":{"application/json":{"schema":{"type":"array","items":{"$ref":"#/components/schemas/Figure"}}}}}}}},
 "/api/v1/submissions":{"post":{"tags":["figures"],"summary":"Send a file","responses":{"202":{"description":"A receipt"}}},"delete":{"tags":["figures"],"summary":"Remove","responses":{"204":{"description":"Gone"}}}}},
"components":{"schemas":{"Figure":{"type":"object","properties":{"value":{"type":["string","null"]}}}},"securitySchemes":{"token":{"type":"http","scheme":"bearer"}}}}`

func TestReference(t *testing.T) {
	server := serve(t, reference, map[string]string{"/openapi.json": document})
	p := browsertest.New(t)
	p.Open(server)
	p.WaitFor("Figures of the city or of units")
	for _, operation := range []string{"Figures of the city or of units", "Send a file", "Remove"} {
		p.Click(operation)
	}
	p.WaitFor("several by commas")
	p.Click("Authorize")
	p.WaitFor("Available authorizations")
	p.Click("css=.close-modal")
	p.WaitGone("Available authorizations")
	p.Axe()
	p.Screenshot("reference")
}

func TestServe(t *testing.T) {
	server := serve(t, "", nil)
	get := func(path string, header ...string) *http.Response {
		request, err := http.NewRequest(http.MethodGet, server+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(header); i += 2 {
			request.Header.Set(header[i], header[i+1])
		}
		response, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { response.Body.Close() })
		return response
	}
	whole := get(built.Path("charts.js"))
	if got := whole.Header.Get("Cache-Control"); whole.StatusCode != http.StatusOK || !strings.Contains(got, "immutable") {
		t.Errorf("charts.js: %d, Cache-Control %q", whole.StatusCode, got)
	}
	if got := get(built.Prefix+"charts.js", "If-None-Match", whole.Header.Get("ETag")); got.StatusCode != http.StatusNotModified {
		t.Errorf("charts.js again: %d", got.StatusCode)
	}
	if got := get(built.Path("charts.js"), "Accept-Encoding", "identity"); got.Header.Get("Content-Encoding") != "" {
		t.Errorf("charts.js: packed although nobody asked for it")
	}
	if got := get(built.Prefix + "README.md"); got.StatusCode != http.StatusNotFound {
		t.Errorf("README.md: %d", got.StatusCode)
	}
}
