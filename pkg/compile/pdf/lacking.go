package pdf

import (
	"fmt"
	"strings"
	"unicode"

	"huizong/pkg/compile"
)

// lack is a character that no font has, and the heading under which it stands first.
type lack struct {
	char  rune
	place string
}

// lacks are the characters of a document that no font has, each once.
type lacks struct {
	list  []lack
	place string // where the setter is
	known map[rune]bool
}

func (l *lacks) note(r rune) {
	if !l.known[r] {
		l.known[r] = true
		l.list = append(l.list, lack{r, l.place})
	}
}

// naming is the document with a notice of what its fonts lack. A companion has one: it repeats the text that is sent.
func naming(d *compile.Document, list []lack) *compile.Document {
	const most = 200
	names := make([]string, 0, len(list))
	for _, l := range list[:min(most, len(list))] {
		place := ""
		if l.place != "" {
			place = "，见“" + l.place + "”"
		}
		names = append(names, fmt.Sprintf("%c（U+%04X%s）", l.char, l.char, place))
	}
	text := fmt.Sprintf("本文件的字体缺%d字，以〓代替，请核对后手工补写：", len(list)) + strings.Join(names, "、")
	if len(list) > most {
		text += "等"
	}
	named := *d
	named.Note = append(named.Note[:len(named.Note):len(named.Note)], compile.Paragraph{Lead: "字体缺字：", Runs: []compile.Run{{Text: text + "。"}}})
	return &named
}

// unseen reports whether a character has no shape of its own: it joins or varies its neighbours.
func unseen(r rune) bool {
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r)
}
