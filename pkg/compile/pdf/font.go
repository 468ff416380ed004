package pdf

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode"

	"huizong/pkg/compile/pdf/truetype"
	"huizong/pkg/reporting"
)

// Fonts are the fonts that a report is set in. Those of official documents are licensed and cannot be bundled; free ones of the same
// kinds take their places: a serif for 仿宋 and 小标宋, a sans for 黑体.
type Fonts struct {
	serif, sans *truetype.Font
	sum         string
}

// Sum is the hash of the font files: with others a report does not come out with the same bytes.
func (f *Fonts) Sum() string { return f.sum }

// The font files, as make fonts installs them below deploy/fonts.
const (
	serifFile = "node_modules/@expo-google-fonts/noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf"
	sansFile  = "node_modules/@expo-google-fonts/noto-sans-sc/500Medium/NotoSansSC_500Medium.ttf"
)

// LoadFonts reads the fonts of a folder: deploy/fonts of a checkout, or one that holds the two files themselves. Where they are not
// installed it is an error of code unavailable. A program loads them once.
func LoadFonts(folder fs.FS) (*Fonts, error) {
	h := sha256.New()
	serif, err := loadFont(folder, serifFile, h)
	if err != nil {
		return nil, err
	}
	sans, err := loadFont(folder, sansFile, h)
	if err != nil {
		return nil, err
	}
	return &Fonts{serif, sans, hex.EncodeToString(h.Sum(nil))}, nil
}

func loadFont(folder fs.FS, file string, sum io.Writer) (*truetype.Font, error) {
	data, err := fs.ReadFile(folder, file)
	if errors.Is(err, fs.ErrNotExist) {
		data, err = fs.ReadFile(folder, path.Base(file))
	}
	if err != nil {
		return nil, reporting.Errorf(reporting.Unavailable, "no font for PDF (run `make fonts`): %w", err)
	}
	sum.Write(data) // a hash never fails
	font, err := truetype.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return font, nil
}

// face is a font in one document, with the glyphs that were used of it.
type face struct {
	name   string // of the resource: F1
	title  string
	font   *truetype.Font
	number map[rune]int // character → number in the subset
	glyphs []uint16
	runes  []rune // by number
	other  *face  // has perhaps what this one lacks
	lacks  *lacks // of the document
}

func newFace(name, title string, font *truetype.Font) *face {
	return &face{name: name, title: title, font: font, number: map[rune]int{}, glyphs: []uint16{0}, runes: []rune{0xFFFD}}
}

// stand is printed where the font has no glyph: the printers' mark for a sort that is not in the case.
const stand = '〓'

func (f *face) has(r rune) bool { return !unicode.IsControl(r) && f.font.Glyph(r) != 0 }

// of is the face that prints a character: this one, or the other where only that has it. What neither has is noted.
func (f *face) of(r rune) *face {
	switch {
	case f.has(r):
	case f.other.has(r):
		return f.other
	default:
		f.lacks.note(r)
	}
	return f
}

// take returns the number of a character's glyph in the subset.
func (f *face) take(r rune) int {
	if n, ok := f.number[r]; ok {
		return n
	}
	glyph, shown := f.font.Glyph(r), r
	if !f.has(r) {
		glyph, shown = f.font.Glyph(stand), stand
	}
	n := len(f.glyphs)
	f.number[r], f.glyphs, f.runes = n, append(f.glyphs, glyph), append(f.runes, shown)
	return n
}

func (f *face) width(r rune, size float64) float64 {
	return float64(f.font.Width(f.glyphs[f.take(r)])) / 1000 * size
}

// embed writes the subset and returns the object of the font.
func (f *face) embed(o *objects) (reference, error) {
	subset, err := f.font.Subset(f.glyphs)
	if err != nil {
		return 0, err
	}
	name := "/" + subsetTag(subset) + "+" + f.title
	file := o.stream(fmt.Sprintf("/Length1 %d", len(subset)), subset)
	descriptor := o.add("<</Type/FontDescriptor/FontName%s/Flags 4/FontBBox[%d %d %d %d]/ItalicAngle 0/Ascent %d/Descent %d/CapHeight 700/StemV 80/FontFile2 %s>>",
		name, f.font.Box[0], f.font.Box[1], f.font.Box[2], f.font.Box[3], f.font.Ascent, f.font.Descent, file)
	descendant := o.add("<</Type/Font/Subtype/CIDFontType2/BaseFont%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor %s/DW 1000/W[0[%s]]/CIDToGIDMap/Identity>>",
		name, descriptor, f.widths())
	unicode := o.stream("", []byte(f.unicodeMap()))
	return o.add("<</Type/Font/Subtype/Type0/BaseFont%s/Encoding/Identity-H/DescendantFonts[%s]/ToUnicode %s>>", name, descendant, unicode), nil
}

func (f *face) widths() string {
	var b strings.Builder
	for _, g := range f.glyphs {
		fmt.Fprintf(&b, "%d ", f.font.Width(g))
	}
	return b.String()
}

// unicodeMap lets readers copy and search the text.
func (f *face) unicodeMap() string {
	var b strings.Builder
	b.WriteString("/CIDInit/ProcSet findresource begin 12 dict begin begincmap/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def/CMapName/Adobe-Identity-UCS def/CMapType 2 def 1 begincodespacerange<0000><FFFF>endcodespacerange\n")
	for first := 0; first < len(f.runes); first += 100 {
		part := f.runes[first:min(first+100, len(f.runes))]
		fmt.Fprintf(&b, "%d beginbfchar\n", len(part))
		for i, r := range part {
			fmt.Fprintf(&b, "<%04X><%s>\n", first+i, utf16Hex(string(r)))
		}
		b.WriteString("endbfchar\n")
	}
	return b.String() + "endcmap CMapName currentdict/CMap defineresource pop end end"
}

// subsetTag is six capitals, as the format wants; they depend on the subset alone.
func subsetTag(subset []byte) string {
	tag := slices.Clone(digest(subset)[:6])
	for i := range tag {
		tag[i] = 'A' + tag[i]%26
	}
	return string(tag)
}
