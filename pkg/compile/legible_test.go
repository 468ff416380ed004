package compile_test

import (
	"strings"
	"testing"

	"huizong/pkg/compile"
	"huizong/pkg/compile/compiletest"
	"huizong/pkg/reporting"
)

// No text that people have sent turns the words around it, wherever it stands; signs that are joined stay whole.
func TestLegible(t *testing.T) {
	const odd = "\u202e倒写\u202c、\u2066隔\u2069、\u200f右、软\u00ad连、零\u200b宽\ufeff、👨\u200d👩"
	in := compiletest.Input(t)
	in.Narratives = []reporting.Narrative{{Section: "就业", Title: odd, Body: odd}}
	in.Parameters["issuer"], in.Parameters["signer"] = odd, odd
	in.Warnings[0].Subject, in.Traces[0].Parts[0].Cells[0].FileName = odd, odd
	d := document(t, in)
	var text strings.Builder
	for _, d := range []*compile.Document{d, d.Companion} {
		text.WriteString(d.Issuer + d.Signer)
		blocks(&text, d.Body)
		for _, a := range d.Annexes {
			blocks(&text, a.Blocks)
		}
	}
	if n := strings.Count(text.String(), "倒写、隔、右、软连、零宽、👨\u200d👩"); n < 6 {
		t.Errorf("the text is there %d times", n)
	}
	if at := strings.IndexAny(text.String(), "\u202e\u202c\u2066\u2069\u200f\u00ad\u200b\ufeff"); at >= 0 {
		t.Errorf("%q", text.String()[at:at+20])
	}
}
