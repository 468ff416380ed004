// Package manifest lists a document's bindings as XML, for formats that carry the list in the file: what each id in it stands for.
package manifest

import (
	"fmt"
	"strings"
	"time"

	"huizong/pkg/compile"
	"huizong/pkg/compile/internal/markup"
)

// Space is the namespace of the list.
const Space = "urn:huizong:bindings:1"

// XML is the list, without a header. Each number stands with its exact value as a fraction.
func XML(d *compile.Document) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<report xmlns="%s" template="%s" period="%s" cutoff="%s">`, Space, markup.Escape(d.Template), d.Period, d.Cutoff.UTC().Format(time.RFC3339))
	for _, f := range d.Bindings {
		fmt.Fprintf(&b, `<figure id="%s" indicator="%s" unit="%s" period="%s" aspect="%s" exact="%s" measure="%s" places="%d"/>`,
			f.ID, markup.Escape(f.Figure.Indicator), markup.Escape(f.Figure.Unit), f.Figure.Period, markup.Escape(string(f.Aspect)), f.Exact.RatString(),
			markup.Escape(f.Measure), f.Places)
	}
	return b.String() + `</report>`
}
