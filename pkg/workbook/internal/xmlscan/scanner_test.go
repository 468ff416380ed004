package xmlscan

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"huizong/pkg/reporting"
)

// walk prints what the scanner finds: <a x=1> for a start, </a> for an end, and the text.
func walk(src io.Reader) (string, error) {
	s := New(src, "part", "urn:main")
	var b strings.Builder
	for {
		kind, err := s.Next()
		if err != nil {
			return b.String(), err
		}
		switch kind {
		case EOF:
			return b.String(), nil
		case Start:
			fmt.Fprintf(&b, "<%s", s.Name())
			for _, a := range s.Attrs() {
				v, err := s.Value(a)
				if err != nil {
					return b.String(), err
				}
				fmt.Fprintf(&b, " %s=%s", a.Name, v)
			}
			b.WriteString(">")
		case End:
			fmt.Fprintf(&b, "</%s>", s.Name())
		case Text:
			text, err := s.Text()
			if err != nil {
				return b.String(), err
			}
			b.Write(text)
		}
	}
}

func TestNext(t *testing.T) {
	for in, want := range map[string]string{
		`<a/>`:                                          `<a></a>`,
		`<a><b x="1" y='2' /></a >`:                     `<a><b x=1 y=2></b></a>`,
		"\xEF\xBB\xBF<?xml version='1.0'?><a/>":         `<a></a>`,
		`<a>1 &lt; 2 &#20013;</a>`:                      `<a>1 < 2 中</a>`,
		`<a x="&quot;&amp;"/>`:                          `<a x="&></a>`,
		"<a>x\r\ny\rz</a>":                              "<a>x\ny\nz</a>",
		`<a><!-- <b> --><![CDATA[<&]]></a>`:             `<a><&</a>`,
		`<a><?pi <b> ?>x</a>`:                           `<a>x</a>`,
		"\xFF\xFE<\x00a\x00>\x00-N<\x00/\x00a\x00>\x00": `<a>中</a>`,
		" \n<a>\n</a>\n<!-- end -->":                    "<a>\n</a>",
	} {
		for name, src := range map[string]io.Reader{"whole": strings.NewReader(in), "byte by byte": iotest.OneByteReader(strings.NewReader(in))} {
			got, err := walk(src)
			if err != nil || got != want {
				t.Errorf("%q, %s: got %q, %v; want %q", in, name, got, err, want)
			}
		}
	}
}

func TestNextRefuses(t *testing.T) {
	for in, cause := range map[string]string{
		``:                                   "no root",
		`<a>`:                                "cut short",
		`<a`:                                 "cut short",
		`<a x="1`:                            "cut short",
		`<a></b>`:                            "closed by another",
		`<a></ab>`:                           "closed by another",
		`</a>`:                               "without a start",
		`<a/><b/>`:                           "second root",
		`x<a/>`:                              "outside",
		`<a x="1" x="2"/>`:                   "twice",
		`<a x="1"y="2"/>`:                    "run together",
		`<a x=1/>`:                           "not quoted",
		`<a x/>`:                             "no value",
		`<a x="<"/>`:                         "inside an attribute",
		`<a x="&y;"/>`:                       "entity",
		`<a>&y;</a>`:                         "entity",
		`<a>&#0;</a>`:                        "entity",
		`<a>&#xD800;</a>`:                    "entity",
		`<a>& </a>`:                          "entity",
		`<a>]]></a>`:                         "]]>",
		`<a><!-- -- --></a>`:                 "comment",
		`<a><!-- x</a>`:                      "missing",
		`<!DOCTYPE a><a/>`:                   "DOCTYPE",
		`<a><!ELEMENT b></a>`:                "unknown markup",
		`<1a/>`:                              "without a name",
		`<a$/>`:                              "in a name",
		"<a>\x00</a>":                        "control",
		"<a>\xFF</a>":                        "UTF-8",
		"<a>\xE4\xB8</a>":                    "UTF-8",
		"<a>\uFFFE</a>":                      "character",
		`<a><?xml version="1"?></a>`:         "inside the document",
		`<?xml encoding="gb2312"?><a/>`:      "encoding",
		strings.Repeat("<a>", maxDepth+1):    "too deeply",
		`<a ` + manyAttrs(maxAttrs+1) + `/>`: "too many",
	} {
		for name, src := range map[string]io.Reader{"whole": strings.NewReader(in), "byte by byte": iotest.OneByteReader(strings.NewReader(in))} {
			_, err := walk(src)
			var e *reporting.FileError
			if !errors.As(err, &e) || !strings.Contains(err.Error(), cause) || e.Part != "part" {
				t.Errorf("%.40q, %s: got %v, want %q", in, name, err, cause)
			}
		}
	}
}

func manyAttrs(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, ` a%d=""`, i)
	}
	return b.String()
}

// TestLongText comes in pieces, in memory that does not grow, and without tearing an entity.
func TestLongText(t *testing.T) {
	want := strings.Repeat("一二三<\n", 200_000)
	in := "<a>" + strings.ReplaceAll(strings.ReplaceAll(want, "<", "&lt;"), "\n", "\r\n") + "</a>"
	got, err := walk(strings.NewReader(in))
	if err != nil || got != "<a>"+want+"</a>" {
		t.Errorf("%d bytes, %v; want %d", len(got), err, len(want)+7)
	}
}

func TestLocal(t *testing.T) {
	for in, want := range map[string]string{
		`<a xmlns="urn:main"><b/><x:c xmlns:x="urn:x"/></a>`:         "a b -",
		`<m:a xmlns:m="urn:main"><m:b/><c/></m:a>`:                   "a b -",
		`<a xmlns="urn:main"><b xmlns="urn:x"><c/></b><d/></a>`:      "a - - d",
		`<a xmlns="urn:x"><b/></a>`:                                  "- -",
		`<x:a xmlns="urn:main" xmlns:x="urn:x"><b/></x:a>`:           "- b",
		`<m:a xmlns:m="urn:main"><m:b xmlns:m="urn:x"/><m:c/></m:a>`: "a - c",
		`<a><b/></a>`: "a b",
	} {
		s := New(strings.NewReader(in), "part", "urn:main")
		var got []string
		for {
			kind, err := s.Next()
			if err != nil {
				t.Fatal(err)
			}
			if kind == EOF {
				break
			}
			if kind == Start {
				name := string(s.Local())
				if name == "" {
					name = "-"
				}
				got = append(got, name)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", in, got, want)
		}
	}
}
