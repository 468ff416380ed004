package markup_test

import (
	"encoding/xml"
	"testing"

	"huizong/pkg/compile/internal/markup"
)

// TestEscape: whatever people sent, an element or an attribute holds it, and gives it back but for what XML cannot hold.
func TestEscape(t *testing.T) {
	for text, want := range map[string]string{
		"就业 12":                       "就业 12",
		`<script>alert("1")</script>`: `<script>alert("1")</script>`,
		`a & b, 'c'`:                  `a & b, 'c'`,
		"]]>":                         "]]>",
		"line\nbreak\tand tab\r":      "line\nbreak\tand tab\r",
		"\x00\x1b[31m":                "\uFFFD\uFFFD[31m",
		"\xff\xfe":                    "\uFFFD\uFFFD",
		"\uFFFE":                      "\uFFFD",
		"𠀋":                           "𠀋",
		"":                            "",
	} {
		var read struct {
			A    string `xml:"a,attr"`
			Text string `xml:",chardata"`
		}
		escaped := markup.Escape(text)
		if err := xml.Unmarshal([]byte(`<t a="`+escaped+`">`+escaped+`</t>`), &read); err != nil || read.A != want || read.Text != want {
			t.Errorf("%q is %q: %q in the attribute, %q in the element, %v", text, escaped, read.A, read.Text, err)
		}
	}
}
