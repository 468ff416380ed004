package compile_test

import (
	"bytes"
	"fmt"
	"io"
	"math/big"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"huizong/pkg/compile"
	"huizong/pkg/compile/compiletest"
	"huizong/pkg/compile/docx"
	"huizong/pkg/compile/html"
	"huizong/pkg/compile/pdf"
	"huizong/pkg/compile/xlsx"
	"huizong/pkg/reporting"
)

// Ten odd inputs come out in every format, twice the same, with every number that of its figure and no sentence that is none.
func TestOddInputs(t *testing.T) {
	fonts, err := pdf.LoadFonts(os.DirFS("../../deploy/fonts"))
	if err != nil {
		t.Fatal(err)
	}
	writers := map[string]func(io.Writer, *compile.Document) error{"docx": docx.Write, "html": html.Write, "xlsx": xlsx.Write,
		"pdf": func(w io.Writer, d *compile.Document) error { return pdf.Write(w, d, fonts) }}
	said := func(body string) func(*compile.Input) {
		return func(in *compile.Input) {
			in.Narratives = []reporting.Narrative{{Section: "就业", Title: "做法", Body: body}, {Section: "存在问题", Title: body, Body: body}}
		}
	}
	every := func(change func(*reporting.Figure)) func(*compile.Input) {
		return func(in *compile.Input) {
			figures := compiletest.Figures(t)
			for i := range figures {
				change(&figures[i])
				compiletest.Derive(&figures[i])
			}
			in.Figures = compile.LookupIn(figures)
		}
	}
	var claims strings.Builder
	for i := range 9999 {
		fmt.Fprintf(&claims, "培训%d人，", i)
	}
	ill := regexp.MustCompile(`-\d|%!|。。|，。|，，|；。|<nil>|【】|（）|下降100\.00%`)
	for name, change := range map[string]func(*compile.Input){
		"9999 claims": said(claims.String() + "完。"),
		"Emoji":       said("就业😀工作👨‍👩‍👧推进。"),
		"Rare":        said("𠮷𡈽镇、㐂村招工。"),
		"Bidi":        said("\u202e倒写\u202c与\u2066隔离\u2069。"),
		"Braces":      said("{employment.urban_new_jobs}[，{@issuer}]\\【】"),
		"Very long":   said(strings.Repeat("很长的一段话没有标点", 5000)),
		"Empty city":  func(in *compile.Input) { in.Figures, in.Narratives, in.Warnings = compile.LookupIn(nil), nil, nil },
		"One of twenty": every(func(f *reporting.Figure) {
			if f.Expected == 20 {
				f.Reported = 1
			}
		}),
		"Zero targets": every(func(f *reporting.Figure) {
			f.Targets = nil
			if f.Target != nil {
				f.Target, f.Completion = new(big.Rat), nil
			}
		}),
		"Deficits": every(func(f *reporting.Figure) {
			if strings.HasSuffix(f.Indicator, ".balance") {
				f.Value = new(big.Rat).Neg(f.Value)
			}
		}),
		"Nothing this year": every(func(f *reporting.Figure) {
			if f.Denominator == nil {
				f.Value, f.YearOnYear = new(big.Rat), nil
			}
		}),
		"Two years apart": func(in *compile.Input) { in.Period = compiletest.MustPeriod("2018-07..2020-06") },
	} {
		t.Run(name, func(t *testing.T) {
			in := compiletest.Input(t)
			change(&in)
			d := document(t, in)
			in.Narratives = nil // what people send may read as it likes
			if found := ill.FindAllString(bodyText(document(t, in)), -1); found != nil {
				t.Errorf("the text has %q in\n%s", found, bodyText(document(t, in)))
			}
			for _, b := range slices.Concat(d.Bindings, d.Companion.Bindings) {
				if _, known := in.Figures(b.Figure.Indicator, b.Figure.Unit, b.Figure.Period); known {
					compiletest.CheckNumber(t, in, compiletest.NumberOf(b), b.Printed())
				}
			}
			for format, write := range writers {
				for _, of := range []*compile.Document{d, d.Companion} {
					var a, b bytes.Buffer
					if err := write(&a, of); err != nil {
						t.Errorf("%s: %v", format, err)
					}
					if err := write(&b, of); err != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
						t.Errorf("%s differs from itself (%v)", format, err)
					}
				}
			}
		})
	}
}

// bodyText is the text of a report without its tables.
func bodyText(d *compile.Document) string {
	var b strings.Builder
	blocks(&b, slices.DeleteFunc(slices.Clone(d.Body), func(block compile.Block) bool { _, table := block.(compile.Table); return table }))
	return b.String()
}
