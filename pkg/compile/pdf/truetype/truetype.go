// Package truetype reads TrueType fonts as far as embedding them in a PDF needs: glyphs by character, widths, and a subset that holds
// only the glyphs that a text uses. It does no hinting, no kerning and no substitution, and knows no OpenType outlines (CFF).
//
// A font of a fixed release is trusted input; a damaged one is an error and never a panic.
package truetype

import (
	"encoding/binary"
	"fmt"

	"huizong/pkg/reporting"
)

// Font is a parsed font. It is read-only and may be used by several writers at once.
type Font struct {
	Ascent, Descent int    // in thousandths of the size, Descent below zero
	Box             [4]int // around all glyphs, in thousandths
	glyphs          map[rune]uint16
	tables          map[string][]byte
	perEm           int
	metrics         int // glyphs with a width of their own; the others have the last one's
	count           int // of glyphs
	offsets         []uint32
}

// Parse reads a font file. It keeps data.
func Parse(data []byte) (f *Font, err error) {
	defer func() {
		if r := recover(); r != nil { // an offset beyond the file
			f, err = nil, reporting.Errorf(reporting.Invalid, "font: damaged: %v", r)
		}
	}()
	data = data[:len(data):len(data)] // what lies behind it is not the font's
	f = &Font{tables: map[string][]byte{}, glyphs: map[rune]uint16{}}
	if kind := be.Uint32(data); kind != 0x00010000 {
		return nil, reporting.Errorf(reporting.Invalid, "font: not TrueType (kind %08x)", kind)
	}
	for i := range int(be.Uint16(data[4:])) {
		record := data[12+16*i:]
		offset, length := be.Uint32(record[8:]), be.Uint32(record[12:])
		f.tables[string(record[:4])] = data[offset:][:length]
	}
	for _, name := range []string{"head", "hhea", "maxp", "hmtx", "cmap", "loca", "glyf"} {
		if f.tables[name] == nil {
			return nil, reporting.Errorf(reporting.Invalid, "font: no table %s", name)
		}
	}
	f.readMetrics()
	f.readOffsets()
	return f, f.readCharacters()
}

var be = binary.BigEndian

func signed(b []byte) int { return int(int16(be.Uint16(b))) }

func (f *Font) readMetrics() {
	head, hhea := f.tables["head"], f.tables["hhea"]
	f.perEm = int(be.Uint16(head[18:]))
	for i := range f.Box {
		f.Box[i] = f.scaled(signed(head[36+2*i:]))
	}
	f.Ascent, f.Descent = f.scaled(signed(hhea[4:])), f.scaled(signed(hhea[6:]))
	f.metrics, f.count = int(be.Uint16(hhea[34:])), int(be.Uint16(f.tables["maxp"][4:]))
}

func (f *Font) scaled(units int) int { return units * 1000 / f.perEm }

func (f *Font) readOffsets() {
	loca, long := f.tables["loca"], be.Uint16(f.tables["head"][50:]) == 1
	f.offsets = make([]uint32, f.count+1)
	for i := range f.offsets {
		if long {
			f.offsets[i] = be.Uint32(loca[4*i:])
		} else {
			f.offsets[i] = 2 * uint32(be.Uint16(loca[2*i:]))
		}
	}
}

// readCharacters reads the map of characters that reaches furthest: format 12, or else 4.
func (f *Font) readCharacters() error {
	cmap := f.tables["cmap"]
	var four, twelve []byte
	for i := range int(be.Uint16(cmap[2:])) {
		table := cmap[be.Uint32(cmap[8+8*i:]):]
		switch be.Uint16(table) {
		case 4:
			four = table
		case 12:
			twelve = table
		}
	}
	switch {
	case twelve != nil:
		f.readFormat12(twelve)
	case four != nil:
		f.readFormat4(four)
	default:
		return reporting.Errorf(reporting.Invalid, "font: no map of characters in format 4 or 12")
	}
	return nil
}

func (f *Font) readFormat12(table []byte) {
	for i := range int(be.Uint32(table[12:])) {
		group := table[16+12*i:]
		first, last, glyph := be.Uint32(group), be.Uint32(group[4:]), be.Uint32(group[8:])
		for c := first; c <= last && c <= 0x10FFFF; c++ {
			f.glyphs[rune(c)] = uint16(glyph + c - first)
		}
	}
}

func (f *Font) readFormat4(table []byte) {
	n := int(be.Uint16(table[6:])) // twice the number of segments
	ends, starts, deltas, ranges := table[14:], table[16+n:], table[16+2*n:], table[16+3*n:]
	for i := 0; i < n; i += 2 {
		first, last := int(be.Uint16(starts[i:])), int(be.Uint16(ends[i:]))
		delta, offset := be.Uint16(deltas[i:]), int(be.Uint16(ranges[i:]))
		for c := first; c <= last && c < 0xFFFF; c++ {
			glyph := uint16(c)
			if offset != 0 {
				glyph = be.Uint16(ranges[i+offset+2*(c-first):])
			}
			if offset == 0 || glyph != 0 {
				f.glyphs[rune(c)] = glyph + delta
			}
		}
	}
}

// Glyph returns the glyph of a character, and 0 where the font has none.
func (f *Font) Glyph(r rune) uint16 { return f.glyphs[r] }

// Width is how far a glyph moves the pen, in thousandths of the size.
func (f *Font) Width(glyph uint16) int {
	at := min(int(glyph), f.metrics-1)
	return f.scaled(int(be.Uint16(f.tables["hmtx"][4*at:])))
}

func (f *Font) outline(glyph uint16) ([]byte, error) {
	if int(glyph) >= f.count {
		return nil, fmt.Errorf("no glyph %d", glyph)
	}
	from, to := f.offsets[glyph], f.offsets[glyph+1]
	if from > to || int(to) > len(f.tables["glyf"]) {
		return nil, fmt.Errorf("glyph %d lies outside of the font", glyph)
	}
	return f.tables["glyf"][from:to], nil
}
