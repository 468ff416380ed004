package compile

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"huizong/pkg/reporting"
)

// legible takes out of a text what is not seen and turns it around or hides a part of it: marks of writing direction, soft hyphens, spaces
// without width. Joiners stay, for they make one sign of several.
func legible(text string) string {
	return strings.Map(func(r rune) rune {
		const joiner, nonJoiner = 0x200D, 0x200C
		if unicode.Is(unicode.Cf, r) && r != joiner && r != nonJoiner && !tag(r) {
			return -1
		}
		return r
	}, text)
}

// tag reports whether a character belongs to a flag that is one sign.
func tag(r rune) bool { return r >= 0xE0020 && r <= 0xE007F }

// legible is the input with all that people have written made legible. What a report says of it is the same in every format.
func (in Input) legible() Input {
	in.Parameters = maps.Clone(in.Parameters)
	for name, text := range in.Parameters {
		in.Parameters[name] = legible(text)
	}
	in.Narratives = slices.Clone(in.Narratives)
	for i := range in.Narratives {
		n := &in.Narratives[i]
		n.Title, n.Body = legible(n.Title), legible(n.Body)
	}
	in.Warnings = slices.Clone(in.Warnings)
	for i := range in.Warnings {
		w := &in.Warnings[i]
		w.Subject, w.Text, w.Basis = legible(w.Subject), legible(w.Text), legible(w.Basis)
	}
	return in
}

// legibleOrigin is a cell as it is printed.
func legibleOrigin(o reporting.Origin) reporting.Origin {
	o.FileName, o.Sheet, o.Written = legible(o.FileName), legible(o.Sheet), legible(o.Written)
	return o
}
