package pdf

import (
	"strings"
	"unicode"

	"huizong/pkg/compile"
)

// glyph is one character as it is set.
type glyph struct {
	char    rune
	face    *face
	size    float64
	width   float64 // with spacing
	spacing float64
	run     *compile.Run // that it belongs to
}

// setRuns turns runs into glyphs. Body text is squeezed to 28 characters a line.
func setRuns(runs []compile.Run, f *face, size float64) []glyph {
	var glyphs []glyph
	spacing := 0.0
	if size == size3 {
		spacing = charPitch - size3
	}
	for i := range runs {
		for _, r := range runs[i].Text {
			if unseen(r) {
				continue
			}
			of := f.of(r)
			glyphs = append(glyphs, glyph{char: r, face: of, size: size, width: of.width(r, size) + spacing, spacing: spacing, run: &runs[i]})
		}
	}
	return glyphs
}

// lacking reports whether a mark stands for the character.
func (g glyph) lacking() bool { return !g.face.has(g.char) }

// charsOf is what the glyphs stand for; what no text can hold is U+FFFD.
func charsOf(glyphs []glyph) string {
	var b strings.Builder
	for _, g := range glyphs {
		if unicode.IsControl(g.char) {
			g.char = unicode.ReplacementChar
		}
		b.WriteRune(g.char)
	}
	return b.String()
}

func setText(text string, f *face, size float64) []glyph {
	return setRuns([]compile.Run{{Text: text}}, f, size)
}

func advance(glyphs []glyph) float64 {
	width := 0.0
	for _, g := range glyphs {
		width += g.width
	}
	return width
}

// Characters that do not begin a line, and those that do not end one.
const (
	noStart = "，。、；：？！）】》〉」』〕”’…％%,.;:?!)]}*"
	noEnd   = "（【《〈「『〔“‘([{"
)

// mayBreak reports whether a line may end between two characters. Words and numbers hold together; a code may part behind its points.
func mayBreak(a, b rune) bool {
	switch {
	case strings.ContainsRune(noStart, b) || strings.ContainsRune(noEnd, a):
		return false
	case inWord(a) && inWord(b):
		return (a == '_' || a == '.' || a == '/') && unicode.IsLetter(b)
	}
	return true
}

func inWord(r rune) bool {
	return r < 0x2E80 && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._-/+", r))
}

// breakLines parts glyphs into lines; the first is narrower by the indent. A word that is wider than a line parts anywhere.
func breakLines(glyphs []glyph, indent, width float64) [][]glyph {
	var lines [][]glyph
	room := width - indent
	for len(glyphs) > 0 {
		n := fitting(glyphs, room)
		lines = append(lines, trimSpace(glyphs[:n]))
		glyphs, room = glyphs[n:], width
	}
	return lines
}

// fitting is how many glyphs the next line holds.
func fitting(glyphs []glyph, room float64) int {
	const slack = 0.01 // of a point: 28 characters are a line however they round
	n, used := 0, 0.0
	for n < len(glyphs) && used+glyphs[n].width <= room+slack {
		used += glyphs[n].width
		n++
	}
	if n == len(glyphs) {
		return n
	}
	for end := n; end > 0; end-- {
		if mayBreak(glyphs[end-1].char, glyphs[end].char) {
			return end
		}
	}
	return max(n, 1)
}

func trimSpace(line []glyph) []glyph {
	for len(line) > 0 && line[len(line)-1].char == ' ' {
		line = line[:len(line)-1]
	}
	return line
}

// stretch is what each glyph of a full line gets so that the line ends at the margin; the last glyph needs none.
func stretch(line []glyph, room float64) float64 {
	if len(line) < 2 {
		return 0
	}
	return max(0, room-advance(line)) / float64(len(line)-1)
}
