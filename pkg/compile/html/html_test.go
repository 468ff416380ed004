package html_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"huizong/pkg/compile"
	"huizong/pkg/compile/compiletest"
	"huizong/pkg/compile/html"
	"huizong/pkg/reporting"
)

// write writes a report and its companion, one after the other.
func write(t *testing.T, in compile.Input) string {
	t.Helper()
	report, companion := pair(t, in)
	return report + companion
}

func pair(t *testing.T, in compile.Input) (report, companion string) {
	t.Helper()
	d, err := compile.Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	var a, b bytes.Buffer
	if err := errors.Join(html.Write(&a, d), html.Write(&b, d.Companion)); err != nil {
		t.Fatal(err)
	}
	return a.String(), b.String()
}

func TestWriteTwice(t *testing.T) {
	first, second := write(t, compiletest.Input(t)), write(t, compiletest.Input(t))
	if first != second {
		t.Error("the same input gave different bytes")
	}
}

var (
	numberTag = regexp.MustCompile(`<(?:a|span|tspan)( href="#[^"]*")?(?: id="at-F\d+")? class="number"((?: data-[a-z]+="[^"]*")+)[^>]*>([^<]*)<`)
	dataAttr  = regexp.MustCompile(`data-([a-z]+)="([^"]*)"`)
)

// Every number of the page, read back from the page alone, is that of its figure, and leads to where its origin is listed: in the
// companion by a link, from the report that is sent by its id.
func TestNumbersAreFigures(t *testing.T) {
	in := compiletest.Input(t)
	report, companion := pair(t, in)
	page := report + companion
	found := numberTag.FindAllStringSubmatch(page, -1)
	if len(found) < 1000 {
		t.Errorf("%d numbers, want at least 1000", len(found))
	}
	for _, m := range found {
		data := map[string]string{}
		for _, a := range dataAttr.FindAllStringSubmatch(m[2], -1) {
			data[a[1]] = a[2]
		}
		places, err := strconv.Atoi(data["places"])
		if err != nil {
			t.Fatal(err)
		}
		compiletest.CheckNumber(t, in, compiletest.Number{
			ID: data["id"], Indicator: data["indicator"], Unit: data["unit"], Period: data["period"], Aspect: data["aspect"], Measure: data["measure"], Places: places,
		}, m[3])
		target, ok := strings.CutPrefix(m[1], ` href="#`)
		if !ok && !strings.Contains(companion, m[0]) { // of the report that is sent
			target = data["id"] + `"`
		}
		if data["period"] == in.Period.String() && data["unit"] == compiletest.City && !strings.Contains(companion, `id="`+target) {
			t.Errorf("%s has no entry in the list of origins: %q", data["id"], m[1])
		}
	}
}

// In the companion the id behind a number leads to the entry of its origin, and the entry back to the number; what is sent shows no ids.
func TestNumbersLeadToTheirCells(t *testing.T) {
	sent, kept := pair(t, compiletest.Input(t))
	if regexp.MustCompile(`>[^<]*F\d{3}[^<]*<`).MatchString(sent) {
		t.Error("the report that is sent shows ids")
	}
	for _, want := range []string{`id="at-F001"`, `<a class="reference" href="#F001">〔F001〕</a>`, `<a class="entry" id="F001" href="#at-F001">F001</a>`} {
		if !strings.Contains(kept, want) {
			t.Errorf("the companion has no %s", want)
		}
	}
	for _, m := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(sent+kept, -1) {
		if !strings.Contains(sent+kept, `id="`+m[1]+`"`) {
			t.Errorf("a link leads to %s, which is nowhere", m[1])
		}
	}
}

// The page asks for nothing from outside, runs nothing, and has no style but its own sheet.
func TestSelfContained(t *testing.T) {
	page := write(t, compiletest.Input(t))
	if strings.Contains(regexp.MustCompile(`(?s)<style>.*</style>`).ReplaceAllString(page, ""), "style=") {
		t.Error("an element has a style of its own, which the policy forbids")
	}
	if m := regexp.MustCompile(`(?i)https?:|<script|src=|url\(|@import|<link| on[a-z]+="`).FindString(page); m != "" {
		t.Errorf("the page has %q", m)
	}
	if !strings.Contains(page, `content="default-src &#39;none&#39;; style-src &#39;sha256-`) {
		t.Error("the page has no policy")
	}
}

func TestHostileText(t *testing.T) {
	const hostile = "a<b>&\"c'\x00\x0b]]><script>alert(1)</script>\xff😀结束"
	in := compiletest.Input(t)
	in.Narratives = []reporting.Narrative{{Section: "就业", Title: hostile, Body: hostile}}
	in.Parameters["issuer"], in.Traces[0].Parts[0].Cells[0].FileName = hostile, hostile
	page := write(t, in)
	if strings.Contains(page, "<script") || strings.Count(page, "a&lt;b&gt;&amp;&#34;c&#39;\ufffd\ufffd]]&gt;&lt;script&gt;") < 4 {
		t.Error("the text is not kept as text")
	}
	decoder := xml.NewDecoder(strings.NewReader(page))
	decoder.Strict, decoder.AutoClose, decoder.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	for {
		if _, err := decoder.Token(); err != nil {
			if err.Error() != "EOF" {
				t.Error(err)
			}
			return
		}
	}
}

func TestMarks(t *testing.T) {
	in := compiletest.Input(t)
	in.Figures = compile.LookupIn(compiletest.FirstForms(t, compiletest.Figures(t)))
	page := write(t, in)
	for _, want := range []string{`<span class="absent">【未报：走访企业数】</span>`, `<span class="partial">（20个单位已报齐19个）</span>`, `<section class="note">`,
		`role="img" aria-label="条形图“`, `<table class="dense" aria-label="表格`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %s", want)
		}
	}
}
